"""How many people live in the city and its neighbourhoods, by age: figures brought in with their source.

Other features ask `queries.population_of`.
"""

from flask import Flask


def register(app: Flask) -> None:
    """Bind the feature to the application."""
    from civic.imports.datasets import register_dataset
    from civic.population import importing, opendata, views

    app.register_blueprint(views.blueprint)
    register_dataset(app, importing.DATASET)
    opendata.register()

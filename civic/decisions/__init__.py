"""Decisions of the council as other features point at them: number, day, subject, and what they change.

Features add what a decision did to its page with `add_panel(app, "decision", provider)`.
"""

from flask import Flask


def register(app: Flask) -> None:
    """Bind the feature to the application."""
    from flask_babel import lazy_gettext as _l

    from civic import links
    from civic.content import sitemap
    from civic.decisions import importing, opendata, presenters, queries, views
    from civic.imports.datasets import register_dataset
    from civic.navigation import NavLink, add_link

    opendata.register()
    app.register_blueprint(views.blueprint)
    register_dataset(app, importing.DATASET)
    links.register_subject(presenters.KIND, presenters.resolve)
    add_link(app, "footer", NavLink(_l("Decisions"), "decisions.index", position=42))
    add_link(app, "track", NavLink(_l("Decisions"), "decisions.index", 40))
    sitemap.add_section(app, sitemap.Section("decisions", queries.count_all, presenters.sitemap_entries))

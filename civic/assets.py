"""Where the built front-end files are served from."""

from flask import Flask


def init_app(app: Flask) -> None:
    """Give templates `asset_url`."""
    app.jinja_env.globals["asset_url"] = lambda name: f"/static/{name}"

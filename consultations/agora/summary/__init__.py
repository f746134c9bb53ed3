"""The summary of a debate, each of whose sentences cites arguments, and the objections that stay with it."""

from flask import Flask


def register(app: Flask) -> None:
    """Bind the summaries of debates to the application."""
    from consultations.agora.summary import moderated, views

    moderated.register_kinds()
    app.register_blueprint(views.blueprint)

"""What moderators do in a debate without hiding anything: merge, move, split, fold, slow down, lock; all of it public."""

from flask import Flask


def register(app: Flask) -> None:
    """Bind the moderators' tools to the application."""
    from consultations.agora.tending import views

    app.register_blueprint(views.blueprint)

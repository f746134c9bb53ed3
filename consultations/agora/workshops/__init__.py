"""Workshops about a debate: what is said there is entered in it, as said there and by no account."""

from flask import Flask


def register(app: Flask) -> None:
    """Bind the workshops of debates to the application."""
    from flask_babel import lazy_gettext as _l

    from civic import timeline
    from civic.navigation import add_panel
    from consultations.agora.workshops import presenters, views

    timeline.register_events({"agora.workshop_tied": _l("A workshop about it on %(at)s was tied to it")})
    app.register_blueprint(views.blueprint)
    add_panel(app, "meeting", presenters.meeting_panel)

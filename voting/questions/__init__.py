"""Rounds that hold questions instead of projects: one secret advisory ballot of an area's residents.

Casting, the close, the files and the program that verifies them are those of every vote; here stand what is
asked, how it is answered on a page, and how its counts are told.
"""

from flask import Flask


def register(app: Flask) -> None:
    """Bind the feature to the application."""
    from flask_babel import lazy_gettext as _

    from civic import navigation, timeline
    from voting.questions import models, opendata, panels, staff_views, views  # noqa: F401

    opendata.register()
    app.register_blueprint(staff_views.blueprint)
    navigation.add_panel(app, "home.now", panels.home_now)
    timeline.register_events(
        {
            "question.added": _("A question was added: %(question)s"),
            "question.changed": _("A question was changed: %(question)s"),
            "question.removed": _("A question was removed: %(question)s"),
        }
    )

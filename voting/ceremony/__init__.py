"""The close of a city's vote by two people, stage by stage, on screen and on the command line.

Other features take part through three functions: `register_obstacle` (a reason why a close may not begin),
`register_stage_panel` (what two people present with a stage) and `register_stop` (what a step stops with).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from voting.ceremony.hooks import register_obstacle, register_stage_panel, register_stop

if TYPE_CHECKING:
    from flask import Flask

__all__ = ["register", "register_obstacle", "register_stage_panel", "register_stop"]


def register(app: Flask) -> None:
    """Bind the ceremony to the application."""
    from flask_babel import lazy_gettext as _

    from civic import staff, tasks
    from civic.jobs import Job, register_job
    from voting.ceremony import models, views, views_minutes, work  # noqa: F401

    app.register_blueprint(views.blueprint)
    app.register_blueprint(views_minutes.blueprint)
    register_job(app, Job("votes.close", work.close_due, seconds=30))
    tasks.register_handler(work.KIND, work.handle)
    staff.describe_task(work.KIND, _("A stage of the close"), views.task_link)

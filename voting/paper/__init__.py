"""Voting on paper: numbered sheets, marks at the desk, batches keyed twice, reconciled, sampled, counted with the others."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from flask import Flask


# What the package needs it imports inside: the process that sets the sheets loads none of it.
def register(app: Flask) -> None:
    """Bind voting on paper to the application."""
    from flask_babel import lazy_gettext as _

    from civic import navigation, staff, tasks
    from civic.jobs import Job, register_job
    from civic.policy import Action
    from voting.ceremony import register_obstacle
    from voting.paper import jobs, models, printing, queries, views, views_desk, views_keying  # noqa: F401

    app.register_blueprint(views.blueprint)
    app.register_blueprint(views.home_blueprint)
    app.register_blueprint(views.public_blueprint)
    app.register_blueprint(views_desk.blueprint)
    navigation.add_link(
        app,
        "staff",
        navigation.NavLink(
            _("Paper ballots"),
            "paper_home.home",
            46,
            Action.VIEW_PAPER,
            prefix=("paper_home.", "staff_paper."),
        ),
    )
    navigation.add_panel(app, "desk", views_desk.desk_panel)
    register_obstacle(app, queries.closing_obstacle)
    register_job(app, Job("paper.forget", jobs.forget_sheets, hour=3, minute=55))
    tasks.register_handler(printing.TASK, printing.print_run)
    staff.describe_task(printing.TASK, _("Ballot sheets to print"), views.sheets_link)

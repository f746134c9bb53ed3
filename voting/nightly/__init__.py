"""The nights of an open vote: signed checkpoints and their witnesses, the turnout so far, notices to voters."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from flask import Flask


# What is needed is imported inside: the close and the opening import parts of this package.
def register(app: Flask) -> None:
    """Bind the subject to the application."""
    from civic import navigation
    from civic.jobs import Job, register_job
    from voting.nightly import jobs, views, views_staff

    app.register_blueprint(views.blueprint)
    app.register_blueprint(views_staff.blueprint)
    navigation.add_panel(app, "round", views.round_panel)
    # Often, because a night has a few hours and a worker may be down for some of them; each night is done once.
    register_job(app, Job("votes.night", jobs.work_due, seconds=300))

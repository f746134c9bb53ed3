"""Who keeps the key of a ballot box: the server, or three holders of whom any two open it."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from flask import Flask


def register(app: Flask) -> None:
    """Bind the subject to the application."""
    from flask_babel import lazy_gettext as _

    from civic import navigation, security, timeline
    from civic.accounts import leaving
    from civic.jobs import Job, register_job
    from voting import ceremony
    from voting.custody import jobs, models, service, views, views_staff  # noqa: F401

    app.register_blueprint(views.blueprint)
    app.register_blueprint(views_staff.blueprint)
    security.add_gate(app, views.keep_uploads_small)
    navigation.add_panel(app, "account", views.account_panel)
    leaving.register_obstacle(app, service.leaving_obstacle)
    ceremony.register_stage_panel(app, "count", views_staff.stage_panel, lambda _given: None)
    register_job(app, Job("custody.remind", jobs.remind_holders, hour=9, minute=10))
    register_job(app, Job("custody.call", jobs.call_holders, seconds=60))
    register_job(app, Job("custody.destroy", jobs.destroy_due, seconds=600))
    timeline.register_events(
        {
            "custody.holders_chosen": _("The key of the ballot box will be kept by three holders"),
            "custody.server_chosen": _("The key of the ballot box will be kept by the server"),
            "custody.rehearsed": _(
                "The holders rehearsed opening the ballot box: every two of them succeeded"
            ),
            "custody.recovery_presented": _(
                "The recovery copy of the ballot box's key was taken out of the safe"
            ),
            "custody.key_destroyed": _("The key of the ballot box was destroyed: the appeals period is over"),
        }
    )

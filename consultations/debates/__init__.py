"""The public debate of a consultation: asked for, announced, held until everyone has spoken, with its minutes."""

from flask import Flask


def register(app: Flask) -> None:
    """Bind the feature to the application."""
    from flask_babel import lazy_gettext as _l

    from civic import timeline
    from civic.accounts import leaving
    from civic.deadlines import Deadline, register_deadlines
    from civic.navigation import add_panel
    from consultations import gates
    from consultations.contributions.leaving import KEEP_NAME
    from consultations.debates import labels, panels, rules, speaking, staff_views, views

    register_deadlines(
        Deadline(rules.ANNOUNCE, _l("Announcing a debate that an organisation asked for"), hour=18),
        Deadline(rules.NOTICE, _l("Announcing a debate, before its day")),
        Deadline(rules.MINUTES, _l("The minutes of a debate, after it"), hour=18),
    )
    timeline.register_events(labels.SENTENCES)
    app.register_blueprint(views.blueprint)
    app.register_blueprint(staff_views.blueprint)
    leaving.register_chosen(app, KEEP_NAME, speaking.forget_account)
    gates.register_gate(panels.gate)
    add_panel(app, "consultation", panels.consultation)
    add_panel(app, "staff.consultation", panels.staff_consultation)
    add_panel(app, "staff.home", panels.staff_home)

"""The register of contributions to a consultation, and the answer to each of them."""

from flask import Flask


def register(app: Flask) -> None:
    """Bind the register to the application."""
    from flask_babel import lazy_gettext as _l

    from civic import staff
    from civic.accounts import leaving as accounts
    from civic.navigation import NavLink, add_link, add_panel
    from civic.policy import Action
    from consultations import gates
    from consultations.contributions import (
        answering,
        asking,
        jobs,
        leaving,
        letter_views,
        moderated,
        opendata,
        panels,
        staff_views,
        views,
    )

    asking.register()
    opendata.register()
    app.register_blueprint(views.blueprint)
    app.register_blueprint(staff_views.blueprint)
    app.register_blueprint(letter_views.blueprint)
    jobs.bind(app)
    moderated.register_kinds()
    staff.describe_task(answering.TELL, _l("Writing to those whose contributions were answered"))
    accounts.register_choice(app, leaving.CHOICE)
    accounts.register_chosen(app, leaving.KEEP_NAME, leaving.forget_account)
    gates.register_gate(panels.gate)
    add_link(
        app,
        "staff",
        NavLink(_l("Letters to place"), "contribution_letters.index", 46, Action.REGISTER_CONTRIBUTIONS),
    )
    add_panel(app, "consultation", panels.consultation)
    add_panel(app, "staff.consultation", panels.staff_consultation)
    add_panel(app, "staff.home", panels.staff_home)
    add_panel(app, "account", panels.account)

"""The registry of organisations: who they are, who speaks for them, what the city hall verified.

Other features ask `civic.organisations.acting`, and add what an organisation took part in to its page with
`add_panel(app, "organisation", provider)`.
"""

from flask import Flask, url_for


def register(app: Flask) -> None:
    """Bind the feature to the application."""
    from flask_babel import lazy_gettext as _l

    from civic import links, timeline
    from civic.accounts import leaving
    from civic.activity.registry import Told, register_told
    from civic.content import sitemap
    from civic.deadlines import Deadline, register_deadlines
    from civic.jobs import Job, register_job
    from civic.navigation import NavLink, add_link, add_panel
    from civic.organisations import (
        jobs,
        labels,
        members,
        moderated,
        panels,
        queries,
        service,
        views,
        views_members,  # noqa: F401
        views_staff,
    )
    from civic.organisations.models import Organisation, OrganisationArea
    from civic.policy import Action
    from civic.search.registry import Searched, register_searched

    timeline.register_events(labels.SENTENCES)
    register_deadlines(Deadline(service.DEADLINE, _l("The verification of an organisation"), hour=18))
    app.register_blueprint(views.blueprint)
    app.register_blueprint(views_staff.blueprint)
    moderated.register_kinds()
    links.register_subject(queries.KIND, service.resolve)
    register_searched(
        Searched(queries.KIND, _l("Organisations"), queries.having_words, 80, "organisations.index")
    )
    register_told(
        Told(
            queries.KIND,
            _l("Organisations"),
            Organisation,
            queries.is_public,
            80,
            among=(OrganisationArea.organisation_id, OrganisationArea.neighbourhood_id),
        )
    )
    leaving.register_obstacle(app, members.leaving_obstacle)
    leaving.register_forgetting(app, members.forget_account)
    add_link(app, "footer", NavLink(_l("Organisations"), "organisations.index", 30))
    add_link(
        app,
        "staff",
        NavLink(_l("Organisations"), "organisations_staff.index", 35, Action.VIEW_ORGANISATIONS),
    )
    add_panel(app, "account", panels.account)
    add_panel(app, "neighbourhood", panels.neighbourhood)
    add_panel(app, "staff.home", panels.staff_home)
    sitemap.add_section(
        app,
        sitemap.numbered(
            "organisations",
            queries.list_changes,
            lambda row: url_for("organisations.show", organisation_id=row.id),
        ),
    )
    register_job(app, Job("organisations.forget_invitations", jobs.forget_invitations, hour=3, minute=55))

"""Draft decisions put forward by citizens: written, checked, signed, verified, then a consultation like any other."""

from flask import Flask, url_for


def register(app: Flask) -> None:
    """Bind the feature to the application."""
    from flask_babel import lazy_gettext as _l

    from civic import links, timeline
    from civic.accounts import leaving
    from civic.activity.registry import Told, register_told
    from civic.content import sitemap
    from civic.deadlines import Deadline, register_deadlines
    from civic.files import policy as files
    from civic.jobs import Job, register_job
    from civic.navigation import NavLink, add_link, add_panel
    from civic.policy import Action
    from civic.search.registry import Searched, register_searched
    from consultations.initiatives import (
        jobs,
        labels,
        moderated,
        panels,
        paper_views,
        presenters,
        queries,
        rules,
        service,
        signing,
        staff_views,
        views,
    )
    from consultations.initiatives import leaving as leavers
    from consultations.initiatives.models import Initiative

    moderated.register_kinds()
    register_deadlines(
        Deadline(rules.FORM, _l("The check of the form of a citizens' draft"), hour=18),
        Deadline(rules.COLLECT, _l("Collecting signatures for a citizens' draft")),
        Deadline(rules.DEPOSIT, _l("Depositing the lists of supporters, after the collection")),
        Deadline(rules.VERIFY, _l("Verifying the signatures of a citizens' draft"), hour=18),
        Deadline(rules.KEEP, _l("Erasing who signed a citizens' draft, after its end")),
    )
    files.keep_back(queries.is_of_sheet)
    timeline.register_events(labels.SENTENCES)
    links.register_subject(service.KIND, presenters.resolve)
    register_searched(Searched(service.KIND, _l("Citizens' draft decisions"), queries.having_words, 35))
    register_told(
        Told(
            service.KIND, _l("Citizens' draft decisions"), Initiative, queries.is_public, 27,
            area="neighbourhood_id",
        )
    )  # fmt: skip
    leaving.register_forgetting(app, signing.forget_leaver)
    leaving.register_choice(app, leavers.CHOICE)
    leaving.register_chosen(app, leavers.KEEP_NAME, leavers.forget_account)
    register_job(app, Job("initiatives.erase_signers", jobs.erase_signers, hour=4, minute=20))
    app.register_blueprint(views.blueprint)
    app.register_blueprint(staff_views.blueprint)
    app.register_blueprint(paper_views.blueprint)
    add_link(app, "footer", NavLink(_l("Citizens' draft decisions"), "initiatives.index", position=36))
    add_link(
        app, "staff",
        NavLink(
            _l("Citizens' drafts"), "staff_initiatives.index", 46, Action.VIEW_CONSULTATIONS,
            prefix=("staff_initiatives.", "initiative_paper."),
        ),
    )  # fmt: skip
    sitemap.add_section(
        app,
        sitemap.numbered(
            "initiatives", queries.list_changes, lambda row: url_for("initiatives.show", initiative_id=row.id)
        ),
    )
    add_panel(app, "home.today", panels.home_today)
    add_panel(app, "neighbourhood", panels.neighbourhood)
    add_panel(app, "consultation", panels.consultation)
    add_panel(app, "staff.consultation", panels.consultation)
    add_panel(app, "staff.home", panels.staff_home)

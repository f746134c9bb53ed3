"""Rounds, their phases, pots, ballot groups and eligibility: what proposals and voting both stand on."""

from flask import Flask, url_for


def register(app: Flask) -> None:
    """Bind the feature to the application."""
    from flask_babel import lazy_gettext as _

    from civic import timeline
    from civic.activity.registry import Told, register_told
    from civic.content import sitemap
    from civic.embeds import register_widget
    from civic.jobs import Job, register_job
    from civic.links import register_subject
    from civic.navigation import NavLink, add_link, add_panel
    from civic.policy import Action
    from civic.rounds import jobs, opendata, panels, queries, staff_views, views, widgets
    from civic.rounds.models import Round, round_area
    from civic.search.registry import Searched, register_searched

    opendata.register()
    register_widget("round", widgets.make)
    app.register_blueprint(views.blueprint)
    app.register_blueprint(staff_views.blueprint)
    add_link(app, "staff", NavLink(_("Editions"), "staff_rounds.index", 20, Action.VIEW_EVALUATIONS))
    add_panel(app, "neighbourhood", panels.neighbourhood)
    add_panel(app, "staff.home", panels.staff_home)
    register_subject("round", panels.resolve_rounds)
    register_searched(Searched("round", _("Editions"), queries.having_words, 15))
    register_told(
        Told(
            "round",
            _("Editions"),
            Round,
            queries.is_public,
            15,
            among=(round_area.c.round_id, round_area.c.neighbourhood_id),
            always="budgeting",
        )
    )
    sitemap.add_section(
        app,
        sitemap.numbered("rounds", queries.list_changes, lambda row: url_for("rounds.show", slug=row.slug)),
    )
    register_job(app, Job("rounds.notices", jobs.round_notices, seconds=60))

    timeline.register_events(
        {
            "round.published": _("The plan was made public"),
            "round.plan_changed": _("The plan was changed"),
            "round.extended_information": _("Information was extended to %(day)s"),
            "round.extended_submission": _("The submission of proposals was extended to %(day)s"),
            "round.extended_analysis": _("The technical analysis was extended to %(day)s"),
            "round.extended_appeals": _("Appeals were extended to %(day)s"),
            "round.extended_voting": _("The vote was extended to %(day)s"),
            "round.extended_validation": _("Validation was extended to %(day)s"),
            "round.extended_results": _("The publication of results was extended to %(day)s"),
            "round.document_added": _("A document was added: %(title)s"),
            "round.document_removed": _("A document was removed: %(title)s"),
            "question_round.published": _("The ballot was made public"),
            "question_round.plan_changed": _("The plan of the ballot was changed"),
            "question_round.adopted": _("The council decided after this ballot: %(decision)s"),
            "round.adopted": _("The council adopted the results by decision %(decision)s"),
        }
    )

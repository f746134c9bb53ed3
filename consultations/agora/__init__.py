"""The agora: debates that anyone opens, with an official answer that enough residents can oblige to."""

from flask import Flask, url_for


def register(app: Flask) -> None:
    """Bind the feature to the application."""
    from flask_babel import lazy_gettext as _l

    from civic import links, tags, timeline
    from civic.accounts.leaving import register_forgetting
    from civic.activity.registry import Told, register_told
    from civic.content import sitemap
    from civic.deadlines import Deadline, register_deadlines
    from civic.jobs import Job, register_job
    from civic.navigation import NavLink, add_link, add_panel
    from civic.policy import Action
    from civic.search.registry import Searched, register_searched
    from consultations.agora import (
        arguing,
        jobs,
        labels,
        lasting,
        leaving,
        moderated,
        opendata,
        panels,
        presenters,
        queries,
        rules,
        staff_views,
        statements,
        summary,
        tending,
        views,
        workshops,
    )
    from consultations.agora.models import AgoraDebate

    register_deadlines(
        Deadline(rules.SECONDING, _l("Seconding a debate of the agora, from its opening")),
        Deadline(rules.ARGUING, _l("Arguing in a debate of the agora, from its opening")),
        Deadline(
            rules.ANSWER, _l("The official answer to a debate, once enough residents ask for it"), hour=18
        ),
        Deadline(rules.OBJECTIONS, _l("Objecting to the summary of a debate, from its publication")),
        Deadline(rules.ARCHIVE, _l("Archiving a debate, after its answer or its end")),
    )
    opendata.register()
    timeline.register_events(labels.SENTENCES)
    tags.register_sentences(rules.KIND)
    links.register_subject(rules.KIND, presenters.resolve, presenters.resolve_hidden)
    register_searched(Searched(rules.KIND, _l("Debates"), queries.having_words, 40, "agora.index"))
    register_told(
        Told(
            rules.KIND, _l("Debates"), AgoraDebate, queries.is_public, 30,
            area="neighbourhood_id", dimension="dimension", department="answer_department_id",
        )
    )  # fmt: skip
    moderated.register_kinds()
    register_forgetting(app, leaving.forget_account)
    app.register_blueprint(views.blueprint)
    app.register_blueprint(staff_views.blueprint)
    of_debates = ("agora.", "arguing.", "statements.", "tending.")
    add_link(app, "header", NavLink(_l("Agora"), "agora.index", position=47, prefix=of_debates))
    led = ("staff_agora.", "agora_summary.", "agora_health.", "agora_workshops.")
    add_link(
        app, "staff", NavLink(_l("Agora"), "staff_agora.index", 47, Action.VIEW_CONSULTATIONS, prefix=led)
    )
    sitemap.add_section(
        app,
        sitemap.numbered("agora", queries.list_changes, lambda row: url_for("agora.show", debate_id=row.id)),
    )
    register_job(app, Job("agora.archive", jobs.archive_due, hour=4))
    add_panel(app, "home.today", panels.home_today)
    add_panel(app, "consultation", panels.consultation)
    add_panel(app, "round", panels.of_round)
    add_panel(app, "proposal", panels.of_proposal)
    add_panel(app, "delivery", panels.of_delivery)
    add_panel(app, "staff.home", panels.staff_home)
    arguing.register(app)
    statements.register(app)
    summary.register(app)
    tending.register(app)
    lasting.register(app)
    workshops.register(app)

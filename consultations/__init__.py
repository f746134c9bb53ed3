"""Public consultations under the legal clock: announced, received, answered, reported, adopted."""

from flask import Flask, url_for


def register(app: Flask) -> None:
    """Bind the feature to the application."""
    from flask_babel import lazy_gettext as _l

    from civic import links, tags, timeline
    from civic.activity.registry import Told, register_told
    from civic.content import sitemap
    from civic.deadlines import Deadline, register_deadlines
    from civic.files import policy as files
    from civic.navigation import NavLink, add_link, add_panel
    from civic.policy import Action
    from civic.search.registry import Searched, register_searched
    from consultations import (
        agora,
        contributions,
        debates,
        drafting,
        indicators,
        initiatives,
        labels,
        meetings,
        opendata,
        panels,
        presenters,
        queries,
        questionnaires,
        reporting,
        service,
        staff_views,
        summaries,
        texts,
        views,
        yearly,
    )
    from consultations.models import Consultation

    opendata.register()
    indicators.register()
    register_deadlines(
        Deadline("consultation.draft.wait", _l("Adopting a draft decision, after its announcement")),
        Deadline("consultation.draft.recommendations", _l("Recommendations on a draft decision, at least")),
        Deadline("consultation.budget.objections", _l("Objections to the draft local budget, at least")),
        Deadline("consultation.plan.window", _l("Contributions to a plan or strategy, at least")),
        Deadline("consultation.survey.window", _l("Answers to a survey, at least")),
        Deadline("consultation.ideas.window", _l("A call for ideas, at least")),
        Deadline("consultation.answer", _l("The answers to contributions, after the end"), hour=18),
    )
    files.keep_back(queries.is_of_draft)
    timeline.register_events(labels.SENTENCES)
    tags.register_sentences(service.KIND)
    links.register_subject(service.KIND, presenters.resolve)
    register_told(
        Told(
            service.KIND, _l("Consultations"), Consultation, queries.is_public, 20,
            area="neighbourhood_id", dimension="dimension", department="department_id",
        )
    )  # fmt: skip
    register_searched(
        Searched(service.KIND, _l("Consultations"), queries.having_words, 30, "consultations.index")
    )
    app.register_blueprint(views.blueprint)
    app.register_blueprint(staff_views.blueprint)
    add_link(
        app, "header", NavLink(
            _l("Consultations"), "consultations.index", position=45,
            prefix=(
                "consultations.", "contributions.", "drafting.", "questionnaires.", "questionnaire_results.",
                "reporting.", "initiatives.", "meetings.", "survey_texts.",
            ),
        ),
    )  # fmt: skip
    add_link(
        app, "staff", NavLink(
            _l("Consultations"), "staff_consultations.index", 45, Action.VIEW_CONSULTATIONS,
            prefix=(
                "staff_consultations.", "staff_contributions.", "staff_drafting.", "staff_questionnaires.",
                "staff_questionnaire_sheet.", "staff_summaries.", "staff_survey_texts.", "staff_survey_text.",
                "staff_debates.",
            ),
        ),
    )  # fmt: skip
    sitemap.add_section(
        app,
        sitemap.numbered(
            "consultations",
            queries.list_changes,
            lambda row: url_for("consultations.show", consultation_id=row.id),
        ),
    )
    add_panel(app, "home.today", panels.home_today)
    add_panel(app, "neighbourhood", panels.neighbourhood)
    add_panel(app, "staff.home", panels.staff_home)
    contributions.register(app)
    reporting.register(app)
    drafting.register(app)
    questionnaires.register(app)
    texts.register(app)
    debates.register(app)
    initiatives.register(app)
    summaries.register(app)
    yearly.register(app)
    meetings.register(app)
    agora.register(app)

"""From idea to admitted project."""

from flask import Flask, url_for


def register(app: Flask) -> None:
    """Bind the feature to the application."""
    from flask_babel import lazy_gettext as _l

    from civic import timeline
    from civic.clock import to_city
    from civic.content import sitemap
    from civic.deadlines import Deadline, register_deadlines
    from civic.files import policy as files
    from civic.jobs import Job, register_job
    from civic.text import excerpt, render_plain
    from proposals import (  # noqa: F401
        asking,
        indicators,
        jobs,
        labels,
        moderated,
        opendata,
        panels,
        queries,
        round_page,
        views_author,
        views_staff,
    )
    from proposals.comments import views as comment_views
    from proposals.evaluation import views as evaluation_views

    opendata.register()
    asking.register()
    indicators.register()
    timeline.register_events(labels.SENTENCES)
    register_deadlines(
        Deadline("analysis.answer", _l("A department's answer in the analysis of a proposal"), hour=18),
        Deadline("appeal.file", _l("Contesting a rejection outside an edition")),
        Deadline("appeal.decide", _l("The decision on an appeal"), hour=18),
    )
    app.register_blueprint(views_staff.blueprint)
    app.register_blueprint(comment_views.blueprint)
    app.register_blueprint(evaluation_views.blueprint)
    app.jinja_env.filters.update(
        excerpt=excerpt, plain=render_plain, clock_time=lambda moment: f"{to_city(moment):%H:%M}"
    )
    sitemap.add_section(
        app,
        sitemap.numbered(
            "proposals", queries.list_changes, lambda row: url_for("proposals.show", proposal_id=row.id)
        ),
    )
    moderated.register_kinds()
    files.keep_back(queries.is_of_draft)
    panels.bind(app)
    round_page.bind(app)
    register_job(app, Job("proposals.forget_drafts", jobs.forget_drafts, hour=3, minute=50))

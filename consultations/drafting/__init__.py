"""The text of a consultation's draft in sections, and what people write beside its passages."""

from flask import Flask


def register(app: Flask) -> None:
    """Bind the text and its annotations to the application."""
    from flask_babel import lazy_gettext as _l

    from civic import tasks, timeline
    from civic.jobs import Job, register_job
    from civic.staff import describe_task
    from consultations.drafting import (
        importing,
        jobs,
        labels,
        moderated,
        panels,
        reanchoring,
        staff_views,
        views,
    )

    timeline.register_events(labels.SENTENCES)
    app.register_blueprint(views.blueprint)
    app.register_blueprint(staff_views.blueprint)
    moderated.register_kinds()
    panels.bind(app)
    register_job(app, Job("drafting.sides", jobs.count_waiting, seconds=600))
    tasks.register_handler(importing.IMPORT, importing.import_file)
    tasks.register_handler(importing.REANCHOR, reanchoring.reanchor_all)
    describe_task(importing.IMPORT, _l("Reading the draft"), staff_views.result_link)
    describe_task(importing.REANCHOR, _l("Finding the remarks in the new text"), staff_views.result_link)

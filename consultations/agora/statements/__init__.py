"""Short statements on which people agree or disagree, and the groups of opinion that their votes make."""

from flask import Flask


def register(app: Flask) -> None:
    """Bind the statements of debates to the application."""
    from flask_babel import lazy_gettext as _l

    from civic import tasks
    from civic.jobs import Job, register_job
    from civic.staff import describe_task
    from consultations.agora.statements import jobs, moderated, straight_vote, views

    moderated.register_kinds()
    app.register_blueprint(views.blueprint)
    straight_vote.register(app)
    tasks.register_handler(jobs.COMPUTE, jobs.compute)
    describe_task(jobs.COMPUTE, _l("Computing the opinion groups of a debate"))
    register_job(app, Job("agora.opinions", jobs.enqueue_due, seconds=60))
    register_job(app, Job("agora.judged", jobs.count_judged, seconds=60))

"""What people write in a debate: positions, arguments for and against, replies; and what convinces whom."""

from flask import Flask


def register(app: Flask) -> None:
    """Bind the arguments of debates to the application."""
    from civic.jobs import Job, register_job
    from consultations.agora.arguing import jobs, moderated, straight_judgement, views

    moderated.register_kinds()
    app.register_blueprint(views.blueprint)
    straight_judgement.register(app)
    register_job(app, Job("agora.judgements", jobs.count_waiting, seconds=600))

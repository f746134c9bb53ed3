"""What keeps a debate alive: what changed since one's last visit, who takes part and who is missing, invitations."""

from flask import Flask


def register(app: Flask) -> None:
    """Bind visits, health and invitations to the application."""
    from civic.jobs import Job, register_job
    from consultations.agora.lasting import jobs, views

    app.register_blueprint(views.blueprint)
    register_job(app, Job("agora.invitations", jobs.tell_invited, seconds=15))

"""The gate before everything residents publish: who is new, how much they may write, what is read first.

A feature registers its space with `spaces.register_space`, calls `service.admit` (or `weigh`) before it stores a
text and `service.keep` after; what waits it shows to its author with `labels.waits_until`. Votes and judgements that
move a ranking are counted of accounts that `queries.is_trusted` says are, and of the others once they are.
"""

from flask import Flask


def register(app: Flask) -> None:
    """Bind the feature to the application."""
    from flask_babel import lazy_gettext as _l

    from civic import security
    from civic.accounts import leaving
    from civic.jobs import Job, register_job
    from civic.moderation.gate import jobs, models, presenters, views  # noqa: F401
    from civic.navigation import NavLink, add_link
    from civic.policy import Action

    app.register_blueprint(views.blueprint)
    security.add_gate(app, views.note_trace)
    leaving.register_forgetting(app, jobs.forget_account)
    register_job(app, Job("gate.forget", jobs.forget, hour=3, minute=20))
    app.jinja_env.globals.update(checked_until=presenters.checked_until, counted_later=views.counted_later)
    add_link(
        app, "staff", NavLink(_l("Reading before publication"), "gate.index", 21, Action.VIEW_MODERATION)
    )

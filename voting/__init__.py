"""Projects, ballots, counting and results."""

import click
from flask import Flask


def register(app: Flask) -> None:
    """Bind the feature to the application."""
    from flask_babel import lazy_gettext as _

    from civic import links, navigation, text, timeline
    from civic.jobs import Job, register_job
    from voting import closing, models, opening, subjects, views_ballot, views_results  # noqa: F401
    from voting.quiet_session import QuietSessions

    app.session_interface = QuietSessions()
    app.register_blueprint(views_ballot.blueprint)
    app.context_processor(views_ballot.ballot_bar)
    app.jinja_env.filters.update(excerpt=text.excerpt, paragraphs=text.render_plain)
    navigation.add_link(app, "header", navigation.NavLink(_("Vote now"), "voting.current", position=30))
    navigation.add_panel(app, "home.today", subjects.home_panel)
    links.register_subject("project", subjects.resolve_projects)
    register_job(app, Job("votes.prepare", opening.prepare_due, seconds=20))
    register_job(app, Job("votes.late_registration", opening.register_late, seconds=30))
    register_job(app, Job("votes.close", closing.close_due, seconds=30))
    timeline.register_events(
        {
            "vote.frozen": _("The ballot and its rules were frozen (fingerprint %(fingerprint)s)"),
            "vote.published": _("The ballots were opened and counted; provisional results"),
        }
    )


def commands() -> list[click.Command]:
    """The feature's commands."""
    from voting import cli
    from voting.counting.cli import commands as counting

    return [*counting, *cli.commands]

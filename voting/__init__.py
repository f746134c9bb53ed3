"""Projects, ballots, counting and results."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import click
    from flask import Flask


# What the package needs it imports inside: `voting.counting` stands alone, without Flask and SQLAlchemy.
def register(app: Flask) -> None:
    """Bind the feature to the application."""
    from flask_babel import lazy_gettext as _

    from civic import links, navigation, staff, tasks, text, timeline
    from civic.jobs import Job, register_job
    from civic.policy import Action
    from civic.rounds import contributions, rules_registry
    from civic.search.registry import Searched, register_searched
    from voting import (  # noqa: F401
        admission,
        archives,
        ceremony,
        closing,
        complaints,
        contests,
        custody,
        indicators,
        models,
        nightly,
        opendata,
        opening,
        other_methods,
        oversight,
        paper,
        project_queries,
        questions,
        recounts,
        rounds_page,
        rule_examples,
        sampling,
        straight_cast,
        subjects,
        views_ballot,
        views_contests,
        views_desk,
        views_methods,
        views_results,
        views_roll,
        views_sets,
        views_staff,
        views_what_if,
        what_if_work,
    )
    from voting.counting.rules import Rule
    from voting.quiet_session import QuietSessions

    app.session_interface = QuietSessions()
    opendata.register()
    indicators.register()
    questions.register(app)
    app.register_blueprint(views_ballot.blueprint)
    app.register_blueprint(views_staff.blueprint)
    app.register_blueprint(views_staff.index_blueprint)
    app.register_blueprint(views_sets.blueprint)
    app.register_blueprint(views_roll.blueprint)
    app.register_blueprint(views_desk.blueprint)
    ceremony.register(app)
    views_desk.keep_watch(app)
    complaints.register(app)
    sampling.register(app)
    custody.register(app)
    paper.register(app)
    recounts.register(app)
    oversight.register(app)
    navigation.add_link(
        app,
        "staff",
        navigation.NavLink(
            _("Ballots and votes"),
            "staff_votes.index",
            45,
            Action.VIEW_ROLL,
            prefix=(
                "staff_votes.",
                "staff_voting.",
                "staff_sets.",
                "staff_roll.",
                "staff_complaints.",
                "ceremony.",
                "staff_custody.",
                "staff_nightly.",
                "oversight.",
            ),
        ),
    )
    straight_cast.register(app)
    navigation.add_panel(app, "round", rounds_page.round_panel)
    navigation.add_panel(app, "desk", views_desk.desk_panel)
    app.context_processor(views_ballot.ballot_bar)
    app.jinja_env.filters.update(excerpt=text.excerpt, paragraphs=text.render_plain)
    navigation.add_link(app, "header", navigation.NavLink(_("Vote now"), "voting.current", position=30))
    links.register_subject("project", subjects.resolve_projects)
    register_searched(Searched("project", _("Projects on the ballot"), project_queries.having_words, 20))
    nightly.register(app)
    register_job(app, Job("votes.prepare", opening.prepare_due, seconds=20))
    register_job(app, Job("votes.late_registration", opening.register_late, seconds=30))
    register_job(app, Job("votes.pack", archives.pack_due, seconds=60))
    register_job(app, Job("votes.deliver", admission.deliver_due, seconds=30))
    register_job(app, Job("votes.compare", other_methods.compare_due, seconds=60))
    register_job(app, Job("votes.example", rule_examples.count_example, hour=3, minute=40))
    tasks.register_handler(what_if_work.KIND, what_if_work.answer)
    staff.describe_task(
        what_if_work.KIND, _("What if: the same ballots counted with a change"), views_what_if.answer_link
    )
    rules_registry.register_check(Rule.from_json)
    contributions.register_action(app, "voting", rounds_page.vote_action)
    contributions.register_action(app, "results", rounds_page.results_action)
    contributions.register_obstacle(app, contests.adoption_obstacle)
    contributions.register_figure(app, "voting", rounds_page.ballots_figure)
    contributions.register_column(app, "ballots", _("Ballots cast"), rounds_page.ballots_column)
    timeline.register_events(
        {
            "vote.frozen": _("The ballot and its rules were frozen (fingerprint %(fingerprint)s)"),
            "vote.set_named": _("Only one of these projects can win (%(name)s): %(projects)s"),
            "vote.set_changed": _("Which projects exclude one another was changed (%(name)s): %(projects)s"),
            "vote.set_removed": _("These projects no longer exclude one another (%(name)s): %(projects)s"),
            "vote.draw_recorded": _(
                "The public draw that settles ties was recorded (%(minutes)s): %(order)s"
            ),
            "vote.draw_replaced": _(
                "The public draw that settles ties was replaced (%(minutes)s): %(order)s"
            ),
            "result.contest_upheld": _("A contest of the results was upheld"),
            "result.contest_dismissed": _("A contest of the results was dismissed"),
            "vote.published": _("The ballots were opened and counted; provisional results"),
        }
    )


def commands() -> list[click.Command]:
    """The feature's commands."""
    from voting import cli
    from voting.ceremony.cli import round_group
    from voting.counting.cli import commands as counting

    return [*counting, *cli.commands, round_group]

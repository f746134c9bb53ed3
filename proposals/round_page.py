"""What proposals say about a round on its page and on the home page: what to do, how many came, how many passed."""

from collections.abc import Iterable
from datetime import datetime

from flask import Flask, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext
from sqlalchemy import func, select

from civic.actor import Actor
from civic.extensions import db
from civic.format import ngettext, number
from civic.rounds.contributions import MainAction, register_action, register_column, register_figure
from civic.rounds.models import Round
from proposals.models import Proposal
from proposals.rules import State

#: Proposals that were handed in and not taken back or hidden.
_ENTERED = (
    State.PUBLISHED, State.IN_ANALYSIS, State.ELIGIBLE, State.REJECTED, State.CONTESTED, State.ADMITTED, State.WINNER,
    State.RESERVE, State.NOT_FUNDED,
)  # fmt: skip
_PASSED = (State.ELIGIBLE, State.ADMITTED, State.WINNER, State.RESERVE, State.NOT_FUNDED)


def counts(round_ids: Iterable[int], states: Iterable[State]) -> dict[int, int]:
    """How many proposals of each round are in one of the states; rounds without any are left out."""
    rows = db.session.execute(
        select(Proposal.round_id, func.count())
        .where(Proposal.round_id.in_(list(round_ids)), Proposal.state.in_(list(states)))
        .group_by(Proposal.round_id)
    ).all()
    return {row[0]: row[1] for row in rows if row[0] is not None}


def _submission(_round: Round, _actor: Actor, _now: datetime) -> MainAction:
    return MainAction(
        _("Propose something"),
        url_for("proposals.new"),
        _("Begin with one sentence. We help with the cost and the place."),
    )


def _appeals(_round: Round, _actor: Actor, _now: datetime) -> MainAction:
    return MainAction(_("See the proposals and the decisions"), url_for("proposals.index"))


def _of_round(round_: Round) -> tuple[int, int]:
    """How many of its proposals were handed in and how many passed, asked once a request."""
    asked: dict[int, tuple[int, int]] = request.environ.setdefault("civic.proposals_of_rounds", {})
    if round_.id not in asked:
        passed = func.count().filter(Proposal.state.in_(_PASSED))
        row = db.session.execute(
            select(func.count(), passed).where(Proposal.round_id == round_.id, Proposal.state.in_(_ENTERED))
        ).one()
        asked[round_.id] = (row[0], row[1])
    return asked[round_.id]


def _submitted(round_: Round) -> str | None:
    count, _passed = _of_round(round_)
    return ngettext("%(num)s submitted", "%(num)s submitted", count) if count else None


def _eligible(round_: Round) -> str | None:
    _entered, count = _of_round(round_)
    return ngettext("%(num)s eligible", "%(num)s eligible", count) if count else None


def _column(round_ids: Iterable[int]) -> dict[int, str]:
    return {round_id: number(count) for round_id, count in counts(round_ids, _ENTERED).items()}


def bind(app: Flask) -> None:
    """Register what proposals contribute."""
    register_action(app, "submission", _submission)
    register_action(app, "analysis", _appeals)
    register_action(app, "appeals", _appeals)
    register_figure(app, "submission", _submitted)
    register_figure(app, "analysis", _eligible)
    register_column(app, "proposals", lazy_gettext("Proposals"), _column, 20)

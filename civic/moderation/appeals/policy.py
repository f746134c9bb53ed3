"""Who may contest a decision and who decides about it; views, services and templates ask the same functions."""

from datetime import datetime
from typing import Any

from flask_babel import lazy_gettext as _l

from civic.actor import Actor
from civic.format import deadline, moment
from civic.moderation.appeals import rules
from civic.moderation.appeals.labels import REFUSALS
from civic.moderation.appeals.models import ModerationAppeal, Statement
from civic.moderation.appeals.rules import Contest, State, Why
from civic.moderation.suspensions.models import Suspension
from civic.policy import ALLOWED, Action, Decision, may, refused


def contest_of_statement(statement: Statement, appeal: ModerationAppeal | None) -> Contest:
    """A decision against a text in plain values."""
    first = statement.case.decided_by_id
    return Contest(
        author=statement.account_id,
        deciders=frozenset({first} if first is not None else ()),
        appeal_until=statement.appeal_until,
        taken_back=statement.case.undone_at is not None,
        by_link=statement.account_id is None,
        **_appealed(appeal),
    )


def contest_of_suspension(one: Suspension, appeal: ModerationAppeal | None) -> Contest:
    """A confirmed suspension in plain values: two people have decided it."""
    return Contest(
        author=one.account_id,
        deciders=frozenset(number for number in (one.proposed_by_id, one.decided_by_id) if number),
        appeal_until=one.appeal_until or one.proposed_at,
        taken_back=one.lifted_at is not None,
        **_appealed(appeal),
    )


def contest_of(appeal: ModerationAppeal) -> Contest:
    """What an appeal is against, in plain values."""
    if appeal.statement is not None:
        return contest_of_statement(appeal.statement, appeal)
    assert appeal.suspension is not None
    return contest_of_suspension(appeal.suspension, appeal)


def _appealed(appeal: ModerationAppeal | None) -> dict[str, Any]:
    if appeal is None:
        return {}
    return {
        "state": State(appeal.state),
        "filed_at": appeal.filed_at,
        "due_at": appeal.due_at,
        "decided_by": appeal.decided_by_id,
    }


def can_file(actor: Actor, contest: Contest, now: datetime) -> Decision:
    """Whether the actor may contest a decision now. A suspended account may."""
    why = rules.why_not_file(contest, actor.id, now)
    if why is None:
        return ALLOWED
    if why == Why.LATE:
        return refused(
            _l("This decision could be contested until %(moment)s.", moment=deadline(contest.appeal_until))
        )
    if why == Why.TWICE and contest.filed_at is not None:
        return refused(
            _l(
                "You contested this decision on %(moment)s. A decision is contested once.",
                moment=moment(contest.filed_at),
            )
        )
    return refused(REFUSALS[why])


def can_decide(actor: Actor, contest: Contest) -> Decision:
    """Whether the actor may decide about an appeal: a moderator who had no part in what is contested."""
    if not may(actor, Action.MODERATE):
        return refused(_l("Only moderators decide here. You can read everything."))
    why = rules.why_not_decide(contest, actor.id)
    return ALLOWED if why is None else refused(REFUSALS[why])


def can_withdraw(actor: Actor, contest: Contest) -> Decision:
    """Whether the actor may take their own appeal back."""
    try:
        rules.withdraw(contest, actor.id)
    except rules.Refused as error:
        return refused(REFUSALS[error.why])
    return ALLOWED

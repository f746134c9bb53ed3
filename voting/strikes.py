"""Striking a person from a frozen roll, lifting that, and voiding by two people what a struck person may have cast.

Nothing here reads or writes the box or the log, so nobody learns whether the person voted: a strike stops
further casting, and a void is a decision that the close carries out before it destroys the key that links
people to ballots. `docs/ballots.md` tells why.
"""

from collections.abc import Sequence
from datetime import datetime

from flask import current_app
from flask_babel import force_locale
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy.exc import IntegrityError

from civic import audit, outbox
from civic.accounts.models import Account
from civic.actor import Actor
from civic.errors import Conflict, Invalid
from civic.extensions import db
from civic.format import deadline
from civic.policy import ALLOWED, Action, Decision, enforce, may, refused
from civic.rounds.models import Round
from civic.text import clean_text
from voting import roll_queries
from voting.models import RollLift, RollStrike, RollVoid
from voting.plan import FrozenRound

MAX_REASON = 1_000
PEOPLE_TO_VOID = 2


def can_strike(actor: Actor, round_: Round, plan: FrozenRound | None, voter_id: int) -> Decision:
    """Whether the actor may strike the person. The tables of strikes and lifts take rows and keep them."""
    if not may(actor, Action.MANAGE_ROLL):
        return refused(_l("Only council staff strike people from a list of participants."))
    if actor.person_id == voter_id:
        return refused(_l("Somebody else has to decide about your own right to vote."))
    if plan is None or plan.recorded:
        return refused(_l("There is no list of participants yet: it is drawn up when the vote is prepared."))
    if round_.closed_at is not None:
        return refused(_l("The vote is closed: the list of participants does not change any more."))
    return ALLOWED


def can_lift(
    actor: Actor, round_: Round, plan: FrozenRound | None, strike: RollStrike, now: datetime
) -> Decision:
    """Whether the actor may lift the strike: whoever may strike, while the round takes ballots."""
    decision = can_strike(actor, round_, plan, strike.voter_id)
    if decision and plan is not None and now >= plan.closes_at:
        return refused(_l("The vote has ended: a strike is lifted only while ballots are taken."))
    return decision


def can_void(
    actor: Actor,
    round_: Round,
    plan: FrozenRound | None,
    strike: RollStrike,
    voids: Sequence[RollVoid],
    now: datetime,
    until_close: bool = False,
) -> Decision:
    """Whether the actor may ask for, or as the second person confirm, the void of a struck person's ballot.

    `until_close`: for a complaint filed in time, which holds the close up, also after the end of validation.
    """
    decision = can_strike(actor, round_, plan, strike.voter_id)
    if not decision or plan is None:
        return decision
    if now < plan.closes_at or (now >= plan.validation_ends_at and not until_close):
        return refused(
            _l("Ballots are voided by two people during validation, after the vote and before the close.")
        )
    if len(voids) >= PEOPLE_TO_VOID:
        return refused(_l("Two people have already decided this."))
    if any(one.account_id == actor.id for one in voids):
        return refused(_l("You asked for this: another person has to confirm it."))
    return ALLOWED


def _given(reason: str) -> str:
    """The reason as it is kept. Raises Invalid without one."""
    reason = clean_text(reason)[:MAX_REASON]
    if not reason:
        raise Invalid(_("Write the reason: the person reads it."))
    return reason


def strike(
    actor: Actor, round_: Round, plan: FrozenRound | None, voter_id: int, reason: str, now: datetime
) -> RollStrike:
    """Stop a person on the roll from casting any further ballot, and tell them why and how to contest it."""
    found = roll_queries.get_on_roll(round_.id, voter_id)
    enforce(can_strike(actor, round_, plan, voter_id))
    reason = _given(reason)
    lifted = roll_queries.list_lifted(round_.id, voter_id)
    made = RollStrike(
        round_id=round_.id,
        voter_id=voter_id,
        reason=reason,
        at=now,
        account_id=actor.id,
        after_id=lifted[0][0].id if lifted else None,
    )
    try:
        with db.session.begin_nested():
            db.session.add(made)
    except IntegrityError as error:
        raise Conflict(_("This person has already been struck from the list.")) from error
    audit.record(actor, "roll.struck", "round", round_.id, now, {"person": voter_id, "strike": made.id})
    _tell_struck(found.account, round_, plan, reason, now)
    return made


def lift(
    actor: Actor, round_: Round, plan: FrozenRound | None, voter_id: int, reason: str, now: datetime
) -> RollLift:
    """Give a struck person back the right to vote, at once, and tell them. The strike stays in the record."""
    found = roll_queries.get_on_roll(round_.id, voter_id)
    if found.strike is None:
        raise Conflict(_("This person is not struck from the list."))
    enforce(can_lift(actor, round_, plan, found.strike, now))
    reason = _given(reason)
    made = RollLift(
        strike_id=found.strike.id,
        round_id=round_.id,
        voter_id=voter_id,
        reason=reason,
        at=now,
        account_id=actor.id,
    )
    try:
        with db.session.begin_nested():
            db.session.add(made)
    except IntegrityError as error:
        raise Conflict(_("This person is not struck from the list.")) from error
    audit.record(
        actor, "roll.lifted", "round", round_.id, now, {"person": voter_id, "strike": found.strike.id}
    )
    _tell_lifted(found.account, round_, plan, reason, now)
    return made


def decide_void(
    actor: Actor,
    round_: Round,
    plan: FrozenRound | None,
    voter_id: int,
    now: datetime,
    *,
    until_close: bool = False,
) -> bool:
    """Say that what a struck person may have cast does not count. True when this second word decided it."""
    found = roll_queries.get_on_roll(round_.id, voter_id)
    if found.strike is None:
        raise Conflict(_("This person is not struck from the list."))
    # The close marks this row first: it waits for us and sees the decision, or we see that it has begun.
    db.session.refresh(round_, ["closed_at"], with_for_update={"read": True})
    voids = roll_queries.list_voids(found.strike.id)
    enforce(can_void(actor, round_, plan, found.strike, voids, now, until_close))
    assert actor.id is not None
    try:
        with db.session.begin_nested():
            db.session.add(RollVoid(strike_id=found.strike.id, account_id=actor.id, at=now))
    except IntegrityError as error:
        raise Conflict(_("You asked for this: another person has to confirm it.")) from error
    decided = len(voids) + 1 >= PEOPLE_TO_VOID
    event = "roll.void_confirmed" if decided else "roll.void_asked"
    audit.record(actor, event, "round", round_.id, now, {"person": voter_id, "strike": found.strike.id})
    if decided:
        _tell_voided(found.account, round_, now)
    return decided


# --- what the person is told -------------------------------------------------------------------------------


def _post(account: Account | None, subject: str, lines: list[str], now: datetime) -> None:
    if account is not None and account.email_confirmed_at is not None and account.disabled_at is None:
        outbox.post(account.email, subject, "\n\n".join(lines), now)


def _language(account: Account | None) -> str:
    return account.locale if account is not None else "ro"


def _contest(plan: FrozenRound | None) -> str:
    contact = current_app.config["SETTINGS"].city.contact_email
    if plan is None:
        return _("If you think this is wrong, answer at %(address)s.", address=contact)
    return _(
        "If you think this is wrong, contest it at the desk or at %(address)s until %(until)s, before the ballots "
        "are opened. People who did not take this decision look at it again.",
        address=contact,
        until=deadline(plan.validation_ends_at),
    )


def _tell_struck(
    account: Account | None, round_: Round, plan: FrozenRound | None, reason: str, now: datetime
) -> None:
    with force_locale(_language(account)):
        lines = [
            _("Your right to vote in %(round)s was suspended.", round=round_.name),
            _("Reason: %(reason)s", reason=reason),
            _("You cannot cast a ballot any more. Nobody knows whether or how you have voted."),
            _contest(plan),
        ]
        _post(account, _("Your right to vote was suspended"), lines, now)


def _tell_lifted(
    account: Account | None, round_: Round, plan: FrozenRound | None, reason: str, now: datetime
) -> None:
    with force_locale(_language(account)):
        lines = [
            _("You may vote in %(round)s again: the suspension was lifted.", round=round_.name),
            _("Reason: %(reason)s", reason=reason),
        ]
        if plan is not None:
            lines.append(
                _(
                    "You can cast a ballot until %(until)s. One you cast before the suspension counts, unless you "
                    "replace it.",
                    until=deadline(plan.closes_at),
                )
            )
        _post(account, _("You may vote again"), lines, now)


def _tell_voided(account: Account | None, round_: Round, now: datetime) -> None:
    with force_locale(_language(account)):
        lines = [
            _(
                "In %(round)s, two people decided during validation that a ballot cast in your name online or at the "
                "desk, if there is one, does not count. It is never opened.",
                round=round_.name,
            ),
            _(
                "If you think this is wrong, write to %(address)s before the results.",
                address=current_app.config["SETTINGS"].city.contact_email,
            ),
        ]
        _post(account, _("A ballot in your name does not count"), lines, now)

"""Who does what with paper, each refusal with its sentence."""

from flask_babel import lazy_gettext as _

from civic.accounts.models import Account
from civic.actor import Actor
from civic.policy import ALLOWED, Action, Decision, may, refused
from civic.rounds.models import Round
from voting import desk_session
from voting.paper.models import PaperBallot, PaperBatch
from voting.plan import FrozenRound


def can_prepare(actor: Actor, round_: Round, plan: FrozenRound | None) -> Decision:
    """Whether the actor may print sheets and open batches."""
    if not may(actor, Action.MANAGE_PAPER):
        return refused(_("Only council staff print sheets and open batches."))
    if plan is None or plan.recorded:
        return refused(_("Sheets are printed from the frozen ballot: prepare the vote first."))
    if plan.asks:
        return refused(
            _("Questions are answered online and at the desk: sheets are printed for projects alone.")
        )
    if round_.closed_at is not None:
        return refused(_("The vote is closed: nothing changes about its paper ballots."))
    return ALLOWED


def can_change(actor: Actor, round_: Round, batch: PaperBatch) -> Decision:
    """Whether the actor may count, sample or accept the batch."""
    if not may(actor, Action.MANAGE_PAPER):
        return refused(_("Only council staff count and accept a batch."))
    if round_.closed_at is not None:
        return refused(_("The vote is closed: nothing changes about its paper ballots."))
    if batch.accepted_at is not None:
        return refused(_("The batch is accepted: its ballots are in the box."))
    return ALLOWED


def can_judge(actor: Actor, round_: Round, batch: PaperBatch, has_read: bool) -> Decision:
    """Whether the actor may draw the sample, compare it or accept the batch: somebody who read none of its sheets.

    `has_read`: whether they keyed a sheet of the batch or decided one on which two people differed.
    """
    decision = can_change(actor, round_, batch)
    if decision and has_read:
        return refused(
            _(
                "You keyed sheets of this batch: somebody who keyed none draws the sample, compares it and accepts."
            )
        )
    return decision


def can_key(actor: Actor, round_: Round, batch: PaperBatch) -> Decision:
    """Whether the actor may key sheets of the batch."""
    if not may(actor, Action.KEY_PAPER):
        return refused(_("Only desk clerks and council staff key sheets."))
    if round_.closed_at is not None:
        return refused(_("The vote is closed: nothing changes about its paper ballots."))
    if batch.accepted_at is not None:
        return refused(_("The batch is accepted: its ballots are in the box."))
    if batch.shut_at is None:
        return refused(_("Sheets of this batch are still handed out: they are keyed once it is shut."))
    return ALLOWED


def can_settle(actor: Actor, round_: Round, batch: PaperBatch, sheet: PaperBallot) -> Decision:
    """Whether the actor may decide what a sheet says on which two others differ."""
    decision = can_key(actor, round_, batch)
    if decision and actor.id in (sheet.first_by_id, sheet.second_by_id):
        return refused(_("You keyed this sheet yourself: a third person decides."))
    return decision


def can_serve(actor: Actor, account: Account) -> Decision:
    """Whether the clerk may hand a sheet to the account's resident, or take it back."""
    if not may(actor, Action.VERIFY_RESIDENTS):
        return refused(_("Only desk clerks hand out sheets."))
    if actor.id == account.id or (actor.person_id is not None and actor.person_id == account.person_id):
        return refused(_("Nobody hands a sheet to themselves: ask a colleague."))
    return desk_session.can_open(actor, account)

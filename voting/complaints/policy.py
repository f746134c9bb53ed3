"""Who may complain, look at a document and decide; views, services and templates ask the same functions."""

from datetime import datetime

from flask_babel import lazy_gettext as _l

from civic.accounts.models import Account
from civic.accounts.verifying.policy import can_begin
from civic.actor import Actor
from civic.format import deadline
from civic.policy import ALLOWED, Action, Decision, may, refused
from civic.rounds.models import Round
from voting.complaints.models import IdentityComplaint
from voting.complaints.rules import Window, takes_complaints, window
from voting.plan import FrozenRound


def window_of(round_: Round, plan: FrozenRound | None, now: datetime) -> Window:
    """Where a round stands for complaints."""
    if plan is None or plan.recorded:
        return Window.BEFORE
    return window(plan.opens_at, plan.closes_at, plan.validation_ends_at, round_.closed_at is not None, now)


def can_file(round_: Round, plan: FrozenRound | None, now: datetime) -> Decision:
    """Whether the round takes identity complaints at `now`, from anybody."""
    where = window_of(round_, plan, now)
    if takes_complaints(where):
        return ALLOWED
    if where is Window.BEFORE or plan is None:
        return refused(_l("This vote is not open yet, so nobody can have voted in your name."))
    return refused(
        _l(
            "Identity complaints were taken until %(end)s, while ballots could still be set right. Once the results "
            "are published you can contest them.",
            end=deadline(plan.validation_ends_at),
        )
    )


def can_file_from(account: Account, round_: Round, plan: FrozenRound | None, now: datetime) -> Decision:
    """Whether this account may file one: it has to be reachable, or accounts with invented addresses, made by the
    hundred, would hold the close up."""
    decision = can_file(round_, plan, now)
    return can_begin(account) if decision else decision


def can_check_document(actor: Actor, complaint: IdentityComplaint) -> Decision:
    """Whether the clerk may compare the complainant's document, at the desk."""
    if not may(actor, Action.VERIFY_RESIDENTS):
        return refused(_l("Only desk clerks look at identity documents."))
    if complaint.decided_at is not None:
        return refused(_l("This complaint was decided already."))
    if actor.id == complaint.account_id:
        return refused(_l("Nobody looks at their own document: ask a colleague at the desk."))
    return ALLOWED


def can_decide(actor: Actor, complaint: IdentityComplaint) -> Decision:
    """Whether the actor may decide the complaint: council staff who had no part in it."""
    if not may(actor, Action.MANAGE_ROLL):
        return refused(_l("Only council staff decide identity complaints."))
    if complaint.decided_at is not None:
        return refused(_l("This complaint was decided already."))
    if actor.id in (complaint.account_id, complaint.clerk_id, complaint.document_by_id):
        return refused(_l("Somebody who had no part in this complaint has to decide it."))
    if actor.person_id is not None and actor.person_id == complaint.person_id:
        return refused(_l("Somebody else has to decide about your own right to vote."))
    return ALLOWED

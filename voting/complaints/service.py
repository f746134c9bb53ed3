"""Commands about identity complaints: file, look at the document, decide. They flush, never commit.

Filing and the close meet at the row of the round: whoever files reads it under a shared lock, the close changes it
and then counts what is open, so that a complaint is either in, and the close refuses, or it is refused itself.
"""

from datetime import datetime

from flask_babel import gettext as _
from sqlalchemy.exc import IntegrityError

from civic import audit
from civic.accounts import queries as accounts
from civic.accounts import verification
from civic.accounts.identity import Identity
from civic.accounts.models import Account
from civic.actor import Actor
from civic.deadlines.service import give
from civic.errors import Conflict, Invalid
from civic.extensions import db
from civic.policy import Action, enforce, may, refused
from civic.rounds.models import Round
from civic.text import clean_line, clean_text
from voting import roll_queries, strikes
from voting.complaints import letters, policy, queries, rules
from voting.complaints.models import IdentityComplaint
from voting.complaints.rules import Kind, Outcome
from voting.plan import FrozenRound

MAX_TEXT = 5_000
MAX_CONTACT = 300
DEADLINE = "complaint.answer"


class DecidedMeanwhile(Conflict):
    """Somebody else decided first. The page shows what."""


def _enter(round_: Round, plan: FrozenRound | None, now: datetime) -> None:
    """Let a complaint in, or refuse it; until the commit the close of the round waits."""
    db.session.refresh(round_, ["closed_at"], with_for_update={"read": True})
    enforce(policy.can_file(round_, plan, now))


def _words(text: str) -> str:
    words = clean_text(text)
    if not words or len(words) > MAX_TEXT:
        raise Invalid(_("Say in up to %(most)s characters what happened.", most=MAX_TEXT))
    return words


def _add(actor: Actor, made: IdentityComplaint, now: datetime) -> IdentityComplaint:
    try:
        with db.session.begin_nested():
            db.session.add(made)
    except IntegrityError as error:
        if "uq_identity_complaint" not in str(error.orig):
            raise
        raise Conflict(_("There already is a complaint that waits for an answer.")) from error
    details = {"complaint": made.id, "kind": made.kind}
    audit.record(actor, "complaint.filed", "round", made.round_id, now, details)
    letters.tell_filed(made, now)
    return made


def file_complaint(
    actor: Actor, round_: Round, plan: FrozenRound | None, kind: str, text: str, now: datetime
) -> IdentityComplaint:
    """File a complaint from one's own account.

    Raises NotAllowed outside the vote and its validation, Invalid for no words or a kind that does not fit,
    Conflict while an earlier one waits.
    """
    _enter(round_, plan, now)
    enforce(policy.can_file_from(accounts.get_account(actor.id or 0), round_, plan, now))
    words = _words(text)
    if kind == Kind.BALLOT_NOT_MINE and actor.person_id is None:
        raise Invalid(
            _(
                "No ballot can be in the name of an account that is not verified. If somebody else was verified with "
                "your document, choose “Somebody uses my identity”."
            )
        )
    given = give(DEADLINE, now)
    made = IdentityComplaint(
        round_id=round_.id,
        kind=kind,
        account_id=actor.id,
        # Whose record a document belongs to is known once a clerk has seen it.
        person_id=actor.person_id if kind != Kind.IDENTITY_USED else None,
        text=words,
        filed_at=now,
        due_at=given.due_at,
        deadline_id=given.version.id,
    )
    return _add(actor, made, now)


def file_at_desk(
    actor: Actor,
    round_: Round,
    plan: FrozenRound | None,
    kind: str,
    text: str,
    identity: Identity,
    now: datetime,
    *,
    account: Account | None = None,
    contact: str = "",
) -> IdentityComplaint:
    """File a complaint for the person in front of the clerk, whose document was compared.

    `account` is the person's own account, if they have one; without one, `contact` says how they are answered.
    Raises as `file_complaint` does.
    """
    if not may(actor, Action.VERIFY_RESIDENTS):
        enforce(refused(_("Only desk clerks look at identity documents.")))
    if account is not None and account.id == actor.id:
        enforce(refused(_("Nobody looks at their own document: ask a colleague at the desk.")))
    _enter(round_, plan, now)
    words, contact = _words(text), clean_line(contact)[:MAX_CONTACT]
    if account is None and not contact:
        raise Invalid(_("Write the person's name and how they want to be answered."))
    holder = verification.find_holder(identity)
    if kind == Kind.BALLOT_NOT_MINE and holder is None:
        raise Invalid(
            _("Nobody was ever verified with this document, so no ballot can be in this person's name.")
        )
    given = give(DEADLINE, now)
    made = IdentityComplaint(
        round_id=round_.id,
        kind=kind,
        account_id=account.id if account is not None else None,
        clerk_id=actor.id,
        contact="" if account is not None else contact,
        person_id=holder.id if holder is not None else None,
        text=words,
        filed_at=now,
        due_at=given.due_at,
        deadline_id=given.version.id,
        document_at=now,
        document_by_id=actor.id,
    )
    return _add(actor, made, now)


def check_document(actor: Actor, complaint_id: int, identity: Identity, now: datetime) -> bool:
    """Note that the complainant showed the document, and whose record it is. Whether anybody was verified with it."""
    complaint = queries.get_complaint(complaint_id, lock=True)
    enforce(policy.can_check_document(actor, complaint))
    holder = verification.find_holder(identity)
    complaint.document_at, complaint.document_by_id = now, actor.id
    if complaint.kind != Kind.BALLOT_NOT_MINE:
        complaint.person_id = holder.id if holder is not None else None
    elif holder is None or holder.id != complaint.person_id:
        raise Invalid(_("This is not the document of the person whose account filed the complaint."))
    db.session.flush()
    audit.record(
        actor, "complaint.document_checked", "round", complaint.round_id, now, {"complaint": complaint_id}
    )
    return holder is not None


def is_of_another(complaint: IdentityComplaint) -> bool:
    """Whether the person it is about is no longer the one of the account that complained, nor was the document shown
    since: whoever lost an identity at the desk must not have its holder's ballot voided."""
    if complaint.account_id is None or complaint.person_id is None or complaint.document_at is not None:
        return False
    return accounts.get_account(complaint.account_id).person_id != complaint.person_id


def outcomes(
    complaint: IdentityComplaint, round_: Round, plan: FrozenRound | None, now: datetime
) -> tuple[Outcome, ...]:
    """What may be decided about a complaint now."""
    person = complaint.person_id
    on_roll = person is not None and roll_queries.find_on_roll(round_.id, person) is not None
    known = person is not None and (
        complaint.document_at is not None
        or (complaint.kind != Kind.IDENTITY_USED and not is_of_another(complaint))
    )
    where = policy.window_of(round_, plan, now)
    return rules.outcomes(Kind(complaint.kind), where, on_roll=on_roll, person_known=known)


def decide(
    actor: Actor,
    round_: Round,
    plan: FrozenRound | None,
    complaint_id: int,
    outcome: str,
    reason: str,
    now: datetime,
) -> bool:
    """Decide a complaint with a reason its author reads, carry the decision out and tell them.

    Voiding takes two people: the first one's word is kept and the complaint stays open; False. Raises
    DecidedMeanwhile when somebody else was first, NotAllowed, Invalid, and Conflict from what it sets going.
    """
    complaint = queries.get_complaint(complaint_id, round_.id, lock=True)
    if complaint.decided_at is not None:
        raise DecidedMeanwhile(_("This complaint was decided already."))
    enforce(policy.can_decide(actor, complaint))
    if outcome not in outcomes(complaint, round_, plan, now):
        raise Invalid(_("Choose the outcome."))
    words = clean_text(reason)
    if not words or len(words) > MAX_TEXT:
        raise Invalid(_("Write the reasons: the author reads them."))
    if outcome == Outcome.VOTE_AGAIN:
        _check_not_struck(round_, complaint)
    if outcome == Outcome.VOID and not _void(actor, round_, plan, complaint, words, now):
        complaint.void_asked_by_id, complaint.reason = actor.id, words
        db.session.flush()
        return False
    if outcome in rules.UPHELD and complaint.kind == Kind.IDENTITY_USED:
        _give_back(actor, complaint, now)
    complaint.outcome, complaint.reason = outcome, words
    complaint.decided_by_id, complaint.decided_at = actor.id, now
    db.session.flush()
    audit.record(
        actor, "complaint.decided", "round", round_.id, now, {"complaint": complaint_id, "outcome": outcome}
    )
    letters.tell_decided(complaint, round_, plan, now)
    return True


def _check_not_struck(round_: Round, complaint: IdentityComplaint) -> None:
    """Nobody is told to vote again who cannot."""
    assert complaint.person_id is not None
    if roll_queries.get_on_roll(round_.id, complaint.person_id).strike is not None:
        raise Conflict(
            _("This person is struck from the list: lift the strike first, then they can vote again.")
        )


def _void(
    actor: Actor,
    round_: Round,
    plan: FrozenRound | None,
    complaint: IdentityComplaint,
    reason: str,
    now: datetime,
) -> bool:
    """Strike the person unless they are, and say that a ballot in their name does not count. Whether that is decided."""
    assert complaint.person_id is not None
    struck = roll_queries.get_on_roll(round_.id, complaint.person_id).strike
    if struck is None:
        struck = strikes.strike(actor, round_, plan, complaint.person_id, reason, now)
    words = roll_queries.list_voids(struck.id)
    if len(words) >= strikes.PEOPLE_TO_VOID:
        return True
    if any(one.account_id == actor.id for one in words):
        raise Conflict(_("You asked for this: another person has to confirm it."))
    return strikes.decide_void(actor, round_, plan, complaint.person_id, now, until_close=True)


def _give_back(actor: Actor, complaint: IdentityComplaint, now: datetime) -> None:
    """The identity becomes its holder's again, unless it is already."""
    assert complaint.person_id is not None
    account = accounts.get_account(complaint.account_id) if complaint.account_id else None
    if account is not None and account.person_id == complaint.person_id:
        return
    verification.give_back(actor, complaint.person_id, account, complaint.document_by_id, now)

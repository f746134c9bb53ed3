"""What a complainant is told, in their language: that the complaint is in, and what was decided."""

from datetime import datetime

from flask_babel import LazyString
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from civic.extensions import db
from civic.format import deadline
from civic.notifications import compose
from civic.notifications import service as notifications
from civic.rounds.models import Round
from voting.complaints.models import IdentityComplaint
from voting.complaints.rules import Kind, Outcome
from voting.plan import FrozenRound

KINDS = {
    Kind.BALLOT_NOT_MINE: _l("A ballot is recorded in my name and I did not vote"),
    Kind.IDENTITY_USED: _l("Somebody uses my identity: the city knows another account as me"),
    Kind.OTHER: _l("Something else about my identity or my right to vote"),
}

OUTCOMES = {
    Outcome.VOTE_AGAIN: _l("Complaint upheld: the person votes again themselves"),
    Outcome.VOID: _l("Complaint upheld: a ballot in this name does not count"),
    Outcome.RESTORED: _l("Complaint upheld: the identity is its holder's again"),
    Outcome.DISMISSED: _l("Complaint dismissed"),
}

#: The same, to whoever complained.
DECIDED = {
    Outcome.VOTE_AGAIN: _l("Your complaint is upheld: vote again yourself"),
    Outcome.VOID: _l("Your complaint is upheld: a ballot in your name does not count"),
    Outcome.RESTORED: _l("Your complaint is upheld: your identity is yours again"),
    Outcome.DISMISSED: _l("Your complaint is dismissed"),
}

#: What each outcome sets going, for staff before they decide.
EFFECTS = {
    Outcome.VOTE_AGAIN: _l(
        "The person is told to change the password and to vote again until the vote ends: the new ballot replaces "
        "whatever is in the box in their name. A sheet of paper handed out in this name has to be brought back unused "
        "first: the desk then lifts its mark. If somebody used their identity, it moves to their own account at once."
    ),
    Outcome.VOID: _l(
        "The person is struck from the list and a ballot cast in their name online or at the desk, if there is one, is "
        "never opened. A sheet of paper in the urn counts: nobody knows which one it is. Two people decide: the "
        "complaint stays open until another colleague says the same. If somebody used their identity, it moves to "
        "their own account."
    ),
    Outcome.RESTORED: _l(
        "The identity moves from the account that used it to the person's own. Without an account, it waits "
        "until they make one and come to the desk. No ballot is touched."
    ),
    Outcome.DISMISSED: _l("Nothing changes. The person reads the reasons."),
}

#: What follows for the complainant.
FOLLOWS = {
    Outcome.VOTE_AGAIN: _l(
        "Change the password of your account first, so that nobody else gets in. Then vote again: your new ballot "
        "replaces whatever is in the box in your name, and only the last one counts. If a sheet of paper was handed out "
        "in your name, it has to be brought back unused to the desk first: the clerk lifts its mark, and until then you "
        "cannot vote online. One that is in the urn can no longer be told from the others."
    ),
    Outcome.VOID: _l(
        "Two people decided that a ballot cast in your name online or at the desk, if there is one, does not count. It "
        "is never opened. A sheet of paper in the urn cannot be told from the others, and stays."
    ),
    Outcome.RESTORED: _l("Your identity belongs to you again: nobody else can vote with it."),
    Outcome.DISMISSED: _l("Once the results are published you can contest them."),
}


def _status_page(round_id: int) -> str:
    slug = db.session.get_one(Round, round_id).slug
    return compose.address_of("voting_complaints.complaint", slug=slug)


def tell_filed(complaint: IdentityComplaint, now: datetime) -> None:
    """Confirm to the account that the complaint is in, with its number and until when it is answered."""
    if complaint.account_id is None:
        return
    link, number, due = _status_page(complaint.round_id), complaint.id, complaint.due_at

    def body() -> str:
        said = _(
            "Your complaint has the number %(number)s. You are answered until %(due)s. The ballots are not opened "
            "before every complaint is decided.",
            number=number,
            due=deadline(due),
        )
        return f"{said}\n\n{link}"

    subject = LazyString(lambda: _("Your identity complaint no. %(number)s is registered", number=number))
    notifications.tell_account(
        complaint.account_id, subject, body, now, f"complaint:{number}:filed", by_name=False
    )


def tell_decided(
    complaint: IdentityComplaint, round_: Round, plan: FrozenRound | None, now: datetime
) -> None:
    """Tell the account what was decided, why, and what to do now."""
    if complaint.account_id is None or complaint.outcome is None:
        return
    outcome, number, reason = Outcome(complaint.outcome), complaint.id, complaint.reason
    link = _status_page(complaint.round_id)

    def body() -> str:
        lines = [
            f"{DECIDED[outcome]}.",
            _("Reasons: %(reason)s", reason=reason),
            str(FOLLOWS[outcome]),
        ]
        if outcome is Outcome.VOTE_AGAIN and plan is not None:
            lines.append(_("You can vote until %(end)s.", end=deadline(plan.closes_at)))
            lines.append(compose.address_of("voting.ballot", slug=round_.slug))
        return "\n\n".join([*lines, link])

    subject = LazyString(lambda: _("Your identity complaint no. %(number)s was decided", number=number))
    notifications.tell_account(
        complaint.account_id, subject, body, now, f"complaint:{number}:decided", by_name=False
    )

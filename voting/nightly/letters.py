"""The words of the night's messages: a checkpoint to a witness, to a voter that a ballot stands in their name; and to
a witness that the address is another."""

from datetime import datetime

from flask_babel import gettext as _

from civic.format import deadline
from civic.notifications import compose


def checkpoint_letter(name: str, round_name: str, size: int, note: str, page: str) -> tuple[str, str]:
    """Subject and body of the message to a witness, in the language being spoken."""
    body = compose.letter(
        name,
        _("This is a checkpoint of the vote %(round)s: how many ballots and voids its log holds, and their "
          "fingerprint, signed with the city's key. Keep it exactly as it is.", round=round_name),
        note.rstrip("\n"),
        _("Nobody can later drop or change a ballot of this log without this fingerprint becoming another. "
          "Compare it with the one everybody is shown:\n%(page)s", page=page),
    )  # fmt: skip
    return _("Checkpoint %(size)s of the vote %(round)s", size=size, round=round_name), body


def address_letter(name: str, round_name: str, page: str) -> tuple[str, str]:
    """Subject and body for the address to which a witness's checkpoints are sent from now on."""
    body = compose.letter(
        name,
        _("You are a witness of the vote %(round)s: its checkpoints are sent to this address from now on.",
          round=round_name),
        _("Those signed so far are here; keep them too:\n%(page)s", page=page),
    )  # fmt: skip
    return _("Checkpoints of the vote %(round)s", round=round_name), body


def address_left_letter(name: str, round_name: str, page: str, contact: str) -> tuple[str, str]:
    """Subject and body for the address to which a witness's checkpoints were sent until now."""
    body = compose.letter(
        name,
        _("Checkpoints of the vote %(round)s for this witness are sent to another address from now on.",
          round=round_name),
        _("If you are the witness and did not ask for it, write to %(contact)s and say so in public. Everybody finds "
          "the checkpoints here:\n%(page)s", contact=contact, page=page),
    )  # fmt: skip
    return _("Checkpoints go to another address: %(round)s", round=round_name), body


def ballot_letter(
    round_name: str, page: str, contact: str, votes_until: datetime | None, contest_until: datetime
) -> tuple[str, str]:
    """Subject and body of the notice to a voter, in the language being spoken.

    The same for everybody of a night: it tells neither when, where and what was voted nor whether it replaced an earlier
    ballot, because whoever is the only one to be told such a thing is known by it in the box. It greets nobody by the
    name they chose to be shown by: it is about the one they are registered with. `votes_until` is None once no ballot
    is taken any more.
    """
    again = (
        _(
            "You can also cast a ballot yourself until %(until)s: the last one counts.",
            until=deadline(votes_until),
        )
        if votes_until is not None
        else ""
    )
    body = compose.letter(
        "",
        _("In the vote %(round)s, a ballot was recorded in your name, or replaced the one that was there. If you "
          "voted or changed your vote, all is well and there is nothing to do.", round=round_name),
        _("If it was not you, tell us as soon as you can, at the desk, at %(contact)s or from this page, not later than "
          "%(until)s:\n%(page)s", contact=contact, until=deadline(contest_until), page=page),
        again,
        _("To keep the vote secret, this message does not say when, where or what was voted. It is sent at night, "
          "once enough people have voted, and once for all the times you voted since the last one."),
    )  # fmt: skip
    return _("A ballot was recorded in your name"), body

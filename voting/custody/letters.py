"""What holders are told by mail: that they were named, that a key was made, that it is time, that it is over."""

from datetime import datetime
from typing import Any

from flask_babel import LazyString
from flask_babel import lazy_gettext as _

from civic.format import moment
from civic.notifications import compose
from civic.notifications import service as notifications
from civic.rounds.models import Round
from voting.custody.models import CustodyKey


def _page(round_: Round) -> str:
    return compose.address_of("custody.show", round_id=round_.id)


def _tell(account_id: int, title: Any, lines: list[Any], now: datetime, dedup_key: str | None = None) -> None:
    """Title and lines are lazy: they are spoken in the language of whoever reads them."""
    notifications.tell_account(account_id, title, lambda: "\n\n".join(map(str, lines)), now, dedup_key)


def named(round_: Round, holder: CustodyKey, now: datetime) -> None:
    """You are one of the three."""
    lines = [
        _(
            "You were named one of the three holders of the key of the ballot box of %(round)s.",
            round=round_.name,
        ),
        _(
            "After the vote any two of you open the box; none of you can open it alone, nor can the city hall."
        ),
        _("Sign in and make your key before voting opens. It takes five minutes, on a phone too:"),
        _page(round_),
        _("Your name and your function will be public, in the plan of the vote."),
        _("If you did not agree to this, answer the city hall now."),
    ]
    _tell(holder.account_id, _("You hold a key of the ballot box: %(round)s", round=round_.name), lines, now)


def released(round_: Round, account_id: int, now: datetime) -> None:
    """You are one of them no longer."""
    lines = [
        _(
            "You are no longer one of the holders of the key of the ballot box of %(round)s.",
            round=round_.name,
        ),
        _("If you have made a key, it opens nothing: delete its file."),
    ]
    _tell(
        account_id, _("You no longer hold a key of the ballot box: %(round)s", round=round_.name), lines, now
    )


def key_made(round_: Round, holder: CustodyKey, now: datetime) -> None:
    """A key was made in your name: a stranger in the account would be noticed."""
    lines = [
        _("A key of the ballot box of %(round)s was made from your account just now.", round=round_.name),
        _(
            "An earlier file of yours, if there was one, opens nothing any more. Show the new file on the page:"
        ),
        _page(round_),
        _("If it was not you, change your password, make a new key and tell the city hall."),
    ]
    _tell(
        holder.account_id, _("Your key of the ballot box was made: %(round)s", round=round_.name), lines, now
    )


def remind(round_: Round, holder: CustodyKey, starts: datetime, days: int, now: datetime) -> None:
    """The vote cannot open without you. Said once for each number of days that are left."""
    lines = [
        _("Voting in %(round)s begins on %(start)s. It opens only when the three keys are made, shown and "
          "rehearsed, and yours is still missing a step.", round=round_.name, start=LazyString(moment, starts)),
        _("It takes five minutes; the page says what there is to do:"),
        _page(round_),
    ]  # fmt: skip
    title = _("The vote cannot open without your key: %(round)s", round=round_.name)
    _tell(holder.account_id, title, lines, now, f"custody-remind:{round_.id}:{holder.account_id}:{days}")


def call(round_: Round, holder: CustodyKey, now: datetime) -> None:
    """The vote is over: present your key. Said once."""
    lines = [
        _(
            "The vote of %(round)s is over and the link between people and ballots is destroyed.",
            round=round_.name,
        ),
        _("Two of the three holders now present their keys, each from their own device. Present yours here:"),
        _page(round_),
        _("Never send the file by mail and give it to nobody, not even to the city hall."),
    ]
    title = _("It is time to present your key: %(round)s", round=round_.name)
    _tell(holder.account_id, title, lines, now, f"custody-call:{round_.id}:{holder.place}")


def over(round_: Round, holder: CustodyKey, now: datetime) -> None:
    """The copies are destroyed: the file opens nothing any more. Said once."""
    lines = [
        _("The time to contest the results of %(round)s is over, and what your key opened was destroyed.",
          round=round_.name),
        _("Delete the file and every copy of it. Thank you."),
    ]  # fmt: skip
    title = _("You may delete your key of the ballot box: %(round)s", round=round_.name)
    _tell(holder.account_id, title, lines, now, f"custody-over:{round_.id}:{holder.place}")

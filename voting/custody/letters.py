"""What holders are told by mail: that they were named, that a key was made, that it is time, that it is over."""

from datetime import datetime
from typing import Any

from flask_babel import gettext as _

from civic.format import moment
from civic.notifications import compose
from civic.notifications import service as notifications
from civic.rounds.models import Round
from voting.custody.models import CustodyKey


def _page(round_: Round) -> str:
    return compose.address_of("custody.show", round_id=round_.id)


def _tell(account_id: int, title: Any, lines: Any, now: datetime, dedup_key: str | None = None) -> None:
    notifications.tell_account(account_id, title, lambda: "\n\n".join(lines()), now, dedup_key)


def named(round_: Round, holder: CustodyKey, now: datetime) -> None:
    """You are one of the three."""
    name, page = round_.name, _page(round_)
    _tell(
        holder.account_id,
        lambda: _("You hold a key of the ballot box: %(round)s", round=name),
        lambda: [
            _("You were named one of the three holders of the key of the ballot box of %(round)s.", round=name),
            _("After the vote any two of you open the box; none of you can open it alone, nor can the city hall."),
            _("Sign in and make your key before voting opens. It takes five minutes, on a phone too:"),
            page,
            _("Your name and your function will be public, in the plan of the vote."),
            _("If you did not agree to this, answer the city hall now."),
        ],
        now,
    )  # fmt: skip


def released(round_: Round, account_id: int, now: datetime) -> None:
    """You are one of them no longer."""
    name = round_.name
    _tell(
        account_id,
        lambda: _("You no longer hold a key of the ballot box: %(round)s", round=name),
        lambda: [
            _("You are no longer one of the holders of the key of the ballot box of %(round)s.", round=name),
            _("If you have made a key, it opens nothing: delete its file."),
        ],
        now,
    )  # fmt: skip


def key_made(round_: Round, holder: CustodyKey, now: datetime) -> None:
    """A key was made in your name: a stranger in the account would be noticed."""
    name, page = round_.name, _page(round_)
    _tell(
        holder.account_id,
        lambda: _("Your key of the ballot box was made: %(round)s", round=name),
        lambda: [
            _("A key of the ballot box of %(round)s was made from your account just now.", round=name),
            _("An earlier file of yours, if there was one, opens nothing any more. Show the new file on the page:"),
            page,
            _("If it was not you, change your password, make a new key and tell the city hall."),
        ],
        now,
    )  # fmt: skip


def remind(round_: Round, holder: CustodyKey, starts: datetime, days: int, now: datetime) -> None:
    """The vote cannot open without you. Said once for each number of days that are left."""
    name, page = round_.name, _page(round_)
    _tell(
        holder.account_id,
        lambda: _("The vote cannot open without your key: %(round)s", round=name),
        lambda: [
            _("Voting in %(round)s begins on %(start)s. It opens only when the three keys are made, shown and "
              "rehearsed, and yours is still missing a step.", round=name, start=moment(starts)),
            _("It takes five minutes; the page says what there is to do:"),
            page,
        ],
        now,
        f"custody-remind:{round_.id}:{holder.account_id}:{days}",
    )  # fmt: skip


def call(round_: Round, holder: CustodyKey, now: datetime) -> None:
    """The vote is over: present your key. Said once."""
    name, page = round_.name, _page(round_)
    _tell(
        holder.account_id,
        lambda: _("It is time to present your key: %(round)s", round=name),
        lambda: [
            _("The vote of %(round)s is over and the link between people and ballots is destroyed.", round=name),
            _("Two of the three holders now present their keys, each from their own device. Present yours here:"),
            page,
            _("Never send the file by mail and give it to nobody, not even to the city hall."),
        ],
        now,
        f"custody-call:{round_.id}:{holder.place}",
    )  # fmt: skip


def over(round_: Round, holder: CustodyKey, now: datetime) -> None:
    """The copies are destroyed: the file opens nothing any more. Said once."""
    name = round_.name
    _tell(
        holder.account_id,
        lambda: _("You may delete your key of the ballot box: %(round)s", round=name),
        lambda: [
            _("The time to contest the results of %(round)s is over, and what your key opened was destroyed.",
              round=name),
            _("Delete the file and every copy of it. Thank you."),
        ],
        now,
        f"custody-over:{round_.id}:{holder.place}",
    )  # fmt: skip

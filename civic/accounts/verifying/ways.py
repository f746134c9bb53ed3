"""What the page of ways shows: each with what one needs at hand and how long it takes, the easiest first."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from flask import url_for
from flask_babel import gettext as _

from civic.accounts.models import Person
from civic.accounts.verifying import methods, policy
from civic.rounds.models import Round


@dataclass(frozen=True)
class Way:
    """One way of being verified, in words."""

    proof: str
    title: Any
    needs: Sequence[Any]
    takes: Any
    #: where it begins, and what the button says; the desk has none
    url: str = ""
    label: Any = ""


def list_ways(rounds: Sequence[Round], person: Person | None, slug: str | None) -> list[Way]:
    """What somebody can do now; only what is stronger than what they have."""
    remote = [
        one for one in policy.offered(rounds) if person is None or methods.is_stronger(one, person.proof)
    ]
    ways = [_REMOTE[one](slug) for one in remote]
    if person is None or methods.is_weak(person.proof):
        ways.append(_desk())
    return ways


def _at_hand() -> list[Any]:
    return [
        _("your identity card or passport"),
        _("the address where you live, work or study in the city"),
    ]


def _email(slug: str | None) -> Way:
    return Way(
        "declaration_email",
        _("Now, from here: a declaration and a code by e-mail"),
        [*_at_hand(), _("the mail box of your account")],
        _("About three minutes."),
        url_for("verifying.declare", way="email", round=slug),
        _("Begin, with a code by e-mail"),
    )


def _sms(slug: str | None) -> Way:
    return Way(
        "declaration_sms",
        _("Now, from here: a declaration and a code by SMS"),
        [*_at_hand(), _("your mobile phone, with a Romanian number")],
        _("About three minutes."),
        url_for("verifying.declare", way="sms", round=slug),
        _("Begin, with a code by SMS"),
    )


def _letter(slug: str | None) -> Way:
    return Way(
        "letter",
        _("A letter with a code, to your address"),
        [*_at_hand(), _("your letter box: the letter comes by post")],
        _("Three minutes now, then a week or two until the letter comes."),
        url_for("verifying.declare", way="letter", round=slug),
        _("Ask for the letter"),
    )


def _desk() -> Way:
    return Way(
        "desk",
        _("At the desk of the city hall"),
        [
            _("your identity card, or your passport if you are a citizen of another country"),
            _("proof of work or study, if you vote where you work or study"),
            _("the e-mail address of your account"),
        ],
        _(
            "About three minutes at the desk, without an appointment. It need not be done again for later rounds."
        ),
    )


_REMOTE = {"declaration_email": _email, "declaration_sms": _sms, "letter": _letter}

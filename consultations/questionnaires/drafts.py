"""Answers not sent yet: kept sealed on the server, under the mark of an account or of a code to go on with.

With an account the draft is the account's. Without one a browser gets a random code, kept in a cookie and shown, so
that one can go on from another device; whoever has the database has neither the code nor what was written.
"""

import secrets
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import delete
from sqlalchemy.dialects.postgresql import insert

from civic import sealing
from civic.actor import Actor
from civic.clock import city_date
from civic.extensions import db
from consultations.questionnaires import queries
from consultations.questionnaires.models import Begun, Draft, Questionnaire

_ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_READ_AS = str.maketrans({"O": "0", "I": "1", "L": "1", "U": "V"})
CODE_LETTERS = 16
PURPOSE = "questionnaire draft"


@dataclass(frozen=True)
class Sitting:
    """Somebody answering: the mark under which their draft is, and the code when they have no account."""

    key: bytes
    code: str = ""


@dataclass
class Kept:
    """What a draft holds: by field, everything typed."""

    raw: dict[str, list[str]] = field(default_factory=dict)
    #: the page they were on, from 1
    page: int = 1


def new_code() -> str:
    """A code to go on with: 80 random bits in letters that cannot be confused, in groups of four."""
    letters = "".join(secrets.choice(_ALPHABET) for _letter in range(CODE_LETTERS))
    return "-".join(letters[at : at + 4] for at in range(0, CODE_LETTERS, 4))


def read_code(typed: str) -> str | None:
    """A code as it was given, however it was typed; None when it is none.

    >>> read_code("abcd efgh jkmn pqrs")
    'ABCD-EFGH-JKMN-PQRS'
    """
    letters = "".join(char for char in typed.upper().translate(_READ_AS) if char.isalnum())
    if len(letters) != CODE_LETTERS or not set(letters) <= set(_ALPHABET):
        return None
    return "-".join(letters[at : at + 4] for at in range(0, CODE_LETTERS, 4))


def sitting_of(questionnaire: Questionnaire, actor: Actor, code: str | None) -> Sitting | None:
    """Whose draft it would be: the account's, or the code's where anybody may answer; None for neither."""
    if questionnaire.access != "anyone":
        if actor.id is None:
            return None
        return Sitting(sealing.mark("questionnaire draft", f"{questionnaire.id}:account:{actor.id}"))
    known = read_code(code or "")
    if known is None:
        return None
    return Sitting(sealing.mark("questionnaire draft", f"{questionnaire.id}:code:{known}"), known)


def find(sitting: Sitting | None) -> Kept | None:
    """The draft, if there is one that opens."""
    stored = queries.find_draft(sitting.key) if sitting is not None else None
    if stored is None:
        return None
    try:
        values = sealing.unseal(PURPOSE, stored.sealed)
    except ValueError:
        return None
    return Kept(values["raw"], values["page"])


def keep(questionnaire: Questionnaire, sitting: Sitting, kept: Kept, now: datetime) -> None:
    """Store the draft in the place of the one before."""
    sealed = sealing.seal(PURPOSE, {"raw": kept.raw, "page": kept.page})
    values = {"sealed": sealed, "day": city_date(now)}
    db.session.execute(
        insert(Draft)
        .values(key=sitting.key, questionnaire_id=questionnaire.id, **values)
        .on_conflict_do_update(index_elements=["key"], set_=values)
    )


def note_begun(questionnaire: Questionnaire, network: str, device: str, now: datetime) -> int:
    """How often answers were begun today from a device and network, this time included. Kept for the day, keyed."""
    day = city_date(now)
    mark = sealing.mark("questionnaire begun", f"{questionnaire.id}:{day}:{network}:{device}")
    made = insert(Begun).values(mark=mark, day=day, times=1)
    statement = made.on_conflict_do_update(index_elements=["mark"], set_={"times": Begun.times + 1})
    return db.session.scalar(statement.returning(Begun.times)) or 1


def drop(sitting: Sitting) -> None:
    """Forget the draft."""
    db.session.execute(delete(Draft).where(Draft.key == sitting.key))

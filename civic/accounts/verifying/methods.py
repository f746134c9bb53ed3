"""The ways in which the city learns who somebody is, how strong each is, and which of them a round accepts.

A *proof* is the way as one word: the method, and for a declaration what carried its code. Plain values.
"""

from collections.abc import Iterable
from typing import Any

from flask_babel import lazy_gettext as _

#: From the weakest to the strongest. `recorded` people stand in elections of the past and vote in none.
STRENGTH = {
    "recorded": 0,
    "declaration_email": 1,
    "declaration_sms": 2,
    "letter": 3,
    "desk": 4,
    "roeid": 4,
}
#: What every round accepts: somebody looked at a document, or the state's electronic identity did.
ALWAYS = ("desk", "roeid")
#: What a round may accept besides, in order of ease for the resident.
REMOTE = ("declaration_email", "declaration_sms", "letter")
#: Rows of the published turnout, the strongest first.
PUBLISHED = ("desk", "roeid", "letter", "declaration_sms", "declaration_email")

NAMES: dict[str, Any] = {
    "desk": _("at the desk, with the identity document"),
    "roeid": _("with the state's electronic identity"),
    "letter": _("by a letter with a code, sent to the address"),
    "declaration_sms": _("by declaration, with a code by SMS"),
    "declaration_email": _("by declaration, with a code by e-mail"),
}


def proof_of(method: str, confirmed_by: str | None) -> str:
    """The way a stored person was checked.

    >>> proof_of("declaration", "sms"), proof_of("desk", None)
    ('declaration_sms', 'desk')
    """
    return f"declaration_{confirmed_by}" if method == "declaration" else method


def is_accepted(proof: str, remote: Iterable[str]) -> bool:
    """Whether a round that accepts `remote` ways besides the desk takes this one."""
    return proof in ALWAYS or (proof in REMOTE and proof in remote)


def is_weak(proof: str) -> bool:
    """Whether nobody has looked at a document: another look is worth asking for."""
    return STRENGTH[proof] < STRENGTH["desk"]


def is_stronger(proof: str, other: str) -> bool:
    """Whether one way says more than another."""
    return STRENGTH[proof] > STRENGTH[other]


def in_order(remote: Iterable[str]) -> list[str]:
    """Accepted ways in one order, each once; unknown ones are left out."""
    wanted = set(remote)
    return [one for one in REMOTE if one in wanted]

"""Codes and telephone numbers: how long, how often, which. Plain values in, plain values out."""

import re
import unicodedata
from datetime import datetime, timedelta

from civic.accounts.rules import Throttle

CODE_DIGITS = 6
CODE_LIFE = timedelta(minutes=10)
CODE_TRIES = 5
#: Another code is sent after this long at the earliest.
RESEND_AFTER = timedelta(seconds=60)
#: A letter is under way for days, and lies in a letter box for more.
LETTER_LIFE = timedelta(days=30)
#: Crockford's letters and digits: none is taken for another.
LETTER_ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
LETTER_CODE_LENGTH = 8
#: A declaration nobody confirmed is forgotten after this long.
WAITING_KEPT = timedelta(hours=24)

#: The wording of the declaration; raised with every change of it.
CONSENT_VERSION = 1

#: Declarations sent from an account and a network: for honest mistakes, not for trying a list of numbers.
ACCOUNT_THROTTLE = Throttle(free=5, first=timedelta(minutes=15), most=timedelta(hours=6))
NETWORK_THROTTLE = Throttle(free=40, first=timedelta(minutes=2), most=timedelta(hours=1))
#: Codes sent to one telephone number, by whatever account.
PHONE_THROTTLE = Throttle(free=5, first=timedelta(minutes=30), most=timedelta(hours=6))
#: Codes sent for one account.
CODE_THROTTLE = Throttle(free=5, first=timedelta(minutes=15), most=timedelta(hours=6))

_ROMANIAN_MOBILE = re.compile(r"(?:\+40|0040|40|0)(7[0-9]{8})")


def read_phone(raw: str) -> str | None:
    """A Romanian mobile number in its international form, or None for what is none.

    Numbers of other countries are not taken: messages to them are what gateways are defrauded with.

    >>> read_phone("0722 123 456"), read_phone("+40 (722) 123-456"), read_phone("+39 333 1234567")
    ('+40722123456', '+40722123456', None)
    """
    number = re.sub(r"[\s.()\-/]", "", unicodedata.normalize("NFKC", raw))
    found = _ROMANIAN_MOBILE.fullmatch(number) if number.isascii() else None
    return f"+40{found.group(1)}" if found else None


def masked_phone(number: str) -> str:
    """As much of a number as tells its owner which one it is.

    >>> masked_phone("+40722123456")
    '07•• ••• 456'
    """
    return f"07•• ••• {number[-3:]}"


def read_code(raw: str) -> str:
    """The digits of a typed code, however they were set apart.

    >>> read_code(" 123 456 ")
    '123456'
    """
    return re.sub(r"[\s.\-]", "", unicodedata.normalize("NFKC", raw))[:40]


def read_letter_code(raw: str) -> str:
    """The code of a letter as it was made: capital letters, without what sets it apart; O is 0, I and L are 1.

    >>> read_letter_code("abcd-i0ol")
    'ABCD1001'
    """
    return read_code(raw).upper().translate(str.maketrans("OIL", "011"))


def may_resend_at(sent_at: datetime | None) -> datetime | None:
    """From when another code may be asked for; None: at once."""
    return None if sent_at is None else sent_at + RESEND_AFTER

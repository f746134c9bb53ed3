"""Personal numbers and documents: checking them and turning them into the one hash that is kept.

Pure functions. The number itself is a national identification number (Law 190/2018): it is never stored,
logged or shown again; only HMAC-SHA256 under the installation's identity key is, so that one human being is
one person record.
"""

import hashlib
import hmac
import re
import unicodedata
from dataclasses import dataclass
from datetime import date

#: Weights of the check digit; the sum modulo 11, with 10 written as 1.
CNP_WEIGHTS = (2, 7, 9, 1, 4, 6, 3, 5, 8, 2, 7, 9)

#: The first digit tells sex and century. 7 and 8 (residents born abroad) and 9 (foreigners) tell no century.
CNP_CENTURIES = {1: 1900, 2: 1900, 3: 1800, 4: 1800, 5: 2000, 6: 2000}

#: County codes of the place of registration at birth, as seen in practice; others are possible, only unusual.
CNP_COUNTIES = frozenset((*range(1, 47), 51, 52, 70))

OLDEST_YEARS = 125


class IdentityError(ValueError):
    """What was typed cannot be an identity. `code` says why; it never carries what was typed."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@dataclass(frozen=True)
class Identity:
    """The text that is hashed, and what the clerk should look at again. Never printed."""

    text: str
    warnings: tuple[str, ...] = ()

    def __repr__(self) -> str:
        return "Identity(…)"


def cnp_check_digit(first_twelve: str) -> int:
    """The thirteenth digit for twelve digits.

    >>> cnp_check_digit("180010112345")
    0
    """
    total = sum(int(digit) * weight for digit, weight in zip(first_twelve, CNP_WEIGHTS, strict=True))
    return {10: 1}.get(total % 11, total % 11)


def check_birth_date(birth_date: date, today: date) -> None:
    """Raise IdentityError("birth_date_range") for a date in the future or beyond a human life."""
    if birth_date > today or birth_date.year < today.year - OLDEST_YEARS:
        raise IdentityError("birth_date_range")


def read_cnp(raw: str, birth_date: date) -> Identity:
    """A Romanian personal number as the identity it stands for.

    Raises IdentityError with a code: length, century, check, date, birth_date. An unusual county is only a
    warning. The birth date is asked separately because centuries 7, 8 and 9 do not tell it.
    """
    number = re.sub(r"[\s.\-]", "", unicodedata.normalize("NFKC", raw))
    if not re.fullmatch(r"[0-9]{13}", number):
        raise IdentityError("length")
    century_digit = int(number[0])
    if century_digit == 0:
        raise IdentityError("century")
    if int(number[12]) != cnp_check_digit(number[:12]):
        raise IdentityError("check")
    if number[9:12] == "000":
        raise IdentityError("serial")
    year, month, day = int(number[1:3]), int(number[3:5]), int(number[5:7])
    century = CNP_CENTURIES.get(century_digit)
    try:
        # Where the number tells no century, 2000 only checks that the day exists (29 February included).
        date((century or 2000) + year, month, day)
    except ValueError:
        # 29 February 1900 in a number without a century is caught by the comparison below.
        raise IdentityError("date") from None
    if (birth_date.year % 100, birth_date.month, birth_date.day) != (year, month, day):
        raise IdentityError("birth_date")
    if century is not None and birth_date.year != century + year:
        raise IdentityError("birth_date")
    county = int(number[7:9])
    return Identity(f"cnp|{number}", () if county in CNP_COUNTIES else ("county",))


def read_document(country: str, raw: str) -> Identity:
    """A foreign identity document as the identity it stands for: its country and number.

    Romanian documents are refused ("use_cnp"): whoever has one has a personal number, and two ways of
    writing one human being would be two people. Raises IdentityError: country, use_cnp, document.
    """
    country = country.strip().upper()
    if not re.fullmatch(r"[A-Z]{2}", country):
        raise IdentityError("country")
    if country == "RO":
        raise IdentityError("use_cnp")
    number = re.sub(r"[^A-Z0-9]", "", unicodedata.normalize("NFKC", raw).upper())
    if not 5 <= len(number) <= 20 or not any(char.isdigit() for char in number):
        raise IdentityError("document")
    return Identity(f"document|{country}|{number}")


def identity_hash(key: bytes, identity: Identity) -> bytes:
    """The 32 bytes that stand for a human being in this installation."""
    return hmac.new(key, identity.text.encode(), hashlib.sha256).digest()

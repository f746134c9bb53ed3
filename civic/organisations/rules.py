"""What an organisation is: legal forms, numbers, standing. Plain values in, plain values out."""

import re
import unicodedata
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from typing import Protocol
from urllib.parse import urlsplit

NAME_MOST = 200
NUMBER_MOST = 60
WEBSITE_MOST = 200
DESCRIPTION_MOST = 2_000
REASON_MOST = 3_000
PHONE_MOST = 30

#: Registrations by one account in 24 hours: honest people have one or two, a script has hundreds.
REGISTRATIONS_A_DAY = 3
#: Invitations of one organisation in 24 hours.
INVITATIONS_A_DAY = 20
#: An invitation not accepted after this long is void and its address is forgotten.
INVITATION_LIFE = timedelta(days=14)

#: Weights of the check digit of a tax code, for its nine last digits before it (OUG 102/2000 annex).
TAX_CODE_WEIGHTS = (7, 5, 3, 2, 1, 7, 5, 3, 2)


class LegalForm(StrEnum):
    """What kind of body it is."""

    ASSOCIATION = "association"
    FOUNDATION = "foundation"
    FEDERATION = "federation"
    TRADE_UNION = "trade_union"
    EMPLOYERS = "employers"
    INITIATIVE_GROUP = "initiative_group"
    AUTHORITY = "authority"


class State(StrEnum):
    """Where it stands with the city hall."""

    WAITING = "waiting"
    VERIFIED = "verified"
    REFUSED = "refused"
    SUSPENDED = "suspended"


class Role(StrEnum):
    """What a member does: both speak for the organisation, administrators also look after its page and members."""

    ADMINISTRATOR = "administrator"
    SPOKESPERSON = "spokesperson"


class Outcome(StrEnum):
    """How a verification ended; one that was replaced by a newer one is withdrawn."""

    VERIFIED = "verified"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"


#: Anyone may read these.
PUBLIC = frozenset({State.VERIFIED, State.SUSPENDED})
#: The city hall has said why.
REASONED = frozenset({State.REFUSED, State.SUSPENDED})
#: Bodies of private law with legal personality: a written request of theirs obliges to a public debate.
CONSTITUTED = frozenset(
    {
        LegalForm.ASSOCIATION,
        LegalForm.FOUNDATION,
        LegalForm.FEDERATION,
        LegalForm.TRADE_UNION,
        LegalForm.EMPLOYERS,
    }
)
#: The national minorities represented in the Council of National Minorities, by their names' order in Romanian.
MINORITIES = (
    "albanian", "armenian", "bulgarian", "czech", "croatian", "greek", "jewish", "german", "italian", "macedonian",
    "hungarian", "polish", "roma", "lipovan", "ruthenian", "serbian", "slovak", "tatar", "turkish", "ukrainian",
    "other",
)  # fmt: skip
#: A verified organisation that changes one of these is verified again.
VERIFIED_FIELDS = ("name", "legal_form", "registration_number", "tax_code")


@dataclass(frozen=True)
class Contact:
    """How the city hall reaches the organisation, and which of it anyone may read."""

    email: str = ""
    phone: str = ""
    email_public: bool = False
    phone_public: bool = False


@dataclass(frozen=True)
class Values:
    """An organisation as its form holds it. Without areas it works in the whole city."""

    name: str
    legal_form: str
    registration_number: str = ""
    tax_code: str = ""
    description: str = ""
    website: str = ""
    contact: Contact = Contact()
    minority: str | None = None
    areas: tuple[int, ...] = ()


class Standing(Protocol):
    """The part of an organisation that says what weight its word has in law."""

    legal_form: str
    registration_number: str
    state: str


def is_legally_constituted(organisation: Standing) -> bool:
    """Whether it is a verified association, foundation, federation or union, with its number in the register.

    With `is_authority` this is whose written request obliges to a public debate (Law 52/2003, art. 7(9)).
    """
    return (
        organisation.state == State.VERIFIED
        and organisation.legal_form in CONSTITUTED
        and bool(organisation.registration_number)
    )


def is_authority(organisation: Standing) -> bool:
    """Whether it is another public authority, verified."""
    return organisation.state == State.VERIFIED and organisation.legal_form == LegalForm.AUTHORITY


def obliges_debate(organisation: Standing) -> bool:
    """Whether its written request obliges to a public debate (Law 52/2003, art. 7(9))."""
    return is_legally_constituted(organisation) or is_authority(organisation)


def missing_number(legal_form: str, registration_number: str, tax_code: str) -> str | None:
    """Which number this legal form cannot be without (`registration_number`, `tax_code`), or None."""
    if legal_form == LegalForm.INITIATIVE_GROUP:
        return None
    if legal_form == LegalForm.AUTHORITY:
        return None if tax_code else "tax_code"
    return None if registration_number else "registration_number"


def tax_code_check_digit(digits: str) -> int:
    """The last digit of a tax code (CUI/CIF) for the digits before it.

    >>> tax_code_check_digit("426711")
    7
    """
    pairs = zip(digits.rjust(len(TAX_CODE_WEIGHTS), "0"), TAX_CODE_WEIGHTS, strict=True)
    return sum(int(digit) * weight for digit, weight in pairs) * 10 % 11 % 10


def read_tax_code(raw: str) -> str | None:
    """The digits of a Romanian tax code, with or without RO before them; None for what is none.

    >>> read_tax_code("RO 4267117"), read_tax_code("4267118"), read_tax_code("7")
    ('4267117', None, None)
    """
    text = re.sub(r"[\s.\-]", "", unicodedata.normalize("NFKC", raw)).upper().removeprefix("RO")
    if not re.fullmatch(r"[1-9][0-9]{1,9}", text):
        return None
    return text if int(text[-1]) == tax_code_check_digit(text[:-1]) else None


def read_phone(raw: str) -> str | None:
    """A telephone number of any country as it was written, with single spaces; None for what is none.

    >>> read_phone(" 021  209 60 00"), read_phone("+373 22 123456"), read_phone("sunați")
    ('021 209 60 00', '+373 22 123456', None)
    """
    text = " ".join(unicodedata.normalize("NFKC", raw).split())
    digits = re.sub(r"[^0-9]", "", text)
    shape = re.fullmatch(r"\+?[0-9 ()./\-]+", text)
    return text if shape and 6 <= len(digits) <= 15 and len(text) <= PHONE_MOST else None


def read_website(raw: str) -> str | None:
    """An address of the web, http or https, with https put before a bare name; None for what is none.

    >>> read_website("www.verde.ro"), read_website("javascript:alert(1)"), read_website("http://u:p@verde.ro")
    ('https://www.verde.ro', None, None)
    """
    text = unicodedata.normalize("NFC", raw).strip()
    if "://" not in text and not re.match(r"[A-Za-z][A-Za-z0-9+.\-]*:(?![0-9])", text):
        text = f"https://{text}"
    if len(text) > WEBSITE_MOST or any(char.isspace() or ord(char) < 33 for char in text) or "\\" in text:
        return None
    try:
        parts = urlsplit(text)
        host, _port = parts.hostname or "", parts.port
    except ValueError:
        return None
    if (
        parts.scheme.lower() not in ("http", "https")
        or parts.username is not None
        or parts.password is not None
    ):
        return None
    named = re.fullmatch(r"(?:[^\W_](?:[\w\-]*[^\W_])?\.)+[^\W\d_]{2,}", host)
    return text if named else None

"""The unfinished ballot: an encrypted cookie, bound to one voter and one round, and nowhere else.

Choices stand in no address, log, table or cache. On a shared computer the next person's account does not
open the cart of the one before. `bar_of` tells every page that a ballot is waiting to be cast.
"""

import hmac
import json
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from functools import lru_cache
from hashlib import sha256

from flask import Request, Response
from werkzeug.http import dump_cookie

from civic.config import Settings
from voting.ballot_text import amount_text
from voting.keys import CookieBox, application_key
from voting.plan import FrozenRound
from voting.rules import VoterLine

COOKIE = "ballot-"
MAX_AGE = timedelta(days=30)
FORM_ID_BYTES = 16


@dataclass(frozen=True)
class Cart:
    """What a voter chose and has not cast. `items` are pairs of a project's place in the plan and a value."""

    round_id: int
    voter_id: int
    slug: str
    name: str
    closes_at: datetime
    items: tuple[tuple[int, str], ...] = ()
    dismissed: bool = False

    @classmethod
    def empty(cls, plan: FrozenRound, voter_id: int, slug: str, name: str) -> "Cart":
        """A cart with nothing in it."""
        return cls(plan.round_id, voter_id, slug, name[:120], plan.closes_at)

    def choices(self, plan: FrozenRound) -> dict[str, Decimal]:
        """The choices by code; what the plan does not have is left out."""
        codes = list(plan.projects)
        return {codes[at]: Decimal(value) for at, value in self.items if 0 <= at < len(codes)}

    def holding(self, plan: FrozenRound, choices: Mapping[str, Decimal]) -> "Cart":
        """The cart with other choices. Choosing again takes back a dismissal of the reminder."""
        places = {code: at for at, code in enumerate(plan.projects)}
        items = tuple(sorted((places[code], amount_text(value)) for code, value in choices.items()))
        return replace(self, items=items, dismissed=False)

    def pack(self) -> bytes:
        """The cart as bytes to encrypt."""
        values = [
            1, self.round_id, self.voter_id, self.slug, self.name, int(self.closes_at.timestamp()),
            int(self.dismissed), [[at, value] for at, value in self.items],
        ]  # fmt: skip
        return json.dumps(values, ensure_ascii=False, separators=(",", ":")).encode()

    @classmethod
    def unpack(cls, raw: bytes) -> "Cart | None":
        """The cart from bytes; None for another version."""
        try:
            version, round_id, voter_id, slug, name, closes, dismissed, items = json.loads(raw)
            if version != 1:
                return None
            return cls(
                round_id,
                voter_id,
                slug,
                name,
                datetime.fromtimestamp(closes, UTC),
                tuple((int(at), str(value)) for at, value in items),
                bool(dismissed),
            )
        except (ValueError, TypeError):
            return None


def _box(settings: Settings) -> CookieBox:
    return CookieBox(settings.secret_key, "unfinished ballot")


def find_cart(settings: Settings, request: Request, round_id: int, voter_id: int | None) -> Cart | None:
    """The voter's unfinished ballot of a round, if this browser holds one of theirs."""
    raw = request.cookies.get(f"{COOKIE}{round_id}")
    opened = _box(settings).open(raw) if raw and voter_id is not None else None
    cart = Cart.unpack(opened) if opened is not None else None
    return cart if cart is not None and (cart.round_id, cart.voter_id) == (round_id, voter_id) else None


def keep(settings: Settings, response: Response, cart: Cart, seconds: int | None = None) -> Response:
    """Put the cart into the response, for so many seconds at most; an empty one removes the cookie."""
    if not cart.items:
        return drop(settings, response, cart.round_id)
    response.set_cookie(
        f"{COOKIE}{cart.round_id}",
        _box(settings).close(cart.pack(), step=256),
        max_age=int(MAX_AGE.total_seconds()) if seconds is None else seconds,
        httponly=True,
        secure=settings.production,
        samesite="Lax",
    )
    return response


def drop(settings: Settings, response: Response, round_id: int) -> Response:
    """Remove the cart of a round from the browser."""
    response.headers.add("Set-Cookie", removal(f"{COOKIE}{round_id}", settings.production))
    return response


@lru_cache(maxsize=64)
def removal(name: str, secure: bool) -> str:
    """The header by which a browser forgets a cookie; the same in every answer to a cast."""
    return dump_cookie(name, expires=0, max_age=0, httponly=True, secure=secure, samesite="Lax")


def waiting_cart(settings: Settings, request: Request, voter_id: int | None, now: datetime) -> Cart | None:
    """A ballot of this voter that waits to be cast in a vote still open. Asks no database."""
    if voter_id is None:
        return None
    for name, raw in request.cookies.items():
        if not name.startswith(COOKIE) or not name.removeprefix(COOKIE).isdigit():
            continue
        opened = _box(settings).open(raw)
        cart = Cart.unpack(opened) if opened is not None else None
        if cart and cart.voter_id == voter_id and cart.items and not cart.dismissed and now < cart.closes_at:
            return cart
    return None


# --- the form that casts --------------------------------------------------------------------------------


@dataclass(frozen=True)
class CastForm:
    """What the review page sends back: a random form id, the ballot it showed, and a signature over both."""

    form_id: bytes
    ballot: str
    signature: str

    @property
    def form_id_text(self) -> str:
        """The form id as a hidden field holds it."""
        return self.form_id.hex()


def _form_box(settings: Settings) -> CookieBox:
    return CookieBox(settings.secret_key, "ballot in a form")


def _sign(settings: Settings, form_id: bytes, ballot: str, session: str, nym: bytes) -> str:
    key = application_key(settings.secret_key, "cast form")
    message = b"|".join((form_id, ballot.encode(), session.encode(), nym.hex().encode()))
    return hmac.digest(key, message, sha256).hex()


def new_form(
    settings: Settings, cart: Cart, session: str, nym: bytes, voter: VoterLine | None = None
) -> CastForm:
    """A form for the ballot as it stands, good for this session, this voter and this round alone.

    `voter` is the line of the roll by which the ballot was looked over; it travels sealed with the ballot.
    """
    form_id = secrets.token_bytes(FORM_ID_BYTES)
    line = b"" if voter is None else json.dumps([voter.area_id, sorted(voter.pots)]).encode()
    ballot = _form_box(settings).close(cart.pack() + b"\n" + line, step=256)
    return CastForm(form_id, ballot, _sign(settings, form_id, ballot, session, nym))


def sent_form(form_id: bytes, form: Mapping[str, str]) -> CastForm:
    """A form that `read_form` found good, to be shown once more."""
    return CastForm(form_id, form["ballot"], form["signature"])


@dataclass(frozen=True)
class SentForm:
    """What came back in a form that this server sealed. Whose it is, `is_of` tells."""

    form: CastForm
    packed: bytes
    cart: Cart
    voter: VoterLine | None

    def is_of(self, settings: Settings, session: str, nym: bytes) -> bool:
        """Whether the form was made for this session and this voter."""
        signed = _sign(settings, self.form.form_id, self.form.ballot, session, nym)
        return hmac.compare_digest(self.form.signature, signed)

    def agrees_with(self, settings: Settings, raw: str | None) -> bool:
        """Whether the cookie of the unfinished ballot, if there is one, holds this very ballot."""
        return raw is None or _box(settings).open(raw) == self.packed


def open_form(settings: Settings, form: Mapping[str, str]) -> SentForm | None:
    """A form sent back, unsealed; None when it is not one of this server's."""
    try:
        form_id = bytes.fromhex(form.get("form_id", ""))
    except ValueError:
        return None
    ballot, signature = form.get("ballot", ""), form.get("signature", "")
    if len(form_id) != FORM_ID_BYTES or not signature.isascii():
        return None
    opened = _form_box(settings).open(ballot)
    if opened is None:
        return None
    # Forms of older versions hold the ballot alone.
    packed, _end, line = opened.partition(b"\n")
    cart = Cart.unpack(packed)
    if cart is None:
        return None
    area, pots = json.loads(line) if line else (None, None)
    voter = None if pots is None else VoterLine(area, frozenset(pots))
    return SentForm(CastForm(form_id, ballot, signature), packed, cart, voter)


def read_form(
    settings: Settings, form: Mapping[str, str], session: str, nym: bytes
) -> tuple[bytes, Cart] | None:
    """The form id and the ballot of a form sent back; None when it is not one of this session's and voter's."""
    sent = open_form(settings, form)
    return (sent.form.form_id, sent.cart) if sent is not None and sent.is_of(settings, session, nym) else None

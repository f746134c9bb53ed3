"""Signed links sent by mail: to confirm an address, to choose a new password, to change the address.

Nothing is stored. Each token carries a fingerprint of the state it changes, so that it works once: when the
password, the address or the epoch has moved on, the fingerprint no longer fits.
"""

import hashlib
import hmac
from dataclasses import dataclass
from datetime import timedelta

from flask import current_app
from itsdangerous import BadSignature, SignatureExpired, URLSafeTimedSerializer

from civic.accounts.models import Account

CONFIRM = "confirm"
RESET = "reset"
CHANGE_EMAIL = "change-email"

LIFETIMES = {CONFIRM: timedelta(days=7), RESET: timedelta(hours=2), CHANGE_EMAIL: timedelta(days=1)}


class TokenError(Exception):
    """The link is not one of ours, is too old, or was used already."""


@dataclass(frozen=True)
class Token:
    """What a good token says."""

    account_id: int
    fingerprint: str
    #: the new address, when changing it; where to go on, when confirming
    extra: str = ""


def _serializer(purpose: str) -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(
        current_app.config["SETTINGS"].secret_key,
        salt=f"civic.accounts.{purpose}",
        signer_kwargs={"digest_method": hashlib.sha256},
    )


def fingerprint(purpose: str, account: Account) -> str:
    """The part of an account's state that a token of this purpose is bound to, as 16 bytes in hex."""
    state = [purpose, str(account.id), account.email]
    if purpose != CONFIRM:
        state += [account.password_hash, str(account.session_epoch)]
    key = current_app.config["SETTINGS"].secret_key.encode()
    return hmac.new(key, "|".join(state).encode(), hashlib.sha256).hexdigest()[:32]


def make_token(purpose: str, account: Account, extra: str = "") -> str:
    """A token for a link. `extra` is readable by whoever holds the link."""
    return _serializer(purpose).dumps([account.id, fingerprint(purpose, account), extra])


def read_token(purpose: str, raw: str) -> Token:
    """What the token says, its signature and age being good. Raises TokenError.

    The caller loads the account and asks `still_good`.
    """
    try:
        account_id, mark, extra = _serializer(purpose).loads(
            raw, max_age=int(LIFETIMES[purpose].total_seconds())
        )
    except (SignatureExpired, BadSignature, ValueError, TypeError) as error:
        raise TokenError from error
    return Token(int(account_id), str(mark), str(extra))


def still_good(purpose: str, token: Token, account: Account | None) -> bool:
    """Whether the account is still in the state the token was made for."""
    return account is not None and hmac.compare_digest(token.fingerprint, fingerprint(purpose, account))

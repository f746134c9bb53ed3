"""Counting failed sign-ins in the database, so that guessing slows down and nobody is locked out for good.

Three counters: the address somebody tries, the network they come from, and, for a browser that has signed in
to this account before, that browser instead of the address. So a stranger who keeps guessing at an address
makes strangers wait, not its owner.
"""

import hashlib
import hmac
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from flask import current_app
from sqlalchemy import delete, func, insert, select, text

from civic.accounts import rules
from civic.accounts.models import SignInFailure
from civic.extensions import db

_LOCK_SPACE = 7301


@dataclass(frozen=True)
class Counter:
    """What failures are counted by, as a keyed hash, and how patient it is."""

    key: bytes
    throttle: rules.Throttle


def _key(kind: str, value: str) -> bytes:
    secret = current_app.config["SETTINGS"].secret_key.encode()
    return hmac.new(secret, f"sign-in|{kind}|{value}".encode(), hashlib.sha256).digest()


def address_counter(email: str) -> Counter:
    """For attempts at an address, whether or not it has an account."""
    return Counter(_key("address", email), rules.ACCOUNT_THROTTLE)


def browser_counter(browser: str) -> Counter:
    """For attempts from a browser that has signed in to the account before."""
    return Counter(_key("browser", browser), rules.ACCOUNT_THROTTLE)


def password_counter(account_id: int) -> Counter:
    """For the current password asked again inside the account."""
    return Counter(_key("password", str(account_id)), rules.ACCOUNT_THROTTLE)


def network_counter(network: str) -> Counter:
    """For attempts from one network at any address."""
    return Counter(_key("network", network), rules.NETWORK_THROTTLE)


def counter(kind: str, value: str, patience: rules.Throttle) -> Counter:
    """For attempts of another kind: `kind` names what `value` is, as in ("code to phone", "+40…")."""
    return Counter(_key(kind, value), patience)


def reserve(counters: Sequence[Counter], now: datetime) -> datetime | None:
    """Count an attempt as failed before it is tried; or, when there were too many, count nothing and
    return the moment of the next one.

    Attempts at once are settled by a lock for the length of this short transaction: none slips past the
    count. The caller commits at once, tries the password, and calls `clear` when it was right.
    """
    for key in sorted(counter.key for counter in counters):
        db.session.execute(
            text("SELECT pg_advisory_xact_lock(:space, :key)"),
            {"space": _LOCK_SPACE, "key": int.from_bytes(key[:4], "big", signed=True)},
        )
    waits = [_wait_until(counter, now) for counter in counters]
    later = [moment for moment in waits if moment is not None and moment > now]
    if later:
        return max(later)
    db.session.execute(insert(SignInFailure), [{"key": counter.key, "at": now} for counter in counters])
    return None


def _wait_until(counter: Counter, now: datetime) -> datetime | None:
    failures = db.session.scalars(
        select(SignInFailure.at)
        .where(SignInFailure.key == counter.key, SignInFailure.at > now - rules.FAILURE_WINDOW)
        .order_by(SignInFailure.at.desc())
        .limit(200)
    ).all()
    return rules.wait_until(counter.throttle, failures)


def clear(counters: Sequence[Counter], networks: Sequence[Counter], now: datetime) -> None:
    """After the right password: forget the failures of `counters`, and of `networks` only this attempt's."""
    keys = [counter.key for counter in counters]
    db.session.execute(delete(SignInFailure).where(SignInFailure.key.in_(keys)))
    for counter in networks:
        newest = select(func.max(SignInFailure.id)).where(
            SignInFailure.key == counter.key, SignInFailure.at == now
        )
        db.session.execute(delete(SignInFailure).where(SignInFailure.id == newest.scalar_subquery()))


def prune(now: datetime) -> int:
    """Delete failures that count no longer; returns how many."""
    statement = delete(SignInFailure).where(SignInFailure.at <= now - rules.FAILURE_WINDOW)
    return len(db.session.scalars(statement.returning(SignInFailure.id)).all())

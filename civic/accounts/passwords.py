"""Hashing passwords with argon2id. Slow on purpose, and equally slow for accounts that do not exist."""

import secrets
from functools import lru_cache

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from flask import current_app

#: What an account holds that nobody can sign in to.
UNUSABLE = "!"


@lru_cache(maxsize=2)
def _hasher(for_tests: bool) -> PasswordHasher:
    if for_tests:
        return PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
    # 32 MiB and three passes: about 60 ms on a small server, within OWASP's advice, and eight at once fit in
    # the memory of the smallest machine.
    return PasswordHasher(time_cost=3, memory_cost=32 * 1024, parallelism=1)


def hasher() -> PasswordHasher:
    """The hasher of this installation; a cheap one in tests."""
    return _hasher(current_app.config["SETTINGS"].env == "test")


@lru_cache(maxsize=2)
def _nobody(for_tests: bool) -> str:
    return _hasher(for_tests).hash(secrets.token_hex(16))


def hash_password(password: str) -> str:
    """The string to store."""
    return hasher().hash(password)


def verify_password(stored: str | None, password: str) -> bool:
    """Whether the password is the one stored. For None (no such account) it takes as long and says no."""
    if stored is None or stored == UNUSABLE:
        verify_password(_nobody(current_app.config["SETTINGS"].env == "test"), password)
        return False
    try:
        return hasher().verify(stored, password)
    except (VerificationError, InvalidHashError):
        return False


def needs_rehash(stored: str) -> bool:
    """Whether the stored hash was made with other parameters than today's."""
    return hasher().check_needs_rehash(stored)

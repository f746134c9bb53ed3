"""Trying a password: counted before it is tried, forgotten when it was right.

The count is committed on its own, because the page that says "wrong password" is a refusal and a refusal
rolls back everything else.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from flask_babel import gettext as _

from civic import clock
from civic.accounts import passwords, policy, queries, service, throttle
from civic.accounts.models import Account
from civic.unit_of_work import unit_of_work


@dataclass(frozen=True)
class Outcome:
    """The account when the password was right and it may sign in; else the sentence to show."""

    account: Account | None
    message: str = ""


def sign_in(email: str, password: str, network: str, browser: str | None, now: datetime) -> Outcome:
    """Try an address and a password from a network, and from a browser the account may know."""
    own = throttle.browser_counter(browser) if browser else throttle.address_counter(email)
    shared = throttle.network_counter(network)
    with unit_of_work():
        later = throttle.reserve([own, shared], now)
    if later is not None:
        return Outcome(None, _wait_sentence(later))
    with unit_of_work():
        account = service.authenticate(email, password)
        if account is not None:
            throttle.clear([own], [shared], now)
    if account is None:
        return Outcome(
            None,
            _("The e-mail address and the password do not match. Check both, or choose a new password."),
        )
    decision = policy.can_sign_in(account)
    if not decision:
        return Outcome(None, str(decision.reason))
    return Outcome(account)


def check_again(account: Account, password: str, now: datetime) -> str | None:
    """Try the current password inside the account; the sentence to show when it is wrong, else None."""
    counters: Sequence[throttle.Counter] = [throttle.password_counter(account.id)]
    with unit_of_work():
        later = throttle.reserve(counters, now)
    if later is not None:
        return _wait_sentence(later)
    if not passwords.verify_password(account.password_hash, password):
        return _("This is not the current password of the account.")
    throttle.clear(counters, [], now)
    return None


def find_known(email: str) -> int | None:
    """The id of the account of an address, to ask whether it knows the browser."""
    account = queries.find_account_by_email(email)
    return account.id if account else None


def _wait_sentence(later: datetime) -> str:
    return _(
        "There were too many attempts. Try again after %(time)s, or choose a new password: that works at once.",
        time=f"{clock.to_city(later):%H:%M:%S}",
    )

"""Which ways are offered to whom; the page, the service and the forms ask the same functions."""

from collections.abc import Iterable, Sequence

from flask import current_app
from flask_babel import lazy_gettext as _l

from civic.accounts.models import Account, Person
from civic.accounts.verifying import methods
from civic.policy import ALLOWED, Decision, refused
from civic.rounds.models import Round


def can_begin(account: Account) -> Decision:
    """Whether the account may be verified at all."""
    if account.email_confirmed_at is None:
        return refused(_l("Confirm your e-mail address first, by the link we sent you."))
    return ALLOWED


def offered(rounds: Iterable[Round]) -> list[str]:
    """The ways from afar that at least one of the rounds accepts and this installation can serve, easiest first."""
    accepted = {one for round_ in rounds for one in round_.remote_verification or ()}
    if not current_app.config["SETTINGS"].sms_available:
        accepted.discard("declaration_sms")
    return methods.in_order(accepted)


def can_use(account: Account, person: Person | None, proof: str, rounds: Sequence[Round]) -> Decision:
    """Whether the account may be verified in this way now."""
    decision = can_begin(account)
    if not decision:
        return decision
    if person is not None and not methods.is_stronger(proof, person.proof):
        return refused(_l("You are already verified."))
    if proof not in offered(rounds):
        return refused(
            _l("No vote that is running or planned accepts this way. The desk is always open to you.")
        )
    return ALLOWED

"""Citizens' drafts as tests need them, in any state, with signatures."""

from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from civic import clock, sealing
from civic.accounts.models import Account, Person
from civic.extensions import db
from consultations.initiatives import queries, signing
from consultations.initiatives.models import ElectorCount, Initiative, Signature
from tests.consultations_support import make_consultation
from tests.factories import make_resident, save

LINE = {"name": "Maria Ionescu", "address": "Str. Teiul Doamnei 4, bl. 2, ap. 7", "document": "RK 123456"}


def make_electors(electors: int = 60, area_id: int | None = None) -> ElectorCount:
    """A number of electors; 5 % of 60 are three signatures."""
    return save(
        ElectorCount(
            neighbourhood_id=area_id, electors=electors, source="Registrul electoral", as_of=date(2026, 2, 1),
            entered_at=clock.now(),
        )
    )  # fmt: skip


def make_initiative(state: str = "collecting", author: Account | None = None, **values: Any) -> Initiative:
    """An initiative that is in a state now."""
    now, day = clock.now(), timedelta(days=1)
    author = author or make_resident()
    one = Initiative(
        title="Parcurile să fie deschise până la ora 24", text="Art. 1. Parcurile se închid la ora 24.",
        reasons="Vara parcurile se închid prea devreme.", initiators="Ana Pop\nDan Radu", author_id=author.id,
        created_at=now - 60 * day, changed_at=now - 60 * day,
    )  # fmt: skip
    if state == "returned":
        one.returned_at, one.returned_reason = now - day, "Lipsesc articolele."
    if state not in ("draft", "returned"):
        one.submitted_at, one.form_due_at = now - 50 * day, now - 40 * day
    if state == "submitted":
        one.submitted_at, one.form_due_at = now - day, now + 9 * day
    if state not in ("draft", "returned", "submitted"):
        _publish(one, state, now)
    for name, value in values.items():
        setattr(one, name, value)
    return save(one)


def _publish(one: Initiative, state: str, now: datetime) -> None:
    day = timedelta(days=1)
    ends = {"ended": now - day, "lapsed": now - 31 * day}.get(state, now + 30 * day)
    electors = make_electors()
    one.published_at, one.closes_at, one.deposit_until = now - 45 * day, ends, ends + 30 * day
    one.electors_id, one.share_id, one.required = electors.id, queries.current_share().id, 3
    if state in ("deposited", "accepted", "refused"):
        one.deposited_at, one.verify_due_at, one.sample_seed = now - 2 * day, now + 10 * day, "5eed"
    if state in ("accepted", "refused"):
        one.outcome, one.outcome_reason, one.decided_at = state, "Verificate toate.", now - day
        one.valid_total = 3 if state == "accepted" else 1
    if state == "accepted":
        one.consultation_id = make_consultation("draft", now, kind="citizens_draft").id
    if state == "withdrawn":
        one.withdrawn_at, one.withdrawn_reason = now - day, "Consiliul a decis deja."


def make_signature(one: Initiative, signer: Account | None = None, **line: str) -> Signature:
    """A signature given on the site."""
    person = db.session.get_one(Person, (signer or make_resident()).person_id)
    return save(
        Signature(
            initiative_id=one.id, signer_mark=signing.mark_of(one.id, person),
            sealed=sealing.seal(signing.SEAL, {**LINE, **line}), signed_at=clock.now(),
        )
    )  # fmt: skip


def percent_in_force() -> Decimal:
    """The share that a new initiative is given."""
    return queries.current_share().percent

"""Commands on indicators: compute, enter, correct, aim. They flush, never commit."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import func, select
from sqlalchemy.dialects.postgresql import insert

from civic import audit
from civic.actor import Actor
from civic.clock import city_date
from civic.errors import Invalid
from civic.extensions import db
from civic.indicators import queries, registry
from civic.indicators.models import Indicator, IndicatorTarget, IndicatorValue
from civic.indicators.periods import Period, Span, months_back, span_until, years_back

KIND = "indicator"
#: How far back figures are computed when there are none yet.
MOST_YEARS = 4
#: The advisory lock of one indicator's values: a night and a member of staff write one after the other.
_LOCK = 7301019


def ensure_row(code: str, now: datetime) -> Indicator:
    """The row of an indicator; one of the catalogue is stored on first use. Raises NotFound."""
    found = queries.get_indicator(code)
    if found.id is None:
        known = registry.find_computed(code)
        assert known is not None
        db.session.execute(
            insert(Indicator)
            .values(
                code=code, origin="platform", unit=known.unit, target=known.target, better=known.better,
                computability="auto" if known.compute else "manual", created_at=now, changed_at=now,
                strategy="", measure="", horizon="", name="", name_en="", how="", how_en="", computation="",
                responsible="", version=1,
            )
            .on_conflict_do_nothing()
        )  # fmt: skip
        found = db.session.scalars(select(Indicator).where(Indicator.code == code)).one()
    return found


def lock_values(indicator_id: int) -> None:
    """Hold the values of an indicator until the end of the transaction."""
    db.session.execute(select(func.pg_advisory_xact_lock(_LOCK, indicator_id)))


# --- the night ----------------------------------------------------------------------------------------------


def spans_due(now: datetime) -> list[Span]:
    """Every period computed by now, up to the last day that is over: months of this year and the last, and years."""
    closed = city_date(now) - timedelta(days=1)
    began = queries.first_day()
    if began is None:
        return []
    first = max(city_date(began), date(closed.year - MOST_YEARS + 1, 1, 1))
    months = months_back(closed, max(first, date(closed.year - 1, 1, 1)))
    spans = (span_until(period, closed) for period in [*months, *years_back(closed, first)])
    return [span for span in spans if span is not None]


def compute(code: str, now: datetime) -> int:
    """Compute what is due of one indicator of the catalogue; returns how many periods were written.

    A period that is over and has a value is left as it is; one without (nothing was known then) is tried again.
    """
    known = registry.find_computed(code)
    if known is None or known.compute is None:
        return 0
    row = ensure_row(code, now)
    lock_values(row.id)
    done = queries.settled(row.id)
    written = 0
    for span in spans_due(now):
        if span.period.kind in known.kinds and (span.period.kind, span.period.first) not in done:
            written += _keep(row, span, known.compute(span), known.version, now)
    return written


def _keep(row: Indicator, span: Span, figure: registry.Figure, version: int, now: datetime) -> bool:
    """Write a computed figure over that of the night before, unless it says the same."""
    found = queries.current_row(row.id, span.period)
    values: dict[str, Any] = {
        "through_day": span.through, "value": figure.value, "missing": figure.missing, "part": figure.part,
        "of": figure.of, "target": row.target, "method_version": version,
    }  # fmt: skip
    if found is None:
        db.session.add(
            IndicatorValue(
                indicator_id=row.id, period_kind=span.period.kind, first_day=span.period.first, source="computed",
                recorded_at=now, **values,
            )
        )  # fmt: skip
        db.session.flush()
        return True
    if all(getattr(found, name) == value for name, value in values.items()):
        return False
    for name, value in values.items():
        setattr(found, name, value)
    found.recorded_at = now
    db.session.flush()
    return True


# --- by hand ------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Entry:
    """What a member of staff states: the value, and where it comes from."""

    value: Decimal
    note: str
    document: str = ""
    document_on: date | None = None


def enter(actor: Actor, code: str, period: Period, entry: Entry, now: datetime) -> IndicatorValue:
    """State the value of a period; one stated before stays in the history. Raises Invalid, NotFound."""
    row = ensure_row(code, now)
    if is_computed(row):
        raise Invalid(_("This indicator is computed from data; it cannot be entered by hand."))
    today = city_date(now)
    if period.first > today:
        raise Invalid(_("This period has not begun yet."))
    if entry.document_on is not None and entry.document_on > today:
        raise Invalid(_("The day of the document is in the future."))
    lock_values(row.id)
    before = queries.current_row(row.id, period, lock=True)
    if before is not None:
        before.superseded_at = now
        db.session.flush()
    made = IndicatorValue(
        indicator_id=row.id, period_kind=period.kind, first_day=period.first,
        through_day=min(period.last, today), value=entry.value, target=row.target, source="entered",
        account_id=actor.id, recorded_at=now, note=entry.note, document=entry.document,
        document_on=entry.document_on,
    )  # fmt: skip
    db.session.add(made)
    db.session.flush()
    event = "indicator.entered" if before is None else "indicator.corrected"
    audit.record(actor, event, KIND, row.id, now, {"period": period.code, "value": str(entry.value)})
    return made


def is_computed(row: Indicator) -> bool:
    """Whether its values come from a computation."""
    known = registry.find_computed(row.computation or row.code)
    return known is not None and known.compute is not None


def aim(actor: Actor, code: str, target: Decimal | None, basis: str, now: datetime) -> None:
    """Set what is to be reached, and on what it rests. What was aimed at before stays in the history."""
    row = ensure_row(code, now)
    if row.target == target:
        raise Invalid(_("This is the target already."))
    row.target, row.changed_at = target, now
    note_target(row.id, target, basis, actor.id, now)
    audit.record(
        actor, "indicator.aimed", KIND, row.id, now, {"target": None if target is None else str(target)}
    )


def note_target(
    indicator_id: int, target: Decimal | None, basis: str, account_id: int | None, now: datetime
) -> None:
    """Keep a target in the history."""
    db.session.add(
        IndicatorTarget(
            indicator_id=indicator_id, value=target, basis=basis, account_id=account_id, set_at=now
        )
    )
    db.session.flush()


def arrange(
    actor: Actor, code: str, computation: str, department_id: int | None, responsible: str, better: str, now: datetime
) -> None:  # fmt: skip
    """Say what computes an indicator, who answers for it, and which way is good. Raises Invalid."""
    row = ensure_row(code, now)
    if computation:
        known = registry.find_computed(computation)
        if known is None or row.origin == "platform":
            raise Invalid(_("Choose one of the computations in the list."))
    row.computation, row.department_id, row.responsible = computation, department_id, responsible
    row.better, row.changed_at = better, now
    db.session.flush()
    audit.record(
        actor, "indicator.arranged", KIND, row.id, now,
        {"computation": computation, "department": department_id, "better": better},
    )  # fmt: skip


def compute_all(now: datetime) -> dict[str, int]:
    """Everything that is due, indicator by indicator, in one transaction; for the demo city."""
    return {one.code: compute(one.code, now) for one in registry.catalogue() if one.compute is not None}

"""Every question asked about indicators and their values.

What a definition shows are the values of the indicator it is tied to (`computation`), else its own; the target is
always its own.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import Select, func, select
from sqlalchemy.orm import selectinload

from civic.accounts.models import Account
from civic.errors import NotFound
from civic.extensions import db
from civic.imports.models import ImportSource
from civic.indicators import registry
from civic.indicators.models import Indicator, IndicatorTarget, IndicatorValue
from civic.indicators.periods import Period


@dataclass(frozen=True)
class Reading:
    """A value of an indicator for a period, with everything a report says about it.

    `target` is what was to be reached; `source` is computed, entered or imported; `missing` says why there is no
    value; `final` is false while the period still runs.
    """

    period: Period
    value: Decimal | None
    missing: str
    part: int | None
    of: int | None
    target: Decimal | None
    source: str
    method_version: int | None
    account_id: int | None
    recorded_at: datetime
    through: date
    note: str
    document: str
    document_on: date | None

    @property
    def final(self) -> bool:
        """Whether its period was over when it was recorded."""
        return self.through >= self.period.last


def source_of_code(code: str) -> tuple[int | None, str] | None:
    """The source of the indicator with a code, by number and name; None where no indicator has it."""
    row = db.session.execute(
        select(Indicator.source_id, ImportSource.name)
        .outerjoin(ImportSource, ImportSource.id == Indicator.source_id)
        .where(Indicator.code == code)
    ).one_or_none()
    return None if row is None else (row[0], row[1] or "")


def reading_of(row: IndicatorValue, target: Decimal | None) -> Reading:
    """A stored value as it is told."""
    return Reading(
        Period(row.period_kind, row.first_day), row.value, row.missing, row.part, row.of,
        target, row.source, row.method_version, row.account_id, row.recorded_at, row.through_day,
        row.note, row.document, row.document_on,
    )  # fmt: skip


def list_indicators(origin: str = "") -> list[Indicator]:
    """Every indicator, or those of an origin: the platform's own in the order of its catalogue, then the others.

    Those of the platform that were never computed are made up from the catalogue and stored nowhere.
    """
    wanted = select(Indicator).order_by(
        Indicator.strategy, Indicator.measure, Indicator.horizon, Indicator.id
    )
    if origin:
        wanted = wanted.where(Indicator.origin == origin)
    rows = list(db.session.scalars(wanted))
    others = [row for row in rows if row.origin != "platform"]
    if origin not in ("", "platform"):
        return others
    stored = {row.code: row for row in rows if row.origin == "platform"}
    own = [stored.get(one.code) or unstored(one) for one in registry.catalogue()]
    return [*own, *others]


def unstored(one: registry.Computed) -> Indicator:
    """An indicator of the catalogue that has no row yet; never added to the session."""
    return Indicator(
        code=one.code, origin="platform", strategy="", measure="", horizon="", name="", name_en="", unit=one.unit,
        target=one.target, better=one.better, computability="auto" if one.compute else "manual", how="", how_en="",
        computation="", responsible="", note="", source_reference="", version=1,
    )  # fmt: skip


def find_indicator(code: str) -> Indicator | None:
    """The indicator of a code, stored or of the catalogue."""
    stored = db.session.scalar(select(Indicator).where(Indicator.code == code))
    if stored is not None:
        return stored
    known = registry.find_computed(code)
    return unstored(known) if known else None


def get_indicator(code: str) -> Indicator:
    """The same, or NotFound."""
    found = find_indicator(code)
    if found is None:
        raise NotFound
    return found


def stored_codes(codes: Iterable[str]) -> dict[str, tuple[int, int | None]]:
    """Code -> its row and the source it came from, of those that are stored."""
    wanted = select(Indicator.code, Indicator.id, Indicator.source_id).where(Indicator.code.in_(list(codes)))
    return {code: (number, source) for code, number, source in db.session.execute(wanted)}


def _current(codes: Iterable[str]) -> Select[Any, Any]:
    return (
        select(Indicator.code, IndicatorValue)
        .join(Indicator, Indicator.id == IndicatorValue.indicator_id)
        .where(Indicator.code.in_(list(codes)), IndicatorValue.superseded_at.is_(None))
    )


def valued_code(indicator: Indicator) -> str:
    """Whose values the indicator shows."""
    return indicator.computation or indicator.code


def latest_readings(
    indicators: Sequence[Indicator], kind: str = "year", most: int = 6
) -> dict[str, list[Reading]]:
    """Code -> the last readings of the indicator, the earliest first; one question for them all."""
    codes = {valued_code(one) for one in indicators}
    rank = (
        func.row_number()
        .over(partition_by=IndicatorValue.indicator_id, order_by=IndicatorValue.first_day.desc())
        .label("rank")
    )
    ranked = (
        select(IndicatorValue.id, rank)
        .join(Indicator, Indicator.id == IndicatorValue.indicator_id)
        .where(
            Indicator.code.in_(codes),
            IndicatorValue.superseded_at.is_(None),
            IndicatorValue.period_kind == kind,
        )
        .subquery()
    )
    rows = db.session.execute(
        select(Indicator.code, IndicatorValue)
        .join(Indicator, Indicator.id == IndicatorValue.indicator_id)
        .join(ranked, ranked.c.id == IndicatorValue.id)
        .where(ranked.c.rank <= most)
        .order_by(IndicatorValue.first_day)
    ).all()
    found: dict[str, list[IndicatorValue]] = {}
    for code, row in rows:
        found.setdefault(code, []).append(row)
    return {
        one.code: [reading_of(row, _target(one, row)) for row in found.get(valued_code(one), [])]
        for one in indicators
    }


def _target(indicator: Indicator, row: IndicatorValue) -> Decimal | None:
    """What was to be reached then; of a value borrowed from another indicator, what is to be reached now."""
    return row.target if not indicator.computation and row.target is not None else indicator.target


def series_of(indicator: Indicator, periods: Sequence[Period]) -> list[Reading | None]:
    """The readings of an indicator for some periods, in their order; None where there is none. One question."""
    return series_of_all([indicator], periods)[indicator.code]


def series_of_all(
    indicators: Sequence[Indicator], periods: Sequence[Period]
) -> dict[str, list[Reading | None]]:
    """Code -> the readings of the indicator for some periods, in their order. One question for them all."""
    rows = db.session.execute(
        _current({valued_code(one) for one in indicators}).where(
            IndicatorValue.first_day.in_({one.first for one in periods}),
            IndicatorValue.period_kind.in_({one.kind for one in periods}),
        )
    ).all()
    known = {(code, Period(row.period_kind, row.first_day)): row for code, row in rows}
    return {
        one.code: [
            None if row is None else reading_of(row, _target(one, row))
            for row in (known.get((valued_code(one), period)) for period in periods)
        ]
        for one in indicators
    }


def value_for(indicator: Indicator, period: Period) -> Reading | None:
    """The reading of an indicator for one period."""
    return series_of(indicator, [period])[0]


def current_row(indicator_id: int, period: Period, *, lock: bool = False) -> IndicatorValue | None:
    """The stored value that counts for a period."""
    wanted = select(IndicatorValue).where(
        IndicatorValue.indicator_id == indicator_id,
        IndicatorValue.period_kind == period.kind,
        IndicatorValue.first_day == period.first,
        IndicatorValue.superseded_at.is_(None),
    )
    if lock:
        wanted = wanted.with_for_update().execution_options(populate_existing=True)
    return db.session.scalar(wanted)


def settled(indicator_id: int) -> set[tuple[str, date]]:
    """The periods of an indicator that are over and have a value: never computed again."""
    rows = db.session.execute(
        select(IndicatorValue.period_kind, IndicatorValue.first_day, IndicatorValue.through_day).where(
            IndicatorValue.indicator_id == indicator_id,
            IndicatorValue.superseded_at.is_(None),
            IndicatorValue.value.is_not(None),
        )
    )
    return {(kind, first) for kind, first, through in rows if through >= Period(kind, first).last}


def list_history(indicator: Indicator, most: int = 200) -> Sequence[IndicatorValue]:
    """What was entered, imported or corrected, the newest first; nightly figures that stand are not listed."""
    corrected = (
        select(IndicatorValue.period_kind, IndicatorValue.first_day)
        .where(IndicatorValue.indicator_id == indicator.id, IndicatorValue.superseded_at.is_not(None))
        .distinct()
        .subquery()
    )
    return db.session.scalars(
        select(IndicatorValue)
        .outerjoin(
            corrected,
            (corrected.c.period_kind == IndicatorValue.period_kind)
            & (corrected.c.first_day == IndicatorValue.first_day),
        )
        .where(
            IndicatorValue.indicator_id == indicator.id,
            (IndicatorValue.source != "computed") | corrected.c.first_day.is_not(None),
        )
        .options(selectinload(IndicatorValue.account))
        .order_by(IndicatorValue.recorded_at.desc(), IndicatorValue.id.desc())
        .limit(most)
    ).all()


def list_targets(indicator: Indicator) -> Sequence[IndicatorTarget]:
    """What it was to reach over time, the newest first."""
    return db.session.scalars(
        select(IndicatorTarget)
        .where(IndicatorTarget.indicator_id == indicator.id)
        .options(selectinload(IndicatorTarget.account))
        .order_by(IndicatorTarget.set_at.desc(), IndicatorTarget.id.desc())
    ).all()


def first_day() -> datetime | None:
    """When the platform's first account was made: nothing before it is computed from what people do."""
    return db.session.scalar(select(func.min(Account.created_at)))


def last_computed() -> datetime | None:
    """When anything was last computed."""
    return db.session.scalar(
        select(func.max(IndicatorValue.recorded_at)).where(IndicatorValue.source == "computed")
    )


def tied_to(code: str) -> Sequence[Indicator]:
    """The definitions that show the values of a computed indicator."""
    return db.session.scalars(
        select(Indicator).where(Indicator.computation == code).order_by(Indicator.id)
    ).all()

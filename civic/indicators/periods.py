"""Months and years of the city, and the part of one that has passed. Plain values only."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from civic.clock import city_moment

KINDS = ("month", "year")


@dataclass(frozen=True, order=True)
class Period:
    """A calendar month or year, by its kind and its first day."""

    kind: str
    first: date

    @property
    def after(self) -> date:
        """The first day that is no longer in it."""
        if self.kind == "year":
            return self.first.replace(year=self.first.year + 1)
        return (self.first.replace(day=28) + timedelta(days=4)).replace(day=1)

    @property
    def last(self) -> date:
        """Its last day."""
        return self.after - timedelta(days=1)

    @property
    def year_before(self) -> "Period":
        """The same month, or the year, one year earlier."""
        return Period(self.kind, self.first.replace(year=self.first.year - 1))

    @property
    def code(self) -> str:
        """As it stands in addresses and files: 2026 or 2026-03."""
        return f"{self.first:%Y}" if self.kind == "year" else f"{self.first:%Y-%m}"


def year_of(year: int) -> Period:
    """A year."""
    return Period("year", date(year, 1, 1))


def month_of(day: date) -> Period:
    """The month a day is in."""
    return Period("month", day.replace(day=1))


def read_period(code: str) -> Period | None:
    """The period of a code, or None.

    >>> read_period("2026-03"), read_period("2026-13")
    (Period(kind='month', first=datetime.date(2026, 3, 1)), None)
    """
    year, _dash, month = code.partition("-")
    if not (year.isascii() and year.isdigit() and len(year) == 4 and 1990 <= int(year) <= 2100):
        return None
    if not _dash:
        return year_of(int(year))
    if not (month.isascii() and month.isdigit() and len(month) == 2 and 1 <= int(month) <= 12):
        return None
    return month_of(date(int(year), int(month), 1))


@dataclass(frozen=True)
class Span:
    """The part of a period that a computation looks at: its days from the first one to `through`, both whole."""

    period: Period
    through: date

    @property
    def since(self) -> datetime:
        """The moment it begins."""
        return city_moment(self.period.first)

    @property
    def until(self) -> datetime:
        """The moment after its last day."""
        return city_moment(self.through + timedelta(days=1))

    @property
    def whole(self) -> bool:
        """Whether the period is over."""
        return self.through >= self.period.last


def span_until(period: Period, closed_day: date) -> Span | None:
    """What of a period has passed by the end of a day; None before its first day has."""
    return None if closed_day < period.first else Span(period, min(period.last, closed_day))


def years_back(today: date, first: date) -> list[Period]:
    """The years from that of a day to this one, the earliest first."""
    return [year_of(year) for year in range(first.year, today.year + 1)]


def months_back(today: date, first: date) -> list[Period]:
    """The months from that of a day to this one, the earliest first."""
    found, period = [], month_of(first)
    while period.first <= today:
        found.append(period)
        period = Period("month", period.after)
    return found

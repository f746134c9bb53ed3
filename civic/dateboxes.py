"""Boxes for days and moments in forms; what was typed comes back when it is none, or none that can be meant."""

from datetime import date, datetime
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import DateField, DateTimeLocalField
from wtforms.validators import ValidationError

from civic import days
from civic.fields import SPLIT_DATE

#: A day in three boxes, the way people write it.
DATE = SPLIT_DATE
NOT_A_DATE = _l("Write a date: day, month and year.")
_MINUTES = "%Y-%m-%dT%H:%M"


def _wrong_year(year: int) -> str:
    return _(
        "Check the year: you wrote %(year)s. Write a day from 1 January 1900 to 31 December 2100.", year=year
    )


def refuse_unlikely(day: date) -> None:
    """Raise ValidationError for a day that is a mistyped one, with what to change."""
    if not days.is_likely(day):
        raise ValidationError(_wrong_year(day.year))


class PlainDateField(DateField):
    """A date in three boxes, with our own sentence when it is none."""

    def process_formdata(self, valuelist: list[str]) -> None:
        """Three empty boxes are no date, not a wrong one."""
        self.data: date | None = None
        if not any(part.strip() for part in valuelist):
            self.raw_data: list[str] = []
            return
        parts = [part.strip() for part in valuelist]
        try:
            super().process_formdata([" ".join(parts)])
        except ValueError as error:
            slip = parts[2] if len(parts) == 3 else ""
            digits = slip.isascii() and slip.isdecimal() and len(slip) in (1, 2, 3, 5)
            raise ValueError(_wrong_year(int(slip)) if digits else NOT_A_DATE) from error
        day, self.data = self.data, None
        if day is not None:
            refuse_unlikely(day)
        self.data = day


class PlainMomentField(DateTimeLocalField):
    """A day with its hour in the browser's own box, which offers no day that would be refused."""

    def __init__(self, label: Any = None, validators: Any = None, **more: Any) -> None:
        bounds = {"min": f"{days.FIRST.isoformat()}T00:00", "max": f"{days.LAST.isoformat()}T23:59"}
        super().__init__(label, validators, format=_MINUTES, render_kw=bounds, **more)

    def process_formdata(self, valuelist: list[str]) -> None:
        """Read what was sent."""
        self.data: datetime | None = None
        try:
            super().process_formdata(valuelist)
        except ValueError as error:
            raise ValueError(_("Write the day and the hour, or leave them empty.")) from error
        moment, self.data = self.data, None
        if moment is not None:
            refuse_unlikely(moment.date())
        self.data = moment

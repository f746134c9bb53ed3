"""By when a text is to be looked at: the end of a working day on the city's clock."""

from datetime import datetime

from civic.clock import add_working_days, city_date, city_moment
from civic.moderation.rules import DAYS_NEW, DAYS_REPORTED, Why

#: The hour at which the city hall's day ends.
END_OF_DAY = 18


def due_at(why: Why | str, opened_at: datetime) -> datetime:
    """The end of the working day by which the case is to be decided."""
    days = DAYS_REPORTED if why == Why.REPORTED else DAYS_NEW
    return city_moment(add_working_days(city_date(opened_at), days), END_OF_DAY)

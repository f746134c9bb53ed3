"""The clocks of the analysis and of appeals. Plain values in, plain values out."""

from datetime import datetime

from civic.clock import add_working_days, city_date, city_moment

#: Working days for a department's answer, and for deciding an appeal; the house's own, shown with every clock.
DAYS_TO_ANSWER = 10
DAYS_TO_DECIDE = 5
MAX_TEXT = 5_000


def due_after(days: int, now: datetime) -> datetime:
    """The end of the `days`-th working day after `now`, on the city's clock."""
    return city_moment(add_working_days(city_date(now), days), 18)

"""What pages show of residents' words on deliveries."""

from datetime import datetime

from civic import clock


def days_until(due: datetime, now: datetime) -> int:
    """Days of the city's calendar until a deadline; below zero when it has passed."""
    return (clock.city_date(due) - clock.city_date(now)).days

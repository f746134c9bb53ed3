"""Work due by the clock: forgetting invitations nobody accepted."""

from datetime import datetime

from civic.organisations import members
from civic.unit_of_work import unit_of_work


def forget_invitations(now: datetime) -> None:
    """Delete invitations that are over, with the addresses they went to."""
    with unit_of_work():
        members.forget_invitations(now)

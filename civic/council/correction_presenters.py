"""What was corrected in the council's records as pages tell it: from what to what, when, why, by whom."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from itertools import groupby
from typing import Any

from flask_babel import gettext as _

from civic.council import labels, queries
from civic.council.corrections import BY_TABLE
from civic.council.models import CouncilCorrection, CouncilMember, CouncilVote
from civic.format import day

#: What holds a day.
_DAYS = ("held_on", "starts_on", "ends_on")
_YES_NO = ("secret", "independent", "signing")


@dataclass(frozen=True)
class Correction:
    """One correction: when, why, of which vote (None: of the meeting or the mandate), and everything it changed."""

    at: datetime
    reason: str
    #: whether a table that was brought in said otherwise
    by_table: bool
    vote: CouncilVote | None
    #: (what, whose mark it is if it is one, as it was, as it is)
    rows: list[tuple[Any, CouncilMember | None, str, str]] = field(default_factory=list)


def told(rows: Sequence[CouncilCorrection]) -> list[Correction]:
    """Corrections with what they changed, in the order of the rows."""
    votes = queries.votes_by_id(one.vote_id for one in rows if one.vote_id)
    members = {one.id: one for one in queries.list_members(one.member_id for one in rows if one.member_id)}
    found = []
    for (at, vote_id, _meeting, role, reason), some in groupby(rows, _together):
        made = Correction(at, reason, role == BY_TABLE, votes.get(vote_id or 0))
        for one in some:
            whose = members.get(one.member_id or 0) if one.sitting_id or one.vote_id else None
            made.rows.append(
                (labels.RECORDED[one.what], whose, _said(one.what, one.former), _said(one.what, one.present))
            )
        found.append(made)
    return found


def _together(one: CouncilCorrection) -> tuple[datetime, int | None, int | None, str, str]:
    return one.at, one.vote_id, one.sitting_id, one.role, one.reason


def _said(what: str, kept: str) -> str:
    """A kept value in the reader's words."""
    if not kept:
        return _("not written down")
    if what in _DAYS:
        return day(date.fromisoformat(kept))
    if what in _YES_NO:
        return str(labels.YES_NO.get(kept, kept))
    return str(labels.CODES.get(what, {}).get(kept, kept))

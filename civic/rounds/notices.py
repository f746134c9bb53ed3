"""What people are told about phases: which beginnings and ends, when, whom, and in which words."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from flask_babel import gettext as _

from civic.format import deadline, money
from civic.rounds import rules, words
from civic.rounds.models import Phase, Round

#: The phases whose beginning is told, and of those the ones whose end is told beforehand.
TOLD_STARTS = ("submission", "appeals", "voting", "results")
TOLD_ENDS = ("submission", "voting")
#: The phases that concern every verified resident; the others only those who follow the round.
FOR_EVERYONE = ("submission", "voting")
#: How long before its end a phase is recalled; only of phases at least twice as long.
SOON = timedelta(days=2)
#: A beginning that a stopped worker missed for longer than this is no news any more.
STALE = timedelta(days=3)


@dataclass(frozen=True)
class Occasion:
    """Something to tell about a phase of a round."""

    round_id: int
    phase_kind: str
    occasion: str


def due_occasions(round_: Round, now: datetime) -> list[Occasion]:
    """What is to be told about a round at `now`."""
    found = []
    for phase in rules.in_order(round_.phases):
        if rules.state_of(phase, now) != "now":
            continue
        if phase.kind in TOLD_STARTS and now < phase.starts_at + STALE:
            found.append(Occasion(round_.id, phase.kind, "starts"))
        if (
            phase.kind in TOLD_ENDS
            and phase.ends_at - phase.starts_at >= 2 * SOON
            and now >= phase.ends_at - SOON
        ):
            found.append(Occasion(round_.id, phase.kind, "ends_soon"))
    return found


def subject_line(round_: Round, phase: Phase, occasion: str) -> str:
    """The first line of the message, in the language being spoken. It names the round."""
    if occasion == "ends_soon":
        return {
            "submission": _("%(round)s: the last two days for proposals"),
            "voting": _("%(round)s: the last two days to vote"),
        }[phase.kind] % {"round": round_.name}
    return {
        "submission": _("%(round)s: you can send proposals"),
        "appeals": _("%(round)s: decisions on proposals can be contested"),
        "voting": _("%(round)s: voting has begun"),
        "results": _("%(round)s: the results are being published"),
    }[phase.kind] % {"round": round_.name}


def body(round_: Round, phase: Phase, occasion: str) -> str:
    """What the message says, in the language being spoken."""
    until = deadline(phase.ends_at)
    if phase.kind == "submission":
        return _(
            "There are %(amount)s for residents' projects. Proposals are received until %(until)s.",
            amount=money(words.total_money(round_), round_.currency), until=until,
        )  # fmt: skip
    if phase.kind == "voting":
        text = _("You can vote until %(until)s. It takes about five minutes.", until=until)
        if round_.asks:
            text = _(
                "You are asked to answer a few questions until %(until)s. The ballot is secret and advisory.",
                until=until,
            )
        if occasion == "ends_soon":
            text += " " + _(
                "If you have voted already, you need do nothing: your ballot is kept. We do not know who has voted."
            )
        return text
    if phase.kind == "appeals":
        return _(
            "Whoever disagrees with the decision on a proposal can contest it until %(until)s.", until=until
        )
    if round_.asks:
        return _("What residents answered is published, with all that is needed to check the count.")
    return _(
        "The results and the way they were counted are published, until %(until)s.",
        until=until,
    )

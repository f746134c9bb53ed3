"""When a phase runs and who may take part. Plain values in, plain values and sentences out.

A phase runs from its beginning until just before its end. Days are the city's calendar days: a vote that
ends at midnight ended on the day before. Ages count on the last voting day.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta, tzinfo
from decimal import Decimal
from typing import Any

from flask_babel import LazyString
from flask_babel import lazy_gettext as _

from civic.accounts.verifying.methods import is_accepted
from civic.format import lazy_ngettext, money
from civic.rounds.facts import (
    ADMITTED_TIES,
    PHASES,
    Ages,
    GroupFacts,
    PersonFacts,
    PlanFacts,
    PotFacts,
    Window,
)

# --- phases ---------------------------------------------------------------------------------------------


def window(windows: Iterable[Window], kind: str) -> Window | None:
    """The phase of a kind, or None when the round has none."""
    return next((one for one in windows if one.kind == kind), None)


def state_of(phase: Window, now: datetime) -> str:
    """`past`, `now` or `future`."""
    if now < phase.starts_at:
        return "future"
    return "now" if now < phase.ends_at else "past"


def in_order(windows: Iterable[Window]) -> list[Window]:
    """The phases in the order of a round, whatever the order they were stored in."""
    return sorted(windows, key=lambda one: PHASES.index(one.kind))


def current_phases(windows: Iterable[Window], now: datetime) -> tuple[str, ...]:
    """The kinds of all phases that run at `now`; some may overlap."""
    return tuple(one.kind for one in in_order(windows) if state_of(one, now) == "now")


def is_open(windows: Iterable[Window], kind: str, now: datetime) -> bool:
    """Whether the phase of a kind runs at `now`. A round without that phase never has it open."""
    phase = window(windows, kind)
    return phase is not None and state_of(phase, now) == "now"


def has_ended(windows: Iterable[Window], kind: str, now: datetime) -> bool:
    """Whether the phase of a kind is over at `now`."""
    phase = window(windows, kind)
    return phase is not None and state_of(phase, now) == "past"


@dataclass(frozen=True)
class Deadline:
    """The next thing the calendar brings: a phase that `starts` or `ends`, and when."""

    kind: str
    event: str
    at: datetime


def next_deadline(windows: Iterable[Window], now: datetime) -> Deadline | None:
    """What comes next after `now`. The end of one phase is told before the start of another at that moment."""
    moments = [Deadline(one.kind, "ends", one.ends_at) for one in in_order(windows)]
    moments += [Deadline(one.kind, "starts", one.starts_at) for one in in_order(windows)]
    ahead = [one for one in moments if one.at > now]
    return min(ahead, key=lambda one: one.at, default=None)


def last_day(ends_at: datetime, zone: tzinfo) -> date:
    """The calendar day of the last moment before `ends_at`: an end at 0:00 belongs to the day before."""
    return (ends_at.astimezone(UTC) - timedelta(microseconds=1)).astimezone(zone).date()


def last_voting_day(windows: Iterable[Window], zone: tzinfo) -> date | None:
    """The last calendar day on which somebody can vote; None for a round without a vote."""
    phase = window(windows, "voting")
    return None if phase is None else last_day(phase.ends_at, zone)


def days_between(starts_at: datetime, ends_at: datetime, zone: tzinfo) -> Decimal:
    """Length on the city's wall clock, in days: a day of 23 or 25 hours is one day, as people count it."""
    beginning, end = (one.astimezone(zone).replace(tzinfo=None) for one in (starts_at, ends_at))
    return Decimal((end - beginning) / timedelta(seconds=1)) / 86400


# --- who may take part ----------------------------------------------------------------------------------


def age_on(birth_date: date, day: date) -> int:
    """Full years of age on a day; negative before birth.

    Who was born on 29 February completes a year on 28 February where there is no 29th: a term in years
    without its corresponding day ends on the last day of the month (Civil Code, art. 2552(2)).
    """
    birthday = (birth_date.month, birth_date.day)
    if birthday == (2, 29) and not _is_leap(day.year):
        birthday = (2, 28)
    return day.year - birth_date.year - ((day.month, day.day) < birthday)


def _is_leap(year: int) -> bool:
    return year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)


def age_refusal(birth_date: date | None, ages: Ages, day: date) -> Any | None:
    """Why somebody's age keeps them out on `day`, or None when it does not."""
    if ages.least is None and ages.most is None:
        return None
    if birth_date is None:
        return _("We do not know your date of birth, and there is an age limit here. Ask at the desk.")
    age = age_on(birth_date, day)
    if ages.least is not None and age < ages.least:
        return lazy_ngettext(
            "Only people of at least %(num)s year of age on the last voting day may take part.",
            "Only people of at least %(num)s years of age on the last voting day may take part.",
            ages.least,
        )
    if ages.most is not None and age > ages.most:
        return lazy_ngettext(
            "Only people of at most %(num)s year of age on the last voting day may take part.",
            "Only people of at most %(num)s years of age on the last voting day may take part.",
            ages.most,
        )
    return None


#: Why somebody without the tie that a round asks for may not take part.
TIE_REFUSALS = {
    "domicile": _("Only people with their domicile in the city may take part in this edition."),
    "residence": _("Only people who live in the city may take part in this edition."),
    "work": _("Only people who live or work in the city may take part in this edition."),
    "study": _("Only people who live or study in the city may take part in this edition."),
    "any": _("Only people who live, work or study in the city may take part in this edition."),
}


def tie_refusal(person: PersonFacts, area_basis: str, asks: bool = False) -> Any | None:
    """Why somebody's tie to the city is not the one the round asks for, or None when it is."""
    if area_basis == "free" or person.area_basis in ADMITTED_TIES[area_basis]:
        return None
    return (BALLOT_TIE_REFUSALS if asks else TIE_REFUSALS)[area_basis]


#: The same where residents answer questions.
BALLOT_TIE_REFUSALS = {
    "domicile": _("Only people with their domicile in the city may take part in this ballot."),
    "residence": _("Only people who live in the city may take part in this ballot."),
    "work": _("Only people who live or work in the city may take part in this ballot."),
    "study": _("Only people who live or study in the city may take part in this ballot."),
    "any": _("Only people who live, work or study in the city may take part in this ballot."),
}


def area_refusal(person: PersonFacts, plan: PlanFacts) -> Any | None:
    """Why somebody's neighbourhood keeps them out of a round that asks some neighbourhoods alone, or None."""
    if not plan.areas or person.neighbourhood_id in plan.areas:
        return None
    return _(
        "Only the residents of these neighbourhoods are asked: %(areas)s.",
        areas=", ".join(plan.areas.values()),
    )


def areas_of(person: PersonFacts) -> frozenset[int]:
    """The neighbourhoods whose own money a person decides on: the one they were verified for."""
    return frozenset() if person.neighbourhood_id is None else frozenset({person.neighbourhood_id})


def pots_open_to(person: PersonFacts, plan: PlanFacts, day: date | None = None) -> tuple[PotFacts, ...]:
    """The pots a person may vote on: citywide ones and their neighbourhood's, of programmes for their age.

    `day` is the last voting day unless told.
    """
    day = day or last_voting_day(plan.windows, plan.zone)
    areas = areas_of(person)
    return tuple(
        pot
        for pot in plan.pots
        if (pot.neighbourhood_id is None or pot.neighbourhood_id in areas)
        and (day is None or age_refusal(person.birth_date, pot.ages, day) is None)
    )


def groups_open_to(person: PersonFacts, plan: PlanFacts) -> tuple[GroupFacts, ...]:
    """The parts of the ballot a person sees: citywide ones and their neighbourhood's."""
    areas = areas_of(person)
    return tuple(g for g in plan.groups if g.neighbourhood_id is None or g.neighbourhood_id in areas)


def may_vote(person: PersonFacts | None, plan: PlanFacts) -> Any | None:
    """The sentence that refuses a person a ballot in this round, or None when they may have one.

    It speaks of the person alone; whether the vote is open now is `is_open(plan.windows, "voting", now)`.
    """
    if person is None:
        return _("To vote, the city has to check once who you are and where you live.")
    day = last_voting_day(plan.windows, plan.zone)
    if day is None:
        return _("No vote is planned here.")
    refusal = (
        age_refusal(person.birth_date, plan.everyones_ages, day)
        or tie_refusal(person, plan.area_basis, plan.asks)
        or area_refusal(person, plan)
    )
    if refusal is not None:
        return refusal
    if not plan.asks and not pots_open_to(person, plan, day):
        return _("None of this edition's budgets is for your neighbourhood and your age.")
    return proof_refusal(person, plan)


def proof_refusal(person: PersonFacts, plan: PlanFacts) -> Any | None:
    """Why the way somebody was verified is not enough for this round, or None when it is."""
    if is_accepted(person.proof, plan.remote_verification):
        return None
    if plan.asks:
        return _("This ballot asks for a stronger check of who you are than the one you went through.")
    return _("This edition asks for a stronger check of who you are than the one you went through.")


def may_propose(person: PersonFacts | None, plan: PlanFacts, today: date) -> Any | None:
    """The sentence that refuses a person a proposal in this round, or None.

    Without a verified person nothing is known against them, and the check comes later. Ages count on the
    last voting day, as for voting, else on `today` in a round without a vote.
    """
    if plan.asks:
        return _("This is a ballot of questions: it takes no proposals.")
    if person is None:
        return None
    day = last_voting_day(plan.windows, plan.zone) or today
    return age_refusal(person.birth_date, plan.everyones_ages, day) or tie_refusal(person, plan.area_basis)


def cost_refusal(cost: Decimal, plan: PlanFacts) -> Any | None:
    """Why a project of this cost does not fit the round, or None when it does."""
    if plan.max_cost is not None and cost > plan.max_cost:
        return _(
            "The cost is over the most a project may cost in this edition, %(cap)s.",
            cap=LazyString(money, plan.max_cost, plan.currency),
        )
    if plan.min_cost is not None and cost < plan.min_cost:
        return _(
            "The cost is under the least a project may cost in this edition, %(floor)s.",
            floor=LazyString(money, plan.min_cost, plan.currency),
        )
    return None


def pots_for_project(neighbourhood_id: int | None, plan: PlanFacts) -> tuple[PotFacts, ...]:
    """The pots that may pay for a project: citywide ones, and those of the project's neighbourhood."""
    return tuple(p for p in plan.pots if p.neighbourhood_id in (None, neighbourhood_id))


def groups_for_project(
    category_id: int | None, neighbourhood_id: int | None, groups: Sequence[GroupFacts]
) -> tuple[GroupFacts, ...]:
    """The parts of the ballot a project may stand in, the most particular first."""
    fitting = [
        group
        for group in groups
        if group.category_id in (None, category_id) and group.neighbourhood_id in (None, neighbourhood_id)
    ]
    return tuple(sorted(fitting, key=lambda g: (g.category_id is None) + 2 * (g.neighbourhood_id is None)))

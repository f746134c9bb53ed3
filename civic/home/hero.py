"""What the home page says first: the edition that is on, its money, and the one thing to do."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask import url_for
from flask_babel import gettext as _

from civic.actor import Actor
from civic.format import day, deadline, money
from civic.rounds import contributions, rules, words
from civic.rounds.models import Phase, Round


@dataclass(frozen=True)
class Hero:
    """The band at the top of the home page."""

    title: str
    sentence: str
    actions: list[tuple[Any, str]]
    strip: list[dict[str, Any]]


#: The phase that matters most when several run at once, first.
_WEIGHT = ("voting", "submission", "appeals", "results", "validation", "analysis", "information")


def make_hero(round_: Round | None, actor: Actor, now: datetime) -> Hero:
    """The band for the round that is on now, is coming, or has just ended; a greeting without any."""
    if round_ is None:
        return Hero(
            _("Together we decide what our money builds"),
            _(
                "There is no edition of participatory budgeting now. When the next one is announced, its money and dates will be here."
            ),
            [(_("See the editions"), url_for("rounds.index"))],
            [],
        )
    phase = _main_phase(round_, now)
    kind = phase.kind if phase else "results" if round_.results_at else ""
    action = contributions.find_action(kind, round_, actor, now)
    page = url_for("rounds.show", slug=round_.slug)
    how = _("How it works")
    return Hero(
        _title(round_, phase),
        f"{_sentence(round_, phase, now)} {action.sentence if action else ''}".strip(),
        [(action.label, action.url), (how, page)] if action else [(how, page)],
        words.phase_strip(round_, now, contributions.find_figure),
    )


def _main_phase(round_: Round, now: datetime) -> Phase | None:
    running = {phase.kind: phase for phase in round_.phases if rules.state_of(phase, now) == "now"}
    return next((running[kind] for kind in _WEIGHT if kind in running), None)


def _title(round_: Round, phase: Phase | None) -> str:
    if round_.asks:
        if phase is not None and phase.kind == "voting":
            return _("%(round)s: you are asked", round=round_.name)
        return round_.name
    amount = money(words.total_money(round_), round_.currency)
    if phase is not None and phase.kind == "voting":
        return _("%(amount)s for our neighbourhoods. You choose.", amount=amount)
    if phase is not None and phase.kind == "submission":
        return _("%(amount)s for our neighbourhoods. What do you propose?", amount=amount)
    return _("%(amount)s for our neighbourhoods", amount=amount)


def _sentence(round_: Round, phase: Phase | None, now: datetime) -> str:
    """What is on, until when, and what comes after."""
    if phase is None:
        coming = rules.next_deadline(round_.phases, now)
        if coming is None:
            return _("%(round)s has ended. See what was chosen and what became of it.", round=round_.name)
        return _(
            "%(round)s: the next phase, “%(phase)s”, begins on %(day)s.",
            round=round_.name, phase=words.PHASE_NAMES[coming.kind], day=day(coming.at),
        )  # fmt: skip
    until = deadline(phase.ends_at)
    return {
        "information": _("%(round)s has been announced. Until %(until)s you can read how it works and ask."),
        "submission": _("%(round)s: residents' proposals are received until %(until)s."),
        "analysis": _(
            "%(round)s: the city hall checks every proposal and gives its reasons, until %(until)s."
        ),
        "appeals": _(
            "%(round)s: who disagrees with a decision on a proposal can contest it until %(until)s."
        ),
        "voting": _("%(round)s: you can vote until %(until)s. It takes about five minutes."),
        "validation": _(
            "%(round)s: voting has ended. Complaints are decided until %(until)s, then the ballots are counted."
        ),
        "results": _("%(round)s: the results are published and put to the council until %(until)s."),
    }[phase.kind] % {"round": round_.name, "until": until}

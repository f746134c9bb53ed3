"""The minutes of a close as pages show them: stage by stage, who did it, when, and the figures it left."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from flask_babel import gettext as _

from civic.format import count, day, ngettext
from voting.ceremony import words
from voting.ceremony.rules import BACKUPS, BOX_KEY, STAGES, Stage, minuted
from voting.models import CeremonyStep
from voting.questions.rules import LEAST_BALLOTS


@dataclass(frozen=True)
class Line:
    """One step that is done. `facts` are (term, value); `prints` are (term, fingerprint), shown on request."""

    title: object
    at: datetime
    facts: list[tuple[str, str]]
    prints: list[tuple[str, str]]
    note: str = ""


@dataclass(frozen=True)
class Chapter:
    """A stage with its steps."""

    stage: Stage
    words: words.StageWords
    names: list[str]
    lines: list[Line]
    #: whether what the stage is to prove may be said of this one: not of ballots counted by one program
    proved: bool = True


def chapters(steps: Mapping[str, CeremonyStep], asks: bool = False) -> list[Chapter]:
    """The stages of which a step is done; `asks` where residents answered questions."""
    made = [chapter(stage, steps, asks) for stage in STAGES]
    return [one for one in made if one.lines]


def chapter(stage: Stage, steps: Mapping[str, CeremonyStep], asks: bool = False) -> Chapter:
    """One stage with the steps that are done. A hash over the answers of very few people can be guessed, so it is
    shown to nobody."""
    counted = steps.get("counted")
    few = asks and counted is not None and int(counted.details["ballots"]) < LEAST_BALLOTS
    hidden = ("counted", "published") if few else ()
    done = [steps[name] for name in minuted(stage) if name in steps]
    names = list(done[0].names) if done else []
    lines = [_line(step, step.step not in hidden) for step in done]
    return Chapter(
        stage, words.STAGES[stage.name], names, lines, _proved(steps) if stage.name == "count" else True
    )


def _proved(steps: Mapping[str, CeremonyStep]) -> bool:
    counted = steps.get("counted")
    second = counted.details.get("second") if counted else None
    return second is not None and set(second["pots"].values()) == {"same"}


def _line(step: CeremonyStep, hashes: bool) -> Line:
    details = step.details
    facts = FACTS[step.step](details) if step.step in FACTS else []
    prints = [(term, str(details[key])) for key, term in _prints() if details.get(key)]
    prints.append((_("Fingerprint of this line of the minutes"), step.hash))
    note = str(details.get("note", "")) if step.step == BACKUPS else ""
    return Line(words.STEPS.get(step.step, step.step), step.at, facts, prints if hashes else [], note)


def _prints() -> list[tuple[str, str]]:
    return [
        ("roll_fingerprint", _("Fingerprint of the list of participants")),
        ("root", _("Root over all ballots")),
        ("origin", _("Name under which the list is signed")),
        ("input", _("Fingerprint of what was counted")),
    ]


def _closed(details: Mapping[str, Any]) -> list[tuple[str, str]]:
    complaints = details.get("complaints")
    facts = [
        (_("Ballots in the box"), count(details["box"])),
        (_("People on the list of participants"), count(details["roll"])),
    ]
    if complaints:
        facts.append((_("Identity complaints, all decided"), count(complaints["filed"])))
    return facts


def _participation(details: Mapping[str, Any]) -> list[tuple[str, str]]:
    return [
        (_("People who voted"), count(details["participants"])),
        (_("Ballots voided by two people during validation"), count(details.get("voided", 0))),
    ]


def _copied(details: Mapping[str, Any]) -> list[tuple[str, str]]:
    return [
        (_("Ballots that count"), count(details["ballot"])),
        (_("Replaced or voided, never opened"), count(details["replaced"])),
    ]


def _checkpoint(details: Mapping[str, Any]) -> list[tuple[str, str]]:
    return [(_("Lines of the signed list"), count(details["size"]))]


def _backups(details: Mapping[str, Any]) -> list[tuple[str, str]]:
    taken = details.get("taken_on")
    facts = [(_("Fresh backup taken on"), day(date.fromisoformat(taken)))] if taken else []
    if details.get("key_copies_destroyed"):
        facts.append((_("Copies of the key that links people to ballots"), _("all destroyed, as both say")))
    return facts


def _box_key(details: Mapping[str, Any]) -> list[tuple[str, str]]:
    names = [
        _("the recovery copy from the safe") if one.get("recovery") else f"{one['name']} ({one['title']})"
        for one in details["presented"]
    ]
    return [(_("Presented by"), ", ".join(names))]


def _opened(details: Mapping[str, Any]) -> list[tuple[str, str]]:
    rejected = len(details.get("rejected", ()))
    facts = [(_("Ballots opened"), count(details["opened"]))]
    if rejected:
        words_ = ngettext("%(num)s, listed in the files", "%(num)s, listed in the files", rejected)
        facts.append((_("Ballots that did not open or did not match"), words_))
    return facts


def _counted(details: Mapping[str, Any]) -> list[tuple[str, str]]:
    return [
        (_("Ballots counted"), count(details["ballots"])),
        (_("Second count"), said_of_second_count(details.get("second"))),
    ]


def said_of_second_count(second: Mapping[str, Any] | None) -> str:
    """Whether another program came to the same result."""
    if second is None:
        return _("not made: the ballots were counted by one program")
    said = set(second["pots"].values())
    if said == {"same"}:
        return _("the same votes and the same outcome, by a program that shares no code with the first")
    if "same" not in said:
        return _(
            "the same votes; the winners are unchecked, because the second program does not count by this rule"
        )
    return _("the same votes; the winners of some budgets are unchecked")


FACTS = {
    "closed": _closed,
    "participation": _participation,
    "copied": _copied,
    "checkpoint": _checkpoint,
    BACKUPS: _backups,
    BOX_KEY: _box_key,
    "opened": _opened,
    "counted": _counted,
}

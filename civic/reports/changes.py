"""What a correction changed: every text and figure of an edition that is not as in the one before."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from flask_babel import gettext as _

from civic.reports.presenters import decimal, said, told, words

Json = Mapping[str, Any]


@dataclass(frozen=True)
class Change:
    """What it is, as it was and as it is; empty where it was not there."""

    label: str
    old: str
    new: str


def changes(
    before: Json, lines_before: Sequence[Json], after: Json, lines_after: Sequence[Json]
) -> list[Change]:
    """Everything that differs between two editions, in the order of the report."""
    found = [
        Change(str(label), before[name], after[name])
        for name, label in (
            ("introduction", _("Introduction")),
            ("feedback", _("What residents told us")),
            ("taken", _("What was done about it")),
        )
    ]
    old = {line["code"]: dict(_told(line)) for line in lines_before}
    new = {line["code"]: dict(_told(line)) for line in lines_after}
    names = {line["code"]: said(line["name"]) for line in (*lines_before, *lines_after)}
    for code, name in names.items():
        was, now = old.get(code, {}), new.get(code, {})
        found += [Change(f"{name}: {label}", was.get(label, ""), now.get(label, "")) for label in was | now]
    return [one for one in found if one.old != one.new]


def _told(line: Json) -> Iterator[tuple[str, str]]:
    """A line as pairs of a label and words."""
    unit, target, measure = line["unit"], decimal(line["target"]), line["measure"] or {}
    yield _("Value"), told(line["reading"], unit)
    yield _("Target"), "–" if target is None else words.told(target, unit)
    yield _("Department"), line["department"]
    yield _("Person or function that answers for it"), line["responsible"]
    yield _("Analysis"), line["analysis"]
    yield _("Recommendation"), line["recommendation"]
    yield _("What will be done"), measure.get("what", "")
    yield _("Who carries it out"), measure.get("owner", "")
    yield _("Until when"), measure.get("due_on") or ""

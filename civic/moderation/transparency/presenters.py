"""A published month in words: the tables of its page, and the same as rows for a file."""

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

from flask_babel import format_date
from flask_babel import gettext as _

from civic import tables
from civic.format import number, percent
from civic.moderation import labels, subjects
from civic.moderation.transparency.models import ModerationMonth
from civic.moderation.transparency.rules import LEAST, share


def name_of(month: date) -> str:
    """A month with its year, as a heading has it."""
    return format_date(month, "LLLL y")


def _told(value: int | None) -> str:
    return _("fewer than %(least)s", least=LEAST) if value is None else number(value)


def _hours(value: float | None) -> str:
    return _("not told: too few") if value is None else _("%(hours)s hours", hours=number(value))


def _part(value: float | None) -> str:
    return "–" if value is None else percent(value)


def summary(figures: Mapping[str, Any]) -> list[tuple[str, str]]:
    """What the month comes to, one line each."""
    f = figures
    return [
        (_("Decisions of moderators"), number(f["decisions"])),
        (_("Half of them within"), _hours(f["median_hours"])),
        (_("Decided later than promised"), _part(share(f["overdue"], f["decisions"]))),
        (_("Reports received from readers"), _told(f["reports"])),
        (_("Decisions taken back"), number(f["taken_back"])),
        (_("Decisions against posts of the city hall's own people"), number(f["officials"])),
        (_("Appeals received"), number(f["appeals_filed"])),
        (_("Appeals decided"), number(f["appeals_decided"])),
        (_("Appeals upheld: the moderator was wrong"), number(f["appeals_upheld"])),
        (_("Share of appeals upheld"), _part(share(f["appeals_upheld"], f["appeals_decided"]))),
        (_("Half of the appeals decided within"), _hours(f["appeals_median_hours"])),
        (_("Appeals decided later than promised"), number(f["appeals_overdue"])),
        (_("Suspensions proposed"), _told(f["suspensions_proposed"])),
        (_("Suspensions confirmed by a second person"), _told(f["suspensions"])),
        (_("Suspensions ended early"), _told(f["suspensions_lifted"])),
    ]


def _kind(code: str) -> str:
    known = subjects.kinds().get(code)
    return str(known.label) if known else code


def parts(figures: Mapping[str, Any]) -> list[tuple[str, str, str, list[tuple[str, str]]]]:
    """Key, caption, heading of the first column and rows of each table beside the summary; empty tables too."""
    return [
        (
            "by_decision", _("Decisions, by what was decided"), _("Decision"),
            [(str(labels.DECIDED.get(code, code)), number(n)) for code, n in figures["by_decision"].items()],
        ),
        (
            "by_reason", _("Decisions, by reason"), _("Reason"),
            [(str(labels.REASONS.get(code, code)), number(n)) for code, n in figures["by_reason"].items()],
        ),
        (
            "by_kind", _("Decisions, by kind of text"), _("Kind of text"),
            [(_kind(code), number(n)) for code, n in figures["by_kind"].items()],
        ),
        (
            "reports_by_reason", _("Reports received, by reason"), _("Reason"),
            [
                (str(labels.REASONS.get(code, code)), _("not told: too few") if n is None else number(n))
                for code, n in figures["reports_by_reason"].items()
            ],
        ),
    ]  # fmt: skip


def csv_rows(one: ModerationMonth) -> Iterator[list[tables.Cell]]:
    """The month as a table: indicator, code, value; what is not told is empty. Codes, so that months add up."""
    yield ["month", "indicator", "code", "value"]
    month = f"{one.month:%Y-%m}"
    for key, value in one.figures.items():
        if isinstance(value, dict):
            for code, cell in sorted(value.items()):
                yield [month, key, code, cell]
        else:
            yield [month, key, "", str(value) if isinstance(value, float) else value]


def as_json(one: ModerationMonth) -> dict[str, Any]:
    """The month for programs; null is what is not told."""
    return {
        "month": f"{one.month:%Y-%m}",
        "computed_at": one.computed_at.isoformat(),
        "least_told": LEAST,
        **one.figures,
    }

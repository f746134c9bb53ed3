"""The budget as open data: chapters, lines of institutions, and the decisions that set them, as they were stated."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from flask_babel import lazy_gettext as _l
from sqlalchemy import select

from civic.budget.models import BudgetChapter, BudgetDecision, BudgetLine
from civic.budget.rules import KINDS, LEVELS, MEASURES, ROLES
from civic.imports.models import ImportSource
from civic.notifications.compose import address_of
from civic.opendata.fields import CHANGED_AT, CURRENCY, NOTE, NUMBER, PAGE_ADDRESS, SOURCE_REFERENCE
from civic.opendata.resources import Field, Resource, equal_to, moment, money, register_resource, since

_YEAR = Field("year", "number", _l("The year of the budget"))
_STATED = (
    Field("approved", "money", _l("What was approved, when a document states it"), optional=True),
    Field(
        "revised", "money", _l("What it was after it was revised, when a document states it"), optional=True
    ),
    Field(
        "executed",
        "money",
        _l("What was spent or came in, when a document states it; a recovered payment is below zero"),
        optional=True,
    ),
    CURRENCY,
)
_SOURCE = (SOURCE_REFERENCE, NOTE, CHANGED_AT)


_FROM = Field(
    "source",
    "text",
    _l("The document or system it came from; the figures of two are never added up"),
    optional=True,
)


def register() -> None:
    """Publish chapters, lines, and the decisions behind them."""
    register_resource(
        Resource(
            "budget",
            _l("The city's budget"),
            _l("The chapters of what comes in and what goes out, year by year. Where several sources state a year, add up only the chapters of one."),
            (
                NUMBER,
                PAGE_ADDRESS,
                _YEAR,
                Field("kind", "text", _l("Whether it goes out or comes in"), codes=KINDS),
                Field("code", "text", _l("Its code in the budget, when the source gives one")),
                Field("name", "text", _l("What it is called")),
                *_STATED,
                _FROM,
                *_SOURCE,
            ),
            lambda: _with_source(BudgetChapter),
            BudgetChapter.id,
            _chapters,
            (
                equal_to("year", BudgetChapter.year, _l("Only those of this year")),
                equal_to("kind", BudgetChapter.kind, _l("Only what goes out, or only what comes in"), "text", KINDS),
                since(BudgetChapter.changed_at, _l("Only what changed at this moment or after it")),
            ),
        )
    )  # fmt: skip
    register_resource(
        Resource(
            "budget-lines",
            _l("Budgets of institutions"),
            _l("The total of an institution, its titles and their items. A line holds those under it: never add up levels."),
            (
                NUMBER,
                PAGE_ADDRESS,
                _YEAR,
                Field("chapter_id", "number", _l("The chapter that pays for it, when it is known"), optional=True),
                Field("department_id", "number", _l("The department it belongs to"), optional=True),
                Field("institution", "text", _l("The institution, in the source's words")),
                Field("level", "text", _l("Whether it is a total, a title or an item under a title"), codes=LEVELS),
                Field("title", "text", _l("The title of the budget")),
                Field("item", "text", _l("The item under the title")),
                *_STATED,
                Field("derived", "yes_no", _l("Whether whoever entered the data computed what was spent")),
                _FROM,
                *_SOURCE,
            ),
            lambda: _with_source(BudgetLine),
            BudgetLine.id,
            _lines,
            (
                equal_to("year", BudgetLine.year, _l("Only those of this year")),
                equal_to("chapter_id", BudgetLine.chapter_id, _l("Only those of this chapter")),
                equal_to("department_id", BudgetLine.department_id, _l("Only those of this department")),
                since(BudgetLine.changed_at, _l("Only what changed at this moment or after it")),
            ),
        )
    )  # fmt: skip
    register_resource(
        Resource(
            "budget-decisions",
            _l("Decisions behind the budget"),
            _l("By which decision a budget, a chapter or a line was approved or revised."),
            (
                NUMBER,
                _YEAR,
                Field("decision_id", "number", _l("The decision")),
                Field("role", "text", _l("What it did"), codes=ROLES),
                Field("chapter_id", "number", _l("The chapter it is about, when it is about one"), optional=True),
                Field("line_id", "number", _l("The line it is about, when it is about one"), optional=True),
                Field("amount", "money", _l("The amount after it, when it is known"), optional=True),
            ),
            lambda: select(BudgetDecision),
            BudgetDecision.id,
            _decisions,
            (equal_to("year", BudgetDecision.year, _l("Only those of this year")),),
        )
    )  # fmt: skip


def _same(one: Any, *names: str) -> dict[str, Any]:
    return {name: getattr(one, name) for name in ("id", "year", *names)}


def _with_source(model: type[BudgetChapter] | type[BudgetLine]) -> Any:
    return select(model, ImportSource.name).outerjoin(ImportSource, ImportSource.id == model.source_id)


def _stated(one: BudgetChapter | BudgetLine, source: str | None) -> dict[str, Any]:
    return {
        "source": source,
        **{name: money(getattr(one, name)) for name in MEASURES},
        "currency": one.currency,
        "source_reference": one.source_reference,
        "note": one.note,
        "changed_at": moment(one.changed_at),
    }


def _chapters(rows: Sequence[Any], now: datetime) -> list[dict[str, Any]]:
    return [
        {
            **_same(one, "kind", "code", "name"),
            **_stated(one, source),
            "url": address_of("budget.chapter", year=one.year, chapter_id=one.id),
        }
        for one, source in rows
    ]


def _lines(rows: Sequence[Any], now: datetime) -> list[dict[str, Any]]:
    names = ("chapter_id", "department_id", "institution", "level", "title", "item", "derived")
    return [
        {**_same(one, *names), **_stated(one, source), "url": address_of("budget.line", line_id=one.id)}
        for one, source in rows
    ]


def _decisions(rows: Sequence[Any], now: datetime) -> list[dict[str, Any]]:
    return [
        {**_same(one, "decision_id", "role", "chapter_id", "line_id"), "amount": money(one.amount)}
        for (one,) in rows
    ]

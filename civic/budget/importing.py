"""Budget chapters and lines of execution brought in from tables."""

from collections.abc import Mapping
from typing import Any

from flask_babel import lazy_gettext as _l
from sqlalchemy import and_, case, func, or_, select, update
from sqlalchemy.orm import aliased

from civic.budget.models import BudgetChapter, BudgetLine
from civic.extensions import db
from civic.imports.datasets import Context, Dataset, Field
from civic.imports.models import ImportSource
from civic.imports.rules import Unreadable

KINDS = {
    "revenue": "revenue", "venituri": "revenue", "venit": "revenue",
    "expenditure": "expenditure", "cheltuieli": "expenditure", "cheltuiala": "expenditure",
}  # fmt: skip
LEVELS = {
    "total": "total", "titlu": "title", "title": "title", "pozitie": "item", "articol": "item", "alineat": "item",
    "item": "item",
}  # fmt: skip
_AMOUNTS = (
    Field("approved", _l("Approved"), "balance", guesses=("aprobat", "buget aprobat", "prevederi initiale")),
    Field("revised", _l("After revision"), "balance", guesses=("rectificat", "prevederi definitive", "buget rectificat")),
    Field("executed", _l("Executed"), "balance", guesses=("executat", "plati", "incasari", "executie", "amount", "suma")),
    Field("currency", _l("Currency"), "currency", guesses=("moneda",)),
)  # fmt: skip


def _amounts(values: Mapping[str, Any]) -> dict[str, Any]:
    return {
        **{name: values[name] for name in ("approved", "revised", "executed")},
        "currency": values["currency"] or "RON",
        "year": values["year"],
    }


def make_chapter(values: dict[str, Any], _context: Context) -> dict[str, Any]:
    """A row as a chapter."""
    return {**_amounts(values), "kind": values["kind"], "name": values["name"], "code": values["code"] or ""}


def make_line(values: dict[str, Any], context: Context) -> dict[str, Any]:
    """A row as a line of an institution's budget. What is neither a total nor named is refused."""
    level = values["level"] or ("item" if values["item"] else "title")
    title, item = values["title"] or "", values["item"] or ""
    if level != "total" and not title:
        raise Unreadable("missing", "title")
    if level == "item" and not item:
        raise Unreadable("missing", "item")
    return {
        **_amounts(values),
        "institution": values["institution"],
        "department_id": context.department("institution", values["institution"]),
        "chapter_name": values["chapter"] or "",
        "level": level,
        "title": title,
        "item": item,
        "derived": bool(values["derived"]),
    }


def stamp(_after: Mapping[str, Any], _before: Mapping[str, Any] | None, context: Context) -> dict[str, Any]:
    """When it was written."""
    return {"changed_at": context.now}


def finish(_context: Context) -> None:
    """Tie lines to the one chapter of their year that they name, or that names their institution.

    Where two sources state the chapter, it is the one of the line's own; it makes no difference which came in first.
    """
    named = case(
        (
            BudgetLine.chapter_name != "",
            func.lower(BudgetChapter.name) == func.lower(BudgetLine.chapter_name),
        ),
        else_=func.strpos(func.lower(BudgetChapter.name), func.lower(BudgetLine.institution)) > 0,
    )
    same = (BudgetChapter.year == BudgetLine.year) & (BudgetChapter.kind == "expenditure") & named
    line_source, chapter_source = aliased(ImportSource), aliased(ImportSource)
    own = line_source.name == chapter_source.name
    of_own, any_of_own = func.min(BudgetChapter.id).filter(own), func.count().filter(own)
    found = (
        select(
            BudgetLine.id.label("line"), func.coalesce(of_own, func.min(BudgetChapter.id)).label("chapter")
        )
        .join(BudgetChapter, same)
        .outerjoin(line_source, line_source.id == BudgetLine.source_id)
        .outerjoin(chapter_source, chapter_source.id == BudgetChapter.source_id)
        .group_by(BudgetLine.id)
        .having(or_(any_of_own == 1, and_(any_of_own == 0, func.count() == 1)))
        .subquery()
    )
    db.session.execute(
        update(BudgetLine)
        .where(BudgetLine.id == found.c.line, BudgetLine.chapter_id.is_distinct_from(found.c.chapter))
        .values(chapter_id=found.c.chapter),
        execution_options={"synchronize_session": False},
    )
    db.session.expire_all()


CHAPTERS = Dataset(
    key="budget_chapters",
    label=_l("Budget chapters"),
    model=BudgetChapter,
    fields=(
        Field(
            "kind", _l("Revenue or expenditure"), "choice", needed=True, guesses=("fel", "tip"), choices=KINDS
        ),
        Field("name", _l("Name of the chapter"), needed=True, guesses=("chapter", "capitol", "denumire")),
        Field("code", _l("Code of the chapter"), guesses=("cod capitol", "cod bugetar")),
        Field("year", _l("Year"), "year", needed=True, guesses=("an", "anul")),
        *_AMOUNTS,
    ),
    make=make_chapter,
    totals=("import_key", "name"),
    home="budget.index",
    stamp=stamp,
    finish=finish,
)
LINES = Dataset(
    key="budget_lines",
    label=_l("Lines of budget execution"),
    model=BudgetLine,
    fields=(
        Field(
            "institution", _l("Institution"), needed=True, guesses=("institutie", "institutia", "ordonator")
        ),
        Field("chapter", _l("Chapter it belongs to"), guesses=("capitol", "chapter", "denumire capitol")),
        Field("level", _l("Total, title or item"), "choice", guesses=("nivel",), choices=LEVELS),
        Field("title", _l("Budget title"), guesses=("budget_title", "titlu")),
        Field("item", _l("Item"), guesses=("line_item", "pozitie", "articol")),
        Field("year", _l("Year"), "year", needed=True, guesses=("an", "anul")),
        *_AMOUNTS,
        Field(
            "derived",
            _l("Computed by whoever entered the data"),
            "yes",
            guesses=("executed_derived", "calculat"),
        ),
    ),
    make=make_line,
    home="budget.index",
    stamp=stamp,
    finish=finish,
)

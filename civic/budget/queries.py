"""Every question asked about the budget."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from sqlalchemy import func, select
from sqlalchemy.orm import joinedload

from civic.budget.models import BudgetChapter, BudgetDecision, BudgetLine
from civic.clock import city_date
from civic.errors import NotFound
from civic.extensions import db
from civic.rounds.models import Phase, Pot, Round


def list_years() -> Sequence[int]:
    """The years that have chapters, the newest first."""
    return db.session.scalars(select(BudgetChapter.year).distinct().order_by(BudgetChapter.year.desc())).all()


def list_chapters(year: int) -> Sequence[BudgetChapter]:
    """The chapters of a year of every source, as each lists them."""
    return db.session.scalars(
        select(BudgetChapter).where(BudgetChapter.year == year).order_by(BudgetChapter.kind, BudgetChapter.id)
    ).all()


def list_sources() -> dict[int, list[int | None]]:
    """year -> the sources that state chapters of it, the one whose chapters changed last first. Two sources tell the
    same money twice: their chapters are never added up."""
    latest = func.max(BudgetChapter.changed_at)
    rows = db.session.execute(
        select(BudgetChapter.year, BudgetChapter.source_id)
        .group_by(BudgetChapter.year, BudgetChapter.source_id)
        .order_by(BudgetChapter.year, latest.desc(), BudgetChapter.source_id.desc())
    )
    found: dict[int, list[int | None]] = {}
    for year, source_id in rows:
        found.setdefault(year, []).append(source_id)
    return found


def get_chapter(chapter_id: int) -> BudgetChapter:
    """The chapter, or NotFound."""
    found = db.session.get(BudgetChapter, chapter_id)
    if found is None:
        raise NotFound
    return found


def find_before(chapter: BudgetChapter) -> BudgetChapter | None:
    """The chapter of the same name a year earlier, when there is just one, or just one of the same source."""
    rows = db.session.scalars(
        select(BudgetChapter)
        .filter_by(year=chapter.year - 1, kind=chapter.kind, name=chapter.name, currency=chapter.currency)
        .limit(20)
    ).all()
    own = [one for one in rows if one.source_id == chapter.source_id] or rows
    return own[0] if len(own) == 1 else None


def list_lines(chapter_id: int) -> Sequence[BudgetLine]:
    """The lines of the institutions a chapter pays for."""
    return db.session.scalars(
        select(BudgetLine)
        .where(BudgetLine.chapter_id == chapter_id)
        .options(joinedload(BudgetLine.department))
        .order_by(BudgetLine.institution, BudgetLine.id)
    ).all()


def get_line(line_id: int) -> BudgetLine:
    """The line, or NotFound."""
    found = db.session.get(BudgetLine, line_id)
    if found is None:
        raise NotFound
    return found


def list_siblings(line: BudgetLine) -> Sequence[BudgetLine]:
    """Every line of the same institution, year and source."""
    return db.session.scalars(
        select(BudgetLine)
        .filter_by(year=line.year, institution=line.institution, source_id=line.source_id)
        .order_by(BudgetLine.id)
    ).all()


def list_decisions(
    year: int, chapter_id: int | None = None, line_ids: Sequence[int] = ()
) -> Sequence[BudgetDecision]:
    """The decisions about the whole budget of a year, or about a chapter and its lines, in order."""
    wanted = select(BudgetDecision).where(BudgetDecision.year == year)
    if chapter_id is None:
        wanted = wanted.where(BudgetDecision.chapter_id.is_(None), BudgetDecision.line_id.is_(None))
    else:
        wanted = wanted.where(
            (BudgetDecision.chapter_id == chapter_id) | BudgetDecision.line_id.in_(list(line_ids))
        )
    return db.session.scalars(wanted.order_by(BudgetDecision.role, BudgetDecision.id)).all()


def list_all_decisions(year: int) -> Sequence[BudgetDecision]:
    """Every tie of a year, for whoever keeps them."""
    return db.session.scalars(select(BudgetDecision).filter_by(year=year).order_by(BudgetDecision.id)).all()


def list_of_decision(decision_id: int) -> Sequence[BudgetDecision]:
    """What a decision did to budgets."""
    return db.session.scalars(
        select(BudgetDecision).filter_by(decision_id=decision_id).order_by(BudgetDecision.id)
    ).all()


def list_totals(year: int) -> Sequence[BudgetLine]:
    """The totals of institutions in a year."""
    return db.session.scalars(
        select(BudgetLine).filter_by(year=year, level="total").order_by(BudgetLine.institution, BudgetLine.id)
    ).all()


def list_department_totals(department_id: int, size: int = 3) -> Sequence[BudgetLine]:
    """The totals of a department whose chapter is known, the newest year first."""
    return db.session.scalars(
        select(BudgetLine)
        .where(
            BudgetLine.department_id == department_id,
            BudgetLine.level == "total",
            BudgetLine.chapter_id.is_not(None),
        )
        .order_by(BudgetLine.year.desc(), BudgetLine.id)
        .limit(size)
    ).all()


@dataclass(frozen=True)
class Edition:
    """A round of participatory budgeting with the money it gives away."""

    slug: str
    name: str
    year: int
    amount: Decimal
    currency: str


def list_editions() -> list[Edition]:
    """The public rounds with money, by the year in which their vote begins."""
    starts = func.min(Phase.starts_at)
    amounts = select(Pot.round_id, func.sum(Pot.amount).label("amount")).group_by(Pot.round_id).subquery()
    rows = db.session.execute(
        select(Round.slug, Round.name, starts, amounts.c.amount, Round.currency)
        .join(amounts, amounts.c.round_id == Round.id)
        .join(Phase, (Phase.round_id == Round.id) & (Phase.kind == "voting"))
        .where(Round.published_at.is_not(None), Round.content == "projects", Round.kind == "city")
        .group_by(Round.id, amounts.c.amount)
        .order_by(starts, Round.id)
    )
    return [
        Edition(slug, name, city_date(start).year, amount, currency)
        for slug, name, start, amount, currency in rows
    ]


def spent_by_year() -> dict[int, tuple[Decimal, int, int]]:
    """year -> (expenditure of the chapters that state it, in lei; how many state it; how many there are), of the one
    source that the year's page shows."""
    shown = {year: sources[0] for year, sources in list_sources().items()}
    rows = db.session.execute(
        select(
            BudgetChapter.year,
            BudgetChapter.source_id,
            func.coalesce(func.sum(BudgetChapter.executed), 0),
            func.count(BudgetChapter.executed),
            func.count(),
        )
        .where(BudgetChapter.kind == "expenditure", BudgetChapter.currency == "RON")
        .group_by(BudgetChapter.year, BudgetChapter.source_id)
    )
    return {
        year: (Decimal(amount or 0), stated, of)
        for year, source_id, amount, stated, of in rows
        if shown[year] == source_id
    }

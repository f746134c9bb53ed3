"""Every question asked about purchases."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from sqlalchemy import Select, case, func, literal_column, select, tuple_
from sqlalchemy.orm import joinedload, selectinload

from civic.errors import NotFound
from civic.extensions import db
from civic.matching import matches
from civic.purchases.models import Purchase, PurchaseThreshold

PAGE_SIZE = 25
#: A list says how many it has up to this many; counting a million takes longer than showing a page of them.
MOST_COUNTED = 1_000
#: Read at a time by an export.
BATCH = 500


@dataclass(frozen=True)
class Filters:
    """What the register is narrowed to."""

    text: str = ""
    year: int | None = None
    procedure: str = ""
    category: str = ""
    department_id: int | None = None

    @property
    def active(self) -> bool:
        """Whether anything is chosen."""
        return self != Filters()


def _narrowed(statement: Select, filters: Filters, everything: bool, common: bool = False) -> Select:
    if not everything:
        statement = statement.where(Purchase.published)
    if filters.text:
        # Words that very many have are looked for along the list itself: as an expression no index has.
        words = func.strip(Purchase.search_vector) if common else Purchase.search_vector
        statement = statement.where(matches(words, filters.text))
    if filters.year is not None:
        statement = statement.where(Purchase.year == filters.year)
    if filters.procedure:
        statement = statement.where(Purchase.procedure == filters.procedure)
    if filters.category:
        statement = statement.where(Purchase.categories.contains([filters.category]))
    if filters.department_id is not None:
        statement = statement.where(Purchase.department_id == filters.department_id)
    return statement


def having_words(words: str) -> Select:
    """Ids of what is public and has the words, the newest first, with what it is ranked by."""
    wanted = select(Purchase.id, Purchase.search_vector)
    return _narrowed(wanted, Filters(text=words), everything=False).order_by(Purchase.id.desc())


def list_purchases(
    filters: Filters, after: tuple[int, int] | None, everything: bool = False, size: int = 0
) -> Sequence[Purchase]:
    """Those after a (year, id), the newest year first; one more than a page when there are further ones."""
    common = bool(filters.text) and count_purchases(filters, everything, MOST_COUNTED) > MOST_COUNTED
    wanted = _narrowed(select(Purchase), filters, everything, common)
    if after is not None:
        year, number = after
        wanted = wanted.where(tuple_(Purchase.year, Purchase.id) < (year, number))
    wanted = wanted.options(joinedload(Purchase.department))
    return db.session.scalars(
        wanted.order_by(Purchase.year.desc(), Purchase.id.desc()).limit((size or PAGE_SIZE) + 1)
    ).all()


def count_purchases(filters: Filters, everything: bool = False, most: int | None = None) -> int:
    """How many pass the filters; with `most` one more than that when there are further ones."""
    if most is None:
        return db.session.scalar(_narrowed(select(func.count(Purchase.id)), filters, everything)) or 0
    some = _narrowed(select(Purchase.id), filters, everything).limit(most + 1)
    if not filters.text:  # along the index of the list, which is left as soon as enough are counted
        some = some.order_by(Purchase.year.desc(), Purchase.id.desc())
    return db.session.scalar(select(func.count()).select_from(some.subquery())) or 0


def count_published() -> int:
    """How many everyone sees."""
    return count_purchases(Filters())


def list_years() -> Sequence[int]:
    """The years of published purchases, the newest first; each is one look into the index, however many it has."""
    newest = select(func.max(Purchase.year).label("year")).where(Purchase.published).cte(recursive=True)
    before = (
        select(func.max(Purchase.year))
        .where(Purchase.published, Purchase.year < newest.c.year)
        .scalar_subquery()
    )
    years = newest.union_all(select(before).where(newest.c.year.is_not(None)))
    return db.session.scalars(select(years.c.year).where(years.c.year.is_not(None))).all()


def get_purchase(purchase_id: int, lock: bool = False) -> Purchase:
    """The purchase, or NotFound. Locked for a change when asked."""
    wanted = select(Purchase).where(Purchase.id == purchase_id)
    if lock:
        wanted = wanted.with_for_update().execution_options(populate_existing=True)
    found = db.session.scalar(wanted)
    if found is None:
        raise NotFound
    return found


def list_by_ids(ids: Iterable[int]) -> Sequence[Purchase]:
    """Published purchases by id, in no order."""
    return db.session.scalars(select(Purchase).where(Purchase.id.in_(set(ids)), Purchase.published)).all()


def list_of_delivery(delivery_id: int, size: int = 20) -> Sequence[Purchase]:
    """What was bought for a delivery."""
    return db.session.scalars(
        select(Purchase)
        .where(Purchase.delivery_id == delivery_id, Purchase.published)
        .order_by(Purchase.id)
        .limit(size)
    ).all()


def sums_of_delivery(delivery_id: int) -> Sequence[tuple[str, str, int, Decimal]]:
    """(currency, whether its VAT is "net", "open" or "gross", how many, their sum) of what was bought for a delivery.

    Each purchase counts once, by the amount its line shows; those without an amount are left out.
    """
    shown = func.coalesce(Purchase.amount_net, Purchase.amount, Purchase.amount_gross)
    basis = case(
        (Purchase.amount_net.is_not(None), "net"), (Purchase.amount.is_not(None), "open"), else_="gross"
    )
    statement = (
        select(Purchase.currency, basis.label("basis"), func.count(), func.sum(shown))
        .where(Purchase.delivery_id == delivery_id, Purchase.published, shown.is_not(None))
        .group_by(Purchase.currency, literal_column("basis"))
    )
    return [(row[0], row[1], row[2], row[3]) for row in db.session.execute(statement)]


def list_thresholds() -> Sequence[PurchaseThreshold]:
    """Every threshold, the newest first."""
    return db.session.scalars(select(PurchaseThreshold).order_by(PurchaseThreshold.since.desc())).all()


def thresholds() -> list[tuple[date, Decimal]]:
    """(since, amount) of every threshold."""
    return [
        (row[0], row[1])
        for row in db.session.execute(select(PurchaseThreshold.since, PurchaseThreshold.amount))
    ]


def stream_published(year: int | None = None) -> Iterator[Purchase]:
    """Every published purchase by id, read some hundred at a time and forgotten: memory does not grow."""
    last = 0
    while True:
        wanted = select(Purchase).where(Purchase.published, Purchase.id > last)
        if year is not None:
            wanted = wanted.where(Purchase.year == year)
        rows = db.session.scalars(
            wanted.options(selectinload(Purchase.amendments), joinedload(Purchase.department))
            .order_by(Purchase.id)
            .limit(BATCH)
        ).all()
        if not rows:
            return
        last = rows[-1].id
        yield from rows
        db.session.expunge_all()


def list_changes(offset: int, limit: int) -> Sequence[tuple[int, datetime]]:
    """(id, changed at) of a slice of the published, by id."""
    statement = select(Purchase.id, Purchase.changed_at).where(Purchase.published).order_by(Purchase.id)
    return [(row[0], row[1]) for row in db.session.execute(statement.limit(limit).offset(offset))]

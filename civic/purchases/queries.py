"""Every question asked about purchases."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from sqlalchemy import Select, case, func, literal_column, select, tuple_
from sqlalchemy.dialects.postgresql import distinct_on
from sqlalchemy.orm import defer, joinedload, selectinload, undefer

from civic.errors import NotFound
from civic.extensions import db
from civic.matching import find_first, matches
from civic.purchases.models import Purchase, PurchaseAmendment, PurchaseEdition, PurchaseThreshold

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


_ALL = Filters()


def _narrowed(
    statement: Select, filters: Filters, everything: bool, after: tuple[int, int] | None = None
) -> Select:
    """Narrowed to everything but the words, and to what comes after a (year, id)."""
    if not everything:
        statement = statement.where(Purchase.published)
    if filters.year is not None:
        statement = statement.where(Purchase.year == filters.year)
    if filters.procedure:
        statement = statement.where(Purchase.procedure == filters.procedure)
    if filters.category:
        statement = statement.where(Purchase.categories.contains([filters.category]))
    if filters.department_id is not None:
        statement = statement.where(Purchase.department_id == filters.department_id)
    if after is not None:
        statement = statement.where(tuple_(Purchase.year, Purchase.id) < after)
    return statement


_ORDER = (Purchase.year, Purchase.id)
_DOWN = (Purchase.year.desc(), Purchase.id.desc())


def searched() -> Select:
    """Ids of what is public, with the words of each."""
    return select(Purchase.id, Purchase.search_vector).where(Purchase.published)


@dataclass(frozen=True)
class Page:
    """Some purchases of the register, the newest year first, and whether there are `further` ones.

    `total` is how many pass the filters; when `most` is smaller, there are more than `most`.
    """

    rows: Sequence[Purchase]
    further: bool
    total: int
    most: int


def find_page(
    filters: Filters, after: tuple[int, int] | None, everything: bool = False, size: int = 0
) -> Page:
    """The purchases after a (year, id); as fast at a million as at ten thousand."""
    size = size or PAGE_SIZE
    chosen = _narrowed(select(Purchase.id), filters, everything, after)
    if filters.text:
        found = find_first(chosen, Purchase.search_vector, _ORDER, filters.text, size + 1)
        counted = found
        if after is not None:
            whole = _narrowed(select(Purchase.id), filters, everything)
            counted = find_first(whole, Purchase.search_vector, _ORDER, filters.text, size + 1)
        ids: Any = found.keys
        total = counted.total + counted.more
        most = counted.total
    else:
        ids = chosen.order_by(*_DOWN).limit(size + 1)
        total, most = _count(filters, everything), MOST_COUNTED
    wanted = select(Purchase).where(Purchase.id.in_(ids)).options(joinedload(Purchase.department))
    rows = db.session.scalars(wanted.order_by(*_DOWN)).all()
    return Page(rows[:size], len(rows) > size, total, most)


def _count(filters: Filters, everything: bool) -> int:
    """How many pass the filters, words apart; one more than `MOST_COUNTED` when there are further ones."""
    some = _narrowed(select(Purchase.id), filters, everything).order_by(*_DOWN).limit(MOST_COUNTED + 1)
    return db.session.scalar(select(func.count()).select_from(some.subquery())) or 0


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
        .options(selectinload(Purchase.amendments))
        .order_by(Purchase.id)
        .limit(size)
    ).all()


def count_of_delivery(delivery_id: int) -> int:
    """How many purchases everybody may read were made for a delivery."""
    wanted = select(func.count(Purchase.id)).where(Purchase.delivery_id == delivery_id, Purchase.published)
    return db.session.scalar(wanted) or 0


def sums_of_delivery(delivery_id: int) -> Sequence[tuple[str, str, int, Decimal]]:
    """(currency, whether its VAT is "net", "open" or "gross", how many, their sum) of what was bought for a delivery.

    Each purchase counts once, by the amount the last change of its contract left, else by the one it began with;
    those without an amount are left out.
    """
    agreed = (
        select(PurchaseAmendment.amount_after)
        .where(PurchaseAmendment.purchase_id == Purchase.id, PurchaseAmendment.amount_after.is_not(None))
        .order_by(PurchaseAmendment.signed_on.desc(), PurchaseAmendment.id.desc())
        .limit(1)
        .correlate(Purchase)
        .scalar_subquery()
    )
    shown = func.coalesce(agreed, Purchase.amount_net, Purchase.amount, Purchase.amount_gross)
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


def last_releases(ids: Iterable[int]) -> dict[int, tuple[str, int]]:
    """purchase -> (the last kept release, the number of its last edition), of those of which any is kept."""
    newest = func.max(PurchaseEdition.number).over(partition_by=PurchaseEdition.purchase_id)
    statement = (
        select(PurchaseEdition.purchase_id, PurchaseEdition.release, newest)
        .where(PurchaseEdition.purchase_id.in_(set(ids)))
        .ext(distinct_on(PurchaseEdition.purchase_id))
        .order_by(
            PurchaseEdition.purchase_id,
            (PurchaseEdition.release != "").desc(),
            PurchaseEdition.number.desc(),
        )
    )
    return {row[0]: (row[1], row[2]) for row in db.session.execute(statement)}


def list_editions(purchase_id: int, size: int) -> Sequence[PurchaseEdition]:
    """What stood in public about a purchase before its last changes, the newest first."""
    return db.session.scalars(
        select(PurchaseEdition)
        .where(PurchaseEdition.purchase_id == purchase_id)
        .options(undefer(PurchaseEdition.facts), defer(PurchaseEdition.release))
        .order_by(PurchaseEdition.number.desc())
        .limit(size)
    ).all()


def amendments_of(ids: Iterable[int]) -> dict[int, list[PurchaseAmendment]]:
    """purchase -> the amendments of its contract."""
    found: dict[int, list[PurchaseAmendment]] = {}
    wanted = select(PurchaseAmendment).where(PurchaseAmendment.purchase_id.in_(set(ids)))
    for one in db.session.scalars(wanted):
        found.setdefault(one.purchase_id, []).append(one)
    return found


def stream_published(filters: Filters = _ALL) -> Iterator[Purchase]:
    """Every published purchase that passes the filters, by id, read some hundred at a time and forgotten: memory does
    not grow."""
    last = 0
    while True:
        wanted = _narrowed(select(Purchase), filters, everything=False).where(Purchase.id > last)
        if filters.text:
            wanted = wanted.where(matches(Purchase.search_vector, filters.text))
        rows = db.session.scalars(
            wanted.options(
                selectinload(Purchase.amendments),
                selectinload(Purchase.editions),
                joinedload(Purchase.department),
            )
            .order_by(Purchase.id)
            .limit(BATCH)
        ).all()
        if not rows:
            return
        last = rows[-1].id
        yield from rows
        db.session.expunge_all()


def list_changes() -> Select:
    """(id, changed at) of what is published."""
    return select(Purchase.id, Purchase.changed_at).where(Purchase.published)

"""Every question asked about deliveries."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from sqlalchemy import Select, case, func, select
from sqlalchemy.orm import defer, joinedload

from civic.errors import NotFound
from civic.extensions import db
from civic.matching import matches
from civic.places.models import Category, Department, Neighbourhood
from civic.tracker.models import Delivery, DeliveryDocument, DeliveryUpdate, Milestone
from civic.tracker.rules import ENDED, stages_of

PAGE_SIZE = 24
#: The map shows everything the filters find, up to this many.
MAP_LIMIT = 500
#: Works that have the words of a search are counted up to this many.
MOST_COUNTED = 1_000


@dataclass(frozen=True)
class Filters:
    """What a list is narrowed to. `status` is a stage or a group; `late_on` is the day on which to be late."""

    text: str = ""
    neighbourhood_id: int | None = None
    category_id: int | None = None
    department_id: int | None = None
    status: str = ""
    late_on: date | None = None

    @property
    def active(self) -> bool:
        """Whether anything is chosen."""
        return self != Filters()


def _narrowed(statement: Select, filters: Filters, with_status: bool = True) -> Select:
    if filters.text:
        statement = statement.where(matches(Delivery.search_vector, filters.text))
    for column, value in (
        (Delivery.neighbourhood_id, filters.neighbourhood_id),
        (Delivery.category_id, filters.category_id),
        (Delivery.department_id, filters.department_id),
    ):
        if value is not None:
            statement = statement.where(column == value)
    if filters.late_on is not None:
        statement = statement.where(Delivery.planned_end < filters.late_on, Delivery.status.not_in(ENDED))
    if with_status and filters.status:
        statement = statement.where(Delivery.status.in_(stages_of(filters.status)))
    return statement


_NAMES = (
    joinedload(Delivery.department),
    # A list names its neighbourhoods; their shapes are many points.
    joinedload(Delivery.neighbourhood).defer(Neighbourhood.shape),
    joinedload(Delivery.category),
)
#: What the residents chose before the rest of the programme; then the newest news, and what says most.
_ORDER = (
    Delivery.origin_id.is_(None),
    Delivery.changed_at.desc(),
    Delivery.status == "other",
    Delivery.budget.is_(None),
    Delivery.id,
)
#: The same from its end.
_FROM_THE_END = (
    Delivery.origin_id.is_(None).desc(),
    Delivery.changed_at,
    (Delivery.status == "other").desc(),
    Delivery.budget.is_(None).desc(),
    Delivery.id.desc(),
)


def searched() -> Select:
    """Ids of every delivery, with the words of each."""
    return select(Delivery.id, Delivery.search_vector)


def list_deliveries(
    filters: Filters, page: int, size: int = PAGE_SIZE, total: int | None = None
) -> Sequence[Delivery]:
    """One page of the deliveries that pass the filters.

    `total` is how many pass them, where that is known: then a page past the middle is counted off from the end.
    """
    chosen, skipped = _narrowed(select(Delivery.id), filters), (page - 1) * size
    ids = chosen.order_by(*_ORDER).limit(size).offset(skipped)
    if total is not None and skipped > total // 2:
        past = max(0, total - skipped - size)
        ids = chosen.order_by(*_FROM_THE_END).limit(max(0, total - skipped - past)).offset(past)
    wanted = select(Delivery).where(Delivery.id.in_(ids)).options(*_NAMES).order_by(*_ORDER)
    return db.session.scalars(wanted).all()


def count_by_status(filters: Filters, with_status: bool = False) -> dict[str, int]:
    """How many deliveries pass the filters other than the stage, by stage; stages without any are left out.

    With words at most one more than `MOST_COUNTED` are counted: then how many are at which stage is not known.
    """
    statement = _narrowed(select(Delivery.status), filters, with_status=with_status)
    if filters.text:
        statement = statement.limit(MOST_COUNTED + 1)
    some = statement.subquery()
    rows = db.session.execute(select(some.c.status, func.count()).group_by(some.c.status))
    return {row[0]: row[1] for row in rows}


def list_late(today: date, limit: int) -> tuple[Sequence[Delivery], int]:
    """Those that are late, the latest first, and how many there are."""
    filters = Filters(late_on=today)
    total = db.session.scalar(_narrowed(select(func.count(Delivery.id)), filters)) or 0
    statement = _narrowed(select(Delivery), filters).order_by(Delivery.planned_end, Delivery.id).limit(limit)
    return db.session.scalars(statement).all(), total


def get_delivery(delivery_id: int, lock: bool = False) -> Delivery:
    """The delivery, or NotFound. Locked for a change when asked."""
    statement = select(Delivery).where(Delivery.id == delivery_id)
    if lock:
        statement = statement.with_for_update().execution_options(populate_existing=True)
    else:
        statement = statement.options(*_NAMES)
    found = db.session.scalar(statement)
    if found is None:
        raise NotFound
    return found


def find_by_origin(kind: str, origin_id: int) -> Delivery | None:
    """What became of a project or a proposal."""
    return db.session.scalar(
        select(Delivery).where(Delivery.origin_kind == kind, Delivery.origin_id == origin_id)
    )


def paid_by_origin(kind: str, origin_ids: Collection[int], currency: str) -> dict[int, Decimal | None]:
    """What became of projects or proposals: the id of each that has a delivery -> what was paid, None: not stated in
    this currency."""
    spent = case((Delivery.currency == currency, Delivery.spent))
    rows = db.session.execute(
        select(Delivery.origin_id, spent).where(
            Delivery.origin_kind == kind, Delivery.origin_id.in_(origin_ids)
        )
    )
    return {origin: spent for origin, spent in rows if origin is not None}


def list_by_ids(ids: Iterable[int]) -> Sequence[Delivery]:
    """Deliveries by id, in no order."""
    return db.session.scalars(select(Delivery).where(Delivery.id.in_(set(ids)))).all()


def list_milestones(delivery_id: int) -> Sequence[Milestone]:
    """A delivery's milestones by the date that counts."""
    due = func.coalesce(Milestone.replanned_on, Milestone.planned_on)
    return db.session.scalars(
        select(Milestone).where(Milestone.delivery_id == delivery_id).order_by(due, Milestone.id)
    ).all()


def get_milestone(delivery_id: int, milestone_id: int) -> Milestone:
    """A milestone of this delivery, or NotFound."""
    found = db.session.get(Milestone, milestone_id)
    if found is None or found.delivery_id != delivery_id:
        raise NotFound
    return found


def milestone_shares(delivery_ids: Iterable[int]) -> dict[int, tuple[int, int]]:
    """(reached, all) milestones by delivery, in one query."""
    statement = (
        select(Milestone.delivery_id, func.count(Milestone.done_on), func.count())
        .where(Milestone.delivery_id.in_(set(delivery_ids)))
        .group_by(Milestone.delivery_id)
    )
    return {delivery_id: (done, total) for delivery_id, done, total in db.session.execute(statement)}


def list_updates(delivery_id: int) -> Sequence[DeliveryUpdate]:
    """Everything told about a delivery, with photos, oldest first."""
    return db.session.scalars(
        select(DeliveryUpdate)
        .where(DeliveryUpdate.delivery_id == delivery_id)
        .order_by(DeliveryUpdate.at, DeliveryUpdate.id)
    ).all()


def list_documents(delivery_id: int) -> Sequence[DeliveryDocument]:
    """The documents of a delivery, oldest first."""
    return db.session.scalars(
        select(DeliveryDocument)
        .where(DeliveryDocument.delivery_id == delivery_id)
        .order_by(DeliveryDocument.id)
    ).all()


def get_document(delivery_id: int, document_id: int) -> DeliveryDocument:
    """A document of this delivery, or NotFound."""
    found = db.session.get(DeliveryDocument, document_id)
    if found is None or found.delivery_id != delivery_id:
        raise NotFound
    return found


def list_parts(delivery_id: int) -> Sequence[Delivery]:
    """The parts of an umbrella project."""
    return db.session.scalars(
        select(Delivery).where(Delivery.parent_id == delivery_id).order_by(Delivery.id)
    ).all()


def list_choices() -> tuple[Sequence[Neighbourhood], Sequence[Category], Sequence[Department]]:
    """What a list can be narrowed to and a form can choose from."""
    return (
        db.session.scalars(
            select(Neighbourhood).options(defer(Neighbourhood.shape)).order_by(Neighbourhood.sort_key)
        ).all(),
        db.session.scalars(select(Category).order_by(Category.position, Category.id)).all(),
        db.session.scalars(select(Department).order_by(Department.sort_key)).all(),
    )


def slugs_of(model: type[Neighbourhood] | type[Department] | type[Category]) -> dict[str, int]:
    """slug -> id of a table of places."""
    return {row[0]: row[1] for row in db.session.execute(select(model.slug, model.id))}


def import_ids() -> dict[str, int]:
    """import key -> id of what was imported before."""
    statement = select(Delivery.import_key, Delivery.id).where(Delivery.import_key.is_not(None))
    return {str(key): number for key, number in db.session.execute(statement)}


def list_changes() -> Select:
    """(id, changed at) of all deliveries."""
    return select(Delivery.id, Delivery.changed_at)

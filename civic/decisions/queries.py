"""Every question asked about decisions."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from sqlalchemy import Row, Select, func, or_, select

from civic import tags
from civic.decisions.models import CouncilDecision, DecisionFile, DecisionRelation
from civic.errors import NotFound
from civic.extensions import db
from civic.matching import matches

PAGE_SIZE = 30
#: What everyone may read.
PUBLIC = CouncilDecision.state != "draft"


@dataclass(frozen=True)
class Filters:
    """What the register is narrowed to."""

    text: str = ""
    kind: str = ""
    year: int | None = None
    dimension: str = ""
    #: whom it concerns especially: one of `civic.tags`
    concerns: str = ""
    #: of staff alone: what is being written stands in the list too
    drafts: bool = False

    @property
    def active(self) -> bool:
        """Whether anything is chosen."""
        return self != Filters(drafts=self.drafts)


def _narrowed(statement: Select, filters: Filters) -> Select:
    if not filters.drafts:
        statement = statement.where(PUBLIC)
    if filters.text:
        statement = statement.where(matches(CouncilDecision.search_vector, filters.text))
    if filters.kind:
        statement = statement.where(CouncilDecision.kind == filters.kind)
    if filters.year is not None:
        statement = statement.where(CouncilDecision.year == filters.year)
    if filters.dimension:
        statement = statement.where(CouncilDecision.dimension == filters.dimension)
    if filters.concerns:
        statement = statement.where(tags.has(CouncilDecision, filters.concerns))
    return statement


def having_words(words: str) -> Select:
    """Ids of what is public and has the words, the newest first, with what it is ranked by."""
    one = CouncilDecision
    return _narrowed(select(one.id, one.search_vector), Filters(text=words)).order_by(one.id.desc())


def list_decisions(
    filters: Filters, after: tuple[int, int] | None, size: int = PAGE_SIZE
) -> Sequence[CouncilDecision]:
    """Those after a (year, id), the newest year first; one more than `size` when there are further ones."""
    wanted = _narrowed(select(CouncilDecision), filters)
    if after is not None:
        year, number = after
        wanted = wanted.where(
            or_(CouncilDecision.year < year, (CouncilDecision.year == year) & (CouncilDecision.id < number))
        )
    return db.session.scalars(
        wanted.order_by(CouncilDecision.year.desc(), CouncilDecision.id.desc()).limit(size + 1)
    ).all()


def count_decisions(filters: Filters) -> int:
    """How many pass the filters."""
    return db.session.scalar(_narrowed(select(func.count(CouncilDecision.id)), filters)) or 0


def list_years() -> Sequence[int]:
    """The years that have decisions, the newest first."""
    return db.session.scalars(
        select(CouncilDecision.year).where(PUBLIC).distinct().order_by(CouncilDecision.year.desc())
    ).all()


def get_decision(decision_id: int, *, lock: bool = False) -> CouncilDecision:
    """The decision, drafts too, or NotFound."""
    found = db.session.get(CouncilDecision, decision_id, with_for_update=lock or None, populate_existing=lock)
    if found is None:
        raise NotFound
    return found


def get_public(decision_id: int) -> CouncilDecision:
    """The decision that everyone may read, or NotFound."""
    found = get_decision(decision_id)
    if found.state == "draft":
        raise NotFound
    return found


def list_same(kind: str, number: str, year: int, but: int | None) -> Sequence[CouncilDecision]:
    """Others that carry the same number."""
    return db.session.scalars(
        select(CouncilDecision).where(
            CouncilDecision.kind == kind, CouncilDecision.number == number, CouncilDecision.year == year,
            CouncilDecision.id != (but or 0),
        )
    ).all()  # fmt: skip


def list_files(decision_id: int) -> Sequence[DecisionFile]:
    """The files of a decision, in the order in which they were added."""
    return db.session.scalars(
        select(DecisionFile).where(DecisionFile.decision_id == decision_id).order_by(DecisionFile.id)
    ).all()


def get_file(decision_id: int, file_id: int) -> DecisionFile:
    """A file of this decision, or NotFound."""
    found = db.session.get(DecisionFile, file_id)
    if found is None or found.decision_id != decision_id:
        raise NotFound
    return found


def get_relation(decision_id: int, relation_id: int) -> DecisionRelation:
    """What staff said between this decision and another, or NotFound."""
    found = db.session.get(DecisionRelation, relation_id)
    if found is None or not found.by_hand or decision_id not in (found.from_id, found.to_id):
        raise NotFound
    return found


def list_by_ids(ids: Iterable[int]) -> Sequence[CouncilDecision]:
    """Decisions by id, in no order."""
    return db.session.scalars(select(CouncilDecision).where(CouncilDecision.id.in_(set(ids)), PUBLIC)).all()


def list_newest(size: int) -> Sequence[CouncilDecision]:
    """The newest, to choose from."""
    return db.session.scalars(
        select(CouncilDecision)
        .where(PUBLIC)
        .order_by(
            CouncilDecision.year.desc(),
            CouncilDecision.adopted_on.desc().nulls_last(),
            CouncilDecision.id.desc(),
        )
        .limit(size)
    ).all()


def find_decision(number: str, year: int, kind: str = "council") -> CouncilDecision | None:
    """The decision of that number, when there is just one."""
    rows = db.session.scalars(
        select(CouncilDecision)
        .filter_by(number=number, year=year, kind=kind)
        .where(PUBLIC)
        .order_by(CouncilDecision.id)
        .limit(2)
    ).all()
    return rows[0] if len(rows) == 1 else None


def list_relations(decision_id: int) -> Sequence[Row[str, bool, CouncilDecision, DecisionRelation]]:
    """(kind, True when it is this one that acts, the other decision, the relation), by year and number."""
    own = db.session.execute(
        select(
            DecisionRelation.kind, DecisionRelation.from_id == decision_id, CouncilDecision, DecisionRelation
        )
        .join(
            CouncilDecision,
            or_(
                (DecisionRelation.from_id == decision_id) & (CouncilDecision.id == DecisionRelation.to_id),
                (DecisionRelation.to_id == decision_id) & (CouncilDecision.id == DecisionRelation.from_id),
            ),
        )
        .where(PUBLIC)
        .order_by(CouncilDecision.year, CouncilDecision.id, DecisionRelation.id)
    )
    return own.all()


def stream_related(source_id: int) -> Iterator[Row[int, str]]:
    """(id, words about others) of a source's decisions that name others."""
    yield from db.session.execute(
        select(CouncilDecision.id, CouncilDecision.relation)
        .where(CouncilDecision.source_id == source_id, CouncilDecision.relation != "")
        .execution_options(yield_per=500)
    )


def ids_of(numbers: set[tuple[str, int]]) -> dict[tuple[str, int], list[int]]:
    """(number, year) -> the decisions that carry it."""
    from sqlalchemy import tuple_

    found: dict[tuple[str, int], list[int]] = {}
    if numbers:
        rows = db.session.execute(
            select(CouncilDecision.number, CouncilDecision.year, CouncilDecision.id).where(
                tuple_(CouncilDecision.number, CouncilDecision.year).in_(numbers)
            )
        )
        for number, year, decision_id in rows:
            found.setdefault((number, year), []).append(decision_id)
    return found


def list_changes() -> Select:
    """(id, changed at) of what is public."""
    return select(CouncilDecision.id, CouncilDecision.changed_at).where(PUBLIC)

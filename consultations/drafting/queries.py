"""Every question asked about a draft's text and what stands beside it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, and_, case, func, literal, or_, select, union_all
from sqlalchemy.orm import aliased, joinedload, raiseload

from civic.errors import NotFound
from civic.extensions import db
from consultations.drafting.models import Annotation, Edition, Section, Stance
from consultations.drafting.rules import DEPTHS, MARKED
from consultations.models import Consultation

#: Sections on one page: a hundred pages of a printed draft.
PAGE_SECTIONS = 2_000
#: Sections on one page of the preview, each with its form field.
PREVIEW_SECTIONS = 100
PER_PAGE = 20
PROVEN_FROM = 3


@dataclass(frozen=True)
class Row:
    """A section as the page shows it, without the weight of a model."""

    key: int
    kind: str
    text: str


def list_editions(consultation_id: int) -> Sequence[Edition]:
    """The published editions, the newest first."""
    return db.session.scalars(
        select(Edition)
        .where(Edition.consultation_id == consultation_id, Edition.number.is_not(None))
        .order_by(Edition.number.desc())
    ).all()


def current_edition(consultation_id: int) -> Edition | None:
    """The edition that is in force."""
    return db.session.scalar(
        select(Edition)
        .where(Edition.consultation_id == consultation_id, Edition.number.is_not(None))
        .order_by(Edition.number.desc())
        .limit(1)
    )


def get_edition(consultation_id: int, number: int) -> Edition:
    """A published edition by its number. Raises NotFound."""
    found = db.session.scalar(
        select(Edition).where(Edition.consultation_id == consultation_id, Edition.number == number)
    )
    if found is None:
        raise NotFound
    return found


def find_prepared(consultation_id: int, *, lock: bool = False) -> Edition | None:
    """The edition being prepared, if there is one."""
    query = select(Edition).where(Edition.consultation_id == consultation_id, Edition.number.is_(None))
    if lock:
        query = query.with_for_update().execution_options(populate_existing=True)
    return db.session.scalar(query)


def count_sections(edition_id: int) -> int:
    """How many sections an edition has."""
    return db.session.scalar(select(func.count()).where(Section.edition_id == edition_id)) or 0


def list_sections(edition_id: int, page: int, size: int = PAGE_SECTIONS) -> list[Row]:
    """A page of an edition's sections, in their order."""
    rows = db.session.execute(
        select(Section.key, Section.kind, Section.text)
        .where(Section.edition_id == edition_id)
        .order_by(Section.position)
        .limit(size)
        .offset((page - 1) * size)
    )
    return [Row(*row) for row in rows]


def list_keyed(edition_id: int) -> list[Row]:
    """All of an edition's sections, in their order: for work, not for pages."""
    rows = db.session.execute(
        select(Section.key, Section.kind, Section.text)
        .where(Section.edition_id == edition_id)
        .order_by(Section.position)
    )
    return [Row(*row) for row in rows]


def list_texts(edition_id: int, keys: Sequence[int]) -> dict[int, str]:
    """The wordings of some sections of an edition, by their numbers; those it has not are left out."""
    rows = db.session.execute(
        select(Section.key, Section.text).where(Section.edition_id == edition_id, Section.key.in_(keys))
    )
    return dict(rows.all())


def list_changed(before_id: int, after_id: int) -> tuple[list[int], int]:
    """Numbers of the sections that differ between two editions, and how many of them the later one has.

    They come in the order of the later edition; what is gone from it stands after what it stood behind.
    """
    old, new = aliased(Section), aliased(Section)
    pairs = (
        select(
            old.key.label("key"),
            old.position.label("position"),
            new.position.label("stands"),
            func.max(case((new.position.is_not(None), old.position)))
            .over(order_by=old.position)
            .label("behind"),
        )
        .outerjoin(new, and_(new.edition_id == after_id, new.key == old.key))
        .where(old.edition_id == before_id)
        .cte()
    )
    behind = pairs.alias()
    gone = (
        select(
            pairs.c.key,
            func.coalesce(behind.c.stands, -1).label("place"),
            literal(1).label("gone"),
            pairs.c.position,
        )
        .outerjoin(behind, behind.c.position == pairs.c.behind)
        .where(pairs.c.stands.is_(None))
    )
    worded = (
        select(new.key, new.position.label("place"), literal(0).label("gone"), new.position)
        .outerjoin(old, and_(old.edition_id == before_id, old.key == new.key))
        .where(new.edition_id == after_id, old.text.is_distinct_from(new.text))
    )
    rows = db.session.execute(union_all(worded, gone).order_by("place", "gone", "position")).all()
    return [row[0] for row in rows], sum(row[2] == 0 for row in rows)


def list_contents(edition_id: int) -> list[tuple[int, int, str, str]]:
    """The table of contents: (key, position, kind, the beginning of the text)."""
    rows = db.session.execute(
        select(Section.key, Section.position, Section.kind, func.left(Section.text, 160))
        .where(Section.edition_id == edition_id, Section.kind.in_(DEPTHS))
        .order_by(Section.position)
    )
    return [(row[0], row[1], row[2], row[3]) for row in rows]


def get_section(edition_id: int, key: int) -> Section:
    """One section of an edition. Raises NotFound."""
    found = db.session.get(Section, (edition_id, key))
    if found is None:
        raise NotFound
    return found


def find_section(consultation_id: int, key: int) -> tuple[Section, Edition, bool] | None:
    """A section as the newest edition that has it words it, that edition, and whether it is the one in force."""
    row = db.session.execute(
        select(Section, Edition)
        .join(Edition, Edition.id == Section.edition_id)
        .where(Edition.consultation_id == consultation_id, Edition.number.is_not(None), Section.key == key)
        .order_by(Edition.number.desc())
        .limit(1)
    ).first()
    if row is None:
        return None
    current = current_edition(consultation_id)
    return row[0], row[1], current is not None and current.id == row[1].id


def find_earlier(consultation_id: int, texts: Sequence[str]) -> dict[str, int]:
    """Texts that an earlier edition had as a section and the one in force has not: the section's number by text."""
    current = current_edition(consultation_id)
    if current is None:
        return {}
    kept = select(Section.key).where(Section.edition_id == current.id)
    found: dict[str, int] = {}
    taken: set[int] = set()
    for first in range(0, len(texts), 500):
        rows = db.session.execute(
            select(Section.text, func.max(Section.key))
            .join(Edition, Edition.id == Section.edition_id)
            .where(Edition.consultation_id == consultation_id, Edition.number.is_not(None))
            .where(Section.text.in_(texts[first : first + 500]), Section.key.not_in(kept))
            .group_by(Section.text)
        )
        for text, key in rows:
            if key not in taken:
                taken.add(key)
                found[text] = key
    return found


def highest_key(consultation_id: int) -> int:
    """The highest number a section of any edition of a consultation has."""
    return (
        db.session.scalar(
            select(func.max(Section.key))
            .join(Edition, Edition.id == Section.edition_id)
            .where(Edition.consultation_id == consultation_id)
        )
        or 0
    )


# Annotations.


def _readable(actor_id: int | None) -> ColumnElement[bool]:
    # A hidden one keeps its place and says it was hidden; one waiting is its author's alone.
    shown = Annotation.state.in_(["visible", "hidden"])
    return shown if actor_id is None else or_(shown, Annotation.author_id == actor_id)


def count_by_section(consultation_id: int) -> dict[int, int]:
    """How many annotations each section has, in one query, the lost ones apart."""
    rows = db.session.execute(
        select(Annotation.key, func.count())
        .where(
            Annotation.consultation_id == consultation_id,
            Annotation.state == "visible",
            Annotation.edition_id == Annotation.checked_id,
        )
        .group_by(Annotation.key)
    )
    return dict(rows.all())


def _list(where: Sequence[ColumnElement[bool]], page: int) -> tuple[Sequence[Annotation], int]:
    total = db.session.scalar(select(func.count(Annotation.id)).where(*where)) or 0
    rows = db.session.scalars(
        select(Annotation)
        .where(*where)
        .options(joinedload(Annotation.author), joinedload(Annotation.contribution), raiseload("*"))
        .order_by((Annotation.agree - Annotation.disagree).desc(), Annotation.id)
        .limit(PER_PAGE)
        .offset((page - 1) * PER_PAGE)
    ).all()
    return rows, total


def list_annotations(
    consultation_id: int, key: int, actor_id: int | None, page: int
) -> tuple[Sequence[Annotation], int]:
    """A page of what stands beside a section, what most agree with first; the lost ones of it too."""
    return _list(
        [Annotation.consultation_id == consultation_id, Annotation.key == key, _readable(actor_id)], page
    )


def _lost(consultation_id: int) -> ColumnElement[bool]:
    return and_(Annotation.consultation_id == consultation_id, Annotation.edition_id != Annotation.checked_id)


def list_lost(consultation_id: int, actor_id: int | None, page: int) -> tuple[Sequence[Annotation], int]:
    """A page of those whose passage is not in the text any more."""
    return _list([_lost(consultation_id), _readable(actor_id)], page)


def _marked(consultation_id: int) -> ColumnElement[bool]:
    return and_(
        Annotation.consultation_id == consultation_id,
        Annotation.edition_id == Annotation.checked_id,
        Annotation.how.in_(MARKED),
    )


def list_marked(consultation_id: int, actor_id: int | None, page: int) -> tuple[Sequence[Annotation], int]:
    """A page of those that stand where they were found by likeness or with doubt, and nobody said more."""
    return _list([_marked(consultation_id), _readable(actor_id)], page)


def count_marked(consultation_id: int) -> int:
    """How many visible annotations stand where they were found by likeness or with doubt."""
    return (
        db.session.scalar(
            select(func.count(Annotation.id)).where(_marked(consultation_id), Annotation.state == "visible")
        )
        or 0
    )


def count_by_author(edition: Edition) -> list[tuple[int, int, int]]:
    """Authors whose annotations an edition moved or left out: (account, how many are marked, how many are lost now).

    Those that were lost in an edition before are not counted again.
    """
    before = (
        select(func.max(Edition.id))
        .where(
            Edition.consultation_id == edition.consultation_id, Edition.number == (edition.number or 0) - 1
        )
        .scalar_subquery()
    )
    marked = func.count().filter(_marked(edition.consultation_id))
    lost = func.count().filter(Annotation.edition_id == before, Annotation.how != "refused")
    rows = db.session.execute(
        select(Annotation.author_id, marked, lost)
        .where(Annotation.consultation_id == edition.consultation_id, Annotation.checked_id == edition.id)
        .where(Annotation.author_id.is_not(None))
        .group_by(Annotation.author_id)
        .having(or_(marked > 0, lost > 0))
        .order_by(Annotation.author_id)
    ).all()
    return [(row[0], row[1], row[2]) for row in rows if row[0] is not None]


def place_written(annotation: Annotation) -> tuple[int, int]:
    """Where an annotation was written: the section's number in that edition, and where its words begin. Raises NotFound.

    It is found by its words with what stood beside them; the section of the same number goes first.
    """
    around = annotation.prefix + annotation.quote + annotation.suffix
    row = db.session.execute(
        select(Section.key, func.strpos(Section.text, around))
        .where(Section.edition_id == annotation.made_id, func.strpos(Section.text, around) > 0)
        .order_by((Section.key == annotation.key).desc(), Section.position)
        .limit(1)
    ).first()
    if row is None:
        raise NotFound
    return row[0], row[1] - 1 + len(annotation.prefix)


def count_lost(consultation_id: int) -> int:
    """How many visible annotations are about a passage that is not in the text any more."""
    return (
        db.session.scalar(
            select(func.count(Annotation.id)).where(_lost(consultation_id), Annotation.state == "visible")
        )
        or 0
    )


def count_visible(consultation_id: int) -> int:
    """How many annotations anyone can read."""
    return (
        db.session.scalar(
            select(func.count(Annotation.id)).where(
                Annotation.consultation_id == consultation_id, Annotation.state == "visible"
            )
        )
        or 0
    )


def list_stances(annotation_ids: Iterable[int], account_id: int | None) -> dict[int, int]:
    """What an account said about annotations: 1 or -1 by annotation."""
    if account_id is None:
        return {}
    rows = db.session.execute(
        select(Stance.annotation_id, Stance.value).where(
            Stance.account_id == account_id, Stance.annotation_id.in_(list(annotation_ids))
        )
    )
    return dict(rows.all())


def get_annotation(annotation_id: int, *, lock: bool = False) -> Annotation:
    """An annotation. Raises NotFound."""
    query = select(Annotation).where(Annotation.id == annotation_id).execution_options(populate_existing=True)
    found = db.session.scalar(query.with_for_update() if lock else query)
    if found is None:
        raise NotFound
    return found


def find_sent(author_id: int, form_key: str) -> Annotation | None:
    """The annotation already made by a form."""
    return db.session.scalar(
        select(Annotation).where(Annotation.author_id == author_id, Annotation.form_key == form_key)
    )


def page_of(annotation: Annotation) -> int:
    """The page of its section on which an annotation stands for its author."""
    net = Annotation.agree - Annotation.disagree
    mine = annotation.agree - annotation.disagree
    before = (
        db.session.scalar(
            select(func.count(Annotation.id)).where(
                Annotation.consultation_id == annotation.consultation_id,
                Annotation.key == annotation.key,
                _readable(annotation.author_id),
                or_(net > mine, and_(net == mine, Annotation.id < annotation.id)),
            )
        )
        or 0
    )
    return before // PER_PAGE + 1


def count_last_hour(author_id: int, now: datetime) -> int:
    """How many annotations an account has written in an hour."""
    return (
        db.session.scalar(
            select(func.count(Annotation.id)).where(
                Annotation.author_id == author_id, Annotation.created_at > now - timedelta(hours=1)
            )
        )
        or 0
    )


def count_public_of(author_id: int) -> int:
    """How many annotations of an account are public."""
    return (
        db.session.scalar(
            select(func.count(Annotation.id)).where(
                Annotation.author_id == author_id, Annotation.state == "visible"
            )
        )
        or 0
    )


def list_for_moderation(ids: Iterable[int]) -> Sequence[tuple[Annotation, Consultation]]:
    """Annotations by id with their authors, and the consultations they are about."""
    rows = db.session.execute(
        select(Annotation, Consultation)
        .join(Consultation, Consultation.id == Annotation.consultation_id)
        .where(Annotation.id.in_(list(ids)))
        .options(
            joinedload(Annotation.author),
            joinedload(Annotation.contribution),
            joinedload(Consultation.neighbourhood),
            raiseload("*"),
        )
    ).all()
    return [(row[0], row[1]) for row in rows]


def list_unchecked(consultation_id: int, edition_id: int, limit: int) -> Sequence[Annotation]:
    """Annotations not yet looked for in an edition or a later one, locked, those of one edition together."""
    return db.session.scalars(
        select(Annotation)
        .where(Annotation.consultation_id == consultation_id, Annotation.checked_id < edition_id)
        .options(raiseload("*"))
        .order_by(Annotation.edition_id, Annotation.id)
        .limit(limit)
        .with_for_update()
    ).all()


def count_unchecked(consultation_id: int, edition_id: int) -> int:
    """How many annotations have not been looked for in an edition or a later one."""
    return (
        db.session.scalar(
            select(func.count(Annotation.id)).where(
                Annotation.consultation_id == consultation_id, Annotation.checked_id < edition_id
            )
        )
        or 0
    )


def find_contribution_place(contribution_id: int) -> Annotation | None:
    """The annotation that an entry of the register is."""
    return db.session.scalar(
        select(Annotation).where(Annotation.contribution_id == contribution_id).options(raiseload("*"))
    )

"""Every question asked about citizens' drafts, their signatures and the electors they are counted against."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, Select, and_, false, func, or_, select
from sqlalchemy.dialects.postgresql import distinct_on
from sqlalchemy.orm import joinedload

from civic.accounts.models import Account, Person
from civic.errors import NotFound
from civic.extensions import db
from civic.matching import has_words
from consultations.initiatives.models import (
    ElectorCount,
    Initiative,
    PaperLine,
    PaperSheet,
    Signature,
    SignatureShare,
)
from consultations.initiatives.rules import State, Tally

PAGE_SIZE = 20
SIGNERS_A_PAGE = 50
#: Signatures read at once for the secretary's list.
STEP = 500


@dataclass(frozen=True)
class Filters:
    """What a list is narrowed to."""

    state: str = ""
    neighbourhood_id: int | None = None

    @property
    def active(self) -> bool:
        """Whether anything is chosen."""
        return self != Filters()


def in_state(state: str, now: datetime) -> ColumnElement[bool]:
    """The condition of being in a state, as `rules.state_of` computes it."""
    if state in (State.ACCEPTED, State.REFUSED):
        return Initiative.outcome == state
    if state == State.WITHDRAWN:
        return Initiative.withdrawn_at.is_not(None)
    living = and_(Initiative.outcome == "", Initiative.withdrawn_at.is_(None))
    undeposited = and_(living, Initiative.deposited_at.is_(None))
    unpublished = and_(undeposited, Initiative.published_at.is_(None))
    conditions: dict[str, ColumnElement[bool]] = {
        State.DEPOSITED: and_(living, Initiative.deposited_at.is_not(None)),
        State.COLLECTING: and_(undeposited, Initiative.closes_at > now),
        State.ENDED: and_(undeposited, Initiative.closes_at <= now, Initiative.deposit_until > now),
        State.LAPSED: and_(undeposited, Initiative.deposit_until <= now),
        State.SUBMITTED: and_(unpublished, Initiative.submitted_at.is_not(None)),
        State.RETURNED: and_(unpublished, Initiative.returned_at.is_not(None)),
        State.DRAFT: and_(unpublished, Initiative.submitted_at.is_(None), Initiative.returned_at.is_(None)),
    }
    return conditions.get(state, false())


def having_words(words: str) -> Select:
    """Ids of what is public and has the words, the newest first, with what it is ranked by."""
    published = select(Initiative.id).where(Initiative.published_at.is_not(None))
    return published.where(has_words(Initiative.title, words)).order_by(Initiative.id.desc())


def list_initiatives(
    filters: Filters, now: datetime, page: int, *, staff: bool = False
) -> tuple[Sequence[Initiative], int]:
    """A page of initiatives and how many there are: those that are signed first, then the newest.

    For everyone the published ones; for staff also what waits for the check of its form.
    """
    seen = Initiative.published_at.is_not(None)
    wanted = select(Initiative).where(or_(seen, in_state(State.SUBMITTED, now)) if staff else seen)
    if filters.state:
        wanted = wanted.where(in_state(filters.state, now))
    if filters.neighbourhood_id is not None:
        wanted = wanted.where(Initiative.neighbourhood_id == filters.neighbourhood_id)
    total = db.session.scalar(select(func.count()).select_from(wanted.subquery())) or 0
    first = in_state(State.SUBMITTED if staff else State.COLLECTING, now)
    rows = db.session.scalars(
        wanted.order_by(first.desc(), Initiative.changed_at.desc(), Initiative.id.desc())
        .limit(PAGE_SIZE)
        .offset((page - 1) * PAGE_SIZE)
    ).all()
    return rows, total


def list_signed_now(now: datetime, limit: int, neighbourhood_id: int | None = None) -> Sequence[Initiative]:
    """Those that collect signatures, the one that ends first before the others; for an area its own and the city's."""
    wanted = select(Initiative).where(in_state(State.COLLECTING, now))
    if neighbourhood_id is not None:
        own = Initiative.neighbourhood_id
        wanted = wanted.where(or_(own == neighbourhood_id, own.is_(None)))
    return db.session.scalars(wanted.order_by(Initiative.closes_at, Initiative.id).limit(limit)).all()


def count_in(state: State, now: datetime) -> int:
    """How many are in a state."""
    return db.session.scalar(select(func.count(Initiative.id)).where(in_state(state, now))) or 0


def list_of_author(account_id: int | None) -> Sequence[Initiative]:
    """What an account put forward or writes, the latest first."""
    if account_id is None:
        return ()
    return db.session.scalars(
        select(Initiative).where(Initiative.author_id == account_id).order_by(Initiative.id.desc()).limit(50)
    ).all()


def count_unpublished(account_id: int) -> int:
    """How many initiatives of an account are written or wait for the check of their form."""
    return (
        db.session.scalar(
            select(func.count(Initiative.id)).where(
                Initiative.author_id == account_id,
                Initiative.published_at.is_(None),
                Initiative.withdrawn_at.is_(None),
            )
        )
        or 0
    )


def get_initiative(initiative_id: int) -> Initiative:
    """The initiative with everything its page says of it. Raises NotFound."""
    found = db.session.scalar(
        select(Initiative)
        .options(
            joinedload(Initiative.electors),
            joinedload(Initiative.share),
            joinedload(Initiative.consultation),
        )
        .where(Initiative.id == initiative_id)
    )
    if found is None:
        raise NotFound
    return found


def lock_initiative(initiative_id: int, *, shared: bool = False) -> Initiative:
    """The initiative, its row locked until the end of the transaction, fresh. Raises NotFound.

    `shared` for signing: many sign at once, and none while it is deposited.
    """
    found = db.session.scalar(
        select(Initiative)
        .where(Initiative.id == initiative_id)
        .with_for_update(read=shared, of=Initiative)
        .execution_options(populate_existing=True)
    )
    if found is None:
        raise NotFound
    return found


def list_sent(ids: Iterable[int]) -> Sequence[Initiative]:
    """Those that were sent to the city hall, with who put them forward and their area."""
    return db.session.scalars(
        select(Initiative)
        .where(Initiative.id.in_(list(ids)), Initiative.submitted_at.is_not(None))
        .options(joinedload(Initiative.author), joinedload(Initiative.neighbourhood))
    ).all()


def count_published_of(account_id: int) -> int:
    """How many initiatives of an account were published."""
    mine = select(func.count(Initiative.id)).where(Initiative.author_id == account_id)
    return db.session.scalar(mine.where(Initiative.published_at.is_not(None))) or 0


def is_public() -> ColumnElement[bool]:
    """Everybody may read a citizens' draft once it is published."""
    return Initiative.published_at.is_not(None)


def list_by_ids(ids: Iterable[int]) -> dict[int, Initiative]:
    """Published initiatives by id, in one query."""
    rows = db.session.scalars(select(Initiative).where(Initiative.id.in_(set(ids)), is_public()))
    return {row.id: row for row in rows}


def find_by_consultation(consultation_id: int) -> Initiative | None:
    """The initiative a consultation came from."""
    return db.session.scalar(select(Initiative).where(Initiative.consultation_id == consultation_id))


# --- signatures ------------------------------------------------------------------------------------------


def tallies(ids: Collection[int]) -> dict[int, Tally]:
    """The signatures of many initiatives, in two queries."""
    if not ids:
        return {}
    online = {
        row[0]: (row[1], row[2])
        for row in db.session.execute(
            select(
                Signature.initiative_id,
                func.count(Signature.id),
                func.count(Signature.id).filter(Signature.struck_at.is_not(None)),
            )
            .where(Signature.initiative_id.in_(ids))
            .group_by(Signature.initiative_id)
        )
    }
    again = _counted_elsewhere().subquery()
    twice = func.coalesce(func.sum(again.c.lines), 0)
    paper = {
        row[0]: (int(row[1]), int(row[2]))
        for row in db.session.execute(
            select(
                PaperSheet.initiative_id,
                func.sum(PaperSheet.valid) - twice,
                func.sum(PaperSheet.struck) + twice,
            )
            .outerjoin(again, again.c.sheet_id == PaperSheet.id)
            .where(PaperSheet.initiative_id.in_(ids))
            .group_by(PaperSheet.initiative_id)
        )
    }
    return {one: Tally(*online.get(one, (0, 0)), *paper.get(one, (0, 0))) for one in ids}


def _counted_elsewhere() -> Select[int, int]:
    """How many lines of each sheet are of somebody counted by another line, or by a signature that counts."""
    counts = and_(PaperLine.same_signature_id.is_not(None), Signature.struck_at.is_(None))
    return (
        select(PaperLine.sheet_id, func.count().label("lines"))
        .outerjoin(Signature, Signature.id == PaperLine.same_signature_id)
        .where(or_(PaperLine.same_line_id.is_not(None), counts))
        .group_by(PaperLine.sheet_id)
    )


def tally(initiative_id: int) -> Tally:
    """The signatures of one initiative."""
    return tallies([initiative_id])[initiative_id]


def find_signature(initiative_id: int, mark: bytes) -> Signature | None:
    """Somebody's signature, by the mark of their identity."""
    return db.session.scalar(
        select(Signature).where(Signature.initiative_id == initiative_id, Signature.signer_mark == mark)
    )


def get_signature(initiative_id: int, signature_id: int) -> Signature:
    """One signature of an initiative. Raises NotFound."""
    found = db.session.scalar(
        select(Signature).where(Signature.id == signature_id, Signature.initiative_id == initiative_id)
    )
    if found is None:
        raise NotFound
    return found


def list_signatures(initiative_id: int, page: int) -> tuple[Sequence[Signature], int]:
    """A page of the list of supporters in the order of signing, and how many there are."""
    total = (
        db.session.scalar(select(func.count(Signature.id)).where(Signature.initiative_id == initiative_id))
        or 0
    )
    rows = db.session.scalars(
        select(Signature)
        .where(Signature.initiative_id == initiative_id)
        .order_by(Signature.id)
        .limit(SIGNERS_A_PAGE)
        .offset((page - 1) * SIGNERS_A_PAGE)
    ).all()
    return rows, total


def list_signatures_after(initiative_id: int, last_id: int) -> Sequence[Signature]:
    """The next signatures after one, for a list that is written as it is read."""
    return db.session.scalars(
        select(Signature)
        .where(Signature.initiative_id == initiative_id, Signature.id > last_id)
        .order_by(Signature.id)
        .limit(STEP)
    ).all()


def list_sample(one: Initiative, size: int) -> Sequence[Signature]:
    """The signatures drawn for the check: in the order of a hash that the seed of the deposit decides."""
    drawn = func.sha256(func.convert_to(func.concat(one.sample_seed, ":", Signature.id), "UTF8"))
    return db.session.scalars(
        select(Signature).where(Signature.initiative_id == one.id).order_by(drawn).limit(size)
    ).all()


def list_sheets(initiative_id: int) -> Sequence[PaperSheet]:
    """The counted sheets of paper, by their numbers."""
    return db.session.scalars(
        select(PaperSheet).where(PaperSheet.initiative_id == initiative_id).order_by(PaperSheet.number)
    ).all()


# --- lines of paper, compared ------------------------------------------------------------------------------


def all_signatures(initiative_id: int) -> Sequence[Signature]:
    """Every signature given here, in the order of signing."""
    return db.session.scalars(
        select(Signature).where(Signature.initiative_id == initiative_id).order_by(Signature.id)
    ).all()


def list_paper_lines(sheet_ids: Collection[int]) -> Sequence[PaperLine]:
    """The typed lines of some sheets, in their order."""
    return db.session.scalars(
        select(PaperLine)
        .where(PaperLine.sheet_id.in_(sheet_ids))
        .order_by(PaperLine.sheet_id, PaperLine.place)
    ).all()


def get_paper_line(sheet_id: int, line_id: int) -> PaperLine:
    """One line of a sheet. Raises NotFound."""
    found = db.session.scalar(
        select(PaperLine).where(PaperLine.id == line_id, PaperLine.sheet_id == sheet_id)
    )
    if found is None:
        raise NotFound
    return found


def get_line_of(initiative_id: int, line_id: int) -> PaperLine:
    """One line of any sheet of an initiative. Raises NotFound."""
    found = db.session.scalar(
        select(PaperLine)
        .join(PaperSheet, PaperSheet.id == PaperLine.sheet_id)
        .where(PaperLine.id == line_id, PaperSheet.initiative_id == initiative_id)
    )
    if found is None:
        raise NotFound
    return found


def count_matched(sheet_id: int) -> int:
    """How many lines of a sheet are counted elsewhere."""
    counted = _counted_elsewhere().where(PaperLine.sheet_id == sheet_id).subquery()
    return db.session.scalar(select(counted.c.lines)) or 0


def stands_for_others(line_id: int) -> bool:
    """Whether another line is counted by this one."""
    return (
        db.session.scalar(select(PaperLine.id).where(PaperLine.same_line_id == line_id).limit(1)) is not None
    )


# --- for authors who leave ---------------------------------------------------------------------------------


def has_put_forward(account_id: int) -> bool:
    """Whether an account put a draft forward."""
    return (
        db.session.scalar(select(Initiative.id).where(Initiative.author_id == account_id).limit(1))
        is not None
    )


def lock_of_author(account_id: int) -> Sequence[Initiative]:
    """The drafts of an account, locked until the end of the transaction, fresh."""
    return db.session.scalars(
        select(Initiative)
        .where(Initiative.author_id == account_id)
        .order_by(Initiative.id)
        .with_for_update(of=Initiative)
        .execution_options(populate_existing=True)
    ).all()


def list_undeposited() -> Sequence[int]:
    """Initiatives whose signatures may still be taken back, or were given in vain."""
    return db.session.scalars(
        select(Initiative.id).where(Initiative.published_at.is_not(None), Initiative.deposited_at.is_(None))
    ).all()


def get_sheet(initiative_id: int, sheet_id: int) -> PaperSheet:
    """One sheet of an initiative. Raises NotFound."""
    found = db.session.scalar(
        select(PaperSheet).where(PaperSheet.id == sheet_id, PaperSheet.initiative_id == initiative_id)
    )
    if found is None:
        raise NotFound
    return found


def is_of_sheet(file_id: int) -> bool:
    """Whether a stored file is the scan of a list of supporters."""
    return db.session.scalar(select(PaperSheet.id).where(PaperSheet.file_id == file_id).limit(1)) is not None


def find_person(person_id: int | None) -> Person | None:
    """The verified human being behind an account."""
    return db.session.get(Person, person_id) if person_id is not None else None


def find_account(account_id: int) -> Account | None:
    """An account."""
    return db.session.get(Account, account_id)


# --- electors and share ----------------------------------------------------------------------------------


def current_share() -> SignatureShare:
    """The share of electors in force. Raises NotFound in a database without one."""
    found = db.session.scalar(select(SignatureShare).order_by(SignatureShare.number.desc()).limit(1))
    if found is None:
        raise NotFound
    return found


def list_shares() -> Sequence[SignatureShare]:
    """The history of the share, the newest first."""
    return db.session.scalars(select(SignatureShare).order_by(SignatureShare.number.desc())).all()


def current_electors() -> dict[int | None, ElectorCount]:
    """The numbers of electors in force, by area; None is the whole city."""
    rows = db.session.scalars(
        select(ElectorCount)
        .ext(distinct_on(ElectorCount.neighbourhood_id))
        .order_by(ElectorCount.neighbourhood_id, ElectorCount.id.desc())
    )
    return {row.neighbourhood_id: row for row in rows}


def list_electors(limit: int = 200) -> Sequence[ElectorCount]:
    """Every number of electors that was entered, the newest first."""
    return db.session.scalars(select(ElectorCount).order_by(ElectorCount.id.desc()).limit(limit)).all()


# --- for the clock ---------------------------------------------------------------------------------------


def list_to_erase(before: datetime, limit: int) -> Sequence[int]:
    """Initiatives that ended before a moment and whose signers are still named, locked against another worker."""
    ended = func.coalesce(Initiative.decided_at, Initiative.withdrawn_at, Initiative.deposit_until)
    still = or_(Initiative.deposited_at.is_(None), Initiative.outcome != "")
    return db.session.scalars(
        select(Initiative.id)
        .where(Initiative.published_at.is_not(None), Initiative.erased_at.is_(None), still, ended < before)
        .order_by(Initiative.id)
        .limit(limit)
        .with_for_update(skip_locked=True, of=Initiative)
    ).all()


def list_late(now: datetime, limit: int) -> Sequence[Initiative]:
    """What waits for the secretariat, by its deadline: forms to check, lists to verify."""
    waits = or_(in_state(State.SUBMITTED, now), in_state(State.DEPOSITED, now))
    due = func.coalesce(Initiative.verify_due_at, Initiative.form_due_at)
    return db.session.scalars(select(Initiative).where(waits).order_by(due, Initiative.id).limit(limit)).all()


def list_changes() -> Select:
    """(id, changed at) of published initiatives."""
    return select(Initiative.id, Initiative.changed_at).where(Initiative.published_at.is_not(None))

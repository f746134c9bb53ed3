"""Every question asked of the tables of questionnaires."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import ColumnElement, Row, and_, exists, func, or_, select, text
from sqlalchemy.orm import Session, contains_eager, joinedload

from civic.accounts.models import Account, Person
from civic.cursors import FIRST, Cursor, Window, window
from civic.errors import NotFound
from civic.extensions import db
from civic.files.models import StoredFile
from civic.tasks import Task
from consultations.models import Consultation
from consultations.questionnaires.models import (
    AnswerFile,
    Arrival,
    Count,
    Draft,
    Hidden,
    Questionnaire,
    QuestionnaireParticipation,
    Response,
)

TEXTS_A_PAGE = 25
EXPORT_KIND = "questionnaire.export"


def get_questionnaire(consultation_id: int, questionnaire_id: int) -> Questionnaire:
    """A questionnaire of a consultation, with the consultation. Raises NotFound."""
    found = db.session.scalar(
        select(Questionnaire)
        .join(Questionnaire.consultation)
        .options(contains_eager(Questionnaire.consultation))
        .where(Questionnaire.id == questionnaire_id, Questionnaire.consultation_id == consultation_id)
    )
    if found is None:
        raise NotFound
    return found


def lock_questionnaire(questionnaire_id: int) -> Questionnaire:
    """The questionnaire with its row locked until the end of the transaction, fresh. Raises NotFound."""
    found = db.session.scalar(
        select(Questionnaire)
        .where(Questionnaire.id == questionnaire_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    if found is None:
        raise NotFound
    return found


def list_of_consultation(consultation_id: int, *, published: bool = True) -> Sequence[Questionnaire]:
    """The questionnaires of a consultation, the oldest first; those in preparation too when wanted."""
    wanted = select(Questionnaire).where(Questionnaire.consultation_id == consultation_id)
    if published:
        wanted = wanted.where(Questionnaire.published)
    return db.session.scalars(wanted.order_by(Questionnaire.id)).all()


def list_to_copy(limit: int = 50) -> Sequence[Questionnaire]:
    """Questionnaires that another may begin from, the newest first, with their consultations."""
    return db.session.scalars(
        select(Questionnaire)
        .join(Questionnaire.consultation)
        .options(contains_eager(Questionnaire.consultation))
        .order_by(Questionnaire.id.desc())
        .limit(limit)
    ).all()


def has_answered(questionnaire_id: int, marks: Sequence[bytes]) -> bool:
    """Whether answers under one of these marks arrived, let through or not."""
    if not marks:
        return False
    waiting = exists().where(Arrival.questionnaire_id == questionnaire_id, Arrival.who.in_(marks))
    done = exists().where(
        QuestionnaireParticipation.questionnaire_id == questionnaire_id,
        QuestionnaireParticipation.who.in_(marks),
    )
    return bool(db.session.scalar(select(or_(waiting, done))))


def find_draft(key: bytes) -> Draft | None:
    """A draft by its mark."""
    return db.session.get(Draft, key)


def find_person(person_id: int) -> Person | None:
    """Somebody verified."""
    return db.session.get(Person, person_id)


def find_email(account_id: int) -> str | None:
    """The address of an account."""
    return db.session.scalar(select(Account.email).where(Account.id == account_id))


def find_by_email(email: str) -> int | None:
    """The account with an address that its owner has confirmed."""
    return db.session.scalar(
        select(Account.id).where(Account.email == email, Account.email_confirmed_at.is_not(None))
    )


def find_by_identity(identity_hash: bytes) -> int | None:
    """The person verified with a document of this hash."""
    return db.session.scalar(select(Person.id).where(Person.identity_hash == identity_hash))


def count_arrivals(questionnaire_id: int) -> int:
    """How many answers wait to be let through."""
    return db.session.scalar(
        select(func.count()).select_from(Arrival).where(Arrival.questionnaire_id == questionnaire_id)
    ) or 0  # fmt: skip


def count_responses(questionnaire_id: int) -> int:
    """How many sets of answers were let through."""
    return db.session.scalar(
        select(func.count()).select_from(Response).where(Response.questionnaire_id == questionnaire_id)
    ) or 0  # fmt: skip


@dataclass(frozen=True)
class Work:
    """A questionnaire about which a job may have something to do."""

    id: int
    ended: bool
    settled: bool


def list_work(now: datetime) -> list[Work]:
    """Frozen questionnaires not settled yet, or with answers waiting."""
    waiting = exists().where(Arrival.questionnaire_id == Questionnaire.id)
    rows = db.session.execute(
        select(Questionnaire.id, Consultation.closes_at <= now, Questionnaire.settled)
        .join(Consultation, Consultation.id == Questionnaire.consultation_id)
        .where(Questionnaire.frozen, or_(~Questionnaire.settled, waiting))
        .order_by(Questionnaire.id)
    )
    return [Work(number, bool(ended), settled) for number, ended, settled in rows]


def list_old_drafts(before: date) -> Sequence[bytes]:
    """Drafts nobody came back to, and those of questionnaires that take no answers any more."""
    return db.session.scalars(
        select(Draft.key)
        .join(Questionnaire, Questionnaire.id == Draft.questionnaire_id)
        .where(or_(Draft.day < before, Questionnaire.settled))
        .limit(1000)
    ).all()


def counts(questionnaire_id: int) -> dict[str, dict[str, Decimal]]:
    """The figures of everybody: item → cell → value."""
    rows = db.session.execute(
        select(Count.item, Count.cell, Count.value).where(
            Count.questionnaire_id == questionnaire_id, Count.grouping == ""
        )
    )
    found: dict[str, dict[str, Decimal]] = {}
    for item, cell, value in rows:
        found.setdefault(item, {})[cell] = value
    return found


def group_counts(questionnaire_id: int, item: str, grouping: str) -> dict[str, dict[str, int]]:
    """The figures of one item by group: member → cell → answers."""
    rows = db.session.execute(
        select(Count.member, Count.cell, Count.value).where(
            Count.questionnaire_id == questionnaire_id, Count.item == item, Count.grouping == grouping
        )
    )
    found: dict[str, dict[str, int]] = {}
    for member, cell, value in rows:
        found.setdefault(member, {})[cell] = int(value)
    return found


def _words_of(key: str) -> Any:
    return func.coalesce(
        func.jsonb_extract_path_text(Response.answers, key, "text"),
        func.jsonb_extract_path_text(Response.answers, key, "other"),
    )


def hidden_of(response: Any, item: Any) -> ColumnElement[bool]:
    """The condition under which words of an item are hidden."""
    return and_(Hidden.response == response, Hidden.item == item)


@dataclass(frozen=True)
class Written:
    """Words somebody wrote; or why they are not shown. `response` is random, of nobody."""

    response: bytes
    text: str
    hidden: str = ""
    hidden_reason: str = ""


def list_texts(questionnaire_id: int, key: str, at: Cursor = FIRST) -> Window[Written]:
    """A page of what was written in an item, in the order of the random numbers."""
    words = _words_of(key)
    narrow = (
        select(Response.id, words, func.coalesce(Hidden.why, ""), func.coalesce(Hidden.reason, ""))
        .outerjoin(Hidden, hidden_of(Response.id, key))
        .where(Response.questionnaire_id == questionnaire_id, words.is_not(None))
    )
    found = window(narrow, Response.id, at, TEXTS_A_PAGE, read=_number)
    return found.filled([Written(*row) for row in found.rows])


def _number(mark: str) -> bytes | None:
    """The random number that an address names, or None."""
    try:
        return bytes.fromhex(mark)
    except ValueError:
        return None


def stream_responses(questionnaire_id: int, size: int = 500) -> Iterator[Row[Any]]:
    """Every set of answers (channel, area, age, answers), some hundred at a time, in the order of random numbers.

    Read in one snapshot by a session of its own, so that whoever reads may commit meanwhile.
    """
    statement = (
        select(Response.channel, Response.area, Response.age, Response.answers)
        .where(Response.questionnaire_id == questionnaire_id)
        .order_by(Response.id)
        .execution_options(yield_per=size)
    )
    with Session(db.engine) as reading:
        yield from reading.execute(statement)


def own_file(file_id: int, account_id: int | None) -> StoredFile | None:
    """A stored file if this account uploaded it."""
    found = db.session.get(StoredFile, file_id)
    return found if found is not None and account_id is not None and found.account_id == account_id else None


def find_answer_file(file_id: int) -> AnswerFile | None:
    """The mark of a file that belongs to a questionnaire."""
    return db.session.get(AnswerFile, file_id)


def is_of_unsent(file_id: int) -> bool:
    """Whether a stored file belongs to answers that were not sent."""
    return bool(db.session.scalar(select(exists().where(AnswerFile.file_id == file_id, ~AnswerFile.sent))))


def get_export(questionnaire_id: int, task_id: int) -> Task:
    """A finished export of a questionnaire. Raises NotFound."""
    found = db.session.get(Task, task_id)
    if found is None or found.kind != EXPORT_KIND or found.params.get("questionnaire") != questionnaire_id:
        raise NotFound
    if found.state != "done" or not found.result.get("key"):
        raise NotFound
    return found


def list_exports(questionnaire_id: int, limit: int = 10) -> Sequence[Task]:
    """The newest exports of a questionnaire."""
    return db.session.scalars(
        select(Task)
        .where(Task.kind == EXPORT_KIND, Task.params["questionnaire"].as_integer() == questionnaire_id)
        .order_by(Task.id.desc())
        .limit(limit)
    ).all()


def list_old_exports(before: datetime) -> Sequence[Task]:
    """Finished exports whose files are to be forgotten."""
    return db.session.scalars(
        select(Task).where(
            Task.kind == EXPORT_KIND,
            Task.state == "done",
            Task.finished_at < before,
            Task.result != text("'{}'"),
        )
    ).all()


def list_unsent_files(before: datetime) -> Sequence[int]:
    """Files put into a draft before a moment and never sent."""
    return db.session.scalars(
        select(AnswerFile.file_id)
        .join(StoredFile, StoredFile.id == AnswerFile.file_id)
        .where(~AnswerFile.sent, StoredFile.created_at < before)
        .limit(1000)
    ).all()


def list_queued(why: str) -> list[Questionnaire]:
    """Questionnaires with words that wait so."""
    waits = select(Hidden.questionnaire_id).where(Hidden.why == why)
    return list(
        db.session.scalars(
            select(Questionnaire)
            .where(Questionnaire.id.in_(waits))
            .options(joinedload(Questionnaire.consultation))
            .order_by(Questionnaire.id)
        )
    )


def list_hidden(questionnaire_id: int, why: str = "") -> Sequence[Hidden]:
    """Words that are not shown, in the order of the random numbers; those of one reason if asked."""
    wanted = select(Hidden).where(Hidden.questionnaire_id == questionnaire_id)
    if why:
        wanted = wanted.where(Hidden.why == why)
    return db.session.scalars(wanted.order_by(Hidden.response, Hidden.item)).all()


def list_by_ids(ids: Iterable[int]) -> Sequence[Questionnaire]:
    """Questionnaires by id."""
    return db.session.scalars(select(Questionnaire).where(Questionnaire.id.in_(list(ids)))).all()

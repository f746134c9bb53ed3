"""Every question asked of the texts that wait for their theme's answer."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, exists, func, or_, select

from civic.cursors import FIRST, Cursor, Window, window
from civic.errors import NotFound
from civic.extensions import db
from civic.tasks import Task
from civic.text import fold
from consultations.contributions.models import Answer, Theme
from consultations.contributions.rules import AnswerState
from consultations.models import Consultation
from consultations.questionnaires.models import Arrival, Follower, Hidden, Questionnaire, Response
from consultations.questionnaires.queries import hidden_of
from consultations.texts import rules
from consultations.texts.models import SurveyText

PER_PAGE = 25
#: The work of comparing texts.
COMPARE = "texts.compare"
#: The work of putting many texts under a theme.
PUT = "texts.put"
#: Where the answer of a text stands, as lists are narrowed to.
STATES = ("unthemed", "waiting", "answered")


@dataclass(frozen=True)
class Filters:
    """What a list of texts is narrowed to. `theme_id` 0 is none; `likeness` a proposed group."""

    text: str = ""
    state: str = ""
    theme_id: int | None = None
    likeness: int | None = None
    questionnaire_id: int | None = None
    item: str = ""

    @property
    def active(self) -> bool:
        """Whether anything is chosen."""
        return self != Filters(state=self.state)


@dataclass(frozen=True)
class Line:
    """A text as lists show it."""

    key: str
    questionnaire_id: int
    item: str
    text: str
    theme_id: int | None
    #: why the words are not shown: a reason of the catalogue, and what was written about it
    hidden: str = ""
    hidden_reason: str = ""


def answered_themes(consultation_id: int) -> set[int]:
    """The themes with a published answer."""
    return set(
        db.session.scalars(
            select(Answer.theme_id).where(
                Answer.consultation_id == consultation_id,
                Answer.theme_id.is_not(None),
                Answer.state == AnswerState.PUBLISHED,
            )
        )
    )


def _in_state(state: str, answered: Collection[int]) -> ColumnElement[bool]:
    if state == "unthemed":
        return SurveyText.theme_id.is_(None)
    if state == "answered":
        return SurveyText.theme_id.in_(answered)
    return or_(SurveyText.theme_id.is_(None), SurveyText.theme_id.not_in(answered))


def narrowed(consultation_id: int, filters: Filters) -> list[ColumnElement[bool]]:
    """The conditions of a list."""
    wanted: list[ColumnElement[bool]] = [SurveyText.consultation_id == consultation_id]
    if filters.state:
        wanted.append(_in_state(filters.state, answered_themes(consultation_id)))
    if filters.theme_id is not None:
        wanted.append(
            SurveyText.theme_id == filters.theme_id if filters.theme_id else SurveyText.theme_id.is_(None)
        )
    if filters.likeness is not None:
        wanted += [SurveyText.likeness == filters.likeness, SurveyText.theme_id.is_(None)]
    if filters.questionnaire_id is not None:
        wanted += [SurveyText.questionnaire_id == filters.questionnaire_id, SurveyText.item == filters.item]
    wanted += [SurveyText.search_text.contains(word, autoescape=True) for word in fold(filters.text).split()]
    return wanted


def count(consultation_id: int, filters: Filters) -> int:
    """How many texts a list has."""
    wanted = narrowed(consultation_id, filters)
    return db.session.scalar(select(func.count()).select_from(SurveyText).where(*wanted)) or 0


def list_keys(consultation_id: int, filters: Filters, after: str, limit: int) -> Sequence[str]:
    """The keys of a list after one, in their order."""
    wanted = [*narrowed(consultation_id, filters), SurveyText.key > after]
    return db.session.scalars(
        select(SurveyText.key).where(*wanted).order_by(SurveyText.key).limit(limit)
    ).all()


def list_lines(consultation_id: int, filters: Filters, at: Cursor = FIRST) -> Window[Line]:
    """A page of texts in the order of their random keys."""
    narrow = select(SurveyText.key).where(*narrowed(consultation_id, filters))
    found = window(narrow, SurveyText.key, at, PER_PAGE, read=_key)
    return found.filled(_lines(SurveyText.key.in_([key for (key,) in found.rows])) if found.rows else [])


def _key(mark: str) -> str | None:
    return mark if rules.read_key(mark) else None


def _lines(wanted: ColumnElement[bool]) -> list[Line]:
    words = func.jsonb_extract_path_text(Response.answers, SurveyText.item, "text")
    rows = db.session.execute(
        select(
            SurveyText.key,
            SurveyText.questionnaire_id,
            SurveyText.item,
            words,
            SurveyText.theme_id,
            func.coalesce(Hidden.why, ""),
            func.coalesce(Hidden.reason, ""),
        )
        .join(
            Response,
            and_(
                Response.questionnaire_id == SurveyText.questionnaire_id, Response.id == SurveyText.response
            ),
        )
        .outerjoin(Hidden, hidden_of(SurveyText.response, SurveyText.item))
        .where(wanted)
        .order_by(SurveyText.key)
    )
    return [Line(key, one, item, text or "", *more) for key, one, item, text, *more in rows]


def count_by_theme(consultation_id: int) -> dict[int, int]:
    """How many texts each theme has; 0 for those under none."""
    rows = db.session.execute(
        select(func.coalesce(SurveyText.theme_id, 0), func.count())
        .where(SurveyText.consultation_id == consultation_id)
        .group_by(SurveyText.theme_id)
    )
    return dict(rows.all())


def list_samples(consultation_id: int) -> dict[int, list[str]]:
    """The first and the last text under each theme by their random keys, as texts are compared."""
    ends = (
        select(func.min(SurveyText.key).label("first"), func.max(SurveyText.key).label("last"))
        .where(SurveyText.consultation_id == consultation_id, SurveyText.theme_id.is_not(None))
        .group_by(SurveyText.theme_id)
        .subquery()
    )
    rows = db.session.execute(
        select(SurveyText.theme_id, SurveyText.search_text)
        .join(ends, SurveyText.key.in_([ends.c.first, ends.c.last]))
        .order_by(SurveyText.key)
    )
    found: dict[int, list[str]] = {}
    for theme_id, text in rows:
        found.setdefault(theme_id or 0, []).append(text)
    return found


@dataclass(frozen=True)
class Standing:
    """How many texts there are, and where their answers stand."""

    total: int
    unthemed: int
    answered: int

    @property
    def waiting(self) -> int:
        """Those in no answered theme."""
        return self.total - self.answered


def standing(consultation_id: int) -> Standing:
    """The texts of a consultation in figures; two statements, whatever their number."""
    counted, answered = count_by_theme(consultation_id), answered_themes(consultation_id)
    return Standing(
        sum(counted.values()),
        counted.get(0, 0),
        sum(number for theme_id, number in counted.items() if theme_id in answered),
    )


# --- one text ------------------------------------------------------------------------------------------


def get_written(questionnaire_id: int, key: str) -> tuple[Response, str, str]:
    """The set of answers, the item and the field that a key names, read anew. Raises NotFound."""
    named = rules.read_key(key)
    found = db.session.get(Response, (questionnaire_id, named[0]), populate_existing=True) if named else None
    answer = found.answers.get(named[1]) if found is not None and named else None
    name = next((part for part in ("text", "other") if isinstance(answer, dict) and part in answer), None)
    if found is None or named is None or name is None:
        raise NotFound
    return found, named[1], name


def find_hidden(questionnaire_id: int, response: bytes, item: str) -> Hidden | None:
    """Why a text is not shown; None when it is."""
    return db.session.get(Hidden, (questionnaire_id, response, item))


# --- registering -----------------------------------------------------------------------------------------


def list_unregistered() -> Sequence[Questionnaire]:
    """Settled questionnaires whose texts, or the last of them, are not registered yet."""
    return db.session.scalars(
        select(Questionnaire)
        .where(Questionnaire.settled, Questionnaire.texts_of != Questionnaire.counted)
        .order_by(Questionnaire.id)
    ).all()


def is_incomplete(consultation_id: int) -> bool:
    """Whether answers of a questionnaire are still to be let through, or their texts to be registered."""
    waiting = exists().where(Arrival.questionnaire_id == Questionnaire.id)
    late = or_(~Questionnaire.settled, Questionnaire.texts_of != Questionnaire.counted, waiting)
    return bool(
        db.session.scalar(
            select(
                exists().where(Questionnaire.consultation_id == consultation_id, Questionnaire.frozen, late)
            )
        )
    )


def stream_words(questionnaire_id: int, items: Sequence[str], after: bytes, limit: int) -> Sequence[Any]:
    """Sets of answers after one by number: their numbers, and the words of some items."""
    words = [func.jsonb_extract_path_text(Response.answers, item, "text").label(item) for item in items]
    return db.session.execute(
        select(Response.id, *words)
        .where(Response.questionnaire_id == questionnaire_id, Response.id > after)
        .order_by(Response.id)
        .limit(limit)
    ).all()


# --- comparing -------------------------------------------------------------------------------------------


def list_different(consultation_id: int) -> list[tuple[bytes, str, int]]:
    """The different texts under no theme: fingerprint, folded words, and how many people wrote them."""
    rows = db.session.execute(
        select(SurveyText.folded_sha256, func.min(SurveyText.search_text), func.count())
        .where(SurveyText.consultation_id == consultation_id, SurveyText.theme_id.is_(None))
        .group_by(SurveyText.folded_sha256)
        .order_by(SurveyText.folded_sha256)
    )
    return [(mark, text, times) for mark, text, times in rows]


@dataclass(frozen=True)
class Group:
    """Texts proposed for one theme: the number of the group, how many, and one of them to read."""

    number: int
    size: int
    example: Line


def list_groups(consultation_id: int, limit: int) -> list[Group]:
    """The largest proposed groups of texts still under no theme."""
    rows = db.session.execute(
        select(SurveyText.likeness, func.count(), func.min(SurveyText.key))
        .where(
            SurveyText.consultation_id == consultation_id,
            SurveyText.theme_id.is_(None),
            SurveyText.likeness.is_not(None),
        )
        .group_by(SurveyText.likeness)
        .order_by(func.count().desc(), SurveyText.likeness)
        .limit(limit)
    ).all()
    examples = {line.key: line for line in _lines(SurveyText.key.in_([key for *_, key in rows]))}
    return [Group(number or 0, size, examples[key]) for number, size, key in rows]


def _work(kind: str, consultation_id: int) -> Select[Task]:
    """Work of a kind for a consultation, the last asked for first."""
    mine = Task.params["consultation"].as_integer() == consultation_id
    return select(Task).where(Task.kind == kind, mine).order_by(Task.id.desc())


def find_comparison(consultation_id: int) -> Task | None:
    """The last time the texts of a consultation were compared, or are being."""
    return db.session.scalar(_work(COMPARE, consultation_id).limit(1))


def find_putting(consultation_id: int) -> Task | None:
    """The first work still to be done that puts many texts under a theme."""
    waits = Task.state.in_(["queued", "running"])
    return db.session.scalar(
        _work(PUT, consultation_id).where(waits).order_by(None).order_by(Task.id).limit(1)
    )


# --- what everybody reads ---------------------------------------------------------------------------------


def list_themes(questionnaire_id: int, limit: int, page: int) -> tuple[list[tuple[Theme, int]], int]:
    """The themes under which texts of a questionnaire stand, the largest first, and how many themes there are."""
    counted = (
        select(SurveyText.theme_id, func.count().label("texts"))
        .where(SurveyText.questionnaire_id == questionnaire_id, SurveyText.theme_id.is_not(None))
        .group_by(SurveyText.theme_id)
        .subquery()
    )
    total = db.session.scalar(select(func.count()).select_from(counted)) or 0
    rows = db.session.execute(
        select(Theme, counted.c.texts)
        .join(counted, counted.c.theme_id == Theme.id)
        .order_by(counted.c.texts.desc(), Theme.id)
        .limit(limit)
        .offset((page - 1) * limit)
    )
    return [(theme, texts) for theme, texts in rows], total


def count_of(questionnaire_id: int) -> tuple[int, int]:
    """How many texts of a questionnaire there are, and how many are under no theme yet."""
    row = db.session.execute(
        select(func.count(), func.count().filter(SurveyText.theme_id.is_(None))).where(
            SurveyText.questionnaire_id == questionnaire_id
        )
    ).one()
    return row[0], row[1]


def answers_of_themes(theme_ids: Collection[int]) -> dict[int, list[Answer]]:
    """The answers of themes that everybody may read: published, and withdrawn ones before them."""
    rows = db.session.scalars(
        select(Answer)
        .where(
            Answer.theme_id.in_(theme_ids),
            Answer.state.in_([AnswerState.PUBLISHED.value, AnswerState.WITHDRAWN.value]),
        )
        .order_by(Answer.id.desc())
    )
    found: dict[int, list[Answer]] = {}
    for row in rows:
        found.setdefault(row.theme_id or 0, []).append(row)
    return found


# --- those who asked to be told ---------------------------------------------------------------------------


def list_followers(theme_id: int, after: bytes, limit: int) -> list[tuple[bytes, bytes, int]]:
    """Who asked to be told about texts of a theme: the number of the answers, whom (sealed), the questionnaire."""
    mine = exists().where(SurveyText.response == Follower.response, SurveyText.theme_id == theme_id)
    rows = db.session.execute(
        select(Follower.response, Follower.sealed, Follower.questionnaire_id)
        .where(mine, Follower.response > after)
        .order_by(Follower.response)
        .limit(limit)
    )
    return [(response, sealed, one) for response, sealed, one in rows]


def list_forgettable(before: datetime) -> Iterator[int]:
    """Questionnaires of consultations that were reported or ended before a moment, with somebody to forget."""
    ended = func.coalesce(Consultation.report_published_at, Consultation.outcome_at)
    rows = db.session.scalars(
        select(Questionnaire.id)
        .join(Consultation, Consultation.id == Questionnaire.consultation_id)
        .where(ended < before, exists().where(Follower.questionnaire_id == Questionnaire.id))
    ).all()
    yield from rows

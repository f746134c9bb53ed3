"""Every question asked of the register and of its answers."""

import hashlib
import hmac
from collections.abc import Collection, Iterable, Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, and_, delete, exists, func, not_, or_, select

from civic.accounts.models import Account, RoleGrant
from civic.errors import NotFound
from civic.extensions import db
from civic.files.models import StoredFile
from civic.numbers import whole_number
from consultations import queries as consultations
from consultations.contributions import rules
from consultations.contributions.models import (
    Answer,
    Attachment,
    Contribution,
    PendingContribution,
    Review,
    Theme,
)
from consultations.contributions.rules import TAKEN_UP, AnswerState
from consultations.models import Consultation


def answers_of() -> ColumnElement[bool]:
    """The condition under which an answer is this contribution's: its own, its twin's, or its theme's."""
    common = or_(Answer.contribution_id == Contribution.same_as_id, Answer.theme_id == Contribution.theme_id)
    return or_(Answer.contribution_id == Contribution.id, and_(not_(Contribution.apart), common))


def is_answered() -> ColumnElement[bool]:
    """Whether the city has publicly answered it; for a late one, also by the reason why it is not considered."""
    published = exists().where(answers_of(), Answer.state == AnswerState.PUBLISHED)
    return or_(published, Contribution.considered.is_(False))


def unanswered(consultation_id: int) -> int:
    """How many registered contributions still wait for their answer. Withdrawn answers answer nothing."""
    return (
        db.session.scalar(
            select(func.count(Contribution.id)).where(
                Contribution.consultation_id == consultation_id, not_(is_answered())
            )
        )
        or 0
    )


def next_number(consultation_id: int) -> int:
    """The number of the next entry. Only under the consultation's lock."""
    last = select(func.max(Contribution.number)).where(Contribution.consultation_id == consultation_id)
    return (db.session.scalar(last) or 0) + 1


def find_twin(consultation_id: int, folded_sha256: bytes) -> Contribution | None:
    """The first contribution with the same text."""
    return db.session.scalar(
        select(Contribution)
        .where(Contribution.consultation_id == consultation_id, Contribution.folded_sha256 == folded_sha256)
        .order_by(Contribution.number)
        .limit(1)
    )


def find_sent(form_key: str) -> Contribution | None:
    """The contribution already made by a form."""
    return db.session.scalar(select(Contribution).where(Contribution.form_key == form_key))


def get_contribution(contribution_id: int, *, lock: bool = False) -> Contribution:
    """A contribution by its id. Raises NotFound."""
    query = (
        select(Contribution)
        .where(Contribution.id == contribution_id)
        .execution_options(populate_existing=True)
    )
    found = db.session.scalar(query.with_for_update() if lock else query)
    if found is None:
        raise NotFound
    return found


def list_by_ids(ids: Iterable[int]) -> dict[int, Contribution]:
    """Contributions by id, in one query."""
    rows = db.session.scalars(select(Contribution).where(Contribution.id.in_(set(ids))))
    return {row.id: row for row in rows}


def list_attachments(contribution_ids: Iterable[int]) -> dict[int, list[Attachment]]:
    """What came with contributions, by their ids, in one query."""
    found: dict[int, list[Attachment]] = {}
    rows = db.session.scalars(
        select(Attachment)
        .where(Attachment.contribution_id.in_(set(contribution_ids)))
        .order_by(Attachment.id)
    )
    for row in rows:
        found.setdefault(row.contribution_id or 0, []).append(row)
    return found


def list_public_files(contribution_id: int) -> list[int]:
    """The files that came with a contribution and that everyone may open."""
    rows = db.session.scalars(
        select(StoredFile.id)
        .join(Attachment, Attachment.file_id == StoredFile.id)
        .where(Attachment.contribution_id == contribution_id, StoredFile.public)
        .order_by(StoredFile.id)
    )
    return list(rows)


def is_taken_up() -> ColumnElement[bool]:
    """Whether a published answer takes it up, whole or in part."""
    return exists().where(
        answers_of(),
        Answer.state == AnswerState.PUBLISHED,
        Answer.outcome.in_([str(one) for one in TAKEN_UP]),
    )


def figures(since: datetime, until: datetime, consultation_id: int | None = None) -> dict[str, int]:
    """What the yearly report counts of contributions received in a period: all, answered, taken up, and the same
    of organisations (Law 52/2003, art. 13)."""
    by_one = Contribution.by_organisation
    taken = is_taken_up()
    statement = select(
        func.count(Contribution.id),
        func.count(Contribution.id).filter(is_answered()),
        func.count(Contribution.id).filter(taken),
        func.count(Contribution.id).filter(by_one),
        func.count(Contribution.id).filter(by_one, taken),
        func.count(Contribution.id).filter(Contribution.late),
    ).where(Contribution.received_at >= since, Contribution.received_at < until)
    if consultation_id is not None:
        statement = statement.where(Contribution.consultation_id == consultation_id)
    names = ("received", "answered", "taken_up", "of_organisations", "of_organisations_taken_up", "late")
    return dict(zip(names, db.session.execute(statement).one(), strict=True))


# --- answers ---------------------------------------------------------------------------------------------


def get_consultation(consultation_id: int) -> Consultation:
    """The consultation of an entry or an answer. Raises NotFound."""
    return consultations.get_consultation(consultation_id)


def lock_consultation(consultation_id: int) -> Consultation:
    """The same with its row locked."""
    return consultations.lock_consultation(consultation_id)


def consultation_of(target: Contribution | Theme) -> Consultation:
    """Whose an entry or a theme is."""
    return get_consultation(target.consultation_id)


def lock_target(target: Contribution | Theme) -> None:
    """Let nobody else begin an answer to the same meanwhile."""
    kind = type(target)
    db.session.execute(select(kind.id).where(kind.id == target.id).with_for_update())


def find_living(target: Contribution | Theme, *, lock: bool = False) -> Answer | None:
    """The answer being written or published to a contribution itself, or to a theme; withdrawn ones are past."""
    mine = (
        Answer.contribution_id == target.id
        if isinstance(target, Contribution)
        else Answer.theme_id == target.id
    )
    query = (
        select(Answer)
        .where(mine, Answer.state != AnswerState.WITHDRAWN)
        .execution_options(populate_existing=True)
    )
    return db.session.scalar(query.with_for_update() if lock else query)


def list_past(target: Contribution | Theme) -> Sequence[Answer]:
    """Its withdrawn answers, the oldest first."""
    mine = (
        Answer.contribution_id == target.id
        if isinstance(target, Contribution)
        else Answer.theme_id == target.id
    )
    return db.session.scalars(
        select(Answer).where(mine, Answer.state == AnswerState.WITHDRAWN).order_by(Answer.id)
    ).all()


def get_answer(answer_id: int, *, lock: bool = False) -> Answer:
    """An answer by its id. Raises NotFound."""
    query = select(Answer).where(Answer.id == answer_id).execution_options(populate_existing=True)
    found = db.session.scalar(query.with_for_update() if lock else query)
    if found is None:
        raise NotFound
    return found


def answers_for(entries: Collection[Contribution]) -> Sequence[Answer]:
    """Every answer that concerns one of the entries, in any state, in one query."""
    ids = {entry.id for entry in entries} | {entry.same_as_id for entry in entries if entry.same_as_id}
    themes = {entry.theme_id for entry in entries if entry.theme_id}
    if not ids:
        return []
    return db.session.scalars(
        select(Answer)
        .where(or_(Answer.contribution_id.in_(ids), Answer.theme_id.in_(themes)))
        .order_by(Answer.id)
    ).all()


def asked(entry: Contribution) -> rules.Asked:
    """An entry as the rules see it."""
    return rules.Asked(entry.id, entry.same_as_id, entry.theme_id, entry.apart)


def pick(entry: Contribution, answers: Iterable[Answer]) -> Answer | None:
    """Of answers already read, the published one of this entry."""
    return rules.answer_of(asked(entry), list(answers))  # type: ignore[arg-type, return-value]


def find_answer(entry: Contribution) -> Answer | None:
    """The published answer of an entry."""
    return pick(entry, answers_for([entry]))


def list_told(answer: Answer, after: int, limit: int) -> Sequence[Contribution]:
    """Entries whom an answer concerns, by their ids after one; those with an answer of their own have theirs."""
    own = (
        exists()
        .where(Answer.contribution_id == Contribution.id, Answer.state == AnswerState.PUBLISHED)
        .where(Answer.id != answer.id)
    )
    mine = (
        Contribution.theme_id == answer.theme_id
        if answer.theme_id is not None
        else or_(
            Contribution.id == answer.contribution_id,
            and_(Contribution.same_as_id == answer.contribution_id, not_(Contribution.apart)),
        )
    )
    rows = select(Contribution).where(mine, Contribution.id > after, not_(own))
    if answer.theme_id is not None:
        rows = rows.where(not_(Contribution.apart))
    return db.session.scalars(rows.order_by(Contribution.id).limit(limit)).all()


# --- reviews ---------------------------------------------------------------------------------------------


def find_review(contribution_id: int) -> Review | None:
    """What its author said about the answer."""
    return db.session.scalar(select(Review).where(Review.contribution_id == contribution_id))


def get_review(review_id: int, *, lock: bool = False) -> Review:
    """A review by its id. Raises NotFound."""
    query = select(Review).where(Review.id == review_id).execution_options(populate_existing=True)
    found = db.session.scalar(query.with_for_update() if lock else query)
    if found is None:
        raise NotFound
    return found


# --- themes and people -----------------------------------------------------------------------------------


def find_theme(consultation_id: int, title: str) -> Theme | None:
    """The theme with this title."""
    return db.session.scalar(
        select(Theme).where(Theme.consultation_id == consultation_id, Theme.title == title)
    )


def get_theme(consultation_id: int, theme_id: int) -> Theme:
    """A theme of a consultation. Raises NotFound."""
    found = db.session.scalar(
        select(Theme).where(Theme.consultation_id == consultation_id, Theme.id == theme_id)
    )
    if found is None:
        raise NotFound
    return found


def list_with_twins(consultation_id: int, ids: Collection[int]) -> Sequence[Contribution]:
    """The chosen entries of a consultation with every letter identical to one of them."""
    wanted = set(ids)
    firsts = select(func.coalesce(Contribution.same_as_id, Contribution.id)).where(
        Contribution.id.in_(wanted), Contribution.consultation_id == consultation_id
    )
    return db.session.scalars(
        select(Contribution)
        .where(Contribution.consultation_id == consultation_id)
        .where(or_(Contribution.id.in_(firsts), Contribution.same_as_id.in_(firsts)))
        .order_by(Contribution.number)
        .with_for_update()
    ).all()


def list_answerers(one: Consultation) -> Sequence[Account]:
    """Who may prepare answers: council staff, and evaluators of the department in charge."""
    able = or_(
        RoleGrant.role == "staff",
        and_(RoleGrant.role == "evaluator", RoleGrant.department_id == one.department_id),
    )
    return db.session.scalars(
        select(Account)
        .where(Account.id.in_(select(RoleGrant.account_id).where(able)), Account.disabled_at.is_(None))
        .order_by(Account.display_name, Account.id)
        .limit(200)
    ).all()


def find_by_token(token: str) -> Contribution:
    """The contribution whose receipt a link opens. Raises NotFound."""
    number, dot, _mark = token.partition(".")
    if dot:
        found = db.session.get(Contribution, chosen) if (chosen := whole_number(number)) else None
        if found is not None and hmac.compare_digest(found.token.encode(), token.encode()):
            return found
        raise NotFound
    old = hashlib.sha256(token.encode()).digest()
    found = db.session.scalar(select(Contribution).where(Contribution.old_token_sha256 == old))
    if found is None:
        raise NotFound
    return found


def get_numbered(consultation_id: int, number: int) -> Contribution:
    """An entry by its number in the register. Raises NotFound."""
    found = db.session.scalar(
        select(Contribution).where(
            Contribution.consultation_id == consultation_id, Contribution.number == number
        )
    )
    if found is None:
        raise NotFound
    return found


def find_pending(token_mark: bytes, *, lock: bool = False) -> PendingContribution | None:
    """What waits for the link in a mail to be opened."""
    query = (
        select(PendingContribution)
        .where(PendingContribution.token_mark == token_mark)
        .execution_options(populate_existing=True)
    )
    return db.session.scalar(query.with_for_update() if lock else query)


def count_pending(address_mark: bytes, since: datetime) -> int:
    """How many contributions an address was asked to confirm since a moment."""
    return (
        db.session.scalar(
            select(func.count(PendingContribution.id)).where(
                PendingContribution.address_mark == address_mark, PendingContribution.sent_at > since
            )
        )
        or 0
    )


def get_attachment(attachment_id: int) -> Attachment:
    """A file of a contribution. Raises NotFound."""
    found = db.session.scalar(
        select(Attachment).where(Attachment.id == attachment_id, Attachment.contribution_id.is_not(None))
    )
    if found is None:
        raise NotFound
    return found


# --- forgetting ------------------------------------------------------------------------------------------


def list_of_account(account_id: int) -> Sequence[Contribution]:
    """Everything an account sent, locked."""
    return db.session.scalars(
        select(Contribution)
        .where(Contribution.account_id == account_id)
        .order_by(Contribution.id)
        .with_for_update()
    ).all()


def has_sent(account_id: int) -> bool:
    """Whether an account sent anything in its owner's own name."""
    return bool(
        db.session.scalar(
            select(
                exists().where(
                    Contribution.account_id == account_id,
                    Contribution.by_organisation.is_(False),
                    Contribution.author_name != "",
                )
            )
        )
    )


def forget_pending(address_mark: bytes) -> None:
    """Forget what an address was asked to confirm and did not."""
    db.session.execute(
        delete(PendingContribution).where(
            PendingContribution.address_mark == address_mark, PendingContribution.confirmed_at.is_(None)
        )
    )


def list_left(limit: int, now: datetime) -> Sequence[Contribution]:
    """Entries of deleted accounts with a name still sealed, though nothing asks for it: the consultation ended."""
    ended = func.coalesce(Consultation.report_published_at, Consultation.outcome_at)
    return db.session.scalars(
        select(Contribution)
        .join(Consultation, Consultation.id == Contribution.consultation_id)
        .join(Account, Account.id == Contribution.account_id)
        .where(Account.deleted_at.is_not(None), Contribution.contact.is_not(None), ended <= now)
        .order_by(Contribution.id)
        .limit(limit)
        .with_for_update(of=Contribution, skip_locked=True)
    ).all()


def list_forgettable(before: datetime, limit: int) -> Sequence[Contribution]:
    """Entries whose contact nobody needs any more: the consultation reported or ended, and they answered, before."""
    ended = func.coalesce(Consultation.report_published_at, Consultation.outcome_at)
    fresh = exists().where(answers_of(), func.coalesce(Answer.withdrawn_at, Answer.published_at) >= before)
    open_review = exists().where(
        Review.contribution_id == Contribution.id,
        or_(Review.decided_at.is_(None), Review.decided_at >= before),
    )
    return db.session.scalars(
        select(Contribution)
        .join(Consultation, Consultation.id == Contribution.consultation_id)
        .where(or_(Contribution.contact.is_not(None), Contribution.original.is_not(None)))
        .where(ended < before, Contribution.registered_at < before, is_answered())
        .where(not_(fresh), not_(open_review))
        .order_by(Contribution.id)
        .limit(limit)
        .with_for_update(of=Contribution, skip_locked=True)
    ).all()


def count_shown_of(account_id: int) -> int:
    """How many contributions of an account are shown as they came; remarks on a draft are counted there."""
    wanted = select(func.count(Contribution.id)).where(
        Contribution.account_id == account_id,
        Contribution.channel == "form",
        Contribution.hidden_at.is_(None),
    )
    return db.session.scalar(wanted) or 0

"""Every question asked about organisations."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, Row, Select, and_, exists, func, or_, select
from sqlalchemy.orm import joinedload, lazyload, selectinload

from civic.accounts.models import Account
from civic.audit import AuditRecord
from civic.errors import NotFound
from civic.extensions import db
from civic.matching import matches
from civic.organisations.models import (
    Organisation,
    OrganisationArea,
    OrganisationCheck,
    OrganisationInvitation,
    OrganisationMember,
)
from civic.organisations.rules import PUBLIC, Role, State

KIND = "organisation"
PAGE_SIZE = 24
QUEUE_SIZE = 25
EXPORT_BATCH = 500
DAY = timedelta(days=1)


@dataclass(frozen=True)
class Filters:
    """What the registry is narrowed to."""

    text: str = ""
    legal_form: str = ""
    minority: str = ""
    neighbourhood_id: int | None = None

    @property
    def active(self) -> bool:
        """Whether anything is chosen."""
        return self != Filters()


def _found(statement: Select, text: str) -> Select:
    if not text:
        return statement
    return statement.where(matches(Organisation.search_vector, text))


def _public(statement: Select, filters: Filters, with_form: bool = True) -> Select:
    statement = _found(statement.where(Organisation.state.in_(sorted(PUBLIC))), filters.text)
    if filters.legal_form and with_form:
        statement = statement.where(Organisation.legal_form == filters.legal_form)
    if filters.minority:
        statement = statement.where(Organisation.minority == filters.minority)
    if filters.neighbourhood_id is not None:
        own = select(OrganisationArea).where(OrganisationArea.organisation_id == Organisation.id)
        there = own.where(OrganisationArea.neighbourhood_id == filters.neighbourhood_id)
        statement = statement.where(or_(there.exists(), ~own.exists()))
    return statement


def having_words(words: str) -> Select:
    """Ids of what is public and has the words, the newest first, with what it is ranked by."""
    wanted = select(Organisation.id, Organisation.search_vector)
    return _public(wanted, Filters(text=words)).order_by(Organisation.id.desc())


# --- the registry ---------------------------------------------------------------------------------------


def count_by_form(filters: Filters) -> dict[str, int]:
    """How many public organisations pass the filters other than the legal form, by legal form."""
    statement = _public(select(Organisation.legal_form, func.count()), filters, with_form=False)
    return {row[0]: row[1] for row in db.session.execute(statement.group_by(Organisation.legal_form))}


def list_public(filters: Filters, page: int) -> Sequence[Organisation]:
    """A page of the registry in dictionary order, with the areas."""
    return db.session.scalars(
        _public(select(Organisation), filters)
        .options(selectinload(Organisation.areas))
        .order_by(Organisation.sort_key, Organisation.id)
        .limit(PAGE_SIZE)
        .offset((page - 1) * PAGE_SIZE)
    ).all()


def every_public(filters: Filters) -> Iterator[Organisation]:
    """The whole registry in dictionary order, a few hundred rows held at a time."""
    last: tuple[str, int] | None = None
    while True:
        statement = _public(select(Organisation), filters).options(selectinload(Organisation.areas))
        if last is not None:
            beyond = and_(Organisation.sort_key == last[0], Organisation.id > last[1])
            statement = statement.where(or_(Organisation.sort_key > last[0], beyond))
        rows = db.session.scalars(
            statement.order_by(Organisation.sort_key, Organisation.id).limit(EXPORT_BATCH)
        ).all()
        yield from rows
        if len(rows) < EXPORT_BATCH:
            return
        last = rows[-1].sort_key, rows[-1].id
        db.session.expunge_all()


def list_changes() -> Select:
    """(id, changed at) of the public organisations."""
    return _public(select(Organisation.id, Organisation.changed_at), Filters())


def verified_by_form() -> dict[str, int]:
    """How many verified organisations there are, by legal form. Organisations are public: no cell is too small."""
    return _count_verified(Organisation.legal_form)


def verified_by_minority() -> dict[str, int]:
    """How many verified organisations say that they are of a minority, by minority."""
    counted = _count_verified(Organisation.minority)
    return {name: number for name, number in counted.items() if name is not None}


def _count_verified(column: object) -> dict[str, int]:
    statement = select(column, func.count()).where(Organisation.state == State.VERIFIED)  # type: ignore[call-overload]
    return {row[0]: row[1] for row in db.session.execute(statement.group_by(column))}


# --- one organisation -----------------------------------------------------------------------------------


def get_organisation(organisation_id: int) -> Organisation:
    """The organisation with its areas, or NotFound."""
    found = db.session.scalar(
        select(Organisation)
        .where(Organisation.id == organisation_id)
        .options(selectinload(Organisation.areas))
    )
    if found is None:
        raise NotFound
    return found


def lock_organisation(organisation_id: int) -> Organisation:
    """The same, locked until the end of the transaction and fresh from the database."""
    found = db.session.scalar(
        select(Organisation)
        .where(Organisation.id == organisation_id)
        .options(selectinload(Organisation.areas))
        .with_for_update(of=Organisation)
        .execution_options(populate_existing=True)
    )
    if found is None:
        raise NotFound
    return found


def is_public() -> ColumnElement[bool]:
    """Everybody may read about an organisation that was verified, also while it is suspended."""
    return Organisation.state.in_(sorted(PUBLIC))


def list_by_ids(ids: Iterable[int]) -> Sequence[Organisation]:
    """Organisations by id, in no order."""
    return db.session.scalars(select(Organisation).where(Organisation.id.in_(set(ids)))).all()


def list_verified_with_tax_code(tax_code: str, but: int) -> Sequence[Organisation]:
    """The public organisation that holds a tax code, besides the given one."""
    return db.session.scalars(
        select(Organisation).where(
            Organisation.tax_code == tax_code,
            Organisation.tax_code != "",
            Organisation.state.in_(sorted(PUBLIC)),
            Organisation.id != but,
        )
    ).all()


def list_alike(check: OrganisationCheck, sort_key: str) -> Sequence[Organisation]:
    """Others of the same name or the same number: what staff compare before they verify."""
    same = [Organisation.sort_key == sort_key]
    if check.registration_number:
        same.append(Organisation.registration_number == check.registration_number)
    if check.tax_code:
        same.append(Organisation.tax_code == check.tax_code)
    return db.session.scalars(
        select(Organisation)
        .where(or_(*same), Organisation.id != check.organisation_id)
        .order_by(Organisation.id)
        .limit(10)
    ).all()


def find_open_check(organisation_id: int) -> OrganisationCheck | None:
    """The values that wait to be verified."""
    return db.session.scalar(
        select(OrganisationCheck)
        .where(OrganisationCheck.organisation_id == organisation_id, OrganisationCheck.outcome.is_(None))
        .options(joinedload(OrganisationCheck.deadline))
    )


def list_checks(organisation_id: int) -> Sequence[OrganisationCheck]:
    """The verifications that ended, the newest first."""
    return db.session.scalars(
        select(OrganisationCheck)
        .where(OrganisationCheck.organisation_id == organisation_id, OrganisationCheck.outcome.is_not(None))
        .order_by(OrganisationCheck.id.desc())
        .limit(20)
    ).all()


def registered_last_day(account_id: int, now: datetime) -> int:
    """How many organisations an account has registered in 24 hours."""
    statement = select(func.count(Organisation.id)).where(
        Organisation.registered_by_id == account_id, Organisation.registered_at > now - DAY
    )
    return db.session.scalar(statement) or 0


# --- members --------------------------------------------------------------------------------------------


def find_member(organisation_id: int, account_id: int | None) -> OrganisationMember | None:
    """The membership of an account."""
    if account_id is None:
        return None
    return db.session.scalar(
        select(OrganisationMember).where(
            OrganisationMember.organisation_id == organisation_id,
            OrganisationMember.account_id == account_id,
        )
    )


def list_members(organisation_id: int) -> Sequence[Row[OrganisationMember, Account]]:
    """Members with their accounts, administrators first, by when they joined."""
    return db.session.execute(
        select(OrganisationMember, Account)
        .join(Account, Account.id == OrganisationMember.account_id)
        .where(OrganisationMember.organisation_id == organisation_id)
        .order_by(OrganisationMember.role, OrganisationMember.joined_at, Account.id)
        .options(lazyload(Account.grants))
    ).all()


def list_administrators(organisation_id: int) -> list[int]:
    """The accounts of its administrators, who joined first first."""
    return list(
        db.session.scalars(
            select(OrganisationMember.account_id)
            .where(
                OrganisationMember.organisation_id == organisation_id,
                OrganisationMember.role == Role.ADMINISTRATOR,
            )
            .order_by(OrganisationMember.joined_at, OrganisationMember.account_id)
        )
    )


def count_members(organisation_id: int) -> int:
    """How many members an organisation has."""
    statement = select(func.count()).where(OrganisationMember.organisation_id == organisation_id)
    return db.session.scalar(statement) or 0


def list_memberships(account_id: int) -> Sequence[Row[OrganisationMember, Organisation]]:
    """The organisations of an account, in dictionary order."""
    return db.session.execute(
        select(OrganisationMember, Organisation)
        .join(Organisation, Organisation.id == OrganisationMember.organisation_id)
        .where(OrganisationMember.account_id == account_id)
        .order_by(Organisation.sort_key, Organisation.id)
    ).all()


def list_verified_names(limit: int) -> Sequence[Row]:
    """(id, name) of verified organisations, in dictionary order."""
    return db.session.execute(
        select(Organisation.id, Organisation.name)
        .where(Organisation.state == State.VERIFIED)
        .order_by(Organisation.sort_key, Organisation.id)
        .limit(limit)
    ).all()


def list_spoken_for(account_id: int) -> Sequence[Organisation]:
    """The verified organisations an account speaks for, in dictionary order."""
    return db.session.scalars(
        select(Organisation)
        .join(OrganisationMember, OrganisationMember.organisation_id == Organisation.id)
        .where(OrganisationMember.account_id == account_id, Organisation.state == State.VERIFIED)
        .order_by(Organisation.sort_key, Organisation.id)
    ).all()


def find_only_administered(account_id: int) -> Organisation | None:
    """An organisation with other members, none of whom is an administrator besides this account."""
    own, other = OrganisationMember, OrganisationMember.__table__.alias("other")
    same = other.c.organisation_id == own.organisation_id
    others = exists().where(same, other.c.account_id != account_id)
    return db.session.scalar(
        select(Organisation)
        .join(own, own.organisation_id == Organisation.id)
        .where(
            own.account_id == account_id,
            own.role == Role.ADMINISTRATOR,
            others,
            ~others.where(other.c.role == Role.ADMINISTRATOR),
        )
        .order_by(Organisation.sort_key)
        .limit(1)
    )


# --- invitations ----------------------------------------------------------------------------------------


def list_invitations(organisation_id: int, now: datetime) -> Sequence[OrganisationInvitation]:
    """Those nobody has accepted yet, the newest first."""
    return db.session.scalars(
        select(OrganisationInvitation)
        .where(
            OrganisationInvitation.organisation_id == organisation_id, OrganisationInvitation.expires_at > now
        )
        .order_by(OrganisationInvitation.id.desc())
        .limit(100)
    ).all()


def find_invitation(token_hash: bytes, now: datetime) -> OrganisationInvitation | None:
    """The invitation of a link, unless it is over."""
    return db.session.scalar(
        select(OrganisationInvitation).where(
            OrganisationInvitation.token_hash == token_hash, OrganisationInvitation.expires_at > now
        )
    )


def invited_last_day(organisation_id: int, now: datetime) -> int:
    """How many invitations an organisation has sent in 24 hours, also those that are gone."""
    statement = select(func.count(AuditRecord.id)).where(
        AuditRecord.subject_kind == KIND,
        AuditRecord.subject_id == organisation_id,
        AuditRecord.event == "organisation.member_invited",
        AuditRecord.at > now - DAY,
    )
    return db.session.scalar(statement) or 0


# --- the city hall's queue ------------------------------------------------------------------------------


def list_queue(view: str, text: str, page: int, now: datetime) -> tuple[Sequence[Row], int]:
    """A page of (organisation, open check or None) and how many there are.

    `view` is waiting, late, deserted, or a state; empty for all. What is due first stands first.
    """
    joined = and_(OrganisationCheck.organisation_id == Organisation.id, OrganisationCheck.outcome.is_(None))
    narrowed = {
        "waiting": OrganisationCheck.id.is_not(None),
        "late": OrganisationCheck.due_at < now,
        "deserted": Organisation.deserted_at.is_not(None),
    }

    def chosen(statement: Select) -> Select:
        statement = _found(statement.outerjoin(OrganisationCheck, joined), text)
        if view in narrowed:
            return statement.where(narrowed[view])
        return statement.where(Organisation.state == view) if view else statement

    total = db.session.scalar(chosen(select(func.count(Organisation.id)))) or 0
    rows = db.session.execute(
        chosen(select(Organisation, OrganisationCheck))
        .order_by(OrganisationCheck.due_at.nulls_last(), Organisation.sort_key, Organisation.id)
        .limit(QUEUE_SIZE)
        .offset((page - 1) * QUEUE_SIZE)
    ).all()
    return rows, total


def queue_counts(now: datetime) -> dict[str, int]:
    """How much waits for the city hall: `waiting`, `late`, `deserted`."""
    waiting, late = db.session.execute(
        select(
            func.count(OrganisationCheck.id),
            func.count(OrganisationCheck.id).filter(OrganisationCheck.due_at < now),
        ).where(OrganisationCheck.outcome.is_(None))
    ).one()
    deserted = db.session.scalar(
        select(func.count(Organisation.id)).where(Organisation.deserted_at.is_not(None))
    )
    return {"waiting": waiting, "late": late, "deserted": deserted or 0}

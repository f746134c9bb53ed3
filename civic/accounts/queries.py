"""Every question asked of accounts, persons and roles."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, Row, Select, exists, func, or_, select
from sqlalchemy.orm import lazyload

from civic.accounts.models import Account, Person, RoleGrant
from civic.actor import Role
from civic.errors import NotFound
from civic.extensions import db
from civic.outbox import OutboxMessage
from civic.rounds.models import Phase, Round
from civic.text import fold

PER_PAGE = 50

# Both cases, because lower() of a database without a locale knows ASCII alone.
_PLAIN_FROM = "ăâîșțşţáàéèíóöőúüűĂÂÎȘȚŞŢÁÀÉÈÍÓÖŐÚÜŰ"
_PLAIN_TO = "aaiststaaeeiooouuuaaiststaaeeiooouuu"


@dataclass(frozen=True)
class Page:
    """A page of accounts."""

    items: Sequence[Account]
    number: int
    pages: int
    total: int


def find_account(account_id: int) -> Account | None:
    """The account, if there is one."""
    return db.session.get(Account, account_id)


def get_account(account_id: int) -> Account:
    """The account, or NotFound. Deleted accounts are found: their rows remain."""
    account = find_account(account_id)
    if account is None:
        raise NotFound
    return account


def find_account_by_email(email: str) -> Account | None:
    """The account of a normalised (lower-case) address."""
    return db.session.scalar(select(Account).where(Account.email == email))


def lock_account(account_id: int) -> Account:
    """The account with its row locked until the end of the transaction, fresh from the database."""
    statement = select(Account).where(Account.id == account_id).with_for_update()
    account = db.session.scalar(statement.execution_options(populate_existing=True))
    if account is None:
        raise NotFound
    return account


def names_of(account_ids: Iterable[int]) -> dict[int, str]:
    """Public names by account id, in the reader's language for deleted ones. One query."""
    wanted = set(account_ids)
    if not wanted:
        return {}
    statement = select(Account).where(Account.id.in_(wanted)).options(lazyload(Account.grants))
    return {account.id: account.public_name for account in db.session.scalars(statement)}


def names_of_staff(account_ids: Iterable[int]) -> dict[int, str]:
    """The public names of those of the accounts that have a role; a resident is not named. One query or two."""
    with_role = select(RoleGrant.account_id).where(RoleGrant.account_id.in_(set(account_ids)))
    return names_of(db.session.scalars(with_role).all())


def list_recipients(account_ids: Iterable[int]) -> Sequence[Row[int, str, str]]:
    """(id, address, language) of those accounts one may write to: confirmed, neither disabled nor deleted."""
    return db.session.execute(
        select(Account.id, Account.email, Account.locale).where(
            Account.id.in_(set(account_ids)),
            Account.email_confirmed_at.is_not(None),
            Account.disabled_at.is_(None),
        )
    ).all()


def list_accounts_with_role(role: Role, department_id: int | None = None) -> Sequence[Account]:
    """Active accounts that hold a role, for one department when given."""
    statement = (
        select(Account)
        .join(RoleGrant, RoleGrant.account_id == Account.id)
        .where(RoleGrant.role == role, Account.disabled_at.is_(None))
        .order_by(Account.display_name, Account.id)
    )
    if department_id is not None:
        statement = statement.where(RoleGrant.department_id == department_id)
    return db.session.scalars(statement).unique().all()


def list_accounts_with_roles() -> Sequence[Account]:
    """Every account that holds any role, by address."""
    return db.session.scalars(select(Account).where(Account.grants.any()).order_by(Account.email)).all()


def lock_active_administrators() -> set[int]:
    """Ids of the accounts that can administer; they stay locked, so that two cannot leave at once.

    Both tables are locked: whoever waited reads an account again that was suspended meanwhile.
    """
    statement = (
        select(RoleGrant.account_id)
        .join(Account, Account.id == RoleGrant.account_id)
        .where(RoleGrant.role == Role.ADMINISTRATOR, Account.disabled_at.is_(None))
        .order_by(RoleGrant.id)
        .with_for_update()
    )
    return set(db.session.scalars(statement))


def find_grant(account_id: int, grant_id: int) -> RoleGrant | None:
    """One role of an account."""
    return db.session.scalar(
        select(RoleGrant).where(RoleGrant.id == grant_id, RoleGrant.account_id == account_id)
    )


def search_accounts(text: str, role: str, page: int) -> Page:
    """Accounts by exact address or part of the name (diacritics do not matter), newest first; paged."""
    statement = select(Account).where(Account.deleted_at.is_(None))
    if text:
        statement = statement.where(_matches(text))
    if role:
        statement = statement.where(Account.grants.any(RoleGrant.role == role))
    total = _count(statement)
    pages = max(1, -(-total // PER_PAGE))
    number = min(max(1, page), pages)
    items = db.session.scalars(
        statement.order_by(Account.id.desc()).limit(PER_PAGE).offset((number - 1) * PER_PAGE)
    ).all()
    return Page(items, number, pages, total)


def _count(statement: Select[Account]) -> int:
    return db.session.scalar(select(func.count()).select_from(statement.subquery())) or 0


def _matches(text: str) -> ColumnElement[bool]:
    plain_name = func.lower(func.translate(Account.display_name, _PLAIN_FROM, _PLAIN_TO))
    return or_(Account.email == text.strip().lower(), plain_name.contains(fold(text), autoescape=True))


def find_person_by_hash(identity_hash: bytes) -> Person | None:
    """The human being behind an identity, locked and fresh: two desks may check the same one at once."""
    statement = select(Person).where(Person.identity_hash == identity_hash).with_for_update()
    return db.session.scalar(statement.execution_options(populate_existing=True))


def get_person(person_id: int) -> Person:
    """The person, or NotFound."""
    person = db.session.get(Person, person_id)
    if person is None:
        raise NotFound
    return person


def lock_person(person_id: int) -> Person:
    """The person with its row locked until the end of the transaction, fresh from the database, or NotFound."""
    statement = select(Person).where(Person.id == person_id).with_for_update()
    person = db.session.scalar(statement.execution_options(populate_existing=True))
    if person is None:
        raise NotFound
    return person


def find_account_of_person(person_id: int) -> Account | None:
    """The account a verified person uses."""
    return db.session.scalar(select(Account).where(Account.person_id == person_id))


def list_mail_to(address: str) -> Sequence[OutboxMessage]:
    """Messages of the outbox to one address, sent or not."""
    return db.session.scalars(select(OutboxMessage).where(OutboxMessage.address == address)).all()


def contests_running(now: datetime) -> bool:
    """Whether any published round still has a phase ahead, or a frozen one is not closed.

    While one has, erasing a person and verifying them again could give a second vote.
    """
    ahead = exists().where(Phase.round_id == Round.id, Phase.ends_at > now)
    unfinished = Round.frozen_at.is_not(None) & Round.closed_at.is_(None)
    statement = select(exists().where(Round.published_at.is_not(None), ahead | unfinished))
    return bool(db.session.scalar(statement))


def lock_released_people(limit: int) -> Sequence[Person]:
    """People whose account was deleted and whose identity is still kept, locked against a new verification."""
    linked = exists().where(Account.person_id == Person.id)
    return db.session.scalars(
        select(Person)
        .where(Person.released_at.is_not(None), Person.identity_hash.is_not(None), ~linked)
        .order_by(Person.id)
        .limit(limit)
        .with_for_update(skip_locked=True)
    ).all()

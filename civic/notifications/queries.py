"""Every question asked about following and about the news on its way."""

from collections.abc import Sequence

from sqlalchemy import Row, exists, func, select

from civic.accounts.models import Account
from civic.extensions import db
from civic.notifications.models import Follow, MailChoice, Notice

PAGE_SIZE = 25


def is_following(account_id: int, kind: str, subject_id: int) -> bool:
    """Whether the account follows the subject."""
    return bool(
        db.session.scalar(
            select(exists().where(
                Follow.account_id == account_id, Follow.subject_kind == kind, Follow.subject_id == subject_id
            ))
        )
    )  # fmt: skip


def count_followers(kind: str, subject_id: int) -> int:
    """How many accounts follow the subject."""
    counted = select(func.count()).where(Follow.subject_kind == kind, Follow.subject_id == subject_id)
    return db.session.scalar(counted) or 0


def list_follows(account_id: int, page: int, size: int = PAGE_SIZE) -> tuple[Sequence[Follow], int]:
    """One page of what an account follows, newest first, and how many there are."""
    total = db.session.scalar(select(func.count()).where(Follow.account_id == account_id)) or 0
    rows = db.session.scalars(
        select(Follow)
        .where(Follow.account_id == account_id)
        .order_by(Follow.since.desc(), Follow.id.desc())
        .limit(size)
        .offset((page - 1) * size)
    ).all()
    return rows, total


def wants_mail(account_id: int) -> bool:
    """Whether the account gets mail about what it follows; yes until it says no."""
    choice = db.session.get(MailChoice, account_id)
    return choice is None or choice.wants_mail


def find_account(account_id: int) -> Account | None:
    """The account, unless it is closed."""
    account = db.session.get(Account, account_id)
    return account if account is not None and account.disabled_at is None else None


def list_unfinished_notices() -> Sequence[int]:
    """Ids of the news not yet told to everyone, oldest first."""
    return db.session.scalars(select(Notice.id).where(Notice.finished_at.is_(None)).order_by(Notice.id)).all()


def lock_notice(notice_id: int) -> Notice | None:
    """The unfinished piece of news, locked; None when another worker has it or it is finished."""
    return db.session.scalar(
        select(Notice)
        .where(Notice.id == notice_id, Notice.finished_at.is_(None))
        .with_for_update(skip_locked=True)
    )


def list_recipients(notice: Notice, limit: int) -> Sequence[Row]:
    """The next followers to tell, as (follow id, account id, address, name, language, told).

    `told` is false for those who closed their account, never confirmed their address or want no mail:
    the cursor passes them. Whoever began to follow after the news is left for the next.
    """
    reachable = (
        Account.disabled_at.is_(None)
        & Account.email_confirmed_at.is_not(None)
        & func.coalesce(MailChoice.wants_mail, True)
    )
    return db.session.execute(
        select(
            Follow.id, Follow.account_id, Account.email, Account.display_name, Account.locale,
            reachable.label("told"),
        )
        .join(Account, Account.id == Follow.account_id)
        .outerjoin(MailChoice, MailChoice.account_id == Follow.account_id)
        .where(
            Follow.subject_kind == notice.subject_kind,
            Follow.subject_id == notice.subject_id,
            Follow.id > notice.cursor,
            Follow.since <= notice.created_at,
        )
        .order_by(Follow.id)
        .limit(limit)
    ).all()  # fmt: skip

"""Asking and taking answers. They flush, never commit."""

import hashlib
import secrets
from collections.abc import Sequence
from datetime import date, datetime

from flask_babel import gettext as _
from sqlalchemy import delete, select
from sqlalchemy.dialects.postgresql import insert

from civic import clock
from civic.accounts.models import Account
from civic.extensions import db
from civic.notifications import compose
from civic.notifications.models import MailChoice
from civic.notifications.service import tell_account
from civic.satisfaction import rules
from civic.satisfaction.labels import QUESTIONS
from civic.satisfaction.models import (
    SatisfactionCount,
    SatisfactionQuestion,
    SatisfactionTurn,
    SatisfactionWords,
)
from civic.text import clean_text


def mark_of(secret: str) -> bytes:
    """What is kept of a link."""
    return hashlib.sha256(secret.encode()).digest()


def ask(kind: str, account_ids: Sequence[int], now: datetime) -> int:
    """Write to those of the accounts who were not asked lately. Returns to how many."""
    today = clock.city_date(now)
    if not account_ids:
        return 0
    silent = select(MailChoice.account_id).where(
        MailChoice.account_id.in_(account_ids), MailChoice.wants_mail.is_(False)
    )
    wanted = set(account_ids) - set(db.session.scalars(silent))
    if not wanted:
        return 0
    rows = [{"account_id": one, "asked_on": today} for one in sorted(wanted)]
    turn = insert(SatisfactionTurn).values(rows)
    asked = db.session.scalars(
        turn.on_conflict_do_update(
            index_elements=["account_id"],
            set_={"asked_on": turn.excluded.asked_on},
            where=SatisfactionTurn.asked_on <= today - rules.BETWEEN,
        ).returning(SatisfactionTurn.account_id)
    ).all()
    for account_id in asked:
        _write(kind, account_id, today, now)
    return len(asked)


def _write(kind: str, account_id: int, today: date, now: datetime) -> None:
    secret = secrets.token_urlsafe(18)
    db.session.add(SatisfactionQuestion(mark=mark_of(secret), kind=kind, asked_on=today))
    link = compose.address_of("satisfaction.answer", secret=secret)

    def body() -> str:
        return "\n\n".join(
            [
                str(QUESTIONS[kind]),
                _("Answer with one click, without signing in: %(link)s", link=link),
                _("You need not answer. Your answer is counted without your name, and we ask at most once in 30 days."),
            ]
        )  # fmt: skip

    tell_account(account_id, lambda: _("One question for you"), body, now)


def take(kind: str, step: int, words: str, today: date) -> None:
    """Count an answer; keep its words for the staff, but never those of a voter."""
    month = rules.month_of(today)
    one = insert(SatisfactionCount).values(kind=kind, month=month, step=step, answers=1)
    # One row for all: nothing tells an answer from the others, not even the moment of its row.
    db.session.execute(
        one.on_conflict_do_update(
            index_elements=["kind", "month", "step"], set_={"answers": SatisfactionCount.answers + 1}
        )
    )
    cleaned = clean_text(words)[: rules.WORDS_MOST].strip()
    if cleaned and kind != "cast":
        db.session.add(SatisfactionWords(kind=kind, month=month, step=step, words=cleaned))
    db.session.flush()


def answer(question: SatisfactionQuestion, step: int, words: str, today: date) -> None:
    """Take the one answer of a question that was sent; its link ends."""
    kind = question.kind
    db.session.delete(question)
    take(kind, step, words, today)


def forget(account: Account, _now: datetime) -> None:
    """Forget when an account was asked."""
    db.session.execute(delete(SatisfactionTurn).where(SatisfactionTurn.account_id == account.id))


def forget_old(today: date) -> None:
    """Forget questions nobody answered, and words a year after they were said."""
    db.session.execute(
        delete(SatisfactionQuestion).where(SatisfactionQuestion.asked_on < today - rules.WAITS)
    )
    db.session.execute(delete(SatisfactionTurn).where(SatisfactionTurn.asked_on <= today - rules.BETWEEN))
    limit = rules.month_of(today - rules.WORDS_KEPT)
    db.session.execute(delete(SatisfactionWords).where(SatisfactionWords.month < limit))

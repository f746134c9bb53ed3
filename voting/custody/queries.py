"""Every question asked about the custody of a box."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from sqlalchemy import exists, func, or_, select

from civic.accounts.models import Account
from civic.extensions import db
from civic.rounds.models import Phase, Round
from voting.ceremony import queries as ceremony
from voting.custody.models import (
    Custody,
    CustodyHandover,
    CustodyKey,
    CustodyLayer,
    CustodyPair,
    CustodyPresentation,
    CustodyWrap,
)
from voting.models import CeremonyStep
from voting.round_queries import results_are_settled


def find_custody(round_id: int, *, lock: bool = False) -> Custody | None:
    """What was chosen for a round; with `lock`, one command at a time goes on."""
    return db.session.get(Custody, round_id, with_for_update=lock or None, populate_existing=lock)


def list_keys(round_id: int) -> Mapping[int, CustodyKey]:
    """The keys of a round by place, fresh from the database: whoever waited for a lock sees what was done meanwhile."""
    rows = db.session.scalars(
        select(CustodyKey)
        .where(CustodyKey.round_id == round_id)
        .order_by(CustodyKey.place)
        .execution_options(populate_existing=True)
    )
    return {row.place: row for row in rows}


def list_wraps(round_id: int, purpose: str) -> Mapping[tuple[int, int], bytes]:
    """What is wrapped for each order of two places."""
    rows = db.session.scalars(
        select(CustodyWrap).where(CustodyWrap.round_id == round_id, CustodyWrap.purpose == purpose)
    )
    return {(row.first, row.second): row.wrapped for row in rows}


def list_layers(round_id: int, purpose: str) -> Mapping[tuple[int, int], bytes]:
    """What those who presented left for the others."""
    rows = db.session.scalars(
        select(CustodyLayer).where(CustodyLayer.round_id == round_id, CustodyLayer.purpose == purpose)
    )
    return {(row.first, row.second): row.sealed for row in rows}


def list_pairs(round_id: int) -> Sequence[CustodyPair]:
    """The pairs that succeeded in the rehearsal."""
    return db.session.scalars(
        select(CustodyPair)
        .where(CustodyPair.round_id == round_id)
        .order_by(CustodyPair.first, CustodyPair.second)
    ).all()


def list_presentations(round_id: int) -> Mapping[int, CustodyPresentation]:
    """Who presented at the close, by place."""
    rows = db.session.scalars(select(CustodyPresentation).where(CustodyPresentation.round_id == round_id))
    return {row.place: row for row in rows}


def find_handover(round_id: int) -> CustodyHandover | None:
    """The secret on its way to the worker."""
    return db.session.get(CustodyHandover, round_id, populate_existing=True)


def steps_done(round_id: int) -> frozenset[str]:
    """The steps of the close that are recorded."""
    return frozenset(
        db.session.scalars(select(CeremonyStep.step).where(CeremonyStep.round_id == round_id)).all()
    )


def is_asked_for(round_id: int) -> bool:
    """Whether the ballots are to be opened now: two people confirmed that stage. A round that is closed without a
    ceremony, by one program at once, needs nobody's word."""
    words = ceremony.list_words(round_id)
    opening = words.get("count")
    return not words or (opening is not None and opening.confirmed_at is not None)


def list_duties(account_id: int) -> Sequence[tuple[Round, CustodyKey]]:
    """The rounds whose box this account helps to open, the newest first."""
    rows = db.session.execute(
        select(Round, CustodyKey)
        .join(CustodyKey, CustodyKey.round_id == Round.id)
        .where(CustodyKey.account_id == account_id, CustodyKey.place < 4)
        .order_by(Round.id.desc())
        .limit(20)
    ).all()
    return [(row[0], row[1]) for row in rows]


def find_round_needing(account_id: int, now: datetime) -> Round | None:
    """The first round whose box needs this account's key: not opened yet, and not one whose vote never opened. Whoever
    was named and made no key is not needed: the vote does not open with them."""
    opened = select(CeremonyStep.round_id).where(CeremonyStep.step == "opened")
    over = exists().where(Phase.round_id == Round.id, Phase.kind == "voting", Phase.ends_at <= now)
    return db.session.scalar(
        select(Round)
        .join(CustodyKey, CustodyKey.round_id == Round.id)
        .where(
            CustodyKey.account_id == account_id,
            CustodyKey.place < 4,
            Round.id.not_in(opened),
            CustodyKey.made_at.is_not(None),
            or_(Round.frozen_at.is_not(None), ~over),
        )
        .order_by(Round.id)
        .limit(1)
    )


def find_account(email: str) -> Account | None:
    """The account with this address that can be signed in to."""
    return db.session.scalar(
        select(Account).where(
            func.lower(Account.email) == email.strip().lower(),
            Account.disabled_at.is_(None),
            Account.email_confirmed_at.is_not(None),
        )
    )


def list_accounts(ids: Sequence[int]) -> Mapping[int, Account]:
    """Accounts by id."""
    return {row.id: row for row in db.session.scalars(select(Account).where(Account.id.in_(ids)))}


def list_rounds_about_to_open(now: datetime, ahead: timedelta) -> Sequence[Round]:
    """City rounds with holders, not frozen yet, whose voting begins within `ahead` or runs."""
    return db.session.scalars(
        select(Round)
        .join(Custody, Custody.round_id == Round.id)
        .join(Phase, Phase.round_id == Round.id)
        .where(
            Custody.kind == "holders",
            Round.frozen_at.is_(None),
            Round.published_at.is_not(None),
            Phase.kind == "voting",
            Phase.starts_at <= now + ahead,
            Phase.ends_at > now,
        )
        .order_by(Round.id)
    ).all()


def list_rounds_awaiting_holders() -> Sequence[int]:
    """Rounds whose link to people is destroyed and whose box waits for two of its holders."""
    gone = select(CeremonyStep.round_id).where(CeremonyStep.step == "keys_destroyed")
    opened = select(CeremonyStep.round_id).where(CeremonyStep.step == "opened")
    return db.session.scalars(
        select(Custody.round_id)
        .where(
            Custody.kind == "holders",
            Custody.round_id.in_(gone),
            Custody.round_id.not_in(opened),
            Custody.round_id.not_in(select(CustodyHandover.round_id)),
        )
        .order_by(Custody.round_id)
    ).all()


def list_rounds_to_forget(now: datetime) -> Sequence[Round]:
    """City rounds with a key that can still open the box although nobody can contest the results any more."""
    wrapped = select(CustodyWrap.round_id).where(CustodyWrap.purpose == "box")
    return db.session.scalars(
        select(Round)
        .where(
            Round.kind == "city",
            results_are_settled(now),
            or_(Round.box_secret_wrapped.is_not(None), Round.id.in_(wrapped)),
        )
        .order_by(Round.id)
    ).all()

"""Every question asked at the gate."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, and_, func, or_, select
from sqlalchemy.dialects.postgresql import distinct_on

from civic.accounts.models import Account
from civic.actor import Actor
from civic.extensions import db
from civic.moderation.gate import rules
from civic.moderation.gate.models import GateSetting, GateText
from civic.moderation.gate.rules import Pace, Standing, Trust
from civic.moderation.gate.spaces import spaces
from civic.moderation.models import ModerationCase
from civic.moderation.rules import Decision

#: Candidates compared with a text, the latest first.
CANDIDATES = 400
_UNPROVEN = (str(Trust.NEW), str(Trust.SETTLED))


# --- settings --------------------------------------------------------------------------------------------


def current_modes() -> dict[str, str]:
    """The mode of every space, as staff chose it or as it came."""
    rows = db.session.execute(
        select(GateSetting.space, GateSetting.mode)
        .ext(distinct_on(GateSetting.space))
        .order_by(GateSetting.space, GateSetting.number.desc())
    )
    chosen = dict(rows.all())
    # A mode that the space knows no longer is as if nothing had been chosen.
    return {
        key: chosen[key] if chosen.get(key) in space.modes else str(space.modes[0])
        for key, space in spaces().items()
    }


def find_current(space: str) -> GateSetting | None:
    """The setting in force, if staff have ever changed it."""
    return db.session.scalar(
        select(GateSetting).where(GateSetting.space == space).order_by(GateSetting.number.desc()).limit(1)
    )


def list_settings(space: str | None = None) -> Sequence[GateSetting]:
    """The history of a space or of all, the latest first."""
    query = select(GateSetting).order_by(GateSetting.since.desc(), GateSetting.id.desc()).limit(200)
    return db.session.scalars(query.where(GateSetting.space == space) if space else query).all()


# --- who writes ------------------------------------------------------------------------------------------


def find_standing(actor: Actor, now: datetime) -> Standing:
    """What is known of who acts. Approved texts are counted only where they decide."""
    if actor.id is None:
        return Standing(None)
    if actor.roles or actor.is_verified:
        return Standing(None, verified=actor.is_verified, entrusted=bool(actor.roles))
    created_at = db.session.scalar(select(Account.created_at).where(Account.id == actor.id))
    return Standing(created_at, approved=count_approved(actor.id, now))


def find_age(actor: Actor, now: datetime) -> Standing:
    """What is known of who votes: approved texts are counted for new accounts alone, whom they help."""
    if actor.id is None or actor.roles or actor.is_verified:
        return find_standing(actor, now)
    created_at = db.session.scalar(select(Account.created_at).where(Account.id == actor.id))
    known = Standing(created_at)
    return find_standing(actor, now) if rules.trust_of(known, now) == Trust.NEW else known


def count_approved(account_id: int, now: datetime) -> int:
    """How many texts of an account are public because a moderator or a day let them stand; not more than decide."""
    young = _count_unread(account_id, now)
    public = 0
    for space in spaces().values():
        if space.approved is not None:
            public += space.approved(account_id)
        if public - young >= rules.APPROVED_ENOUGH:
            break
    return max(0, public - young)


def _count_unread(account_id: int, now: datetime) -> int:
    """Texts of the last hours that were published without anybody's reading."""
    wanted = select(func.count()).where(
        GateText.account_id == account_id,
        GateText.held_for == "",
        GateText.trust.in_(_UNPROVEN),
        GateText.at > now - rules.STOOD,
    )
    return db.session.scalar(wanted) or 0


def is_trusted(now: datetime) -> ColumnElement[bool]:
    """Of accounts: whether their votes and judgements count. Verified, no longer new, or approved often enough.

    For statements that count many people's at once; a closed account counts no more.
    """
    approved = (
        select(func.count())
        .select_from(GateText)
        .join(
            ModerationCase,
            and_(
                ModerationCase.subject_kind == GateText.subject_kind,
                ModerationCase.subject_id == GateText.subject_id,
                ModerationCase.decision == str(Decision.PUBLISH),
            ),
        )
        .where(GateText.account_id == Account.id)
        .correlate(Account)
        .scalar_subquery()
    )
    return and_(
        or_(
            Account.person_id.is_not(None),
            Account.created_at <= now - rules.SETTLES_AFTER,
            approved >= rules.APPROVED_ENOUGH,
        ),
        Account.disabled_at.is_(None),
    )


def find_pace(actor: Actor, now: datetime) -> Pace:
    """When the account, and new accounts from where it writes, wrote in the last 24 hours."""
    trace = actor.trace
    devices, networks = (trace.devices, trace.networks) if trace else ((), ())
    here = or_(GateText.device.in_(devices), GateText.network.in_(networks))
    mine: ColumnElement[bool] = GateText.account_id == actor.id
    rows = db.session.execute(
        select(GateText.at, GateText.account_id, GateText.trust, GateText.device, GateText.network)
        .where(GateText.at > now - rules.DAY)
        .where(or_(mine, and_(GateText.trust == str(Trust.NEW), here)) if trace else mine)
        .order_by(GateText.at.desc())
        .limit(1_000)
    ).all()
    new = [row for row in rows if row.trust == Trust.NEW]
    return Pace(
        own=[row.at for row in rows if actor.id is not None and row.account_id == actor.id],
        device=[row.at for row in new if row.device in devices],
        network=[row.at for row in new if row.network in networks],
    )


# --- what was written before -----------------------------------------------------------------------------


@dataclass(frozen=True)
class Earlier:
    """A text that came before."""

    id: int
    space: str
    subject_kind: str
    subject_id: int
    account_id: int | None
    trust: str
    held_for: str
    sketch: Sequence[int]
    links: Sequence[int]
    at: datetime


def _earlier(where: Iterable[ColumnElement[bool]]) -> list[Earlier]:
    columns = [getattr(GateText, name) for name in Earlier.__dataclass_fields__]
    rows = db.session.execute(
        select(*columns).where(*where).order_by(GateText.at.desc(), GateText.id.desc()).limit(CANDIDATES)
    )
    return [Earlier(*row) for row in rows]


def list_candidates(keys: Sequence[int], but: tuple[str, int | None], now: datetime) -> list[Earlier]:
    """Texts of the last days that may say nearly the same; not the subject itself."""
    if not keys:
        return []
    where = [GateText.keys.overlap(list(keys)), GateText.at > now - rules.REMEMBERED]
    return _earlier([*where, *_not_itself(but)])


def _not_itself(but: tuple[str, int | None]) -> list[ColumnElement[bool]]:
    kind, subject_id = but
    return (
        [] if subject_id is None else [or_(GateText.subject_kind != kind, GateText.subject_id != subject_id)]
    )


def list_linked(links: Sequence[int], but: tuple[str, int | None], now: datetime) -> list[Earlier]:
    """Texts of unproven accounts that lead to one of the same places."""
    if not links:
        return []
    where = [
        GateText.links.overlap(list(links)),
        GateText.at > now - rules.REMEMBERED,
        GateText.trust.in_(_UNPROVEN),
    ]
    return _earlier([*where, *_not_itself(but)])


def list_of_device(actor: Actor, now: datetime) -> list[Earlier]:
    """What new accounts wrote from the same device in the last hour."""
    if actor.trace is None:
        return []
    where = [
        GateText.device.in_(actor.trace.devices),
        GateText.at > now - rules.HOUR,
        GateText.trust == str(Trust.NEW),
    ]
    return _earlier(where)


def list_approved_authors(account_ids: Collection[int]) -> set[int]:
    """Those of the accounts of which a moderator has published something lately."""
    rows = db.session.scalars(
        select(GateText.account_id)
        .join(
            ModerationCase,
            and_(
                ModerationCase.subject_kind == GateText.subject_kind,
                ModerationCase.subject_id == GateText.subject_id,
                ModerationCase.decision == str(Decision.PUBLISH),
            ),
        )
        .where(GateText.account_id.in_(account_ids))
        .distinct()
    )
    return {one for one in rows if one is not None}


def list_decided(subjects: Iterable[tuple[str, int]]) -> set[tuple[str, int]]:
    """Which of the subjects a moderator has looked at."""
    wanted = set(subjects)
    if not wanted:
        return set()
    rows = db.session.execute(
        select(ModerationCase.subject_kind, ModerationCase.subject_id).where(
            ModerationCase.subject_id.in_({one[1] for one in wanted}), ModerationCase.decided_at.is_not(None)
        )
    )
    return {(row[0], row[1]) for row in rows} & wanted


# --- what waits ------------------------------------------------------------------------------------------


def list_waiting(account_id: int) -> dict[tuple[str, int], tuple[datetime, str]]:
    """What an account wrote that waits for a moderator: until when, and why. One query."""
    rows = db.session.execute(
        select(GateText.subject_kind, GateText.subject_id, ModerationCase.due_at, GateText.held_for)
        .join(
            ModerationCase,
            and_(
                ModerationCase.subject_kind == GateText.subject_kind,
                ModerationCase.subject_id == GateText.subject_id,
                ModerationCase.decided_at.is_(None),
            ),
        )
        .where(GateText.account_id == account_id)
        .order_by(GateText.id)
        .limit(500)
    )
    return {(row[0], row[1]): (row[2], row[3]) for row in rows}


def find_text(kind: str, subject_id: int) -> GateText | None:
    """What the gate remembers of a subject."""
    return db.session.scalar(
        select(GateText).where(GateText.subject_kind == kind, GateText.subject_id == subject_id)
    )


def held_for(subjects: Iterable[tuple[str, int]]) -> dict[tuple[str, int], str]:
    """Why texts wait, of those the gate holds; in one query at most."""
    wanted = set(subjects)
    if not wanted:
        return {}
    rows = db.session.execute(
        select(GateText.subject_kind, GateText.subject_id, GateText.held_for).where(
            GateText.subject_id.in_({one[1] for one in wanted}),
            GateText.subject_kind.in_({one[0] for one in wanted}),
            GateText.held_for != "",
        )
    )
    return {(row[0], row[1]): row[2] for row in rows if (row[0], row[1]) in wanted}

"""Whom a space trusts, how much a new account may write, and what waits for a moderator. Plain values in and out.

Nothing here bans, and nothing hides in secret: a text is published, waits where its author sees that it waits and
until when, or is not taken yet, and its author is told when it will be.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

#: After this an account is no longer new.
SETTLES_AFTER = timedelta(hours=24)
#: So many approved texts show whose account it is.
APPROVED_ENOUGH = 3
#: A text that nobody had to approve counts as approved once it has stood for so long.
STOOD = timedelta(hours=24)

DAY, HOUR = timedelta(hours=24), timedelta(hours=1)
#: Between two texts of a new account.
GAP = timedelta(seconds=60)
#: New accounts on one device, and in one network: a school or a library stays below the second.
DEVICE_A_DAY, NETWORK_A_DAY = 15, 90
#: From so many texts of new accounts in an hour on, those of one device or network are read first.
DEVICE_BURST, NETWORK_BURST = 6, 30

#: How long copies and links are remembered by their hashes.
REMEMBERED = timedelta(days=30)
#: How long it is kept, as marks that change every day, from which device and network a text came.
MARKS_KEPT = timedelta(days=2)

#: From this likeness on a text of the same account is a copy; a second one is, from `likeness.NEAR` on.
OWN_COPY = 0.8
#: So many other accounts that wrote nearly the same, or put the same link, make it a campaign.
CAMPAIGN = 2
MAX_REASON = 1_000


class Trust(StrEnum):
    """How well an account is known."""

    NEW = "new"
    SETTLED = "settled"
    PROVEN = "proven"
    ENTRUSTED = "entrusted"


class Mode(StrEnum):
    """When a moderator reads what is written in a space."""

    #: everything before it is published
    BEFORE = "before"
    #: what unproven accounts write before, the rest after
    NEWCOMERS = "newcomers"
    #: after it is published, when somebody reports it or it looks like spam
    AFTER = "after"


class Outcome(StrEnum):
    """What becomes of a text."""

    PUBLISH = "publish"
    HOLD = "hold"
    REFUSE = "refuse"


class Why(StrEnum):
    """Why a text waits or is not taken yet."""

    SPACE = "space"
    NEWCOMER = "newcomer"
    LINK = "link"
    DISGUISE = "disguise"
    COPY = "copy"
    BURST = "burst"
    GAP = "gap"
    ACCOUNT = "account"
    DEVICE = "device"
    NETWORK = "network"


#: What moderators call it: codes of their catalogue of reasons.
REASON_CODES = {Why.LINK: "spam", Why.DISGUISE: "spam", Why.COPY: "duplicate", Why.BURST: "spam"}

#: How many texts an account may write in 24 hours.
A_DAY = {Trust.NEW: 5, Trust.SETTLED: 30, Trust.PROVEN: 100}


@dataclass(frozen=True)
class Standing:
    """What is known of an account when it writes."""

    created_at: datetime | None
    verified: bool = False
    entrusted: bool = False
    approved: int = 0


def trust_of(standing: Standing, now: datetime) -> Trust:
    """How far an account is trusted: by its role, because the city verified it or approved it, by its age, or not yet.

    >>> from datetime import UTC
    >>> noon = datetime(2026, 5, 12, 12, tzinfo=UTC)
    >>> trust_of(Standing(noon - timedelta(hours=24)), noon), trust_of(Standing(noon, approved=3), noon)
    (<Trust.SETTLED: 'settled'>, <Trust.PROVEN: 'proven'>)
    """
    if standing.entrusted:
        return Trust.ENTRUSTED
    if standing.verified or standing.approved >= APPROVED_ENOUGH:
        return Trust.PROVEN
    if standing.created_at is not None and standing.created_at <= now - SETTLES_AFTER:
        return Trust.SETTLED
    return Trust.NEW


def counts_from(standing: Standing, now: datetime) -> datetime | None:
    """When the votes and judgements of an account begin to count by its age; None when they count already."""
    if trust_of(standing, now) != Trust.NEW:
        return None
    return (standing.created_at or now) + SETTLES_AFTER


# --- how much --------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Pace:
    """When the latest texts were written: the account's own, and those of new accounts from where it writes."""

    own: Sequence[datetime] = ()
    device: Sequence[datetime] = ()
    network: Sequence[datetime] = ()


def _full_until(times: Sequence[datetime], most: int, now: datetime) -> datetime | None:
    """When there is room again in 24 hours that hold so many; None when there is."""
    within = sorted(one for one in times if one > now - DAY)
    return within[-most] + DAY if len(within) >= most else None


def not_before(trust: Trust, pace: Pace, now: datetime) -> tuple[Why, datetime] | None:
    """Why an account may not write yet and when it may; None when it may write now. The longest wait is told.

    >>> from datetime import UTC
    >>> noon = datetime(2026, 5, 12, 12, tzinfo=UTC)
    >>> not_before(Trust.NEW, Pace(own=[noon - timedelta(seconds=20)]), noon)[1] - noon
    datetime.timedelta(seconds=40)
    """
    if trust == Trust.ENTRUSTED:
        return None
    waits = [(Why.ACCOUNT, _full_until(pace.own, A_DAY[trust], now))]
    if trust == Trust.NEW:
        last = max(pace.own, default=None)
        waits.append((Why.GAP, last + GAP if last is not None and last + GAP > now else None))
        waits.append((Why.DEVICE, _full_until(pace.device, DEVICE_A_DAY, now)))
        waits.append((Why.NETWORK, _full_until(pace.network, NETWORK_A_DAY, now)))
    known = [(until, why) for why, until in waits if until is not None]
    if not known:
        return None
    until, why = max(known)
    return why, until


# --- what waits ------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Signs:
    """What of a text and of those before it may speak for spam."""

    links: bool = False
    disguised: bool = False
    #: how much the likest of the account's own earlier texts is the same, and how many are near
    own_likeness: float = 0.0
    own_near: int = 0
    #: other accounts that wrote nearly the same, and whether one of them wrote the same
    others_near: int = 0
    #: those of them that were new accounts
    new_near: int = 0
    others_same: bool = False
    #: other unproven accounts that put one of its links, and the account's own texts with it
    others_linked: int = 0
    own_linked: int = 0
    device_hour: int = 0
    network_hour: int = 0


def is_campaign(trust: Trust, signs: Signs) -> bool:
    """Whether several accounts write nearly the same: two new ones already, or an account after two others."""
    return signs.others_near >= CAMPAIGN or (trust == Trust.NEW and signs.new_near > 0)


def is_copy(trust: Trust, signs: Signs) -> bool:
    """Whether a text was written before: the same by anyone, nearly the same by its author or in a campaign."""
    own = signs.own_likeness >= OWN_COPY or signs.own_near >= CAMPAIGN
    return own or signs.others_same or is_campaign(trust, signs)


def is_linked_about(signs: Signs) -> bool:
    """Whether one of its links is being spread."""
    return signs.links and (signs.others_linked >= CAMPAIGN or signs.own_linked >= CAMPAIGN)


def is_burst(signs: Signs) -> bool:
    """Whether new accounts write much in a short time from one device or network."""
    return signs.device_hour >= DEVICE_BURST or signs.network_hour >= NETWORK_BURST


def suspicion(trust: Trust, signs: Signs) -> Why | None:
    """What in a text itself, or around it, makes it wait; None when nothing does.

    Proven accounts put links; nobody but the city hall's own writes the same again, or in letters that only look
    like letters.
    """
    if trust == Trust.ENTRUSTED:
        return None
    if signs.disguised:
        return Why.DISGUISE
    if trust == Trust.NEW and signs.links:
        return Why.LINK
    if trust == Trust.SETTLED and is_linked_about(signs):
        return Why.LINK
    if is_copy(trust, signs):
        return Why.COPY
    if trust == Trust.NEW and is_burst(signs):
        return Why.BURST
    return None


def held_for(trust: Trust, mode: Mode | str, signs: Signs) -> Why | None:
    """Why a text waits for a moderator in a space; None when it is published at once.

    >>> held_for(Trust.NEW, Mode.AFTER, Signs()), held_for(Trust.NEW, Mode.AFTER, Signs(links=True))
    (None, <Why.LINK: 'link'>)
    """
    if trust == Trust.ENTRUSTED:
        return None
    found = suspicion(trust, signs)
    if found is not None:
        return found
    if mode == Mode.BEFORE:
        return Why.SPACE
    return Why.NEWCOMER if mode == Mode.NEWCOMERS and trust != Trust.PROVEN else None

"""Commands of the gate. A feature calls `weigh` before it stores a text and `keep` after; both flush, never commit."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from urllib.parse import urlsplit

from flask import current_app
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy import Select, delete, text, update
from sqlalchemy.dialects.postgresql import insert

from civic import audit, sealing
from civic.actor import SYSTEM, Actor
from civic.errors import Conflict, Invalid
from civic.extensions import db
from civic.moderation import service as moderation
from civic.moderation.gate import labels, likeness, policy, queries, rules
from civic.moderation.gate.addresses import HALF, links_in
from civic.moderation.gate.letters import is_disguised
from civic.moderation.gate.models import GateSetting, GateText
from civic.moderation.gate.queries import Earlier
from civic.moderation.gate.rules import Mode, Outcome, Signs, Trust, Why
from civic.moderation.gate.spaces import get_space, spaces
from civic.moderation.models import ModerationCase
from civic.moderation.rules import Clock
from civic.moderation.rules import Why as CaseWhy
from civic.notifications.service import tell_account
from civic.policy import enforce
from civic.text import clean_text

_LOCK = 7302
#: Earlier texts that a campaign takes back with it.
MOST_TAKEN_BACK = 100
#: Addresses of public institutions: a link to the law is no advertising.
PUBLIC_HOSTS = ("gov.ro", "just.ro", "monitoruloficial.ro", "europa.eu")


class TooSoon(Invalid):
    """A text that is not taken yet; its form comes back with what was typed, and says when it will be."""

    status = 429

    def __init__(self, why: Why, until: datetime) -> None:
        super().__init__(labels.not_yet(why, until))
        self.why, self.until = why, until


@dataclass(frozen=True)
class Piece:
    """What somebody wants to make public: the words, and all else that would be read beside them (titles, captions,
    names). `subject_id` is that of a text stored before it is sent, or sent again after changes; `may_repeat` a text
    that may be a copy, as the same letter of many."""

    space: str
    words: str
    beside: tuple[str, ...] = ()
    subject_id: int | None = None
    may_repeat: bool = False


@dataclass(frozen=True)
class Ruling:
    """What becomes of a text: published, held (`why`), or not taken before `until`."""

    outcome: Outcome
    space: str
    trust: Trust
    why: Why | None = None
    until: datetime | None = None
    sketch: tuple[int, ...] = ()
    links: tuple[int, ...] = ()
    taken_back: tuple[Earlier, ...] = field(default=(), repr=False)

    @property
    def held(self) -> bool:
        """Whether it waits for a moderator."""
        return self.outcome == Outcome.HOLD

    @property
    def reason_code(self) -> str:
        """What moderators would call it; empty for who is only not known yet."""
        return rules.REASON_CODES.get(self.why, "") if self.why else ""

    @property
    def sentence(self) -> str:
        """What its author reads about it; empty when it is published."""
        if self.outcome == Outcome.PUBLISH or self.why is None:
            return ""
        return str(labels.WAITS[self.why]) if self.until is None else labels.not_yet(self.why, self.until)


# --- before a text is stored -----------------------------------------------------------------------------


def admit(actor: Actor, piece: Piece, now: datetime) -> Ruling:
    """`weigh`, for services that refuse by raising: TooSoon when the text is not taken yet."""
    ruling = weigh(actor, piece, now)
    if ruling.outcome == Outcome.REFUSE:
        assert ruling.why is not None
        assert ruling.until is not None
        raise TooSoon(ruling.why, ruling.until)
    return ruling


def weigh(actor: Actor, piece: Piece, now: datetime) -> Ruling:
    """Whether a text is published, held or not taken yet. It changes nothing; the feature stores and calls `keep`.

    Texts of accounts not proven wait here for each other until their requests end, so that two copies sent at the
    same moment see each other.
    """
    space = get_space(piece.space)
    standing = queries.find_standing(actor, now)
    trust = rules.trust_of(standing, now)
    if trust == Trust.ENTRUSTED:
        return Ruling(Outcome.PUBLISH, space.key, trust)
    _wait_for_others(actor, trust)
    pace = queries.find_pace(actor, now)
    again = piece.subject_id is not None and queries.find_text(space.kind, piece.subject_id) is not None
    early = rules.not_before(trust, pace, now) if space.limited and not again else None
    if early is not None:
        return Ruling(Outcome.REFUSE, space.key, trust, why=early[0], until=early[1])
    read = _read(piece)
    but = (space.kind, piece.subject_id)
    copies = [] if piece.may_repeat else queries.list_candidates(likeness.keys(read.sketch), but, now)
    near = [(likeness.likeness(read.sketch, one.sketch), one) for one in copies]
    near = [(much, one) for much, one in near if much >= likeness.NEAR]
    linked = queries.list_linked(read.links, but, now) if trust != Trust.PROVEN else []
    signs = _signs(actor, read, near, linked, pace, now)
    why = rules.held_for(trust, queries.current_modes()[space.key], signs)
    back = _campaign(actor, trust, signs, near, linked, now) if trust != Trust.PROVEN else []
    outcome = Outcome.PUBLISH if why is None else Outcome.HOLD
    return Ruling(outcome, space.key, trust, why, None, read.sketch, read.links, tuple(back))


def weigh_words(key: str, texts: Sequence[str]) -> list[Why | None]:
    """Why each text waits by what it shows itself, where it must not be known who wrote it: links, disguised letters,
    or a space where everything is read first. Nothing is remembered of them."""
    mode = queries.current_modes()[get_space(key).key]
    found = []
    for words in texts:
        read = _read(Piece(key, words))
        found.append(rules.held_for(Trust.NEW, mode, Signs(links=read.has_links, disguised=read.disguised)))
    return found


def _wait_for_others(actor: Actor, trust: Trust) -> None:
    own = trust == Trust.PROVEN and actor.id is not None
    db.session.execute(
        text("SELECT pg_advisory_xact_lock(:space, :key)"),
        {"space": _LOCK, "key": (actor.id or 0) % 2**31 if own else 0},
    )


@dataclass(frozen=True)
class _Read:
    sketch: tuple[int, ...]
    links: tuple[int, ...]
    has_links: bool
    disguised: bool


def _read(piece: Piece) -> _Read:
    """What a text shows of itself."""
    everything = (piece.words, *piece.beside)
    found = dict.fromkeys(link for one in everything for link in links_in(one, _known_hosts()))
    return _Read(
        sketch=likeness.sketch(piece.words),
        links=tuple(_link_mark(one) for one in found if one != HALF),
        has_links=bool(found),
        disguised=any(is_disguised(one) for one in everything),
    )


def _known_hosts() -> tuple[str, ...]:
    settings = current_app.config["SETTINGS"]
    own = (urlsplit(address).hostname or "" for address in (settings.base_url, settings.city.website))
    return (*(host.removeprefix("www.") for host in own if "." in host), *PUBLIC_HOSTS)


def _link_mark(target: str) -> int:
    return int.from_bytes(sealing.mark("gate link", target)[:7])


def _others(actor: Actor, rows: Sequence[Earlier]) -> set[int | None]:
    return {one.account_id for one in rows if actor.id is None or one.account_id != actor.id}


def _signs(
    actor: Actor,
    read: _Read,
    near: Sequence[tuple[float, Earlier]],
    linked: Sequence[Earlier],
    pace: rules.Pace,
    now: datetime,
) -> Signs:
    own = [much for much, one in near if actor.id is not None and one.account_id == actor.id]
    others = [(much, one) for much, one in near if actor.id is None or one.account_id != actor.id]
    return Signs(
        links=read.has_links,
        disguised=read.disguised,
        own_likeness=max(own, default=0.0),
        own_near=len(own),
        others_near=len({one.account_id for _much, one in others}),
        new_near=len({one.account_id for _much, one in others if one.trust == Trust.NEW}),
        others_same=any(much >= likeness.SAME for much, _one in others),
        others_linked=len(_others(actor, linked)),
        own_linked=sum(actor.id is not None and one.account_id == actor.id for one in linked),
        device_hour=sum(at > now - rules.HOUR for at in pace.device),
        network_hour=sum(at > now - rules.HOUR for at in pace.network),
    )


def _campaign(
    actor: Actor,
    trust: Trust,
    signs: Signs,
    near: Sequence[tuple[float, Earlier]],
    linked: Sequence[Earlier],
    now: datetime,
) -> list[Earlier]:
    """Published texts of the same campaign, of accounts not proven: they wait with this one.

    One that a moderator has looked at stays, and so does one of an account of which a moderator has published
    something: copying them takes nothing of theirs down.
    """
    found: list[Earlier] = []
    if rules.is_campaign(trust, signs):
        found += [one for _much, one in near]
    elif signs.own_near >= rules.CAMPAIGN:
        found += [one for _much, one in near if actor.id is not None and one.account_id == actor.id]
    if rules.is_linked_about(signs):
        found += linked
    if trust == Trust.NEW and rules.is_burst(signs):
        found += queries.list_of_device(actor, now)
    public = {one.id: one for one in found if not one.held_for and one.trust in (Trust.NEW, Trust.SETTLED)}
    first = list(public.values())[:MOST_TAKEN_BACK]
    decided = queries.list_decided((one.subject_kind, one.subject_id) for one in first)
    approved = queries.list_approved_authors({one.account_id for one in first if one.account_id is not None})
    return [
        one
        for one in first
        if one.account_id not in approved and (one.subject_kind, one.subject_id) not in decided
    ]


def waiting_for_all(ruling: Ruling, now: datetime) -> Ruling:
    """The ruling where the city hall's own people wait like everybody as long as everything is read first."""
    before = queries.current_modes()[ruling.space] == Mode.BEFORE
    return waiting(ruling) if before else ruling


def waiting(ruling: Ruling) -> Ruling:
    """The ruling for a text that waits whoever wrote it, because its space says so."""
    return ruling if ruling.held else replace(ruling, outcome=Outcome.HOLD, why=Why.SPACE)


# --- after it is stored ----------------------------------------------------------------------------------


def keep(actor: Actor, ruling: Ruling, subject_id: int, now: datetime) -> ModerationCase | None:
    """Remember a text that was stored as the ruling says. One that waits is put in the moderators' queue.

    Earlier texts of the same campaign begin to wait too, and their authors are told. Returns the open case.
    """
    if ruling.trust == Trust.ENTRUSTED and not ruling.held:
        return None
    space = get_space(ruling.space)
    trace = actor.trace
    values = {
        "space": space.key, "subject_kind": space.kind, "subject_id": subject_id, "account_id": actor.id,
        "trust": str(ruling.trust), "held_for": str(ruling.why) if ruling.held else "", "at": now,
        "sketch": list(ruling.sketch), "keys": list(likeness.keys(ruling.sketch)), "links": list(ruling.links),
        "device": trace.devices[0] if trace and trace.devices else None,
        "network": trace.networks[0] if trace and trace.networks else None,
    }  # fmt: skip
    made = insert(GateText).values(values)
    db.session.execute(made.on_conflict_do_update(index_elements=["subject_kind", "subject_id"], set_=values))
    for one in ruling.taken_back:
        _take_back(one, now)
    if not ruling.held:
        return None
    # Whoever published a link in good faith does not wait days for it.
    clock = Clock.LINKS if ruling.why in (Why.LINK, Why.DISGUISE) else None
    return moderation.open_case(space.kind, subject_id, CaseWhy.NEW, now, deadline=clock)


def _take_back(one: Earlier, now: datetime) -> None:
    space = spaces().get(one.space)
    if space is None or space.hold is None or not space.hold(one.subject_id, now):
        return
    db.session.execute(update(GateText).where(GateText.id == one.id).values(held_for=str(Why.COPY)))
    case = moderation.open_case(one.subject_kind, one.subject_id, CaseWhy.NEW, now, deadline=Clock.LINKS)
    audit.record(SYSTEM, "gate.taken_back", one.subject_kind, one.subject_id, now, {"case": case.id})
    if one.account_id is not None:
        due_at = case.due_at
        tell_account(
            one.account_id,
            _l("A moderator checks a text of yours"),
            lambda: " ".join(
                (
                    _("A text of yours was published, and then others like it came from several accounts."),
                    labels.checked_until(due_at),
                    _("You need to do nothing: if it is in order, it is public again."),
                )
            ),
            now,
            dedup_key=f"gate-{one.subject_kind}-{one.subject_id}-{case.id}",
        )


# --- settings --------------------------------------------------------------------------------------------


def change_mode(actor: Actor, key: str, seen: int, mode: str, reason: str, now: datetime) -> GateSetting:
    """When a space is moderated from now on. What waits or is public already stays as it is.

    `seen` is the number of the setting its editor was looking at, 0 for the one it came with: Conflict when another
    is in force by now. Raises Invalid when nothing changes or no reason is given.
    """
    enforce(policy.can_change(actor))
    space = get_space(key)
    # Two who change the same space wait for each other; the unique number settles what slips past.
    db.session.execute(text("SELECT pg_advisory_xact_lock(:space, :key)"), {"space": _LOCK + 1, "key": 0})
    old = queries.find_current(key)
    if (old.number if old else 0) != seen:
        raise Conflict(_("Somebody else has changed this meanwhile. Reload the page."))
    if mode not in space.modes:
        raise Invalid(_("Choose one of the options."))
    words = clean_text(reason)[: rules.MAX_REASON]
    if not words:
        raise Invalid(_("Write why it changes: it stays in the history."))
    if mode == queries.current_modes()[key]:
        raise Invalid(_("This is how it is now: nothing would change."))
    assert actor.id is not None
    made = GateSetting(
        space=key, number=seen + 1, mode=str(Mode(mode)), reason=words, since=now, account_id=actor.id
    )
    db.session.add(made)
    db.session.flush()
    audit.record(
        actor, "gate.mode_changed", "gate_setting", made.id, now,
        {"space": key, "number": made.number, "mode": made.mode},
    )  # fmt: skip
    return made


# --- quarantine ------------------------------------------------------------------------------------------


def is_proven(actor: Actor, now: datetime) -> bool:
    """Whether the actor is entrusted, verified, or approved often enough."""
    return rules.trust_of(queries.find_standing(actor, now), now) in (Trust.PROVEN, Trust.ENTRUSTED)


def counts_from(actor: Actor, now: datetime) -> datetime | None:
    """When the actor's votes and judgements begin to count by themselves; None when they count now."""
    return rules.counts_from(queries.find_age(actor, now), now)


def forget_authors(kind: str, ids: Select[int]) -> None:
    """Forget who wrote what, where the feature forgets it too."""
    db.session.execute(delete(GateText).where(GateText.subject_kind == kind, GateText.subject_id.in_(ids)))

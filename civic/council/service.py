"""Commands that keep the council's records. They flush, never commit."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy import delete, insert

from civic import audit, timeline
from civic.actor import Actor
from civic.council import corrections, policy, queries, rules
from civic.council.models import (
    Attendance,
    CouncilMember,
    CouncilQuestion,
    CouncilSitting,
    CouncilVote,
    Signing,
    VoteCast,
)
from civic.decisions.queries import find_decision, get_decision
from civic.dimensions import DIMENSIONS
from civic.errors import Invalid
from civic.extensions import db
from civic.notifications.service import notify_followers
from civic.policy import enforce
from civic.text import clean_line, clean_text, romanian_sort_key

MEMBER, SITTING = "council_member", "council_sitting"


@dataclass(frozen=True)
class Mandate:
    """What is written about an elected member."""

    name: str
    starts_on: date
    ends_on: date | None = None
    party: str = ""
    independent: bool = False
    commission: str = ""


def save_member(actor: Actor, member_id: int | None, facts: Mandate, now: datetime) -> CouncilMember:
    """Enter an elected member, or correct what is written about one."""
    enforce(policy.can_keep(actor))
    one = queries.get_member(member_id, lock=True) if member_id else CouncilMember()
    before = _written(one, rules.OF_MANDATE) if member_id else {}
    name, party = clean_line(facts.name)[: rules.MAX_LINE], clean_line(facts.party)[: rules.MAX_LINE]
    if not name:
        raise Invalid(_("Write the name."))
    if facts.ends_on and facts.ends_on < facts.starts_on:
        raise Invalid(_("A mandate ends after it begins."))
    if facts.independent and party:
        raise Invalid(_("An independent has no party: leave one of the two out."))
    one.name, one.sort_key = name, romanian_sort_key(name)
    one.party, one.independent = party, facts.independent
    one.commission = clean_line(facts.commission)[: rules.MAX_LINE]
    one.starts_on, one.ends_on, one.changed_at = facts.starts_on, facts.ends_on, now
    db.session.add(one)
    db.session.flush()
    changes = rules.reworded(before, _written(one, rules.OF_MANDATE))
    if changes:
        role = timeline.role_of(actor)
        corrections.keep(changes, now, role=role, member_id=one.id)
        timeline.add(MEMBER, one.id, "council.member_corrected", now, role=role)
    audit.record(actor, "council.member_saved", MEMBER, one.id, now)
    return one


def _written(one: Any, names: Iterable[str]) -> dict[str, Any]:
    """What the records say now."""
    return {name: getattr(one, name) for name in names}


def _why(changes: Iterable[rules.Change], words: str) -> str:
    """The reason of a correction; what was written is not changed without one."""
    reason = clean_text(words)[: rules.MAX_TEXT]
    if not reason and any(one.former for one in changes):
        raise Invalid(_("Write why you correct it: everyone reads it."))
    return reason


@dataclass(frozen=True)
class Held:
    """What is written about a meeting."""

    kind: str
    held_on: date
    place: str = ""
    convening: str = ""
    in_office: int | None = None
    minutes_address: str = ""
    recording: str = ""
    #: why what was written before is corrected
    reason: str = ""


def _check_address(address: str) -> str:
    typed = clean_line(address)[:500]
    if typed and not typed.lower().startswith(("http://", "https://")):
        raise Invalid(_("The address begins with https://."))
    return typed


def save_sitting(actor: Actor, sitting_id: int | None, facts: Held, now: datetime) -> CouncilSitting:
    """Begin the records of a meeting, or correct them with a reason that everyone reads."""
    enforce(policy.can_keep(actor))
    one = queries.get_sitting(sitting_id, lock=True) if sitting_id else CouncilSitting()
    before = _written(one, rules.OF_MEETING) if sitting_id else {}
    if facts.kind not in rules.KINDS:
        raise Invalid(_("Choose one of the options."))
    if facts.in_office is not None and facts.in_office < 1:
        raise Invalid(_("At least one councillor is in office."))
    one.kind, one.held_on, one.in_office = facts.kind, facts.held_on, facts.in_office
    one.place = clean_line(facts.place)[: rules.MAX_LINE]
    one.convening = clean_line(facts.convening)[: rules.MAX_LINE]
    one.minutes_address, one.recording = (
        _check_address(facts.minutes_address),
        _check_address(facts.recording),
    )
    one.changed_at = now
    changes = rules.reworded(before, _written(one, rules.OF_MEETING))
    reason, role = _why(changes, facts.reason), timeline.role_of(actor)
    db.session.add(one)
    db.session.flush()
    corrections.keep(changes, now, role=role, reason=reason, sitting_id=one.id)
    if changes:
        timeline.add(SITTING, one.id, "council.sitting_corrected", now, role=role, reason=reason)
    elif not sitting_id:
        timeline.add(SITTING, one.id, "council.sitting_opened", now, role=role)
    audit.record(actor, "council.sitting_saved", SITTING, one.id, now)
    return one


def open_sitting(
    actor: Actor, origin: tuple[str, int], facts: Held, agenda: Iterable[str], now: datetime
) -> CouncilSitting:
    """The records of a meeting announced elsewhere on this site, with its agenda; asked twice they are the same."""
    enforce(policy.can_keep(actor))
    found = queries.find_by_origin(*origin)
    if found is not None:
        return found
    one = save_sitting(actor, None, facts, now)
    one.origin_kind, one.origin_id = origin
    for position, title in enumerate(agenda, 1):
        db.session.add(CouncilVote(sitting_id=one.id, position=position, title=title, changed_at=now))
    db.session.flush()
    return one


@dataclass(frozen=True)
class Point:
    """What is written about a point of the agenda."""

    title: str
    position: int | None = None
    reports: str = ""
    decision: tuple[str, int] | None = None
    dimension: str = ""
    secret: bool = False
    majority: str = "simple"
    signers: tuple[int, ...] = ()
    #: why what was written before is corrected
    reason: str = ""


def save_point(
    actor: Actor, sitting_id: int, vote_id: int | None, facts: Point, now: datetime
) -> CouncilVote:
    """Put a point on the agenda of a meeting's records, or correct it; once its vote is written down, with a reason."""
    enforce(policy.can_keep(actor))
    sitting = queries.get_sitting(sitting_id, lock=True)
    one = queries.get_vote(vote_id, lock=True) if vote_id else CouncilVote(sitting_id=sitting.id)
    title = clean_line(facts.title)[: rules.MAX_TITLE]
    if not title:
        raise Invalid(_("Write what the point is about."))
    if facts.majority not in rules.MAJORITIES or facts.dimension not in ("", *DIMENSIONS):
        raise Invalid(_("Choose one of the options."))
    if facts.secret and vote_id and queries.was_by_name(vote_id):
        raise Invalid(_("How each one voted is written down: a secret vote has no names."))
    have = queries.list_votes_of(sitting.id)
    before, signed = (_point_of(one), _signers_of(one)) if vote_id else ({}, {})
    one.position = facts.position or (one.position if vote_id else len(have) + 1)
    one.title, one.reports = title, clean_text(facts.reports)[: rules.MAX_TEXT]
    one.decision_id = _decision(facts.decision)
    one.dimension, one.secret, one.majority = facts.dimension or None, facts.secret, facts.majority
    one.changed_at = now
    db.session.add(one)
    db.session.flush()
    _sign(one, sitting, facts.signers)
    if _is_written(one):
        after = _point_of(one)
        changes = rules.reworded(before, after) + rules.remarked("signing", signed, _signers_of(one))
        reason, role = _why(changes, facts.reason), timeline.role_of(actor)
        corrections.keep(changes, now, role=role, reason=reason, vote_id=one.id)
        if changes:
            timeline.add(
                SITTING, sitting.id, "council.point_corrected", now, role=role, reason=reason,
                data={"title": before["title"]},
            )  # fmt: skip
    audit.record(actor, "council.point_saved", SITTING, sitting.id, now, {"point": one.id})
    return one


def _is_written(one: CouncilVote) -> bool:
    """Whether how the vote went was written down already."""
    return any(count is not None for count in one.stated.values()) or bool(queries.count_choices([one.id]))


def _point_of(one: CouncilVote) -> dict[str, Any]:
    """What the records say of a point now; its decision by number and year."""
    act = get_decision(one.decision_id) if one.decision_id else None
    known = _written(one, (name for name in rules.OF_VOTE if name != "decision"))
    return known | {"decision": f"{act.number}/{act.year}" if act else ""}


def _signers_of(one: CouncilVote) -> dict[int, str]:
    return {member.id: "yes" for member in queries.list_signers(one.id)}


def _decision(named: tuple[str, int] | None) -> int | None:
    if named is None:
        return None
    found = find_decision(clean_line(named[0]), named[1])
    if found is None:
        raise Invalid(_("No published decision of the council has this number and year. Publish it first."))
    return found.id


def _sign(one: CouncilVote, sitting: CouncilSitting, signers: Iterable[int]) -> None:
    allowed = {member.id for member in queries.list_in_office(sitting.held_on)}
    db.session.execute(delete(Signing).where(Signing.vote_id == one.id))
    rows = [{"vote_id": one.id, "member_id": number} for number in sorted(set(signers) & allowed)]
    if rows:
        db.session.execute(insert(Signing), rows)


@dataclass(frozen=True)
class Roll:
    """How a vote went: by name, or for a secret one in totals alone."""

    choices: Mapping[int, str] = field(default_factory=dict)
    stated: Mapping[str, int | None] = field(default_factory=dict)
    #: why what was written before is corrected
    reason: str = ""


def record_votes(actor: Actor, vote_id: int, roll: Roll, now: datetime) -> CouncilVote:
    """Write down how each one voted. What was written before is corrected with a reason that everyone reads."""
    enforce(policy.can_keep(actor))
    one = queries.get_vote(vote_id, lock=True)
    sitting = one.sitting
    if sitting is None:
        raise Invalid(_("The meeting of this vote is not known yet."))
    before = _is_written(one)
    reason = clean_text(roll.reason)[: rules.MAX_TEXT]
    if before and not reason:
        raise Invalid(_("Write why you correct it: everyone reads it."))
    members = {member.id for member in queries.list_in_office(sitting.held_on)}
    _check_roll(one, roll, members)
    if before:
        changes = _recast(one, roll)
        if not changes:
            raise Invalid(_("Nothing is different from what is written down."))
        corrections.keep(changes, now, role=timeline.role_of(actor), reason=reason, vote_id=one.id)
    for name in rules.STATED:
        setattr(one, f"stated_{name}", roll.stated.get(name))
    db.session.execute(delete(VoteCast).where(VoteCast.vote_id == one.id))
    if roll.choices and not one.secret:
        db.session.execute(
            insert(VoteCast),
            [
                {"vote_id": one.id, "member_id": number, "choice": choice}
                for number, choice in sorted(roll.choices.items())
            ],
        )
    one.changed_at = now
    db.session.flush()
    _tell(actor, one, sitting, before, reason, now)
    return one


def _recast(one: CouncilVote, roll: Roll) -> list[rules.Change]:
    """What a corrected vote says otherwise: who is marked how, and the totals."""
    known = {member.id: choice for member, choice in queries.list_casts(one.id)}
    return rules.remarked("choice", known, roll.choices) + rules.recounted(one.stated, roll.stated)


def _check_roll(one: CouncilVote, roll: Roll, members: set[int]) -> None:
    if any(choice not in rules.CHOICES for choice in roll.choices.values()):
        raise Invalid(_("Choose one of the options."))
    if set(roll.choices) - members:
        raise Invalid(_("Only those with a mandate on the day of the meeting vote."))
    if one.secret and roll.choices:
        raise Invalid(_("A secret vote has no names."))
    if one.secret and all(count is None for count in roll.stated.values()):
        raise Invalid(_("Write the totals of the secret vote."))
    if any(count is not None and count < 0 for count in roll.stated.values()):
        raise Invalid(_("A total is zero or more."))


def _tell(
    actor: Actor, one: CouncilVote, sitting: CouncilSitting, before: bool, reason: str, now: datetime
) -> None:
    role = timeline.role_of(actor)
    event = "council.votes_corrected" if before else "council.votes"
    timeline.add(SITTING, sitting.id, event, now, role=role, reason=reason, data={"title": one.title})
    if one.decision_id is not None:
        timeline.add("decision", one.decision_id, "decision.vote", now, role=role, reason=reason)
    audit.record(actor, "council.votes_recorded", SITTING, sitting.id, now, {"point": one.id})
    notify_followers(
        SITTING, sitting.id, _l("How the councillors voted: %(title)s", title=one.title), reason or one.title, now,
        dedup_key=f"council-vote-{one.id}-{now.isoformat()}",
    )  # fmt: skip


def record_attendance(
    actor: Actor, sitting_id: int, presences: Mapping[int, str], now: datetime, why: str = ""
) -> CouncilSitting:
    """Write down who was there. What was written before is corrected with a reason that everyone reads."""
    enforce(policy.can_keep(actor))
    sitting = queries.get_sitting(sitting_id, lock=True)
    members = {member.id for member in queries.list_in_office(sitting.held_on)}
    if set(presences) - members or any(one not in rules.PRESENCES for one in presences.values()):
        raise Invalid(_("Choose one of the options."))
    known = {member.id: presence for member, presence in queries.list_attendance(sitting.id)}
    changes = rules.remarked("presence", known, presences) if known else []
    reason, role = _why(changes, why), timeline.role_of(actor)
    if known and not changes:
        return sitting
    corrections.keep(changes, now, role=role, reason=reason, sitting_id=sitting.id)
    db.session.execute(delete(Attendance).where(Attendance.sitting_id == sitting.id))
    if presences:
        rows: list[dict[str, Any]] = [
            {"sitting_id": sitting.id, "member_id": number, "presence": presence}
            for number, presence in sorted(presences.items())
        ]
        db.session.execute(insert(Attendance), rows)
    sitting.changed_at = now
    event = "council.attendance_corrected" if changes else "council.attendance"
    timeline.add(SITTING, sitting.id, event, now, role=role, reason=reason)
    audit.record(actor, "council.attendance", SITTING, sitting.id, now)
    db.session.flush()
    return sitting


@dataclass(frozen=True)
class Asked:
    """A question and its answer."""

    kind: str
    asked_on: date
    asked: str
    answered_on: date | None = None
    answer: str = ""


def save_question(
    actor: Actor, member_id: int, question_id: int | None, facts: Asked, now: datetime
) -> CouncilQuestion:
    """Enter a question of a member, or the answer to it."""
    enforce(policy.can_keep(actor))
    one = (
        queries.get_question(member_id, question_id) if question_id else CouncilQuestion(member_id=member_id)
    )
    asked, answer = clean_text(facts.asked)[: rules.MAX_TEXT], clean_text(facts.answer)[: rules.MAX_TEXT]
    if facts.kind not in rules.QUESTION_KINDS:
        raise Invalid(_("Choose one of the options."))
    if not asked:
        raise Invalid(_("Write what was asked."))
    if bool(answer) != bool(facts.answered_on):
        raise Invalid(_("An answer has its text and its day."))
    if facts.answered_on and facts.answered_on < facts.asked_on:
        raise Invalid(_("It was answered after it was asked."))
    one.kind, one.asked_on, one.asked = facts.kind, facts.asked_on, asked
    one.answered_on, one.answer = facts.answered_on, answer
    db.session.add(one)
    db.session.flush()
    audit.record(actor, "council.question_saved", MEMBER, member_id, now, {"question": one.id})
    return one

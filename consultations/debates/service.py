"""Commands that lead a debate from the request for it to its announcement. They flush, never commit."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy.exc import IntegrityError

from civic import audit, timeline
from civic.actor import Actor
from civic.deadlines import queries as deadlines
from civic.deadlines.models import DeadlineVersion
from civic.deadlines.service import give
from civic.errors import Conflict, Invalid
from civic.extensions import db
from civic.format import day as write_day
from civic.format import moment as write_moment
from civic.format import ngettext
from civic.organisations import acting
from civic.organisations import queries as organisations
from civic.policy import enforce
from civic.text import clean_line, clean_text
from consultations import policy as consultation_policy
from consultations import queries as consultations
from consultations.debates import clocks, policy, queries, rules, telling
from consultations.debates.models import Debate, DebateMove, DebateRequest

KIND = "consultation"


@dataclass(frozen=True)
class Plan:
    """When and where a debate is, and how one speaks at it."""

    starts_at: datetime
    place: str
    link: str
    minutes_each: int
    sign_up_until: datetime


def ask(
    actor: Actor, consultation_id: int, organisation_id: int | None, text: str, now: datetime
) -> DebateRequest:
    """Register an organisation's written request and start the clock of the announcement.

    Refused, with the sentence why, to whoever cannot oblige to a debate. One request of an organisation.
    """
    one = consultations.lock_consultation(consultation_id)
    enforce(policy.can_be_asked(one, now))
    if organisation_id is None:
        raise Invalid(str(policy.ONLY_THESE))
    enforce(acting.can_act_as(actor, organisation_id))
    organisation = organisations.get_organisation(organisation_id)
    if not acting.obliges_debate(organisation):
        raise Invalid(str(policy.ONLY_THESE))
    words = clean_text(text)
    if not words:
        raise Invalid(_("Write what you ask for: everyone reads it."))
    given = give(rules.ANNOUNCE, now)
    request = DebateRequest(
        consultation_id=one.id, organisation_id=organisation_id, account_id=actor.id, text=words,
        requested_at=now, announce_by=given.due_at, version_id=given.version.id,
    )  # fmt: skip
    try:
        with db.session.begin_nested():
            db.session.add(request)
    except IntegrityError as error:
        raise Conflict(_("This organisation has already asked for a debate here: once is enough.")) from error
    timeline.add(KIND, one.id, "debate.requested", now, data={"organisation": organisation.name})
    details = {"request": request.id, "organisation": organisation_id}
    audit.record(actor, "debate.requested", KIND, one.id, now, details)
    return request


# --- the announcement ------------------------------------------------------------------------------------


def earliest_start(now: datetime) -> datetime:
    """The first moment at which a debate announced now may begin, by the rule in force."""
    version = deadlines.get_current(rules.NOTICE)
    return clocks.earliest_start(version.days, version.unit, now, deadlines.bridge_days())


def _too_soon(version: DeadlineVersion, earliest: datetime) -> str:
    need = (
        ngettext(
            "Under %(source)s, a debate is announced at least %(num)s working day before its day.",
            "Under %(source)s, a debate is announced at least %(num)s working days before its day.",
            version.days, source=version.source,
        )
        if version.unit == "working"
        else ngettext(
            "Under %(source)s, a debate is announced at least %(num)s calendar day before its day.",
            "Under %(source)s, a debate is announced at least %(num)s calendar days before its day.",
            version.days, source=version.source,
        )
    )  # fmt: skip
    first = _("The earliest day is %(day)s.", day=write_day(earliest))
    return f"{need} {first}"


def _checked(plan: Plan, now: datetime) -> Plan:
    version, earliest = deadlines.get_current(rules.NOTICE), earliest_start(now)
    if plan.starts_at < earliest:
        raise Invalid(_too_soon(version, earliest))
    place, link = clean_line(plan.place), clean_line(plan.link)
    if not place and not link:
        raise Invalid(_("Write the place, or the address at which it is held online."))
    check_link(link)
    if not 1 <= plan.minutes_each <= 60:
        raise Invalid(_("One speaks between 1 and 60 minutes."))
    if not now < plan.sign_up_until <= plan.starts_at:
        raise Invalid(_("One signs up to speak from now on and at the latest until the debate begins."))
    return Plan(plan.starts_at, place, link, plan.minutes_each, plan.sign_up_until)


def check_link(link: str) -> None:
    """Raise Invalid for what is no address of the web."""
    if link and not link.lower().startswith(("https://", "http://")):
        raise Invalid(_("A link begins with https://"))


def _as_record(debate: Debate) -> dict[str, Any]:
    return {"debate": debate.id, "starts": debate.starts_at.isoformat()}


def announce(actor: Actor, consultation_id: int, plan: Plan, now: datetime) -> Debate:
    """Announce a debate. Refused with the earliest possible day when it would be announced too late."""
    one = consultations.lock_consultation(consultation_id)
    enforce(consultation_policy.can_manage(actor))
    decision = policy.can_announce(actor, one, queries.find_planned(one.id), now)
    if not decision:
        raise Conflict(decision.reason)
    checked = _checked(plan, now)
    debate = Debate(consultation_id=one.id, announced_at=now, account_id=actor.id, **vars(checked))
    db.session.add(debate)
    db.session.flush()
    data = {"starts": timeline.moment_of(debate.starts_at)}
    timeline.add(KIND, one.id, "debate.announced", now, role=timeline.role_of(actor), data=data)
    audit.record(actor, "debate.announced", KIND, one.id, now, _as_record(debate))
    telling.tell(
        debate,
        _l("Public debate: %(title)s", title=one.title),
        lambda: _announced_body(debate),
        now,
        "announced",
    )
    return debate


def _where(debate: Debate) -> str:
    return ", ".join(part for part in (debate.place, debate.link) if part)


def _announced_body(debate: Debate) -> str:
    return _(
        "The public debate is on %(moment)s: %(place)s. Whoever wants to speak signs up until %(until)s.",
        moment=write_moment(debate.starts_at), place=_where(debate), until=write_moment(debate.sign_up_until),
    )  # fmt: skip


def _moved_body(debate: Debate, reason: str) -> str:
    why = _("The reason: %(reason)s", reason=reason)
    return f"{_announced_body(debate)} {why}"


def _lock(actor: Actor, consultation_id: int, debate_id: int) -> Debate:
    debate = queries.get_debate(consultation_id, debate_id, lock=True)
    enforce(consultation_policy.can_manage(actor))
    decision = policy.can_change(actor, debate)
    if not decision:
        raise Conflict(decision.reason)
    return debate


def _reasoned(reason: str) -> str:
    words = clean_text(reason)
    if not words:
        raise Invalid(_("Write why: everyone reads it."))
    return words


def move(
    actor: Actor, consultation_id: int, debate_id: int, plan: Plan, reason: str, now: datetime
) -> DebateMove:
    """Another day, another place or both, with the reason everyone reads; announced as early as the first one."""
    debate = _lock(actor, consultation_id, debate_id)
    words, checked = _reasoned(reason), _checked(plan, now)
    moved = DebateMove(
        debate_id=debate.id, old_starts_at=debate.starts_at, old_place=debate.place, old_link=debate.link,
        reason=words, at=now, account_id=actor.id,
    )  # fmt: skip
    for name, value in vars(checked).items():
        setattr(debate, name, value)
    db.session.add(moved)
    db.session.flush()
    data = {"starts": timeline.moment_of(debate.starts_at)}
    timeline.add(
        KIND, consultation_id, "debate.moved", now, role=timeline.role_of(actor), reason=words, data=data
    )
    audit.record(actor, "debate.moved", KIND, consultation_id, now, _as_record(debate))
    title = debate.consultation.title
    telling.tell(
        debate, _l("The public debate is moved: %(title)s", title=title),
        lambda: _moved_body(debate, words), now, f"moved-{moved.id}",
    )  # fmt: skip
    return moved


def cancel(actor: Actor, consultation_id: int, debate_id: int, reason: str, now: datetime) -> Debate:
    """Cancel a debate, with the reason everyone reads. A request for one obliges as before."""
    debate = _lock(actor, consultation_id, debate_id)
    words = _reasoned(reason)
    debate.cancelled_at, debate.cancelled_reason = now, words
    db.session.flush()
    timeline.add(KIND, consultation_id, "debate.cancelled", now, role=timeline.role_of(actor), reason=words)
    audit.record(actor, "debate.cancelled", KIND, consultation_id, now, {"debate": debate.id})
    title = debate.consultation.title
    telling.tell(
        debate, _l("The public debate is cancelled: %(title)s", title=title),
        lambda: _("The reason: %(reason)s", reason=words), now, "cancelled",
    )  # fmt: skip
    return debate

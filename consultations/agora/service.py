"""Commands that lead a debate from its draft to its archive. They flush, never commit."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from urllib.parse import urlsplit

from flask import current_app
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert

from civic import audit, links, tags, timeline
from civic.accounts.models import Account
from civic.actor import SYSTEM, Actor
from civic.clock import city_date
from civic.deadlines import queries as deadlines
from civic.deadlines.clocks import ends_at
from civic.deadlines.service import give
from civic.dimensions import DIMENSIONS
from civic.errors import Conflict, Invalid, NotAllowed
from civic.extensions import db
from civic.format import deadline, moment, ngettext
from civic.moderation import service as moderation
from civic.moderation.gate import service as gate
from civic.moderation.rules import Decision
from civic.moderation.subjects import Verdict
from civic.notifications.service import add_follower, notify_followers, tell_account
from civic.organisations import acting
from civic.places import queries as places
from civic.policy import enforce
from civic.text import clean_line, clean_text, fold
from consultations.agora import policy, queries, rules
from consultations.agora.arguing import service as arguing
from consultations.agora.lasting import service as lasting
from consultations.agora.models import AgoraDebate, AgoraSecond
from consultations.agora.rules import KIND, Step
from consultations.agora.statements import service as statements

#: What the gate calls the place.
SPACE = "debates"


@dataclass(frozen=True)
class Draft:
    """A debate as its form holds it. `origin` is one of `rules.ORIGINS`; `about` a kind and an id, or None."""

    question: str
    why: str
    dimension: str
    neighbourhood_id: int | None = None
    origin: str = "resident"
    organisation_id: int | None = None
    about: tuple[str, int] | None = None
    stances_first: bool = True
    with_statements: bool = False


def open_draft(actor: Actor, draft: Draft, now: datetime) -> AgoraDebate:
    """A debate nobody but its author sees yet. Raises Invalid, or NotAllowed, with a sentence."""
    enforce(policy.can_open(actor))
    one = AgoraDebate(account_id=actor.id, created_at=now)
    _fill(actor, one, draft)
    db.session.add(one)
    db.session.flush()
    audit.record(actor, "agora.drafted", KIND, one.id, now)
    return one


def change_draft(actor: Actor, debate_id: int, draft: Draft, now: datetime) -> AgoraDebate:
    """Change the words of a draft."""
    one = queries.lock_debate(debate_id)
    enforce(policy.can_edit(actor, one, now))
    _fill(actor, one, draft)
    db.session.flush()
    return one


def _fill(actor: Actor, one: AgoraDebate, draft: Draft) -> None:
    question, why = clean_line(draft.question), clean_text(draft.why)
    if not question:
        raise Invalid(_("Write the question."))
    if len(question) > rules.MAX_QUESTION or len(why) > rules.MAX_WHY:
        raise Invalid(_("The text is too long."))
    if draft.dimension not in DIMENSIONS or draft.origin not in rules.ORIGINS:
        raise Invalid(_("Choose one of the options."))
    if draft.origin == "city":
        enforce(policy.can_manage(actor))
    if draft.origin == "organisation":
        if draft.organisation_id is None:
            raise Invalid(_("Choose one of the options."))
        enforce(acting.can_act_as(actor, draft.organisation_id))
    if draft.neighbourhood_id is not None and places.find_neighbourhood(draft.neighbourhood_id) is None:
        raise Invalid(_("Choose one of the options."))
    if draft.about is not None and links.find_link(*draft.about) is None:
        raise Invalid(_("What this debate is about is not public. Open it from its page, or without it."))
    one.question, one.why, one.dimension = question, why, draft.dimension
    one.neighbourhood_id, one.origin = draft.neighbourhood_id, draft.origin
    one.organisation_id = draft.organisation_id if draft.origin == "organisation" else None
    one.subject_kind, one.subject_id = draft.about or ("", None)
    one.stances_first, one.with_statements = draft.stances_first, draft.with_statements
    one.search_text = fold(f"{question} {why}")


def submit(actor: Actor, debate_id: int, now: datetime) -> AgoraDebate:
    """Send a draft to the moderators; the city hall's own opens at once."""
    one = queries.lock_debate(debate_id)
    enforce(policy.can_edit(actor, one, now))
    if one.organisation_id is not None:
        enforce(acting.can_act_as(actor, one.organisation_id))
    assert actor.id is not None
    if not one.why:
        raise Invalid(_("Write why it should be debated now."))
    # Presses of one account wait for each other, so that the limit is counted right.
    db.session.execute(select(Account.id).where(Account.id == actor.id).with_for_update())
    if one.origin != "city" and queries.count_sent_last_day(actor.id, now) >= rules.A_DAY:
        raise NotAllowed(
            _("You have sent several debates today. Send this one tomorrow; it stays among your drafts.")
        )
    by_city = one.origin == "city" and policy.can_manage(actor)
    piece = gate.Piece(SPACE, f"{one.question}\n{one.why}", (actor.display_name,), one.id)
    ruling = None if by_city else gate.waiting_for_all(gate.admit(actor, piece, now), now)
    _take(one, Step.SUBMIT, now)
    add_follower(actor.id, KIND, one.id, now)
    audit.record(actor, "agora.submitted", KIND, one.id, now, {"origin": one.origin})
    timeline.add(KIND, one.id, "agora.submitted", now)
    if ruling is not None:
        gate.keep(actor, ruling, one.id, now)
    if ruling is None or not ruling.held:
        _open(actor if by_city else SYSTEM, one, now)
    db.session.flush()
    return one


def _take(one: AgoraDebate, step: Step, now: datetime, ends: Mapping[str, datetime] | None = None) -> None:
    """Take a step of the rules. Raises Conflict where the debate stands elsewhere by now."""
    try:
        changed = rules.after(step, one, now, ends)
    except rules.WrongStep as error:
        raise Conflict(_("This debate has changed meanwhile. Reload the page.")) from error
    for name, value in changed.items():
        setattr(one, name, value)


def _open(actor: Actor, one: AgoraDebate, now: datetime) -> None:
    seconding, arguing = give(rules.SECONDING, now), give(rules.ARGUING, now)
    _take(one, Step.OPEN, now, {"seconds_until": seconding.due_at, "closes_at": arguing.due_at})
    one.seconds_needed = current_app.config["SETTINGS"].agora_seconds
    if one.subject_id is not None and one.subject_kind not in rules.LISTS_ITS_OWN:
        links.connect(one.subject_kind, one.subject_id, KIND, one.id)
    assert one.closes_at is not None
    timeline.add(
        KIND,
        one.id,
        "agora.opened",
        now,
        role=timeline.role_of(actor),
        data={"until": timeline.until(one.closes_at)},
    )
    audit.record(actor, "agora.opened", KIND, one.id, now)


# --- asking for the answer -------------------------------------------------------------------------------


def second(actor: Actor, debate_id: int, now: datetime) -> AgoraDebate:
    """Ask the city hall to answer. Asking twice is the same as once; who makes the number full starts the clock."""
    # The debate's lock makes two people who are both the last one needed wait for each other.
    one = queries.lock_debate(debate_id)
    mine = queries.has_seconded(one.id, actor.person_id)
    if mine:
        return one
    enforce(policy.can_second(actor, one, mine, now))
    db.session.execute(
        insert(AgoraSecond)
        .values(debate_id=one.id, person_id=actor.person_id, at=now)
        .on_conflict_do_nothing()
    )
    audit.record(actor, "agora.seconded", KIND, one.id, now)
    have = queries.count_seconds([one.id]).get(one.id, 0)
    if one.obliged_at is None and have >= (one.seconds_needed or 0):
        _oblige(one, now)
    db.session.flush()
    return one


def _oblige(one: AgoraDebate, now: datetime) -> None:
    given = give(rules.ANSWER, now)
    # The arguments end first, also where the city gave itself fewer days than it gave them.
    due_at = max(given.due_at, one.closes_at or given.due_at)
    _take(one, Step.OBLIGE, now, {"answer_due_at": due_at})
    one.answer_version_id = given.version.id
    timeline.add(KIND, one.id, "agora.obliged", now, role="system", data={"until": timeline.until(due_at)})
    audit.record(SYSTEM, "agora.obliged", KIND, one.id, now)
    notify_followers(
        KIND, one.id, _l("The city hall must answer: %(question)s", question=one.question),
        lambda: _("Enough residents asked. The city hall answers until %(moment)s.", moment=moment(due_at)),
        now, dedup_key=f"agora-{one.id}-obliged",
    )  # fmt: skip


# --- what the city hall does -----------------------------------------------------------------------------


def mark(actor: Actor, debate_id: int, wanted: Collection[str], now: datetime) -> None:
    """Say whom a debate concerns especially; its history says so once it was opened."""
    enforce(policy.can_manage(actor))
    one = queries.lock_debate(debate_id)
    tags.put(actor, KIND, one, wanted, now, public=one.opened_at is not None)


def move_end(actor: Actor, debate_id: int, closes_at: datetime, reason: str, now: datetime) -> AgoraDebate:
    """Another end, with the reason everyone reads. Never before the days of seconding, nor after the answer is due."""
    one = queries.lock_debate(debate_id)
    enforce(policy.can_manage(actor))
    decision = policy.can_move_end(actor, one, now)
    if not decision:
        raise Conflict(decision.reason)
    words = clean_text(reason)
    if not words:
        raise Invalid(_("Write why: everyone reads it."))
    earliest, latest = rules.earliest_end(one, now), rules.latest_end(one)
    if closes_at < earliest:
        raise Invalid(_("It can end on %(moment)s at the earliest.", moment=moment(earliest)))
    if latest is not None and closes_at > latest:
        raise Invalid(_("The answer is due on %(moment)s: it ends before that.", moment=moment(latest)))
    if closes_at == one.closes_at:
        raise Invalid(_("It ends then already."))
    before = one.closes_at
    _take(one, Step.SET_END, now, {"closes_at": closes_at})
    timeline.add(
        KIND, one.id, "agora.end_moved", now, role=timeline.role_of(actor), reason=words,
        data={"until": timeline.until(closes_at)},
    )  # fmt: skip
    audit.record(actor, "agora.end_moved", KIND, one.id, now, {"closes": closes_at.isoformat()})
    db.session.flush()
    subject = (
        _l("A debate ends earlier: %(question)s", question=one.question)
        if before is not None and closes_at < before
        else _l("A debate ends later: %(question)s", question=one.question)
    )
    notify_followers(
        KIND, one.id, subject,
        lambda: "\n\n".join((
            _("You can argue until %(moment)s.", moment=deadline(closes_at)), _("Reasons: %(reason)s", reason=words),
        )),
        now, dedup_key=f"agora-{one.id}-end-{now:%Y%m%d%H%M%S%f}",
    )  # fmt: skip
    return one


def publish_summary(actor: Actor, one: AgoraDebate, now: datetime) -> None:
    """Let the days of objecting to a locked debate's summary begin. `summary.service` says what is published."""
    given = give(rules.OBJECTIONS, now)
    _take(one, Step.SUMMARISE, now, {"objections_until": given.due_at})
    until = given.due_at
    timeline.add(
        KIND,
        one.id,
        "agora.summarised",
        now,
        role=timeline.role_of(actor),
        data={"until": timeline.until(until)},
    )
    audit.record(actor, "agora.summarised", KIND, one.id, now)
    db.session.flush()
    notify_followers(
        KIND, one.id, _l("The summary of a debate is published: %(question)s", question=one.question),
        lambda: _("If it says something wrong about what was argued, object until %(moment)s.", moment=moment(until)),
        now, dedup_key=f"agora-{one.id}-summarised",
    )  # fmt: skip


def answer(
    actor: Actor, debate_id: int, what: str, department_id: int | None, by: date | None, now: datetime,
    leads_to: str = "",
) -> AgoraDebate:  # fmt: skip
    """The official answer: what will be done, by whom, by when. It is given once and never changed.

    `leads_to` is the address of the delivery or consultation it becomes, on this site.
    """
    one = queries.lock_debate(debate_id)
    enforce(policy.can_manage(actor))
    decision = policy.can_answer(actor, one, now)
    if not decision:
        raise Conflict(decision.reason)
    words = clean_text(what)
    if not words or len(words) > rules.MAX_ANSWER:
        raise Invalid(_("Write what will be done, or why nothing will be."))
    department = places.find_department(department_id)
    if department is None:
        raise Invalid(_("Choose the department that does it."))
    if by is not None and by < city_date(now):
        raise Invalid(_("The day by which it is done cannot lie in the past."))
    address = clean_line(leads_to)
    link = _became(address) if address else None
    if address and link is None:
        raise Invalid(_("There is no public delivery or consultation at this address."))
    _take(one, Step.ANSWER, now)
    one.answer_what, one.answer_department_id, one.answer_by = words, department.id, by
    one.answered_by_id = actor.id
    if link is not None:
        links.connect(KIND, one.id, link.kind, link.id)
    timeline.add(KIND, one.id, "agora.answered", now, role=timeline.role_of(actor))
    audit.record(actor, "agora.answered", KIND, one.id, now, {"department": department.id})
    db.session.flush()
    notify_followers(
        KIND, one.id, _l("The city hall answered: %(question)s", question=one.question),
        lambda: _("Read the answer on the page of the debate."), now, dedup_key=f"agora-{one.id}-answered",
    )  # fmt: skip
    return one


def _became(address: str) -> links.Link | None:
    """What the answer leads to, by its address on this site."""
    try:
        parts = urlsplit(address)
    except ValueError:
        return None
    own = urlsplit(current_app.config["SETTINGS"].base_url).netloc
    link = links.find_by_address(parts.path) if parts.netloc in ("", own) else None
    return link if link is not None and link.kind in rules.BECOMES else None


def archive(debate_id: int, now: datetime) -> bool:
    """Archive a debate if it is due by now; says whether it was."""
    one = queries.lock_debate(debate_id)
    begun = rules.archive_counts_from(one)
    version = deadlines.get_current(rules.ARCHIVE)
    if begun is None or not rules.is_possible(Step.ARCHIVE, one, now):
        return False
    if ends_at(version.days, version.unit, 24, begun, deadlines.bridge_days()) > now:
        return False
    _take(one, Step.ARCHIVE, now)
    arguing.forget(one, now)
    statements.forget(one.id)
    lasting.forget_debate(one.id)
    timeline.add(KIND, one.id, "agora.archived", now, role="system")
    audit.record(SYSTEM, "agora.archived", KIND, one.id, now)
    db.session.flush()
    return True


# --- moderation ------------------------------------------------------------------------------------------


def carry_out(actor: Actor, debate_id: int, verdict: Verdict, now: datetime) -> None:
    """What a moderator's verdict does to a debate."""
    one = queries.lock_debate(debate_id)
    if verdict.decision in (Decision.PUBLISH, Decision.DISMISS):
        if rules.is_possible(Step.OPEN, one, now):
            _open(actor, one, now)
            _tell_opened(one, now)
    elif verdict.decision == Decision.REQUEST_CHANGES:
        if not rules.is_possible(Step.SEND_BACK, one, now):
            raise Conflict(
                _("It is public, so its words cannot change any more: keep it published or hide it.")
            )
        _take(one, Step.SEND_BACK, now)
        timeline.add(KIND, one.id, "agora.sent_back", now, role="moderator", reason=verdict.reason)
        _tell_sent_back(one, verdict.reason, now)
    elif verdict.decision == Decision.HIDE:
        _take(one, Step.HIDE, now)
        one.hidden_reason = verdict.reason
        timeline.add(KIND, one.id, "agora.hidden", now, role="moderator", reason=verdict.reason)
        audit.record(actor, "agora.hidden", KIND, one.id, now, {"reason": verdict.reason_code})
        code = verdict.reason_code
        moderation.tell_about_text(one.account_id, verdict.reason, _path(one), now, reason_code=code)
    db.session.flush()


def _tell_opened(one: AgoraDebate, now: datetime) -> None:
    notify_followers(
        KIND, one.id, _l("Your debate is open: %(question)s", question=one.question),
        lambda: ngettext(
            "Everyone can argue in it. If %(num)s verified resident asks for it in time, the city hall must answer.",
            "Everyone can argue in it. If %(num)s verified residents ask for it in time, the city hall must answer.",
            one.seconds_needed or 0,
        ),
        now, dedup_key=f"agora-{one.id}-opened",
    )  # fmt: skip


def _tell_sent_back(one: AgoraDebate, reason: str, now: datetime) -> None:
    if one.account_id is not None:
        tell_account(
            one.account_id, _l("Your debate needs changes: %(question)s", question=one.question),
            lambda: _("Reasons: %(reason)s", reason=reason) + "\n\n" + _("Change it and send it again from its page."),
            now,
        )  # fmt: skip


def restore(actor: Actor, debate_id: int, reason: str, now: datetime) -> AgoraDebate:
    """Make a hidden debate public again, with the reason for everyone; its author is told."""
    one = queries.lock_debate(debate_id)
    enforce(policy.can_restore(actor, one.account_id))
    words = clean_text(reason)
    if not words:
        raise Invalid(_("Write the reason: the author will read it."))
    if one.hidden_at is None:
        raise Conflict(_("This debate is not hidden."))
    _take(one, Step.RESTORE, now)
    one.hidden_reason = ""
    if rules.is_possible(Step.OPEN, one, now):
        _open(actor, one, now)
    timeline.add(KIND, one.id, "agora.restored", now, role="moderator", reason=words)
    audit.record(actor, "agora.restored", KIND, one.id, now)
    moderation.tell_about_restored(one.account_id, words, _path(one), now)
    db.session.flush()
    return one


def _path(one: AgoraDebate) -> str:
    return f"/agora/{one.id}"

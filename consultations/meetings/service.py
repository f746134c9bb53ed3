"""Commands that lead a meeting from its plan to its minutes. They flush, never commit."""

from dataclasses import dataclass
from datetime import datetime

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy.exc import IntegrityError
from werkzeug.datastructures import FileStorage

from civic import audit, timeline
from civic.actor import Actor
from civic.clock import city_date
from civic.council import service as council
from civic.council.models import CouncilSitting
from civic.deadlines import queries as deadlines
from civic.deadlines.clocks import ends_at as deadline_end
from civic.deadlines.labels import length
from civic.deadlines.models import DeadlineVersion
from civic.errors import Conflict, Invalid
from civic.extensions import db
from civic.files import service as files
from civic.format import day as write_day
from civic.format import moment as write_moment
from civic.notifications.compose import Words
from civic.notifications.service import notify_followers
from civic.places import queries as places
from civic.policy import Decision, enforce
from civic.text import clean_line, clean_text
from consultations import queries as consultations
from consultations.debates.clocks import earliest_start
from consultations.debates.service import check_link
from consultations.meetings import policy, queries, rules
from consultations.meetings.models import AgendaItem, Meeting, MeetingDocument

KIND = "meeting"


@dataclass(frozen=True)
class Plan:
    """What staff write about a meeting before its announcement."""

    kind: str
    title: str
    starts_at: datetime
    ends_at: datetime
    summary: str = ""
    place: str = ""
    link: str = ""
    urgent_reason: str = ""
    neighbourhood_id: int | None = None
    consultation_id: int | None = None


def _write(one: Meeting, plan: Plan) -> None:
    kind, title = rules.KINDS.get(plan.kind), clean_line(plan.title)
    if kind is None:
        raise Invalid(_("Choose one of the options."))
    if not title:
        raise Invalid(_("Write a title."))
    reason = clean_text(plan.urgent_reason)[: rules.MAX_REASON]
    if kind.reasoned and not reason:
        raise Invalid(_("Write why the council is convened at once: everyone reads it."))
    if plan.neighbourhood_id is not None and places.find_neighbourhood(plan.neighbourhood_id) is None:
        raise Invalid(_("Choose one of the options."))
    one.consultation_id = _announced(plan.consultation_id)
    one.kind, one.title = kind.name, title[: rules.MAX_TITLE]
    one.summary = clean_text(plan.summary)[: rules.MAX_TEXT]
    one.urgent_reason = reason if kind.reasoned else ""
    one.neighbourhood_id = plan.neighbourhood_id
    _place(one, plan.starts_at, plan.ends_at, plan.place, plan.link)


def _announced(consultation_id: int | None) -> int | None:
    """A consultation a meeting may be tied to: announced, so that nothing is told before its time."""
    if consultation_id is None:
        return None
    if consultation_id not in consultations.list_by_ids([consultation_id]):
        raise Invalid(_("Choose one of the options."))
    return consultation_id


def _place(one: Meeting, starts_at: datetime, ends_at: datetime, place: str, link: str) -> None:
    address = clean_line(link)
    check_link(address)
    if ends_at <= starts_at:
        raise Invalid(_("It ends after it begins."))
    one.starts_at, one.ends_at = starts_at, ends_at
    one.place, one.link = clean_line(place)[: rules.MAX_PLACE], address[: rules.MAX_LINK]


def _changed(one: Meeting, now: datetime) -> None:
    one.changed_at = now
    one.version += 1
    db.session.flush()


def _refuse(decision: Decision) -> None:
    if not decision:
        raise Conflict(decision.reason)


def create(actor: Actor, plan: Plan, now: datetime) -> Meeting:
    """Plan a meeting. Nobody outside the city hall sees it until it is announced."""
    enforce(policy.can_manage(actor))
    one = Meeting(created_at=now, changed_at=now, account_id=actor.id)
    _write(one, plan)
    db.session.add(one)
    db.session.flush()
    audit.record(actor, "meeting.created", KIND, one.id, now, {"kind": one.kind})
    return one


def edit(actor: Actor, meeting_id: int, seen: int, plan: Plan, now: datetime) -> Meeting:
    """Change a plan. `seen` is the version its editor was looking at: Conflict when older."""
    one = queries.get_meeting(meeting_id, lock=True)
    enforce(policy.can_manage(actor))
    _refuse(policy.can_edit(actor, one))
    if one.version != seen:
        raise Conflict(_("Somebody else has changed this meanwhile. Reload the page."))
    _write(one, plan)
    _changed(one, now)
    audit.record(actor, "meeting.edited", KIND, one.id, now, {"version": one.version})
    return one


def discard(actor: Actor, meeting_id: int, now: datetime) -> None:
    """Throw away a plan. What was announced is cancelled instead, and stays."""
    one = queries.get_meeting(meeting_id, lock=True)
    enforce(policy.can_manage(actor))
    _refuse(policy.can_edit(actor, one))
    audit.record(actor, "meeting.discarded", KIND, one.id, now, {"kind": one.kind})
    db.session.delete(one)
    db.session.flush()


# --- the announcement ------------------------------------------------------------------------------------


def notice_of(kind: str) -> DeadlineVersion | None:
    """The rule in force for how early such a meeting is announced; None where it may be at once."""
    key = rules.KINDS[kind].notice
    return deadlines.get_current(key) if key is not None else None


def earliest(kind: str, now: datetime) -> datetime:
    """The first moment at which a meeting announced now may begin."""
    version = notice_of(kind)
    if version is None:
        return now
    return earliest_start(version.days, version.unit, now, deadlines.bridge_days())


def _check_notice(kind: str, starts_at: datetime, now: datetime) -> DeadlineVersion | None:
    version, first = notice_of(kind), earliest(kind, now)
    if version is None:
        if starts_at <= now:
            raise Invalid(_("It has to begin in the future."))
        return None
    if starts_at < first:
        need = _(
            "Under %(source)s, such a meeting is announced at least %(length)s before its day.",
            source=version.source, length=length(version),
        )  # fmt: skip
        raise Invalid(f"{need} {_('The earliest day is %(day)s.', day=write_day(first))}")
    return version


def missing(one: Meeting) -> list[str]:
    """What a plan still lacks before it can be announced, as sentences."""
    lacks = []
    if not one.place and not one.link:
        lacks.append(_("Write the place, or the address at which it is held online."))
    if not queries.list_items(one.id):
        lacks.append(_("Put at least one point on the agenda."))
    return lacks


def announce(actor: Actor, meeting_id: int, now: datetime) -> Meeting:
    """Announce a meeting with its agenda. Refused with the earliest day when it would be announced too late."""
    one = queries.get_meeting(meeting_id, lock=True)
    enforce(policy.can_manage(actor))
    _refuse(policy.can_edit(actor, one))
    lacks = missing(one)
    if lacks:
        raise Invalid(" ".join(lacks))
    notice = _check_notice(one.kind, one.starts_at, now)
    _set_minutes_clock(one)
    one.announced_at, one.notice_version_id = now, notice.id if notice else None
    _changed(one, now)
    files.make_public([each.file_id for each in queries.list_documents(one.id)])
    timeline.add(
        KIND, one.id, "meeting.announced", now, role=timeline.role_of(actor), reason=one.urgent_reason,
        data={"starts": timeline.moment_of(one.starts_at)},
    )  # fmt: skip
    audit.record(actor, "meeting.announced", KIND, one.id, now, {"starts": one.starts_at.isoformat()})
    _tell(one, _l("Meeting announced: %(title)s", title=one.title), lambda: _where_and_when(one), now)
    return one


def _set_minutes_clock(one: Meeting) -> None:
    version, off = deadlines.get_current(rules.MINUTES), deadlines.bridge_days()
    one.minutes_version_id = version.id
    one.minutes_due_at = deadline_end(version.days, version.unit, 18, one.ends_at, off)


def _where_and_when(one: Meeting) -> str:
    where = ", ".join(part for part in (one.place, one.link) if part)
    return _("It is on %(moment)s: %(place)s.", moment=write_moment(one.starts_at), place=where)


def _tell(one: Meeting, subject: Words, body: Words, now: datetime) -> None:
    """Those who follow the meeting, and those who follow the consultations it is about: its writers among them."""
    key = f"meeting-{one.id}-{one.version}"
    notify_followers(KIND, one.id, subject, body, now, dedup_key=key)
    about = {item.consultation_id for item in queries.list_items(one.id)} | {one.consultation_id}
    for consultation_id in sorted(number for number in about if number is not None):
        notify_followers(
            "consultation", consultation_id, subject, body, now, dedup_key=f"{key}-{consultation_id}"
        )


def _reasoned(reason: str) -> str:
    words = clean_text(reason)[: rules.MAX_REASON]
    if not words:
        raise Invalid(_("Write why: everyone reads it."))
    return words


@dataclass(frozen=True)
class Move:
    """Another day, another place or both."""

    starts_at: datetime
    ends_at: datetime
    place: str
    link: str
    reason: str


def move(actor: Actor, meeting_id: int, to: Move, now: datetime) -> Meeting:
    """Move an announced meeting, with the reason everyone reads; announced as early as the first time."""
    one = queries.get_meeting(meeting_id, lock=True)
    enforce(policy.can_manage(actor))
    _refuse(policy.can_move(actor, one, now))
    words = _reasoned(to.reason)
    _check_notice(one.kind, to.starts_at, now)
    _place(one, to.starts_at, to.ends_at, to.place, to.link)
    if not one.place and not one.link:
        raise Invalid(_("Write the place, or the address at which it is held online."))
    _set_minutes_clock(one)
    _changed(one, now)
    timeline.add(
        KIND, one.id, "meeting.moved", now, role=timeline.role_of(actor), reason=words,
        data={"starts": timeline.moment_of(one.starts_at)},
    )  # fmt: skip
    audit.record(actor, "meeting.moved", KIND, one.id, now, {"starts": one.starts_at.isoformat()})
    why = _l("The reason: %(reason)s", reason=words)
    _tell(
        one,
        _l("The meeting is moved: %(title)s", title=one.title),
        lambda: f"{_where_and_when(one)} {why}",
        now,
    )
    return one


def cancel(actor: Actor, meeting_id: int, reason: str, now: datetime) -> Meeting:
    """Cancel an announced meeting, with the reason everyone reads."""
    one = queries.get_meeting(meeting_id, lock=True)
    enforce(policy.can_manage(actor))
    _refuse(policy.can_move(actor, one, now))
    one.cancelled_at, one.cancelled_reason = now, _reasoned(reason)
    _changed(one, now)
    timeline.add(
        KIND, one.id, "meeting.cancelled", now, role=timeline.role_of(actor), reason=one.cancelled_reason
    )
    audit.record(actor, "meeting.cancelled", KIND, one.id, now)
    _tell(
        one, _l("The meeting is cancelled: %(title)s", title=one.title),
        lambda: _("The reason: %(reason)s", reason=one.cancelled_reason), now,
    )  # fmt: skip
    return one


# --- the agenda and the documents ------------------------------------------------------------------------


def _filled(actor: Actor, meeting_id: int, now: datetime) -> Meeting:
    one = queries.get_meeting(meeting_id, lock=True)
    enforce(policy.can_manage(actor))
    _refuse(policy.can_fill(actor, one, now))
    return one


def add_item(
    actor: Actor, meeting_id: int, title: str, consultation_id: int | None, now: datetime
) -> AgendaItem:
    """Put a point at the end of the agenda; told in the history once the meeting was announced."""
    one, words = _filled(actor, meeting_id, now), clean_line(title)[: rules.MAX_TITLE]
    if not words:
        raise Invalid(_("Write what the point is about."))
    have = queries.list_items(one.id)
    if len(have) >= rules.MOST_ITEMS:
        raise Invalid(_("The agenda is full."))
    item = AgendaItem(
        meeting_id=one.id, position=have[-1].position + 1 if have else 1, title=words,
        consultation_id=_announced(consultation_id),
    )  # fmt: skip
    db.session.add(item)
    _changed(one, now)
    if one.announced_at is not None:
        timeline.add(
            KIND, one.id, "meeting.item_added", now, role=timeline.role_of(actor), data={"title": words}
        )
    audit.record(actor, "meeting.item_added", KIND, one.id, now, {"item": item.id})
    return item


def remove_item(actor: Actor, meeting_id: int, item_id: int, now: datetime) -> None:
    """Take a point off the agenda of a plan. What was announced stays."""
    one = queries.get_meeting(meeting_id, lock=True)
    enforce(policy.can_manage(actor))
    _refuse(policy.can_edit(actor, one))
    item = queries.get_item(one.id, item_id)
    audit.record(actor, "meeting.item_removed", KIND, one.id, now, {"item": item.id})
    db.session.delete(item)
    _changed(one, now)


def add_document(
    actor: Actor, meeting_id: int, title: str, upload: FileStorage, now: datetime
) -> MeetingDocument:
    """Add a document; public at once when the meeting is. Titles are unique in a meeting."""
    one, name = _filled(actor, meeting_id, now), clean_line(title)[: rules.MAX_TITLE]
    if not name:
        raise Invalid(_("Write a title."))
    stored = files.store_upload(upload, "document", actor, now)
    document = MeetingDocument(meeting_id=one.id, title=name, file_id=stored.id, added_at=now)
    try:
        with db.session.begin_nested():
            db.session.add(document)
    except IntegrityError as error:
        raise Invalid(_("The meeting already has a document with this title.")) from error
    _changed(one, now)
    if one.announced_at is not None:
        files.make_public([stored.id])
        timeline.add(
            KIND, one.id, "meeting.document_added", now, role=timeline.role_of(actor), data={"title": name}
        )
    audit.record(actor, "meeting.document_added", KIND, one.id, now, {"document": document.id})
    return document


def remove_document(actor: Actor, meeting_id: int, document_id: int, now: datetime) -> None:
    """Take a document out of a plan. What was published stays."""
    one = queries.get_meeting(meeting_id, lock=True)
    enforce(policy.can_manage(actor))
    _refuse(policy.can_edit(actor, one))
    document = queries.get_document(one.id, document_id)
    audit.record(actor, "meeting.document_removed", KIND, one.id, now, {"document": document.id})
    db.session.delete(document)
    _changed(one, now)


# --- the minutes -----------------------------------------------------------------------------------------


def publish_minutes(
    actor: Actor, meeting_id: int, text: str, upload: FileStorage | None, recording: str, now: datetime
) -> Meeting:
    """Publish the minutes, written here or as a file, and the link to the recording; each once, together or not."""
    one, words, link = queries.get_meeting(meeting_id, lock=True), clean_text(text), clean_line(recording)
    enforce(policy.can_manage(actor))
    _refuse(policy.can_publish_minutes(actor, one, now))
    given = upload is not None and bool(upload.filename)
    if not words and not given and not link:
        raise Invalid(_("Write the minutes, choose their file, or give the link to the recording."))
    check_link(link)
    if (words or given) and one.minutes_at is not None:
        raise Conflict(_("The minutes are public: they stay as they are."))
    if link and one.recording:
        raise Conflict(_("The link to the recording is public: it stays as it is."))
    if words or given:
        _keep_minutes(actor, one, words, upload if given else None, now)
    if link:
        one.recording = link[: rules.MAX_LINK]
        timeline.add(KIND, one.id, "meeting.recording", now, role=timeline.role_of(actor))
        audit.record(actor, "meeting.recording", KIND, one.id, now)
    _changed(one, now)
    if words or given:
        _tell(
            one, _l("The minutes are public: %(title)s", title=one.title),
            lambda: _("Read what was said and decided."), now,
        )  # fmt: skip
    return one


def _keep_minutes(actor: Actor, one: Meeting, words: str, upload: FileStorage | None, now: datetime) -> None:
    if upload is not None:
        stored = files.store_upload(upload, "document", actor, now)
        files.make_public([stored.id])
        one.minutes_file_id = stored.id
    one.minutes_text, one.minutes_at = words[: rules.MAX_MINUTES], now
    db.session.flush()
    timeline.add(KIND, one.id, "meeting.minutes", now, role=timeline.role_of(actor))
    audit.record(actor, "meeting.minutes", KIND, one.id, now)


def open_records(actor: Actor, meeting_id: int, now: datetime) -> CouncilSitting:
    """The council's records of a meeting of it that was held, with the agenda as announced. Asked twice, the same."""
    one = queries.get_meeting(meeting_id, lock=True)
    _refuse(policy.can_record(actor, one, now))
    held = council.Held(rules.COUNCIL[one.kind], city_date(one.starts_at), one.place, recording=one.recording)
    agenda = [item.title for item in queries.list_items(one.id)]
    return council.open_sitting(actor, (KIND, one.id), held, agenda, now)

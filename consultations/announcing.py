"""The announcement: its words, its proof, and the register of where and when it was made."""

import hashlib
from collections.abc import Collection
from datetime import date, datetime, timedelta

from flask_babel import gettext as _
from werkzeug.datastructures import FileStorage

from civic import audit, timeline
from civic.actor import Actor
from civic.clock import city_date, city_moment
from civic.deadlines.clocks import ends_at
from civic.deadlines.labels import length
from civic.deadlines.models import DeadlineVersion
from civic.errors import Conflict, Invalid
from civic.extensions import db
from civic.files import service as files
from civic.files.models import StoredFile
from civic.format import day as write_day
from civic.format import deadline as write_deadline
from civic.format import ngettext
from civic.policy import enforce
from civic.text import clean_line
from consultations import clocks, policy, queries, rules
from consultations.labels import CHANNELS, DOCUMENTS, KINDS
from consultations.models import Announcement, Consultation

KIND = "consultation"
#: The hour at which the office's answers are due on their last day.
OFFICE_CLOSES = 18


def document_name(kind: str) -> str:
    """A kind of document, inside a sentence."""
    return str(DOCUMENTS[kind]).lower()


def rule_of(version: DeadlineVersion) -> clocks.Rule:
    """A deadline's version as the clocks count it."""
    return clocks.Rule(version.days, version.unit)


def answers_due(version: DeadlineVersion, closes_at: datetime, off: Collection[date]) -> datetime:
    """Until when contributions are to be answered: counted from the last day they were received."""
    last_moment = closes_at - timedelta(microseconds=1)
    return ends_at(version.days, version.unit, OFFICE_CLOSES, last_moment, off)


def too_short(version: DeadlineVersion, opens_at: datetime, closes_at: datetime, earliest: datetime) -> str:
    """Why a last day is refused, what the rule asks for and which day is the first possible one."""
    given = max(0, clocks.days_given(opens_at, closes_at))
    have = ngettext(
        "That leaves people %(num)s calendar day.", "That leaves people %(num)s calendar days.", given
    )
    need = (
        ngettext(
            "Under %(source)s, people have at least %(num)s working day.",
            "Under %(source)s, people have at least %(num)s working days.",
            version.days, source=version.source,
        )
        if version.unit == "working"
        else ngettext(
            "Under %(source)s, people have at least %(num)s calendar day.",
            "Under %(source)s, people have at least %(num)s calendar days.",
            version.days, source=version.source,
        )
    )  # fmt: skip
    first = _("The earliest last day is %(day)s.", day=write_day(clocks.last_day(earliest)))
    return f"{have} {need} {first}"


def text_of(one: Consultation, window: DeadlineVersion) -> str:
    """The announcement as it is shown, kept and hashed."""
    lines = [
        _("Notice of public consultation"),
        f"{KINDS[one.kind]}: {one.title}",
        one.summary,
    ]
    if one.opens_at is not None and one.closes_at is not None:
        lines.append(
            _(
                "Contributions are received from %(start)s until %(end)s.",
                start=write_day(one.opens_at), end=write_deadline(one.closes_at),
            )
        )  # fmt: skip
    lines.append(
        _(
            "They are received at least %(length)s, under %(source)s.",
            length=length(window),
            source=window.source,
        )
    )
    if one.adopt_from is not None and not one.urgent_reason:
        lines.append(_("The decision can be adopted from %(day)s.", day=write_day(one.adopt_from)))
    if one.urgent_reason:
        lines.append(_("The procedure is urgent, because: %(reason)s", reason=one.urgent_reason))
    lines.append(_("Where and how contributions are sent: on this page, or %(place)s", place=one.send_to))
    lines.append(_("Responsible for the relation with civil society: %(who)s", who=one.responsible))
    documents = queries.list_documents(one.id)
    if documents:
        lines.append(_("Documents:"))
        lines += [
            f"– {DOCUMENTS[one_.kind]}: {one_.title} (SHA-256 {one_.versions[0].file.sha256.hex()})"
            for one_ in documents
            if one_.versions
        ]
    return "\n\n".join(line for line in lines if line)


def note_on_site(actor: Actor, one: Consultation, now: datetime) -> Announcement:
    """The first entry of the register: what this site showed, from when, with its hash."""
    window = queries.list_clocks(one.id)[rules.KINDS[one.kind].window].version
    text = text_of(one, window)
    entry = Announcement(
        consultation_id=one.id,
        channel="site",
        announced_at=now,
        text=text,
        sha256=hashlib.sha256(text.encode()).digest(),
        noted_at=now,
        account_id=actor.id,
    )
    db.session.add(entry)
    return entry


def note_elsewhere(
    actor: Actor,
    consultation_id: int,
    channel: str,
    place: str,
    on: date,
    proof: FileStorage,
    now: datetime,
) -> Announcement:
    """Enter where else it was announced, on which day, with the scan or photo that proves it."""
    one = queries.lock_consultation(consultation_id)
    enforce(policy.can_manage(actor))
    if one.announced_at is None:
        raise Conflict(_("First announce it on this site."))
    where = clean_line(place)
    if channel not in CHANNELS or channel == "site":
        raise Invalid(_("Choose one of the options."))
    if not where:
        raise Invalid(_("Write where exactly: the newspaper, the notice board, who was told."))
    if on > city_date(now):
        raise Invalid(_("The day lies in the future. Enter it when it has happened."))
    stored = _store_proof(proof, actor, now)
    entry = Announcement(
        consultation_id=one.id, channel=channel, place=where, announced_at=_noon(on), text="",
        file_id=stored.id, sha256=stored.sha256, noted_at=now, account_id=actor.id,
    )  # fmt: skip
    db.session.add(entry)
    db.session.flush()
    files.make_public([stored.id])
    timeline.add(
        KIND, one.id, "consultation.published_elsewhere", now,
        role=timeline.role_of(actor), data={"place": where},
    )  # fmt: skip
    audit.record(actor, "consultation.announcement_noted", KIND, one.id, now, {"announcement": entry.id})
    return entry


def _store_proof(proof: FileStorage, actor: Actor, now: datetime) -> StoredFile:
    name = (proof.filename or "").lower()
    kind = "image" if name.endswith((".jpg", ".jpeg", ".png", ".webp")) else "document"
    return files.store_upload(proof, kind, actor, now)


def _noon(on: date) -> datetime:
    return city_moment(on, 12)

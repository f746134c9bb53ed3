"""What pages and panels show about debates, made once for page and panel."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from flask import url_for
from flask_babel import gettext as _

from civic.deadlines.labels import within
from civic.files.views import file_url
from civic.format import deadline, ngettext
from civic.organisations import acting
from consultations.clocks import days_left
from consultations.debates import clocks, queries, rules
from consultations.debates.labels import SPEAKERS, TONES
from consultations.debates.models import Debate, DebateRequest, DebateSpeaker


def state_words(debate: Debate, now: datetime) -> tuple[str, str]:
    """Where a debate stands, and the colour of it."""
    if debate.cancelled_at is not None:
        return _("Was cancelled"), "rose"
    if debate.ended_at is not None:
        return _("Held"), "green"
    return (_("Going on"), "sand") if now >= debate.starts_at else (_("Announced"), "blue")


def address(endpoint: str, debate: Debate, **values: Any) -> str:
    """The address of a page of a debate."""
    return url_for(endpoint, consultation_id=debate.consultation_id, debate_id=debate.id, **values)


def late_words(due_at: datetime, now: datetime) -> str:
    """By how many days something that has not been done is late; empty when it is not."""
    days = clocks.days_late(due_at, None, now)
    return ngettext("It is late by %(num)s day.", "It is late by %(num)s days.", days) if days else ""


def minutes_words(debate: Debate, now: datetime) -> str:
    """The clock of the minutes in words; empty while there is none."""
    if debate.minutes_due_at is None or debate.minutes_version is None:
        return ""
    if debate.minutes_at is not None:
        days = clocks.days_late(debate.minutes_due_at, debate.minutes_at, now)
        return (
            ngettext("They were published %(num)s day late.", "They were published %(num)s days late.", days)
            if days
            else ""
        )
    late = late_words(debate.minutes_due_at, now)
    due = _(
        "The minutes are published until %(moment)s (%(rule)s).",
        moment=deadline(debate.minutes_due_at), rule=within(debate.minutes_version),
    )  # fmt: skip
    return f"{due} {late}".strip()


def clock_rows(now: datetime, limit: int) -> list[dict[str, Any]]:
    """What staff owe about debates, the first clock to end first: announcements and minutes."""
    rows = [
        {
            "what": _("To be announced"), "title": one.title, "due": request.announce_by,
            "url": url_for("staff_consultations.show", consultation_id=one.id, _anchor="debates-work"),
        }
        for request, one in queries.list_unannounced(limit)
    ] + [
        {
            "what": _("Minutes to be published"), "title": debate.consultation.title,
            "due": debate.minutes_due_at, "url": address("staff_debates.show", debate),
        }
        for debate in queries.list_without_minutes(limit)
        if debate.minutes_due_at is not None
    ]  # fmt: skip
    for row in rows:
        row["days"] = days_left(row["due"], now)
    return sorted(rows, key=lambda row: row["due"])[:limit]


def request_rows(
    requests: Sequence[DebateRequest], debates: Sequence[Debate], now: datetime
) -> list[dict[str, Any]]:
    """Each request with its organisation, its clock and whether it was kept."""
    cards = acting.cards([one.organisation_id for one in requests])
    rows = []
    for one in requests:
        told = min((each.announced_at for each in debates if _answers(each, one)), default=None)
        words, late = _announcement_words(one, told, now)
        rows.append({"request": one, "card": cards.get(one.organisation_id), "clock": words, "late": late})
    return rows


def _announcement_words(one: DebateRequest, told: datetime | None, now: datetime) -> tuple[str, str]:
    """Until when the debate is announced, and by how much that is or was late; both empty when kept."""
    if told is None:
        due = _(
            "The debate is announced until %(moment)s (%(rule)s).",
            moment=deadline(one.announce_by), rule=within(one.version),
        )  # fmt: skip
        return due, late_words(one.announce_by, now)
    days = clocks.days_late(one.announce_by, told, now)
    late = ngettext("It was announced %(num)s day late.", "It was announced %(num)s days late.", days)
    return "", late if days else ""


def _answers(debate: Debate, request: DebateRequest) -> bool:
    """Whether a debate is what a request asked for: not cancelled, and not over before it came."""
    if debate.cancelled_at is not None:
        return False
    return debate.ended_at is None or debate.ended_at > request.requested_at


def debate_rows(debates: Sequence[Debate], now: datetime) -> list[dict[str, Any]]:
    """Debates in a list: when, where, how they stand."""
    return [
        {
            "debate": one, "state": state_words(one, now)[0], "tone": state_words(one, now)[1],
            "minutes": minutes_words(one, now), "url": address("debates.show", one),
            "staff_url": address("staff_debates.show", one),
        }
        for one in debates
    ]  # fmt: skip


def speaker_rows(speakers: Sequence[DebateSpeaker]) -> list[dict[str, Any]]:
    """The list of speakers in order, with what was noted and where it stands in the register."""
    cards = acting.cards([one.organisation_id for one in speakers])
    entries = queries.list_entries([one.contribution_id for one in speakers])
    order = rules.in_order(speakers)
    waiting = [one.id for one in order if one.state == rules.WAITING]
    rows = []
    for number, one in enumerate(order, start=1):
        assert isinstance(one, DebateSpeaker)
        rows.append(
            {
                "number": number,
                "speaker": one,
                "card": cards.get(one.organisation_id) if one.organisation_id else None,
                "state": SPEAKERS[one.state],
                "tone": TONES[one.state],
                "entry": entries.get(one.contribution_id) if one.contribution_id else None,
                "up": one.id in waiting[1:],
                "down": one.id in waiting[:-1],
            }
        )
    return rows


def debate_context(debate: Debate, now: datetime) -> dict[str, Any]:
    """Everything both pages of a debate show."""
    state, tone = state_words(debate, now)
    document = debate.minutes_document
    return {
        "debate": debate,
        "consultation": debate.consultation,
        "state": state,
        "tone": tone,
        "speakers": speaker_rows(queries.list_speakers(debate.id)),
        "moves": queries.list_moves(debate.id),
        "minutes": minutes_words(debate, now),
        "minutes_url": file_url(document.versions[0].file) if document and document.versions else "",
        "now": now,
    }

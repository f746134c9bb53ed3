"""What pages show of the workshops of a debate."""

from datetime import datetime
from typing import Any

from flask import g, url_for
from flask_babel import gettext as _

from civic import clock
from civic.format import moment, ngettext
from civic.navigation import Panel
from consultations.agora.models import AgoraDebate
from consultations.agora.workshops import policy, queries, rules
from consultations.meetings.labels import STATES, TONES
from consultations.meetings.rules import State, state_of


def workshop_items(one: AgoraDebate, now: datetime) -> list[dict[str, Any]]:
    """The workshops of a debate as lists show them. One query."""
    made = []
    for tied, notes in queries.list_of_debate(one.id):
        meeting = tied.meeting
        state = state_of(meeting, now)
        if state == State.CANCELLED and not notes:
            said = ""
        elif notes:
            said = ngettext("%(num)s argument from there", "%(num)s arguments from there", notes)
        else:
            said = _("nothing entered yet") if state == State.HELD else ""
        made.append(
            {
                "id": meeting.id,
                "title": meeting.title,
                "url": url_for("meetings.show", meeting_id=meeting.id),
                "text": ", ".join(part for part in (moment(meeting.starts_at), meeting.place) if part),
                "state": STATES[state],
                "tone": TONES[state],
                "notes": notes,
                "said": said,
                "takes_notes": rules.takes_notes(meeting, one, now),
            }
        )
    return made


def meeting_panel(context: dict[str, Any]) -> Panel | None:
    """The debates a meeting is a workshop of, on its page."""
    rows = queries.list_of_meeting(context["meeting"].id)
    links = [(one.question, url_for("agora.show", debate_id=one.id)) for one in rows]
    return Panel("agora/_panel_meeting.html", {"debates": links}, position=40) if links else None


def staff_context(one: AgoraDebate) -> dict[str, Any]:
    """The page on which staff tie workshops to a debate."""
    now = clock.now()
    return {
        "debate": one,
        "workshops": workshop_items(one, now),
        "can_tie": policy.can_tie(g.actor, one, now),
    }

"""Meetings: one that is planned, with a point and a document, and one that is announced."""

from typing import Any

from civic import clock
from civic.accounts.models import Account
from civic.extensions import db
from consultations.meetings import service
from consultations.meetings.models import AgendaItem
from tests.integration.consultations.meetingkit import make_meeting
from tests.integration.proposals.makers import actor_of
from tests.uploads import pdf_upload


def meetings(staff: Account, secret: str) -> dict[str, Any]:
    """Everything, by name."""
    plan = make_meeting("draft", title=secret, summary=secret, place=secret)
    document = service.add_document(actor_of(staff), plan.id, secret, pdf_upload("plan.pdf"), clock.now())
    db.session.commit()
    item = db.session.query(AgendaItem).filter_by(meeting_id=plan.id).one()
    return {
        "meeting_plan": plan.id,
        "meeting": make_meeting().id,
        "meeting_item": item.id,
        "meeting_document": document.id,
        "meeting_file": document.file_id,
        "meeting_file_name": document.file.name,
    }

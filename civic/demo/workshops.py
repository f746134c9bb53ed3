"""The workshops of the demo city's debates, tied and written down through the same services as real ones."""

from typing import Any

from sqlalchemy import select

from civic.demo.agora import find_debate
from civic.demo.world import STAFF, World, items
from civic.extensions import db
from civic.unit_of_work import unit_of_work
from consultations.agora.arguing.service import Said
from consultations.agora.models import AgoraDebate
from consultations.agora.workshops import service
from consultations.agora.workshops.models import AgoraWorkshop
from consultations.meetings.models import Meeting


def load_workshops(world: World) -> None:
    """Each workshop with what was said at it; one that is tied already is left alone."""
    for item in items("workshops"):
        one = find_debate(item["debate"])
        meeting_id = db.session.scalar(select(Meeting.id).where(Meeting.title == item["meeting"]))
        if (
            one is None
            or meeting_id is None
            or db.session.get(AgoraWorkshop, (one.id, meeting_id)) is not None
        ):
            continue
        with unit_of_work():
            _lead(world, item, one, meeting_id)


def _lead(world: World, item: dict[str, Any], one: AgoraDebate, meeting_id: int) -> None:
    staff = world.person(STAFF)
    service.tie(staff, one.id, meeting_id, world.days.moment(item["tied"], 14))
    for number, note in enumerate(item["notes"]):
        at = world.days.moment(item["entered"], 11, number)
        service.enter(staff, one.id, meeting_id, Said("argument", note["text"], note["side"]), "", at)

"""What moderators did in the debates of the demo city, through the same services as real acts."""

from typing import Any

from sqlalchemy import select

from civic.demo.agora import find_debate
from civic.demo.world import MODERATOR, World, items
from civic.extensions import db
from civic.unit_of_work import unit_of_work
from consultations.agora.arguing import service as arguing
from consultations.agora.arguing.models import AgoraPost
from consultations.agora.models import AgoraDebate
from consultations.agora.tending import service
from consultations.agora.tending.models import AgoraAct


def load_tending(world: World) -> None:
    """Each act on the text it is about; one that was done already is left alone."""
    for item in items("tending"):
        known = select(AgoraAct.id).where(AgoraAct.reason == item["reason"])
        one = find_debate(item["debate"])
        if one is not None and db.session.scalar(known) is None:
            with unit_of_work():
                _act(world, item, one)


def _act(world: World, item: dict[str, Any], one: AgoraDebate) -> None:
    moderator, at = world.person(MODERATOR), world.days.moment(item["acted"], 10)
    if item["kind"] == "slow":
        made = service.slow_down(moderator, one.id, item["minutes"], item["reason"], at)
    else:
        said = arguing.Said("argument", item["text"], item["side"])
        written = world.days.moment(item["day"], 19)
        post = arguing.write(world.person(item["person"]), one.id, said, arguing.Speaker(), written)
        if item["kind"] == "merge":
            kept = select(AgoraPost.id).where(AgoraPost.debate_id == one.id, AgoraPost.body == item["into"])
            made = service.merge(moderator, post.id, db.session.scalars(kept).one(), item["reason"], at)
        else:
            made = service.fold(moderator, post.id, item["reason"], at)
    if item["undone"]:
        service.undo(moderator, made.id, item["undone"], world.days.moment(item["acted"] + 1, 10))

"""The texts of the demo's drafts, and what people wrote beside them, through the same services as real ones."""

from typing import Any

from civic.demo.consultations import find
from civic.demo.world import MODERATOR, STAFF, World, items
from civic.moderation.rules import Decision
from civic.moderation.subjects import Verdict
from civic.unit_of_work import unit_of_work
from consultations.drafting import importing, queries, reanchoring, service
from consultations.drafting.service import Said


def load_drafts(world: World) -> None:
    """Each text with its editions and remarks; one that is there already is left alone."""
    for item in items("drafts"):
        one = find(item["consultation"])
        if one is None:
            continue
        done = len(queries.list_editions(one.id))
        for edition in item["editions"][done:]:
            with unit_of_work():
                _publish(world, one.id, edition)
            if done or edition is not item["editions"][0]:
                reanchoring.reanchor_all({"consultation_id": one.id}, lambda _done, _total: None)
            with unit_of_work():
                for number, remark in enumerate(edition["remarks"]):
                    _write(world, one.id, edition["day"], number, remark)
        if item["prepared"] and queries.find_prepared(one.id) is None:
            with unit_of_work():
                at = world.days.moment(0, 8)
                importing.bring_in(world.person(STAFF), one.id, "text", at, text=item["prepared"])


def _publish(world: World, consultation_id: int, edition: dict[str, Any]) -> None:
    actor, at = world.person(STAFF), world.days.moment(edition["day"], 10)
    importing.bring_in(actor, consultation_id, "text", at, text=edition["text"])
    importing.publish(actor, consultation_id, edition["note"], at)


def _write(world: World, consultation_id: int, day: int, number: int, remark: dict[str, Any]) -> None:
    edition = queries.current_edition(consultation_id)
    assert edition is not None
    key = next(row.key for row in queries.list_keyed(edition.id) if row.text.startswith(remark["section"]))
    said = Said(remark["kind"], remark["body"], remark["replacement"], remark["quote"])
    at = world.days.moment(day, 12, 3 * number)
    made = service.annotate(world.person(remark["who"]), consultation_id, key, said, at)
    if remark["hidden"]:
        verdict = Verdict(Decision.HIDE, "insult", remark["hidden"])
        service.carry_out(world.person(MODERATOR), made.id, verdict, world.days.moment(day, 16))
        return
    for value in ("agree", "disagree"):
        for who in remark[value]:
            side = 1 if value == "agree" else -1
            service.take_side(world.person(who), made.id, side, world.days.moment(day, 15, number))

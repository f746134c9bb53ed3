"""What moderators decided and what became of it: appeals open, upheld and dismissed, suspensions, the months in figures."""

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select

from civic.actor import Actor
from civic.clock import city_date, city_moment
from civic.demo.proposals import find_proposal, import_key, publish_waiting
from civic.demo.world import World, items
from civic.extensions import db
from civic.moderation import queries
from civic.moderation import service as moderation
from civic.moderation.appeals import queries as appeal_queries
from civic.moderation.appeals import service as appeals
from civic.moderation.models import ModerationCase
from civic.moderation.rules import Decision
from civic.moderation.subjects import get_public_subject
from civic.moderation.suspensions import service as suspensions
from civic.moderation.suspensions.models import Suspension
from civic.moderation.transparency import service as months
from proposals.comments import service as comments
from proposals.comments.models import Comment


def load_decisions(world: World) -> None:
    """Every decision of the file, each once, then the months that have ended."""
    for item in items("contested"):
        if item["kind"] == "comment":
            _comment(world, item)
        elif item["kind"] == "suspension":
            _suspension(world, item)
    for month in months.months_due(world.days.loaded_at):
        counted = months.bounds(month)[1] + timedelta(hours=3)
        months.freeze(month, min(counted, world.days.loaded_at))


def _at(world: World, one: dict[str, Any], hour: int) -> datetime:
    """A time on a day counted from the loading, or on a day of the month before it."""
    if "day" in one:
        return world.days.moment(one["day"], hour)
    last = city_date(world.days.loaded_at).replace(day=1) - timedelta(days=1)
    return city_moment(last.replace(day=one["last_month"]), hour)


def _comment(world: World, item: dict[str, Any]) -> None:
    """A comment that somebody reported and a moderator hid, with its appeal and its end."""
    key = import_key(item["id"])
    if db.session.scalar(select(Comment.id).where(Comment.form_key == key)) is not None:
        return
    proposal, author = find_proposal(item["proposal"]), world.person(item["author"])
    assert proposal is not None
    said = _at(world, item, 9)
    made = comments.add_comment(author, proposal, item["text"], said, form_key=key)
    if made.state == "held":
        publish_waiting(world, "comment", made.id, said)
    reader, why = world.person(item["reader"]), item["hidden"]["reason"]
    moderation.report(reader, get_public_subject("comment", made.id), why, "", _at(world, item, 11))
    case = queries.find_open_case("comment", made.id)
    assert case is not None
    hidden = item["hidden"]
    moderation.decide(
        world.person(hidden["by"]), case.id, Decision.HIDE, _at(world, hidden, 14),
        reason_code=why, text=hidden["text"],
    )  # fmt: skip
    if "appeal" in item:
        _appeal(world, author, item["appeal"], case.id)


def _appeal(world: World, author: Actor, item: dict[str, Any], case_id: int) -> None:
    statement = appeal_queries.find_statement_of_case(case_id)
    assert statement is not None
    filed = appeals.appeal_against_text(author, statement.id, item["text"], _at(world, item, 17))
    if "outcome" in item:
        judge, decided = world.person(item["by"]), _at(world, item["outcome"], 12)
        appeals.decide(judge, filed.id, item["outcome"]["upheld"], item["outcome"]["text"], decided)


def _suspension(world: World, item: dict[str, Any]) -> None:
    """A suspension of the author of a hidden text: it waits for its second person, or runs."""
    account = world.person(item["author"])
    if db.session.scalar(select(Suspension.id).where(Suspension.account_id == account.id)) is not None:
        return
    ground = db.session.scalar(
        select(ModerationCase.id)
        .where(ModerationCase.author_id == account.id, ModerationCase.decision == Decision.HIDE)
        .order_by(ModerationCase.id.desc())
        .limit(1)
    )
    assert ground is not None
    proposed = suspensions.propose(
        world.person(item["by"]), ground, item["text"], item["days"], _at(world, item, 10)
    )
    if "confirmed" in item:
        second = world.person(item["confirmed"]["by"])
        suspensions.confirm(second, proposed.id, _at(world, item["confirmed"], 15))

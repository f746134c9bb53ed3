"""Commands that enter, publish, correct and end decisions. They flush, never commit."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from urllib.parse import urlsplit

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy import delete
from sqlalchemy.exc import IntegrityError
from werkzeug.datastructures import FileStorage

from civic import audit, links, tags, timeline
from civic.actor import Actor
from civic.decisions import policy, queries, rules
from civic.decisions.models import CouncilDecision, DecisionFile, DecisionRelation
from civic.dimensions import DIMENSIONS
from civic.errors import Conflict, Invalid
from civic.extensions import db
from civic.files import service as files
from civic.links import SubjectLink
from civic.notifications.service import notify_followers
from civic.policy import enforce
from civic.text import clean_line, clean_text, fold

KIND = "decision"


@dataclass(frozen=True)
class Facts:
    """What is written about a decision. The year is asked for only where the day is not known."""

    kind: str
    number: str
    title: str
    adopted_on: date | None = None
    year: int | None = None
    issuer: str = ""
    dimension: str = ""
    body: str = ""
    register: str = ""
    published_on: date | None = None
    gazette_address: str = ""
    came_from: str = ""
    note: str = ""


def _write(one: CouncilDecision, facts: Facts) -> None:
    _check_choices(facts)
    number = clean_line(facts.number)[:40]
    title = clean_line(facts.title)[: rules.MAX_TITLE]
    if not number:
        raise Invalid(_("Write the number of the decision."))
    if not title:
        raise Invalid(_("Write what the decision is about."))
    year = facts.adopted_on.year if facts.adopted_on else facts.year
    if year is None or not 1864 <= year <= 9999:
        raise Invalid(_("Write the day of adoption, or at least the year."))
    if facts.adopted_on and facts.published_on and facts.published_on < facts.adopted_on:
        raise Invalid(_("It cannot be published before it was adopted."))
    address = clean_line(facts.gazette_address)[:500]
    if address and urlsplit(address).scheme not in ("http", "https"):
        raise Invalid(_("The address begins with https://."))
    one.kind, one.number, one.title, one.year = facts.kind, number, title, year
    one.adopted_on, one.issuer = facts.adopted_on, clean_line(facts.issuer)[: rules.MAX_LINE]
    one.dimension, one.register = facts.dimension or None, facts.register or None
    one.body = clean_text(facts.body)[: rules.MAX_BODY]
    one.published_on, one.gazette_address = facts.published_on, address
    one.note = clean_text(facts.note)[: rules.MAX_REASON]
    one.search_text = search_text_of(one)
    _refuse_twice(one)


def _check_choices(facts: Facts) -> None:
    known = (
        facts.kind in rules.KINDS
        and facts.dimension in ("", *DIMENSIONS)
        and facts.register in ("", *rules.REGISTERS)
    )
    if not known:
        raise Invalid(_("Choose one of the options."))


def _refuse_twice(one: CouncilDecision) -> None:
    """The same act entered once more would split what residents look for."""
    same = queries.list_same(one.kind, one.number, one.year, one.id)
    if any(fold(other.issuer) == fold(one.issuer) or not one.issuer for other in same):
        raise Invalid(_("A decision with this number and year is here already. Correct that one."))


def search_text_of(one: CouncilDecision) -> str:
    """What a search looks through, folded."""
    words = (one.title, one.citation or "", f"{one.number}/{one.year}", one.number, one.issuer, one.body)
    return fold(" ".join(words))[:50_000]


def _flush(one: CouncilDecision) -> None:
    try:
        with db.session.begin_nested():
            db.session.add(one)
            db.session.flush()
    except IntegrityError as error:
        raise Invalid(_("A decision with this number and year is here already. Correct that one.")) from error


def _connect(one: CouncilDecision, address: str) -> None:
    """Tie the decision to the page it came from; an empty address unties it."""
    typed = clean_line(address)
    link = links.find_by_address(urlsplit(typed).path) if typed else None
    if typed and (link is None or link.kind == KIND):
        raise Invalid(_("No page of this site stands at this address. Copy it from the page itself."))
    db.session.execute(delete(SubjectLink).filter_by(to_kind=KIND, to_id=one.id))
    if link is not None:
        links.connect(link.kind, link.id, KIND, one.id)


def create(actor: Actor, facts: Facts, now: datetime) -> CouncilDecision:
    """Begin to write a decision down. Nobody outside the city hall sees it until it is published."""
    enforce(policy.can_manage(actor))
    one = CouncilDecision(
        state="draft", changed_at=now, citation="", relation="", source_reference="", version=1
    )
    with db.session.no_autoflush:
        _write(one, facts)
    _flush(one)
    _connect(one, facts.came_from)
    audit.record(actor, "decision.created", KIND, one.id, now)
    return one


def edit(
    actor: Actor, decision_id: int, seen: int, facts: Facts, reason: str, now: datetime
) -> CouncilDecision:
    """Correct what is written. What everyone could read already is corrected with a reason that is kept.

    Raises Conflict when somebody else changed it since `seen`.
    """
    enforce(policy.can_manage(actor))
    one = queries.get_decision(decision_id, lock=True)
    if one.version != seen:
        raise Conflict(_("Somebody else has changed this meanwhile. Reload the page."))
    words = clean_text(reason)[: rules.MAX_REASON]
    if one.state != "draft" and not words:
        raise Invalid(_("Write why you correct it: everyone reads it."))
    with db.session.no_autoflush:
        _write(one, facts)
    _changed(one, now)
    _connect(one, facts.came_from)
    if one.state != "draft":
        timeline.add(KIND, one.id, "decision.corrected", now, role=timeline.role_of(actor), reason=words)
    audit.record(actor, "decision.corrected", KIND, one.id, now, {"version": one.version})
    return one


def mark(actor: Actor, decision_id: int, wanted: Collection[str], now: datetime) -> None:
    """Say whom it concerns especially; of what everyone can read its history says so."""
    enforce(policy.can_manage(actor))
    one = queries.get_decision(decision_id, lock=True)
    tags.put(actor, KIND, one, wanted, now, public=one.state != "draft")
    _changed(one, now)


def _changed(one: CouncilDecision, now: datetime) -> None:
    one.changed_at = now
    one.version += 1
    _flush(one)


def move(actor: Actor, decision_id: int, state: str, reason: str, now: datetime) -> CouncilDecision:
    """Publish a decision, or say that it ended and why. Its followers are told."""
    enforce(policy.can_manage(actor))
    one = queries.get_decision(decision_id, lock=True)
    allowed = policy.can_move(one, state)
    if not allowed:
        raise Conflict(allowed.reason)
    words = clean_text(reason)[: rules.MAX_REASON]
    if one.state != "draft" and not words:
        raise Invalid(_("Write why: everyone reads it."))
    event = "decision.restored" if one.state in rules.ENDED else f"decision.{state}"
    one.state, one.state_reason = state, words if state in rules.ENDED else ""
    _changed(one, now)
    files.make_public([each.file_id for each in queries.list_files(one.id)])
    timeline.add(KIND, one.id, event, now, role=timeline.role_of(actor), reason=words)
    audit.record(actor, event, KIND, one.id, now)
    name = rules.short_name(one.kind, one.number, one.year)
    notify_followers(
        KIND, one.id, _l("News about %(name)s", name=name), words or one.title, now,
        dedup_key=f"decision-{one.id}-{one.version}",
    )  # fmt: skip
    return one


def discard(actor: Actor, decision_id: int, now: datetime) -> None:
    """Throw away what was never published."""
    enforce(policy.can_manage(actor))
    one = queries.get_decision(decision_id, lock=True)
    if one.state != "draft":
        raise Conflict(_("It is public: say that it ended instead."))
    audit.record(actor, "decision.discarded", KIND, one.id, now)
    db.session.execute(delete(SubjectLink).filter_by(to_kind=KIND, to_id=one.id))
    db.session.delete(one)
    db.session.flush()


def add_file(actor: Actor, decision_id: int, title: str, upload: FileStorage, now: datetime) -> DecisionFile:
    """Add a file; public at once when the decision is. Titles are unique in a decision."""
    enforce(policy.can_manage(actor))
    one = queries.get_decision(decision_id, lock=True)
    name = clean_line(title)[: rules.MAX_LINE]
    if not name:
        raise Invalid(_("Write a title."))
    stored = files.store_upload(upload, "document", actor, now)
    added = DecisionFile(decision_id=one.id, title=name, file_id=stored.id, added_at=now)
    try:
        with db.session.begin_nested():
            db.session.add(added)
    except IntegrityError as error:
        raise Invalid(_("The decision already has a file with this title.")) from error
    _changed(one, now)
    if one.state != "draft":
        files.make_public([stored.id])
        timeline.add(
            KIND, one.id, "decision.file_added", now, role=timeline.role_of(actor), data={"title": name}
        )
    audit.record(actor, "decision.file_added", KIND, one.id, now, {"file": added.id})
    return added


def remove_file(actor: Actor, decision_id: int, file_id: int, now: datetime) -> None:
    """Take out a file; where everyone could open it, the history says so."""
    enforce(policy.can_manage(actor))
    one = queries.get_decision(decision_id, lock=True)
    found = queries.get_file(one.id, file_id)
    files.make_private([found.file_id])
    if one.state != "draft":
        timeline.add(
            KIND, one.id, "decision.file_removed", now, role=timeline.role_of(actor),
            data={"title": found.title},
        )  # fmt: skip
    audit.record(actor, "decision.file_removed", KIND, one.id, now, {"file": found.id})
    db.session.delete(found)
    _changed(one, now)


def relate(
    actor: Actor, decision_id: int, kind: str, other: tuple[str, str, int | None], now: datetime
) -> DecisionRelation:
    """Say what a decision does to another one, given by (kind, number, year). Both pages show it."""
    enforce(policy.can_manage(actor))
    one = queries.get_decision(decision_id, lock=True)
    other_kind, number, year = other
    found = queries.find_decision(clean_line(number), year or 0, other_kind)
    if kind not in rules.RELATIONS:
        raise Invalid(_("Choose one of the options."))
    if found is None:
        raise Invalid(_("No published decision of this kind has this number and year, or more than one has."))
    if found.id == one.id:
        raise Invalid(_("A decision is not tied to itself."))
    relation = DecisionRelation(from_id=one.id, to_id=found.id, kind=kind, by_hand=True)
    try:
        with db.session.begin_nested():
            db.session.add(relation)
    except IntegrityError as error:
        raise Invalid(_("This is said already.")) from error
    _changed(one, now)
    audit.record(actor, "decision.related", KIND, one.id, now, {"to": found.id, "kind": kind})
    return relation


def unrelate(actor: Actor, decision_id: int, relation_id: int, now: datetime) -> None:
    """Take back what staff said. What a source says is corrected in its table."""
    enforce(policy.can_manage(actor))
    one = queries.get_decision(decision_id, lock=True)
    relation = queries.get_relation(one.id, relation_id)
    audit.record(actor, "decision.unrelated", KIND, one.id, now, {"relation": relation.id})
    db.session.delete(relation)
    _changed(one, now)

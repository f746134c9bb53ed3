"""What people write in a debate as moderators meet it: one way to show it, to hide it and to make it public again."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any

from flask import url_for
from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.orm import joinedload, raiseload

from civic import audit
from civic.actor import Actor
from civic.errors import Conflict, Invalid, NotFound
from civic.extensions import db
from civic.moderation import service as moderation
from civic.moderation import snapshots
from civic.moderation.rules import MAX_REASON, Decision
from civic.moderation.subjects import Part, Subject, SubjectKind, Verdict, register_kind
from civic.policy import enforce
from civic.text import clean_text, excerpt
from consultations.agora.arguing.models import AgoraParticipant
from consultations.agora.arguing.queries import account_of
from consultations.agora.models import AgoraDebate
from consultations.agora.policy import can_restore
from consultations.agora.queries import is_public


@dataclass(frozen=True)
class Sort:
    """A sort of what is written. Its rows have a debate, a participant, a state and the reason they were hidden for."""

    kind: str
    label: Any
    model: Any
    #: what a moderator's page is called, with a blank `title` for the debate's question
    title: Any
    words: Callable[[Any], str]
    path: Callable[[Any], str]
    #: the endpoint that makes one public again, and the name of its number
    restore: tuple[str, str]
    #: the columns with its words that may lose personal data, by what they are called
    texts: Mapping[str, Any]
    #: keeps what follows from the words in step with them
    follow: Callable[[Any], None] = lambda _one: None
    #: forgets its words wherever else they are kept, once personal data were taken out
    redacted: Callable[[Any], None] = lambda _one: None


def load(sort: Sort, ids: Iterable[int], for_public: bool) -> dict[int, Subject]:
    """Subjects by id, in one query. A pseudonym stays one."""
    model = sort.model
    wanted = (
        select(model, AgoraDebate)
        .join(AgoraDebate, AgoraDebate.id == model.debate_id)
        .where(model.id.in_(list(ids)))
        .options(
            joinedload(model.participant).joinedload(AgoraParticipant.account),
            joinedload(AgoraDebate.neighbourhood),
            raiseload("*"),
        )
    )
    if for_public:
        wanted = wanted.where(model.state == "visible", is_public())
    return {row[0].id: _subject(sort, row[0], row[1]) for row in db.session.execute(wanted)}


def _subject(sort: Sort, one: Any, debate: AgoraDebate) -> Subject:
    author = one.participant
    endpoint, name = sort.restore
    return Subject(
        kind=sort.kind,
        id=one.id,
        title=str(sort.title) % {"title": excerpt(debate.question, 80)},
        text=sort.words(one),
        url=sort.path(one),
        author_id=author.account_id,
        author_name=author.pseudonym or (author.account.display_name if author.account else ""),
        created_at=one.created_at,
        place=debate.neighbourhood.name if debate.neighbourhood else "",
        neighbourhood_id=debate.neighbourhood_id,
        restore_url=url_for(endpoint, **{name: one.id}) if one.state == "hidden" else "",
    )


def _lock(sort: Sort, number: int) -> Any:
    found = db.session.get(sort.model, number, with_for_update=True, populate_existing=True)
    if found is None:
        raise NotFound
    return found


def _event(sort: Sort, done: str) -> str:
    return f"{sort.kind.replace('_', '.', 1)}_{done}"


def carry_out(sort: Sort, actor: Actor, number: int, verdict: Verdict, now: datetime) -> None:
    """What a moderator's verdict does."""
    one = _lock(sort, number)
    if verdict.decision in (Decision.PUBLISH, Decision.DISMISS):
        one.state, one.hidden_reason = "visible", ""
    elif verdict.decision == Decision.HIDE:
        one.state, one.hidden_reason = "hidden", verdict.reason
        audit.record(actor, _event(sort, "hidden"), sort.kind, one.id, now, {"reason": verdict.reason_code})
        author_id, code = account_of(one.participant_id), verdict.reason_code
        moderation.tell_about_text(author_id, verdict.reason, sort.path(one), now, reason_code=code)
    db.session.flush()


def hold(sort: Sort, number: int, _now: datetime) -> bool:
    """Take something published back to wait for a moderator; False when it is not public any more."""
    one = _lock(sort, number)
    if one.state != "visible":
        return False
    one.state = "held"
    db.session.flush()
    return True


def waits(sort: Sort, number: int) -> bool:
    """Whether it is public only once a moderator has read it."""
    return bool(get(sort, number).state == "held")


def get(sort: Sort, number: int) -> Any:
    """One of a sort, in any state. Raises NotFound."""
    found = db.session.get(sort.model, number, populate_existing=True)
    if found is None:
        raise NotFound
    return found


def restore(sort: Sort, actor: Actor, number: int, reason: str, now: datetime) -> Any:
    """Make what was hidden public again; its author is told why.

    Raises NotAllowed (not a moderator, own text), Conflict (not hidden any more) or Invalid (no reason).
    """
    one = _lock(sort, number)
    author_id = account_of(one.participant_id)
    enforce(can_restore(actor, author_id))
    if one.state != "hidden":
        raise Conflict(_("This text is not hidden."))
    words = clean_text(reason)[:MAX_REASON]
    if not words:
        raise Invalid(_("Write the reason: the author will read it."))
    one.state, one.hidden_reason = "visible", ""
    audit.record(actor, _event(sort, "restored"), sort.kind, one.id, now)
    moderation.tell_about_restored(author_id, words, sort.path(one), now)
    db.session.flush()
    return one


def snapshot(sort: Sort, number: int) -> dict[str, Any]:
    """All that a decision may change, the row locked."""
    return snapshots.read(_lock(sort, number), ("state", "hidden_reason", *sort.texts))


def put_back(
    sort: Sort, actor: Actor, number: int, values: dict[str, Any], _reason: str, now: datetime
) -> None:
    """Set what a decision changed as it was before."""
    one = _lock(sort, number)
    snapshots.write(one, values, ("state", "hidden_reason", *sort.texts))
    sort.follow(one)
    audit.record(actor, _event(sort, "decision_undone"), sort.kind, one.id, now, {"to": one.state})
    db.session.flush()


def parts(sort: Sort, number: int) -> list[Part]:
    """Its words, to take personal data out of."""
    one = db.session.get(sort.model, number)
    return [Part(name, label, getattr(one, name)) for name, label in sort.texts.items() if getattr(one, name)]


def redact(
    sort: Sort, actor: Actor, number: int, texts: dict[str, str], verdict: Verdict, now: datetime
) -> None:
    """Replace its words by those without personal data."""
    one = _lock(sort, number)
    snapshots.write(one, texts, sort.texts)
    sort.follow(one)
    sort.redacted(one)
    audit.record(actor, _event(sort, "redacted"), sort.kind, one.id, now, {"texts": sorted(texts)})
    moderation.tell_about_redacted(
        account_of(one.participant_id), verdict.reason, sort.path(one), now, reason_code=verdict.reason_code
    )
    db.session.flush()


def register(sort: Sort) -> None:
    """Put a sort under moderation."""
    kind = SubjectKind(
        sort.label,
        frozenset({Decision.HIDE, Decision.REDACT}),
        partial(load, sort),
        partial(carry_out, sort),
        snapshot=partial(snapshot, sort),
        put_back=partial(put_back, sort),
        parts=partial(parts, sort),
        redact=partial(redact, sort),
        waits=partial(waits, sort),
    )
    register_kind(sort.kind, kind)

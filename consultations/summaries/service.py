"""Commands on summaries: keeping what is written, publishing it. They flush, never commit."""

from datetime import datetime

from flask_babel import gettext as _
from sqlalchemy import delete
from sqlalchemy.dialects.postgresql import insert

from civic import audit
from civic.actor import Actor
from civic.errors import Conflict, Invalid
from civic.extensions import db
from civic.policy import enforce
from civic.text import clean_text, excerpt
from consultations import queries as consultations
from consultations.summaries import policy, queries, rules
from consultations.summaries.models import Summary, SummarySentence

#: Sentences named in one refusal; more are told by their number.
MOST_NAMED = 5


def save(actor: Actor, consultation_id: int, text: str, version: int, now: datetime) -> Summary:
    """Keep what is being written; what everyone reads stays as it is."""
    one = consultations.lock_consultation(consultation_id)
    enforce(policy.can_write(actor, one))
    words = clean_text(text)
    if len(words) > rules.MAX_TEXT:
        raise Invalid(_("Write at most %(max)s characters.", max=rules.MAX_TEXT))
    db.session.execute(
        insert(Summary)
        .values(consultation_id=one.id, text="", changed_at=now, version=0)
        .on_conflict_do_nothing()
    )
    summary = queries.find_summary(one.id, lock=True)
    assert summary is not None
    if summary.version != version:
        raise Conflict(_("Somebody else saved it meanwhile. Copy what you wrote, then open the page again."))
    summary.text, summary.changed_at, summary.account_id = words, now, actor.id
    summary.version += 1
    db.session.flush()
    audit.record(actor, "summary.saved", "consultation", one.id, now, {})
    return summary


def publish(actor: Actor, consultation_id: int, text: str, version: int, now: datetime) -> Summary:
    """Let everyone read it. Raises Invalid that names every sentence without a source or with one that is not there."""
    summary = save(actor, consultation_id, text, version, now)
    sentences = rules.read(summary.text)
    if not sentences:
        raise Invalid(_("Write at least one sentence."))
    bare = [one.text for one in sentences if not one.rests]
    if bare:
        named = " ".join(f"„{excerpt(one, 80)}”" for one in bare[:MOST_NAMED])
        raise Invalid(
            _(
                "Every sentence names what it rests on, such as [3, T2]. Without a source (%(count)s): %(sentences)s",
                count=len(bare), sentences=named,
            )
        )  # fmt: skip
    _check_sources(consultation_id, sentences)
    db.session.execute(delete(SummarySentence).where(SummarySentence.consultation_id == consultation_id))
    db.session.add_all(
        SummarySentence(
            consultation_id=consultation_id, position=position, paragraph=one.paragraph, text=one.text,
            numbers=list(one.numbers), themes=list(one.themes),
        )
        for position, one in enumerate(sentences)
    )  # fmt: skip
    summary.published_at = now
    db.session.flush()
    audit.record(
        actor, "summary.published", "consultation", consultation_id, now, {"sentences": len(sentences)}
    )
    return summary


def _check_sources(consultation_id: int, sentences: list[rules.Sentence]) -> None:
    numbers = {number for one in sentences for number in one.numbers}
    missing = sorted(numbers - set(queries.known_numbers(consultation_id, numbers)))
    themes = {theme for one in sentences for theme in one.themes}
    strange = sorted(themes - set(queries.themes_by_id(consultation_id)))
    if missing or strange:
        names = [str(number) for number in missing] + [f"T{theme}" for theme in strange]
        raise Invalid(_("The register of this consultation has no %(names)s.", names=", ".join(names)))

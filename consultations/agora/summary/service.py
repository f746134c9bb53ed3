"""Commands about summaries and objections. They flush, never commit."""

from collections.abc import Collection
from datetime import datetime

from flask_babel import gettext as _
from sqlalchemy.exc import IntegrityError

from civic import audit
from civic.actor import Actor
from civic.errors import Conflict, Invalid
from civic.extensions import db
from civic.moderation.gate import service as gate
from civic.policy import enforce
from civic.text import clean_line, clean_text
from consultations.agora import queries as debates
from consultations.agora import rules as lives
from consultations.agora import service as lifecycle
from consultations.agora.arguing import queries as arguing
from consultations.agora.arguing import service as people
from consultations.agora.models import AgoraDebate
from consultations.agora.policy import can_manage
from consultations.agora.summary import policy, queries, rules
from consultations.agora.summary.models import AgoraCitation, AgoraObjection, AgoraSentence
from consultations.agora.summary.rules import KIND


def _writable(actor: Actor, debate_id: int, now: datetime) -> AgoraDebate:
    one = debates.lock_debate(debate_id)
    enforce(can_manage(actor))
    decision = policy.can_write(actor, one, now)
    if not decision:
        raise Conflict(decision.reason)
    return one


def add_sentence(
    actor: Actor, debate_id: int, section: str, text: str, cited: Collection[int], now: datetime
) -> AgoraSentence:
    """Add a sentence with the arguments it cites: at least one, of the same debate, that anyone can read."""
    one = _writable(actor, debate_id, now)
    words = clean_line(text)
    if section not in rules.SECTIONS:
        raise Invalid(_("Choose one of the options."))
    if not words or len(words) > rules.MAX_SENTENCE:
        raise Invalid(_("Write a sentence of at most %(max)s characters.", max=rules.MAX_SENTENCE))
    wanted = set(cited)
    if not wanted:
        raise Invalid(_("Say which arguments the sentence sums up: at least one."))
    if len(wanted) > rules.MOST_CITED:
        raise Invalid(_("A sentence cites at most %(max)s arguments.", max=rules.MOST_CITED))
    if queries.visible_arguments(one.id, wanted) != wanted:
        raise Invalid(_("One of these numbers is not a public argument of this debate."))
    if len(queries.list_sentences(one.id)) >= rules.MOST_LINES:
        raise Invalid(_("A summary has at most %(max)s sentences.", max=rules.MOST_LINES))
    sentence = AgoraSentence(debate_id=one.id, section=section, text=words)
    db.session.add(sentence)
    db.session.flush()
    db.session.add_all(
        AgoraCitation(sentence_id=sentence.id, post_id=post, debate_id=one.id) for post in wanted
    )
    db.session.flush()
    audit.record(actor, "agora.sentence_added", lives.KIND, one.id, now, {"sentence": sentence.id})
    return sentence


def remove_sentence(actor: Actor, debate_id: int, sentence_id: int, now: datetime) -> None:
    """Take a sentence out of a summary that is not published."""
    one = _writable(actor, debate_id, now)
    sentence = queries.get_sentence(one.id, sentence_id)
    db.session.delete(sentence)
    db.session.flush()
    audit.record(actor, "agora.sentence_removed", lives.KIND, one.id, now, {"sentence": sentence_id})


def publish(actor: Actor, debate_id: int, now: datetime) -> AgoraDebate:
    """Publish the summary: from now on it stays as it is, and people have the days to object."""
    one = _writable(actor, debate_id, now)
    citations = {
        each.id: [cited.post_id for cited in each.citations] for each in queries.list_sentences(one.id)
    }
    if not rules.can_be_published(citations, queries.count_arguments(one.id)):
        raise Invalid(_("Write at least one sentence with the arguments it sums up."))
    lifecycle.publish_summary(actor, one, now)
    return one


# --- objections ------------------------------------------------------------------------------------------


def object_to(
    actor: Actor, debate_id: int, sentence_id: int | None, text: str, now: datetime
) -> AgoraObjection:
    """Say that the summary is wrong, once. Raises Invalid, also as `gate.TooSoon`."""
    one = debates.get_debate(debate_id)
    known = arguing.find_participant(one.id, actor.id)
    objected = queries.has_objected(one.id, known.id if known else None)
    decision = policy.can_object(actor, one, objected, now)
    if objected:
        raise Conflict(decision.reason)
    enforce(decision)
    words = clean_text(text)
    if not words or len(words) > rules.MAX_OBJECTION:
        raise Invalid(_("Write what is wrong, in at most %(max)s characters.", max=rules.MAX_OBJECTION))
    if sentence_id is not None:
        queries.get_sentence(one.id, sentence_id)
    participant = people.join(actor, one.id, now)
    name = participant.pseudonym or actor.display_name
    ruling = gate.admit(actor, gate.Piece(rules.SPACE, words, (name,)), now)
    made = AgoraObjection(
        debate_id=one.id, participant_id=participant.id, sentence_id=sentence_id, text=words,
        state="held" if ruling.held else "visible", created_at=now,
    )  # fmt: skip
    try:
        with db.session.begin_nested():
            db.session.add(made)
    except IntegrityError as error:
        raise Conflict(_("You have objected already.")) from error
    details = {"debate": one.id, "held": ruling.held}
    audit.record(people.on_record(actor, participant), "agora.objected", KIND, made.id, now, details)
    gate.keep(actor, ruling, made.id, now)
    return made

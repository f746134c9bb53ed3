"""Commands about statements and votes. They flush, never commit."""

from datetime import datetime

from flask_babel import gettext as _
from sqlalchemy import case, delete, insert, select, update
from sqlalchemy.dialects.postgresql import insert as upsert
from sqlalchemy.exc import IntegrityError

from civic import audit
from civic.actor import SYSTEM, Actor
from civic.errors import Conflict, Invalid
from civic.extensions import db
from civic.moderation.gate import service as gate
from civic.policy import enforce
from civic.text import clean_line, fold
from consultations.agora import queries as debates
from consultations.agora.arguing import queries as arguing
from consultations.agora.arguing import service as people
from consultations.agora.arguing.models import AgoraParticipant
from consultations.agora.statements import policy, queries, rules
from consultations.agora.statements.models import AgoraOpinions, AgoraPlace, AgoraStatement, AgoraVote
from consultations.agora.statements.rules import KIND


def add(actor: Actor, debate_id: int, text: str, now: datetime) -> AgoraStatement:
    """Add a statement that others agree or disagree with. Raises Invalid, also as `gate.TooSoon`."""
    one = debates.lock_debate(debate_id)
    participant = arguing.find_participant(one.id, actor.id)
    own, total = queries.count_added(one.id, participant.id if participant else None)
    enforce(policy.can_add(actor, one, own, total, now))
    words = clean_line(text)
    if not words:
        raise Invalid(_("Write something first."))
    if len(words) > rules.MAX_STATEMENT:
        raise Invalid(_("A statement has at most %(max)s characters.", max=rules.MAX_STATEMENT))
    ruling = gate.admit(actor, gate.Piece(rules.SPACE, words), now)
    made = AgoraStatement(
        debate_id=one.id, participant_id=people.join(actor, one.id, now).id, text=words, folded=fold(words),
        state="held" if ruling.held else "visible", created_at=now,
    )  # fmt: skip
    try:
        with db.session.begin_nested():
            db.session.add(made)
    except IntegrityError as error:
        raise Invalid(_("This statement is here already.")) from error
    # A statement shows no name, and its author may choose a pseudonym later: the record, which stays, says neither.
    audit.record(SYSTEM, "agora.statement_added", KIND, made.id, now, {"debate": one.id, "held": ruling.held})
    gate.keep(actor, ruling, made.id, now)
    return made


def vote(actor: Actor, statement_id: int, value: int, now: datetime) -> AgoraStatement:
    """Agree, disagree or pass. One vote a person and statement, and it may change; the vote itself is one statement."""
    statement = queries.get_statement(statement_id)
    enforce(policy.can_vote(actor, debates.get_debate(statement.debate_id), now))
    if statement.state != "visible":
        raise Conflict(_("This statement is no longer here."))
    if value not in rules.VOTES:
        raise Invalid(_("Choose one of the options."))
    participant = arguing.find_participant(statement.debate_id, actor.id) or people.join(
        actor, statement.debate_id, now
    )
    # Votes may be political opinions: the record of what was done does not hold them.
    made = upsert(AgoraVote).values(
        participant_id=participant.id,
        statement_id=statement.id,
        debate_id=statement.debate_id,
        value=value,
        at=now,
    )
    db.session.execute(
        made.on_conflict_do_update(
            index_elements=["participant_id", "statement_id"], set_={"value": value, "at": now}
        )
    )
    return statement


def keep(debate_id: int, found: object, now: datetime) -> None:
    """Store a computation (`computing.Stored`) in the place of the one before it; of an archived debate nothing."""
    from consultations.agora.statements.computing import Stored

    assert isinstance(found, Stored)
    if debates.lock_debate(debate_id).archived_at is not None:
        return
    values = {
        "computed_at": now, "seed": found.seed, "version": found.version, "fingerprint": found.fingerprint,
        "people": found.people, "votes": found.votes, "statements": found.statements, "refused": found.refused,
        "data": found.data,
    }  # fmt: skip
    db.session.execute(
        upsert(AgoraOpinions)
        .values(debate_id=debate_id, **values)
        .on_conflict_do_update(index_elements=["debate_id"], set_=values)
    )
    db.session.execute(delete(AgoraPlace).where(AgoraPlace.debate_id == debate_id))
    if found.places:
        db.session.execute(
            insert(AgoraPlace),
            [
                {"participant_id": person, "debate_id": debate_id, "x": x, "y": y, "group": group}
                for person, x, y, group in found.places
            ],
        )
    if found.weights:
        weight = case(found.weights, value=AgoraStatement.id, else_=AgoraStatement.weight)
        db.session.execute(
            update(AgoraStatement)
            .where(AgoraStatement.debate_id == debate_id)
            .values(weight=weight)
            .execution_options(synchronize_session=False)
        )
    db.session.expire_all()
    count_judgements(debate_id, now)


def count_judgements(debate_id: int, now: datetime) -> int:
    """Count the judgements of arguments by the stable groups of the last computation; returns how many changed."""
    found = db.session.get(AgoraOpinions, debate_id, populate_existing=True, with_for_update=True)
    if found is None:
        return 0
    groups = len(found.data["groups"])
    found.judged_at = now if groups else None
    db.session.flush()
    return people.keep_by_group(debate_id, queries.count_judgements(debate_id, groups), groups)


def forget(debate_id: int) -> None:
    """Delete who voted what and who stands where; the sums stay. Part of archiving a debate."""
    db.session.execute(delete(AgoraVote).where(AgoraVote.debate_id == debate_id))
    db.session.execute(delete(AgoraPlace).where(AgoraPlace.debate_id == debate_id))
    gate.forget_authors(KIND, select(AgoraStatement.id).where(AgoraStatement.debate_id == debate_id))


def forget_account(account_id: int) -> None:
    """Delete how somebody who deletes their account voted, and where that put them."""
    people = select(AgoraParticipant.id).where(AgoraParticipant.account_id == account_id)
    db.session.execute(delete(AgoraVote).where(AgoraVote.participant_id.in_(people)))
    db.session.execute(delete(AgoraPlace).where(AgoraPlace.participant_id.in_(people)))

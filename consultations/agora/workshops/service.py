"""Commands about the workshops of debates. They flush, never commit."""

from datetime import datetime

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert

from civic import audit, timeline
from civic.actor import Actor
from civic.errors import Conflict, Invalid
from civic.extensions import db
from civic.format import moment
from civic.notifications.service import notify_followers
from civic.policy import enforce
from consultations.agora import queries as debates
from consultations.agora import rules as lives
from consultations.agora.arguing import service as arguing
from consultations.agora.arguing.models import AgoraParticipant, AgoraPost
from consultations.agora.arguing.rules import ARGUMENT, KIND, NOTE, stems
from consultations.agora.workshops import policy, queries, rules
from consultations.agora.workshops.models import AgoraWorkshop
from consultations.meetings import queries as meetings


def tie(actor: Actor, debate_id: int, meeting_id: int | None, now: datetime) -> AgoraWorkshop:
    """Make a meeting a workshop of a debate; who follows the debate is told of one to come."""
    one = debates.lock_debate(debate_id)
    enforce(policy.can_tie(actor, one, now))
    meeting = meetings.list_by_ids([meeting_id]).get(meeting_id) if meeting_id is not None else None
    if meeting is None or meeting.kind not in rules.KINDS or not rules.can_be_tied(meeting, one, now):
        raise Invalid(_("Choose one of the options."))
    made = db.session.scalar(
        insert(AgoraWorkshop)
        .values(debate_id=one.id, meeting_id=meeting.id, account_id=actor.id, at=now)
        .on_conflict_do_nothing()
        .returning(AgoraWorkshop)
    )
    if made is None:
        raise Conflict(_("It is a workshop of this debate already."))
    audit.record(actor, "agora.workshop_tied", lives.KIND, one.id, now, {"meeting": meeting.id})
    day = timeline.moment_of(meeting.starts_at)
    timeline.add(
        lives.KIND, one.id, "agora.workshop_tied", now, role=timeline.role_of(actor), data={"at": day}
    )
    if meeting.starts_at > now:
        starts, place = meeting.starts_at, meeting.place or meeting.link
        notify_followers(
            lives.KIND, one.id, _l("A workshop about a debate you follow: %(question)s", question=one.question),
            lambda: _("On %(moment)s, %(place)s. What is said there is entered in the debate.", moment=moment(starts), place=place),
            now, dedup_key=f"agora-{one.id}-workshop-{meeting.id}",
        )  # fmt: skip
    return made


def untie(actor: Actor, debate_id: int, meeting_id: int, now: datetime) -> None:
    """Let a meeting be no workshop of a debate any more, as long as nothing said there was entered."""
    one = debates.lock_debate(debate_id)
    enforce(policy.can_tie(actor, one, now))
    found = queries.get_tie(one.id, meeting_id)
    if queries.find_voice(one.id, meeting_id) is not None:
        raise Conflict(_("What was said there is in the debate already."))
    db.session.delete(found)
    db.session.flush()
    audit.record(actor, "agora.workshop_untied", lives.KIND, one.id, now, {"meeting": meeting_id})


def enter(
    actor: Actor, debate_id: int, meeting_id: int, said: arguing.Said, form_key: str, now: datetime
) -> AgoraPost:
    """Enter an argument brought at a workshop, as said there. It is no account's, has no stance, and judges nothing.

    Whoever was there may judge and argue with their account all the same: nobody is counted twice. A form sent twice
    makes one entry.
    """
    one = debates.hold_debate(debate_id)
    found = queries.get_tie(one.id, meeting_id)
    enforce(policy.can_note(actor, one, found.meeting, now))
    checked = arguing.checked(said)
    if checked.side == NOTE:
        raise Invalid(_("Choose one of the options."))
    parent = arguing.parent_of(one, said)
    voice = _voice(one.id, meeting_id, now)
    key = form_key[:40] or None
    known = select(AgoraPost).where(AgoraPost.participant_id == voice.id, AgoraPost.form_key == key)
    if key is not None and (sent := db.session.scalar(known)) is not None:
        return sent
    post = AgoraPost(
        debate_id=one.id, kind=ARGUMENT, parent_id=parent.id if parent else None,
        parent_kind=parent.kind if parent else None, side=checked.side, participant_id=voice.id, body=checked.body,
        source=checked.source, form_key=key, created_at=now, stems=" ".join(stems(checked.body)),
    )  # fmt: skip
    db.session.add(post)
    db.session.flush()
    audit.record(actor, "agora.workshop_noted", KIND, post.id, now, {"debate": one.id, "meeting": meeting_id})
    return post


def _voice(debate_id: int, meeting_id: int, now: datetime) -> AgoraParticipant:
    """The place of a workshop in a debate, made when there is none, locked: two clerks wait for each other."""
    db.session.execute(
        insert(AgoraParticipant)
        .values(debate_id=debate_id, meeting_id=meeting_id, pseudonym="", function="", joined_at=now)
        .on_conflict_do_nothing()
    )
    return db.session.scalars(
        select(AgoraParticipant)
        .where(AgoraParticipant.debate_id == debate_id, AgoraParticipant.meeting_id == meeting_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    ).one()

"""Commands about visits and invitations. They flush, never commit."""

from datetime import datetime

from flask_babel import force_locale
from flask_babel import gettext as _
from sqlalchemy import case, delete, exists, literal, or_, select
from sqlalchemy.dialects.postgresql import insert

from civic import audit, outbox
from civic.actor import Actor
from civic.clock import city_date, city_moment
from civic.errors import Conflict, Invalid
from civic.extensions import db
from civic.format import deadline
from civic.notifications import compose
from civic.notifications.models import Follow
from civic.places import queries as places
from civic.policy import enforce
from consultations.agora import queries as debates
from consultations.agora import rules as lives
from consultations.agora.arguing.models import AgoraParticipant
from consultations.agora.lasting import policy, queries, rules
from consultations.agora.lasting.models import AgoraInvitation, AgoraVisit
from consultations.agora.models import AgoraDebate
from consultations.agora.rules import State, state_of

BATCH = 500


def note_visit(actor: Actor, one: AgoraDebate, now: datetime) -> datetime | None:
    """Note that somebody who follows a debate or takes part in it is here; returns until when they had seen it.

    None for anybody else and on a first visit: whoever only reads leaves no trace.
    """
    if actor.id is None or state_of(one, now) not in lives.PUBLIC - {State.ARCHIVED}:
        return None
    takes_part = exists().where(AgoraParticipant.debate_id == one.id, AgoraParticipant.account_id == actor.id)
    follows = exists().where(
        Follow.account_id == actor.id, Follow.subject_kind == lives.KIND, Follow.subject_id == one.id
    )
    moments = (literal(now, AgoraVisit.at.type), literal(now, AgoraVisit.at.type))
    source = select(literal(one.id), literal(actor.id), *moments).where(or_(takes_part, follows))
    statement = insert(AgoraVisit).from_select(["debate_id", "account_id", "since", "at"], source)
    fresh = AgoraVisit.at < now - rules.SAME_VISIT
    done = statement.on_conflict_do_update(
        index_elements=["debate_id", "account_id"],
        set_={"since": case((fresh, AgoraVisit.at), else_=AgoraVisit.since), "at": now},
    ).returning(AgoraVisit.since)
    since = db.session.scalar(done)
    return since if since is not None and since < now else None


def forget_debate(debate_id: int) -> None:
    """Delete who was there when. Part of archiving a debate."""
    db.session.execute(delete(AgoraVisit).where(AgoraVisit.debate_id == debate_id))


def forget_account(account_id: int) -> None:
    """Delete where an account was. Part of deleting it."""
    db.session.execute(delete(AgoraVisit).where(AgoraVisit.account_id == account_id))


# --- invitations -----------------------------------------------------------------------------------------


def quiet_areas(one: AgoraDebate, now: datetime) -> set[int]:
    """The areas whose voices are missing so far, as far as that may be shown."""
    counted, unknown = queries.areas_of(one.id, city_moment(city_date(now)))
    areas, _unknown = rules.shown_areas(counted, unknown)
    shown, residents = sum(area.people or 0 for area in areas), sum(area.population or 0 for area in areas)
    return {area.area_id for area in areas if rules.is_quiet(area, shown, residents)}


def invite(actor: Actor, debate_id: int, neighbourhood_id: int, now: datetime) -> AgoraInvitation:
    """Invite those who follow a quiet area to a debate, once ever. A job writes the messages."""
    one = debates.lock_debate(debate_id)
    enforce(policy.can_invite(actor, one, now))
    if places.find_neighbourhood(neighbourhood_id) is None:
        raise Invalid(_("Choose one of the options."))
    if neighbourhood_id not in quiet_areas(one, now):
        raise Invalid(_("This area takes part already: nobody in it needs an invitation."))
    made = db.session.scalar(
        insert(AgoraInvitation)
        .values(
            debate_id=one.id, neighbourhood_id=neighbourhood_id, account_id=actor.id, at=now, cursor=0
        )
        .on_conflict_do_nothing(constraint="uq_agora_invitation_debate_id_neighbourhood_id")
        .returning(AgoraInvitation)
    )  # fmt: skip
    if made is None:
        raise Conflict(_("This area was invited already."))
    audit.record(actor, "agora.area_invited", lives.KIND, one.id, now, {"area": neighbourhood_id})
    return made


def tell_next_batch(invitation: AgoraInvitation, now: datetime) -> int:
    """Queue the messages of the next followers and move the cursor; the caller commits both together.

    The key of a message is the debate and the person: whoever follows two invited areas is written to once.
    """
    one = debates.get_debate(invitation.debate_id)
    if state_of(one, now) != State.OPEN:
        invitation.finished_at = now
        return 0
    area = places.find_neighbourhood(invitation.neighbourhood_id)
    assert area is not None
    rows = queries.list_invited(invitation, BATCH)
    letters = []
    for follow_id, account_id, address, name, language, told in rows:
        if told:
            letters.append(_letter(one, area.id, area.name, account_id, address, name, language))
        invitation.cursor = follow_id
    outbox.post_many(letters, now)
    if len(rows) < BATCH:
        invitation.finished_at = now
    db.session.flush()
    return len(rows)


def _letter(
    one: AgoraDebate, area_id: int, area: str, account_id: int, address: str, name: str, language: str
) -> outbox.Letter:
    token = compose.unsubscribe_token(account_id, queries.AREA_KIND, area_id)
    stop = compose.address_of("notifications.unsubscribe", token=token)
    link = compose.address_of("agora.show", debate_id=one.id)
    assert one.closes_at is not None
    with force_locale(language):
        subject = _("Your neighbourhood's voice is missing: %(question)s", question=one.question)
        body = _(
            "A debate is open until %(moment)s, and the voices of %(area)s are missing so far. If you have something to"
            " say, say it; if not, judge what others say.",
            moment=deadline(one.closes_at), area=area,
        )  # fmt: skip
        text = compose.follower_letter(name, body, link, stop)
    return outbox.Letter(address, subject, text, f"agora-invite:{one.id}:{account_id}", stop)

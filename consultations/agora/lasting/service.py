"""Commands about visits and invitations. They flush, never commit."""

from collections.abc import Callable
from datetime import datetime
from functools import partial

from flask_babel import force_locale
from flask_babel import gettext as _
from sqlalchemy import case, delete, exists, literal, or_, select
from sqlalchemy.dialects.postgresql import insert

from civic import audit, outbox
from civic.accounts.describing.rules import AGE_BANDS
from civic.accounts.describing.words import AGE_BAND_NAMES
from civic.actor import Actor
from civic.clock import city_date, city_moment
from civic.errors import Conflict, Invalid
from civic.extensions import db
from civic.format import deadline
from civic.notifications import compose
from civic.notifications.models import Follow
from civic.places import queries as places
from civic.policy import enforce
from civic.suppression import LEAST_CELL
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
    return {area.area_id for area in rules.quiet_of(areas)}


def ages(one: AgoraDebate, now: datetime) -> tuple[list[rules.Age], int | None]:
    """How many of each age take part, beside the city's people of that age, and how many did not say; small counts hidden."""
    counted = {part.group: part.count for part in queries.ages_of(one.id, city_moment(city_date(now)))}
    unsaid = counted.pop(None, None)
    live = zip(AGE_BANDS, queries.residents_by_age(), strict=True)
    return [rules.Age(band, counted.get(band), people) for band, people in live], unsaid


def invite(actor: Actor, debate_id: int, neighbourhood_id: int, now: datetime) -> AgoraInvitation:
    """Invite those who follow a quiet area to a debate, once ever. A job writes the messages."""
    one = debates.lock_debate(debate_id)
    enforce(policy.can_invite(actor, one, now))
    if places.find_neighbourhood(neighbourhood_id) is None:
        raise Invalid(_("Choose one of the options."))
    if neighbourhood_id not in quiet_areas(one, now):
        raise Invalid(_("This area takes part already: nobody in it needs an invitation."))
    made = _invite(actor, one, neighbourhood_id, None, now)
    if made is None:
        raise Conflict(_("This area was invited already."))
    audit.record(actor, "agora.area_invited", lives.KIND, one.id, now, {"area": neighbourhood_id})
    return made


def invite_age(
    actor: Actor, debate_id: int, age_band: str, neighbourhood_id: int | None, now: datetime
) -> AgoraInvitation:
    """Invite those who said they are of an age that is missing and follow an area, or any, once ever.

    Not where fewer than ten people are meant: whoever takes part after that could be told by it.
    """
    one = debates.lock_debate(debate_id)
    enforce(policy.can_invite(actor, one, now))
    area_known = neighbourhood_id is None or places.find_neighbourhood(neighbourhood_id) is not None
    if age_band not in AGE_BANDS or not area_known:
        raise Invalid(_("Choose one of the options."))
    if age_band not in {age.band for age in rules.quiet_of(ages(one, now)[0])}:
        raise Invalid(_("People of this age take part already: they need no invitation."))
    if queries.count_segment(neighbourhood_id, age_band) < LEAST_CELL:
        raise Invalid(
            _(
                "Fewer than %(least)s people who can be written to said they are of this age there. Invited alone, they could"
                " be recognised: invite a whole area, or this age in the whole city.",
                least=LEAST_CELL,
            )
        )
    made = _invite(actor, one, neighbourhood_id, age_band, now)
    if made is None:
        raise Conflict(_("These people were invited already."))
    details = {"area": neighbourhood_id, "age": age_band}
    audit.record(actor, "agora.age_invited", lives.KIND, one.id, now, details)
    return made


def _invite(
    actor: Actor, one: AgoraDebate, neighbourhood_id: int | None, age_band: str | None, now: datetime
) -> AgoraInvitation | None:
    return db.session.scalar(
        insert(AgoraInvitation)
        .values(
            debate_id=one.id, neighbourhood_id=neighbourhood_id, age_band=age_band, account_id=actor.id, at=now,
            cursor=0,
        )
        .on_conflict_do_nothing(constraint="uq_agora_invitation_segment")
        .returning(AgoraInvitation)
    )  # fmt: skip


def tell_next_batch(invitation: AgoraInvitation, now: datetime) -> int:
    """Queue the messages of the next followers and move the cursor; the caller commits both together.

    The key of a message is the debate and the person: whoever follows two invited areas is written to once.
    """
    one = debates.get_debate(invitation.debate_id)
    if state_of(one, now) != State.OPEN:
        invitation.finished_at = now
        return 0
    area = places.find_neighbourhood(invitation.neighbourhood_id) if invitation.neighbourhood_id else None
    words = partial(_words, one, area.name if area else "", invitation.age_band)
    rows = queries.list_invited(invitation, BATCH)
    letters: dict[int, outbox.Letter] = {}
    for follow_id, account_id, address, name, language, told, area_id in rows:
        if told:
            letters.setdefault(account_id, _letter(one, words, account_id, address, name, language, area_id))
        invitation.cursor = follow_id
    outbox.post_many(list(letters.values()), now)
    if len(rows) < BATCH:
        invitation.finished_at = now
    db.session.flush()
    return len(rows)


def _words(one: AgoraDebate, area: str, age_band: str | None) -> tuple[str, str]:
    """What an invitation is called, and what it says, in the language of whoever reads it."""
    assert one.closes_at is not None
    until = deadline(one.closes_at)
    if age_band is None:
        return _("Your neighbourhood's voice is missing: %(question)s", question=one.question), _(
            "A debate is open until %(moment)s, and the voices of %(area)s are missing so far. If you have something to"
            " say, say it; if not, judge what others say.",
            moment=until, area=area,
        )  # fmt: skip
    return _("People of your age are missing: %(question)s", question=one.question), _(
        "A debate is open until %(moment)s, and few people of %(age)s take part so far. If you have something to say, say"
        " it; if not, judge what others say. You said on the page of your account that you are of this age; nobody at the"
        " city hall sees it beside your name, and you can delete it there.",
        moment=until, age=AGE_BAND_NAMES[age_band],
    )  # fmt: skip


def _letter(
    one: AgoraDebate,
    words: Callable[[], tuple[str, str]],
    account_id: int,
    address: str,
    name: str,
    language: str,
    area_id: int,
) -> outbox.Letter:
    token = compose.unsubscribe_token(account_id, queries.AREA_KIND, area_id)
    stop = compose.address_of("notifications.unsubscribe", token=token)
    link = compose.address_of("agora.show", debate_id=one.id)
    with force_locale(language):
        subject, body = words()
        text = compose.follower_letter(name, body, link, stop)
    return outbox.Letter(address, subject, text, f"agora-invite:{one.id}:{account_id}", stop)

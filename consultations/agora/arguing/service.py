"""Commands of those who argue. They flush, never commit."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from flask_babel import gettext as _
from sqlalchemy import Integer, cast, delete, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.exc import IntegrityError

from civic import audit
from civic.accounts.models import Account
from civic.actor import SYSTEM, Actor
from civic.errors import Invalid, NotAllowed
from civic.extensions import db
from civic.format import moment
from civic.moderation.gate import service as gate
from civic.moderation.gate.queries import is_trusted
from civic.notifications.service import add_follower, forget_followers
from civic.organisations import acting
from civic.places import queries as places
from civic.policy import enforce
from civic.text import clean_line, clean_text, fold
from consultations.agora import queries as debates
from consultations.agora import rules as lives
from consultations.agora.arguing import policy, queries, rules
from consultations.agora.arguing.models import AgoraJudgement, AgoraParticipant, AgoraPost
from consultations.agora.arguing.rules import ARGUMENT, KIND, NOTE, POSITION, REPLY
from consultations.agora.models import AgoraDebate


@dataclass(frozen=True)
class Said:
    """What somebody typed. `parent_id` is the position an argument is about, or the argument a reply answers."""

    kind: str
    body: str
    side: str = ""
    source: str = ""
    parent_id: int | None = None


@dataclass(frozen=True)
class Speaker:
    """As whom somebody writes: a pseudonym of this debate, in the name of an organisation, or for an official with
    their function and department."""

    pseudonym: str = ""
    function: str = ""
    department_id: int | None = None
    organisation_id: int | None = None


def join(actor: Actor, debate_id: int, now: datetime) -> AgoraParticipant:
    """The actor's place in a debate, made when there is none, locked: presses of one account wait for each other."""
    assert actor.id is not None
    # The debate before the place in it, as whoever puts arguments together takes them: nobody waits in a circle.
    debates.hold_debate(debate_id)
    db.session.execute(
        insert(AgoraParticipant)
        .values(debate_id=debate_id, account_id=actor.id, pseudonym="", function="", joined_at=now)
        .on_conflict_do_nothing()
    )
    found = queries.find_participant(debate_id, actor.id, lock=True)
    assert found is not None
    return found


def on_record(actor: Actor, participant: AgoraParticipant) -> Actor:
    """Who the audit record says wrote something: nobody where a pseudonym stands, for the record is never deleted."""
    return SYSTEM if participant.pseudonym else actor


# --- writing ---------------------------------------------------------------------------------------------


def write(
    actor: Actor, debate_id: int, said: Said, speaker: Speaker, now: datetime, *, form_key: str = ""
) -> AgoraPost:
    """A position, an argument or a reply. A form sent twice makes one post.

    What waits for a moderator its author sees, and until when. Raises Invalid, also as `gate.TooSoon`.
    """
    one = debates.hold_debate(debate_id)
    enforce(policy.can_write(actor, one, now))
    assert actor.id is not None
    participant = join(actor, one.id, now)
    key = clean_line(form_key)[:40] or None
    if key is not None and (sent := queries.find_sent(participant.id, key)) is not None:
        return sent
    clean, parent = checked(said), parent_of(one, said)
    if parent is not None and parent.kind == ARGUMENT:
        enforce(policy.can_reply(actor, parent, one, now))
    _speak_as(actor, one, participant, speaker)
    if clean.side == NOTE and not participant.function:
        raise NotAllowed(_("Only officials state facts for the city hall."))
    _keep_pace(one, participant, now)
    if queries.count_last_hour(actor.id, now) >= rules.AN_HOUR:
        raise NotAllowed(_("You have written much in the last hour. Try again a little later."))
    name = participant.pseudonym or actor.display_name
    ruling = gate.admit(actor, gate.Piece(rules.SPACE, clean.body, (clean.source, name)), now)
    post = AgoraPost(
        debate_id=one.id, kind=said.kind, parent_id=parent.id if parent else None,
        parent_kind=parent.kind if parent else None, side=clean.side, participant_id=participant.id,
        body=clean.body, source=clean.source, function=participant.function,
        department_id=participant.department_id, organisation_id=speaker.organisation_id, state="held" if ruling.held else "visible", form_key=key, created_at=now,
        stems=" ".join(rules.stems(clean.body)),
    )  # fmt: skip
    db.session.add(post)
    db.session.flush()
    add_follower(actor.id, lives.KIND, one.id, now)
    details = {"debate": one.id, "kind": post.kind, "held": ruling.held}
    if post.organisation_id is not None:
        details["organisation"] = post.organisation_id
    audit.record(on_record(actor, participant), "agora.wrote", KIND, post.id, now, details)
    gate.keep(actor, ruling, post.id, now)
    return post


def _keep_pace(one: AgoraDebate, participant: AgoraParticipant, now: datetime) -> None:
    """Refuse what comes too soon where a moderator slowed the debate down."""
    last = queries.last_written(participant.id) if one.slow_minutes is not None else None
    if last is None or one.slow_minutes is None:
        return
    again = last + timedelta(minutes=one.slow_minutes)
    if now < again:
        raise NotAllowed(
            _("A moderator slowed this debate down. You can write again on %(moment)s.", moment=moment(again))
        )


def checked(said: Said) -> Said:
    """The cleaned words of what was typed. Raises Invalid when it says nothing, or more than one point."""
    body, source = clean_text(said.body), clean_line(said.source)
    most = rules.MAX_POSITION if said.kind == POSITION else rules.MAX_BODY
    if not body:
        raise Invalid(_("Write something first."))
    if len(body) > most or len(source) > rules.MAX_SOURCE:
        raise Invalid(_("Make one point, in at most %(max)s characters.", max=most))
    if source and not source.lower().startswith(("https://", "http://")):
        raise Invalid(_("A link begins with https://"))
    if said.kind == ARGUMENT and said.side not in (*rules.SIDES, NOTE):
        raise Invalid(_("Choose one of the options."))
    return Said(said.kind, body, said.side if said.kind == ARGUMENT else "", source, said.parent_id)


def parent_of(one: AgoraDebate, said: Said) -> AgoraPost | None:
    """What a text answers or is about, if it may. Raises Invalid with a sentence."""
    if said.parent_id is None:
        if said.kind == REPLY:
            raise Invalid(_("Choose one of the options."))
        return None
    parent = queries.get_post(said.parent_id)
    expected = {ARGUMENT: POSITION, REPLY: ARGUMENT}.get(said.kind)
    here = parent.debate_id == one.id and parent.kind == expected and parent.merged_into_id is None
    if not here or parent.state != "visible":
        raise Invalid(_("What you answer is no longer here. Reload the page."))
    return parent


def _speak_as(actor: Actor, one: AgoraDebate, participant: AgoraParticipant, speaker: Speaker) -> None:
    if policy.is_official(actor):
        if participant.pseudonym:
            raise NotAllowed(
                _(
                    "You have argued here by a pseudonym, which your function would give away. Let a colleague write."
                )
            )
        if speaker.organisation_id is not None:
            raise Invalid(_("You speak for the city hall here, not for an organisation."))
        function, department = clean_line(speaker.function), places.find_department(speaker.department_id)
        if not function or len(function) > rules.MAX_FUNCTION or department is None:
            raise Invalid(_("Write your function and choose your department: you speak for the city hall."))
        participant.function, participant.department_id = function, department.id
        return
    participant.function, participant.department_id = "", None
    name = clean_line(speaker.pseudonym)
    if speaker.organisation_id is not None:
        if name or participant.pseudonym:
            # Beside the organisation's name few people could be behind the pseudonym.
            raise Invalid(
                _("Whoever writes under a pseudonym speaks for no organisation in the same debate.")
            )
        enforce(acting.can_act_as(actor, speaker.organisation_id))
    if not name or queries.has_written(participant.id):
        return  # whoever has spoken keeps the name they spoke by
    if len(name) > rules.MAX_PSEUDONYM:
        raise Invalid(_("A pseudonym has at most %(max)s characters.", max=rules.MAX_PSEUDONYM))
    if rules.speaks_for_an_office(name) or queries.is_somebodys_name(one, name):
        raise Invalid(_("Choose a pseudonym by which nobody takes you for somebody else."))
    try:
        with db.session.begin_nested():
            participant.pseudonym, participant.pseudonym_folded = name, fold(name)
    except IntegrityError as error:
        raise Invalid(_("Somebody else has this pseudonym here. Choose another one.")) from error


# --- where one stands, and what convinces ----------------------------------------------------------------


def say_stance(actor: Actor, debate_id: int, stance: int, now: datetime) -> AgoraParticipant:
    """Say where one stands. What was judged before is counted there from now on."""
    one = debates.hold_debate(debate_id)
    enforce(policy.can_say_stance(actor, one, now))
    if stance not in rules.STANCES:
        raise Invalid(_("Choose one of the options."))
    participant = join(actor, one.id, now)
    old = participant.stance or rules.UNDECIDED
    participant.stance = stance
    db.session.flush()
    if old != stance:
        _move_judgements(participant.id, old, stance)
    # Where somebody stands may be a political opinion, and they may write by a pseudonym later: the record, which
    # stays, says neither what nor who.
    audit.record(SYSTEM, "agora.stance_said", lives.KIND, one.id, now)
    return participant


def _move_judgements(participant_id: int, old: int, new: int) -> None:
    # Locked: what the clock counts meanwhile is counted where they stood before, and moves along.
    _lock_posts([each.post_id for each in queries.list_own_judgements(participant_id)])
    yes = cast(AgoraJudgement.value == rules.CONVINCING, Integer)
    (old_yes, old_seen), (new_yes, new_seen) = queries.COUNTS[old], queries.COUNTS[new]
    db.session.execute(
        update(AgoraPost)
        .where(AgoraPost.id == AgoraJudgement.post_id)
        .where(AgoraJudgement.participant_id == participant_id, AgoraJudgement.counted)
        .values(
            {
                old_yes.key: old_yes - yes, old_seen.key: old_seen - 1,
                new_yes.key: new_yes + yes, new_seen.key: new_seen + 1,
            }
        )
        .execution_options(synchronize_session=False)
    )  # fmt: skip
    db.session.execute(
        update(AgoraJudgement).where(AgoraJudgement.participant_id == participant_id).values(stance=new)
    )
    db.session.expire_all()


def _lock_posts(ids: Collection[int]) -> None:
    """Lock arguments in the order of their numbers before several are counted, so that nobody waits in a circle."""
    db.session.execute(
        select(AgoraPost.id)
        .where(AgoraPost.id.in_(ids))
        .order_by(AgoraPost.id)
        .with_for_update(key_share=True)
    )


def judge(actor: Actor, post_id: int, value: int, now: datetime) -> AgoraPost:
    """Say whether an argument convinces. One judgement a person, and it may change."""
    one = debates.hold_debate(queries.get_post(post_id).debate_id)
    # Read once nobody can merge it any more: a judgement that came too late would be lost.
    post = queries.get_post(post_id)
    own = actor.id is not None and queries.author_account(post) == actor.id
    enforce(policy.can_judge(actor, post, one, own, now))
    if value not in rules.JUDGEMENTS:
        raise Invalid(_("Choose one of the options."))
    participant = join(actor, one.id, now)
    stance = participant.stance or rules.UNDECIDED
    before = db.session.get(
        AgoraJudgement, (post.id, participant.id), populate_existing=True, with_for_update=True
    )
    if before is None:
        counted = gate.counts_from(actor, now) is None
        db.session.add(
            AgoraJudgement(
                post_id=post.id,
                participant_id=participant.id,
                value=value,
                stance=stance,
                counted=counted,
                at=now,
            )
        )
        if counted:
            _count(post.id, stance, value, 1)
    else:
        if before.counted:
            _count(post.id, before.stance, before.value, -1)
            _count(post.id, stance, value, 1)
        # What somebody says here themselves stays here, also where their judgement came with a merge.
        before.value, before.stance, before.at, before.act_id = value, stance, now, None
    db.session.flush()
    return post


def _count(post_id: int, stance: int, value: int, by: int) -> None:
    """Add a judgement to an argument's counts, or take it from them: the database adds, so that none is lost."""
    yes, seen = queries.COUNTS[stance]
    values = {seen.key: seen + by}
    if value == rules.CONVINCING:
        values[yes.key] = yes + by
    if value == rules.UNKNOWN:
        values["unknown"] = AgoraPost.unknown + by
    db.session.execute(
        update(AgoraPost)
        .where(AgoraPost.id == post_id)
        .values(values)
        .execution_options(synchronize_session=False)
    )


def count_waiting(now: datetime, limit: int) -> int:
    """Count the judgements whose accounts have earned trust by now; returns how many."""
    waiting = db.session.scalars(
        select(AgoraJudgement)
        .join(AgoraParticipant, AgoraParticipant.id == AgoraJudgement.participant_id)
        .join(Account, Account.id == AgoraParticipant.account_id)
        .where(~AgoraJudgement.counted, is_trusted(now))
        # By argument: whoever changes the counts of two waits for them in the same order.
        .order_by(AgoraJudgement.post_id, AgoraJudgement.at)
        .limit(limit)
        .with_for_update(of=AgoraJudgement, skip_locked=True)
    ).all()
    _lock_posts({one.post_id for one in waiting})
    for one in waiting:
        one.counted = True
        _count(one.post_id, one.stance, one.value, 1)
    db.session.flush()
    return len(waiting)


def keep_by_group(debate_id: int, counts: Mapping[int, list[list[int]]], groups: int) -> int:
    """Keep how each of so many opinion groups judged a debate's arguments; returns how many have other counts now.

    `counts` holds [convinced, judged] by group for the arguments that were judged; without groups none are kept.
    """
    before = db.session.execute(
        select(AgoraPost.id, AgoraPost.by_group)
        .where(AgoraPost.debate_id == debate_id, AgoraPost.kind == ARGUMENT)
        .order_by(AgoraPost.id)
    )
    nobody = [[0, 0] for _group in range(groups)]
    changed = []
    for post_id, old in before:
        new = counts.get(post_id, nobody) if groups else None
        if new != old:
            changed.append({"id": post_id, "by_group": new})
    if changed:
        db.session.execute(update(AgoraPost), changed)
        db.session.expire_all()
    return len(changed)


def forget(one: AgoraDebate, now: datetime) -> int:
    """Delete who judged what and who stands where, and whose the pseudonyms are; returns how many were unlinked.

    The counts of the arguments and of the stances stay: they name nobody. Part of archiving a debate.
    """
    debate_id = one.id
    counted = queries.count_stances(debate_id, now)
    one.stances_kept = {"" if stance is None else str(stance): many for stance, many in counted.items()}
    people = select(AgoraParticipant.id).where(AgoraParticipant.debate_id == debate_id)
    db.session.execute(delete(AgoraJudgement).where(AgoraJudgement.participant_id.in_(people)))
    gate.forget_authors(KIND, select(AgoraPost.id).where(AgoraPost.debate_id == debate_id))
    db.session.execute(
        update(AgoraParticipant).where(AgoraParticipant.debate_id == debate_id).values(stance=None)
    )
    # Moments would tell as well whose a pseudonym was: of who joined, and of who followed with their first argument.
    unlinked = db.session.scalars(
        update(AgoraParticipant)
        .where(AgoraParticipant.debate_id == debate_id, AgoraParticipant.pseudonym != "")
        .values(account_id=None, joined_at=one.opened_at)
        .returning(AgoraParticipant.id)
    ).all()
    forget_followers(lives.KIND, debate_id)
    audit.record(SYSTEM, "agora.forgotten", lives.KIND, debate_id, now, {"pseudonyms": len(unlinked)})
    return len(unlinked)


def forget_account(account_id: int, now: datetime) -> None:
    """Forget where somebody who deletes their account stands, how they judge, and whose the pseudonyms are.

    While a debate is open their judgements are taken from its counts: whoever comes back may judge again.
    """
    # The debates first, as everybody takes them.
    theirs = select(AgoraParticipant.debate_id).where(AgoraParticipant.account_id == account_id)
    held = select(AgoraDebate.id).where(AgoraDebate.id.in_(theirs)).order_by(AgoraDebate.id)
    db.session.execute(held.with_for_update(read=True, key_share=True))
    people = db.session.execute(
        select(AgoraParticipant, AgoraDebate)
        .join(AgoraDebate, AgoraDebate.id == AgoraParticipant.debate_id)
        .where(AgoraParticipant.account_id == account_id)
        .order_by(AgoraParticipant.id)
        .with_for_update(of=AgoraParticipant)
    ).all()
    for participant, one in people:
        judged = queries.list_own_judgements(participant.id)
        if lives.state_of(one, now) == lives.State.OPEN:
            _lock_posts([each.post_id for each in judged])
            for each in judged:
                if each.counted:
                    _count(each.post_id, each.stance, each.value, -1)
        db.session.execute(delete(AgoraJudgement).where(AgoraJudgement.participant_id == participant.id))
        participant.stance = None
        if participant.pseudonym:
            participant.account_id = None
    db.session.flush()

"""Commands of moderators who put a debate in order. They flush, never commit.

Each act seizes its debate: nobody writes, judges or says where they stand in it meanwhile, so that no judgement falls
between two arguments that become one.
"""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy import delete, func, literal, select, update
from sqlalchemy.dialects.postgresql import insert

from civic import audit
from civic.actor import Actor
from civic.errors import Conflict, Invalid
from civic.extensions import db
from civic.notifications import compose
from civic.notifications.service import tell_account
from civic.policy import enforce
from civic.text import clean_text
from consultations.agora import queries as debates
from consultations.agora import rules as lives
from consultations.agora.arguing import queries as arguing
from consultations.agora.arguing import rules as judging
from consultations.agora.arguing.models import AgoraJudgement, AgoraPost
from consultations.agora.models import AgoraDebate
from consultations.agora.tending import policy, queries, rules
from consultations.agora.tending.models import AgoraAct


def _reasoned(reason: str) -> str:
    words = clean_text(reason)
    if not words or len(words) > rules.MAX_REASON:
        raise Invalid(_("Write why: everyone reads it."))
    return words


def _record(actor: Actor, act: AgoraAct, now: datetime, event: str) -> None:
    db.session.add(act)
    db.session.flush()
    kind, number = (lives.KIND, act.debate_id) if act.post_id is None else (judging.KIND, act.post_id)
    audit.record(actor, event, kind, number, now, {"act": act.id, "into": act.into_id})


def _seized(
    actor: Actor, post_id: int, now: datetime, *others: int, argument: bool = True
) -> tuple[AgoraDebate, dict[int, AgoraPost]]:
    """The debate of a text, seized, and the texts asked for, locked; raises NotAllowed when the actor may not."""
    one = debates.seize_debate(arguing.get_post(post_id).debate_id)
    posts = queries.lock_posts({post_id, *others})
    post = posts[post_id]
    asked = policy.can_tend_argument if argument else policy.can_tend_post
    enforce(asked(actor, post, arguing.author_account(post), one, now))
    return one, posts


def _tell(post: AgoraPost, what: Any, reason: str, now: datetime) -> None:
    author_id = arguing.author_account(post)
    if author_id is not None:
        link = compose.full_address(f"/agora/posts/{post.id}")
        tell_account(
            author_id, _l("A moderator put something you wrote in order"),
            lambda: "\n\n".join((str(what), _("Reasons: %(reason)s", reason=reason), link)), now,
        )  # fmt: skip


# --- merging ---------------------------------------------------------------------------------------------


def merge(actor: Actor, post_id: int, into_id: int, reason: str, now: datetime) -> AgoraAct:
    """Merge an argument into another that says the same. Judgements are kept once a person.

    The merged one keeps its judgements; those of people who have not judged the other are counted there too. Its
    answers go with it. Raises Invalid or Conflict with a sentence.
    """
    words = _reasoned(reason)
    if into_id == post_id:
        raise Invalid(_("Choose the argument it is merged into."))
    one, posts = _seized(actor, post_id, now, into_id)
    post, kept = posts[post_id], posts.get(into_id)
    if kept is None or kept.debate_id != one.id or kept.kind != judging.ARGUMENT or kept.state != "visible":
        raise Invalid(_("Choose the argument it is merged into."))
    if kept.side != post.side:
        raise Invalid(
            _("They do not do the same: one is for, the other is not. Move it first if it is wrong.")
        )
    if kept.merged_into_id is not None:
        raise Conflict(_("The other argument was merged meanwhile. Reload the page."))
    if arguing.author_account(kept) == actor.id:
        raise Invalid(_("You wrote the other one: another moderator decides."))
    if queries.has_merged(post.id):
        raise Invalid(_("Others were merged into this one: merge the other way around, or undo that first."))
    act = AgoraAct(
        debate_id=one.id, kind=rules.MERGE, post_id=post.id, into_id=kept.id, account_id=actor.id, reason=words, at=now
    )  # fmt: skip
    act.changed = {"replies": _move_replies(post.id, kept.id)}
    post.merged_into_id = kept.id
    _record(actor, act, now, "agora.post_merged")
    _carry_judgements(act, post.id, kept, +1)
    _tell(
        post,
        _l("It was merged with an argument that says the same; who judged it is counted there."),
        words,
        now,
    )
    return act


def _move_replies(from_id: int, to_id: int, ids: list[int] | None = None) -> list[int]:
    """Let answers stand under another argument: all of them, or those among `ids`; returns which."""
    wanted = update(AgoraPost).where(AgoraPost.parent_id == from_id)
    if ids is not None:
        wanted = wanted.where(AgoraPost.id.in_(ids))
    moved = db.session.scalars(
        wanted.values(parent_id=to_id).returning(AgoraPost.id).execution_options(synchronize_session="fetch")
    )
    return sorted(moved)


def _carry_judgements(act: AgoraAct, from_id: int, kept: AgoraPost, by: int) -> None:
    """Copy the judgements of people who have not judged the kept argument, or take back what an act copied."""
    copied = AgoraJudgement.act_id == act.id
    if by > 0:
        source = select(
            literal(kept.id), AgoraJudgement.participant_id, AgoraJudgement.value, AgoraJudgement.stance,
            AgoraJudgement.counted, literal(act.id), AgoraJudgement.at,
        ).where(
            # Nobody judges what they wrote themselves, also not by way of a merge.
            AgoraJudgement.post_id == from_id, AgoraJudgement.participant_id != kept.participant_id
        )  # fmt: skip
        names = ["post_id", "participant_id", "value", "stance", "counted", "act_id", "at"]
        statement = insert(AgoraJudgement).from_select(names, source).on_conflict_do_nothing()
        db.session.execute(statement)
    rows = db.session.execute(
        select(AgoraJudgement.stance, AgoraJudgement.value, func.count())
        .where(copied, AgoraJudgement.counted)
        .group_by(AgoraJudgement.stance, AgoraJudgement.value)
    ).all()
    for stance, value, many in rows:
        yes, seen = (column.key for column in arguing.COUNTS[stance])
        setattr(kept, seen, getattr(kept, seen) + by * many)
        if value == judging.CONVINCING:
            setattr(kept, yes, getattr(kept, yes) + by * many)
        if value == judging.UNKNOWN:
            kept.unknown += by * many
    if by < 0:
        db.session.execute(delete(AgoraJudgement).where(copied))
    db.session.flush()


# --- moving, splitting, folding --------------------------------------------------------------------------


def move(
    actor: Actor, post_id: int, side: str, position_id: int | None, reason: str, now: datetime
) -> AgoraAct:
    """Let an argument be about another position, or be counted among another side."""
    words = _reasoned(reason)
    one, posts = _seized(actor, post_id, now)
    post = posts[post_id]
    if side not in judging.SIDES:
        raise Invalid(_("Choose one of the options."))
    if position_id is not None and position_id not in {each.id for each in queries.list_positions(one.id)}:
        raise Invalid(_("Choose one of the options."))
    if (side, position_id) == (post.side, post.parent_id):
        raise Invalid(_("It stands there already."))
    act = AgoraAct(
        debate_id=one.id, kind=rules.MOVE, post_id=post.id, account_id=actor.id, reason=words, at=now,
        changed={"side": [post.side, side], "position": [post.parent_id, position_id]},
    )  # fmt: skip
    _place(post, side, position_id)
    _record(actor, act, now, "agora.post_moved")
    _tell(post, _l("It was moved to where it belongs."), words, now)
    return act


def _place(post: AgoraPost, side: str, position_id: int | None) -> None:
    post.side, post.parent_id = side, position_id
    post.parent_kind = judging.POSITION if position_id is not None else None


def split(
    actor: Actor, post_id: int, first: str, second: str, side: str, reason: str, now: datetime
) -> AgoraAct:
    """Make two arguments of one that makes two points, in its author's words and by their name.

    What was judged stays with the first; the second begins without judgements. `side` is what the second does.
    """
    words = _reasoned(reason)
    one, posts = _seized(actor, post_id, now)
    post, parts = posts[post_id], (clean_text(first), clean_text(second))
    if not all(parts) or max(map(len, parts)) > judging.MAX_BODY:
        raise Invalid(_("Each part makes one point, in at most %(max)s characters.", max=judging.MAX_BODY))
    if not rules.same_words(post.body, *parts):
        raise Invalid(_("The two parts are the author's own words: nothing is added and nothing left out."))
    if side not in judging.SIDES:
        raise Invalid(_("Choose one of the options."))
    made = AgoraPost(
        debate_id=one.id, kind=post.kind, parent_id=post.parent_id, parent_kind=post.parent_kind, side=side,
        participant_id=post.participant_id, body=parts[1], source=post.source, function=post.function,
        department_id=post.department_id, organisation_id=post.organisation_id, created_at=post.created_at,
        stems=" ".join(judging.stems(parts[1])),
    )  # fmt: skip
    db.session.add(made)
    db.session.flush()
    act = AgoraAct(
        debate_id=one.id, kind=rules.SPLIT, post_id=post.id, into_id=made.id, account_id=actor.id, reason=words, at=now,
        changed={"body": [post.body, parts[0]]},
    )  # fmt: skip
    _say(post, parts[0])
    _record(actor, act, now, "agora.post_split")
    _tell(post, _l("It made two points and was split in two, in your words."), words, now)
    return act


def forget_wholes(post_id: int) -> None:
    """Forget what stood before a text was split, and before what it came from was: personal data were taken out."""
    seen: set[int] = set()
    ids = {post_id}
    while ids:
        acts = queries.list_splits(ids)
        for act in acts:
            act.changed = {"body": None}
        seen |= ids
        ids = {act.post_id for act in acts if act.post_id is not None} - seen
    db.session.flush()


def _say(post: AgoraPost, body: str) -> None:
    post.body, post.stems = body, " ".join(judging.stems(body))


def fold(actor: Actor, post_id: int, reason: str, now: datetime) -> AgoraAct:
    """Show a text that is beside the question folded, with the reason; whoever wants to opens it."""
    words = _reasoned(reason)
    one, posts = _seized(actor, post_id, now, argument=False)
    post = posts[post_id]
    if post.folded_reason:
        raise Conflict(_("It is folded already."))
    act = AgoraAct(
        debate_id=one.id,
        kind=rules.FOLD,
        post_id=post.id,
        account_id=actor.id,
        reason=words,
        at=now,
        changed={},
    )
    post.folded_reason = words
    _record(actor, act, now, "agora.post_folded")
    _tell(post, _l("It is beside the question and is shown folded."), words, now)
    return act


# --- the pace of a debate --------------------------------------------------------------------------------


def lock(actor: Actor, debate_id: int, reason: str, now: datetime) -> AgoraAct:
    """Take no new texts for now; people go on judging and saying where they stand."""
    words, one = _reasoned(reason), debates.seize_debate(debate_id)
    enforce(policy.can_tend_debate(actor, one, now))
    if one.locked_reason:
        raise Conflict(_("No new texts are taken already."))
    act = AgoraAct(debate_id=one.id, kind=rules.LOCK, account_id=actor.id, reason=words, at=now, changed={})
    one.locked_reason = words
    _record(actor, act, now, "agora.locked")
    return act


def slow_down(actor: Actor, debate_id: int, minutes: int, reason: str, now: datetime) -> AgoraAct:
    """Let everybody wait so many minutes between two texts of theirs."""
    words, one = _reasoned(reason), debates.seize_debate(debate_id)
    enforce(policy.can_tend_debate(actor, one, now))
    if minutes not in rules.GAPS:
        raise Invalid(_("Choose one of the options."))
    if one.slow_minutes is not None:
        raise Conflict(_("It was slowed down already. Undo that first."))
    act = AgoraAct(
        debate_id=one.id,
        kind=rules.SLOW,
        account_id=actor.id,
        reason=words,
        at=now,
        changed={"minutes": minutes},
    )
    one.slow_minutes = minutes
    _record(actor, act, now, "agora.slowed_down")
    return act


# --- undoing ---------------------------------------------------------------------------------------------


def undo(actor: Actor, act_id: int, reason: str, now: datetime) -> AgoraAct:
    """Give back what an act changed, and nothing else. Raises Conflict where something was built on it since."""
    words = _reasoned(reason)
    one = debates.seize_debate(queries.get_act(act_id).debate_id)
    act = queries.get_act(act_id, fresh=True)
    queries.lock_carried(act.id)
    ids = {number for number in (act.post_id, act.into_id) if number is not None}
    posts = queries.lock_posts(ids) if ids else {}
    post = posts.get(act.post_id or 0)
    author_id = arguing.author_account(post) if post is not None else None
    if act.undone_at is not None:
        raise Conflict(_("It was undone already."))
    enforce(policy.can_undo(actor, act, author_id, one, now))
    _BACK[act.kind](one, act, posts)
    act.undone_at, act.undone_by_id, act.undone_reason = now, actor.id, words
    _record(actor, act, now, "agora.act_undone")
    if post is not None:
        _tell(post, _l("What a moderator had done with it was undone."), words, now)
    return act


def _unmerge(_one: AgoraDebate, act: AgoraAct, posts: dict[int, AgoraPost]) -> None:
    post, kept = posts[act.post_id or 0], posts[act.into_id or 0]
    if kept.merged_into_id is not None:
        raise Conflict(_("What it was merged into was merged itself: undo that first."))
    _carry_judgements(act, post.id, kept, -1)
    _move_replies(kept.id, post.id, act.changed["replies"])
    post.merged_into_id = None


def _move_back(_one: AgoraDebate, act: AgoraAct, posts: dict[int, AgoraPost]) -> None:
    post = posts[act.post_id or 0]
    sides, positions = act.changed["side"], act.changed["position"]
    if (post.side, post.parent_id) != (sides[1], positions[1]):
        raise Conflict(_("It was moved again since: undo that first."))
    if queries.has_merged(post.id) or post.merged_into_id is not None:
        raise Conflict(_("It was merged since: undo that first."))
    _place(post, sides[0], positions[0])


def _rejoin(_one: AgoraDebate, act: AgoraAct, posts: dict[int, AgoraPost]) -> None:
    first, second = posts[act.post_id or 0], posts[act.into_id or 0]
    # What was forgotten with somebody's personal data is what the two parts say without them.
    before, after = act.changed["body"] or (f"{first.body} {second.body}", first.body)
    if first.body != after or second.state != "visible" or len(before) > judging.MAX_BODY:
        raise Conflict(_("One of the two parts changed since: undo that first."))
    merged = (first.merged_into_id, second.merged_into_id) != (None, None)
    if merged or queries.has_merged(second.id):
        raise Conflict(_("It was merged since: undo that first."))
    _say(first, before)
    _move_replies(second.id, first.id)
    second.merged_into_id = first.id


def _unfold(_one: AgoraDebate, act: AgoraAct, posts: dict[int, AgoraPost]) -> None:
    posts[act.post_id or 0].folded_reason = ""


def _unlock(one: AgoraDebate, _act: AgoraAct, _posts: dict[int, AgoraPost]) -> None:
    one.locked_reason = ""


def _quicken(one: AgoraDebate, _act: AgoraAct, _posts: dict[int, AgoraPost]) -> None:
    one.slow_minutes = None


_BACK: dict[str, Callable[[AgoraDebate, AgoraAct, dict[int, AgoraPost]], None]] = {
    rules.MERGE: _unmerge,
    rules.MOVE: _move_back,
    rules.SPLIT: _rejoin,
    rules.FOLD: _unfold,
    rules.LOCK: _unlock,
    rules.SLOW: _quicken,
}

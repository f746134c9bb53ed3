"""Every question asked about what people write in debates and how they judge it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Float,
    Integer,
    and_,
    case,
    cast,
    exists,
    func,
    literal,
    or_,
    select,
    tuple_,
    union,
)
from sqlalchemy.orm import joinedload, raiseload

from civic.accounts.models import Account
from civic.errors import NotFound
from civic.extensions import db
from civic.moderation.gate.queries import is_trusted
from civic.text import fold
from consultations.agora.arguing import rules
from consultations.agora.arguing.models import AgoraJudgement, AgoraParticipant, AgoraPost
from consultations.agora.arguing.rules import (
    AGAINST,
    ARGUMENT,
    FOR,
    NOTE,
    POSITION,
    REPLY,
    UNDECIDED,
    Basis,
    Camp,
    Tally,
)
from consultations.agora.models import AgoraDebate

PAGE_SIZE = 20
#: Replies shown under one argument, positions and notes shown on one page; the rest are on further pages.
REPLIES, POSITIONS, NOTES = 50, 50, 20
#: Candidates compared word by word for likeness.
CANDIDATES = 30

#: The two counts of each stance.
COUNTS = {
    FOR: (AgoraPost.for_yes, AgoraPost.for_seen),
    AGAINST: (AgoraPost.against_yes, AgoraPost.against_seen),
    UNDECIDED: (AgoraPost.other_yes, AgoraPost.other_seen),
}


@dataclass(frozen=True)
class Narrowed:
    """Which arguments of a debate, in which order."""

    side: str = ""
    position_id: int | None = None
    order: str = "default"
    #: for the order by chance: the same seed deals the same pages
    seed: str = ""


@dataclass
class Thread:
    """An argument with its replies, oldest first, and its place in the order asked for."""

    post: AgoraPost
    replies: list[AgoraPost] = field(default_factory=list)
    #: how many there are, on all pages
    total: int = 0


def tally_of(post: AgoraPost, by_groups: bool = False) -> Tally:
    """The counts of an argument by stance or by opinion group, as the rules read them."""
    if by_groups:
        return Tally(
            {number: Camp(*counts) for number, counts in enumerate(post.by_group or [])}, post.unknown
        )
    camps = {
        FOR: Camp(post.for_yes, post.for_seen),
        UNDECIDED: Camp(post.other_yes, post.other_seen),
        AGAINST: Camp(post.against_yes, post.against_seen),
    }
    return Tally(camps, post.unknown)


# --- people ----------------------------------------------------------------------------------------------


def find_participant(
    debate_id: int, account_id: int | None, *, lock: bool = False
) -> AgoraParticipant | None:
    """The account's place in a debate, if it has one."""
    if account_id is None:
        return None
    wanted = (
        select(AgoraParticipant)
        .where(AgoraParticipant.debate_id == debate_id, AgoraParticipant.account_id == account_id)
        # The same person may be the author of what is shown: reading them again must not lose their name.
        .options(joinedload(AgoraParticipant.account))
        .execution_options(populate_existing=True)
    )
    return db.session.scalar(wanted.with_for_update(of=AgoraParticipant) if lock else wanted)


def count_stances(debate_id: int, now: datetime) -> dict[int | None, int]:
    """How many participants stand where; None for those who have not said. New accounts are not counted yet."""
    rows = db.session.execute(
        select(AgoraParticipant.stance, func.count())
        .join(Account, Account.id == AgoraParticipant.account_id)
        .where(AgoraParticipant.debate_id == debate_id, AgoraParticipant.meeting_id.is_(None))
        .where(is_trusted(now))
        .group_by(AgoraParticipant.stance)
    )
    return dict(rows.all())


def most_judged(debate_id: int) -> dict[int, int]:
    """By stance, how many people of it judged the argument they judged most: as many at least do judge."""
    most = [func.coalesce(func.max(COUNTS[stance][1]), 0) for stance in rules.STANCES]
    row = db.session.execute(
        select(*most).where(AgoraPost.debate_id == debate_id, AgoraPost.kind == ARGUMENT)
    ).one()
    return dict(zip(rules.STANCES, row, strict=True))


def basis_of(debate_id: int) -> Basis:
    """What the order of a debate's arguments goes by, in one query.

    How many people of a camp judged the argument they judged most: as many at least do judge.
    """
    most = [func.coalesce(func.max(COUNTS[stance][1]), 0) for stance in rules.STANCES]
    groups = func.coalesce(func.max(func.jsonb_array_length(AgoraPost.by_group)), 0)
    grouped = [func.coalesce(func.max(_of_group(number)[1]), 0) for number in range(rules.MOST_GROUPS)]
    row = db.session.execute(
        select(groups, *most, *grouped).where(AgoraPost.debate_id == debate_id, AgoraPost.kind == ARGUMENT)
    ).one()
    stances = dict(zip(rules.STANCES, row[1:4], strict=True))
    return rules.basis_of(stances, row[4 : 4 + row[0]])


def _of_group(number: int) -> tuple[ColumnElement[int], ColumnElement[int]]:
    """The two counts of an opinion group; nothing where an argument is younger than the last count."""
    counts = AgoraPost.by_group[number]
    return func.coalesce(counts[0].as_integer(), 0), func.coalesce(counts[1].as_integer(), 0)


def _counts(basis: Basis) -> list[tuple[Any, Any]]:
    """The two counts of each camp."""
    return [_of_group(camp) if basis.by_groups else COUNTS[camp] for camp in basis.camps]


def is_somebodys_name(one: AgoraDebate, name: str) -> bool:
    """Whether a name is read in a debate already: its opener's, or that of somebody who wrote by it.

    Of who takes part otherwise the answer must not tell that they do.
    """
    wrote = exists().where(AgoraPost.participant_id == AgoraParticipant.id, AgoraPost.state != "held")
    writers = (
        select(Account.display_name)
        .join(AgoraParticipant, AgoraParticipant.account_id == Account.id)
        .where(AgoraParticipant.debate_id == one.id, AgoraParticipant.pseudonym == "", wrote)
    )
    opener = select(Account.display_name).where(Account.id == one.account_id)
    folded = fold(name)
    return any(fold(each) == folded for each in db.session.scalars(union(writers, opener)))


def has_written(participant_id: int) -> bool:
    """Whether somebody already stands by a name in the debate."""
    return (
        db.session.scalar(select(AgoraPost.id).where(AgoraPost.participant_id == participant_id).limit(1))
        is not None
    )


def _by_account(account_id: int) -> ColumnElement[bool]:
    mine = select(AgoraParticipant.id).where(AgoraParticipant.account_id == account_id)
    return AgoraPost.participant_id.in_(mine)


def count_accepted(account_id: int) -> int:
    """How much of what an account wrote in debates is public."""
    wanted = select(func.count(AgoraPost.id)).where(_by_account(account_id), AgoraPost.state == "visible")
    return db.session.scalar(wanted) or 0


def count_last_hour(account_id: int, now: datetime) -> int:
    """How much an account has written in debates in an hour."""
    wanted = select(func.count(AgoraPost.id)).where(
        _by_account(account_id), AgoraPost.created_at > now - timedelta(hours=1)
    )
    return db.session.scalar(wanted) or 0


def last_written(participant_id: int) -> datetime | None:
    """When somebody last wrote in their debate."""
    return db.session.scalar(
        select(func.max(AgoraPost.created_at)).where(AgoraPost.participant_id == participant_id)
    )


# --- what is written -------------------------------------------------------------------------------------


def _readable(account_id: int | None) -> ColumnElement[bool]:
    # What was hidden keeps its place and says so; what waits for a moderator is its author's alone; what was merged
    # stands with what was kept.
    shown: ColumnElement[bool] = AgoraPost.state.in_(["visible", "hidden"])
    if account_id is not None:
        shown = or_(shown, and_(AgoraPost.state == "held", _by_account(account_id)))
    return and_(shown, AgoraPost.merged_into_id.is_(None))


def with_author() -> tuple:
    """What shows who said something, and for whom they spoke."""
    return (
        joinedload(AgoraPost.participant).options(
            joinedload(AgoraParticipant.account), joinedload(AgoraParticipant.meeting)
        ),
        joinedload(AgoraPost.department),
        joinedload(AgoraPost.organisation),
        raiseload("*"),
    )


def is_standing() -> ColumnElement[bool]:
    """The condition of being public and not merged with another."""
    return and_(AgoraPost.state == "visible", AgoraPost.merged_into_id.is_(None))


def list_positions(
    debate_id: int, account_id: int | None, page: int
) -> tuple[list[tuple[AgoraPost, int]], int]:
    """A page of the positions, the most argued about first, each with how many visible arguments it has; how many
    positions there are."""
    argued = (
        select(AgoraPost.parent_id, func.count().label("many"))
        .where(AgoraPost.debate_id == debate_id, AgoraPost.kind == ARGUMENT, is_standing())
        .group_by(AgoraPost.parent_id)
        .subquery()
    )
    many = func.coalesce(argued.c.many, 0)
    wanted = [AgoraPost.debate_id == debate_id, AgoraPost.kind == POSITION, _readable(account_id)]
    total = db.session.scalar(select(func.count(AgoraPost.id)).where(*wanted)) or 0
    rows = db.session.execute(
        select(AgoraPost, many)
        .outerjoin(argued, argued.c.parent_id == AgoraPost.id)
        .where(*wanted)
        .options(*with_author())
        .order_by(many.desc(), AgoraPost.id)
        .limit(POSITIONS)
        .offset((page - 1) * POSITIONS)
    ).all()
    return [(row[0], row[1]) for row in rows], total


def list_notes(debate_id: int, account_id: int | None, page: int) -> tuple[Sequence[AgoraPost], int]:
    """A page of the facts officials stated, oldest first, and how many there are."""
    wanted = [
        AgoraPost.debate_id == debate_id,
        AgoraPost.kind == ARGUMENT,
        AgoraPost.side == NOTE,
        _readable(account_id),
    ]
    total = db.session.scalar(select(func.count(AgoraPost.id)).where(*wanted)) or 0
    rows = db.session.scalars(
        select(AgoraPost)
        .where(*wanted)
        .options(*with_author())
        .order_by(AgoraPost.created_at, AgoraPost.id)
        .limit(NOTES)
        .offset((page - 1) * NOTES)
    ).all()
    return rows, total


def _shares(basis: Basis) -> list[ColumnElement[Any]]:
    return [cast(yes + 1, Float) / (seen + 2) for yes, seen in _counts(basis)]


def _seen() -> ColumnElement[int]:
    return AgoraPost.for_seen + AgoraPost.against_seen + AgoraPost.other_seen


def _priority() -> ColumnElement[float]:
    """`rules.priority` as the database computes it."""
    seen = cast(_seen(), Float)
    yes = AgoraPost.for_yes + AgoraPost.against_yes + AgoraPost.other_yes
    undecided = 1 - (AgoraPost.unknown + 1) / (seen + 2)
    return func.power(undecided * (yes + 1) / (seen + 2) * (1 + 8 * func.power(2.0, -seen / 5)), 2)


def _order(narrowed: Narrowed, basis: Basis) -> list[Any]:
    """What an order of arguments goes by, as `rules` says it."""
    newest: list[Any] = [AgoraPost.created_at.desc(), AgoraPost.id.desc()]
    shares = _shares(basis)
    if narrowed.order == "newest":
        return newest
    if narrowed.order == "random":
        return [func.md5(cast(AgoraPost.id, db.String) + literal(narrowed.seed)), AgoraPost.id]
    if narrowed.order == "divisive":
        apart = func.greatest(*shares) - func.least(*shares) if shares else literal(0.0)
        return [apart.desc(), *newest]
    known: ColumnElement[bool] = (
        and_(*(seen >= rules.ENOUGH for _yes, seen in _counts(basis))) if basis.camps else literal(False)
    )
    product: ColumnElement[float] = literal(1.0)
    for one in shares:
        product = product * one
    weight = case((known, product), else_=_priority())
    # One column: the parts of a condition joined by AND would each divide the rows.
    sort = case((known, 1), else_=0)
    rank = func.row_number().over(partition_by=sort, order_by=[weight.desc(), AgoraPost.id])
    place = case(
        (known, rank + cast(func.floor((rank - 1) / (rules.YOUNG_PLACE - 1)), Integer)),
        else_=rank * rules.YOUNG_PLACE,
    )
    return [place, known.desc()]


def list_arguments(
    debate_id: int, account_id: int | None, narrowed: Narrowed, basis: Basis, page: int
) -> tuple[list[Thread], int]:
    """A page of arguments with their replies, and how many there are. Three queries, whatever their number."""
    wanted = [
        AgoraPost.debate_id == debate_id,
        AgoraPost.kind == ARGUMENT,
        AgoraPost.side != NOTE,
        _readable(account_id),
    ]
    if narrowed.side:
        wanted.append(AgoraPost.side == narrowed.side)
    if narrowed.position_id is not None:
        wanted.append(AgoraPost.parent_id == narrowed.position_id)
    total = db.session.scalar(select(func.count(AgoraPost.id)).where(*wanted)) or 0
    posts = db.session.scalars(
        select(AgoraPost)
        .where(*wanted)
        .options(*with_author())
        .order_by(*_order(narrowed, basis))
        .limit(PAGE_SIZE)
        .offset((page - 1) * PAGE_SIZE)
    ).all()
    return with_replies(posts, account_id), total


def with_replies(posts: Sequence[AgoraPost], account_id: int | None, page: int = 1) -> list[Thread]:
    """Arguments with a page of their replies, oldest first, and how many they have; in one query."""
    threads = {post.id: Thread(post) for post in posts}
    if threads:
        rank = func.row_number().over(
            partition_by=AgoraPost.parent_id, order_by=(AgoraPost.created_at, AgoraPost.id)
        )
        total = func.count().over(partition_by=AgoraPost.parent_id)
        ranked = (
            select(AgoraPost.id, rank.label("rank"), total.label("total"))
            .where(AgoraPost.parent_id.in_(list(threads)), AgoraPost.kind == REPLY, _readable(account_id))
            .subquery()
        )
        rows = db.session.execute(
            select(AgoraPost, ranked.c.total)
            .join(ranked, ranked.c.id == AgoraPost.id)
            .where(ranked.c.rank.between((page - 1) * REPLIES + 1, page * REPLIES))
            .options(*with_author())
            .order_by(AgoraPost.created_at, AgoraPost.id)
        )
        for reply, many in rows:
            thread = threads[reply.parent_id or 0]
            thread.replies.append(reply)
            thread.total = many
    return list(threads.values())


def page_of_reply(reply: AgoraPost, account_id: int | None) -> int:
    """On which page of its argument's replies one stands."""
    before = tuple_(AgoraPost.created_at, AgoraPost.id) < (reply.created_at, reply.id)
    wanted = select(func.count(AgoraPost.id)).where(
        AgoraPost.parent_id == reply.parent_id, AgoraPost.kind == REPLY, _readable(account_id), before
    )
    return (db.session.scalar(wanted) or 0) // REPLIES + 1


def get_post(post_id: int, *, lock: bool = False) -> AgoraPost:
    """Something written in a debate, with its author. Raises NotFound."""
    wanted = select(AgoraPost).where(AgoraPost.id == post_id).execution_options(populate_existing=True)
    found = db.session.scalar(wanted.with_for_update() if lock else wanted.options(*with_author()))
    if found is None:
        raise NotFound
    return found


def author_account(post: AgoraPost) -> int | None:
    """The account that wrote it; None once the archive has forgotten it."""
    return account_of(post.participant_id)


def account_of(participant_id: int) -> int | None:
    """The account behind a participant; None once the archive has forgotten it."""
    return db.session.scalar(select(AgoraParticipant.account_id).where(AgoraParticipant.id == participant_id))


def list_own_judgements(participant_id: int) -> Sequence[AgoraJudgement]:
    """Everything somebody said about arguments, locked, in the order of the arguments: nobody waits in a circle."""
    return db.session.scalars(
        select(AgoraJudgement)
        .where(AgoraJudgement.participant_id == participant_id)
        .order_by(AgoraJudgement.post_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    ).all()


def find_sent(participant_id: int, form_key: str) -> AgoraPost | None:
    """What a form has already made."""
    return db.session.scalar(
        select(AgoraPost).where(AgoraPost.participant_id == participant_id, AgoraPost.form_key == form_key)
    )


def list_similar(debate_id: int, body: str, side: str, limit: int = 3) -> list[AgoraPost]:
    """The visible arguments of the same side that say nearly the same, the likest first."""
    words = rules.stems(body)
    if len(words) < rules.FEWEST_STEMS:
        return []
    query = func.to_tsquery("simple", " | ".join(words))
    found = db.session.scalars(
        select(AgoraPost)
        .where(AgoraPost.debate_id == debate_id, AgoraPost.kind == ARGUMENT, AgoraPost.side == side)
        .where(is_standing(), AgoraPost.search_vector.op("@@")(query))
        .options(*with_author())
        .order_by(func.ts_rank(AgoraPost.search_vector, query).desc(), AgoraPost.id)
        .limit(CANDIDATES)
    ).all()
    scored = [(rules.likeness(words, post.stems.split()), post) for post in found]
    alike = [(score, post) for score, post in scored if score >= rules.ALIKE]
    return [post for _score, post in sorted(alike, key=lambda pair: (-pair[0], pair[1].id))][:limit]


def list_judgements(post_ids: Iterable[int], participant_id: int | None) -> dict[int, int]:
    """What somebody said about arguments, by argument."""
    if participant_id is None:
        return {}
    rows = db.session.execute(
        select(AgoraJudgement.post_id, AgoraJudgement.value).where(
            AgoraJudgement.participant_id == participant_id, AgoraJudgement.post_id.in_(list(post_ids))
        )
    )
    return dict(rows.all())

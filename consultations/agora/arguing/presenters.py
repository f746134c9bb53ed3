"""What a debate's page shows of its arguments, made once for page and swap."""

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask import g, request
from flask_babel import gettext as _

from civic import numbers
from civic.extensions import db
from civic.format import day, ngettext, percent
from civic.organisations import acting
from civic.text import render_plain
from consultations.agora.arguing import policy, queries, rules
from consultations.agora.arguing.labels import (
    CAMPS,
    JUDGEMENTS,
    ORDERS,
    SIDE_TONES,
    SIDES,
    STANCES,
    group_inside,
)
from consultations.agora.arguing.models import AgoraParticipant, AgoraPost
from consultations.agora.models import AgoraDebate
from consultations.agora.rules import State, state_of
from consultations.agora.tending import queries as tending
from consultations.agora.tending.policy import can_tend_debate, can_tend_post
from consultations.agora.tending.presenters import act_items, gap_words

#: What moderators did, shown on the debate's own page.
ACTS_SHOWN = 3

#: Parts of the address that say which arguments are shown, in which order.
PARTS = ("side", "position", "order", "seed", "page", "positions_page", "notes_page")


@dataclass(frozen=True)
class Standing:
    """What the arguments of a debate are ordered by, and what of it the reader may see."""

    participants: int
    basis: rules.Basis
    #: whether the reader sees where others stand: not before they have said it themselves, where that is the rule
    sees_others: bool

    @property
    def ordered(self) -> bool:
        """Whether there are enough participants for an order by judgements."""
        return self.participants >= rules.PARTICIPANTS_FOR_ORDER


def author(post: AgoraPost) -> dict[str, Any]:
    """By what name a post is shown, and for whom it speaks."""
    participant = post.participant
    if participant.meeting is not None:
        held = day(participant.meeting.starts_at)
        return {
            "name": _("At the workshop of %(day)s", day=held),
            "badge": "",
            "card": None,
            "meeting": participant.meeting.id,
        }
    name = participant.pseudonym or (participant.account.public_name if participant.account else "")
    badge = f"{post.function}, {post.department.name}" if post.function and post.department else ""
    card = acting.card_of(post.organisation) if post.organisation is not None else None
    return {"name": name or _("Former account"), "badge": badge, "card": card, "meeting": None}


def item(
    post: AgoraPost, one: AgoraDebate, standing: Standing, order: str, mine: int | None, now: datetime
) -> dict[str, Any]:
    """One argument, reply or note as its template needs it."""
    own = g.actor.id is not None and post.participant.account_id == g.actor.id
    shown = post.state != "hidden"
    return {
        "post": post,
        **author(post),
        "own": own,
        "held": post.state == "held",
        "hidden": post.hidden_reason,
        "body": render_plain(post.body) if shown else "",
        "source": post.source if shown else "",
        "side": SIDES.get(post.side, ""),
        "tone": SIDE_TONES.get(post.side, "blue"),
        "mine": mine,
        "can_judge": policy.can_judge(g.actor, post, one, own, now),
        "why": why_here(post, standing, order),
        "folded": post.folded_reason if shown else "",
        "can_tend": can_tend_post(g.actor, post, post.participant.account_id, one, now),
        "merged": [],
        "replies": [],
        "replies_total": 0,
    }


def similar_item(post: AgoraPost, one: AgoraDebate, now: datetime) -> dict[str, Any]:
    """An argument that says nearly the same as one about to be published, and whether it can be supported."""
    own = g.actor.id is not None and post.participant.account_id == g.actor.id
    return {"post": post, **author(post), "can_judge": policy.can_judge(g.actor, post, one, own, now)}


def why_here(post: AgoraPost, standing: Standing, order: str) -> list[str]:
    """Why an argument stands where it stands, in sentences."""
    if order == "newest" or (order == "divisive" and not standing.basis.camps):
        return [_("The newest arguments come first.")]
    if order == "random":
        return [_("The order is drawn by chance.")]
    tally = queries.tally_of(post, standing.basis.by_groups)
    if order == "divisive":
        return [
            _("First come the arguments about which the camps differ most."),
            *_camp_lines(tally, standing),
        ]
    if rules.is_known(tally, standing.basis.camps):
        first = (
            _(
                "First come the arguments that convince every opinion group, not those that convince one large group."
            )
            if standing.basis.by_groups
            else _(
                "First come the arguments that convince every camp, not those that convince one large camp."
            )
        )
        return [first, *_camp_lines(tally, standing)]
    if standing.basis.by_groups:
        return [
            _(
                "Not every opinion group has judged it often enough so far. Every third place is kept for such arguments."
            )
        ]
    judged = ngettext(
        "Too few people have judged it so far (%(num)s). Every third place is kept for such arguments.",
        "Too few people have judged it so far (%(num)s). Every third place is kept for such arguments.",
        tally.seen,
    )
    return [judged]


def basis_words(standing: Standing, order: str) -> str:
    """Who is told apart in the order that is shown; nothing where nobody is."""
    if order not in ("default", "divisive") or not standing.basis.camps:
        return ""
    if standing.basis.by_groups:
        return _("The groups are those found in the votes on statements, as they were a few minutes ago.")
    return _("The camps are those who are for, the undecided and those who are against.")


def _camp_lines(tally: rules.Tally, standing: Standing) -> list[str]:
    if not standing.sees_others:
        return [_("How each camp judged it you see once you have said where you stand.")]
    return [
        _(
            "It convinces %(share)s of %(camp)s (%(yes)s of %(seen)s).",
            share=percent(camp.yes / camp.seen), yes=camp.yes, seen=camp.seen,
            camp=group_inside(number) if standing.basis.by_groups else CAMPS[number],
        )
        for number in standing.basis.camps
        if (camp := tally.camps.get(number, rules.Camp())).seen >= rules.ENOUGH
    ]  # fmt: skip


def standing_of(
    one: AgoraDebate, participant: AgoraParticipant | None, stances: Mapping[int | None, int], now: datetime
) -> Standing:
    """What the order of a debate's arguments goes by. One query, and none below the number of participants."""
    total = sum(stances.values())
    enough = total >= rules.PARTICIPANTS_FOR_ORDER
    said = participant is not None and participant.stance is not None
    return Standing(
        participants=total,
        basis=queries.basis_of(one.id) if enough else rules.Basis(),
        sees_others=said
        or not one.stances_first
        or state_of(one, now) != State.OPEN
        or policy.is_official(g.actor),
    )


def read_narrowed() -> queries.Narrowed:
    """Which arguments the address asks for; what is not in our lists is left out."""
    side, order = request.args.get("side", ""), request.args.get("order", "")
    return queries.Narrowed(
        side=side if side in rules.SIDES else "",
        position_id=numbers.whole_number(request.args.get("position")),
        order=order if order in rules.ORDERS else "default",
        seed=request.args.get("seed", "")[:16],
    )


def here() -> dict[str, Any]:
    """The parts of the address that lead back to the same arguments."""
    return {name: request.args[name] for name in PARTS if request.args.get(name)}


def _items(
    threads: Sequence[queries.Thread], one: AgoraDebate, standing: Standing, order: str,
    participant: AgoraParticipant | None, now: datetime,
) -> list[dict[str, Any]]:  # fmt: skip
    mine = queries.list_judgements(
        [each.post.id for each in threads], participant.id if participant else None
    )
    merged = tending.list_merged(each.post.id for each in threads)
    made = []
    for each in threads:
        shown = item(each.post, one, standing, order, mine.get(each.post.id), now)
        shown["replies_total"] = each.total
        shown["replies"] = [item(reply, one, standing, "newest", None, now) for reply in each.replies]
        shown["merged"] = [
            {"post": said, **author(said), "body": render_plain(said.body)}
            for said in merged.get(each.post.id, [])
        ]
        made.append(shown)
    return made


def stances_of(one: AgoraDebate, now: datetime) -> dict[int | None, int]:
    """How many stand where: as it is counted, or as it was when the archive forgot who."""
    if one.stances_kept is None:
        return queries.count_stances(one.id, now)
    return {int(stance) if stance else None: many for stance, many in one.stances_kept.items()}


def stance_rows(stances: Mapping[int | None, int]) -> list[dict[str, Any]]:
    """How many stand where, for the chart."""
    tones = {rules.FOR: "green", rules.UNDECIDED: "sand", rules.AGAINST: "rose"}
    return [
        {"label": STANCES[stance], "value": stances.get(stance, 0), "tone": tones[stance]}
        for stance in rules.STANCES
    ]


def arguments_context(one: AgoraDebate, now: datetime) -> dict[str, Any]:
    """Everything a debate's page shows of its arguments. As many queries whatever their number."""
    participant = queries.find_participant(one.id, g.actor.id)
    stances = stances_of(one, now)
    standing = standing_of(one, participant, stances, now)
    # Of a handful of people a sum would tell where each of them stands.
    declared = sum(stances.get(stance, 0) for stance in rules.STANCES)
    narrowed, page = read_narrowed(), numbers.page_number()
    if narrowed.order == "default" and not standing.ordered:
        shown_order = "newest"
    else:
        shown_order = narrowed.order
    asked = queries.Narrowed(narrowed.side, narrowed.position_id, shown_order, narrowed.seed)
    threads, total = queries.list_arguments(one.id, g.actor.id, asked, standing.basis, page)
    positions_page, notes_page = (
        numbers.page_number(parameter=f"{name}_page") for name in ("positions", "notes")
    )
    listed, positions_total = queries.list_positions(one.id, g.actor.id, positions_page)
    positions = [
        {**item(post, one, standing, "newest", None, now), "arguments": many} for post, many in listed
    ]
    notes, notes_total = queries.list_notes(one.id, g.actor.id, notes_page)
    bodies = {post.id: post.body for post in tending.list_positions(one.id)}
    acts, acts_total = tending.list_acts(one.id, 1, ACTS_SHOWN)
    return {
        "participant": participant,
        "standing": standing,
        "stances": stance_rows(stances) if standing.sees_others and declared >= rules.ENOUGH else [],
        "too_few_stances": declared < rules.ENOUGH,
        "stance_choices": list(STANCES.items()),
        "can_say_stance": policy.can_say_stance(g.actor, one, now),
        "can_write": policy.can_write(g.actor, one, now),
        "can_tend_debate": can_tend_debate(g.actor, one, now),
        "acts": act_items(acts),
        "acts_total": acts_total,
        "gap": gap_words(one.slow_minutes) if one.slow_minutes else "",
        "narrowed": narrowed,
        "order_words": ORDERS[shown_order],
        "basis_words": basis_words(standing, shown_order),
        "order_choices": [(name, ORDERS[name]) for name in rules.ORDERS],
        "side_choices": [("", _("All arguments")), *((name, SIDES[name]) for name in rules.SIDES)],
        "position_choices": [
            ("", _("The question and every position")), *bodies.items()
        ],
        "position_bodies": bodies,
        "positions": positions,
        "positions_total": positions_total,
        "positions_page": positions_page,
        "positions_pages": max(1, -(-positions_total // queries.POSITIONS)),
        "notes": [item(post, one, standing, "newest", None, now) for post in notes],
        "notes_page": notes_page,
        "notes_pages": max(1, -(-notes_total // queries.NOTES)),
        "notes_total": notes_total,
        "arguments": _items(threads, one, standing, shown_order, participant, now),
        "arguments_total": total,
        "arguments_page": page,
        "arguments_pages": max(1, -(-total // queries.PAGE_SIZE)),
        "judgement_choices": [(value, JUDGEMENTS[value]) for value in rules.JUDGEMENTS],
        "here": here(),
        # Whoever asks for an order by chance gets one of their own, the same on every page of it.
        "new_seed": secrets.token_hex(4),
        "narrowed_at_all": any(name in here() for name in ("side", "position", "order")),
    }  # fmt: skip


def judge_context(post: AgoraPost, mine: int | None = None) -> dict[str, Any]:
    """The buttons that say whether an argument convinces, for its page and for their own swap."""
    choices = [(value, JUDGEMENTS[value]) for value in rules.JUDGEMENTS]
    return {"post": post, "mine": mine, "judgement_choices": choices, "here": here()}


def post_context(post: AgoraPost, one: AgoraDebate, now: datetime) -> dict[str, Any]:
    """One post with its replies, for its own page."""
    participant = queries.find_participant(one.id, g.actor.id)
    standing = standing_of(one, participant, stances_of(one, now), now)
    order = read_narrowed().order
    if order == "default" and not standing.ordered:
        order = "newest"
    parent = db.session.get(AgoraPost, post.parent_id) if post.parent_id is not None else None
    parents = {parent.id: parent.body} if parent is not None and parent.state == "visible" else {}
    page = numbers.page_number(parameter="replies_page")
    shown = _items(queries.with_replies([post], g.actor.id, page), one, standing, order, participant, now)[0]
    return {
        "debate": one,
        "item": shown,
        "replies_page": page,
        "replies_pages": max(1, -(-shown["replies_total"] // queries.REPLIES)),
        "parent": parent,
        "position_bodies": parents,
        "can_write": policy.can_write(g.actor, one, now),
        **judge_context(post),
        "now": now,
    }

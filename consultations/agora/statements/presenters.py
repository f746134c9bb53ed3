"""What pages show of statements and opinions, made once for page and swap."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from flask import g
from flask_babel import gettext as _

from civic.format import ngettext, percent
from consultations.agora.arguing import queries as arguing
from consultations.agora.arguing.labels import group_name
from consultations.agora.arguing.models import AgoraParticipant
from consultations.agora.arguing.policy import is_official
from consultations.agora.models import AgoraDebate
from consultations.agora.rules import State, state_of
from consultations.agora.statements import drawing, policy, queries, rules
from consultations.agora.statements.labels import REFUSED, VOTES
from consultations.agora.statements.models import AgoraOpinions
from consultations.agora.statements.rules import AGREE, Share


def vote_context(one: AgoraDebate, now: datetime) -> dict[str, Any]:
    """The statement to vote on now, and how far one has come; for the page and its own swap."""
    participant = arguing.find_participant(one.id, g.actor.id)
    number = participant.id if participant else None
    voted, total = queries.count_votes(one.id, number), queries.count_statements(one.id)
    can_vote = policy.can_vote(g.actor, one, now)
    return {
        "debate": one,
        "can_vote": can_vote,
        "statement": queries.draw_next(one.id, number) if can_vote else None,
        **progress(voted, total),
        "vote_choices": [(value, VOTES[value]) for value in rules.VOTES],
    }


def progress(voted: int | str, total: int | str) -> dict[str, Any]:
    """How far somebody has come."""
    words = _("You have voted on %(voted)s of %(total)s statements.", voted=voted, total=total)
    return {"voted": voted, "total": total, "progress_words": words}


def page_context(one: AgoraDebate, now: datetime) -> dict[str, Any]:
    """Everything on the page of a debate's statements."""
    participant = arguing.find_participant(one.id, g.actor.id)
    voting = vote_context(one, now)
    own, added = queries.count_added(one.id, participant.id if participant else None)
    sees = (
        not one.stances_first
        or state_of(one, now) != State.OPEN
        or is_official(g.actor)
        or rules.has_voted_enough(voting["voted"], voting["total"])
    )
    return {
        **voting,
        "can_add": policy.can_add(g.actor, one, own, added, now),
        "sees": sees,
        "needed": max(1, min(rules.VOTES_BEFORE_OTHERS, voting["total"])),
        **(opinions_context(one, participant) if sees else {"opinions": None}),
    }


def shares_of(data: Mapping[str, Any], texts: Mapping[int, str]) -> dict[int, list[Share]]:
    """The votes of each group on each statement that is still public."""
    return {
        int(number): [Share(*counts) for counts in groups]
        for number, groups in data["statements"].items()
        if int(number) in texts
    }


def opinions_context(one: AgoraDebate, participant: AgoraParticipant | None) -> dict[str, Any]:
    """What all share, what divides, the groups, where the reader is and why. As many queries whatever the votes."""
    found = queries.find_opinions(one.id)
    if found is None:
        return {"opinions": None}
    texts = queries.list_texts(one.id)
    shares, stable = shares_of(found.data, texts), not found.refused
    place = queries.find_place(participant.id if participant else None)
    own = queries.list_own_votes(one.id, participant.id) if participant else {}
    data, agreed = found.data, rules.shared(shares)
    # Without groups much is both: what most agree with is not said a second time.
    apart = {number: each for number, each in shares.items() if stable or number not in agreed}
    return {
        "opinions": found,
        "stable": stable,
        "refused": REFUSED.get(found.refused, ""),
        "basis": _basis(found),
        "shared": [_line(texts[number], shares[number]) for number in agreed],
        "divisive": [_line(texts[number], shares[number]) for number in rules.divisive(apart)],
        "groups": _groups(found, texts, shares),
        "where": _where(found, place.group if place else None, own, texts, bool(place)),
        "drawing": drawing.draw(
            data["squares"], data["low"], data["side"], (place.x, place.y) if place else None
        ) if data["squares"] else None,
        "group_names": [group_name(number) for number in range(len(data["groups"]))],
    }  # fmt: skip


def _basis(found: AgoraOpinions) -> str:
    people = ngettext("%(num)s person", "%(num)s people", found.people)
    votes = ngettext("%(num)s vote", "%(num)s votes", found.votes)
    return _("Computed from %(votes)s of %(people)s.", votes=votes, people=people)


def _line(text: str, shares: Sequence[Share]) -> dict[str, Any]:
    """A statement with how much of each group agrees; of everybody, where there are no groups."""
    return {"text": text, "shares": [percent(one.agree / one.seen) if one.seen else "" for one in shares]}


def _groups(
    found: AgoraOpinions, texts: Mapping[int, str], shares: Mapping[int, Sequence[Share]]
) -> list[dict[str, Any]]:
    total = sum(group["size"] for group in found.data["groups"]) or 1
    made = []
    for number, group in enumerate(found.data["groups"]):
        stands = [
            _stands(texts[statement], side, shares[statement][number])
            for statement, side in group["stands_for"]
            if statement in texts
        ]
        made.append(
            {
                "name": group_name(number),
                "size": ngettext("%(num)s person", "%(num)s people", group["size"]),
                "share": percent(group["size"] / total),
                "stands_for": stands,
            }
        )
    return made


def _stands(text: str, side: int, share: Share) -> str:
    votes = share.agree if side == AGREE else share.disagree
    part = percent(votes / share.seen) if share.seen else ""
    if side == AGREE:
        return _("%(part)s agree: “%(text)s”", part=part, text=text)
    return _("%(part)s disagree: “%(text)s”", part=part, text=text)


def _where(
    found: AgoraOpinions, group: int | None, own: Mapping[int, int], texts: Mapping[int, str], placed: bool
) -> dict[str, Any]:
    """In which group the reader is, and the votes of theirs that put them there."""
    if not placed:
        return {
            "sentence": _("You are not in the drawing: your votes came after it, or you have not voted."),
            "why": [],
        }
    if found.refused:
        return {
            "sentence": _("You are the ringed place in the drawing; there are no groups to be in."),
            "why": [],
        }
    if group is None or group >= len(found.data["groups"]):
        return {"sentence": _("You have voted on too few statements to be in a group."), "why": []}
    why = [
        (_("You agree: “%(text)s”", text=texts[statement]) if side == AGREE else _(
            "You disagree: “%(text)s”", text=texts[statement]
        ))
        for statement, side in found.data["groups"][group]["stands_for"]
        if statement in texts and own.get(statement) == side
    ]  # fmt: skip
    return {"sentence": _("You are in: %(group)s.", group=group_name(group)), "why": why}

"""What pages and panels show about debates, made once for page and panel."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from flask import g, request, url_for
from flask_babel import gettext as _

from civic import links, numbers, tags, timeline
from civic.deadlines.labels import within
from civic.dimensions import LABELS as DIMENSIONS
from civic.format import count, day, deadline, ngettext, remaining
from civic.organisations import acting
from civic.places import queries as places
from civic.text import excerpt
from consultations.agora import policy, queries, rules
from consultations.agora.labels import STATES, TONES
from consultations.agora.models import AgoraDebate
from consultations.agora.rules import KIND, State, state_of


def when_sentence(one: AgoraDebate, now: datetime) -> str:
    """The one date that matters now."""
    state = state_of(one, now)
    if state == State.OPEN and one.closes_at is not None:
        return _(
            "You can argue until %(moment)s (%(left)s).",
            moment=deadline(one.closes_at), left=remaining(one.closes_at, now),
        )  # fmt: skip
    if rules.takes_objections(one, now) and one.objections_until is not None:
        return _("You can object to the summary until %(moment)s.", moment=deadline(one.objections_until))
    if state in (State.CLOSING, State.SUMMARISED) and one.obliged_at is None and one.closes_at is not None:
        return _("The arguments ended on %(day)s.", day=day(one.closes_at - timedelta(microseconds=1)))
    if state in (State.ANSWERED, State.ARCHIVED) and one.answered_at is not None:
        return _("The city hall answered on %(day)s.", day=day(one.answered_at))
    return owed_sentence(one, now)


def owed_sentence(one: AgoraDebate, now: datetime) -> str:
    """Until when the city hall owes its answer and by how much that is late; empty when it owes none."""
    if one.answer_due_at is None or one.answered_at is not None or one.hidden_at is not None:
        return ""
    if now <= one.answer_due_at:
        return _("The city hall answers until %(moment)s.", moment=deadline(one.answer_due_at))
    days = (now - one.answer_due_at) // timedelta(days=1) + 1
    return ngettext(
        "The city hall's answer is late by %(num)s day.",
        "The city hall's answer is late by %(num)s days.",
        days,
    )


def seconds_sentence(one: AgoraDebate, have: int) -> str:
    """How many ask for the answer, of how many needed."""
    if one.seconds_needed is None:
        return ""
    return ngettext(
        "%(num)s verified resident of the %(needed)s needed asks for the city hall's answer",
        "%(num)s verified residents of the %(needed)s needed ask for the city hall's answer",
        have, needed=one.seconds_needed,
    )  # fmt: skip


def cards(
    rows: Sequence[AgoraDebate], now: datetime, seconds: Mapping[int, int] | None = None
) -> list[dict[str, Any]]:
    """Debates in a list. `seconds` says how many ask for the answers where that is known already."""
    have = queries.count_seconds([one.id for one in rows]) if seconds is None else seconds
    made = []
    for one in rows:
        state = state_of(one, now)
        where = one.neighbourhood.name if one.neighbourhood else _("The whole city")
        asked = f"{seconds_sentence(one, have.get(one.id, 0))}." if rules.takes_seconds(one, now) else ""
        made.append(
            {
                "title": one.question,
                "url": url_for("agora.show", debate_id=one.id),
                "meta": f"{DIMENSIONS[one.dimension]} · {where}",
                "text": " ".join(
                    part for part in (excerpt(one.why, 140), asked, when_sentence(one, now)) if part
                ),
                "state": STATES[state],
                "tone": TONES[state],
            }
        )
    return made


def read_filters(states: Iterable[State]) -> queries.Filters:
    """The address's filters; what is not in our lists is left out."""
    area = places.find_neighbourhood_by_slug(request.args.get("area", ""))

    def known(name: str, values: Iterable[str]) -> str:
        value = request.args.get(name, "")
        return value if value in set(values) else ""

    return queries.Filters(
        text=request.args.get("q", "").strip()[:200],
        state=known("state", states),
        dimension=known("dimension", DIMENSIONS),
        neighbourhood_id=area.id if area else None,
        concerns=tags.known(request.args.get("concerns", "")),
    )


def list_context(now: datetime, *, everything: bool = False) -> dict[str, Any]:
    """The list, for everyone or with what waits for a moderator and what was hidden."""
    states = [state for state in State if state in rules.PUBLIC or (everything and state != State.DRAFT)]
    filters, page = read_filters(states), numbers.page_number()
    rows, total = queries.list_debates(filters, now, page, everything=everything)
    return {
        "filters": filters,
        "args": request.args,
        "rows": rows,
        "cards": cards(rows, now),
        "late": {one.id: owed_sentence(one, now) for one in rows},
        "total": total,
        "page": page,
        "pages": max(1, -(-total // queries.PAGE_SIZE)),
        "concerns_choices": tags.choices(),
        "state_choices": [("", _("All stages")), *((state, STATES[state]) for state in states)],
        "dimension_choices": [("", _("All dimensions")), *DIMENSIONS.items()],
        "area_choices": [
            ("", _("The whole city")), *((area.slug, area.name) for area in places.list_neighbourhoods())
        ],
    }  # fmt: skip


def held_tiles(now: datetime) -> list[dict[str, str]]:
    """What came of the debates so far, in figures; nothing before the first one has ended."""
    found = queries.count_held(now)
    if not found.held:
        return []
    figures = (
        (found.held, _("debates held to their end")),
        (found.vulnerable, _("of them in disadvantaged neighbourhoods")),
        (found.answered, _("with an official answer")),
        (found.became, _("became a delivery or a consultation")),
    )
    return [{"value": count(number), "label": words} for number, words in figures]


def opener(one: AgoraDebate) -> dict[str, Any]:
    """Who opened it: the city hall, an organisation with its card, or a resident by their name."""
    if one.origin == "city":
        return {"name": _("The city hall"), "card": None}
    if one.organisation_id is not None:
        return {"name": "", "card": acting.cards([one.organisation_id]).get(one.organisation_id)}
    return {"name": (one.account.public_name if one.account else "") or _("Former account"), "card": None}


def _strip(one: AgoraDebate, now: datetime) -> list[dict[str, Any]]:
    """The steps of a debate for the phase strip; none before it is open."""
    if one.opened_at is None or one.closes_at is None:
        return []
    state = state_of(one, now)
    due = _("until %(moment)s", moment=deadline(one.answer_due_at)) if one.answer_due_at else ""
    contest = (
        _("objections until %(moment)s", moment=deadline(one.objections_until))
        if one.objections_until
        else ""
    )
    over = state == State.ARCHIVED
    #: name, what is said of it, the state in which it is going on, whether it is behind
    steps = [
        (
            _("Arguments"),
            _("until %(moment)s", moment=deadline(one.closes_at)),
            State.OPEN,
            now >= one.closes_at,
        ),
        (
            _("Summary"),
            contest,
            State.CLOSING,
            one.objections_until is not None and now >= one.objections_until,
        ),
        (
            _("Official answer"),
            day(one.answered_at) if one.answered_at else due,
            State.SUMMARISED,
            one.answered_at is not None,
        ),
        (_("Archive"), day(one.archived_at) if one.archived_at else "", State.ARCHIVED, False),
    ]
    return [
        {"name": name, "text": text, "state": "now" if state == at else "done" if behind else "next"}
        for name, text, at, behind in steps
        # What was archived without a step has no such step behind it.
        if not over or behind or at == State.ARCHIVED
    ]


def detail_context(one: AgoraDebate, now: datetime) -> dict[str, Any]:
    """Everything on the page of one debate that is not its arguments."""
    state, mine = state_of(one, now), queries.has_seconded(one.id, g.actor.person_id)
    have = queries.count_seconds([one.id]).get(one.id, 0)
    return {
        "debate": one,
        "state": state,
        "state_name": STATES[state],
        "tone": TONES[state],
        "dimension": DIMENSIONS[one.dimension],
        "concerns": tags.rows(one),
        "opener": opener(one),
        "about": links.find_listed(one.subject_kind, one.subject_id) if one.subject_id is not None else None,
        "when": when_sentence(one, now),
        "owed": owed_sentence(one, now),
        "rule": within(one.answer_version) if one.answer_version else "",
        "strip": _strip(one, now),
        "seconds": have,
        "seconds_words": seconds_sentence(one, have),
        "seconding": rules.takes_seconds(one, now),
        "seconded": mine,
        "can_second": policy.can_second(g.actor, one, mine, now),
        "can_edit": policy.can_edit(g.actor, one, now),
        "can_manage": policy.can_manage(g.actor),
        "can_restore": one.hidden_at is not None and policy.can_restore(g.actor, one.account_id),
        "is_author": policy.is_author(g.actor, one),
        "is_public": state in rules.PUBLIC,
        "events": timeline.list_events(KIND, one.id),
        "chain": links.chain(KIND, one.id),
        "now": now,
    }


def resolve(ids: Iterable[int]) -> dict[int, links.Link]:
    """Public debates as they are named elsewhere."""
    return {
        one.id: links.Link(KIND, one.id, one.question, url_for("agora.show", debate_id=one.id), _("Debate"))
        for one in queries.list_by_ids(ids).values()
    }


def resolve_hidden(ids: Iterable[int]) -> dict[int, links.Link]:
    """Debates that were public and are hidden, as links to the page that says why; without their words."""
    return {
        one.id: links.Link(
            KIND, one.id, _("Hidden by a moderator"), url_for("agora.show", debate_id=one.id), _("Debate")
        )
        for one in queries.list_by_ids(ids, public=False).values()
        if one.hidden_at is not None and one.opened_at is not None
    }

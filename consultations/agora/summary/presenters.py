"""What pages show of a summary, made once for residents and staff."""

from datetime import datetime
from typing import Any

from flask import g
from flask_babel import gettext as _

from civic.text import excerpt, render_plain
from consultations.agora.arguing import queries as arguing
from consultations.agora.arguing.queries import Narrowed
from consultations.agora.models import AgoraDebate
from consultations.agora.summary import policy, queries, rules
from consultations.agora.summary.labels import SECTIONS
from consultations.agora.summary.models import AgoraObjection

#: Arguments offered to whoever writes a summary, of each order.
OFFERED = 10


def _sections(debate_id: int) -> list[dict[str, Any]]:
    """The sentences by section, numbered through, without the sections that have none."""
    sentences = queries.list_sentences(debate_id)
    numbered: dict[str, list[dict[str, Any]]] = {section: [] for section in rules.SECTIONS}
    number = 0
    for section in rules.SECTIONS:
        for one in sentences:
            if one.section == section:
                number += 1
                cited = [each.post_id for each in one.citations]
                numbered[section].append({"sentence": one, "number": number, "cited": cited})
    return [{"title": SECTIONS[name], "rows": rows} for name, rows in numbered.items() if rows]


def _objection(one: AgoraObjection, numbers: dict[int, int]) -> dict[str, Any]:
    author = one.participant
    name = author.pseudonym or (author.account.public_name if author.account else "")
    return {
        "objection": one,
        "name": name or _("Former account"),
        "about": numbers.get(one.sentence_id) if one.sentence_id is not None else None,
        "body": render_plain(one.text) if one.state != "hidden" else "",
        "hidden": one.state == "hidden",
        "held": one.state == "held",
        "own": g.actor.id is not None and author.account_id == g.actor.id,
    }


def summary_context(one: AgoraDebate, now: datetime, *, draft: bool = False) -> dict[str, Any]:
    """The published summary with its objections; nothing before it is published, unless the draft is asked for."""
    if one.summary_at is None and not draft:
        return {"summary": [], "objections": [], "can_object": None}
    sections = _sections(one.id)
    participant = arguing.find_participant(one.id, g.actor.id)
    number = participant.id if participant else None
    numbers = {row["sentence"].id: row["number"] for section in sections for row in section["rows"]}
    return {
        "summary": sections,
        "objections": [_objection(each, numbers) for each in queries.list_objections(one.id, number)],
        "can_object": policy.can_object(g.actor, one, queries.has_objected(one.id, number), now),
    }


def sentence_choices(one: AgoraDebate) -> list[tuple[str, str]]:
    """What an objection can be about."""
    rows = [row for section in _sections(one.id) for row in section["rows"]]
    left_out = _("What the summary leaves out")
    return [
        ("", left_out),
        *((str(row["sentence"].id), f"{row['number']}. {excerpt(row['sentence'].text, 80)}") for row in rows),
    ]


def offered(debate_id: int) -> list[tuple[str, str]]:
    """Arguments for whoever writes the summary: what convinces every camp, what divides them, the newest."""
    basis = arguing.basis_of(debate_id)
    found: dict[int, str] = {}
    for order in ("default", "divisive", "newest"):
        threads, _total = arguing.list_arguments(debate_id, None, Narrowed(order=order), basis, 1)
        for thread in threads[:OFFERED]:
            if thread.post.state == "visible":
                found.setdefault(thread.post.id, f"{thread.post.id}. {excerpt(thread.post.body, 120)}")
    return [(str(number), words) for number, words in found.items()]

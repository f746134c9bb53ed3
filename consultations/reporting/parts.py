"""Parts of a report taken from questionnaires, debates and the text, as everyone may read them."""

from datetime import datetime
from typing import Any

from flask import url_for

from civic.actor import ANONYMOUS
from civic.text import render_plain
from civic.textdiff import collapse_same, diff_texts
from consultations.debates import presenters as debating
from consultations.debates import queries as debates
from consultations.drafting import comparing
from consultations.drafting import queries as drafting
from consultations.questionnaires import policy as questioning
from consultations.questionnaires import queries as questionnaires
from consultations.questionnaires import results, words
from consultations.questionnaires.models import Questionnaire

#: Changed places of the text that a report shows; the rest is a page away.
MOST_CHANGES = 60


def questionnaire_parts(consultation_id: int, now: datetime, language: str) -> list[dict[str, Any]]:
    """Every questionnaire with its counts, or with the reason why they are not shown: the same for every reader."""
    return [
        _questionnaire(one, now, language) for one in questionnaires.list_of_consultation(consultation_id)
    ]


def _questionnaire(one: Questionnaire, now: datetime, language: str) -> dict[str, Any]:
    decision = questioning.can_see_results(ANONYMOUS, one, False, now)
    return {
        "title": one.told("title", language),
        "decision": decision,
        "sentence": results.sentence(one),
        "told": [
            {"row": row, "question": words.told(row.item.words)} for row in results.told_results(one)
        ] if decision else [],
        "url": url_for(
            "questionnaire_results.show", consultation_id=one.consultation_id, questionnaire_id=one.id
        ),
    }  # fmt: skip


def text_part(consultation_id: int, most: int = MOST_CHANGES) -> dict[str, Any] | None:
    """What changed from the text as it was announced to the newest one; None while there is one edition."""
    editions = drafting.list_editions(consultation_id)
    if len(editions) < 2:
        return None
    before, after = editions[-1], editions[0]
    total = len(comparing.difference(before, after).keys)
    editions_asked: dict[str, Any] = {"from": before.number, "to": after.number}
    return {
        "before": before,
        "after": after,
        "notes": [one for one in reversed(editions) if one.note],
        "total": total,
        "changes": [
            {"old": one.old, "new": one.new, "kind": one.kind}
            for one in comparing.changes(before, after, 0, most)
        ],
        "more": max(0, total - most),
        "url": url_for("drafting.changes", consultation_id=consultation_id, **editions_asked),
    }  # fmt: skip


def change_paragraphs(old: str, new: str) -> list[list[tuple[str, str]]]:
    """One changed place, paragraph by paragraph, without what stayed."""
    return [one for one in collapse_same(diff_texts(old, new), around=0) if not isinstance(one, int)]


def debate_part(consultation_id: int, now: datetime) -> dict[str, Any]:
    """Who asked for a public debate, and each debate with how many came."""
    asked, held = debates.list_requests(consultation_id), debates.list_debates(consultation_id)
    return {
        "requests": debating.request_rows(asked, held, now),
        "debates": [
            {**row, "minutes_text": render_plain(row["debate"].minutes_text)}
            for row in debating.debate_rows(held, now)
        ],
    }

"""What the pages of a draft's text show."""

import re
import secrets
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from flask import g, url_for
from flask_babel import gettext as _

from civic.actor import Actor
from civic.format import ngettext
from civic.text import excerpt, render_plain
from consultations.contributions.labels import UNREAD
from consultations.contributions.rules import SEEN_BY_NOBODY
from consultations.drafting import comparing, policy, queries
from consultations.drafting.models import Annotation, Edition
from consultations.drafting.queries import PAGE_SECTIONS, PER_PAGE, Row
from consultations.drafting.rules import DEPTHS
from consultations.drafting.wording import plain
from consultations.models import Consultation
from consultations.policy import can_contribute

#: Changes on one page of the comparison of two editions.
CHANGES = 50
_ARTICLE = re.compile(r"(?:art\.?|articolul)\s*[\dIVXLC]+(?:\^\d+)?\.?", re.IGNORECASE)


def headings(kinds: set[str]) -> dict[str, int]:
    """The level of HTML heading for each kind of heading that a text has, from 2 on without a gap.

    >>> headings({"chapter", "article"})
    {'chapter': 2}
    """
    present = [kind for kind in ("title", "chapter", "subsection") if kind in kinds]
    return {kind: level for level, kind in enumerate(present, 2)}


def contents(edition: Edition) -> list[dict[str, Any]]:
    """The table of contents: short words, depth, and on which page of the text each is."""
    return [
        {
            "key": key,
            "depth": DEPTHS[kind],
            "kind": kind,
            "words": excerpt(words, 70 if kind == "article" else 150),
            "page": position // PAGE_SECTIONS + 1,
        }
        for key, position, kind, words in queries.list_contents(edition.id)
    ]


def article_of(text: str) -> str:
    """What an article begins with and is quoted by: "Art. 3."."""
    found = _ARTICLE.match(text)
    return found.group() if found else ""


def text_context(one: Consultation, edition: Edition | None, page: int, now: datetime) -> dict[str, Any]:
    """One page of the text. As many queries whatever the number of sections and remarks."""
    editions = queries.list_editions(one.id)
    current = editions[0] if editions else None
    shown = edition or current
    if shown is None:
        return {"consultation": one, "edition": None, "editions": []}
    is_current = current is not None and shown.id == current.id
    listed = contents(shown)
    total = queries.count_sections(shown.id)
    can_annotate = policy.can_annotate(g.actor, one, now)
    counts = queries.count_by_section(one.id) if is_current else {}
    return {
        "consultation": one,
        "edition": shown,
        "editions": editions,
        "is_current": is_current,
        "rows": queries.list_sections(shown.id, page),
        "counts": counts,
        # Said once for each number: a page has thousands of paragraphs and few different numbers.
        "beside": {number: beside_words(number) for number in set(counts.values())},
        "lost": queries.count_lost(one.id) if is_current and len(editions) > 1 else 0,
        "marked": queries.count_marked(one.id) if is_current and len(editions) > 1 else 0,
        "contents": listed,
        "levels": headings({entry["kind"] for entry in listed}),
        "page": page,
        "pages": max(1, -(-total // PAGE_SECTIONS)),
        "section_base": url_for("drafting.section", consultation_id=one.id, key=0)[:-1],
        "can_annotate": can_annotate,
        "receives": can_contribute(one, now),
        "form_key": secrets.token_hex(8),
        "article_of": article_of,
    }


def beside_words(number: int) -> str:
    """How many remarks stand beside a paragraph, as its link says."""
    return ngettext("%(num)s remark", "%(num)s remarks", number)


def _tombstone(annotation: Annotation) -> dict[str, str]:
    """What stands instead of a remark that is not read here: who took it off, by function, and the reason given."""
    reason = annotation.contribution.hidden_reason
    if annotation.state == "held" or not (reason or annotation.state == "hidden"):
        return {"hidden_by": "", "hidden_reason": ""}
    if reason == SEEN_BY_NOBODY:
        return {"hidden_by": _("Not shown yet."), "hidden_reason": str(UNREAD)}
    if annotation.state == "hidden":
        by = _("Hidden by a moderator.")
        reason = reason or _("It broke the rules of the conversation.")
    else:
        by = _("Taken off by the council staff who keep the register.")
    return {"hidden_by": by, "hidden_reason": _("The reason: %(reason)s", reason=reason)}


def _words_now(annotation: Annotation, text: str) -> str:
    """The words a remark stands beside now where they are not those it was written about; else empty."""
    words = text[annotation.start : annotation.end]
    if annotation.is_lost or not words or plain(words) == plain(annotation.quote):
        return ""
    return words


def item(
    annotation: Annotation, mine: int, one: Consultation, now: datetime, text: str = ""
) -> dict[str, Any]:
    """An annotation as the page shows it; `text` is how the newest edition words its section."""
    entry = annotation.contribution
    return {
        "id": annotation.id,
        "annotation": annotation,
        "author_id": annotation.author_id,
        "author": (annotation.author.public_name if annotation.author is not None else "")
        or _("Former account"),
        "at": annotation.created_at,
        "said": render_plain(annotation.body),
        **_tombstone(annotation),
        "held": annotation.state == "held",
        "reference": entry.reference,
        "mine": mine,
        "words_now": _words_now(annotation, text),
        "can_judge_place": annotation.is_marked and bool(policy.can_judge_place(g.actor, annotation)),
        "can_take_side": policy.can_take_side(g.actor, annotation, one, now),
    }


def _items(
    rows: Sequence[Annotation], actor: Actor, one: Consultation, now: datetime
) -> list[dict[str, Any]]:
    mine = queries.list_stances([row.id for row in rows], actor.id)
    current = queries.current_edition(one.id)
    texts = queries.list_texts(current.id, [row.key for row in rows]) if current is not None else {}
    return [item(row, mine.get(row.id, 0), one, now, texts.get(row.key, "")) for row in rows]


def section_context(one: Consultation, key: int, page: int, now: datetime) -> dict[str, Any] | None:
    """A section with what stands beside it; None when no edition has it. One that is gone is shown as it was."""
    found = queries.find_section(one.id, key)
    if found is None:
        return None
    section, edition, is_current = found
    rows, total = queries.list_annotations(one.id, key, g.actor.id, page)
    return {
        "consultation": one,
        "edition": edition,
        "section": section,
        "is_current": is_current,
        "text_page": section.position // PAGE_SECTIONS + 1,
        "items": _items(rows, g.actor, one, now),
        "total": total,
        "page": page,
        "pages": -(-total // PER_PAGE),
        "can_annotate": policy.can_annotate(g.actor, one, now),
    }


def lost_context(one: Consultation, page: int, now: datetime) -> dict[str, Any]:
    """What was written about passages that are not in the text any more."""
    rows, total = queries.list_lost(one.id, g.actor.id, page)
    return {
        "consultation": one,
        "items": _items(rows, g.actor, one, now),
        "total": total,
        "page": page,
        "pages": -(-total // PER_PAGE),
    }


def moved_context(one: Consultation, page: int, now: datetime) -> dict[str, Any]:
    """What stands where it was found by likeness or with doubt."""
    rows, total = queries.list_marked(one.id, g.actor.id, page)
    return {
        "consultation": one,
        "items": _items(rows, g.actor, one, now),
        "total": total,
        "page": page,
        "pages": -(-total // PER_PAGE),
    }


def changes_context(one: Consultation, before: Edition, after: Edition, page: int) -> dict[str, Any]:
    """What changed between two editions, section by section; the older one is the one before, however asked."""
    if (before.number or 0) > (after.number or 0):
        before, after = after, before
    found = comparing.difference(before, after)
    pages = max(1, -(-len(found.keys) // CHANGES))
    page = min(page, pages)
    return {
        "consultation": one,
        "before": before,
        "after": after,
        "editions": queries.list_editions(one.id),
        "changes": comparing.changes(before, after, (page - 1) * CHANGES, CHANGES),
        "total": len(found.keys),
        "page": page,
        "pages": pages,
        "unchanged": found.unchanged,
    }


def preview_rows(edition: Edition, page: int) -> list[Row]:
    """A page of the edition being prepared."""
    return queries.list_sections(edition.id, page, queries.PREVIEW_SECTIONS)

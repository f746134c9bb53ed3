"""What pages show of moderators' acts, made once for the debate's page and the whole record."""

from collections.abc import Sequence
from typing import Any

from flask import g, url_for
from flask_babel import gettext as _

from civic import numbers
from civic.format import ngettext
from civic.policy import Action, may
from consultations.agora.models import AgoraDebate
from consultations.agora.tending import queries, rules
from consultations.agora.tending.labels import DONE
from consultations.agora.tending.models import AgoraAct

_HOUR = 60


def gap_words(minutes: int) -> str:
    """How long somebody waits between two texts: "15 minutes", "6 hours"."""
    if minutes % _HOUR:
        return ngettext("%(num)s minute", "%(num)s minutes", minutes)
    return ngettext("%(num)s hour", "%(num)s hours", minutes // _HOUR)


def _sentence(act: AgoraAct) -> str:
    if act.kind == rules.SLOW:
        gap = gap_words(act.changed["minutes"])
        return _("The debate was slowed down: %(gap)s between two texts of a person", gap=gap)
    return str(DONE[act.kind])


def act_items(acts: Sequence[AgoraAct]) -> list[dict[str, Any]]:
    """Acts as the timeline of a page shows them, each with its reason and, where it was undone, why."""
    undoes = may(g.actor, Action.MODERATE)
    return [
        {
            "id": act.id,
            "at": act.at,
            "sentence": _sentence(act),
            "role": "moderator",
            "reason": act.reason,
            "about": url_for("arguing.post", post_id=act.post_id) if act.post_id is not None else "",
            "other": url_for("arguing.post", post_id=act.into_id) if act.kind == rules.SPLIT else "",
            "undone_at": act.undone_at,
            "undone_reason": act.undone_reason,
            "undo": url_for("tending.undo", act_id=act.id) if undoes and act.undone_at is None else "",
        }
        for act in acts
    ]


def record_context(one: AgoraDebate) -> dict[str, Any]:
    """A page of everything moderators did in a debate."""
    page = numbers.page_number()
    acts, total = queries.list_acts(one.id, page)
    return {
        "debate": one,
        "acts": act_items(acts),
        "total": total,
        "page": page,
        "pages": max(1, -(-total // queries.PAGE_SIZE)),
    }

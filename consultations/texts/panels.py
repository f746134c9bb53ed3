"""What the texts of questionnaires put on shared pages, and what holds the report back because of them."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from flask import g, url_for
from flask_babel import gettext as _

from civic.format import ngettext
from civic.moderation.labels import REASONS
from civic.navigation import Panel
from civic.policy import Action, may
from consultations.contributions.models import Theme
from consultations.models import Consultation
from consultations.texts import queries

#: Texts shown on a theme's page.
SHOWN = 5


def gate(one: Consultation, _now: datetime) -> Sequence[str]:
    """The report waits while a registered text is in no answered theme, and while texts are still coming in."""
    said = []
    if queries.is_incomplete(one.id):
        said.append(
            _(
                "Answers to questionnaires are still being put together: this takes a few minutes after the end."
            )
        )
    waiting = queries.standing(one.id).waiting
    if waiting:
        said.append(
            ngettext(
                "%(num)s text from questionnaires is under no theme with a published answer.",
                "%(num)s texts from questionnaires are under no theme with a published answer.",
                waiting,
            )
        )
    return said


def of_staff(context: dict[str, Any]) -> Panel | None:
    """The page of those who lead a consultation: how many texts wait for their theme and its answer."""
    if not may(g.actor, Action.VIEW_CONSULTATIONS):
        return None
    one: Consultation = context["consultation"]
    standing = queries.standing(one.id)
    if not standing.total:
        return None
    return Panel("texts/_panel_staff.html", {"consultation": one, "standing": standing}, position=31)


def of_theme(context: dict[str, Any]) -> Panel | None:
    """A theme's page: what questionnaires say under it."""
    theme: Theme = context["theme"]
    mine = queries.Filters(theme_id=theme.id)
    total = queries.count(theme.consultation_id, mine)
    lines = queries.list_lines(theme.consultation_id, mine).rows[:SHOWN] if total else []
    values = {"theme": theme, "lines": lines, "total": total, "reasons": REASONS}
    return Panel("texts/_panel_theme.html", values) if total else None


def put(task: Any) -> tuple[object, str, str]:
    """What came of putting many texts under a theme, and where they are."""
    moved, stayed = task.result.get("moved", 0), task.result.get("stayed", 0)
    said = [ngettext("%(num)s text changed.", "%(num)s texts changed.", moved)]
    if stayed:
        said.append(
            ngettext(
                "%(num)s was answered with its theme and stays there.",
                "%(num)s were answered with their theme and stay there.",
                stayed,
            )
        )
    at = {"consultation_id": task.params["consultation"]}
    if task.params["theme"] is None:
        return (
            _("Texts under no theme"),
            url_for("staff_survey_texts.index", state="unthemed", **at),
            " ".join(said),
        )
    place = url_for("staff_contributions.theme", theme_id=task.params["theme"], **at)
    return _("See the theme"), place, " ".join(said)


def compared(task: Any) -> tuple[object, str] | None:
    """Where a finished comparison leads."""
    return _("See the proposed groups"), url_for(
        "staff_survey_texts.groups", consultation_id=task.params["consultation"]
    )

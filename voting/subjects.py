"""How projects look from elsewhere: as links of a chain, and on the home page."""

from collections.abc import Iterable
from typing import Any

from flask import g, request, url_for
from flask_babel import lazy_gettext as _

from civic import clock
from civic.links import Link
from civic.navigation import Panel
from voting import policy, queries


def resolve_projects(ids: Iterable[int]) -> dict[int, Link]:
    """Links of projects whose round is public."""
    return {
        project.id: Link(
            "project",
            project.id,
            project.title,
            url_for("voting.project", slug=slug, code=project.code),
            _("Project on the ballot"),
        )
        for project, slug in queries.list_public_projects(list(ids))
    }


def home_panel(context: dict[str, Any]) -> Panel | None:
    """What the home page says of an open vote: until when, and the one button."""
    now = context.get("now") or clock.now()
    round_ = queries.find_voting_round(now)
    if round_ is None:
        return None
    passage = policy.vote_gate(round_, queries.plan_of(round_), now)
    if not passage:
        return None
    phase = policy.voting_phase(round_)
    return Panel(
        "voting/_home_panel.html",
        {
            "round": round_,
            "closes_at": phase.ends_at if phase else None,
            "actor": g.actor,
            "path": request.path,
        },
        position=10,
    )

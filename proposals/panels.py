"""What proposals put on shared pages, and how others link to them."""

from collections.abc import Iterable
from typing import Any

from flask import Flask, g, url_for
from flask_babel import gettext
from flask_babel import lazy_gettext as _l

from civic import clock, links
from civic.activity.registry import Told, register_told
from civic.navigation import NavLink, Panel, add_link, add_panel
from civic.policy import Action, may
from civic.search.registry import Searched, register_searched
from proposals import labels, policy, queries
from proposals.evaluation import queries as evaluations
from proposals.models import Proposal
from proposals.rules import is_public, was_hidden


def resolve_links(ids: Iterable[int]) -> dict[int, links.Link]:
    """Public proposals as links; the others are left out."""
    return {
        one.id: links.Link(
            "proposal",
            one.id,
            one.title,
            url_for("proposals.show", proposal_id=one.id),
            _l("Proposal"),
        )
        for one in queries.list_for_links(ids)
        if is_public(one.state, one.published_at is not None)
    }


def resolve_hidden(ids: Iterable[int]) -> dict[int, links.Link]:
    """Proposals that were public and are hidden, as links to the page that says why; without their words."""
    return {
        one.id: links.Link(
            "proposal",
            one.id,
            gettext("Hidden by a moderator"),
            url_for("proposals.show", proposal_id=one.id),
            _l("Proposal"),
        )
        for one in queries.list_for_links(ids)
        if was_hidden(one.state, one.published_at is not None)
    }


def today(_context: dict[str, Any]) -> Panel:
    """Home: propose something, and the newest proposals."""
    return Panel(
        "proposals/_panel_today.html",
        {"decision": policy.can_start(g.actor), "rows": queries.list_latest(3), "labels": labels},
        position=30,
    )


def neighbourhood(context: dict[str, Any]) -> Panel | None:
    """A neighbourhood's page: its proposals."""
    area = context.get("neighbourhood")
    if area is None:
        return None
    return Panel(
        "proposals/_panel_neighbourhood.html",
        {
            "area": area,
            "rows": queries.list_latest(6, area.id),
            "total": queries.count_public(area.id),
            "labels": labels,
        },
        position=20,
    )


def account(_context: dict[str, Any]) -> Panel | None:
    """An account's page: my proposals."""
    if g.actor.id is None:
        return None
    mine = queries.list_mine(g.actor.id)
    return Panel(
        "proposals/_panel_account.html", {"proposals": mine[:5], "total": len(mine), "labels": labels}
    )


def staff(_context: dict[str, Any]) -> Panel | None:
    """The staff's home: analyses and appeals that wait."""
    now, queues = clock.now(), []
    if may(g.actor, Action.VIEW_EVALUATIONS):
        own = (
            None if may(g.actor, Action.MANAGE_PROPOSALS) or not g.actor.departments else g.actor.departments
        )
        waiting, late = evaluations.count_waiting(own, now)
        queues.append((_l("Technical analysis"), url_for("evaluation.queue"), waiting, late))
        waiting, late = evaluations.count_open_appeals(now)
        queues.append((_l("Appeals"), url_for("evaluation.appeals"), waiting, late))
    return Panel("proposals/_panel_staff.html", {"queues": queues}, position=20) if queues else None


def bind(app: Flask) -> None:
    """Hang the links and panels of the feature."""
    links.register_subject("proposal", resolve_links, resolve_hidden)
    register_searched(Searched("proposal", _l("Proposals"), queries.having_words, 10, "proposals.index"))
    register_told(
        Told(
            "proposal",
            _l("Proposals"),
            Proposal,
            queries.is_public,
            10,
            area="neighbourhood_id",
            always="budgeting",
        )
    )
    add_link(app, "header", NavLink(_l("Proposals"), "proposals.index", position=20))
    add_link(
        app,
        "staff",
        NavLink(
            _l("Take into analysis"),
            "evaluation.take_list",
            30,
            Action.MANAGE_PROPOSALS,
            prefix="evaluation.take",
        ),
    )
    add_link(
        app,
        "staff",
        NavLink(
            _l("Technical analysis"),
            "evaluation.queue",
            31,
            Action.VIEW_EVALUATIONS,
            prefix="evaluation.queue",
        ),
    )
    add_link(
        app,
        "staff",
        NavLink(_l("Appeals"), "evaluation.appeals", 32, Action.VIEW_EVALUATIONS, prefix="evaluation.appeal"),
    )
    add_link(
        app,
        "staff",
        NavLink(
            _l("Reasons for rejection"),
            "evaluation.reasons",
            33,
            Action.MANAGE_PROPOSALS,
            prefix="evaluation.reason",
        ),
    )
    add_panel(app, "home.today", today)
    add_panel(app, "neighbourhood", neighbourhood)
    add_panel(app, "account", account)
    add_panel(app, "staff.home", staff)

"""The public pages: every edition, and one edition with its dates, money, ballot, rules and history."""

from typing import Any

from flask import Blueprint, current_app, g, render_template, url_for
from flask_babel import gettext as _

from civic import clock, timeline
from civic.files.views import file_url
from civic.navigation import render_panels
from civic.numbers import page_number
from civic.page_cache import shared_by_strangers
from civic.policy import public
from civic.rounds import contributions, queries, rules, words
from civic.rounds.models import Round
from civic.rounds.rules_registry import find_rule
from civic.text import excerpt, render_markdown, render_plain

blueprint = Blueprint("rounds", __name__, url_prefix="/rounds")


@blueprint.get("")
@public
@shared_by_strangers
def index() -> str:
    """Every edition, newest first."""
    now = clock.now()
    found = queries.list_public_rounds(page_number())
    cards = [
        {
            "round": round_,
            "text": excerpt(round_.summary),
            "kind": words.kind_name(round_),
            "money": None if round_.asks else words.total_money(round_),
            "state": _card_state(round_, now),
            "open": bool(rules.current_phases(round_.phases, now)),
        }
        for round_ in found.items
    ]
    return render_template("rounds/index.html", cards=cards, found=found, breadcrumbs=[(_("Editions"), None)])


def _card_state(round_: Round, now: Any) -> str:
    if round_.kind == "recorded":
        return _("Recorded election")
    current = rules.current_phases(round_.phases, now)
    if current:
        return str(words.PHASE_NAMES[current[-1]])
    coming = rules.next_deadline(round_.phases, now)
    if coming:
        return _("Upcoming")
    return _("This ballot has ended") if round_.asks else _("This edition has ended")


@blueprint.get("/<slug>")
@public
@shared_by_strangers
def show(slug: str) -> str:
    """One edition: where it stands, what can be done now, and everything it promised."""
    round_ = queries.round_with_documents(slug)
    return render_template("rounds/show.html", **page_context(round_, clock.now()))


def page_context(round_: Round, now: Any) -> dict[str, Any]:
    """What the page of an edition is made of."""
    plan = queries.plan_facts(round_)
    rule = find_rule(round_.counting_rule)
    kinds = [*reversed(rules.current_phases(round_.phases, now))]
    if round_.results_at is not None and "results" not in kinds:
        kinds.append("results")
    actions = [
        action
        for kind in kinds
        if (action := contributions.find_action(kind, round_, g.actor, now)) is not None
    ]
    return {
        "round": round_,
        "now": now,
        "summary": render_plain(round_.summary),
        "regulation": render_markdown(round_.regulation),
        "strip": words.phase_strip(round_, now, contributions.find_figure),
        "dates": words.phase_rows(round_, now),
        "actions": actions,
        "panels": render_panels(current_app, "round", {"round": round_, "now": now}),
        "total": words.total_money(round_),
        "pots": [(pot, words.pot_audience(pot)) for pot in round_.pots],
        "groups": [(group, words.group_sentences(group, round_.currency)) for group in round_.groups],
        "audience": words.audience_phrase(round_),
        "advisory": words.advisory_note() if round_.asks else "",
        "eligibility": words.eligibility_sentences(round_, plan.everyones_ages),
        "costs": words.cost_sentences(round_),
        "rule": rule,
        "counting": words.counting_sentences(round_),
        "publication": words.publication_sentence(round_),
        "documents": [
            (document, words.document_name(document.kind), file_url(document.file))
            for document in round_.documents
        ],
        "events": timeline.list_events("round", round_.id),
        "next_step": words.next_step(round_, now),
        "comparison": comparison(round_),
        "breadcrumbs": [(_("Editions"), url_for("rounds.index")), (round_.name, None)],
    }


def comparison(round_: Round) -> dict[str, Any] | None:
    """This edition beside the earlier ones; None for the first, or for a recorded election."""
    if round_.kind != "city" or round_.asks:
        return None
    editions = queries.list_editions(before=round_)
    if len(editions) < 2:
        return None
    return {
        "editions": [(edition, words.total_money(edition)) for edition in editions],
        "columns": contributions.columns_of(editions),
    }

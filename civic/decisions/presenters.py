"""What pages show about decisions."""

from collections.abc import Iterable
from typing import Any

from flask import request, url_for
from flask_babel import gettext as _

from civic import links, numbers, tags, timeline
from civic.decisions import labels, queries, rules
from civic.decisions.models import CouncilDecision
from civic.dimensions import DIMENSIONS, LABELS
from civic.files.views import file_url
from civic.format import day
from civic.imports.queries import source_names
from civic.navigation import Panel

KIND = "decision"


def name_of(decision: CouncilDecision) -> str:
    """Its short name: `HCL 47/2024`."""
    return rules.short_name(decision.kind, decision.number, decision.year)


def when(decision: CouncilDecision) -> str:
    """Its day, or its year where the source gives no more."""
    return day(decision.adopted_on) if decision.adopted_on else str(decision.year)


def list_context(*, drafts: bool = False) -> dict[str, Any]:
    """The register with the filters of the address; `drafts` is the list of those who keep it."""
    here = "decisions_staff.index" if drafts else "decisions.index"
    kind, dimension = request.args.get("kind", ""), request.args.get("dimension", "")
    filters = queries.Filters(
        text=request.args.get("q", "").strip()[:200],
        kind=kind if kind in rules.KINDS else "",
        year=numbers.whole_number(request.args.get("year"), 9999),
        dimension=dimension if dimension in DIMENSIONS else "",
        concerns=tags.known(request.args.get("concerns", "")),
        drafts=drafts,
    )
    year, _dash, number = request.args.get("after", "").partition("-")
    place = (numbers.whole_number(year, 9999), numbers.whole_number(number))
    after = (place[0], place[1]) if place[0] is not None and place[1] is not None else None
    rows = queries.list_decisions(filters, after)
    shown = rows[: queries.PAGE_SIZE]
    kept: dict[str, Any] = {key: request.args[key] for key in _FILTERS if request.args.get(key)}
    further = f"{shown[-1].year}-{shown[-1].id}" if len(rows) > len(shown) else None
    return {
        "filters": filters,
        "rows": [(one, name_of(one), when(one)) for one in shown],
        "total": queries.count_decisions(filters),
        "kinds": [("", _("All kinds")), *labels.KINDS.items()],
        "years": [("", _("All years")), *((year, str(year)) for year in queries.list_years())],
        "labels": labels,
        "dimension_choices": [("", _("All dimensions")), *LABELS.items()],
        "dimensions": LABELS,
        "concerns_choices": tags.choices(),
        "here": url_for(here),
        "further": url_for(here, **kept, after=further) if further else None,
        "first": url_for(here, **kept) if after else None,
    }


_FILTERS = ("q", "kind", "year", "dimension", "concerns")


def origins(decision: CouncilDecision) -> list[links.Link]:
    """What the decision came from or led to elsewhere on this site."""
    chain = links.chain(KIND, decision.id)
    return [link for link in chain if (link.kind, link.id) != (KIND, decision.id)]


def origin_address(decision: CouncilDecision) -> str:
    """The address of what it came from, as staff write it."""
    return next((link.url for link in origins(decision)), "")


def detail_context(decision: CouncilDecision) -> dict[str, Any]:
    """Everything on the page of one decision."""
    return {
        "decision": decision,
        "name": name_of(decision),
        "when": when(decision),
        "state_name": labels.STATES[decision.state],
        "tone": labels.TONES[decision.state],
        "dimension": LABELS[decision.dimension] if decision.dimension else None,
        "concerns": tags.rows(decision),
        "register": labels.REGISTERS[decision.register] if decision.register else None,
        "files": [(one, file_url(one.file)) for one in queries.list_files(decision.id)],
        "origins": origins(decision),
        "events": [
            {"at": event.at, "sentence": event.sentence, "role": event.role, "reason": event.reason}
            for event in timeline.list_events(KIND, decision.id)
        ],
        "source": source_names([decision.source_id]).get(decision.source_id or 0, ""),
        "relations": [
            (
                labels.RELATIONS[kind, acts],
                name_of(other),
                other.title,
                url_for("decisions.show", decision_id=other.id),
                relation,
            )
            for kind, acts, other, relation in queries.list_relations(decision.id)
        ],
        "labels": labels,
    }


def consultation(context: dict[str, Any]) -> Panel | None:
    """The page of a consultation: the decisions that came from it."""
    led_to = [link for link in links.chain("consultation", context["consultation"].id) if link.kind == KIND]
    return Panel("decisions/_panel_consultation.html", {"decisions": led_to}, position=15) if led_to else None


def resolve(ids: Iterable[int]) -> dict[int, links.Link]:
    """Decisions as other features meet them."""
    return {
        one.id: links.Link(
            KIND, one.id, name_of(one), url_for("decisions.show", decision_id=one.id), labels.KINDS[one.kind]
        )
        for one in queries.list_by_ids(ids)
    }

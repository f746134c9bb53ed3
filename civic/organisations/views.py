"""What everyone reads: the registry, its table, and an organisation's page."""

import csv
import io
from collections.abc import Iterator
from datetime import datetime
from typing import Any

from flask import Blueprint, Response, current_app, g, render_template, request, stream_with_context, url_for
from flask_babel import gettext as _

from civic import clock, numbers, timeline
from civic.errors import NotFound
from civic.navigation import panels
from civic.organisations import acting, labels, policy, queries, rules
from civic.organisations.models import Organisation, OrganisationMember
from civic.organisations.queries import KIND, Filters
from civic.page_cache import shared_by_strangers
from civic.places.queries import list_neighbourhoods
from civic.policy import Action, may, public
from civic.security import is_fragment
from civic.text import clean_line, plain_cell

blueprint = Blueprint("organisations", __name__, url_prefix="/organisations")

_FILTERS = ("q", "form", "minority", "area")
#: The table's first line; machines read it, so it is in one language.
_COLUMNS = (
    "id", "name", "legal_form", "registration_number", "tax_code", "state", "minority", "areas", "website", "email",
    "phone", "description", "verified_on", "url",
)  # fmt: skip


def read_filters() -> Filters:
    """The address's filters; what is not in our lists is left out."""
    form, minority = request.args.get("form", ""), request.args.get("minority", "")
    slug = request.args.get("area", "")
    return Filters(
        text=clean_line(request.args.get("q", ""))[:200],
        legal_form=form if form in list(rules.LegalForm) else "",
        minority=minority if minority in rules.MINORITIES else "",
        neighbourhood_id=next((one.id for one in list_neighbourhoods() if one.slug == slug), None)
        if slug
        else None,
    )


def _list_context() -> dict[str, Any]:
    chosen = read_filters()
    counts = queries.count_by_form(chosen)
    total = counts.get(chosen.legal_form, 0) if chosen.legal_form else sum(counts.values())
    pages = max(1, -(-total // queries.PAGE_SIZE))
    page = min(numbers.page_number(), pages)
    kept: dict[str, Any] = {key: value for key, value in request.args.items() if value and key in _FILTERS}
    return {
        "chosen": chosen,
        "rows": queries.list_public(chosen, page) if total else [],
        "counts": [
            (label, url_for("organisations.index", **{**kept, "form": str(form)}), counts[form])
            for form, label in labels.LEGAL_FORMS.items()
            if counts.get(form)
        ],
        "total": total,
        "page": page,
        "pages": pages,
        "areas": [(one.slug, one.name) for one in list_neighbourhoods()],
        "area": request.args.get("area", ""),
        "csv": url_for("organisations.table", **kept),
        "labels": labels,
    }


@blueprint.get("")
@public
@shared_by_strangers
def index() -> str:
    """The registry: every verified organisation, by name, form, minority and area."""
    template = "organisations/_results.html" if is_fragment() else "organisations/index.html"
    return render_template(template, **_list_context())


@blueprint.get("/registry.csv")
@public
def table() -> Response:
    """The registry as a table, with the filters of the page, written as it is read."""
    response = Response(stream_with_context(_lines(read_filters())), mimetype="text/csv")
    response.headers["Content-Disposition"] = 'attachment; filename="organisations.csv"'
    return response


def _lines(chosen: Filters) -> Iterator[str]:
    yield "\ufeff" + _line(_COLUMNS)
    for one in queries.every_public(chosen):
        yield _line(
            (
                str(one.id), one.name, one.legal_form, one.registration_number, one.tax_code, one.state,
                one.minority or "", "; ".join(place.name for place in one.areas), one.website, one.public_email,
                one.public_phone, one.description, _day(one.verified_at),
                current_app.config["SETTINGS"].base_url + f"/organisations/{one.id}",
            )
        )  # fmt: skip


def _day(moment: datetime | None) -> str:
    return clock.city_date(moment).isoformat() if moment else ""


def _line(cells: tuple[str, ...]) -> str:
    buffer = io.StringIO()
    csv.writer(buffer).writerow([plain_cell(cell) for cell in cells])
    return buffer.getvalue()


def get_visible(organisation_id: int) -> tuple[Organisation, OrganisationMember | None]:
    """The organisation and the actor's membership, if the actor may know of it, else NotFound."""
    organisation = queries.get_organisation(organisation_id)
    member = queries.find_member(organisation.id, g.actor.id)
    if not policy.can_see(g.actor, organisation, member):
        raise NotFound
    return organisation, member


@blueprint.get("/<int:organisation_id>")
@public
@shared_by_strangers
def show(organisation_id: int) -> str:
    """One organisation: who it is, where it works, what happened, what it took part in."""
    organisation, member = get_visible(organisation_id)
    inside = member is not None or may(g.actor, Action.VIEW_ORGANISATIONS)
    check = queries.find_open_check(organisation.id)
    return render_template(
        "organisations/show.html",
        organisation=organisation,
        member=member,
        check=check if inside else None,
        next_step={"sentence": _("The city hall's answer"), "deadline": check.due_at} if check else None,
        refused=_refused_change(organisation) if inside and check is None else None,
        people=[
            (person.public_name, row.role)
            for row, person in queries.list_members(organisation.id)
            if row.shown
        ],
        events=timeline.list_events(KIND, organisation.id),
        panels=panels(current_app, KIND, {"organisation": organisation, "actor": g.actor}),
        card=acting.card_of(organisation),
        public=organisation.state in rules.PUBLIC,
        labels=labels,
    )


def _refused_change(organisation: Organisation) -> Any:
    """The last check, when it was a change that the city hall has not verified."""
    last = next((one for one in queries.list_checks(organisation.id)), None)
    refused = (
        last is not None and last.outcome == rules.Outcome.REFUSED and organisation.verified_at is not None
    )
    return last if refused else None

"""The city's reference data, for administrators."""

from collections.abc import Callable
from typing import Any

from flask import Blueprint, Response, flash, g, make_response, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response as AnyResponse

from civic import clock
from civic.errors import DomainError
from civic.places import queries, service
from civic.places.forms import CategoryForm, DepartmentForm, NeighbourhoodForm
from civic.policy import Action, requires
from civic.unit_of_work import writes

blueprint = Blueprint("city", __name__, url_prefix="/staff/city")


@blueprint.get("")
@requires(Action.ADMINISTER)
def index() -> str:
    """Neighbourhoods, departments and domains, each with its way to change it."""
    return render_template(
        "places/staff_index.html",
        neighbourhoods=queries.list_neighbourhoods(),
        departments=queries.list_departments(),
        categories=queries.list_categories(),
    )


def _page(form: Any, heading: str) -> Response:
    body = render_template("places/staff_form.html", form=form, heading=heading)
    return make_response(body, 422 if request.method == "POST" else 200)


def _saved() -> AnyResponse:
    flash(_("Saved."), "success")
    return redirect(url_for("city.index"), code=303)


@blueprint.route("/neighbourhoods/<slug>", methods=["GET", "POST"])
@requires(Action.ADMINISTER)
@writes
def neighbourhood(slug: str) -> AnyResponse:
    """Change a neighbourhood."""
    place = queries.get_neighbourhood(slug)
    form = NeighbourhoodForm(obj=place)
    if form.validate_on_submit():
        service.change_neighbourhood(
            g.actor, place, form.name.data, form.population.data, form.vulnerable.data, clock.now()
        )
        return _saved()
    return _page(form, _("Change the neighbourhood"))


@blueprint.route("/departments/new", methods=["GET", "POST"])
@requires(Action.ADMINISTER)
@writes
def new_department() -> AnyResponse:
    """Add a department."""
    form = DepartmentForm()

    def add() -> object:
        return service.add_department(g.actor, form.name.data, form.email.data or "", clock.now())

    return _added(form, form.name, add, _("Add a department"))


@blueprint.route("/departments/<slug>", methods=["GET", "POST"])
@requires(Action.ADMINISTER)
@writes
def department(slug: str) -> AnyResponse:
    """Change a department."""
    found = queries.get_department(slug)
    form = DepartmentForm(obj=found)
    if form.validate_on_submit():
        service.change_department(g.actor, found, form.name.data, form.email.data or "", clock.now())
        return _saved()
    return _page(form, _("Change the department"))


def _added(form: Any, field: Any, add: Callable[[], object], heading: str) -> AnyResponse:
    """Add what the form holds; what the name must not be is said beside the field that names it."""
    if form.validate_on_submit():
        try:
            add()
            return _saved()
        except DomainError as error:
            field.errors = [str(error.message)]
    return _page(form, heading)


def _category_values(form: CategoryForm) -> tuple[str, str, str, str, int | None]:
    return form.name_ro.data, form.name_en.data, form.icon.data, form.tint.data, form.position.data


@blueprint.route("/categories/new", methods=["GET", "POST"])
@requires(Action.ADMINISTER)
@writes
def new_category() -> AnyResponse:
    """Add a domain."""
    form = CategoryForm()

    def add() -> object:
        return service.add_category(g.actor, *_category_values(form), clock.now())

    return _added(form, form.name_ro, add, _("Add a domain"))


@blueprint.route("/categories/<slug>", methods=["GET", "POST"])
@requires(Action.ADMINISTER)
@writes
def category(slug: str) -> AnyResponse:
    """Change a domain."""
    found = queries.get_category(slug)
    form = CategoryForm(obj=found)
    if found.icon not in {one.value for one in form.icon.choices}:
        form.icon.choices = [*form.icon.choices, (found.icon, found.icon)]
    if form.validate_on_submit():
        service.change_category(g.actor, found, *_category_values(form), clock.now())
        return _saved()
    return _page(form, _("Change the domain"))

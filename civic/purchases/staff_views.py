"""Where staff keep purchases: by hand, one by one, and from which amount they are published."""

from typing import Any

from flask import Blueprint, flash, g, redirect, render_template, url_for
from flask_babel import gettext as _
from flask_wtf import FlaskForm
from werkzeug.wrappers import Response

from civic import clock, numbers
from civic.errors import Invalid
from civic.page_forms import take
from civic.places.queries import list_departments
from civic.policy import Action, requires
from civic.purchases import presenters, queries, service
from civic.purchases.forms import AmendmentForm, PurchaseForm, ThresholdForm
from civic.tracker.queries import list_by_ids
from civic.unit_of_work import writes

blueprint = Blueprint("purchases_staff", __name__, url_prefix="/staff/purchases")


@blueprint.get("")
@requires(Action.MANAGE_MONEY)
def index() -> str:
    """Every purchase, those below the threshold too."""
    context = presenters.list_context("purchases_staff.index", everything=True)
    return render_template("purchases/staff_index.html", **context)


def _form(**given: Any) -> PurchaseForm:
    form = PurchaseForm(**given)
    form.department_id.choices = [
        ("", _("not stated")),
        *((str(one.id), one.name) for one in list_departments()),
    ]
    return form


def _values(form: PurchaseForm) -> dict[str, Any]:
    """What was typed, with the delivery by its number. Raises Invalid when there is none."""
    values = {name: form[name].data for name in service.DETAILS if name in form}
    number = form.delivery.data
    if number is not None and not list_by_ids([number]):
        raise Invalid(_("There is no delivery with this number."))
    return {**values, "delivery_id": number}


@blueprint.route("/new", methods=["GET", "POST"])
@requires(Action.MANAGE_MONEY)
@writes
def create() -> Any:
    """A purchase entered by hand."""
    form = _form()
    if form.is_submitted():
        problem = take(
            form, "title", lambda: service.add_purchase(g.actor, _values(form), clock.now()),
            lambda status: (render_template("purchases/staff_new.html", form=form), status),
        )  # fmt: skip
        return problem or _done("purchases_staff.index", _("Added."))
    return render_template("purchases/staff_new.html", form=form)


def _done(endpoint: str, words: str, **values: Any) -> Response:
    flash(words, "success")
    return redirect(url_for(endpoint, **values), code=303)


def _page(purchase_id: int, status: int = 200, **bound: FlaskForm) -> tuple[str, int]:
    """The page of a purchase with both its forms; `bound` is the one that was sent."""
    purchase = queries.get_purchase(purchase_id)
    made: dict[str, Any] = {
        "form": bound.get("form")
        or _form(formdata=None, obj=purchase, data={"delivery": purchase.delivery_id}),
        "amendment": bound.get("amendment") or AmendmentForm(formdata=None, prefix="amendment-"),
        "wrong": next(iter(bound.values()), None),
    }
    if "form" not in bound:
        made["form"].delivery.data = purchase.delivery_id
    context = presenters.detail_context(purchase)
    return render_template("purchases/staff_edit.html", **context, **made), status


@blueprint.route("/<int:purchase_id>", methods=["GET", "POST"])
@requires(Action.MANAGE_MONEY)
@writes
def edit(purchase_id: int) -> Any:
    """Correct a purchase."""
    queries.get_purchase(purchase_id)
    form = _form()
    if not form.is_submitted():
        return _page(purchase_id)
    seen = numbers.whole_number(form.version.data) or 0
    problem = take(
        form, "title", lambda: service.edit_purchase(g.actor, purchase_id, seen, _values(form), clock.now()),
        lambda status: _page(purchase_id, status, form=form),
    )  # fmt: skip
    return problem or _done("purchases_staff.edit", _("Saved."), purchase_id=purchase_id)


@blueprint.post("/<int:purchase_id>/amendments")
@requires(Action.MANAGE_MONEY)
@writes
def amend(purchase_id: int) -> Any:
    """A change of the contract."""
    queries.get_purchase(purchase_id)
    form = AmendmentForm(prefix="amendment-")
    problem = take(
        form, "signed_on",
        lambda: service.add_amendment(
            g.actor, purchase_id, form.signed_on.data, form.amount_after.data, form.reason.data or "", clock.now()  # type: ignore[arg-type]
        ),
        lambda status: _page(purchase_id, status, amendment=form),
    )  # fmt: skip
    return problem or _done("purchases_staff.edit", _("Saved."), purchase_id=purchase_id)


@blueprint.post("/<int:purchase_id>/amendments/<int:amendment_id>/remove")
@requires(Action.MANAGE_MONEY)
@writes
def remove_amendment(purchase_id: int, amendment_id: int) -> Response:
    """Take out an amendment entered by mistake."""
    service.remove_amendment(g.actor, purchase_id, amendment_id, clock.now())
    return _done("purchases_staff.edit", _("Removed."), purchase_id=purchase_id)


@blueprint.route("/threshold", methods=["GET", "POST"])
@requires(Action.MANAGE_MONEY)
@writes
def threshold() -> Any:
    """From which amount purchases are published."""
    form = ThresholdForm()

    def page(status: int) -> tuple[str, int]:
        return render_template("purchases/threshold.html", form=form, rows=queries.list_thresholds()), status

    if not form.is_submitted():
        return page(200)
    problem = take(
        form, "basis",
        lambda: service.set_threshold(g.actor, form.since.data, form.amount.data, form.basis.data or "", clock.now()),  # type: ignore[arg-type]
        page,
    )  # fmt: skip
    return problem or _done("purchases_staff.threshold", _("Saved. The register follows at once."))

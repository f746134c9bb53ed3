"""Where staff keep the money of a delivery: one page, a form for each kind of change."""

from typing import Any

from flask import Blueprint, flash, g, redirect, render_template, url_for
from flask_babel import gettext as _
from flask_wtf import FlaskForm
from werkzeug.wrappers import Response

from civic import clock
from civic.decisions.presenters import name_of
from civic.decisions.queries import list_newest
from civic.page_forms import take
from civic.policy import Action, requires
from civic.text import excerpt
from civic.tracker import queries as tracker
from civic.tracker import service as tracker_service
from civic.tracker.funds import presenters, service
from civic.tracker.funds.forms import PaymentForm, RevisionForm, StatedForm
from civic.tracker.presenters import money_sentence
from civic.unit_of_work import writes

blueprint = Blueprint("tracker_funds", __name__, url_prefix="/staff/deliveries/<int:delivery_id>/money")

#: Decisions offered, the newest first.
OFFERED = 300


def _revision_form(**how: Any) -> RevisionForm:
    form = RevisionForm(prefix="revision-", **how)
    newest = [(str(one.id), f"{name_of(one)} {excerpt(one.title, 70)}") for one in list_newest(OFFERED)]
    form.decision_id.choices = [("", _("not in the list")), *newest]
    return form


def _page(delivery_id: int, status: int = 200, **bound: FlaskForm) -> tuple[str, int]:
    """The page with its three forms; `bound` is the one that was sent and could not be taken."""
    delivery = tracker.get_delivery(delivery_id)
    made: dict[str, Any] = {
        "stated": bound.get("stated") or StatedForm(formdata=None, obj=delivery, prefix="stated-"),
        "revision": bound.get("revision") or _revision_form(formdata=None),
        "payment": bound.get("payment") or PaymentForm(formdata=None, prefix="payment-"),
        "wrong": next(iter(bound.values()), None),
    }
    told = {"funds": presenters.context(delivery), "money_text": money_sentence(delivery)}
    return render_template("tracker/staff_money.html", delivery=delivery, **told, **made), status


def _done(delivery_id: int, words: str) -> Response:
    flash(words, "success")
    return redirect(url_for("tracker_funds.index", delivery_id=delivery_id), code=303)


@blueprint.get("")
@requires(Action.MANAGE_DELIVERIES)
def index(delivery_id: int) -> Any:
    """Everything about the money of one delivery."""
    return _page(delivery_id)


@blueprint.post("/stated")
@requires(Action.MANAGE_DELIVERIES)
@writes
def stated(delivery_id: int) -> Any:
    """The totals that documents state."""
    form = StatedForm(prefix="stated-")

    def save() -> None:
        service.record_contracted(g.actor, delivery_id, form.contracted.data, clock.now())
        tracker_service.record_spent(g.actor, delivery_id, form.spent.data, clock.now())

    problem = take(form, "spent", save, lambda status: _page(delivery_id, status, stated=form))
    return problem or _done(delivery_id, _("Saved."))


@blueprint.post("/revisions")
@requires(Action.MANAGE_DELIVERIES)
@writes
def revise(delivery_id: int) -> Any:
    """A new approved budget."""
    form = _revision_form()
    problem = take(
        form, "amount",
        lambda: service.revise_budget(
            g.actor, delivery_id, form.revised_on.data, form.amount.data, form.decision_id.data,  # type: ignore[arg-type]
            form.decision_text.data or "", form.reason.data or "", clock.now(),
        ),
        lambda status: _page(delivery_id, status, revision=form),
    )  # fmt: skip
    return problem or _done(delivery_id, _("The budget is revised and followers will be told."))


@blueprint.post("/payments")
@requires(Action.MANAGE_DELIVERIES)
@writes
def pay(delivery_id: int) -> Any:
    """A payment, or money that came back."""
    form = PaymentForm(prefix="payment-")
    problem = take(
        form, "amount",
        lambda: service.add_payment(
            g.actor, delivery_id, form.paid_on.data, form.amount.data, form.recovered.data,  # type: ignore[arg-type]
            form.document.data or "", form.reason.data or "", clock.now(),
        ),
        lambda status: _page(delivery_id, status, payment=form),
    )  # fmt: skip
    return problem or _done(delivery_id, _("Saved."))


@blueprint.post("/revisions/<int:revision_id>/remove")
@requires(Action.MANAGE_DELIVERIES)
@writes
def remove_revision(delivery_id: int, revision_id: int) -> Response:
    """Take out the last revision, entered by mistake."""
    service.take_back_revision(g.actor, delivery_id, revision_id, clock.now())
    return _done(delivery_id, _("Removed."))


@blueprint.post("/payments/<int:payment_id>/remove")
@requires(Action.MANAGE_DELIVERIES)
@writes
def remove_payment(delivery_id: int, payment_id: int) -> Response:
    """Take out a payment entered by mistake."""
    service.remove_payment(g.actor, delivery_id, payment_id, clock.now())
    return _done(delivery_id, _("Removed."))

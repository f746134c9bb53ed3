"""Saying whether a delivery is done, and answering those who say that it is not."""

from typing import Any

from flask import Blueprint, flash, g, redirect, render_template, url_for
from flask_babel import gettext as _

from civic import clock
from civic.errors import NotAllowed
from civic.extensions import limiter
from civic.files.service import store_upload
from civic.moderation.gate import presenters as gate
from civic.page_forms import take
from civic.policy import Action, enforce, requires
from civic.tracker import queries as tracker
from civic.tracker.checks import policy, queries, service
from civic.tracker.checks.forms import AnswerForm, CheckForm
from civic.tracker.models import Delivery
from civic.unit_of_work import writes

blueprint = Blueprint("tracker_checks", __name__, url_prefix="/deliveries")
staff = Blueprint("tracker_disputes", __name__, url_prefix="/staff/deliveries")

PER_NETWORK = "60 per hour"
#: Deliveries with disputes shown to staff.
QUEUE = 100


@blueprint.route("/<int:delivery_id>/check", methods=["GET", "POST"])
@requires(Action.COMMENT)
@limiter.limit(PER_NETWORK, methods=["POST"])
@writes
def check(delivery_id: int) -> Any:
    """A resident says whether it is done."""
    delivery, form = tracker.get_delivery(delivery_id), CheckForm()
    made: list[Any] = []
    if not form.is_submitted():
        return _check_page(delivery, form, 200)
    problem = take(
        form, "text", lambda: made.append(_said(delivery_id, form)),
        lambda status: _check_page(tracker.get_delivery(delivery_id), form, status),
    )  # fmt: skip
    if problem is not None:
        return problem
    if made[0].state == "held":
        words = gate.checked_until(service.CHECK, made[0].id)
    else:
        words = _("What you said stands below, under “Is it really done?”.")
    flash(_("Thank you.") + f" {words}", "success")
    return redirect(url_for("tracker.show", delivery_id=delivery_id), code=303)


def _check_page(delivery: Delivery, form: CheckForm, status: int) -> tuple[str, int]:
    said = queries.has_said(delivery.id, g.actor.id, delivery.status_since)
    decision = policy.can_check(g.actor, delivery, said)
    return render_template(
        "tracker/checks/check.html", delivery=delivery, form=form, decision=decision
    ), status


def _said(delivery_id: int, form: CheckForm) -> Any:
    delivery, now = tracker.get_delivery(delivery_id), clock.now()
    decision = policy.can_check(
        g.actor, delivery, queries.has_said(delivery_id, g.actor.id, delivery.status_since)
    )
    if not decision:  # before a photo is stored
        raise NotAllowed(decision.reason)
    upload = form.photo.data
    stored = None
    if getattr(upload, "filename", ""):
        stored = store_upload(upload, "image", g.actor, now, alt=form.alt.data or "")
    return service.say(
        g.actor,
        delivery_id,
        form.done.data == "yes",
        form.text.data or "",
        stored.id if stored else None,
        now,
    )


@staff.get("/disputes")
@requires(Action.VIEW_STAFF_AREA)
def index() -> str:
    """Works that residents dispute, for those who answer."""
    rows = queries.list_queue(g.actor, QUEUE)
    return render_template("tracker/checks/staff_index.html", rows=rows, now=clock.now())


@staff.route("/<int:delivery_id>/disputes", methods=["GET", "POST"])
@requires(Action.ANSWER_DISPUTES)
@writes
def answer(delivery_id: int) -> Any:
    """What residents dispute about one delivery, and the answer to them all."""
    delivery, form = tracker.get_delivery(delivery_id), AnswerForm()
    enforce(policy.can_answer(g.actor, delivery))
    if not form.is_submitted():
        return _answer_page(delivery_id, form, 200)
    problem = take(
        form, "text",
        lambda: service.answer(
            g.actor, delivery_id, form.outcome.data, form.text.data or "", form.new_end.data, clock.now()
        ),
        lambda status: _answer_page(delivery_id, form, status),
    )  # fmt: skip
    if problem is not None:
        return problem
    flash(_("Answered. Those who follow the work and those who disputed it will be told."), "success")
    return redirect(url_for("tracker_disputes.index"), code=303)


def _answer_page(delivery_id: int, form: AnswerForm, status: int) -> tuple[str, int]:
    delivery = tracker.get_delivery(delivery_id)
    return render_template(
        "tracker/checks/staff_answer.html", delivery=delivery, form=form, rows=queries.list_open(delivery_id),
        now=clock.now(),
    ), status  # fmt: skip

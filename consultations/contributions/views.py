"""Contributing, the receipt, and the public register."""

import csv
import io
import secrets
from collections.abc import Iterator
from typing import Any

from flask import (
    Blueprint,
    Response,
    flash,
    g,
    make_response,
    redirect,
    render_template,
    request,
    stream_with_context,
    url_for,
)
from flask_babel import gettext as _

from civic import clock
from civic.errors import Conflict, Invalid, NotFound
from civic.extensions import db, limiter
from civic.format import language
from civic.organisations import acting
from civic.policy import Action, public, requires
from civic.security import is_fragment
from civic.unit_of_work import writes
from consultations import policy as consultation_policy
from consultations import queries as consultations
from consultations.contributions import listing, policy, presenters, queries, reviewing, sending
from consultations.contributions.forms import ContributeForm, ReviewForm
from consultations.contributions.models import Contribution
from consultations.models import Consultation

#: Contributions and confirmations from one network; a library or a school stays well below it.
PER_NETWORK = "60 per hour"

blueprint = Blueprint("contributions", __name__)


def readable(consultation_id: int) -> Consultation:
    """An announced consultation; a draft has no register."""
    one = consultations.get_consultation(consultation_id)
    if one.announced_at is None or not consultation_policy.can_read(g.actor, one):
        raise NotFound
    return one


def _contribute_form() -> ContributeForm:
    filled = {"name": g.actor.display_name, "form_key": secrets.token_hex(12)}
    form = ContributeForm() if request.method == "POST" else ContributeForm(formdata=None, data=filled)
    if g.actor.is_authenticated:
        del form.email
    else:
        del form.files
    names = acting.names_to_choose(g.actor)
    if len(names) > 1:
        form.organisation_id.choices = names
        del form.organisation
    else:
        del form.organisation_id
    return form


def _message(form: ContributeForm) -> sending.Message:
    return sending.Message(
        name=form.name.data or "",
        body=form.body.data or "",
        title=form.title.data or "",
        shown_as=form.shown_as.data,
        organisation=form.organisation is not None and form.organisation.data,
        form_key=form.form_key.data or "",
        organisation_id=form.organisation_id.data if form.organisation_id is not None else None,
    )


@blueprint.route("/consultations/<int:consultation_id>/contribute", methods=["GET", "POST"])
@public
@limiter.limit(PER_NETWORK, methods=["POST"])
@writes
def contribute(consultation_id: int) -> Any:
    """Write a contribution: at once with an account, else after the link in a mail."""
    one, now = readable(consultation_id), clock.now()
    form, status = _contribute_form(), 200
    decision = policy.can_send(one, now)
    if form.is_submitted():
        status = 422
        if form.validate():
            try:
                return redirect(_send(one, form), code=303)
            except (Invalid, Conflict) as error:
                db.session.rollback()
                form.form_errors.append(str(error.message))
                status = error.status
    one = readable(consultation_id)
    late = one.closes_at is not None and now >= one.closes_at
    page = render_template(
        "contributions/contribute.html", form=form, consultation=one, decision=decision, late=late
    )
    return _private(make_response(page, status))


def _send(one: Consultation, form: ContributeForm) -> str:
    """Register or ask to confirm; where to go then."""
    now = clock.now()
    if g.actor.is_authenticated:
        uploads = form.files.data or []
        entry = sending.send(g.actor, one, _message(form), uploads, language(), now)
        flash(_("Registered under number %(reference)s.", reference=entry.reference), "success")
        return url_for("contributions.receipt", token=entry.token)
    sending.ask_to_confirm(one, _message(form), form.email.normalised, language(), now)
    return url_for("contributions.sent", consultation_id=one.id)


def _private(response: Response) -> Response:
    """Names and links that work for whoever has them are not for a shared computer's cache."""
    response.headers["Cache-Control"] = "no-store"
    return response


@blueprint.get("/consultations/<int:consultation_id>/contribute/sent")
@public
def sent(consultation_id: int) -> str:
    """After the form, for those without an account: open the link."""
    return render_template("contributions/sent.html", consultation=readable(consultation_id))


@blueprint.route("/contributions/confirm/<token>", methods=["GET", "POST"])
@public
@limiter.limit(PER_NETWORK, methods=["POST"])
@writes
def confirm(token: str) -> Any:
    """The link of the mail: a button, because programs that look at mail open links by themselves."""
    pending = sending.read_pending(token)
    if request.method == "POST":
        entry = sending.confirm(token, clock.now(), g.actor)
        flash(_("Registered under number %(reference)s.", reference=entry.reference), "success")
        return redirect(url_for("contributions.receipt", token=entry.token), code=303)
    if pending.contribution_id is not None:
        entry = queries.get_contribution(pending.contribution_id)
        return redirect(url_for("contributions.receipt", token=entry.token), code=303)
    one = consultations.get_consultation(pending.consultation_id)
    return _private(
        make_response(render_template("contributions/confirm.html", consultation=one, token=token))
    )


def _receipt_page(entry: Contribution, form: ReviewForm, status: int = 200) -> Response:
    shown, now = presenters.one_item(entry, whole=True), clock.now()
    answer = queries.find_answer(entry)
    review = queries.find_review(entry.id)
    page = render_template(
        "contributions/receipt.html",
        consultation=consultations.get_consultation(entry.consultation_id),
        entry=entry,
        item=shown,
        form=form,
        answered=answer is not None,
        can_ask=policy.can_ask_review(entry, answer, review, now),
    )
    return _private(make_response(page, status))


@blueprint.get("/contributions/receipt/<token>")
@public
def receipt(token: str) -> Response:
    """The receipt, and later the answer, for whoever has its link."""
    return _receipt_page(queries.find_by_token(token), ReviewForm(None))


@blueprint.post("/contributions/receipt/<token>")
@public
@limiter.limit(PER_NETWORK)
@writes
def ask_review(token: str) -> Any:
    """Say that the answer misses the point."""
    entry, form, status = queries.find_by_token(token), ReviewForm(), 422
    if form.validate():
        try:
            reviewing.ask(entry.id, form.text.data or "", g.actor.id, clock.now())
            flash(_("Sent. Another person looks at the answer and writes to you."), "success")
            return redirect(url_for("contributions.receipt", token=token), code=303)
        except (Invalid, Conflict) as error:
            db.session.rollback()
            form.text.errors = [str(error.message)]
            status = error.status
    return _receipt_page(queries.find_by_token(token), form, status)


@blueprint.get("/consultations/<int:consultation_id>/contributions")
@public
def index(consultation_id: int) -> str:
    """The register of contributions and what was answered."""
    context = presenters.register_context(readable(consultation_id))
    return render_template(
        "contributions/_list.html" if is_fragment() else "contributions/index.html", **context
    )


@blueprint.get("/consultations/<int:consultation_id>/contributions/<int:number>")
@public
def show(consultation_id: int, number: int) -> str:
    """One contribution with its answer."""
    one = readable(consultation_id)
    entry = queries.get_numbered(one.id, number)
    return render_template("contributions/show.html", consultation=one, item=presenters.one_item(entry))


def _lines(consultation_id: int, filters: listing.Filters) -> Iterator[str]:
    buffer = io.StringIO()
    writer = csv.writer(buffer)

    def taken() -> str:
        text = buffer.getvalue()
        buffer.seek(0)
        buffer.truncate()
        return text

    buffer.write("\ufeff")
    writer.writerow(presenters.csv_header())
    yield taken()
    for rows, near in listing.walk(consultation_id, filters):
        for row in rows:
            writer.writerow(presenters.csv_row(row, near))
        yield taken()


@blueprint.get("/consultations/<int:consultation_id>/contributions.csv")
@public
@limiter.limit(PER_NETWORK)
def download(consultation_id: int) -> Response:
    """The register, or what of it is on screen, as a table for spreadsheets."""
    one = readable(consultation_id)
    lines = stream_with_context(_lines(one.id, presenters.read_filters()))
    response = Response(lines, mimetype="text/csv")
    name = f"C{one.id}-contributions.csv"
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


@blueprint.get("/account/contributions")
@requires(Action.USE_ACCOUNT)
def mine() -> Response:
    """What the reader sent, with the receipts."""
    rows = listing.list_mine(g.actor.id or 0, 200)
    near = listing.beside(rows)
    items = [presenters.item(row, near, whole=True) for row in rows]
    return _private(make_response(render_template("contributions/mine.html", items=items)))

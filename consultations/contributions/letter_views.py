"""Letters from the mailbox that a person has to place: list, one letter, its registration or its end."""

from typing import Any

from flask import Blueprint, Response, flash, g, make_response, redirect, render_template, url_for
from flask_babel import gettext as _

from civic import clock, numbers
from civic.errors import Conflict, Invalid
from civic.extensions import db
from civic.policy import Action, requires
from civic.text import excerpt, render_plain
from civic.unit_of_work import writes
from consultations import queries as consultations
from consultations.contributions import letter_failures, letter_queries, letters, presenters, rules, sending
from consultations.contributions.forms import AsideForm, LetterForm
from consultations.contributions.labels import LETTER_FAILURES
from consultations.contributions.models import Letter

blueprint = Blueprint("contribution_letters", __name__, url_prefix="/staff/contributions/letters")


@blueprint.get("")
@requires(Action.REGISTER_CONTRIBUTIONS)
def index() -> Response:
    """Letters that wait, the oldest first."""
    page = numbers.page_number()
    rows, total = letter_queries.list_waiting(page)
    items = [{"letter": row, "why": _why(row), **letters.read(row)} for row in rows]
    for item in items:
        item["excerpt"] = excerpt(item.get("body", ""), 120)
    return _private(
        render_template(
            "contributions/staff_letters.html",
            items=items,
            total=total,
            page=page,
            pages=max(1, -(-total // letter_queries.PER_PAGE)),
        )
    )


def _why(letter: Letter) -> Any:
    """Why a letter waits for a person."""
    if letter.state == "again":
        return _("Taken again within minutes")
    return _("Could not be taken") if letter.state == "failed" else _("To place")


def _private(page: str, status: int = 200) -> Response:
    response = make_response(page, status)
    response.headers["Cache-Control"] = "no-store"
    return response


def _with_choices(form: LetterForm, letter: Letter) -> LetterForm:
    open_then = consultations.list_receiving(letter.received_at)
    form.consultation_id.choices = [
        ("", _("Choose the consultation")),
        *((one.id, one.title) for one in open_then),
    ]
    return form


def _page(letter_id: int, form: LetterForm | None, aside: AsideForm | None, status: int = 200) -> Response:
    letter = letter_queries.get_letter(letter_id)
    said = letters.read(letter)
    filled = {"name": said.get("name"), "title": said.get("subject"), "body": said.get("body")}
    shown = form or _with_choices(LetterForm(formdata=None, data=filled), letter)
    waits_by_failure = letter.state in ("failed", "again")
    page = render_template(
        "contributions/staff_letter.html",
        letter=letter,
        said=said,
        text=render_plain(said.get("body", "")),
        files=presenters.file_items(letter_queries.list_files(letter.id)),
        broke=LETTER_FAILURES.get(letter_failures.kind_of(letter)[0], "") if waits_by_failure else "",
        error=letter_failures.kind_of(letter)[1],
        waits=letter.state in rules.LETTERS_WAIT,
        form=shown,
        aside_form=aside or AsideForm(None, prefix="aside-"),
        wrong=form or aside,
    )
    return _private(page, status)


@blueprint.get("/<int:letter_id>")
@requires(Action.REGISTER_CONTRIBUTIONS)
def show(letter_id: int) -> Response:
    """One letter and what can be done with it."""
    return _page(letter_id, None, None)


@blueprint.post("/<int:letter_id>")
@requires(Action.REGISTER_CONTRIBUTIONS)
@writes
def place(letter_id: int) -> Any:
    """Register it under a consultation."""
    form, status = _with_choices(LetterForm(), letter_queries.get_letter(letter_id)), 422
    if form.validate():
        message = sending.Message(
            form.name.data or "", form.body.data or "", form.title.data or "", form.shown_as.data,
            form.organisation.data,
        )  # fmt: skip
        try:
            entry = letters.place(g.actor, letter_id, form.consultation_id.data or 0, message, clock.now())
            flash(_("Registered under number %(reference)s.", reference=entry.reference), "success")
            return redirect(url_for("contribution_letters.index"), code=303)
        except (Invalid, Conflict) as error:
            db.session.rollback()
            form.form_errors.append(str(error.message))
            status = error.status
    return _page(letter_id, form, None, status)


@blueprint.post("/<int:letter_id>/again")
@requires(Action.REGISTER_CONTRIBUTIONS)
@writes
def try_again(letter_id: int) -> Any:
    """Have a letter on which the program broke taken once more."""
    letter_failures.ask_again(g.actor, letter_id, clock.now())
    flash(_("It is taken again with the next round of the mailbox, within minutes."), "success")
    return redirect(url_for("contribution_letters.index"), code=303)


@blueprint.post("/<int:letter_id>/aside")
@requires(Action.REGISTER_CONTRIBUTIONS)
@writes
def set_aside(letter_id: int) -> Any:
    """Say that it is no contribution."""
    form, status = AsideForm(prefix="aside-"), 422
    if form.validate():
        try:
            letters.set_aside(g.actor, letter_id, form.reason.data or "", clock.now())
            flash(_("Set aside. It is erased after 30 days."), "success")
            return redirect(url_for("contribution_letters.index"), code=303)
        except (Invalid, Conflict) as error:
            db.session.rollback()
            form.reason.errors = [str(error.message)]
            status = error.status
    return _page(letter_id, None, form, status)

"""The matrix of answers: what waits, who writes it, who signs it, and what is decided about an entry."""

import secrets
from collections.abc import Callable
from typing import Any

from flask import Blueprint, Response, flash, g, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_wtf import FlaskForm

from civic import clock, numbers
from civic.errors import Conflict, Invalid, NotFound
from civic.extensions import db
from civic.format import ngettext
from civic.policy import Action, enforce, requires
from civic.unit_of_work import writes
from consultations import clocks
from consultations import queries as consultations
from consultations.contributions import (
    answering,
    keeping,
    policy,
    queries,
    reviewing,
    sending,
    staff_pages,
    themes,
)
from consultations.contributions.forms import (
    AnswerForm,
    ConsiderForm,
    EnterForm,
    HideForm,
    ReasonForm,
    ReviewDecisionForm,
    ThemeForm,
)
from consultations.contributions.models import Answer, Contribution, Theme
from consultations.models import Consultation

blueprint = Blueprint(
    "staff_contributions", __name__, url_prefix="/staff/consultations/<int:consultation_id>"
)

Target = Contribution | Theme


def _announced(consultation_id: int) -> Consultation:
    one = consultations.get_consultation(consultation_id)
    if one.announced_at is None:
        raise NotFound
    return one


def _back(target: Target) -> Response:
    return redirect(staff_pages.url_of(target), code=303)  # type: ignore[return-value]


# --- the list --------------------------------------------------------------------------------------------


@blueprint.get("/contributions")
@requires(Action.VIEW_CONSULTATIONS)
def index(consultation_id: int) -> str:
    """The work: every entry with where its answer stands, counted, filtered, assigned."""
    return render_template(
        "contributions/staff_index.html", **staff_pages.work_context(_announced(consultation_id), clock.now())
    )


@blueprint.post("/contributions")
@requires(Action.ANSWER_CONTRIBUTIONS)
@writes
def bulk(consultation_id: int) -> Any:
    """Put the chosen ones under a theme, or into somebody's hands; refused, the page keeps what was chosen and typed."""
    one = _announced(consultation_id)
    now, ids = clock.now(), numbers.sent_numbers("ids")
    what, value = request.form.get("bulk_action", ""), ""
    try:
        if not ids:
            raise Invalid(_("Choose at least one from the list."))
        if what == "theme":
            value = request.form.get("theme", "")
            chosen = numbers.whole_number(value)
            if chosen is None and (name := request.form.get("new_theme", "").strip()):
                chosen = themes.create(g.actor, consultation_id, name, now).id
            if chosen is None and value != "none":
                raise Invalid(_("Choose a theme or write the title of a new one."))
            done = themes.group(g.actor, consultation_id, chosen, ids, now)
        elif what == "assign":
            done = themes.assign(
                g.actor, consultation_id, numbers.whole_number(request.form.get("account")), ids, now
            )
        else:
            raise Invalid(_("Choose one of the options."))
    except (Invalid, Conflict) as error:
        db.session.rollback()
        context = staff_pages.work_context(_announced(one.id), now, str(error.message))
        return render_template("contributions/staff_index.html", **context), 422
    flash(ngettext("%(num)s contribution changed.", "%(num)s contributions changed.", done), "success")
    return redirect(
        url_for("staff_contributions.index", consultation_id=consultation_id, **_kept()), code=303
    )


def _kept() -> dict[str, Any]:
    """The filters of the list that was worked on."""
    return {
        name: value for name in ("state", "theme_id", "q", "who", "page") if (value := request.args.get(name))
    }


@blueprint.route("/contributions/new", methods=["GET", "POST"])
@requires(Action.REGISTER_CONTRIBUTIONS)
@writes
def enter(consultation_id: int) -> Any:
    """Enter a letter, a paper or an e-mail that came elsewhere."""
    one, status = _announced(consultation_id), 200
    filled = {"form_key": secrets.token_hex(12), "channel": "post"}
    form = EnterForm() if request.method == "POST" else EnterForm(formdata=None, data=filled)
    if form.is_submitted():
        status = 422
        if form.validate():
            try:
                entry = _enter(one, form)
                flash(
                    _(
                        "Registered under number %(reference)s. Write it on the paper.",
                        reference=entry.reference,
                    ),
                    "success",
                )
                return redirect(url_for("staff_contributions.enter", consultation_id=one.id), code=303)
            except (Invalid, Conflict) as error:
                db.session.rollback()
                form.form_errors.append(str(error.message))
                status = error.status
    one = _announced(consultation_id)
    return render_template("contributions/staff_enter.html", form=form, consultation=one), status


def _enter(one: Consultation, form: EnterForm) -> Contribution:
    now = clock.now()
    message = sending.Message(
        form.name.data or "", form.body.data or "", form.title.data or "", form.shown_as.data,
        form.organisation.data, form.form_key.data or "",
    )  # fmt: skip
    day = form.received_on.data
    if day is None or day > clock.city_date(now):
        raise Invalid(_("The day lies in the future. Enter the day on which it arrived."))
    # Papers carry a day: one that came on the last day came in time, whatever its hour.
    arrived = min(now, clocks.end_of(day) - clocks.INSTANT)
    return sending.enter(
        g.actor, one, form.channel.data, message, form.contact.data or "", arrived, form.files.data or [], now
    )


# --- one entry, one theme --------------------------------------------------------------------------------


def _entry(consultation_id: int, contribution_id: int) -> Contribution:
    entry = queries.get_contribution(contribution_id)
    if entry.consultation_id != consultation_id:
        raise NotFound
    return entry


@blueprint.get("/contributions/<int:contribution_id>")
@requires(Action.VIEW_CONSULTATIONS)
def show(consultation_id: int, contribution_id: int) -> Response:
    """One entry: what it says, its answer, and everything that can be decided about it."""
    return staff_pages.entry_page(_entry(consultation_id, contribution_id), clock.now())


@blueprint.get("/themes/<int:theme_id>")
@requires(Action.VIEW_CONSULTATIONS)
def theme(consultation_id: int, theme_id: int) -> Response:
    """A theme: its contributions and their common answer."""
    return staff_pages.theme_page(queries.get_theme(consultation_id, theme_id), clock.now())


@blueprint.get("/themes")
@requires(Action.VIEW_CONSULTATIONS)
def theme_list(consultation_id: int) -> str:
    """The themes, and groups the system proposes."""
    one = _announced(consultation_id)
    return render_template(
        "contributions/staff_themes.html", **staff_pages.themes_context(one, ThemeForm(None))
    )


@blueprint.post("/themes")
@requires(Action.ANSWER_CONTRIBUTIONS)
@writes
def create_theme(consultation_id: int) -> Any:
    """Make a theme, with the contributions of a proposed group if there are any."""
    one, form = _announced(consultation_id), ThemeForm()
    if form.validate():
        made = themes.create(g.actor, one.id, form.title.data or "", clock.now())
        if ids := numbers.sent_numbers("ids"):
            themes.group(g.actor, one.id, made.id, ids, clock.now())
        return _back(made)
    return render_template("contributions/staff_themes.html", **staff_pages.themes_context(one, form)), 422


def _target_page(target: Target, status: int, **bound: Any) -> Response:
    page = staff_pages.entry_page if isinstance(target, Contribution) else staff_pages.theme_page
    return page(target, clock.now(), status, **bound)  # type: ignore[arg-type]


def _target_again(target: Target) -> Target:
    """The same read again, after what was begun is undone."""
    kind, key, consultation_id = type(target), target.id, target.consultation_id
    db.session.rollback()
    return _entry(consultation_id, key) if kind is Contribution else queries.get_theme(consultation_id, key)


def _save(target: Target) -> Response:
    form = AnswerForm()
    if not form.validate():
        return _target_page(target, 422, answer_form=form)
    words = answering.Words(
        form.outcome.data, form.reason.data or "", form.place.data or "", form.link.data or "",
        form.author_function.data or "",
    )  # fmt: skip
    seen, now = numbers.whole_number(form.version.data) or 0, clock.now()
    try:
        answer = answering.save(g.actor, target, words, seen, now)
        if request.form.get("step") == "submit":
            answering.submit(g.actor, answer.id, answer.version, now)
            flash(_("Sent to the signature: another person signs it."), "success")
        else:
            flash(_("Saved. Only the city hall sees it until it is signed."), "success")
    except (Invalid, Conflict) as error:
        target = _target_again(target)
        if isinstance(error, answering.Overtaken):
            form.form_errors.append(str(error.message))
            return _target_page(target, 409, answer_form=form, overtaken=True)
        form.reason.errors = [str(error.message)]
        return _target_page(target, error.status, answer_form=form)
    return _back(target)


@blueprint.post("/contributions/<int:contribution_id>/answer")
@requires(Action.ANSWER_CONTRIBUTIONS)
@writes
def answer_entry(consultation_id: int, contribution_id: int) -> Response:
    """Save the answer to one contribution."""
    return _save(_entry(consultation_id, contribution_id))


@blueprint.post("/themes/<int:theme_id>/answer")
@requires(Action.ANSWER_CONTRIBUTIONS)
@writes
def answer_theme(consultation_id: int, theme_id: int) -> Response:
    """Save the answer to everything under a theme."""
    return _save(queries.get_theme(consultation_id, theme_id))


# --- from the words to the signature ---------------------------------------------------------------------


def _target_of(answer: Answer) -> Target:
    if answer.contribution_id is not None:
        return queries.get_contribution(answer.contribution_id)
    return queries.get_theme(answer.consultation_id, answer.theme_id or 0)


def _answer(consultation_id: int, answer_id: int) -> Answer:
    answer = queries.get_answer(answer_id)
    if answer.consultation_id != consultation_id:
        raise NotFound
    return answer


def _seen() -> int:
    return numbers.whole_number(request.form.get("version")) or 0


@blueprint.post("/answers/<int:answer_id>/sign")
@requires(Action.MANAGE_CONSULTATIONS)
@writes
def sign(consultation_id: int, answer_id: int) -> Response:
    """Publish what another person wrote."""
    target = _target_of(_answer(consultation_id, answer_id))
    answering.sign(g.actor, answer_id, _seen(), clock.now())
    flash(_("Published. Everybody whom it answers is told."), "success")
    return _back(target)


def _with_reason(
    target: Target, name: str, form: Any, command: Callable[[str], object], done: str, field: str = "reason"
) -> Response:
    """A decision with a reason: done, or the page again with what was typed."""
    if not form.validate():
        return _target_page(target, 422, **{name: form})
    try:
        command(form.reason.data or "")
    except Invalid as error:
        target = _target_again(target)
        form[field].errors = [str(error.message)]
        return _target_page(target, 422, **{name: form})
    flash(done, "success")
    return _back(target)


@blueprint.post("/answers/<int:answer_id>/return")
@requires(Action.MANAGE_CONSULTATIONS)
@writes
def send_back(consultation_id: int, answer_id: int) -> Response:
    """Ask for other words."""
    seen = _seen()
    return _with_reason(
        _target_of(_answer(consultation_id, answer_id)), "return_form", ReasonForm(prefix="return-"),
        lambda reason: answering.send_back(g.actor, answer_id, seen, reason, clock.now()),
        _("Sent back to be written otherwise."),
    )  # fmt: skip


@blueprint.post("/answers/<int:answer_id>/withdraw")
@requires(Action.MANAGE_CONSULTATIONS)
@writes
def withdraw(consultation_id: int, answer_id: int) -> Response:
    """Take a published answer back, with the reason for everyone."""
    seen = _seen()
    return _with_reason(
        _target_of(_answer(consultation_id, answer_id)), "withdraw_form", ReasonForm(prefix="withdraw-"),
        lambda reason: answering.withdraw(g.actor, answer_id, seen, reason, clock.now()),
        _("Withdrawn. It stays readable, struck through, and those who were answered are told."),
    )  # fmt: skip


# --- decisions about an entry ----------------------------------------------------------------------------


@blueprint.post("/contributions/<int:contribution_id>/hide")
@requires(Action.MANAGE_CONSULTATIONS)
@writes
def hide(consultation_id: int, contribution_id: int) -> Response:
    """Show less of a text, with the reason."""
    form: FlaskForm = HideForm(prefix="hide-")
    return _with_reason(
        _entry(consultation_id, contribution_id), "hide_form", form,
        lambda reason: keeping.hide(
            g.actor, contribution_id, form["why"].data, reason, form["rest"].data or "", clock.now()
        ),
        _("What is shown has changed. The author is told."),
    )  # fmt: skip


@blueprint.post("/contributions/<int:contribution_id>/show")
@requires(Action.MANAGE_CONSULTATIONS)
@writes
def show_whole(consultation_id: int, contribution_id: int) -> Response:
    """Show a text as it came."""
    entry = _entry(consultation_id, contribution_id)
    keeping.show_whole(g.actor, contribution_id, clock.now())
    flash(_("Everyone reads it as it came."), "success")
    return _back(entry)


@blueprint.post("/contributions/<int:contribution_id>/consider")
@requires(Action.MANAGE_CONSULTATIONS)
@writes
def consider(consultation_id: int, contribution_id: int) -> Response:
    """Decide about a late one."""
    form: FlaskForm = ConsiderForm(prefix="consider-")
    return _with_reason(
        _entry(consultation_id, contribution_id), "consider_form", form,
        lambda reason: keeping.consider(
            g.actor, contribution_id, form["considered"].data == "yes", reason, clock.now()
        ),
        _("Decided. The author is told."),
    )  # fmt: skip


@blueprint.post("/contributions/<int:contribution_id>/review")
@requires(Action.MANAGE_CONSULTATIONS)
@writes
def review(consultation_id: int, contribution_id: int) -> Response:
    """Decide whether an answer missed the point."""
    entry = _entry(consultation_id, contribution_id)
    asked = queries.find_review(entry.id)
    if asked is None:
        raise NotFound
    enforce(policy.can_decide_review(g.actor, asked))
    form: FlaskForm = ReviewDecisionForm(prefix="review-")
    asked_id = asked.id
    return _with_reason(
        entry, "review_form", form,
        lambda reason: reviewing.decide(g.actor, asked_id, form["outcome"].data, reason, clock.now()),
        _("Decided. The author is told."),
    )  # fmt: skip


@blueprint.post("/contributions/<int:contribution_id>/files/<int:attachment_id>")
@requires(Action.MANAGE_CONSULTATIONS)
@writes
def show_file(consultation_id: int, contribution_id: int, attachment_id: int) -> Response:
    """Let everyone open a file, or nobody any more."""
    entry = _entry(consultation_id, contribution_id)
    if queries.get_attachment(attachment_id).contribution_id != entry.id:
        raise NotFound
    keeping.publish_file(g.actor, attachment_id, request.form.get("public") == "1", clock.now())
    flash(_("Saved."), "success")
    return _back(entry)

"""The text of a draft for everyone, and writing beside it."""

import secrets
from typing import Any

from flask import Blueprint, flash, g, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from civic import clock, numbers
from civic.errors import Invalid, NotFound
from civic.extensions import db, limiter
from civic.moderation.gate import presenters as gate
from civic.policy import Action, may, open_to_suspended, public, requires
from civic.text import clean_text
from civic.unit_of_work import writes
from consultations import policy as consultation_policy
from consultations import queries as consultations
from consultations.drafting import placing, policy, presenters, queries, service
from consultations.drafting.forms import AnnotationForm
from consultations.drafting.models import Annotation
from consultations.models import Consultation

#: Remarks from one network; a school or a library stays well below it.
PER_NETWORK = "120 per hour"
#: Comparisons of editions read from one network; a class that reads together stays below it.
COMPARED = "120 per minute"

blueprint = Blueprint("drafting", __name__, url_prefix="/consultations")


def _readable(consultation_id: int) -> Consultation:
    one = consultations.get_consultation(consultation_id)
    if not consultation_policy.can_read(g.actor, one):
        raise NotFound
    return one


def _page() -> int:
    return max(1, numbers.whole_number(request.args.get("page")) or 1)


def _edition(one: Consultation, name: str) -> Any:
    number = numbers.whole_number(request.args.get(name))
    return queries.get_edition(one.id, number) if number else None


@blueprint.get("/<int:consultation_id>/text")
@public
def text(consultation_id: int) -> str:
    """The text of the draft, with how much was written beside each paragraph."""
    one = _readable(consultation_id)
    context = presenters.text_context(one, _edition(one, "edition"), _page(), clock.now())
    form = AnnotationForm(None, form_key=context.get("form_key"))
    return render_template("consultations/drafting/text.html", form=form, **context)


@blueprint.get("/<int:consultation_id>/text/changes")
@public
@limiter.limit(lambda: COMPARED)
def changes(consultation_id: int) -> str:
    """What changed between two editions; by default, in the newest."""
    one = _readable(consultation_id)
    editions = queries.list_editions(one.id)
    if len(editions) < 2:
        raise NotFound
    before, after = _edition(one, "from") or editions[1], _edition(one, "to") or editions[0]
    return render_template(
        "consultations/drafting/changes.html", **presenters.changes_context(one, before, after, _page())
    )


@blueprint.get("/<int:consultation_id>/text/lost")
@public
def lost(consultation_id: int) -> str:
    """What was written about passages that have changed since."""
    one = _readable(consultation_id)
    return render_template(
        "consultations/drafting/lost.html", **presenters.lost_context(one, _page(), clock.now())
    )


@blueprint.get("/<int:consultation_id>/text/moved")
@public
def moved(consultation_id: int) -> str:
    """What stands beside words that changed a little or moved."""
    one = _readable(consultation_id)
    return render_template(
        "consultations/drafting/moved.html", **presenters.moved_context(one, _page(), clock.now())
    )


def _section_page(one: Consultation, key: int, form: AnnotationForm) -> str:
    context = presenters.section_context(one, key, _page(), clock.now())
    if context is None:
        raise NotFound
    return render_template("consultations/drafting/section.html", form=form, **context)


@blueprint.get("/<int:consultation_id>/text/<int:key>")
@public
def section(consultation_id: int, key: int) -> str:
    """One paragraph: what was written beside it, and a form to write."""
    form = AnnotationForm(None, form_key=secrets.token_hex(8))
    return _section_page(_readable(consultation_id), key, form)


@blueprint.post("/<int:consultation_id>/text/<int:key>")
@requires(Action.CONTRIBUTE)
@limiter.limit(PER_NETWORK)
@writes
def annotate(consultation_id: int, key: int) -> Any:
    """Write beside a paragraph; what is refused comes back with what was typed."""
    one = _readable(consultation_id)
    form = AnnotationForm()
    if not form.validate():
        return _section_page(one, key, form), 422
    said = service.Said(
        kind=form.kind.data,
        body=form.body.data or "",
        replacement=form.replacement.data or "",
        quote=form.quote.data or "",
        start=numbers.whole_number(form.start.data),
    )
    try:
        made = service.annotate(g.actor, one.id, key, said, clock.now(), form_key=form.form_key.data or "")
    except Invalid as error:
        db.session.rollback()
        field = form.quote if isinstance(error, service.WrongQuote) else form.body
        field.errors = [*field.errors, str(error.message)]
        return _section_page(_readable(consultation_id), key, form), error.status
    if made.state == "held":
        registered = _("Entered in the register.")
        flash(f"{registered} {gate.sent(service.KIND, made.id)}", "success")
    else:
        flash(_("Published, and entered in the register. You will get an answer."), "success")
    return redirect(_address(made), code=303)


def _address(annotation: Annotation) -> str:
    page = queries.page_of(annotation)
    address = url_for(
        "drafting.section",
        consultation_id=annotation.consultation_id,
        key=annotation.key,
        page=page if page > 1 else None,
    )
    return f"{address}#comment-{annotation.id}"


def _readable_annotation(annotation_id: int) -> Annotation:
    annotation = queries.get_annotation(annotation_id)
    _readable(annotation.consultation_id)
    own = g.actor.id is not None and annotation.author_id == g.actor.id
    if annotation.state == "held" and not own and not may(g.actor, Action.VIEW_MODERATION):
        raise NotFound
    return annotation


@blueprint.get("/annotations/<int:annotation_id>")
@public
def annotation(annotation_id: int) -> Response:
    """Where a remark stands: the way to its paragraph."""
    return redirect(_address(_readable_annotation(annotation_id)))


@blueprint.post("/annotations/<int:annotation_id>/side")
@requires(Action.CONTRIBUTE)
@open_to_suspended
@limiter.limit(PER_NETWORK)
@writes
def take_side(annotation_id: int) -> Response:
    """Agree, disagree, or take it back."""
    _readable_annotation(annotation_id)
    values = {"1": 1, "0": 0, "-1": -1}
    value = values.get(request.form.get("value", ""))
    if value is None:
        raise Invalid(_("Choose one of the options."))
    made = service.take_side(g.actor, annotation_id, value, clock.now())
    return redirect(_address(made), code=303)


@blueprint.post("/annotations/<int:annotation_id>/place")
@requires(Action.CONTRIBUTE)
@open_to_suspended
@writes
def judge_place(annotation_id: int) -> Response:
    """Say whether the place found for a remark in the new text is right: its author, or staff."""
    _readable_annotation(annotation_id)
    edition_id = numbers.whole_number(request.form.get("edition", ""))
    right = {"right": True, "wrong": False}.get(request.form.get("place", ""))
    if right is None or edition_id is None:
        raise Invalid(_("Choose one of the options."))
    made = placing.judge_place(g.actor, annotation_id, edition_id, right, clock.now())
    if right:
        flash(_("Thank you. The remark stays beside these words."), "success")
    else:
        flash(_("Thank you. The remark is listed now with those about text that has changed."), "success")
    return redirect(_address(made), code=303)


def _restore_page(annotation_id: int, typed: str = "", error: str = "") -> str:
    rows = queries.list_for_moderation([annotation_id])
    if not rows or rows[0][0].state != "hidden":
        raise NotFound
    made, one = rows[0]
    return render_template(
        "consultations/drafting/restore.html",
        consultation=one,
        item={**presenters.item(made, 0, one, clock.now()), "hidden_reason": ""},
        decision=policy.can_restore(g.actor, made),
        typed=typed,
        error=error,
    )


@blueprint.get("/annotations/<int:annotation_id>/restore")
@requires(Action.MODERATE)
def restore(annotation_id: int) -> str:
    """A hidden remark and the form that makes it public again."""
    return _restore_page(annotation_id)


@blueprint.post("/annotations/<int:annotation_id>/restore")
@requires(Action.MODERATE)
@writes
def restore_now(annotation_id: int) -> Any:
    """Make a hidden remark public again, with the reason for its author."""
    typed = clean_text(request.form.get("reason", ""))
    try:
        made = service.restore(g.actor, annotation_id, typed, clock.now())
    except Invalid as error:
        return _restore_page(annotation_id, typed, str(error.message)), 422
    flash(_("The remark is public again."), "success")
    return redirect(_address(made), code=303)

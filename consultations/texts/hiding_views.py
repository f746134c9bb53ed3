"""One text of a questionnaire, for moderators and council staff: hidden with a reason, or shown again."""

from typing import Any

from flask import Blueprint, flash, g, make_response, redirect, render_template, url_for
from flask_babel import gettext as _

from civic import clock
from civic.errors import Conflict, Invalid
from civic.extensions import db
from civic.moderation.labels import REASONS
from civic.policy import Action, enforce, requires
from civic.unit_of_work import writes
from consultations.questionnaires import policy, words
from consultations.questionnaires import queries as questionnaires
from consultations.questionnaires.holding import WAITING
from consultations.questionnaires.models import Questionnaire
from consultations.texts import hiding, queries
from consultations.texts.forms import HideForm

blueprint = Blueprint(
    "staff_survey_text",
    __name__,
    url_prefix="/staff/consultations/<int:consultation_id>/questionnaires/<int:questionnaire_id>/texts/<key>",
)


def _found(consultation_id: int, questionnaire_id: int) -> Questionnaire:
    """The questionnaire, for those who may hide its texts once they may be read."""
    one = questionnaires.get_questionnaire(consultation_id, questionnaire_id)
    enforce(policy.can_hide_texts(g.actor))
    enforce(policy.can_see_results(g.actor, one, False, clock.now()))
    return one


def _page(one: Questionnaire, key: str, form: HideForm, status: int = 200) -> Any:
    response, item, name = queries.get_written(one.id, key)
    hidden = queries.find_hidden(one.id, response.id, item)
    asked = one.asked.find(item)
    body = render_template(
        "texts/staff_text.html",
        one=one,
        key=key,
        item=item,
        question=words.told(asked.words) if asked else "",
        words=hiding.original_of(hidden) if hidden else response.answers[item][name],
        hidden=hidden,
        why=REASONS.get(hidden.why, "") if hidden else "",
        waits=hidden is not None and hidden.why in WAITING,
        form=form,
    )
    page = make_response(body, status)
    page.headers["Cache-Control"] = "no-store"
    return page


@blueprint.get("")
@requires(Action.HIDE_SURVEY_TEXTS)
def text(consultation_id: int, questionnaire_id: int, key: str) -> Any:
    """What was written, and whether it is shown."""
    return _page(_found(consultation_id, questionnaire_id), key, HideForm(None))


def _back(one: Questionnaire, key: str) -> Any:
    target = url_for(
        "staff_survey_text.text", consultation_id=one.consultation_id, questionnaire_id=one.id, key=key
    )
    return redirect(target, code=303)


@blueprint.post("/hide")
@requires(Action.HIDE_SURVEY_TEXTS)
@writes
def hide(consultation_id: int, questionnaire_id: int, key: str) -> Any:
    """Put why in the place of the text."""
    one, form = _found(consultation_id, questionnaire_id), HideForm()
    if not form.validate():
        return _page(one, key, form, 422)
    try:
        hiding.hide(g.actor, one, key, form.why.data, form.reason.data or "", clock.now())
    except (Invalid, Conflict) as error:
        db.session.rollback()
        form.form_errors.append(str(error.message))
        return _page(_found(consultation_id, questionnaire_id), key, form, error.status)
    flash(_("Hidden. Everybody reads why; the answer stays counted."), "success")
    return _back(one, key)


@blueprint.post("/show")
@requires(Action.HIDE_SURVEY_TEXTS)
@writes
def show(consultation_id: int, questionnaire_id: int, key: str) -> Any:
    """Show it again as it was written."""
    one = _found(consultation_id, questionnaire_id)
    hiding.show(g.actor, one, key, clock.now())
    flash(_("It is shown again as it was written."), "success")
    return _back(one, key)

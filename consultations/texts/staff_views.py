"""Staff: reading the texts of questionnaires, narrowing them, putting them under themes, comparing them."""

from dataclasses import replace
from typing import Any

from flask import Blueprint, Response, flash, g, redirect, render_template, request, url_for
from flask_babel import gettext as _

from civic import clock, cursors, numbers
from civic.errors import Conflict, Invalid, NotFound
from civic.extensions import db
from civic.format import ngettext
from civic.moderation.labels import REASONS
from civic.policy import Action, requires
from civic.unit_of_work import writes
from consultations import queries as consultations
from consultations.contributions import listing, policy, themes
from consultations.models import Consultation
from consultations.questionnaires import queries as questionnaires
from consultations.questionnaires import words
from consultations.questionnaires.policy import can_hide_texts as may_hide
from consultations.texts import putting, queries, service
from consultations.texts.queries import Filters

blueprint = Blueprint(
    "staff_survey_texts", __name__, url_prefix="/staff/consultations/<int:consultation_id>/texts"
)
#: Proposed groups shown on one page.
MOST_GROUPS = 30


def _announced(consultation_id: int) -> Consultation:
    one = consultations.get_consultation(consultation_id)
    if one.announced_at is None:
        raise NotFound
    return one


def _questions(consultation_id: int) -> dict[str, str]:
    """The long questions of a consultation's questionnaires, by questionnaire and item."""
    return {
        f"{one.id}-{item.key}": words.told(item.words)
        for one in questionnaires.list_of_consultation(consultation_id)
        for item in one.asked.questions
        if item.kind == "long_text"
    }


def _filters(known: dict[str, str]) -> Filters:
    state, question = request.args.get("state", ""), request.args.get("question", "")
    chosen = Filters(
        text=request.args.get("q", "").strip()[:200],
        state=state if state in queries.STATES else "",
        theme_id=numbers.whole_number(request.args.get("theme_id")),
        likeness=numbers.whole_number(request.args.get("group")),
    )
    if question not in known:
        return chosen
    number, item = question.split("-", 1)
    return replace(chosen, questionnaire_id=int(number), item=item)


def _page(one: Consultation, status: int = 200, said: str = "") -> Any:
    known = _questions(one.id)
    filters = _filters(known)
    window, total = queries.list_lines(one.id, filters, cursors.asked()), queries.count(one.id, filters)
    counted = listing.list_themes(one.id)
    body = render_template(
        "texts/staff_index.html",
        consultation=one,
        filters=filters,
        question=f"{filters.questionnaire_id}-{filters.item}" if filters.item else "",
        questions=known,
        window=window,
        lines=window.rows,
        themes={theme.id: theme.title for theme, _count in counted},
        answered=queries.answered_themes(one.id),
        standing=queries.standing(one.id),
        total=total,
        working=queries.find_putting(one.id),
        can_answer=policy.can_answer(g.actor, one),
        incomplete=queries.is_incomplete(one.id),
        query={name: value for name, value in request.args.items() if value},
        reasons=REASONS,
        can_hide=may_hide(g.actor),
        said=said,
        chosen=set(request.form.getlist("keys")),
        new_theme=request.form.get("new_theme", "")[:200],
        theme_chosen=request.form.get("theme", request.args.get("under", "")),
    )
    return body, status


@blueprint.get("")
@requires(Action.VIEW_CONSULTATIONS)
def index(consultation_id: int) -> Any:
    """The texts, in no order of time and without names, with their themes."""
    return _page(_announced(consultation_id))


@blueprint.post("")
@requires(Action.ANSWER_CONTRIBUTIONS)
@writes
def put(consultation_id: int) -> Any:
    """Put the chosen ones, or everything the list found, under a theme."""
    one, now = _announced(consultation_id), clock.now()
    try:
        chosen = _chosen(one.id)
        theme_id = numbers.whole_number(request.form.get("theme"))
        if theme_id is None and (name := request.form.get("new_theme", "").strip()):
            theme_id = themes.create(g.actor, one.id, name, now).id
        if theme_id is None and request.form.get("theme") != "none":
            raise Invalid(_("Choose a theme or write the title of a new one."))
        if isinstance(chosen, Filters) and (found := queries.count(one.id, chosen)) > putting.AT_ONCE:
            task = putting.ask(g.actor, one.id, theme_id, chosen, found, now)
            return redirect(url_for("staff.task", task_id=task.id), code=303)
        done = service.put(g.actor, one.id, theme_id, chosen, now)
    except (Invalid, Conflict) as error:
        db.session.rollback()
        return _page(_announced(consultation_id), 422, str(error.message))
    flash(ngettext("%(num)s text changed.", "%(num)s texts changed.", done.moved), "success")
    if done.stayed:
        flash(
            ngettext(
                "%(num)s was answered with its theme and stays there.",
                "%(num)s were answered with their theme and stay there.",
                done.stayed,
            ),
            "warning",
        )
    if theme_id is not None and request.form.get("go") == "all":
        return _go("staff_contributions.theme", one.id, theme_id=theme_id)
    kept = {name: value for name, value in request.args.items() if value and name != "under"}
    return _go("staff_survey_texts.index", one.id, **kept)


def _go(endpoint: str, consultation_id: int, **values: Any) -> Response:
    return redirect(url_for(endpoint, consultation_id=consultation_id, **values), code=303)  # type: ignore[return-value]


def _chosen(consultation_id: int) -> Filters | list[str]:
    """What the form is about: the ticked ones, or everything that its list found."""
    if request.form.get("go") == "all":
        return _filters(_questions(consultation_id))
    keys = request.form.getlist("keys")
    if not keys:
        raise Invalid(_("Choose at least one from the list."))
    return keys


@blueprint.get("/groups")
@requires(Action.VIEW_CONSULTATIONS)
def groups(consultation_id: int) -> str:
    """Groups the system proposes; people decide."""
    one = _announced(consultation_id)
    proposed = queries.list_groups(one.id, MOST_GROUPS)
    known = themes.Known(
        {theme.id: theme.title for theme, _count in listing.list_themes(one.id)},
        {key: [text] for key, text in listing.list_samples(one.id).items()},
        queries.list_samples(one.id),
    )
    return render_template(
        "texts/staff_groups.html",
        consultation=one,
        reasons=REASONS,
        groups=proposed,
        like={group.number: known.suggest(group.example.text) for group in proposed},
        titles=known.titles,
        working=queries.find_putting(one.id),
        standing=queries.standing(one.id),
        task=queries.find_comparison(one.id),
        can_answer=policy.can_answer(g.actor, one),
    )


@blueprint.post("/groups")
@requires(Action.ANSWER_CONTRIBUTIONS)
@writes
def compare(consultation_id: int) -> Response:
    """Ask the worker to compare the texts under no theme."""
    one = _announced(consultation_id)
    try:
        task = service.ask_for_groups(g.actor, one.id, clock.now())
    except Conflict as error:
        db.session.rollback()
        flash(str(error.message), "warning")
        return _go("staff_survey_texts.groups", consultation_id)
    return redirect(url_for("staff.task", task_id=task.id), code=303)  # type: ignore[return-value]

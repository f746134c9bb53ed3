"""The results: counts of every question, one question by groups, and answers in words."""

from flask import Blueprint, g, render_template
from flask_babel import gettext as _

from civic import clock, cursors
from civic.errors import NotFound
from civic.format import language
from civic.moderation.labels import REASONS
from civic.policy import enforce, public
from consultations.questionnaires import policy, queries, results, words
from consultations.questionnaires.definition import TEXTS, Item
from consultations.questionnaires.models import Questionnaire
from consultations.questionnaires.views import address, crumbs, find, has_answered, sitting_of

blueprint = Blueprint(
    "questionnaire_results",
    __name__,
    url_prefix="/consultations/<int:consultation_id>/questionnaires/<int:questionnaire_id>/results",
)
GROUPINGS = ("area", "age")


def _item(one: Questionnaire, key: str) -> Item:
    item = one.asked.find(key)
    if item is None or not item.asks:
        raise NotFound
    return item


@blueprint.get("")
@public
def show(consultation_id: int, questionnaire_id: int) -> str:
    """Every question with its counts."""
    one = find(consultation_id, questionnaire_id)
    answered, now = has_answered(one, sitting_of(one)), clock.now()
    decision = policy.can_see_results(g.actor, one, answered, now)
    told = results.told_results(one) if decision else []
    return render_template(
        "questionnaires/results.html",
        one=one,
        title=one.told("title", language()),
        decision=decision,
        told=told,
        maps=results.map_of(told),
        sentence=results.sentence(one),
        paper=queries.counts(one.id).get("", {}).get("paper", 0) if decision else 0,
        texts=policy.can_read_texts(g.actor, one, answered, now),
        words=words,
        address=address,
        breadcrumbs=crumbs(one, _("Results")),
    )


@blueprint.get("/<key>/by/<grouping>")
@public
def by_group(consultation_id: int, questionnaire_id: int, key: str, grouping: str) -> str:
    """One question by neighbourhood or age."""
    one = find(consultation_id, questionnaire_id)
    item = _item(one, key)
    if grouping not in GROUPINGS or not one.keeps_groups:
        raise NotFound
    enforce(policy.can_see_results(g.actor, one, has_answered(one, sitting_of(one)), clock.now()))
    return render_template(
        "questionnaires/by_group.html",
        one=one,
        item=item,
        title=words.told(item.words),
        grouping=grouping,
        crossed=results.crossed(one, item, grouping),
        breadcrumbs=crumbs(one, _("Results by group")),
    )


@blueprint.get("/<key>/texts")
@public
def texts(consultation_id: int, questionnaire_id: int, key: str) -> str:
    """What was written in one question, a page at a time, never with a name."""
    one = find(consultation_id, questionnaire_id)
    item = _item(one, key)
    if item.kind not in TEXTS and not item.other:
        raise NotFound
    enforce(policy.can_read_texts(g.actor, one, has_answered(one, sitting_of(one)), clock.now()))
    cells = queries.counts(one.id).get(item.key, {})
    enforce(policy.enough(int(cells.get("answered", 0))))
    total = int(cells.get("answered" if item.kind in TEXTS else "other", 0))
    return render_template(
        "questionnaires/texts.html",
        one=one,
        item=item,
        title=words.told(item.words),
        can_hide=policy.can_hide_texts(g.actor),
        reasons=REASONS,
        said=queries.list_texts(one.id, item.key, cursors.asked()),
        total=total,
        breadcrumbs=crumbs(one, _("Answers in words")),
    )

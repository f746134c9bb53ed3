"""What everybody reads: the themes of what was written in a questionnaire, and the city hall's answers to them."""

from flask import Blueprint, render_template
from flask_babel import gettext as _

from civic import numbers
from civic.format import language
from civic.policy import public
from consultations.contributions import presenters
from consultations.questionnaires.rules import LEAST
from consultations.questionnaires.views import crumbs, find
from consultations.texts import queries

blueprint = Blueprint(
    "survey_texts",
    __name__,
    url_prefix="/consultations/<int:consultation_id>/questionnaires/<int:questionnaire_id>",
)
PER_PAGE = 20


@blueprint.get("/answers")
@public
def answers(consultation_id: int, questionnaire_id: int) -> str:
    """Theme by theme: how many wrote about it, and what was answered."""
    one, page = find(consultation_id, questionnaire_id), numbers.page_number()
    rows, total = queries.list_themes(one.id, PER_PAGE, page)
    said = queries.answers_of_themes([theme.id for theme, _texts in rows])
    texts, unthemed = queries.count_of(one.id)
    return render_template(
        "texts/answers.html",
        one=one,
        title=one.told("title", language()),
        themes=[
            {
                "theme": theme,
                "texts": number,
                "answers": [presenters.answer_item(answer) for answer in said.get(theme.id, [])],
            }
            for theme, number in rows
        ],
        least=LEAST,
        texts=texts,
        unthemed=unthemed,
        total=total,
        page=page,
        pages=max(1, -(-total // PER_PAGE)),
        breadcrumbs=crumbs(one, _("Answers to what was written")),
    )

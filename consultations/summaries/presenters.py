"""A summary as everyone reads it: sentences with links to what they rest on."""

from itertools import groupby
from typing import Any

from flask import url_for
from flask_babel import gettext as _

from consultations.summaries import queries
from consultations.summaries.models import SummarySentence


def paragraphs(consultation_id: int) -> list[list[dict[str, Any]]]:
    """The published sentences paragraph by paragraph, each with its sources; empty when there is none."""
    sentences = queries.list_sentences(consultation_id)
    if not sentences:
        return []
    references = queries.known_numbers(
        consultation_id, (number for one in sentences for number in one.numbers)
    )
    themes = queries.themes_by_id(consultation_id)
    return [
        [{"text": one.text, "sources": _sources(one, references, themes)} for one in found]
        for _paragraph, found in groupby(sentences, key=lambda one: one.paragraph)
    ]


def _sources(
    one: SummarySentence, references: dict[int, str], themes: dict[int, str]
) -> list[dict[str, str]]:
    base = one.consultation_id
    return [
        *(
            {
                "label": str(number),
                "about": _("contribution %(reference)s", reference=references.get(number, str(number))),
                "url": url_for("contributions.show", consultation_id=base, number=number),
            }
            for number in one.numbers
        ),
        *(
            {
                "label": _("theme: %(title)s", title=themes[theme]),
                "about": "",
                "url": url_for("contributions.index", consultation_id=base, theme=theme),
            }
            for theme in one.themes
            if theme in themes
        ),
    ]

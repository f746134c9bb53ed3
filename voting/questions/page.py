"""What the pages of a ballot of questions show: every question with its options in the reader's language."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from flask_babel import gettext as _
from markupsafe import Markup
from werkzeug.exceptions import BadRequest

from civic.format import ngettext
from civic.rounds import words
from civic.rounds.models import Round
from civic.text import render_markdown
from voting.plan import FrozenRound
from voting.questions import rules, service
from voting.questions.plan import ABSTAIN, NO, YES, PlannedOption, PlannedQuestion


@dataclass(frozen=True)
class Told:
    """A question in words. `options` are (code, words, whether it is chosen)."""

    question: PlannedQuestion
    hint: str
    options: tuple[tuple[str, str, bool], ...]
    explanation: Markup
    pros: tuple[str, ...]
    cons: tuple[str, ...]
    error: Any = None

    @property
    def chosen(self) -> list[str]:
        """The words of what is chosen."""
        return [said for _code, said, chosen in self.options if chosen]

    @property
    def several(self) -> bool:
        """Whether more than one option may be chosen."""
        return self.question.kind == "several"

    @property
    def field(self) -> str:
        """The name of its boxes in the form."""
        return f"question-{self.question.number}"


def option_words(option: PlannedOption) -> str:
    """An option in the reader's language; what staff wrote stays as it is written."""
    ending = option.code.rpartition("-")[2]
    return {YES: _("Yes"), NO: _("No"), ABSTAIN: _("I abstain")}.get(ending, option.text)


def _hint(question: PlannedQuestion) -> str:
    if question.kind == "several":
        return ngettext(
            "Choose at most %(num)s answer.", "Choose at most %(num)s answers.", question.max_choices
        )
    return _("Choose one answer.")


def _lines(text: str) -> tuple[str, ...]:
    return tuple(line.strip(" -•*") for line in text.splitlines() if line.strip(" -•*"))


def questions_of(round_: Round, plan: FrozenRound | None) -> Sequence[PlannedQuestion]:
    """The questions as they were frozen, or as they stand now before that."""
    return plan.questions if plan is not None else service.list_planned(round_)


def tell(
    _round: Round, question: PlannedQuestion, chosen: Mapping[str, Any] | None = None, error: Any = None
) -> Told:
    """One question in words, with what is chosen in it."""
    picked = chosen or {}
    return Told(
        question,
        _hint(question),
        tuple((one.code, option_words(one), one.code in picked) for one in question.options),
        render_markdown(question.explanation) if question.explanation else Markup(),
        _lines(question.arguments_for),
        _lines(question.arguments_against),
        error,
    )


@dataclass(frozen=True)
class Answers:
    """What a form of answers says: the choices, and the problem of each question that has one."""

    choices: dict[str, Decimal]
    problems: dict[int, Any]


def read_answers(plan: FrozenRound, form: Any) -> Answers:
    """The answers a form sends. An empty value is no answer; a code that is not the question's is no form of ours."""
    choices: dict[str, Decimal] = {}
    problems: dict[int, Any] = {}
    for question in plan.questions:
        codes = [code for code in form.getlist(f"question-{question.number}") if code]
        if not {option.code for option in question.options}.issuperset(codes):
            raise BadRequest
        choices |= dict.fromkeys(codes, Decimal(1))
        sentence = rules.answer_problem(
            question, [option for option in question.options if option.code in codes]
        )
        if sentence is not None:
            problems[question.number] = sentence
    return Answers(choices, problems)


def ballot_context(booth: Any, now: datetime, answers: Answers | None = None) -> dict[str, Any]:
    """What the ballot page and the review show; `answers` are those of a form that came back with problems."""
    choices = booth.choices if answers is None else answers.choices
    problems = answers.problems if answers is not None else {}
    return {
        "booth": booth,
        "round": booth.round,
        "now": now,
        "audience": words.audience_phrase(booth.round),
        "advisory": words.advisory_note(),
        "questions": [
            tell(booth.round, one, choices, problems.get(one.number))
            for one in questions_of(booth.round, booth.plan)
        ],
    }

"""Which questions can be asked, which answers are valid, and what the counts say. Plain values only."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Any

from flask_babel import lazy_gettext as _

from civic.format import lazy_ngettext as ngettext
from civic.rounds.facts import Problem
from voting.questions.plan import PlannedOption, PlannedQuestion, options_of

KINDS = ("yes_no", "one", "several")
LEAST_OPTIONS, MOST_OPTIONS = 2, 12
MOST_QUESTIONS = 20
MOST_TEXT, MOST_OPTION, MOST_EXPLANATION, MOST_ARGUMENTS = 300, 200, 10_000, 3_000

#: With fewer ballots the answers are not published: they would show what somebody chose.
LEAST_BALLOTS = 10


# --- what is asked --------------------------------------------------------------------------------------


@dataclass(frozen=True)
class QuestionText:
    """A question as staff wrote it, cleaned. Empty boxes for options are no options."""

    text: str
    kind: str
    options: tuple[str, ...] = ()
    max_choices: int | None = None
    may_abstain: bool = False
    explanation: str = ""
    arguments_for: str = ""
    arguments_against: str = ""

    def planned(self, number: int, pot: int = 0, group: int = 0) -> PlannedQuestion:
        """The question as it stands on the ballot under a number."""
        return PlannedQuestion(
            number=number,
            text=self.text,
            kind=self.kind,
            options=options_of(number, self.kind, self.options, self.may_abstain),
            max_choices=self.max_choices or 1,
            explanation=self.explanation,
            arguments_for=self.arguments_for,
            arguments_against=self.arguments_against,
            pot=pot,
            group=group,
        )


def question_problems(one: QuestionText, others: Collection[str]) -> list[Problem]:
    """Why a question cannot be asked like this, field by field; `others` are the texts of the other questions."""
    problems = []
    if not one.text:
        problems.append(Problem("text", _("Write the question.")))
    elif one.text.casefold() in {other.casefold() for other in others}:
        problems.append(Problem("text", _("Another question of this ballot has the same text.")))
    for name, length in (
        ("text", MOST_TEXT),
        ("explanation", MOST_EXPLANATION),
        ("arguments_for", MOST_ARGUMENTS),
        ("arguments_against", MOST_ARGUMENTS),
    ):
        if len(getattr(one, name)) > length:
            problems.append(Problem(name, _("Write at most %(max)s characters.", max=length)))
    if one.kind not in KINDS:
        return [*problems, Problem("kind", _("Choose how the question is answered."))]
    if one.kind == "yes_no":
        return problems
    return [*problems, *_option_problems(one), *_limit_problems(one)]


def _option_problems(one: QuestionText) -> list[Problem]:
    problems, seen = [], set()
    for place, option in enumerate(one.options):
        if len(option) > MOST_OPTION:
            sentence = _("Write at most %(max)s characters.", max=MOST_OPTION)
            problems.append(Problem(f"options-{place}-text", sentence))
        elif option.casefold() in seen:
            problems.append(
                Problem(
                    f"options-{place}-text", _("This option is there twice: “%(option)s”.", option=option)
                )
            )
        seen.add(option.casefold())
    if not LEAST_OPTIONS <= len(one.options) <= MOST_OPTIONS:
        problems.append(
            Problem(
                "options",
                _(
                    "Write from %(least)s to %(most)s options to choose from.",
                    least=LEAST_OPTIONS,
                    most=MOST_OPTIONS,
                ),
            )
        )
    return problems


def _limit_problems(one: QuestionText) -> list[Problem]:
    if one.kind != "several":
        return []
    if one.max_choices is None or not 2 <= one.max_choices <= max(2, len(one.options)):
        return [
            Problem(
                "max_choices", _("Write how many options may be chosen: from 2 to the number of options.")
            )
        ]
    return []


# --- what is answered -----------------------------------------------------------------------------------


def answer_problem(question: PlannedQuestion, chosen: Sequence[PlannedOption]) -> Any | None:
    """Why these answers to one question are not valid, or None when they are. No answer is valid."""
    if any(option.abstains for option in chosen) and len(chosen) > 1:
        return _("Question %(number)s: either abstain or choose among the answers.", number=question.number)
    if len(chosen) > question.max_choices:
        return ngettext(
            "Question %(number)s: choose at most %(num)s answer.",
            "Question %(number)s: choose at most %(num)s answers.",
            question.max_choices,
            number=question.number,
        )
    return None


def answer_problems(
    questions: Sequence[PlannedQuestion], choices: Mapping[str, Decimal], allow_blank: bool = False
) -> list[tuple[int | None, Any]]:
    """Everything that makes answers invalid, as (part of the ballot, sentence); empty when they may be cast."""
    if not choices and not allow_blank:
        return [(None, _("Your ballot is empty. Answer at least one question."))]
    known = {option.code for question in questions for option in question.options}
    if not known.issuperset(choices) or any(value != 1 for value in choices.values()):
        return [(None, _("The ballot holds an answer that is not in this vote."))]
    found: list[tuple[int | None, Any]] = []
    for question in questions:
        sentence = answer_problem(question, [one for one in question.options if one.code in choices])
        if sentence is not None:
            found.append((question.group, sentence))
    return found


# --- what was counted -----------------------------------------------------------------------------------


@dataclass(frozen=True)
class OptionCount:
    """How many ballots chose an option, and what share that is of the ballots with an answer."""

    option: PlannedOption
    votes: int
    share: Fraction


@dataclass(frozen=True)
class QuestionCount:
    """What came out of one question. `ballots` are all of the vote: those with an answer, those that abstained,
    and those that left the question empty."""

    question: PlannedQuestion
    ballots: int
    answers: int
    abstentions: int
    blank: int
    options: tuple[OptionCount, ...]

    @property
    def leaders(self) -> tuple[OptionCount, ...]:
        """The options with the most votes: several in a tie, none where nobody answered."""
        most = max((one.votes for one in self.options), default=0)
        return tuple(one for one in self.options if one.votes == most and most)


def count_question(
    question: PlannedQuestion, votes: Mapping[str, int], named: int, ballots: int
) -> QuestionCount:
    """The counts of a question from the votes of its options; `named` ballots chose any of them.

    An abstention stands alone on its ballot, so what is left of `named` without it are answers.
    """
    abstention = question.abstention
    abstained = votes.get(abstention.code, 0) if abstention else 0
    answers = named - abstained
    return QuestionCount(
        question,
        ballots,
        answers,
        abstained,
        ballots - named,
        tuple(
            OptionCount(
                one,
                votes.get(one.code, 0),
                Fraction(votes.get(one.code, 0), answers) if answers else Fraction(0),
            )
            for one in question.answers
        ),
    )

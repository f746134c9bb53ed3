"""Commands that change the questions of a ballot, and what the ballot is made of. They flush and never commit.

Each question is a pot of amount 1 with one part of the ballot, and its options are projects of cost 1: so casting,
the close, the files and the program that verifies them know nothing of questions. The counting rule lets no project
win (`rules_registry.COUNTED_ONLY`): a question has counts and no winner, and nothing of it is decided by lot.
"""

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal
from hashlib import sha256
from typing import Any

from flask_babel import lazy_gettext as _

from civic import audit, timeline
from civic.actor import Actor
from civic.errors import Conflict
from civic.extensions import db
from civic.rounds.facts import Problem
from civic.rounds.models import BallotGroup, Pot, Round
from civic.rounds.planning import PlanRefused
from civic.text import clean_line, clean_text
from voting.models import Project
from voting.questions import queries, rules
from voting.questions.models import Question
from voting.questions.plan import PlannedQuestion
from voting.questions.rules import QuestionText


class Overwritten(Conflict):
    """What the writer began from is no longer what is stored."""


def mark_of(text: QuestionText) -> str:
    """A short name of all that a question says: another one as soon as a word of it is changed."""
    return sha256(repr(text).encode()).hexdigest()[:16]


def cleaned(raw: QuestionText) -> QuestionText:
    """A question as it is stored: empty boxes left out, and what its kind does not have."""
    options = tuple(option for option in map(clean_line, raw.options) if option)
    return QuestionText(
        clean_line(raw.text),
        raw.kind,
        () if raw.kind == "yes_no" else options,
        raw.max_choices if raw.kind == "several" else None,
        raw.may_abstain,
        clean_text(raw.explanation),
        clean_text(raw.arguments_for),
        clean_text(raw.arguments_against),
    )


def text_of(question: Question) -> QuestionText:
    """A stored question as it was written."""
    return QuestionText(
        question.text,
        question.kind,
        tuple(question.options),
        question.max_choices,
        question.may_abstain,
        question.explanation,
        question.arguments_for,
        question.arguments_against,
    )


def frozen_refusal(round_: Round) -> Any | None:
    """Why the questions of a round cannot be changed, or None when they can."""
    if round_.frozen_at is None:
        return None
    return _("The plan was frozen when voting opened, and its fingerprint published. It stays.")


def _locked(round_: Round, question: Question | None) -> Round:
    """The round as it is now, which nobody else changes meanwhile. Raises Conflict when the question is gone."""
    locked = queries.lock_round(round_.id)
    if question is not None and not queries.is_there(question.id):
        raise Conflict(_("Somebody else has removed this question meanwhile."))
    return locked


def _check(round_: Round, reason: str) -> list[Problem]:
    """What stands in the way of any change of the questions."""
    if not round_.asks:
        raise Conflict(_("Residents choose projects in this edition; it has no questions."))
    refusal = frozen_refusal(round_)
    if refusal is not None:
        raise Conflict(refusal)
    if round_.published_at is not None and not clean_text(reason):
        sentence = _("The plan is public. Write the reason of the change: residents will read it.")
        return [Problem("reason", sentence)]
    return []


def save_question(
    actor: Actor,
    round_: Round,
    question: Question | None,
    raw: QuestionText,
    now: datetime,
    reason: str = "",
    seen: str | None = None,
) -> Question:
    """Add a question at the end of the ballot, or change one. Raises PlanRefused, field by field, or Conflict.

    `seen` is the `mark_of` what the writer began from: Overwritten is raised when somebody changed it since.
    """
    round_ = _locked(round_, question)
    problems = _check(round_, reason)
    if question is not None and seen is not None:
        db.session.refresh(question)
        if mark_of(text_of(question)) != seen:
            raise Overwritten(_("Somebody else has changed this question meanwhile."))
    text, stored = cleaned(raw), queries.list_questions(round_.id)
    problems += rules.question_problems(text, [one.text for one in stored if one is not question])
    if question is None and len(stored) >= rules.MOST_QUESTIONS:
        problems.append(
            Problem("text", _("A ballot has at most %(most)s questions.", most=rules.MOST_QUESTIONS))
        )
    if problems:
        raise PlanRefused(problems)
    event = "question.added" if question is None else "question.changed"
    if question is None:
        question = Question(round_id=round_.id, position=len(stored))
        db.session.add(question)
    question.text, question.kind, question.options = text.text, text.kind, list(text.options)
    question.max_choices, question.may_abstain = text.max_choices, text.may_abstain
    question.explanation = text.explanation
    question.arguments_for, question.arguments_against = text.arguments_for, text.arguments_against
    _changed(actor, round_, question, event, now, reason)
    return question


def move_question(actor: Actor, round_: Round, question: Question, up: bool, now: datetime) -> None:
    """Put a question one place higher or lower. Raises Conflict once the ballot is public."""
    round_ = _locked(round_, question)
    if round_.published_at is not None:
        raise Conflict(_("The order of the questions is changed only before the ballot is published."))
    _check(round_, "")
    stored = list(queries.list_questions(round_.id))
    place = stored.index(question)
    other = place - 1 if up else place + 1
    if not 0 <= other < len(stored):
        return
    stored[place], stored[other] = stored[other], stored[place]
    for position, one in enumerate(stored):
        one.position = position
    _changed(actor, round_, question, "question.moved", now, "")


def remove_question(actor: Actor, round_: Round, question: Question, now: datetime, reason: str = "") -> None:
    """Take a question off the ballot. Raises PlanRefused without the reason of a public change, or Conflict."""
    round_ = _locked(round_, question)
    problems = _check(round_, reason)
    left = [one for one in queries.list_questions(round_.id) if one is not question]
    if not left and round_.published_at is not None:
        problems.append(Problem("reason", _("A public ballot needs at least one question.")))
    if problems:
        raise PlanRefused(problems)
    db.session.delete(question)
    for position, one in enumerate(left):
        one.position = position
    _changed(actor, round_, question, "question.removed", now, reason)


def _changed(actor: Actor, round_: Round, question: Question, event: str, now: datetime, reason: str) -> None:
    """Make the ballot anew from the questions, and record the change."""
    db.session.flush()
    _make_ballot(round_)
    audit.record(actor, event, "round", round_.id, now, {"question": question.id})
    if round_.published_at is not None:
        timeline.add(
            "round", round_.id, event, now,
            role=timeline.role_of(actor), reason=clean_text(reason), data={"question": question.text},
        )  # fmt: skip


def _make_ballot(round_: Round) -> None:
    """A pot, a part of the ballot and the options of every question. Nothing points at the ones before: the roll
    and the ballots come after the freeze."""
    queries.forget_options(round_.id)
    round_.pots, round_.groups = [], []
    db.session.flush()
    stored = queries.list_questions(round_.id)
    for position, question in enumerate(stored):
        round_.pots.append(Pot(name=question.text, amount=Decimal(1), position=position))
        round_.groups.append(
            BallotGroup(
                name=question.text,
                ballot_kind="approval" if question.kind == "several" else "choose_one",
                min_choices=0,
                max_choices=question.max_choices or 1,
                position=position,
            )
        )
    db.session.flush()
    for planned in list_planned(round_):
        db.session.add_all(
            Project(
                round_id=round_.id,
                pot_id=planned.pot,
                group_id=planned.group,
                code=option.code,
                title=option.text,
                summary="",
                cost=Decimal(1),
                withdrawn=False,
            )
            for option in planned.options
        )
    db.session.flush()


def list_planned(round_: Round) -> list[PlannedQuestion]:
    """The questions as they would be frozen now: pots, parts of the ballot and questions have one order."""
    return [
        text_of(question).planned(number, pot.id, group.id)
        for number, (question, pot, group) in enumerate(
            zip(queries.list_questions(round_.id), round_.pots, round_.groups, strict=False), start=1
        )
    ]


def opening_problems(round_: Round, projects: Sequence[Project]) -> list[Any]:
    """Why the vote on questions cannot be prepared, in sentences for staff; empty when it can."""
    problems: list[Any] = []
    if not any(phase.kind == "voting" for phase in round_.phases):
        problems.append(_("The round has no voting phase."))
    questions = queries.list_questions(round_.id)
    if not questions:
        problems.append(_("There is no question yet: add at least one."))
    for number, question in enumerate(questions, start=1):
        others = [one.text for one in questions if one is not question]
        problems += [
            _("Question %(number)s: %(problem)s", number=number, problem=problem.sentence)
            for problem in rules.question_problems(text_of(question), others)
        ]
    codes = {option.code for planned in list_planned(round_) for option in planned.options}
    if codes != {project.code for project in projects}:
        problems.append(_("The options on the ballot are not those of the questions: save a question again."))
    return problems


def as_data(round_: Round) -> dict[str, Any]:
    """What the frozen plan says of what residents vote on."""
    if not round_.asks:
        return {"content": round_.content}
    return {
        "content": round_.content,
        "areas": [{"id": area.id, "name": area.name} for area in round_.areas],
        "questions": [planned.as_data() for planned in list_planned(round_)],
    }

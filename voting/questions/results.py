"""What the results of a ballot of questions say: counts and shares of every option, and never a winner.

With fewer than ten ballots no answer is published, on no page and in no file: each count would show what one of
the few chose, and a hash over so few ballots can be guessed. What stays public is the turnout and the list of
codes, in which every voter finds their own.
"""

import csv
import io
from collections.abc import Sequence
from decimal import Decimal
from fractions import Fraction
from typing import Any

from flask_babel import gettext as _

from civic import format
from civic.format import ngettext
from civic.rounds.models import Round
from civic.text import plain_cell
from voting import result_queries
from voting.counting.amounts import amount_string
from voting.models import RoundResult
from voting.plan import FrozenRound
from voting.questions.page import option_words
from voting.questions.rules import LEAST_BALLOTS, OptionCount, QuestionCount, count_question


def is_withheld(plan: FrozenRound, result: RoundResult) -> bool:
    """Whether the answers are kept back because too few people voted."""
    return plan.asks and int(result.outcome["summary"]["ballots"]) < LEAST_BALLOTS


def question_counts(round_: Round, plan: FrozenRound, result: RoundResult) -> list[QuestionCount]:
    """What was counted, question by question; empty where the answers are withheld."""
    if is_withheld(plan, result):
        return []
    votes = {project.code: outcome.votes for outcome, project in result_queries.list_outcomes(round_.id)}
    ballots = int(result.outcome["summary"]["ballots"])
    return [
        count_question(one, votes, int(result.outcome["voters"].get(str(one.pot), 0)), ballots)
        for one in plan.questions
    ]


def share_words(share: Fraction) -> str:
    """A share to a tenth of a percent: `62,9 %`. Nearly all is not all, and a few are not none."""
    tenths = int(share * 1000 + Fraction(1, 2))
    if 0 < share < 1:
        tenths = min(999, max(1, tenths))
    return format.exact_percent(Decimal(tenths) / 1000)


def sentence_of(counted: QuestionCount) -> str:
    """What most answered, in a sentence; a tie is told as a tie."""
    leaders = counted.leaders
    if not leaders:
        return _("Nobody answered this question.")
    first = leaders[0]
    if len(leaders) > 1:
        options = ", ".join(_("“%(words)s”", words=option_words(one.option)) for one in leaders)
        return ngettext(
            "A tie: %(options)s got %(num)s answer each. No lot decides between them.",
            "A tie: %(options)s got %(num)s answers each. No lot decides between them.",
            first.votes,
            options=options,
        )
    figures = {
        "option": option_words(first.option),
        "votes": format.number(first.votes),
        "share": share_words(first.share),
    }
    if counted.question.kind == "several":
        return ngettext(
            "“%(option)s” was chosen most: on %(votes)s of %(num)s ballot with an answer (%(share)s).",
            "“%(option)s” was chosen most: on %(votes)s of %(num)s ballots with an answer (%(share)s).",
            counted.answers,
            **figures,
        )
    return ngettext(
        "“%(option)s” got %(votes)s of %(num)s answer (%(share)s).",
        "“%(option)s” got %(votes)s of %(num)s answers (%(share)s).",
        counted.answers,
        **figures,
    )


def rows_of(counted: QuestionCount) -> list[dict[str, Any]]:
    """The lines of a question's table, in the order of the ballot."""
    return [_row(one, counted) for one in counted.options]


def _row(one: OptionCount, counted: QuestionCount) -> dict[str, Any]:
    return {
        "words": option_words(one.option),
        "votes": one.votes,
        "share": share_words(one.share) if counted.answers else "–",
        "bar": int(one.share * 100),
        "leads": one in counted.leaders,
    }


def rest_of(counted: QuestionCount) -> list[str]:
    """The ballots without an answer, in sentences."""
    said = []
    if counted.question.abstention is not None:
        said.append(ngettext("%(num)s ballot abstained.", "%(num)s ballots abstained.", counted.abstentions))
    said.append(
        ngettext(
            "%(num)s ballot left this question empty.",
            "%(num)s ballots left this question empty.",
            counted.blank,
        )
    )
    return said


def context(round_: Round, plan: FrozenRound, result: RoundResult, voted: int, roll: int) -> dict[str, Any]:
    """What the page of results is made of, beside what every vote shows."""
    counts = question_counts(round_, plan, result)
    turnout = share_words(Fraction(voted, roll)) if roll else "–"
    tiles = [
        {"value": format.number(voted), "label": ngettext("ballot", "ballots", voted)},
        {"value": turnout, "label": _("of the people who were asked")},
        {
            "value": format.number(len(plan.questions)),
            "label": ngettext("question", "questions", len(plan.questions)),
        },
    ]
    return {
        "withheld": is_withheld(plan, result),
        "least": LEAST_BALLOTS,
        "tiles": tiles,
        "counts": [
            {
                "question": one.question,
                "sentence": sentence_of(one),
                "rows": rows_of(one),
                "rest": rest_of(one),
                "several": one.question.kind == "several",
            }
            for one in counts
        ],
    }


def rule_words() -> list[str]:
    """How answers are counted, for people."""
    return [
        _("Every option has as many votes as ballots that chose it."),
        _(
            "Shares are parts of the ballots with an answer; abstentions and empty ballots are told beside them."
        ),
        _(
            "Where several options could be chosen, a ballot counts for each it chose, so the shares can add up to more than 100 percent."
        ),
        _("Nothing wins and nothing is decided by lot: the ballot is advisory, and a tie is told as a tie."),
    ]


def next_steps(round_: Round) -> list[dict[str, Any]]:
    """What comes after the results."""
    adopted = round_.adopted_at
    return [
        {"done": True, "when": round_.results_at, "text": _("The results were published")},
        {
            "done": adopted is not None,
            "when": adopted,
            "text": _("The council decided: %(decision)s", decision=round_.adopted_by)
            if adopted
            else _("The council hears the results and publishes here what it decided"),
        },
    ]


def counts_csv(counts: Sequence[QuestionCount]) -> str:
    """The counts as CSV: a line an option, then the abstentions and the empty ballots of each question."""
    buffer = io.StringIO()
    writer = csv.writer(buffer)
    writer.writerow(["question", "text", "code", "option", "votes", "answers", "share"])
    for one in counts:
        number, text = one.question.number, plain_cell(one.question.text)
        for option in one.options:
            writer.writerow(
                [number, text, option.option.code, plain_cell(option.option.text), option.votes, one.answers,
                 rounded_share(option.share)]
            )  # fmt: skip
        abstention = one.question.abstention
        if abstention is not None:
            writer.writerow([number, text, abstention.code, abstention.text, one.abstentions, "", ""])
        writer.writerow([number, text, "", "", one.blank, "", ""])
    return buffer.getvalue()


def rounded_share(share: Fraction) -> str:
    """A share for files, to four decimals."""
    return amount_string(Fraction(int(share * 10_000 + Fraction(1, 2)), 10_000))


def as_json(counted: QuestionCount) -> dict[str, Any]:
    """The counts for `result.json`. `most` are the options with the most votes: several of them is a tie."""
    return {
        "number": counted.question.number,
        "text": counted.question.text,
        "kind": counted.question.kind,
        "ballots": counted.ballots,
        "answers": counted.answers,
        "abstentions": counted.abstentions,
        "blank": counted.blank,
        "options": [
            {
                "code": one.option.code,
                "text": one.option.text,
                "votes": one.votes,
                "share": rounded_share(one.share),
            }
            for one in counted.options
        ],
        "most": [one.option.code for one in counted.leaders],
    }

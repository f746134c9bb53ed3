"""The report as tables: the whole matrix as it is read, and sheets with the figures of every part."""

from collections.abc import Iterator, Mapping, Sequence
from itertools import chain
from typing import Any

from flask_babel import gettext as _

from civic.format import day
from civic.tables import Cell
from consultations.contributions import listing, queries, rules
from consultations.contributions.labels import ANSWER_STATES, CHANNELS, OUTCOMES
from consultations.contributions.models import Answer, Contribution
from consultations.contributions.presenters import notice_of, state_of
from consultations.contributions.rules import AnswerState, Outcome

Rows = Iterator[Sequence[Cell]]


def matrix_rows(consultation_id: int) -> Rows:
    """The heading, then a row for each answer of each contribution, withdrawn ones too; one without any has a row."""
    yield [
        _("Number"), _("Reference"), _("Received on"), _("Way"), _("Author"), _("Organisation"), _("Late"),
        _("Text"), _("Theme"), _("State of the answer"), _("Outcome"), _("Reason"),
        _("Where it changed something"), _("Link"), _("Function of who answered"), _("Answered on"),
        _("Withdrawn on"), _("Reason of the withdrawal"),
    ]  # fmt: skip
    for rows, near in listing.walk(consultation_id, listing.Filters()):
        for entry in rows:
            yield from _entry_rows(entry, near)


def _entry_rows(entry: Contribution, near: listing.Beside) -> Rows:
    theme = near.themes.get(entry.theme_id or 0)
    text = "\n\n".join(part for part in (entry.title, entry.body, str(notice_of(entry))) if part)
    shared: list[Cell] = [
        entry.number, entry.reference, day(entry.received_at), str(CHANNELS[entry.channel]), entry.author_name,
        _("yes") if entry.by_organisation else _("no"), _("yes") if entry.late else _("no"), text,
        theme.title if theme else "",
    ]  # fmt: skip
    current = queries.pick(entry, near.answers)
    past = [
        one
        for one in near.answers
        if one.state == AnswerState.WITHDRAWN and rules.concerns(queries.asked(entry), one)  # type: ignore[arg-type]
    ]
    if current is None:
        state, _tone = state_of(entry, None)
        yield [*shared, str(state), "", entry.considered_reason, *([""] * 6)]
    for answer in [*([current] if current else []), *past]:
        yield [*shared, *_answer_cells(answer)]


def _answer_cells(answer: Answer) -> list[Cell]:
    return [
        str(ANSWER_STATES[AnswerState(answer.state)]), str(OUTCOMES[Outcome(answer.outcome)]), answer.reason,
        answer.place, answer.link, answer.author_function,
        day(answer.published_at) if answer.published_at else "",
        day(answer.withdrawn_at) if answer.withdrawn_at else "", answer.withdrawn_reason,
    ]  # fmt: skip


def sheets(context: Mapping[str, Any]) -> Iterator[tuple[str, Iterator[Sequence[Cell]]]]:
    """Every sheet of the workbook by its name; the matrix is read while it is written."""
    one, totals = context["consultation"], context["totals"]
    yield _("Summary"), iter([
        [_("What"), _("Value")],
        [_("Title"), one.title],
        [_("Kind of consultation"), str(context["kind"])],
        [_("Announced on"), day(one.announced_at)],
        [_("contributions registered"), totals.received],
        [_("with their answer"), totals.answered],
        [_("from organisations"), totals.by_organisations],
        [_("received late"), totals.late],
        *([sentence, ""] for sentence in context["method"]),
    ])  # fmt: skip
    yield _("Announcements"), iter([
        [_("Day"), _("How"), _("Where"), "SHA-256"],
        *([day(row["entry"].announced_at), str(row["channel"]), row["entry"].place, row["sha256"]]
          for row in context["announcements"]),
    ])  # fmt: skip
    yield _("Ways"), _bars(context["channels"], _("How it came"))
    yield _("Neighbourhoods"), iter([
        [_("Neighbourhood"), _("People"), _("Of those who took part"), _("Residents"), _("Of all residents")],
        *context["areas"],
    ])  # fmt: skip
    yield _("Answers"), _bars(context["outcomes"], _("Answer"))
    yield _("Questionnaires"), _questions(context["questionnaires"])
    yield _("Contributions"), matrix_rows(one.id)
    if context["text"]:
        yield (
            _("Changes of the text"),
            chain(
                [[_("Before"), _("After")]], ([row["old"], row["new"]] for row in context["text"]["changes"])
            ),
        )


def _bars(rows: Sequence[Mapping[str, Any]], label: str) -> Rows:
    yield [label, _("Contributions")]
    for row in rows:
        yield [str(row["label"]), row["value"]]


def _questions(found: Sequence[Mapping[str, Any]]) -> Rows:
    yield [_("Questionnaire"), _("Question"), _("Option"), _("Part"), _("Value")]
    for one in found:
        for entry in one["told"]:
            row, lead = entry["row"], [one["title"], entry["question"]]
            yield [*lead, _("Answers"), "", row.answered if row.shape != "few" else _("fewer than 10")]
            for cell in row.rows:
                if row.shape == "bars":
                    yield [*lead, str(cell["label"]), "", cell["value"]]
                elif row.shape == "figures":
                    yield [*lead, str(cell["term"]), "", str(cell["description"])]
                elif row.shape == "parts":
                    for name, value in zip(row.series, cell["values"], strict=True):
                        yield [*lead, str(cell["label"]), name, value]

"""Counting and checking `.pb` files on the command line: no application and no database needed."""

import hashlib
import json
from collections.abc import Iterable, Sequence
from decimal import Decimal
from pathlib import Path
from typing import Any, NoReturn

import click

from voting.counting.count import count
from voting.counting.explanation import Explanation, explain, summarise
from voting.counting.outcome import Json, Outcome, Reason
from voting.counting.pabulib import PabulibError, PabulibFile, parse_amount, read_pabulib
from voting.counting.pabulib_lines import Fault, printable
from voting.counting.rules import RULE_NAMES, Completion, Rule, Satisfaction, UnknownRule

#: Exit codes beside 0: the input cannot be used; the rule is not one we count.
UNUSABLE_INPUT = 2
UNKNOWN_RULE = 3


class Number(click.ParamType):
    """A number from 0, with a decimal point or comma."""

    name = "number"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Decimal:
        """The decimal, or a usage error."""
        if isinstance(value, Decimal):
            return value
        try:
            return parse_amount(value)
        except ValueError as error:
            self.fail(f"{value!r} is {error}", param, ctx)


FILE = click.Path(exists=True, dir_okay=False, readable=True, path_type=Path)


@click.command("count")
@click.argument("file", type=FILE)
@click.option("--rule", "rule_name", help="The rule; without it, the one the file names.")
@click.option("--completion", type=click.Choice([c.value for c in Completion]), help="For equal shares.")
@click.option("--satisfaction", type=click.Choice([s.value for s in Satisfaction]), help="For equal shares.")
@click.option("--stop-when-exhaustive", is_flag=True, help="add1 also stops when nothing more fits.")
@click.option("--increment", type=Number(), help="What add1 adds to every voter's start each time.")
@click.option("--min-score", type=Number(), help="Leave out projects with a lower score.")
@click.option("--max-winners", type=click.IntRange(min=0), help="Fund at most so many projects.")
@click.option("--tie-break", default="file", show_default=True, help="file, seed:TEXT or order:ID,ID,…")
@click.option("--rank-scores", metavar="5,3,1", help="Points by place, for ordinal ballots.")
@click.option("--lenient", is_flag=True, help="Leave faulty lines out instead of refusing the file.")
@click.option("--json", "as_json", is_flag=True, help="Print the outcome as JSON.")
@click.option("--explain", "explain_id", metavar="ID", help="Say why this project was funded or not.")
def count_file(
    file: Path,
    rule_name: str | None,
    tie_break: str,
    lenient: bool,
    as_json: bool,
    explain_id: str | None,
    stop_when_exhaustive: bool,
    **given: Any,
) -> None:
    """Count the Pabulib file FILE.

    Exits with 2 when the file or a parameter cannot be used and with 3 when the rule is unknown.
    """
    contents = _read(file, lenient)
    _print_notes(file, contents.notes)
    parameters = {name: value for name, value in given.items() if value is not None}
    if stop_when_exhaustive:
        parameters["stop_when_exhaustive"] = True
    name = rule_name or contents.rule or "unknown"
    try:
        rule = Rule.named(name, tie_break=tie_break, **parameters).with_threshold_of(contents.min_score)
        outcome = count(contents.instance, contents.profile, rule)
    except UnknownRule:
        source = "" if rule_name else f"{file} names no rule that can be counted: "
        _fail(UNKNOWN_RULE, f"{source}unknown rule {name!r}; choose with --rule from {', '.join(RULE_NAMES)}")
    except ValueError as error:
        _fail(UNUSABLE_INPUT, str(error))
    explanation = None
    if explain_id is not None:
        explanations = explain(contents.instance, contents.profile, outcome)
        if explain_id not in explanations:
            _fail(UNUSABLE_INPUT, f"{file} has no project {explain_id!r}")
        explanation = explanations[explain_id]
    if as_json:
        data = outcome.as_json() | {"file_sha256": _sha256(file)}
        if explanation is not None:
            data["explanation"] = explanation.as_json()
        click.echo(json.dumps(data, ensure_ascii=False, indent=1))
    elif explanation is not None:
        _print_explanation(explanation, contents.instance.currency)
    else:
        _print_outcome(contents, outcome)


@click.command("validate")
@click.argument("file", type=FILE)
@click.option("--json", "as_json", is_flag=True, help="Print the findings as JSON.")
def validate_file(file: Path, as_json: bool) -> None:
    """Check the Pabulib file FILE and list every fault with its line.

    Exits with 0 when the file can be counted (notes do not matter), with 2 when it cannot.
    """
    faults: list[Fault] = []
    contents = None
    try:
        contents = _open(file, lenient=False)
    except PabulibError as error:
        faults = error.faults
    notes = contents.notes if contents else ()
    if as_json:
        findings = {"valid": not faults, "faults": _as_json(faults), "notes": _as_json(notes)}
        click.echo(json.dumps(findings, ensure_ascii=False, indent=1))
    elif contents is not None:
        projects, profile = len(contents.instance.projects), contents.profile
        click.echo(
            f"{file}: {projects} projects, {profile.voters} {profile.ballot_type} ballots "
            f"and {contents.blank_ballots} blank ones. No fault found."
        )
    if not as_json:
        _print_notes(file, notes)
        for fault in faults:
            click.echo(f"{file}: {fault}", err=True)
    if faults:
        raise SystemExit(UNUSABLE_INPUT)


commands: list[click.Command] = [count_file, validate_file]


def _open(file: Path, lenient: bool) -> PabulibFile:
    with file.open("rb") as handle:
        return read_pabulib(handle, lenient=lenient, keep_rows=False)


def _read(file: Path, lenient: bool) -> PabulibFile:
    """The file, or an exit that names every fault."""
    try:
        return _open(file, lenient)
    except PabulibError as error:
        for fault in error.faults:
            click.echo(f"{file}: {fault}", err=True)
        raise SystemExit(UNUSABLE_INPUT) from error
    except OSError as error:
        _fail(UNUSABLE_INPUT, f"{file}: {error.strerror}")


def _print_notes(file: Path, notes: Iterable[Fault]) -> None:
    for note in notes:
        click.echo(f"{file}: note, {note}", err=True)


def _fail(code: int, message: str) -> NoReturn:
    click.echo(message, err=True)
    raise SystemExit(code)


def _sha256(file: Path) -> str:
    with file.open("rb") as handle:
        return hashlib.file_digest(handle, "sha256").hexdigest()


def _as_json(faults: Iterable[Fault]) -> list[Json]:
    return [{"line": f.line, "code": f.message_code, "message": f.message} for f in faults]


def _print_outcome(contents: PabulibFile, outcome: Outcome) -> None:
    """The outcome as two tables, funded and not funded."""
    currency = contents.instance.currency
    explanations = explain(contents.instance, contents.profile, outcome)
    settings = ", ".join(f"{name} {value}" for name, value in outcome.parameters.items() if value is not None)
    click.echo(f"Rule {outcome.rule} ({settings})")
    click.echo(f"Budget {outcome.budget} {currency}, spent {outcome.spent} {currency}".rstrip())
    if outcome.topped_up != "0":
        click.echo(f"Needed beyond the budget for a near miss: {outcome.topped_up} {currency}".rstrip())
    click.echo(f"\nFunded: {len(outcome.steps)}")
    _print_table(
        ("", "project", "votes", "score", "cost", "left", "name"),
        [
            (str(place), e.project, str(e.votes), e.score, e.cost, e.remaining or "", e.name)
            for place, e in enumerate((explanations[project_id] for project_id in outcome.selected), start=1)
        ],
    )
    click.echo(f"\nNot funded: {len(outcome.rejected)}")
    rest = [explanations[rejection.project] for rejection in outcome.rejected]
    _print_table(
        ("project", "votes", "score", "cost", "why"),
        [(e.project, str(e.votes), e.score, e.cost, _why(e, currency)) for e in rest],
    )
    for tie in outcome.ties:
        click.echo(f"\nA tie that mattered: {', '.join(tie.projects)} (decided by {', '.join(tie.by)})")
    summary = summarise(contents.profile, outcome)
    click.echo(f"\n{summary.voters_with_winner} of {summary.voters} voters have a funded project they named.")
    click.echo(f"Fingerprint {outcome.fingerprint}")


def _print_table(header: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    """Columns as wide as their widest cell, figures to the right, the last one as it comes."""
    rows = [[printable(cell) for cell in row] for row in rows]
    widths = [max(len(row[at]) for row in [header, *rows]) for at in range(len(header))]
    figures = {"", "votes", "score", "cost", "left"}
    for row in [header, *rows]:
        cells = [
            cell.rjust(width) if name in figures else cell.ljust(width)
            for cell, width, name in zip(row, widths, header, strict=True)
        ]
        click.echo("  ".join(cells).rstrip())


def _print_explanation(explanation: Explanation, currency: str) -> None:
    e = explanation
    click.echo(printable(f"{e.project} {e.name}".rstrip()))
    click.echo(f"Cost {e.cost} {currency}, {e.votes} votes, score {e.score}, place {e.rank} by score.")
    if e.funded:
        click.echo(f"Funded as number {e.step} ({e.phase}); {e.remaining} {currency} were left after it.")
        if e.paid_at_most is not None:
            click.echo(f"Each supporter paid at most {e.paid_at_most} {currency}.")
    else:
        click.echo(f"Not funded: {_why(e, currency)}.")
        used_by = e.data.get("used_by")
        if isinstance(used_by, dict) and used_by:
            click.echo("Its supporters' money went to:")
            for winner, amount in used_by.items():
                click.echo(f"  {winner}: {amount} {currency}".rstrip())


def _why(explanation: Explanation, currency: str) -> str:
    """The reason of a project that was not funded, as a sentence with its figures."""
    data = explanation.data
    sentences = {
        Reason.WITHDRAWN: "withdrawn",
        Reason.NO_SUPPORT: "nobody voted for it",
        Reason.BELOW_MIN_SCORE: "{short} short of the minimum score {min_score}",
        Reason.DID_NOT_FIT: "did not fit: {remaining} {currency} were left",
        Reason.STOPPED_BEFORE: "the count had stopped at {stopped_at}",
        Reason.MAX_WINNERS: "{max_winners} projects were funded already",
        Reason.EXCLUDED: "{rival} won, and only one of the two may",
        Reason.RAN_OUT: "its {supporters} supporters had {supporters_money} {currency} left",
    }
    assert explanation.reason is not None  # the project was not funded
    why = sentences[explanation.reason].format(currency=currency or "of money", **data)
    more = data.get("more_needed")
    return f"{why}; {more} more would have been enough" if more is not None else why

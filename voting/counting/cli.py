"""Counting and checking `.pb` files on the command line: no application and no database needed."""

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import Any, NoReturn

import click

from voting.counting.ballots import BallotType
from voting.counting.cli_text import print_comparison, print_outcome, print_story
from voting.counting.count import count
from voting.counting.outcome import Json
from voting.counting.pabulib import PabulibError, PabulibFile, parse_amount, read_pabulib
from voting.counting.pabulib_lines import Fault, printable
from voting.counting.pabulib_rule import GROUP, common_parameters_of, rule_of
from voting.counting.rules import (
    RULE_NAMES,
    Completion,
    ForeignParameters,
    Rule,
    Satisfaction,
    Start,
    UnknownRule,
)
from voting.counting.side_by_side import compare_rules
from voting.counting.story import tell
from voting.counting.ties import TieBreak

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
@click.option("--min-score", type=Number(), help="Leave out projects with a lower score.")
@click.option("--max-winners", type=click.IntRange(min=0), help="Fund at most so many projects.")
@click.option(
    "--rank-scores", metavar="5,3,1", help="Ordinal ballots: points of the first place, the second, …"
)
@click.option("--tie-break", help="Last word in a tie: file (by id), seed:TEXT or order:ID,ID,…")
@click.option(
    "--exclusive",
    metavar="ID,ID,…",
    multiple=True,
    help="Projects of which only one may win; may be given again. They join the sets of the file.",
)
@click.option(
    "--group-winners-first/--no-group-winners-first",
    default=None,
    help="By score: first the best project of each part of the ballot, then the rest.",
)
@click.option(
    "--group-column", metavar="NAME", help="The column of PROJECTS that names the part of the ballot."
)
@click.option(
    "--top-up-share", type=Number(), help="By score: fund the first misfit when this share of it is left."
)
@click.option(
    "--top-up-limit", type=Number(), help="By score: fund the first misfit when it lacks at most so much."
)
@click.option(
    "--completion", type=click.Choice([c.value for c in Completion]), help="Equal shares: the money left."
)
@click.option(
    "--satisfaction",
    type=click.Choice([s.value for s in Satisfaction]),
    help="Equal shares: what a funded project is worth to a voter.",
)
@click.option(
    "--start", type=click.Choice([s.value for s in Start]), help="Equal shares: exact parts or whole units."
)
@click.option(
    "--increment", type=Number(), help="Equal shares: what add1 adds to every voter's start each time."
)
@click.option(
    "--stop-when-exhaustive/--no-stop-when-exhaustive",
    default=None,
    help="Equal shares: add1 also stops when nothing more fits.",
)
@click.option("--lenient", is_flag=True, help="Leave faulty lines out instead of refusing the file.")
@click.option("--json", "as_json", is_flag=True, help="Print the outcome as JSON.")
@click.option("--explain", "explain_id", metavar="ID", help="Tell the whole story of one project.")
@click.option(
    "--most", type=click.IntRange(min=0), help="With --explain: look for so many missing votes at most."
)
@click.option(
    "--compare", "compared", is_flag=True, help="Count by every rule and put the outcomes side by side."
)
def count_file(
    file: Path,
    rule_name: str | None,
    exclusive: tuple[str, ...],
    group_column: str | None,
    lenient: bool,
    as_json: bool,
    explain_id: str | None,
    most: int | None,
    compared: bool,
    **given: Any,
) -> None:
    """Count the Pabulib file FILE.

    The file says the rule and its parameters; options change them. What a parameter means and which rule takes it
    is told in docs/counting.md.

    Exits with 0, with 2 when the file or a parameter cannot be used (standard error names line and fault), and
    with 3 when the rule is unknown. With --json the outcome is one JSON object on standard output, in UTF-8, with
    every amount a decimal string.
    """
    if compared and explain_id is not None:
        _fail(UNUSABLE_INPUT, "--explain and --compare cannot go together")
    if most is not None and explain_id is None:
        _fail(UNUSABLE_INPUT, "--most needs --explain")
    parameters = {name: value for name, value in given.items() if value is not None}
    try:
        TieBreak.parse(parameters.get("tie_break", "file"))
    except ValueError as error:
        _fail(UNUSABLE_INPUT, str(error))
    contents = _read(file, lenient)
    _print_notes(file, contents.notes)
    contents = _with_groups_and_sets(file, contents, group_column, exclusive)
    _refuse_idle(file, contents, parameters)
    if compared:
        _compare(file, contents, rule_name, parameters, as_json)
        return
    rule = _rule(file, contents, rule_name, parameters)
    story = None
    try:
        outcome = count(contents.instance, contents.profile, rule)
        if explain_id is not None and explain_id in contents.instance.ids:
            story = tell(contents.instance, contents.profile, rule, outcome, explain_id, most)
    except ValueError as error:
        _fail(UNUSABLE_INPUT, str(error))
    if explain_id is not None and story is None:
        ids = sorted(contents.instance.ids)
        some = ", ".join(ids[:10]) + (", …" if len(ids) > 10 else "")
        _fail(UNUSABLE_INPUT, f"{file} has no project {explain_id!r}; it has {printable(some)}")
    if as_json:
        data = outcome.as_json() | {"file_sha256": _sha256(file)}
        if story is not None:
            data["explanation"] = story.as_json()
        _print_json(data)
    elif story is not None:
        print_story(story, outcome, contents.instance)
    else:
        print_outcome(contents, outcome)


def _with_groups_and_sets(
    file: Path, contents: PabulibFile, group_column: str | None, exclusive: Iterable[str]
) -> PabulibFile:
    """The contents with the parts of the ballot from another column and with further exclusive sets."""
    instance = contents.instance
    if group_column is not None:
        if group_column not in contents.project_columns:
            _fail(UNUSABLE_INPUT, f"{file} has no column {group_column!r} in PROJECTS")
        group = contents.column_of(group_column)
        projects = tuple(replace(one, group=group[one.id] or None) for one in instance.projects)
        instance = replace(instance, projects=projects)
    sets = [frozenset(filter(None, map(str.strip, ids.split(",")))) for ids in exclusive]
    if any(len(ids) < 2 for ids in sets):
        _fail(UNUSABLE_INPUT, "--exclusive names two projects or more, with commas between")
    try:
        instance = replace(instance, exclusive_sets=(*instance.exclusive_sets, *sets))
    except ValueError as error:
        _fail(UNUSABLE_INPUT, f"--exclusive: {error}")
    return replace(contents, instance=instance)


def _refuse_idle(file: Path, contents: PabulibFile, parameters: Mapping[str, Any]) -> None:
    """Exit for an option that could not change anything with this file: whoever gives it expects that it does."""
    if parameters.get("rank_scores") and contents.profile.ballot_type is not BallotType.ORDINAL:
        kind = contents.profile.ballot_type.value
        _fail(UNUSABLE_INPUT, f"--rank-scores is for ordinal ballots; those of {file} are {kind}")
    if parameters.get("group_winners_first") and not any(one.group for one in contents.instance.projects):
        which = f"it has no column {GROUP}; name another with --group-column"
        _fail(UNUSABLE_INPUT, f"--group-winners-first: {file} does not say the parts of the ballot: {which}")


def _rule(file: Path, contents: PabulibFile, rule_name: str | None, parameters: dict[str, Any]) -> Rule:
    """The rule asked for, or the one the file names; or an exit that says what is wrong with it."""
    name = (contents.rule or "unknown") if rule_name is None else rule_name
    try:
        return rule_of(contents.meta, rule_name, parameters)
    except UnknownRule:
        source = "" if rule_name is not None else f"{file} names no rule that can be counted: "
        _fail(UNKNOWN_RULE, f"{source}unknown rule {name!r}; choose with --rule from {', '.join(RULE_NAMES)}")
    except ForeignParameters as error:
        options = ", ".join(f"--{name.replace('_', '-')}" for name in error.names)
        whose = f"the rule {error.rule}" + ("" if rule_name is not None else f", which {file} names")
        _fail(UNUSABLE_INPUT, f"{options} cannot be used with {whose}; choose another with --rule")
    except ValueError as error:
        _fail(UNUSABLE_INPUT, str(error))


def _compare(
    file: Path, contents: PabulibFile, rule_name: str | None, parameters: dict[str, Any], as_json: bool
) -> None:
    """Print what every rule gives; the first is the one asked for, or the one the file names if it can be."""
    first = None
    parameters = common_parameters_of(contents.meta) | parameters
    name = rule_name or contents.rule or "unknown"
    try:
        first = (name, rule_of(contents.meta, rule_name).with_own(parameters))
    except UnknownRule:
        if rule_name is not None:
            _rule(file, contents, rule_name, {})
    except ValueError as error:
        _fail(UNUSABLE_INPUT, str(error))
    try:
        table = compare_rules(
            contents.instance, contents.profile, first, threshold=contents.min_score, parameters=parameters
        )
    except ValueError as error:
        _fail(UNUSABLE_INPUT, str(error))
    if as_json:
        _print_json(table.as_json() | {"file_sha256": _sha256(file)})
    else:
        print_comparison(table)


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
        findings: dict[str, Json] = {
            "valid": not faults,
            "faults": _as_json(faults),
            "notes": _as_json(notes),
        }
        _print_json(findings)
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


def _print_json(data: Mapping[str, Json]) -> None:
    """One JSON object on standard output, in UTF-8 whatever the terminal's language."""
    click.echo(json.dumps(data, ensure_ascii=False, indent=1).encode())


def _fail(code: int, message: str) -> NoReturn:
    click.echo(message, err=True)
    raise SystemExit(code)


def _sha256(file: Path) -> str:
    with file.open("rb") as handle:
        return hashlib.file_digest(handle, "sha256").hexdigest()


def _as_json(faults: Iterable[Fault]) -> list[Json]:
    return [{"line": f.line, "code": f.message_code, "message": f.message} for f in faults]

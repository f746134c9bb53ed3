"""Outcomes, one project's story and the comparison of rules as text for a terminal."""

from collections.abc import Sequence

import click

from voting.counting.explanation import Explanation, explain, summarise
from voting.counting.instance import Instance
from voting.counting.outcome import Outcome, Phase, Reason
from voting.counting.pabulib import PabulibFile
from voting.counting.pabulib_lines import printable
from voting.counting.side_by_side import Column, SideBySide
from voting.counting.story import Story

_PHASES = {
    Phase.SCORE: "by score",
    Phase.GROUP_WINNER: "as the best of its ballot group",
    Phase.TOP_UP: "as a near miss that is topped up",
    Phase.EQUAL_SHARES: "by equal shares",
    Phase.COMPLETION: "by score, on what equal shares left",
    Phase.PHRAGMEN: "by Phragmén",
}
_FIGURES = {"", "votes", "score", "cost", "left"}


def print_outcome(contents: PabulibFile, outcome: Outcome) -> None:
    """The outcome as two tables, funded and not funded."""
    currency = contents.instance.currency
    explanations = explain(contents.instance, contents.profile, outcome)
    settings = ", ".join(f"{name} {value}" for name, value in outcome.parameters.items() if value is not None)
    click.echo(f"Rule {outcome.rule} ({settings})")
    click.echo(f"Budget {_money(outcome.budget, currency)}, spent {_money(outcome.spent, currency)}")
    if outcome.topped_up != "0":
        click.echo(f"Needed beyond the budget for a near miss: {_money(outcome.topped_up, currency)}")
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


def print_story(story: Story, outcome: Outcome, instance: Instance) -> None:
    """One project: its figures, and how it won or what it was missing."""
    e, currency = story.explanation, instance.currency
    click.echo(printable(f"{e.project} {e.name}".rstrip()))
    click.echo(
        f"Cost {_money(e.cost, currency)}, {e.votes} votes, score {e.score}, "
        f"place {e.rank} of {len(instance.projects)} by score."
    )
    if e.funded:
        how = _PHASES[e.phase] if e.phase else ""
        left = _money(e.remaining or "0", currency)
        click.echo(f"Funded as number {e.step} of {len(outcome.steps)} {how}; {left} were left after it.")
        _print_payments(story, currency)
        return
    click.echo(f"Not funded: {_why(e, currency)}.")
    if story.votes_needed is not None:
        click.echo(f"{story.votes_needed} more votes for it alone would have been enough (counted again).")
    elif story.recounted:
        click.echo(f"Not even {story.most_tried} more votes would have been enough (counted again).")
    names = {project.id: project.name for project in instance.projects}
    if story.used_by:
        click.echo("Its supporters' money went to:")
    for winner, amount in story.used_by:
        click.echo(printable(f"  {winner}: {_money(amount, currency)}  {names[winner]}".rstrip()))
    if story.shared:
        click.echo("Of its supporters, so many also voted for the winner:")
    for winner, voters in story.shared:
        click.echo(printable(f"  {winner}: {voters}  {names[winner]}".rstrip()))


def _print_payments(story: Story, currency: str) -> None:
    """Who paid how much for a winner of equal shares or Phragmén."""
    e = story.explanation
    if story.loads is not None:
        found = story.loads.as_json()
        click.echo(
            f"Its {story.loads.supporters} supporters now carry {_money(str(found['load']), currency)} each; for this "
            f"project they took on {found['paid_at_least']} to {_money(str(found['paid_at_most']), currency)} each."
        )
    if e.paid_at_most is None:
        return
    data = e.data
    click.echo(f"Every voter began with {_money(str(data['start']), currency)}.")
    click.echo(
        f"Each supporter paid at most {_money(e.paid_at_most, currency)}, {data['share']}% of that "
        f"(effective votes: {e.effective_votes or 'no end'})."
    )
    click.echo(f"Supporters: {data['supporters']}")
    supporters, gave_all, nothing = (
        int(str(data[name])) for name in ("supporters", "gave_all", "had_nothing")
    )
    click.echo(f"  paid in full: {supporters - gave_all - nothing}")
    together = "" if story.rest_paid is None else f", together {_money(story.rest_paid, currency)}"
    click.echo(f"  gave the last they had: {gave_all}{together if gave_all else ''}")
    click.echo(f"  had nothing left to give: {nothing}")


def print_comparison(table: SideBySide) -> None:
    """A row a project that some rule funds, a column a rule; below, what each funds in all."""
    currency, first = table.instance.currency, table.columns[0]
    click.echo(f"Budget {_money(str(table.as_json()['budget']), currency)}, {table.voters} voters")
    click.echo("The number is the step at which the rule funds the project.\n")
    names = [column.name for column in table.columns]
    rows = [
        [row["id"], str(row["votes"]), row["score"], row["cost"]]
        + [str(row["steps"].get(name, "·")) for name in names]
        for row in table.projects
        if row["steps"]
    ]
    totals = [
        ["funded", "", "", ""] + [str(len(column.outcome.selected)) for column in table.columns],
        ["spent", "", "", ""] + [column.outcome.spent for column in table.columns],
        ["voters with a winner", "", "", ""] + [str(column.voters_with_winner) for column in table.columns],
        [f"not as {first.name}", "", "", ""] + [_difference(column) for column in table.columns],
    ]
    _print_table(["project", "votes", "score", "cost", *names], [*rows, *totals], right=names)
    for column in table.columns[1:]:
        if column.added or column.removed:
            changes = [f"+{project}" for project in column.added] + [
                f"−{project}" for project in column.removed
            ]
            click.echo()
            click.echo(printable(f"{column.name} beside {first.name}: {', '.join(changes)}"))


def _difference(column: Column) -> str:
    return f"+{len(column.added)} −{len(column.removed)}"


def _money(amount: str, currency: str) -> str:
    return f"{amount} {printable(currency)}".rstrip()


def _print_table(header: Sequence[str], rows: Sequence[Sequence[str]], right: Sequence[str] = ()) -> None:
    """Columns as wide as their widest cell, figures to the right, the last one as it comes."""
    rows = [[printable(cell) for cell in row] for row in rows]
    header = [printable(cell) for cell in header]
    widths = [max(len(row[at]) for row in [header, *rows]) for at in range(len(header))]
    figures = _FIGURES | set(right)
    for row in [header, *rows]:
        cells = [
            cell.rjust(width) if name in figures else cell.ljust(width)
            for cell, width, name in zip(row, widths, header, strict=True)
        ]
        click.echo("  ".join(cells).rstrip())


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
        Reason.RAN_OUT: "its {supporters} supporters had {supporters_money} {currency} left and it cost {cost}",
    }
    assert explanation.reason is not None  # the project was not funded
    why = sentences[explanation.reason].format(currency=currency or "of money", **data)
    more = data.get("more_needed")
    return f"{why}; {more} more would have been enough" if more is not None else why

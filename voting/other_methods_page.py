"""The page "with another method" and the page that explains the rules, as plain values for their templates."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from civic import format
from civic.format import ngettext
from civic.rounds.models import Round
from voting import method_words, reasons, result_queries
from voting.models import OtherCount, Project
from voting.other_methods import OFFICIAL
from voting.round_figures import Chart


@dataclass(frozen=True)
class Row:
    """One rule and what it would have chosen; `gained` and `lost` compare with the real result."""

    label: str
    note: str
    official: bool
    winners: int
    spent: Decimal
    share: Decimal
    gained: Sequence[Project]
    lost: Sequence[Project]


def rows_of(round_: Round) -> list[Row]:
    """The round's own rule, then the others counted so far; empty before the first count."""
    counts = {one.method: one for one in result_queries.list_other_counts(round_.id)}
    projects = {project.code: project for _outcome, project in result_queries.list_outcomes(round_.id)}
    real = counts.get(OFFICIAL)
    if real is None:
        return []
    won = _selected(real)
    return [_row(one, projects, won) for one in sorted(counts.values(), key=_place)]


def _selected(one: OtherCount) -> set[str]:
    return {code for pot in one.data["pots"].values() for code in pot["selected"]}


def _place(one: OtherCount) -> int:
    names = [OFFICIAL, *method_words.LABELS]
    return names.index(one.method) if one.method in names else len(names)


def _row(one: OtherCount, projects: Mapping[str, Project], won: set[str]) -> Row:
    selected = _selected(one)
    return Row(
        str(method_words.label_of(one.rule)),
        _own_note(one.rule) if one.method == OFFICIAL else "",
        one.method == OFFICIAL,
        int(one.data["winners"]),
        Decimal(one.data["spent"]),
        Decimal(one.data["with_winner"]) / (int(one.data["named"]) or 1),
        [projects[code] for code in sorted(selected - won) if code in projects],
        [projects[code] for code in sorted(won - selected) if code in projects],
    )


def _own_note(rule: Mapping[str, Any]) -> str:
    """What tells the round's own rule from one of the same name."""
    if rule.get("group_winners_first"):
        return _("(the rule of this round: first the best of each part of the ballot)")
    if rule.get("top_up_share"):
        return _("(the rule of this round: the first that does not fit is topped up)")
    return _("(the rule of this round)")


def charts_of(rows: Sequence[Row], currency: str) -> list[Chart]:
    """Voters with a winner, and money spent, rule by rule."""
    if not rows:
        return []

    def bars(values: Sequence[tuple[Any, str]]) -> list[dict[str, Any]]:
        return [
            {
                "label": row.label,
                "value": value,
                "text": text,
                "tone": "brand" if row.official else "grey",
                "note": row.note,
            }
            for row, (value, text) in zip(rows, values, strict=True)
        ]

    most = max(rows, key=lambda row: row.share)
    return [
        Chart(
            _("Voters with at least one winner"),
            bars([(row.share, format.percent(row.share)) for row in rows]),
            _("Most, %(share)s: %(rule)s.", share=format.percent(most.share), rule=most.label),
            "",
            (_("Rule"), _("Share of voters")),
        ),
        Chart(
            _("Money spent"),
            bars([(row.spent, format.money(row.spent, currency)) for row in rows]),
            ngettext("%(num)s rule compared.", "%(num)s rules compared.", len(rows)),
            "",
            (_("Rule"), _("Spent")),
        ),
    ]


#: What the example's projects are called.
EXAMPLE_TITLES = {
    "playground": _l("Playground"),
    "sports": _l("Sports ground"),
    "reading": _l("Reading room"),
    "bikes": _l("Bicycle racks"),
    "benches": _l("Benches"),
}


def example_rules(example: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Every rule with its words and its steps in the example, in the order of the page."""
    titles = {code: str(title) for code, title in EXAMPLE_TITLES.items()}
    return [
        {
            "name": name,
            "label": method_words.LABELS[name],
            "words": method_words.EXPLANATIONS[name],
            "start": told["start"] and reasons.amount_words(told["start"], "RON"),
            "steps": [_step(step, example, titles) for step in told["steps"]],
            "losers": [
                (
                    titles[one["project"]],
                    " ".join(reasons.loss_sentences(one["reason"], one, titles, "RON")),
                )
                for one in told["rejected"]
            ],
            "spent": reasons.amount_words(told["spent"], "RON"),
            "left": reasons.amount_words(told["left"], "RON"),
            "with_winner": told["with_winner"],
        }
        for name in method_words.LABELS  # a stored object does not keep its order
        if (told := example["rules"].get(name))
    ]


def _step(step: Mapping[str, Any], example: Mapping[str, Any], titles: Mapping[str, str]) -> dict[str, Any]:
    votes = int(example["projects"][step["project"]]["votes"])
    figures = {
        "project": titles[step["project"]],
        "cost": reasons.amount_words(step["price"], "RON"),
        "left": reasons.amount_words(step["remaining"], "RON"),
    }
    return {
        "text": ngettext(
            "%(project)s wins with %(num)s vote; it costs %(cost)s and %(left)s remain.",
            "%(project)s wins with %(num)s votes; it costs %(cost)s and %(left)s remain.",
            votes,
            **figures,
        ),
        "payments": [
            _(
                "%(voter)s pays %(paid)s and has %(left)s left.",
                voter=voter,
                paid=reasons.amount_words(one["paid"], "RON"),
                left=reasons.amount_words(one["left"], "RON"),
            )
            for voter, one in sorted(step["payments"].items())
        ],
    }


def example_ballots(example: Mapping[str, Any]) -> list[tuple[str, str]]:
    """Who chooses what in the example."""
    return [
        (voter, ", ".join(str(EXAMPLE_TITLES[code]) for code in codes))
        for voter, codes in sorted(example["ballots"].items())
    ]


def example_projects(example: Mapping[str, Any]) -> list[tuple[str, str, int]]:
    """The example's projects: (title, cost, votes), most votes first, then cheapest."""
    found = sorted(
        example["projects"].items(), key=lambda item: (-int(item[1]["votes"]), Decimal(item[1]["cost"]))
    )
    return [
        (str(EXAMPLE_TITLES[code]), reasons.amount_words(one["cost"], "RON"), int(one["votes"]))
        for code, one in found
    ]

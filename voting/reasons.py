"""Why a project won or did not, in sentences its author can check: who paid, what was left, what was missing."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from flask_babel import gettext as _

from civic import format
from civic.format import ngettext
from civic.rounds.models import Round
from voting import project_queries
from voting.models import Project, ProjectOutcome


@dataclass(frozen=True)
class Use:
    """A winner that the supporters of a loser paid for, and how much."""

    code: str
    title: str
    amount: Decimal


def tell(outcome: ProjectOutcome, project: Project, round_: Round) -> dict[str, Any]:
    """What a project's own page says about its result."""
    projects = project_queries.list_projects(round_.id)
    titles = {one.code: one.title for one in projects}
    kind = next(group.ballot_kind for group in round_.groups if group.id == project.group_id)
    return {
        "reasons": sentences_of(outcome, titles, round_.currency, kind in ("points", "ordinal")),
        "uses": uses_of(outcome, titles),
        "rivals": sum(one.pot_id == project.pot_id for one in projects),
    }


def uses_of(outcome: ProjectOutcome, titles: Mapping[str, str]) -> Sequence[Use]:
    """Which winners used the money of a loser's supporters, the largest amount first."""
    used = outcome.data.get("used_by") or {}
    uses = [Use(code, titles.get(code, code), Decimal(str(amount))) for code, amount in used.items()]
    return sorted(uses, key=lambda use: (-use.amount, use.code))


def reason_of(outcome: ProjectOutcome, titles: Mapping[str, str], currency: str, points: bool = False) -> str:
    """Everything about one result in a few sentences; `points` where ballots give points."""
    return " ".join(sentences_of(outcome, titles, currency, points))


def sentences_of(
    outcome: ProjectOutcome, titles: Mapping[str, str], currency: str, points: bool = False
) -> list[str]:
    """Why a project won or not, one sentence after the other."""
    if outcome.standing == "winner":
        return _win(outcome, currency)
    return [*loss_sentences(outcome.reason, outcome.data, titles, currency), *_missing(outcome.data, points)]


def amount_words(value: Any, currency: str) -> str:
    """An amount of a count as readers see it, to the smallest coin."""
    return format.money(Decimal(str(value)).quantize(Decimal("0.01")), currency)


def _win(outcome: ProjectOutcome, currency: str) -> list[str]:
    words = []
    if outcome.phase == "group_winner":
        words.append(_("The best of its part of the ballot."))
    elif outcome.phase == "completion":
        words.append(_("Won with the money left over after equal shares."))
    words.append(
        _(
            "Won at step %(step)s. %(left)s remain.",
            step=outcome.step,
            left=amount_words(outcome.remaining or 0, currency),
        )
    )
    if outcome.phase == "top_up":
        words.append(_("It was topped up, because most of its cost was covered."))
    if outcome.paid_at_most is not None:
        words += _payment(outcome, currency)
    return words


def _payment(outcome: ProjectOutcome, currency: str) -> list[str]:
    data, paid = outcome.data, amount_words(outcome.paid_at_most, currency)
    if not data.get("start"):
        return [_("Each supporter paid at most %(paid)s.", paid=paid)]
    supporters = int(data["supporters"])
    figures = {
        "paid": paid,
        "share": format.percent(Decimal(str(data["share"])) / 100),
        "start": amount_words(data["start"], currency),
    }
    poorer = int(data["gave_all"]) + int(data["had_nothing"])
    if poorer:
        words = [
            ngettext(
                "Its %(num)s supporter paid at most %(paid)s, %(share)s of the %(start)s that each voter started with.",
                "Its %(num)s supporters paid at most %(paid)s each, %(share)s of the %(start)s that each voter "
                "started with.",
                supporters,
                **figures,
            )
        ]
    else:
        words = [
            ngettext(
                "Its %(num)s supporter paid %(paid)s, %(share)s of the %(start)s that each voter started with.",
                "Its %(num)s supporters paid %(paid)s each, %(share)s of the %(start)s that each voter started with.",
                supporters,
                **figures,
            )
        ]
    if data["gave_all"]:
        words.append(
            ngettext(
                "%(num)s supporter gave all they still had.",
                "%(num)s supporters gave all they still had.",
                int(data["gave_all"]),
            )
        )
    if data["had_nothing"]:
        words.append(
            ngettext(
                "%(num)s supporter had nothing left to pay with.",
                "%(num)s supporters had nothing left to pay with.",
                int(data["had_nothing"]),
            )
        )
    return words


def loss_sentences(
    reason: str, data: Mapping[str, Any], titles: Mapping[str, str], currency: str
) -> list[str]:
    """Why a project did not win, from the code and the figures of its rejection."""
    if reason == "did_not_fit":
        words = [
            _("It did not fit: %(left)s were left.", left=amount_words(data.get("remaining", 0), currency))
        ]
        return words + _purse(data, currency)
    if reason == "stopped_before":
        return [
            _(
                "The count had stopped at “%(project)s”, which did not fit.",
                project=titles.get(str(data.get("stopped_at")), str(data.get("stopped_at", ""))),
            )
        ]
    if reason == "below_min_score":
        return [_("Below the minimum of %(least)s.", least=data.get("min_score", ""))]
    if reason == "max_winners_reached":
        return [
            ngettext(
                "%(num)s project had been funded already, the most allowed.",
                "%(num)s projects had been funded already, the most allowed.",
                int(data.get("max_winners", 0)),
            )
        ]
    if reason == "excluded_by_rival":
        return [
            _(
                "“%(project)s” won, and only one of the two may.",
                project=titles.get(str(data.get("rival")), str(data.get("rival", ""))),
            )
        ]
    if reason == "supporters_ran_out_of_money":
        return _purse(data, currency)
    if reason == "withdrawn":
        return [_("Withdrawn.")]
    return [_("Nobody chose it.")]


def _purse(data: Mapping[str, Any], currency: str) -> list[str]:
    """What a loser's supporters still had under equal shares; nothing under another rule."""
    if "supporters_money" not in data:
        return []
    return [
        ngettext(
            "Its %(num)s supporter had %(left)s left; the project costs %(cost)s.",
            "Its %(num)s supporters had %(left)s left; the project costs %(cost)s.",
            int(data.get("supporters", 0)),
            left=amount_words(data["supporters_money"], currency),
            cost=amount_words(data.get("cost", 0), currency),
        )
    ]


def _missing(data: Mapping[str, Any], points: bool) -> list[str]:
    """How many more votes would have been enough, as far as it was counted."""
    more = data.get("more_needed")
    if isinstance(more, int | str) and str(more).isdigit():
        if points:
            return [
                ngettext(
                    "%(num)s more point would have been enough.",
                    "%(num)s more points would have been enough.",
                    int(more),
                )
            ]
        return [
            ngettext(
                "%(num)s more vote would have been enough.",
                "%(num)s more votes would have been enough.",
                int(more),
            )
        ]
    missing = data.get("missing")
    if not missing:
        return []
    if missing["search"] == "found":
        return [
            ngettext(
                "Recounted: %(num)s more voter choosing this project alone would have been enough.",
                "Recounted: %(num)s more voters choosing this project alone would have been enough.",
                int(missing["votes"]),
            )
        ]
    if missing["search"] == "not_enough":
        return [
            ngettext(
                "Recounted: not even %(num)s more voter choosing this project alone would have been enough.",
                "Recounted: not even %(num)s more voters choosing this project alone would have been enough.",
                int(missing["most"]),
            )
        ]
    return [_("How many votes it was missing was not recounted: each try is a whole count of its own.")]

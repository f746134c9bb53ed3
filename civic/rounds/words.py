"""A round's plan in words: what its strip, its page and its documents say about dates, money and choices."""

from collections.abc import Callable, Mapping
from datetime import datetime
from decimal import Decimal
from typing import Any

from flask_babel import gettext as _

from civic.accounts.verifying import methods
from civic.clock import CITY_ZONE
from civic.format import day, deadline, exact_percent, language, money, ngettext, number
from civic.rounds import rules, rules_registry
from civic.rounds.facts import Ages
from civic.rounds.models import BallotGroup, Pot, Round
from civic.rounds.plan import PHASE_NAMES

Figure = Callable[[str, Round], Any | None]


def category_name(category: Any) -> str:
    """A domain's name in the reader's language."""
    return category.name_ro if language() == "ro" else category.name_en


def phase_text(phase: rules.Window, now: datetime, figure: Any | None = None) -> str:
    """Until when a phase runs, when it begins, or what came of it."""
    state = rules.state_of(phase, now)
    if state == "now":
        return _("until %(deadline)s", deadline=deadline(phase.ends_at))
    if state == "past":
        return str(figure) if figure else _("ended on %(day)s", day=last_day(phase))
    return _("from %(day)s", day=day(phase.starts_at))


def last_day(phase: rules.Window) -> str:
    """The last calendar day of a phase, written out."""
    return day(rules.last_day(phase.ends_at, CITY_ZONE))


def phase_strip(round_: Round, now: datetime, figure: Figure | None = None) -> list[dict[str, Any]]:
    """The phases as the strip shows them."""
    strip = []
    for phase in rules.in_order(round_.phases):
        # Information runs beside the others; the strip tells what follows what.
        if phase.kind == "information" and len(round_.phases) > 1:
            continue
        state = rules.state_of(phase, now)
        came_of_it = figure(phase.kind, round_) if figure and state == "past" else None
        strip.append(
            {
                "name": str(PHASE_NAMES[phase.kind]),
                "state": {"past": "done", "now": "now", "future": "next"}[state],
                "text": phase_text(phase, now, came_of_it),
                "url": None,
            }
        )
    return strip


def phase_rows(round_: Round, now: datetime) -> list[dict[str, Any]]:
    """Every phase with its first and last day, for the table of dates."""
    return [
        {
            "kind": phase.kind,
            "name": str(PHASE_NAMES[phase.kind]),
            "starts_at": phase.starts_at,
            "ends_at": phase.ends_at,
            "state": rules.state_of(phase, now),
        }
        for phase in rules.in_order(round_.phases)
    ]


def next_step(round_: Round, now: datetime) -> dict[str, Any] | None:
    """What the calendar brings next, as the timeline shows it."""
    coming = rules.next_deadline(round_.phases, now)
    if coming is None:
        return None
    name = str(PHASE_NAMES[coming.kind])
    if coming.event == "starts":
        return {
            "sentence": _("Next phase: %(phase)s", phase=name),
            "when": _("begins on %(day)s", day=day(coming.at)),
        }
    return {"sentence": _("The phase “%(phase)s” ends", phase=name), "deadline": coming.at}


# --- the ballot -----------------------------------------------------------------------------------------


def scope_of(group: BallotGroup) -> str:
    """Which projects a part of the ballot is about: "of the domain Green space"."""
    if group.category and group.neighbourhood:
        return _(
            "of the domain %(domain)s, in %(area)s",
            domain=category_name(group.category), area=group.neighbourhood.name,
        )  # fmt: skip
    if group.category:
        return _("of the domain %(domain)s", domain=category_name(group.category))
    if group.neighbourhood:
        return _("in %(area)s", area=group.neighbourhood.name)
    return _("of the whole ballot")


def group_sentences(group: BallotGroup, currency: str = "RON") -> list[str]:
    """How a part of the ballot is filled in, as told to the voter."""
    scope = scope_of(group)
    sentences = [_choice_sentence(group, scope, currency)]
    least, most = group.min_choices, group.max_choices
    if least and least != most and group.ballot_kind != "choose_one":
        sentences.append(
            ngettext("If you choose here, choose at least %(num)s project.",
                     "If you choose here, choose at least %(num)s projects.", least)
        )  # fmt: skip
    if group.ballot_kind == "points" and group.points_each:
        sentences.append(
            ngettext("A project can get at most %(num)s point from you.",
                     "A project can get at most %(num)s points from you.", group.points_each)
        )  # fmt: skip
    if group.ballot_kind in ("points", "knapsack") and most:
        sentences.append(
            ngettext("You choose at most %(num)s project.", "You choose at most %(num)s projects.", most)
        )
    return sentences


def _choice_sentence(group: BallotGroup, scope: str, currency: str) -> str:
    kind, most = group.ballot_kind, group.max_choices
    if kind == "choose_one":
        return _("You choose one project %(scope)s.", scope=scope)
    if kind == "knapsack":
        amount = money(group.max_cost or Decimal(0), currency)
        return _(
            "You choose projects %(scope)s that cost at most %(amount)s together.", scope=scope, amount=amount
        )
    if kind == "points":
        return ngettext(
            "You give %(num)s point to projects %(scope)s.",
            "You share %(num)s points among projects %(scope)s.",
            group.points_total or 0,
            scope=scope,
        )
    if kind == "ordinal":
        return ngettext(
            "You name the project %(scope)s that you like most.",
            "You put in order the %(num)s projects %(scope)s that you like most.",
            most or 1,
            scope=scope,
        )
    if most is None:
        return _("You choose as many projects %(scope)s as you like.", scope=scope)
    if most == group.min_choices:
        return ngettext(
            "You choose exactly %(num)s project %(scope)s.",
            "You choose exactly %(num)s projects %(scope)s.",
            most,
            scope=scope,
        )
    return ngettext(
        "You choose at most %(num)s project %(scope)s.",
        "You choose at most %(num)s projects %(scope)s.",
        most,
        scope=scope,
    )


# --- money and people -----------------------------------------------------------------------------------


def total_money(round_: Round) -> Decimal:
    """All the pots together."""
    return sum((pot.amount for pot in round_.pots), Decimal(0))


def pot_audience(pot: Pot) -> str:
    """Whom a pot is for."""
    parts = []
    if pot.neighbourhood:
        parts.append(_("only for %(area)s", area=pot.neighbourhood.name))
    else:
        parts.append(_("for the whole city"))
    if pot.programme:
        parts.append(_("programme %(programme)s", programme=pot.programme.name))
        ages = ages_phrase(Ages(pot.programme.min_age, pot.programme.max_age))
        if ages:
            parts.append(ages)
    return ", ".join(parts)


def ages_phrase(ages: Ages) -> str:
    """Ages in a few words, or nothing: "16 years or more", "14 to 18 years"."""
    if ages.least is not None and ages.most is not None:
        return ngettext(
            "%(least)s to %(num)s year of age",
            "%(least)s to %(num)s years of age",
            ages.most,
            least=ages.least,
        )
    if ages.least is not None:
        return ngettext("%(num)s year of age or more", "%(num)s years of age or more", ages.least)
    if ages.most is not None:
        return ngettext("at most %(num)s year of age", "at most %(num)s years of age", ages.most)
    return ""


def ties_phrase(basis: str) -> str:
    """Who belongs to the city, as this round means it."""
    return {
        "domicile": _("You have your domicile in the city."),
        "residence": _("You live in the city, with domicile or residence."),
        "work": _("You live or work in the city."),
        "study": _("You live or study in the city."),
        "any": _("You live, work or study in the city."),
        "free": _("You need not live in the city."),
    }[basis]


def audience_phrase(round_: Round) -> str:
    """Whose residents a ballot of questions asks; nothing for an edition, whose budgets say for whom they are."""
    if not round_.asks:
        return ""
    areas = ", ".join(area.name for area in round_.areas)
    if not areas:
        return _("The residents of the whole city are asked.")
    return ngettext(
        "Only the residents of this neighbourhood are asked: %(areas)s.",
        "Only the residents of these neighbourhoods are asked: %(areas)s.",
        len(round_.areas),
        areas=areas,
    )


def kind_name(round_: Round) -> str:
    """What a round is: an edition of participatory budgeting, or an advisory ballot."""
    return _("Advisory ballot") if round_.asks else _("Edition")


def advisory_note() -> str:
    """The legal note of every ballot of questions."""
    return _(
        "The ballot is advisory: the council hears what residents answered, but the answer does not bind it. After the results it publishes here what it decided."
    )


def eligibility_sentences(round_: Round, ages: Ages) -> list[str]:
    """Who may take part, sentence by sentence."""
    sentences = []
    voting = rules.window(round_.phases, "voting")
    phrase = ages_phrase(ages)
    if phrase and voting is not None:
        last = rules.last_day(voting.ends_at, CITY_ZONE)
        sentences.append(
            _("On the last voting day, %(day)s, your age is: %(ages)s.", day=day(last), ages=phrase)
        )
    elif phrase:
        sentences.append(_("Your age is: %(ages)s.", ages=phrase))
    else:
        sentences.append(_("There is no age limit."))
    sentences.append(ties_phrase(round_.area_basis))
    sentences.append(verification_sentence(round_))
    if round_.programme and round_.programme.audience:
        sentences.append(round_.programme.audience)
    if round_.asks:
        sentences.append(audience_phrase(round_))
    elif any(pot.neighbourhood_id for pot in round_.pots):
        sentences.append(_("On the money kept for a neighbourhood only its residents decide."))
    if voting is not None:
        sentences.append(
            _("The city can check your identity until voting ends.")
            if round_.late_registration
            else _("The city must have checked your identity before voting begins.")
        )
    return sentences


def verification_sentence(round_: Round) -> str:
    """How the city learns who somebody is, as this round accepts it."""
    remote = methods.in_order(round_.remote_verification or ())
    if not remote:
        return _("Your identity is checked at the desk of the city hall, once.")
    ways = "; ".join(str(methods.NAMES[one]) for one in ("desk", *reversed(remote)))
    return _("Your identity is checked once, in one of these ways: %(ways)s.", ways=ways)


def cost_sentences(round_: Round) -> list[str]:
    """What a project may cost."""
    sentences = []
    if round_.max_cost is not None:
        sentences.append(
            _("A project may cost at most %(amount)s.", amount=money(round_.max_cost, round_.currency))
        )
    if round_.min_cost is not None:
        sentences.append(
            _("A project must cost at least %(amount)s.", amount=money(round_.min_cost, round_.currency))
        )
    return sentences


def counting_sentences(round_: Round) -> list[str]:
    """How the winners are found, with the settings of this round."""
    stored = round_.counting_rule or {}
    if rules_registry.find_rule(stored) is None:
        return []
    return [*rule_sentences(stored, round_.currency), *pot_sentences(round_), tie_sentence(round_)]


def pot_sentences(round_: Round) -> list[str]:
    """How several budgets are counted; nothing where there is one."""
    return [pot_counting_sentence(round_)] if len(round_.pots) > 1 else []


def rule_sentences(stored: Mapping[str, Any], currency: str) -> list[str]:
    """What a stored rule does and what each of its settings means; nothing for a rule that is not known here."""
    rule = rules_registry.find_rule(stored)
    if rule is None:
        return []
    sentences = [str(rule.explanation)] if rule.explanation else []
    if stored.get("top_up_share") and stored.get("top_up_limit"):
        sentences.append(
            _(
                "When a project does not fit, but what is left covers at least %(share)s of its cost and it lacks at most %(amount)s, the city adds this money and the count ends.",
                share=exact_percent(Decimal(stored["top_up_share"])),
                amount=money(Decimal(stored["top_up_limit"]), currency),
            )
        )
        stored = {name: value for name, value in stored.items() if not name.startswith("top_up_")}
    raised = stored.get("completion") in rules_registry.RAISING
    for parameter in rule.parameters:
        value = stored.get(parameter.name)
        if value in (None, "", False) or (parameter.name == "increment" and not raised):
            continue
        sentences.append(_setting_sentence(parameter, value, currency))
    return sentences


def _setting_sentence(parameter: rules_registry.Parameter, value: Any, currency: str) -> str:
    """What one setting of the rule means, for residents."""
    if parameter.kind == "choice":
        return f"{parameter.label}: {dict(parameter.choices).get(value, value)}."
    if parameter.kind == "share":
        value = exact_percent(Decimal(value))
    elif parameter.kind == "amount":
        value = money(Decimal(value), currency)
    elif parameter.kind in ("decimal", "integer"):
        value = number(Decimal(value))
    elif parameter.kind == "places":
        value = value.replace(",", ", ")
    return str(parameter.says) % {"value": value} if parameter.says else f"{parameter.label}: {value}."


def pot_counting_sentence(round_: Round) -> str:
    """Whether the budgets are counted one by one or as one, and what that means."""
    if round_.pot_counting == "combined":
        return _(
            "All the budgets are counted together, as one sum of %(total)s: the winners are found among all the projects, so a budget may pay for more than its own amount and another for less. Who may vote on which project does not change.",
            total=money(total_money(round_), round_.currency),
        )
    return _("Every budget is counted by itself: its winners are paid from its own money.")


def tie_sentence(round_: Round) -> str:
    """What decides between projects with as many votes."""
    if round_.tie_order == "submission":
        return _(
            "A tie goes to the cheaper project, then to the one with more votes, then to the one whose proposal was sent in earlier."
        )
    if round_.tie_order == "draw":
        return _(
            "A tie goes to the cheaper project, then to the one with more votes, then to the one that came first in a public draw, held and recorded before voting opens."
        )
    return _(
        "A tie goes to the cheaper project, then to the one with more votes, then to a lot whose seed is published before voting opens."
    )


def publication_sentence(round_: Round) -> str:
    """What will be published about ballots, and what that means for a voter."""
    if round_.publication_mode == "open":
        return _(
            "After the count each ballot is published beside its tracking code, without names: you can check what was counted for you, and so could somebody you gave your code to."
        )
    return _(
        "After the count the ballots are published in a random order and the tracking codes in a list of their own: you can check that yours is there, and nobody can ask you for proof of your choices."
    )


DOCUMENT_NAMES = {
    "regulation": lambda: _("Rules of the edition"),
    "impact_study": lambda: _("Impact study"),
    "improvement_list": lambda: _("Improvement measures"),
    "priority_domains": lambda: _("Priority domains"),
    "minutes": lambda: _("Minutes of a meeting"),
    "other": lambda: _("Other document"),
}


def document_name(kind: str) -> str:
    """The kind of a document, for readers."""
    return DOCUMENT_NAMES[kind]()

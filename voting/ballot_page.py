"""What the ballot's pages show: projects in the voter's own order, what is chosen, what may still be."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from flask import Request, current_app, g, request, session, url_for
from flask_babel import gettext as _

from civic.actor import Actor
from civic.format import count, money, ngettext
from civic.network import client_network
from civic.numbers import whole_number
from civic.places.models import Category
from civic.places.queries import categories_by_id, neighbourhood_names
from civic.rounds.models import Round
from civic.text import fold
from voting import cards, exclusive, policy, project_queries, roll_queries, round_queries, rules
from voting import cart as carts
from voting.cart import Cart
from voting.models import Project
from voting.plan import FrozenRound, PlannedGroup


@dataclass(frozen=True)
class Filters:
    """How the list of projects is narrowed; kept in the address."""

    area: int | None = None
    category: int | None = None
    query: str = ""

    @classmethod
    def read(cls, values: Mapping[str, str]) -> "Filters":
        """From the address or a form; what makes no sense is no filter."""
        area, category = whole_number(values.get("area")), whole_number(values.get("category"))
        return cls(area, category, values.get("q", "").strip()[:100])

    @property
    def arguments(self) -> dict[str, Any]:
        """The filters as arguments of an address."""
        pairs = {"area": self.area, "category": self.category, "q": self.query or None}
        return {name: value for name, value in pairs.items() if value is not None}

    def admits(self, project: Project) -> bool:
        """Whether a project passes."""
        if self.area is not None and project.neighbourhood_id != self.area:
            return False
        if self.category is not None and project.category_id != self.category:
            return False
        return not self.query or fold(self.query) in fold(f"{project.title} {project.summary} {project.code}")


@dataclass(frozen=True)
class Choice:
    """One project on the ballot page."""

    project: Project
    group: str
    area: str
    category: Category | None
    kind: str
    value: Decimal | None = None
    refusal: Any = None
    most_points: int = 0
    rivals: tuple[str, ...] = ()

    @property
    def meta(self) -> str:
        """The line above the title."""
        names = [self.area, self.category.name if self.category else ""]
        return " · ".join(name for name in names if name)


@dataclass(frozen=True)
class Booth:
    """A request's view of a round: the plan, the person, their unfinished ballot, what stands in the way."""

    round: Round
    plan: FrozenRound | None
    passage: policy.Passage
    voter: rules.VoterLine | None
    cart: Cart | None
    choices: Mapping[str, Decimal]

    @property
    def may_vote(self) -> bool:
        """Whether this person may cast now."""
        return bool(self.passage)


def enter(round_: Round, actor: Actor, now: datetime, from_request: Request | None = None) -> Booth:
    """The booth of this request."""
    plan = round_queries.plan_of(round_)
    found = (
        roll_queries.find_voter(round_.id, actor.person_id)
        if plan is not None and actor.person_id is not None
        else None
    )
    passage = policy.voter_gate(round_, plan, actor, found, now)
    cart = None
    if passage and plan is not None and actor.person_id is not None:
        cart = carts.find_cart(
            current_app.config["SETTINGS"], from_request or request, round_.id, actor.person_id
        ) or Cart.empty(plan, actor.person_id, round_.slug, round_.name)
    choices = cart.choices(plan) if cart and plan else {}
    return Booth(round_, plan, passage, found[0] if found else None, cart, choices)


def session_binding() -> str:
    """What a form is bound to: this session of this account."""
    return f"{session.get('id', '')}|{session.get('_user_id', '')}"


def order_key(actor: Actor) -> str:
    """Whose order the projects come in: the voter's own, or for passers-by their network's."""
    return f"person {actor.person_id}" if actor.person_id else f"network {client_network()}"


def list_choices(
    booth: Booth, filters: Filters, areas: Mapping[int, str], categories: Mapping[int, Category]
) -> list[Choice]:
    """The projects that pass the filters, shuffled for this voter."""
    groups = {group.id: group for group in booth.round.groups}
    shown = [p for p in project_queries.list_projects(booth.round.id) if filters.admits(p)]
    shuffled = rules.shuffled(shown, lambda p: p.code, booth.round.id, order_key(g.actor))
    made, rivals = [], exclusive.rivals(booth.round.id, booth.plan)
    for project in shuffled:
        group = groups[project.group_id]
        value = booth.choices.get(project.code)
        refusal = None
        if booth.may_vote and booth.plan and booth.voter and value is None:
            refusal = rules.why_not_add(booth.plan, booth.voter, booth.choices, project.code)
        made.append(
            Choice(
                project,
                group.name,
                areas.get(project.neighbourhood_id or 0, ""),
                categories.get(project.category_id or 0),
                group.ballot_kind,
                value,
                refusal,
                group.points_each or group.points_total or 0,
                tuple(rivals.get(project.code, ())),
            )
        )
    return made


def group_words(group: PlannedGroup, currency: str) -> str:
    """How one part of the ballot is filled in, in a sentence."""
    most = group.max_choices
    if group.kind == "points":
        words = ngettext(
            "You have %(num)s point to give to the projects you want.",
            "You have %(num)s points to share among the projects you want.",
            group.points_total or 0,
        )
        if group.points_each is not None:
            words += " " + ngettext(
                "At most %(num)s point a project.", "At most %(num)s points a project.", group.points_each
            )
        return words
    if group.kind == "knapsack":
        words = _(
            "Choose projects of at most %(amount)s together.", amount=money(group.max_cost or 0, currency)
        )
    elif group.kind == "ordinal":
        words = _("Put the projects you want in order, the most wanted first.")
    elif group.kind == "choose_one" or most == 1:
        return _("Choose one project.")
    else:
        words = _("Choose as many projects as you want.") if most is None else ""
    if most is not None:
        words += " " + ngettext("Choose at most %(num)s project.", "Choose at most %(num)s projects.", most)
    if group.min_choices > 1:
        words += " " + ngettext(
            "Choose at least %(num)s project, or none.",
            "Choose at least %(num)s projects, or none.",
            group.min_choices,
        )
    return words.strip()


def group_lines(booth: Booth) -> list[dict[str, Any]]:
    """Every part of the ballot with its rule in words, what is chosen in it and what is left."""
    if booth.plan is None:
        return []
    lines = []
    for state in rules.group_states(booth.plan, booth.choices):
        group = state.group
        note = ngettext("%(num)s project chosen", "%(num)s projects chosen", len(state.chosen))
        if group.max_choices is not None and group.kind != "points":
            note = ngettext(
                "%(count)s of at most %(num)s project",
                "%(count)s of at most %(num)s projects",
                group.max_choices,
                count=count(len(state.chosen)),
            )
        if group.points_total is not None:
            note = _(
                "%(given)s of %(total)s points given", given=f"{state.points:f}", total=group.points_total
            )
        lines.append(
            {
                "group": group,
                "name": group.name,
                "rule": group_words(group, booth.plan.currency),
                "note": note,
                "state": state,
                "empty": not state.chosen,
                "open": booth.voter is None
                or any(
                    rules.may_choose(booth.plan, booth.voter, project) is None
                    for project in booth.plan.projects_of(group.id)
                ),
            }
        )
    return lines


def cart_items(booth: Booth, lines: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """The chosen projects as the cart lists them."""
    items = []
    for line in lines:
        state = line["state"]
        for project in state.chosen:
            value = booth.choices[project.code]
            note = line["name"] if len(lines) > 1 else None
            if state.group.kind == "ordinal":
                note = _("Place %(place)s", place=f"{value:f}")
            items.append(
                {
                    "code": project.code,
                    "title": project.title,
                    "url": url_for("voting.project", slug=booth.round.slug, code=project.code),
                    "price": project.cost,
                    "points": int(value) if state.group.kind == "points" else None,
                    "note": note,
                    "first": value == 1,
                    "ordinal": state.group.kind == "ordinal",
                }
            )
    return items


def booth_context(booth: Booth, filters: Filters, now: datetime) -> dict[str, Any]:
    """What the ballot page and its swap show."""
    lines, areas, categories = group_lines(booth), neighbourhood_names(), categories_by_id()
    budgets = [line for line in lines if line["group"].max_cost is not None]
    single = budgets[0] if len(lines) == 1 and budgets else None
    projects = list_choices(booth, filters, areas, categories)
    return {
        "booth": booth,
        "round": booth.round,
        "filters": filters,
        "projects": projects,
        "none_yet": not projects and not project_queries.count_projects(booth.round.id),
        "card_of": cards.drawer(booth),
        "lines": lines,
        "items": cart_items(booth, lines),
        "spent": single["state"].spent if single else None,
        "total": single["group"].max_cost if single else None,
        "areas": areas,
        "category_choices": [(category.id, category.name) for category in categories.values()],
        "now": now,
    }

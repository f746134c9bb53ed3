"""The steps of planning: what each form starts with, and what its values mean for the plan."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from flask import url_for
from flask_babel import gettext
from flask_babel import lazy_gettext as _
from werkzeug.datastructures import MultiDict

from civic.clock import CITY_ZONE, city_moment
from civic.money import write_money
from civic.rounds import forms, queries, reading, rules_registry, words
from civic.rounds.facts import PHASES, GroupFacts, PhaseWindow, PotFacts
from civic.rounds.forms import PlanForm, choice_or_none, parameter_field
from civic.rounds.models import Round
from civic.rounds.planning import PlanChanges

#: Days each phase usually takes, one after the other; information runs beside the proposals.
USUAL_DAYS = {
    "information": 14, "submission": 35, "analysis": 28, "appeals": 7, "voting": 14, "validation": 7, "results": 7,
}  # fmt: skip


@dataclass(frozen=True)
class Step:
    """One page of planning. `fields` are the plan's fields whose problems belong to it."""

    name: str
    title: Any
    fields: tuple[str, ...]
    #: the page of a step that is more than one form
    endpoint: str = "staff_rounds.edit"


STEPS = (
    Step("basics", _("Name and rules"), ("name", "regulation", "regulation_decision", "currency")),
    Step("money", _("The money"), ("pots", "min_cost", "max_cost")),
    Step("ballot", _("The ballot"), ("groups",)),
    Step("people", _("Who takes part"), ("min_age", "max_age", "area_basis")),
    Step("dates", _("Dates"), ("phases",)),
    Step(
        "counting",
        _("Counting and publication"),
        ("counting_rule", "publication_mode", "pot_counting", "tie_order"),
    ),
)


QUESTION_STEPS = (
    Step("basics", _("Name and rules"), ("name", "regulation", "regulation_decision", "currency")),
    Step("questions", _("The questions"), ("questions",), "staff_questions.index"),
    Step("people", _("Who is asked"), ("min_age", "max_age", "area_basis", "areas")),
    Step("dates", _("Dates"), ("phases",)),
    Step("publication", _("Publication"), ("publication_mode",)),
)


def steps_of(round_: Round) -> tuple[Step, ...]:
    """The steps of planning a round, by what residents vote on."""
    return QUESTION_STEPS if round_.asks else STEPS


def find_step(round_: Round, name: str) -> Step | None:
    """The step of a name, among those that are one form."""
    return next((s for s in steps_of(round_) if (s.name, s.endpoint) == (name, "staff_rounds.edit")), None)


def next_step(round_: Round, step: Step) -> Step | None:
    """The step after one, None after the last."""
    steps = steps_of(round_)
    place = steps.index(step) + 1
    return steps[place] if place < len(steps) else None


def step_url(round_: Round, step: Step) -> str:
    """The page of a step."""
    if step.endpoint != "staff_rounds.edit":
        return url_for(step.endpoint, round_id=round_.id)
    return url_for(step.endpoint, round_id=round_.id, step=step.name)


# --- choices --------------------------------------------------------------------------------------------


def _neighbourhood_choices(empty: str) -> list[tuple[str, str]]:
    return [("", empty), *((str(n.id), n.name) for n in queries.list_neighbourhoods())]


def _programme_choices() -> list[tuple[str, str]]:
    return [("", gettext("no programme")), *((str(p.id), p.name) for p in queries.list_programmes())]


def _category_choices() -> list[tuple[str, str]]:
    return [
        ("", gettext("every domain")),
        *((str(c.id), words.category_name(c)) for c in queries.list_categories()),
    ]


# --- forms ----------------------------------------------------------------------------------------------


def make_form(step: Step, round_: Round, sent: MultiDict | None) -> PlanForm:
    """The form of a step, filled with what was sent, or with the round as it is."""
    return _MAKERS[step.name](round_, sent)


def _basics(round_: Round, sent: MultiDict | None) -> PlanForm:
    form_class = forms.QuestionBasicsForm if round_.asks else forms.BasicsForm
    return form_class(sent, obj=None if sent else round_)


def _money(round_: Round, sent: MultiDict | None) -> PlanForm:
    data = None
    if sent is None:
        rows = [
            {
                "id": pot.id,
                "name": pot.name,
                "amount": pot.amount,
                "neighbourhood_id": str(pot.neighbourhood_id or ""),
                "programme_id": str(pot.programme_id or ""),
            }
            for pot in round_.pots
        ]
        data = {"pots": rows or [{}], "min_cost": round_.min_cost, "max_cost": round_.max_cost}
    form = forms.MoneyForm(sent, data=data)
    _give_choices(form)
    return form


def _ballot(round_: Round, sent: MultiDict | None) -> PlanForm:
    data = None
    if sent is None:
        rows = [
            {
                **{column: getattr(group, column) for column in (
                    "id", "name", "ballot_kind", "min_choices", "max_choices", "max_cost", "points_total",
                    "points_each",
                )},
                "category_id": str(group.category_id or ""),
                "neighbourhood_id": str(group.neighbourhood_id or ""),
            }
            for group in round_.groups
        ]  # fmt: skip
        data = {"groups": rows or suggested_groups()}
    form = forms.BallotForm(sent, data=data)
    _give_choices(form)
    return form


def suggested_groups() -> list[dict[str, Any]]:
    """The usual Romanian ballot: one vote for each domain."""
    return [
        {
            "name": words.category_name(category),
            "category_id": str(category.id),
            "ballot_kind": "choose_one",
            "max_choices": 1,
        }
        for category in queries.list_categories()[: forms.MOST_ROWS]
    ] or [{}]


def _give_choices(form: Any) -> None:
    areas = _neighbourhood_choices(gettext("the whole city"))
    programmes, categories = _programme_choices(), _category_choices()
    for entry in form["pots"].entries if "pots" in form else form["groups"].entries:
        row = entry.form
        row.neighbourhood_id.choices = areas
        if "programme_id" in row:
            row.programme_id.choices = programmes
        if "category_id" in row:
            row.category_id.choices = categories


def add_row(form: Any) -> None:
    """One more empty row, as many as may be."""
    rows = form["pots"] if "pots" in form else form["groups"]
    if len(rows.entries) < forms.MOST_ROWS:
        rows.append_entry()
        _give_choices(form)


def _people(round_: Round, sent: MultiDict | None) -> PlanForm:
    if round_.asks:
        return _asked(round_, sent)
    form = forms.PeopleForm(sent, obj=None if sent else round_)
    form.programme_id.choices = _programme_choices()
    if sent is None:
        form.programme_id.data = str(round_.programme_id or "")
    return form


def _asked(round_: Round, sent: MultiDict | None) -> PlanForm:
    form = forms.QuestionPeopleForm(sent, obj=None if sent else round_)
    form.areas.choices = [(area.id, area.name) for area in queries.list_neighbourhoods()]
    if sent is None:
        form.areas.data = [area.id for area in round_.areas]
    return form


def _publication(round_: Round, sent: MultiDict | None) -> PlanForm:
    return forms.PublicationForm(sent, obj=None if sent else round_)


def _dates(round_: Round, sent: MultiDict | None) -> PlanForm:
    data = {}
    for phase in round_.phases:
        data[f"{phase.kind}_starts_at"] = phase.starts_at
        data[f"{phase.kind}_ends_at"] = phase.ends_at
    return forms.DatesForm(sent, data=None if sent else data)


def suggested_dates(first: date, kinds: Sequence[str] = PHASES) -> MultiDict:
    """What the dates form would hold with the usual lengths from a first day on.

    Information runs beside the proposals; where there are none, the vote comes after it.
    """
    filled = MultiDict({"first_day": f"{first:%d.%m.%Y}"})
    day = first
    for kind in kinds:
        start = first if kind == "information" else day
        end = start + timedelta(days=USUAL_DAYS[kind])
        filled[f"{kind}_starts_at"] = reading.write_moment(city_moment(start), CITY_ZONE)
        filled[f"{kind}_ends_at"] = reading.write_moment(city_moment(end), CITY_ZONE, is_end=True)
        day = first if kind == "information" and "submission" in kinds else end
    return filled


_WAYS = ("publication_mode", "pot_counting", "tie_order")


def _counting(round_: Round, sent: MultiDict | None) -> PlanForm:
    form_class = forms.counting_form(rules_registry.list_rules())
    data: dict[str, Any] = {name: getattr(round_, name) for name in _WAYS}
    stored = round_.counting_rule or {}
    rule = rules_registry.find_rule(stored)
    if rule is not None:
        data["rule"] = rule.name
        for parameter in rule.parameters:
            value = stored.get(parameter.name)
            if parameter.kind == "share" and value is not None:
                value = format((Decimal(value) * 100).normalize(), "f").replace(".", ",")
            elif parameter.kind == "places" and value is not None:
                value = value.replace(",", ", ")
            elif parameter.kind in ("amount", "decimal") and value is not None:
                value = write_money(Decimal(value))
            data[parameter_field(rule.name, parameter.name)] = value
    return form_class(sent, data=None if sent else data)


_MAKERS: dict[str, Callable[[Round, MultiDict | None], PlanForm]] = {
    "basics": _basics, "money": _money, "ballot": _ballot, "people": _people, "dates": _dates, "counting": _counting,
    "publication": _publication,
}  # fmt: skip


# --- from forms to changes ------------------------------------------------------------------------------


@dataclass(frozen=True)
class Typed:
    """What a valid form asks for; `rows` says which form row each pot or group came from."""

    changes: PlanChanges
    rows: dict[str, list[int]]


def read_form(step: Step, form: Any) -> Typed:
    """The changes a valid form asks for. Problems of rows are put on the form (then it is not valid)."""
    if step.name == "basics":
        names = ("name", "summary", "regulation", "regulation_decision")
        changes: Any = {name: form[name].data or "" for name in names}
        return Typed({**changes, "regulation_date": form.regulation_date.data}, {})
    if step.name == "money":
        return _read_money(form)
    if step.name == "ballot":
        return _read_ballot(form)
    if step.name == "people":
        people: Any = {
            name: form[name].data for name in ("min_age", "max_age", "area_basis", "late_registration")
        }
        people["remote_verification"] = form.remote_verification.data or []
        if "areas" in form:
            return Typed({**people, "areas": form.areas.data or []}, {})
        return Typed({**people, "programme_id": choice_or_none(form.programme_id.data)}, {})
    if step.name == "dates":
        return Typed({"phases": read_windows(form)}, {})
    if step.name == "publication":
        return Typed({"publication_mode": form.publication_mode.data}, {})
    return _read_counting(form)


def _is_empty(row: Any) -> bool:
    boxes = [f for f in row if f.type not in ("HiddenField", "SelectField")]
    return not any(str(f.raw_data[0]).strip() if f.raw_data else f.data for f in boxes)


def _filled(rows: Any) -> list[tuple[int, Any]]:
    return [(place, entry.form) for place, entry in enumerate(rows.entries) if not _is_empty(entry.form)]


def _read_money(form: Any) -> Typed:
    kept = _filled(form.pots)
    pots = []
    for _place, row in kept:
        if row.amount.data is None and not row.amount.errors:
            row.amount.errors = [gettext("Write an amount over 0.")]
        pots.append(
            PotFacts(
                row.name.data or "",
                row.amount.data or Decimal(0),
                choice_or_none(row.neighbourhood_id.data),
                choice_or_none(row.programme_id.data),
                id=choice_or_none(row.id.data),
            )
        )
    changes: PlanChanges = {"pots": pots, "min_cost": form.min_cost.data, "max_cost": form.max_cost.data}
    return Typed(changes, {"pots": [place for place, _row in kept]})


def _read_ballot(form: Any) -> Typed:
    kept = _filled(form.groups)
    groups = [
        GroupFacts(
            name=row.name.data or "",
            ballot_kind=row.ballot_kind.data,
            category_id=choice_or_none(row.category_id.data),
            neighbourhood_id=choice_or_none(row.neighbourhood_id.data),
            min_choices=row.min_choices.data or 0,
            max_choices=row.max_choices.data
            if row.max_choices.data is not None or row.ballot_kind.data != "choose_one"
            else 1,
            max_cost=row.max_cost.data,
            points_total=row.points_total.data,
            points_each=row.points_each.data,
            id=choice_or_none(row.id.data),
        )
        for _place, row in kept
    ]
    return Typed({"groups": groups}, {"groups": [place for place, _row in kept]})


def read_windows(form: Any, complain: bool = True) -> Sequence[PhaseWindow]:
    """The phases whose two moments were typed; half a phase is complained about at the empty box."""
    windows = []
    for kind in PHASES:
        start, end = form[f"{kind}_starts_at"], form[f"{kind}_ends_at"]
        if start.data is not None and end.data is not None:
            windows.append(PhaseWindow(kind, start.data, end.data))
        elif complain and (start.data is not None) != (end.data is not None):
            empty = start if start.data is None else end
            if not empty.errors:
                empty.errors = [gettext("A phase needs both its beginning and its end.")]
    return windows


def _read_counting(form: Any) -> Typed:
    rule = next(rule for rule in rules_registry.list_rules() if rule.name == form.rule.data)
    typed = {}
    for parameter in rule.parameters:
        value = form[parameter_field(rule.name, parameter.name)].data
        typed[parameter.name] = ("y" if value else "") if parameter.kind == "flag" else (value or "")
    stored, problems = rules_registry.read_parameters(rule, typed)
    for name, sentence in problems.items():
        form[parameter_field(rule.name, name)].errors = [sentence]
    ways: Any = {name: form[name].data for name in _WAYS}
    return Typed({"counting_rule": stored, **ways}, {})

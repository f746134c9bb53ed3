"""Commands that plan a round: create it, copy it, change it. Refusals name the field and give the sentence."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal
from typing import Any, TypedDict

from flask_babel import lazy_gettext as _
from sqlalchemy.exc import IntegrityError

from civic import audit, timeline
from civic.accounts.verifying.methods import REMOTE, in_order
from civic.actor import Actor
from civic.errors import Conflict, Invalid
from civic.extensions import db
from civic.rounds import queries, rules_registry
from civic.rounds.facts import (
    CONTENTS,
    POT_COUNTINGS,
    PUBLICATION_MODES,
    TIE_ORDERS,
    Ages,
    GroupFacts,
    PhaseWindow,
    PlanFacts,
    PotFacts,
    Problem,
)
from civic.rounds.models import BallotGroup, Phase, Pot, Programme, Round
from civic.rounds.plan import plan_problems
from civic.text import clean_line, clean_text, fold


class PlanRefused(Invalid):
    """A plan that cannot work; `problems` says why, field by field."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        super().__init__(problems[0].sentence)
        self.problems = list(problems)


class PlanChanges(TypedDict, total=False):
    """What `edit_plan` may change. What is left out stays."""

    name: str
    summary: str
    currency: str
    programme_id: int | None
    regulation: str
    regulation_decision: str
    regulation_date: date | None
    min_age: int | None
    max_age: int | None
    area_basis: str
    areas: Sequence[int]
    late_registration: bool
    remote_verification: list[str]
    min_cost: Decimal | None
    max_cost: Decimal | None
    counting_rule: dict[str, Any]
    publication_mode: str
    pot_counting: str
    tie_order: str
    pots: Sequence[PotFacts]
    groups: Sequence[GroupFacts]
    phases: Sequence[PhaseWindow]


_WAYS = {"publication_mode": PUBLICATION_MODES, "pot_counting": POT_COUNTINGS, "tie_order": TIE_ORDERS}
#: What is about money and projects, which a ballot of questions does not have.
_OF_PROJECTS = (
    "programme_id", "min_cost", "max_cost", "counting_rule", "pot_counting", "tie_order", "pots", "groups",
)  # fmt: skip
_LINES = ("name", "currency", "regulation_decision")
_TEXTS = ("summary", "regulation")
_AGES = ("min_age", "max_age")
#: What the problems of a change may be about; the rest of a draft may still be incomplete.
_FIELDS_OF = {
    "pots": ("pots", "min_cost", "max_cost", "groups"),
    "groups": ("groups", "pots"),
    "phases": ("phases",),
    "programme_id": ("max_age", "pots"),
    "min_age": ("max_age", "pots"),
    "max_age": ("min_age", "pots"),
    "min_cost": ("max_cost", "groups"),
    "max_cost": ("min_cost",),
    "regulation_date": ("regulation_decision",),
}


def _slug(name: str, taken: Any) -> str:
    words = "".join(char if char.isascii() and char.isalnum() else "-" for char in fold(name))
    base = "-".join(part for part in words.split("-") if part)[:60].strip("-") or "editie"
    slug, number = base, 2
    while taken(slug):
        slug, number = f"{base}-{number}", number + 1
    return slug


def create_round(
    actor: Actor,
    name: str,
    now: datetime,
    *,
    slug: str | None = None,
    kind: str = "city",
    content: str = "projects",
    copy_from: Round | None = None,
    changes: PlanChanges | None = None,
) -> Round:
    """A new, unpublished round. `copy_from` takes over everything but dates, decision and documents.

    `content` says what residents vote on, projects or questions, and never changes. Raises PlanRefused for a
    plan that cannot work, Conflict for a slug that is taken.
    """
    name = clean_line(name)
    if content not in CONTENTS:
        raise PlanRefused([Problem("content", _("Choose one of the options."))])
    if copy_from is not None and (copy_from.content, content) != ("projects", "projects"):
        raise PlanRefused([Problem("copy_from", _("A ballot of questions begins from an empty plan."))])
    if slug is not None and queries.slug_is_taken(slug):
        raise Conflict(_("This address is already taken."))
    round_ = Round(
        name=name,
        slug=slug or _slug(name, queries.slug_is_taken),
        kind=kind,
        content=content,
        summary="",
        currency="RON",
        regulation="",
        regulation_decision="",
        area_basis="any",
        late_registration=True,
        remote_verification=[],
        counting_rule=dict(rules_registry.COUNTED_ONLY) if content == "questions" else {},
        publication_mode="inclusion_only",
        created_at=now,
        adopted_by="",
    )
    if copy_from is not None:
        _copy_plan(copy_from, round_)
    db.session.add(round_)
    try:
        db.session.flush()
    except IntegrityError as error:
        raise Conflict(_("This address is already taken.")) from error
    audit.record(
        actor, "round.created", "round", round_.id, now, {"copied_from": copy_from.id if copy_from else None}
    )
    edit_plan(actor, round_, {"name": name, **(changes or {})}, now)
    return round_


def _copy_plan(source: Round, target: Round) -> None:
    for column in (
        "programme_id", "summary", "currency", "regulation", "min_age", "max_age", "area_basis",
        "late_registration", "remote_verification", "min_cost", "max_cost", "publication_mode", "pot_counting",
        "tie_order",
    ):  # fmt: skip
        setattr(target, column, getattr(source, column))
    # A frozen rule carries that round's lot; the next round gets one of its own.
    target.counting_rule = {k: v for k, v in (source.counting_rule or {}).items() if k != "tie_break"}
    target.pots = [_pot(queries.pot_facts(pot), place) for place, pot in enumerate(source.pots)]
    target.groups = [_group(queries.group_facts(group), place) for place, group in enumerate(source.groups)]


def _pot(facts: PotFacts, position: int) -> Pot:
    return Pot(
        name=clean_line(facts.name),
        amount=facts.amount,
        neighbourhood_id=facts.neighbourhood_id,
        programme_id=facts.programme_id,
        position=position,
    )


def _group(facts: GroupFacts, position: int) -> BallotGroup:
    return BallotGroup(
        name=clean_line(facts.name),
        category_id=facts.category_id,
        neighbourhood_id=facts.neighbourhood_id,
        ballot_kind=facts.ballot_kind,
        min_choices=facts.min_choices,
        max_choices=1 if facts.ballot_kind == "choose_one" else facts.max_choices,
        max_cost=facts.max_cost,
        points_total=facts.points_total,
        points_each=facts.points_each,
        position=position,
    )


def changed_plan(round_: Round, changes: PlanChanges) -> PlanFacts:
    """The plan as it would be after the changes."""
    plan = queries.plan_facts(round_)
    simple: dict[str, Any] = {
        name: changes[name]
        for name in (
            "name", "currency", "regulation", "regulation_decision", "regulation_date", "area_basis",
            "min_cost", "max_cost", "counting_rule", "publication_mode", "pots", "groups",
        )
        if name in changes
    }  # fmt: skip
    for name in ("pots", "groups"):
        if name in simple:
            simple[name] = tuple(simple[name])
    if "areas" in changes:
        simple["areas"] = {area.id: area.name for area in queries.list_areas_by_id(changes["areas"])}
    if "phases" in changes:
        simple["windows"] = tuple(changes["phases"])
    if "min_age" in changes or "max_age" in changes:
        simple["ages"] = Ages(changes.get("min_age", round_.min_age), changes.get("max_age", round_.max_age))
    if "programme_id" in changes:
        programme = queries.find_programme(changes["programme_id"]) if changes["programme_id"] else None
        simple["programme_ages"] = Ages(programme.min_age, programme.max_age) if programme else Ages()
    return replace(plan, **simple)


def edit_plan(actor: Actor, round_: Round, changes: PlanChanges, now: datetime, reason: str = "") -> None:
    """Change parts of the plan. A public plan changes only with a reason, which is published.

    Raises PlanRefused: frozen, a phase that has begun, no reason, or a plan that cannot work. In a draft
    only problems of what was changed refuse it; a public plan must have none at all.
    """
    changes = _cleaned(changes)
    changes = {name: value for name, value in changes.items() if _differs(round_, name, value)}  # type: ignore[assignment]
    if not changes:
        return
    public = round_.published_at is not None and round_.kind == "city"
    problems = _refusals(round_, changes, now, reason, public)
    plan = changed_plan(round_, changes)
    found = plan_problems(plan)
    if changes.get("counting_rule"):
        sentence = rules_registry.problem_of(changes["counting_rule"])
        found += [Problem("counting_rule", sentence)] if sentence is not None else []
    for name, known in _WAYS.items():
        if name in changes and changes[name] not in known:  # type: ignore[literal-required]
            found.append(Problem(name, _("Choose one of the ways offered.")))
    if set(changes.get("remote_verification", ())) - set(REMOTE):
        found.append(Problem("remote_verification", _("Choose one of the ways offered.")))
    if not public:
        wanted = {part for name in changes for part in (name, *_FIELDS_OF.get(name, ()))}
        found = [problem for problem in found if problem.field.split("-")[0] in wanted]
    problems += found
    if problems:
        raise PlanRefused(problems)
    _apply(round_, changes)
    audit.record(actor, "round.plan_changed", "round", round_.id, now, {"parts": sorted(changes)})
    if public:
        timeline.add(
            "round", round_.id, event_name(round_, "plan_changed"), now,
            role=timeline.role_of(actor), reason=clean_text(reason),
        )  # fmt: skip


def event_name(round_: Round, what: str) -> str:
    """What the timeline calls an event: an edition and a ballot of questions are told of in other words."""
    return f"question_round.{what}" if round_.asks else f"round.{what}"


def _cleaned(changes: PlanChanges) -> PlanChanges:
    cleaned: dict[str, Any] = dict(changes)
    cleaned.update({name: clean_line(cleaned[name]) for name in _LINES if name in cleaned})
    cleaned.update({name: clean_text(cleaned[name]) for name in _TEXTS if name in cleaned})
    if "remote_verification" in cleaned:
        known = in_order(cleaned["remote_verification"])
        cleaned["remote_verification"] = known + sorted(set(cleaned["remote_verification"]) - set(known))
    return cleaned  # type: ignore[return-value]


def _differs(round_: Round, name: str, value: Any) -> bool:
    if name == "pots":
        return [replace(p, id=None, ages=Ages()) for p in value] != [
            replace(queries.pot_facts(p), id=None, ages=Ages()) for p in round_.pots
        ]
    if name == "groups":
        return [replace(g, id=None) for g in value] != [
            replace(queries.group_facts(g), id=None) for g in round_.groups
        ]
    if name == "areas":
        return set(value) != {area.id for area in round_.areas}
    if name == "phases":
        return set(value) != set(queries.plan_facts(round_).windows)
    return getattr(round_, name) != value or (name == "name" and not value)


def _refusals(round_: Round, changes: PlanChanges, now: datetime, reason: str, public: bool) -> list[Problem]:
    """Why the round as it stands takes no such change."""
    if round_.frozen_at is not None:
        first = next(iter(changes))
        return [
            Problem(
                first, _("The plan was frozen when voting opened, and its fingerprint published. It stays.")
            )
        ]
    problems = []
    if round_.asks:
        problems += [
            Problem(name, _("A ballot of questions has no projects and no money."))
            for name in _OF_PROJECTS
            if name in changes
        ]
    elif "areas" in changes:
        problems.append(Problem("areas", _("In an edition each budget says for which neighbourhood it is.")))
    if public and not clean_text(reason):
        problems.append(
            Problem(
                "reason", _("The plan is public. Write the reason of the change: residents will read it.")
            )
        )
    if public and "phases" in changes:
        new = {one.kind: one for one in changes["phases"]}
        for phase in round_.phases:
            replacement = new.get(phase.kind)
            if phase.starts_at <= now and (
                replacement is None
                or (replacement.starts_at, replacement.ends_at) != (phase.starts_at, phase.ends_at)
            ):
                problems.append(
                    Problem(
                        f"phases-{phase.kind}-starts_at",
                        _("This phase has already begun. It can only be extended, with a published reason."),
                    )
                )
    return problems


def _apply(round_: Round, changes: PlanChanges) -> None:
    for name, value in changes.items():
        if name == "pots":
            _replace_parts(round_.pots, value, _pot, Pot)  # type: ignore[arg-type]
        elif name == "groups":
            _replace_parts(round_.groups, value, _group, BallotGroup)  # type: ignore[arg-type]
        elif name == "areas":
            round_.areas = list(queries.list_areas_by_id(value))  # type: ignore[arg-type]
        elif name == "phases":
            _replace_phases(round_, value)  # type: ignore[arg-type]
        else:
            setattr(round_, name, value)
    db.session.flush()


def _replace_parts(kept: list[Any], wanted: Iterable[Any], make: Any, model: type) -> None:
    """Bring stored pots or groups to what is wanted, keeping the rows that projects already point at.

    Rows are matched by id. Raises PlanRefused when a row that is no longer wanted is already in use.
    """
    by_id = {part.id: part for part in kept}
    wanted = list(wanted)
    leaving = [part for part in kept if part.id not in {facts.id for facts in wanted}]
    table = model.__tablename__  # type: ignore[attr-defined]
    try:
        with db.session.begin_nested():
            for part in leaving:
                kept.remove(part)
            # Names are unique: make room before they move from one row to another.
            for part in kept:
                part.name = f"\x1f{part.id}"
            db.session.flush()
            for position, facts in enumerate(wanted):
                fresh = make(facts, position)
                part = by_id.get(facts.id) if facts.id is not None else None
                if part is None:
                    kept.append(fresh)
                    continue
                for column in model.__table__.columns:  # type: ignore[attr-defined]
                    if column.name not in ("id", "round_id"):
                        setattr(part, column.name, getattr(fresh, column.name))
                db.session.expunge(fresh) if fresh in db.session else None
            db.session.flush()
    except IntegrityError as error:
        raise PlanRefused(
            [
                Problem(
                    "pots" if table == "pot" else "groups", _("Projects already point at a row you removed.")
                )
            ]
        ) from error


def _replace_phases(round_: Round, wanted: Iterable[PhaseWindow]) -> None:
    stored = {phase.kind: phase for phase in round_.phases}
    kinds = set()
    for one in wanted:
        kinds.add(one.kind)
        phase = stored.get(one.kind)
        if phase is None:
            round_.phases.append(Phase(kind=one.kind, starts_at=one.starts_at, ends_at=one.ends_at))
        else:
            phase.starts_at, phase.ends_at = one.starts_at, one.ends_at
    for kind, phase in stored.items():
        if kind not in kinds:
            round_.phases.remove(phase)


def create_programme(
    actor: Actor,
    name: str,
    now: datetime,
    *,
    description: str = "",
    audience: str = "",
    min_age: int | None = None,
    max_age: int | None = None,
    slug: str | None = None,
) -> Programme:
    """A new programme. Raises PlanRefused for a name or ages that cannot be."""
    problems = []
    if not clean_line(name):
        problems.append(Problem("name", _("Write the name of the programme.")))
    for field, age in (("min_age", min_age), ("max_age", max_age)):
        if age is not None and not 0 <= age <= 120:
            problems.append(Problem(field, _("Write an age from 0 to 120, or leave it empty.")))
    if min_age is not None and max_age is not None and min_age > max_age:
        problems.append(
            Problem("max_age", _("The oldest age is under the youngest: nobody could take part."))
        )
    if problems:
        raise PlanRefused(problems)
    programme = Programme(
        slug=slug or _slug(name, queries.programme_slug_is_taken),
        name=clean_line(name),
        description=clean_text(description),
        audience=clean_text(audience),
        min_age=min_age,
        max_age=max_age,
    )
    db.session.add(programme)
    db.session.flush()
    audit.record(actor, "programme.created", "programme", programme.id, now)
    return programme

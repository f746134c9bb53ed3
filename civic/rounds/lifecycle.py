"""Commands along a round's life: publish, extend, freeze into data, adopt, attach documents."""

from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

from flask_babel import lazy_gettext as _

from civic import audit, timeline
from civic.accounts.verifying.methods import ALWAYS, in_order
from civic.actor import Actor
from civic.clock import CITY_ZONE, city_date
from civic.errors import Conflict
from civic.extensions import db
from civic.files.service import make_private, make_public
from civic.rounds import contributions, queries, rules, rules_registry
from civic.rounds.facts import PhaseWindow, Problem
from civic.rounds.models import Round, RoundDocument
from civic.rounds.plan import plan_problems
from civic.rounds.planning import PlanRefused, event_name
from civic.text import clean_line, clean_text

DOCUMENT_KINDS = ("regulation", "impact_study", "improvement_list", "priority_domains", "minutes", "other")

#: The form of `plan_as_data`. Raised when its shape changes; stored plans keep theirs.
PLAN_VERSION = 2


def publishing_problems(round_: Round, now: datetime) -> list[Problem]:
    """What keeps a round from being made public at `now`; empty when nothing does."""
    problems = plan_problems(queries.plan_facts(round_), publishing_at=now)
    if round_.counting_rule and not round_.asks:
        sentence = rules_registry.problem_of(round_.counting_rule)
        problems += [Problem("counting_rule", sentence)] if sentence is not None else []
    return problems


def publish_round(actor: Actor, round_: Round, now: datetime) -> None:
    """Make the round public. Publishing twice is the same as once. Raises PlanRefused with every reason."""
    if round_.published_at is not None:
        return
    problems = publishing_problems(round_, now)
    if problems:
        raise PlanRefused(problems)
    round_.published_at = now
    make_public(document.file_id for document in round_.documents)
    db.session.flush()
    audit.record(actor, "round.published", "round", round_.id, now)
    timeline.add("round", round_.id, event_name(round_, "published"), now, role=timeline.role_of(actor))


def extend_phase(
    actor: Actor, round_: Round, kind: str, ends_at: datetime, reason: str, now: datetime
) -> None:
    """Let a phase run longer, with a reason everyone reads.

    Never after it ended, never shorter, and never once the plan is frozen: a voter must be able to rely on
    the dates whose fingerprint was published. Raises PlanRefused.
    """
    phase = next((one for one in round_.phases if one.kind == kind), None)
    problems = []
    if round_.frozen_at is not None:
        problems.append(
            Problem(
                "ends_at",
                _("The plan was frozen when voting opened, and its fingerprint published. It stays."),
            )
        )
    elif phase is None:
        problems.append(Problem("kind", _("There is no such phase here.")))
    elif phase.ends_at <= now:
        problems.append(Problem("ends_at", _("This phase has ended. What ended cannot be extended.")))
    elif ends_at <= phase.ends_at:
        problems.append(Problem("ends_at", _("The new end must be later than the present one.")))
    if not clean_text(reason):
        problems.append(Problem("reason", _("Write the reason: residents will read it.")))
    if problems or phase is None:
        raise PlanRefused(problems)
    plan = queries.plan_facts(round_)
    windows = tuple(
        PhaseWindow(one.kind, one.starts_at, ends_at) if one.kind == kind else one for one in plan.windows
    )
    found = [p for p in plan_problems(replace(plan, windows=windows)) if p.field.startswith("phases")]
    if found:
        raise PlanRefused(
            [replace(problem, field="ends_at") for problem in found if problem.field.startswith("phases")]
        )
    before = phase.ends_at
    phase.ends_at = ends_at
    db.session.flush()
    audit.record(
        actor, "round.phase_extended", "round", round_.id, now,
        {"phase": kind, "from": before.isoformat(), "to": ends_at.isoformat()},
    )  # fmt: skip
    timeline.add(
        "round", round_.id, f"round.extended_{kind}", now,
        role=timeline.role_of(actor), reason=clean_text(reason),
        data={"day": timeline.day_of(rules.last_day(ends_at, CITY_ZONE))},
    )  # fmt: skip


def add_document(
    actor: Actor, round_: Round, kind: str, title: str, file_id: int, now: datetime
) -> RoundDocument:
    """Attach a stored file to the round. Raises PlanRefused without a kind or a title."""
    problems = []
    if kind not in DOCUMENT_KINDS:
        problems.append(Problem("kind", _("Choose what kind of document this is.")))
    if not clean_line(title):
        problems.append(Problem("title", _("Write the title of the document.")))
    if problems:
        raise PlanRefused(problems)
    document = RoundDocument(
        round_id=round_.id, kind=kind, title=clean_line(title), file_id=file_id, added_at=now
    )
    db.session.add(document)
    db.session.flush()
    db.session.refresh(round_, ["documents"])
    audit.record(
        actor, "round.document_added", "round", round_.id, now, {"document": document.id, "kind": kind}
    )
    if round_.published_at is not None:
        make_public([file_id])
        timeline.add(
            "round", round_.id, "round.document_added", now,
            role=timeline.role_of(actor), data={"title": document.title},
        )  # fmt: skip
    return document


def remove_document(
    actor: Actor, round_: Round, document: RoundDocument, now: datetime, reason: str = ""
) -> None:
    """Detach a document. On a public round a reason is asked for and published. Raises PlanRefused."""
    if round_.published_at is not None and not clean_text(reason):
        raise PlanRefused([Problem("reason", _("Write the reason: residents will read it."))])
    title, document_id = document.title, document.id
    make_private([document.file_id])
    db.session.delete(document)
    db.session.flush()
    db.session.refresh(round_, ["documents"])
    audit.record(actor, "round.document_removed", "round", round_.id, now, {"document": document_id})
    if round_.published_at is not None:
        timeline.add(
            "round", round_.id, "round.document_removed", now,
            role=timeline.role_of(actor), reason=clean_text(reason), data={"title": title},
        )  # fmt: skip


def plan_as_data(round_: Round) -> dict[str, Any]:
    """Everything voters rely on, as JSON-able data in one order: what is frozen and fingerprinted.

    Amounts are decimal strings with two decimals, moments ISO 8601 in UTC, days ISO dates, keys as bytes
    in hexadecimal. The caller freezes it when voting opens, after setting the tie seed and the box key:

        text = json.dumps(plan_as_data(round_), sort_keys=True, ensure_ascii=False, separators=(",", ":"))
        fingerprint = hashlib.sha256(text.encode()).hexdigest()
    """
    plan = queries.plan_facts(round_)
    last = rules.last_voting_day(plan.windows, plan.zone)
    programme = round_.programme
    return {
        "version": PLAN_VERSION,
        "round": {"id": round_.id, "slug": round_.slug, "name": round_.name, "currency": round_.currency},
        "regulation": {
            "decision": round_.regulation_decision,
            "date": _iso_day(round_.regulation_date),
            "text": round_.regulation,
        },
        "eligibility": {
            "min_age": plan.everyones_ages.least,
            "max_age": plan.everyones_ages.most,
            "ages_count_on": _iso_day(last),
            "area_basis": round_.area_basis,
            "late_registration": round_.late_registration,
            "verification": [*ALWAYS, *in_order(round_.remote_verification or ())],
            "programme": _programme(programme),
        },
        "costs": {"min": _amount(round_.min_cost), "max": _amount(round_.max_cost)},
        "phases": [
            {"kind": one.kind, "starts_at": _utc(one.starts_at), "ends_at": _utc(one.ends_at)}
            for one in rules.in_order(plan.windows)
        ],
        "pots": [
            {
                "id": pot.id,
                "name": pot.name,
                "amount": _amount(pot.amount),
                "neighbourhood_id": pot.neighbourhood_id,
                "programme": _programme(pot.programme),
            }
            for pot in round_.pots
        ],
        "groups": [
            {
                "id": group.id,
                "name": group.name,
                "category_id": group.category_id,
                "neighbourhood_id": group.neighbourhood_id,
                "ballot_kind": group.ballot_kind,
                "min_choices": group.min_choices,
                "max_choices": group.max_choices,
                "max_cost": _amount(group.max_cost),
                "points_total": group.points_total,
                "points_each": group.points_each,
            }
            for group in round_.groups
        ],
        "counting_rule": dict(round_.counting_rule or {}),
        "pot_counting": round_.pot_counting,
        "tie_order": round_.tie_order,
        "tie_seed": round_.tie_seed,
        "publication_mode": round_.publication_mode,
        "box_public_key": round_.box_public_key.hex() if round_.box_public_key else None,
    }


def _programme(programme: Any) -> dict[str, Any] | None:
    if programme is None:
        return None
    return {
        "id": programme.id,
        "slug": programme.slug,
        "min_age": programme.min_age,
        "max_age": programme.max_age,
    }


def _amount(value: Any) -> str | None:
    return None if value is None else f"{value:.2f}"


def _iso_day(value: date | None) -> str | None:
    return None if value is None else value.isoformat()


def _utc(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat()


def adopt_results(
    actor: Actor,
    round_: Round,
    decision: str,
    decision_date: date,
    now: datetime,
    *,
    what: str = "",
    url: str = "",
) -> None:
    """Record what the council decided on the results; `decision` is its number, as in HCL 123/2027.

    Of an edition it adopts the list of winners; after an advisory ballot it is what was decided, `what` in words.
    `url` is where it can be read.

    Raises PlanRefused without a number, before the results are public or with a date in the future or
    before them; Conflict when another decision was recorded already. The same decision twice is once.
    """
    number = clean_line(decision)
    problems = []
    if round_.results_at is None:
        problems.append(Problem("decision", _("The results are not public yet: there is nothing to adopt.")))
    problems += [Problem("decision", sentence) for sentence in contributions.adoption_obstacles(round_)]
    if not number:
        problems.append(Problem("decision", _("Write the number of the council's decision.")))
    if round_.asks and not clean_text(what):
        problems.append(Problem("what", _("Write what was decided: residents answered to hear it.")))
    if url and not clean_line(url).startswith(("https://", "http://")):
        problems.append(Problem("url", _("Write a web address that begins with https://.")))
    if decision_date > city_date(now):
        problems.append(Problem("decision_date", _("The decision cannot have a date in the future.")))
    elif round_.results_at is not None and decision_date < city_date(round_.results_at):
        problems.append(
            Problem("decision_date", _("The decision cannot be older than the results it adopts."))
        )
    if problems:
        raise PlanRefused(problems)
    cited = f"{number} / {decision_date:%d.%m.%Y}"
    if round_.adopted_at is not None:
        if round_.adopted_by == cited:
            return
        raise Conflict(_("Another decision is already recorded for these results."))
    round_.adopted_at, round_.adopted_by = now, cited
    round_.adopted_text, round_.adopted_url = clean_text(what), clean_line(url)
    db.session.flush()
    audit.record(actor, "round.adopted", "round", round_.id, now, {"decision": cited})
    timeline.add(
        "round",
        round_.id,
        event_name(round_, "adopted"),
        now,
        role=timeline.role_of(actor),
        data={"decision": cited},
    )

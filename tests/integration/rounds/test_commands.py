"""Planning, publishing, extending, freezing, adopting: refused with a sentence, recorded when done."""

import json
from dataclasses import replace
from datetime import UTC, date, timedelta
from decimal import Decimal
from types import SimpleNamespace

import pytest
from flask import Flask
from sqlalchemy import select

from civic import timeline
from civic.audit import AuditRecord
from civic.errors import Conflict
from civic.extensions import db
from civic.rounds import queries, service
from civic.rounds.facts import GroupFacts, PhaseWindow, PotFacts
from civic.rounds.models import Round
from civic.rounds.service import PlanRefused
from tests.factories import make_category, make_neighbourhood
from tests.rounds_support import (
    AFTER,
    BEFORE,
    DURING,
    STAFF,
    day,
    make_draft,
    make_plan,
    make_round,
    windows,
)

pytestmark = pytest.mark.usefixtures("app")


def refused(call, *args, **values) -> list[str]:
    with pytest.raises(PlanRefused) as refusal:
        call(*args, **values)
    assert all(str(problem.sentence).strip() for problem in refusal.value.problems)
    return [problem.field for problem in refusal.value.problems]


def audited(event: str) -> int:
    db.session.flush()
    return len(db.session.scalars(select(AuditRecord).where(AuditRecord.event == event)).all())


def moved(kind: str, **changes) -> list[PhaseWindow]:
    return [replace(one, **changes) if one.kind == kind else one for one in windows()]


def freeze(round_: Round) -> None:
    round_.frozen_at, round_.fingerprint = DURING["voting"], "ab" * 32
    db.session.flush()


# --- planning -------------------------------------------------------------------------------------------


def test_a_round_needs_a_name() -> None:
    assert refused(service.create_round, STAFF, "   ", BEFORE) == ["name"]


def test_slugs_do_not_clash() -> None:
    first, second = (service.create_round(STAFF, "Ediția 2027!", BEFORE) for _ in range(2))
    assert (first.slug, second.slug) == ("editia-2027", "editia-2027-2")
    with pytest.raises(Conflict):
        service.create_round(STAFF, "Alta", BEFORE, slug="editia-2027")
    assert service.create_round(STAFF, "ăîșț", BEFORE).slug == "aist"
    assert service.create_round(STAFF, "漢字", BEFORE).slug == "editie"


def test_a_copy_takes_everything_but_what_belongs_to_that_year() -> None:
    area = make_neighbourhood()
    source = make_round(
        pots=[PotFacts("Tei", Decimal(500_000), area.id), PotFacts("Tot", Decimal(1_000_000))]
    )
    source.counting_rule = {**source.counting_rule, "tie_break": "seed:secret"}
    copy = service.create_round(STAFF, "Ediția 2028", AFTER, copy_from=source)
    assert [(p.name, p.amount, p.neighbourhood_id) for p in copy.pots] == [
        ("Tei", Decimal(500_000), area.id), ("Tot", Decimal(1_000_000), None),
    ]  # fmt: skip
    assert (copy.groups[0].name, copy.min_age) == ("Partea Unu", 16)
    assert copy.counting_rule == {"version": 1, "name": "greedy"}
    assert (copy.phases, copy.published_at, copy.regulation_decision, copy.frozen_at) == ([], None, "", None)


def test_a_draft_is_refused_only_for_what_was_changed() -> None:
    draft = service.create_round(STAFF, "Ediția 2027", BEFORE)
    service.edit_plan(STAFF, draft, {"min_age": 16}, BEFORE)
    assert refused(service.edit_plan, STAFF, draft, {"max_age": 12}, BEFORE) == ["max_age"]
    assert refused(service.edit_plan, STAFF, draft, {"counting_rule": {"name": "lottery"}}, BEFORE) == [
        "counting_rule"
    ]
    assert draft.max_age is None


def test_pots_keep_their_rows_when_names_move() -> None:
    draft = make_draft(pots=[PotFacts("A", Decimal(500_000)), PotFacts("B", Decimal(600_000))])
    first, second = draft.pots
    swapped = [PotFacts("B", Decimal(500_000), id=first.id), PotFacts("A", Decimal(600_000), id=second.id)]
    service.edit_plan(STAFF, draft, {"pots": swapped}, BEFORE)
    db.session.commit()
    assert [(p.id, p.name) for p in draft.pots] == [(first.id, "B"), (second.id, "A")]
    service.edit_plan(STAFF, draft, {"pots": [swapped[1], PotFacts("C", Decimal(900_000))]}, BEFORE)
    db.session.commit()
    assert [p.name for p in draft.pots] == ["A", "C"]


def test_saving_the_same_changes_nothing() -> None:
    round_ = make_round()
    before = audited("round.plan_changed")
    service.edit_plan(STAFF, round_, make_plan(), DURING["submission"])
    assert audited("round.plan_changed") == before


def test_a_public_plan_changes_only_with_a_reason_everyone_reads() -> None:
    round_ = make_round()
    now = DURING["information"]
    assert refused(service.edit_plan, STAFF, round_, {"max_cost": Decimal(300_000)}, now) == ["reason"]
    service.edit_plan(STAFF, round_, {"max_cost": Decimal(300_000)}, now, reason="Rectificare bugetară.")
    db.session.commit()
    last = timeline.list_events("round", round_.id)[-1]
    assert (last.event, last.reason) == ("round.plan_changed", "Rectificare bugetară.")


def test_a_phase_that_has_begun_is_not_moved() -> None:
    round_ = make_round()
    now = DURING["submission"]
    earlier = moved("submission", ends_at=day(30))
    assert "phases-submission-starts_at" in refused(
        service.edit_plan, STAFF, round_, {"phases": earlier}, now, reason="Ne grăbim."
    )
    gone = [one for one in windows() if one.kind != "information"]
    assert "phases-information-starts_at" in refused(
        service.edit_plan, STAFF, round_, {"phases": gone}, now, reason="Nu mai e."
    )
    service.edit_plan(
        STAFF, round_, {"phases": moved("results", ends_at=day(90))}, now, reason="Mai mult timp."
    )


@pytest.mark.parametrize(
    "changes",
    [
        {"name": "Alta"}, {"min_age": 18}, {"counting_rule": {"version": 1, "name": "greedy-no-skip"}},
        {"pots": [PotFacts("Mai mult", Decimal(9_000_000))]}, {"groups": [GroupFacts("Altfel", max_choices=9)]},
        {"phases": moved("voting", ends_at=day(67))}, {"publication_mode": "open"}, {"regulation": "altul"},
    ],
)  # fmt: skip
def test_once_frozen_nothing_changes(changes: dict) -> None:
    round_ = make_round()
    freeze(round_)
    assert refused(service.edit_plan, STAFF, round_, changes, DURING["voting"], reason="Totuși.")
    assert service.plan_as_data(round_)["round"]["name"] == "Ediția 2027"


# --- publishing -----------------------------------------------------------------------------------------


def test_an_empty_plan_is_not_published_and_says_everything_it_lacks() -> None:
    draft = service.create_round(STAFF, "Ediția 2027", BEFORE)
    fields = refused(service.publish_round, STAFF, draft, BEFORE)
    for field in (
        "pots",
        "groups",
        "counting_rule",
        "regulation",
        "regulation_decision",
        "phases-voting-starts_at",
    ):
        assert field in fields
    assert draft.published_at is None


def test_publishing_is_recorded_once() -> None:
    draft = make_draft()
    for _ in range(2):
        service.publish_round(STAFF, draft, BEFORE)
    assert audited("round.published") == 1
    assert [e.event for e in timeline.list_events("round", draft.id)] == ["round.published"]


def test_too_late_to_publish() -> None:
    assert "phases-information-ends_at" in refused(
        service.publish_round, STAFF, make_draft(), DURING["submission"]
    )


# --- extending ------------------------------------------------------------------------------------------


def test_an_extension_needs_a_reason_a_later_end_and_a_living_phase() -> None:
    round_ = make_round()
    now = DURING["submission"]
    assert refused(service.extend_phase, STAFF, round_, "submission", day(38), " ", now)[0] == "reason"
    assert refused(service.extend_phase, STAFF, round_, "submission", day(35), "De ce.", now) == ["ends_at"]
    assert refused(service.extend_phase, STAFF, round_, "information", day(38), "De ce.", now) == ["ends_at"]
    assert refused(service.extend_phase, STAFF, round_, "appeals", day(57), "De ce.", now) == ["ends_at"]
    assert refused(service.extend_phase, STAFF, round_, "nimic", day(57), "De ce.", now) == ["kind"]
    freeze(round_)
    assert refused(service.extend_phase, STAFF, round_, "voting", day(69), "De ce.", DURING["voting"]) == [
        "ends_at"
    ]


def test_an_extension_is_public_and_audited() -> None:
    round_ = make_round()
    service.extend_phase(STAFF, round_, "submission", day(38), "Au căzut serverele.", DURING["submission"])
    db.session.commit()
    event = timeline.list_events("round", round_.id)[-1]
    assert event.sentence.endswith("17 februarie 2027")
    assert (event.reason, event.role) == ("Au căzut serverele.", "system")
    assert audited("round.phase_extended") == 1
    assert next(p for p in round_.phases if p.kind == "submission").ends_at == day(38)


# --- freezing and adopting ------------------------------------------------------------------------------


def test_the_plan_as_data_is_whole_stable_and_json() -> None:
    category = make_category()
    round_ = make_round(groups=[GroupFacts("Verde", category_id=category.id, max_choices=2)])
    round_.tie_seed, round_.box_public_key = "7f", bytes(32)
    data = service.plan_as_data(round_)
    text = json.dumps(data, sort_keys=True)
    db.session.commit()
    db.session.expire_all()
    assert json.dumps(service.plan_as_data(round_), sort_keys=True) == text
    assert data["pots"][0]["amount"] == "3000000.00"
    assert data["eligibility"]["ages_count_on"] == "2027-03-19"
    assert data["phases"][4] == {
        "kind": "voting", "starts_at": day(56).astimezone(UTC).isoformat(),
        "ends_at": day(68).astimezone(UTC).isoformat(),
    }  # fmt: skip
    assert (data["tie_seed"], data["box_public_key"]) == ("7f", "00" * 32)
    assert data["groups"][0]["max_choices"] == 2


@pytest.mark.parametrize(
    ("change", "value"),
    [
        ("min_age", 18),
        ("area_basis", "free"),
        ("tie_seed", "80"),
        ("publication_mode", "open"),
        ("regulation", "x"),
    ],
)
def test_every_promise_is_in_the_data(change: str, value: object) -> None:
    round_ = make_round()
    before = service.plan_as_data(round_)
    setattr(round_, change, value)
    assert service.plan_as_data(round_) != before


def test_adopting_needs_results_a_number_and_a_possible_date() -> None:
    round_ = make_round()
    assert refused(service.adopt_results, STAFF, round_, "HCL 7", date(2027, 4, 1), AFTER) == ["decision"]
    freeze(round_)
    round_.closed_at = round_.results_at = DURING["results"]
    db.session.flush()
    assert refused(service.adopt_results, STAFF, round_, " ", date(2027, 4, 1), AFTER) == ["decision"]
    assert refused(service.adopt_results, STAFF, round_, "HCL 7", date(2099, 4, 1), AFTER) == [
        "decision_date"
    ]
    assert refused(service.adopt_results, STAFF, round_, "HCL 7", date(2027, 1, 1), AFTER) == [
        "decision_date"
    ]
    for _ in range(2):
        service.adopt_results(STAFF, round_, "HCL 7", date(2027, 4, 1), AFTER)
    db.session.commit()
    assert audited("round.adopted") == 1
    assert timeline.list_events("round", round_.id)[-1].sentence.endswith("HCL 7 / 01.04.2027")
    with pytest.raises(Conflict):
        service.adopt_results(STAFF, round_, "HCL 8", date(2027, 4, 2), AFTER)


# --- questions ------------------------------------------------------------------------------------------


def test_only_published_rounds_answer(app: Flask) -> None:
    draft, public = make_draft("Ciornă"), make_round("Publică")
    assert queries.find_round(draft.slug) is None
    assert queries.get_round_by_id(public.id) is public
    assert [r.id for r in queries.list_public_rounds().items] == [public.id]
    assert [r.id for r in queries.rounds_with_open_phase("voting", DURING["voting"])] == [public.id]
    assert queries.rounds_with_open_phase("voting", DURING["appeals"]) == []
    assert queries.current_round(DURING["voting"]) is public
    assert [kind for _r, kind in [(r, p.kind) for r, p in queries.list_upcoming_phases(day(55), day(57))]] == [
        "appeals", "voting",
    ]  # fmt: skip


def test_a_recorded_election_is_never_what_is_on() -> None:
    round_ = make_round("Înregistrată")
    round_.kind = "recorded"
    db.session.commit()
    assert queries.current_round(DURING["voting"]) is None
    assert queries.rounds_with_open_phase("voting", DURING["voting"]) == []
    assert queries.list_editions() == []


def test_documents_of_a_public_round_leave_only_with_a_reason() -> None:
    from civic.files.models import StoredFile
    from tests.factories import save

    stored = save(
        StoredFile(key="document/aa/bb", name="studiu.pdf", media_type="application/pdf", size=10, sha256=b"x" * 32,
                   created_at=BEFORE, public=False, alt="")
    )  # fmt: skip
    round_ = make_draft()
    assert refused(service.add_document, STAFF, round_, "poem", "", stored.id, BEFORE) == ["kind", "title"]
    document = service.add_document(STAFF, round_, "impact_study", "Studiu", stored.id, BEFORE)
    service.publish_round(STAFF, round_, BEFORE)
    db.session.commit()
    assert stored.public
    assert refused(service.remove_document, STAFF, round_, document, AFTER) == ["reason"]
    service.remove_document(STAFF, round_, document, AFTER, reason="Versiune greșită.")
    db.session.commit()
    assert not stored.public
    assert round_.documents == []
    assert timeline.list_events("round", round_.id)[-1].reason == "Versiune greșită."


def test_a_programme_narrows_who_takes_part() -> None:
    assert refused(service.create_programme, STAFF, " ", BEFORE) == ["name"]
    assert refused(service.create_programme, STAFF, "Tineri", BEFORE, min_age=18, max_age=14) == ["max_age"]
    programme = service.create_programme(STAFF, "Tineri", BEFORE, min_age=14, max_age=18)
    draft = make_draft(programme_id=programme.id)
    plan = queries.plan_facts(draft)
    assert (plan.everyones_ages.least, plan.everyones_ages.most) == (16, 18)
    assert refused(service.edit_plan, STAFF, draft, {"min_age": 19}, BEFORE) == ["max_age"]


def test_person_facts_of_nobody() -> None:
    assert queries.person_facts(None) is None
    person = SimpleNamespace(
        birth_date=date(1990, 1, 1), area_basis="work", neighbourhood_id=None, proof="desk"
    )
    assert queries.person_facts(person).area_basis == "work"  # type: ignore[arg-type, union-attr]


def test_a_neighbourhoods_money(app: Flask) -> None:
    area = make_neighbourhood()
    round_ = make_round(pots=[PotFacts("Tei", Decimal(500_000), area.id)], groups=[GroupFacts("Tei")])
    assert [(r.id, p.name) for r, p in queries.list_pots_of_area(area.id, DURING["voting"])] == [
        (round_.id, "Tei")
    ]
    assert queries.list_pots_of_area(area.id, AFTER + timedelta(days=1)) == []

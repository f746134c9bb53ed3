"""The departments' analysis and appeals, from taking in hand to the board's decision."""

import threading
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from civic import clock, timeline
from civic.accounts.models import Account
from civic.clock import city_date, city_moment
from civic.errors import Conflict
from civic.extensions import db
from civic.outbox import OutboxMessage
from civic.places.models import Department
from civic.unit_of_work import unit_of_work
from proposals.evaluation import queries, service
from proposals.evaluation.models import Appeal, Evaluation, RejectionReason
from proposals.evaluation.service import Answer
from proposals.models import Proposal
from proposals.rules import State
from tests.factories import NOON, make_account, make_department, save
from tests.integration.proposals.makers import actor_of, make_proposal, make_round
from tests.pageclient import PageClient

GOOD = {f"{aspect}_verdict": "ok" for aspect in ("legal", "technical", "cost", "land", "running_cost")}
ELIGIBLE = {**GOOD, "result": "eligible", "estimate": "150.000"}
REJECTED = {
    **GOOD,
    "land_verdict": "problem",
    "result": "rejected",
    "reasons": "land",
    "text": "Teren în litigiu.",
}


def state_of(proposal: Proposal) -> str:
    return db.session.get(Proposal, proposal.id).state


def in_analysis(*departments: Department, **values: Any) -> tuple[Proposal, list[Evaluation]]:
    """A proposal that the departments have in hand."""
    proposal = make_proposal(State.IN_ANALYSIS, **values)
    parts = [
        save(
            Evaluation(
                proposal_id=proposal.id,
                department_id=one.id,
                assigned_at=NOON,
                due_at=clock.now() + timedelta(days=3),
            )
        )
        for one in departments
    ]
    return proposal, parts


def rejected(author: Account | None = None, **values: Any) -> tuple[Proposal, Account]:
    """A proposal that a department rejected just now; and who did."""
    department = make_department()
    evaluator = make_account("evaluator", department=department)
    proposal, [part] = in_analysis(department, author=author, **values)
    with unit_of_work():
        service.answer(
            actor_of(evaluator),
            part.id,
            Answer("rejected", "Teren în litigiu.", reason_codes=("land",)),
            clock.now(),
        )
    return proposal, evaluator


# --- taking into analysis --------------------------------------------------------------------------------------


@pytest.mark.parametrize("role", ["moderator", "auditor", "administrator", "clerk"])
def test_only_council_staff_take_into_analysis(client: PageClient, role: str) -> None:
    client.sign_in(make_account(role))
    client.get("evaluation.take_list", expect=403)
    client.post("evaluation.take", {}, expect=403)


def test_taking_needs_a_department(client: PageClient) -> None:
    proposal = make_proposal()
    client.sign_in(make_account("staff"))
    page = client.follow(client.post("evaluation.take", {"ids": str(proposal.id)}))
    assert "Alege cel puțin o direcție." in page.main_text
    assert state_of(proposal) == State.PUBLISHED


def test_the_rounds_calendar_is_obeyed(client: PageClient) -> None:
    voting = make_proposal(round_id=make_round("voting", now=clock.now()).id)
    client.sign_in(make_account("staff"))
    page = client.follow(
        client.post("evaluation.take", {"ids": str(voting.id), "departments": str(make_department().id)})
    )
    assert "Calendarul ediției nu permite acest pas acum." in page.main_text
    assert state_of(voting) == State.PUBLISHED


def test_several_are_handed_over_each_with_its_deadline(client: PageClient) -> None:
    edition = make_round("analysis", now=clock.now())
    one, two = (make_proposal(round_id=edition.id) for _ in range(2))
    departments = [make_department(), make_department()]
    client.sign_in(make_account("staff"))
    page = client.get("evaluation.take_list", round=edition.id)
    assert one.title in page.main_text
    client.post(
        "evaluation.take",
        {"ids": [str(one.id), str(two.id)], "departments": [str(d.id) for d in departments]},
        round=edition.id,
    )
    assert (state_of(one), state_of(two)) == (State.IN_ANALYSIS, State.IN_ANALYSIS)
    parts = queries.list_evaluations(one.id)
    assert {part.department_id for part in parts} == {d.id for d in departments}
    assert all(clock.is_working_day(clock.city_date(part.due_at)) for part in parts)


# --- answering ---------------------------------------------------------------------------------------------------


def test_another_departments_evaluator_neither_sees_nor_answers(client: PageClient) -> None:
    proposal, [part] = in_analysis(make_department())
    client.sign_in(make_account("evaluator", department=make_department()))
    assert proposal.title not in client.get("evaluation.queue").main_text
    client.get("evaluation.queue_show", evaluation_id=part.id, expect=404)
    client.post("evaluation.queue_answer", ELIGIBLE, evaluation_id=part.id, expect=404)
    assert state_of(proposal) == State.IN_ANALYSIS


@pytest.mark.parametrize("role", ["staff", "auditor"])
def test_who_oversees_reads_and_does_not_answer(client: PageClient, role: str) -> None:
    _proposal, [part] = in_analysis(make_department())
    client.sign_in(make_account(role))
    assert "doar evaluatorii" in client.get("evaluation.queue_show", evaluation_id=part.id).main_text
    client.post("evaluation.queue_answer", ELIGIBLE, evaluation_id=part.id, expect=403)


def test_nobody_analyses_their_own_proposal(client: PageClient) -> None:
    department = make_department()
    evaluator = make_account("evaluator", department=department)
    _proposal, [part] = in_analysis(department, author=evaluator)
    client.sign_in(evaluator)
    page = client.post("evaluation.queue_answer", ELIGIBLE, evaluation_id=part.id, expect=403)
    assert "o analizează un coleg" in page.main_text


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"result": ""}, "Alege rezultatul."),
        ({"legal_verdict": ""}, "Alege un verdict."),
        ({"estimate": ""}, "Scrie estimarea oficială"),
        ({"estimate": "mult"}, "Nu am putut citi suma"),
        ({"result": "rejected"}, "cel puțin un motiv"),
        ({"result": "rejected", "reasons": "land"}, "Explică respingerea"),
    ],
)
def test_an_incomplete_answer_comes_back_with_its_text(
    client: PageClient, changes: dict[str, str], sentence: str
) -> None:
    department = make_department()
    proposal, [part] = in_analysis(department)
    client.sign_in(make_account("evaluator", department=department))
    data = {**ELIGIBLE, "legal_text": "Observația mea", **changes}
    page = client.post("evaluation.queue_answer", data, evaluation_id=part.id, expect=422)
    assert sentence in page.main_text
    assert "Observația mea" in page.html
    assert state_of(proposal) == State.IN_ANALYSIS


def test_the_last_answer_settles_it_at_the_highest_estimate(client: PageClient) -> None:
    departments = [make_department(), make_department()]
    proposal, parts = in_analysis(*departments)
    for department, part, estimate in zip(departments, parts, ("150.000", "175.000,50"), strict=True):
        assert state_of(proposal) == State.IN_ANALYSIS
        client.sign_in(make_account("evaluator", department=department))
        client.post("evaluation.queue_answer", {**ELIGIBLE, "estimate": estimate}, evaluation_id=part.id)
    stored = db.session.get(Proposal, proposal.id)
    assert (stored.state, stored.official_cost) == (State.ELIGIBLE, Decimal("175000.50"))
    client.sign_out()
    page = client.get("proposals.show", proposal_id=proposal.id)
    assert "Eligibilă" in page.main_text
    assert departments[0].name in page.main_text


def test_an_answer_stays_unpublished_until_the_result(client: PageClient) -> None:
    departments = [make_department(), make_department()]
    proposal, parts = in_analysis(*departments)
    client.sign_in(make_account("evaluator", department=departments[0]))
    client.post("evaluation.queue_answer", REJECTED, evaluation_id=parts[0].id)
    client.post("evaluation.queue_answer", ELIGIBLE, evaluation_id=parts[0].id, expect=403)
    client.sign_out()
    assert "Teren în litigiu." not in client.get("proposals.show", proposal_id=proposal.id).main_text


def test_one_rejection_rejects_with_its_reasons_published_and_told(client: PageClient) -> None:
    proposal, _evaluator = rejected()
    client.sign_out()
    page = client.get("proposals.show", proposal_id=proposal.id)
    assert "Terenul nu este public sau este în litigiu" in page.main_text
    assert "Teren în litigiu." in page.main_text
    assert "Autorul poate contesta respingerea." in page.main_text
    assert "Teren în litigiu." in db.session.scalar(select(OutboxMessage.body))
    assert timeline.list_events("proposal", proposal.id)[-1].role == "evaluator"


# --- appeals -----------------------------------------------------------------------------------------------------


def test_only_the_author_contests(client: PageClient) -> None:
    proposal, _evaluator = rejected()
    client.sign_in(make_account())
    page = client.post("evaluation.appeal_file", {"text": "Nu e drept"}, proposal_id=proposal.id, expect=403)
    assert "Numai autorul poate contesta" in page.main_text


def test_in_a_round_a_rejection_is_contested_in_its_phase(client: PageClient) -> None:
    author = make_account()
    edition = make_round("analysis", now=clock.now())
    proposal, _evaluator = rejected(author, round_id=edition.id)
    client.sign_in(author)
    page = client.get("evaluation.appeal", proposal_id=proposal.id, expect=403)
    assert "în etapa de contestații" in page.main_text
    edition.phases[0].kind = "appeals"
    db.session.commit()
    client.post("evaluation.appeal_file", {"text": "Terenul e public."}, proposal_id=proposal.id)
    assert state_of(proposal) == State.CONTESTED


def test_without_a_round_the_window_is_a_week(client: PageClient) -> None:
    author = make_account()
    late, _evaluator = rejected(author)
    week = [city_date(late.state_since) + timedelta(days=day) for day in (7, 8)]
    assert city_moment(week[1]) == late.appeal_until, "the seventh day is whole"
    client.sign_in(author)
    client.get("evaluation.appeal", proposal_id=late.id)
    late.appeal_until = clock.now() - timedelta(minutes=1)
    db.session.commit()
    page = client.post("evaluation.appeal_file", {"text": "Nu"}, proposal_id=late.id, expect=403)
    assert "Termenul de contestare a acestei respingeri a trecut." in page.main_text


def test_an_empty_appeal_comes_back(client: PageClient) -> None:
    author = make_account()
    proposal, _evaluator = rejected(author)
    client.sign_in(author)
    page = client.post("evaluation.appeal_file", {"text": " "}, proposal_id=proposal.id, expect=422)
    assert "Spune de ce crezi că respingerea este greșită." in page.main_text


def filed() -> tuple[Proposal, Appeal, Account, Account]:
    """A contested proposal, its appeal, author and the evaluator who rejected it."""
    author = make_account()
    proposal, evaluator = rejected(author)
    with unit_of_work():
        appeal = service.file_appeal(actor_of(author), proposal.id, "Terenul e public.", clock.now())
    return proposal, appeal, author, evaluator


def test_the_database_keeps_one_open_appeal(client: PageClient) -> None:
    proposal, appeal, author, _evaluator = filed()
    with pytest.raises(IntegrityError), db.session.begin_nested():
        db.session.add(
            Appeal(proposal_id=proposal.id, text="x", filed_at=NOON, filed_by_id=author.id, due_at=NOON)
        )
    assert queries.count_appeals(proposal.id) == 1
    assert appeal.decided_at is None


def test_who_analysed_does_not_decide_even_with_the_role(client: PageClient) -> None:
    department = make_department()
    both = make_account("evaluator", "staff", department=department)
    author = make_account()
    proposal, [part] = in_analysis(department, author=author)
    client.sign_in(both)
    client.post("evaluation.queue_answer", REJECTED, evaluation_id=part.id)
    with unit_of_work():
        appeal = service.file_appeal(actor_of(author), proposal.id, "Nu e drept.", clock.now())
    assert "o decid alții" in client.get("evaluation.appeals").main_text
    decision = {"outcome": "dismissed", "reason": "Așa rămâne."}
    page = client.post("evaluation.appeal_decide", decision, appeal_id=appeal.id, expect=403)
    assert "o decid alții" in page.main_text
    assert state_of(proposal) == State.CONTESTED


@pytest.mark.parametrize("role", ["moderator", "auditor", "administrator"])
def test_only_the_board_decides(client: PageClient, role: str) -> None:
    _proposal, appeal, _author, _evaluator = filed()
    client.sign_in(make_account(role))
    client.post(
        "evaluation.appeal_decide", {"outcome": "upheld", "reason": "x"}, appeal_id=appeal.id, expect=403
    )


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        ({"outcome": "upheld"}, "Scrie motivarea"),
        ({"reason": "Da"}, "Alege soluția."),
        ({"outcome": "upheld", "reason": "Da"}, "Scrie estimarea oficială"),
    ],
)
def test_an_unreasoned_decision_is_refused(client: PageClient, data: dict[str, str], sentence: str) -> None:
    proposal, appeal, _author, _evaluator = filed()
    client.sign_in(make_account("staff"))
    page = client.post("evaluation.appeal_decide", data, appeal_id=appeal.id, expect=422)
    assert sentence in page.main_text
    assert state_of(proposal) == State.CONTESTED


@pytest.mark.parametrize(("outcome", "state"), [("upheld", State.ELIGIBLE), ("dismissed", State.REJECTED)])
def test_the_decision_is_reasoned_public_and_final(client: PageClient, outcome: str, state: str) -> None:
    proposal, appeal, author, _evaluator = filed()
    client.sign_in(make_account("staff"))
    data = {"outcome": outcome, "reason": "Am verificat cartea funciară.", "estimate": "99.000"}
    client.post("evaluation.appeal_decide", data, appeal_id=appeal.id)
    client.post("evaluation.appeal_decide", data, appeal_id=appeal.id, expect=403)
    assert state_of(proposal) == state
    client.sign_in(author)
    page = client.get("proposals.show", proposal_id=proposal.id)
    assert "Am verificat cartea funciară." in page.main_text
    page = client.post("evaluation.appeal_file", {"text": "Încă o dată"}, proposal_id=proposal.id, expect=403)
    assert state == State.ELIGIBLE or "Decizia este definitivă aici" in page.main_text


# --- the catalogue, and what others call -----------------------------------------------------------------------


def test_staff_extend_the_catalogue(client: PageClient) -> None:
    client.sign_in(make_account("staff"))
    texts = {"name_ro": "Zonă de protecție", "name_en": "Protected area", "code": "protected_area"}
    client.post("evaluation.reason_add", texts)
    assert "Zonă de protecție" in client.get("evaluation.reasons").main_text
    assert "acest cod" in client.post("evaluation.reason_add", texts, expect=422).main_text
    client.post("evaluation.reason_add", {**texts, "code": "Cod Greșit"}, expect=422)
    reason = db.session.scalar(select(RejectionReason).where(RejectionReason.code == "protected_area"))
    client.post("evaluation.reason_switch", reason_id=reason.id)
    assert "protected_area" not in {one.code for one in queries.list_reasons()}


def test_two_departments_answering_at_once_settle_it_once(real_app: Flask) -> None:
    with real_app.app_context():
        departments = [make_department(), make_department()]
        proposal, parts = in_analysis(*departments)
        evaluators = [make_account("evaluator", department=one).as_actor() for one in departments]
        proposal_id, part_ids = proposal.id, [part.id for part in parts]
    together = threading.Barrier(2)

    def answer(number: int) -> None:
        with real_app.app_context():
            together.wait()
            with unit_of_work():
                service.answer(
                    evaluators[number], part_ids[number], Answer("eligible", estimate=Decimal(5)), NOON
                )

    threads = [threading.Thread(target=answer, args=(number,)) for number in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with real_app.app_context():
        assert db.session.get(Proposal, proposal_id).state == State.ELIGIBLE
        events = [one.event for one in timeline.list_events("proposal", proposal_id)]
        assert events == ["proposal.found_eligible"]


@pytest.mark.parametrize("language", ["ro", "en"])
def test_staff_pages_speak_one_language(client: PageClient, language: str) -> None:
    department = make_department()
    _waiting, [part] = in_analysis(department)
    make_proposal()
    proposal, appeal, author, evaluator = filed()
    client.speak(language)
    client.sign_in(make_account("staff"))
    client.get("evaluation.take_list")
    client.get("evaluation.reasons")
    for state in ("", "decided"):
        client.get("evaluation.appeals", state=state)
    client.get("evaluation.appeal_show", appeal_id=appeal.id)
    client.sign_in(evaluator)
    client.get("evaluation.queue", state="answered")
    client.sign_in(make_account("evaluator", department=department))
    client.get("evaluation.queue")
    client.get("evaluation.queue_show", evaluation_id=part.id)
    client.sign_in(author)
    client.get("proposals.show", proposal_id=proposal.id)
    again, _evaluator = rejected(author)
    client.get("evaluation.appeal", proposal_id=again.id)


def test_what_is_not_eligible_is_not_admitted(app: Flask) -> None:
    from proposals.service import mark_admitted

    with pytest.raises(Conflict):
        mark_admitted(make_proposal(), actor_of(make_account("staff")), NOON)

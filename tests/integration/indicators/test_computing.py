"""Each computation against a case counted by hand, and what a night leaves behind."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from flask import Flask

from civic import links
from civic.accounts.describing.models import SelfDescription
from civic.accounts.models import Account
from civic.clock import city_date
from civic.decisions.models import CouncilDecision
from civic.extensions import db
from civic.indicators import jobs, queries, registry, service
from civic.indicators.models import Indicator, IndicatorValue
from civic.indicators.own import inhabitants
from civic.indicators.periods import Period, Span, month_of, span_until, year_of
from civic.indicators.registry import Figure
from civic.notifications.models import Follow
from civic.population.models import PopulationFigure
from civic.tracker.models import Delivery
from consultations.agora.arguing.models import AgoraParticipant
from proposals.comments.models import Comment
from proposals.evaluation.models import Appeal, Evaluation
from tests.consultations_support import make_consultation
from tests.factories import NOON, make_department, make_neighbourhood, make_resident, save
from tests.integration.consultations.agorakit import make_debate
from tests.integration.consultations.registerkit import make_entry, published
from tests.integration.proposals.makers import make_proposal

MAY, APRIL, YEAR = month_of(date(2026, 5, 1)), month_of(date(2026, 4, 1)), year_of(2026)
#: Noon of the second of June, when May is over.
NOW = datetime(2026, 6, 2, 9, tzinfo=UTC)


def ask(code: str, period: Period = MAY, through: date = date(2026, 6, 1)) -> Figure:
    """What a computation says of a period up to a day."""
    known = registry.find_computed(code)
    span = span_until(period, through)
    assert known is not None
    assert known.compute is not None
    assert span is not None
    return known.compute(span)


def residents(number: int, population: int | None = 200) -> list[Account]:
    """Verified in May, in a neighbourhood with so many people."""
    area = make_neighbourhood(population=population)
    return [make_resident(area) for _one in range(number)]


def test_users_and_participants_are_counted_once_each(app: Flask) -> None:
    """Twelve verified in May; ten of them comment, one of them three times; one who is not verified does too."""
    people = residents(12)
    proposal = make_proposal(author=people[0], now=NOON)
    for number, one in enumerate([*people[:10], people[0], people[0]]):
        db.session.add(
            Comment(proposal_id=proposal.id, author_id=one.id, body=f"Da {number}", created_at=NOON)
        )
    stranger = make_resident()
    stranger.person_id = None
    db.session.add(Comment(proposal_id=proposal.id, author_id=stranger.id, body="Nu", created_at=NOON))
    db.session.commit()
    # the stranger was verified in May too, before the account let go of the person
    assert ask("K1-people").value == 13
    assert ask("K8-people") == Figure(Decimal(10))
    assert ask("K8-people", APRIL).value == 0
    # one neighbourhood has no population, so there is no whole to take a share of
    assert ask("K8").missing == "no_data"


def test_a_share_of_the_inhabitants(app: Flask) -> None:
    people = residents(12)
    for one in people:
        make_proposal(author=one, neighbourhood=make_neighbourhood(population=100), now=NOON)
    assert ask("K8") == Figure(Decimal("0.86"), 12, 1400)
    assert ask("K1") == Figure(Decimal("0.86"), 12, 1400)


def test_a_few_people_are_not_told(app: Flask) -> None:
    for one in residents(9):
        make_proposal(author=one, neighbourhood=make_neighbourhood(population=100), now=NOON)
    assert ask("K8-people").missing == "too_few"
    assert ask("K8").missing == "too_few"
    assert ask("K8").part is None


def test_growth_compares_the_same_days_of_two_years(app: Flask) -> None:
    area = make_neighbourhood(population=500)
    for _one in range(10):
        make_resident(area, verified_at=datetime(2025, 5, 3, tzinfo=UTC))
        # after the same number of days of the earlier year: not compared with
        make_resident(area, verified_at=datetime(2025, 11, 3, tzinfo=UTC))
    for _one in range(15):
        make_resident(area, verified_at=datetime(2026, 5, 3, tzinfo=UTC))
    assert ask("K1-growth", YEAR) == Figure(Decimal(50), 15, 10)
    assert ask("K1-growth", APRIL).missing == "no_data"


def test_the_monitoring_is_used_by_those_who_follow(app: Flask) -> None:
    for number, one in enumerate(residents(11, 110)):
        for kind in ("delivery", "decision"):
            db.session.add(Follow(account_id=one.id, subject_kind=kind, subject_id=number, since=NOON))
        db.session.add(Follow(account_id=one.id, subject_kind="proposal", subject_id=1, since=NOON))
    db.session.commit()
    assert ask("K2") == Figure(Decimal(10), 11, 110)
    assert ask("K2", APRIL).value == 0


def test_what_comes_online_is_a_part_of_everything(app: Flask) -> None:
    one = make_consultation()
    for number, channel in enumerate(("form", "form", "desk")):
        make_entry(one, channel=channel, body=f"Text {number}", now=NOON)
    assert ask("K3") == Figure(Decimal("66.67"), 2, 3)
    assert ask("K3", APRIL).missing == "no_data"


def _delivery(**values: object) -> Delivery:
    return save(
        Delivery(title="Parc", status_since=NOON, created_at=NOON, changed_at=NOON, **values)  # type: ignore[arg-type]
    )


def test_works_in_time_and_within_their_budget(app: Flask) -> None:
    """Due in May: one given up, one listed twice, one finished on no day that is known; of the other three one in time."""
    due = {"planned_end": date(2026, 5, 20)}
    first = _delivery(**due, status="received", done_on=date(2026, 5, 20), budget=100, spent=100)
    _delivery(**due, status="completed", done_on=date(2026, 5, 21), budget=100, spent=101)
    _delivery(**due, status="in_execution")
    _delivery(**due, status="cancelled", status_reason="Nu se mai face.")
    _delivery(**due, status="received", done_on=date(2026, 5, 20), same_as_id=first.id)
    _delivery(**due, status="received")
    assert ask("K9") == Figure(Decimal("33.33"), 1, 3)
    assert ask("K9-cost") == Figure(Decimal(50), 1, 2)
    assert ask("K9", APRIL).missing == "no_data"


def test_debates_held_are_those_that_ended(app: Flask) -> None:
    vulnerable = make_neighbourhood(vulnerable=True)
    for state in ("open", "hidden"):
        make_debate(state, neighbourhood_id=vulnerable.id)
    make_debate("closing", neighbourhood_id=vulnerable.id)
    make_debate("closing", about_vulnerable=True)
    ended = make_debate("closing").closes_at
    assert ended is not None
    day = city_date(ended)
    assert ask("K4", month_of(day), day).value == 3
    assert ask("K4-disadvantaged", month_of(day), day).value == 2


def test_acts_adopted_and_organisations_that_took_part(app: Flask) -> None:
    make_consultation("adopted", now=NOON, act_number="HCL 1/2026")
    make_consultation("rejected", now=NOON)
    make_consultation(now=NOON, about_minority=True)
    assert ask("K4-decisions").value == 1
    assert ask("K5-minorities").value == 1
    assert ask("K5").value == 0
    assert ask("K5-taken-up").value == 0
    assert ask("K5-decisions").value == 0


def test_decisions_marked_for_minorities_count_once(app: Flask) -> None:
    """Three are marked: one of the month, one from a consultation that counts itself, one still being written."""
    after = make_consultation("adopted", now=NOON, act_number="HCL 1/2026", about_minority=True)
    made = [
        save(
            CouncilDecision(
                number=str(number), year=2026, adopted_on=city_date(NOON), citation="", relation="", state=state,
                about_minority=marked, changed_at=NOON,
            )
        )
        for number, state, marked in (
            (1, "published", True), (2, "published", True), (3, "draft", True), (4, "published", False),
        )
    ]  # fmt: skip
    links.connect("consultation", after.id, "decision", made[0].id)
    assert ask("K5-decisions").value == 2


def test_the_mean_time_to_answer_a_contribution(app: Flask) -> None:
    """One after two days, one after five: three and a half; one has no answer yet."""
    one = make_consultation()
    entries = [make_entry(one, body=f"Text {number}", now=NOON) for number in range(3)]
    for entry, days in zip(entries, (2, 5), strict=False):
        published(entry, now=NOON + timedelta(days=days))
    assert ask("K7-contributions") == Figure(Decimal("3.5"), of=2)
    assert ask("K7-contributions", APRIL).missing == "no_data"


def test_the_mean_time_of_an_analysis_and_of_an_appeal(app: Flask) -> None:
    author, board = make_resident(), make_resident()
    proposal = make_proposal(author=author, now=NOON)
    for days in (1, 4):
        save(
            Evaluation(
                proposal_id=proposal.id, department_id=make_department().id, assigned_at=NOON, due_at=NOON,
                answered_at=NOON + timedelta(days=days), evaluator_id=board.id, result="eligible",
            )
        )  # fmt: skip
    save(
        Appeal(
            proposal_id=proposal.id, text="Nu e drept.", filed_at=NOON, filed_by_id=author.id, due_at=NOON,
            decided_at=NOON + timedelta(hours=36), decided_by_id=board.id, outcome="upheld", reason="Așa este.",
        )
    )  # fmt: skip
    assert ask("K7-analysis") == Figure(Decimal("2.5"), of=2)
    assert ask("K7-appeals") == Figure(Decimal("1.5"), of=1)


def test_projects_submitted_are_no_drafts(app: Flask) -> None:
    vulnerable = make_neighbourhood(vulnerable=True)
    for state in ("draft", "published", "rejected"):
        make_proposal(state, neighbourhood=vulnerable, now=NOON)
    make_proposal(now=NOON)
    make_proposal(now=NOON - timedelta(days=40))
    assert ask("B7-submitted").value == 3
    assert ask("B7-submitted-vulnerable").value == 2
    assert ask("B7-submitted", YEAR).value == 4


@pytest.mark.parametrize(("young", "told"), [(9, None), (10, 10)])
def test_projects_of_minors_are_told_from_ten_on(app: Flask, young: int, told: int | None) -> None:
    """Eighteen on the day itself is no minor any more."""
    area = make_neighbourhood()
    for number in range(young + 11):
        born = date(2008, 5, 13) if number < young else date(2008, 5, 12)
        make_proposal(author=make_resident(area, birth_date=born), neighbourhood=area, now=NOON)
    figure = ask("B7-submitted-minors", YEAR)
    assert figure.value == told
    assert figure.missing == ("" if told else "too_few")


def test_many_projects_of_few_people_are_not_told(app: Flask) -> None:
    area = make_neighbourhood()
    few = [make_resident(area, birth_date=date(2010, 5, 13)) for _number in range(3)]
    for number in range(24):
        author = few[number % 3] if number < 12 else make_resident(area)
        make_proposal(author=author, neighbourhood=area, now=NOON)
    assert ask("B7-submitted-minors", YEAR).missing == "too_few"


@pytest.mark.parametrize(("women", "told"), [(9, None), (10, 10)])
def test_projects_of_women_are_those_whose_authors_say_so(app: Flask, women: int, told: int | None) -> None:
    area = make_neighbourhood()
    for number in range(women + 11):
        author = make_resident(area)
        make_proposal(author=author, neighbourhood=area, now=NOON)
        if number < women + 2:  # one who says another thing, one who says her age alone
            gender = "woman" if number < women else ("another" if number == women else None)
            db.session.add(
                SelfDescription(account_id=author.id, gender=gender, age_band="25-34", given_at=NOON)
            )
    db.session.commit()
    assert ask("B7-submitted-women", YEAR).value == told
    assert ask("B7-submitted-women", YEAR).missing == ("" if told else "too_few")
    assert ask("B7-funded-women", YEAR).value == 0


def test_a_share_is_of_the_inhabitants_of_its_year(app: Flask) -> None:
    for number, one in enumerate(residents(12, population=None)):
        db.session.add(Follow(account_id=one.id, subject_kind="budget_line", subject_id=number, since=NOON))
    for year, many in ((2024, 600), (2026, 1200), (2027, 9999)):
        db.session.add(
            PopulationFigure(
                year=year, age_from=0, age_to=None, inhabitants=many, changed_at=NOON,
                source_reference="", note="",
            )
        )  # fmt: skip
    db.session.commit()
    assert ask("K1") == Figure(Decimal(1), 12, 1200)
    assert ask("K2") == Figure(Decimal(1), 12, 1200)
    assert inhabitants(2025) == 600
    assert inhabitants(2020) == 9999, "without figures of that time, those there are"


def test_people_of_an_imported_election_use_nothing(app: Flask) -> None:
    area = make_neighbourhood(population=100)
    for _one in range(12):
        make_resident(area, method="recorded", identity_hash=None)
    assert ask("K1-people").value == 0


def test_pseudonyms_of_one_person_in_two_debates_are_one_participant(app: Flask) -> None:
    people = residents(10)
    for debate in (make_debate(), make_debate()):
        for one in people:
            db.session.add(AgoraParticipant(debate_id=debate.id, account_id=one.id, joined_at=NOON))
    db.session.commit()
    assert ask("K8-people").value == 10


# --- the night ----------------------------------------------------------------------------------------------


@pytest.fixture
def counted(app: Flask, monkeypatch: pytest.MonkeyPatch) -> Callable[[int], None]:
    """A catalogue of one indicator that says a number, and an account as old as the year."""
    residents(1)[0].created_at = datetime(2026, 4, 1, tzinfo=UTC)
    db.session.commit()
    said = {"number": 1}

    def compute(_span: Span) -> Figure:
        return registry.count(said["number"])

    one = registry.Computed("T1", "T", "T", "T", "number", compute, version=3)
    monkeypatch.setattr(registry, "_KNOWN", {"T1": one})
    return lambda number: said.update(number=number)


def stored(period: Period) -> list[IndicatorValue]:
    return (
        db.session.query(IndicatorValue)
        .filter_by(period_kind=period.kind, first_day=period.first)
        .order_by(IndicatorValue.id)
        .all()
    )


def test_a_night_twice_writes_once(app: Flask, counted: Callable[[int], None]) -> None:
    jobs.compute(NOW)
    first = [
        (one.id, one.recorded_at) for one in db.session.query(IndicatorValue).order_by(IndicatorValue.id)
    ]
    jobs.compute(NOW + timedelta(hours=1))
    again = [
        (one.id, one.recorded_at) for one in db.session.query(IndicatorValue).order_by(IndicatorValue.id)
    ]
    assert again == first
    assert {(one.period_kind, one.first_day.month) for one in db.session.query(IndicatorValue)} == {
        ("month", 4), ("month", 5), ("month", 6), ("year", 1),
    }  # fmt: skip
    assert stored(MAY)[0].method_version == 3


def test_what_is_over_stays_and_what_runs_moves(app: Flask, counted: Callable[[int], None]) -> None:
    jobs.compute(NOW)
    counted(7)
    jobs.compute(NOW + timedelta(days=1))
    june = month_of(date(2026, 6, 1))
    assert [one.value for one in stored(MAY)] == [1]
    assert [(one.value, one.through_day) for one in stored(june)] == [(7, date(2026, 6, 2))]
    assert [one.value for one in stored(YEAR)] == [7]


def test_the_first_night_after_a_month_settles_it(app: Flask, counted: Callable[[int], None]) -> None:
    """Just after midnight in the city it is still the evening before in UTC."""
    jobs.compute(datetime(2026, 5, 31, 20, 59, tzinfo=UTC))
    assert stored(MAY)[0].through_day == date(2026, 5, 30)
    counted(2)
    jobs.compute(datetime(2026, 5, 31, 21, 1, tzinfo=UTC))
    assert [(one.value, one.through_day) for one in stored(MAY)] == [(2, date(2026, 5, 31))]


def test_one_that_fails_takes_no_other_with_it(
    app: Flask, counted: Callable[[int], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(_span: Span) -> Figure:
        db.session.execute(db.text("SELECT 1 / 0"))
        raise AssertionError

    bad = registry.Computed("A0", "A", "A", "A", "number", broken, position=1)
    monkeypatch.setitem(registry._KNOWN, "A0", bad)
    jobs.compute(NOW)
    assert stored(MAY)[0].value == 1
    assert db.session.query(Indicator).filter_by(code="A0").count() == 0


def test_nothing_known_is_tried_again_when_data_comes_later(app: Flask) -> None:
    residents(1)[0].created_at = datetime(2026, 4, 1, tzinfo=UTC)
    db.session.commit()
    assert service.compute("K9", NOW)
    row = db.session.query(Indicator).filter_by(code="K9").one()
    before = queries.current_row(row.id, MAY)
    assert before is not None
    assert before.missing == "no_data"
    _delivery(planned_end=date(2026, 5, 20), status="received", done_on=date(2026, 5, 20))
    service.compute("K9", NOW)
    assert [(one.value, one.part, one.of) for one in stored(MAY)] == [(100, 1, 1)]


def test_an_empty_installation_computes_nothing(app: Flask) -> None:
    jobs.compute(NOW)
    assert db.session.query(IndicatorValue).count() == 0

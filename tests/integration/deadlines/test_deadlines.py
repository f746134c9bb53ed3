"""Deadlines as data: who changes them, what a change touches, what people read."""

from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from civic import clock
from civic.accounts.models import Account
from civic.actor import SYSTEM
from civic.audit import AuditRecord
from civic.deadlines import known_deadlines, queries, service
from civic.deadlines.models import DeadlineVersion
from civic.errors import NotAllowed
from civic.extensions import db
from civic.moderation import service as moderation
from civic.moderation.models import ModerationCase
from civic.moderation.rules import Why
from proposals.rules import State
from tests.factories import make_account, make_department
from tests.integration.proposals.makers import make_proposal
from tests.pageclient import PageClient

KEY = "analysis.answer"
OF_CASES = "moderation.new"


@pytest.fixture
def staff(client: PageClient) -> Account:
    account = make_account("staff", display_name="Ana Pop")
    client.sign_in(account)
    return account


def terms(**changes: Any) -> dict[str, Any]:
    return {
        "seen": "1", "days": "3", "unit": "working", "basis": "law", "source_ro": "Legii nr. 1/2026, art. 2",
        "source_en": "Law 1/2026, art. 2", "reason": "S-a schimbat legea.", **changes,
    }  # fmt: skip


def open_case() -> ModerationCase:
    proposal = make_proposal(State.SUBMITTED)
    case = moderation.open_case("proposal", proposal.id, Why.NEW, clock.now())
    db.session.commit()
    return case


def events(name: str) -> list[AuditRecord]:
    return list(db.session.scalars(select(AuditRecord).where(AuditRecord.event == name)))


# --- refusals ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("role", ["auditor", "moderator", "evaluator", "clerk"])
def test_others_of_the_staff_read_and_find_no_form(client: PageClient, role: str) -> None:
    client.sign_in(make_account(role, department=make_department()))
    client.get("deadlines.index")
    page = client.get("deadlines.show", key=KEY)
    assert "Termenele le schimbă doar personalul primăriei" in page.main_text
    assert not [form for form in page.all("form") if "/staff/deadlines" in form.get("action", "")]
    client.post("deadlines.change", terms(), key=KEY, expect=403)
    client.post("deadlines.verified", {"jurist": "X", "on": "01.05.2026"}, key=KEY, expect=403)


def test_the_service_refuses_whoever_calls_it(client: PageClient) -> None:
    with pytest.raises(NotAllowed):
        service.change(SYSTEM, KEY, 1, service.Terms(1, "working", "law", "a", "b"), "x", clock.now())


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"days": "0"}, "de la 1 la 400"),
        ({"days": "401"}, "de la 1 la 400"),
        ({"days": "două"}, "număr întreg"),
        ({"days": ""}, "de la 1 la 400"),
        ({"unit": "luni"}, "Alege una dintre variante"),
        ({"source_ro": " "}, "Scrie sursa."),
        ({"source_en": "x" * 201}, "cel mult 200"),
        ({"reason": ""}, "Scrie de ce se schimbă"),
        (
            {"days": "10", "basis": "house", "source_ro": "regulilor proprii ale primăriei",
             "source_en": "the city hall's own rules"},
            "Nimic nu diferă",
        ),
    ],
)  # fmt: skip
def test_mistakes_are_told_and_what_was_typed_stays(
    client: PageClient, staff: Account, change: dict[str, str], said: str
) -> None:
    page = client.post("deadlines.change", terms(**{"reason": "Fiindcă", **change}), key=KEY, expect=422)
    assert said in page.main_text
    kept = page.form("/staff/deadlines/")
    assert kept["days"] == change.get("days", "3")
    assert kept["reason"] == change.get("reason", "Fiindcă")
    assert queries.get_current(KEY).number == 1


def test_an_unknown_deadline_is_not_found(client: PageClient, staff: Account) -> None:
    client.get("deadlines.show", key="nimic", expect=404)
    client.post("deadlines.change", terms(), key="nimic", expect=404)


def test_a_change_made_over_an_unseen_one_is_refused(client: PageClient, staff: Account) -> None:
    client.post("deadlines.change", terms(), key=KEY)
    page = client.post("deadlines.change", terms(days="9"), key=KEY, expect=409)
    assert "Altcineva a schimbat între timp" in page.main_text
    assert queries.get_current(KEY).days == 3


# --- the promise -------------------------------------------------------------------------------------------


def test_a_running_case_keeps_the_deadline_it_was_given(client: PageClient, staff: Account) -> None:
    before = open_case()
    due, given = before.due_at, before.deadline_id
    client.post("deadlines.change", terms(days="30", seen="2"), key=OF_CASES)
    db.session.refresh(before)
    assert (before.due_at, before.deadline_id) == (due, given)
    after = open_case()
    assert after.due_at > due + timedelta(days=25)
    assert after.deadline_id != given
    client.sign_in(make_account("moderator"))
    old = client.get("moderation.case", case_id=before.id).main_text
    assert "în cel mult 48 de ore, potrivit regulilor proprii ale primăriei" in old
    new = client.get("moderation.case", case_id=after.id).main_text
    assert "în cel mult 30 de zile lucrătoare, potrivit Legii nr. 1/2026, art. 2" in new


def test_a_change_drops_the_jurists_mark_and_the_history_keeps_it(client: PageClient, staff: Account) -> None:
    page = client.get("deadlines.show", key=KEY)
    client.submit(page, "/verified", {"jurist": "Ion Drept", "on": "01.05.2026"})
    page = client.get("deadlines.show", key=KEY)
    assert "Verificat de Ion Drept pe 1 mai 2026; notat de Ana Pop." in page.main_text
    again = client.post(
        "deadlines.verified", {"seen": "1", "jurist": "X", "on": "01.05.2026"}, key=KEY, expect=409
    )
    assert "are deja verificarea" in again.main_text
    client.submit(page, f"/staff/deadlines/{KEY}", {"days": "4", "reason": "Mai mult timp."})
    current = queries.get_current(KEY)
    assert (current.number, current.days, current.verified_on) == (2, 4, None)
    page = client.get("deadlines.show", key=KEY)
    assert "Mai mult timp." in page.main_text
    assert "Verificat de Ion Drept" in page.main_text
    assert "Niciun jurist nu a verificat această versiune." in page.main_text
    assert [one.details["number"] for one in events("deadline.verified")] == [1]
    assert [one.details["days"] for one in events("deadline.changed")] == [4]


@pytest.mark.parametrize(
    ("data", "said"),
    [({"jurist": ""}, "Scrie numele juristului."), ({"on": "31.02.2026"}, "12.03.2027"),
     ({"on": ""}, "Scrie ziua verificării."), ({"on": "01.01.2090"}, "nu poate fi în viitor")],
)  # fmt: skip
def test_a_mark_needs_a_name_and_a_day(
    client: PageClient, staff: Account, data: dict[str, str], said: str
) -> None:
    sent = {"seen": "1", "jurist": "Ion Drept", "on": "01.05.2026", **data}
    assert said in client.post("deadlines.verified", sent, key=KEY, expect=422).main_text
    assert queries.get_current(KEY).verified_on is None


@pytest.mark.parametrize("language", ["ro", "en"])
def test_the_pages_in_both_languages(client: PageClient, staff: Account, language: str) -> None:
    client.speak(language)
    page = client.get("deadlines.index")
    assert ("30 de zile calendaristice" if language == "ro" else "30 calendar days") in page.main_text
    client.get("deadlines.show", key=KEY)
    client.post("deadlines.change", terms(days=""), key=KEY, expect=422)


def test_residents_read_the_deadline_in_force(client: PageClient, staff: Account) -> None:
    client.post("deadlines.change", terms(days="12"), key="analysis.answer")
    client.sign_out()
    assert (
        "fiecare în cel mult 12 zile lucrătoare, potrivit Legii nr. 1/2026"
        in client.get("proposals.new").main_text
    )


# --- the database ------------------------------------------------------------------------------------------


def test_every_deadline_the_features_name_has_a_version(client: PageClient) -> None:
    assert set(known_deadlines()) == {one.key for one in queries.list_current()}


@pytest.mark.parametrize(
    "wrong",
    [
        {"days": 0},
        {"unit": "luni"},
        {"basis": "obicei"},
        {"source_ro": ""},
        {"verified_by": "X"},
        {"number": 1},
    ],
)
def test_the_database_refuses_what_no_deadline_is(client: PageClient, wrong: dict[str, Any]) -> None:
    values = {
        "key": KEY, "number": 2, "days": 1, "unit": "working", "basis": "law", "source_ro": "a", "source_en": "b",
        "since": clock.now(), **wrong,
    }  # fmt: skip
    with pytest.raises(IntegrityError), db.session.begin_nested():
        db.session.add(DeadlineVersion(**values))


# --- days off ----------------------------------------------------------------------------------------------


def a_working_day(after: int = 20) -> date:
    day = clock.city_date(clock.now()) + timedelta(days=after)
    while not clock.is_working_day(day):
        day += timedelta(days=1)
    return day


def test_a_day_off_moves_what_is_given_from_now_on(client: PageClient, staff: Account) -> None:
    before = service.give(KEY, clock.now()).due_at
    off = next(
        day
        for day in (clock.city_date(clock.now()) + timedelta(days=n) for n in range(1, 9))
        if clock.is_working_day(day)
    )
    form = {"day": f"{off:%d.%m.%Y}", "reason": "HG 1/2027"}
    client.post("deadlines.add_day_off", form, expect=303)
    assert service.give(KEY, clock.now()).due_at > before
    assert "HG 1/2027" in client.get("deadlines.list_days_off").main_text
    client.post("deadlines.remove_day_off", day=off.isoformat(), expect=303)
    assert service.give(KEY, clock.now()).due_at == before


@pytest.mark.parametrize(
    ("day", "said"),
    [
        (f"25.12.{clock.now().year + 1}", "oricum nu se lucrează"),
        ("06.02.2020", "de azi înainte"),
        ("x", "Scrie ziua"),
    ],
)
def test_a_day_that_is_none_is_refused_and_kept(
    client: PageClient, staff: Account, day: str, said: str
) -> None:
    page = client.post("deadlines.add_day_off", {"day": day, "reason": "HG 2/2027"}, expect=422)
    assert said in page.main_text
    assert page.find("#day").get("value") == day


def test_the_same_day_twice_is_told(client: PageClient, staff: Account) -> None:
    form = {"day": f"{a_working_day():%d.%m.%Y}", "reason": "HG 3/2027"}
    client.post("deadlines.add_day_off", form, expect=303)
    page = client.post("deadlines.add_day_off", form, expect=409)
    assert "Ziua este deja în listă." in page.main_text


def test_others_read_the_days_off_and_find_no_form(client: PageClient) -> None:
    client.sign_in(make_account("auditor"))
    page = client.get("deadlines.list_days_off")
    assert "Nu s-a adăugat nicio zi liberă" in page.main_text
    client.post("deadlines.add_day_off", {"day": "01.03.2027", "reason": "x"}, expect=403)
    client.post("deadlines.remove_day_off", day="2027-03-01", expect=403)

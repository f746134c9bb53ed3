"""The staff's pages: who may open them, what they refuse and give back, and the whole road to publishing."""

import dataclasses
import io
from datetime import timedelta
from decimal import Decimal

import pytest
from flask import Flask

from civic import clock
from civic.extensions import db
from civic.rounds import queries
from civic.rounds.facts import PotFacts
from civic.rounds.models import Round
from tests.factories import make_account, make_category, make_neighbourhood
from tests.pageclient import PageClient
from tests.rounds_support import AFTER, BEFORE, DURING, day, make_draft, make_round

STEPS = ("basics", "money", "ballot", "people", "dates", "counting")


@pytest.fixture
def at(monkeypatch: pytest.MonkeyPatch):
    """Set the clock that views read."""
    return lambda moment: monkeypatch.setattr(clock, "now", lambda: moment)


@pytest.fixture
def staff(client: PageClient, at) -> PageClient:
    """A browser of the council's staff, before the edition begins."""
    at(BEFORE)
    client.sign_in(make_account("staff"))
    return client


def test_residents_and_strangers_stay_out(client: PageClient) -> None:
    draft = make_draft()
    client.get("staff_rounds.index", expect=303)
    client.sign_in(make_account())
    client.get("staff_rounds.index", expect=403)
    client.get("staff_rounds.show", round_id=draft.id, expect=403)
    client.get("staff_rounds.edit", round_id=draft.id, step="money", expect=403)
    client.post("staff_rounds.publish", round_id=draft.id, expect=403)


def test_an_auditor_sees_everything_and_changes_nothing(client: PageClient, at) -> None:
    at(BEFORE)
    draft = make_draft()
    client.sign_in(make_account("auditor"))
    assert draft.name in client.get("staff_rounds.index").main_text
    page = client.get("staff_rounds.show", round_id=draft.id)
    assert "/edit/" not in page.html
    for step in STEPS:
        client.get("staff_rounds.edit", round_id=draft.id, step=step, expect=403)
    for endpoint in ("publish", "extend", "adopt", "documents"):
        client.post(f"staff_rounds.{endpoint}", round_id=draft.id, expect=403)
    client.post("staff_rounds.create", {"name": "X"}, expect=403)


def test_no_round_yet(staff: PageClient) -> None:
    assert "Încă nu este nicio ediție" in staff.get("staff_rounds.index").main_text
    staff.get("staff_rounds.show", round_id=999_999, expect=404)


@pytest.mark.parametrize("language", ["ro", "en"])
def test_every_page_in_both_languages(staff: PageClient, at, language: str) -> None:
    make_neighbourhood(), make_category()
    draft, public = make_draft("Ediția A"), make_round("Ediția B")
    staff.speak(language)
    for round_ in (draft, public):
        staff.get("staff_rounds.show", round_id=round_.id)
        staff.get("staff_rounds.documents", round_id=round_.id)
        for step in STEPS:
            staff.get("staff_rounds.edit", round_id=round_.id, step=step)
    staff.get("staff_rounds.create")
    staff.get("staff_rounds.programmes")
    staff.get("staff_rounds.index")


def test_the_whole_road(staff: PageClient) -> None:
    green, moving = make_category("Spații verzi"), make_category("Mobilitate")
    area = make_neighbourhood("Tei")
    page = staff.get("staff_rounds.create")
    staff.submit(page, "/new", {"name": ""}, expect=422)
    page = staff.follow(staff.submit(page, "/new", {"name": "Ediția 2027"}))
    basics = {
        "summary": "Pe scurt.", "regulation": "# Regulament", "regulation_decision": "HCL 41/2026",
        "regulation_date": "02.11.2026",
    }  # fmt: skip
    page = staff.follow(staff.submit(page, "/edit/basics", basics))
    more = staff.submit(
        page,
        "/edit/money",
        {"pots-0-name": "Buget Unu", "pots-0-amount": "2.500.000", "add": "1"},
        expect=200,
    )
    assert more.form("/edit/money")["pots-0-amount"] == "2.500.000"
    money = {
        "pots-1-name": "Tei",
        "pots-1-amount": "500 000,50",
        "pots-1-neighbourhood_id": str(area.id),
        "max_cost": "400.000",
    }
    page = staff.follow(staff.submit(more, "/edit/money", money))
    ballot = page.form("/edit/ballot")
    assert (ballot["groups-0-name"], ballot["groups-1-name"]) == ("Spații verzi", "Mobilitate")
    assert ballot["groups-0-category_id"] == str(green.id)
    page = staff.follow(staff.submit(page, "/edit/ballot"))
    page = staff.follow(staff.submit(page, "/edit/people", {"min_age": "16", "late_registration": "y"}))
    suggested = staff.submit(page, "/edit/dates", {"first_day": "11.01.2027", "suggest": "1"}, expect=200)
    assert suggested.form("/edit/dates")["voting_ends_at"].endswith("24:00")
    assert suggested.find(".phases") is not None
    page = staff.follow(staff.submit(suggested, "/edit/dates"))
    page = staff.follow(
        staff.submit(
            page,
            "/edit/counting",
            {
                "rule": "greedy-threshold",
                "greedy_threshold__min_score": "50",
                "publication_mode": "inclusion_only",
            },
        )
    )
    assert "Înainte de publicare" not in page.main_text
    staff.follow(staff.submit(page, "/publish"))
    round_ = queries.get_round("editia-2027")
    assert [(p.name, p.amount) for p in round_.pots] == [
        ("Buget Unu", Decimal(2_500_000)),
        ("Tei", Decimal("500000.50")),
    ]
    assert [(g.category_id, g.ballot_kind, g.max_choices) for g in round_.groups] == [
        (green.id, "choose_one", 1), (moving.id, "choose_one", 1),
    ]  # fmt: skip
    assert round_.counting_rule == {"version": 1, "name": "greedy-threshold", "min_score": "50"}
    assert (round_.min_age, round_.late_registration) == (16, True)
    assert len(round_.phases) == 7
    staff.sign_out()
    assert "Ediția 2027" in staff.get("rounds.index").main_text


BAD = [
    ("money", {"pots-0-amount": "multe milioane"}, "Scrie o sumă, de exemplu 1.500.000", "pots-0-amount"),
    ("money", {"pots-0-amount": ""}, "Scrie o sumă mai mare decât 0", "pots-0-name"),
    ("money", {"max_cost": "9.000.000"}, "Un proiect cu acest cost n-ar putea câștiga niciodată", "max_cost"),
    ("money", {"pots-0-name": " "}, "Scrie numele acestui buget alocat", "pots-0-amount"),
    ("ballot", {"groups-0-ballot_kind": "knapsack"}, "Spune câți bani poate cheltui", "groups-0-name"),
    ("ballot", {"groups-0-ballot_kind": "guess"}, "Alege una dintre variante", "groups-0-name"),
    ("ballot", {"groups-0-max_choices": "trei"}, "Scrie un număr întreg", "groups-0-max_choices"),
    ("people", {"min_age": "90", "max_age": "18"}, "Vârsta maximă este sub cea minimă", "min_age"),
    ("people", {"area_basis": "moon"}, "Alege una dintre variante", "min_age"),
    ("dates", {"voting_ends_at": "mâine"}, "Scrie ziua și ora", "voting_ends_at"),
    ("dates", {"voting_starts_at": ""}, "O etapă are nevoie și de început, și de sfârșit", "voting_ends_at"),
    ("dates", {"validation_starts_at": "01.03.2027 00:00"}, "nu poate începe", "validation_starts_at"),
    ("dates", {"voting_starts_at": "28.03.2027 03:30"}, "ceasurile sar", "voting_starts_at"),
    ("dates", {"first_day": "curând", "suggest": "1"}, "Scrie ziua, de exemplu", "first_day"),
    ("dates", {"first_day": "", "suggest": "1"}, "Scrie prima zi", "voting_ends_at"),
    ("counting", {"rule": "lottery"}, "Alege una dintre variante", "publication_mode"),
    ("counting", {"greedy__max_winners": "0"}, "Scrie un număr întreg de la 1", "greedy__max_winners"),
    ("counting", {"rule": "greedy-custom", "greedy_custom__max_winners": "3"},
     "Scrie partea acoperită, suma sau pe amândouă", "greedy_custom__max_winners"),
    ("counting", {"rule": "greedy-custom", "greedy_custom__top_up_limit": "mulți lei"},
     "Scrie o sumă, de exemplu 100.000", "greedy_custom__top_up_limit"),
    ("counting", {"rule": "equal-shares", "equal_shares__increment": "5"},
     "Ține doar de cotele care cresc", "equal_shares__increment"),
    ("counting", {"rule": "equal-shares", "equal_shares__satisfaction": "points"},
     "în nicio parte a buletinului nu se dau puncte", "equal_shares__satisfaction"),
    ("counting", {"tie_order": "coin"}, "Alege una dintre variante", "publication_mode"),
    ("counting", {"pot_counting": "twice"}, "Alege una dintre variante", "publication_mode"),
    ("counting", {"rule": "greedy-threshold"}, "Completează, altfel regula", "publication_mode"),
    ("basics", {"name": ""}, "Scrie numele", "summary"),
    ("basics", {"name": "X" * 400}, "Scrie cel mult 200 de caractere", "name"),
    ("basics", {"regulation_date": "30.02.2026"}, "Scrie ziua, de exemplu", "regulation_date"),
]  # fmt: skip


@pytest.mark.parametrize(("step", "typed", "sentence", "kept"), BAD)
def test_what_is_refused_comes_back_as_typed(
    staff: PageClient, step: str, typed: dict[str, str], sentence: str, kept: str
) -> None:
    draft = make_draft()
    page = staff.get("staff_rounds.edit", round_id=draft.id, step=step)
    before = page.form(f"/edit/{step}")
    answer = staff.submit(page, f"/edit/{step}", typed, expect=422)
    assert sentence in answer.main_text
    assert answer.find(".govuk-error-summary") is not None
    after = answer.form(f"/edit/{step}")
    assert after[kept].strip() == {**before, **typed}[kept].strip()


def test_the_rule_is_chosen_with_all_its_settings_and_explained_to_residents(staff: PageClient) -> None:
    draft = make_draft(pots=[PotFacts("A", Decimal(500_000)), PotFacts("B", Decimal(600_000))])
    page = staff.get("staff_rounds.edit", round_id=draft.id, step="counting")
    typed = {
        "rule": "greedy-custom",
        "greedy_custom__top_up_limit": "100.000",
        "greedy_custom__top_up_share": "79,5",
        "greedy_custom__min_score": "1.000",
        "greedy_custom__max_winners": "15",
        "greedy_custom__group_winners_first": "y",
        # What is left in the boxes of another rule is nobody's business.
        "equal_shares__increment": "nimic",
        "tie_order": "draw",
        "pot_counting": "combined",
    }
    staff.submit(page, "/edit/counting", typed)
    assert draft.counting_rule == {
        "version": 1, "name": "greedy-custom", "top_up_share": "0.795", "top_up_limit": "100000",
        "min_score": "1000", "max_winners": 15, "group_winners_first": True,
    }  # fmt: skip
    assert (draft.tie_order, draft.pot_counting) == ("draw", "combined")
    again = staff.get("staff_rounds.edit", round_id=draft.id, step="counting").form("/edit/counting")
    assert {name: again[name] for name in typed if name != "equal_shares__increment"} == {
        name: value for name, value in typed.items() if name != "equal_shares__increment"
    }
    said = staff.get("staff_rounds.show", round_id=draft.id).main_text.replace("\N{NO-BREAK SPACE}", " ")
    for sentence in (
        "cel puțin 79,5 % din cost și îi lipsesc cel mult 100.000 lei",
        "mai puține voturi (sau puncte) decât 1.000",
        "Numărul maxim de proiecte câștigătoare: 15.",
        "Întâi câștigă cel mai bun proiect din fiecare parte",
        "ca o singură sumă de 1.100.000 lei",
        "o tragere la sorți publică",
    ):
        assert sentence in said


def test_the_next_edition_takes_over_how_this_one_is_counted(staff: PageClient) -> None:
    earlier = make_round(tie_order="submission", pot_counting="combined")
    page = staff.get("staff_rounds.create")
    staff.submit(page, "/staff/rounds/new", {"name": "Ediția 2028", "copy_from": str(earlier.id)})
    copy = next(one for one in queries.list_all_rounds(1).items if one.name == "Ediția 2028")
    assert (copy.tie_order, copy.pot_counting) == ("submission", "combined")


def test_a_row_left_empty_is_taken_out(staff: PageClient) -> None:
    draft = make_draft(pots=[PotFacts("A", Decimal(500_000)), PotFacts("B", Decimal(600_000))])
    page = staff.get("staff_rounds.edit", round_id=draft.id, step="money")
    staff.submit(page, "/edit/money", {"pots-0-name": "", "pots-0-amount": ""})
    assert [pot.name for pot in draft.pots] == ["B"]


def test_a_refusal_finds_its_row_past_an_empty_one(staff: PageClient) -> None:
    draft = make_draft(pots=[PotFacts("A", Decimal(500_000)), PotFacts("B", Decimal(600_000))])
    page = staff.get("staff_rounds.edit", round_id=draft.id, step="money")
    answer = staff.submit(
        page, "/edit/money", {"pots-0-name": "", "pots-0-amount": "", "pots-1-amount": "0"}, expect=422
    )
    assert answer.find("#pots-1-amount-error") is not None
    assert answer.find("#pots-0-amount-error") is None


def test_a_public_plan_asks_for_the_reason(staff: PageClient) -> None:
    round_ = make_round()
    page = staff.get("staff_rounds.edit", round_id=round_.id, step="people")
    assert "Motivarea schimbării" in page.main_text
    answer = staff.submit(page, "/edit/people", {"min_age": "14"}, expect=422)
    assert "Scrie motivarea schimbării" in answer.main_text
    staff.submit(answer, "/edit/people", {"reason": "Așa a hotărât consiliul."})
    assert round_.min_age == 14
    assert "Așa a hotărât consiliul." in staff.get("rounds.show", slug=round_.slug).main_text


def test_the_hint_says_how_many_people_a_telephone_number_serves(app: Flask, staff: PageClient) -> None:
    app.config["SETTINGS"] = dataclasses.replace(before := app.config["SETTINGS"], people_per_phone=25)
    try:
        page = staff.get("staff_rounds.edit", round_id=make_round().id, step="people")
    finally:
        app.config["SETTINGS"] = before
    assert "servește cel mult 25 de oameni" in page.main_text


def test_a_frozen_plan_offers_no_editing_and_refuses_it(staff: PageClient) -> None:
    round_ = make_round()
    page = staff.get("staff_rounds.edit", round_id=round_.id, step="people")
    round_.frozen_at, round_.fingerprint = DURING["voting"], "ab" * 32
    db.session.commit()
    assert "/edit/" not in staff.get("staff_rounds.show", round_id=round_.id).html
    answer = staff.submit(page, "/edit/people", {"min_age": "14", "reason": "Totuși."}, expect=422)
    assert "Planul a fost înghețat" in answer.main_text
    assert round_.min_age == 16


def test_publishing_too_early_says_everything_that_is_missing(staff: PageClient) -> None:
    staff.post("staff_rounds.create", {"name": "Goală", "copy_from": ""})
    round_ = db.session.query(Round).filter_by(name="Goală").one()
    answer = staff.post("staff_rounds.publish", round_id=round_.id, expect=422)
    for sentence in ("adaugă cel puțin un buget", "Spune când începe", "Lipește regulamentul"):
        assert sentence in answer.main_text
    assert round_.published_at is None


def test_a_copy_begins_where_the_last_one_ended(staff: PageClient) -> None:
    source = make_round("Ediția 2026")
    staff.post("staff_rounds.create", {"name": "Ediția 2027", "copy_from": str(source.id)})
    copy = db.session.query(Round).filter_by(name="Ediția 2027").one()
    assert copy.pots[0].amount == Decimal(3_000_000)
    staff.post("staff_rounds.create", {"name": "X", "copy_from": "999999"}, expect=422)


def test_extending_from_the_page(staff: PageClient, at) -> None:
    round_ = make_round()
    at(DURING["submission"])
    page = staff.get("staff_rounds.show", round_id=round_.id)
    answer = staff.submit(
        page, "/extend", {"kind": "submission", "ends_at": "curând", "reason": "Ceva."}, expect=422
    )
    assert "Scrie ziua și ora" in answer.main_text
    assert answer.form("/extend")["ends_at"] == "curând"
    answer = staff.submit(
        page, "/extend", {"kind": "submission", "ends_at": "17.02.2027 24:00", "reason": ""}, expect=422
    )
    assert "Scrie motivarea" in answer.main_text
    staff.submit(
        page, "/extend", {"kind": "submission", "ends_at": "17.02.2027 24:00", "reason": "Ninsoare."}
    )
    assert "Ninsoare." in staff.get("rounds.show", slug=round_.slug).main_text


def test_adopting_from_the_page(staff: PageClient, at) -> None:
    round_ = make_round()
    assert "/adopt" not in staff.get("staff_rounds.show", round_id=round_.id).html
    round_.frozen_at, round_.fingerprint = DURING["voting"], "ab"
    round_.closed_at = round_.results_at = DURING["results"]
    db.session.commit()
    at(AFTER)
    page = staff.get("staff_rounds.show", round_id=round_.id)
    staff.submit(page, "/adopt", {"decision": "HCL 7", "decision_date": "alaltăieri"}, expect=422)
    staff.submit(page, "/adopt", {"decision": "HCL 7", "decision_date": "01.01.2027"}, expect=422)
    staff.submit(page, "/adopt", {"decision": "HCL 7", "decision_date": "01.04.2027"})
    assert round_.adopted_by == "HCL 7 / 01.04.2027"


def test_documents_come_and_go(staff: PageClient) -> None:
    round_ = make_round()
    page = staff.get("staff_rounds.documents", round_id=round_.id)
    fields = {"kind": "impact_study", "title": "Studiu de impact"}
    staff.submit(page, "/documents", fields, expect=422)
    pdf = b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Kids[]/Count 0>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF"
    staff.submit(
        page, "/documents", {**fields, "title": "", "upload": (io.BytesIO(pdf), "s.pdf")}, expect=422
    )
    staff.submit(page, "/documents", {**fields, "upload": (io.BytesIO(b"MZ\x90"), "s.pdf")}, expect=422)
    staff.submit(page, "/documents", {**fields, "upload": (io.BytesIO(pdf), "s.pdf")})
    public = staff.get("rounds.show", slug=round_.slug)
    assert "Studiu de impact" in public.main_text
    page = staff.get("staff_rounds.documents", round_id=round_.id)
    staff.submit(page, "/remove", {"reason": ""}, expect=422)
    staff.submit(page, "/remove", {"reason": "Înlocuit."})
    assert "Înlocuit." in staff.get("rounds.show", slug=round_.slug).main_text


def test_programmes(staff: PageClient) -> None:
    page = staff.get("staff_rounds.programmes")
    staff.submit(page, "/programmes", {"name": "Tineri", "min_age": "20", "max_age": "14"}, expect=422)
    page = staff.follow(
        staff.submit(page, "/programmes", {"name": "Tineri", "max_age": "18", "audience": "Liceeni"})
    )
    assert "cel mult 18 ani" in page.main_text
    draft = make_draft()
    money = staff.get("staff_rounds.edit", round_id=draft.id, step="money")
    programme = queries.list_programmes()[0]
    staff.submit(money, "/edit/money", {"pots-0-programme_id": str(programme.id)})
    assert draft.pots[0].programme_id == programme.id


def test_shared_pages_tell_the_next_deadlines_and_the_areas_money(staff: PageClient, at, app: Flask) -> None:
    area = make_neighbourhood("Tei")
    round_ = make_round(pots=[PotFacts("Tei", Decimal(500_000), area.id)])
    at(day(50) + timedelta(hours=1))
    assert "Termenele următoare" in staff.get("staff.home").main_text
    text = staff.get("places.neighbourhood", slug=area.slug).main_text
    assert round_.name in text
    assert "500.000" in text


def test_staff_pages_ask_the_same_for_many_rows(staff: PageClient, statements: list[str]) -> None:
    small = make_draft()
    large = make_draft(
        "Mare", pots=[PotFacts(f"B{n}", Decimal(500_000), make_neighbourhood().id) for n in range(15)]
    )
    counts = []
    for round_id in (small.id, large.id):
        staff.get("staff_rounds.edit", round_id=round_id, step="money")
        statements.clear()
        staff.get("staff_rounds.edit", round_id=round_id, step="money")
        counts.append(len(statements))
    assert counts[0] == counts[1] <= 15


def test_years_of_dates_stay_plausible(staff: PageClient) -> None:
    draft = make_draft()
    page = staff.get("staff_rounds.edit", round_id=draft.id, step="dates")
    staff.submit(page, "/edit/dates", {"first_day": "11.01.0001", "suggest": "1"}, expect=422)
    staff.submit(page, "/edit/dates", {"first_day": "31.12.9999", "suggest": "1"}, expect=422)

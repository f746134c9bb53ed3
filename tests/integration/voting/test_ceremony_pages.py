"""The pages of the close: who sees what, each refusal with its reason, the two ways of confirming, the minutes."""

from datetime import timedelta
from typing import Any

import pytest
from flask import Flask, g
from jinja2 import ChoiceLoader, DictLoader
from sqlalchemy import event

from civic import clock, database
from civic.accounts.models import Account
from civic.extensions import db
from civic.navigation import Panel
from civic.rounds.models import Round
from tests.factories import TEST_PASSWORD, make_account
from tests.integration.voting.ceremonykit import (
    agree,
    do_all,
    recorded,
    run_worker,
    two_people,
    waiting_round,
)
from tests.integration.voting.votingkit import make_round
from tests.pageclient import Page, PageClient
from voting import ceremony, closing
from voting.ceremony import queries, rules, work
from voting.ceremony.rules import MINUTED, STAGES

#: What is typed of backups.
BACKUPS_TYPED = {"note": "niciuna", "taken_on": "20.05.2026", "copies": "y"}


def browser_of(app: Flask, account: Account | None) -> PageClient:
    g.pop("_login_user", None)
    browser = PageClient(app)
    if account is not None:
        browser.sign_in(account)
    return browser


def open_page(app: Flask, account: Account, round_id: int) -> tuple[PageClient, Page]:
    browser = browser_of(app, account)
    return browser, browser.get("ceremony.show", round_id=round_id)


def test_two_people_on_two_devices(context: Flask) -> None:
    round_id, (first, second) = waiting_round(context).id, two_people()
    staff = browser_of(context, first)
    assert "Închiderea votului" in staff.get("staff_voting.show", round_id=round_id).main_text
    for stage in STAGES:
        browser, page = open_page(context, first, round_id)
        fields = BACKUPS_TYPED if stage.name == rules.BACKUPS else {}
        browser.submit(page, f"/{stage.name}/begin", fields)
        page = browser.get("ceremony.show", round_id=round_id)
        assert "așteaptă a doua persoană" in page.main_text
        assert "Adresa de e-mail a celei de-a doua persoane" in page.main_text
        browser, page = open_page(context, second, round_id)
        assert "Ana Ionescu a început această etapă" in page.main_text
        browser.submit(page, f"/{stage.name}/confirm")
        page = browser.get("ceremony.show", round_id=round_id)
        if stage.name != rules.BACKUPS:
            assert "În lucru" in page.main_text
            assert f"Pași făcuți: 0 din {len(stage.steps)}" in page.main_text
            db.session.rollback()
            run_worker()
    page = browser.get("ceremony.show", round_id=round_id)
    assert page.main_text.count("Făcută de două persoane: Ana Ionescu și Dan Pop") == len(STAGES)
    assert recorded(round_id) == set(MINUTED)


def test_two_people_on_one_screen(context: Flask) -> None:
    """The second types address and password; the first stays signed in, and it is the second who is recorded."""
    round_id, (first, second) = waiting_round(context, 2).id, two_people()
    browser, page = open_page(context, first, round_id)
    page = browser.submit(page, "/close/begin")
    page = browser.get("ceremony.show", round_id=round_id)
    for email, password, reason in (
        ("", "", "Scrie o adresă de e-mail"),
        (second.email, "", "Scrie parola"),
        (second.email, "greșită de tot", "nu se potrivesc"),
        ("nimeni@civic.example", TEST_PASSWORD, "nu se potrivesc"),
        (first.email, TEST_PASSWORD, "trebuie să confirme altă persoană"),
        (make_account().email, TEST_PASSWORD, "numai personalul consiliului"),
    ):
        page = browser.submit(page, "/close/confirm-here", {"email": email, "password": password}, expect=422)
        assert reason in page.main_text, reason
        assert TEST_PASSWORD not in page.html
    browser.submit(page, "/close/confirm-here", {"email": second.email.upper(), "password": TEST_PASSWORD})
    word = queries.find_word(round_id, "close")
    assert word is not None
    assert (word.proposed_by_id, word.confirmed_by_id, word.same_screen) == (first.id, second.id, True)
    page = browser.get("ceremony.show", round_id=round_id)
    assert "Confirmată de două persoane: Ana Ionescu și Dan Pop" in page.main_text


def test_guessing_the_second_password_is_slowed_down(context: Flask) -> None:
    round_id, (first, second) = waiting_round(context, 2).id, two_people()
    browser, page = open_page(context, first, round_id)
    browser.submit(page, "/close/begin")
    page = browser.get("ceremony.show", round_id=round_id)
    said = []
    for _ in range(12):
        page = browser.submit(
            page, "/close/confirm-here", {"email": second.email, "password": "greșită"}, expect=422
        )
        said.append("Au fost prea multe încercări" in page.main_text)
    assert not said[0]
    assert said[-1]
    page = browser.submit(
        page, "/close/confirm-here", {"email": second.email, "password": TEST_PASSWORD}, expect=422
    )
    assert queries.find_word(round_id, "close").confirmed_at is None  # type: ignore[union-attr]


def test_each_role_sees_what_it_may(context: Flask) -> None:
    round_id = waiting_round(context, 2).id
    for role in ("moderator", "clerk", "auditor", "administrator"):
        browser, page = open_page(context, make_account(role), round_id)
        assert "Votul îl închide numai personalul consiliului" in page.main_text
        assert not any("/close/begin" in form.get("action", "") for form in page.all("form"))
        for way in ("begin", "confirm", "confirm_here", "withdraw", "again"):
            browser.post(f"ceremony.{way}", round_id=round_id, stage="close", expect=403)
    browser_of(context, make_account()).get("ceremony.show", round_id=round_id, expect=403)
    browser_of(context, make_account("staff")).post(
        "ceremony.begin", round_id=round_id, stage="nimic", expect=404
    )
    browser_of(context, make_account("staff")).get("ceremony.show", round_id=999_999, expect=404)


def test_why_it_cannot_be_done_now_stands_on_the_page(
    context: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, _second = two_people()
    unprepared = make_round().id
    _browser, page = open_page(context, first, unprepared)
    assert "Nu e nimic de închis" in page.main_text
    round_id = waiting_round(context, 2, wait=False).id
    for hours, reason in ((0.5, "Încă se votează, până"), (1.5, "Validarea ține până")):
        clock.travel(timedelta(hours=hours))
        browser, page = open_page(context, first, round_id)
        assert reason in page.main_text
        refused = browser.post("ceremony.begin", round_id=round_id, stage="close", expect=422)
        assert reason in refused.main_text
    clock.travel(timedelta(hours=3))
    browser, page = open_page(context, first, round_id)
    assert (
        "Nimeni nu a început"
        in browser.post("ceremony.confirm", round_id=round_id, stage="close", expect=422).main_text
    )
    assert (
        "nu e oprită"
        in browser.post("ceremony.again", round_id=round_id, stage="close", expect=422).main_text
    )
    browser.submit(page, "/close/begin")
    again = browser.post("ceremony.begin", round_id=round_id, stage="close", expect=422)
    assert "a început deja" in again.main_text
    clock.travel(timedelta(hours=3, minutes=31))
    page = browser.get("ceremony.show", round_id=round_id)
    assert "nimeni nu a confirmat în jumătate de oră" in page.main_text
    browser.submit(page, "/close/begin")
    page = browser.get("ceremony.show", round_id=round_id)
    browser.submit(page, "/close/withdraw")
    assert "Retras: nu s-a făcut nimic" in browser.get("ceremony.show", round_id=round_id).main_text
    monkeypatch.setitem(context.extensions, "civic_ceremony_obstacles", [])
    ceremony.register_obstacle(context, lambda _round, _now: "O sesizare așteaptă.")
    page = browser.get("ceremony.show", round_id=round_id)
    assert "O sesizare așteaptă." in page.main_text
    assert "O sesizare așteaptă." in browser.get("staff_voting.show", round_id=round_id).main_text
    assert (
        "O sesizare așteaptă."
        in browser.post("ceremony.begin", round_id=round_id, stage="close", expect=422).main_text
    )


def test_what_was_typed_of_backups_is_kept(context: Flask) -> None:
    round_id, pair = waiting_round(context, 2).id, two_people()
    do_all(round_id, pair, "unlink")
    browser, page = open_page(context, pair[0], round_id)
    typed = {**BACKUPS_TYPED, "note": "Pe serverul 2."}
    page = browser.submit(page, "/backups/begin", {**typed, "taken_on": "mâine"}, expect=422)
    assert "Scrie ziua" in page.main_text
    assert "Pe serverul 2." in page.main_text
    page = browser.submit(page, "/backups/begin", {**typed, "note": ""}, expect=422)
    assert "Scrie ce copii și arhive există" in page.main_text
    browser, page = open_page(context, pair[0], round_id)
    page = browser.submit(page, "/backups/begin", {"note": "x", "taken_on": "20.05.2026"}, expect=422)
    assert "Distruge întâi toate copiile cheii" in page.main_text
    browser.submit(page, "/backups/begin", {**typed, "note": "<b>Pe serverul 2.</b>"})
    _browser, page = open_page(context, pair[1], round_id)
    assert "<b>Pe serverul 2.</b>" in page.main_text, "the second reads what is confirmed, as it was typed"


@pytest.mark.parametrize("way", ["confirm", "confirm-here"])
def test_nobody_confirms_what_was_put_in_the_place_of_what_they_read(context: Flask, way: str) -> None:
    """The first person withdraws the note that the second has before them, and begins with another one."""
    round_id, (first, second) = waiting_round(context, 2).id, two_people()
    do_all(round_id, (first, second), "unlink")
    browser, page = open_page(context, first, round_id)
    browser.submit(page, "/backups/begin", BACKUPS_TYPED)
    reader = second if way == "confirm" else first
    fields = {} if way == "confirm" else {"email": second.email, "password": TEST_PASSWORD}
    reading, read = open_page(context, reader, round_id)
    browser, page = open_page(context, first, round_id)
    browser.submit(page, "/backups/withdraw")
    browser, page = open_page(context, first, round_id)
    browser.submit(page, "/backups/begin", {**BACKUPS_TYPED, "note": "Copiile rămân la mine."})
    g.pop("_login_user", None)
    refused = reading.submit(read, f"/backups/{way}", fields, expect=422)
    assert "citește din nou, apoi confirmă" in refused.main_text
    assert recorded(round_id) & {rules.BACKUPS} == set()
    reading.submit(refused, f"/backups/{way}", fields)
    assert queries.steps_by_name(round_id)[rules.BACKUPS].details["note"] == "Copiile rămân la mine."


def test_a_stopped_stage_says_what_to_do(context: Flask) -> None:
    round_id, pair = waiting_round(context, 2).id, two_people()
    with db.engine.begin() as connection:
        connection.execute(
            db.text("INSERT INTO ballot_box VALUES (:r, :nym, :leaf, 'online', 1)"),
            {"r": round_id, "nym": b"n" * 32, "leaf": b"l" * 32},
        )
    work.run_stage(agree(round_id, "close", pair))
    browser, page = open_page(context, pair[0], round_id)
    assert "nu s-a pierdut nimic" in page.main_text
    assert "administratorul bazei de date și auditorul" in page.main_text
    owner = database.owner_engine(context.config["SETTINGS"])
    with owner.begin() as connection:
        connection.execute(db.text("DELETE FROM ballot_box WHERE nym = :nym"), {"nym": b"n" * 32})
    owner.dispose()
    browser.submit(page, "/close/again")
    db.session.rollback()
    run_worker()
    assert recorded(round_id) == {"closed", "participation"}


def test_what_a_feature_adds_stands_in_the_form(context: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(context.extensions, "civic_ceremony_panels", {})
    seen: list[Any] = []
    ceremony.register_stage_panel(
        context,
        "close",
        lambda _round, moment, _actor, _now: Panel("components/_panel_of_a_test.html", {"moment": moment}),
        lambda given: seen.append((given.moment, given.form.get("share"))),
    )
    real = context.jinja_env.loader
    extra = DictLoader(
        {
            "components/_panel_of_a_test.html": '<label for="share">{{ moment }}</label>'
            '<input class="govuk-input" id="share" name="share">'
        }
    )
    monkeypatch.setattr(context.jinja_env, "loader", ChoiceLoader([extra, real]))  # type: ignore[list-item]
    round_id, (first, second) = waiting_round(context, 2).id, two_people()
    browser, page = open_page(context, first, round_id)
    browser.submit(page, "/close/begin", {"share": "unu"})
    browser, page = open_page(context, second, round_id)
    browser.submit(page, "/close/confirm", {"share": "doi"})
    assert seen == [("propose", "unu"), ("confirm", "doi")]


# --- the public minutes --------------------------------------------------------------------------------------


def test_the_minutes_are_public_with_the_results_and_not_before(context: Flask) -> None:
    round_, pair = waiting_round(context, 12), two_people()
    round_id, slug = round_.id, round_.slug
    stranger = browser_of(context, None)
    for stage in STAGES[:-1]:
        work.run_stage(agree(round_id, stage.name, pair))
        g.pop("_login_user", None)
        page = stranger.get("minutes.show", slug=slug)
        assert "Încă nu există proces-verbal" in page.main_text
        assert "Ana Ionescu" not in page.html
        assert "12" not in page.main_text.split("Încă nu există", 1)[1]
    work.run_stage(agree(round_id, "publish", pair))
    page = stranger.get("minutes.show", slug=slug)
    assert page.main_text.count("Făcută de două persoane: Ana Ionescu și Dan Pop") == len(STAGES)
    assert "Le distruge ADP până pe 1 iunie." in page.main_text
    assert "ora 00:00" not in page.main_text
    assert "cu un program care nu are cod comun cu primul" in page.main_text
    assert queries.steps_by_name(round_id)["counted"].hash in page.html
    assert f"/rounds/{slug}/minutes" in stranger.get("voting.results", slug=slug).html
    english = stranger.get("minutes.show", slug=slug, lang="en")
    assert english.title


def test_minutes_of_a_program_and_of_the_past(context: Flask) -> None:
    round_ = waiting_round(context, 2)
    round_id, slug = round_.id, round_.slug
    closing.close_round(round_id, clock.now())
    page = browser_of(context, None).get("minutes.show", slug=slug)
    assert "închis de program" in page.main_text
    assert "nu s-a făcut: buletinele au fost numărate de un singur program" in page.main_text
    _browser, page = open_page(context, two_people()[0], round_id)
    assert "rezultatele lui sunt publice" in page.main_text
    browser_of(context, None).get("minutes.show", slug="nu-exista", expect=404)


def test_the_names_of_the_two_may_be_long(context: Flask) -> None:
    long = "Maria-Magdalena Constantinescu-Brâncoveanu " * 2
    pair = tuple(make_account("staff", display_name=f"{long}{at}") for at in range(2))
    round_id = waiting_round(context, 2).id
    do_all(round_id, pair)  # type: ignore[arg-type]
    round_ = db.session.get_one(Round, round_id, populate_existing=True)
    page = browser_of(context, None).get("minutes.show", slug=round_.slug)
    assert page.main_text.count(f"{long}1") == len(STAGES)


def test_the_page_asks_a_constant_number_of_questions(context: Flask) -> None:
    seen: list[str] = []

    def note(_c: object, _cursor: object, statement: str, *_rest: object) -> None:
        seen.append(statement)

    round_id, pair = waiting_round(context, 2).id, two_people()
    browser, _page = open_page(context, pair[0], round_id)
    event.listen(db.engine, "before_cursor_execute", note)
    browser.get("ceremony.show", round_id=round_id)
    before = len(seen)
    event.remove(db.engine, "before_cursor_execute", note)
    do_all(round_id, pair, "count")
    g.pop("_login_user", None)
    seen.clear()
    event.listen(db.engine, "before_cursor_execute", note)
    browser.get("ceremony.show", round_id=round_id)
    event.remove(db.engine, "before_cursor_execute", note)
    assert len(seen) <= before + 3

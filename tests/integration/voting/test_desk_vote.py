"""A vote at the desk: the clerk hands over the device, the resident votes alone, the clerk takes it back."""

import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from flask import Flask, render_template
from sqlalchemy import select, text

from civic import clock
from civic.accounts.models import Account
from civic.audit import AuditRecord
from civic.extensions import db
from civic.rounds.models import Round
from tests.factories import TEST_PASSWORD, make_account
from tests.integration.voting.test_casting import fingerprints
from tests.integration.voting.votingkit import (
    approve,
    ballot,
    make_round,
    make_voters,
    opened,
    voter_account,
)
from tests.pageclient import PageClient
from voting import casting, desk_session, views_desk
from voting.models import RollStrike, ballot_box, cast_log

SEEN = {"seen": "y"}
LOCKED, IN_USE = "Acest dispozitiv este blocat", "Pe acest dispozitiv se votează"


@dataclass
class Desk:
    """A clerk's browser, and a resident in front of it."""

    browser: PageClient
    clerk: Account
    resident: Account
    round: Round

    def open(self) -> Any:
        page = self.browser.get("desk_vote.open_vote", account_id=self.resident.id)
        return self.browser.submit(page, "/vote", SEEN)

    def choose_and_review(self, code: str = "P1") -> Any:
        self.browser.post("voting.choose", {"add": code}, slug=self.round.slug)
        return self.browser.get("voting.review", slug=self.round.slug)

    def unlock(self, password: str = TEST_PASSWORD, expect: int = 303) -> Any:
        page = self.browser.get("desk_vote.lock")
        return self.browser.submit(page, "/unlock", {"password": password}, expect=expect)


@pytest.fixture
def desk(context: Flask) -> Desk:
    round_ = make_round(groups=[{"name": "Sectorul 2", "ballot_kind": "approval", "max_choices": 2}])
    (voter,) = make_voters(1)
    resident = voter_account(voter)
    round_ = opened(round_)
    clerk = make_account("clerk")
    browser = PageClient(context)
    browser.sign_in(clerk)
    return Desk(browser, clerk, resident, round_)


def rows(table: Any) -> list[Any]:
    with db.engine.connect() as connection:
        return list(connection.execute(table.select()).mappings())


def events() -> list[tuple[str, str, int, int | None, dict[str, Any]]]:
    db.session.rollback()
    found = db.session.scalars(
        select(AuditRecord).where(AuditRecord.event.like("desk_session.%")).order_by(AuditRecord.id)
    )
    return [(r.event, r.subject_kind, r.subject_id, r.account_id, r.details) for r in found]


@pytest.mark.parametrize("language", ["ro", "en"])
def test_the_whole_way(desk: Desk, language: str) -> None:
    browser, slug = desk.browser, desk.round.slug
    browser.speak(language)
    clerk_id, round_id = desk.clerk.id, desk.round.id
    page = browser.get("desk.show", account_id=desk.resident.id)
    assert f"/staff/desk/{desk.resident.id}/vote" in page.html
    page = browser.get("desk_vote.open_vote", account_id=desk.resident.id)
    unticked = browser.submit(page, "/vote", expect=422)
    assert events() == []
    begun = browser.submit(unticked, "/vote", SEEN)
    assert begun.headers["Location"].endswith(f"/rounds/{slug}/vote")
    start = browser.follow(begun)
    assert start.find(".desk-bar") is not None
    assert start.headers["Cache-Control"] == "no-store"
    refresh = re.fullmatch(r"(\d+); url=/desk/lock", start.headers["Refresh"])
    assert refresh
    assert 840 < int(refresh[1]) <= 901
    assert desk.resident.email not in start.html
    assert desk.clerk.email not in start.html
    review = desk.choose_and_review()
    receipt = browser.submit(review, "/vote/cast", expect=200)
    assert receipt.headers["Cache-Control"] == "no-store"
    code = receipt.text_of(".tracking-code")
    assert [row["channel"] for row in rows(ballot_box)] == ["desk"]
    finished = browser.submit(receipt, "/finish")
    assert any(c.startswith(f"ballot-{round_id}=;") for c in finished.headers.getlist("Set-Cookie"))
    locked = browser.follow(finished)
    assert locked.find(".desk-bar") is None
    assert code not in locked.html
    # The receipt's own request once more, and the pages behind: the lock, and no word of what was chosen.
    for seen in (
        browser.submit(review, "/vote/cast", expect=403),
        browser.get("voting.ballot", slug=slug, expect=403),
        browser.get("voting.review", slug=slug, expect=403),
        browser.get("desk.show", account_id=desk.resident.id, expect=403),
    ):
        assert code not in seen.html
        assert "Proiectul 1" not in seen.html
    wrong = desk.unlock("altceva 123", 422)
    assert wrong.find(".govuk-error-message") is not None
    assert desk.unlock().headers["Location"].endswith("/staff/desk")
    browser.get("desk.find")
    assert events() == [
        ("desk_session.opened", "account", clerk_id, clerk_id, {"round_id": round_id}),
        ("desk_session.closed", "account", clerk_id, clerk_id, {"round_id": round_id}),
    ]


def test_the_record_is_the_same_whether_or_not_a_ballot_was_cast(desk: Desk) -> None:
    desk.open()
    review = desk.choose_and_review()
    without = desk.browser.submit(review, "/finish")
    desk.unlock()
    first = events()
    desk.open()
    desk.browser.submit(desk.choose_and_review(), "/vote/cast", expect=200)
    desk.browser.post("desk_vote.finish")
    after = desk.browser.get("desk_vote.lock")
    desk.unlock()
    assert events() == first + first
    assert "Nimic din ce s-a ales nu este păstrat aici" in after.main_text
    assert without.headers["Location"] == "/desk/lock"
    assert len(rows(ballot_box)) == 1


def _paths(app: Flask) -> list[tuple[str, str, str]]:
    found = []
    for rule in app.url_map.iter_rules():
        path = re.sub(r"<(?:\w+:)?\w+>", "1", rule.rule)
        found += [
            (method, path, rule.endpoint) for method in ("GET", "POST") if method in (rule.methods or ())
        ]
    return found


def test_nothing_but_the_vote_answers_meanwhile_and_nothing_at_all_afterwards(
    context: Flask, desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Every address there is, of every role: the other tab, the back button, a typed address."""
    screens: dict[tuple[bool, bool, bool], str] = {}

    def made_once(template: str, **shown: Any) -> str:
        kind = (shown["desk"] is None, shown["locked"] is None, shown["sent"])
        return screens.get(kind) or screens.setdefault(kind, render_template(template, **shown))

    # More than a thousand addresses answer with one of a few screens: making them was most of this test.
    monkeypatch.setattr(views_desk, "render_template", made_once)
    for account_role in ("administrator", "staff", "moderator", "auditor"):
        from civic.accounts.models import RoleGrant

        db.session.add(RoleGrant(account_id=desk.clerk.id, role=account_role, granted_at=clock.now()))
    db.session.commit()
    desk.browser.get("desk.find")
    desk.open()
    own = {"/desk/lock", "/desk/unlock", "/desk/finish", "/desk/leave"}
    shared = {"/healthz", "/readyz", "/favicon.ico", "/manifest.webmanifest", "/language/1"}
    help_ = {"/counting-rules", "/ballot-secrecy", "/how-it-works", "/accessibility", "/rules", "/privacy"}
    asked = 0
    for word, allowed in ((IN_USE, own | shared | help_), (LOCKED, own | shared)):
        token = desk.browser.csrf_token()
        for method, path, endpoint in _paths(context):
            if path in allowed or (path == "/staff/desk/1/vote" and method == "POST" and word == IN_USE):
                continue
            answer = desk.browser.browser.open(path, method=method, data={"csrf_token": token})
            assert answer.status_code == 403, (method, path, endpoint, answer.status_code)
            assert answer.headers["Cache-Control"] == "no-store", path
            assert word in answer.get_data(as_text=True), (method, path)
            asked += 1
        if word == IN_USE:
            for path in help_:
                assert desk.browser.get(path).find(".desk-bar") is not None
            desk.browser.get("/rounds/alta-runda/vote", expect=403)
            desk.browser.post("desk_vote.finish")
    assert asked > 300
    assert len(screens) == 4
    swapped = desk.browser.get("/staff/desk", hx=True, expect=403)
    assert swapped.headers["HX-Redirect"] == "/desk/lock"


def test_copies_of_cookies_open_nothing(context: Flask, desk: Desk) -> None:
    """The clerk's session of before ends with the handing over, also elsewhere; the resident's with its end."""
    elsewhere = PageClient(context)
    elsewhere.sign_in(desk.clerk)
    elsewhere.get("desk.find")
    desk.open()
    elsewhere.get("desk.find", expect=303)
    kept = desk.browser.browser.get_cookie("session")
    assert kept is not None
    review = desk.choose_and_review()
    desk.browser.submit(review, "/finish")
    copy = PageClient(context)
    copy.browser.set_cookie("session", kept.value)
    assert LOCKED in copy.get("voting.ballot", slug=desk.round.slug, expect=403).main_text
    fields = review.form("/vote/cast")
    copy.browser.set_cookie("session", kept.value)
    assert LOCKED in copy.post("voting.cast", fields, slug=desk.round.slug, expect=403).main_text
    assert rows(ballot_box) == []


def test_after_fifteen_minutes_by_the_servers_clock_nothing_is_cast(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk.open()
    review = desk.choose_and_review()
    begun, cookie = clock.now(), f"ballot-{desk.round.id}"
    assert desk.browser.browser.get_cookie(cookie) is not None
    assert review.find(".desk-bar__warning").get("hidden") is not None
    monkeypatch.setattr(clock, "now", lambda: begun + desk_session.LENGTH - timedelta(seconds=90))
    near = desk.browser.get("voting.review", slug=desk.round.slug)
    assert near.find(".desk-bar__warning").get("hidden") is None
    assert int(near.headers["Refresh"].split(";")[0]) <= 91
    monkeypatch.setattr(clock, "now", lambda: begun + desk_session.LENGTH + timedelta(seconds=1))
    late = desk.browser.submit(near, "/vote/cast", expect=403)
    assert "a ajuns prea târziu" in late.main_text
    assert "Proiectul 1" not in late.html
    assert rows(cast_log) == []
    assert desk.browser.browser.get_cookie(cookie) is None
    monkeypatch.undo()
    # It stays locked even if the clock is set back.
    desk.browser.get("voting.ballot", slug=desk.round.slug, expect=403)
    desk.unlock()
    desk.browser.get("desk.find")


def test_buttons_pressed_twice(desk: Desk) -> None:
    page = desk.browser.get("desk_vote.open_vote", account_id=desk.resident.id)
    desk.browser.submit(page, "/vote", SEEN)
    again = desk.browser.submit(page, "/vote", SEEN)
    assert again.headers["Location"].endswith(f"/rounds/{desk.round.slug}/vote")
    assert len(events()) == 1
    review = desk.choose_and_review()
    first = desk.browser.submit(review, "/vote/cast", expect=200)
    second = desk.browser.submit(review, "/vote/cast", expect=200)
    assert first.text_of(".tracking-code") == second.text_of(".tracking-code")
    assert len(rows(cast_log)) == 1
    desk.browser.submit(first, "/finish")
    desk.browser.submit(first, "/finish")
    assert LOCKED in desk.browser.get("desk_vote.lock").main_text


def test_two_openings_at_once_are_one(context: Flask, desk: Desk) -> None:
    """Both arrive with the clerk's cookie: the second finds it used up."""
    page = desk.browser.get("desk_vote.open_vote", account_id=desk.resident.id)
    cookie = desk.browser.browser.get_cookie("session")
    assert cookie is not None
    desk.browser.submit(page, "/vote", SEEN)
    other = PageClient(context)
    other.browser.set_cookie("session", cookie.value)
    other.submit(page, "/vote", SEEN)
    assert len(events()) == 1
    assert other.get("desk.find", expect=303)


def test_the_clerk_ends_it_with_their_own_password_and_guesses_are_counted(
    context: Flask, desk: Desk
) -> None:
    desk.open()
    desk.choose_and_review()
    for _attempt in range(12):
        wrong = desk.unlock("ghicesc parola", 422)
    assert "prea multe încercări" in wrong.main_text
    assert IN_USE in wrong.main_text
    desk.unlock(expect=422)  # the right one has to wait too
    db.session.execute(text("DELETE FROM sign_in_failure"))
    db.session.commit()
    ended = desk.unlock()
    assert any(c.startswith(f"ballot-{desk.round.id}=;") for c in ended.headers.getlist("Set-Cookie"))
    desk.browser.get("desk.find")
    assert rows(cast_log) == []


def test_a_suspended_clerk_does_not_unlock_and_another_signs_in(desk: Desk) -> None:
    desk.open()
    desk.clerk.disabled_at = clock.now()
    db.session.commit()
    assert LOCKED in desk.browser.get("voting.ballot", slug=desk.round.slug, expect=403).main_text
    assert "a blocat intrarea" in desk.unlock(expect=422).main_text
    page = desk.browser.get("desk_vote.lock")
    desk.browser.follow(desk.browser.submit(page, "/leave"))


def test_why_it_cannot_be_opened(context: Flask, desk: Desk) -> None:
    """Each obstacle with its sentence, on the page and to the request itself."""
    from civic.accounts.models import Person

    def told(account: Account) -> str:
        page = desk.browser.get("desk_vote.open_vote", account_id=account.id)
        assert "Deschide votul aici" not in page.main_text
        fields = {**SEEN, "round_id": str(desk.round.id)}
        refused = desk.browser.post("desk_vote.open_vote", fields, account_id=account.id, expect=422)
        assert events() == []
        assert refused.main_text == page.main_text
        return page.main_text

    assert "cere-i unui coleg" in told(desk.clerk)
    assert "Întâi verifică locuitorul" in told(make_account())
    desk.resident.disabled_at = clock.now()
    db.session.commit()
    assert "suspendat" in told(desk.resident)
    desk.resident.disabled_at = None
    db.session.commit()
    (stranger,) = make_voters(1)
    db.session.get(Person, stranger).birth_date = datetime(2024, 1, 1, tzinfo=UTC).date()
    db.session.commit()
    assert "nu este pe lista participanților" in told(voter_account(stranger))
    db.session.add(
        RollStrike(round_id=desk.round.id, voter_id=desk.resident.person_id, reason="x", at=clock.now())
    )
    db.session.commit()
    assert "a fost suspendat" in told(desk.resident)
    with db.engine.begin() as connection:
        connection.execute(text("UPDATE round SET closed_at = now() WHERE id = :id"), {"id": desk.round.id})
    assert "Niciun vot nu este deschis" in told(desk.resident)


def test_the_cast_changes_the_box_and_the_log_alone(desk: Desk) -> None:
    desk.open()
    review = desk.choose_and_review()
    before = fingerprints()
    receipt = desk.browser.submit(review, "/vote/cast", expect=200)
    after = fingerprints()
    changed = {table for table in after if before.get(table) != after[table]}
    assert changed == {f"ballot_box_round_{desk.round.id}", f"cast_log_round_{desk.round.id}"}
    assert not [c for c in receipt.headers.getlist("Set-Cookie") if c.startswith("session=")]


@pytest.mark.parametrize("last", ["online", "desk"])
def test_one_ballot_whichever_way_it_was_cast_last(context: Flask, desk: Desk, last: str) -> None:
    def online(form: bytes) -> None:
        casting.cast(db.engine, ballot(context, desk.round, desk.resident.person_id, approve("P2"), form))

    if last == "desk":
        online(b"\x02" * 16)
    desk.open()
    start = desk.browser.get("voting.ballot", slug=desk.round.slug)
    assert "înlocui" in start.main_text, "as every resident reads it"
    receipt = desk.browser.submit(desk.choose_and_review(), "/vote/cast", expect=200)
    assert ("a fost înlocuit" in receipt.main_text) is (last == "desk")
    if last == "online":
        online(b"\x03" * 16)
    (row,) = rows(ballot_box)
    assert (row["channel"], row["revision"]) == (last, 2)
    log = rows(cast_log)
    assert sorted(entry["kind"] for entry in log) == ["ballot", "ballot", "void"]
    (void,) = [entry for entry in log if entry["kind"] == "void"]
    assert void["target"] != row["leaf"]

"""A resident sees whether a ballot is recorded in their name; looking leaves nothing behind."""

import logging
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask, current_app
from sqlalchemy import event, text

from civic import clock, database
from civic.extensions import db
from civic.rounds.models import Round
from tests.factories import make_account
from tests.integration.voting.votingkit import (
    approve,
    at_review,
    make_round,
    make_voters,
    opened,
    vote,
    voter_account,
)
from tests.pageclient import Page, PageClient
from voting import closing, keys


@pytest.fixture
def browser(context: Flask) -> PageClient:
    return PageClient(context)


def running() -> tuple[Round, list[int]]:
    """A vote under way with two people who may vote."""
    round_, people = make_round(validation=timedelta(days=7)), make_voters(2)
    return opened(round_), people


def look(browser: PageClient, slug: str) -> Page:
    page = browser.get("voting_complaints.check", slug=slug)
    assert page.headers["Cache-Control"] == "no-store"
    return page


def test_who_did_not_vote_and_who_did_are_told_so(context: Flask, browser: PageClient) -> None:
    round_, [voter, other] = running()
    slug, round_id = round_.slug, round_.id
    accounts = {one: voter_account(one) for one in (voter, other)}
    vote(context, round_, voter, approve("P1"))
    browser.sign_in(accounts[other])
    assert "Pe numele tău nu este înregistrat niciun vot." in look(browser, slug).main_text
    browser.sign_in(accounts[voter])
    page = look(browser, slug)
    assert "Pe numele tău este înregistrat un vot." in page.main_text
    assert f"/rounds/{slug}/complaint" in page.html
    assert "Votează chiar tu până" in page.main_text
    for hidden in ("P1", "Proiectul 1", "online", "desk", "internet"):
        assert hidden not in page.main_text
    # During validation the same, without the way back to the ballot.
    clock.travel(timedelta(hours=2))
    page = look(browser, slug)
    assert "Pe numele tău este înregistrat un vot." in page.main_text
    assert "Votează chiar tu până" not in page.main_text
    # After the close who took part is asked, and the way leads to a contest.
    clock.travel(timedelta(days=8))
    db.session.rollback()
    closing.close_round(round_id, clock.now())
    page = look(browser, slug)
    assert "Un vot pe numele tău a fost numărat." in page.main_text
    assert f"/rounds/{slug}/results/contest" in page.html
    browser.sign_in(accounts[other])
    assert "Niciun vot pe numele tău nu a fost numărat." in look(browser, slug).main_text


def test_a_ballot_at_the_desk_looks_like_one_online(context: Flask, browser: PageClient) -> None:
    """Who was made to vote and voted again at the desk must not be betrayed by this page."""
    round_, [voter, other] = running()
    slug = round_.slug
    accounts = {one: voter_account(one) for one in (voter, other)}
    for number, person in enumerate((voter, other), start=1):
        vote(context, db.session.get(Round, round_.id), person, approve("P1"), bytes([number]) * 16)
    nym = keys.load_round_keys(context.config["SETTINGS"], round_.id).nym(round_.id, other)
    db.session.execute(
        text("UPDATE ballot_box SET channel = 'desk', revision = 2 WHERE nym = :nym"), {"nym": nym}
    )
    db.session.commit()
    said = []
    for person in (voter, other):
        browser.sign_in(accounts[person])
        said.append(look(browser, slug).main_text)
    assert said[0] == said[1]


def test_a_sheet_handed_out_is_told_as_such(context: Flask, browser: PageClient) -> None:
    round_, [voter, _other] = running()
    slug = round_.slug
    account = voter_account(voter)
    vote(context, round_, voter, approve("P1"))
    db.session.execute(text("UPDATE ballot_box SET channel = 'paper'"))
    db.session.commit()
    browser.sign_in(account)
    assert "a fost înmânat un buletin de hârtie" in look(browser, slug).main_text


@pytest.mark.parametrize("language", ["ro", "en"])
def test_strangers_the_unverified_and_early_readers_are_told_what_to_do(
    browser: PageClient, language: str
) -> None:
    round_, _people = running()
    slug, early = round_.slug, make_round(opened_ago=timedelta(hours=-1), closes_in=timedelta(hours=2)).slug
    browser.speak(language)
    page = look(browser, slug)
    assert "/sign-in?next=" in page.html
    assert ("Vino la ghișeu" if language == "ro" else "Come to the desk") in page.main_text
    browser.sign_in(make_account())
    page = look(browser, slug)
    assert ("nu este verificat" if language == "ro" else "not verified") in page.main_text
    assert f"/rounds/{slug}/complaint" in page.html
    assert ("nu a început încă" if language == "ro" else "has not begun") in look(browser, early).main_text


def test_an_imported_election_knows_nobody(browser: PageClient) -> None:
    recorded = make_round(kind="recorded")
    browser.get("voting_complaints.check", slug=recorded.slug, expect=404)


def test_the_check_is_reached_from_round_account_and_receipt(context: Flask) -> None:
    round_ = make_round()
    slug = round_.slug
    _voter, browser, page = at_review(context, round_)
    where = f"/rounds/{slug}/my-name"
    assert where in browser.submit(page, "/vote/cast", expect=200).html
    assert where in browser.get("rounds.show", slug=slug).html
    assert where in browser.get("accounts.show").html


def every_row() -> dict[str, list[Any]]:
    """Every row of every table with where it lies and which transaction wrote it."""
    engine = database.owner_engine(current_app.config["SETTINGS"])
    with engine.connect() as connection:
        tables = connection.execute(
            text(
                "SELECT c.relname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace"
                " WHERE n.nspname = 'public' AND c.relkind = 'r'"
            )
        ).scalars()
        rows = {
            table: sorted(
                map(str, connection.execute(text(f'SELECT ctid, xmin, xmax, t::text FROM "{table}" t')).all())
            )
            for table in tables.all()
        }
    engine.dispose()
    return rows


def test_looking_writes_nothing_anywhere(
    context: Flask, browser: PageClient, caplog: pytest.LogCaptureFixture
) -> None:
    """No row, no transaction number, no cookie, no file and no line of the log: neither who looked nor what they saw."""
    round_, [voter, other] = running()
    slug = round_.slug
    accounts = {one: voter_account(one) for one in (voter, other)}
    vote(context, round_, voter, approve("P1"))
    settings = context.config["SETTINGS"]

    def files() -> list[tuple[str, int, int]]:
        # The database's own folder is beside; what the application keeps is here.
        found = (path for path in settings.data_dir.rglob("*") if path.is_file())
        return sorted((str(path), path.stat().st_size, path.stat().st_mtime_ns) for path in found)

    asked: list[str] = []

    def hear(_c: object, _cursor: object, statement: str, *_rest: object) -> None:
        asked.append(statement)

    before = every_row(), files()
    said = []
    with caplog.at_level(logging.DEBUG):
        for person in (voter, other):
            browser.sign_in(accounts[person])
            browser.get("rounds.show", slug=slug)  # a session's first page gives it a token for its forms
            caplog.clear()
            event.listen(db.engine, "before_cursor_execute", hear)
            page = look(browser, slug)
            event.remove(db.engine, "before_cursor_execute", hear)
            said.append("este înregistrat un vot." in page.main_text)
            assert not page.headers.getlist("Set-Cookie")
            ours = [
                one
                for one in caplog.records
                if one.name.split(".")[0] in ("civic", "voting", "proposals", "consultations")
            ]
            # One line for each request, as for any page: which page and how long it took, no person.
            assert [one.getMessage() for one in ours] in ([], ["request"])
            kept = " ".join(f"{one.getMessage()} {one.__dict__}" for one in ours)
            for told in (accounts[person].email, f"person_id={person}", "recorded"):
                assert told not in kept
    assert said == [True, False]
    assert asked
    assert not [one for one in asked if not one.lstrip().upper().startswith("SELECT") or " FOR " in one]
    assert (every_row(), files()) == before

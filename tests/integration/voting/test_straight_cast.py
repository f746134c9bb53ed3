"""The short way of a cast: the same answer as the ordinary way, the same checks, and nothing refused by itself."""

import os
import re
import socket
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

import psycopg
import pytest
from flask import Flask
from sqlalchemy import text

from civic import clock
from civic.accounts.models import Account, RoleGrant
from civic.actor import Role
from civic.extensions import db
from civic.policy import Action, access_of, may
from civic.rounds.models import Round
from civic.shortcuts import PLAIN_SESSION
from civic.wire import Statement, Wire
from tests.factories import make_account
from tests.integration.voting.votingkit import (
    approve,
    ballot,
    make_round,
    make_voters,
    opened,
    rows,
    vote,
    voter_account,
)
from tests.pageclient import Page, PageClient
from voting import cart as carts
from voting import casting, desk_session, keys, straight_cast, views_ballot
from voting.ballot_text import tracking_code
from voting.models import RollStrike, ballot_box, cast_log
from voting.rules import VoterLine

#: A name of no language, so that the pages may be read in any.
GROUPS = [{"name": "Sectorul 2", "ballot_kind": "approval", "max_choices": 2}]


@dataclass
class Ready:
    """A resident with the review page open."""

    voter: int
    account: Account
    browser: PageClient
    review: Page

    def cast(self, expect: int = 200, **changes: str) -> Page:
        """Press the button, with some fields changed."""
        return self.browser.submit(self.review, "/vote/cast", changes, expect=expect)


@dataclass
class World:
    """A vote whose short way is known to the process, and how often the ordinary way was asked since."""

    app: Flask
    round: Round
    voters: list[int]
    ordinary: list[str]

    @property
    def way(self) -> straight_cast.StraightCast:
        return self.app.extensions["civic_straight_cast"]

    def ready(self) -> Ready:
        voter = self.voters.pop()
        account, browser = voter_account(voter), PageClient(self.app)
        browser.sign_in(account)
        browser.post("voting.choose", {"add": "P1"}, slug=self.round.slug)
        return Ready(voter, account, browser, browser.get("voting.review", slug=self.round.slug))

    def learn(self) -> None:
        """A first ballot by the ordinary way."""
        self.ready().cast()
        self.ordinary.clear()


@pytest.fixture
def world(context: Flask, monkeypatch: pytest.MonkeyPatch) -> World:
    context.extensions["civic_straight_cast"].seconds = 600.0
    voters = make_voters(30)
    ordinary: list[str] = []
    real = views_ballot.keep_session_cookie

    def noted() -> None:
        ordinary.append("cast")
        real()

    monkeypatch.setattr(views_ballot, "keep_session_cookie", noted)
    made = World(context, opened(make_round(groups=GROUPS)), voters, ordinary)
    made.learn()
    return made


def without_names(page: Page) -> tuple[list[tuple[str, str]], str]:
    """An answer without what is another one each time: the request's own name, and the token."""
    headers = [(name, value) for name, value in page.headers.items() if name != "X-Request-Id"]
    return headers, re.sub(r'name="csrf_token" value="[^"]+"', "", page.html)


def test_the_answer_is_that_of_the_ordinary_way(world: World) -> None:
    one = world.ready()
    short = one.cast()
    assert world.ordinary == []
    assert re.fullmatch(r"[0-9a-f]{16}", short.headers["X-Request-Id"])
    leaves = [bytes(row.leaf) for row in rows(ballot_box)]
    assert short.text_of(".tracking-code") in [tracking_code(leaf) for leaf in leaves]
    # Sent again it is a ballot that was there, which the ordinary way answers.
    ordinary = one.cast()
    assert world.ordinary == ["cast"]
    assert without_names(short) == without_names(ordinary)
    assert len(rows(ballot_box)) == len(rows(cast_log)) == 2


def test_in_another_language_the_way_is_another(world: World) -> None:
    first, second = world.ready(), world.ready()
    for one in (first, second):
        one.browser.speak("en")
        one.review = one.browser.get("voting.review", slug=world.round.slug)
    assert "Your ballot is cast" in first.cast().main_text
    assert world.ordinary == ["cast"]
    assert "Your ballot is cast" in second.cast().main_text
    assert world.ordinary == ["cast"]


def test_a_way_is_known_for_seconds_and_for_residents_alone(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    one, two = world.ready(), world.ready()
    now = time.monotonic()
    with monkeypatch.context() as patch:
        patch.setattr(time, "monotonic", lambda: now + 601)
        one.cast()
    assert world.ordinary == ["cast"]
    world.way._ways.clear()
    db.session.add(RoleGrant(account_id=two.account.id, role=Role.CLERK, granted_at=clock.now()))
    db.session.commit()
    two.cast()
    assert world.way._ways == {}, "a page with the links of a role is nobody else's"


def suspended(world: World, one: Ready) -> None:
    one.account.disabled_at = clock.now()


def signed_out_everywhere(world: World, one: Ready) -> None:
    one.account.session_epoch += 1


def no_person_any_more(world: World, one: Ready) -> None:
    one.account.person_id = None


def another_person(world: World, one: Ready) -> None:
    one.account.person_id = world.voters.pop()


def struck(world: World, one: Ready) -> None:
    db.session.add(
        RollStrike(round_id=world.round.id, voter_id=one.voter, reason="dublă înscriere", at=clock.now())
    )


def another_ballot_in_the_other_window(world: World, one: Ready) -> None:
    one.browser.post("voting.choose", {"add": "P2"}, slug=world.round.slug)


def a_desk_that_is_locked(world: World, one: Ready) -> None:
    with one.browser.browser.session_transaction() as session:
        session["desk_lock"] = [make_account("clerk").id, world.round.id, False, True]


def nobody(world: World, one: Ready) -> None:
    with one.browser.browser.session_transaction() as session:
        session.pop("_user_id")


def no_time_left(world: World, one: Ready) -> None:
    clock.travel(timedelta(hours=2))


def closed(world: World, one: Ready) -> None:
    db.session.execute(text("UPDATE round SET closed_at = now() WHERE id = :id"), {"id": world.round.id})


REFUSED: list[tuple[Callable[[World, Ready], None], int]] = [
    (suspended, 303), (signed_out_everywhere, 303), (no_person_any_more, 403), (another_person, 409), (struck, 403),
    (another_ballot_in_the_other_window, 409), (a_desk_that_is_locked, 403), (nobody, 303), (no_time_left, 403),
    (closed, 403),
]  # fmt: skip


def test_what_the_ordinary_way_refuses_is_refused_by_it(world: World) -> None:
    before = rows(cast_log)
    for change, status in REFUSED:
        one = world.ready()
        change(world, one)
        db.session.commit()
        page = one.cast(expect=status)
        assert status == 303 or page.find("h1") is not None, change.__name__
        assert rows(cast_log) == before, change.__name__
        clock.travel(timedelta(0))


@pytest.mark.parametrize(
    ("changes", "status"),
    [
        ({"csrf_token": ""}, 400), ({"csrf_token": "falsch"}, 400), ({"form_id": "00" * 16}, 409),
        ({"form_id": "x"}, 409), ({"ballot": "x"}, 409), ({"signature": "0" * 64}, 409), ({"signature": "ș"}, 409),
    ],
)  # fmt: skip
def test_an_altered_form_is_refused_by_the_ordinary_way(
    world: World, changes: dict[str, str], status: int
) -> None:
    before = rows(cast_log)
    one = world.ready()
    if status == 409:
        changes = {**changes, "csrf_token": one.review.form("/vote/cast")["csrf_token"]}
    one.cast(expect=status, **changes)
    assert rows(cast_log) == before


def test_what_is_only_different_is_cast_by_the_ordinary_way(world: World) -> None:
    """A role, a message to be shown once, one field more, a form of an older version: taken, and as ever."""
    with_role, told, with_more, older = (world.ready() for _ in range(4))
    db.session.add(RoleGrant(account_id=with_role.account.id, role=Role.CLERK, granted_at=clock.now()))
    db.session.commit()
    with told.browser.browser.session_transaction() as session:
        session["_flashes"] = [("message", "Salut!")]
    settings = world.app.config["SETTINGS"]
    form = older.review.form("/vote/cast")
    sent = carts.open_form(settings, form)
    assert sent is not None
    assert sent.voter is not None
    nym = keys.load_round_keys(settings, world.round.id).nym(world.round.id, older.voter)
    with_line = carts.new_form(settings, sent.cart, f"|{older.account.get_id()}", nym, sent.voter)
    without = carts.new_form(settings, sent.cart, f"|{older.account.get_id()}", nym)
    assert carts.open_form(settings, vars(with_line) | {"form_id": with_line.form_id_text}) is not None
    fields = {"form_id": without.form_id_text, "ballot": without.ballot, "signature": without.signature}
    for one, changes in ((with_role, {}), (told, {}), (with_more, {"more": "1"}), (older, fields)):
        world.ordinary.clear()
        assert "Buletinul tău este depus" in one.cast(**changes).main_text
        assert world.ordinary == ["cast"]
    assert len(rows(ballot_box)) == 5


def test_over_tls_the_form_must_come_from_a_page_of_this_site(world: World) -> None:
    first, second, third = (world.ready() for _ in range(3))

    def send(one: Ready, referrer: str) -> int:
        path, data = f"/rounds/{world.round.slug}/vote/cast", one.review.form("/vote/cast")
        headers = {"Referer": referrer} if referrer else {}
        answer = one.browser.browser.post(path, data=data, headers=headers, base_url="https://localhost")
        return answer.status_code

    assert send(first, "https://localhost/x") == 200
    assert world.ordinary == ["cast"], "another address of the site is another way"
    assert send(second, "") == send(second, "https://elsewhere.example/") == 400
    assert send(third, "https://localhost/x") == 200
    assert world.ordinary == ["cast"], "the token's own refusals reach no view"
    assert len(rows(ballot_box)) == 3


def test_every_condition_is_asked_under_the_locks(context: Flask) -> None:
    """Each by itself: without it nothing is written, and nothing is told."""
    (voter, other), stranger = make_voters(2), make_voters(1)[0]
    round_ = opened(make_round())
    account, engine = voter_account(voter), db.engine
    right = ballot(context, round_, voter, approve("P1"))
    line = VoterLine(None, frozenset(right.plan.pots))
    who = (account.id, account.session_epoch)
    soon = time.monotonic() + 60

    def cast(
        sent: casting.Cast = right, roll: VoterLine = line, by: tuple[int, int] = who
    ) -> casting.Receipt | None:
        return casting.cast_at_once(engine, sent, roll, by, soon)

    late, early = right.plan.opens_at, right.plan.closes_at
    assert cast(roll=VoterLine(1, line.pots)) is None
    assert cast(roll=VoterLine(None, line.pots | {2**31 - 1})) is None
    assert cast(roll=VoterLine(None, frozenset())) is None
    assert cast(by=(account.id, account.session_epoch + 1)) is None
    assert cast(by=(voter_account(other).id, 0)) is None
    assert cast(replace(right, voter_id=stranger)) is None
    assert cast(replace(right, choices=approve("P1", "P2", "P3"))) is None
    assert cast(replace(right, plan=replace(right.plan, fingerprint="0" * 64))) is None
    assert cast(replace(right, plan=replace(right.plan, opens_at=early))) is None
    assert cast(replace(right, plan=replace(right.plan, closes_at=late))) is None
    assert rows(cast_log) == rows(ballot_box) == []
    clock.travel(timedelta(hours=2))
    assert cast() is None
    clock.travel(timedelta(0))
    receipt = cast()
    assert receipt is not None
    assert (receipt.leaf, receipt.outcome) == (right.leaf, casting.Outcome.CAST)
    assert cast() is None, "the same again"
    assert cast(ballot(context, round_, voter, approve("P2"), b"2" * 16)) is None, (
        "an older one is in the box"
    )
    assert len(rows(ballot_box)) == len(rows(cast_log)) == 1
    # A leaf that is there in another's name.
    assert cast(replace(right, nym=b"n" * 32)) is None
    assert vote(context, round_, other, approve("P1"), b"3" * 16).outcome is casting.Outcome.CAST


@pytest.mark.parametrize("kept", [True, False])
def test_a_lost_reply_is_looked_up_by_the_ordinary_way(
    world: World, monkeypatch: pytest.MonkeyPatch, kept: bool
) -> None:
    one, said = world.ready(), [Statement("SELECT 1")]
    put, answers, broken = Wire.put, Wire.answers, 0

    def note(self: Wire, statement: Statement, *args: Any) -> None:
        said.append(statement)
        put(self, statement, *args)

    def breaks(self: Wire) -> Any:
        nonlocal broken
        if broken or said[-1].text != "COMMIT":
            return answers(self)
        broken = 1
        if kept:
            answers(self)
        with socket.socket(fileno=os.dup(self._connection.fileno())) as line:
            line.shutdown(socket.SHUT_RDWR)
        return answers(self)

    monkeypatch.setattr(Wire, "put", note)
    monkeypatch.setattr(Wire, "answers", breaks)
    page = one.cast()
    assert world.ordinary == ["cast"]
    assert broken == 1
    # Only a commit that writes waits for a standby: the second try says so before it looks.
    assert any("pg_logical_emit_message" in statement.text for statement in said)
    monkeypatch.undo()
    assert len(rows(ballot_box)) == len(rows(cast_log)) == 2
    assert "Buletinul tău este depus" in page.main_text


def test_both_ways_together_wait_no_longer_than_one(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(casting, "CAST_SECONDS", 0.8)
    one = world.ready()
    nym = keys.load_round_keys(world.app.config["SETTINGS"], world.round.id).nym(world.round.id, one.voter)
    with db.engine.connect() as other:
        key = int.from_bytes(nym[:8], "big", signed=True)
        other.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": key})
        began = time.monotonic()
        late = one.cast(expect=503)
        assert 0.8 <= time.monotonic() - began < 4
    assert "nu este încă confirmat" in late.main_text
    assert world.ordinary == ["cast"]
    assert "Buletinul tău este depus" in one.browser.submit(late, "/vote/cast", expect=200).main_text
    assert len(rows(ballot_box)) == len(rows(cast_log)) == 2


def test_a_database_that_is_away_is_told_by_the_ordinary_way(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    one = world.ready()

    def away(*_args: Any) -> None:
        raise psycopg.OperationalError("away")

    with monkeypatch.context() as patch:
        patch.setattr(Wire, "put", away)
        one.cast(expect=503)
    assert "Buletinul tău este depus" in one.cast().main_text


def test_it_notes_what_the_ordinary_way_notes(world: World, caplog: pytest.LogCaptureFixture) -> None:
    one = world.ready()
    with caplog.at_level("INFO", logger="civic.access"):
        one.cast()
        one.cast()
    short, ordinary = (
        {k: v for k, v in vars(r).items() if k in ("endpoint", "method", "status")} for r in caplog.records
    )
    assert short == ordinary == {"endpoint": "voting.cast", "method": "POST", "status": 200}
    told = " ".join(str(vars(record)) for record in caplog.records)
    assert one.account.email not in told
    assert world.round.slug not in told


def test_the_short_way_knows_every_hook_of_the_ordinary_one(context: Flask) -> None:
    """Whoever adds one says here what the short way does of it, or mends that way first."""
    before = {
        "_before": "who it is, and the request's own name; in a path that it takes there is no NUL",
        "_pass_gates": "see the gates",
        "csrf_protect": "the token and the page that the form was on",
        "guard": "whoever is signed in may vote",
    }
    gates = {
        "_watch": "a session with a desk in it is no plain one",
        "keep_uploads_small": "for pages of another blueprint",
        "keep_from_publishing": "of texts alone: a vote stays open to whoever is suspended",
        "note_trace": "of texts alone: nothing of where a vote came from is looked at",
    }
    after = {
        "_update_remember_cookie": "not used; a session that asks for it is no plain one",
        "<lambda>": "the headers of every page, and the line of the log",
        "__inject_headers": "of limits, and a cast has none",
        "_leads_to_the_lock": "for a desk's browser",
    }
    teardown = {"__release_context": "of limits"}
    assert names(context.before_request_funcs[None]) == set(before)
    assert names(context.extensions["civic_gates"]) == set(gates)
    # Tests are not counted: those of the limits are not there.
    assert names(context.after_request_funcs[None]) <= set(after)
    assert names(context.teardown_request_funcs[None]) <= set(teardown)
    for own in (context.before_request_funcs, context.after_request_funcs, context.teardown_request_funcs):
        assert "voting" not in own
    assert access_of(context, "voting.cast") == Action.VOTE
    assert may(make_account().as_actor(), Action.VOTE)
    assert not {desk_session._DESK, desk_session._LOCK, "_flashes"} & PLAIN_SESSION


def names(hooks: list[Any]) -> set[str]:
    """What the application's own hooks are called; the tests have some of theirs."""
    plain = [getattr(hook, "func", hook) for hook in hooks]
    return {hook.__name__ for hook in plain if not hook.__module__.startswith(("tests", "conftest"))}

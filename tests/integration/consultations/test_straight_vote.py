"""The short way of a vote: the same answer as the ordinary way, the same checks, and nothing refused by itself."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from civic import clock
from civic.accounts.models import Account, RoleGrant
from civic.actor import Role
from civic.extensions import db, limiter
from consultations.agora.models import AgoraDebate
from consultations.agora.statements import service
from consultations.agora.statements.models import AgoraStatement, AgoraVote
from tests.factories import make_account, make_resident
from tests.integration.consultations.agorakit import make_debate, make_participant, make_statement
from tests.pageclient import Page, PageClient

STATEMENTS = 6


@dataclass
class World:
    """A debate whose short way is known to the process, and how often the ordinary way was asked since."""

    app: Flask
    debate: AgoraDebate
    statements: list[AgoraStatement]
    account: Account
    browser: PageClient
    ordinary: list[int] = field(default_factory=list)

    def press(self, at: int, value: str = "1") -> Page:
        """Vote on a statement as a browser with script does."""
        number = self.statements[at].id
        return self.browser.post(
            "statements.vote", {"value": value}, statement_id=number, hx=True, expect=200
        )

    def is_refused(self, at: int, status: int, **changes: str) -> bool:
        """Whether a vote with some fields changed is answered with a status, which is a page or leads to one."""
        data = {"csrf_token": self.browser.csrf_token(), "value": "1", **changes}
        path = f"/agora/statements/{self.statements[at].id}/vote"
        return self.browser.ask("POST", path, data, {"HX-Request": "true"}).status_code == status

    def votes(self) -> dict[int, int]:
        """What is kept of the votes, by statement."""
        return dict(db.session.execute(select(AgoraVote.statement_id, AgoraVote.value)).all())


@pytest.fixture
def world(app: Flask, monkeypatch: pytest.MonkeyPatch) -> Iterator[World]:
    way = app.extensions["civic_straight_vote"]
    way.seconds = 600.0
    debate = make_debate("open", with_statements=True)
    statements = [make_statement(debate, f"Afirmația <{number}> & alta.") for number in range(STATEMENTS)]
    account = make_resident()
    made = World(app, debate, statements, account, PageClient(app))
    real = service.vote

    def noted(actor: object, statement_id: int, *rest: object) -> object:
        made.ordinary.append(statement_id)
        return real(actor, statement_id, *rest)

    monkeypatch.setattr(service, "vote", noted)
    made.browser.sign_in(account)
    made.press(0)
    assert made.ordinary == [statements[0].id], "somebody's first vote makes them take part"
    made.ordinary.clear()
    yield made
    way.seconds = 0
    way._ways.clear()


def alike(page: Page) -> tuple[list[tuple[str, str]], str]:
    """An answer without what is another one each time: its name, the token, its length, which statement was drawn."""
    headers = [
        (name, value)
        for name, value in page.headers.items()
        if name not in ("X-Request-Id", "Content-Length")
    ]
    return sorted(headers), re.sub(r'name="csrf_token" value="[^"]+"|[0-9]+', "", page.html)


def test_the_answer_is_that_of_the_ordinary_way(world: World) -> None:
    short = world.press(1)
    assert world.ordinary == []
    world.app.extensions["civic_straight_vote"]._ways.clear()
    ordinary = world.press(1, "-1")
    assert world.ordinary == [world.statements[1].id]
    assert alike(short) == alike(ordinary)
    assert "2 din 6" in short.text_of("#vote")
    assert any(one.text in short.text_of("#vote") for one in world.statements[2:])
    assert world.votes() == {world.statements[0].id: 1, world.statements[1].id: -1}


def test_votes_change_and_the_last_one_is_the_ordinary_ways(world: World) -> None:
    for at in range(1, STATEMENTS - 1):
        world.press(at, "0")
    world.press(1, "-1")
    assert world.ordinary == []
    assert world.votes()[world.statements[1].id] == -1
    last = world.press(STATEMENTS - 1)
    assert world.ordinary == [world.statements[-1].id]
    assert "Ai votat toate afirmațiile." in last.text_of("#vote")


def test_in_another_language_the_way_is_another(world: World) -> None:
    world.browser.speak("en")
    assert "You have voted on 2 of 6" in world.press(1).text_of("#vote")
    assert len(world.ordinary) == 1
    assert "You have voted on 3 of 6" in world.press(2).text_of("#vote")
    assert len(world.ordinary) == 1


def disabled(world: World) -> None:
    world.account.disabled_at = clock.now()


def signed_out_everywhere(world: World) -> None:
    world.account.session_epoch += 1


def not_confirmed(world: World) -> None:
    world.account.email_confirmed_at = None


def official(world: World) -> None:
    db.session.add(RoleGrant(account_id=world.account.id, role=Role.STAFF, granted_at=clock.now()))


def ended(world: World) -> None:
    clock.travel(timedelta(days=40))


def hidden_statement(world: World) -> None:
    world.statements[1].state, world.statements[1].hidden_reason = "hidden", "Jignire."


def without_statements(world: World) -> None:
    world.debate.with_statements = False


def hidden_debate(world: World) -> None:
    world.debate.hidden_at, world.debate.hidden_reason = clock.now(), "Jignitoare."


REFUSED: dict[Callable[[World], None], int] = {
    disabled: 401, signed_out_everywhere: 401, not_confirmed: 403, official: 403, ended: 403, hidden_statement: 404,
    without_statements: 404, hidden_debate: 410,
}  # fmt: skip


@pytest.mark.parametrize("change", REFUSED, ids=lambda change: change.__name__)
def test_what_the_ordinary_way_refuses_is_refused_by_it(
    world: World, change: Callable[[World], None]
) -> None:
    change(world)
    db.session.commit()
    assert world.is_refused(1, REFUSED[change])
    clock.travel(timedelta(0))
    assert list(world.votes()) == [world.statements[0].id]


@pytest.mark.parametrize(
    ("changes", "status"), [({"csrf_token": ""}, 400), ({"csrf_token": "falsch"}, 400), ({"value": "7"}, 422)]
)
def test_an_altered_form_is_refused_by_the_ordinary_way(
    world: World, changes: dict[str, str], status: int
) -> None:
    assert world.is_refused(1, status, **changes)
    assert list(world.votes()) == [world.statements[0].id]


def test_a_new_account_is_told_when_its_votes_count(world: World) -> None:
    new = make_account(created_at=clock.now())
    make_participant(world.debate, new)
    world.browser = PageClient(world.app)
    world.browser.sign_in(new)
    world.press(1)
    assert world.ordinary == [world.statements[1].id]


def test_both_ways_count_against_one_limit(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limiter, "enabled", True)
    limiter.reset()
    world.press(1)
    way = world.app.extensions["civic_straight_vote"]
    way._ways.clear()
    world.press(1)
    left = limiter.limiter.get_window_stats(way.limit, "127.0.0.1", way.button.endpoint).remaining
    assert left == way.limit.amount - 2
    monkeypatch.setattr(limiter.limiter, "hit", lambda *_args, **_more: False)
    assert world.is_refused(1, 429)

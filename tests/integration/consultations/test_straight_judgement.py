"""The short way of a judgement: the same answer and counts as the ordinary way, and nothing refused by itself."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from civic import clock
from civic.accounts.models import Account
from civic.extensions import db
from consultations.agora.arguing import service
from consultations.agora.arguing.models import AgoraJudgement, AgoraParticipant, AgoraPost
from consultations.agora.models import AgoraDebate
from tests.factories import make_account, make_resident
from tests.integration.consultations.agorakit import make_debate, make_participant, make_post
from tests.pageclient import Page, PageClient


@dataclass
class World:
    """A debate whose short way is known to the process, and which arguments the ordinary way was asked for since."""

    app: Flask
    debate: AgoraDebate
    posts: list[AgoraPost]
    account: Account
    participant: AgoraParticipant
    browser: PageClient
    ordinary: list[int] = field(default_factory=list)

    def press(self, at: int, value: int = 1) -> Page:
        """Judge as a browser with script does."""
        number = self.posts[at].id
        return self.browser.post("arguing.judge", {"value": str(value)}, post_id=number, hx=True, expect=200)

    def status(self, at: int, value: str = "1") -> int:
        """With what a judgement is answered that may be refused."""
        data = {"csrf_token": self.browser.csrf_token(), "value": value}
        path = f"/agora/posts/{self.posts[at].id}/judge"
        return self.browser.ask("POST", path, data, {"HX-Request": "true"}).status_code

    def kept(self) -> dict[int, tuple[int, int, bool]]:
        """What is kept: value, stance, whether it counts, by argument."""
        one = AgoraJudgement
        rows = db.session.execute(select(one.post_id, one.value, one.stance, one.counted))
        return {row[0]: (row[1], row[2], row[3]) for row in rows}

    def counts(self, at: int) -> dict[str, int]:
        """The counts of an argument that are not nought."""
        db.session.expire_all()
        names = ("for_yes", "for_seen", "against_yes", "against_seen", "other_yes", "other_seen", "unknown")
        return {name: getattr(self.posts[at], name) for name in names if getattr(self.posts[at], name)}


@pytest.fixture
def world(app: Flask, monkeypatch: pytest.MonkeyPatch) -> Iterator[World]:
    way = app.extensions["civic_straight_judgement"]
    way.seconds = 600.0
    debate, account = make_debate("open"), make_resident()
    posts = [make_post(debate, body=f"Argumentul {number}.") for number in range(5)]
    participant = make_participant(debate, account, stance=-1)
    made = World(app, debate, posts, account, participant, PageClient(app))
    real = service.judge

    def noted(actor: object, post_id: int, *rest: object) -> object:
        made.ordinary.append(post_id)
        return real(actor, post_id, *rest)

    monkeypatch.setattr(service, "judge", noted)
    made.browser.sign_in(account)
    for value in (1, 0, -1):
        made.press(0, value)
    made.ordinary.clear()
    yield made
    way.seconds = 0
    way._ways.clear()


def alike(page: Page) -> tuple[list[tuple[str, str]], str]:
    """An answer without what is another one each time: its name, its length, the token and the number."""
    headers = [pair for pair in page.headers.items() if pair[0] not in ("X-Request-Id", "Content-Length")]
    return sorted(headers), re.sub(
        r'name="csrf_token" value="[^"]+"|(?<=posts/)[0-9]+|(?<=judge-)[0-9]+|(?<=ask-)[0-9]+', "", page.html
    )


@pytest.mark.parametrize("value", [1, 0, -1])
def test_the_answer_and_the_counts_are_those_of_the_ordinary_way(world: World, value: int) -> None:
    short = world.press(1, value)
    assert world.ordinary == []
    world.app.extensions["civic_straight_judgement"]._ways.clear()
    ordinary = world.press(2, value)
    assert world.ordinary == [world.posts[2].id]
    assert alike(short) == alike(ordinary)
    assert world.counts(1) == world.counts(2)
    kept = world.kept()
    assert kept[world.posts[1].id] == kept[world.posts[2].id] == (value, -1, True)


def test_a_judgement_that_changes_is_the_ordinary_ways(world: World) -> None:
    world.press(1)
    world.press(1, -1)
    assert world.ordinary == [world.posts[1].id]
    assert world.counts(1) == {"against_seen": 1}


def disabled(world: World) -> None:
    world.account.disabled_at = clock.now()


def not_confirmed(world: World) -> None:
    world.account.email_confirmed_at = None


def ended(world: World) -> None:
    clock.travel(timedelta(days=40))


def hidden(world: World) -> None:
    world.posts[1].state, world.posts[1].hidden_reason = "hidden", "Jignitor."


def merged(world: World) -> None:
    world.posts[1].merged_into_id = world.posts[2].id


def own(world: World) -> None:
    world.posts[1].participant_id = world.participant.id


def hidden_debate(world: World) -> None:
    world.debate.hidden_at, world.debate.hidden_reason = clock.now(), "Jignitoare."


REFUSED: dict[Callable[[World], None], int] = {
    disabled: 401, not_confirmed: 403, ended: 403, hidden: 403, merged: 403, own: 403, hidden_debate: 410,
}  # fmt: skip


@pytest.mark.parametrize("change", REFUSED, ids=lambda change: change.__name__)
def test_what_the_ordinary_way_refuses_is_refused_by_it(
    world: World, change: Callable[[World], None]
) -> None:
    change(world)
    db.session.commit()
    assert world.status(1) == REFUSED[change]
    clock.travel(timedelta(0))
    assert list(world.kept()) == [world.posts[0].id]
    assert world.counts(1) == {}


def test_who_is_new_and_who_judges_for_the_first_time_go_the_ordinary_way(world: World) -> None:
    new = make_account(created_at=clock.now())
    make_participant(world.debate, new)
    for account in (new, make_resident()):
        world.browser = PageClient(world.app)
        world.browser.sign_in(account)
        world.press(1)
    assert world.ordinary == [world.posts[1].id] * 2
    assert world.counts(1) == {"other_seen": 1, "other_yes": 1}, "that of the new account waits"

"""The spam script and real statements, in small; `make soak` runs them whole."""

from pathlib import Path

import pytest

from civic.moderation.gate.rules import Mode
from soak.campaign import posts
from soak.spam import hold_statements, read_statements, run_script
from tests.pageclient import PageClient


@pytest.mark.parametrize("pace", ["at once", "as fast as it may"])
def test_a_spam_script_leaves_nothing_visible_where_all_is_published_at_once(
    client: PageClient, pace: str
) -> None:
    with client.app.test_request_context():
        told = run_script(pace, Mode.AFTER, seed=1, number=200)
    assert told["taken"] > 60
    assert told["visible"] == 0


def test_the_script_is_the_same_for_a_seed_and_writes_in_every_way() -> None:
    made = posts(1, 500, 20)
    assert made == posts(1, 500, 20)
    assert made != posts(2, 500, 20)
    assert len({post.account for post in made}) == 20
    assert {post.place for post in made} == {
        "comments",
        "arguments",
        "statements",
        "contributions",
        "proposals",
        "remarks",
    }
    assert any("\u200b" in post.text for post in made)
    assert any(post.place == "proposals" and "." in post.title for post in made)


def test_real_statements_of_new_accounts_are_published(client: PageClient, shared_data: Path) -> None:
    with client.app.test_request_context():
        found = hold_statements(read_statements(shared_data / "polis" / "15-per-hour-seattle"))
    assert found["all"] == 54
    assert found["held"] == 0

"""Paper ballots in the published set: an outsider's check adds them up, and whoever changes them is caught."""

import json
import shutil
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from flask import Flask

from civic import clock
from civic.extensions import db
from civic.rounds.models import Round
from tests.integration.voting.paper.paperkit import DICE, PaperTeam
from tests.integration.voting.verificationkit import change_json, exported, resum, verified
from tests.integration.voting.votingkit import approve, vote
from tests.pageclient import PageClient
from voting import closing


def paper_round(app: Flask, mode: str) -> Round:
    """12 people: 3 online, one of whom votes again; 9 are given sheets: 6 count, one is blank, one not, one is lost."""
    team = PaperTeam(app, voters=14, sheets=40, publication_mode=mode)
    for at, person in enumerate(team.people[:3]):
        vote(app, team.round, person, approve("P1"), bytes([at + 1]) * 16)
    vote(app, team.round, team.people[0], approve("P2"), b"\x09" * 16)
    team.hand_out(*team.people[3:12])
    team.shut(8, not_returned=1, minutes="O foaie nu s-a întors.")
    team.key_twice(
        [(11, "1"), (12, "1 2"), (13, "1 2 3"), (14, "0"), (15, "2"), (16, "1"), (17, "1 2"), (30, "4")]
    )
    team.sample(different=[30])
    team.key_twice([(30, "3")])
    team.sample(dice=DICE[::-1])
    team.accept()
    clock.travel(timedelta(hours=4))
    closing.close_round(team.round_id, clock.now())
    return db.session.get_one(Round, team.round_id, populate_existing=True)


@pytest.fixture(params=["inclusion_only", "open"])
def published(
    real_app: Flask, tmp_path: Path, request: pytest.FixtureRequest
) -> Iterator[tuple[Flask, Round, Path]]:
    with real_app.app_context():
        round_ = paper_round(real_app, request.param)
        yield real_app, round_, exported(real_app, round_, tmp_path / "set")
        clock.travel(timedelta(0))


def change_batch(folder: Path, **values: Any) -> None:
    change_json(folder / "paper.json", **{f"batches__0__{name}": value for name, value in values.items()})


def without_paper(folder: Path) -> None:
    (folder / "paper.json").unlink()


def one_more_mark(folder: Path) -> None:
    change_json(folder / "paper.json", batches__0__marks=10, batches__0__not_returned=2)


def one_ballot_less(folder: Path) -> None:
    change_batch(folder, counted=5, rejected=2)


TAMPERINGS: dict[str, Callable[[Path], None]] = {
    "no paper.json": without_paper,
    "one more mark": one_more_mark,
    "a counted sheet called rejected": one_ballot_less,
    "more returned than handed out": lambda folder: change_batch(folder, returned=9),
    "a sheet that was not in the urn": lambda folder: change_batch(
        folder, sheets=[11, 12, 13, 14, 15, 16, 17, 31]
    ),
    "other dice": lambda folder: change_json(folder / "paper.json", batches__0__samples__1__sheets=[11]),
    "a difference hushed up": lambda folder: change_json(
        folder / "paper.json", batches__0__samples__1__different=[12]
    ),
}


def test_the_set_with_paper_is_verified_and_what_is_changed_is_caught(
    published: tuple[Flask, Round, Path], tmp_path: Path
) -> None:
    app, round_, folder = published
    code, said = verified(folder)
    assert code == 0, said
    told = json.loads((folder / "paper.json").read_text())
    assert (told["marks"], told["ballots"]) == (9, 6)
    (batch,) = told["batches"]
    assert [line["sheet"] for line in batch["rejected_lines"]] == [13]
    assert [one["different"] for one in batch["samples"]] == [[30], []]
    assert "paper.json" in (folder / "README.txt").read_text()
    result = json.loads((folder / "result.json").read_text())
    votes = {one["code"]: one["votes"] for one in result["pots"][0]["projects"]}
    assert votes == {"P1": 6, "P2": 4, "P3": 1, "P4": 0}
    for name, tamper in TAMPERINGS.items():
        copy = tmp_path / "copy"
        shutil.copytree(folder, copy)
        tamper(copy)
        resum(copy)
        code, said = verified(copy)
        assert code == 1, f"{name}: {said}"
        shutil.rmtree(copy)
    browser = PageClient(app)
    page = browser.get("voting.results", slug=round_.slug)
    assert f"/rounds/{round_.slug}/results/paper" in page.html
    paper = browser.get("public_paper.minutes", slug=round_.slug)
    assert "O foaie nu s-a întors." in paper.main_text
    assert "Sunt marcate mai multe proiecte" in paper.main_text
    browser.speak("en")
    browser.get("public_paper.minutes", slug=round_.slug)


def test_a_round_without_paper_says_nothing_of_it(real_app: Flask, tmp_path: Path) -> None:
    with real_app.app_context():
        team = PaperTeam(real_app)
        vote(real_app, team.round, team.people[0], approve("P1"))
        browser = PageClient(real_app)
        browser.get("public_paper.minutes", slug=team.round.slug, expect=404)
        team.shut(0)
        team.accept()
        clock.travel(timedelta(hours=4))
        closing.close_round(team.round_id, clock.now())
        round_ = db.session.get_one(Round, team.round_id, populate_existing=True)
        folder = exported(real_app, round_, tmp_path / "set")
        assert not (folder / "paper.json").exists()
        assert verified(folder)[0] == 0
        assert "/results/paper" not in browser.get("voting.results", slug=round_.slug).html
        browser.get("public_paper.minutes", slug=round_.slug, expect=404)
        clock.travel(timedelta(0))

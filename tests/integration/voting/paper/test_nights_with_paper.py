"""Nights of a vote in which some vote on paper: marks are in no batch, sheets that were accepted are."""

from collections import Counter
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from flask import Flask

from civic import clock
from civic.extensions import db
from civic.outbox import OutboxMessage
from tests.factories import make_account
from tests.integration.voting.nightkit import ENOUGH, cast_all, night
from tests.integration.voting.paper.paperkit import PaperTeam
from tests.integration.voting.verificationkit import exported, verified
from tests.integration.voting.votingkit import rows
from voting import closing
from voting.models import cast_log, checkpoint, closed_leaf
from voting.nightly import jobs
from voting.nightly.models import VoteNight, leaf_batch
from voting.nightly.rules import LEAST_BATCH
from voting.paper import marks
from voting.paper.marks import PREFIX

SHEETS = 12
TEN_DAYS = {"closes_in": timedelta(days=10), "validation": timedelta(days=1)}


def figures() -> Any:
    return rows(VoteNight.__table__)[-1].figures


def test_marks_are_no_ballots_of_a_night_and_accepted_sheets_are(context: Flask, tmp_path: Path) -> None:
    team = PaperTeam(
        context,
        voters=2 * ENOUGH + SHEETS + 1,
        sheets=20,
        **TEN_DAYS,
    )
    online, paper, changed = team.people[:ENOUGH], team.people[ENOUGH : ENOUGH + SHEETS], team.people[-1]
    cast_all(context, team.round, online[:-1])
    team.hand_out(*paper, changed)
    # One voter short: a mark is no ballot that waits.
    assert jobs.work_due(night()) == 0
    assert rows(leaf_batch) == []
    assert rows(checkpoint) == []
    assert figures()["tables"]["channels"] == {"online": ENOUGH - 1, "paper": SHEETS + 1}
    # The sheet is brought back and its holder votes online: that is the ballot that was missing.
    marks.take_back(db.engine, team.bearer(changed))
    db.session.rollback()
    cast_all(context, team.round, [changed], form=1)
    assert jobs.work_due(night(2)) == 1
    batched = {bytes(row.leaf) for row in rows(leaf_batch)}
    assert len(batched) == ENOUGH // 2
    assert not [leaf for leaf in batched if leaf.startswith(PREFIX)]
    # The urn is counted while others still vote. Its ballots are in the next batch, with those of 25 voters and more.
    db.session.rollback()
    team.through([(serial, "1") for serial in range(1, SHEETS + 1)])
    assert len(rows(cast_log)) == ENOUGH + SHEETS
    assert jobs.work_due(night(3)) == 0, "sheets alone make no batch"
    cast_all(context, team.round, team.people[ENOUGH + SHEETS : -1], form=2)
    assert jobs.work_due(night(4)) == 1
    sizes = sorted(row.size for row in rows(checkpoint))
    assert sizes[1] - sizes[0] == SHEETS + ENOUGH
    assert len(rows(leaf_batch)) == sizes[1]
    assert not [row for row in rows(leaf_batch) if bytes(row.leaf).startswith(PREFIX)]
    # The sheet brought back is not told: nor, for who subtracts, is what came online.
    assert figures()["tables"]["channels"] == {"online": ENOUGH - 1, "paper": SHEETS + 1}
    # What the nights signed stays the beginning of what is published.
    clock.travel(timedelta(days=12))
    closing.close_round(team.round_id, clock.now())
    status, said = verified(exported(context, team.round, tmp_path / "set"))
    assert status == 0, said
    assert f"{2 * ENOUGH + SHEETS} live ballots" in said


def last_night_and_close(team: PaperTeam) -> dict[int, int]:
    """The vote ends, the worker does its last night, three sheets are accepted, and the vote is closed: how many
    leaves each batch has."""
    clock.travel(timedelta(days=10, hours=1))
    jobs.work_due(clock.now())
    db.session.rollback()
    team.through([(serial, "1") for serial in range(1, 4)])
    clock.travel(timedelta(days=12))
    closing.close_round(team.round_id, clock.now())
    return dict(Counter(row.batch for row in rows(closed_leaf)))


@pytest.mark.parametrize("waiting", [4, LEAST_BATCH, ENOUGH + 6])
def test_sheets_accepted_after_the_last_night_are_not_alone(
    context: Flask, tmp_path: Path, waiting: int
) -> None:
    """In mode `open` their batch stands beside what they chose."""
    team = PaperTeam(context, voters=waiting + 3, sheets=20, publication_mode="open", **TEN_DAYS)
    addresses = [make_account(person_id=person).email for person in team.people[:waiting]]
    db.session.commit()
    cast_all(context, team.round, team.people[:waiting])
    team.hand_out(*team.people[waiting:])
    batches = last_night_and_close(team)
    last = max(batches)
    assert batches[last] == min(waiting, LEAST_BATCH) + 3
    assert sum(batches.values()) == waiting + 3
    told = db.session.scalars(db.select(OutboxMessage.address).where(OutboxMessage.leaves_no_trace)).all()
    assert sorted(told) == sorted(addresses), "whoever waits for the close is told after the vote too, once"
    status, said = verified(exported(context, team.round, tmp_path / "set"))
    assert status == 0, said


def test_where_every_urn_is_accepted_nobody_waits_for_the_close(context: Flask) -> None:
    team = PaperTeam(context, voters=ENOUGH + 9, sheets=20, publication_mode="open", **TEN_DAYS)
    cast_all(context, team.round, team.people[: ENOUGH + 6])
    team.hand_out(*team.people[ENOUGH + 6 :])
    team.through([(serial, "1") for serial in range(1, 4)])
    clock.travel(timedelta(days=10, hours=1))
    jobs.work_due(clock.now())
    assert len(rows(leaf_batch)) == ENOUGH + 9

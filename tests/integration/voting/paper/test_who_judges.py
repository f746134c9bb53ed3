"""Who reads the sheets does not judge the batch; and a sheet that is keyed while a batch is accepted."""

import threading

import pytest
from flask import Flask
from sqlalchemy import text

from civic import clock
from civic.errors import Conflict, NotAllowed
from civic.extensions import db
from civic.unit_of_work import unit_of_work
from tests.factories import make_account
from tests.integration.voting.paper.paperkit import DICE, PaperTeam
from tests.pageclient import PageClient
from voting.paper import service


def leaves() -> int:
    with db.engine.connect() as connection:
        return int(connection.execute(text("SELECT count(*) FROM cast_log")).scalar_one())


def waiting() -> int:
    with db.engine.connect() as connection:
        found = connection.execute(text("SELECT count(*) FROM paper_ballot WHERE verdict IS NULL"))
        return int(found.scalar_one())


def test_who_read_a_sheet_neither_draws_nor_compares_nor_accepts(context: Flask) -> None:
    """Whoever keyed a sheet, first or second, or settled one, would be comparing their own work."""
    team = PaperTeam(context)
    team.hand_out()
    team.shut(6)
    readers = [make_account("staff") for _ in range(3)]
    db.session.commit()
    team.clerks = readers
    team.key_twice([(serial, "1") for serial in range(2, 7)])
    team.key(0, 1, "1")
    team.key(1, 1, "2")
    team.settle(2, 1, "2")
    for reader in readers:
        with pytest.raises(NotAllowed, match="tastat"):
            team.sample(by=reader)
    with unit_of_work():
        service.draw_sample(team.actor, team.round, team.batch, DICE, 99, clock.now())
    where = {"round_id": team.round_id, "batch_id": team.batch_id}
    for reader in readers:
        with unit_of_work(), pytest.raises(NotAllowed):
            service.compare_sample(reader.as_actor(), team.round, team.batch, range(1, 7), clock.now())
        browser = PageClient(context)
        browser.sign_in(reader)
        browser.get("staff_paper.compare", expect=403, **where)
        page = browser.get("staff_paper.batch", **where)
        assert "Ai tastat foi din acest lot" in page.main_text
        assert "/sample" not in page.html
    with unit_of_work():
        service.compare_sample(team.actor, team.round, team.batch, range(1, 7), clock.now())
    for reader in readers:
        with pytest.raises(NotAllowed):
            team.accept(by=reader)
        browser = PageClient(context)
        browser.sign_in(reader)
        assert "/accept" not in browser.get("staff_paper.batch", **where).html
        browser.post("staff_paper.accept", expect=403, **where)
    assert leaves() == 0
    assert team.accept(by=make_account("staff")).counted == 6


def test_a_sheet_that_arrives_while_the_batch_is_accepted_is_refused(context: Flask) -> None:
    """Else a number would stand in an accepted batch that no urn held, and the minutes would not add up."""
    team = PaperTeam(context)
    team.hand_out()
    team.shut(6)
    team.key_twice([(serial, "1") for serial in range(1, 7)])
    team.sample()
    stale, round_, clerk = team.batch, team.round, team.clerks[0].as_actor()
    assert stale.accepted_at is None
    entry = service.read_typed(team.plan, 7, "1")
    db.session.rollback()
    assert (stale.id, round_.closed_at) == (team.batch_id, None)  # read by the one who keys, before ...

    def accepting() -> None:
        with context.app_context():
            team.accept()

    other = threading.Thread(target=accepting)  # ... somebody else accepts
    other.start()
    other.join()
    with pytest.raises(NotAllowed), unit_of_work():
        service.key_sheet(clerk, round_, stale, 7, entry)
    assert waiting() == 0


def test_keying_and_acceptance_at_once(context: Flask) -> None:
    """Whoever keys a seventh sheet and whoever accepts six: one of them is told, whichever comes first."""
    team = PaperTeam(context)
    team.hand_out()
    team.shut(6)
    team.key_twice([(serial, "1") for serial in range(1, 7)])
    team.sample()
    keyed, told = threading.Event(), []

    def accepting() -> None:
        with context.app_context():
            keyed.wait(10)
            try:
                team.accept()
            except Conflict as refusal:
                told.append(str(refusal.message))

    other = threading.Thread(target=accepting)
    other.start()
    with unit_of_work():
        entry = service.read_typed(team.plan, 7, "1")
        service.key_sheet(team.clerks[0].as_actor(), team.round, team.batch, 7, entry)
        keyed.set()
        other.join(0.5)  # it waits for us
        assert other.is_alive()
    other.join()
    assert told, "seven sheets are keyed and six were in the urn"
    assert leaves() == 0

"""While a vote is open its log is signed every night: whole or not at all, once, and never too few at a time."""

import json
import re
from collections import Counter
from datetime import timedelta
from pathlib import Path
from random import Random
from threading import Thread
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import event, text
from sqlalchemy.exc import ProgrammingError

from civic import clock, database
from civic.audit import AuditRecord
from civic.extensions import db
from civic.outbox import OutboxMessage
from civic.rounds.models import Round
from tests.factories import make_account
from tests.integration.voting.nightkit import ENOUGH, cast_all, night, one_night, voting_round
from tests.integration.voting.verificationkit import exported, verified
from tests.integration.voting.votingkit import approve, make_round, opened, rows, vote
from tests.pageclient import PageClient
from voting import checkpoints, closing, keys
from voting.ballot_text import merkle_root
from voting.casting import ROUND_LOCK
from voting.models import ballot_box, cast_log, checkpoint, closed_leaf
from voting.nightly import jobs, publishing
from voting.nightly.batches import Night, do_night
from voting.nightly.models import VoteNight, Witness, leaf_batch
from voting.nightly.rules import LEAST_BATCH, in_order

TABLES = (leaf_batch, checkpoint, VoteNight.__table__, OutboxMessage.__table__)


def name_witnesses(round_id: int, *names: str) -> None:
    for name in names:
        db.session.add(
            Witness(round_id=round_id, name=name, address=f"{name.lower()}@presa.ro", added_at=clock.now())
        )
    db.session.commit()


def batched(round_id: int) -> list[tuple[int, bytes]]:
    return [(row.batch, bytes(row.leaf)) for row in rows(leaf_batch) if row.round_id == round_id]


def witness_mail() -> list[OutboxMessage]:
    found = db.session.scalars(db.select(OutboxMessage).order_by(OutboxMessage.id)).all()
    return [one for one in found if one.address.endswith("@presa.ro")]


def stored() -> list[list[Any]]:
    return [sorted(map(repr, rows(table))) for table in TABLES]


def test_a_night_signs_the_log_and_writes_to_the_witnesses(context: Flask) -> None:
    round_, people = voting_round(ENOUGH + 5)
    name_witnesses(round_.id, "Ziarul", "Asociatia")
    cast_all(context, round_, people)
    vote(context, round_, people[0], approve("P2"), b"again" + b"0" * 11)
    before = (sorted(rows(ballot_box)), sorted(rows(cast_log)))
    assert jobs.work_due(night()) == 1
    assert (sorted(rows(ballot_box)), sorted(rows(cast_log))) == before
    # 55 voters less the 25 who wait, the ballot that was replaced, and its void.
    made = batched(round_.id)
    assert Counter(batch for batch, _leaf in made) == {1: 32}
    assert [leaf for _batch, leaf in made] == sorted(leaf for _batch, leaf in made), (
        "rows tell no order of arrival"
    )
    (signed,) = rows(checkpoint)
    assert signed.size == 32
    assert bytes(signed.root) == merkle_root(in_order(made))
    settings = context.config["SETTINGS"]
    assert checkpoints.is_signed_by(signed.signed_note, checkpoints.public_pem(settings))
    mail = witness_mail()
    assert {one.address for one in mail} == {"ziarul@presa.ro", "asociatia@presa.ro"}
    assert len(mail) == 2
    assert all(signed.signed_note.rstrip("\n") in one.body for one in mail)
    assert all(f"/rounds/{round_.slug}/checkpoints" in one.body for one in mail)
    assert "Punctul de control 32" in mail[0].subject
    # The next night takes who waited, once as many wait in their place; all who replace their ballot do.
    cast_all(context, round_, people, "P3", 2)
    assert jobs.work_due(night(2)) == 1
    assert [row.size for row in sorted(rows(checkpoint))] == [32, len(batched(round_.id))]
    assert Counter(batch for batch, _leaf in batched(round_.id))[2] >= LEAST_BATCH


def test_by_day_and_twice_a_night_nothing_happens(context: Flask) -> None:
    round_, people = voting_round(2 * ENOUGH)
    cast_all(context, round_, people)
    assert jobs.work_due(night() + timedelta(hours=8)) == 0
    assert rows(VoteNight.__table__) == []
    assert jobs.work_due(night()) == 1
    before = stored()
    assert jobs.work_due(night()) == 0
    assert jobs.work_due(night() + timedelta(minutes=40)) == 0
    assert one_night(context, round_, night()) is None
    assert stored() == before


def test_too_few_wait_for_another_night(context: Flask) -> None:
    round_, people = voting_round(ENOUGH)
    cast_all(context, round_, people[:-1])
    assert jobs.work_due(night()) == 0
    (looked,) = rows(VoteNight.__table__)
    assert (looked.batch, looked.size) == (None, None)
    assert rows(checkpoint) == rows(leaf_batch) == []
    # The night was looked at: one more ballot in it makes no batch, or the batch would tell when it came.
    cast_all(context, round_, people[-1:], "P1", 9)
    assert jobs.work_due(night() + timedelta(minutes=10)) == 0
    assert jobs.work_due(night(2)) == 1


class PowerCut(Exception):
    """The fault put into a statement."""


def test_killed_at_every_statement_the_night_is_done_whole_or_not_at_all(context: Flask) -> None:
    round_, people = voting_round(ENOUGH)
    name_witnesses(round_.id, "Ziarul")
    cast_all(context, round_, people)
    empty = stored()
    settings = context.config["SETTINGS"]
    owner = database.owner_engine(settings)
    sent: list[str] = []
    limit: list[int] = [0]

    @event.listens_for(owner, "before_cursor_execute")
    def trip(_c: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        if len(sent) == limit[0]:
            raise PowerCut
        sent.append(statement)

    @event.listens_for(owner, "commit")
    def trip_commit(_c: Any) -> None:
        if len(sent) == limit[0]:
            raise PowerCut

    def work() -> None:
        with owner.begin() as connection:
            do_night(
                connection,
                Night(settings, round_.id, clock.city_date(night()), False, night(), Random(1)),
                publishing.publish,
            )

    for statements in range(100):
        limit[0] = statements
        sent.clear()
        try:
            work()
        except PowerCut:
            assert stored() == empty
            continue
        break
    assert sum("INSERT" in one for one in sent) >= 4, "leaves, checkpoint, mail, night"
    done = stored()
    assert all(done)
    limit[0] = 100
    work()
    assert stored() == done
    owner.dispose()


def test_each_round_has_its_nights(context: Flask) -> None:
    one, people = voting_round(ENOUGH)
    two = opened(make_round(closes_in=timedelta(days=10)))
    few = opened(make_round(closes_in=timedelta(days=10)))
    ids = [one.id, two.id, few.id]
    for at, round_ in enumerate((one, two)):
        cast_all(context, round_, people, "P1", at)
    cast_all(context, few, people[:3], "P1", 5)
    assert jobs.work_due(night()) == 2
    assert [len(batched(one)) for one in ids] == [LEAST_BATCH, LEAST_BATCH, 0]
    assert {row.round_id for row in rows(checkpoint)} == set(ids[:2])
    assert {row.round_id for row in rows(VoteNight.__table__)} == set(ids)


def test_a_round_that_fails_holds_up_no_other(context: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    one, people = voting_round(ENOUGH)
    two = opened(make_round(closes_in=timedelta(days=10)))
    one_id, two_id = one.id, two.id
    cast_all(context, one, people)
    cast_all(context, two, people, "P1", 2)
    real = jobs.do_night

    def fail(connection: Any, work: Night, also: Any) -> Any:
        if work.round_id == one_id:
            raise RuntimeError("broken")
        return real(connection, work, also)

    monkeypatch.setattr(jobs, "do_night", fail)
    assert jobs.work_due(night()) == 1
    assert {row.round_id for row in rows(checkpoint)} == {two_id}
    monkeypatch.undo()
    assert jobs.work_due(night()) == 1


def test_after_the_vote_nobody_waits_and_the_close_goes_on_from_there(context: Flask, tmp_path: Path) -> None:
    round_, people = voting_round(ENOUGH + 3)
    cast_all(context, round_, people)
    assert jobs.work_due(night()) == 1
    vote(context, round_, people[0], approve("P2"), b"again" + b"0" * 11)
    clock.travel(timedelta(days=10, hours=1))
    # By day too: whoever voted last is among all who waited.
    assert jobs.work_due(clock.now()) == 1
    assert jobs.work_due(clock.now() + timedelta(hours=1)) == 0
    made = batched(round_.id)
    sizes = [row.size for row in sorted(rows(checkpoint))]
    assert sizes[-1] == len(made) == ENOUGH + 5
    clock.travel(timedelta(days=12))
    closing.close_round(round_.id, clock.now())
    assert rows(leaf_batch) == []
    assert sorted((row.batch, bytes(row.leaf)) for row in rows(closed_leaf)) == sorted(made)
    assert [row.size for row in sorted(rows(checkpoint))] == sizes, "nothing came after the last night"
    folder = exported(context, db.session.get_one(Round, round_.id, populate_existing=True), tmp_path / "set")
    assert sorted(one.name for one in folder.glob("checkpoints/*")) == sorted(f"{size}.txt" for size in sizes)
    status, words = verified(folder)
    assert status == 0, words


def test_a_ballot_of_the_last_second_is_in_the_last_batch(context: Flask) -> None:
    """It was let in before the end and is committed after it: alone in a batch it would be known by it."""
    round_, people = voting_round(ENOUGH)
    cast_all(context, round_, people[1:])
    round_id, settings = round_.id, context.config["SETTINGS"]
    nym, leaf = keys.load_round_keys(settings, round_id).nym(round_id, people[0]), b"late" * 8
    clock.travel(timedelta(days=10, hours=1))
    made: list[int] = []

    def last_night() -> None:
        with context.app_context():
            made.append(jobs.work_due(clock.now()))

    worker = Thread(target=last_night)
    with db.engine.connect() as cast:
        values = {"id": round_id, "nym": nym, "leaf": leaf}
        cast.execute(text(f"SELECT pg_advisory_xact_lock_shared({ROUND_LOCK}, :id)"), values)
        cast.execute(
            text("INSERT INTO cast_log (round_id, leaf, kind, sealed) VALUES (:id, :leaf, 'ballot', :leaf)"),
            values,
        )
        cast.execute(text("INSERT INTO ballot_box VALUES (:id, :nym, :leaf, 'online', 1)"), values)
        worker.start()
        worker.join(1)
        assert worker.is_alive(), "the night waits for it"
        cast.commit()
    worker.join(30)
    assert made == [1]
    assert (1, leaf) in batched(round_id)
    assert len(batched(round_id)) == ENOUGH


def test_the_last_night_is_not_before_the_end_by_the_clock_of_casts(context: Flask) -> None:
    """A worker whose clock is ahead of the database's leaves nobody's ballot to the close."""
    round_, people = voting_round(ENOUGH)
    cast_all(context, round_, people)
    ahead = clock.now() + timedelta(days=10, seconds=5)
    assert one_night(context, round_, ahead, last=True) is None
    assert rows(VoteNight.__table__) == []
    clock.travel(timedelta(days=10, seconds=5))
    assert one_night(context, round_, ahead, last=True) is not None


def take_out_a_replaced_ballot(context: Flask) -> None:
    """And its void: box and log still agree, and no count would change."""
    owner = database.owner_engine(context.config["SETTINGS"])
    with owner.begin() as connection:
        connection.execute(
            text(
                "DELETE FROM cast_log l WHERE kind = 'void' OR EXISTS"
                " (SELECT 1 FROM cast_log v WHERE v.target = l.leaf)"
            )
        )
    owner.dispose()


def test_a_night_signs_nothing_over_a_log_that_is_not_the_one_signed_before(
    context: Flask, caplog: pytest.LogCaptureFixture
) -> None:
    round_, people = voting_round(2 * ENOUGH)
    cast_all(context, round_, people)
    vote(context, round_, people[0], approve("P2"), b"again" + b"0" * 11)
    assert jobs.work_due(night()) == 1
    take_out_a_replaced_ballot(context)
    cast_all(context, round_, people[ENOUGH:], "P2", 3)
    before = stored()
    assert jobs.work_due(night(2)) == 0
    assert stored() == before
    assert "signed before" in caplog.text


def test_a_leaf_gone_from_the_log_stops_the_close(context: Flask) -> None:
    round_, people = voting_round(ENOUGH)
    round_id = round_.id
    cast_all(context, round_, people)
    vote(context, round_, people[0], approve("P2"), b"again" + b"0" * 11)
    assert jobs.work_due(night()) == 1
    take_out_a_replaced_ballot(context)
    clock.travel(timedelta(days=12))
    with pytest.raises(closing.BoxMismatch, match="checkpoints"):
        closing.close_round(round_id, clock.now())


def test_the_application_changes_nothing_of_what_a_night_wrote(context: Flask) -> None:
    round_, people = voting_round(ENOUGH)
    cast_all(context, round_, people)
    jobs.work_due(night())
    for table in ("leaf_batch", "vote_night", "checkpoint"):
        for statement in (f"DELETE FROM {table}", f"UPDATE {table} SET round_id = round_id"):
            with pytest.raises(ProgrammingError), db.engine.begin() as connection:
                connection.execute(text(statement))


# --- the publication ------------------------------------------------------------------------------------------------


def test_a_set_of_an_older_version_without_batches_still_verifies(context: Flask, tmp_path: Path) -> None:
    from tests.integration.voting.verificationkit import resum, vote_and_close

    round_, _codes = vote_and_close(context, "open")
    folder = exported(context, round_, tmp_path / "set")
    leaves = folder / "leaves.csv"
    assert leaves.read_text().startswith("leaf,kind,target,code,batch\n")
    leaves.write_text(re.sub(r",[^,\n]*$", "", leaves.read_text(), flags=re.M))
    assert leaves.read_text().startswith("leaf,kind,target,code\n")
    plan = json.loads((folder / "plan.json").read_text())
    assert plan["witnesses"] == []
    resum(folder)
    status, words = verified(folder)
    assert status == 0, words


# --- the pages ------------------------------------------------------------------------------------------------------


def test_a_witness_compares_what_they_hold(context: Flask) -> None:
    round_, people = voting_round(ENOUGH)
    slug = round_.slug
    name_witnesses(round_.id, "Ziarul")
    browser = PageClient(context)
    page = browser.get("nightly.checkpoints", slug=slug)
    assert "Încă nu există niciun punct de control" in page.main_text
    cast_all(context, round_, people)
    jobs.work_due(night())
    page = browser.get("nightly.checkpoints", slug=slug)
    assert "Ziarul" in page.main_text
    assert "@" not in page.main_text
    held = witness_mail()[0].body
    note = browser.browser.get(f"/rounds/{slug}/checkpoints/{LEAST_BATCH}.txt").text
    assert note in held + "\n"
    browser.browser.get(f"/rounds/{slug}/checkpoints/7.txt")
    said = browser.post("nightly.checkpoints", {"note": held}, slug=slug, expect=200)
    assert "Este același." in said.main_text
    changed = note.replace(f"\n{LEAST_BATCH}\n", "\n24\n")
    said = browser.post("nightly.checkpoints", {"note": changed}, slug=slug, expect=200)
    assert "Nu este același." in said.main_text
    said = browser.post("nightly.checkpoints", {"note": "bună"}, slug=slug, expect=422)
    assert "Nu se poate citi" in said.main_text
    assert "bună" in said.html
    round_page = browser.get("rounds.show", slug=slug).main_text
    assert "Ziarul" in round_page


def test_staff_name_witnesses_until_voting_opens(context: Flask) -> None:
    round_ = make_round(closes_in=timedelta(days=10))
    round_id = round_.id
    staff, auditor = make_account("staff"), make_account("auditor")
    db.session.commit()
    browser = PageClient(context)
    browser.sign_in(staff)
    named = {"name": "Asociația Urbană", "address": "martor@urban.ro"}
    browser.post("staff_nightly.name", {**named, "address": "nu"}, round_id=round_id, expect=422)
    browser.post("staff_nightly.name", named, round_id=round_id)
    again = browser.post("staff_nightly.name", named, round_id=round_id, expect=422)
    assert "Există deja un martor" in again.main_text
    browser.post("staff_nightly.name", {**named, "name": "Altul"}, round_id=round_id)
    other = db.session.scalar(db.select(Witness.id).where(Witness.name == "Altul"))
    browser.post("staff_nightly.remove", round_id=round_id, witness_id=other)
    page = browser.get("staff_nightly.witnesses", round_id=round_id)
    assert "Asociația Urbană" in page.main_text
    assert "Altul" not in page.main_text
    frozen = opened(db.session.get_one(Round, round_id))
    assert frozen.frozen is not None
    assert frozen.frozen["witnesses"] == ["Asociația Urbană"]
    browser.post("staff_nightly.name", {**named, "name": "Târziu"}, round_id=round_id, expect=422)
    page = browser.get("staff_nightly.witnesses", round_id=round_id)
    assert "înghețat" in page.main_text
    browser.sign_out()
    browser.sign_in(auditor)
    assert "Asociația Urbană" in browser.get("staff_nightly.witnesses", round_id=round_id).main_text
    browser.post("staff_nightly.name", {**named, "name": "Auditor"}, round_id=round_id, expect=403)


def test_a_wrong_address_is_corrected_while_the_vote_runs_and_both_are_told(context: Flask) -> None:
    round_, people = voting_round(ENOUGH)
    name_witnesses(round_.id, "Ziarul", "Asociatia")
    round_id, staff, auditor = round_.id, make_account("staff"), make_account("auditor")
    witness = db.session.scalar(db.select(Witness.id).where(Witness.name == "Ziarul"))
    db.session.commit()
    where = {"round_id": round_id, "witness_id": witness}
    browser = PageClient(context)
    browser.sign_in(auditor)
    assert "Corectează" not in browser.get("staff_nightly.witnesses", round_id=round_id).main_text
    browser.post("staff_nightly.address", {"address": "alta@presa.ro"}, **where, expect=403)
    browser.sign_out()
    browser.sign_in(staff)
    page = browser.get("staff_nightly.witnesses", round_id=round_id)
    assert f"/witnesses/{witness}/address" in page.html
    assert "ziarul@presa.ro" in browser.get("staff_nightly.address", **where).html
    refused = browser.post("staff_nightly.address", {"address": "nu"}, **where, expect=422)
    assert 'value="nu"' in refused.html
    for _ in range(2):
        browser.post("staff_nightly.address", {"address": "buna.redactie@presa.ro"}, **where)
    told = {one.address: one for one in witness_mail()}
    assert set(told) == {"buna.redactie@presa.ro", "ziarul@presa.ro"}
    assert len(witness_mail()) == 2, "the same address again is no correction"
    assert "altă adresă" in told["ziarul@presa.ro"].body
    assert "buna" not in told["ziarul@presa.ro"].body
    (noted,) = db.session.scalars(
        db.select(AuditRecord).where(AuditRecord.event == "witness.address_corrected")
    )
    assert (noted.account_id, noted.subject_id, noted.details) == (staff.id, round_id, {"witness": witness})
    cast_all(context, round_, people)
    jobs.work_due(night())
    assert {one.address for one in witness_mail()[2:]} == {"buna.redactie@presa.ro", "asociatia@presa.ro"}
    assert db.session.get_one(Round, round_id).frozen["witnesses"] == []  # type: ignore[index]
    clock.travel(timedelta(days=12))
    closing.close_round(round_id, clock.now())
    assert "Votul este închis" in browser.get("staff_nightly.address", **where).main_text
    browser.post("staff_nightly.address", {"address": "x@presa.ro"}, **where, expect=403)

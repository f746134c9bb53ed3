"""Opening and closing a box that three holders keep: any two open it, one does not, and no key is ever stored."""

import json
import logging
import subprocess
import sys
from datetime import timedelta
from itertools import permutations
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import Engine, text
from sqlalchemy.exc import IntegrityError

from civic import clock, database, outbox
from civic.errors import Conflict, Invalid, NotAllowed
from civic.extensions import db
from civic.rounds.models import Round
from civic.unit_of_work import unit_of_work
from tests.factories import make_account
from tests.integration.voting.ceremonykit import agree, do_all, do_stage, recorded, two_people
from tests.integration.voting.custodykit import (
    KEPT,
    Trio,
    everything_stored,
    keyed,
    named,
    presents,
    ready,
    rehearsed,
    stopped_before_opening,
    traces_of,
    voted,
)
from tests.integration.voting.votingkit import approve, make_round, make_voters, opened, vote
from tests.pageclient import PageClient
from voting import closing, keys, opening, publication_set
from voting.ceremony import work
from voting.custody import holders, jobs, keyfile, presenting, queries, service, wrapping
from voting.custody.models import CustodyKey


def box_secret(trio: Trio) -> bytes:
    """The secret key of the box, put together by the test from two private keys."""
    wraps = queries.list_wraps(trio.round_id, "box")
    one, two = trio.secrets()[:2]
    inner = wrapping.open_layer(one, wraps[1, 2])
    return wrapping.open_last(two, inner, wrapping.label("box", trio.round_id))


def test_voting_does_not_open_until_everything_is_there(context: Flask) -> None:
    round_ = make_round()
    round_id = round_.id
    staff = make_account("staff").as_actor()
    with unit_of_work():
        holders.choose(staff, round_, "holders", clock.now())
    said = []

    def refused() -> str:
        assert opening.prepare_due(clock.now()) == 0
        with pytest.raises(Invalid) as refusal:
            opening.open_round(staff, round_id, clock.now())
        db.session.rollback()
        said.append(str(refusal.value.message))
        return said[-1]

    assert "nu sunt numiți încă" in refused()
    trio = named(db.session.get_one(Round, round_id))
    assert "nu și-a făcut încă cheia" in refused()
    with unit_of_work():
        for place in (1, 2, 3):
            holders.make_key(trio.actor(place), trio.round_, clock.now())
    assert "nu a arătat încă fișierul" in refused()
    keyed(trio)
    assert "Repetiția nu este încheiată" in refused()
    for place in (1, 2):
        with unit_of_work():
            presenting.rehearse(trio.actor(place), trio.round_, trio.files[place], clock.now())
    assert "Repetiția nu este încheiată" in refused()
    with unit_of_work():
        assert presenting.rehearse(trio.actor(3), trio.round_, trio.files[3], clock.now()) == [1, 2]
    assert opening.prepare_due(clock.now()) == 1
    assert len(set(said)) == 5
    frozen = trio.round_
    assert frozen.box_secret_wrapped is None
    box = frozen.frozen["box"]
    assert box["custody"] == "holders"
    assert [one["name"] for one in box["holders"]] == [f"Deținătoarea {place}" for place in (1, 2, 3)]
    for one in box["holders"]:
        assert bytes.fromhex(one["public_key"]) == wrapping.public_of(trio.secrets()[one["place"] - 1])
    assert box["recovery"]["kept"] == KEPT


def test_the_recovery_copy_too_is_needed(context: Flask) -> None:
    trio = ready(make_round())
    with unit_of_work():
        holders.make_recovery(trio.staff, trio.round_, clock.now())
    with pytest.raises(Invalid) as refusal:
        opening.open_round(trio.staff, trio.round_id, clock.now())
    assert "nu a fost încă verificată și pusă în seif" in str(refusal.value.message)


@pytest.mark.parametrize("order", [(1, 2), (3, 1), (2, 3), (3, 4), (4, 2)])
def test_any_two_open_the_box_in_any_order(context: Flask, order: tuple[int, int]) -> None:
    trio = voted(context, ready(make_round()))
    stopped_before_opening(trio)
    assert presents(trio, order[0]) is False
    stopped_before_opening(trio)
    assert presents(trio, order[1]) is True
    assert closing.close_round(trio.round_id, clock.now()) == ["opened", "counted", "published"]
    assert trio.round_.results_at is not None
    with db.engine.connect() as connection:
        (said,) = connection.scalars(
            text("SELECT details FROM ceremony_step WHERE round_id = :id AND step = 'box_key'"),
            {"id": trio.round_id},
        )
        assert [one["place"] for one in said["presented"]] == list(order)
        for table in ("custody_layer", "custody_handover"):
            left = connection.scalar(text(f"SELECT count(*) FROM {table}"))
            assert left == 0, f"{table} is erased when the ballots are opened"
        assert connection.scalar(text("SELECT count(*) FROM opened_ballot")) == 3
    page = PageClient(context).get("voting.results", slug=trio.round_.slug).main_text
    for place in order:
        assert (
            "copia de recuperare din seif" if place == 4 else f"Deținătoarea {place} (funcția {place})"
        ) in page


def test_nothing_is_presented_too_early_twice_or_by_others(context: Flask) -> None:
    trio = ready(make_round())
    for moment in ("before opening", "while voting"):
        with pytest.raises(Conflict, match="prea devreme"):
            presenting.present(trio.actor(1), trio.round_, trio.files[1], clock.now())
        db.session.rollback()
        if moment == "before opening":
            voted(context, trio)
    # The steps before: the link still exists, so no key is taken.
    closing_steps = closing.STEPS[: closing.STEPS.index("keys_destroyed")]
    settings = context.config["SETTINGS"]
    engine = service_engine(context)
    plan = closing.round_queries.plan_of(trio.round_)
    db.session.rollback()
    work = closing.Closing(settings, engine, trio.round_id, plan, clock.now(), closing.SYSTEM)
    for step in closing_steps:
        closing.run_step(work, step)
        with pytest.raises(Conflict, match="prea devreme"):
            presenting.present(trio.actor(1), trio.round_, trio.files[1], clock.now())
        db.session.rollback()
    assert keys.path_of(settings, trio.round_id).exists()
    closing.run_step(work, "keys_destroyed")
    assert not keys.path_of(settings, trio.round_id).exists()
    engine.dispose()
    with pytest.raises(NotAllowed):
        presenting.present(make_account("staff").as_actor(), trio.round_, trio.files[1], clock.now())
    db.session.rollback()
    assert presents(trio, 1) is False
    with pytest.raises(Conflict, match="deja prezentată"):
        presents(trio, 1)
    for place in (2, 4):
        with pytest.raises(Invalid):
            presenting.present(trio.actor(3), trio.round_, trio.files[place], clock.now())
        db.session.rollback()
    with pytest.raises(NotAllowed):
        presenting.present_recovery(trio.actor(3), trio.round_, trio.files[4], "De ce?", clock.now())
    db.session.rollback()
    with pytest.raises(Invalid):
        presenting.present_recovery(trio.staff, trio.round_, trio.files[4], " ", clock.now())
    db.session.rollback()
    assert presents(trio, 3) is True
    with pytest.raises(Conflict, match="Două chei"):
        presents(trio, 2)
    closing.close_round(trio.round_id, clock.now())
    with pytest.raises(Conflict, match="Două chei"):
        presents(trio, 2)


def service_engine(app: Flask) -> Engine:
    """The owner's engine, as the close makes it."""
    return database.owner_engine(app.config["SETTINGS"])


def test_one_key_with_the_whole_database_and_the_master_key_opens_nothing(context: Flask) -> None:
    trio = voted(context, ready(make_round()))
    stopped_before_opening(trio)
    settings = context.config["SETTINGS"]
    mark = wrapping.label("box", trio.round_id)
    wraps = queries.list_wraps(trio.round_id, "box")
    assert set(wraps) == set(permutations((1, 2, 3, 4), 2))
    for place, private in enumerate(trio.secrets(), start=1):
        for (first, _second), sealed in wraps.items():
            with pytest.raises(wrapping.DoesNotOpen):
                wrapping.open_last(private, sealed, mark)
            if first == place:
                inner = wrapping.open_layer(private, sealed)
                with pytest.raises(wrapping.DoesNotOpen):
                    wrapping.open_last(private, inner, mark)
            with pytest.raises(wrapping.DoesNotOpen):
                wrapping.open_handover(presenting.handover_key(settings, trio.round_id), sealed)


def test_no_key_is_in_any_table_log_or_file_at_any_moment(
    context: Flask, caplog: pytest.LogCaptureFixture, tmp_path: Path
) -> None:
    caplog.set_level(logging.DEBUG)
    trio = ready(make_round())
    everything = [everything_stored()]
    voted(context, trio)
    everything.append(everything_stored())
    secret = box_secret(trio)
    stopped_before_opening(trio)
    for place in (2, 1):
        presents(trio, place)
        everything.append(everything_stored())
    assert queries.find_handover(trio.round_id) is not None
    closing.close_round(trio.round_id, clock.now())
    everything.append(everything_stored())
    folder = context.config["SETTINGS"].data_dir
    files = [path.read_bytes().decode("latin-1") for path in folder.rglob("*") if path.is_file()]
    everything += [*files, caplog.text]
    assert trio.round_.slug in everything[0]
    assert "box_key" in everything[4]
    for private in [*trio.secrets(), secret]:
        assert wrapping.public_of(private).hex() in everything[1], "the search finds what is there"
        for stored in everything:
            assert traces_of(private, stored) == []
            assert private.decode("latin-1") not in stored


def test_the_worker_goes_on_after_a_crash_and_the_box_opens_once(
    context: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    trio = voted(context, ready(make_round()))
    stopped_before_opening(trio)
    presents(trio, 1)
    presents(trio, 2)

    def crash(_text: str) -> bytes:
        raise RuntimeError("killed")

    monkeypatch.setattr(closing, "leaf_of", crash)
    with pytest.raises(RuntimeError):
        closing.close_round(trio.round_id, clock.now())
    monkeypatch.undo()
    db.session.rollback()
    assert queries.find_handover(trio.round_id) is not None, "what was handed over is there until it was used"
    assert closing.close_round(trio.round_id, clock.now()) == ["opened", "counted", "published"]
    assert closing.close_round(trio.round_id, clock.now()) == []
    assert queries.find_handover(trio.round_id) is None


def test_keys_are_frozen_in_the_database_itself(context: Flask) -> None:
    trio = ready(make_round())
    opened(trio.round_)
    for statement in (
        "UPDATE custody_key SET public_key = decode(repeat('00', 32), 'hex') WHERE place = 1",
        "DELETE FROM custody_key WHERE place = 2",
        "UPDATE custody SET kind = 'server'",
    ):
        with pytest.raises(IntegrityError):
            db.session.execute(text(statement))
        db.session.rollback()
    assert len(db.session.scalars(db.select(CustodyKey)).all()) == 4
    for command in (
        lambda: holders.make_key(trio.actor(1), trio.round_, clock.now()),
        lambda: holders.confirm_key(trio.actor(1), trio.round_, trio.files[1], clock.now()),
        lambda: holders.choose(trio.staff, trio.round_, "server", clock.now()),
        lambda: holders.make_recovery(trio.staff, trio.round_, clock.now()),
        lambda: presenting.rehearse(trio.actor(1), trio.round_, trio.files[1], clock.now()),
    ):
        with pytest.raises(Conflict):
            command()
        db.session.rollback()


def test_holders_are_called_once_and_told_at_the_end(context: Flask) -> None:
    trio = voted(context, ready(make_round()))
    assert jobs.call_holders(clock.now()) == 0, "not before the link is destroyed"
    stopped_before_opening(trio)
    for _again in range(2):
        jobs.call_holders(clock.now())
    letters = db.session.scalars(
        db.select(outbox.OutboxMessage).where(outbox.OutboxMessage.subject.contains("să îți prezinți cheia"))
    ).all()
    assert {one.address for one in letters} == {account.email for account in trio.accounts.values()}
    assert len(letters) == 3
    presents(trio, 1)
    presents(trio, 3)
    closing.close_round(trio.round_id, clock.now())
    assert jobs.destroy_due(clock.now()) == 0, "the results can still be contested"
    stored = trio.round_
    stored.adopted_at, stored.adopted_by = clock.now(), "HCL 12 / 2026"
    db.session.commit()
    assert jobs.destroy_due(clock.now()) == 1
    assert jobs.destroy_due(clock.now()) == 0
    assert not queries.list_wraps(trio.round_id, "box")
    assert (
        "Cheia urnei a fost distrusă"
        in PageClient(context).get("rounds.show", slug=trio.round_.slug).main_text
    )
    page = trio.browser(context, 2).get("custody.show", round_id=trio.round_id)
    assert "Șterge fișierul" in page.main_text


def test_a_key_the_server_keeps_is_destroyed_too(context: Flask) -> None:
    round_ = opened(make_round())
    (person,) = make_voters(1)
    opening.register_late(clock.now())
    vote(context, round_, person, approve("P1"))
    clock.travel(timedelta(hours=2))
    assert closing.close_round(round_.id, clock.now())[-1] == "published"
    stored = db.session.get_one(Round, round_.id, populate_existing=True)
    assert stored.frozen["box"]["custody"] == "server"
    assert stored.box_secret_wrapped
    stored.adopted_at, stored.adopted_by = clock.now(), "HCL 12 / 2026"
    db.session.commit()
    assert jobs.destroy_due(clock.now()) == 1
    assert db.session.get_one(Round, round_.id, populate_existing=True).box_secret_wrapped is None


def test_what_is_published_says_whose_keys_and_verifies(context: Flask, tmp_path: Path) -> None:
    trio = voted(context, ready(make_round()))
    stopped_before_opening(trio)
    presents(trio, 3)
    presents(trio, 2)
    closing.close_round(trio.round_id, clock.now())
    with context.test_request_context():
        found = publication_set.find_set(trio.round_, context.config["SETTINGS"].city)
        publication_set.write_folder(found, tmp_path / "set")
    minutes = json.loads((tmp_path / "set" / "minutes.json").read_text())
    steps = {one["step"]: one["details"] for one in minutes["steps"]}
    assert steps["box_key"] == {
        "custody": "holders",
        "presented": [
            {"place": place, "name": f"Deținătoarea {place}", "title": f"funcția {place}"} for place in (3, 2)
        ],
    }
    order = [one["step"] for one in minutes["steps"]]
    assert order.index("keys_destroyed") < order.index("box_key") < order.index("opened")
    plan = json.loads((tmp_path / "set" / "plan.json").read_text())
    assert [one["title"] for one in plan["box"]["holders"]] == ["funcția 1", "funcția 2", "funcția 3"]
    ran = subprocess.run(
        [sys.executable, "verify.py"], cwd=tmp_path / "set", capture_output=True, text=True, check=False
    )
    assert ran.returncode == 0, ran.stdout + ran.stderr


def test_in_a_ceremony_keys_are_presented_after_the_second_word_and_the_work_waits_for_them(
    context: Flask,
) -> None:
    trio = voted(context, ready(make_round(validation=timedelta(minutes=30))))
    pair = two_people()
    page = PageClient(context)
    page.sign_in(pair[0])
    do_all(trio.round_id, pair, until="backups")
    assert jobs.call_holders(clock.now()) == 1
    called = db.select(outbox.OutboxMessage).where(outbox.OutboxMessage.dedup_key.like("custody-call:%"))
    assert db.session.scalars(called).all() == [], "nobody is called before two people set it going"
    with pytest.raises(Conflict, match="doi oameni din primărie"):
        presents(trio, 1)
    said = page.get("ceremony.show", round_id=trio.round_id).main_text
    assert "Cheia acestei urne este păstrată de trei deținători" in said
    word = agree(trio.round_id, "count", pair)
    for _again in range(2):
        with pytest.raises(service.HoldersAwaited):
            work.run_stage(word)
        db.session.rollback()
        assert work.resume_due(clock.now()) == 0, "the job asks again and again, and notes no stop"
    said = page.get("ceremony.show", round_id=trio.round_id).main_text
    assert "Buletinele așteaptă deținătorii" in said
    assert KEPT in said
    assert "oprit" not in said.lower()
    jobs.call_holders(clock.now())
    assert len(db.session.scalars(called).all()) == 3
    assert presents(trio, 2) is False
    assert work.resume_due(clock.now()) == 0
    assert presents(trio, 1) is True
    assert "Două chei au fost prezentate" in page.get("ceremony.show", round_id=trio.round_id).main_text
    assert work.resume_due(clock.now()) == 1
    assert work.resume_due(clock.now()) == 0
    assert queries.find_handover(trio.round_id) is None
    assert {"box_key", "opened", "counted"} <= recorded(trio.round_id)
    do_stage(trio.round_id, "publish", pair)
    minutes = PageClient(context).get("minutes.show", slug=trio.round_.slug).main_text
    assert "Deținătoarea 2 (funcția 2), Deținătoarea 1 (funcția 1)" in minutes


def test_holders_without_whom_the_vote_cannot_open_are_reminded_once_a_day(context: Flask) -> None:
    soon = timedelta(days=-5)
    trio = named(make_round(opened_ago=soon, closes_in=timedelta(days=9)))
    sent = db.select(outbox.OutboxMessage.address).where(
        outbox.OutboxMessage.dedup_key.like("custody-remind:%")
    )
    assert jobs.remind_holders(clock.now()) == 0, "there is time"
    clock.travel(timedelta(days=3))
    with unit_of_work():
        made = holders.make_key(trio.actor(1), trio.round_, clock.now())
        trio.files[1] = keyfile.write(made, [])
        holders.confirm_key(trio.actor(1), trio.round_, trio.files[1], clock.now())
    for _again in range(2):
        assert jobs.remind_holders(clock.now()) == 2
    assert sorted(db.session.scalars(sent).all()) == sorted(trio.accounts[place].email for place in (2, 3))
    clock.travel(timedelta(days=4))
    assert jobs.remind_holders(clock.now()) == 2
    assert len(db.session.scalars(sent).all()) == 4
    keyed(trio)
    assert jobs.remind_holders(clock.now()) == 3, "the rehearsal is still to be passed"
    rehearsed(trio)
    assert jobs.remind_holders(clock.now()) == 0


def test_a_vote_of_questions_waits_for_its_holders_too(context: Flask) -> None:
    trio = named(make_round(content="questions"))
    problems = opening.opening_problems(trio.round_, [])
    assert any("nu și-a făcut încă cheia" in str(one) for one in problems)
    with pytest.raises(Invalid), unit_of_work():
        service.make_box(context.config["SETTINGS"], trio.round_)
    assert queries.list_wraps(trio.round_id, "box") == {}

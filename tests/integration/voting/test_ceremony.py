"""Two people close a vote: never one, never the program alone, and after a crash it goes on where it was."""

import dataclasses
import json
from datetime import timedelta
from pathlib import Path
from threading import Barrier, Thread
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import text
from sqlalchemy.exc import ProgrammingError

from civic import clock, database, jobs
from civic.audit import AuditRecord
from civic.errors import Conflict, DomainError, Invalid, NotAllowed
from civic.extensions import db
from civic.rounds.models import Round
from civic.tasks import Task
from civic.unit_of_work import unit_of_work
from tests.factories import make_account
from tests.integration.voting.ceremonykit import (
    NOTE,
    agree,
    do_all,
    do_stage,
    recorded,
    run_worker,
    two_people,
    waiting_round,
)
from tests.integration.voting.verificationkit import exported, verified
from tests.integration.voting.votingkit import make_round
from voting import ceremony, closing, keys
from voting.ceremony import queries, rules, second_count, service, work
from voting.ceremony.rules import BY_NAME, MINUTED, STAGES
from voting.ceremony.service import NOTHING
from voting.models import CeremonyStep

CLOSE = BY_NAME["close"]


def refusal_of(call: Any, *arguments: Any, **keywords: Any) -> str:
    with pytest.raises(DomainError) as caught, unit_of_work():
        call(*arguments, **keywords)
    return str(caught.value.message)


def test_the_rules_know_every_step_of_the_close() -> None:
    assert [step for step in MINUTED if step != rules.BACKUPS] == list(closing.STEPS)


def test_two_people_close_a_vote_and_anyone_can_verify_it(context: Flask, tmp_path: Path) -> None:
    round_id, pair = waiting_round(context).id, two_people()
    do_all(round_id, pair)
    round_ = db.session.get_one(Round, round_id, populate_existing=True)
    assert round_.results_at is not None
    steps = queries.steps_by_name(round_id)
    assert set(steps) == set(MINUTED)
    for step in steps.values():
        assert (step.actor_a_id, step.actor_b_id) == (pair[0].id, pair[1].id), step.step
        assert step.names == ["Ana Ionescu", "Dan Pop"]
    assert steps["counted"].details["second"] == {
        "program": "verify.py",
        "pots": {str(round_.pots[0].id): "same"},
    }
    assert steps[rules.BACKUPS].details["taken_on"] == "2026-05-20"
    folder = exported(context, round_, tmp_path / "set")
    minutes = json.loads((folder / "minutes.json").read_text())
    assert [one["step"] for one in minutes["steps"]] == list(MINUTED)
    assert all(one["people"] == ["Ana Ionescu", "Dan Pop"] for one in minutes["steps"])
    code, said = verified(folder)
    assert code == 0, said
    events = db.session.scalars(
        db.select(AuditRecord).where(AuditRecord.event.like("ceremony.%")).order_by(AuditRecord.id)
    ).all()
    assert [one.event for one in events] == ["ceremony.begun", "ceremony.confirmed"] * len(STAGES)
    assert events[1].details == {
        "stage": "close", "first": pair[0].id, "second": pair[1].id, "same_screen": False,
    }  # fmt: skip


def test_a_name_changed_later_changes_no_minutes(context: Flask) -> None:
    round_id, pair = waiting_round(context, 2).id, two_people()
    do_stage(round_id, "close", pair)
    pair[0].display_name = "Altcineva"
    db.session.commit()
    assert queries.steps_by_name(round_id)["closed"].names == ["Ana Ionescu", "Dan Pop"]


def test_the_job_begins_nothing(context: Flask) -> None:
    round_id = waiting_round(context, 2).id
    jobs.run(context, "votes.close", clock.now())
    run_worker()
    assert recorded(round_id) == set()
    assert db.session.get_one(Round, round_id, populate_existing=True).closed_at is None
    with unit_of_work():
        service.propose(two_people()[0].as_actor(), round_id, CLOSE, NOTHING, clock.now())
    jobs.run(context, "votes.close", clock.now())
    assert recorded(round_id) == set(), "one person's word is not enough"


def test_the_second_word_asks_the_worker_and_the_page_waits_for_nothing(context: Flask) -> None:
    round_id, (first, second) = waiting_round(context, 2).id, two_people()
    with unit_of_work():
        service.propose(first.as_actor(), round_id, CLOSE, NOTHING, clock.now())
    with unit_of_work():
        service.confirm(second.as_actor(), round_id, CLOSE, NOTHING, clock.now())
    assert recorded(round_id) == set()
    assert run_worker() == 1
    assert recorded(round_id) == {"closed", "participation"}
    assert db.session.scalars(db.select(Task.state)).all() == ["done"]


# --- who may, and when ------------------------------------------------------------------------------------


def test_one_person_is_not_two(context: Flask) -> None:
    round_id, (first, _second) = waiting_round(context, 2).id, two_people()
    with unit_of_work():
        service.propose(first.as_actor(), round_id, CLOSE, NOTHING, clock.now())
    said = refusal_of(service.confirm, first.as_actor(), round_id, CLOSE, NOTHING, clock.now())
    assert "trebuie să confirme altă persoană" in said
    with pytest.raises(Exception, match="two_people"), db.engine.begin() as connection:
        connection.execute(
            text(
                "UPDATE ceremony_stage SET confirmed_by_id = proposed_by_id, confirmed_at = now(), names = '{a,b}'"
            )
        )


@pytest.mark.parametrize("role", ["moderator", "clerk", "auditor", "administrator"])
def test_only_council_staff_take_part(context: Flask, role: str) -> None:
    round_id, (first, _second) = waiting_round(context, 2).id, two_people()
    other = make_account(role).as_actor()
    with pytest.raises(NotAllowed), unit_of_work():
        service.propose(other, round_id, CLOSE, NOTHING, clock.now())
    with unit_of_work():
        service.propose(first.as_actor(), round_id, CLOSE, NOTHING, clock.now())
    for command in (service.confirm, service.withdraw):
        arguments = (NOTHING,) if command is service.confirm else ()
        with pytest.raises(NotAllowed), unit_of_work():
            command(other, round_id, CLOSE, *arguments, clock.now())


def test_whoever_was_suspended_meanwhile_is_not_the_first_of_two(context: Flask) -> None:
    round_id, (first, second) = waiting_round(context, 2).id, two_people()
    with unit_of_work():
        service.propose(first.as_actor(), round_id, CLOSE, NOTHING, clock.now())
    first.disabled_at = clock.now()
    db.session.commit()
    said = refusal_of(service.confirm, second.as_actor(), round_id, CLOSE, NOTHING, clock.now())
    assert "nu mai are dreptul" in said


def test_it_is_too_early_while_people_vote_and_while_complaints_are_decided(context: Flask) -> None:
    round_id, (first, _second) = waiting_round(context, 2, wait=False).id, two_people()
    for hours, reason in ((0.5, "Încă se votează"), (1.5, "Validarea ține")):
        clock.travel(timedelta(hours=hours))
        said = refusal_of(service.propose, first.as_actor(), round_id, CLOSE, NOTHING, clock.now())
        assert reason in said
    assert recorded(round_id) == set()


def test_stages_come_in_their_order_and_once(context: Flask) -> None:
    round_id, pair = waiting_round(context, 2).id, two_people()
    first = pair[0].as_actor()
    for stage in STAGES[1:]:
        assert "etapele dinainte" in refusal_of(service.propose, first, round_id, stage, NOTE, clock.now())
    do_stage(round_id, "close", pair)
    assert "e făcută" in refusal_of(service.propose, first, round_id, CLOSE, NOTHING, clock.now())
    do_stage(round_id, "unlink", pair)
    for name in ("count", "publish"):
        said = refusal_of(service.propose, first, round_id, BY_NAME[name], NOTHING, clock.now())
        assert "etapele dinainte" in said, "what becomes of the backups is written down first"


def test_a_vote_never_prepared_and_one_of_the_past_are_not_closed(context: Flask) -> None:
    first = two_people()[0].as_actor()
    plain = make_round().id
    assert "nu a fost pregătit" in refusal_of(service.propose, first, plain, CLOSE, NOTHING, clock.now())
    recorded_ = make_round(kind="recorded").id
    assert "din trecut" in refusal_of(service.propose, first, recorded_, CLOSE, NOTHING, clock.now())


def test_a_missing_key_is_explained_before_anything_is_done(context: Flask) -> None:
    round_id, (first, second) = waiting_round(context, 2).id, two_people()
    path = keys.path_of(context.config["SETTINGS"], round_id)
    kept = path.read_bytes()
    path.unlink()
    said = refusal_of(service.propose, first.as_actor(), round_id, CLOSE, NOTHING, clock.now())
    assert f"keys/round-{round_id}.key" in said
    path.write_bytes(kept)
    word = agree(round_id, "close", (first, second))
    path.unlink()
    assert work.run_stage(word) == []
    stopped = queries.find_word(round_id, "close")
    assert stopped is not None
    assert stopped.stopped_by == "keys"
    path.write_bytes(kept)
    with unit_of_work():
        service.try_again(second.as_actor(), round_id, CLOSE, clock.now())
    run_worker()
    assert recorded(round_id) == {"closed", "participation"}


def test_what_others_register_keeps_a_close_from_beginning(
    context: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    open_complaints = {"number": 1}
    monkeypatch.setitem(context.extensions, "civic_ceremony_obstacles", [])
    ceremony.register_obstacle(
        context, lambda _round, _now: "O sesizare e deschisă." if open_complaints["number"] else None
    )
    round_id, (first, second) = waiting_round(context, 2).id, two_people()
    said = refusal_of(service.propose, first.as_actor(), round_id, CLOSE, NOTHING, clock.now())
    assert said == "O sesizare e deschisă."
    open_complaints["number"] = 0
    word = agree(round_id, "close", (first, second))
    open_complaints["number"] = 1
    assert work.run_stage(word) == []
    assert recorded(round_id) == set(), "it arose between the second word and the first step"
    assert work.resume_due(clock.now()) == 0
    open_complaints["number"] = 0
    with unit_of_work():
        service.try_again(first.as_actor(), round_id, CLOSE, clock.now(), enqueue=False)
    assert work.run_stage(word) == ["closed", "participation"]


def test_a_stage_can_ask_for_more_of_both(context: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(context.extensions, "civic_ceremony_panels", {})
    seen = []

    def check(given: Any) -> None:
        if given.form.get("share") != "ok":
            raise Invalid("Lipsește fișierul cheii.")
        seen.append((given.moment, given.actor.id))

    ceremony.register_stage_panel(context, "close", lambda *_: None, check)
    round_id, (first, second) = waiting_round(context, 2).id, two_people()
    brought = service.Brought({"share": "ok"})
    said = refusal_of(service.propose, first.as_actor(), round_id, CLOSE, NOTHING, clock.now())
    assert said == "Lipsește fișierul cheii."
    with unit_of_work():
        service.propose(first.as_actor(), round_id, CLOSE, brought, clock.now())
    refusal_of(service.confirm, second.as_actor(), round_id, CLOSE, NOTHING, clock.now())
    with unit_of_work():
        service.confirm(second.as_actor(), round_id, CLOSE, brought, clock.now())
    assert seen == [("propose", first.id), ("confirm", second.id)]


def test_a_proposal_expires_and_can_be_withdrawn(context: Flask) -> None:
    round_id, (first, second) = waiting_round(context, 2).id, two_people()
    with unit_of_work():
        service.propose(first.as_actor(), round_id, CLOSE, NOTHING, clock.now())
    taken = refusal_of(service.propose, second.as_actor(), round_id, CLOSE, NOTHING, clock.now())
    assert "a început deja" in taken
    clock.travel(timedelta(hours=3, minutes=31))
    late = refusal_of(service.confirm, second.as_actor(), round_id, CLOSE, NOTHING, clock.now())
    assert "jumătate de oră" in late
    with unit_of_work():
        service.propose(second.as_actor(), round_id, CLOSE, NOTHING, clock.now())
    with unit_of_work():
        service.withdraw(first.as_actor(), round_id, CLOSE, clock.now())
    gone = refusal_of(service.confirm, first.as_actor(), round_id, CLOSE, NOTHING, clock.now())
    assert "retrasă" in gone
    do_stage(round_id, "close", (first, second))
    assert refusal_of(service.withdraw, first.as_actor(), round_id, CLOSE, clock.now())


def test_the_note_on_backups_is_asked_for(context: Flask) -> None:
    round_id, pair = waiting_round(context, 2).id, two_people()
    do_all(round_id, pair, "unlink")
    for missing in ({"note": ""}, {"taken_on": None}, {"copies_destroyed": False}):
        brought = dataclasses.replace(NOTE, **missing)
        assert refusal_of(
            service.propose, pair[0].as_actor(), round_id, BY_NAME[rules.BACKUPS], brought, clock.now()
        )
    do_stage(round_id, rules.BACKUPS, pair)
    assert rules.BACKUPS in recorded(round_id)


# --- crashes and races --------------------------------------------------------------------------------------


@pytest.mark.parametrize("way", ["job", "page"])
@pytest.mark.parametrize("step", closing.STEPS)
def test_it_goes_on_where_a_crash_left_it(
    context: Flask, monkeypatch: pytest.MonkeyPatch, step: str, way: str
) -> None:
    """A crash inside any step: nothing of it is kept, and job or worker finish with the same two people."""
    round_id, pair = waiting_round(context, 4).id, two_people()
    stage = next(one for one in STAGES if step in one.steps)
    for one in rules.before(stage):
        do_stage(round_id, one.name, pair)
    real, tripped = closing._record, []

    def record(connection: Any, at: closing.Closing, name: str, details: dict[str, Any]) -> None:
        real(connection, at, name, details)
        if name == step and not tripped:
            tripped.append(name)
            raise RuntimeError("power cut")

    monkeypatch.setattr(closing, "_record", record)
    word = agree(round_id, stage.name, pair)
    with pytest.raises(RuntimeError):
        work.run_stage(word)
    db.session.rollback()
    assert step not in recorded(round_id)
    if way == "job":
        assert work.close_due(clock.now()) == 1
    else:
        assert work.run_stage(word)
    assert set(stage.steps) <= recorded(round_id)
    assert queries.steps_by_name(round_id)[step].actor_b_id == pair[1].id
    assert work.run_stage(word) == []


def test_the_worker_and_the_command_at_once_do_the_work_once(context: Flask) -> None:
    round_id, pair = waiting_round(context, 3).id, two_people()
    word, together, done = agree(round_id, "close", pair), Barrier(3), []

    def run() -> None:
        with context.app_context():
            together.wait()
            try:
                done.append(work.run_stage(word))
            except Conflict:
                done.append([])

    threads = [Thread(target=run) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(map(len, done)) == [0, 0, 2]
    assert recorded(round_id) == {"closed", "participation"}


def test_two_second_words_at_once_are_one(context: Flask) -> None:
    round_id, (first, second) = waiting_round(context, 2).id, two_people()
    third = make_account("staff")
    with unit_of_work():
        service.propose(first.as_actor(), round_id, CLOSE, NOTHING, clock.now())
    actors, together, said = [second.as_actor(), third.as_actor(), second.as_actor()], Barrier(3), []

    def run(actor: Any) -> None:
        with context.app_context():
            together.wait()
            try:
                with unit_of_work():
                    said.append(service.confirm(actor, round_id, CLOSE, NOTHING, clock.now()).confirmed_by_id)
            except DomainError:
                said.append(None)

    threads = [Thread(target=run, args=(actor,)) for actor in actors]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len({one for one in said if one is not None}) == 1
    assert db.session.scalar(db.select(db.func.count()).select_from(Task)) == 1
    run_worker()
    assert recorded(round_id) == {"closed", "participation"}


def test_a_ballot_of_nobody_stops_the_close_and_nothing_is_lost(context: Flask) -> None:
    round_id, pair = waiting_round(context, 3).id, two_people()
    with db.engine.begin() as connection:
        connection.execute(
            text("INSERT INTO ballot_box VALUES (:r, :nym, :leaf, 'online', 1)"),
            {"r": round_id, "nym": b"n" * 32, "leaf": b"l" * 32},
        )
    assert do_stage(round_id, "close", pair) == []
    word = queries.find_word(round_id, "close")
    assert word is not None
    assert (word.stopped_by, word.finished_at) == ("box", None)
    assert recorded(round_id) == {"closed"}
    assert work.resume_due(clock.now()) == 0, "the job does not try again by itself"
    assert "etapele dinainte" in refusal_of(
        service.propose, pair[0].as_actor(), round_id, BY_NAME["unlink"], NOTHING, clock.now()
    )


def test_counts_that_differ_stop_the_close(context: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    round_id, pair = waiting_round(context, 4).id, two_people()
    do_all(round_id, pair, rules.BACKUPS)
    real = second_count.count_again

    def one_vote_more(asked: int) -> Any:
        found = real(asked)
        for one in found.values():
            one.votes["P2"] += 1
        return found

    with monkeypatch.context() as patched:
        patched.setattr(second_count, "count_again", one_vote_more)
        assert do_stage(round_id, "count", pair) == []
    assert recorded(round_id) == {*MINUTED[:7], "opened"}
    word = queries.find_word(round_id, "count")
    assert word is not None
    assert word.stopped_by == "counts"
    pot = db.session.scalar(text("SELECT min(id) FROM pot WHERE round_id = :id"), {"id": round_id})
    assert word.stopped_saying == f"pot {pot}: votes and scores differ", (
        "no count before the results are public"
    )
    assert db.session.scalar(text("SELECT count(*) FROM round_result")) == 0, (
        "a count not agreed on is not kept"
    )
    with unit_of_work():
        service.try_again(pair[0].as_actor(), round_id, BY_NAME["count"], clock.now())
    run_worker()
    assert "counted" in recorded(round_id)


def test_a_box_that_does_not_open_stops_the_close(context: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    round_id, pair = waiting_round(context, 3).id, two_people()
    do_all(round_id, pair, rules.BACKUPS)
    settings = context.config["SETTINGS"]
    with monkeypatch.context() as patched:
        patched.setitem(context.config, "SETTINGS", dataclasses.replace(settings, master_key=b"k" * 32))
        assert do_stage(round_id, "count", pair) == []
    word = queries.find_word(round_id, "count")
    assert word is not None
    assert word.stopped_by == "box_key"
    with unit_of_work():
        service.try_again(pair[1].as_actor(), round_id, BY_NAME["count"], clock.now())
    run_worker()
    assert "counted" in recorded(round_id)


def test_a_key_put_back_after_it_was_destroyed_opens_nothing(context: Flask) -> None:
    round_id, pair = waiting_round(context, 3).id, two_people()
    path = keys.path_of(context.config["SETTINGS"], round_id)
    kept = path.read_bytes()
    do_all(round_id, pair, rules.BACKUPS)
    assert not path.exists()
    path.write_bytes(kept)
    assert do_stage(round_id, "count", pair) == []
    word = queries.find_word(round_id, "count")
    assert word is not None
    assert word.stopped_by == "link"
    assert db.session.scalar(text("SELECT count(*) FROM opened_ballot")) == 0
    path.unlink()
    with unit_of_work():
        service.try_again(pair[1].as_actor(), round_id, BY_NAME["count"], clock.now())
    run_worker()
    assert "counted" in recorded(round_id)


def test_the_application_changes_nothing_of_the_minutes(context: Flask) -> None:
    round_id, pair = waiting_round(context, 2).id, two_people()
    do_all(round_id, pair, "close")
    for statement in ("DELETE FROM ceremony_step", "UPDATE ceremony_step SET names = '{}'"):
        with pytest.raises(ProgrammingError, match="permission denied"), db.engine.begin() as connection:
            connection.execute(text(statement))


def test_half_a_close_of_an_older_version_is_finished_by_two_people(context: Flask) -> None:
    round_ = waiting_round(context, 3)
    round_id, pair = round_.id, two_people()
    do_all(round_id, pair, "close")
    owner = database.owner_engine(context.config["SETTINGS"])
    with owner.begin() as connection:
        connection.execute(text("DELETE FROM ceremony_stage"))
        connection.execute(
            text("UPDATE ceremony_step SET actor_a_id = NULL, actor_b_id = NULL, names = '{}'")
        )
    owner.dispose()
    assert work.close_due(clock.now()) == 0
    for stage in STAGES[1:]:
        do_stage(round_id, stage.name, pair)
    assert set(MINUTED) == recorded(round_id)
    assert db.session.get_one(CeremonyStep, (round_id, "closed")).names == []

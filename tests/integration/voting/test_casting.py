"""One ballot each, nothing beside it, whatever happens at the same time."""

import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from decimal import Decimal

import pytest
from flask import Flask
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from civic import clock
from civic.errors import Conflict, DomainError, Invalid, NotAllowed
from civic.extensions import db
from tests.integration.voting.votingkit import approve, ballot, make_round, make_voters, opened, rows, vote
from voting import casting
from voting.casting import Outcome
from voting.models import Project, RollStrike, ballot_box, cast_log


def test_a_ballot_is_refused_until_the_round_is_frozen(real_app: Flask) -> None:
    with real_app.app_context():
        round_ = make_round()
        (voter,) = make_voters(1)
        frozen = opened(round_)
        cast = ballot(real_app, frozen, voter, approve("P1"))
        db.session.execute(text("SELECT 1"))
        db.session.rollback()
        engine = db.engine
        other = make_round()
        wrong = casting.Cast(
            cast.plan.__class__(**{**cast.plan.__dict__, "round_id": other.id}),
            voter, cast.nym, cast.choices, cast.leaf, cast.sealed,
        )  # fmt: skip
        with pytest.raises(Conflict) as refusal:
            casting.cast(engine, wrong)
        assert "pregătește" in str(refusal.value.message)
        assert rows(cast_log) == []


def test_cast_replace_repeat(real_app: Flask) -> None:
    with real_app.app_context():
        round_ = make_round()
        (voter,) = make_voters(1)
        round_ = opened(round_)
        first = vote(real_app, round_, voter, approve("P1"), b"a" * 16)
        assert first.outcome is Outcome.CAST
        assert vote(real_app, round_, voter, approve("P1"), b"a" * 16) == casting.Receipt(
            first.leaf, Outcome.REPEATED
        )
        second = vote(real_app, round_, voter, approve("P2", "P3"), b"b" * 16)
        assert second.outcome is Outcome.REPLACED
        assert vote(real_app, round_, voter, approve("P1"), b"a" * 16).outcome is Outcome.SUPERSEDED
        (box,) = rows(ballot_box)
        assert (box.leaf, box.revision, box.channel) == (second.leaf, 2, "online")
        assert sorted(row.kind for row in rows(cast_log)) == ["ballot", "ballot", "void"]
        sealed = {len(row.sealed) for row in rows(cast_log) if row.kind == "ballot"}
        assert len(sealed) == 1, "every ciphertext of a round has one length"


@pytest.mark.parametrize(
    ("choices", "sentence"),
    [
        ({"P1": 1, "P2": 1, "P3": 1}, "cel mult 2"),
        ({}, "gol"),
        ({"P1": 2}, "nu formează"),
    ],
)
def test_an_invalid_ballot_is_refused_with_its_sentence(
    real_app: Flask, choices: dict[str, int], sentence: str
) -> None:
    with real_app.app_context():
        round_ = make_round()
        (voter,) = make_voters(1)
        round_ = opened(round_)
        with pytest.raises(Invalid) as refusal:
            vote(real_app, round_, voter, {code: Decimal(value) for code, value in choices.items()})
        assert sentence in str(refusal.value.message)
        assert rows(cast_log) == []


def test_people_not_on_the_roll_or_struck_are_refused(real_app: Flask) -> None:
    with real_app.app_context():
        round_ = make_round()
        (voter,) = make_voters(1)
        round_ = opened(round_)
        (late,) = make_voters(1)
        with pytest.raises(NotAllowed):
            vote(real_app, round_, late, approve("P1"))
        vote(real_app, round_, voter, approve("P1"))
        db.session.add(
            RollStrike(round_id=round_.id, voter_id=voter, reason="dublă înscriere", at=clock.now())
        )
        db.session.commit()
        with pytest.raises(NotAllowed):
            vote(real_app, round_, voter, approve("P2"), b"2" * 16)
        assert len(rows(ballot_box)) == 1, "the earlier ballot stands"


def test_late_and_early_casts_are_refused_by_the_database_clock(real_app: Flask) -> None:
    with real_app.app_context():
        round_ = make_round()
        (voter,) = make_voters(1)
        round_ = opened(round_)
        try:
            clock.travel(timedelta(hours=1))
            with pytest.raises(Conflict) as late:
                vote(real_app, round_, voter, approve("P1"))
            assert "încheiat" in str(late.value.message)
            clock.travel(-timedelta(hours=2))
            with pytest.raises(Conflict) as early:
                vote(real_app, round_, voter, approve("P1"))
            assert "început" in str(early.value.message)
        finally:
            clock.travel(timedelta(0))
        assert rows(cast_log) == []


def test_a_paper_ballot_blocks_the_online_one(real_app: Flask) -> None:
    with real_app.app_context():
        round_ = make_round()
        (voter,) = make_voters(1)
        round_ = opened(round_)
        cast = ballot(real_app, round_, voter, approve("P1"))
        with db.engine.begin() as connection:
            connection.execute(
                ballot_box.insert().values(
                    round_id=round_.id, nym=cast.nym, leaf=b"\x00" * 32, channel="paper", revision=1
                )
            )
        with pytest.raises(Conflict) as refusal:
            casting.cast(db.engine, cast)
        assert "hârtie" in str(refusal.value.message)
        assert rows(cast_log) == []


def test_simultaneous_casts_of_one_voter_leave_one_ballot(real_app: Flask) -> None:
    with real_app.app_context():
        round_ = make_round()
        (voter,) = make_voters(1)
        round_ = opened(round_)
        # Forms are shared by some of them: those are double submits of one ballot.
        casts = [
            ballot(real_app, round_, voter, approve(f"P{form + 1 if form < 4 else 1}"), bytes([form]) * 16)
            for form in [number % 5 for number in range(20)]
        ]
        engine = db.engine
        with ThreadPoolExecutor(8) as pool:
            receipts = list(pool.map(lambda one: casting.cast(engine, one), casts))
        (box,) = rows(ballot_box)
        log = rows(cast_log)
        ballots = {row.leaf for row in log if row.kind == "ballot"}
        voided = {row.target for row in log if row.kind == "void"}
        assert ballots == {one.leaf for one in casts}
        assert ballots - voided == {box.leaf}
        assert {receipt.leaf for receipt in receipts} == ballots
        assert box.revision == len(ballots)


def test_a_form_of_somebody_else_confirms_nothing(real_app: Flask) -> None:
    with real_app.app_context():
        round_ = make_round()
        first, second = make_voters(2)
        round_ = opened(round_)
        vote(real_app, round_, first, approve("P1"))
        with pytest.raises(Conflict):
            vote(real_app, round_, second, approve("P1"))
        assert len(rows(ballot_box)) == 1


def test_a_close_and_casts_take_turns(real_app: Flask) -> None:
    """Whoever holds the round exclusively waits for casts under way; casts that waited for it are late."""
    with real_app.app_context():
        round_ = make_round()
        voters = make_voters(12)
        round_ = opened(round_)
        casts = [
            ballot(real_app, round_, voter, approve("P1"), bytes([at]) * 16)
            for at, voter in enumerate(voters)
        ]
        engine, closing = db.engine, threading.Event()

        def close() -> int:
            with engine.connect() as connection:
                closing.set()
                connection.execute(text(f"SELECT pg_advisory_xact_lock({casting.ROUND_LOCK}, {round_.id})"))
                connection.execute(
                    text("UPDATE round SET closed_at = now() WHERE id = :id"), {"id": round_id}
                )
                seen = connection.scalar(text("SELECT count(*) FROM ballot_box"))
                connection.commit()
                return int(seen or 0)

        round_id = round_.id

        def attempt(one: casting.Cast) -> bool:
            try:
                casting.cast(engine, one)
            except DomainError:
                return False
            return True

        with ThreadPoolExecutor(6) as pool:
            first = [pool.submit(attempt, one) for one in casts[:6]]
            closer = pool.submit(close)
            closing.wait(5)
            rest = [pool.submit(attempt, one) for one in casts[6:]]
            confirmed = sum(future.result() for future in [*first, *rest])
            seen = closer.result()
        assert len(rows(ballot_box)) == confirmed == seen
        assert attempt(casts[0]) is False


def test_a_cast_touches_the_box_and_the_log_alone(real_app: Flask) -> None:
    """The linkage check in small: every other table is byte for byte and row version for row version the same."""
    with real_app.app_context():
        round_ = make_round()
        voters = make_voters(3)
        round_ = opened(round_)
        cast = ballot(real_app, round_, voters[0], approve("P1"))
        before = fingerprints()
        casting.cast(db.engine, cast)
        after = fingerprints()
        changed = {table for table in after if before.get(table) != after[table]}
        assert changed == {f"ballot_box_round_{round_.id}", f"cast_log_round_{round_.id}"}


def fingerprints() -> dict[str, str]:
    """Every table's rows with their place and the transactions that made and locked them."""
    found = {}
    with db.engine.connect() as connection:
        tables = connection.scalars(
            text("SELECT c.relname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace"
                 " WHERE n.nspname = 'public' AND c.relkind = 'r' AND c.relname !~ '_round_'")
        ).all()  # fmt: skip
        for table in tables:
            found[table] = connection.scalar(
                text(
                    f"SELECT coalesce(md5(string_agg(ctid::text || xmin::text || xmax::text || t::text, ',')), '') FROM \"{table}\" t"
                )
            )
        for parent in ("ballot_box", "cast_log"):
            for partition, value in connection.execute(
                text(
                    f"SELECT tableoid::regclass::text, md5(string_agg(t::text, ',')) FROM {parent} t GROUP BY 1"
                )
            ):
                found[partition] = value
    return found


def test_the_application_cannot_rewrite_the_log_or_reach_a_partition(real_app: Flask) -> None:
    with real_app.app_context():
        round_ = make_round()
        (voter,) = make_voters(1)
        round_ = opened(round_)
        vote(real_app, round_, voter, approve("P1"))
        for statement in (
            "UPDATE cast_log SET kind = 'void'",
            "DELETE FROM cast_log",
            "DELETE FROM ballot_box",
            f"SELECT * FROM cast_log_round_{round_.id}",
            f"DROP TABLE cast_log_round_{round_.id}",
            "INSERT INTO opened_ballot VALUES (1, '', '')",
        ):
            with pytest.raises(DBAPIError), db.engine.begin() as connection:
                connection.execute(text(statement))


def test_what_is_frozen_stays(real_app: Flask) -> None:
    with real_app.app_context():
        round_ = opened(make_round())
        for statement in (
            "UPDATE project SET cost = 1",
            "DELETE FROM project",
            "INSERT INTO project (round_id, pot_id, group_id, code, title, summary, cost, withdrawn)"
            " SELECT round_id, pot_id, group_id, 'new', title, summary, cost, false FROM project LIMIT 1",
            "UPDATE round SET frozen = '{}'",
            "UPDATE round SET publication_mode = 'open'",
        ):
            with pytest.raises(DBAPIError) as refusal, db.engine.begin() as connection:
                connection.execute(text(statement))
            assert refusal.value.orig.diag.constraint_name in ("ck_project_frozen", "ck_round_plan_frozen")
        assert db.session.scalar(db.select(db.func.count()).select_from(Project)) == 4
        assert round_.fingerprint

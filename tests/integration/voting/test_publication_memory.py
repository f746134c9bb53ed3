"""A city's publication is written in memory that does not grow with its ballots."""

import tracemalloc
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import text

from civic import database
from civic.extensions import db
from civic.rounds.models import Round
from tests.integration.voting.verificationkit import vote_and_close
from voting import publication_set

BALLOTS = 30_000


def test_the_set_of_many_ballots_is_written_a_piece_at_a_time(
    context: Flask, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Some 15 MB of ballots: what is held while they are written is a fraction of that."""
    round_id = vote_and_close(context, "open")[0].id
    owner = database.owner_engine(context.config["SETTINGS"])
    with owner.begin() as connection:
        connection.execute(
            text(
                "INSERT INTO opened_ballot (round_id, leaf, text) SELECT round_id, sha256(n::text::bytea),"
                " regexp_replace(text, 'nonce \\w+', 'nonce ' || encode(sha256(n::text::bytea), 'hex'))"
                " FROM (SELECT round_id, text FROM opened_ballot LIMIT 1) one, generate_series(1, :n) n"
            ),
            {"n": BALLOTS},
        )
        connection.execute(
            text(
                "INSERT INTO closed_leaf (round_id, leaf, kind, sealed) SELECT :id, sha256(n::text::bytea), 'ballot', ''"
                " FROM generate_series(1, :n) n"
            ),
            {"id": round_id, "n": BALLOTS},
        )
    owner.dispose()
    found = publication_set.find_set(
        db.session.get_one(Round, round_id, populate_existing=True), context.config["SETTINGS"].city
    )
    monkeypatch.setattr("voting.sorted_rows.CHUNK", 2000)
    path = tmp_path / "set.zip"
    tracemalloc.start()
    with path.open("wb") as handle:
        publication_set.write_zip(found, handle)
    most = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert path.stat().st_size > BALLOTS * 60
    assert most < 9_000_000, most

"""Nights, promises and checkpoints: whoever changes in a published set what was signed while voting was open is caught."""

import base64
import re
import shutil
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from flask import Flask

from civic import clock
from civic.extensions import db
from civic.rounds.models import Round
from tests.integration.voting.nightkit import ENOUGH, cast_all, night, voting_round
from tests.integration.voting.test_tampering import Tamper, lines_of, write
from tests.integration.voting.verificationkit import exported, resum, verified
from tests.integration.voting.votingkit import approve, vote
from voting import checkpoints, closing
from voting.nightly import jobs


def change_row(folder: Path, wanted: str, change: Callable[[list[str]], None]) -> None:
    """The first row of leaves.csv that holds the words, its cells changed."""
    lines = lines_of(folder / "leaves.csv")
    at = next(at for at, line in enumerate(lines) if wanted in line)
    cells = lines[at].rstrip("\n").split(",")
    change(cells)
    lines[at] = ",".join(cells) + "\n"
    write(folder / "leaves.csv", lines)


def to_batch(batch: str) -> Callable[[list[str]], None]:
    return lambda cells: cells.__setitem__(4, batch)


def swap_batches(folder: Path) -> None:
    """A ballot of the first night and one of the close exchanged: as many in each batch as before."""
    lines = lines_of(folder / "leaves.csv")
    one = next(at for at, line in enumerate(lines) if line.endswith(",1\n") and ",ballot," in line)
    two = next(at for at, line in enumerate(lines) if line.endswith(",2\n") and ",ballot," in line)
    lines[one], lines[two] = lines[one][:-2] + "2\n", lines[two][:-2] + "1\n"
    write(folder / "leaves.csv", lines)


def note_of(folder: Path, first: bool) -> Path:
    found = sorted(folder.glob("checkpoints/*.txt"), key=lambda path: int(path.stem))
    return found[0 if first else -1]


def rename_first(folder: Path) -> None:
    note_of(folder, True).rename(folder / "checkpoints" / "7.txt")


def first_root(folder: Path) -> None:
    path = note_of(folder, True)
    path.write_text(
        path.read_text().replace(path.read_text().split("\n")[2], base64.b64encode(b"r" * 32).decode())
    )


def one_batch(folder: Path) -> None:
    """As if there had been no nights: their checkpoints and batches taken away."""
    note_of(folder, True).unlink()
    write(
        folder / "leaves.csv", [re.sub(r",\d+\n", ",1\n", line) for line in lines_of(folder / "leaves.csv")]
    )


NIGHT_TAMPERS: dict[str, Tamper] = {
    "leaf moved to a later batch": lambda folder: change_row(folder, ",1\n", to_batch("2")),
    "leaf moved to an earlier batch": lambda folder: change_row(folder, ",2\n", to_batch("1")),
    "void before its ballot": lambda folder: change_row(folder, ",void,", to_batch("0")),
    "batches swapped": swap_batches,
    "a batch of its own": lambda folder: change_row(folder, ",2\n", to_batch("3")),
    "no batch": lambda folder: change_row(folder, ",1\n", to_batch("x")),
    "night's checkpoint dropped": lambda folder: note_of(folder, True).unlink(),
    "close's checkpoint dropped": lambda folder: note_of(folder, False).unlink(),
    "night's checkpoint renamed": rename_first,
    "night's root": first_root,
    "nights taken away": one_batch,
    "leaf of a night dropped": lambda folder: write(
        folder / "leaves.csv",
        [x for x in lines_of(folder / "leaves.csv") if x != next(y for y in lines_of(folder / "leaves.csv") if y.endswith(",1\n"))],
    ),
}  # fmt: skip


def missed_of(folder: Path, copy: Path, tampers: dict[str, Tamper]) -> list[str]:
    """The changes that verify.py did not tell."""
    missed = []
    for name, tamper in tampers.items():
        shutil.copytree(folder, copy)
        tamper(copy)
        resum(copy)
        assert (copy / "SHA256SUMS").read_text() != (folder / "SHA256SUMS").read_text(), (
            f"{name} changed nothing"
        )
        status, said = verified(copy)
        if status != 1 or "!!  " not in said or "SHA256SUMS" in said:
            missed.append(f"{name}: {status}\n{said}")
        shutil.rmtree(copy)
    return missed


@pytest.mark.parametrize("mode", ["inclusion_only", "open"])
def test_every_change_to_the_nights_is_caught(context: Flask, tmp_path: Path, mode: str) -> None:
    round_, people = voting_round(ENOUGH + 4, publication_mode=mode)
    cast_all(context, round_, people)
    assert jobs.work_due(night()) == 1
    vote(context, round_, people[0], approve("P2"), b"again" + b"0" * 11)
    promised = [
        vote(context, round_, person, approve("P2"), bytes([at]) * 16) for at, person in enumerate(people[:2])
    ]
    clock.travel(timedelta(days=12))
    closing.close_round(round_.id, clock.now())
    folder = exported(context, db.session.get_one(Round, round_.id, populate_existing=True), tmp_path / "set")
    status, said = verified(folder)
    assert status == 0, said
    assert len(list(folder.glob("checkpoints/*.txt"))) == 2
    missed = missed_of(folder, tmp_path / "copy", NIGHT_TAMPERS)
    assert not missed, "\n".join(missed)
    check_held(context, round_.slug, folder, tmp_path / "held.txt", promised[0].leaf)


def check_held(app: Flask, slug: str, folder: Path, held: Path, leaf: bytes) -> None:
    """A promise and a checkpoint that somebody kept: told whether the set keeps them."""
    settings = app.config["SETTINGS"]
    key, origin = checkpoints.log_key(settings), checkpoints.origin_of(settings, slug)
    stranger = Ed25519PrivateKey.generate()
    root = base64.b64decode(note_of(folder, False).read_text().split("\n")[2])
    for note, status, sentence in (
        (checkpoints.sign_promise(key, origin, leaf), 0, "keeps it"),
        (note_of(folder, True).read_text(), 0, "keeps it"),
        (checkpoints.sign_promise(key, origin, b"l" * 32), 1, "does NOT keep it"),
        (checkpoints.sign(key, origin, 10, b"r" * 32), 1, "does NOT keep it"),
        (checkpoints.sign(key, origin, 10_000, root), 1, "does NOT keep it"),
        (checkpoints.sign_promise(stranger, origin, leaf), 1, "is not of the key"),
        ("no note", 1, "not of the expected form"),
    ):
        held.write_text(note)
        code, said = verified(folder, "--held", str(held))
        assert (code, sentence in said) == (status, True), said
    held.unlink()
    assert verified(folder, "--held", str(held))[0] == 1

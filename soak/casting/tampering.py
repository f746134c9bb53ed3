"""Every row of a published set altered, dropped, added and swapped, the sums made to fit again: verify.py says no."""

import contextlib
import functools
import hashlib
import io
import json
import re
import shutil
import sys
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any
from unittest import mock

from flask import Flask

from soak.casting.faults import Run
from tests.integration.voting.verificationkit import exported, vote_and_close
from voting import verify
from voting.ballot_text import tracking_code

#: What a tampering makes of the files it changes; None is a file that is gone.
Changes = dict[str, bytes | None]
Files = Mapping[str, bytes]
Case = tuple[str, Changes]


def tampering(app: Flask, folder: Path, ballots: int, mode: str) -> Run:
    """Publish a round of so many ballots and tamper with each row of it."""
    round_, _codes = vote_and_close(app, mode, ballots)
    published = exported(app, round_, folder / mode)
    run = Run(more={"untouched_refused": 0, "missed": 0})
    run.tally.sent = run.tally.acknowledged = ballots
    files = {
        path.relative_to(published).as_posix(): path.read_bytes()
        for path in sorted(published.rglob("*"))
        if path.is_file() and path.name != "SHA256SUMS"
    }
    sums = {name: hashlib.sha256(data).hexdigest() for name, data in files.items()}
    real, copy = verify.openssl_says, folder / f"{mode}-copy"

    # Asked once of each signature: openssl is a process of its own.
    verify.openssl_says = functools.cache(real)
    try:
        shutil.copytree(published, copy)
        run.more["untouched_refused"] = said_wrong(copy)
        for name, changes in cases(files, mode):
            run.faults += 1
            kind = f"caught: {name}"
            _write(copy, files, sums, changes)
            if _caught(copy):
                run.told[kind] = run.told.get(kind, 0) + 1
            else:
                run.more["missed"] += 1
                run.told[f"missed: {name}"] = run.told.get(f"missed: {name}", 0) + 1
            _write(copy, files, sums, {changed: files.get(changed) for changed in changes})
    finally:
        verify.openssl_says = real
    run.felt["tampered"] = run.faults
    return run


def said_wrong(folder: Path) -> bool:
    """Whether verify.py says, in words and by its exit code, that something is wrong with a folder."""
    said = io.StringIO()
    said.reconfigure = lambda **_how: None  # type: ignore[attr-defined]
    with (
        mock.patch.object(sys, "argv", ["verify.py", str(folder), "--lang", "en"]),
        contextlib.redirect_stdout(said),
    ):
        status = verify.main()
    return status > 0 and ("!!  " in said.getvalue() or status == 2)


def _caught(copy: Path) -> bool:
    try:
        return said_wrong(copy)
    except Exception:  # a program that breaks off tells a reader nothing
        return False


def _write(copy: Path, files: Files, sums: dict[str, str], changes: Changes) -> None:
    """The changed files in the copy, and sums that fit."""
    now = dict(sums)
    for name, data in changes.items():
        if data is None:
            (copy / name).unlink(missing_ok=True)
            now.pop(name, None)
        else:
            (copy / name).write_bytes(data)
            now[name] = hashlib.sha256(data).hexdigest()
    text = "".join(f"{digest}  {name}\n" for name, digest in sorted(now.items()))
    (copy / "SHA256SUMS").write_text(text)


def cases(files: Files, mode: str) -> Iterator[Case]:
    """Every tampering of every row; those that would change nothing are left out."""
    makers = [_leaves, _votes, _checkpoints, _minutes, *([_texts] if mode == "open" else [])]
    for maker in makers:
        for name, changes in maker(files):
            if any(files.get(file) != data for file, data in changes.items()):
                yield name, changes


def _rows(data: bytes) -> list[str]:
    return data.decode().splitlines(keepends=True)


def _all_ways(rows: list[str], alter: Callable[[str], str], new: str) -> Iterator[tuple[str, int, list[str]]]:
    """Each row altered, dropped, doubled by `new` beside it, and swapped with the next."""
    for at, row in enumerate(rows):
        yield "altered", at, [*rows[:at], alter(row), *rows[at + 1 :]]
        yield "dropped", at, [*rows[:at], *rows[at + 1 :]]
        yield "added", at, [*rows[: at + 1], new or row, *rows[at + 1 :]]
        if at + 1 < len(rows):
            yield "swapped", at, [*rows[:at], rows[at + 1], row, *rows[at + 2 :]]


def _line(leaf: bytes, kind: str, target: str, *more: str) -> str:
    return ",".join([leaf.hex(), kind, target, "" if kind == "void" else tracking_code(leaf), *more]) + "\n"


def _cells(row: str) -> tuple[bytes, str, str, list[str]]:
    leaf, kind, target, _code, *more = row.rstrip("\n").split(",")
    return bytes.fromhex(leaf), kind, target, more


def _other_leaf(row: str) -> str:
    leaf, kind, target, more = _cells(row)
    return _line(leaf[:-1] + bytes([leaf[-1] ^ 1]), kind, target, *more)


def _leaves(files: Files) -> Iterator[Case]:
    head, *rows = _rows(files["leaves.csv"])
    kinds = [_cells(row)[1] for row in rows]
    new = _line(hashlib.sha256(b"one more").digest(), "ballot", "", *_cells(rows[0])[3])
    for how, at, changed in _all_ways(rows, _other_leaf, new):
        if how == "added":  # at its place, as somebody who knows the format would
            changed = sorted(changed)
        yield f"{kinds[at]} leaf {how}", {"leaves.csv": "".join([head, *changed]).encode()}
    others = {"ballot": "replaced", "replaced": "ballot"}
    for at, row in enumerate(rows):
        leaf, kind, target, more = _cells(row)
        if kind in others:
            changed = [*rows[:at], _line(leaf, others[kind], target, *more), *rows[at + 1 :]]
            yield f"{kind} declared {others[kind]}", {"leaves.csv": "".join([head, *changed]).encode()}
        else:
            wrong = rows[(at + 1) % len(rows)][:64]
            changed = [*rows[:at], _line(leaf, kind, wrong, *more), *rows[at + 1 :]]
            yield "void of another", {"leaves.csv": "".join([head, *changed]).encode()}
            undone = [
                line.replace(",replaced,", ",ballot,") if line.startswith(target) else line for line in rows
            ]
            undone.remove(row)
            yield "void undone", {"leaves.csv": "".join([head, *undone]).encode()}


def _numbered(rows: list[str]) -> list[str]:
    return [re.sub(r"^\d+", str(number), row) for number, row in enumerate(rows, start=1)]


def _other_choice(row: str) -> str:
    """P1 taken out of the choices or put in: a ballot like any other."""
    number, chosen, *rest = row.rstrip("\n").split(";")
    codes = set(chosen.split(",")) - {""}
    codes = (
        codes - {"P1"}
        if "P1" in codes and len(codes) > 1
        else codes | {"P1"}
        if "P1" not in codes
        else {"P4"}
    )
    return ";".join([number, ",".join(sorted(codes)), *rest]) + "\n"


def _votes(files: Files) -> Iterator[Case]:
    (name,) = (name for name in files if name.endswith(".pb"))
    lines = _rows(files[name])
    start = lines.index("VOTES\n") + 2
    head, rows = lines[:start], lines[start:]
    for how, _at, changed in _all_ways(rows, _other_choice, ""):
        counted = [re.sub(r"^num_votes;\d+", f"num_votes;{len(changed)}", line) for line in head]
        yield f"ballot {how}", {name: "".join(counted + _numbered(changed)).encode()}


def _texts(files: Files) -> Iterator[Case]:
    texts = re.split(r"(?m)^(?=civic-ballot 1$)", files["ballots.txt"].decode())[1:]

    def alter(text: str) -> str:
        return (
            text.replace("+ P1\n", "+ P4\n", 1) if "+ P1\n" in text else text.replace("+ P2\n", "+ P4\n", 1)
        )

    for how, at, changed in _all_ways(texts, alter, ""):
        yield f"text {how}", {"ballots.txt": "".join(changed).encode()}
        if how == "swapped":
            one, two = (re.findall(r"nonce \w+", texts[place])[0] for place in (at, at + 1))
            changed = [
                *texts[:at],
                texts[at].replace(one, two),
                texts[at + 1].replace(two, one),
                *texts[at + 2 :],
            ]
            yield "nonces swapped", {"ballots.txt": "".join(changed).encode()}


def _checkpoints(files: Files) -> Iterator[Case]:
    for name in [name for name in files if name.startswith("checkpoints/")]:
        rows = _rows(files[name])
        for at, row in enumerate(rows):
            if row.strip():
                letter = len(row) // 2
                other = row[:letter] + ("A" if row[letter] != "A" else "B") + row[letter + 1 :]
                yield "checkpoint altered", {name: "".join([*rows[:at], other, *rows[at + 1 :]]).encode()}
        yield "checkpoint dropped", {name: None}
        fewer = files[name].replace(f"\n{name[12:-4]}\n".encode(), b"\n1\n")
        yield "checkpoint added", {"checkpoints/1.txt": fewer}
    if "log-key.pem" in files:
        body = files["log-key.pem"].decode()
        yield "log key altered", {"log-key.pem": re.sub(r"(?m)^MCow\w", "MCowZ", body).encode()}


def _minutes(files: Files) -> Iterator[Case]:
    data = json.loads(files["minutes.json"])
    steps = data["steps"]

    def made(changed: list[dict[str, Any]]) -> Changes:
        return {"minutes.json": json.dumps({**data, "steps": changed}).encode()}

    for at, step in enumerate(steps):
        for key in step["details"]:
            details = {**step["details"], key: "altered"}
            yield "minute altered", made([*steps[:at], {**step, "details": details}, *steps[at + 1 :]])
        yield "minute dropped", made([*steps[:at], *steps[at + 1 :]])
        yield "minute without its hash", made([*steps[:at], {**step, "hash": "0" * 64}, *steps[at + 1 :]])
        if at + 1 < len(steps):
            other = steps[at + 1]
            first = {**step, "details": other["details"], "hash": other["hash"]}
            second = {**other, "details": step["details"], "hash": step["hash"]}
            yield "minutes swapped", made([*steps[:at], first, second, *steps[at + 2 :]])

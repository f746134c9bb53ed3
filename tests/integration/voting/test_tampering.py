"""Whoever changes a published set, and makes its sums fit again, is caught by verify.py with a sentence."""

import base64
import hashlib
import json
import re
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from flask import Flask

from tests.integration.voting.verificationkit import change_json, exported, resum, verified, vote_and_close
from voting import checkpoints
from voting.ballot_text import tracking_code, void_leaf

Tamper = Callable[[Path], Any]


def only(folder: Path, pattern: str) -> Path:
    (found,) = folder.glob(pattern)
    return found


def lines_of(path: Path) -> list[str]:
    return path.read_text().splitlines(keepends=True)


def write(path: Path, lines: list[str]) -> None:
    path.write_text("".join(lines))


def row_of_leaf(leaf: bytes, kind: str, target: str = "", batch: int = 1) -> str:
    return f"{leaf.hex()},{kind},{target},{'' if kind == 'void' else tracking_code(leaf)},{batch}\n"


def alter_leaf(folder: Path) -> None:
    lines = lines_of(folder / "leaves.csv")
    at = next(at for at, line in enumerate(lines) if ",ballot," in line)
    leaf = bytes.fromhex(lines[at][:64])
    lines[at] = row_of_leaf(leaf[:-1] + bytes([leaf[-1] ^ 1]), "ballot")
    write(folder / "leaves.csv", lines)


def drop_leaf(folder: Path) -> None:
    lines = lines_of(folder / "leaves.csv")
    write(
        folder / "leaves.csv", [line for line in lines if line != next(x for x in lines if ",ballot," in x)]
    )


def add_leaf(folder: Path) -> None:
    head, *lines = lines_of(folder / "leaves.csv")
    write(
        folder / "leaves.csv",
        [head, *sorted([*lines, row_of_leaf(hashlib.sha256(b"new").digest(), "ballot")])],
    )


def swap_leaves(folder: Path) -> None:
    lines = lines_of(folder / "leaves.csv")
    lines[1], lines[2] = lines[2], lines[1]
    write(folder / "leaves.csv", lines)


def change_code(folder: Path) -> None:
    lines = lines_of(folder / "leaves.csv")
    at = next(at for at, line in enumerate(lines) if ",ballot," in line)
    lines[at] = re.sub(r",[^,]+,(\d+)\n", r",0000-0000-0000-0000-0000,\1\n", lines[at])
    write(folder / "leaves.csv", lines)


def alter_void(folder: Path) -> None:
    text = (folder / "leaves.csv").read_text()
    live = re.search(r"^(\w{64}),ballot", text, re.M)
    assert live is not None
    (folder / "leaves.csv").write_text(re.sub(r",void,\w{64}", f",void,{live[1]}", text, count=1))


def drop_void(folder: Path) -> None:
    lines = lines_of(folder / "leaves.csv")
    at = next(at for at, line in enumerate(lines) if ",void," in line)
    write(folder / "leaves.csv", lines[:at] + lines[at + 1 :])


def add_void(folder: Path) -> None:
    """A ballot that counted declared void, with the leaf that says so."""
    fingerprint = hashlib.sha256((folder / "plan.json").read_bytes()).hexdigest()
    head, *lines = lines_of(folder / "leaves.csv")
    at = next(at for at, line in enumerate(lines) if ",ballot," in line)
    leaf = bytes.fromhex(lines[at][:64])
    lines[at] = row_of_leaf(leaf, "replaced")
    lines.append(row_of_leaf(void_leaf(fingerprint, leaf), "void", leaf.hex()))
    write(folder / "leaves.csv", [head, *sorted(lines)])


def swap_voids(folder: Path) -> None:
    lines = lines_of(folder / "leaves.csv")
    first, second = (at for at, line in enumerate(lines) if ",void," in line)
    one, two = lines[first].split(","), lines[second].split(",")
    one[2], two[2] = two[2], one[2]
    lines[first], lines[second] = ",".join(one), ",".join(two)
    write(folder / "leaves.csv", lines)


def revive(folder: Path) -> None:
    """A voided ballot declared live."""
    text = (folder / "leaves.csv").read_text()
    (folder / "leaves.csv").write_text(text.replace(",replaced,", ",ballot,", 1))


def votes(folder: Path) -> tuple[Path, list[str], list[str]]:
    path = only(folder, "pot-*.pb")
    lines = lines_of(path)
    at = lines.index("VOTES\n") + 2
    return path, lines[:at], lines[at:]


def alter_ballot(folder: Path) -> None:
    path, head, rows = votes(folder)
    at = next(at for at, row in enumerate(rows) if ";P1,P2" in row)
    rows[at] = rows[at].replace(";P1,P2", ";P1,P3")
    write(path, head + rows)


def alter_ballots_keeping_totals(folder: Path) -> None:
    """{P1} and {P2, P3} become {P1, P3} and {P2}: no total moves."""
    path, head, rows = votes(folder)
    one = next(at for at, row in enumerate(rows) if re.search(r";P1(;|\n)", row))
    two = next(at for at, row in enumerate(rows) if ";P2,P3" in row)
    rows[one] = rows[one].replace(";P1", ";P1,P3")
    rows[two] = rows[two].replace(";P2,P3", ";P2")
    if rows[0].count(";") == 1:
        cells = sorted(row.split(";")[1] for row in rows)
        rows = [f"{number};{cell}" for number, cell in enumerate(cells, start=1)]
    write(path, head + rows)


def count_votes(head: list[str], number: int) -> list[str]:
    return [re.sub(r"num_votes;\d+", f"num_votes;{number}", line) for line in head]


def drop_ballot(folder: Path) -> None:
    path, head, rows = votes(folder)
    write(path, count_votes(head, len(rows) - 1) + rows[:-1])


def add_ballot(folder: Path) -> None:
    path, head, rows = votes(folder)
    more = re.sub(r"^\d+", str(len(rows) + 1), rows[-1])
    write(path, count_votes(head, len(rows) + 1) + [*rows, more])


def swap_ballots(folder: Path) -> None:
    path, head, rows = votes(folder)
    rows[0], rows[-1] = (re.sub(r"^\d+", "1", rows[-1]), re.sub(r"^\d+", str(len(rows)), rows[0]))
    write(path, head + rows)


def winners(*codes: str) -> Tamper:
    return lambda folder: change_json(folder / "result.json", pots__0__winners=list(codes))


def select_another(folder: Path) -> None:
    path = only(folder, "pot-*.pb")
    path.write_text(
        re.sub(r"(?m)^(P3;.*);0$", r"\1;1", re.sub(r"(?m)^(P3;400;.*?);0(;|$)", r"\1;1\2", path.read_text()))
    )


def budget(folder: Path) -> None:
    path = folder / "plan.json"
    path.write_text(path.read_text().replace('"amount":"600.00"', '"amount":"900.00"'))


def budget_and_its_fingerprint(folder: Path) -> None:
    budget(folder)
    change_json(
        folder / "result.json", plan_sha256=hashlib.sha256((folder / "plan.json").read_bytes()).hexdigest()
    )


def checkpoint_line(at: int, value: Callable[[str], str]) -> Tamper:
    def tamper(folder: Path) -> None:
        path = only(folder, "checkpoints/*.txt")
        lines = lines_of(path)
        lines[at] = value(lines[at])
        write(path, lines)

    return tamper


def other_signature(line: str) -> str:
    dash, name, signed = line.split()
    raw = bytearray(base64.b64decode(signed))
    raw[-1] ^= 1
    return f"{dash} {name} {base64.b64encode(bytes(raw)).decode()}\n"


def drop_checkpoint(folder: Path) -> None:
    only(folder, "checkpoints/*.txt").unlink()


def signed_by_another(folder: Path) -> None:
    """The same root signed with a key of the attacker's, whose public half is put beside it."""
    key, path = Ed25519PrivateKey.generate(), only(folder, "checkpoints/*.txt")
    origin, size, root = path.read_text().split("\n\n")[0].split("\n")
    path.write_text(checkpoints.sign(key, origin, int(size), base64.b64decode(root)))
    (folder / "log-key.pem").write_text(checkpoints.pem_of(key.public_key()))


def add_checkpoint(folder: Path) -> None:
    """A second one, over other leaves, of another key."""
    path = only(folder, "checkpoints/*.txt")
    origin = path.read_text().split("\n")[0]
    (folder / "checkpoints" / "1.txt").write_text(
        checkpoints.sign(Ed25519PrivateKey.generate(), origin, 1, b"r" * 32)
    )


def minutes(step: str, hashed: bool, **values: Any) -> Tamper:
    """A figure of the minutes changed, with its hash or without."""

    def tamper(folder: Path) -> None:
        data = json.loads((folder / "minutes.json").read_text())
        (found,) = (one for one in data["steps"] if one["step"] == step)
        found["details"].update(values)
        if hashed:
            canonical = json.dumps(found["details"], sort_keys=True, separators=(",", ":"))
            found["hash"] = hashlib.sha256(canonical.encode()).hexdigest()
        (folder / "minutes.json").write_text(json.dumps(data))

    return tamper


def drop_step(folder: Path) -> None:
    data = json.loads((folder / "minutes.json").read_text())
    data["steps"] = [step for step in data["steps"] if step["step"] != "keys_destroyed"]
    (folder / "minutes.json").write_text(json.dumps(data))


def change_roll(**values: Any) -> Tamper:
    return lambda folder: change_json(folder / "roll.json", **values)


def add_area(folder: Path) -> None:
    data = json.loads((folder / "roll.json").read_text())
    change_json(
        folder / "roll.json", close__areas=[*data["close"]["areas"], {"id": 999, "name": "Nou", "people": 5}]
    )


def drop_pot(folder: Path) -> None:
    change_json(folder / "result.json", pots=[])


def project_cost(folder: Path) -> None:
    path = only(folder, "pot-*.pb")
    path.write_text(path.read_text().replace("P3;400;", "P3;100;"))


def step_twice(folder: Path) -> None:
    """A reader would take the first of the two for the minutes; a program the last."""
    data = json.loads((folder / "minutes.json").read_text())
    (found,) = (one for one in data["steps"] if one["step"] == "participation")
    other = {**found, "details": {**found["details"], "participants": 3}}
    change_json(folder / "minutes.json", steps=[other, *data["steps"]])


def steps_in_another_order(folder: Path) -> None:
    """The keys destroyed after the ballots were opened."""
    data = json.loads((folder / "minutes.json").read_text())
    change_json(folder / "minutes.json", steps=data["steps"][::-1])


def project_twice(folder: Path) -> None:
    told = json.loads((folder / "result.json").read_text())["pots"][0]["projects"]
    change_json(folder / "result.json", pots__0__projects=[{**told[0], "votes": 99}, *told])


def title_in_the_pb(folder: Path) -> None:
    path = only(folder, "pot-*.pb")
    path.write_text(path.read_text().replace("Proiectul 3", "Proiectul 1"))


def key_twice(folder: Path) -> None:
    path = only(folder, "pot-*.pb")
    path.write_text(path.read_text().replace("META\nkey;value\n", "META\nkey;value\nbudget;1\n"))


TAMPERS: dict[str, Tamper] = {
    "step twice": step_twice, "steps in another order": steps_in_another_order, "project twice": project_twice,
    "title altered in the .pb": title_in_the_pb, "budget twice in the .pb": key_twice,
    "topped up": lambda folder: change_json(folder / "result.json", pots__0__topped_up="1"),
    "leaf altered": alter_leaf, "leaf dropped": drop_leaf, "leaf added": add_leaf, "leaves swapped": swap_leaves,
    "code changed": change_code,
    "void altered": alter_void, "void dropped": drop_void, "void added": add_void, "voids swapped": swap_voids,
    "void undone": revive,
    "ballot altered": alter_ballot, "ballots altered, totals kept": alter_ballots_keeping_totals,
    "ballot dropped": drop_ballot, "ballot added": add_ballot, "ballots swapped": swap_ballots,
    "winner altered": winners("P1", "P3"), "winner dropped": winners("P1"), "winner added": winners("P1", "P2", "P3"),
    "winners swapped": winners("P2", "P1"), "winner altered in the .pb": select_another,
    "budget altered": budget, "budget altered with its fingerprint": budget_and_its_fingerprint,
    "pot dropped": drop_pot, "cost altered": project_cost,
    "checkpoint's root": checkpoint_line(2, lambda _line: base64.b64encode(b"r" * 32).decode() + "\n"),
    "checkpoint's size": checkpoint_line(1, lambda line: f"{int(line) + 1}\n"),
    "checkpoint's origin": checkpoint_line(0, lambda _line: "alt.oras/rounds/2027\n"),
    "checkpoint's signature": checkpoint_line(4, other_signature),
    "checkpoint dropped": drop_checkpoint, "checkpoint added": add_checkpoint,
    "checkpoint and key swapped": signed_by_another,
    "roll smaller": change_roll(close__people=5), "area larger": change_roll(close__areas__0__people=99),
    "area added": add_area, "roll at opening": change_roll(opening__fingerprint="0" * 64),
    "people at opening": change_roll(opening__people=3), "roll's fingerprint": change_roll(close__fingerprint="0" * 64),
    "minutes": minutes("closed", False, box=99), "minutes with hash": minutes("closed", True, box=99),
    "roll smaller, minutes too": lambda folder: (minutes("closed", True, roll=5, areas={"0": 5})(folder),
                                                 change_roll(close__people=5, close__areas=[{"id": 0, "name": "", "people": 5}])(folder)),
    "participants": minutes("participation", True, participants=3), "step dropped": drop_step,
    "voids of two people": lambda folder: change_json(folder / "result.json", leaves__voided_by_two_people=7),
    "rejected line added": lambda folder: change_json(folder / "result.json", rejected=[{"leaf": "00" * 32, "reason": ""}]),
    "spent": lambda folder: change_json(folder / "result.json", pots__0__spent="1"),
    "rule": lambda folder: change_json(folder / "result.json", rule__name="greedy-no-skip"),
}  # fmt: skip


def texts(folder: Path) -> list[str]:
    return re.split(r"(?m)^(?=civic-ballot 1$)", (folder / "ballots.txt").read_text())[1:]


def alter_text(folder: Path) -> None:
    (folder / "ballots.txt").write_text((folder / "ballots.txt").read_text().replace("+ P2\n", "+ P4\n", 1))


def swap_nonces(folder: Path) -> None:
    found = texts(folder)
    one, two = (re.findall(r"nonce \w+", found[at])[0] for at in (0, 1))
    found[0], found[1] = found[0].replace(one, two), found[1].replace(two, one)
    write(folder / "ballots.txt", found)


def swap_codes(folder: Path) -> None:
    """Two voters' choices exchanged under their codes."""
    path, head, rows = votes(folder)
    one = next(at for at, row in enumerate(rows) if ";P1;" in row)
    two = next(at for at, row in enumerate(rows) if ";P2,P3;" in row)
    rows[one], rows[two] = rows[one].replace(";P1;", ";P2,P3;"), rows[two].replace(";P2,P3;", ";P1;")
    write(path, head + rows)


OPEN_TAMPERS: dict[str, Tamper] = {
    "text altered": alter_text,
    "text dropped": lambda folder: write(folder / "ballots.txt", texts(folder)[1:]),
    "text added": lambda folder: write(folder / "ballots.txt", [*texts(folder), texts(folder)[0]]),
    "nonces swapped": swap_nonces,
    "choices swapped between codes": swap_codes,
}


@pytest.mark.parametrize("mode", ["inclusion_only", "open"])
def test_every_change_is_caught(context: Flask, tmp_path: Path, mode: str) -> None:
    round_, _codes = vote_and_close(context, mode)
    folder = exported(context, round_, tmp_path / "set")
    status, said = verified(folder)
    assert status == 0, said
    missed = []
    for name, tamper in {**TAMPERS, **(OPEN_TAMPERS if mode == "open" else {})}.items():
        copy = tmp_path / "copy"
        shutil.copytree(folder, copy)
        tamper(copy)
        resum(copy)
        before = {p.relative_to(folder): p.read_bytes() for p in folder.rglob("*") if p.is_file()}
        after = {p.relative_to(copy): p.read_bytes() for p in copy.rglob("*") if p.is_file()}
        assert {k: v for k, v in before.items() if k.name != "SHA256SUMS"} != {
            k: v for k, v in after.items() if k.name != "SHA256SUMS"
        }, f"{name} changed nothing"
        status, said = verified(copy)
        assert "is missing or cannot be read" not in said, (name, said)
        sentences = [line for line in said.splitlines() if line.startswith("!!  ")]
        if status != 1 or not sentences or "SHA256SUMS" in said:
            missed.append((name, status, said))
        shutil.rmtree(copy)
    assert not missed, "\n".join(f"{name}: {status}\n{said}" for name, status, said in missed)


def test_a_ballot_that_breaks_the_rule_is_named(context: Flask, tmp_path: Path) -> None:
    """Three choices where two are allowed, in a row that would otherwise be counted as it stands."""
    round_, _codes = vote_and_close(context, "inclusion_only")
    folder = exported(context, round_, tmp_path / "set")
    path, head, rows = votes(folder)
    write(path, [*head, rows[0].replace(";P1", ";P1,P2,P3"), *rows[1:]])
    resum(folder)
    status, said = verified(folder)
    assert status == 1
    assert "the ballot P1,P2,P3 breaks the rule of its part" in said


def test_the_sums_catch_what_nothing_else_says(context: Flask, tmp_path: Path) -> None:
    round_, _codes = vote_and_close(context, "inclusion_only")
    folder = exported(context, round_, tmp_path / "set")
    for name in ("README.txt", "turnout.csv"):
        kept = (folder / name).read_bytes()
        (folder / name).write_bytes(kept + b" ")
        status, said = verified(folder, language="ro")
        assert status == 1
        assert f"Fișierul {name} nu are suma din SHA256SUMS" in said
        (folder / name).unlink()
        assert verified(folder)[0] == 1
        (folder / name).write_bytes(kept)
    assert verified(folder)[0] == 0

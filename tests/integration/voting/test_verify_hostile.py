"""Whatever a published folder holds, verify.py ends with a sentence and an exit code: never a traceback, never a wait."""

import base64
import json
import os
import re
import shutil
from collections.abc import Callable
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from flask import Flask

from tests.integration.voting.verificationkit import change_json, exported, resum, verified, vote_and_close

Mess = Callable[[Path], object]


def put(name: str, content: str | bytes) -> Mess:
    data = content.encode() if isinstance(content, str) else content
    return lambda folder: (folder / name).write_bytes(data)


def instead(name: str, make: Callable[[Path], object]) -> Mess:
    def mess(folder: Path) -> None:
        (folder / name).unlink()
        make(folder / name)

    return mess


def altered(name: str, old: str, new: str) -> Mess:
    def mess(folder: Path) -> None:
        (path,) = folder.glob(name)
        text = path.read_text()
        assert old in text
        path.write_bytes(text.replace(old, new).encode())

    return mess


DEEP = "[" * 200_000 + "]" * 200_000

#: No publication at all.
UNUSABLE: dict[str, Mess] = {
    "deep plan": put("plan.json", DEEP), "deep minutes": put("minutes.json", DEEP),
    "NaN": altered("result.json", '"opened": 15', '"opened": NaN'),
    "a key twice": altered("plan.json", '"currency":"RON"', '"currency":"RON","currency":"EUR"'),
    "a list": put("plan.json", "[]"), "nothing": put("roll.json", b""), "no text": put("SHA256SUMS", b"\xff\xfe"),
    "a folder": instead("plan.json", Path.mkdir), "a link to itself": instead("plan.json", lambda path: path.symlink_to(path)),
    "a link to nowhere": instead("minutes.json", lambda path: path.symlink_to("gone")),
    "a pipe": instead("result.json", os.mkfifo), "no sums": instead("SHA256SUMS", lambda _path: None),
    "an endless device": instead("roll.json", lambda path: path.symlink_to("/dev/zero")),
    "sums on lines without names": put("SHA256SUMS", "abc\n"),
}  # fmt: skip


def lines_more(name: str, *lines: str) -> Mess:
    def mess(folder: Path) -> None:
        with (folder / name).open("a") as handle:
            handle.writelines(lines)

    return mess


def sparse(folder: Path) -> None:
    os.truncate(folder / "leaves.csv", 3 << 30)


def first_pot(**values: object) -> Mess:
    return lambda folder: change_json(
        folder / "result.json", **{f"pots__0__{key}": value for key, value in values.items()}
    )


#: A publication in which something is wrong; the sums are made to fit where that can be.
WRONG: dict[str, Mess] = {
    "sums of other files": lines_more("SHA256SUMS", f"{'0' * 64}  ../../etc/passwd\n", f"{'0' * 64}  /dev/zero\n"),
    "a file of 3 GB": sparse,
    "leaves with CRLF": altered("leaves.csv", "\n", "\r\n"),
    "leaves with a byte order mark": altered("leaves.csv", "leaf,kind", "\ufeffleaf,kind"),
    "leaves without a column": altered("leaves.csv", "leaf,kind", "leave,kind"),
    "a leaf that is no number": lines_more("leaves.csv", "zz,ballot,,,1\n"),
    "NUL among the votes": lines_more("pot-1.pb", "16;P1\0\n"),
    "a field without end": lines_more("pot-1.pb", "16;" + "P1," * 100_000 + "\n"),
    "an open quote": lines_more("pot-1.pb", '16;"P1\n'),
    "another section": lines_more("pot-1.pb", "VOTES\n"),
    "votes of a project there is not": lines_more("pot-1.pb", "16;P9\n"),
    "a file elsewhere": first_pot(file="../pot-1.pb"), "a device for a file": first_pot(file="/dev/zero"),
    "a number for a file": first_pot(file=7), "winners that are none": first_pot(winners=5),
    "money beyond all numbers": first_pot(spent="1e999999999"),
    "pots that are none": lambda folder: change_json(folder / "result.json", pots={"a": 1}),
    "a cost beyond all numbers": altered("plan.json", '"cost":"400.00"', '"cost":"1e999999999"'),
    "steps that are none": lambda folder: change_json(folder / "minutes.json", steps=None),
    "deep paper": put("paper.json", DEEP), "paper that is none": put("paper.json", '{"batches": 3}'),
    "a checkpoint of no number": put("checkpoints/x.txt", "x"),
    "a checkpoint of nothing": lambda folder: [path.write_bytes(b"") for path in (folder / "checkpoints").iterdir()],
    "a key that is none": put("log-key.pem", "-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----\n"),
    "a rejected line that is none": lambda folder: change_json(folder / "result.json", rejected=[{"leaf": 1}]),
}  # fmt: skip


#: Caught by the sums alone: with sums that fit, line ends tell nothing new and 3 GB are the attacker's own work.
UNSUMMED = {"sums of other files", "a file of 3 GB", "leaves with CRLF"}


def test_a_hostile_folder_ends_with_a_sentence(context: Flask, tmp_path: Path) -> None:
    round_, codes = vote_and_close(context, "inclusion_only")
    folder = exported(context, round_, tmp_path / "set")
    (folder / f"pot-{round_.pots[0].id}.pb").rename(folder / "pot-1.pb")
    change_json(folder / "result.json", pots__0__file="pot-1.pb")
    resum(folder)
    assert verified(folder)[0] == 0
    for expected, messes in ((2, UNUSABLE), (1, WRONG)):
        for name, mess in messes.items():
            copy = tmp_path / "copy"
            shutil.copytree(folder, copy)
            mess(copy)
            if expected == 1 and name not in UNSUMMED:
                resum(copy)
            status, said = verified(copy, "--code", codes[2])
            assert (status, "!!  " in said or "no whole publication" in said) == (expected, True), (
                name,
                said,
            )
            shutil.rmtree(copy)


def test_what_somebody_holds_may_be_anything(context: Flask, tmp_path: Path) -> None:
    round_, _codes = vote_and_close(context, "open")
    folder = exported(context, round_, tmp_path / "set")
    for name, content in (
        ("empty", b""),
        ("binary", bytes(range(256))),
        ("note", b"a\n-1\nAA==\n\n- a AA==\n"),
    ):
        (tmp_path / name).write_bytes(content)
        status, said = verified(folder, "--held", str(tmp_path / name))
        assert status == 1, said
    for path in (tmp_path, tmp_path / "gone"):
        assert verified(folder, "--held", str(path))[0] == 1
    # A text that chooses what is not on the ballot.
    altered("ballots.txt", "+ P1\n", "+ P9\n")(folder)
    resum(folder)
    assert verified(folder, "--code", "0" * 20)[0] == 1


def test_no_word_of_a_set_steers_the_terminal(context: Flask, tmp_path: Path) -> None:
    """Escape sequences in a name could wipe away what was said to be wrong."""
    round_, _codes = vote_and_close(context, "inclusion_only")
    folder = exported(context, round_, tmp_path / "set")
    change_json(
        folder / "result.json", pots__0__name="\x1b[2J\x1b[HOK  tot e bine\nOK", pots__0__winners=["P3"]
    )
    resum(folder)
    status, said = verified(folder)
    assert status == 1
    assert "\x1b" not in said
    assert "\nOK  tot" not in said


def test_a_key_that_openssl_does_not_read_hides_no_forged_signature(context: Flask, tmp_path: Path) -> None:
    """The bytes of the city's key with its fingerprint, in a form that openssl refuses, beside a signature of another
    key: it is wrong, not unchecked."""
    round_, _codes = vote_and_close(context, "inclusion_only")
    folder = exported(context, round_, tmp_path / "set")
    (note,) = (folder / "checkpoints").iterdir()
    text, line = note.read_text().split("\n\n")
    dash, origin, signed = line.split()
    forged = base64.b64decode(signed)[:4] + Ed25519PrivateKey.generate().sign(f"{text}\n".encode())
    note.write_text(f"{text}\n\n{dash} {origin} {base64.b64encode(forged).decode()}\n")
    pem = (folder / "log-key.pem").read_text()
    unread = pem.replace("PUBLIC KEY", "KEY").replace("MCow", "MC ow")
    (folder / "log-key.pem").write_text(unread)
    data = json.loads((folder / "minutes.json").read_text())
    for step in data["steps"]:
        if step["step"] == "checkpoint":
            step["details"]["key"] = unread
    (folder / "minutes.json").write_text(json.dumps(data))
    resum(folder)
    status, said = verified(folder)
    assert status == 1
    assert re.search(r"!!  The signature in checkpoints/\d+\.txt is not of the key", said)

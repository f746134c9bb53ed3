"""Rounds closed and exported for real, and verify.py run on them as an outsider would: alone, in its own process."""

import hashlib
import subprocess
import sys
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from flask import Flask

from civic import clock
from civic.extensions import db
from civic.rounds.models import Round
from tests.factories import make_account, make_neighbourhood
from tests.integration.voting.votingkit import approve, make_round, make_voters, opened, vote
from voting import closing, publication_set
from voting.models import RollStrike, RollVoid

#: Two projects win; the third would cost too much.
COSTS = (300, 200, 400, 100)

CHANGED_MIND, VOIDED = 0, 1


def vote_and_close(app: Flask, mode: str, ballots: int = 16) -> tuple[Round, list[str]]:
    """A closed round: so many ballots by approval, one in 20 cast twice, one voided by two people; and everybody's
    last code."""
    round_ = make_round(publication_mode=mode, costs=COSTS, validation=timedelta(hours=1))
    area = make_neighbourhood("Tei").id
    people = make_voters(ballots - 2, neighbourhood_id=area) + make_voters(4, birth_date=date(1950, 1, 1))
    officers = [make_account("staff").id for _ in range(2)]
    db.session.commit()
    round_ = opened(round_)
    for person in people[CHANGED_MIND:ballots:20]:
        vote(app, round_, person, approve("P3"), person.to_bytes(16, "big"))
    codes = []
    for at, person in enumerate(people[:ballots]):
        choices = approve(*("P1",) if at % 4 == 0 else ("P2", "P3") if at in (3, 7) else ("P1", "P2"))
        codes.append(vote(app, round_, person, choices, at.to_bytes(2, "big") * 8).code)
    struck = RollStrike(round_id=round_.id, voter_id=people[VOIDED], reason="Adresă.", at=clock.now())
    db.session.add(struck)
    db.session.flush()
    db.session.add_all(
        RollVoid(strike_id=struck.id, account_id=officer, at=clock.now()) for officer in officers
    )
    db.session.commit()
    clock.travel(timedelta(hours=3))
    closing.close_round(round_.id, clock.now())
    return db.session.get_one(Round, round_.id, populate_existing=True), codes


def exported(app: Flask, round_: Round, folder: Path) -> Path:
    """The folder with the publication of a round."""
    folder.mkdir()
    publication_set.write_folder(publication_set.find_set(round_, app.config["SETTINGS"].city), folder)
    return folder


def verified(
    folder: Path, *arguments: str, language: str = "en", environment: dict[str, str] | None = None
) -> tuple[int, str]:
    """The exit code of the folder's own verify.py and what it said."""
    command = [sys.executable, "-I", str(folder / "verify.py"), str(folder), "--lang", language, *arguments]
    ran = subprocess.run(
        command, capture_output=True, timeout=120, check=False, env=environment, encoding="utf-8"
    )
    assert not ran.stderr, ran.stderr
    return ran.returncode, ran.stdout


def resum(folder: Path) -> None:
    """What somebody who changed a file would do next: make the sums fit."""
    names = sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file())
    lines = [
        f"{hashlib.sha256((folder / name).read_bytes()).hexdigest()}  {name}\n"
        for name in names
        if name != "SHA256SUMS"
    ]
    (folder / "SHA256SUMS").write_text("".join(lines))


def change_json(path: Path, **values: Any) -> dict[str, Any]:
    """Set keys (`a__b` is b inside a) of a JSON file."""
    import json

    data: dict[str, Any] = json.loads(path.read_text())
    for name, value in values.items():
        inside: Any = data
        *outer, last = name.split("__")
        for one in outer:
            inside = inside[int(one)] if isinstance(inside, list) else inside[one]
        if isinstance(inside, list):
            inside[int(last)] = value
        else:
            inside[last] = value
    path.write_text(json.dumps(data, ensure_ascii=False, sort_keys=True, indent=1) + "\n")
    return data

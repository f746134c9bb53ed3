"""The whole publication of a closed round: every file the public gets, and the program that verifies them.

`write_folder` and `write_zip` write the same bytes, and the same again whenever they are asked. Nothing in the set
holds a person or the order in which ballots came; in mode `inclusion_only` nothing puts a code beside choices, and
the texts of ballots (whose nonces would prove a choice) are left out.
"""

import csv
import hashlib
import io
import json
import zipfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from fractions import Fraction
from pathlib import Path
from typing import IO, Any, BinaryIO, Protocol

from sqlalchemy import select

from civic.config import City
from civic.errors import NotFound
from civic.extensions import db
from civic.places.queries import neighbourhood_names
from civic.rounds.models import Round
from civic.text import plain_cell
from voting import publication, result_queries, results_page, round_queries
from voting.ballot_text import tracking_code
from voting.ceremony.rules import LINES
from voting.counting.amounts import amount_string
from voting.models import CeremonyStep, RoundResult, checkpoint
from voting.paper.publication import paper_data
from voting.plan import FrozenRound, canonical
from voting.publication_readme import readme
from voting.questions import results as answers

#: What `result.json`, `roll.json` and `minutes.json` are in the version they say.
SET_VERSION = 1

#: The program that travels with every set.
VERIFY = Path(__file__).with_name("verify.py")

SUMS = "SHA256SUMS"


class NotYetPublished(NotFound):
    """There is no public, signed result of the round, or too few people answered its questions to publish them."""


@dataclass(frozen=True)
class PublicationSet:
    """A published round with all that its files are written from."""

    round_: Round
    plan: FrozenRound
    result: RoundResult
    steps: Mapping[str, CeremonyStep]
    notes: Mapping[int, str]
    city: City

    @property
    def pots(self) -> list[int]:
        """The pots that have projects, as they were counted."""
        return sorted(pot for pot in self.plan.counted_pots if self.plan.counted_projects(pot))

    @property
    def paper(self) -> dict[str, Any] | None:
        """The minutes of the paper ballots; None where there were none."""
        return paper_data(self.round_.id, self.plan, self.steps["copied"].details.get("paper"))

    @property
    def opens(self) -> bool:
        """Whether choices are published beside their codes."""
        return self.plan.publication_mode == "open"


def find_set(round_: Round, city: City) -> PublicationSet:
    """The set of a published round. Raises NotYetPublished while there is no public result or no checkpoint."""
    plan, result = round_queries.plan_of(round_), result_queries.find_result(round_.id)
    rows = db.session.execute(
        select(checkpoint.c.size, checkpoint.c.signed_note)
        .where(checkpoint.c.round_id == round_.id)
        .order_by(checkpoint.c.size)
    ).all()
    notes = {row[0]: row[1] for row in rows}
    if plan is None or result is None or round_.results_at is None or not notes:
        raise NotYetPublished
    if answers.is_withheld(plan, result):
        raise NotYetPublished
    steps = {one.step: one for one in result_queries.list_steps(round_.id)}
    return PublicationSet(round_, plan, result, steps, notes, city)


class Sink(Protocol):
    """Where files go, one after the other."""

    def file(self, name: str) -> Any:
        """A context manager that gives a binary stream for one file."""


class _Folder:
    """Files in a folder."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    @contextmanager
    def file(self, name: str) -> Iterator[IO[bytes]]:
        """See Sink.file."""
        path = self._folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("wb") as handle:
            yield handle


class _Zip:
    """Files in a .zip, without times of their own."""

    def __init__(self, archive: zipfile.ZipFile, top: str) -> None:
        self._archive, self._top = archive, top

    @contextmanager
    def file(self, name: str) -> Iterator[IO[bytes]]:
        """See Sink.file."""
        about = zipfile.ZipInfo(f"{self._top}/{name}", (1980, 1, 1, 0, 0, 0))
        about.compress_type, about.create_system, about.external_attr = zipfile.ZIP_DEFLATED, 3, 0o644 << 16
        with self._archive.open(about, "w", force_zip64=True) as handle:
            yield handle


class _Hashed(io.RawIOBase):
    """Passes bytes on and keeps their SHA-256."""

    def __init__(self, target: IO[bytes]) -> None:
        super().__init__()
        self._target, self.digest = target, hashlib.sha256()

    def writable(self) -> bool:
        """Always."""
        return True

    def write(self, data: Any) -> int:
        """Write and count in."""
        self.digest.update(data)
        return self._target.write(data)


def write_folder(found: PublicationSet, folder: Path) -> None:
    """Write the set into a folder."""
    _write(found, _Folder(folder))


def write_zip(found: PublicationSet, handle: BinaryIO) -> None:
    """Write the set as one .zip into a stream that can seek."""
    with zipfile.ZipFile(handle, "w", allowZip64=True) as archive:
        _write(found, _Zip(archive, f"{found.round_.slug}-publication"))


def _write(found: PublicationSet, sink: Sink) -> None:
    sums: dict[str, str] = {}

    @contextmanager
    def text(name: str) -> Iterator[IO[str]]:
        with sink.file(name) as raw:
            hashed = _Hashed(raw)
            with io.TextIOWrapper(io.BufferedWriter(hashed, 1 << 16), encoding="utf-8", newline="") as handle:
                yield handle
            sums[name] = hashed.digest.hexdigest()

    def put(name: str, content: str) -> None:
        with text(name) as handle:
            handle.write(content)

    paper = found.paper
    put(
        "README.txt",
        readme(
            found.round_.name, found.opens, found.round_.kind == "city", found.plan.asks, paper is not None
        ),
    )
    put("verify.py", VERIFY.read_text(encoding="utf-8"))
    put("plan.json", canonical(found.round_.frozen or {}))
    put("result.json", _json(_result(found)))
    put("minutes.json", _json(_minutes(found)))
    put("roll.json", _json(_roll(found)))
    if paper is not None:
        put("paper.json", _json(paper))
    put("log-key.pem", str(found.steps["checkpoint"].details["key"]))
    for size, note in found.notes.items():
        put(f"checkpoints/{size}.txt", note)
    if found.round_.kind == "city":
        with text("turnout.csv") as handle:
            _write_turnout(handle, found)
    with text("leaves.csv") as handle:
        _write_leaves(handle, found.round_.id)
    if found.opens:
        with text("ballots.txt") as handle:
            handle.writelines(words for _leaf, words in publication.opened_rows(found.round_.id))
    for pot in found.pots:
        with text(_pot_file(pot)) as handle:
            publication.write_pot(handle, found.round_, found.plan, pot, found.city)
    put(SUMS, "".join(f"{sums[name]}  {name}\n" for name in sorted(sums)))


def _pot_file(pot: int) -> str:
    return f"pot-{pot}.pb"


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, sort_keys=True, indent=1) + "\n"


def _write_leaves(handle: IO[str], round_id: int) -> None:
    """Every leaf by its hash. `ballot` is live; `replaced` no longer counts, and a `void` says so of its target."""
    handle.write("leaf,kind,target,code,batch\n")
    for leaf, kind, target, batch in publication.leaf_rows(round_id):
        code = "" if kind == "void" else tracking_code(leaf)
        handle.write(f"{leaf.hex()},{kind},{target.hex() if target else ''},{code},{batch}\n")


def _write_turnout(handle: IO[str], found: PublicationSet) -> None:
    """The cells of the result page, which are never small or unanimous; `*` is all cells that are not told apart."""
    cells = results_page.turnout_cells(found.round_.id, found.result)
    writer = csv.writer(handle, lineterminator="\n")
    writer.writerow(["table", "cell", "people"])
    writer.writerows([["total", "roll", cells.roll], ["total", "ballots", cells.voted]])
    for name, _roll_size, voted in sorted(cells.areas, key=lambda cell: (-cell[2], cell[0])):
        writer.writerow(["area", plain_cell(name), voted])
    if cells.others:
        writer.writerow(["area", "*", cells.others[1]])
    for proofs, _roll_size, voted in cells.proofs:
        writer.writerow(["verified", "+".join(proofs), voted])
    for youngest, oldest, _roll_size, voted in cells.ages:
        writer.writerow(["age", f"{youngest or 0}-{'' if oldest is None else oldest}", voted])


def _minutes(found: PublicationSet) -> dict[str, Any]:
    """The steps of the close in their order: `hash` is SHA-256 over `details` as canonical JSON. `people` are the two
    who did it, by the names they had; a step that a program did alone has none."""
    steps = [
        {
            "step": name,
            "at": _utc(one.at),
            "hash": one.hash,
            "details": one.details,
            **({"people": one.names} if one.names else {}),
        }
        for name, one in ((name, found.steps.get(name)) for name in LINES)
        if one is not None
    ]
    return {"version": SET_VERSION, "round": found.round_.slug, "steps": steps}


def _roll(found: PublicationSet) -> dict[str, Any]:
    """The list of participants without its people: fingerprint and totals at opening and at close."""
    names = neighbourhood_names()

    def told(fingerprint: Any, people: Any, areas: Mapping[str, int]) -> dict[str, Any]:
        named = [
            {"id": int(area), "name": names.get(int(area), ""), "people": areas[area]}
            for area in sorted(areas, key=int)
        ]
        return {"fingerprint": fingerprint, "people": people, "areas": named}

    opening: dict[str, Any] = (found.round_.frozen or {}).get("roll", {})
    closing = found.steps["closed"].details
    return {
        "version": SET_VERSION,
        "opening": told(opening.get("fingerprint"), opening.get("people"), opening.get("areas", {})),
        "close": told(closing.get("roll_fingerprint"), closing["roll"], closing.get("areas", {})),
    }


def _result(found: PublicationSet) -> dict[str, Any]:
    """What was counted, by which rule, and what came out, the winners in the order won."""
    copied, opened = found.steps["copied"].details, found.steps["opened"].details
    settled = found.steps["closed"].details.get("complaints")
    return {
        "version": SET_VERSION,
        "round": {"slug": found.round_.slug, "name": found.round_.name, "kind": found.round_.kind},
        "plan_sha256": found.plan.fingerprint,
        "publication_mode": found.plan.publication_mode,
        "currency": found.plan.currency,
        "rule": found.result.rule,
        "leaves": {
            "live": copied["ballot"],
            "replaced_or_voided": copied["replaced"],
            "voids": copied["void"],
            "voided_by_two_people": found.steps["participation"].details.get("voided", 0),
        },
        # Numbers alone; rounds closed by older versions have none.
        **({"identity_complaints": settled} if settled is not None else {}),
        "opened": opened["opened"],
        "rejected": opened["rejected"],
        "pots": [_pot(found, pot) for pot in found.pots],
        **_questions(found),
        "input_sha256": found.result.input_hash,
        "counted_by": found.result.code_version,
        "counted_at": _utc(found.result.counted_at),
    }


def _questions(found: PublicationSet) -> dict[str, Any]:
    """What was answered, question by question, where residents answered questions."""
    if not found.plan.asks:
        return {}
    counts = answers.question_counts(found.round_, found.plan, found.result)
    return {"questions": [{"pot": one.question.pot, **answers.as_json(one)} for one in counts]}


def _pot(found: PublicationSet, pot: int) -> dict[str, Any]:
    outcome, planned = found.result.outcome["pots"][str(pot)], found.plan.counted_pots[pot]
    return {
        "id": pot,
        "name": planned.name,
        "file": _pot_file(pot),
        "budget": amount_string(planned.amount),
        "ballots": found.result.outcome["voters"][str(pot)],
        "input_sha256": outcome["record"]["input_sha256"],
        "winners": outcome["selected"],
        "spent": outcome["spent"],
        "topped_up": outcome["topped_up"],
        "ties": outcome["ties"],
        "projects": [
            {
                "code": project.code,
                "cost": amount_string(project.cost),
                "votes": one.votes,
                "score": amount_string(Fraction(one.score)),
                "standing": one.standing,
                "reason": one.reason,
            }
            for one, project in result_queries.list_outcomes(found.round_.id)
            if one.pot_id == pot
        ],
    }


def _utc(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat()

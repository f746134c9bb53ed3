"""An election of the past from a `.pb` file, cast ballot by ballot through the same service as today's.

The file is read whole before anything is written. The round, its projects, its voters (people without an
identity, an account or a notice) and its roll come in one transaction with the opening; then every ballot
is cast and committed by itself. Killed and run again, it goes on: a voter's form id follows from the file,
so the ballot is the same leaf and is kept once.
"""

import hashlib
import io
import re
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

from flask import current_app
from flask_babel import lazy_gettext as _
from sqlalchemy import insert, select

from civic import clock
from civic.accounts.models import Person
from civic.actor import Actor
from civic.config import Settings
from civic.errors import Conflict, Invalid
from civic.extensions import db
from civic.rounds.models import BallotGroup, Phase, Pot, Round
from civic.text import clean_line, fold
from civic.unit_of_work import unit_of_work
from voting import casting, closing, keys, opening, project_queries, result_queries, round_queries
from voting.counting.amounts import amount_string
from voting.counting.ballots import BallotType
from voting.counting.pabulib import PabulibFile, read_pabulib
from voting.counting.pabulib_lines import PabulibError
from voting.counting.pabulib_rule import rule_of
from voting.counting.rules import Rule, UnknownRule
from voting.models import ExclusiveSet, Project, RollEntry, ballot_box

#: The kind of ballot group that holds each type of ballot of a file.
GROUP_KINDS = {
    BallotType.APPROVAL: "approval",
    BallotType.CHOOSE_ONE: "choose_one",
    BallotType.ORDINAL: "ordinal",
    BallotType.CUMULATIVE: "points",
    BallotType.SCORING: "points",
}
BATCH = 5000
#: The largest file read: several times the largest public one, and what fits into memory.
MAX_BYTES = 32 * 1024 * 1024
#: How long a database that went away is waited for before the import stops, in seconds.
PATIENCE = 30.0
#: How often progress is reported.
REPORT_EVERY = 250

Progress = Callable[[int, int], None]


class UnusableFile(Invalid):
    """The file cannot be imported; `lines` are its faults, each with its line number."""

    def __init__(self, lines: list[str]) -> None:
        super().__init__(_("The file cannot be imported: %(fault)s", fault=lines[0] if lines else ""))
        self.lines = lines


@dataclass(frozen=True)
class Election:
    """A file read whole: what is counted, every voter's choices in the file's order, where it came from."""

    file: PabulibFile
    rule: Rule
    sha256: str
    votes: tuple[dict[str, Decimal], ...]


def read_election(path: Path, rule_name: str | None = None) -> Election:
    """Read and check a file. Raises UnusableFile listing every faulty line."""
    with path.open("rb") as handle:
        raw = handle.read(MAX_BYTES + 1)
    if len(raw) > MAX_BYTES:
        raise UnusableFile([f"the file is larger than {MAX_BYTES // 1024 // 1024} MB"])
    try:
        file = read_pabulib(io.BytesIO(raw), keep_rows=True)
    except PabulibError as error:
        raise UnusableFile([str(fault) for fault in error.faults]) from error
    try:
        rule = rule_of(file.meta, rule_name)
    except UnknownRule as error:
        raise UnusableFile([f"META: {error}; give a rule with --rule"]) from error
    currency = file.meta.get("currency", "").strip()
    if not re.fullmatch(r"[A-Z]{3}", currency):
        raise UnusableFile([f"META: currency {currency!r} is not three capital letters"])
    faults = [
        f"PROJECTS: project {project.id!r} has an id that no ballot can carry"
        for project in file.instance.projects
        if len(project.id) > 64
        or project.id != project.id.strip()
        or re.search(r"[\x00-\x1f\x7f,]", project.id)
    ]
    if (
        rule.group_winners_first
        and file.profile.ballot_type is BallotType.ORDINAL
        and len({project.group for project in file.instance.projects}) > 1
    ):
        faults.append("PROJECTS: rankings over several parts of the ballot cannot be imported")
    if any((project.cost * 100) % 1 for project in file.instance.projects):
        faults.append("PROJECTS: a cost has more than two decimals")
    if faults:
        raise UnusableFile(faults)
    return Election(replace(file, vote_rows=None), rule, hashlib.sha256(raw).hexdigest(), tuple(_votes(file)))


def _votes(file: PabulibFile) -> Iterator[dict[str, Decimal]]:
    """Each row's choices as a ballot holds them: 1, points, or the place. Equal rows share their choices."""
    at = {name: n for n, name in enumerate(file.vote_columns)}
    kind = file.profile.ballot_type
    known: dict[tuple[str, str], dict[str, Decimal]] = {}
    for row in file.vote_rows or ():
        key = (row[at["vote"]], row[at["points"]] if kind.has_points else "")
        if key not in known:
            known[key] = _choices(kind, *key)
        yield known[key]


def _choices(kind: BallotType, vote: str, points: str) -> dict[str, Decimal]:
    given = [name.strip() for name in vote.split(",") if name.strip()]
    ids = list(dict.fromkeys(given))
    if kind.has_points:
        values = [Decimal(value.strip()) for value in points.split(",") if value.strip()]
        pairs = dict(zip(reversed(given), reversed(values), strict=True))
        return {name: pairs[name] for name in ids}
    if kind is BallotType.ORDINAL:
        return {name: Decimal(place) for place, name in enumerate(ids, start=1)}
    return {name: Decimal(1) for name in ids}


def slug_of(election: Election) -> str:
    """The round's address from what the file says of itself."""
    meta = election.file.meta
    words = "-".join(meta.get(key, "") for key in ("unit", "subunit", "instance"))
    return re.sub(r"[^a-z0-9]+", "-", fold(words)).strip("-")[:60] or f"election-{election.sha256[:8]}"


def prepare_round(
    actor: Actor, election: Election, now: datetime, slug: str | None = None, name: str | None = None
) -> int:
    """The round of the file, with projects, voters, roll, keys and frozen plan: made now, or found half done.

    Commits once. Raises Conflict when another round has the address.
    """
    slug = slug or slug_of(election)
    existing = db.session.scalar(select(Round).where(Round.slug == slug))
    if existing is not None:
        source = (existing.frozen or {}).get("source", {})
        if existing.kind != "recorded" or source.get("sha256") != election.sha256:
            raise Conflict(
                _("Another round already has the address “%(slug)s”: give one with --slug.", slug=slug)
            )
        return existing.id
    with unit_of_work():
        round_ = _make_round(election, slug, name, now)
        _make_voters(round_, len(election.votes), now)
        meta = {
            k: v
            for k, v in election.file.meta.items()
            if k in ("description", "country", "unit", "subunit", "instance", "rule", "edition", "district")
        }
        opening.open_round(
            actor,
            round_.id,
            now,
            {
                "source": {"sha256": election.sha256, "format": "pabulib", "meta": meta},
                "ordinal_length": election.file.profile.max_length,
            },
        )
    return round_.id


def _make_round(election: Election, slug: str, name: str | None, now: datetime) -> Round:
    meta, instance = election.file.meta, election.file.instance
    title = clean_line(
        name or " ".join(filter(None, (meta.get("unit"), meta.get("subunit"), meta.get("instance"))))
    )
    begins, ends = _dates(meta)
    round_ = Round(
        slug=slug, name=title or slug, kind="recorded", summary=clean_line(meta.get("description", "")),
        currency=instance.currency, regulation="", regulation_decision="", area_basis="free",
        late_registration=False, counting_rule=election.rule.as_json(), publication_mode="inclusion_only",
        created_at=now, published_at=now, adopted_by="",
    )  # fmt: skip
    round_.phases = [Phase(kind="voting", starts_at=begins, ends_at=ends)]
    pot = Pot(name=title or slug, amount=max(instance.budget_limit, Decimal("0.01")), position=0)
    groups = _groups(election)
    round_.pots, round_.groups = [pot], list(groups.values())
    db.session.add(round_)
    db.session.flush()
    db.session.execute(
        insert(Project),
        [
            {
                "round_id": round_.id, "pot_id": pot.id, "code": project.id,
                "group_id": groups.get(project.group or "", round_.groups[0]).id,
                "title": clean_line(project.name) or project.id, "summary": "", "cost": project.cost,
                "withdrawn": project.withdrawn,
            }
            for project in instance.projects
        ],
    )  # fmt: skip
    made = {project.code: project for project in project_queries.list_projects(round_.id)}
    for set_name, codes in election.file.exclusive_sets.items():
        db.session.add(
            ExclusiveSet(round_id=round_.id, name=set_name, projects=[made[code] for code in codes])
        )
    db.session.flush()
    return round_


def _groups(election: Election) -> dict[str, BallotGroup]:
    """The parts of the ballot the file names, or one for all; a ranking is over all projects together."""
    names = dict.fromkeys(project.group or "" for project in election.file.instance.projects)
    if election.file.profile.ballot_type is BallotType.ORDINAL or not names:
        names = {"": None}
    return {name: _group(election, name or "Ballot", at) for at, name in enumerate(names)}


def _group(election: Election, name: str, position: int) -> BallotGroup:
    """One group as wide as the widest ballot of the file: an official ballot stands as it was cast."""
    kind = GROUP_KINDS[election.file.profile.ballot_type]
    longest = max((len(vote) for vote in election.votes), default=1)
    total = max((sum(vote.values(), Decimal(0)) for vote in election.votes), default=Decimal(1))
    return BallotGroup(
        name=clean_line(name),
        ballot_kind=kind,
        min_choices=0,
        max_choices=1 if kind == "choose_one" else max(1, longest),
        points_total=max(1, int(total.to_integral_value(rounding="ROUND_CEILING")))
        if kind == "points"
        else None,
        position=position,
    )


def _dates(meta: Any) -> tuple[datetime, datetime]:
    """The first and the last moment of the vote; a year alone is the whole year, nonsense is one day in 2000."""
    days = [_day(meta.get(key, ""), last) for key, last in (("date_begin", False), ("date_end", True))]
    first = days[0] or days[1] or date(2000, 1, 1)
    last = max(days[1] or first, first)
    return clock.city_moment(first), clock.city_moment(last + timedelta(days=1))


def _day(text: str, last: bool) -> date | None:
    text = text.strip()
    if re.fullmatch(r"\d{4}", text):
        return date(int(text), 12, 31) if last else date(int(text), 1, 1)
    found = re.fullmatch(r"(\d{1,2})\.(\d{1,2})\.(\d{4})", text)
    try:
        return date(int(found[3]), int(found[2]), int(found[1])) if found else None
    except ValueError:
        return None


def _make_voters(round_: Round, count: int, now: datetime) -> None:
    """As many people of the past as the file has rows: no identity, no account, nothing known but that."""
    pots = [pot.id for pot in round_.pots]
    for start in range(0, count, BATCH):
        size = min(BATCH, count - start)
        ids = db.session.scalars(
            insert(Person).returning(Person.id, sort_by_parameter_order=True),
            [{"method": "recorded", "area_basis": "domicile", "verified_at": now}] * size,
        ).all()
        db.session.execute(
            insert(RollEntry),
            [{"round_id": round_.id, "voter_id": voter, "area_id": None, "pots": pots} for voter in ids],
        )


def cast_all(round_id: int, election: Election, progress: Progress) -> int:
    """Cast every ballot of the file that is not in the box, a commit each. Returns how many were new."""
    settings: Settings = current_app.config["SETTINGS"]
    round_ = db.session.get_one(Round, round_id)
    plan = round_queries.plan_of(round_)
    assert plan is not None
    if round_.closed_at is not None:
        return 0
    voters = db.session.scalars(
        select(RollEntry.voter_id).where(RollEntry.round_id == round_id).order_by(RollEntry.voter_id)
    ).all()
    in_box = {
        bytes(nym)
        for nym in db.session.scalars(select(ballot_box.c.nym).where(ballot_box.c.round_id == round_id))
    }
    db.session.rollback()
    round_keys = keys.load_round_keys(settings, round_id)
    new, total = 0, len(election.votes)
    for at, (voter, choices) in enumerate(zip(voters, election.votes, strict=True)):
        if at % REPORT_EVERY == 0:
            progress(at, total)
        if round_keys.nym(round_id, voter) in in_box:
            continue
        ballot = casting.prepare(plan, round_keys, voter, choices, form_id(election.sha256, at))
        new += _cast_patiently(ballot).outcome is casting.Outcome.CAST
    progress(total, total)
    return new


def _cast_patiently(ballot: casting.Cast) -> casting.Receipt:
    """Cast; a database that restarts is waited for. Raises NotConfirmed when it stays away."""
    give_up = time.monotonic() + PATIENCE
    while True:
        try:
            return casting.cast(db.engine, ballot)
        except casting.NotConfirmed:
            if time.monotonic() > give_up:
                raise
            time.sleep(0.5)


def form_id(sha256: str, row: int) -> bytes:
    """The form id of a row of a file: the same whenever the import runs again."""
    return hashlib.sha256(f"import|{sha256}|{row}".encode()).digest()[:16]


@dataclass(frozen=True)
class Imported:
    """What an import did."""

    round_id: int
    slug: str
    cast: int
    ballots: int
    winners: tuple[str, ...]


def import_election(
    actor: Actor,
    path: Path,
    now: datetime,
    progress: Progress,
    *,
    slug: str | None = None,
    name: str | None = None,
    rule: str | None = None,
) -> Imported:
    """Read, prepare, cast, close, count, publish; every part finds what an earlier run left done."""
    election = read_election(path, rule)
    round_id = prepare_round(actor, election, now, slug, name)
    cast = cast_all(round_id, election, progress)
    closing.close_round(round_id, now, actor)
    round_ = db.session.get_one(Round, round_id, populate_existing=True)
    winners = tuple(
        project.code
        for outcome, project in result_queries.list_outcomes(round_id)
        if outcome.standing == "winner"
    )
    return Imported(round_id, round_.slug, cast, len(election.votes), winners)


def describe(election: Election) -> str:
    """One line about a file, for the command line."""
    instance = election.file.instance
    return (
        f"{len(instance.projects)} projects, {len(election.votes)} ballots, "
        f"budget {amount_string(instance.budget_limit)} {instance.currency}, rule {election.rule.name}"
    )

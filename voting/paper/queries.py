"""Every question asked about voting on paper."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask_babel import lazy_gettext as _
from sqlalchemy import and_, func, or_, select, text

from civic.errors import NotFound
from civic.extensions import db
from civic.rounds.models import Round
from voting.paper import marks
from voting.paper.models import PaperBallot, PaperBatch, PaperRun, PaperSample
from voting.paper.rules import BatchFacts

#: Sheets shown in one list.
PER_PAGE = 50


def list_runs(round_id: int) -> Sequence[PaperRun]:
    """The sheets printed for a round, in the order of their numbers."""
    return db.session.scalars(
        select(PaperRun).where(PaperRun.round_id == round_id).order_by(PaperRun.first_serial)
    ).all()


def get_run(round_id: int, run_id: int) -> PaperRun:
    """A run of the round, or NotFound."""
    run = db.session.get(PaperRun, run_id)
    if run is None or run.round_id != round_id:
        raise NotFound
    return run


def list_runs_to_forget() -> Sequence[PaperRun]:
    """The runs of closed votes whose file is still stored."""
    return db.session.scalars(
        select(PaperRun)
        .join(Round, Round.id == PaperRun.round_id)
        .where(Round.closed_at.is_not(None), PaperRun.key.is_not(None))
        .order_by(PaperRun.id)
    ).all()


def known_keys(keys: Collection[str]) -> set[str]:
    """Those of the keys that are a run's file."""
    return {key for key in db.session.scalars(select(PaperRun.key).where(PaperRun.key.in_(keys))) if key}


def find_run_of(round_id: int, serial: int) -> PaperRun | None:
    """The run a sheet's number is of."""
    return db.session.scalar(
        select(PaperRun).where(
            PaperRun.round_id == round_id, PaperRun.first_serial <= serial, PaperRun.last_serial >= serial
        )
    )


def next_serial(round_id: int) -> int:
    """The number the next run begins with."""
    last = db.session.scalar(select(func.max(PaperRun.last_serial)).where(PaperRun.round_id == round_id))
    return (last or 0) + 1


def list_batches(round_id: int) -> Sequence[PaperBatch]:
    """The batches of a round, the oldest first."""
    return db.session.scalars(
        select(PaperBatch).where(PaperBatch.round_id == round_id).order_by(PaperBatch.id)
    ).all()


def list_open_batches(round_id: int) -> Sequence[PaperBatch]:
    """The batches whose sheets are being handed out."""
    return [batch for batch in list_batches(round_id) if batch.shut_at is None]


def get_batch(round_id: int, batch_id: int, *, lock: bool = False, keep: bool = False) -> PaperBatch:
    """A batch of the round, or NotFound. As it stands now and until the end of the transaction: with `lock` held for
    us alone, with `keep` so that nobody changes it and others may keep it too."""
    batch = db.session.get(
        PaperBatch,
        batch_id,
        with_for_update={"read": True} if keep else lock or None,
        populate_existing=lock or keep,
    )
    if batch is None or batch.round_id != round_id:
        raise NotFound
    return batch


def find_sheet(round_id: int, serial: int, *, lock: bool = False) -> PaperBallot | None:
    """What was keyed from a sheet."""
    return db.session.get(
        PaperBallot, (round_id, serial), with_for_update=lock or None, populate_existing=lock
    )


def get_sheet(batch: PaperBatch, serial: int, *, lock: bool = False) -> PaperBallot:
    """What was keyed from a sheet of the batch, or NotFound."""
    sheet = find_sheet(batch.round_id, serial, lock=lock)
    if sheet is None or sheet.batch_id != batch.id:
        raise NotFound
    return sheet


_DIFFERS = and_(
    PaperBallot.second_by_id.is_not(None), PaperBallot.final.is_(None), PaperBallot.verdict.is_(None)
)
_ONCE = and_(PaperBallot.second_by_id.is_(None), PaperBallot.verdict.is_(None))


def list_differing(batch_id: int) -> Sequence[PaperBallot]:
    """Sheets on which two people differ, by number."""
    return db.session.scalars(
        select(PaperBallot)
        .where(PaperBallot.batch_id == batch_id, _DIFFERS)
        .order_by(PaperBallot.serial)
        .limit(PER_PAGE)
    ).all()


def list_keyed_once(batch_id: int) -> Sequence[PaperBallot]:
    """Sheets only one person has keyed, by number."""
    return db.session.scalars(
        select(PaperBallot)
        .where(PaperBallot.batch_id == batch_id, _ONCE)
        .order_by(PaperBallot.serial)
        .limit(PER_PAGE)
    ).all()


def list_settled(batch_id: int) -> Sequence[PaperBallot]:
    """Sheets with a final reading, by number."""
    return db.session.scalars(
        select(PaperBallot)
        .where(PaperBallot.batch_id == batch_id, PaperBallot.final.is_not(None))
        .order_by(PaperBallot.serial)
    ).all()


def list_rejected(batch_id: int) -> Sequence[PaperBallot]:
    """Sheets of an accepted batch of which a line, or all, does not count; none is dropped."""
    return db.session.scalars(
        select(PaperBallot)
        .where(
            PaperBallot.batch_id == batch_id,
            or_(PaperBallot.verdict == "rejected", func.jsonb_array_length(PaperBallot.lines) > 0),
        )
        .order_by(PaperBallot.serial)
    ).all()


def has_read(batch_id: int, account_id: int | None) -> bool:
    """Whether the account keyed a sheet of the batch, first or second, or decided one on which two differed."""
    return (
        db.session.scalar(
            select(PaperBallot.serial)
            .where(
                PaperBallot.batch_id == batch_id,
                or_(
                    PaperBallot.first_by_id == account_id,
                    PaperBallot.second_by_id == account_id,
                    PaperBallot.third_by_id == account_id,
                ),
            )
            .limit(1)
        )
        is not None
    )


def count_keyed_by(batch_id: int, account_id: int) -> int:
    """How many sheets of the batch the account keyed, first or second."""
    return (
        db.session.scalar(
            select(func.count())
            .select_from(PaperBallot)
            .where(
                PaperBallot.batch_id == batch_id,
                or_(PaperBallot.first_by_id == account_id, PaperBallot.second_by_id == account_id),
            )
        )
        or 0
    )


@dataclass(frozen=True)
class Progress:
    """How far the keying of a batch is. Numbers of sheets, never of choices."""

    first: int
    second: int
    settled: int
    differing: int

    @property
    def once(self) -> int:
        """Sheets that wait for the second person."""
        return self.first - self.second


def progress_of(batch_ids: Sequence[int]) -> Mapping[int, Progress]:
    """How far the keying is, batch by batch."""
    rows = db.session.execute(
        select(
            PaperBallot.batch_id,
            func.count(PaperBallot.first_by_id),
            func.count(PaperBallot.second_by_id),
            func.count().filter(or_(PaperBallot.final.is_not(None), PaperBallot.verdict.is_not(None))),
            func.count().filter(_DIFFERS),
        )
        .where(PaperBallot.batch_id.in_(batch_ids))
        .group_by(PaperBallot.batch_id)
    )
    found = {row[0]: Progress(*row[1:]) for row in rows}
    return {batch_id: found.get(batch_id, Progress(0, 0, 0, 0)) for batch_id in batch_ids}


def list_samples(batch_id: int) -> Sequence[PaperSample]:
    """The samples of a batch, the oldest first."""
    return db.session.scalars(
        select(PaperSample).where(PaperSample.batch_id == batch_id).order_by(PaperSample.id)
    ).all()


def samples_by_batch(round_id: int) -> Mapping[int, Sequence[PaperSample]]:
    """The samples of every batch of a round that has any, the oldest first."""
    found: dict[int, list[PaperSample]] = {}
    for one in db.session.scalars(
        select(PaperSample)
        .join(PaperBatch, PaperBatch.id == PaperSample.batch_id)
        .where(PaperBatch.round_id == round_id)
        .order_by(PaperSample.id)
    ):
        found.setdefault(one.batch_id, []).append(one)
    return found


def find_waiting_sample(batch_id: int) -> PaperSample | None:
    """The sample that was drawn and not compared yet."""
    return db.session.scalar(
        select(PaperSample).where(PaperSample.batch_id == batch_id, PaperSample.compared_at.is_(None))
    )


def batch_facts(batch: PaperBatch) -> BatchFacts:
    """The figures by which the batch is accepted."""
    progress = progress_of([batch.id])[batch.id]
    samples = list_samples(batch.id)
    last = samples[-1] if samples else None
    return BatchFacts(
        marks=batch.marks or 0,
        returned=batch.returned or 0,
        spoilt=batch.spoilt or 0,
        not_returned=batch.not_returned or 0,
        minutes=bool(batch.minutes),
        keyed=progress.first,
        settled=progress.settled,
        differing=progress.differing,
        sampled=last is not None and last.different == [] and last.population == progress.settled,
    )


# --- the close ------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class PaperTotals:
    """A round's paper in two numbers: sheets handed out, and ballots of them in the log."""

    marks: int
    ballots: int

    def as_json(self) -> dict[str, int]:
        """For the minutes."""
        return {"marks": self.marks, "ballots": self.ballots}


def totals(reader: marks.Reader, round_id: int) -> PaperTotals:
    """Sheets out by the box, and ballots by the accepted batches."""
    ballots = reader.execute(
        text("SELECT coalesce(sum(counted), 0) FROM paper_batch WHERE round_id = :round"), {"round": round_id}
    ).scalar()
    return PaperTotals(sum(marks.count_marks(reader, round_id).values()), int(ballots or 0))


def has_unaccepted(reader: marks.Reader, round_id: int) -> bool:
    """Whether sheets may still become ballots: a batch of paper is not accepted."""
    return bool(
        reader.execute(
            text("SELECT EXISTS (SELECT 1 FROM paper_batch WHERE round_id = :round AND accepted_at IS NULL)"),
            {"round": round_id},
        ).scalar()
    )


def closing_obstacle(round_id: int, _now: datetime | None = None) -> Any | None:
    """Why the round cannot be closed yet on account of its paper, or None."""
    waiting = db.session.scalars(
        select(PaperBatch.label)
        .join(Round, Round.id == PaperBatch.round_id)
        # Once the close has begun nothing more is accepted, and it goes on where it stopped.
        .where(Round.id == round_id, Round.closed_at.is_(None), PaperBatch.accepted_at.is_(None))
        .order_by(PaperBatch.id)
    ).all()
    if waiting:
        return _("Paper ballots are still being counted: %(batches)s.", batches=", ".join(waiting))
    return None

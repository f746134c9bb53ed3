"""Batches of sheets: opened, shut, counted, keyed by two, settled by a third, sampled, accepted.

Commands flush and never commit. What was keyed is encrypted until the batch is accepted; then each valid sheet becomes
a ballot like those cast online, sealed for the box under a nonce nobody keeps, in the order of its leaf, and what was
keyed is forgotten: afterwards no number of a sheet leads to a choice.
"""

import re
import secrets
from collections import Counter
from collections.abc import Collection
from datetime import date, datetime
from typing import Any

from flask import current_app
from flask_babel import lazy_gettext as _
from sqlalchemy import insert, text
from sqlalchemy.dialects.postgresql import insert as upsert
from sqlalchemy.exc import IntegrityError

from civic import audit
from civic.actor import Actor
from civic.config import Settings
from civic.errors import Conflict, Invalid
from civic.extensions import db
from civic.policy import enforce
from civic.rounds.models import Round
from civic.text import clean_line, clean_text
from voting.ballot_text import NONCE_BYTES
from voting.casting import ROUND_LOCK
from voting.keys import seal
from voting.models import cast_log
from voting.paper import marks, policy, queries, rules
from voting.paper.entries import EntryBox
from voting.paper.models import PaperBallot, PaperBatch, PaperDeskCount, PaperSample
from voting.paper.rules import DICE, SAMPLE_SIZES, Entry, Mistyped, Reading
from voting.plan import FrozenRound

MOST_IN_URN = 100_000


def entry_box(round_id: int) -> EntryBox:
    """What closes and opens the entries of a round."""
    settings: Settings = current_app.config["SETTINGS"]
    return EntryBox(settings, round_id)


def note_at_desk(round_id: int, account_id: int, day: date, what: str) -> None:
    """Count one sheet `handed`, `taken_back` or `refused` by a clerk on a day. No person, no hour."""
    column = getattr(PaperDeskCount, what)
    statement = upsert(PaperDeskCount).values(
        round_id=round_id,
        account_id=account_id,
        day=day,
        **{"handed": 0, "taken_back": 0, "refused": 0, what: 1},
    )
    db.session.execute(
        statement.on_conflict_do_update(
            index_elements=["round_id", "account_id", "day"], set_={what: column + 1}
        )
    )


# --- a batch ----------------------------------------------------------------------------------------------


def open_batch(
    actor: Actor, round_: Round, plan: FrozenRound | None, label: str, place: str, now: datetime
) -> PaperBatch:
    """Begin a batch: from now on its sheets are handed out. Raises Conflict when the round has one so named."""
    enforce(policy.can_prepare(actor, round_, plan))
    if plan is not None and now >= plan.closes_at:
        raise Conflict(_("The vote has ended: no sheet is handed out any more."))
    label, place = clean_line(label), clean_line(place)
    if not label:
        raise Invalid(_("Give the batch a name."))
    assert actor.id is not None
    batch = PaperBatch(round_id=round_.id, label=label, place=place, opened_by_id=actor.id, opened_at=now)
    try:
        with db.session.begin_nested():
            db.session.add(batch)
    except IntegrityError as error:
        raise Conflict(_("Another batch of this round already has this name.")) from error
    audit.record(actor, "paper.batch_opened", "round", round_.id, now, {"batch": batch.id})
    return batch


def shut_batch(actor: Actor, round_: Round, batch: PaperBatch, now: datetime) -> None:
    """End handing out and taking back, and note how many sheets are out. Twice is the same as once."""
    # First the lock, then the look: whoever hands out a sheet now has written its mark by then.
    marks.end_handing_out(db.session, batch.id)
    batch = queries.get_batch(round_.id, batch.id, lock=True)
    enforce(policy.can_change(actor, round_, batch))
    if batch.shut_at is not None:
        return
    batch.marks = marks.count_marks(db.session, round_.id).get(batch.id, 0)
    batch.shut_at, batch.shut_by_id = now, actor.id
    audit.record(
        actor, "paper.batch_shut", "round", round_.id, now, {"batch": batch.id, "marks": batch.marks}
    )
    db.session.flush()


def count_urn(
    actor: Actor,
    round_: Round,
    batch: PaperBatch,
    counts: tuple[int, int, int],
    minutes: str,
    now: datetime,
) -> None:
    """Write down what was found: sheets in the urn, given back spoilt, not returned; and the minutes about them."""
    batch = queries.get_batch(round_.id, batch.id, lock=True)
    enforce(policy.can_change(actor, round_, batch))
    if batch.shut_at is None:
        raise Conflict(_("Shut the batch first: its sheets are still handed out."))
    if any(not 0 <= count <= MOST_IN_URN for count in counts):
        raise Invalid(_("Write each number as a whole number."))
    batch.returned, batch.spoilt, batch.not_returned = counts
    batch.minutes = clean_text(minutes)
    audit.record(
        actor, "paper.urn_counted", "round", round_.id, now, {"batch": batch.id, "counts": list(counts)}
    )
    db.session.flush()


# --- keying -----------------------------------------------------------------------------------------------


def read_serial(typed: str) -> int:
    """The number of a sheet as it was typed or scanned. Raises Mistyped."""
    digits = re.sub(r"\s", "", typed)
    if not (digits.isascii() and digits.isdigit()) or len(digits) > 9:
        raise Mistyped(_("Type the number of the sheet: digits alone."))
    return int(digits)


def read_typed(plan: FrozenRound, serial: int, typed: str) -> Entry:
    """What was typed from a printed sheet. Raises Mistyped."""
    run = queries.find_run_of(plan.round_id, serial)
    if run is None:
        raise UnknownSheet(_("No sheet with the number %(serial)s was printed.", serial=serial))
    return rules.read_entry(plan, run.codes, typed)


class UnknownSheet(Mistyped):
    """There is no such sheet."""


class KeyedOtherwise(Conflict):
    """The same person keyed this sheet before, and otherwise."""


def key_sheet(
    actor: Actor,
    round_: Round,
    batch: PaperBatch,
    serial: int,
    entry: Entry,
    *,
    replace: bool = False,
) -> str:
    """Keep what a person read from a sheet: the first reading or, of another person, the second.

    Returns `first` or `second`. The same again is the same. Whether the two agree is not said: who keys second would
    otherwise know what the first has read. Raises KeyedOtherwise unless `replace` says that it was a mistake.
    """
    # Kept as it is until we commit: a sheet that arrives while somebody accepts is in what they accept, or refused.
    batch = queries.get_batch(round_.id, batch.id, keep=True)
    enforce(policy.can_key(actor, round_, batch))
    assert actor.id is not None
    box = entry_box(round_.id)
    db.session.execute(
        upsert(PaperBallot)
        .values(round_id=round_.id, serial=serial, batch_id=batch.id, lines=[])
        .on_conflict_do_nothing()
    )
    sheet = queries.find_sheet(round_.id, serial, lock=True)
    assert sheet is not None
    if sheet.batch_id != batch.id:
        raise Conflict(_("The sheet %(serial)s was keyed in another batch.", serial=serial))
    if sheet.verdict is not None:
        raise Conflict(_("The batch is accepted: its ballots are in the box."))
    for which, other in (("first", "second"), ("second", "first")):
        if getattr(sheet, f"{which}_by_id") != actor.id:
            continue
        stored = getattr(sheet, f"{which}_entry")
        if box.open(stored).canonical == entry.canonical:
            return which
        if sheet.final is not None or getattr(sheet, f"{other}_by_id") is not None:
            raise Conflict(
                _(
                    "Two people have keyed the sheet %(serial)s: where they differ a third decides.",
                    serial=serial,
                )
            )
        if not replace:
            raise KeyedOtherwise(
                _("You keyed the sheet %(serial)s before, and otherwise. Look at it again.", serial=serial)
            )
        setattr(sheet, f"{which}_entry", box.close(entry))
        db.session.flush()
        return which
    if sheet.first_by_id is None:
        sheet.first_by_id, sheet.first_entry, which = actor.id, box.close(entry), "first"
    elif sheet.second_by_id is None and sheet.first_entry is not None:
        sheet.second_by_id, sheet.second_entry, which = actor.id, box.close(entry), "second"
        if box.open(sheet.first_entry).canonical == entry.canonical:
            sheet.final = sheet.second_entry
    else:
        raise Conflict(_("Two people have keyed the sheet %(serial)s already.", serial=serial))
    db.session.flush()
    return which


def remove_sheet(actor: Actor, round_: Round, batch: PaperBatch, serial: int, now: datetime) -> None:
    """Take out a number keyed once that is in no urn: somebody mistyped it."""
    batch = queries.get_batch(round_.id, batch.id, keep=True)
    sheet = queries.get_sheet(batch, serial, lock=True)
    enforce(policy.can_change(actor, round_, batch))
    if sheet.second_by_id is not None:
        raise Conflict(_("Two people have keyed the sheet %(serial)s already.", serial=serial))
    db.session.delete(sheet)
    audit.record(actor, "paper.sheet_removed", "round", round_.id, now, {"batch": batch.id, "serial": serial})
    db.session.flush()


def settle(actor: Actor, round_: Round, batch: PaperBatch, serial: int, entry: Entry, now: datetime) -> None:
    """The third person's word on a sheet that two read differently."""
    batch = queries.get_batch(round_.id, batch.id, keep=True)
    sheet = queries.get_sheet(batch, serial, lock=True)
    enforce(policy.can_settle(actor, round_, batch, sheet))
    if sheet.second_by_id is None or sheet.final is not None or sheet.verdict is not None:
        raise Conflict(_("Nothing has to be decided about the sheet %(serial)s any more.", serial=serial))
    sheet.final, sheet.third_by_id = entry_box(round_.id).close(entry), actor.id
    audit.record(
        actor, "paper.difference_settled", "round", round_.id, now, {"batch": batch.id, "serial": serial}
    )
    db.session.flush()


# --- the sample -------------------------------------------------------------------------------------------


def draw_sample(
    actor: Actor, round_: Round, batch: PaperBatch, dice: str, size: int, now: datetime
) -> PaperSample:
    """Choose the sheets to compare by dice thrown before everybody's eyes. Raises Invalid, Conflict."""
    batch = queries.get_batch(round_.id, batch.id, lock=True)
    enforce(policy.can_judge(actor, round_, batch, queries.has_read(batch.id, actor.id)))
    dice = re.sub(r"[\s,;-]", "", dice)
    if not DICE.fullmatch(dice):
        raise Invalid(_("Type at least 20 throws of a die, digits from 1 to 6."))
    if size not in SAMPLE_SIZES:
        raise Invalid(_("Choose how many sheets are compared."))
    problems = rules.keying_problems(queries.batch_facts(batch))
    if problems:
        raise Conflict(problems[0])
    serials = [sheet.serial for sheet in queries.list_settled(batch.id)]
    if not serials:
        raise Conflict(_("There is no sheet to compare in this batch."))
    assert actor.id is not None
    sample = PaperSample(
        batch_id=batch.id,
        dice=dice,
        population=len(serials),
        serials=rules.drawn(dice, serials, size),
        drawn_by_id=actor.id,
        drawn_at=now,
    )
    try:
        with db.session.begin_nested():
            db.session.add(sample)
    except IntegrityError as error:
        raise Conflict(
            _("A sample is drawn already, or these throws were used: compare it, or throw again.")
        ) from error
    audit.record(
        actor, "paper.sample_drawn", "round", round_.id, now,
        {"batch": batch.id, "dice": dice, "sheets": len(sample.serials)},
    )  # fmt: skip
    return sample


def compare_sample(
    actor: Actor, round_: Round, batch: PaperBatch, agreeing: Collection[int], now: datetime
) -> PaperSample:
    """Record which sheets of the sample are as keyed. What is not is keyed anew by two people, and drawn again."""
    batch = queries.get_batch(round_.id, batch.id, lock=True)
    enforce(policy.can_judge(actor, round_, batch, queries.has_read(batch.id, actor.id)))
    sample = queries.find_waiting_sample(batch.id)
    if sample is None:
        raise Conflict(_("No sample is waiting to be compared."))
    sample.different = sorted(set(sample.serials) - set(agreeing))
    sample.compared_by_id, sample.compared_at = actor.id, now
    for serial in sample.different:
        db.session.delete(queries.get_sheet(batch, serial, lock=True))
    audit.record(
        actor, "paper.sample_compared", "round", round_.id, now,
        {"batch": batch.id, "sheets": len(sample.serials), "different": sample.different},
    )  # fmt: skip
    db.session.flush()
    return sample


# --- acceptance -------------------------------------------------------------------------------------------


def accept(actor: Actor, round_: Round, plan: FrozenRound, batch: PaperBatch, now: datetime) -> PaperBatch:
    """Put the ballots of a batch that adds up into the box, and forget what was keyed. Twice is the same as once.

    Raises Conflict with the first thing that does not add up.
    """
    # The close takes this lock alone: it waits for us, or we see that it was.
    db.session.execute(
        text(f"SELECT pg_advisory_xact_lock_shared({ROUND_LOCK}, :round)"), {"round": round_.id}
    )
    marks.end_handing_out(db.session, batch.id)
    db.session.refresh(round_, ["closed_at"])
    batch = queries.get_batch(round_.id, batch.id, lock=True)
    if batch.accepted_at is not None:
        return batch
    enforce(policy.can_judge(actor, round_, batch, queries.has_read(batch.id, actor.id)))
    if batch.shut_at is None or batch.returned is None:
        raise Conflict(_("Shut the batch and count its urn first."))
    problems = rules.batch_problems(queries.batch_facts(batch))
    if marks.count_marks(db.session, round_.id).get(batch.id, 0) != batch.marks:
        problems.insert(0, _("The marks of this batch are not those noted when it was shut."))
    if problems:
        raise Conflict(problems[0])
    verdicts = _put_into_box(round_.id, plan, batch)
    batch.counted, batch.blank, batch.rejected = (verdicts[name] for name in ("counted", "blank", "rejected"))
    batch.accepted_at, batch.accepted_by_id = now, actor.id
    audit.record(actor, "paper.batch_accepted", "round", round_.id, now, {"batch": batch.id})
    db.session.flush()
    return batch


def _put_into_box(round_id: int, plan: FrozenRound, batch: PaperBatch) -> Counter[str]:
    """The ballots of the sheets into the log, sorted by leaf; of each sheet only its verdict stays."""
    box, verdicts = entry_box(round_id), Counter[str]()
    ballots: list[dict[str, Any]] = []
    for sheet in queries.list_settled(batch.id):
        assert sheet.final is not None
        reading = rules.read_sheet(plan, box.open(sheet.final))
        verdicts[reading.verdict] += 1
        if reading.verdict == "counted":
            ballots.append(_ballot(round_id, plan, reading))
        sheet.verdict, sheet.lines = reading.verdict, reading.lines
        sheet.first_entry = sheet.second_entry = sheet.final = None
    ballots.sort(key=lambda one: bytes(one["leaf"]))
    for start in range(0, len(ballots), 1000):
        db.session.execute(insert(cast_log), ballots[start : start + 1000])
    return verdicts


def _ballot(round_id: int, plan: FrozenRound, reading: Reading) -> dict[str, Any]:
    """A row of the log as a cast writes it. Its nonce is kept nowhere but in the sealed ballot."""
    ballot = plan.ballot(reading.choices, secrets.token_bytes(NONCE_BYTES))
    sealed = seal(plan.box_public_key, ballot.render(), plan.padding)
    return {"round_id": round_id, "leaf": ballot.leaf, "kind": "ballot", "sealed": sealed}

"""Signatures: given and taken back on this site, counted from paper, struck, listed for the secretary, erased."""

import csv
import io
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from flask_babel import gettext as _
from sqlalchemy import select, update
from sqlalchemy.exc import IntegrityError
from werkzeug.datastructures import FileStorage

from civic import audit, sealing
from civic.accounts.models import Account, Person
from civic.actor import Actor
from civic.clock import to_city
from civic.errors import Conflict, Invalid
from civic.extensions import db
from civic.files import service as files
from civic.policy import enforce
from civic.text import clean_line, clean_text, plain_cell
from consultations.initiatives import policy, queries, rules
from consultations.initiatives.likeness import Line
from consultations.initiatives.models import Initiative, PaperLine, PaperSheet, Signature

KIND = "initiative"
SEAL = "initiative signature"
_ONCE = "uq_initiative_signature_initiative_id_signer_mark"


def mark_of(initiative_id: int, person: Person) -> bytes:
    """What a person's signature is recognised by: another for every initiative, so that none is joined to another."""
    return sealing.mark(f"initiative {initiative_id}", (person.identity_hash or b"").hex())


def find_own(actor: Actor, initiative_id: int) -> Signature | None:
    """The actor's own signature."""
    person = queries.find_person(actor.person_id)
    if person is None or person.identity_hash is None:
        return None
    return queries.find_signature(initiative_id, mark_of(initiative_id, person))


def read(signature: Signature) -> Line | None:
    """What the signer wrote; None once it was erased."""
    if signature.sealed is None:
        return None
    return Line(**sealing.unseal(SEAL, signature.sealed))


def sign(actor: Actor, initiative_id: int, line: Line, now: datetime) -> Signature:
    """Sign. Refused with the sentence why; a second signature of the same person is refused by a constraint too."""
    one = queries.lock_initiative(initiative_id, shared=True)
    person = queries.find_person(actor.person_id)
    enforce(policy.can_sign(actor, person, one, find_own(actor, one.id), now))
    assert person is not None  # can_sign refused everybody else
    kept = Line(
        clean_line(line.name)[: rules.MAX_NAME],
        clean_line(line.address)[: rules.MAX_ADDRESS],
        clean_line(line.document)[: rules.MAX_DOCUMENT],
    )
    if not kept.name or not kept.address or not kept.document:
        raise Invalid(
            _("Write your name, your domicile and your identity document: the law asks for them on the list.")
        )
    row = Signature(
        initiative_id=one.id, signer_mark=mark_of(one.id, person), sealed=sealing.seal(SEAL, vars(kept)), signed_at=now
    )  # fmt: skip
    try:
        with db.session.begin_nested():
            db.session.add(row)
    except IntegrityError as error:
        if _ONCE not in str(error.orig):
            raise
        raise Conflict(_("You have signed already: each person signs once.")) from error
    # Who signed is told to nobody: the record counts, and names no account.
    return row


def take_back(actor: Actor, initiative_id: int, now: datetime) -> None:
    """Take one's signature back, with everything that was written for it. Possible until the lists are deposited."""
    one = queries.lock_initiative(initiative_id, shared=True)
    own = find_own(actor, one.id)
    decision = policy.can_take_back(one, own, now)
    if not decision or own is None:
        raise Conflict(decision.reason)
    db.session.delete(own)
    db.session.flush()


def forget_leaver(account: Account, _now: datetime) -> None:
    """Take back the signatures of somebody who deletes their account, where that is still possible."""
    person = queries.find_person(account.person_id)
    if person is None or person.identity_hash is None:
        return
    for initiative_id in queries.list_undeposited():
        own = queries.find_signature(initiative_id, mark_of(initiative_id, person))
        if own is not None:
            db.session.delete(own)
    db.session.flush()


# --- paper -----------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Count:
    """A sheet as it was counted."""

    number: int | None
    valid: int | None
    struck: int | None
    struck_reason: str = ""


def enter_sheet(
    actor: Actor, initiative_id: int, counted: Count, scan: FileStorage, now: datetime
) -> PaperSheet:
    """Enter a counted sheet of a paper list with its scan, which only the secretariat opens."""
    one = queries.lock_initiative(initiative_id)
    enforce(policy.can_manage(actor))
    decision = policy.can_enter_sheets(actor, one, now)
    if not decision:
        raise Conflict(decision.reason)
    valid, struck, why = counted.valid or 0, counted.struck or 0, clean_text(counted.struck_reason)
    if counted.number is None or not 1 <= counted.number <= rules.MOST_LINES:
        raise Invalid(_("Write the number of the sheet."))
    if valid + struck < 1 or max(valid, struck) > rules.MOST_LINES:
        raise Invalid(_("Write how many signatures of the sheet count and how many were struck."))
    if struck and not why:
        raise Invalid(_("Write why signatures were struck."))
    name = (scan.filename or "").lower()
    kind = "image" if name.endswith((".jpg", ".jpeg", ".png", ".webp")) else "document"
    stored = files.store_upload(scan, kind, actor, now)
    row = PaperSheet(
        initiative_id=one.id, number=counted.number, valid=valid, struck=struck,
        struck_reason=why[: rules.MAX_WHY] if struck else "", file_id=stored.id, entered_at=now, account_id=actor.id,
    )  # fmt: skip
    try:
        with db.session.begin_nested():
            db.session.add(row)
    except IntegrityError as error:
        raise Conflict(_("A sheet with this number has been entered already.")) from error
    details = {"sheet": row.id, "valid": valid, "struck": struck}
    audit.record(actor, "initiative.sheet_entered", KIND, one.id, now, details)
    return row


def remove_sheet(actor: Actor, initiative_id: int, sheet_id: int, now: datetime) -> None:
    """Take out a sheet that was entered by mistake."""
    one = queries.lock_initiative(initiative_id)
    enforce(policy.can_manage(actor))
    decision = policy.can_enter_sheets(actor, one, now)
    if not decision:
        raise Conflict(decision.reason)
    row = queries.get_sheet(one.id, sheet_id)
    details = {"sheet": row.id, "valid": row.valid, "struck": row.struck}
    audit.record(actor, "initiative.sheet_removed", KIND, one.id, now, details)
    db.session.delete(row)
    db.session.flush()


# --- the secretary's list --------------------------------------------------------------------------------


def note_reading(actor: Actor, initiative_id: int, event: str, now: datetime) -> None:
    """Record that somebody opened names of signers: the list, its table, the scan of a sheet."""
    enforce(policy.can_manage(actor))
    audit.record(actor, event, KIND, initiative_id, now)


def table_of(one: Initiative) -> Iterator[str]:
    """The list of supporters as CSV, written as it is read: number, name, domicile, document, moment, whether struck."""
    yield "\ufeff" + _row(
        [_("No."), _("Name"), _("Domicile"), _("Identity document"), _("Signed at"), _("Struck, because")]
    )
    number, last = 0, 0
    while rows := queries.list_signatures_after(one.id, last):
        for signature in rows:
            number += 1
            line = read(signature) or Line("", "", "")
            yield _row(
                [
                    str(number), line.name, line.address, line.document,
                    f"{to_city(signature.signed_at):%Y-%m-%d %H:%M}", signature.struck_reason,
                ]
            )  # fmt: skip
        last = rows[-1].id
        db.session.expunge_all()


def _row(cells: list[str]) -> str:
    buffer = io.StringIO()
    csv.writer(buffer).writerow([plain_cell(cell) for cell in cells])
    return buffer.getvalue()


def _verifying(actor: Actor, initiative_id: int, now: datetime) -> Initiative:
    one = queries.lock_initiative(initiative_id)
    enforce(policy.can_manage(actor))
    decision = policy.can_verify(actor, one, now)
    if not decision:
        raise Conflict(decision.reason)
    return one


def strike(actor: Actor, initiative_id: int, signature_id: int, reason: str, now: datetime) -> Signature:
    """Strike a signature that does not count, with the reason; it stays on the list, struck."""
    one, words = _verifying(actor, initiative_id, now), clean_line(reason)[:300]
    signature = queries.get_signature(one.id, signature_id)
    if not words:
        raise Invalid(_("Write why this signature does not count."))
    signature.struck_at, signature.struck_reason, signature.struck_by_id = now, words, actor.id
    db.session.flush()
    audit.record(actor, "initiative.signature_struck", KIND, one.id, now, {"signature": signature.id})
    return signature


def let_in(actor: Actor, initiative_id: int, signature_id: int, now: datetime) -> Signature:
    """Let a struck signature count again."""
    one = _verifying(actor, initiative_id, now)
    signature = queries.get_signature(one.id, signature_id)
    signature.struck_at, signature.struck_reason, signature.struck_by_id = None, "", None
    db.session.flush()
    audit.record(actor, "initiative.signature_let_in", KIND, one.id, now, {"signature": signature.id})
    return signature


def erase(initiative_id: int, now: datetime) -> None:
    """Erase what signers wrote, the scans and typed lines of paper lists; the numbers stay."""
    one = queries.lock_initiative(initiative_id)
    of_this = Signature.initiative_id == one.id
    db.session.execute(update(Signature).where(of_this).values(sealed=None))
    sheets = select(PaperSheet.id).where(PaperSheet.initiative_id == one.id)
    db.session.execute(update(PaperLine).where(PaperLine.sheet_id.in_(sheets)).values(sealed=None))
    db.session.execute(update(PaperSheet).where(PaperSheet.initiative_id == one.id).values(file_id=None))
    one.erased_at, one.initiator_left = now, None
    db.session.flush()
    db.session.expire_all()

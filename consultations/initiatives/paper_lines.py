"""Lines of paper lists beside the signatures given here: likely the same person is suggested, and counted once.

What is typed from a sheet is what the law asks on it (name, domicile, identity document). It is sealed for the secretary
like a signature given here, and erased with them.
"""

from dataclasses import dataclass
from datetime import datetime

from flask_babel import gettext as _

from civic import audit, sealing
from civic.actor import Actor
from civic.errors import Conflict, Invalid
from civic.extensions import db
from civic.policy import enforce
from consultations.initiatives import likeness, policy, queries, signing
from consultations.initiatives.likeness import Alike, Line
from consultations.initiatives.models import Initiative, PaperLine, PaperSheet

SEAL = "initiative paper line"


@dataclass(frozen=True)
class Compared:
    """A typed line, what it says, and who is likely the same."""

    row: PaperLine
    line: Line | None
    alike: list[tuple[Alike, Line]]


def _receiving(actor: Actor, initiative_id: int, now: datetime) -> Initiative:
    one = queries.lock_initiative(initiative_id)
    enforce(policy.can_manage(actor))
    decision = policy.can_enter_sheets(actor, one, now)
    if not decision:
        raise Conflict(decision.reason)
    return one


def enter(actor: Actor, initiative_id: int, sheet_id: int, typed: str, now: datetime) -> list[PaperLine]:
    """Take over the lines of a sheet as typed; the same line twice is one. Raises Invalid with the line that is none."""
    one = _receiving(actor, initiative_id, now)
    sheet = queries.get_sheet(one.id, sheet_id)
    try:
        wanted = likeness.read_lines(typed)
    except ValueError as error:
        raise Invalid(
            _("Line %(number)s: write the name; the domicile; the identity document.", number=error.args[0])
        ) from error
    before = queries.list_paper_lines([sheet.id])
    known = {read(row) for row in before}
    fresh = [line for line in dict.fromkeys(wanted) if line not in known]
    if not fresh:
        raise Invalid(_("Write at least one line that is not typed yet."))
    if len(before) + len(fresh) > sheet.valid + sheet.struck:
        lines = sheet.valid + sheet.struck
        raise Invalid(_("The sheet has %(lines)s lines: more were typed.", lines=lines))
    rows = [
        PaperLine(sheet_id=sheet.id, place=place, sealed=sealing.seal(SEAL, vars(line)))
        for place, line in enumerate(fresh, len(before) + 1)
    ]
    db.session.add_all(rows)
    db.session.flush()
    details = {"sheet": sheet.id, "lines": len(rows)}
    audit.record(actor, "initiative.paper_lines_typed", signing.KIND, one.id, now, details)
    return rows


def read(row: PaperLine) -> Line | None:
    """What stands on the line; None once it was erased."""
    return Line(**sealing.unseal(SEAL, row.sealed)) if row.sealed is not None else None


def compare(initiative_id: int, sheet: PaperSheet) -> list[Compared]:
    """The lines of a sheet, each with the signatures given here and the other paper lines likely of the same person."""
    rows = queries.list_paper_lines([sheet.id])
    if not rows:
        return []
    lines: dict[object, Line] = {}
    for signature in queries.all_signatures(initiative_id):
        said = signing.read(signature)
        if said is not None and signature.struck_at is None:
            lines["s", signature.id] = Line(said.name, said.address, said.document)
    for other in queries.list_paper_lines([each.id for each in queries.list_sheets(initiative_id)]):
        said_there = read(other)
        # One that is counted elsewhere already stands for nobody.
        if said_there is not None and not other.matched:
            lines["p", other.id] = said_there
    known = likeness.Known(lines)
    made = []
    for row in rows:
        line = read(row)
        found = known.like(line) if line is not None else []
        made.append(Compared(row, line, [(one, lines[one.key]) for one in found if one.key != ("p", row.id)]))
    return made


def count_once(
    actor: Actor, initiative_id: int, sheet_id: int, line_id: int, kind: str, other_id: int, now: datetime
) -> PaperLine:
    """Say that a line is of somebody who signed elsewhere too: the person is counted there, once."""
    one = _receiving(actor, initiative_id, now)
    sheet = queries.get_sheet(one.id, sheet_id)
    row = queries.get_paper_line(sheet.id, line_id)
    if row.matched:
        raise Conflict(_("This line is counted elsewhere already."))
    if queries.count_matched(sheet.id) >= sheet.valid:
        raise Conflict(_("No signature of this sheet that counts is left: the line was struck on paper."))
    if kind == "s":
        row.same_signature_id = queries.get_signature(one.id, other_id).id
    else:
        other = queries.get_line_of(one.id, other_id)
        if other.id == row.id or other.matched:
            raise Conflict(_("The other line is counted elsewhere itself."))
        if queries.stands_for_others(row.id):
            raise Conflict(_("Another line is counted with this one already."))
        row.same_line_id = other.id
    db.session.flush()
    details = {"line": row.id, "signature": row.same_signature_id, "other": row.same_line_id}
    audit.record(actor, "initiative.paper_line_matched", signing.KIND, one.id, now, details)
    return row


def count_apart(actor: Actor, initiative_id: int, sheet_id: int, line_id: int, now: datetime) -> PaperLine:
    """Take that back: they are two people after all."""
    one = _receiving(actor, initiative_id, now)
    row = queries.get_paper_line(queries.get_sheet(one.id, sheet_id).id, line_id)
    row.same_signature_id = row.same_line_id = None
    db.session.flush()
    audit.record(actor, "initiative.paper_line_parted", signing.KIND, one.id, now, {"line": row.id})
    return row

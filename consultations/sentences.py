"""What an announcement and its refusals say. Rows in, sentences out: no SQL, no writing."""

from collections.abc import Sequence
from datetime import datetime

from flask_babel import gettext as _

from civic.deadlines.labels import length
from civic.deadlines.models import DeadlineVersion
from civic.format import day as write_day
from civic.format import deadline as write_deadline
from civic.format import ngettext
from consultations import clocks
from consultations.labels import DOCUMENTS, KINDS
from consultations.models import Consultation, Document


def document_name(kind: str) -> str:
    """A kind of document, inside a sentence."""
    return str(DOCUMENTS[kind]).lower()


def too_short(version: DeadlineVersion, opens_at: datetime, closes_at: datetime, earliest: datetime) -> str:
    """Why a last day is refused, what the rule asks for and which day is the first possible one."""
    given = max(0, clocks.days_given(opens_at, closes_at))
    have = ngettext(
        "That leaves people %(num)s calendar day.", "That leaves people %(num)s calendar days.", given
    )
    need = (
        ngettext(
            "Under %(source)s, people have at least %(num)s working day.",
            "Under %(source)s, people have at least %(num)s working days.",
            version.days, source=version.source,
        )
        if version.unit == "working"
        else ngettext(
            "Under %(source)s, people have at least %(num)s calendar day.",
            "Under %(source)s, people have at least %(num)s calendar days.",
            version.days, source=version.source,
        )
    )  # fmt: skip
    first = _("The earliest last day is %(day)s.", day=write_day(clocks.last_day(earliest)))
    return f"{have} {need} {first}"


def announcement(one: Consultation, window: DeadlineVersion, documents: Sequence[Document]) -> str:
    """The announcement as it is shown, kept and hashed."""
    lines = [
        _("Notice of public consultation"),
        f"{KINDS[one.kind]}: {one.title}",
        one.summary,
    ]
    if one.opens_at is not None and one.closes_at is not None:
        lines.append(
            _(
                "Contributions are received from %(start)s until %(end)s.",
                start=write_day(one.opens_at), end=write_deadline(one.closes_at),
            )
        )  # fmt: skip
    lines.append(
        _(
            "They are received at least %(length)s, under %(source)s.",
            length=length(window),
            source=window.source,
        )
    )
    if one.adopt_from is not None and not one.urgent_reason:
        lines.append(_("The decision can be adopted from %(day)s.", day=write_day(one.adopt_from)))
    if one.urgent_reason:
        lines.append(_("The procedure is urgent, because: %(reason)s", reason=one.urgent_reason))
    lines.append(_("Where and how contributions are sent: on this page, or %(place)s", place=one.send_to))
    lines.append(_("Responsible for the relation with civil society: %(who)s", who=one.responsible))
    if documents:
        lines.append(_("Documents:"))
        lines += [
            f"– {DOCUMENTS[each.kind]}: {each.title} (SHA-256 {each.versions[0].file.sha256.hex()})"
            for each in documents
            if each.versions
        ]
    return "\n\n".join(line for line in lines if line)

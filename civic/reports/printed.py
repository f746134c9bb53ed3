"""An edition for the typesetter, and the job that prints what has no file yet."""

import io
import logging
from datetime import datetime
from typing import Any

from flask_babel import force_locale
from flask_babel import gettext as _
from sqlalchemy.dialects.postgresql import insert

from civic.extensions import db
from civic.format import day
from civic.printing import blocks as b
from civic.printing import document, keeping
from civic.printing.document import Document
from civic.reports import data, presenters, queries
from civic.reports.models import EditionFile, ReportEdition
from civic.reports.presenters import Section
from civic.unit_of_work import unit_of_work

logger = logging.getLogger(__name__)

#: How the keys of stored files begin.
STORED_UNDER = "periodic/"


def document_of(edition: ReportEdition) -> Document:
    """The edition in the current language."""
    context = presenters.report_context(edition.content, data.lines_of(edition))
    written_in = context["written_in"]
    period, before = context["period_name"], context["before_name"]
    made: list[b.Block] = [b.heading(_("At a glance"))]
    made.append(
        b.table(
            _("Indicators at a glance"), [_("Indicator"), period, before, _("Target"), _("Against the target")],
            [[one.name, one.value, one.before, one.target, str(one.words)] for one in context["sections"]],
            numbers=[1, 2, 3], widths=[5, 2, 2, 2, 3],
        )
    )  # fmt: skip
    for one in context["sections"]:
        made += _section(one, period, before, written_in)
    made += _heard(context, period, before)
    made += _accounts(context)
    opening = [b.para(context["lead"], "lead")]
    if edition.reason:
        opening.append(
            b.notice(_("Corrected on %(day)s", day=day(edition.signed_at)), [b.para(edition.reason)])
        )
    if written_in:
        opening.append(b.para(_("What people wrote stands in the language in which they wrote it."), "muted"))
    opening += b.of_html(context["introduction"], written_in)
    signed = _(
        "Published on %(day)s, signed: %(office)s", day=day(edition.signed_at), office=edition.signed_as
    )
    number = " · " + _("edition %(number)s", number=edition.number) if edition.number > 1 else ""
    return Document(
        title=context["title"], kicker=signed + number, short=context["title"], opening=opening, blocks=made
    )


def _section(one: Section, period: str, before: str, written_in: str) -> list[b.Block]:
    aim = str(one.words) if one.standing == "none" else f"{_('Target')}: {one.words}"
    made = [
        b.heading(one.name),
        b.stats([(one.value, period), (one.before, before), (one.target, aim)]),
    ]
    if len(one.bars) > 1:
        title = _("%(name)s, over time", name=one.name)
        told = [(row["label"], row["text"]) for row in one.bars]
        made.append(b.bars(title, one.bars, b.drawn_alt(title, told), one.source))
    for words, text in ((_("Analysis"), one.analysis), (_("Recommendation"), one.recommendation)):
        if text:
            made += [b.heading(words, 2), *b.of_html(text, written_in)]
    if one.measure:
        who = one.measure["owner"]
        if one.measure["due_on"]:
            who += ", " + _("until %(day)s", day=day(one.measure["due_on"]))
        made.append(
            b.notice(
                _("What will be done"),
                [*b.of_html(one.measure["what"], written_in), b.para([b.span(who, b=True)])],
            )
        )
    if one.responsible:
        made.append(b.para(_("Answers for it: %(who)s.", who=one.responsible), "muted"))
    if one.months:
        made += _months(one.months)
    return made


def _months(months: dict[str, Any]) -> list[b.Block]:
    """The two years by half-years, narrow enough for a page."""
    made = [b.para(months["signs"], "before")] if months["signs"] else []
    for names, rows in ((months["labels"][:6], slice(1, 7)), (months["labels"][6:], slice(7, 13))):
        lines = [[row[0], *row[rows]] for row in months["rows"]]
        made.append(
            b.table(
                f"{months['title']}: {names[0]} – {names[-1]}", [_("Year"), *names], lines,
                numbers=list(range(1, 7)), widths=[2, *[3] * 6],
            )
        )  # fmt: skip
    return made


def _heard(context: dict[str, Any], period: str, before: str) -> list[b.Block]:
    made: list[b.Block] = [b.heading(_("What residents told us"))]
    if context["heard"]:
        rows = [[one["name"], one["value"], one["before"]] for one in context["heard"]]
        made.append(
            b.table(
                _("What residents told us, counted"), [_("In which way"), period, before], rows,
                numbers=[1, 2], widths=[4, 2, 2],
            )
        )  # fmt: skip
    made += b.of_html(context["feedback"], context["written_in"])
    if context["taken"]:
        made += [
            b.heading(_("What was done about it"), 2), *b.of_html(context["taken"], context["written_in"]),
        ]  # fmt: skip
    return made


def _accounts(context: dict[str, Any]) -> list[b.Block]:
    if not context["accounts"]:
        return []
    rows = []
    for one in context["accounts"]:
        what = [
            *b.of_html(one["what"], context["written_in"]),
            b.para(f"{one['name']}, {one['opened_in']}", "muted"),
        ]
        until = ", " + _("until %(day)s", day=day(one["new_due_on"])) if one["new_due_on"] else ""
        became = [
            b.para([b.span(f"{one['outcome']}{until}", b=True)]),
            *b.of_html(one["words"], context["written_in"]),
        ]
        rows.append([what, one["owner"], day(one["due_on"]), became])
    title = _("What became of earlier measures")
    head = [_("Measure"), _("Who carries it out"), _("Until when"), _("What became of the measure")]
    return [b.heading(title), b.table(title, head, rows, widths=[4, 3, 2, 4])]


# --- the job ------------------------------------------------------------------------------------------------


def make_due(now: datetime) -> int:
    """The job: print every edition in every language that has no file yet. Returns how many were made."""
    made = 0
    for edition_id, language in queries.list_unprinted(keeping.languages()):
        try:
            make(edition_id, language, now)
            made += 1
        except (OSError, RuntimeError, ValueError):
            # What cannot be made now is tried again, and holds up no other file.
            db.session.rollback()
            logger.exception("edition %d could not be printed in %s", edition_id, language)
    return made


def make(edition_id: int, language: str, now: datetime) -> None:
    """Print one edition. Of two that print it at once one is kept; the other's bytes are forgotten as a stray."""
    with force_locale(language), document.site_addresses():
        edition = db.session.get_one(ReportEdition, edition_id)
        words = document.to_json(document_of(edition), edition.signed_at)
        db.session.rollback()
    stored = keeping.put(io.BytesIO(document.pdf_of(words)), STORED_UNDER)
    with unit_of_work():
        db.session.execute(
            insert(EditionFile)
            .values(
                edition_id=edition_id, language=language, key=stored.key, size=stored.size, sha256=stored.sha256,
                made_at=now,
            )
            .on_conflict_do_nothing()
        )  # fmt: skip


def forget_strays(now: datetime) -> int:
    """The job: delete stored files that no edition knows. Returns how many."""
    return keeping.forget_strays(STORED_UNDER, queries.known_keys, now)

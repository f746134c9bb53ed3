"""The report as blocks for the typesetter: what stands on the page, whole, with the figures of every chart beside it."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from flask import url_for
from flask_babel import gettext as _

from civic.format import day, moment, ngettext, number, percent
from civic.printing import blocks as b
from civic.printing.blocks import Block
from civic.printing.document import Document
from consultations import areas
from consultations.models import Consultation
from consultations.reporting import parts

#: Contributions a file holds with their texts; the register holds them all.
MOST_PRINTED = 2000


def document_of(context: Mapping[str, Any]) -> Document:
    """The whole report, out of `presenters.report_context`."""
    one: Consultation = context["consultation"]
    kicker = _("Report of a public consultation")
    if one.report_published_at is not None:
        kicker += " · " + _("published on %(day)s", day=day(one.report_published_at))
    return Document(
        title=one.title,
        kicker=kicker,
        short=_("Report of a public consultation"),
        keywords=[str(context["kind"]), str(context["dimension"])],
        opening=_opening(context),
        blocks=[
            *_asked(context),
            *_announced(context),
            *_said(context["said"]),
            *_who(context),
            *_questionnaires(context["questionnaires"]),
            *_debates(context),
            *_answered(context),
            *_matrix(context),
            *_text(context["text"]),
            *_method(context),
        ],
    )


def _opening(context: Mapping[str, Any]) -> list[Block]:
    one, totals = context["consultation"], context["totals"]
    made = [b.para(" ".join(words for words in (context["lead"], context["texts"]) if words), "lead")]
    if not context["published"]:
        made.append(b.notice(_("This report has not been published."), []))
    if one.early_reason:
        made.append(
            b.notice(_("The report was published before everything was answered"), [b.para(one.early_reason)])
        )
    if one.outcome:
        words = (
            _("Adopted: %(act)s", act=one.act_number) if one.outcome == "adopted" else context["state_name"]
        )
        made.append(b.notice(words, [b.para(one.outcome_reason)] if one.outcome_reason else []))
    made.append(
        b.stats(
            [
                (number(totals.received), _("contributions registered")),
                (number(totals.answered), _("with their answer")),
                (number(totals.by_organisations), _("from organisations")),
                (number(totals.late), _("received late")),
            ]
        )
    )
    return made


def _asked(context: Mapping[str, Any]) -> list[Block]:
    one = context["consultation"]
    made = [b.heading(_("What was asked")), *b.of_html(context["summary"])]
    made.append(
        b.facts(
            [
                (_("Kind of consultation"), context["kind"]),
                (_("Department in charge"), one.department.name),
                (_("Neighbourhood"), areas.name_of(one.neighbourhood)),
                (_("Dimension of local governance"), context["dimension"]),
                (_("Announced on"), day(one.announced_at)),
                (
                    _("Contributions were received"),
                    _("from %(first)s to %(last)s", first=day(one.opens_at), last=day(context["last_day"]))
                    + " ("
                    + ngettext("%(num)s calendar day", "%(num)s calendar days", context["days"])
                    + ")",
                ),
            ]
        )
    )
    if one.urgent_reason:
        made.append(b.notice(_("Urgent procedure"), [b.para(one.urgent_reason)]))
    return made


def _said(paragraphs: Sequence[Sequence[Mapping[str, Any]]]) -> list[Block]:
    """What staff say in short, each sentence with what it rests on."""
    if not paragraphs:
        return []
    made = [b.heading(_("What was said, in short"))]
    for sentences in paragraphs:
        words: list[b.Span] = []
        for one in sentences:
            words.append(b.span(f"{one['text']} ["))
            for at, source in enumerate(one["sources"]):
                words += [b.span(", ")] if at else []
                words.append(b.span(source["label"], href=source["url"]))
            words.append(b.span("] "))
        made.append(b.para(words))
    made.append(b.para(_("The numbers in brackets are those of the register."), "muted"))
    return made


def _hash(sha256: str) -> list[dict[str, Any]]:
    """A fingerprint that breaks over lines."""
    return [b.span(" ".join(sha256[at : at + 16] for at in range(0, len(sha256), 16)), muted=True)]


def _announced(context: Mapping[str, Any]) -> list[Block]:
    made = [b.heading(_("How it was announced"))]
    if context["announcements"]:
        rows = [
            [day(row["entry"].announced_at), row["channel"], row["entry"].place or "–",
             [b.span(_("Proof"), href=row["url"]), b.span("\n"), *_hash(row["sha256"])]]
            for row in context["announcements"]
        ]  # fmt: skip
        made.append(
            b.table(
                _("Register of announcements"),
                [_("Day"), _("How"), _("Where"), _("Proof (SHA-256)")],
                rows,
                widths=[0, 2, 3, 4],
            )
        )
    if context["documents"]:
        rows = [
            [[b.span(row["document"].title, href=version["url"])], row["kind"], str(version["version"].number),
             day(version["version"].published_at) if version["version"].published_at else "–",
             _hash(version["sha256"])]
            for row in context["documents"]
            for version in row["versions"]
        ]  # fmt: skip
        made.append(
            b.table(
                _("The file"),
                [_("Document"), _("Kind"), _("Version"), _("Published on"), "SHA-256"],
                rows,
                numbers=[2],
                widths=[3, 2, 0, 2, 4],
            )
        )
    for later in context["extensions"]:
        made.append(
            b.para(
                _(
                    "Extended on %(day)s, until %(until)s: %(reason)s",
                    day=day(later.at),
                    until=day(context["last_days"][later.id]),
                    reason=later.reason,
                )
            )
        )
    if context["clocks"]:
        rows = [
            [row["words"], row["length"], row["until"] or "–", row["source"]] for row in context["clocks"]
        ]
        head = [_("What"), _("How long"), _("Until"), _("Source")]
        made.append(b.table(_("Time limits of this consultation"), head, rows, widths=[3, 2, 2, 3]))
    return made


def _bars(title: str, rows: Sequence[Mapping[str, Any]], note: object = "") -> Block:
    """A chart that says every figure beside its bar, so that no table has to say them again."""
    told = [(row["label"], row.get("text") or number(row["value"])) for row in rows]
    shown = [{**row, "text": text} for row, (_label, text) in zip(rows, told, strict=True)]
    return b.bars(title, shown, b.drawn_alt(title, told), note)


def _who(context: Mapping[str, Any]) -> list[Block]:
    totals, made = context["totals"], [b.heading(_("Who took part"))]
    if not totals.received:
        return [*made, b.para(_("Nobody contributed."))]
    made.append(_bars(_("Contributions by the way they came"), context["channels"]))
    if totals.by_accounts:
        made.append(
            b.para(
                ngettext(
                    "%(num)s person wrote from an account of this site.",
                    "%(num)s people wrote from an account of this site.",
                    totals.by_accounts,
                )
            )
        )
    if not context["areas"]:
        words = _(
            "Where they live is not shown: from no neighbourhood came ten people whose home was verified."
        )
        return [*made, b.para(words, "muted")]
    head = [
        _("Neighbourhood"), _("People"), _("Of those who took part"), _("Residents"), _("Of all residents"),
    ]  # fmt: skip
    made.append(
        b.table(
            _("People by neighbourhood"),
            head,
            context["areas"],
            numbers=[1, 2, 3, 4],
            widths=[3, 2, 2, 2, 2],
        )
    )
    made.append(b.para(context["areas_note"], "muted"))
    return made


def _questionnaires(found: Iterable[Mapping[str, Any]]) -> list[Block]:
    made: list[Block] = []
    for one in found:
        made += [b.heading(_("Questionnaire: %(title)s", title=one["title"]))]
        if not one["decision"]:
            made.append(b.para(one["decision"].reason))
            continue
        made.append(b.para(f"{one['sentence']}."))
        made.append(
            b.para(
                _(
                    "Who answers a questionnaire chooses to: the figures are not those of a sample of all residents."
                ),
                "muted",
            )
        )
        for entry in one["told"]:
            made += _question(entry["row"], entry["question"])
    return made


def _question(row: Any, question: str) -> list[Block]:
    made = [b.heading(f"{row.number}. {question}", 2)]
    if row.shape == "few":
        words = _("Fewer than ten people answered this question: the counts would show what somebody said.")
        return [*made, b.para(words, "muted")]
    made.append(b.para(ngettext("%(num)s answer", "%(num)s answers", row.answered), "before"))
    if row.shape == "bars" and row.rows:
        made.append(_bars(_("Answers"), row.rows, row.note))
    elif row.shape == "parts":
        told = [
            (one["label"], ", ".join(f"{name} {value}" for name, value in zip(row.series, one["values"], strict=True)))
            for one in row.rows
        ]  # fmt: skip
        made.append(
            b.parts(
                _("Answers"), row.rows, row.series, b.drawn_alt(question, told), row.item.kind == "matrix"
            )
        )
        made.append(
            b.table(
                _("The figures of the chart: %(title)s", title=_("Answers")),
                [_("Option"), *row.series],
                [[one["label"], *(number(value) for value in one["values"])] for one in row.rows],
                numbers=range(1, len(row.series) + 1),
                widths=[3, *([1] * len(row.series))],
            )
        )
    elif row.shape == "figures":
        made.append(b.facts([(one["term"], one["description"]) for one in row.rows]))
    elif row.shape == "words":
        made.append(b.para(_("The answers are in words; they are no figures."), "muted"))
    return made


def _debates(context: Mapping[str, Any]) -> list[Block]:
    if not context["requests"] and not context["debates"]:
        return []
    made = [b.heading(_("Public debate"))]
    for row in context["requests"]:
        name = row["card"].name if row["card"] else _("An organisation")
        asked = _(
            "%(name)s asked for a public debate on %(day)s.",
            name=name,
            day=day(row["request"].requested_at),
        )
        made.append(b.para(asked))
    for row in context["debates"]:
        debate = row["debate"]
        where = ", ".join(part for part in (moment(debate.starts_at), debate.place) if part)
        words = f"{row['state']}: {where}."
        if debate.attendance is not None:
            words += " " + ngettext("%(num)s person came.", "%(num)s people came.", debate.attendance)
        if debate.cancelled_reason:
            words += f" {debate.cancelled_reason}"
        made.append(b.para(words))
        if debate.minutes_text:
            made += [b.heading(_("The minutes"), 2), *b.of_html(row["minutes_text"])]
    return made


def _answer(item: Mapping[str, Any]) -> list[Block]:
    """An answer in force, or struck through with the reason why it was withdrawn."""
    answer, gone = item["answer"], item["withdrawn"]
    made = []
    if gone:
        words = _("Answer withdrawn on %(day)s.", day=day(answer.withdrawn_at))
        made.append(b.para([b.span(words, b=True), b.span(f" {answer.withdrawn_reason}")]))
    said: list[Block] = [b.para([b.span(item["outcome"], b=True)]), *b.of_html(item["reason"])]
    if answer.place:
        said.append(b.para(_("Where it changed something:") + f" {answer.place}"))
    if answer.link:
        said.append(b.para([b.span(answer.link, href=answer.link)]))
    signed = ", ".join(
        part for part in (answer.author_function, day(answer.published_at) if answer.published_at else "") if part
    )  # fmt: skip
    said.append(b.para([b.span(signed)], "muted"))
    return [*made, *(_struck(one) for one in said)] if gone else said


def _struck(block: Block) -> Block:
    return {**block, "spans": [{**one, "del": True} for one in block["spans"]]}


def _answered(context: Mapping[str, Any]) -> list[Block]:
    if not context["totals"].received and not context["themes"]:
        return []
    made = [b.heading(_("What was answered"))]
    if context["totals"].received:
        made.append(_bars(_("Contributions by their answer"), context["outcomes"]))
    if context["themes"]:
        made.append(b.heading(_("Themes"), 2))
    for theme in context["themes"]:
        count = ngettext("%(num)s contribution", "%(num)s contributions", theme["count"])
        said = f"{count}; {theme['texts']}" if theme["texts"] else count
        made.append(b.heading(f"{theme['title']} ({said})", 3))
        made += _answer(theme["answer"]) if theme["answer"] else [b.para(_("It has no common answer."))]
    return made


def _matrix(context: Mapping[str, Any]) -> list[Block]:
    items = context["items"]
    if not items:
        return []
    made = [b.heading(_("Every contribution and its answer"))]
    register = url_for("contributions.index", consultation_id=context["consultation"].id)
    if context["more"]:
        words = ngettext(
            "The first %(num)s contribution of the register.",
            "The first %(num)s contributions of the register.",
            len(items),
        )
        made.append(b.para([b.span(f"{words} "), b.span(_("The whole register"), href=register)]))
    made.append(
        b.table(
            _("The register with its answers"),
            [_("Contribution"), _("What it says"), _("Answer")],
            [_line(item) for item in items],
            widths=[3, 6, 6],
        )
    )
    return made


def _line(item: Mapping[str, Any]) -> list[list[Block]]:
    entry = item["entry"]
    name = [
        b.para([b.span(entry.reference, b=True, href=item["url"])]),
        b.para(item["author"]),
        b.para(f"{day(entry.received_at)} · {item['channel']}", "muted"),
    ]
    if item["theme"]:
        name.append(b.para(_("Theme: %(title)s", title=item["theme"].title), "muted"))
    said: list[Block] = []
    if item["title"]:
        said.append(b.para([b.span(item["title"], b=True)]))
    if item["notice"]:
        said.append(b.para([b.span(item["notice"], i=True)]))
    said += b.of_html(item["body"])
    answered: list[Block] = [] if item["answer"] else [b.para([b.span(item["state"], b=True)])]
    if item["answer"]:
        answered += _answer(item["answer"])
    elif entry.considered_reason:
        answered.append(b.para(entry.considered_reason))
    for past in item["past"]:
        answered += _answer(past)
    return [name, said or [b.para("–")], answered]


def _text(found: Mapping[str, Any] | None) -> list[Block]:
    if found is None:
        return []
    made = [b.heading(_("The text before and after"))]
    words = _(
        "From edition %(one)s, as it was announced, to edition %(two)s of %(day)s.",
        one=found["before"].number,
        two=found["after"].number,
        day=day(found["after"].published_at),
    )
    counted = ngettext("%(num)s changed place", "%(num)s changed places", found["total"])
    made.append(b.para(f"{words} {counted}."))
    for edition in found["notes"]:
        made.append(b.para(_("Edition %(number)s", number=edition.number) + f": {edition.note}"))
    for change in found["changes"]:
        for pieces in parts.change_paragraphs(change["old"], change["new"]):
            made.append(b.para(b.difference(pieces)))
    if found["more"]:
        rest = ngettext("%(num)s more changed place", "%(num)s more changed places", found["more"])
        made.append(b.para([b.span(rest, href=found["url"])]))
    made.append(
        b.para(_("What was added is underlined and bold; what was taken out is struck through."), "muted")
    )
    return made


def _method(context: Mapping[str, Any]) -> list[Block]:
    made = [b.heading(_("How this report was made, and what it cannot say"))]
    made += [{**b.para(sentence), "type": "item", "depth": 1} for sentence in context["method"]]
    totals = context["totals"]
    if totals.received:
        share = percent(totals.answered / totals.received)
        made.append(b.para(_("Answered when this file was made: %(share)s.", share=share), "muted"))
    return made

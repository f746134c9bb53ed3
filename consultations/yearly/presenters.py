"""The yearly report as pages, files and tables show it, made once for all of them."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

from flask import url_for
from flask_babel import gettext as _

from civic.format import day, number
from civic.printing import blocks as b
from civic.printing.document import Document
from civic.tables import Cell
from civic.text import render_plain
from consultations.reporting import file_queries
from consultations.reporting.presenters import file_items
from consultations.yearly import queries, rules
from consultations.yearly.labels import INDENTED, ITEMS, METHODS, SECTIONS, SOCIETY_METHODS
from consultations.yearly.models import YearlyReport

Values = Mapping[str, Any]


def values_of(report: YearlyReport | None, year: int, *, published: bool = True) -> dict[str, Any]:
    """What is told of a year: what was published, else what can be counted (and, in preparation, what was typed)."""
    if report is not None and report.published_at is not None and published:
        return dict(report.published)
    typed = dict(report.typed) if report is not None and not published else {}
    return {**typed, **queries.computed(year)}


def _shown(value: Any) -> str:
    return "–" if value is None else number(value)


def sections(values: Values, before: Values) -> list[dict[str, Any]]:
    """The report section by section: lines of figures with the year before beside them, then words."""
    made = []
    for name in rules.SECTIONS:
        items = [item for item in rules.ITEMS if item.section == name]
        made.append(
            {
                "key": name,
                "title": SECTIONS[name],
                "lines": [
                    {
                        "key": item.key,
                        "label": ITEMS[item.key],
                        "indented": item.key in INDENTED,
                        "typed": item.source == "typed",
                        "value": values.get(item.key),
                        "before": before.get(item.key),
                        "shown": _shown(values.get(item.key)),
                        "shown_before": _shown(before.get(item.key)),
                    }
                    for item in items
                    if item.source != "words"
                ],
                "words": [
                    {
                        "label": ITEMS[item.key],
                        "text": values[item.key],
                        "html": render_plain(values[item.key]),
                    }
                    for item in items
                    if item.source == "words" and values.get(item.key)
                ],
            }
        )
    return made


def report_context(report: YearlyReport | None, year: int, *, preview: bool = False) -> dict[str, Any]:
    """Everything on the page of a year; as it would be published when `preview`."""
    values = values_of(report, year, published=not preview)
    before = values_of(queries.find_report(year - 1), year - 1)
    return {
        "report": report,
        "year": year,
        "preview": preview,
        "values": values,
        "sections": sections(values, before),
        "lead": _lead(values),
        "methods": [str(one) for one in (*METHODS, *SOCIETY_METHODS)],
        "chart": _chart(values),
    }


def page_context(report: YearlyReport | None, year: int, *, preview: bool = False) -> dict[str, Any]:
    """The same with the files made of it."""
    return {
        **report_context(report, year, preview=preview),
        "files": [] if preview else file_rows(year),
        "csv": "" if preview else url_for("yearly.table", year=year),
    }


def file_rows(year: int) -> list[dict[str, Any]]:
    """The files made of a year's report."""
    return file_items(list(file_queries.list_files(file_queries.of_year(year))), "yearly.download", year=year)


def _lead(values: Values) -> str:
    """The year in one breath."""
    return _(
        "Drafts announced: %(drafts)s. Recommendations received: %(received)s, taken up: %(taken)s. Public debates: "
        "%(debates)s.",
        drafts=_shown(values.get("drafts.announced")), received=_shown(values.get("recommendations.received")),
        taken=_shown(values.get("recommendations.taken_up")), debates=_shown(values.get("debates.held")),
    )  # fmt: skip


def _chart(values: Values) -> list[dict[str, Any]]:
    keys = ("recommendations.received", "recommendations.taken_up", "recommendations.of_organisations",
            "recommendations.of_organisations_taken_up")  # fmt: skip
    return [
        {
            "label": ITEMS[key],
            "value": values.get(key) or 0,
            "tone": "green" if key.endswith("taken_up") else "brand",
        }
        for key in keys
    ]


def computed_rows(year: int) -> list[list[Any]]:
    """What the data hold of a year and of the one before, for those who write the rest."""
    now, before = queries.computed(year), queries.computed(year - 1)
    return [
        [SECTIONS[item.section], ITEMS[item.key], number(now[item.key]), number(before[item.key])]
        for item in rules.ITEMS
        if item.source == "computed"
    ]


# --- civil society ---------------------------------------------------------------------------------------


SOCIETY = tuple(item.key for item in rules.ITEMS if item.section == "society")


def society_context(now: datetime) -> dict[str, Any]:
    """The counts of civil society by year, the newest first, always as the registers hold them now."""
    years = queries.list_years(now)[:10]
    counted = {year: queries.society_figures(year) for year in years}
    old_first = list(reversed(years))
    return {
        "years": years,
        "rows": [[ITEMS[key], *(number(counted[year][key]) for year in years)] for key in SOCIETY],
        "chart": [
            {"label": str(year), "values": _parts(counted[year])} for year in old_first
        ],
        "series": [_("taken up"), _("not taken up or still open")],
        "any": any(counted[year]["society.interventions"] for year in years),
        "methods": SOCIETY_METHODS,
        "published": {one.year for one in queries.list_reports(published=True)},
    }  # fmt: skip


def _parts(figures: Mapping[str, int]) -> list[int]:
    taken = figures["society.interventions_taken_up"]
    return [taken, figures["society.interventions"] - taken]


# --- files -----------------------------------------------------------------------------------------------


def table_rows(context: Mapping[str, Any]) -> Iterator[Sequence[Cell]]:
    """The report as a table: a line an item."""
    year = context["year"]
    yield [_("Section"), _("Indicator"), str(year), str(year - 1), _("Where it comes from")]
    for section in context["sections"]:
        for line in section["lines"]:
            source = _("typed") if line["typed"] else _("computed")
            yield [str(section["title"]), str(line["label"]), line["value"], line["before"], source]
        for words in section["words"]:
            yield [str(section["title"]), str(words["label"]), words["text"], "", _("typed")]


def document_of(context: Mapping[str, Any]) -> Document:
    """The report for the typesetter."""
    report, year = context["report"], context["year"]
    made: list[b.Block] = []
    for section in context["sections"]:
        made.append(b.heading(section["title"]))
        if section["lines"]:
            made.append(
                b.table(
                    "",  # the heading says it
                    [_("Indicator"), str(year), str(year - 1), _("Where it comes from")],
                    [
                        [("– " if line["indented"] else "") + str(line["label"]), line["shown"], line["shown_before"],
                         _("typed") if line["typed"] else _("computed")]
                        for line in section["lines"]
                    ],
                    numbers=[1, 2],
                    widths=[10, 2, 2, 5],
                )
            )  # fmt: skip
        if section["key"] == "recommendations":
            told = [(row["label"], row["value"]) for row in context["chart"]]
            title = _("Recommendations and what became of them")
            made.append(b.bars(title, context["chart"], b.drawn_alt(title, told)))
        for words in section["words"]:
            made += [b.heading(words["label"], 2), *b.of_html(words["html"])]
    made.append(b.heading(_("How it is counted")))
    made += [{**b.para(sentence), "type": "item", "depth": 1} for sentence in context["methods"]]
    opening = [b.para(context["lead"], "lead")]
    if report is not None and report.correction:
        opening.append(
            b.notice(_("Corrected on %(day)s", day=day(report.published_at)), [b.para(report.correction)])
        )
    return Document(
        title=_("Report on transparency in decisions, %(year)s", year=year),
        kicker=_("Law 52/2003, art. 13")
        + " · "
        + _("published on %(day)s", day=day(report.first_published_at)),
        short=_("Report on transparency in decisions, %(year)s", year=year),
        opening=opening,
        blocks=made,
    )

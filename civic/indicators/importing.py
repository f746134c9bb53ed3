"""Definitions of indicators brought in from a table: those of strategies, and those of projects with their results."""

import re
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from flask_babel import lazy_gettext as _l
from sqlalchemy import select

from civic.extensions import db
from civic.imports.datasets import Context, Dataset, Field, Landed
from civic.imports.rules import Unreadable
from civic.indicators import queries, registry, service
from civic.indicators.models import Indicator, IndicatorValue
from civic.indicators.periods import year_of
from civic.text import fold
from civic.tracker.models import Delivery

#: Code of a definition -> the computation that answers it, where one fits. Staff may choose another.
TIES = {
    "S1-12.1-2030-01": "K1", "S1-12.1-2030-02": "K3", "S1-12.1-2030-04": "K1-growth", "S1-12.1-2030-07": "K4",
    "S1-12.3-2024-03": "K1", "S1-12.3-2030-01": "K6", "S1-12.3-2030-02": "K1", "S1-12.4-2024-02": "K1",
    "S1-12.4-2024-04": "K2", "S1-12.4-2024-07": "K4-decisions", "S1-12.4-2024-09": "K4-disadvantaged",
    "S1-12.4-2030-01": "K1", "S1-12.6-2024-09": "B7-submitted", "S1-12.6-2024-10": "B7-funded",
    "S1-12.6-2024-11": "B7-submitted-vulnerable", "S1-12.6-2024-12": "B7-submitted-social",
    "S1-12.6-2024-13": "B7-funded-minors", "S1-12.6-2024-14": "B7-funded-women", "S1-12.6-2030-01": "B7-submitted",
    "S1-12.6-2030-02": "B7-funded", "S1-12.6-2030-03": "B7-funded-vulnerable", "S1-12.6-2030-04": "B7-funded-social",
    "S1-12.6-2030-05": "B7-funded-minors", "S1-12.6-2030-06": "B7-funded-women", "S1-12.7-2030-01": "K5",
    "S1-12.7-2030-02": "K5-taken-up", "S1-12.7-2030-03": "K5-minorities", "S1-12.7-2030-04": "K5-decisions",
    "S3-KPI-2": "K7-contributions", "S3-KPI-3": "K6", "S3-KPI-4": "K8-people", "S3-KPI-5a": "K9", "S3-KPI-6a": "K10",
}  # fmt: skip
_CODE = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,79}", re.ASCII)
_WORDS = ("name_en", "unit", "how", "how_en", "strategy", "measure", "horizon")


def make_definition(values: dict[str, Any], context: Context) -> dict[str, Any]:
    """A row as an indicator of a strategy."""
    return {
        "code": _code(context),
        "origin": "strategy",
        "name": values["name_display"] or values["name"],
        "target": values["target"],
        "computability": values["computability"] or "manual",
        **{name: values[name] or "" for name in _WORDS},
    }


def make_of_project(values: dict[str, Any], context: Context) -> dict[str, Any]:
    """A row as an indicator of a project, with the result its source reports."""
    project = " ".join(part for part in (values["project_title"], values["project_code"]) if part)
    return {
        "code": _code(context),
        "origin": "project",
        "strategy": project,
        "measure": values["indicator_type"] or "",
        "name": values["name"],
        "unit": values["unit"] or "",
        "target": values["target"],
        "reported": values["realised"],
        "computability": "import",
        "responsible": values["institution"] or "",
        "delivery_id": _delivery(values["project_title"]),
    }


def _code(context: Context) -> str:
    """The number of a row is the code of its indicator: of the shape of one, and no other source's."""
    if not _CODE.fullmatch(context.key):
        raise Unreadable("code", "import_key", context.key)
    other = queries.source_of_code(context.key)
    if other is not None and other[0] != context.source_id:
        raise Unreadable("taken", "import_key", other[1] or context.key)
    return context.key


def _delivery(title: str | None) -> int | None:
    """The work of that name, when just one is called so."""
    if not title:
        return None
    wanted = select(Delivery.id, Delivery.title).where(Delivery.title.ilike(f"{title[:20]}%"))
    found = [number for number, name in db.session.execute(wanted) if fold(name) == fold(title)]
    return found[0] if len(found) == 1 else None


def stamp(after: Mapping[str, Any], before: Mapping[str, Any] | None, context: Context) -> dict[str, Any]:
    """When it was written; of a new one also what computes it and which way is good."""
    if before is not None:
        return {"changed_at": context.now, "version": before["version"] + 1}
    tie = TIES.get(after["code"], "")
    unit = after["unit"]
    return {
        "created_at": context.now,
        "changed_at": context.now,
        "version": 1,
        "computation": tie if registry.find_computed(tie) else "",
        "better": "down" if unit.startswith("zile") else "" if unit == "calitativ" else "up",
    }


def landed(rows: Sequence[Landed], context: Context) -> None:
    """Targets are kept with their history, and so are the results a source reports: values of the year it is of."""
    for row in rows:
        before = row.before or {}
        if row.after["target"] != before.get("target"):
            service.note_target(row.id, row.after["target"], "", None, context.now)
        if row.after.get("reported") is not None and row.after["reported"] != before.get("reported"):
            _report(row, context)


def _report(row: Landed, context: Context) -> None:
    period = year_of(context.as_of.year)
    service.lock_values(row.id)
    earlier = queries.current_row(row.id, period, lock=True)
    if earlier is not None:
        earlier.superseded_at = context.now
        db.session.flush()
    db.session.add(
        IndicatorValue(
            indicator_id=row.id, period_kind="year", first_day=period.first,
            through_day=max(date(period.first.year, 1, 1), min(period.last, context.as_of)),
            value=row.after["reported"], target=row.after["target"], source="imported", recorded_at=context.now,
            document=row.after["source_reference"],
        )
    )  # fmt: skip
    db.session.flush()


_NAME = Field(
    "name", _l("What is measured"), "text", needed=True, guesses=("name_ro", "indicator", "denumire")
)
_UNIT = Field("unit", _l("Unit"), guesses=("unitate", "um", "unitate de masura"))
_TARGET = Field("target", _l("Target"), "number", guesses=("tinta", "valoare tinta"))

DEFINITIONS = Dataset(
    key="indicators",
    label=_l("Indicators of strategies"),
    model=Indicator,
    fields=(
        Field("strategy", _l("Strategy"), guesses=("strategie", "strategia")),
        Field("measure", _l("Measure"), guesses=("masura",)),
        Field("horizon", _l("Until when"), guesses=("orizont", "termen")),
        _NAME,
        Field("name_display", _l("Its name as it is shown"), "text", guesses=("name_ro_display",)),
        Field("name_en", _l("Its name in English"), "text"),
        _UNIT,
        _TARGET,
        Field(
            "computability", _l("How it comes to be known"), "choice", guesses=("calcul", "mod de calcul"),
            choices={
                "auto": "auto", "automat": "auto", "partial": "partial", "manual": "manual", "import": "import",
                "importat": "import",
            },
        ),
        Field("how", _l("How it is computed"), "text", guesses=("how_computed_ro", "formula", "cum se calculeaza")),
        Field("how_en", _l("The same in English"), "text", guesses=("how_computed",)),
    ),
    make=make_definition,
    home="indicators.index",
    stamp=stamp,
    landed=landed,
)  # fmt: skip

OF_PROJECTS = Dataset(
    key="project_indicators",
    label=_l("Indicators of projects"),
    model=Indicator,
    fields=(
        Field("project_code", _l("Code of the project"), guesses=("cod proiect",)),
        Field("project_title", _l("Project"), guesses=("proiect", "titlu proiect")),
        Field("institution", _l("Institution"), guesses=("institutie", "beneficiar")),
        Field("indicator_type", _l("Kind of indicator"), guesses=("tip indicator",)),
        _NAME,
        _UNIT,
        _TARGET,
        Field("realised", _l("Value reached"), "number", guesses=("realizat", "valoare realizata")),
    ),
    make=make_of_project,
    home="indicators.index",
    stamp=stamp,
    landed=landed,
)

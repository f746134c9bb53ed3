"""Indicators as open data: what is measured, and every value that counts."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from flask_babel import lazy_gettext as _l
from sqlalchemy import select

from civic.indicators import labels
from civic.indicators.models import COMPUTABILITY, ORIGINS, SOURCES, Indicator, IndicatorValue
from civic.indicators.periods import KINDS
from civic.indicators.registry import MISSING
from civic.notifications.compose import address_of
from civic.opendata.fields import CHANGED_AT, NUMBER, PAGE_ADDRESS
from civic.opendata.resources import Field, Resource, day, equal_to, moment, register_resource, since


def register() -> None:
    """Publish them."""
    register_resource(
        Resource(
            "indicators",
            _l("Indicators"),
            _l("What the city promised to measure, with what is to be reached."),
            (
                NUMBER,
                PAGE_ADDRESS,
                Field("code", "text", _l("Its code")),
                Field("origin", "text", _l("Who promised it: the platform, a strategy or a project"), codes=ORIGINS),
                Field("strategy", "text", _l("The strategy or the project, in the source's words")),
                Field("measure", "text", _l("The measure of the strategy, in the source's words")),
                Field("name", "text", _l("What is measured")),
                Field("unit", "text", _l("What it is counted in")),
                Field("target", "decimal", _l("What is to be reached, when something is"), optional=True),
                Field("computability", "text", _l("How it comes to be known, as the source says"), codes=COMPUTABILITY),
                Field("values_of", "text", _l("The code of the indicator whose values it shows")),
                Field("how", "text", _l("How it is computed")),
                Field("department_id", "number", _l("The department that answers for it"), optional=True),
                Field("delivery_id", "number", _l("The delivery whose result it measures"), optional=True),
                Field("source_reference", "text", _l("The document and lines it was taken from")),
                CHANGED_AT,
            ),
            lambda: select(Indicator),
            Indicator.id,
            _definitions,
            (
                equal_to("origin", Indicator.origin, _l("Only those promised by these"), "text", ORIGINS),
                since(Indicator.changed_at, _l("Only what changed at this moment or after it")),
            ),
        )
    )  # fmt: skip
    register_resource(
        Resource(
            "indicator-values",
            _l("Values of indicators"),
            _l("The value of an indicator for a month or a year; a few people are never told."),
            (
                NUMBER,
                Field("indicator_id", "number", _l("The indicator")),
                Field("period_kind", "text", _l("Month or year"), codes=KINDS),
                Field("first_day", "day", _l("The first day of the period")),
                Field("through_day", "day", _l("The last day it covers")),
                Field("value", "decimal", _l("The value, when there is one"), optional=True),
                Field("missing", "text", _l("Why there is no value"), codes=MISSING),
                Field("part", "number", _l("Of a share: the part"), optional=True),
                Field("of", "number", _l("Of a share: the whole; of a mean: how many it is of"), optional=True),
                Field("target", "decimal", _l("What was to be reached then"), optional=True),
                Field("source", "text", _l("Computed, entered by hand or brought in"), codes=SOURCES),
                Field("method_version", "number", _l("The version of the computation"), optional=True),
                Field("recorded_at", "moment", _l("When it was recorded")),
            ),
            lambda: select(IndicatorValue).where(IndicatorValue.superseded_at.is_(None)),
            IndicatorValue.id,
            _values,
            (
                equal_to("indicator_id", IndicatorValue.indicator_id, _l("Only those of this indicator")),
                equal_to("period_kind", IndicatorValue.period_kind, _l("Only months or only years"), "text", KINDS),
                since(IndicatorValue.recorded_at, _l("Only what changed at this moment or after it")),
            ),
        )
    )  # fmt: skip


def _definitions(rows: Sequence[Any], now: datetime) -> list[dict[str, Any]]:
    same = (
        "id", "code", "origin", "strategy", "measure", "computability", "department_id", "delivery_id",
        "source_reference",
    )  # fmt: skip
    return [
        {
            **{name: getattr(one, name) for name in same},
            "url": address_of("indicators.show", code=one.code),
            "name": labels.name_of(one),
            "unit": labels.unit_of(one),
            "target": labels.plain(one.target),
            "values_of": one.computation or one.code,
            "how": labels.how_of(one),
            "changed_at": moment(one.changed_at),
        }
        for (one,) in rows
    ]


def _values(rows: Sequence[Any], now: datetime) -> list[dict[str, Any]]:
    same = ("id", "indicator_id", "period_kind", "missing", "part", "of", "source", "method_version")
    return [
        {
            **{name: getattr(one, name) for name in same},
            "first_day": day(one.first_day),
            "through_day": day(one.through_day),
            "value": labels.plain(one.value),
            "target": labels.plain(one.target),
            "recorded_at": moment(one.recorded_at),
        }
        for (one,) in rows
    ]

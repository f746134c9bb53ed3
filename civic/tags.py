"""Whom a decision, a debate or a consultation concerns especially: a national minority, a disadvantaged area.

Staff mark it, everybody reads it with what it means, and the indicators count it. One room for the three kinds of
things, so that they are marked, shown, filtered and published in one way.
"""

from collections.abc import Collection
from datetime import datetime
from typing import Any

from flask import request
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy import ColumnElement, text
from sqlalchemy.orm import Mapped, mapped_column

from civic import audit, timeline
from civic.actor import Actor
from civic.extensions import db
from civic.opendata.resources import Field, Narrowing

#: tag -> the column that holds it
COLUMNS = {"minority": "about_minority", "vulnerable": "about_vulnerable"}
LABELS = {
    "minority": _l("A national minority"),
    "vulnerable": _l("A disadvantaged area"),
}
MEANINGS = {
    "minority": _l("It concerns people of a national minority especially: their language, culture, school or rights."),
    "vulnerable": _l("It concerns a part of the city where people have less: income, services or ways to get about."),
}  # fmt: skip


class Tagged:
    """The columns of what can be marked."""

    about_minority: Mapped[bool] = mapped_column(default=False, server_default=text("false"))
    about_vulnerable: Mapped[bool] = mapped_column(default=False, server_default=text("false"))


def of(one: Tagged) -> list[str]:
    """What a thing is marked with."""
    return [tag for tag, column in COLUMNS.items() if getattr(one, column)]


def known(typed: str) -> str:
    """The tag that an address names, or nothing."""
    return typed if typed in COLUMNS else ""


def has(model: type[Any], tag: str) -> ColumnElement[bool]:
    """The condition of being marked with a tag."""
    column: ColumnElement[bool] = getattr(model, COLUMNS[tag])
    return column


def choices() -> list[tuple[str, object]]:
    """What a list can be narrowed to."""
    return [("", _("Whomever it concerns")), *LABELS.items()]


def chosen() -> list[str]:
    """What the form that marks a thing sends."""
    return [tag for tag in COLUMNS if tag in request.form.getlist("tags")]


def register_sentences(kind: str) -> None:
    """Declare what the history of a kind says when it is marked and when it no longer is."""
    timeline.register_events(
        {
            f"{kind}.about_minority": _l("Marked as concerning a national minority"),
            f"{kind}.not_about_minority": _l("No longer marked as concerning a national minority"),
            f"{kind}.about_vulnerable": _l("Marked as concerning a disadvantaged area"),
            f"{kind}.not_about_vulnerable": _l("No longer marked as concerning a disadvantaged area"),
        }
    )


def put(actor: Actor, kind: str, one: Any, wanted: Collection[str], now: datetime, *, public: bool) -> None:
    """Mark a thing with these tags and no other; what is `public` says so in its history. The caller allowed it."""
    for tag, column in COLUMNS.items():
        if getattr(one, column) == (tag in wanted):
            continue
        setattr(one, column, tag in wanted)
        event = f"{kind}.{column}" if tag in wanted else f"{kind}.not_{column}"
        if public:
            timeline.add(kind, one.id, event, now, role=timeline.role_of(actor))
        audit.record(actor, event, kind, one.id, now)
    db.session.flush()


def fields() -> tuple[Field, ...]:
    """The tags in open data."""
    return (
        Field("about_minority", "yes_no", _l("Whether it is about a national minority")),
        Field("about_vulnerable", "yes_no", _l("Whether it is about a disadvantaged area")),
    )


def narrowing(model: type[Any]) -> Narrowing:
    """Narrowing of open data to what is marked."""
    return Narrowing(
        "concerns", "text", _l("Only what concerns these especially"),
        lambda statement, tag, _now: statement.where(has(model, tag)), tuple(COLUMNS),
    )  # fmt: skip


def rows(one: Tagged) -> list[dict[str, object]]:
    """Every tag for a page: what it is called, what it means, whether the thing is marked with it."""
    marked = of(one)
    return [
        {"tag": tag, "label": LABELS[tag], "meaning": MEANINGS[tag], "marked": tag in marked}
        for tag in COLUMNS
    ]

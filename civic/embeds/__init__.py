"""Widgets that other sites show in a frame: a delivery or a round, without scripts, cookies or third parties."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from flask import Flask


@dataclass(frozen=True)
class Widget:
    """What a frame shows: a title that leads to the page, where it stands, and a few facts."""

    title: str
    url: str
    #: what kind of thing it is, in a word
    label: object
    #: Markup of its tag
    tag: object = ""
    facts: tuple[tuple[object, object], ...] = ()
    #: a share to draw as a bar: (value, most, what it is)
    bar: tuple[Any, Any, str] | None = None
    notes: tuple[object, ...] = field(default=())


#: Makes the widget of one thing by what stands in its address; raises NotFound for what is not public.
Maker = Callable[[str, datetime], Widget]

_MAKERS: dict[str, Maker] = {}


def register_widget(kind: str, maker: Maker) -> None:
    """Offer a kind of thing to other sites."""
    _MAKERS[kind] = maker


def find_maker(kind: str) -> Maker | None:
    """How widgets of a kind are made."""
    return _MAKERS.get(kind)


def register(app: Flask) -> None:
    """Bind the feature to the application."""
    from civic.embeds import views

    app.register_blueprint(views.blueprint)
    app.jinja_env.globals["embed_code"] = views.embed_code

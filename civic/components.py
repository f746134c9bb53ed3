"""Gives templates our macros without import lines.

``templates/components/*.html`` hold the macros, one file a component. In any template ``ui.card(...)`` is the macro
``card``, whichever file it is in; ``button``, ``csrf_field``, ``field`` and ``error_summary`` need no prefix because
every form uses them. ``docs/components.md`` lists them all.
"""

import re
import secrets
from pathlib import Path
from typing import Any

from flask import Flask, request, url_for
from jinja2 import Environment

from civic import charts, textdiff
from civic.fields import error_items, field_component
from civic.paths import project_file

_MACRO = re.compile(r"^\{%-?\s*macro\s+([a-z]\w*)\s*\(", re.MULTILINE)

#: Macros that are globals of their own.
UNPREFIXED = ("button", "csrf_field", "error_summary", "field")


def macro_index(folder: Path) -> dict[str, str]:
    """Macro name -> template that defines it, for every public macro of the components folder.

    Raises ValueError when two files define the same name.
    """
    index: dict[str, str] = {}
    for path in sorted(folder.glob("*.html")):
        for name in _MACRO.findall(path.read_text()):
            if name in index:
                raise ValueError(
                    f"the macro {name} is defined in {index[name]} and in components/{path.name}"
                )
            index[name] = f"components/{path.name}"
    return index


class Macro:
    """One macro, looked up when it is called, so that an edited template is seen without a restart."""

    def __init__(self, environment: Environment, template: str, name: str) -> None:
        self._environment, self._template, self._name = environment, template, name

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        module = self._environment.get_template(self._template).module
        return getattr(module, self._name)(*args, **kwargs)


class Components:
    """What templates know as ``ui``: an attribute for each macro."""

    def __init__(self, environment: Environment, folder: Path) -> None:
        for name, template in macro_index(folder).items():
            setattr(self, name, Macro(environment, template, name))


def unique_id(prefix: str) -> str:
    """An id that repeats neither on the page nor in what is swapped into it later."""
    return f"{prefix}-{secrets.token_hex(4)}"


def page_url(number: int, parameter: str = "page") -> str:
    """The address being shown, at another page of its list and with every other parameter kept."""
    values: dict[str, Any] = {
        **request.args.to_dict(flat=False),
        **(request.view_args or {}),
        parameter: number,
    }
    return url_for(request.endpoint or "", **values)


def window_url(**mark: str) -> str:
    """The address being shown, at another place of a list that goes by `civic.cursors`; `after` or `before` a mark."""
    kept = {
        name: value
        for name, value in request.args.to_dict(flat=False).items()
        if name not in ("after", "before")
    }
    values: dict[str, Any] = {**kept, **(request.view_args or {}), **mark}
    return url_for(request.endpoint or "", **values)


def text_diff(old: str, new: str, whole: bool = False) -> list[Any]:
    """The paragraphs of the component ``diff``; long unchanged runs are numbers unless the whole is wanted."""
    if old == new:
        return []
    paragraphs = textdiff.diff_texts(old, new)
    return list(paragraphs) if whole else list(textdiff.collapse_same(paragraphs))


def init_app(app: Flask) -> None:
    """Make the components known to the application's templates."""
    environment = app.jinja_env
    ui = Components(environment, project_file("templates", "components"))
    environment.globals.update(
        ui=ui,
        page_url=page_url,
        window_url=window_url,
        unique_id=unique_id,
        field_component=field_component,
        error_items=error_items,
        share=charts.share,
        line_geometry=charts.line_geometry,
        money_flow=charts.money_flow,
        text_diff=text_diff,
        **{name: getattr(ui, name) for name in UNPREFIXED},
    )

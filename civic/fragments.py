"""Parts of the page that are the same for many readers, rendered once and kept: the header's sections, the footer.

A kept part knows nothing of the reader or the request but the language and what the key stands for.
"""

from typing import Any

from flask import Flask, current_app, request, url_for
from flask_babel import get_locale
from jinja2 import pass_context
from jinja2.runtime import Context, Undefined
from markupsafe import Markup

MOST_PARTS = 500


@pass_context
def kept(context: Context, template: str, shown: object) -> Markup:
    """A template included, rendered again only for another language or when it shows something else.

    `shown` is the tuple of all it shows, or something with such a tuple as `key`; else it is not kept.
    """
    parts: dict[tuple[Any, ...], Markup] = current_app.extensions["civic_parts"]
    key = shown if isinstance(shown, tuple | Undefined) else getattr(shown, "key", None)
    name = (template, get_locale(), key) if isinstance(key, tuple) and not current_app.debug else None
    html = None if name is None else parts.get(name)
    if html is None:
        made = context.environment.get_template(template).render(context.get_all())
        html = Markup(made)  # noqa: S704 - our templates escape
        if name is not None:
            if len(parts) >= MOST_PARTS:
                parts.clear()
            parts[name] = html
    return html


def address(endpoint: str, **values: Any) -> str:
    """`url_for` of an address that every page shows, made once."""
    kept: dict[tuple[Any, ...], str] = current_app.extensions.setdefault("civic_addresses", {})
    key = (endpoint, request.script_root, *values.items())
    if key not in kept:
        kept[key] = url_for(endpoint, **values)
    return kept[key]


def init_app(app: Flask) -> None:
    """Give templates `kept(template, shown)`."""
    app.extensions["civic_parts"] = {}
    app.jinja_env.globals["kept"] = kept

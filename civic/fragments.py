"""Parts of the page that are the same for many readers, rendered once and kept: the header's sections, the footer.

A kept part knows nothing of the reader or the request but the language and what the key stands for.
"""

import secrets
from collections.abc import Mapping
from typing import Any

from flask import Flask, current_app, g, render_template, request, session, url_for
from flask_babel import get_locale
from flask_wtf.csrf import generate_csrf
from jinja2 import pass_context
from jinja2.runtime import Context, Undefined
from markupsafe import Markup, escape

MOST_PARTS = 500
#: In the environment of a request: the kept page that answered it.
KEPT = "civic.kept_page"


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


def kept_page(template: str, shown: tuple[Any, ...], holes: dict[str, str], **context: Any) -> str:
    """`render_template`, kept for all readers of one kind but for its holes: what is different each time.

    `shown` holds whatever of `context` the page shows. The language, the roles that decide the header's links, the
    notice and the address are looked after here, the token of forms is a hole, and a page with messages that are
    shown once is made anew.
    """
    from civic.content.notice import CurrentNotice
    from civic.i18n import choose_language

    notice = CurrentNotice()
    if current_app.debug or "_flashes" in session:
        return render_template(template, **context, **holes)
    site = (request.scheme, request.host, request.root_path)
    reader = (g.actor.is_authenticated, g.actor.roles, site, request.path, request.method)
    name = (template, choose_language(), shown, reader, str(escape(notice)) if notice else "")
    pages: dict[tuple[Any, ...], list[str]] = current_app.extensions["civic_pages_with_holes"]
    parts = pages.get(name)
    if parts is None:
        marks = {hole: f"hole{secrets.token_hex(16)}" for hole in holes}
        parts = with_holes(template, {**context, **marks}, marks)
        if len(pages) >= MOST_PARTS:
            pages.clear()
        pages[name] = parts
    request.environ[KEPT] = parts
    return filled(parts, {**holes, "csrf_token": _token()})


def with_holes(template: str, context: Mapping[str, Any], marks: Mapping[str, str]) -> list[str]:
    """A template whose context holds marks, cut at them and at the token of its forms; see `filled`."""
    field, token = current_app.config["WTF_CSRF_FIELD_NAME"], _token()
    known = {**marks, "csrf_token": f"hole{secrets.token_hex(16)}"}
    setattr(g, field, known["csrf_token"])
    try:
        html = render_template(template, **context)
    finally:
        setattr(g, field, token)
    for hole, mark in known.items():
        html = html.replace(mark, f"\0{hole}\0")
    return html.split("\0")


def filled(parts: list[str], holes: Mapping[str, str]) -> str:
    """A kept page with its holes filled: text and the names of holes take turns."""
    texts = {hole: str(escape(value)) for hole, value in holes.items()}
    return "".join([part if at % 2 == 0 else texts[part] for at, part in enumerate(parts)])


def _token() -> str:
    """A token for the answer's forms: the one the request was let in with, or else a new one."""
    sent = request.form.get(current_app.config["WTF_CSRF_FIELD_NAME"]) if g.get("csrf_valid") else None
    return sent or str(generate_csrf())


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
    app.extensions["civic_pages_with_holes"] = {}
    app.jinja_env.globals["kept"] = kept

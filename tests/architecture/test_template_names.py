"""A page's own macro or variable never takes the name of something that every page is given."""

import re

from flask import Flask

from tests.support import ROOT

_OWN = re.compile(r"\{%-?\s*(?:macro\s+(\w+)|set\s+(\w+))")


def test_no_template_hides_what_every_page_is_given(session_app: Flask) -> None:
    """A layout reads the page's names: a macro called like one of its helpers is called in the helper's place."""
    with session_app.test_request_context("/nowhere"):
        session_app.preprocess_request()
        given: dict[str, object] = {}
        session_app.update_template_context(given)
    names = set(session_app.jinja_env.globals) | given.keys()
    hidden = [
        f"{path.relative_to(ROOT)}: {own}"
        for path in sorted((ROOT / "templates").rglob("*.html"))
        if "components" not in path.parts
        for pair in _OWN.findall(path.read_text())
        if (own := pair[0] or pair[1]) in names
    ]
    assert hidden == []

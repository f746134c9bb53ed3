"""Pages made for trying the script on: each does one thing."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Blueprint, Flask, Response, abort, make_response, redirect, render_template_string, request
from flask_wtf import FlaskForm
from markupsafe import Markup
from werkzeug.exceptions import HTTPException
from wtforms import TextAreaField
from wtforms.validators import DataRequired, InputRequired

from civic.choices import RadioField
from civic.embedded import EmbeddedServer
from civic.errors import NotAllowed
from civic.policy import public
from tests.support import KeptApp

PAGE = """{% extends "layouts/base.html" %}{% block head %}{{ ui.map_assets() }}{% endblock %}
{% block title %}Probă{% endblock %}{% block content %}<h1>Probă</h1>{{ part }}{% endblock %}"""

WISH = """<div id="wish">{% if error %}<div class="govuk-error-summary" tabindex="-1"><h2>Ceva trebuie corectat</h2></div>{% endif %}
<form method="post" action="/probe/{{ answer }}" hx-post="/probe/{{ answer }}" hx-target="#wish" hx-swap="outerHTML">
{{ csrf_field() }}<label for="text">Text</label><input class="govuk-input" id="text" name="text" value="{{ text }}">
{{ button("Trimite") }}</form></div>"""

FOLLOW = """<form id="follow" method="post" action="/probe/follow" hx-post="/probe/follow" hx-swap="outerHTML">{{ csrf_field() }}
{{ button("Nu mai urmări" if on else "Urmărește", name="toggle", value="1") }}{% if on %}{{ ui.announce("Urmărești propunerea.") }}{% endif %}</form>"""

GRAVE = """{% call ui.form_tag("/probe/grave") %}{{ button("Retrage", kind="warning", confirm="Retragi propunerea?") }}{% endcall %}"""

NEEDED = """{% call ui.form_tag("/probe/needed") %}{{ error_summary(form) }}{{ field(form.outcome) }}{{ field(form.reason) }}
{{ button("Hotărăște", confirm="Persoana află imediat. Hotărăști?") }}{% endcall %}"""

GUARDED = """{% call ui.form_tag("/probe/grave", guard=True) %}<label for="text">Text</label><input id="text" name="text">{{ button("Trimite") }}{% endcall %}
<p><a href="/probe/follow">Mai departe</a></p>"""

LIST = """{% call ui.filters("/probe/list", target="#list") %}{{ ui.filter_search("q", "Caută", q) }}{% endcall %}
<div id="list">{{ ui.results_count(found | length) }}<ul>{% for one in found %}<li>{{ one }}</li>{% endfor %}</ul></div>"""

QUEUE = """{{ ui.queue("work", "De lucru", ["Ce"], rows, "/probe/queue", bulk=[("publish", "Publică")]) }}"""


class NeededForm(FlaskForm):
    """A decision that needs its reason."""

    outcome = RadioField("Soluția", [InputRequired("Alege soluția.")], choices=[("da", "Da"), ("nu", "Nu")])
    reason = TextAreaField("Motivarea", [DataRequired("Scrie motivarea.")])


#: How often each address was posted to.
posted: dict[str, int] = {}


def show(source: str, *, status: int = 200, **context: object) -> Response:
    """The part alone for htmx, else the part in a page."""
    part = Markup(render_template_string(source, **context))  # noqa: S704 - rendered by us
    whole = part if request.headers.get("HX-Request") else render_template_string(PAGE, part=part)
    return make_response(whole, status)


def probe_pages() -> Blueprint:
    """One address for each thing to try."""
    pages = Blueprint("probe", __name__, url_prefix="/probe")

    @pages.before_request
    def count() -> None:
        if request.method == "POST":
            posted[request.path] = posted.get(request.path, 0) + 1

    @pages.get("/wish/<answer>")
    @public
    def wish(answer: str) -> Response:
        return show(WISH, answer=answer, text="")

    @pages.post("/invalid")
    @public
    def invalid() -> Response:
        return show(WISH, status=422, answer="invalid", text=request.form["text"], error=True)

    @pages.post("/refused")
    @public
    def refused() -> Response:
        raise NotAllowed("Votul începe pe 1 martie 2027, ora 10:00.")

    @pages.post("/broken")
    @public
    def broken() -> Response:
        error = HTTPException()
        error.code = 500
        raise error

    @pages.post("/conflict")
    @public
    def conflict() -> Response:
        return make_response('<div id="wish"><p>Între timp s-a schimbat.</p></div>', 409)

    @pages.route("/follow", methods=["GET", "POST"])
    @public
    def follow() -> Response:
        return show(FOLLOW, on=request.method == "POST" and posted["/probe/follow"] % 2 == 1)

    @pages.route("/grave", methods=["GET", "POST"])
    @public
    def grave() -> object:
        return redirect("/probe/follow", 303) if request.method == "POST" else show(GRAVE)

    @pages.route("/needed", methods=["GET", "POST"])
    @public
    def needed() -> object:
        form = NeededForm()
        if form.validate_on_submit():
            return redirect("/probe/follow", 303)
        return show(NEEDED, status=422 if form.is_submitted() else 200, form=form)

    @pages.get("/guarded")
    @public
    def guarded() -> Response:
        return show(GUARDED)

    @pages.get("/list")
    @public
    def listing() -> Response:
        query = request.args.get("q", "")
        if query == "nimic":
            abort(404)
        return show(
            LIST, q=query, found=[one for one in ("Tei", "Obor", "Colentina") if query.lower() in one.lower()]
        )

    @pages.get("/queue")
    @public
    def queue() -> Response:
        return show(
            QUEUE,
            rows=[{"id": number, "label": f"Rândul {number}", "cells": [number]} for number in (1, 2, 3)],
        )

    return pages


@pytest.fixture(scope="session")
def probe_app(server: EmbeddedServer, data_dir: Path) -> KeptApp:
    """One application with the probe pages."""
    kept = KeptApp(server, data_dir)
    kept.app.register_blueprint(probe_pages())
    return kept


@pytest.fixture
def real_app(probe_app: KeptApp) -> Iterator[Flask]:
    """The application with the probe pages."""
    posted.clear()
    with probe_app.with_new_database() as app:
        yield app

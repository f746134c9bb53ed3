"""What the product is compared with: a bare Flask page and a bare one-row INSERT, under the same server.

The page renders one Jinja template with one loop and no macros to about `bytes` bytes, without database or
session. The insert is one INSERT of a row as wide as a ballot's two, and a COMMIT, on the same PostgreSQL.
"""

import os
import secrets
import threading

import psycopg
from flask import Flask, Response, render_template_string, request

PAGE = """<!doctype html><html lang="ro"><head><title>{{ title }}</title></head><body><h1>{{ title }}</h1>
{% for row in rows %}<p class="row"><a href="/x/{{ row.id }}">{{ row.name }}</a> {{ row.text }}</p>
{% endfor %}</body></html>"""
ROW_BYTES = 130

_local = threading.local()


def connection() -> psycopg.Connection:
    """A connection a thread, kept."""
    if not hasattr(_local, "connection"):
        url = os.environ["BENCH_DATABASE_URL"]
        _local.connection = psycopg.connect(url)
    return _local.connection


def create_app() -> Flask:
    """The bare application."""
    app = Flask(__name__)

    @app.get("/page")
    def page() -> str:
        count = max(1, int(request.args["bytes"]) // ROW_BYTES)
        rows = [
            {"id": number, "name": f"Proiectul {number}", "text": "umbră și bănci " * 4}
            for number in range(count)
        ]
        return render_template_string(PAGE, title="Pagina goală", rows=rows)

    @app.post("/insert")
    def insert() -> Response:
        with connection().cursor() as cursor:
            cursor.execute(
                "INSERT INTO bare_insert (nym, leaf, sealed) VALUES (%s, %s, %s)",
                (secrets.token_bytes(32), secrets.token_bytes(32), secrets.token_bytes(1024)),
            )
        connection().commit()
        return Response("ok")

    return app

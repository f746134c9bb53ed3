"""Serves the built styles, scripts, fonts and images, and tells templates their addresses.

Names carry a hash of the content, so browsers keep them for good. The files come compressed from the build; the
WSGI middleware answers for them before Flask is asked.
"""

import hashlib
import json
import os
import re
from pathlib import Path
from typing import Any

from flask import Flask
from whitenoise import WhiteNoise

from civic import components
from civic.config import City, Settings
from civic.paths import project_file
from civic.security import STRICT_TRANSPORT
from civic.theme import theme_css

PREFIX = "/static/"

_HASHED = re.compile(r"\.[0-9a-f]{12}\.[a-z0-9]+$")


class MissingAsset(Exception):
    """A template asks for an asset that no build made."""


class Assets:
    """The manifest of one build, read again when a checkout is rebuilt under a running server."""

    def __init__(self, folder: Path, server: WhiteNoise, *, watch: bool) -> None:
        self._folder, self._server, self._watch = folder, server, watch
        self._names: dict[str, str] = {}
        self._read_at: int | None = None
        self._refresh()

    def _refresh(self) -> None:
        manifest = self._folder / "manifest.json"
        try:
            changed_at = manifest.stat().st_mtime_ns
        except FileNotFoundError:
            return
        if changed_at != self._read_at:
            self._names = json.loads(manifest.read_text())
            self._server.add_files(str(self._folder), prefix=PREFIX)
            self._read_at = changed_at

    def version(self) -> tuple[int | None]:
        """Changes with every build: what was made of its addresses holds as long as this is equal."""
        if self._watch:
            self._refresh()
        return (self._read_at,)

    def url(self, name: str) -> str:
        """Address of an asset by its logical name, as in ``asset_url("app.css")``.

        Raises MissingAsset, with what to do, when there is none.
        """
        if self._watch:
            self._refresh()
        try:
            return PREFIX + self._names[name]
        except KeyError:
            raise MissingAsset(
                f"There is no built asset {name!r}. Build the front end: python -m civic.frontend_build"
            ) from None


def publish(folder: Path, stem: str, suffix: str, content: bytes) -> str:
    """Write a file of the city's own under a name that carries its hash; the name."""
    name = f"{stem}.{hashlib.sha256(content).hexdigest()[:12]}{suffix}"
    folder.mkdir(parents=True, exist_ok=True)
    if not (folder / name).exists():
        half = folder / f"{name}.{os.getpid()}.half"
        half.write_bytes(content)
        half.replace(folder / name)
    return name


def dress(server: WhiteNoise, city: City, folder: Path) -> dict[str, str]:
    """Serve the city's colours and logo; what templates know of them: ``theme_url`` and ``logo_url``, where set."""
    urls = {}
    css = theme_css(city.colours)
    if css:
        urls["theme_url"] = PREFIX + "city/" + publish(folder, "theme", ".css", css.encode())
    if city.logo:
        urls["logo_url"] = (
            PREFIX + "city/" + publish(folder, "logo", city.logo.suffix, city.logo.read_bytes())
        )
    if urls:
        server.add_files(str(folder), prefix=PREFIX + "city/")
    return urls


def _headers(headers: Any, *, production: bool) -> None:
    """What the middleware's answers carry, as the pages do; a picture opened by itself runs nothing."""
    headers["X-Content-Type-Options"] = "nosniff"
    headers["Referrer-Policy"] = "same-origin"
    headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    if production:
        headers["Strict-Transport-Security"] = STRICT_TRANSPORT


def init_app(app: Flask) -> None:
    """Serve ``static/dist`` at /static/ and give templates ``asset_url`` and the components."""
    settings: Settings = app.config["SETTINGS"]
    server = WhiteNoise(
        app.wsgi_app,
        max_age=3600,
        allow_all_origins=False,
        immutable_file_test=lambda path, url: bool(_HASHED.search(url)),
        add_headers_function=lambda headers, _path, _url: _headers(headers, production=settings.production),
    )
    assets = Assets(project_file("static", "dist"), server, watch=project_file("pyproject.toml").is_file())
    app.wsgi_app = server  # type: ignore[method-assign]
    app.extensions["civic_assets"] = assets
    app.jinja_env.globals.update(asset_url=assets.url, asset_version=assets.version)
    app.jinja_env.globals.update(dress(server, settings.city, settings.data_dir / "city"))
    components.init_app(app)

"""The notice as the layout reads it: asked for once a request, and only by pages that show it."""

from typing import Any

from flask import current_app, request
from markupsafe import Markup, escape

from civic import clock, i18n
from civic.content import queries


class CurrentNotice:
    """True when there is a notice; as text, its sentence. One query a request, none on fragments."""

    def _found(self) -> dict[str, Any]:
        kept: dict[str, Any] | None = request.environ.get("civic.site_notice")
        if kept is None:
            notice = queries.find_notice(clock.now())
            kept = {"texts": notice.texts, "level": notice.level} if notice else {}
            request.environ["civic.site_notice"] = kept
        return kept

    def __bool__(self) -> bool:
        return bool(self._found())

    def __html__(self) -> Markup:
        texts = self._found().get("texts", {})
        wanted = i18n.choose_language()
        if wanted in texts:
            return escape(texts[wanted])
        first = current_app.config["SETTINGS"].city.languages[0]
        return Markup('<span lang="{}">{}</span>').format(first, texts.get(first, ""))

    def __str__(self) -> str:
        return str(self.__html__())

    @property
    def level(self) -> str:
        """How urgent: info, warning or urgent."""
        return str(self._found().get("level", "info"))

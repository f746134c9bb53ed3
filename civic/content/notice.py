"""The notice as the layout reads it: asked for once a request, and only by pages that show it."""

import logging
import time
from typing import Any

from flask import current_app, g, request
from markupsafe import Markup, escape
from sqlalchemy.exc import SQLAlchemyError

from civic import clock, i18n
from civic.content import queries
from civic.extensions import db

logger = logging.getLogger(__name__)


class CurrentNotice:
    """True when there is a notice; as text, its sentence. None on fragments; a process asks every few seconds."""

    def _found(self) -> dict[str, Any]:
        kept: dict[str, Any] | None = request.environ.get("civic.site_notice")
        if kept is None:
            kept = request.environ["civic.site_notice"] = self._ask()
        return kept

    def _ask(self) -> dict[str, Any]:
        # Error pages have the layout too, and must speak when there is no database.
        if g.get("database_away"):
            return {}
        kept: tuple[float, dict[str, Any]] | None = current_app.extensions.get("civic_notice")
        if kept is not None and time.monotonic() - kept[0] < current_app.extensions["civic_pages"].seconds:
            return kept[1]
        try:
            notice = queries.find_notice(clock.now())
        except SQLAlchemyError as error:
            logger.warning("the notice could not be read: %s", type(error).__name__)
            db.session.rollback()
            return {}
        found = {"texts": notice.texts, "level": notice.level} if notice else {}
        current_app.extensions["civic_notice"] = (time.monotonic(), found)
        return found

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

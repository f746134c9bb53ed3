"""One JSON object a line on standard error: readable by machines, free of personal data."""

import json
import logging
import logging.config
import traceback
from datetime import UTC, datetime

_EXTRAS = ("request_id", "endpoint", "method", "status", "ms")


class JsonFormatter(logging.Formatter):
    """Time, level, logger, message and the few extras the house allows. Exceptions keep type and frames.

    The text of a database error may quote a row, so an exception's message is left out.
    """

    def format(self, record: logging.LogRecord) -> str:
        """The record as one line."""
        entry: dict[str, object] = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "logger": record.name,
            "message": record.getMessage(),
        }
        entry.update({name: getattr(record, name) for name in _EXTRAS if hasattr(record, name)})
        if record.exc_info and record.exc_info[0]:
            entry["error"] = record.exc_info[0].__name__
            entry["frames"] = [
                f"{frame.filename}:{frame.lineno} {frame.name}"
                for frame in traceback.extract_tb(record.exc_info[2])
            ]
        return json.dumps(entry, ensure_ascii=False)


def configure(level: str) -> None:
    """Send everything through the formatter; libraries only from WARNING up."""
    logging.config.dictConfig(
        {
            "version": 1,
            "disable_existing_loggers": False,
            "formatters": {"json": {"()": JsonFormatter}},
            "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "json"}},
            "root": {"handlers": ["stderr"], "level": "WARNING"},
            "loggers": {
                **{name: {"level": level} for name in ("civic", "proposals", "voting", "consultations")},
                # A job that is still at work when it is due again is no news; its failures are ours to log.
                "apscheduler": {"level": "ERROR"},
            },
        }
    )

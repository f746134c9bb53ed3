"""Two records in the audit say that loading the demo city began and that it is complete."""

from datetime import datetime

from sqlalchemy import Connection, Select, func, select

from civic.audit import AuditRecord
from civic.extensions import db

STARTED, LOADED = "demo.started", "demo.loaded"


def find_mark(event_name: str) -> datetime | None:
    """When the loading began, or was completed; None before."""
    return db.session.scalar(_mark(event_name))


def is_loaded(connection: Connection) -> bool:
    """Whether the demo city is complete, asked without the application."""
    return connection.scalar(_mark(LOADED)) is not None


def _mark(event_name: str) -> Select[datetime | None]:
    return select(func.min(AuditRecord.at)).where(AuditRecord.event == event_name)

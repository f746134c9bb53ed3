"""Reading the audit record, page by page, without counting it."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select, text

from civic.audit import AuditRecord
from civic.extensions import db

PER_PAGE = 100


@dataclass(frozen=True)
class AuditPage:
    """A page of the record, newest first, and the numbers its neighbours begin at."""

    records: Sequence[AuditRecord]
    older: int | None
    newer: bool


def list_audit(
    event: str, account_id: int | None, subject: tuple[str, int] | None, before: int | None
) -> AuditPage:
    """Records older than `before` (the newest when None), narrowed by what is given.

    The record only grows, so pages go by number instead of by offset: the last page costs what the first does.
    """
    statement = select(AuditRecord).order_by(AuditRecord.id.desc()).limit(PER_PAGE + 1)
    if event:
        statement = statement.where(AuditRecord.event == event)
    if account_id is not None:
        statement = statement.where(AuditRecord.account_id == account_id)
    if subject is not None:
        statement = statement.where(
            AuditRecord.subject_kind == subject[0], AuditRecord.subject_id == subject[1]
        )
    if before is not None:
        statement = statement.where(AuditRecord.id < before)
    found = db.session.scalars(statement).all()
    records = found[:PER_PAGE]
    older = records[-1].id if len(found) > PER_PAGE else None
    return AuditPage(records, older, before is not None)


def list_event_kinds() -> Sequence[str]:
    """Every kind of event in the record. Hops from one kind to the next on the index, however long the record."""
    return db.session.scalars(
        text(
            """
            WITH RECURSIVE kinds AS (
                (SELECT event FROM audit_record ORDER BY event LIMIT 1)
                UNION ALL
                SELECT (SELECT event FROM audit_record WHERE event > kinds.event ORDER BY event LIMIT 1)
                FROM kinds WHERE kinds.event IS NOT NULL
            )
            SELECT event FROM kinds WHERE event IS NOT NULL
            """
        )
    ).all()

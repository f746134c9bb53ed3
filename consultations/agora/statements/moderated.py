"""Statements under moderation."""

from flask_babel import lazy_gettext as _l

from consultations.agora import written
from consultations.agora.statements.models import AgoraStatement
from consultations.agora.statements.rules import KIND

SORT = written.Sort(
    kind=KIND,
    label=_l("Statement in a debate"),
    model=AgoraStatement,
    title=_l("Statement in the debate “%(title)s”"),
    words=lambda statement: statement.text,
    path=lambda statement: f"/agora/{statement.debate_id}/statements",
    restore=("statements.restore", "statement_id"),
)


def register_kinds() -> None:
    """Put statements under moderation."""
    written.register(SORT)

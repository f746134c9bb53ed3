"""Statements under moderation."""

from functools import partial

from flask_babel import lazy_gettext as _l

from civic.moderation.gate.spaces import Space, register_space
from civic.text import fold
from consultations.agora import written
from consultations.agora.statements import queries, rules
from consultations.agora.statements.models import AgoraStatement
from consultations.agora.statements.rules import KIND


def _fold(statement: AgoraStatement) -> None:
    """The same words twice are refused by what they are without diacritics."""
    statement.folded = fold(statement.text)


SORT = written.Sort(
    kind=KIND,
    label=_l("Statement in a debate"),
    model=AgoraStatement,
    title=_l("Statement in the debate “%(title)s”"),
    words=lambda statement: statement.text,
    path=lambda statement: f"/agora/{statement.debate_id}/statements",
    restore=("statements.restore", "statement_id"),
    texts={"text": _l("Text")},
    follow=_fold,
)


def register_kinds() -> None:
    """Put statements under moderation."""
    written.register(SORT)
    register_space(
        Space(
            rules.SPACE,
            _l("Statements in debates"),
            KIND,
            hold=partial(written.hold, SORT),
            approved=queries.count_accepted,
        )
    )

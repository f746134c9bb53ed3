"""What moderators need to know of statements, and what their verdicts do."""

from collections.abc import Iterable

from flask import url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from civic.moderation.rules import Decision
from civic.moderation.subjects import Subject, SubjectKind, register_kind
from civic.text import excerpt
from consultations.agora.statements import queries, service
from consultations.agora.statements.rules import KIND


def load(ids: Iterable[int], for_public: bool) -> dict[int, Subject]:
    """Statements as moderators read them, titled by the debate they stand in. A pseudonym stays one."""
    found = {}
    for statement, one in queries.list_for_moderation(ids, public=for_public):
        author = statement.participant
        found[statement.id] = Subject(
            kind=KIND,
            id=statement.id,
            title=_("Statement in the debate “%(title)s”", title=excerpt(one.question, 80)),
            text=statement.text,
            url=url_for("statements.index", debate_id=one.id),
            author_id=author.account_id,
            author_name=author.pseudonym or (author.account.display_name if author.account else ""),
            created_at=statement.created_at,
            place=one.neighbourhood.name if one.neighbourhood else "",
            neighbourhood_id=one.neighbourhood_id,
            restore_url=url_for("statements.restore", statement_id=statement.id)
            if statement.state == "hidden"
            else "",
        )
    return found


def register_kinds() -> None:
    """Put statements under moderation."""
    register_kind(
        KIND, SubjectKind(_l("Statement in a debate"), frozenset({Decision.HIDE}), load, service.carry_out)
    )

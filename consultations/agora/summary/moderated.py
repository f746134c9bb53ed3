"""What moderators need to know of objections, and what their verdicts do."""

from collections.abc import Iterable

from flask import url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from civic.moderation.rules import Decision
from civic.moderation.subjects import Subject, SubjectKind, register_kind
from civic.text import excerpt
from consultations.agora.summary import queries, service
from consultations.agora.summary.rules import KIND


def load(ids: Iterable[int], for_public: bool) -> dict[int, Subject]:
    """Objections as moderators read them, titled by the debate they are about. A pseudonym stays one."""
    found = {}
    for objection, one in queries.list_for_moderation(ids, public=for_public):
        author = objection.participant
        found[objection.id] = Subject(
            kind=KIND,
            id=objection.id,
            title=_("Objection to the summary of “%(title)s”", title=excerpt(one.question, 80)),
            text=objection.text,
            url=url_for("agora.show", debate_id=one.id),
            author_id=author.account_id,
            author_name=author.pseudonym or (author.account.display_name if author.account else ""),
            created_at=objection.at,
            place=one.neighbourhood.name if one.neighbourhood else "",
            neighbourhood_id=one.neighbourhood_id,
            restore_url=url_for("agora_summary.restore", objection_id=objection.id)
            if objection.state == "hidden"
            else "",
        )
    return found


def register_kinds() -> None:
    """Put objections under moderation."""
    register_kind(
        KIND,
        SubjectKind(
            _l("Objection to the summary of a debate"), frozenset({Decision.HIDE}), load, service.carry_out
        ),
    )

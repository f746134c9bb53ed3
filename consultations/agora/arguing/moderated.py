"""What moderators need to know of what is written in debates, and what their verdicts do."""

from collections.abc import Iterable

from flask import url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from civic.moderation.rules import Decision
from civic.moderation.subjects import Subject, SubjectKind, register_kind
from civic.text import excerpt
from consultations.agora.arguing import queries, service
from consultations.agora.arguing.rules import KIND


def load(ids: Iterable[int], for_public: bool) -> dict[int, Subject]:
    """Posts as moderators read them, titled by the debate they stand in. A pseudonym stays one."""
    found = {}
    for post, one in queries.list_for_moderation(ids, public=for_public):
        author = post.participant
        found[post.id] = Subject(
            kind=KIND,
            id=post.id,
            title=_("In the debate “%(title)s”", title=excerpt(one.question, 80)),
            text="\n\n".join(part for part in (post.body, post.source) if part),
            url=url_for("arguing.post", post_id=post.id),
            author_id=author.account_id,
            author_name=author.pseudonym or (author.account.display_name if author.account else ""),
            created_at=post.created_at,
            place=one.neighbourhood.name if one.neighbourhood else "",
            neighbourhood_id=one.neighbourhood_id,
            restore_url=url_for("arguing.restore", post_id=post.id) if post.state == "hidden" else "",
        )
    return found


def register_kinds() -> None:
    """Put what is written in debates under moderation."""
    register_kind(
        KIND, SubjectKind(_l("Argument in a debate"), frozenset({Decision.HIDE}), load, service.carry_out)
    )

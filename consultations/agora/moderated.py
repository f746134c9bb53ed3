"""What moderators need to know of debates, and what their verdicts do."""

from collections.abc import Iterable

from flask import url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from civic.moderation.gate.rules import Mode
from civic.moderation.gate.spaces import Space, register_space
from civic.moderation.rules import Decision
from civic.moderation.subjects import Part, Subject, SubjectKind, register_kind
from consultations.agora import queries, service, undoing
from consultations.agora.rules import KIND


def load_debates(ids: Iterable[int], for_public: bool) -> dict[int, Subject]:
    """Debates as moderators read them; drafts are nobody's but their author's."""
    return {
        one.id: Subject(
            kind=KIND,
            id=one.id,
            title=one.question,
            text=one.why,
            url=url_for("agora.show", debate_id=one.id),
            author_id=one.account_id,
            author_name=one.account.display_name if one.account else "",
            created_at=one.submitted_at or one.created_at,
            place=one.neighbourhood.name if one.neighbourhood else "",
            neighbourhood_id=one.neighbourhood_id,
            restore_url=url_for("agora.restore", debate_id=one.id) if one.hidden_at else "",
        )
        for one in queries.list_by_ids(ids, public=for_public).values()
        if one.submitted_at is not None
    }


def _parts(debate_id: int) -> list[Part]:
    one = queries.list_by_ids([debate_id], public=False)[debate_id]
    named = (("question", _("Question"), one.question), ("why", _("Explanation"), one.why))
    return [Part(*part) for part in named if part[2]]


def register_kinds() -> None:
    """Put debates under moderation."""
    kind = SubjectKind(
        _l("Debate"),
        frozenset({Decision.REQUEST_CHANGES, Decision.HIDE, Decision.REDACT}),
        load_debates,
        service.carry_out,
        snapshot=undoing.snapshot,
        put_back=undoing.put_back,
        parts=_parts,
        redact=undoing.redact,
        waits=undoing.waits,
    )
    register_kind(KIND, kind)
    register_space(Space(service.SPACE, _l("Debates"), KIND, modes=(Mode.BEFORE, Mode.NEWCOMERS)))

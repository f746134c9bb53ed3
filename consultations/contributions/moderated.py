"""What moderators need to know of contributions, and what their verdicts do. Remarks on a draft have a kind of their own."""

from collections.abc import Iterable

from flask import url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from civic.moderation.gate.rules import Mode
from civic.moderation.gate.spaces import Space, register_space
from civic.moderation.rules import Decision
from civic.moderation.subjects import Part, Subject, SubjectKind, register_kind
from consultations.contributions import keeping, presenters, queries, telling, weighing
from consultations.contributions.models import Contribution


def load(ids: Iterable[int], for_public: bool) -> dict[int, Subject]:
    """Contributions as everyone reads them; moderators read besides what waits for them, and no more."""
    return {
        one.id: Subject(
            kind=keeping.KIND,
            id=one.id,
            title=_("Contribution %(reference)s", reference=one.reference),
            text="\n\n".join(part for part in _words(one) if part),
            url=url_for("contributions.show", consultation_id=one.consultation_id, number=one.number),
            author_id=one.account_id,
            author_name=presenters.author_of(one),
            created_at=one.registered_at,
        )
        for one in queries.list_by_ids(ids).values()
        if one.channel != "annotation" and (not for_public or one.hidden_at is None)
    }


def _parts(contribution_id: int) -> list[Part]:
    one = queries.get_contribution(contribution_id)
    title, body = _words(one)
    named = (("title", _("Subject"), title), ("body", _("Text"), body))
    return [Part(*part) for part in named if part[2]]


def _words(one: Contribution) -> tuple[str, str]:
    if keeping.waits_for_moderator(one):
        return keeping.whole_title(one), keeping.whole_text(one)
    return one.title, one.body


def register_kinds() -> None:
    """Put contributions under moderation."""
    register_space(
        Space(
            weighing.SPACE,
            _l("Contributions to consultations"),
            keeping.KIND,
            modes=(Mode.AFTER, Mode.NEWCOMERS, Mode.BEFORE),
            hold=weighing.hold,
            approved=queries.count_shown_of,
            # All that arrives is received (Law 52/2003, art. 7).
            limited=False,
        )
    )
    register_kind(
        keeping.KIND,
        SubjectKind(
            _l("Contribution"),
            frozenset({Decision.HIDE, Decision.REDACT}),
            load,
            keeping.carry_out,
            snapshot=keeping.snapshot,
            put_back=keeping.put_back,
            parts=_parts,
            redact=keeping.redact,
            waits=keeping.waits,
            writer=lambda number: telling.writer_of(queries.get_contribution(number)),
        ),
    )

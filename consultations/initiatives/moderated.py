"""What moderators need to know of citizens' drafts that the gate keeps, before the secretary general publishes them."""

from collections.abc import Iterable

from flask import url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from civic.moderation.gate.rules import Mode
from civic.moderation.gate.spaces import Space, register_space
from civic.moderation.rules import Decision
from civic.moderation.subjects import Part, Subject, SubjectKind, register_kind
from consultations.initiatives import queries, service, undoing


def load(ids: Iterable[int], for_public: bool) -> dict[int, Subject]:
    """Drafts that were sent and not published; what is published the secretary general has read, and nobody reports."""
    if for_public:
        return {}
    return {
        one.id: Subject(
            kind=service.KIND,
            id=one.id,
            title=one.title,
            text="\n\n".join((one.text, one.reasons)),
            url=url_for("initiatives.show", initiative_id=one.id),
            author_id=one.author_id,
            author_name=one.author.display_name if one.author else "",
            created_at=one.submitted_at,
            place=one.neighbourhood.name if one.neighbourhood else "",
            neighbourhood_id=one.neighbourhood_id,
        )
        for one in queries.list_sent(ids)
        if one.submitted_at is not None
    }


def _parts(initiative_id: int) -> list[Part]:
    one = queries.get_initiative(initiative_id)
    named = (
        ("title", _("Title"), one.title),
        ("text", _("Text of the draft decision"), one.text),
        ("reasons", _("Why it is needed"), one.reasons),
    )
    return [Part(*part) for part in named if part[2]]


def register_kinds() -> None:
    """Put citizens' drafts under moderation, between being sent and being published."""
    register_kind(
        service.KIND,
        SubjectKind(
            _l("Citizens' draft decision"),
            frozenset({Decision.REQUEST_CHANGES, Decision.REDACT}),
            load,
            undoing.carry_out,
            snapshot=undoing.snapshot,
            put_back=undoing.put_back,
            parts=_parts,
            redact=undoing.redact,
            waits=undoing.waits,
        ),
    )
    register_space(
        Space(
            service.SPACE,
            _l("Citizens' drafts, beside the check of their form"),
            service.KIND,
            modes=(Mode.AFTER, Mode.BEFORE),
            approved=queries.count_published_of,
            # The law lets every elector put a draft forward, and all that is sent is received.
            limited=False,
        )
    )

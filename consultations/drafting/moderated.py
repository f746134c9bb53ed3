"""What moderators need to know of annotations, and what their verdicts do."""

from collections.abc import Iterable

from flask import url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from civic.moderation.gate.spaces import Space, register_space
from civic.moderation.rules import Decision
from civic.moderation.subjects import Part, Subject, SubjectKind, register_kind
from civic.text import excerpt
from consultations.drafting import queries, service, undoing


def load(ids: Iterable[int], for_public: bool) -> dict[int, Subject]:
    """Annotations as moderators read them, titled by the consultation they are about."""
    found = {}
    for annotation, one in queries.list_for_moderation(ids):
        taken_off = annotation.state != "visible" or annotation.contribution.hidden_at is not None
        if for_public and (taken_off or one.announced_at is None):
            continue
        parts = [f"„{annotation.quote}”"]
        if annotation.kind == "replacement":
            parts.append(_("Proposed wording: “%(words)s”", words=annotation.replacement))
        parts.append(annotation.body)
        found[annotation.id] = Subject(
            kind=service.KIND,
            id=annotation.id,
            title=_("Remark on “%(title)s”", title=excerpt(one.title, 80)),
            text="\n\n".join(part for part in parts if part),
            url=url_for("drafting.annotation", annotation_id=annotation.id),
            author_id=annotation.author_id,
            author_name=annotation.author.display_name if annotation.author else "",
            created_at=annotation.created_at,
            place=one.neighbourhood.name if one.neighbourhood else "",
            neighbourhood_id=one.neighbourhood_id,
            restore_url=url_for("drafting.restore", annotation_id=annotation.id)
            if annotation.state == "hidden"
            else "",
        )
    return found


def _parts(annotation_id: int) -> list[Part]:
    one = queries.get_annotation(annotation_id)
    named = (("body", _("Remark"), one.body), ("replacement", _("Proposed wording"), one.replacement))
    return [Part(*part) for part in named if part[2]]


def register_kinds() -> None:
    """Put annotations under moderation."""
    register_kind(
        service.KIND,
        SubjectKind(
            _l("Remark on a draft"),
            frozenset({Decision.HIDE, Decision.REDACT}),
            load,
            service.carry_out,
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
            _l("Remarks on drafts"),
            service.KIND,
            hold=service.hold,
            approved=queries.count_public_of,
        )
    )

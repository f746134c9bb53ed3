"""What moderators need to know of organisations, and what their verdicts do."""

from collections.abc import Iterable

from flask import url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from civic.moderation.rules import Decision
from civic.moderation.subjects import Part, Subject, SubjectKind, register_kind
from civic.organisations import queries, rules, service


def load(ids: Iterable[int], for_public: bool) -> dict[int, Subject]:
    """Organisations as moderators read them: what they say of themselves."""
    return {
        one.id: Subject(
            kind=queries.KIND,
            id=one.id,
            title=one.name,
            text="\n\n".join(part for part in (one.description, one.website) if part),
            url=url_for("organisations.show", organisation_id=one.id),
            author_id=one.keeper_id,
            author_name=one.name,
            created_at=one.registered_at,
        )
        for one in queries.list_by_ids(ids)
        if not for_public or one.state in rules.PUBLIC
    }


def _parts(organisation_id: int) -> list[Part]:
    return [
        Part("description", _("About the organisation"), one.description)
        for one in queries.list_by_ids([organisation_id])
        if one.description
    ]


def register_kinds() -> None:
    """Put organisations under moderation."""
    register_kind(
        queries.KIND,
        SubjectKind(
            _l("Organisation"),
            frozenset({Decision.HIDE, Decision.REDACT}),
            load,
            service.carry_out,
            snapshot=service.snapshot,
            put_back=service.put_back,
            parts=_parts,
            redact=service.redact,
        ),
    )

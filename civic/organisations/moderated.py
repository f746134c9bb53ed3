"""What moderators need to know of organisations, and what their verdicts do."""

from collections.abc import Iterable

from flask import url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from civic.moderation.gate.rules import Mode
from civic.moderation.gate.spaces import Space, register_space
from civic.moderation.rules import Decision
from civic.moderation.subjects import Part, Subject, SubjectKind, register_kind
from civic.organisations import queries, rules, words
from civic.organisations.models import Organisation


def load(ids: Iterable[int], for_public: bool) -> dict[int, Subject]:
    """Organisations as moderators read them: what they say of themselves, and before it is public what waits."""
    return {
        one.id: Subject(
            kind=queries.KIND,
            id=one.id,
            title=one.name,
            text="\n\n".join(part for part in _words(one, for_public) if part),
            url=url_for("organisations.show", organisation_id=one.id),
            author_id=one.keeper_id,
            author_name=one.name,
            created_at=one.registered_at,
        )
        for one in queries.list_by_ids(ids)
        if not for_public or one.state in rules.PUBLIC
    }


def _words(one: Organisation, for_public: bool) -> tuple[str, str]:
    return (one.description, one.website) if for_public else words.written(one)


def _parts(organisation_id: int) -> list[Part]:
    found = [words.written(one)[0] for one in queries.list_by_ids([organisation_id])]
    return [Part("description", _("About the organisation"), text) for text in found if text]


def register_kinds() -> None:
    """Put organisations under moderation."""
    register_kind(
        queries.KIND,
        SubjectKind(
            _l("Organisation"),
            frozenset({Decision.HIDE, Decision.REDACT}),
            load,
            words.carry_out,
            snapshot=words.snapshot,
            put_back=words.put_back,
            parts=_parts,
            redact=words.redact,
            waits=words.waits,
        ),
    )
    register_space(
        Space(
            words.SPACE,
            _l("What organisations say of themselves"),
            queries.KIND,
            # The city hall verifies who an organisation is; what it writes is read as everybody's.
            modes=(Mode.AFTER, Mode.NEWCOMERS, Mode.BEFORE),
            hold=words.hold,
        )
    )

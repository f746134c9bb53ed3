"""What moderators need to know of what residents say about deliveries, and what their verdicts do."""

from collections.abc import Iterable

from flask import url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from civic.moderation.gate.spaces import Space, register_space
from civic.moderation.rules import Decision
from civic.moderation.subjects import Part, Subject, SubjectKind, register_kind
from civic.text import excerpt
from civic.tracker.checks import queries, service
from civic.tracker.checks.models import DeliveryCheck


def _subject(one: DeliveryCheck) -> Subject:
    photo = _("Photo: %(words)s", words=one.file.alt) if one.file else ""
    return Subject(
        kind=service.CHECK,
        id=one.id,
        title=_("Seen on the spot: “%(title)s”", title=excerpt(one.delivery.title, 80)),
        text="\n\n".join(part for part in (one.text, photo) if part),
        url=f"{url_for('tracker.show', delivery_id=one.delivery_id)}#check-{one.id}",
        author_id=one.account_id,
        author_name=one.account.display_name if one.account else "",
        created_at=one.said_at,
        place=one.delivery.place,
        neighbourhood_id=one.delivery.neighbourhood_id,
    )


def load(ids: Iterable[int], for_public: bool) -> dict[int, Subject]:
    """What residents said, as moderators read it."""
    found = queries.list_for_moderation(ids)
    return {one.id: _subject(one) for one in found if not for_public or one.state == "visible"}


def _parts(check_id: int) -> list[Part]:
    text = queries.get_check(check_id).text
    return [Part("text", _("What was seen"), text)] if text else []


def register_kinds() -> None:
    """Put what residents say about deliveries under moderation."""
    register_kind(
        service.CHECK,
        SubjectKind(
            _l("Word on a delivery"),
            frozenset({Decision.HIDE, Decision.REDACT}),
            load,
            service.carry_out,
            snapshot=service.snapshot,
            put_back=service.put_back,
            parts=_parts,
            redact=service.redact,
            waits=service.waits,
        ),
    )
    register_space(
        Space(
            service.SPACE,
            _l("What residents say of finished works"),
            service.CHECK,
            hold=service.hold,
            approved=queries.count_public_of,
        )
    )

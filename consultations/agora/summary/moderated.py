"""Objections under moderation."""

from flask_babel import lazy_gettext as _l

from consultations.agora import written
from consultations.agora.summary.models import AgoraObjection
from consultations.agora.summary.rules import KIND

SORT = written.Sort(
    kind=KIND,
    label=_l("Objection to the summary of a debate"),
    model=AgoraObjection,
    title=_l("Objection to the summary of “%(title)s”"),
    words=lambda objection: objection.text,
    path=lambda objection: f"/agora/{objection.debate_id}",
    restore=("agora_summary.restore", "objection_id"),
    texts={"text": _l("Text")},
)


def register_kinds() -> None:
    """Put objections under moderation."""
    written.register(SORT)

"""Objections under moderation."""

from functools import partial

from flask_babel import lazy_gettext as _l

from civic.moderation.gate.spaces import Space, register_space
from consultations.agora import written
from consultations.agora.summary import rules
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
    register_space(
        Space(rules.SPACE, _l("Objections to summaries of debates"), KIND, hold=partial(written.hold, SORT))
    )

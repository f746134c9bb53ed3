"""Positions, arguments and replies under moderation."""

from functools import partial

from flask_babel import lazy_gettext as _l

from civic.moderation.gate.spaces import Space, register_space
from consultations.agora import written
from consultations.agora.arguing import queries, rules
from consultations.agora.arguing.models import AgoraPost
from consultations.agora.arguing.rules import KIND
from consultations.agora.tending.service import forget_wholes


def _stem(post: AgoraPost) -> None:
    """Similar arguments are found by the stems of what it says now."""
    post.stems = " ".join(rules.stems(post.body))


SORT = written.Sort(
    kind=KIND,
    label=_l("Argument in a debate"),
    model=AgoraPost,
    title=_l("In the debate “%(title)s”"),
    words=lambda post: "\n\n".join(part for part in (post.body, post.source) if part),
    path=lambda post: f"/agora/posts/{post.id}",
    restore=("arguing.restore", "post_id"),
    texts={"body": _l("Text")},
    follow=_stem,
    redacted=lambda post: forget_wholes(post.id),
)


def register_kinds() -> None:
    """Put what is written in debates under moderation."""
    written.register(SORT)
    register_space(
        Space(
            rules.SPACE,
            _l("Arguments in debates"),
            KIND,
            hold=partial(written.hold, SORT),
            approved=queries.count_accepted,
        )
    )

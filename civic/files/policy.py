"""Who may open a stored file."""

from collections.abc import Callable

from flask_babel import lazy_gettext as _

from civic.actor import Actor, Role
from civic.files.models import StoredFile
from civic.policy import ALLOWED, Decision, refused

#: Those whose work is to judge what residents upload. The desk's is not.
STAFF = (Role.MODERATOR, Role.EVALUATOR, Role.STAFF, Role.AUDITOR, Role.ADMINISTRATOR)

#: Asked about the number of a private file: does it belong to what is, for now, its author's alone?
_KEPT_BACK: set[Callable[[int], bool]] = set()


def keep_back(question: Callable[[int], bool]) -> None:
    """Let a feature say which of its files not even the city hall opens yet. Called at its registration."""
    _KEPT_BACK.add(question)


def can_read(actor: Actor, stored: StoredFile) -> Decision:
    """Public files are everyone's; the others their uploader's and, once they were sent, the city hall's."""
    if stored.public or (actor.id is not None and actor.id == stored.account_id):
        return ALLOWED
    if actor.has_role(*STAFF):
        if not any(question(stored.id) for question in _KEPT_BACK):
            return ALLOWED
        return refused(_("This file belongs to a draft. Until it is sent, only its author can open it."))
    return refused(
        _("This file is not public. Only the person who uploaded it and the city hall can open it.")
    )

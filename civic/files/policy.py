"""Who may open a stored file."""

from flask_babel import lazy_gettext as _

from civic.actor import Actor, Role
from civic.files.models import StoredFile
from civic.policy import ALLOWED, Decision, refused

#: Those whose work is to judge what residents upload. The desk's is not.
STAFF = (Role.MODERATOR, Role.EVALUATOR, Role.STAFF, Role.AUDITOR, Role.ADMINISTRATOR)


def can_read(actor: Actor, stored: StoredFile) -> Decision:
    """Public files are everyone's; the others their uploader's and the city hall's."""
    if stored.public or actor.has_role(*STAFF):
        return ALLOWED
    if actor.id is not None and actor.id == stored.account_id:
        return ALLOWED
    return refused(
        _("This file is not public. Only the person who uploaded it and the city hall can open it.")
    )

"""What becomes of a citizens' draft whose author deletes their account. Commands flush, never commit.

Administrative Code, art. 136 and 247: the initiators bring the draft to the secretary general, who displays it. What was
displayed stays, under its number and its signatures. As with what people send to consultations, the author's name is
taken out of what everyone reads unless they want it to stay; the city hall keeps it sealed while the procedure needs it.
"""

from datetime import datetime

from flask_babel import force_locale
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from civic import audit, sealing, timeline
from civic.accounts.leaving import Choice
from civic.accounts.models import Account
from civic.actor import SYSTEM
from civic.extensions import db
from civic.moderation import service as moderation
from consultations.initiatives import likeness, queries, rules
from consultations.initiatives.models import Initiative
from consultations.initiatives.rules import State, state_of

#: Under which the choice is sent with the form.
KEEP_NAME = "initiative-name"
#: What the draft holds in the name's place; pages say it in the reader's language.
NO_NAME = "deleted account"
SEAL = "initiative initiator"
KIND = "initiative"


def forget_account(account: Account, kept: bool, now: datetime) -> None:
    """Throw away what was never sent, withdraw what waits for its check, take the name out of the rest."""
    for one in queries.lock_of_author(account.id):
        state = state_of(one, now)
        if state in rules.WRITTEN:
            audit.record(SYSTEM, "initiative.discarded", KIND, one.id, now)
            db.session.delete(one)
            continue
        if state == State.SUBMITTED:
            with force_locale("ro"):
                one.withdrawn_at, one.withdrawn_reason = now, _("Its author deleted their account.")
            timeline.add(KIND, one.id, "initiative.withdrawn", now, reason=one.withdrawn_reason)
            audit.record(SYSTEM, "initiative.withdrawn", KIND, one.id, now)
            moderation.close_withdrawn(KIND, one.id, now)
        if not kept:
            _take_out(one, account.display_name)
        one.own_line = ""
        one.changed_at = now
        one.version += 1
    db.session.flush()


def _take_out(one: Initiative, name: str) -> None:
    lines = likeness.lines_of(one.initiators)
    at = lines.index(one.own_line) if one.own_line in lines else likeness.own_line(lines, name)
    if at is None:
        return
    if one.erased_at is None:
        one.initiator_left = sealing.seal(SEAL, {"name": lines[at]})
    lines[at] = NO_NAME
    one.initiators = "\n".join(lines)


def names_of(one: Initiative) -> str:
    """The initiators as they are read: whoever deleted their account is named so, in the reader's language."""
    return "\n".join(_("deleted account") if line == NO_NAME else line for line in one.initiators.split("\n"))


def left_name(one: Initiative) -> str:
    """Who of the initiators deleted their account, for the secretariat; empty for nobody, or once it was erased."""
    return str(sealing.unseal(SEAL, one.initiator_left)["name"]) if one.initiator_left is not None else ""


CHOICE = Choice(
    KEEP_NAME,
    _l("Keep my name beside the citizens' drafts I put forward"),
    _l(
        "citizens' drafts you put forward: one that was not sent is thrown away, one that waits for its check is withdrawn; "
        "what was published stays with its signatures, and the city hall can go on with it. Your name in it becomes "
        "“deleted account” unless you choose below to keep it. Until the lists of supporters are erased the city hall "
        "keeps it sealed, because the law asks for the initiators"
    ),
    queries.has_put_forward,
)

"""Who is looking at which case: taking one, taking the next, giving one back. Commands flush, never commit.

A claim keeps two moderators from deciding the same text at once. It runs out by itself, so nobody has to be asked
to let go.
"""

from collections.abc import Collection
from datetime import datetime

from flask_babel import gettext as _

from civic import audit
from civic.actor import Actor
from civic.errors import Conflict
from civic.extensions import db
from civic.moderation import policy, queries, rules, service
from civic.moderation.models import ModerationCase
from civic.moderation.subjects import load_all
from civic.policy import enforce

#: Cases looked at for the next one the actor may decide; more of one's own texts than this wait for nobody.
MOST_TRIED = 50


def claim(actor: Actor, case_id: int, now: datetime) -> ModerationCase:
    """Hold a case for a while. Taking it again holds it anew.

    Raises NotAllowed, NotFound or Conflict (decided, held by another moderator).
    """
    case, _subject = service.get_undecided(actor, case_id, now)
    return _hold(actor, case, now)


def _hold(actor: Actor, case: ModerationCase, now: datetime) -> ModerationCase:
    if case.claimed_by_id != actor.id or case.claimed_until is None or case.claimed_until <= now:
        audit.record(actor, "moderation.claimed", case.subject_kind, case.subject_id, now, {"case": case.id})
    case.claimed_by_id, case.claimed_until = actor.id, now + rules.CLAIM
    db.session.flush()
    return case


def claim_next(actor: Actor, now: datetime, *, but: Collection[int] = ()) -> ModerationCase | None:
    """Hold the most pressing case that nobody else holds and that the actor may decide; None when there is none.

    `but` are cases put aside. Two who ask at once get two cases: rows locked by one are passed over by the other.
    """
    enforce(policy.may_moderate(actor))
    passed = set(but)
    for _try in range(MOST_TRIED):
        case = queries.lock_next(actor.id or 0, passed, now)
        if case is None:
            return None
        subject = load_all([(case.subject_kind, case.subject_id)]).get((case.subject_kind, case.subject_id))
        if subject is not None and policy.can_decide(actor, subject):
            return _hold(actor, case, now)
        passed.add(case.id)
    return None


def release(actor: Actor, case_id: int, now: datetime) -> None:
    """Give a case back to the others. Raises Conflict when another moderator holds it."""
    enforce(policy.may_moderate(actor))
    case = queries.get_case(case_id, lock=True)
    if case.decided_at is not None or case.claimed_by_id is None:
        return
    if case.claimed_by_id != actor.id:
        raise Conflict(_("Another moderator holds this case."))
    case.claimed_by_id = case.claimed_until = None
    audit.record(actor, "moderation.released", case.subject_kind, case.subject_id, now, {"case": case.id})
    db.session.flush()

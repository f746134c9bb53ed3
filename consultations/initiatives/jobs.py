"""Work by the clock: erasing who signed, once nobody needs to know it any more."""

from datetime import datetime, timedelta

from civic import audit
from civic.actor import SYSTEM
from civic.deadlines import queries as deadlines
from civic.unit_of_work import unit_of_work
from consultations.initiatives import queries, rules, signing

BATCH = 20


def erase_signers(now: datetime) -> int:
    """Erase names, addresses and scans of initiatives that ended long enough ago. Safe to run twice."""
    before = now - timedelta(days=deadlines.get_current(rules.KEEP).days)
    done = 0
    while True:
        with unit_of_work():
            found = queries.list_to_erase(before, BATCH)
            for initiative_id in found:
                signing.erase(initiative_id, now)
                audit.record(SYSTEM, "initiative.signers_erased", signing.KIND, initiative_id, now)
        done += len(found)
        if len(found) < BATCH:
            return done

"""Debates as tests need them: a request, one that is announced, one that is going on, one that was held."""

from datetime import datetime, timedelta
from typing import Any

from civic import clock
from civic.accounts.models import Account
from civic.deadlines import queries as deadlines
from civic.organisations.models import Organisation
from consultations.debates import rules
from consultations.debates.models import Debate, DebateRequest, DebateSpeaker
from consultations.models import Consultation
from tests.consultations_support import make_consultation
from tests.factories import make_account, save


def make_request(one: Consultation, organisation: Organisation, **values: Any) -> DebateRequest:
    """A registered request of an organisation."""
    now = clock.now()
    defaults = {
        "account_id": organisation.keeper_id or make_account().id, "text": "Cerem o dezbatere despre tarife.",
        "requested_at": now - timedelta(hours=1), "announce_by": now + timedelta(days=5),
    }  # fmt: skip
    version = deadlines.get_current(rules.ANNOUNCE)
    row = DebateRequest(
        consultation_id=one.id,
        organisation_id=organisation.id,
        version_id=version.id,
        **{**defaults, **values},
    )
    return save(row)


def make_debate(one: Consultation | None = None, state: str = "announced", **values: Any) -> Debate:
    """A debate `announced` for ten days from now, `going` on since an hour, or `held` yesterday."""
    now = clock.now()
    starts: dict[str, datetime] = {
        "announced": now + timedelta(days=10),
        "going": now - timedelta(hours=1),
        "held": now - timedelta(days=1),
    }
    starts_at = starts[state]
    defaults: dict[str, Any] = {
        "starts_at": starts_at, "place": "Sala de consiliu", "minutes_each": 5,
        "sign_up_until": starts_at - timedelta(hours=2), "announced_at": starts_at - timedelta(days=20),
    }  # fmt: skip
    if state == "held":
        version = deadlines.get_current(rules.MINUTES)
        defaults |= {
            "ended_at": starts_at + timedelta(hours=2), "attendance": 12,
            "minutes_due_at": starts_at + timedelta(days=10), "minutes_version_id": version.id,
        }  # fmt: skip
    consultation = one or make_consultation("open", now)
    return save(Debate(consultation_id=consultation.id, **{**defaults, **values}))


def make_speaker(
    debate: Debate, position: int = 1, account: Account | None = None, **values: Any
) -> DebateSpeaker:
    """Somebody on the list of speakers."""
    by = {"account_id": account.id} if account else {"entered_by_id": make_account("staff").id}
    defaults = {"name": f"Vorbitor {position}", "signed_up_at": clock.now() - timedelta(days=1)}
    return save(DebateSpeaker(debate_id=debate.id, position=position, **{**defaults, **by, **values}))

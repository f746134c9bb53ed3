"""Telling people that a phase has begun or is about to end: in batches, each person once, resumable."""

import hashlib
import logging
from collections.abc import Sequence
from datetime import datetime

from flask_babel import force_locale
from sqlalchemy import Row

from civic import outbox
from civic.extensions import db
from civic.notifications import compose
from civic.rounds import notices, queries, rules
from civic.rounds.facts import PersonFacts, PlanFacts
from civic.rounds.models import Phase, PhaseNotice, Round
from civic.rounds.notices import Occasion
from civic.unit_of_work import unit_of_work

logger = logging.getLogger(__name__)

#: People told in one transaction; memory holds no more.
BATCH = 200


def round_notices(now: datetime) -> int:
    """Tell everything that is due; returns how many people were passed. Safe to run twice or be killed."""
    passed = 0
    occasions = [
        occasion
        for round_ in queries.list_running_rounds(now)
        for occasion in notices.due_occasions(round_, now)
    ]
    db.session.rollback()
    for occasion in occasions:
        try:
            passed += _tell_everyone(occasion, now)
        except Exception:
            db.session.rollback()
            logger.exception(
                "round %d: %s of %s not told", occasion.round_id, occasion.occasion, occasion.phase_kind
            )
    return passed


def _tell_everyone(occasion: Occasion, now: datetime) -> int:
    passed = 0
    while True:
        with unit_of_work():
            notice = queries.lock_phase_notice(occasion.round_id, occasion.phase_kind, occasion.occasion)
            if notice is None or notice.finished_at is not None:
                return passed
            count = _tell_batch(notice, now)
        db.session.expunge_all()
        passed += count
        if count < BATCH:
            return passed


def _tell_batch(notice: PhaseNotice, now: datetime) -> int:
    """Queue the messages of the next people and move the cursor: both are committed together."""
    round_ = queries.get_any_round(notice.round_id)
    phase = next((one for one in round_.phases if one.kind == notice.phase_kind), None)
    everyone = notice.phase_kind in notices.FOR_EVERYONE
    people = queries.list_people_to_tell(round_.id, everyone, notice.after_account_id, BATCH) if phase else []
    if phase is not None and people:
        plan = queries.plan_facts(round_)
        messages = _messages(notice, round_, phase, [one for one in people if _concerns(one, plan, everyone)])
        outbox.post_many(messages, now)
        notice.after_account_id = people[-1].id
        notice.told += len(messages)
    if len(people) < BATCH:
        notice.finished_at = now
    db.session.flush()
    return len(people)


def _concerns(person: Row, plan: PlanFacts, everyone: bool) -> bool:
    """Whether the phase is for this person: a follower always, a resident when the rules let them take part."""
    if not everyone or person.follows:
        return True
    facts = PersonFacts(person.birth_date, person.area_basis, person.neighbourhood_id)
    return rules.may_vote(facts, plan) is None


def _messages(notice: PhaseNotice, round_: Round, phase: Phase, people: Sequence[Row]) -> list[outbox.Letter]:
    languages = {person.locale for person in people}
    texts = {}
    for language in languages:
        with force_locale(language):
            texts[language] = (
                notices.subject_line(round_, phase, notice.occasion),
                notices.body(round_, phase, notice.occasion),
            )
    link = compose.address_of("rounds.show", slug=round_.slug)
    messages = []
    for person in people:
        subject, text = texts[person.locale]
        stop = compose.address_of(
            "notifications.unsubscribe", token=compose.unsubscribe_token(person.id, "round", round_.id)
        )
        with force_locale(person.locale):
            letter = compose.follower_letter(person.display_name, text, link, stop)
        messages.append(outbox.Letter(person.email, subject, letter, _key(notice, person.id), stop))
    return messages


def _key(notice: PhaseNotice, account_id: int) -> str:
    name = f"{notice.round_id}|{notice.phase_kind}|{notice.occasion}"
    return f"round:{hashlib.sha256(name.encode()).hexdigest()[:24]}:{account_id}"

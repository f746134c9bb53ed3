"""Deciding several cases at one stroke, each on its own: one that is refused leaves the others done."""

import secrets
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime

from flask_babel import gettext as _

from civic.actor import Actor
from civic.errors import DomainError
from civic.extensions import db
from civic.moderation import queries, rules, service
from civic.moderation.models import ModerationCase
from civic.moderation.rules import Decision
from civic.moderation.subjects import load_all


@dataclass
class Stroke:
    """What was done at one stroke: its mark, how many cases, and why the others were not, by title."""

    batch: str
    done: int = 0
    refused: list[tuple[str, str]] = field(default_factory=list)


def publish_many(actor: Actor, case_ids: Iterable[int], now: datetime) -> Stroke:
    """Publish (or keep published) several cases."""
    return _each(actor, case_ids, now, None, "", "")


def hide_many(actor: Actor, case_ids: Iterable[int], reason_code: str, text: str, now: datetime) -> Stroke:
    """Hide several cases for one reason, as in a wave of spam."""
    return _each(actor, case_ids, now, Decision.HIDE, reason_code, text)


def _each(
    actor: Actor,
    case_ids: Iterable[int],
    now: datetime,
    decision: Decision | None,
    reason_code: str,
    text: str,
) -> Stroke:
    stroke = Stroke(secrets.token_hex(8))
    for case_id in sorted(set(case_ids)):
        title = "–"
        try:
            with db.session.begin_nested():
                case = queries.get_case(case_id)
                title = _title(case)
                chosen = decision or rules.decisions_for(case.why, frozenset())[0]
                service.decide(
                    actor, case_id, chosen, now, reason_code=reason_code, text=text, batch=stroke.batch
                )
            stroke.done += 1
        except DomainError as error:
            stroke.refused.append((title, str(error.message) or _("There is no such case.")))
    return stroke


def _title(case: ModerationCase) -> str:
    key = (case.subject_kind, case.subject_id)
    subject = load_all([key]).get(key)
    return subject.title if subject else "–"

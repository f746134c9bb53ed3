"""Commands on yearly reports: saving what is typed, publishing, publishing again with a reason. They never commit."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from flask_babel import gettext as _
from sqlalchemy.dialects.postgresql import insert

from civic import audit
from civic.actor import Actor
from civic.errors import Conflict, Invalid
from civic.extensions import db
from civic.policy import enforce
from civic.text import clean_text
from consultations.yearly import policy, queries, rules
from consultations.yearly.models import YearlyReport

KIND = "yearly_report"


class Incomplete(Invalid):
    """The report cannot be published: by key, what is wrong with what was typed."""

    def __init__(self, sentences: Mapping[str, str]) -> None:
        super().__init__(_("The report cannot be published yet: something is missing or does not add up."))
        self.sentences = dict(sentences)


def _open(actor: Actor, year: int, version: int, now: datetime) -> YearlyReport:
    """The report's row, locked, in the version its form was made of; made when there is none yet."""
    enforce(policy.can_write(actor))
    if year not in queries.list_years(now):
        raise Invalid(_("There is nothing to report about this year."))
    db.session.execute(
        insert(YearlyReport)
        .values(year=year, typed={}, published={}, correction="", changed_at=now, version=0)
        .on_conflict_do_nothing()
    )
    report = queries.find_report(year, lock=True)
    assert report is not None
    if report.version != version:
        raise Conflict(_("Somebody else saved it meanwhile. Copy what you wrote, then open the page again."))
    return report


def save(actor: Actor, year: int, typed: Mapping[str, Any], version: int, now: datetime) -> YearlyReport:
    """Keep what was typed so far; what everyone reads stays as it is. Flushes."""
    report = _open(actor, year, version, now)
    kept: dict[str, Any] = {}
    for item in rules.TYPED:
        value = typed.get(item.key)
        if value is not None:
            if not 0 <= value <= rules.MOST_NUMBER:
                raise Invalid(_("Write a whole number from 0 on."))
            kept[item.key] = int(value)
    for item in rules.WORDS:
        words = clean_text(typed.get(item.key) or "")
        if len(words) > rules.MAX_WORDS:
            raise Invalid(_("Write at most %(max)s characters.", max=rules.MAX_WORDS))
        if words:
            kept[item.key] = words
    report.typed, report.changed_at, report.account_id = kept, now, actor.id
    report.version += 1
    db.session.flush()
    audit.record(actor, "yearly_report.saved", KIND, year, now, {})
    return report


def publish(
    actor: Actor, year: int, typed: Mapping[str, Any], correction: str, version: int, now: datetime
) -> YearlyReport:
    """Save, count what is computed, and let everyone read both. A second time it needs a reason, which is public.

    Raises Incomplete with a sentence for each item that is missing or too large.
    """
    report = save(actor, year, typed, version, now)
    enforce(policy.can_publish(actor, year, now))
    sentences = {
        **{key: _("Write it, even if it is 0.") for key in rules.missing(report.typed) if rules.BY_KEY[key].source == "typed"},
        **{key: _("Write it: everyone reads it.") for key in rules.missing(report.typed) if rules.BY_KEY[key].source == "words"},
        **{key: _("It is larger than what it is a part of.") for key in rules.too_large(report.typed)},
    }  # fmt: skip
    if "court.sued" in sentences and report.typed.get("court.sued") is not None:
        sentences["court.sued"] = _("Fewer than the cases decided and not decided together.")
    words = clean_text(correction)
    if report.first_published_at is not None and not words:
        sentences["correction"] = _("Say what is corrected: everyone reads it.")
    if sentences:
        raise Incomplete(sentences)
    again = report.first_published_at is not None
    report.published = {**report.typed, **queries.computed(year)}
    report.published_at = now
    report.first_published_at = report.first_published_at or now
    report.correction = words if again else ""
    db.session.flush()
    audit.record(
        actor, "yearly_report.corrected" if again else "yearly_report.published", KIND, year, now, {}
    )
    return report

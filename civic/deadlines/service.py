"""Commands about deadlines. They flush, never commit."""

from dataclasses import dataclass
from datetime import date, datetime

from flask_babel import gettext as _
from sqlalchemy.exc import IntegrityError

from civic import audit
from civic.actor import Actor
from civic.clock import city_date
from civic.deadlines import known_deadlines, policy, queries, rules
from civic.deadlines.clocks import ends_at
from civic.deadlines.models import DeadlineVersion
from civic.errors import Conflict, Invalid, NotFound
from civic.extensions import db
from civic.policy import enforce
from civic.text import clean_line, clean_text


@dataclass(frozen=True)
class Given:
    """What a case stores when it begins: when it is due, and the version that says so."""

    due_at: datetime
    version: DeadlineVersion


@dataclass(frozen=True)
class Terms:
    """A deadline as its form holds it."""

    days: int
    unit: str
    basis: str
    source_ro: str
    source_en: str


def give(key: str, now: datetime) -> Given:
    """The deadline of a case that begins now."""
    version = queries.get_current(key)
    off = queries.bridge_days() if version.unit == rules.Unit.WORKING else ()
    return Given(ends_at(version.days, version.unit, known_deadlines()[key].hour, now, off), version)


def _known(key: str) -> None:
    if key not in known_deadlines():
        raise NotFound


def change(actor: Actor, key: str, seen: int, terms: Terms, reason: str, now: datetime) -> DeadlineVersion:
    """A new version of a deadline, for cases that begin from now on. It carries no jurist's mark yet.

    `seen` is the version its editor was looking at: Conflict when it is no longer in force. Raises Invalid
    when nothing changes or no reason is given.
    """
    _known(key)
    enforce(policy.can_change(actor))
    old = queries.get_current(key, lock=True)
    if old.number != seen:
        raise Conflict(_("Somebody else has changed this deadline meanwhile. Reload the page."))
    if not 1 <= terms.days <= rules.MOST_DAYS:
        raise Invalid(_("A deadline has between 1 and %(most)s days.", most=rules.MOST_DAYS))
    new = DeadlineVersion(
        key=key,
        number=old.number + 1,
        days=terms.days,
        unit=rules.Unit(terms.unit),
        basis=rules.Basis(terms.basis),
        source_ro=clean_line(terms.source_ro),
        source_en=clean_line(terms.source_en),
        since=now,
        reason=clean_text(reason),
        account_id=actor.id,
    )
    if not new.source_ro or not new.source_en:
        raise Invalid(_("Say where the deadline comes from, in both languages."))
    if not new.reason:
        raise Invalid(_("Write why it changes: it stays in the history."))
    if rules.same_terms(old, new):
        raise Invalid(_("Nothing is different from the deadline in force."))
    try:
        with db.session.begin_nested():
            db.session.add(new)
    except IntegrityError as error:
        raise Conflict(_("Somebody else has changed this deadline meanwhile. Reload the page.")) from error
    audit.record(
        actor, "deadline.changed", "deadline", new.id, now,
        {"key": key, "number": new.number, "days": new.days, "unit": str(new.unit), "basis": str(new.basis)},
    )  # fmt: skip
    return new


def mark_verified(actor: Actor, key: str, seen: int, jurist: str, on: date, now: datetime) -> DeadlineVersion:
    """Note that a jurist checked the version in force, who and on which day."""
    _known(key)
    enforce(policy.can_change(actor))
    version = queries.get_current(key, lock=True)
    if version.number != seen:
        raise Conflict(_("Somebody else has changed this deadline meanwhile. Reload the page."))
    if version.verified_on is not None:
        raise Conflict(_("This version already carries a jurist's mark."))
    if not clean_line(jurist):
        raise Invalid(_("Write the jurist's name."))
    if on > city_date(now):
        raise Invalid(_("The check cannot lie in the future."))
    version.verified_by, version.verified_on = clean_line(jurist), on
    version.verified_account_id = actor.id
    db.session.flush()
    audit.record(
        actor, "deadline.verified", "deadline", version.id, now, {"key": key, "number": version.number}
    )
    return version

"""Commands that lead a citizens' draft from its writing to the collection of signatures. They flush, never commit."""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy.exc import IntegrityError

from civic import audit, timeline
from civic.actor import Actor
from civic.clock import city_date
from civic.deadlines import queries as deadlines
from civic.deadlines.clocks import ends_at
from civic.deadlines.service import give
from civic.errors import Conflict, Invalid
from civic.extensions import db
from civic.format import deadline as write_deadline
from civic.moderation import queries as moderation_queries
from civic.moderation import service as moderation
from civic.moderation.gate import service as gate
from civic.notifications.service import add_follower
from civic.organisations import acting
from civic.places import queries as places
from civic.policy import enforce
from civic.text import clean_line, clean_text
from consultations.initiatives import likeness, policy, queries, rules, telling
from consultations.initiatives.models import ElectorCount, Initiative, SignatureShare

KIND = "initiative"
#: What the gate calls the place.
SPACE = "initiatives"


@dataclass(frozen=True)
class Words:
    """What the initiators write."""

    title: str
    text: str = ""
    reasons: str = ""
    initiators: str = ""
    neighbourhood_id: int | None = None
    organisation_id: int | None = None
    own_line: str = ""


def _write(actor: Actor, one: Initiative, words: Words) -> None:
    title = clean_line(words.title)
    if not title:
        raise Invalid(_("Write a title."))
    area = words.neighbourhood_id
    if area is not None and places.find_neighbourhood(area) is None:
        raise Invalid(_("Choose one of the options."))
    if words.organisation_id is not None and words.organisation_id != one.organisation_id:
        enforce(acting.can_act_as(actor, words.organisation_id))
    one.title = title[: rules.MAX_TITLE]
    one.text = clean_text(words.text)[: rules.MAX_TEXT]
    one.reasons = clean_text(words.reasons)[: rules.MAX_REASONS]
    one.initiators = clean_text(words.initiators)[: rules.MAX_INITIATORS]
    one.own_line = clean_line(words.own_line)
    if one.own_line and one.own_line not in likeness.lines_of(one.initiators):
        raise Invalid(_("Write your name as it stands among the names of those who put it forward."))
    one.neighbourhood_id, one.organisation_id = area, words.organisation_id


def changed(one: Initiative, now: datetime) -> None:
    """Note a change, so that a form of what stood before is refused."""
    one.changed_at = now
    one.version += 1
    db.session.flush()


def create(actor: Actor, words: Words, now: datetime) -> Initiative:
    """Begin a draft. Only its author sees it."""
    person = queries.find_person(actor.person_id)
    enforce(policy.can_start(actor, person, queries.count_unpublished(actor.id or 0), now))
    one = Initiative(author_id=actor.id, created_at=now, changed_at=now)
    _write(actor, one, words)
    db.session.add(one)
    db.session.flush()
    audit.record(actor, "initiative.created", KIND, one.id, now)
    return one


def edit(actor: Actor, initiative_id: int, seen: int, words: Words, now: datetime) -> Initiative:
    """Change a draft, or one that was returned. `seen` is the version its author was looking at."""
    one = queries.lock_initiative(initiative_id)
    enforce(policy.can_write(actor, one, now))
    if one.version != seen:
        raise Conflict(_("It was changed meanwhile in another window. Reload the page."))
    _write(actor, one, words)
    changed(one, now)
    audit.record(actor, "initiative.edited", KIND, one.id, now, {"version": one.version})
    return one


def discard(actor: Actor, initiative_id: int, now: datetime) -> None:
    """Throw away what was never published."""
    one = queries.lock_initiative(initiative_id)
    enforce(policy.can_write(actor, one, now))
    audit.record(actor, "initiative.discarded", KIND, one.id, now)
    db.session.delete(one)
    db.session.flush()


def own_name(one: Initiative, name: str) -> str:
    """The author's line among the names, known by the name of their account; empty when it cannot be told."""
    lines = likeness.lines_of(one.initiators)
    at = likeness.own_line(lines, name)
    return "" if at is None else lines[at]


def missing(one: Initiative, name: str) -> list[str]:
    """What a draft of somebody with this name still lacks before it can be sent, as sentences."""
    lacks = []
    if not one.text:
        lacks.append(_("Write the text of the draft decision."))
    if not one.reasons:
        lacks.append(_("Write why the decision is needed."))
    if not one.initiators:
        lacks.append(_("Write the names of those who put it forward."))
    elif not (one.own_line or own_name(one, name)):
        lacks.append(_("Write which of the names is yours: none of them is as in your account."))
    return lacks


def submit(actor: Actor, initiative_id: int, now: datetime) -> Initiative:
    """Send the draft to the secretary general, who checks its form; the clock of the check begins.

    Everything that is sent is received. What the gate keeps a moderator reads first, while the clock runs.
    """
    one = queries.lock_initiative(initiative_id)
    enforce(policy.can_write(actor, one, now))
    enforce(policy.is_elector(actor, queries.find_person(actor.person_id), now))
    lacks = missing(one, actor.display_name)
    if lacks:
        raise Invalid(" ".join(lacks))
    # Kept, so that a name changed later in the account does not hide which line is theirs.
    one.own_line = one.own_line or own_name(one, actor.display_name)
    ruling = gate.admit(
        actor, gate.Piece(SPACE, one.text, (one.title, one.reasons, one.initiators), one.id), now
    )
    given = give(rules.FORM, now)
    one.submitted_at, one.form_due_at = now, given.due_at
    one.returned_at, one.returned_reason = None, ""
    changed(one, now)
    timeline.add(KIND, one.id, "initiative.submitted", now)
    audit.record(actor, "initiative.submitted", KIND, one.id, now, {"deadline": given.version.id})
    gate.keep(actor, ruling, one.id, now)
    return one


def _check(actor: Actor, initiative_id: int, now: datetime) -> Initiative:
    one = queries.lock_initiative(initiative_id)
    enforce(policy.can_manage(actor))
    decision = policy.can_check(actor, one, now)
    if not decision:
        raise Conflict(decision.reason)
    return one


def send_back(actor: Actor, initiative_id: int, reason: str, now: datetime) -> Initiative:
    """Return a draft with what its form lacks; its author mends it and sends it again."""
    one, words = _check(actor, initiative_id, now), clean_text(reason)[: rules.MAX_WHY]
    if not words:
        raise Invalid(_("Write what has to be mended: the author reads it."))
    moderation.close_withdrawn(KIND, one.id, now)
    give_back(actor, one, words, now)
    return one


def give_back(actor: Actor, one: Initiative, words: str, now: datetime) -> None:
    """Give a locked draft back to its author with what has to be mended, by whoever may, as the caller has checked."""
    one.submitted_at, one.form_due_at = None, None
    one.returned_at, one.returned_reason = now, words
    changed(one, now)
    timeline.add(KIND, one.id, "initiative.returned", now, role=timeline.role_of(actor), reason=words)
    audit.record(actor, "initiative.returned", KIND, one.id, now)
    telling.tell_author(
        one, _l("Your draft decision was returned: %(title)s", title=one.title),
        lambda: _("Mend it and send it again. What it lacks: %(reason)s", reason=words), now,
        f"returned-{one.version}",
    )  # fmt: skip


def publish(actor: Actor, initiative_id: int, now: datetime) -> Initiative:
    """Accept the form, publish the draft and begin the collection of signatures.

    The number of electors, the share and the deadlines in force are taken for good. Raises Invalid when nobody has
    entered the number of electors of its area yet.
    """
    one = _check(actor, initiative_id, now)
    decision = policy.can_publish(actor, one, moderation_queries.find_open_case(KIND, one.id), now)
    if not decision:
        raise Conflict(decision.reason)
    electors = queries.current_electors().get(one.neighbourhood_id)
    if electors is None:
        raise Invalid(_("First enter the number of electors of its area, with its source."))
    share, off = queries.current_share(), deadlines.bridge_days()
    collect, deposit = deadlines.get_current(rules.COLLECT), deadlines.get_current(rules.DEPOSIT)
    one.published_at = now
    one.closes_at = ends_at(collect.days, collect.unit, 24, now, off)
    one.deposit_until = ends_at(deposit.days, deposit.unit, 24, one.closes_at, off)
    one.collect_version_id, one.electors_id, one.share_id = collect.id, electors.id, share.id
    one.required = rules.required(electors.electors, share.percent)
    changed(one, now)
    add_follower(one.author_id, KIND, one.id, now)
    data = {"until": timeline.until(one.closes_at)}
    timeline.add(KIND, one.id, "initiative.published", now, role=timeline.role_of(actor), data=data)
    details = {"electors": electors.id, "share": share.id, "required": one.required}
    audit.record(actor, "initiative.published", KIND, one.id, now, details)
    until = one.closes_at
    telling.tell_author(
        one, _l("Your draft decision is published: %(title)s", title=one.title),
        lambda: _("It can be signed until %(until)s.", until=write_deadline(until)), now, "published",
    )  # fmt: skip
    return one


def withdraw(actor: Actor, initiative_id: int, reason: str, now: datetime) -> Initiative:
    """Withdraw an initiative, with the reason everyone reads, before its lists are deposited."""
    one, words = queries.lock_initiative(initiative_id), clean_text(reason)[: rules.MAX_WHY]
    enforce(policy.can_withdraw(actor, one, now))
    if not words:
        raise Invalid(_("Write why: everyone reads it."))
    one.withdrawn_at, one.withdrawn_reason = now, words
    changed(one, now)
    moderation.close_withdrawn(KIND, one.id, now)
    timeline.add(KIND, one.id, "initiative.withdrawn", now, reason=words)
    audit.record(actor, "initiative.withdrawn", KIND, one.id, now)
    telling.tell_followers(
        one, _l("Withdrawn: %(title)s", title=one.title),
        lambda: _("Those who put it forward withdrew it. The reason: %(reason)s", reason=words), now,
    )  # fmt: skip
    return one


# --- electors and share ----------------------------------------------------------------------------------


def enter_electors(
    actor: Actor, neighbourhood_id: int | None, electors: int | None, source: str, as_of: date, now: datetime
) -> ElectorCount:
    """Enter how many electors an area has. Initiatives already published keep the number they were given."""
    enforce(policy.can_manage(actor))
    if electors is None or not 1 <= electors <= rules.MOST_ELECTORS:
        raise Invalid(_("Write how many electors there are."))
    if neighbourhood_id is not None and places.find_neighbourhood(neighbourhood_id) is None:
        raise Invalid(_("Choose one of the options."))
    words = clean_line(source)
    if not words:
        raise Invalid(_("Write where the number comes from: everyone reads it."))
    if as_of > city_date(now):
        raise Invalid(_("The day lies in the future. Enter the day of the count."))
    row = ElectorCount(
        neighbourhood_id=neighbourhood_id, electors=electors, source=words, as_of=as_of, entered_at=now,
        account_id=actor.id,
    )  # fmt: skip
    db.session.add(row)
    db.session.flush()
    details = {"electors": electors, "neighbourhood": neighbourhood_id}
    audit.record(actor, "initiative.electors_entered", "initiative_electors", row.id, now, details)
    return row


@dataclass(frozen=True)
class ShareTerms:
    """The share as its form holds it."""

    percent: Decimal
    source_ro: str
    source_en: str
    reason: str
    verified_by: str = ""
    verified_on: date | None = None


def change_share(actor: Actor, seen: int, terms: ShareTerms, now: datetime) -> SignatureShare:
    """A new version of the share, for initiatives published from now on. `seen` is the version in the editor's form."""
    enforce(policy.can_manage(actor))
    old = queries.current_share()
    changed = Conflict(_("Somebody else has changed this meanwhile. Reload the page."))
    if old.number != seen:
        raise changed
    if not 0 < terms.percent <= 100:
        raise Invalid(_("Write a share between 0 and 100 percent."))
    sources = clean_line(terms.source_ro), clean_line(terms.source_en)
    if not all(sources):
        raise Invalid(_("Say where the share comes from, in both languages."))
    jurist = clean_line(terms.verified_by)
    if bool(jurist) != (terms.verified_on is not None):
        raise Invalid(_("Write both the jurist's name and the day of the check, or neither."))
    reason = clean_text(terms.reason)[: rules.MAX_WHY]
    if not reason:
        raise Invalid(_("Write why it changes: it stays in the history."))
    row = SignatureShare(
        number=old.number + 1, percent=terms.percent, source_ro=sources[0], source_en=sources[1], since=now,
        reason=reason, account_id=actor.id, verified_by=jurist, verified_on=terms.verified_on,
    )  # fmt: skip
    try:
        with db.session.begin_nested():
            db.session.add(row)
    except IntegrityError as error:
        raise changed from error
    details = {"number": row.number, "percent": str(row.percent)}
    audit.record(actor, "initiative.share_changed", "initiative_share", row.id, now, details)
    return row

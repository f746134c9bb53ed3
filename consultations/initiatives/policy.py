"""Who may put a draft forward, sign it, check it; the view, the service and the template ask the same functions."""

from datetime import datetime

from flask_babel import lazy_gettext as _l

from civic.accounts.models import Person
from civic.actor import Actor
from civic.clock import city_date
from civic.format import count, deadline, moment
from civic.moderation.models import ModerationCase
from civic.policy import ALLOWED, Action, Decision, may, refused
from consultations.initiatives import rules
from consultations.initiatives.models import Initiative, Signature
from consultations.initiatives.rules import State, state_of


def can_manage(actor: Actor) -> Decision:
    """Whether the actor checks forms, enters lists and verifies signatures at all."""
    if may(actor, Action.MANAGE_CONSULTATIONS):
        return ALLOWED
    return refused(_l("Only the secretary general's office does this."))


def is_elector(actor: Actor, person: Person | None, now: datetime) -> Decision:
    """Whether the actor is known to have the right to vote and their domicile in the city."""
    if not actor.is_authenticated:
        return refused(_l("Sign in first."))
    if person is None or person.identity_hash is None:
        return refused(
            _l(
                "The city hall has to verify who you are and where you live first: the law lets only electors sign."
            )
        )
    if not rules.may_vote(person.birth_date, city_date(now)):
        return refused(_l("Only citizens with the right to vote can do this: from the age of 18."))
    if person.area_basis != "domicile":
        return refused(
            _l(
                "The law lets only those sign who have their domicile here; you were verified as living, working or"
                " studying here. If your domicile is here, tell the desk."
            )
        )
    return ALLOWED


def can_start(actor: Actor, person: Person | None, unpublished: int, now: datetime) -> Decision:
    """Whether the actor may begin another initiative."""
    decision = is_elector(actor, person, now)
    if not decision:
        return decision
    if unpublished >= rules.MOST_OPEN:
        return refused(
            _l(
                "You have %(most)s drafts that are not published yet. Finish or throw away one of them first.",
                most=count(rules.MOST_OPEN),
            )
        )
    return ALLOWED


def is_author(actor: Actor, one: Initiative) -> bool:
    """Whether the actor put it forward."""
    return actor.id is not None and actor.id == one.author_id


def can_read(actor: Actor, one: Initiative) -> Decision:
    """What was published is everyone's; before, its author's and, once it was sent, the city hall's."""
    if one.published_at is not None or is_author(actor, one):
        return ALLOWED
    reads = may(actor, Action.VIEW_CONSULTATIONS) or may(actor, Action.MODERATE)
    if one.submitted_at is not None and reads:
        return ALLOWED
    return refused(_l("This draft has not been published."))


def can_write(actor: Actor, one: Initiative, now: datetime) -> Decision:
    """Whether its words may be changed, and it may be sent or thrown away: by its author, until it is sent."""
    if not is_author(actor, one):
        return refused(_l("Only who put it forward can do this."))
    if state_of(one, now) not in rules.WRITTEN:
        return refused(_l("It has been sent to the secretary general: its words cannot change any more."))
    return ALLOWED


def can_withdraw(actor: Actor, one: Initiative, now: datetime) -> Decision:
    """Whether it may be withdrawn: by its author, from sending it until the lists are deposited."""
    if not is_author(actor, one):
        return refused(_l("Only who put it forward can do this."))
    if state_of(one, now) not in (State.SUBMITTED, State.COLLECTING, State.ENDED):
        return refused(_l("It can be withdrawn from when it is sent until the signatures are deposited."))
    return ALLOWED


def is_collecting(one: Initiative, now: datetime) -> Decision:
    """Whether signatures are received now."""
    state = state_of(one, now)
    if state == State.COLLECTING:
        return ALLOWED
    if one.closes_at is None:
        return refused(_l("It is not signed yet: its form has to be checked first."))
    if state == State.WITHDRAWN:
        return refused(_l("It was withdrawn: it is not signed any more."))
    if one.deposited_at is not None:
        return refused(
            _l("The signatures were deposited on %(moment)s: none is added or taken back.", moment=moment(one.deposited_at))
        )  # fmt: skip
    return refused(_l("Signatures were collected until %(moment)s.", moment=deadline(one.closes_at)))


def can_sign(
    actor: Actor, person: Person | None, one: Initiative, own: Signature | None, now: datetime
) -> Decision:
    """Whether the actor may sign now, with the sentence that says why not."""
    decision = is_collecting(one, now)
    if decision:
        decision = is_elector(actor, person, now)
    if not decision or person is None:
        return decision
    if one.neighbourhood_id is not None and person.neighbourhood_id != one.neighbourhood_id:
        return refused(
            _l(
                "Only those with their domicile in %(area)s sign this one; your verified address is elsewhere.",
                area=one.neighbourhood.name if one.neighbourhood else "",
            )
        )
    if own is not None:
        return refused(_l("You have signed already: each person signs once."))
    return ALLOWED


def can_take_back(one: Initiative, own: Signature | None, now: datetime) -> Decision:
    """Whether somebody may take their signature back: until the lists are deposited."""
    if own is None:
        return refused(_l("You have not signed this one."))
    if state_of(one, now) not in (State.COLLECTING, State.ENDED):
        return refused(_l("A signature can be taken back until the lists are deposited."))
    return ALLOWED


def can_deposit(actor: Actor, one: Initiative, valid: int, now: datetime) -> Decision:
    """Whether the lists can be deposited: by the initiators or the office for them, with enough signatures."""
    if not is_author(actor, one) and not can_manage(actor):
        return refused(_l("Only who put it forward can do this."))
    state = state_of(one, now)
    if state not in (State.COLLECTING, State.ENDED):
        return refused(
            _l("Lists are deposited while signatures are collected, or until the deadline after it.")
        )
    if one.required is None or valid < one.required:
        missing = (one.required or 0) - valid
        return refused(_l("Signatures still missing: %(missing)s.", missing=count(missing)))
    return ALLOWED


def can_check(actor: Actor, one: Initiative, now: datetime) -> Decision:
    """Whether its form can be accepted or returned now."""
    decision = can_manage(actor)
    if decision and state_of(one, now) != State.SUBMITTED:
        return refused(_l("It does not wait for the check of its form."))
    return decision


def can_publish(actor: Actor, one: Initiative, case: ModerationCase | None, now: datetime) -> Decision:
    """Whether its form can be accepted now: not while a moderator has to read its words first."""
    decision = can_check(actor, one, now)
    if decision and case is not None:
        return refused(
            _l(
                "A moderator reads its words first, until %(moment)s. You can publish it after that.",
                moment=moment(case.due_at),
            )
        )
    return decision


def can_enter_sheets(actor: Actor, one: Initiative, now: datetime) -> Decision:
    """Whether paper lists are received now."""
    decision = can_manage(actor)
    if decision and state_of(one, now) not in rules.RECEIVING:
        return refused(_l("Paper lists are received from the publication until the verification ends."))
    return decision


def can_verify(actor: Actor, one: Initiative, now: datetime) -> Decision:
    """Whether the signatures can be verified now: struck, let in again, and the result decided."""
    decision = can_manage(actor)
    if decision and state_of(one, now) != State.DEPOSITED:
        return refused(_l("Signatures are verified after they were deposited, once."))
    return decision

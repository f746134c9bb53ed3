"""Commands: a resident says whether a delivery is done, a moderator's verdict on it, the department's answer."""

from datetime import date, datetime
from typing import Any

from flask_babel import gettext as _
from sqlalchemy.exc import IntegrityError

from civic import audit, clock, timeline
from civic.actor import Actor
from civic.deadlines.service import give
from civic.errors import Conflict, Invalid
from civic.extensions import db
from civic.files import queries as file_queries
from civic.files import service as files
from civic.files.models import StoredFile
from civic.moderation import service as moderation
from civic.moderation import snapshots
from civic.moderation.gate import service as gate
from civic.moderation.rules import Decision
from civic.moderation.subjects import Verdict
from civic.notifications.compose import address_of
from civic.notifications.service import tell_account
from civic.policy import enforce
from civic.text import clean_text
from civic.tracker import queries as tracker
from civic.tracker.checks import policy, queries, rules
from civic.tracker.checks.models import DeliveryCheck, DisputeAnswer
from civic.tracker.models import Delivery
from civic.tracker.service import KIND, change_status, mark_changed, tell

CHECK = "delivery_check"
#: What the gate calls the place, and what the register of deadlines calls the answer.
SPACE = "delivery_checks"
ANSWER = "delivery.dispute_answer"
_CHANGED = ("state", "text")


def say(
    actor: Actor, delivery_id: int, done: bool, text: str, file_id: int | None, now: datetime
) -> DeliveryCheck:
    """A verified resident says that it is done, or that it is not and why; a photo shows it.

    A dispute that is public reaches the department at once, with its deadline. Raises NotAllowed, Invalid (also as
    `gate.TooSoon`), or Conflict when this account spoke at the same moment.
    """
    delivery = tracker.get_delivery(delivery_id, lock=True)
    said = queries.has_said(delivery.id, actor.id, delivery.status_since)
    enforce(policy.can_check(actor, delivery, said))
    text = clean_text(text)
    if not done and not text:
        raise Invalid(
            _("Write what is not done, or not done well: the department answers to what you write.")
        )
    if len(text) > rules.MAX_TEXT:
        raise Invalid(_("This is too long: at most %(max)s characters.", max=rules.MAX_TEXT))
    photo = _own_photo(actor, file_id)
    if photo is not None and not photo.alt:
        raise Invalid(_("Write what the photo shows, for those who cannot see it."))
    words = "\n\n".join(part for part in (text, photo.alt if photo else "") if part)
    ruling = gate.admit(actor, gate.Piece(SPACE, words, (actor.display_name,)), now) if words else None
    held = ruling is not None and ruling.held
    check = DeliveryCheck(
        delivery_id=delivery.id, account_id=actor.id, completed_at=delivery.status_since, done=done, text=text,
        file_id=file_id, state="held" if held else "visible", said_at=now,
    )  # fmt: skip
    try:
        with db.session.begin_nested():
            db.session.add(check)
    except IntegrityError as error:
        raise Conflict(_("You have already said what you saw. Thank you.")) from error
    audit.record(actor, "delivery.checked", CHECK, check.id, now, {"delivery": delivery.id, "done": done})
    if not held:
        _made_public(check, now)
    if ruling is not None:
        gate.keep(actor, ruling, check.id, now)
    return check


def _own_photo(actor: Actor, file_id: int | None) -> StoredFile | None:
    if file_id is None:
        return None
    assert actor.id is not None
    found = file_queries.list_own_files([file_id], actor.id).get(file_id)
    if found is None or not found.is_image:
        raise Invalid(_("Only images that you have just uploaded can be added."))
    return found


def _made_public(check: DeliveryCheck, now: datetime) -> None:
    """What follows when words become public: the photo too, and the clock of a dispute's answer starts once."""
    check.state = "visible"
    if check.file_id is not None:
        files.make_public([check.file_id])
    if not check.done and check.due_at is None:
        given = give(ANSWER, now)
        check.due_at, check.deadline_id = given.due_at, given.version.id
        timeline.add(KIND, check.delivery_id, "delivery.disputed", now)
    db.session.flush()


def answer(
    actor: Actor, delivery_id: int, outcome: str, text: str, new_end: date | None, now: datetime
) -> DisputeAnswer:
    """Answer every dispute of a delivery that waits, in public; followers and those who disputed are told.

    "reopened" puts the work in execution again until a new date. Raises Invalid with a sentence, Conflict when
    nothing waits any more.
    """
    delivery = tracker.get_delivery(delivery_id, lock=True)
    enforce(policy.can_answer(actor, delivery))
    text = clean_text(text)
    if outcome not in rules.OUTCOMES:
        raise Invalid(_("Choose an answer from the list."))
    if not text:
        raise Invalid(_("Write the answer: everybody will read it."))
    problem = rules.new_end_problem(outcome, new_end, clock.city_date(now))
    if problem is not None:
        raise Invalid(
            _("Write until when the work will be done.")
            if problem == "missing"
            else _("The new date must be a day to come.")
        )
    waiting = queries.list_open(delivery.id, lock=True)
    if not waiting:
        raise Conflict(_("Nobody waits for an answer here any more."))
    made = DisputeAnswer(
        delivery_id=delivery.id, outcome=outcome, text=text, new_end=new_end if outcome == "reopened" else None,
        answered_at=now, account_id=actor.id,
    )  # fmt: skip
    db.session.add(made)
    db.session.flush()
    for check in waiting:
        check.answer = made
    role = timeline.role_of(actor)
    timeline.add(KIND, delivery.id, f"delivery.dispute_{outcome}", now, role=role, reason=text)
    details = {"answer": made.id, "outcome": outcome, "disputes": len(waiting)}
    audit.record(actor, "delivery.dispute_answered", KIND, delivery.id, now, details)
    _carry_out_answer(actor, delivery, made, now)
    _tell_those_who_disputed(delivery, made, [check.account_id for check in waiting], now)
    db.session.flush()
    return made


def _carry_out_answer(actor: Actor, delivery: Delivery, made: DisputeAnswer, now: datetime) -> None:
    if made.outcome == "reopened":
        delivery.planned_end = made.new_end
        if rules.can_be_checked(delivery.status):
            change_status(actor, delivery.id, "in_execution", made.text, now)
            return
    mark_changed(delivery, now)
    title, text = delivery.title, made.text
    tell(delivery, lambda: _("The department answered: %(title)s", title=title), text, now)


def _tell_those_who_disputed(
    delivery: Delivery, made: DisputeAnswer, account_ids: list[int | None], now: datetime
) -> None:
    title, text = delivery.title, made.text
    address = address_of("tracker.show", delivery_id=delivery.id)
    for account_id in sorted({one for one in account_ids if one is not None}):
        tell_account(
            account_id,
            lambda: _("Answer to what you said: %(title)s", title=title),
            lambda: "\n\n".join(
                (
                    _("You said that “%(title)s” is not done. The department answers:", title=title),
                    text,
                    address,
                )
            ),
            now,
            f"dispute-answer:{made.id}:{account_id}",
        )


def hold(check_id: int, _now: datetime) -> bool:
    """Take public words back to wait for a moderator; False when they are not public any more."""
    check = queries.get_check(check_id, lock=True)
    if check.state != "visible":
        return False
    _made_private(check, "held")
    return True


def waits(check_id: int) -> bool:
    """Whether it is public only once a moderator has read it."""
    return queries.get_check(check_id).state == "held"


def _made_private(check: DeliveryCheck, state: str) -> None:
    check.state = state
    if check.file_id is not None:
        files.make_private([check.file_id])
    db.session.flush()


def _path(check: DeliveryCheck) -> str:
    return f"/deliveries/{check.delivery_id}"


def carry_out(actor: Actor, check_id: int, verdict: Verdict, now: datetime) -> None:
    """What a moderator's verdict does."""
    check = queries.get_check(check_id, lock=True)
    if verdict.decision in (Decision.PUBLISH, Decision.DISMISS):
        _made_public(check, now)
    elif verdict.decision == Decision.HIDE:
        _made_private(check, "hidden")
        audit.record(actor, "delivery.check_hidden", CHECK, check.id, now, {"reason": verdict.reason_code})
        code = verdict.reason_code
        moderation.tell_about_text(check.account_id, verdict.reason, _path(check), now, reason_code=code)


def snapshot(check_id: int) -> dict[str, Any]:
    """All that a moderator's decision may change, the row locked."""
    return snapshots.read(queries.get_check(check_id, lock=True), _CHANGED)


def put_back(actor: Actor, check_id: int, values: dict[str, Any], reason: str, now: datetime) -> None:
    """Set what a decision changed as it was before."""
    check = queries.get_check(check_id, lock=True)
    snapshots.write(check, values, _CHANGED)
    if check.state == "visible":
        _made_public(check, now)
    else:
        _made_private(check, check.state)
    audit.record(actor, "delivery.check_decision_undone", CHECK, check.id, now, {"to": check.state})


def redact(actor: Actor, check_id: int, texts: dict[str, str], verdict: Verdict, now: datetime) -> None:
    """Replace the text by the one without personal data."""
    check = queries.get_check(check_id, lock=True)
    check.text = texts["text"]
    audit.record(actor, "delivery.check_redacted", CHECK, check.id, now, {})
    moderation.tell_about_redacted(
        check.account_id, verdict.reason, _path(check), now, reason_code=verdict.reason_code
    )
    db.session.flush()

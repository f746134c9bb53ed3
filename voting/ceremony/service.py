"""The word of two people on a stage of the close: begun by one, confirmed by another, withdrawn, tried again.

Nothing here does a step: `work.run_stage` does, after the second word. Commands flush; the caller commits.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from flask import current_app
from flask_babel import gettext as _
from sqlalchemy.exc import IntegrityError

from civic import audit, tasks
from civic.accounts import queries as accounts
from civic.actor import Actor
from civic.errors import Conflict, Invalid, NotFound
from civic.extensions import db
from civic.policy import enforce
from civic.rounds.models import Round
from civic.rounds.queries import get_any_round
from civic.text import clean_text
from voting import closing, round_queries
from voting.ceremony import hooks, policy, queries, rules
from voting.ceremony.models import StageWord
from voting.ceremony.rules import BACKUPS, BY_NAME, Stage, State

#: What the worker is asked to do after the second word.
KIND = "vote.ceremony"

MAX_NOTE = 4_000


@dataclass(frozen=True)
class Brought:
    """What a person brings: the fields and files of the page, and for the backups the note and its day."""

    form: Mapping[str, str] = field(default_factory=dict)
    files: Mapping[str, Any] = field(default_factory=dict)
    note: str = ""
    taken_on: date | None = None
    #: whether every copy of the key that links people to ballots is destroyed, as this person says
    copies_destroyed: bool = False


NOTHING = Brought()


def get_stage(name: str) -> Stage:
    """A stage by its name, or NotFound."""
    if name not in BY_NAME:
        raise NotFound
    return BY_NAME[name]


def attempt_of(word: StageWord | None) -> rules.Attempt | None:
    """The word as the rules see it."""
    if word is None:
        return None
    return rules.Attempt(word.proposed_at, word.confirmed_at is not None, word.stopped_at is not None)


def propose(actor: Actor, round_id: int, stage: Stage, brought: Brought, now: datetime) -> StageWord:
    """Begin a stage: the first of two words. Raises NotAllowed, Invalid, or Conflict when it was begun already."""
    enforce(policy.can_take_part(actor))
    round_ = _locked(round_id, stage, now)
    word = queries.find_word(round_id, stage.name)
    if word is not None and not rules.is_expired(_attempt(word), now):
        raise Conflict(_("Somebody has begun this stage already: look at the page again."))
    if word is not None:
        word.withdrawn_at = word.proposed_at + rules.PROPOSAL_LASTS
        db.session.flush()
    _check_panels(hooks.PROPOSE, actor, round_, stage, brought, now)
    assert actor.id is not None
    made = StageWord(
        round_id=round_id,
        stage=stage.name,
        proposed_by_id=actor.id,
        proposed_at=now,
        given=_note(brought) if stage.name == BACKUPS else {},
        same_screen=False,
        names=[],
        stopped_saying="",
    )
    try:
        with db.session.begin_nested():
            db.session.add(made)
    except IntegrityError as error:
        raise Conflict(_("Somebody has begun this stage already: look at the page again.")) from error
    audit.record(actor, "ceremony.begun", "round", round_id, now, {"stage": stage.name})
    return made


def confirm(
    actor: Actor,
    round_id: int,
    stage: Stage,
    brought: Brought,
    now: datetime,
    *,
    seen: int | None = None,
    same_screen: bool = False,
    enqueue: bool = True,
) -> StageWord:
    """Say the second word. The work is asked of the worker, unless the caller does it at once (`enqueue`).

    `seen` is the word that the person read on a page: nobody confirms another one that was put in its place since. A
    second confirmation of the same person is the same as one. Raises NotAllowed, Invalid with the reason, Conflict.
    """
    enforce(policy.can_take_part(actor))
    queries.lock_words(round_id)
    word = queries.find_word(round_id, stage.name)
    if word is not None and word.confirmed_at is not None and word.confirmed_by_id == actor.id:
        return word
    round_ = _locked(round_id, stage, now)
    if word is None:
        raise Conflict(_("Nobody has begun this stage, or it was withdrawn: begin it again."))
    if word.confirmed_at is not None:
        raise Conflict(_("Two people have already confirmed this stage."))
    if seen is not None and seen != word.id:
        raise Conflict(
            _("This stage was withdrawn and begun anew since you looked: read it again, then confirm.")
        )
    if rules.is_expired(_attempt(word), now):
        raise Conflict(_("More than half an hour has passed since the stage was begun: begin it again."))
    first = accounts.get_account(word.proposed_by_id)
    refusal = rules.pair_refusal(first.as_actor(), actor)
    if refusal is not None:
        raise Invalid(refusal)
    if first.disabled_at is not None or not policy.can_take_part(first.as_actor()):
        raise Invalid(_("Whoever began this stage may not close votes any more: begin it again."))
    _check_panels(hooks.CONFIRM, actor, round_, stage, brought, now)
    second = accounts.get_account(actor.id or 0)
    word.confirmed_by_id, word.confirmed_at, word.same_screen = actor.id, now, same_screen
    word.names = [first.display_name, second.display_name]
    audit.record(
        actor,
        "ceremony.confirmed",
        "round",
        round_id,
        now,
        {"stage": stage.name, "first": first.id, "second": second.id, "same_screen": same_screen},
    )
    if stage.name == BACKUPS:
        people = (word.proposed_by_id, word.confirmed_by_id)
        closing.record_step(db.session, round_id, BACKUPS, word.given, now, people, word.names)
        word.finished_at = now
    elif enqueue:
        tasks.enqueue(actor, KIND, {"word": word.id, "round": round_id}, now)
    db.session.flush()
    return word


def withdraw(actor: Actor, round_id: int, stage: Stage, now: datetime) -> None:
    """Take back what was begun and not confirmed; either of the two may. Raises Conflict when it was confirmed."""
    enforce(policy.can_take_part(actor))
    queries.lock_words(round_id)
    word = queries.find_word(round_id, stage.name)
    if word is None:
        raise Conflict(_("Nobody has begun this stage, or it was withdrawn: begin it again."))
    if word.confirmed_at is not None:
        raise Conflict(_("Two people have already confirmed this stage."))
    word.withdrawn_at, word.withdrawn_by_id = now, actor.id
    audit.record(actor, "ceremony.withdrawn", "round", round_id, now, {"stage": stage.name})
    db.session.flush()


def try_again(actor: Actor, round_id: int, stage: Stage, now: datetime, *, enqueue: bool = True) -> StageWord:
    """After what stopped a stage was mended: let its work begin again with the first step that is not done."""
    enforce(policy.can_take_part(actor))
    queries.lock_words(round_id)
    word = queries.find_word(round_id, stage.name)
    if word is None or word.stopped_at is None:
        raise Conflict(_("This stage is not stopped: look at the page again."))
    audit.record(
        actor, "ceremony.tried_again", "round", round_id, now,
        {"stage": stage.name, "stopped_by": word.stopped_by},
    )  # fmt: skip
    word.stopped_at, word.stopped_by, word.stopped_saying = None, None, ""
    if enqueue:
        tasks.enqueue(actor, KIND, {"word": word.id, "round": round_id}, now)
    db.session.flush()
    return word


def _attempt(word: StageWord) -> rules.Attempt:
    attempt = attempt_of(word)
    assert attempt is not None
    return attempt


def _locked(round_id: int, stage: Stage, now: datetime) -> Round:
    """The round, when its stage may be done now and nobody else changes the words on it. Raises Invalid."""
    queries.lock_words(round_id)
    round_ = get_any_round(round_id)
    recorded = queries.steps_by_name(round_id).keys()
    decision = policy.can_do(round_, round_queries.plan_of(round_), stage, recorded, now)
    if not decision:
        raise Invalid(decision.reason)
    return round_


def _check_panels(
    moment: str, actor: Actor, round_: Round, stage: Stage, brought: Brought, now: datetime
) -> None:
    given = hooks.Given(round_.id, stage.name, moment, actor, now, brought.form, brought.files)
    for panel in hooks.stage_panels(current_app, stage.name):
        panel.check(given)


def _note(brought: Brought) -> dict[str, Any]:
    """What the two write of backups, as it is published. Raises Invalid without words or day, and while a copy of the
    key exists: nothing is opened before."""
    note = clean_text(brought.note)
    if not note:
        raise Invalid(_("Write which backups and archives there are, or that there are none."))
    if len(note) > MAX_NOTE:
        raise Invalid(_("That is too long."))
    if brought.taken_on is None:
        raise Invalid(_("Write the day of the fresh backup."))
    if not brought.copies_destroyed:
        raise Invalid(_("Destroy every copy of the key of this vote first, the one in the safe too."))
    return {"note": note, "taken_on": brought.taken_on.isoformat(), "key_copies_destroyed": True}


def stage_now(round_: Round, now: datetime) -> tuple[Stage, State] | None:
    """The stage whose turn it is, and where it stands; None when all are done."""
    recorded, words = queries.steps_by_name(round_.id).keys(), queries.list_words(round_.id)
    for stage in rules.STAGES:
        state = rules.state_of(stage, recorded, attempt_of(words.get(stage.name)), now)
        if state is not State.DONE:
            return stage, state
    return None

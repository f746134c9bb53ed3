"""Doing the steps of a stage after the second word: in the worker, by the command, and again after a crash."""

import logging
from collections.abc import Callable
from datetime import datetime
from typing import Any

from flask import current_app
from nacl.exceptions import CryptoError
from sqlalchemy import Engine

from civic import clock, database
from civic.accounts import queries as accounts
from civic.config import Settings
from civic.errors import Conflict, DomainError
from civic.extensions import db
from civic.rounds.models import Round
from civic.unit_of_work import unit_of_work
from voting import closing, keys, round_queries
from voting.ceremony import hooks, queries
from voting.ceremony.models import StageWord
from voting.ceremony.rules import BY_NAME, STAGES
from voting.ceremony.service import KIND

__all__ = ["KIND", "close_due", "handle", "resume_due", "run_stage"]

logger = logging.getLogger(__name__)


class Obstructed(closing.Stopped):
    """Something arose between the second word and the first step that a close may not begin with."""

    code = "obstacle"


class Refused(closing.Stopped):
    """A step was refused with a sentence of its own."""

    code = "refused"


class KeyMissing(closing.Stopped):
    """The key file of the round is not where it belongs."""

    code = "keys"


class BoxKeyWrong(closing.Stopped):
    """The secret key of the box does not unwrap."""

    code = "box_key"


def run_stage(
    word_id: int, tick: Callable[[], datetime] = clock.now, engine: Engine | None = None
) -> list[str]:
    """Do the steps of a confirmed stage that are not done, each committed by itself. Returns them.

    What stops for people to look at it is noted, and the steps done stay done. Raises Conflict when another process
    does it, and whatever else went wrong: then the same call goes on.
    """
    word = queries.get_word(word_id)
    if word.confirmed_at is None or word.finished_at is not None or word.stopped_at is not None:
        return []
    settings: Settings = current_app.config["SETTINGS"]
    owner = engine or database.owner_engine(settings)
    prepared = _closing(word, settings, owner, tick())
    steps = BY_NAME[word.stage].steps
    db.session.rollback()
    try:
        _check_obstacles(prepared)
        done = closing.run_steps(prepared, steps, tick)
    except Conflict:
        raise
    except (closing.Stopped, keys.KeysMissing, CryptoError, DomainError) as error:
        db.session.rollback()
        _note_stop(word_id, _as_stopped(error), tick())
        return []
    finally:
        if engine is None:
            owner.dispose()
    with unit_of_work():
        queries.get_word(word_id).finished_at = tick()
    return done


def _closing(word: StageWord, settings: Settings, owner: Engine, now: datetime) -> closing.Closing:
    round_ = db.session.get_one(Round, word.round_id, populate_existing=True)
    plan = round_queries.plan_of(round_)
    assert plan is not None
    assert word.confirmed_by_id is not None
    first, second = (
        accounts.get_account(one).as_actor() for one in (word.proposed_by_id, word.confirmed_by_id)
    )
    return closing.Closing(
        settings, owner, word.round_id, plan, now, first, second, tuple(word.names), twice=True
    )


def _check_obstacles(prepared: closing.Closing) -> None:
    """Ask once more before the first step of all: afterwards nothing can be decided about a person's ballot."""
    if STAGES[0].steps[0] in closing.recorded_steps(prepared.engine, prepared.round_id):
        return
    for reason in hooks.obstacles(current_app, prepared.round_id, prepared.now):
        raise Obstructed(str(reason))


def _as_stopped(error: Exception) -> closing.Stopped:
    if isinstance(error, closing.Stopped):
        return error
    if isinstance(error, keys.KeysMissing):
        return KeyMissing(str(error))
    if isinstance(error, CryptoError):
        return BoxKeyWrong(str(error))
    return Refused(str(error.message if isinstance(error, DomainError) else error))


def _note_stop(word_id: int, stopped: closing.Stopped, now: datetime) -> None:
    logger.error("the close stopped at word %d: %s: %s", word_id, stopped.code, stopped)
    with unit_of_work():
        word = queries.get_word(word_id)
        word.stopped_by, word.stopped_at, word.stopped_saying = stopped.code, now, str(stopped)


def handle(params: dict[str, Any], progress: Callable[[int, int], None]) -> dict[str, Any]:
    """The task: do what two people confirmed. Another process that does it already is no failure."""
    word = queries.get_word(int(params["word"]))
    total = len(BY_NAME[word.stage].steps)
    progress(0, total)
    try:
        run_stage(word.id)
    except Conflict:
        return {"busy": True}
    progress(total, total)
    return {}


def resume_due(now: datetime) -> int:
    """Finish what two people confirmed and a crash interrupted. It begins nothing."""
    resumed = 0
    for word_id in queries.list_unfinished():
        try:
            resumed += bool(run_stage(word_id))
        except Conflict:
            continue
        except Exception:
            db.session.rollback()
            logger.exception("the stage of word %d is interrupted again", word_id)
    return resumed


def close_due(now: datetime) -> int:
    """The job: finish interrupted stages, and sign what an older version closed without a checkpoint."""
    return resume_due(now) + closing.sign_unsigned(now)

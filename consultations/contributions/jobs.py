"""Work by the clock: taking letters from the mailbox, writing to those who were answered, forgetting."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from flask import Flask
from sqlalchemy import delete

from civic import clock, tasks
from civic.extensions import db
from civic.jobs import Job, register_job
from civic.unit_of_work import unit_of_work
from consultations.contributions import answering, letter_queries, queries, rules, telling
from consultations.contributions.models import Attachment, PendingContribution
from consultations.contributions.post import read_mailbox
from consultations.contributions.rules import AnswerState

BATCH = 200


def tell_concerned(params: dict[str, Any], progress: Callable[[int, int], None]) -> dict[str, Any]:
    """Write to everybody whom an answer concerns, or concerned; resumable, each once."""
    told, after = 0, 0
    while True:
        with unit_of_work():
            answer = queries.get_answer(int(params["answer"]))
            if answer.state != params["state"]:
                return {"told": told}  # overtaken: what it became is told by its own task
            write = telling.answered if answer.state == AnswerState.PUBLISHED else telling.withdrawn
            rows, now = queries.list_told(answer, after, BATCH), clock.now()
            for entry in rows:
                told += write(entry, answer, now)
                after = entry.id
        if len(rows) < BATCH:
            break
        progress(told, 0)
    told += answering.tell_others(int(params["answer"]), str(params["state"]), clock.now())
    return {"told": told}


def forget(now: datetime) -> int:
    """Erase contacts nobody needs any more, confirmations never made, and the words of letters set aside."""
    count = 0
    while True:
        with unit_of_work():
            rows = queries.list_forgettable(now - rules.CONTACT_KEPT, BATCH)
            for entry in rows:
                entry.contact = entry.original = None
        count += len(rows)
        if len(rows) < BATCH:
            break
    with unit_of_work():
        left = queries.list_left(BATCH, now)
        for entry in left:
            entry.contact = None
    count += len(left)
    with unit_of_work():
        gone = delete(PendingContribution).where(PendingContribution.sent_at < now - rules.PENDING_KEPT)
        count += len(db.session.scalars(gone.returning(PendingContribution.id)).all())
    with unit_of_work():
        letter_queries.forget_attempts(now - rules.ATTEMPT_KEPT)
        aside = letter_queries.list_forgettable(now - rules.LETTER_KEPT, BATCH)
        for letter in aside:
            letter.sealed = None
        db.session.execute(
            delete(Attachment).where(
                Attachment.letter_id.in_([letter.id for letter in aside]),
                Attachment.contribution_id.is_(None),
            )
        )
    return count + len(aside)


def bind(app: Flask) -> None:
    """Hang the work on the application's clock."""
    register_job(app, Job("contributions.mailbox", read_mailbox, seconds=120))
    register_job(app, Job("contributions.forget", forget, hour=3, minute=55))
    tasks.register_handler(answering.TELL, tell_concerned)

"""Work by the clock: taking letters from the mailbox, writing to those who were answered, forgetting."""

import imaplib
import logging
from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import datetime
from typing import Any

from flask import Flask, current_app
from sqlalchemy import delete

from civic import clock, tasks
from civic.config import Settings
from civic.extensions import db
from civic.jobs import Job, register_job
from civic.unit_of_work import unit_of_work
from consultations.contributions import answering, letter_queries, letters, parsing, queries, rules, telling
from consultations.contributions.mailbox import MOST_BYTES, Mailbox, open_mailbox
from consultations.contributions.models import Attachment, PendingContribution
from consultations.contributions.rules import AnswerState

logger = logging.getLogger(__name__)
BATCH = 200

Opener = Callable[[Settings], AbstractContextManager[Mailbox]]


def read_mailbox(now: datetime) -> int:
    """Take every letter that waits, each in its own transaction; marked as taken only after it is kept.

    Killed in between, a letter is offered again and its Message-ID says that it was taken. Returns how many.
    """
    settings: Settings = current_app.config["SETTINGS"]
    if not settings.mailbox_url:
        return 0
    opener: Opener = current_app.extensions.get("civic_mailbox", open_mailbox)
    own, taken = {settings.mailbox_address, settings.mail_from.rpartition("<")[2].strip("> ")}, 0
    try:
        with opener(settings) as box:
            for envelope in box.waiting():
                raw = box.read(envelope.key, head=envelope.size > MOST_BYTES)
                try:
                    with unit_of_work():
                        letters.take(parsing.read(raw, own), raw, envelope.arrived_at, now)
                except Exception:
                    # Whatever one letter does to this program, the next ones are taken.
                    logger.exception("a letter could not be taken; it waits in the mailbox")
                    continue
                box.done(envelope.key)
                taken += 1
    except (OSError, imaplib.IMAP4.error) as error:
        logger.warning("mailbox not reached: %s", type(error).__name__)
    return taken


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
            return {"told": told}
        progress(told, 0)


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
        gone = delete(PendingContribution).where(PendingContribution.sent_at < now - rules.PENDING_KEPT)
        count += len(db.session.scalars(gone.returning(PendingContribution.id)).all())
    with unit_of_work():
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

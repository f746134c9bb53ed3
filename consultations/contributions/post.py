"""The round of the mailbox: every letter that waits is taken, and one that cannot be is set aside for a person."""

import imaplib
import logging
import traceback
from collections.abc import Callable, Collection
from contextlib import AbstractContextManager
from datetime import datetime

from flask import current_app

from civic.config import Settings
from civic.unit_of_work import unit_of_work
from consultations.contributions import letter_failures, letter_queries, letters, parsing, rules
from consultations.contributions.mailbox import AT_ONCE, MOST_BYTES, Envelope, Mailbox, open_mailbox, why

logger = logging.getLogger(__name__)

Opener = Callable[[Settings], AbstractContextManager[Mailbox]]


def read_mailbox(now: datetime) -> int:
    """Take every letter that waits, each in its own transaction; marked as taken only after it is kept.

    Killed in between, a letter is offered again and its Message-ID says that it was taken. One on which the program
    breaks, or at which it is cut off, rests while those behind it are taken; after some tries it is set aside, for a
    person to see. Returns how many were taken.
    """
    settings: Settings = current_app.config["SETTINGS"]
    if not settings.mailbox_url:
        return 0
    opener: Opener = current_app.extensions.get("civic_mailbox", open_mailbox)
    own, taken = {settings.mailbox_address, settings.mail_from.rpartition("<")[2].strip("> ")}, 0
    with unit_of_work():
        asked = letter_queries.list_to_try_again(AT_ONCE)
        resting = letter_queries.list_resting(now - rules.LETTER_REST)
    try:
        with opener(settings) as box:
            for letter_id in asked:
                taken += _once_more(box, letter_id, own, now)
            for envelope in box.waiting(resting):
                taken += _take(box, envelope, own, now)
    except (OSError, imaplib.IMAP4.error) as error:
        logger.warning("mailbox not read to its end: %s", why(error))
    return taken


def _once_more(box: Mailbox, letter_id: int, own: Collection[str], now: datetime) -> bool:
    """A letter that staff want taken again, if the mailbox still has it."""
    with unit_of_work():
        envelope = box.again(*letter_failures.place_of(letter_id))
    if envelope is not None:
        return _take(box, envelope, own, now, letter_id)
    with unit_of_work():
        letter_failures.lost(letter_id)
    return False


def _take(
    box: Mailbox, envelope: Envelope, own: Collection[str], now: datetime, again: int | None = None
) -> bool:
    """Take one letter; whether it was. `again` is the row of one that was set aside."""
    key = envelope.key
    with unit_of_work():
        tries = letter_queries.begin_attempt(key, now)
    # What was cut off so often may be what cuts it off: only its head is touched.
    whole = tries <= rules.LETTER_TRIES
    raw = box.read(key, head=not whole or envelope.size > MOST_BYTES)
    if not raw:
        with unit_of_work():
            letter_queries.end_attempt(key)
            if again is not None:
                letter_failures.lost(again)
        return False
    reason = letter_failures.INTERRUPTED
    if whole:
        try:
            mail = parsing.read(raw, own)
            with unit_of_work():
                if again is None:
                    letters.take(mail, raw, envelope.arrived_at, now)
                else:
                    letters.take_again(again, mail, raw, now)
                letter_queries.end_attempt(key)
        except Exception as error:
            # Whatever one letter does to this program, the next ones are taken. What the error says may quote it.
            name = type(error).__name__
            logger.error(
                "a letter could not be taken, try %d: %s\n%s", tries, name,
                "".join(traceback.format_tb(error.__traceback__)),
            )  # fmt: skip
            if tries < rules.LETTER_TRIES and again is None:
                return False
            reason = letter_failures.broke_on(name)
        else:
            box.done(key)
            return True
    with unit_of_work():
        letter_failures.set_aside(envelope, raw, own, reason, again, now)
        letter_queries.end_attempt(key)
    box.done(key)
    return False

"""Commands: follow, stop, choose about mail; and the two ways in which features tell people things."""

import hashlib
from datetime import datetime

from flask import current_app
from flask_babel import force_locale
from sqlalchemy import delete
from sqlalchemy.dialects.postgresql import insert

from civic import audit, links, outbox
from civic.actor import Actor
from civic.errors import NotAllowed, NotFound
from civic.extensions import db
from civic.notifications import compose, policy, queries
from civic.notifications.compose import Words
from civic.notifications.models import Follow, MailChoice, Notice

BATCH = 500


def follow(actor: Actor, kind: str, subject_id: int, now: datetime) -> None:
    """Start following a public subject; twice is the same as once.

    Raises NotFound for a subject that is unknown or hidden, NotAllowed with a sentence for the person.
    """
    decision = policy.can_follow(actor)
    if not decision or actor.id is None:
        raise NotAllowed(decision.reason)
    if links.find_link(kind, subject_id) is None:
        raise NotFound
    if add_follower(actor.id, kind, subject_id, now):
        audit.record(actor, "follow.started", kind, subject_id, now)


def add_follower(account_id: int, kind: str, subject_id: int, now: datetime) -> bool:
    """Let an account follow something of its own, as an author follows what they proposed. True when new."""
    # Two quick taps race past any check in Python; the constraint settles it.
    statement = insert(Follow).values(
        account_id=account_id, subject_kind=kind, subject_id=subject_id, since=now
    )
    done = statement.on_conflict_do_nothing(
        constraint="uq_follow_account_id_subject_kind_subject_id"
    ).returning(Follow.id)
    return db.session.scalar(done) is not None


def unfollow(actor: Actor, kind: str, subject_id: int, now: datetime) -> None:
    """Stop following. Possible always, also what has meanwhile been hidden."""
    if actor.id is not None and _remove(actor.id, kind, subject_id):
        audit.record(actor, "follow.stopped", kind, subject_id, now)


def unsubscribe(account_id: int, kind: str, subject_id: int, everything: bool, now: datetime) -> None:
    """What the link in a message does: stop this one, or all mail about what is followed."""
    if everything:
        _choose(account_id, False, now)
    else:
        _remove(account_id, kind, subject_id)


def _remove(account_id: int, kind: str, subject_id: int) -> bool:
    removed = db.session.scalar(
        delete(Follow)
        .where(Follow.account_id == account_id, Follow.subject_kind == kind, Follow.subject_id == subject_id)
        .returning(Follow.id)
    )
    return removed is not None


def forget_followers(kind: str, subject_id: int) -> None:
    """Have nobody follow a subject any more: of what is over, who followed it since when is nobody's business."""
    db.session.execute(delete(Follow).where(Follow.subject_kind == kind, Follow.subject_id == subject_id))


def choose_mail(actor: Actor, wants_mail: bool, now: datetime) -> None:
    """Whether the account wants mail about what it follows."""
    if actor.id is not None:
        _choose(actor.id, wants_mail, now)


def _choose(account_id: int, wants_mail: bool, now: datetime) -> None:
    if queries.find_account(account_id) is None:
        return
    values = {"wants_mail": wants_mail, "changed_at": now}
    statement = insert(MailChoice).values(account_id=account_id, **values)
    db.session.execute(statement.on_conflict_do_update(index_elements=["account_id"], set_=values))
    db.session.expire_all()


def tell_account(
    account_id: int,
    subject: Words,
    body: Words,
    now: datetime,
    dedup_key: str | None = None,
    *,
    by_name: bool = True,
) -> None:
    """Write to one person about something of their own, in their language.

    `subject` and `body` are text, lazy strings, or callables evaluated in the recipient's language. With a
    `dedup_key` the message goes out once, ever. Nothing is sent to a closed account. Not `by_name`: about who somebody
    is, where the name they chose to be shown by is out of place.
    """
    account = queries.find_account(account_id)
    if account is None:
        return
    heading, text = compose.speak(subject, account.locale), compose.speak(body, account.locale)
    with force_locale(account.locale):
        text = compose.letter(account.display_name if by_name else "", text)
    outbox.post(account.email, heading, text, now, dedup_key)


def notify_followers(
    kind: str, subject_id: int, subject: Words, body: Words, now: datetime, dedup_key: str
) -> None:
    """Tell everybody who follows a subject, each in their language, with a link to it and one that stops.

    Only a row is written here, whatever the number of followers; `jobs.fan_out` writes the messages in
    batches. The same `dedup_key` is told once, ever. `subject` and `body` as for `tell_account`.
    """
    with compose.addresses():
        link = links.find_link(kind, subject_id)
    languages = current_app.config["SETTINGS"].city.languages
    texts = {
        language: {
            "subject": compose.speak(subject, language),
            "body": compose.speak(body, language),
        }
        for language in languages
    }
    statement = insert(Notice).values(
        dedup_key=dedup_key,
        subject_kind=kind,
        subject_id=subject_id,
        path=link.url if link else "",
        texts=texts,
        created_at=now,
        cursor=0,
    )
    db.session.execute(statement.on_conflict_do_nothing(constraint="uq_notice_dedup_key"))


def tell_next_batch(notice: Notice, now: datetime) -> int:
    """Queue the messages of the next followers and move the cursor; the caller commits both together.

    Returns how many followers were passed; 0 when the news has reached everyone.
    """
    recipients = queries.list_recipients(notice, BATCH)
    messages = []
    for follow_id, account_id, address, name, language, told in recipients:
        if told:
            messages.append(_write(notice, account_id, address, name, language))
        notice.cursor = follow_id
    outbox.post_many(messages, now)
    if len(recipients) < BATCH:
        notice.finished_at = now
    db.session.flush()
    return len(recipients)


def _write(notice: Notice, account_id: int, address: str, name: str, language: str) -> outbox.Letter:
    texts = notice.texts.get(language) or next(iter(notice.texts.values()))
    token = compose.unsubscribe_token(account_id, notice.subject_kind, notice.subject_id)
    stop = compose.address_of("notifications.unsubscribe", token=token)
    link = compose.full_address(notice.path) if notice.path else ""
    with force_locale(language):
        body = compose.follower_letter(name, texts["body"], link, stop)
    return outbox.Letter(address, texts["subject"], body, _message_key(notice, account_id), stop)


def _message_key(notice: Notice, account_id: int) -> str:
    digest = hashlib.sha256(notice.dedup_key.encode()).hexdigest()[:32]
    return f"notice:{digest}:{account_id}"

"""Contributing: signed in, or with a name and an address confirmed by a link. Commands flush, never commit."""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from flask_babel import gettext as _
from werkzeug.datastructures import FileStorage

from civic import sealing
from civic.accounts.forms import normalise_email
from civic.actor import ANONYMOUS, SYSTEM, Actor
from civic.errors import Conflict, Invalid, NotFound
from civic.extensions import db
from civic.files import service as files
from civic.files.rules import EVERY_IMAGE_EXTENSION, MAX_BYTES, extension_of
from civic.notifications import compose
from civic.organisations import acting
from civic.policy import enforce
from civic.text import clean_line
from consultations.contributions import policy, queries, rules, telling
from consultations.contributions.models import Attachment, Contribution, PendingContribution
from consultations.contributions.service import Author, check_words, register
from consultations.contributions.weighing import register_weighed
from consultations.models import Consultation

SEAL = "contribution to confirm"
#: Under which an address is recognised again.
ADDRESS = "contribution address"
MOST_FILES = 10
#: Confirmations asked of one address in a day.
MOST_A_DAY = 10


@dataclass(frozen=True)
class Message:
    """What somebody wrote in the form."""

    name: str
    body: str
    title: str = ""
    shown_as: str = "full"
    organisation: bool = False
    form_key: str = ""
    #: in whose name a signed-in person speaks
    organisation_id: int | None = None


def send(
    actor: Actor,
    one: Consultation,
    message: Message,
    uploads: Sequence[FileStorage],
    locale: str,
    now: datetime,
) -> Contribution:
    """Register what a signed-in person wrote, with the files that came along."""
    enforce(policy.can_send(one, now))
    author = Author(
        message.name, account_id=actor.id, shown_as=message.shown_as,
        organisation=message.organisation, locale=locale,
    )  # fmt: skip
    if message.organisation_id is not None:
        enforce(acting.can_act_as(actor, message.organisation_id))
        card = acting.cards([message.organisation_id])[message.organisation_id]
        author = replace(author, name=card.name, organisation_id=card.id)
    entry = register_weighed(
        actor,
        one,
        "form",
        message.body,
        author,
        now,
        title=message.title,
        form_key=_own_key(actor, message.form_key),
    )
    if not queries.list_attachments([entry.id]):
        attach(entry, uploads, actor, now)
    return entry


def _own_key(actor: Actor, key: str) -> str:
    return f"{actor.id}:{key}" if key else ""


def attach(
    entry: Contribution, uploads: Sequence[FileStorage], actor: Actor, now: datetime
) -> list[Attachment]:
    """Keep the files of a contribution, private until staff have looked; one that cannot be kept leaves its name."""
    rows = []
    for place, upload in enumerate(one for one in uploads if one and one.filename):
        row = keep_file(upload, actor, now) if place < MOST_FILES else _lost(upload, "too_many")
        row.contribution_id = entry.id
        db.session.add(row)
        rows.append(row)
    db.session.flush()
    return rows


def keep_file(upload: FileStorage, actor: Actor, now: datetime) -> Attachment:
    """A file as it could be kept: stored, or its name and why not."""
    upload.stream.seek(0, 2)
    size = upload.stream.tell()
    upload.stream.seek(0)
    if size > MAX_BYTES:
        return _lost(upload, "too_large")
    kind = "image" if extension_of(upload.filename or "") in EVERY_IMAGE_EXTENSION else "document"
    try:
        with db.session.begin_nested():
            stored = files.store_upload(upload, kind, actor, now)
    except Invalid:
        return _lost(upload, "not_allowed")
    return Attachment(name=stored.name, file_id=stored.id, not_kept="")


def _lost(upload: FileStorage, why: str) -> Attachment:
    return Attachment(name=clean_line(upload.filename or "")[:120] or "-", file_id=None, not_kept=why)


def ask_to_confirm(
    one: Consultation, message: Message, address: str, locale: str, now: datetime
) -> PendingContribution:
    """Keep what somebody without an account wrote, sealed, and send the link that registers it."""
    enforce(policy.can_send(one, now))
    check_words("form", message.body.strip(), message.name.strip())
    mark = sealing.mark(ADDRESS, address)
    if queries.count_pending(mark, now - timedelta(days=1)) >= MOST_A_DAY:
        raise Invalid(
            _("This address has been asked to confirm many contributions today. Try again tomorrow.")
        )
    token = secrets.token_urlsafe(24)
    pending = PendingContribution(
        consultation_id=one.id,
        sealed=sealing.seal(
            SEAL,
            {
                "name": message.name, "address": address, "body": message.body, "title": message.title,
                "shown_as": message.shown_as, "organisation": message.organisation, "locale": locale,
            },
        ),
        token_mark=token_mark(token),
        address_mark=mark,
        sent_at=now,
    )  # fmt: skip
    db.session.add(pending)
    db.session.flush()
    link = compose.address_of("contributions.confirm", token=token)
    key = f"contribution-pending:{pending.id}"
    telling.confirm_address(address, message.name, locale, one.title, link, now, key)
    return pending


def token_mark(token: str) -> bytes:
    """What is stored of a link, so that the database opens none."""
    return sealing.mark("contribution link", token)


def read_pending(token: str) -> PendingContribution:
    """What a link confirms. Raises NotFound when there is no such link or it was forgotten."""
    found = queries.find_pending(token_mark(token))
    if found is None:
        raise NotFound
    return found


def confirm(token: str, now: datetime, actor: Actor = ANONYMOUS) -> Contribution:
    """Register what waits behind a link, as of the moment it was written. Twice is the same as once."""
    pending = queries.find_pending(token_mark(token), lock=True)
    if pending is None:
        raise NotFound
    if pending.contribution_id is not None:
        return queries.get_contribution(pending.contribution_id)
    if pending.sealed is None or now >= pending.sent_at + rules.PENDING_KEPT:
        raise Conflict(_("This link worked for 7 days. Write your contribution again."))
    kept = sealing.unseal(SEAL, pending.sealed)
    author = Author(
        kept["name"], contact=kept["address"], shown_as=kept["shown_as"],
        organisation=kept["organisation"], locale=kept["locale"],
    )  # fmt: skip
    one = queries.get_consultation(pending.consultation_id)
    # Whoever opens the link has shown an address, and no account.
    sender = Actor(id=None, trace=actor.trace)
    entry = register_weighed(
        sender, one, "form", kept["body"], author, now, title=kept["title"], received_at=pending.sent_at
    )
    pending.confirmed_at, pending.contribution_id, pending.sealed = now, entry.id, None
    db.session.flush()
    return entry


def checked_contact(contact: str) -> str:
    """Where the answer goes, as a clerk typed it: one e-mail address, or a postal one. Raises Invalid."""
    line = clean_line(contact)
    if "@" not in line:
        return line
    try:
        return normalise_email(line)
    except ValueError as error:
        raise Invalid(
            _("Write one e-mail address alone, such as name@example.ro, or the postal address.")
        ) from error


def enter(
    actor: Actor,
    one: Consultation,
    channel: str,
    message: Message,
    contact: str,
    received_at: datetime,
    uploads: Sequence[FileStorage],
    now: datetime,
) -> Contribution:
    """What a clerk enters: a letter, a paper handed in, an e-mail to another address, with its day of receipt."""
    enforce(policy.can_enter(actor))
    if channel not in rules.ENTERED:
        raise Invalid(_("Choose one of the options."))
    if received_at > now:
        raise Invalid(_("The day lies in the future. Enter the day on which it arrived."))
    contact = checked_contact(contact)
    author = Author(
        message.name, contact=contact, shown_as=message.shown_as, organisation=message.organisation
    )
    key = _own_key(actor, message.form_key)
    entry = register(
        one, channel, message.body, author, now,
        title=message.title, received_at=received_at, clerk=actor, form_key=key,
    )  # fmt: skip
    if not queries.list_attachments([entry.id]):
        attach(entry, uploads, SYSTEM, now)
    return entry

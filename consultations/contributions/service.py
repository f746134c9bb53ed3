"""Entering contributions into the register. Commands flush, never commit."""

import hashlib
from dataclasses import dataclass
from datetime import datetime

from flask_babel import gettext as _

from civic import audit, sealing
from civic.actor import Actor
from civic.clock import city_date
from civic.errors import Conflict, Invalid
from civic.extensions import db
from civic.format import count, opening
from civic.text import clean_line, clean_text, fold
from consultations import queries as consultations
from consultations.contributions import keeping, queries, rules, telling
from consultations.contributions.models import Contribution
from consultations.models import Consultation

KIND = "contribution"


@dataclass(frozen=True)
class Author:
    """Who contributes. `name` is the full name; `contact` an e-mail or postal address for those without account."""

    name: str
    account_id: int | None = None
    contact: str = ""
    #: "full" or "initials"; an organisation is always shown in full
    shown_as: str = "full"
    organisation: bool = False
    #: the organisation they were shown to speak for, whose name is `name`
    organisation_id: int | None = None
    locale: str = "ro"


def register(
    consultation: Consultation,
    channel: str,
    body: str,
    author: Author,
    now: datetime,
    *,
    title: str = "",
    received_at: datetime | None = None,
    clerk: Actor | None = None,
    form_key: str = "",
    tell: bool = True,
) -> Contribution:
    """Enter a contribution under the next number of its consultation, and tell its author the number.

    A text that seems to hold personal data is not shown before a person has read it. `received_at` is when it arrived, for letters and papers entered later. What arrives after the end is taken,
    marked late, until the report is published. A form sent twice is registered once. Raises Invalid or Conflict
    with a sentence for the person.
    """
    text, heading = clean_text(body), clean_line(title)[: rules.MAX_TITLE]
    name = clean_line(author.name)[: rules.MAX_NAME]
    check_words(channel, text, name)
    # Numbers have no gaps: whoever enters one waits here for the one before, and a rollback gives it back.
    one = consultations.lock_consultation(consultation.id)
    key = clean_line(form_key)[:60] or None
    if key is not None and (sent := queries.find_sent(key)) is not None:
        return sent
    arrived = min(received_at or now, now)
    _check_receiving(one, arrived)
    assert one.closes_at is not None
    number = queries.next_number(one.id)
    folded = folded_sha256(text)
    twin = queries.find_twin(one.id, folded)
    entry = Contribution(
        consultation_id=one.id,
        number=number,
        reference=rules.reference(number, one.id, city_date(one.announced_at or arrived).year),
        channel=channel,
        account_id=author.account_id,
        author_name=_public_name(name, author),
        shown_as="full" if _is_organisation(author) else author.shown_as,
        by_organisation=_is_organisation(author),
        organisation_id=author.organisation_id,
        contact=_sealed_contact(name, author),
        locale=author.locale,
        title=heading,
        body=text,
        body_sha256=hashlib.sha256(text.encode()).digest(),
        folded_sha256=folded,
        received_at=arrived,
        registered_at=now,
        registered_by_id=clerk.id if clerk else None,
        # The city hall chose the debate's day: nobody who spoke there was late.
        late=channel != "debate" and rules.is_late(arrived, one.closes_at),
        theme_id=twin.theme_id if twin else None,
        same_as_id=(twin.same_as_id or twin.id) if twin else None,
        form_key=key,
    )
    if rules.looks_personal(f"{heading}\n{text}"):
        keeping.hold(entry, now)
    keeping.index(entry)
    db.session.add(entry)
    db.session.flush()
    actor = clerk or Actor(id=author.account_id)
    details = {"consultation": one.id, "number": number, "channel": channel, "late": entry.late}
    audit.record(actor, "contribution.registered", KIND, entry.id, now, details)
    if tell and channel in rules.RECEIPTED:
        telling.receipt(entry, one, now)
    return entry


def folded_sha256(body: str) -> bytes:
    """Where identical letters meet: of the text without diacritics, cases and spaces."""
    return hashlib.sha256(fold(clean_text(body)).encode()).digest()


def check_words(channel: str, text: str, name: str) -> None:
    """Raise Invalid when there is no text, too much of it, or nobody who says it."""
    if channel not in rules.CHANNELS:
        raise ValueError(f"unknown channel {channel!r}")
    if not text:
        raise Invalid(_("Write what you propose or ask for."))
    if len(text) > rules.MAX_BODY:
        raise Invalid(
            _(
                "A contribution may have at most %(max)s characters. Attach the rest.",
                max=count(rules.MAX_BODY),
            )
        )
    if not name and channel != "survey":
        raise Invalid(_("Write the name of who sends it: the register keeps it."))


def _check_receiving(one: Consultation, arrived: datetime) -> None:
    """Contributions are received from the opening until the report; later ones change nothing any more."""
    if one.announced_at is None or one.opens_at is None:
        raise Conflict(_("This consultation has not been announced yet."))
    if arrived < one.opens_at:
        raise Invalid(_("Contributions are received from %(moment)s.", moment=opening(one.opens_at)))
    if not _in_time(one, arrived):
        raise Conflict(
            _("This consultation has ended: its answers are published and no contribution is received.")
        )


def _in_time(one: Consultation, arrived: datetime) -> bool:
    """A paper that came before the report is entered even when its clerk finds it after."""
    ends = [end for end in (one.report_published_at, one.outcome_at) if end is not None]
    return arrived < min(ends) if ends else True


def _is_organisation(author: Author) -> bool:
    return author.organisation or author.organisation_id is not None


def _public_name(name: str, author: Author) -> str:
    if author.shown_as == "initials" and not _is_organisation(author):
        return rules.initials(name)
    return name


def _sealed_contact(name: str, author: Author) -> bytes | None:
    contact = clean_line(author.contact)[:500]
    if not contact and (author.shown_as == "full" or not name):
        return None
    return sealing.seal(telling.SEAL, {"name": name, "contact": contact})


def contact_of(entry: Contribution) -> tuple[str, str]:
    """Full name and where the answer goes, for those who answer; empty once forgotten or with the account."""
    if entry.contact is None:
        return (entry.author_name, "")
    kept = sealing.unseal(telling.SEAL, entry.contact)
    return str(kept.get("name", "")), str(kept.get("contact", ""))

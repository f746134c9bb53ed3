"""What an organisation writes about itself: read by the gate before it is public, and what moderators decide of it.

Words that wait stand beside those that are public, so that a page keeps what it said until somebody has read the new.
"""

from datetime import datetime
from typing import Any

from civic import audit
from civic.actor import Actor
from civic.extensions import db
from civic.moderation import queries as moderation_queries
from civic.moderation import service as moderation
from civic.moderation import snapshots
from civic.moderation.gate import service as gate
from civic.moderation.rules import Decision, Why
from civic.moderation.subjects import Verdict
from civic.organisations import queries, telling
from civic.organisations.models import Organisation
from civic.organisations.queries import KIND
from civic.organisations.rules import Values
from civic.text import fold

#: What the gate calls the place.
SPACE = "organisations"
#: The columns of what everybody reads, and of what waits to be read before that.
SHOWN, HELD = ("description", "website"), ("held_description", "held_website")


def search_text(organisation: Organisation) -> str:
    """What an organisation is found by: what is public of it."""
    parts = (
        organisation.name,
        organisation.description,
        organisation.registration_number,
        organisation.tax_code,
    )
    return fold(" ".join(part for part in parts if part))


def is_held(organisation: Organisation) -> bool:
    """Whether words of it wait for a moderator."""
    return organisation.held_description is not None


def written(organisation: Organisation) -> tuple[str, str]:
    """The description and the website as its administrators wrote them last, public or not yet."""
    if organisation.held_description is not None:
        return organisation.held_description, organisation.held_website or ""
    return organisation.description, organisation.website


def _show(organisation: Organisation, words: tuple[str, str]) -> None:
    organisation.description, organisation.website = words
    organisation.held_description = organisation.held_website = None
    organisation.search_text = search_text(organisation)


def _keep_back(organisation: Organisation, words: tuple[str, str]) -> None:
    organisation.held_description, organisation.held_website = words


def _changed(organisation: Organisation, now: datetime) -> None:
    organisation.version += 1
    organisation.changed_at = now
    db.session.flush()


# --- by its administrators ---------------------------------------------------------------------------------


def weigh(
    actor: Actor, organisation: Organisation | None, values: Values, now: datetime
) -> gate.Ruling | None:
    """What becomes of words before they are stored; None where there is nothing new to read.

    Raises `gate.TooSoon` for an account that has to wait before it writes again.
    """
    wanted = (values.description, values.website)
    known = {("", "")}
    if organisation is not None:
        known |= {written(organisation), (organisation.description, organisation.website)}
    if wanted in known:
        return None
    number = organisation.id if organisation is not None else None
    piece = gate.Piece(SPACE, values.description, (values.name, values.website), number)
    return gate.admit(actor, piece, now)


def put(
    actor: Actor, organisation: Organisation, values: Values, ruling: gate.Ruling | None, now: datetime
) -> list[str]:
    """Store words as the gate has ruled; the names of what is different from what was written before."""
    before, wanted = written(organisation), (values.description, values.website)
    if wanted == before and ruling is None:
        return []
    waited = is_held(organisation)
    if ruling is not None and ruling.held:
        _keep_back(organisation, wanted)
    else:
        _show(organisation, wanted)
    db.session.flush()
    if waited and not is_held(organisation):
        case = moderation_queries.find_open_case(KIND, organisation.id)
        if case is not None and case.why == Why.NEW:
            moderation.close_withdrawn(KIND, organisation.id, now)
    if ruling is not None:
        gate.keep(actor, ruling, organisation.id, now)
    return [name for name, old, new in zip(SHOWN, before, wanted, strict=True) if old != new]


# --- by moderators -----------------------------------------------------------------------------------------


def hold(organisation_id: int, now: datetime) -> bool:
    """Take public words back to wait for a moderator; False when there are none, or newer ones wait already."""
    organisation = queries.lock_organisation(organisation_id)
    words = (organisation.description, organisation.website)
    if is_held(organisation) or not any(words):
        return False
    _show(organisation, ("", ""))
    _keep_back(organisation, words)
    _changed(organisation, now)
    return True


def waits(organisation_id: int) -> bool:
    """Whether words of it are public only once a moderator has read them."""
    return is_held(queries.get_organisation(organisation_id))


def carry_out(actor: Actor, organisation_id: int, verdict: Verdict, now: datetime) -> None:
    """What a moderator's verdict does to what an organisation wrote about itself: what waits is public, or goes.

    Its name, form and numbers, which the city hall verifies, stay; suspending it is the city hall's.
    """
    organisation = queries.lock_organisation(organisation_id)
    held = is_held(organisation)
    if verdict.decision in (Decision.PUBLISH, Decision.DISMISS) and held:
        _show(organisation, written(organisation))
        event = "organisation.words_published"
    elif verdict.decision == Decision.HIDE and held:
        organisation.held_description = organisation.held_website = None
        event = "organisation.words_refused"
    elif verdict.decision == Decision.HIDE:
        _show(organisation, ("", ""))
        _changed(organisation, now)
        telling.note(actor, organisation, "organisation.words_removed", verdict.reason, now, {})
        return
    else:
        return
    # Nobody outside has read these words, so its page keeps no record of them.
    _changed(organisation, now)
    audit.record(actor, event, KIND, organisation.id, now, {})
    telling.tell_administrators(organisation, event, verdict.reason, now)


def snapshot(organisation_id: int) -> dict[str, Any]:
    """All that a moderator's decision may change, the organisation locked."""
    return snapshots.read(queries.lock_organisation(organisation_id), (*SHOWN, *HELD))


def put_back(actor: Actor, organisation_id: int, values: dict[str, Any], reason: str, now: datetime) -> None:
    """Set the words a moderator's decision changed as they were."""
    organisation = queries.lock_organisation(organisation_id)
    snapshots.write(organisation, values, (*SHOWN, *HELD))
    organisation.search_text = search_text(organisation)
    _changed(organisation, now)
    if is_held(organisation):
        audit.record(actor, "organisation.words_wait_again", KIND, organisation.id, now, {})
    else:
        telling.note(actor, organisation, "organisation.words_restored", reason, now, {})


def redact(
    actor: Actor, organisation_id: int, texts: dict[str, str], verdict: Verdict, now: datetime
) -> None:
    """Replace what an organisation says of itself by the same without personal data."""
    organisation = queries.lock_organisation(organisation_id)
    held = is_held(organisation)
    description, website = written(organisation)
    without = (texts.get("description", description), website)
    (_keep_back if held else _show)(organisation, without)
    _changed(organisation, now)
    telling.note(actor, organisation, "organisation.redacted", verdict.reason, now, {}, quiet=held)

"""What staff decide about an entry of the register: what of it is shown, whether a late one is considered."""

from datetime import datetime
from typing import Any

from flask_babel import gettext as _

from civic import audit, sealing
from civic.actor import Actor
from civic.errors import Conflict, Invalid
from civic.extensions import db
from civic.files import service as files
from civic.moderation import service as moderation
from civic.moderation import snapshots
from civic.moderation.rules import OTHER, Decision
from civic.moderation.subjects import Verdict
from civic.policy import enforce
from civic.text import clean_text, fold
from consultations.contributions import policy, queries, rules, telling
from consultations.contributions.models import Attachment, Contribution

SEAL = "contribution text"
KIND = "contribution"
#: What a moderator's decision may change of an entry.
VALUES = ("title", "body", "original", "hidden_at", "hidden_for", "hidden_reason")
#: What a text is kept back for: what it seems to hold, read by staff, or whom it is from, read by moderators.
PERSONAL, UNKNOWN = "personal_data", "offence"


def index(entry: Contribution) -> None:
    """Let the entry be found by what is shown of it."""
    heading = "" if entry.hidden_at is not None and not entry.body else entry.title
    entry.search_text = fold(f"{entry.reference} {entry.author_name} {heading} {entry.body}")[:50_000]


def hold(entry: Contribution, now: datetime, why: str = PERSONAL) -> None:
    """Keep a text from everyone until a person of the city hall has read it."""
    entry.original = sealing.seal(SEAL, {"title": entry.title, "body": entry.body})
    entry.title, entry.body = "", ""
    entry.hidden_at, entry.hidden_for, entry.hidden_reason = now, why, rules.SEEN_BY_NOBODY


def waits_for_moderator(entry: Contribution) -> bool:
    """Whether the gate keeps a text until a moderator has read it."""
    return entry.hidden_reason == rules.SEEN_BY_NOBODY and entry.hidden_for == UNKNOWN


def waits(contribution_id: int) -> bool:
    """`waits_for_moderator` of an entry by its number."""
    return waits_for_moderator(queries.get_contribution(contribution_id))


def whole_text(entry: Contribution) -> str:
    """The text as it came, for its author and for those who answer; what is shown once the rest was forgotten."""
    if entry.original is None:
        return entry.body
    return str(sealing.unseal(SEAL, entry.original)["body"])


def whole_title(entry: Contribution) -> str:
    """The title as it came."""
    if entry.original is None:
        return entry.title
    return str(sealing.unseal(SEAL, entry.original)["title"])


def hide(actor: Actor, contribution_id: int, why: str, reason: str, rest: str, now: datetime) -> Contribution:
    """Show of a text only `rest`, or nothing, with the reason in its place. Number, date and hash stay.

    The author is told, and how to contest it: a moderator decides about that. Files that came with it are no longer
    public.
    """
    enforce(policy.can_manage(actor))
    entry = queries.get_contribution(contribution_id, lock=True)

    def act() -> None:
        _hide(actor, contribution_id, why, reason, rest, now)

    if entry.channel == "annotation" or waits_for_moderator(entry):
        act()
    else:
        code = PERSONAL if why == PERSONAL else OTHER
        verdict = Verdict(Decision.HIDE, code, clean_text(reason)[: rules.MAX_REASON])
        moderation.note_decision(actor, KIND, contribution_id, verdict, act, now)
    return entry


def carry_out(actor: Actor, contribution_id: int, verdict: Verdict, now: datetime) -> None:
    """What a moderator's verdict does: hidden, a text leaves its number, date and hash, and is answered as before."""
    if verdict.decision in (Decision.PUBLISH, Decision.DISMISS):
        entry = queries.get_contribution(contribution_id, lock=True)
        if waits_for_moderator(entry):
            _show(entry)
            audit.record(actor, "contribution.shown", KIND, entry.id, now, {})
    if verdict.decision == Decision.HIDE:
        why = "personal_data" if verdict.reason_code == "personal_data" else "offence"
        _hide(actor, contribution_id, why, verdict.reason, "", now)


def _hide(
    actor: Actor, contribution_id: int, why: str, reason: str, rest: str, now: datetime
) -> Contribution:
    entry, words = (
        queries.get_contribution(contribution_id, lock=True),
        clean_text(reason)[: rules.MAX_REASON],
    )
    if why not in rules.HIDDEN_FOR:
        raise Invalid(_("Choose one of the options."))
    if not words or words == rules.SEEN_BY_NOBODY:
        raise Invalid(_("Write why: everyone reads it."))
    if entry.original is None:
        entry.original = sealing.seal(SEAL, {"title": entry.title, "body": entry.body})
    entry.title, entry.body = "", clean_text(rest)[: rules.MAX_BODY]
    entry.hidden_at, entry.hidden_for, entry.hidden_reason = now, why, words
    index(entry)
    kept = queries.list_attachments([entry.id]).get(entry.id, [])
    files.make_private(one.file_id for one in kept if one.file_id is not None)
    db.session.flush()
    audit.record(actor, "contribution.hidden", KIND, entry.id, now, {"for": why, "part": bool(entry.body)})
    telling.hidden(entry, now)
    return entry


def kept_values(entry: Contribution) -> dict[str, Any]:
    """What of an entry a moderator's decision may change, as plain values."""
    return snapshots.read(entry, VALUES)


def set_values(entry: Contribution, values: dict[str, Any]) -> None:
    """Set some of these values as they were."""
    snapshots.write(entry, values, VALUES)
    index(entry)


def snapshot(contribution_id: int) -> dict[str, Any]:
    """All that a moderator's decision may change, the entry locked; the files everyone may open among it."""
    entry = queries.get_contribution(contribution_id, lock=True)
    return {**kept_values(entry), "public_files": queries.list_public_files(entry.id)}


def put_back(actor: Actor, contribution_id: int, values: dict[str, Any], reason: str, now: datetime) -> None:
    """Set what a moderator's decision changed as it was before, with the files that were public."""
    entry = queries.get_contribution(contribution_id, lock=True)
    set_values(entry, values)
    files.make_public(values.get("public_files", ()))
    db.session.flush()
    audit.record(actor, "contribution.decision_undone", KIND, entry.id, now, {})


def replace_words(entry: Contribution, old: str, new: str) -> None:
    """Put other words in the place of some, in what is shown of an entry and in what is sealed of it."""
    if entry.original is not None:
        kept = sealing.unseal(SEAL, entry.original)
        entry.original = sealing.seal(SEAL, {**kept, "body": str(kept["body"]).replace(old, new)})
    entry.body = entry.body.replace(old, new)
    index(entry)


def redact(
    actor: Actor, contribution_id: int, texts: dict[str, str], verdict: Verdict, now: datetime
) -> None:
    """Show the text without personal data; whole it stays sealed for those who answer it, and its hash is as it was.

    Its files are as public as they were.
    """
    entry = queries.get_contribution(contribution_id, lock=True)
    if waits_for_moderator(entry):
        # The rest of what was kept back is shown with it.
        entry.title, entry.body = whole_title(entry), whole_text(entry)
    if entry.original is None:
        entry.original = sealing.seal(SEAL, {"title": entry.title, "body": entry.body})
    entry.title, entry.body = texts.get("title", entry.title), texts.get("body", entry.body)
    entry.hidden_at, entry.hidden_for = now, "personal_data"
    entry.hidden_reason = clean_text(verdict.reason)[: rules.MAX_REASON]
    index(entry)
    db.session.flush()
    audit.record(actor, "contribution.redacted", KIND, entry.id, now, {"texts": sorted(texts)})
    telling.hidden(entry, now)


def show_whole(actor: Actor, contribution_id: int, now: datetime) -> Contribution:
    """Show a text again as it came."""
    entry = queries.get_contribution(contribution_id, lock=True)
    enforce(policy.can_manage(actor))
    if entry.hidden_at is None or entry.original is None:
        raise Conflict(_("Its text is shown as it came, or what it was has been forgotten."))
    _show(entry)
    audit.record(actor, "contribution.shown", KIND, entry.id, now, {})
    return entry


def _show(entry: Contribution) -> None:
    entry.title, entry.body = whole_title(entry), whole_text(entry)
    entry.original, entry.hidden_at, entry.hidden_for, entry.hidden_reason = None, None, "", ""
    index(entry)
    db.session.flush()


def consider(actor: Actor, contribution_id: int, yes: bool, reason: str, now: datetime) -> Contribution:
    """Decide, with a reason everyone reads, whether a late contribution is considered. The author is told."""
    entry, words = (
        queries.get_contribution(contribution_id, lock=True),
        clean_text(reason)[: rules.MAX_REASON],
    )
    enforce(policy.can_manage(actor))
    if not entry.late:
        raise Conflict(_("It came in time: it is considered."))
    if not words:
        raise Invalid(_("Write why: everyone reads it."))
    if entry.considered is yes:
        raise Conflict(_("This has been decided already."))
    entry.considered, entry.considered_reason = yes, words
    db.session.flush()
    audit.record(actor, "contribution.late_decided", KIND, entry.id, now, {"considered": yes})
    telling.considered(entry, now)
    return entry


def publish_file(actor: Actor, attachment_id: int, public: bool, now: datetime) -> Attachment:
    """Let everyone open a file that came with a contribution, or nobody outside the city hall any more."""
    found = queries.get_attachment(attachment_id)
    enforce(policy.can_manage(actor))
    if found.file_id is None:
        raise Conflict(_("This file was not kept."))
    (files.make_public if public else files.make_private)([found.file_id])
    db.session.flush()
    details = {"attachment": found.id, "public": public}
    audit.record(actor, "contribution.file_shown", KIND, found.contribution_id or 0, now, details)
    return found

"""Commands about those who speak: signing up, the order, what was said, and the end. They flush, never commit."""

from datetime import datetime

from flask_babel import gettext as _
from sqlalchemy.exc import IntegrityError
from werkzeug.datastructures import FileStorage

from civic import audit, timeline
from civic.accounts.models import Account
from civic.actor import Actor
from civic.deadlines.service import give
from civic.errors import Conflict, Invalid
from civic.extensions import db
from civic.format import day as write_day
from civic.format import moment as write_moment
from civic.format import ngettext
from civic.organisations import acting
from civic.policy import Decision, enforce
from civic.text import clean_line, clean_text
from consultations import file_service
from consultations import policy as consultation_policy
from consultations.contributions import service as register
from consultations.contributions.models import Contribution
from consultations.contributions.rules import MAX_NAME
from consultations.debates import policy, queries, rules
from consultations.debates.models import Debate, DebateSpeaker
from consultations.debates.service import check_link

KIND = "consultation"


def _must(decision: Decision) -> None:
    """Refuse because of how things stand, with the sentence."""
    if not decision:
        raise Conflict(decision.reason)


def _add(debate: Debate, name: str, now: datetime, **values: int | None) -> DebateSpeaker:
    line = clean_line(name)[:MAX_NAME]
    if not line:
        raise Invalid(_("Write the name of who speaks: everyone reads it."))
    place = queries.last_position(debate.id) + 1
    speaker = DebateSpeaker(debate_id=debate.id, position=place, name=line, signed_up_at=now, **values)
    try:
        with db.session.begin_nested():
            db.session.add(speaker)
    except IntegrityError as error:
        raise Conflict(_("You are on the list of speakers already.")) from error
    return speaker


def sign_up(
    actor: Actor, consultation_id: int, debate_id: int, name: str, organisation_id: int | None, now: datetime
) -> DebateSpeaker:
    """Put oneself on the list of speakers, in one's own name or an organisation's; the last place is free."""
    debate = queries.get_debate(consultation_id, debate_id, lock=True)
    _must(policy.can_sign_up(actor, debate, queries.find_own(debate.id, actor.id), now))
    if organisation_id is not None:
        enforce(acting.can_act_as(actor, organisation_id))
    speaker = _add(debate, name, now, account_id=actor.id, organisation_id=organisation_id)
    audit.record(actor, "debate.signed_up", KIND, consultation_id, now, {"speaker": speaker.id})
    return speaker


def enter(
    actor: Actor,
    consultation_id: int,
    debate_id: int,
    name: str,
    now: datetime,
    organisation_id: int | None = None,
) -> DebateSpeaker:
    """Put somebody on the list who wrote, called, or asks in the room; for a verified organisation, under its name."""
    debate = queries.get_debate(consultation_id, debate_id, lock=True)
    enforce(consultation_policy.can_manage(actor))
    _must(policy.still_planned(debate))
    if organisation_id is not None:
        _must(acting.check_verified(organisation_id))
    speaker = _add(debate, name, now, entered_by_id=actor.id, organisation_id=organisation_id)
    audit.record(actor, "debate.speaker_entered", KIND, consultation_id, now, {"speaker": speaker.id})
    return speaker


def withdraw_own(actor: Actor, consultation_id: int, debate_id: int, now: datetime) -> DebateSpeaker:
    """Take oneself off the list."""
    debate = queries.get_debate(consultation_id, debate_id, lock=True)
    own = queries.find_own(debate.id, actor.id)
    if own is None:
        raise Conflict(_("You are not on the list of speakers."))
    return _withdraw(actor, debate, own, now)


def withdraw(
    actor: Actor, consultation_id: int, debate_id: int, speaker_id: int, now: datetime
) -> DebateSpeaker:
    """Take somebody off the list who said they will not speak."""
    debate = queries.get_debate(consultation_id, debate_id, lock=True)
    enforce(consultation_policy.can_manage(actor))
    return _withdraw(actor, debate, queries.get_speaker(debate.id, speaker_id), now)


def _withdraw(actor: Actor, debate: Debate, speaker: DebateSpeaker, now: datetime) -> DebateSpeaker:
    _must(policy.can_withdraw(debate, speaker))
    speaker.state = rules.WITHDRAWN
    db.session.flush()
    details = {"speaker": speaker.id}
    audit.record(actor, "debate.speaker_withdrawn", KIND, debate.consultation_id, now, details)
    return speaker


def forget_account(account: Account, kept: bool, _now: datetime) -> None:
    """Give up the places a deleted account waits in; where it has spoken its name stays only when it was to stay."""
    for speaker in queries.list_places_of(account.id):
        if speaker.state == rules.WAITING:
            speaker.state = rules.WITHDRAWN
        if not kept or speaker.state == rules.WITHDRAWN:
            speaker.name = rules.NO_NAME
    db.session.flush()


def reorder(
    actor: Actor, consultation_id: int, debate_id: int, speaker_id: int, step: int, now: datetime
) -> None:
    """Let somebody change places with who stands before (-1) or after (1) them. At the ends nothing happens."""
    debate = queries.get_debate(consultation_id, debate_id, lock=True)
    enforce(consultation_policy.can_manage(actor))
    _must(policy.can_change(actor, debate))
    speaker = queries.get_speaker(debate.id, speaker_id)
    everyone = queries.list_speakers(debate.id)
    found = rules.neighbour(everyone, speaker.id, step)
    if found is None:
        return
    other = queries.get_speaker(debate.id, found.id)
    speaker.position, other.position = other.position, speaker.position
    db.session.flush()
    audit.record(actor, "debate.reordered", KIND, consultation_id, now, {"speaker": speaker.id, "step": step})


# --- holding it ------------------------------------------------------------------------------------------


def mark(
    actor: Actor, consultation_id: int, debate_id: int, speaker_id: int, state: str, note: str, now: datetime
) -> DebateSpeaker:
    """Note that a registered speaker has spoken, and what they said, or was not there."""
    debate = queries.get_debate(consultation_id, debate_id, lock=True)
    enforce(consultation_policy.can_manage(actor))
    _must(policy.can_hold(actor, debate, now))
    speaker = queries.get_speaker(debate.id, speaker_id)
    words = clean_text(note)
    if state not in rules.HEARD:
        raise Invalid(_("Choose one of the options."))
    if speaker.state == rules.WITHDRAWN:
        raise Conflict(_("This was already withdrawn."))
    if speaker.contribution_id is not None:
        raise Conflict(_("It is in the register already."))
    if len(words) > rules.MAX_NOTE:
        raise Invalid(_("Write at most %(max)s characters.", max=rules.MAX_NOTE))
    if state == rules.ABSENT and words:
        raise Invalid(_("Whoever was not there said nothing: leave the note empty."))
    speaker.state, speaker.note = state, words
    db.session.flush()
    details = {"speaker": speaker.id, "state": state}
    audit.record(actor, "debate.speaker_marked", KIND, consultation_id, now, details)
    return speaker


def register_note(
    actor: Actor, consultation_id: int, debate_id: int, speaker_id: int, now: datetime
) -> Contribution:
    """Enter what a speaker said into the register of contributions: it gets a number, and an answer."""
    debate = queries.get_debate(consultation_id, debate_id, lock=True)
    enforce(consultation_policy.can_manage(actor))
    speaker = queries.get_speaker(debate.id, speaker_id)
    _must(policy.can_register(actor, debate, speaker))
    cards = acting.cards([speaker.organisation_id])
    card = cards.get(speaker.organisation_id) if speaker.organisation_id is not None else None
    author = register.Author(
        card.name if card else speaker.name,
        account_id=speaker.account_id,
        organisation_id=speaker.organisation_id,
        shown_as="deleted" if speaker.name == rules.NO_NAME and card is None else "full",
    )
    entry = register.register(
        debate.consultation, "debate", speaker.note, author, now,
        title=_("Said at the public debate of %(day)s", day=write_day(debate.starts_at)),
        received_at=max(debate.starts_at, debate.consultation.opens_at or debate.starts_at), clerk=actor, form_key=f"debate-speaker-{speaker.id}",
    )  # fmt: skip
    speaker.contribution_id = entry.id
    db.session.flush()
    return entry


def end(actor: Actor, consultation_id: int, debate_id: int, attendance: int, now: datetime) -> Debate:
    """End the debate. Not before every registered speaker has spoken or is marked absent (art. 7(10) b)."""
    debate = queries.get_debate(consultation_id, debate_id, lock=True)
    enforce(consultation_policy.can_manage(actor))
    _must(policy.can_hold(actor, debate, now))
    left = rules.still_waiting(queries.list_speakers(debate.id))
    if left:
        raise Invalid(
            ngettext(
                "%(num)s registered speaker has not spoken: the debate ends when everyone has spoken or is marked "
                "absent.",
                "%(num)s registered speakers have not spoken: the debate ends when everyone has spoken or is marked "
                "absent.",
                left,
            )
        )
    if not 0 <= attendance <= rules.MOST_PEOPLE:
        raise Invalid(_("Write how many people were there."))
    given = give(rules.MINUTES, now)
    debate.ended_at, debate.attendance = now, attendance
    debate.minutes_due_at, debate.minutes_version_id = given.due_at, given.version.id
    db.session.flush()
    timeline.add(KIND, consultation_id, "debate.held", now, role=timeline.role_of(actor))
    audit.record(
        actor, "debate.held", KIND, consultation_id, now, {"debate": debate.id, "people": attendance}
    )
    return debate


def publish_minutes(
    actor: Actor,
    consultation_id: int,
    debate_id: int,
    text: str,
    upload: FileStorage | None,
    recording: str,
    now: datetime,
) -> Debate:
    """Publish the minutes: their text, a document for the consultation's file, or both; a recording's link with them.

    What is published stays; what was left out can be added later.
    """
    debate = queries.get_debate(consultation_id, debate_id, lock=True)
    enforce(consultation_policy.can_manage(actor))
    _must(policy.can_publish_minutes(actor, debate))
    words, link = clean_text(text), clean_line(recording)
    given = upload is not None and bool(upload.filename)
    check_link(link)
    if len(words) > rules.MAX_MINUTES:
        raise Invalid(_("Write at most %(max)s characters.", max=rules.MAX_MINUTES))
    if not words and not given and debate.minutes_at is None:
        raise Invalid(_("Write the minutes or add them as a file."))
    if not words and not given and not link:
        raise Invalid(_("There is nothing new to publish."))
    if (words and debate.minutes_text) or (given and debate.minutes_document_id is not None):
        raise Conflict(
            _(
                "The minutes are public: they stay as they are. A new version of the file is added in the file."
            )
        )
    if upload is not None and given:
        title = _("Minutes of the public debate of %(moment)s", moment=write_moment(debate.starts_at))
        document = file_service.add_document(actor, consultation_id, "minutes", title, upload, now)
        debate.minutes_document_id = document.id
    debate.minutes_text = words or debate.minutes_text
    debate.recording = link or debate.recording
    if debate.minutes_at is None:
        debate.minutes_at = now
        timeline.add(KIND, consultation_id, "debate.minutes", now, role=timeline.role_of(actor))
    db.session.flush()
    audit.record(actor, "debate.minutes", KIND, consultation_id, now, {"debate": debate.id})
    return debate

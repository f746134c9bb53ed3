"""Commands about what people write beside a draft's text. They flush, never commit."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from flask_babel import gettext as _
from sqlalchemy import func, select, update
from sqlalchemy.dialects.postgresql import insert

from civic import audit
from civic.accounts.models import Account
from civic.actor import Actor
from civic.errors import Conflict, Invalid, NotAllowed
from civic.extensions import db
from civic.format import number
from civic.moderation import service as moderation
from civic.moderation.gate import service as gate
from civic.moderation.gate.queries import is_trusted
from civic.moderation.rules import MAX_REASON, Decision
from civic.moderation.subjects import Verdict
from civic.policy import enforce
from civic.text import clean_line, clean_text, excerpt
from consultations import queries as consultations
from consultations.contributions import service as contributions
from consultations.contributions.models import Contribution
from consultations.drafting import entries, policy, queries, rules
from consultations.drafting.models import Annotation, Section, Stance
from consultations.drafting.wording import plain

AN_HOUR = 60
KIND = "annotation"
#: What the gate calls the place.
SPACE = "remarks"


class WrongQuote(Invalid):
    """The words somebody quoted are not to be found in the section, or not just once."""


@dataclass(frozen=True)
class Said:
    """What somebody typed beside a section. `start` is where the chosen words begin, when the page knows."""

    kind: str
    body: str = ""
    replacement: str = ""
    quote: str = ""
    start: int | None = None


def find_words(text: str, quote: str, start: int | None = None) -> tuple[int, int]:
    """Where the quoted words stand in a section; all of it when nothing is quoted. Raises Invalid.

    Capitals, marks and kinds of quotes make no difference: people type, and do not copy.
    """
    words = plain(clean_line(quote))
    if not words:
        return 0, len(text)
    whole = plain(text)
    places = []
    at = whole.find(words)
    while at >= 0:
        places.append(at)
        at = whole.find(words, at + 1)
    if not places:
        raise WrongQuote(
            _("These words are not in the paragraph. Copy them from it, or leave the field empty.")
        )
    if start is not None and start in places:
        return start, start + len(words)
    if len(places) > 1:
        raise WrongQuote(
            _("These words stand in the paragraph more than once. Copy a few more of those around them.")
        )
    return places[0], places[0] + len(words)


def annotate(
    actor: Actor, consultation_id: int, key: int, said: Said, now: datetime, *, form_key: str = ""
) -> Annotation:
    """Write beside a section of the text in force. It enters the register of contributions at once.

    Where the gate says so everyone reads it after a moderator has. A form sent twice makes one.
    Raises Invalid, also as `gate.TooSoon`.
    """
    # The lock is the register's: the text cannot change, and numbers follow one another.
    one = consultations.lock_consultation(consultation_id)
    enforce(policy.can_annotate(actor, one, now))
    assert actor.id is not None
    edition = queries.current_edition(one.id)
    if edition is None:
        raise Conflict(_("This consultation has no text to write beside yet."))
    section = queries.get_section(edition.id, key)
    body, replacement = _checked(said)
    start, end = find_words(section.text, said.quote, said.start)
    if said.kind == "replacement" and replacement == section.text[start:end]:
        raise Invalid(_("This is the wording as it stands. Change it, or write a comment."))
    account = db.session.scalar(select(Account).where(Account.id == actor.id).with_for_update())
    assert account is not None
    sent = clean_line(form_key)[:40] or None
    if sent is not None and (twin := queries.find_sent(actor.id, sent)) is not None:
        return twin
    if queries.count_last_hour(actor.id, now) >= AN_HOUR:
        raise NotAllowed(_("You have written much in the last hour. Try again a little later."))
    ruling = gate.admit(actor, gate.Piece(SPACE, f"{body}\n{replacement}", (account.display_name,)), now)
    entry = _registered(one.id, account, section, said.kind, section.text[start:end], body, replacement, now)
    if ruling.held and entry.hidden_at is None:
        entries.hold(entry, now)
    held = entry.hidden_at is not None
    annotation = Annotation(
        consultation_id=one.id,
        contribution_id=entry.id,
        author_id=actor.id,
        form_key=sent,
        kind=said.kind,
        body=body,
        replacement=replacement,
        state="held" if held else "visible",
        quote=section.text[start:end],
        prefix=section.text[max(0, start - rules.CONTEXT) : start],
        suffix=section.text[end : end + rules.CONTEXT],
        whole=(start, end) == (0, len(section.text)),
        made_id=edition.id,
        edition_id=edition.id,
        key=key,
        start=start,
        end=end,
        checked_id=edition.id,
        created_at=now,
    )
    db.session.add(annotation)
    db.session.flush()
    details = {"consultation": one.id, "held": held}
    audit.record(actor, "annotation.added", KIND, annotation.id, now, details)
    # What seems to hold personal data waits whoever wrote it.
    gate.keep(actor, gate.waiting(ruling) if held else ruling, annotation.id, now)
    return annotation


def hold(annotation_id: int, now: datetime) -> bool:
    """Take a published remark back to wait for a moderator; False when it is not public any more."""
    annotation = queries.get_annotation(annotation_id, lock=True)
    if annotation.state != "visible":
        return False
    annotation.state = "held"
    entries.hold_again(annotation.contribution_id, now)
    db.session.flush()
    return True


def _checked(said: Said) -> tuple[str, str]:
    """The cleaned texts of what was typed. Raises Invalid when it says nothing or too much."""
    if said.kind not in rules.ANNOTATION_KINDS:
        raise Invalid(_("Choose one of the options."))
    body = clean_text(said.body)
    replacement = clean_line(said.replacement) if said.kind == "replacement" else ""
    if not body and not replacement:
        raise Invalid(_("Write something first."))
    if len(body) > rules.MAX_BODY or len(replacement) > rules.MAX_REPLACEMENT:
        raise Invalid(_("Each text may have at most %(max)s characters.", max=number(rules.MAX_BODY)))
    return body, replacement


def _registered(
    consultation_id: int,
    account: Account,
    section: Section,
    kind: str,
    quote: str,
    body: str,
    replacement: str,
    now: datetime,
) -> Contribution:
    """The register's entry: what is said, with the passage it is about, as whoever answers needs it."""
    parts = [_("About: “%(words)s”", words=quote)]
    if kind == "replacement":
        parts.append(
            _("Proposed wording: “%(words)s”", words=replacement)
            if replacement
            else _("Proposed: leave it out.")
        )
    if body:
        parts.append(body)
    return contributions.register(
        consultations.get_consultation(consultation_id),
        "annotation",
        "\n\n".join(parts),
        contributions.Author(account.display_name, account_id=account.id, locale=account.locale),
        now,
        title=excerpt(section.text, 80),
    )


def take_side(actor: Actor, annotation_id: int, value: int, now: datetime) -> Annotation:
    """Agree (1), disagree (-1) or take it back (0). One account has one opinion, and may change it."""
    annotation = queries.get_annotation(annotation_id, lock=True)
    one = consultations.get_consultation(annotation.consultation_id)
    enforce(policy.can_take_side(actor, annotation, one, now))
    if value not in (1, 0, -1):
        raise Invalid(_("Choose one of the options."))
    if value:
        db.session.execute(
            insert(Stance)
            .values(annotation_id=annotation.id, account_id=actor.id, value=value, at=now)
            .on_conflict_do_update(
                index_elements=["annotation_id", "account_id"], set_={"value": value, "at": now}
            )
        )
    else:
        mine = db.session.get(Stance, (annotation.id, actor.id))
        if mine is not None:
            db.session.delete(mine)
            db.session.flush()
    count_sides([annotation.id], now)
    db.session.refresh(annotation)
    return annotation


def count_sides(ids: Collection[int], now: datetime) -> None:
    """Write how many agree with each of the annotations and how many do not. Of new accounts none is counted yet."""
    counted = (
        select(
            Annotation.id,
            func.count(Stance.value).filter(Stance.value == 1, is_trusted(now)).label("agree"),
            func.count(Stance.value).filter(Stance.value == -1, is_trusted(now)).label("disagree"),
        )
        .outerjoin(Stance, Stance.annotation_id == Annotation.id)
        .outerjoin(Account, Account.id == Stance.account_id)
        .where(Annotation.id.in_(ids))
        .group_by(Annotation.id)
        .subquery()
    )
    db.session.execute(
        update(Annotation)
        .where(Annotation.id == counted.c.id)
        .values(agree=counted.c.agree, disagree=counted.c.disagree)
        .execution_options(synchronize_session=False)
    )


# Moderation.


def carry_out(actor: Actor, annotation_id: int, verdict: Verdict, now: datetime) -> None:
    """What a moderator's verdict does to an annotation and to its entry in the register."""
    annotation = queries.get_annotation(annotation_id, lock=True)
    if verdict.decision in (Decision.PUBLISH, Decision.DISMISS):
        annotation.state = "visible"
        entries.release(annotation.contribution_id)
    elif verdict.decision == Decision.HIDE:
        annotation.state = "hidden"
        reason = verdict.reason or str(_("It broke the rules of the conversation."))
        entries.hide(annotation.contribution_id, reason, now)
        audit.record(actor, "annotation.hidden", KIND, annotation.id, now, {"reason": verdict.reason_code})
        code = verdict.reason_code
        moderation.tell_about_text(
            annotation.author_id, verdict.reason, path_of(annotation), now, reason_code=code
        )
    db.session.flush()


def restore(actor: Actor, annotation_id: int, reason: str, now: datetime) -> Annotation:
    """Make a hidden annotation public again; its author is told why.

    Raises NotAllowed (not a moderator, own text), Conflict (not hidden any more) or Invalid (no reason).
    """
    annotation = queries.get_annotation(annotation_id, lock=True)
    enforce(policy.can_restore(actor, annotation))
    if annotation.state != "hidden":
        raise Conflict(_("This remark is not hidden."))
    words = clean_text(reason)[:MAX_REASON]
    if not words:
        raise Invalid(_("Write the reason: the author will read it."))
    annotation.state = "visible"
    entries.show(annotation.contribution_id)
    audit.record(actor, "annotation.restored", KIND, annotation.id, now, {})
    moderation.tell_about_restored(annotation.author_id, words, path_of(annotation), now)
    db.session.flush()
    return annotation


def path_of(annotation: Annotation) -> str:
    """Where an annotation is read."""
    return f"/consultations/{annotation.consultation_id}/text/{annotation.key}"

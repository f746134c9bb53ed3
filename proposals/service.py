"""Commands that change a proposal. They check the rules, change, flush and record; they never commit."""

import secrets
from collections.abc import Iterable
from datetime import datetime
from decimal import Decimal
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import select
from werkzeug.datastructures import FileStorage

from civic import audit, timeline
from civic.accounts.models import Account
from civic.actor import SYSTEM, Actor
from civic.deadlines.service import give
from civic.errors import Conflict, Invalid, NotFound
from civic.extensions import db
from civic.files import service as files
from civic.moderation import service as moderation
from civic.moderation.gate import service as gate
from civic.moderation.rules import Decision
from civic.moderation.subjects import Verdict
from civic.moderation.undoing import value_before
from civic.money import read_optional
from civic.policy import enforce
from civic.text import clean_line, clean_text, fold
from proposals import policy, queries, rounds, rules
from proposals.labels import RECORDED
from proposals.models import Proposal, ProposalFile
from proposals.rules import Draft, Event, Role, State
from proposals.telling import tell

#: What the gate calls the place.
SPACE = "proposals"


def _refusal(error: rules.Refused) -> Conflict | Invalid:
    if error.why == "reason":
        return Invalid(_("Write the reason: the author will read it."))
    if error.why == "phase":
        return Conflict(_("The edition's calendar does not allow this now."))
    return Conflict(_("The proposal has moved on in the meantime. Reload the page."))


def advance(
    actor: Actor,
    proposal: Proposal,
    event: Event,
    role: Role,
    now: datetime,
    *,
    reason: str = "",
    details: dict[str, Any] | None = None,
    rule: str = "",
) -> None:
    """Move a locked proposal along the table; write it on the timeline, in the audit record, to its author.

    `rule` is the code of a moderator's reason.
    """
    phases = rounds.phases_now(proposal.round_id, now)
    before = proposal.state
    try:
        target = rules.next_state(
            before, event, role, in_round=proposal.round_id is not None, phases=phases, reason=reason
        )
    except rules.Refused as error:
        raise _refusal(error) from error
    proposal.state, proposal.state_since, proposal.updated_at = target, now, now
    if event == Event.REJECT and proposal.round_id is None:
        proposal.appeal_until = give("appeal.file", now).due_at
    if target in rules.PUBLIC and proposal.published_at is None:
        proposal.published_at = now
    share_files(proposal)
    db.session.flush()
    public_role = {Role.AUTHOR: "", Role.SYSTEM: "system"}.get(role, str(role))
    timeline.add("proposal", proposal.id, RECORDED[event], now, role=public_role, reason=reason)
    audit.record(
        actor,
        RECORDED[event],
        "proposal",
        proposal.id,
        now,
        {"from": before, "to": str(target), **(details or {})},
    )
    others = actor.id is None or actor.id != proposal.author_id
    tell(proposal, RECORDED[event], reason, now, author_too=others, rule=rule)


def share_files(proposal: Proposal) -> None:
    """Let everyone fetch a public proposal's files, and nobody those of another."""
    ids = queries.list_file_ids(proposal.id)
    if rules.is_public(proposal.state, proposal.published_at is not None):
        files.make_public(ids)
    else:
        files.make_private(ids)


# --- writing ---------------------------------------------------------------------------------------------


def start_draft(actor: Actor, now: datetime) -> Proposal:
    """A new draft, or the one the account has not written anything in yet."""
    if actor.id is not None:
        # Two presses of the button wait for each other here and find the same empty draft.
        db.session.execute(select(Account.id).where(Account.id == actor.id).with_for_update())
        empty = queries.find_empty_draft(actor.id)
        if empty is not None:
            return empty
    enforce(policy.can_start(actor, queries.count_drafts(actor.id or 0)))
    proposal = Proposal(
        author_id=actor.id, state=State.DRAFT, state_since=now, created_at=now, updated_at=now, version=1
    )
    db.session.add(proposal)
    db.session.flush()
    audit.record(actor, "proposal.started", "proposal", proposal.id, now)
    return proposal


def save_draft(
    actor: Actor, proposal_id: int, draft: Draft, now: datetime, *, seen_version: int, editor: str
) -> Proposal:
    """Keep what was typed, whatever state it is in. Raises Conflict when another window saved meanwhile."""
    proposal = queries.lock_proposal(proposal_id)
    if not policy.is_author(actor, proposal):
        raise NotFound
    enforce(policy.can_edit(actor, proposal))
    if rules.overwrites_unseen(proposal.version, proposal.editor, seen_version, editor):
        raise Conflict(_("This proposal was changed in another window."))
    too_long = max(len(draft.problem), len(draft.idea), len(draft.title)) > rules.MAX_DRAFT_TEXT
    if too_long:
        raise Invalid(
            _("The text is too long to be saved. Shorten it; what you wrote is still on this page.")
        )
    _fill(proposal, draft)
    proposal.version += 1
    proposal.editor = editor[:40]
    proposal.updated_at = now
    db.session.flush()
    return proposal


def _fill(proposal: Proposal, draft: Draft) -> None:
    proposal.title = clean_line(draft.title)
    proposal.problem = clean_text(draft.problem)
    proposal.idea = clean_text(draft.idea)
    proposal.neighbourhood_id = draft.neighbourhood_id
    proposal.category_id = draft.category_id
    proposal.cost_text = clean_line(draft.cost_text)[:40]
    proposal.estimated_cost = readable_cost(draft.cost_text)
    proposal.place = clean_line(draft.place)[: rules.MAX_PLACE]
    proposal.latitude, proposal.longitude = draft.latitude, draft.longitude
    proposal.search_text = fold(" ".join((proposal.title, proposal.problem, proposal.idea, proposal.place)))


def readable_cost(typed: str) -> Decimal | None:
    """The amount typed, or None while it cannot be read as a positive one within reason."""
    try:
        cost = read_optional(typed)
    except ValueError:
        return None
    return cost if cost is not None and 0 < cost <= rules.MAX_COST else None


def attach_file(actor: Actor, proposal: Proposal, upload: FileStorage, kind: str, now: datetime) -> None:
    """Keep a picture or a document with the draft. Raises Invalid with a sentence about the file."""
    present = proposal.images if kind == "image" else proposal.documents
    if kind == "image" and len(present) >= rules.MAX_IMAGES:
        raise Invalid(_("A proposal has at most %(num)s pictures.", num=rules.MAX_IMAGES))
    if kind == "document" and len(present) >= rules.MAX_DOCUMENTS:
        raise Invalid(_("A proposal has at most %(num)s documents.", num=rules.MAX_DOCUMENTS))
    stored = files.store_upload(upload, kind, actor, now, alt=proposal.title)
    proposal.files.append(ProposalFile(file_id=stored.id, kind=kind, file=stored))
    db.session.flush()


def remove_file(proposal: Proposal, file_id: int) -> None:
    """Take a file off the draft; the storage forgets it when nothing refers to it."""
    found = next((one for one in proposal.files if one.file_id == file_id), None)
    if found is not None:
        proposal.files.remove(found)
        db.session.flush()


def discard_draft(actor: Actor, proposal_id: int, now: datetime) -> None:
    """Delete a draft for good. What was submitted once is withdrawn instead."""
    proposal = queries.lock_proposal(proposal_id)
    if not policy.is_author(actor, proposal):
        raise NotFound
    if proposal.state != State.DRAFT:
        raise Conflict(_("This proposal was submitted. You can withdraw it."))
    audit.record(actor, "proposal.discarded", "proposal", proposal.id, now)
    db.session.delete(proposal)
    db.session.flush()


# --- the road to publication -----------------------------------------------------------------------------


def submit_proposal(actor: Actor, proposal_id: int, now: datetime) -> Proposal:
    """Send a complete draft. Sending it twice sends it once.

    It waits for a moderator, and the author is told so: a proposal may cost public money, so somebody has read it
    before it is public, unless staff have chosen that the gate decides. What the city's own staff enter (a paper
    form, a meeting) needs no review. Raises Invalid, also as `gate.TooSoon`: the draft stays.
    """
    assert actor.id is not None
    db.session.execute(select(Account.id).where(Account.id == actor.id).with_for_update())
    proposal = queries.lock_proposal(proposal_id)
    if not policy.is_author(actor, proposal):
        raise NotFound
    if proposal.state not in rules.EDITABLE and proposal.submitted_at is not None:
        return proposal
    proven = gate.is_proven(actor, now)
    entered_by_staff = bool(actor.roles) and proposal.state == State.DRAFT
    today = queries.count_submitted_last_day(actor.id, now)
    enforce(policy.can_submit(actor, proposal, proven=proven, submitted_last_day=today))
    ruling = None if entered_by_staff else gate.admit(actor, _piece(actor, proposal), now)
    proposal.submitted_at = proposal.submitted_at or now
    advance(actor, proposal, Event.SUBMIT, Role.AUTHOR, now)
    if ruling is not None:
        # Staff who send again what a moderator returned to them wait like everybody else.
        ruling = gate.waiting(ruling) if actor.roles else ruling
        gate.keep(actor, ruling, proposal.id, now)
    if ruling is None or not ruling.held:
        advance(SYSTEM, proposal, Event.PUBLISH, Role.SYSTEM, now)
    return proposal


def _piece(actor: Actor, proposal: Proposal) -> gate.Piece:
    """All of a proposal that would become public, names of its files too."""
    names = (one.file.name for one in proposal.files)
    words = f"{proposal.title}\n{proposal.problem}\n{proposal.idea}"
    return gate.Piece(SPACE, words, (proposal.place, actor.display_name, *names), proposal.id)


def withdraw_proposal(actor: Actor, proposal_id: int, now: datetime) -> Proposal:
    """Take a proposal back."""
    proposal = queries.lock_proposal(proposal_id)
    if not policy.can_see(actor, proposal):
        raise NotFound
    enforce(policy.can_withdraw(actor, proposal))
    advance(actor, proposal, Event.WITHDRAW, Role.AUTHOR, now)
    moderation.close_withdrawn("proposal", proposal.id, now)
    return proposal


def join_round(actor: Actor, proposal_id: int, round_id: int, now: datetime) -> Proposal:
    """Enter a published proposal in a round that takes entries."""
    proposal = queries.lock_proposal(proposal_id)
    one = next((found for found in rounds.list_open_rounds(now) if found.id == round_id), None)
    if one is None or not policy.can_see(actor, proposal):
        raise NotFound
    enforce(rounds.can_join(actor, proposal, one, now))
    proposal.round_id, proposal.updated_at = one.id, now
    timeline.add("proposal", proposal.id, "proposal.joined_round", now, data={"round": one.name})
    audit.record(actor, "proposal.joined_round", "proposal", proposal.id, now, {"round": one.id})
    db.session.flush()
    return proposal


def carry_out(actor: Actor, proposal_id: int, verdict: Verdict, now: datetime) -> None:
    """What a moderator's verdict does to a proposal."""
    proposal = queries.lock_proposal(proposal_id)
    event = {
        Decision.PUBLISH: Event.PUBLISH,
        Decision.REQUEST_CHANGES: Event.REQUEST_CHANGES,
        Decision.HIDE: Event.HIDE,
        Decision.REDIRECT: Event.REDIRECT,
    }.get(verdict.decision)
    if event is not None:
        code = verdict.reason_code
        advance(actor, proposal, event, Role.MODERATOR, now, reason=verdict.reason, rule=code)


def restore_proposal(actor: Actor, proposal_id: int, reason: str, now: datetime) -> Proposal:
    """Make a hidden proposal public again, saying why. It is where it was, if it was public before."""
    proposal = queries.lock_proposal(proposal_id)
    before = value_before("proposal", proposal_id, Decision.HIDE, "state")
    if policy.is_author(actor, proposal):
        enforce(policy.refused(_("You wrote this yourself, so another moderator has to decide.")))
    advance(actor, proposal, Event.RESTORE, Role.MODERATOR, now, reason=clean_text(reason))
    if before in rules.PUBLIC:
        proposal.state = State(before)
        db.session.flush()
    return proposal


# --- for voting, imports and the demonstration -------------------------------------------------------------


def mark_admitted(proposal: Proposal, actor: Actor, now: datetime) -> None:
    """Put an eligible proposal to the vote. Raises Conflict when it is not eligible."""
    role = Role.STAFF if actor.id is not None else Role.SYSTEM
    advance(actor, queries.lock_proposal(proposal.id), Event.ADMIT, role, now)


def mark_outcome(proposal_id: int, outcome: str, now: datetime) -> None:
    """Say what the vote decided: "winner", "reserve" or "not_funded". Saying it again changes nothing."""
    event = {
        "winner": Event.WIN,
        "reserve": Event.PUT_ON_RESERVE,
        "not_funded": Event.LEAVE_UNFUNDED,
    }[outcome]
    proposal = queries.lock_proposal(proposal_id)
    if proposal.state != outcome:
        advance(SYSTEM, proposal, event, Role.SYSTEM, now)


def create_for_import(
    *,
    title: str,
    problem: str,
    idea: str,
    neighbourhood_id: int,
    category_id: int,
    now: datetime,
    author_id: int | None = None,
    author_label: str = "",
    estimated_cost: Decimal | None = None,
    place: str = "",
    latitude: float | None = None,
    longitude: float | None = None,
    round_id: int | None = None,
    import_key: str | None = None,
    file_ids: Iterable[int] = (),
) -> Proposal:
    """A published proposal from another source, with its first steps on the timeline.

    With an `import_key` already known, the proposal made then is returned: importing twice makes one.
    From there the usual commands take it further.
    """
    if import_key is not None:
        known = db.session.scalar(select(Proposal).where(Proposal.import_key == import_key))
        if known is not None:
            return queries.lock_proposal(known.id)
    proposal = Proposal(
        author_id=author_id,
        author_label=clean_line(author_label)[:120],
        import_key=import_key,
        state=State.PUBLISHED,
        state_since=now,
        round_id=round_id,
        created_at=now,
        updated_at=now,
        submitted_at=now,
        published_at=now,
        version=1,
        editor=secrets.token_hex(4),
    )
    draft = Draft(title, problem, idea, neighbourhood_id, category_id, "", place, latitude, longitude)
    _fill(proposal, draft)
    proposal.estimated_cost = estimated_cost
    proposal.files = [ProposalFile(file_id=file_id, kind="image") for file_id in file_ids]
    db.session.add(proposal)
    db.session.flush()
    timeline.add("proposal", proposal.id, "proposal.submitted", now)
    timeline.add("proposal", proposal.id, "proposal.published", now, role="system")
    audit.record(SYSTEM, "proposal.imported", "proposal", proposal.id, now)
    share_files(proposal)
    return proposal


create_for_demo = create_for_import

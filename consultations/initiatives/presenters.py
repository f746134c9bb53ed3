"""What pages and panels show about citizens' drafts, made once for page and panel."""

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime
from typing import Any

from flask import g, request, url_for
from flask_babel import gettext as _

from civic import links, numbers, timeline
from civic.clock import city_date
from civic.deadlines import queries as deadlines
from civic.format import count, day, deadline, exact_percent, ngettext, remaining
from civic.moderation.queries import find_open_case
from civic.organisations import acting
from civic.places import queries as places
from civic.text import excerpt
from consultations import areas
from consultations.initiatives import leaving, policy, queries, rules, signing, undoing
from consultations.initiatives.labels import STATES, TONES
from consultations.initiatives.models import Initiative, PaperSheet, Signature, SignatureShare
from consultations.initiatives.rules import State, Tally, state_of
from consultations.presenters import drawn

#: How many signatures are drawn for the check, at most.
SAMPLE = 50


def share_words(share: SignatureShare) -> str:
    """The share of electors as it is set: `5 %`."""
    return exact_percent((share.percent / 100).normalize())


def progress_words(one: Initiative, tally: Tally) -> str:
    """How many signatures there are of how many."""
    return ngettext(
        "%(valid)s of %(required)s signature", "%(valid)s of %(required)s signatures",
        one.required or 0, valid=count(tally.valid), required=count(one.required or 0),
    )  # fmt: skip


def when_sentence(one: Initiative, now: datetime) -> str:
    """The one date that matters now."""
    state = state_of(one, now)
    if state == State.COLLECTING and one.closes_at is not None:
        return _(
            "It can be signed until %(moment)s (%(left)s).",
            moment=deadline(one.closes_at), left=remaining(one.closes_at, now),
        )  # fmt: skip
    if state == State.ENDED and one.deposit_until is not None:
        return _("The lists can be deposited until %(moment)s.", moment=deadline(one.deposit_until))
    if state == State.DEPOSITED and one.verify_due_at is not None:
        return _(
            "The secretary general verifies the signatures until %(moment)s.",
            moment=deadline(one.verify_due_at),
        )
    if state == State.SUBMITTED and one.form_due_at is not None:
        return _("The secretary general checks the form until %(moment)s.", moment=deadline(one.form_due_at))
    return ""


def late_words(one: Initiative, now: datetime) -> str:
    """By how many days the secretariat is late; empty when it is not."""
    due = {State.SUBMITTED: one.form_due_at, State.DEPOSITED: one.verify_due_at}.get(state_of(one, now))
    if due is None or now <= due:
        return ""
    days = max(1, (city_date(now) - city_date(due)).days)
    return ngettext("It is late by %(num)s day.", "It is late by %(num)s days.", days)


def card(one: Initiative, tally: Tally, now: datetime) -> dict[str, Any]:
    """An initiative in a list."""
    state = state_of(one, now)
    signatures = progress_words(one, tally) if one.required is not None else ""
    parts = (excerpt(one.reasons, 160), f"{signatures}." if signatures else "", when_sentence(one, now))
    return {
        "title": one.title,
        "url": url_for("initiatives.show", initiative_id=one.id),
        "meta": areas.name_of(one.neighbourhood),
        "text": " ".join(part for part in parts if part),
        "standing": {"name": STATES[state], "tone": TONES[state]},
    }


def cards(rows: Sequence[Initiative], now: datetime) -> list[dict[str, Any]]:
    """Initiatives in a list, with their signatures."""
    tallies = queries.tallies([row.id for row in rows])
    return [card(row, tallies[row.id], now) for row in rows]


def list_context(now: datetime, *, staff: bool) -> dict[str, Any]:
    """The list, for everyone or with what waits for the check of its form."""
    area = places.find_neighbourhood_by_slug(request.args.get("area", ""))
    shown: Collection[State] = (State.SUBMITTED, *rules.PUBLIC) if staff else rules.PUBLIC
    state = request.args.get("state", "")
    filters = queries.Filters(state if state in shown else "", area.id if area else None)
    page = numbers.page_number()
    rows, total = queries.list_initiatives(filters, now, page, staff=staff)
    return {
        "filters": filters,
        "args": request.args,
        "rows": rows,
        "cards": cards(rows, now),
        "late": {row.id: late_words(row, now) for row in rows},
        "when": {row.id: when_sentence(row, now) for row in rows},
        "total": total,
        "page": page,
        "pages": max(1, -(-total // queries.PAGE_SIZE)),
        "state_choices": [("", _("All stages")), *((one, STATES[one]) for one in shown)],
        "area_choices": [
            ("", _("All areas")),
            *((one.slug, one.name) for one in places.list_neighbourhoods()),
        ],
    }


def strip(one: Initiative, now: datetime) -> list[dict[str, Any]]:
    """The steps of the procedure for the phase strip; none before the draft was published."""
    if one.published_at is None or one.closes_at is None or one.deposit_until is None:
        return []
    state = state_of(one, now)
    steps = [
        (_("Published"), day(one.published_at)),
        (_("Signatures"), _("until %(moment)s", moment=deadline(one.closes_at))),
        (
            _("Deposit"),
            day(one.deposited_at) if one.deposited_at else _("until %(moment)s", moment=deadline(one.deposit_until)),
        ),
        (_("Verification"), _("until %(moment)s", moment=deadline(one.verify_due_at)) if one.verify_due_at else ""),
    ]  # fmt: skip
    place = {State.COLLECTING: 1, State.ENDED: 2, State.DEPOSITED: 3}.get(state, 4)
    made = drawn(steps, place)
    if state in (State.WITHDRAWN, State.LAPSED):
        return [made[0], {"name": STATES[state], "text": "", "state": "now"}]
    if state in (State.ACCEPTED, State.REFUSED) and one.decided_at is not None:
        return [*made, {"name": STATES[state], "text": day(one.decided_at), "state": "now"}]
    return [*made, {"name": _("Public consultation"), "text": "", "state": "next"}]


def _next_step(one: Initiative, now: datetime) -> dict[str, Any] | None:
    state = state_of(one, now)
    if state == State.COLLECTING:
        return {
            "sentence": _("The collection of signatures ends"), "deadline": one.closes_at,
            "after": _("The initiators can deposit the lists as soon as there are enough, and for a while after the end."),
        }  # fmt: skip
    if state == State.ENDED:
        return {
            "sentence": _("The lists are deposited"), "deadline": one.deposit_until,
            "after": _("If they are not deposited by then, the draft does not go on."),
        }  # fmt: skip
    if state == State.DEPOSITED:
        return {
            "sentence": _("The secretary general verifies the signatures"), "deadline": one.verify_due_at,
            "after": _("With enough valid signatures, the draft goes into public consultation and then to the council."),
        }  # fmt: skip
    return None


def detail_context(one: Initiative, now: datetime) -> dict[str, Any]:
    """Everything on the page of one initiative."""
    state, tally = state_of(one, now), queries.tally(one.id)
    organisation = acting.cards([one.organisation_id]).get(one.organisation_id or 0)
    become = one.consultation
    return {
        "initiative": one,
        "state": state,
        "state_name": STATES[state],
        "tone": TONES[state],
        "area": areas.name_of(one.neighbourhood),
        "initiators": leaving.names_of(one),
        "when": when_sentence(one, now),
        "late": late_words(one, now),
        "tally": tally,
        "progress": progress_words(one, tally) if one.required is not None else "",
        "percent": share_words(one.share) if one.share else "",
        "organisation": organisation,
        "strip": strip(one, now),
        "events": timeline.list_events("initiative", one.id),
        "next_step": _next_step(one, now),
        "chain": links.chain("initiative", one.id) if become is not None and become.announced_at else [],
        "in_preparation": become is not None and become.announced_at is None,
        "can_manage": policy.can_manage(g.actor),
        "is_author": policy.is_author(g.actor, one),
        "can_deposit": policy.can_deposit(g.actor, one, tally.valid, now),
        "now": now,
    }


def show_context(one: Initiative, now: datetime) -> dict[str, Any]:
    """The same with what the reader may do about it."""
    own = signing.find_own(g.actor, one.id) if one.published_at is not None else None
    person = queries.find_person(g.actor.person_id)
    return {
        **detail_context(one, now),
        "own": own,
        "can_sign": policy.can_sign(g.actor, person, one, own, now),
        "collecting": policy.is_collecting(one, now),
        "can_take_back": policy.can_take_back(one, own, now),
        "waits": undoing.waits(one.id)
        if one.submitted_at is not None and one.published_at is None
        else False,
        "can_write": policy.can_write(g.actor, one, now),
        "can_withdraw": policy.can_withdraw(g.actor, one, now),
    }


def sheet_rows(sheets: Sequence[PaperSheet]) -> list[dict[str, Any]]:
    """The sheets of paper as staff read them."""
    return [{"sheet": one, "has_scan": one.file is not None} for one in sheets]


def signer_rows(signatures: Iterable[Signature], first: int = 1) -> list[dict[str, Any]]:
    """Signatures with what their signers wrote, for the secretariat alone."""
    return [
        {"number": number, "signature": one, "line": signing.read(one)}
        for number, one in enumerate(signatures, start=first)
    ]


def staff_context(one: Initiative, now: datetime) -> dict[str, Any]:
    """The page of the secretariat."""
    return {
        **detail_context(one, now),
        "can_check": policy.can_check(g.actor, one, now),
        "can_publish": policy.can_publish(g.actor, one, find_open_case(undoing.KIND, one.id), now),
        "can_enter": policy.can_enter_sheets(g.actor, one, now),
        "can_verify": policy.can_verify(g.actor, one, now),
        "sheets": sheet_rows(queries.list_sheets(one.id)),
        "left": leaving.left_name(one) if policy.can_manage(g.actor) else "",
        "in_force": queries.current_electors().get(one.neighbourhood_id),
        "collect": deadlines.get_current(rules.COLLECT),
    }


def resolve(ids: Any) -> dict[int, links.Link]:
    """Published initiatives as they are named elsewhere."""
    return {
        one.id: links.Link(
            "initiative", one.id, one.title, url_for("initiatives.show", initiative_id=one.id),
            _("Citizens' draft decision"),
        )
        for one in queries.list_by_ids(ids).values()
    }  # fmt: skip

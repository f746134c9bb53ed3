"""The deposit of the lists, the secretary's verification, and the consultation an accepted draft becomes."""

import secrets
from dataclasses import dataclass
from datetime import datetime

from flask_babel import force_locale
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from civic import audit, links, timeline
from civic.actor import Actor
from civic.deadlines.service import give
from civic.errors import Conflict, Invalid
from civic.extensions import db
from civic.format import count, ngettext
from civic.places import queries as places
from civic.policy import enforce
from civic.text import clean_text
from consultations import file_service
from consultations import service as consultations
from consultations.initiatives import policy, queries, rules, telling
from consultations.initiatives.models import Initiative
from consultations.models import Consultation
from consultations.typeset import pdf

KIND = "initiative"


def deposit(actor: Actor, initiative_id: int, now: datetime) -> Initiative:
    """Deposit the lists: no signature is added or taken back from here on, and the clock of the verification runs."""
    one = queries.lock_initiative(initiative_id)
    tally = queries.tally(one.id)
    decision = policy.can_deposit(actor, one, tally.valid, now)
    if not decision:
        raise Conflict(decision.reason)
    given = give(rules.VERIFY, now)
    one.deposited_at, one.verify_due_at = now, given.due_at
    one.sample_seed = secrets.token_hex(16)
    _changed(one, now)
    timeline.add(
        KIND, one.id, "initiative.deposited", now, role="" if policy.is_author(actor, one) else timeline.role_of(actor)
    )  # fmt: skip
    details = {"online": tally.online, "paper": tally.paper, "deadline": given.version.id}
    audit.record(actor, "initiative.deposited", KIND, one.id, now, details)
    return one


def _changed(one: Initiative, now: datetime) -> None:
    one.changed_at = now
    one.version += 1
    db.session.flush()


@dataclass(frozen=True)
class Verdict:
    """What the verification came to."""

    reason: str
    department_id: int | None = None


def decide(actor: Actor, initiative_id: int, verdict: Verdict, now: datetime) -> Initiative:
    """End the verification. Enough valid signatures make a consultation of it; too few end it. The reason is public.

    What counts is not typed: every signature that was not struck. The law leaves the secretary no other choice.
    """
    one = queries.lock_initiative(initiative_id)
    enforce(policy.can_manage(actor))
    decision = policy.can_verify(actor, one, now)
    if not decision:
        raise Conflict(decision.reason)
    words = clean_text(verdict.reason)[: rules.MAX_WHY]
    if not words:
        raise Invalid(_("Write how the signatures were verified: everyone reads it."))
    valid = queries.tally(one.id).valid
    enough = one.required is not None and valid >= one.required
    if enough:
        one.consultation_id = _become(actor, one, verdict.department_id, now).id
    one.outcome = rules.ACCEPTED if enough else rules.REFUSED
    one.outcome_reason, one.decided_at, one.valid_total = words, now, valid
    _changed(one, now)
    timeline.add(
        KIND, one.id, f"initiative.{one.outcome}", now,
        role=timeline.role_of(actor), reason=words,
    )  # fmt: skip
    details = {"valid": valid, "required": one.required, "consultation": one.consultation_id}
    audit.record(actor, f"initiative.{one.outcome}", KIND, one.id, now, details)
    subject = (
        _l("The signatures are enough: %(title)s", title=one.title)
        if enough
        else _l("The signatures are not enough: %(title)s", title=one.title)
    )
    telling.tell_followers(one, subject, lambda: _result(one), now)
    return one


def _result(one: Initiative) -> str:
    valid = one.valid_total or 0
    counted = ngettext(
        "%(count)s signature counts.", "%(count)s signatures count.", valid, count=count(valid)
    )
    asked = _("%(required)s were asked for.", required=count(one.required or 0))
    then = (
        _(
            "The draft now goes through the procedure of every draft decision: a public consultation, then the council."
        )
        if one.outcome == rules.ACCEPTED
        else _("The draft does not go on.")
    )
    return f"{counted} {asked} {then}"


def _become(actor: Actor, one: Initiative, department_id: int | None, now: datetime) -> Consultation:
    """The consultation a draft becomes, in preparation, with the citizens' text and reasons in its file."""
    if places.find_department(department_id) is None or department_id is None:
        raise Invalid(_("Choose the department that prepares the consultation."))
    with force_locale(consultations.OFFICIAL):
        text, reasons = (
            _("Draft decision put forward by citizens"),
            _("Explanatory memorandum of the initiators"),
        )
    made = consultations.create(
        actor,
        consultations.Draft(
            rules.CONSULTATION_KIND, one.title, one.reasons[:5000], "decision_making", department_id,
            one.neighbourhood_id,
        ),
        now,
        from_citizens=True,
    )  # fmt: skip
    for kind, title, words in (("draft", text, one.text), ("justification", reasons, one.reasons)):
        file_service.add_document(
            actor, made.id, kind, title, pdf(title, [one.title, *words.split("\n")]), now
        )
    links.connect(KIND, one.id, "consultation", made.id)
    return made

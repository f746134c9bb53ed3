"""One case on the moderators' desk: taking it, deciding it, going on to the next, undoing; and many at one stroke."""

from typing import Any

from flask import Response, flash, g, make_response, redirect, render_template, request, url_for
from flask_babel import gettext as _

from civic import clock, numbers
from civic.errors import Conflict, Invalid, NotFound
from civic.extensions import db
from civic.format import ngettext
from civic.moderation import (
    bulk,
    claims,
    labels,
    policy,
    queries,
    reasons,
    rules,
    service,
    subjects,
    undoing,
)
from civic.moderation.forms import DecisionForm, RedactionForm, UndoForm, redaction_form
from civic.moderation.gate import labels as gate_labels
from civic.moderation.gate import queries as gate
from civic.moderation.models import ModerationCase
from civic.moderation.rules import Decision
from civic.moderation.views import blueprint
from civic.page_forms import take
from civic.policy import Action, may, requires
from civic.text import render_plain
from civic.unit_of_work import writes

CASE = "/staff/moderation/<int:case_id>"


def _subject_of(case: ModerationCase) -> subjects.Subject | None:
    key = (case.subject_kind, case.subject_id)
    return subjects.load_all([key]).get(key)


def _held_by_another(case: ModerationCase) -> bool:
    held = case.claimed_until is not None and case.claimed_until > clock.now()
    return held and case.claimed_by_id != g.actor.id


def _context(case: ModerationCase, subject: subjects.Subject) -> dict[str, Any]:
    """What a moderator should know before deciding: the author, similar texts, the same words elsewhere."""
    kind, key = subjects.get_kind(case.subject_kind), (case.subject_kind, case.subject_id)
    return {
        "history": queries.author_history(case.author_id or subject.author_id, case.id),
        "similar": kind.similar(case.subject_id) if kind.similar else [],
        "same": queries.count_same(case),
        "held_for": gate_labels.held_name(gate.held_for([key]).get(key, "")),
    }


def _case_page(
    case: ModerationCase, form: DecisionForm | None, status: int = 200, undo: UndoForm | None = None
) -> Response:
    subject, kind, now = _subject_of(case), subjects.get_kind(case.subject_kind), clock.now()
    values: dict[str, Any] = {"history": None, "similar": [], "same": 0, "held_for": ""}
    if subject is not None and case.decided_at is None:
        values = _context(case, subject)
    body = render_template(
        "moderation/case.html",
        case=case,
        kind=kind,
        subject=subject,
        text=render_plain(subject.text) if subject else "",
        decision=policy.can_decide(g.actor, subject) if subject else None,
        held=_held_by_another(case),
        mine=case.claimed_by_id == g.actor.id
        and not _held_by_another(case)
        and case.claimed_until is not None,
        form=_offer(form or DecisionForm(None), case),
        undo=undo or UndoForm(None),
        undoable=_may_undo(case),
        redactable=Decision.REDACT in kind.supports,
        past=queries.list_past_cases(case.subject_kind, case.subject_id, case.id),
        aside=_aside(),
        last_case=numbers.whole_number(request.args.get("last", "")),
        decision_keys=[
            (labels.DECISION_KEYS[one], labels.DECISIONS[one], "decision", one)
            for one in rules.decisions_for(case.why, kind.supports)
        ],
        reason_keys=[(labels.REASON_KEYS[code], name, "reason", code) for code, name in reasons.choices()],
        labels=labels,
        now=now,
        Decision=Decision,
        **values,
    )
    return make_response(body, status)


def _may_undo(case: ModerationCase) -> bool:
    """Whether the actor finds the form that undoes the decision."""
    if not undoing.is_undoable(case):
        return False
    try:
        return bool(policy.can_decide(g.actor, undoing.subject_of(case)))
    except NotFound:
        return False


def _offer(form: DecisionForm, case: ModerationCase) -> DecisionForm:
    """Fill the lists to choose from."""
    supported = subjects.get_kind(case.subject_kind).supports
    form.decision.choices = [
        (str(one), labels.DECISIONS[one]) for one in rules.decisions_for(case.why, supported)
    ]
    form.department.choices = [
        ("", _("Choose a department")),
        *((str(one.id), one.name) for one in queries.list_departments()),
    ]
    return form


def _aside() -> list[int]:
    """Cases put aside while going through the queue, as the address carries them."""
    found = (numbers.whole_number(text) for text in request.values.getlist("aside"))
    return [number for number in found if number is not None][:100]


def _go_on(undo_case: int | None = None) -> Response:
    """To the next case nobody holds, or back to the queue when there is none."""
    following = claims.claim_next(g.actor, clock.now(), but=_aside())
    if following is None:
        flash(_("Nothing else waits for you."), "success")
        return redirect(url_for("moderation.queue"), code=303)  # type: ignore[return-value]
    target = url_for("moderation.case", case_id=following.id, aside=_aside() or None, last=undo_case)
    return redirect(target, code=303)  # type: ignore[return-value]


@blueprint.get(CASE)
@requires(Action.VIEW_MODERATION)
def case(case_id: int) -> Response:
    """One case: the text, why it is here, what was decided before, and the decision."""
    return _case_page(queries.get_case(case_id), None)


@blueprint.post(CASE)
@requires(Action.MODERATE)
@writes
def decide(case_id: int) -> Response:
    """Decide a case, and go on to the next when asked to."""
    case = queries.get_case(case_id)
    form = _offer(DecisionForm(), case)
    if not form.validate():
        return _case_page(case, form, 422)
    try:
        service.decide(
            g.actor,
            case_id,
            Decision(form.decision.data),
            clock.now(),
            reason_code=form.reason.data,
            text=form.text.data or "",
            department_id=numbers.whole_number(form.department.data),
            registration_number=form.registration_number.data or "",
        )
    except Invalid as error:
        db.session.rollback()
        form.form_errors.append(str(error.message))
        return _case_page(queries.get_case(case_id), form, 422)
    flash(_("Decided. The author is told."), "success")
    if request.form.get("then") == "next":
        return _go_on(case_id)
    return redirect(url_for("moderation.queue"), code=303)  # type: ignore[return-value]


@blueprint.post("/staff/moderation/next")
@requires(Action.MODERATE)
@writes
def next_case() -> Response:
    """Take the most pressing case that nobody holds. One put aside is given back first."""
    put_aside = numbers.whole_number(request.form.get("release", ""))
    if put_aside is not None:
        claims.release(g.actor, put_aside, clock.now())
    return _go_on()


@blueprint.post(f"{CASE}/claim")
@requires(Action.MODERATE)
@writes
def claim(case_id: int) -> Response:
    """Hold a case for a while, so that nobody else decides it meanwhile."""
    claims.claim(g.actor, case_id, clock.now())
    return redirect(url_for("moderation.case", case_id=case_id), code=303)  # type: ignore[return-value]


@blueprint.post(f"{CASE}/release")
@requires(Action.MODERATE)
@writes
def release(case_id: int) -> Response:
    """Give a case back to the others."""
    claims.release(g.actor, case_id, clock.now())
    return redirect(url_for("moderation.queue"), code=303)  # type: ignore[return-value]


@blueprint.post(f"{CASE}/undo")
@requires(Action.MODERATE)
@writes
def undo(case_id: int) -> Any:
    """Undo a decision: what it changed is put back and the case waits again."""
    form, again = UndoForm(), []
    refusal = take(
        form,
        "reason",
        lambda: again.append(undoing.undo(g.actor, case_id, form.reason.data or "", clock.now())),
        lambda status: _case_page(queries.get_case(case_id), None, status, form),
    )
    if refusal is not None:
        return refusal
    flash(_("Undone. It is as it was before, and waits for a decision again."), "success")
    return redirect(url_for("moderation.case", case_id=again[0].id), code=303)


# --- taking personal data out ------------------------------------------------------------------------------


def _redactable(case_id: int) -> tuple[ModerationCase, subjects.Subject, list[subjects.Part]]:
    """A case whose texts can have words replaced, or NotFound."""
    case = queries.get_case(case_id)
    kind, subject = subjects.get_kind(case.subject_kind), _subject_of(case)
    if subject is None or kind.parts is None or case.decided_at is not None:
        raise NotFound
    return case, subject, kind.parts(case.subject_id)


def _redact_page(case_id: int, form: RedactionForm | None, status: int = 200) -> Response:
    case, subject, parts = _redactable(case_id)
    body = render_template(
        "moderation/redact.html",
        case=case,
        subject=subject,
        parts=parts,
        form=form or redaction_form(parts, filled=True),
        mark=service.mark_for(subject),
        waits=subjects.get_kind(case.subject_kind).waits(case.subject_id),
        decision=policy.can_decide(g.actor, subject),
        held=_held_by_another(case),
        aside=_aside(),
    )
    return make_response(body, status)


@blueprint.get(f"{CASE}/redact")
@requires(Action.MODERATE)
def redact(case_id: int) -> Response:
    """The texts, to mark what has to go."""
    return _redact_page(case_id, None)


@blueprint.post(f"{CASE}/redact")
@requires(Action.MODERATE)
@writes
def send_redaction(case_id: int) -> Response:
    """Take the marked words out."""
    _case, _subject, parts = _redactable(case_id)
    form = redaction_form(parts)
    if not form.validate():
        return _redact_page(case_id, form, 422)
    try:
        service.decide(
            g.actor,
            case_id,
            Decision.REDACT,
            clock.now(),
            reason_code="personal_data",
            text=form.text.data or "",
            parts=form.texts(),
        )
    except (Invalid, Conflict) as error:
        db.session.rollback()
        form.form_errors.append(str(error.message))
        return _redact_page(case_id, form, error.status)
    flash(_("The personal data are out. The author is told."), "success")
    return _go_on(case_id)


# --- many at one stroke --------------------------------------------------------------------------------------


@blueprint.post("/staff/moderation")
@requires(Action.MODERATE)
@writes
def decide_many() -> Response:
    """Publish the chosen ones, or hide them as spam. Those that cannot be are told one by one, and stay."""
    ids, now = numbers.sent_numbers("ids", most=100), clock.now()
    back = url_for("moderation.queue") + (f"?{request.query_string.decode()}" if request.args else "")
    if not ids:
        flash(_("Choose at least one from the list."), "warning")
        return redirect(back, code=303)  # type: ignore[return-value]
    if request.form.get("bulk_action") == "spam":
        stroke = bulk.hide_many(g.actor, ids, "spam", "", now)
        said = ngettext("%(num)s text was hidden as spam.", "%(num)s texts were hidden as spam.", stroke.done)
    else:
        stroke = bulk.publish_many(g.actor, ids, now)
        said = ngettext("%(num)s text was published.", "%(num)s texts were published.", stroke.done)
    if stroke.done:
        flash(said, "success")
    for title, why in stroke.refused:
        flash(_("“%(title)s”: %(why)s", title=title, why=why), "warning")
    if not stroke.done:
        return redirect(back, code=303)  # type: ignore[return-value]
    return redirect(url_for("moderation.batch", batch=stroke.batch), code=303)  # type: ignore[return-value]


def _batch_page(batch: str, form: UndoForm, status: int = 200) -> Response:
    cases = queries.list_batch(batch)
    if not cases:
        raise NotFound
    found = subjects.load_all((case.subject_kind, case.subject_id) for case in cases)
    body = render_template(
        "moderation/batch.html",
        batch=batch,
        cases=[(case, found.get((case.subject_kind, case.subject_id))) for case in cases],
        left=[case for case in cases if undoing.is_undoable(case)],
        form=form,
        labels=labels,
        may_decide=may(g.actor, Action.MODERATE),
    )
    return make_response(body, status)


@blueprint.get("/staff/moderation/together/<batch>")
@requires(Action.VIEW_MODERATION)
def batch(batch: str) -> Response:
    """What was decided at one stroke, and undoing it."""
    return _batch_page(batch, UndoForm(None))


@blueprint.post("/staff/moderation/together/<batch>")
@requires(Action.MODERATE)
@writes
def undo_batch(batch: str) -> Response:
    """Undo everything decided at one stroke. What cannot be is told."""
    form = UndoForm()
    if not queries.list_batch(batch):
        raise NotFound
    if not form.validate():
        return _batch_page(batch, form, 422)
    done, refusals = undoing.undo_batch(g.actor, batch, form.reason.data or "", clock.now())
    if done:
        flash(ngettext("%(num)s decision was undone.", "%(num)s decisions were undone.", done), "success")
    for sentence in dict.fromkeys(refusals):
        flash(sentence, "warning")
    return redirect(url_for("moderation.batch", batch=batch), code=303)  # type: ignore[return-value]

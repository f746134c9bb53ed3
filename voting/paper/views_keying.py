"""Keying sheets by the keyboard alone: number, marks, Enter; and what a third person decides where two differ."""

from typing import Any

from flask import Response, flash, g, redirect, render_template, request, url_for
from flask_babel import gettext as _

from civic import clock
from civic.errors import DomainError
from civic.policy import Action, requires
from civic.rounds.models import Round
from civic.rounds.queries import get_any_round
from civic.security import is_fragment
from civic.unit_of_work import writes
from voting.paper import policy, queries, service
from voting.paper.forms import KeyForm, SettleForm
from voting.paper.models import PaperBatch
from voting.paper.rules import Mistyped, codes_by_number
from voting.paper.views import blueprint, get_frozen, no_store, words


def _key_page(round_: Round, batch: PaperBatch, form: KeyForm, status: int, **more: Any) -> Response:
    decision = policy.can_key(g.actor, round_, batch)
    context = {
        "round": round_,
        "batch": batch,
        "form": form,
        "decision": decision,
        "mine": queries.count_keyed_by(batch.id, g.actor.id),
        "progress": queries.progress_of([batch.id])[batch.id],
        "points": any(group.kind == "points" for group in get_frozen(round_).groups.values()),
        "kept_sheet": more.get("kept_sheet"),
        "otherwise": more.get("otherwise", False),
        "at_marks": more.get("at_marks", False),
    }
    template = "voting/paper/_key.html" if is_fragment() else "voting/paper/key.html"
    return no_store(render_template(template, **context), status)


@blueprint.route("/batches/<int:batch_id>/key", methods=["GET", "POST"])
@requires(Action.KEY_PAPER)
@writes
def key(round_id: int, batch_id: int) -> Any:
    """Key one sheet after the other. The page is the same for the first and the second person."""
    round_, batch = get_any_round(round_id), queries.get_batch(round_id, batch_id)
    if request.method == "GET":
        kept = request.args.get("kept", "")
        shown = kept if kept.isascii() and kept.isdigit() and len(kept) < 10 else None
        return _key_page(round_, batch, KeyForm(None), 200, kept_sheet=shown)
    form, plan = KeyForm(request.form), get_frozen(round_)
    typed_serial, typed_marks = form.serial.data or "", form.marks.data or ""
    field, otherwise = form.serial, False
    try:
        serial = service.read_serial(typed_serial)
        field = form.marks
        entry = service.read_typed(plan, serial, typed_marks)
        service.key_sheet(g.actor, round_, batch, serial, entry, replace=bool(form.replace.data))
    except service.UnknownSheet as mistake:
        field = form.serial
        field.errors = [str(mistake.sentence)]
    except Mistyped as mistake:
        field.errors = [str(mistake.sentence)]
    except service.KeyedOtherwise as refusal:
        field, otherwise = form.marks, True
        field.errors = [str(refusal.message)]
    except DomainError as refusal:
        field = form.serial
        field.errors = [str(refusal.message)]
    else:
        if is_fragment():
            return _key_page(round_, batch, KeyForm(None), 200, kept_sheet=serial)
        return redirect(
            url_for("staff_paper.key", round_id=round_id, batch_id=batch_id, kept=serial),
            code=303,
        )
    return _key_page(round_, batch, form, 422, otherwise=otherwise, at_marks=field is form.marks)


@blueprint.get("/batches/<int:batch_id>/differences")
@requires(Action.KEY_PAPER)
def differences(round_id: int, batch_id: int) -> Response:
    """The sheets on which two people differ."""
    round_, batch = get_any_round(round_id), queries.get_batch(round_id, batch_id)
    sheets = [
        (one, policy.can_settle(g.actor, round_, batch, one)) for one in queries.list_differing(batch_id)
    ]
    return no_store(
        render_template("voting/paper/differences.html", round=round_, batch=batch, sheets=sheets)
    )


@blueprint.route("/batches/<int:batch_id>/differences/<int:serial>", methods=["GET", "POST"])
@requires(Action.KEY_PAPER)
@writes
def settle(round_id: int, batch_id: int, serial: int) -> Any:
    """A third person looks at the sheet and at both readings."""
    round_, batch = get_any_round(round_id), queries.get_batch(round_id, batch_id)
    sheet, plan = queries.get_sheet(batch, serial), get_frozen(round_)
    back = redirect(url_for("staff_paper.differences", round_id=round_id, batch_id=batch_id), code=303)
    if sheet.final is not None or sheet.first_entry is None or sheet.second_entry is None:
        return back
    decision = policy.can_settle(g.actor, round_, batch, sheet)
    box = service.entry_box(round_id)
    readings = {"a": box.open(sheet.first_entry), "b": box.open(sheet.second_entry)}
    form = SettleForm(request.form if request.method == "POST" else None)
    form.reading.choices = [
        *((name, words(reading)) for name, reading in readings.items()),
        ("other", _("Something else")),
    ]
    if request.method == "POST" and form.validate():
        try:
            entry = readings.get(form.reading.data) or service.read_typed(plan, serial, form.marks.data or "")
            service.settle(g.actor, round_, batch, serial, entry, clock.now())
        except Mistyped as mistake:
            form.marks.errors = [str(mistake.sentence)]
        except DomainError as refusal:
            form.form_errors.append(str(refusal.message))
        else:
            flash(_("The sheet %(serial)s is settled.", serial=serial), "success")
            return back
    codes = codes_by_number(plan)
    named = sorted({number for reading in readings.values() for number in reading.marks})
    body = render_template(
        "voting/paper/settle.html", round=round_, batch=batch, sheet=sheet, form=form, decision=decision,
        titles=[(number, plan.projects[codes[number]].title) for number in named],
    )  # fmt: skip
    return no_store(body, 422 if request.method == "POST" else 200)

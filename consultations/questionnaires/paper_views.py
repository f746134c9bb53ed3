"""Staff: the whole questionnaire on one page. As a preview nothing is stored; printed it is the sheet of paper;
the desk enters sheets by it."""

import secrets
from typing import Any

from flask import Blueprint, Response, flash, g, redirect, render_template, request, session
from flask_babel import gettext as _

from civic import clock
from civic.errors import Invalid
from civic.fields import error_items
from civic.files.views import hand_out
from civic.format import language
from civic.numbers import whole_number
from civic.policy import Action, enforce, may, requires
from civic.text import render_markdown
from civic.unit_of_work import writes, writes_itself
from consultations.questionnaires import answering, export, owners, policy, queries, rules, sheet, words
from consultations.questionnaires.models import Questionnaire
from consultations.questionnaires.staff_views import address, crumbs, show_with

blueprint = Blueprint(
    "staff_questionnaire_sheet",
    __name__,
    url_prefix="/staff/consultations/<int:consultation_id>/questionnaires/<int:questionnaire_id>",
)


def _whole(one: Questionnaire, template: str, problems: dict[str, Any], heading: str, **more: Any) -> str:
    asked = one.asked if more.get("preview") else answering.on_paper(one.asked)
    raw = rules.kept(asked.items(), request.form)
    pages, number = [], 1
    for page in asked.pages:
        shown = sheet.show(page.items, raw, problems, number)
        number += sum(item.asks for item in page.items)
        branches = {item.key: words.condition_words(asked, item) for item in page.items}
        pages.append((page, shown, words.condition_words(asked, page), branches))
    intro = one.told("intro", language())
    return render_template(
        template,
        one=one,
        pages=pages,
        title=one.told("title", language()),
        intro=render_markdown(intro) if intro else "",
        wrong=[shown for _page, items, _said, _branches in pages for shown in items if shown.problem],
        words=words,
        heading=heading,
        breadcrumbs=crumbs(one.consultation, one, heading),
        **more,
    )


@blueprint.get("/preview")
@requires(Action.VIEW_CONSULTATIONS)
def preview(consultation_id: int, questionnaire_id: int) -> str:
    """Every page at once, with its branches in words."""
    return _preview(queries.get_questionnaire(consultation_id, questionnaire_id), {}, tried=False)


@blueprint.post("/preview")
@requires(Action.MANAGE_CONSULTATIONS)
@writes_itself
def try_out(consultation_id: int, questionnaire_id: int) -> Any:
    """The preview with answers: checked and not stored."""
    one = queries.get_questionnaire(consultation_id, questionnaire_id)
    problems = rules.check_answers(one.asked, rules.kept(one.asked.items(), request.form)).problems
    return _preview(one, problems, tried=True), 422 if problems else 200


def _preview(one: Questionnaire, problems: dict[str, Any], *, tried: bool) -> str:
    return _whole(
        one,
        "questionnaires/staff/sheet.html",
        problems,
        _("Preview"),
        preview=True,
        tried=tried,
        said=None,
        trying=may(g.actor, Action.MANAGE_CONSULTATIONS),
    )


@blueprint.route("/paper", methods=["GET", "POST"])
@requires(Action.REGISTER_CONTRIBUTIONS)
@writes
def paper(consultation_id: int, questionnaire_id: int) -> Any:
    """Enter one sheet; the next one is asked for at once."""
    one, now = queries.get_questionnaire(consultation_id, questionnaire_id), clock.now()
    enforce(policy.can_enter_paper(g.actor, one, now))
    problems, said = {}, None
    owner = owners.form_for(one, request.method == "POST")
    if request.method == "POST":
        raw = rules.kept(one.asked.items(), request.form)
        form_id = request.form.get("form_id", "")[:64] or secrets.token_hex(16)
        version = whole_number(request.form.get("version")) or 0
        if form_id == session.get("sheet"):
            return _next_sheet(one, form_id)
        marks = owners.read(one, owner, now)
        problems = rules.check_answers(answering.on_paper(one.asked), raw).problems
        try:
            if marks is not None and not problems:
                answering.send_paper(g.actor, one, form_id, raw, version, now, marks)
                return _next_sheet(one, form_id)
        except answering.AnsweredBefore:
            answering.note_twice(one)
            flash(owners.refused_sentence(), "warning")
            return redirect(address("staff_questionnaire_sheet.paper", one), code=303)
        except Invalid as refusal:
            said = refusal.message
    wrong = error_items(owner) if owner is not None else []
    body = _whole(
        one,
        "questionnaires/staff/sheet.html",
        problems,
        _("Enter a sheet of paper"),
        preview=False,
        tried=False,
        said=said,
        form_id=request.form.get("form_id") or secrets.token_hex(16),
        owner=owner,
        owner_wrong=wrong,
        foreign=owner is not None and (_foreign(owner) or request.args.get("document") == "foreign"),
    )
    return body, 422 if problems or said or wrong else 200


def _next_sheet(one: Questionnaire, form_id: str) -> Any:
    """The form for the next sheet. One sent twice, by a second tap, is one sheet."""
    session["sheet"] = form_id
    flash(_("The sheet was entered. Here is the form for the next one."), "success")
    return redirect(address("staff_questionnaire_sheet.paper", one), code=303)


def _foreign(owner: Any) -> bool:
    return "kind" in owner and owner.kind.data == "document"


@blueprint.route("/export", methods=["GET", "POST"])
@requires(Action.MANAGE_CONSULTATIONS)
@writes
def export_answers(consultation_id: int, questionnaire_id: int) -> Any:
    """Ask for the answers as a file; those made before."""
    one, now = queries.get_questionnaire(consultation_id, questionnaire_id), clock.now()
    if request.method == "POST":
        chosen, spoken = request.form.get("format", ""), request.form.get("language", "ro")
        if chosen not in export.FORMATS or spoken not in export.NAMES:
            return show_with(one, _("Choose CSV or XLSX.")), 422
        task = export.ask(g.actor, one, chosen, now, spoken)
        return redirect(f"/staff/tasks/{task.id}", code=303)
    return render_template(
        "questionnaires/staff/export.html",
        one=one,
        decision=policy.can_export(g.actor, one, now),
        made=queries.list_exports(one.id),
        spoken=language(),
        breadcrumbs=crumbs(one.consultation, one, _("Export")),
    )


@blueprint.get("/exports/<int:task_id>")
@requires(Action.MANAGE_CONSULTATIONS)
def download(consultation_id: int, questionnaire_id: int, task_id: int) -> Response:
    """The file of a finished export."""
    one = queries.get_questionnaire(consultation_id, questionnaire_id)
    result = queries.get_export(one.id, task_id).result
    enforce(policy.can_export(g.actor, one, clock.now()))
    media = export.MEDIA[result["name"].rpartition(".")[2]]
    return hand_out(result["key"], media, result["size"], result["name"])

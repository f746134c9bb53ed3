"""The staff's pages: every round, planning one step by step, publishing it, extending it, closing its story."""

from typing import Any

from flask import Blueprint, current_app, flash, g, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug import Response

from civic import clock, timeline
from civic.errors import DomainError, Invalid, NotFound
from civic.fields import error_items
from civic.files.service import store_upload
from civic.files.views import file_url
from civic.numbers import page_number
from civic.policy import Action, may, requires
from civic.rounds import forms, queries, rules, rules_registry, service, steps, words
from civic.rounds.facts import Ages, Problem
from civic.rounds.lifecycle import DOCUMENT_KINDS
from civic.rounds.models import Round
from civic.rounds.service import PlanRefused
from civic.text import render_plain
from civic.unit_of_work import writes

blueprint = Blueprint("staff_rounds", __name__, url_prefix="/staff/rounds")

Answer = str | Response | tuple[str, int]


def _crumbs(*more: tuple[str, str | None]) -> list[tuple[str, str | None]]:
    return [(_("Editions"), url_for("staff_rounds.index")), *more]


def _to(round_: Round) -> Response:
    return redirect(url_for("staff_rounds.show", round_id=round_.id), code=303)


@blueprint.get("")
@requires(Action.VIEW_EVALUATIONS)
def index() -> str:
    """Every round, unpublished ones first."""
    found, now = queries.list_all_rounds(page_number()), clock.now()
    rows = [
        (round_, None if round_.asks else words.total_money(round_), state_of(round_, now))
        for round_ in found.items
    ]
    return render_template("rounds/staff/index.html", rows=rows, found=found)


def state_of(round_: Round, now: Any) -> tuple[str, str]:
    """Where a round stands, in words and as a colour."""
    if round_.published_at is None:
        return _("Not published"), "grey"
    if round_.kind == "recorded":
        return _("Recorded election"), "grey"
    current = rules.current_phases(round_.phases, now)
    if current:
        return str(words.PHASE_NAMES[current[-1]]), "sand"
    return (
        (_("Upcoming"), "blue")
        if rules.next_deadline(round_.phases, now)
        else (_("This ballot has ended") if round_.asks else _("This edition has ended"), "green")
    )


@blueprint.route("/new", methods=["GET", "POST"])
@requires(Action.MANAGE_ROUNDS)
@writes
def create() -> Answer:
    """A new round, empty or like an earlier one."""
    form = forms.NewRoundForm()
    earlier = queries.list_editions(limit=50)
    form.copy_from.choices = [("", _("an empty plan")), *((str(one.id), one.name) for one in earlier)]
    if form.validate_on_submit():
        source_id = forms.choice_or_none(form.copy_from.data)
        source = queries.get_any_round(source_id) if source_id else None
        try:
            round_ = service.create_round(
                g.actor, form.name.data or "", clock.now(), content=form.content.data, copy_from=source
            )
        except PlanRefused as refusal:
            for problem in refusal.problems:
                box = getattr(form, problem.field, form.name)
                box.errors = [*box.errors, problem.sentence]
        else:
            return redirect(url_for("staff_rounds.edit", round_id=round_.id, step="basics"), code=303)
    page = render_template("rounds/staff/new.html", form=form, breadcrumbs=_crumbs((_("New vote"), None)))
    return page, 422 if error_items(form) else 200


@blueprint.get("/<int:round_id>")
@requires(Action.VIEW_EVALUATIONS)
def show(round_id: int) -> str:
    """Where the plan of a round stands: what is filled in, what is missing, what can be done."""
    return render_template("rounds/staff/show.html", **overview(queries.get_any_round(round_id)))


def overview(round_: Round, **given: Any) -> dict[str, Any]:
    """What the page of a round is made of; `given` replaces forms that came back with errors."""
    now = clock.now()
    editable = may(g.actor, Action.MANAGE_ROUNDS) and round_.frozen_at is None and round_.kind == "city"
    missing = service.publishing_problems(round_, now) if round_.published_at is None else []
    extendable = [phase for phase in rules.in_order(round_.phases) if phase.ends_at > now]
    extend = None
    if editable and round_.published_at is not None and extendable:
        extend = given.get("extend_form") or forms.ExtendForm(formdata=None)
        extend.kind.choices = [(one.kind, words.PHASE_NAMES[one.kind]) for one in extendable]
    adopt = None
    if may(g.actor, Action.MANAGE_ROUNDS) and round_.results_at is not None and round_.adopted_at is None:
        adopt = given.get("adopt_form") or forms.AdoptForm(formdata=None)
    plan = queries.plan_facts(round_)
    return {
        "round": round_,
        "now": now,
        "state": state_of(round_, now),
        "editable": editable,
        "strip": words.phase_strip(round_, now),
        "steps": [
            (step, steps.step_url(round_, step), [p for p in missing if p.field.split("-")[0] in step.fields])
            for step in steps.steps_of(round_)
        ],
        "missing": missing,
        "extend_form": extend,
        "adopt_form": adopt,
        "form": given.get("form"),
        "document_count": len(round_.documents),
        "total": words.total_money(round_),
        "pots": [(pot, words.pot_audience(pot)) for pot in round_.pots],
        "groups": [(group, words.group_sentences(group, round_.currency)) for group in round_.groups],
        "eligibility": words.eligibility_sentences(round_, plan.everyones_ages),
        "advisory": words.advisory_note() if round_.asks else "",
        "audience": words.audience_phrase(round_),
        "costs": words.cost_sentences(round_),
        "rule": rules_registry.find_rule(round_.counting_rule),
        "counting": words.counting_sentences(round_),
        "publication": words.publication_sentence(round_),
        "dates": words.phase_rows(round_, now),
        "summary": render_plain(round_.summary),
        "events": timeline.list_events("round", round_.id),
        "breadcrumbs": _crumbs((round_.name, None)),
    }


@blueprint.route("/<int:round_id>/edit/<step>", methods=["GET", "POST"])
@requires(Action.MANAGE_ROUNDS)
@writes
def edit(round_id: int, step: str) -> Answer:
    """One step of the plan. `add`, `suggest` and `preview` change the form and store nothing."""
    round_ = queries.get_any_round(round_id)
    found = steps.find_step(round_, step)
    if found is None:
        raise NotFound
    form = steps.make_form(found, round_, request.form if request.method == "POST" else None)
    if request.method == "POST":
        if request.form.get("add"):
            steps.add_row(form)
            return _step_page(found, form, round_), 200
        if request.form.get("suggest"):
            return _suggest(found, form, round_)
        if request.form.get("preview"):
            form.validate()
            return _step_page(found, form, round_), 422 if error_items(form) else 200
        if form.validate() and _save(found, form, round_):
            following = steps.next_step(round_, found)
            if round_.published_at is None and following is not None:
                return redirect(steps.step_url(round_, following), code=303)
            flash(_("Saved."), "success")
            return _to(round_)
    return _step_page(found, form, round_), 422 if error_items(form) else 200


def _save(step: steps.Step, form: Any, round_: Round) -> bool:
    typed = steps.read_form(step, form)
    if error_items(form):
        return False
    try:
        service.edit_plan(g.actor, round_, typed.changes, clock.now(), form.reason.data or "")
    except PlanRefused as refusal:
        form.show_problems(refusal.problems, typed.rows)
        return False
    return True


def _suggest(step: steps.Step, form: Any, round_: Round) -> Answer:
    if step.name != "dates":
        raise NotFound
    if form.first_day.data is None:
        unread = list(form.first_day.process_errors)
        form.first_day.errors = unread or [_("Write the first day.")]
        return _step_page(step, form, round_), 422
    filled = steps.suggested_dates(form.first_day.data, queries.plan_facts(round_).phases)
    filled["reason"] = form.reason.data or ""
    return _step_page(step, steps.make_form(step, round_, filled), round_), 200


def _step_page(step: steps.Step, form: Any, round_: Round) -> str:
    preview = []
    if step.name == "dates":
        windows = steps.read_windows(form, complain=False)
        preview = [
            {
                "name": str(words.PHASE_NAMES[w.kind]),
                "state": "next",
                "text": words.phase_text(w, clock.now()),
                "url": None,
            }
            for w in windows
            if w.kind != "information" and w.ends_at > w.starts_at
        ]
    all_steps = steps.steps_of(round_)
    place = all_steps.index(step) + 1
    return render_template(
        f"rounds/staff/{step.name}.html",
        form=form,
        round=round_,
        plan_step=step,
        preview=preview,
        rules=rules_registry.list_rules(),
        parameter_field=forms.parameter_field,
        phase_names={kind: words.PHASE_NAMES[kind] for kind in queries.plan_facts(round_).phases},
        step=_("Step %(number)s of %(total)s", number=place, total=len(all_steps)),
        sms_available=current_app.config["SETTINGS"].sms_available,
        people_per_phone=current_app.config["SETTINGS"].people_per_phone,
        breadcrumbs=_crumbs(
            (round_.name, url_for("staff_rounds.show", round_id=round_.id)), (str(step.title), None)
        ),
    )


@blueprint.post("/<int:round_id>/publish")
@requires(Action.MANAGE_ROUNDS)
@writes
def publish(round_id: int) -> Answer:
    """Make the round public, or say everything that is missing."""
    round_ = queries.get_any_round(round_id)
    try:
        service.publish_round(g.actor, round_, clock.now())
    except PlanRefused:
        return render_template("rounds/staff/show.html", **overview(round_)), 422
    flash(_("The plan is public now."), "success")
    return _to(round_)


@blueprint.post("/<int:round_id>/extend")
@requires(Action.MANAGE_ROUNDS)
@writes
def extend(round_id: int) -> Answer:
    """Let a phase run longer, with a reason everyone reads."""
    round_, form = queries.get_any_round(round_id), forms.ExtendForm()
    form.kind.choices = [(phase.kind, phase.kind) for phase in round_.phases]
    valid = form.validate()
    if form.ends_at.data is None and not form.ends_at.errors:
        form.ends_at.errors = [str(form.ends_at.refusal)]
    elif valid and form.ends_at.data is not None:
        try:
            service.extend_phase(
                g.actor, round_, form.kind.data, form.ends_at.data, form.reason.data or "", clock.now()
            )
        except PlanRefused as refusal:
            form.show_problems(refusal.problems)
        else:
            flash(_("The phase was extended. Everyone can read why."), "success")
            return _to(round_)
    return render_template("rounds/staff/show.html", **overview(round_, extend_form=form, form=form)), 422


@blueprint.post("/<int:round_id>/adopt")
@requires(Action.MANAGE_ROUNDS)
@writes
def adopt(round_id: int) -> Answer:
    """Record the council's decision on the results."""
    round_, form = queries.get_any_round(round_id), forms.AdoptForm()
    valid = form.validate()
    if form.decision_date.data is None and not form.decision_date.errors:
        form.decision_date.errors = [str(form.decision_date.refusal)]
    elif valid and form.decision_date.data is not None:
        try:
            service.adopt_results(
                g.actor,
                round_,
                form.decision.data or "",
                form.decision_date.data,
                clock.now(),
                what=form.what.data or "",
                url=form.url.data or "",
            )
        except PlanRefused as refusal:
            form.show_problems(refusal.problems)
        else:
            flash(_("The decision is recorded."), "success")
            return _to(round_)
    return render_template("rounds/staff/show.html", **overview(round_, adopt_form=form, form=form)), 422


@blueprint.route("/<int:round_id>/documents", methods=["GET", "POST"])
@requires(Action.MANAGE_ROUNDS)
@writes
def documents(round_id: int) -> Answer:
    """The documents of a round, and a form to attach one more."""
    round_, form = queries.get_any_round(round_id), forms.DocumentForm()
    form.kind.choices = [(kind, words.document_name(kind)) for kind in DOCUMENT_KINDS]
    if form.validate_on_submit():
        try:
            _attach(round_, form)
        except PlanRefused as refusal:
            form.show_problems(refusal.problems)
        except Invalid as refusal:
            form.upload.errors = [refusal.message]
        else:
            flash(_("The document is attached."), "success")
            return redirect(url_for("staff_rounds.documents", round_id=round_.id), code=303)
    return _documents_page(round_, form), 422 if error_items(form) else 200


def _attach(round_: Round, form: forms.DocumentForm) -> None:
    if not form.upload.data:
        raise Invalid(_("Choose a file."))
    now = clock.now()
    if not (form.title.data or "").strip():
        # Found before the file is stored, so that none is kept for nothing.
        raise PlanRefused([Problem("title", _("Write the title of the document."))])
    stored = store_upload(form.upload.data, "document", g.actor, now)
    service.add_document(g.actor, round_, form.kind.data, form.title.data or "", stored.id, now)


def _documents_page(round_: Round, form: Any) -> str:
    return render_template(
        "rounds/staff/documents.html",
        form=form,
        round=round_,
        documents=[(d, words.document_name(d.kind), file_url(d.file)) for d in round_.documents],
        breadcrumbs=_crumbs(
            (round_.name, url_for("staff_rounds.show", round_id=round_.id)), (_("Documents"), None)
        ),
    )


@blueprint.post("/<int:round_id>/documents/<int:document_id>/remove")
@requires(Action.MANAGE_ROUNDS)
@writes
def remove_document(round_id: int, document_id: int) -> Answer:
    """Take a document away; of a public round with a reason."""
    round_ = queries.get_any_round(round_id)
    document = queries.find_document(round_id, document_id)
    if document is None:
        raise NotFound
    try:
        service.remove_document(g.actor, round_, document, clock.now(), request.form.get("reason", ""))
    except PlanRefused as refusal:
        raise DomainError(refusal.message) from refusal
    flash(_("The document was removed."), "success")
    return redirect(url_for("staff_rounds.documents", round_id=round_id), code=303)


@blueprint.route("/programmes", methods=["GET", "POST"])
@requires(Action.MANAGE_ROUNDS)
@writes
def programmes() -> Answer:
    """Every programme, and a form for one more."""
    form = forms.ProgrammeForm()
    if form.validate_on_submit():
        try:
            service.create_programme(
                g.actor,
                form.name.data or "",
                clock.now(),
                description=form.description.data or "",
                audience=form.audience.data or "",
                min_age=form.min_age.data,
                max_age=form.max_age.data,
            )
        except PlanRefused as refusal:
            form.show_problems(refusal.problems)
        else:
            flash(_("The programme is recorded."), "success")
            return redirect(url_for("staff_rounds.programmes"), code=303)
    page = render_template(
        "rounds/staff/programmes.html",
        form=form,
        programmes=[(p, words.ages_phrase(Ages(p.min_age, p.max_age))) for p in queries.list_programmes()],
        breadcrumbs=_crumbs((_("Programmes"), None)),
    )
    return page, 422 if error_items(form) else 200

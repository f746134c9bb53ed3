"""The paper team's pages: sheets to print, batches, what was found in the urn, the sample, the acceptance."""

from typing import Any

from flask import Blueprint, Response, flash, g, make_response, redirect, render_template, request, url_for
from flask_babel import gettext as _

from civic import clock, numbers
from civic.accounts.queries import names_of
from civic.errors import DomainError, NotFound
from civic.files.views import hand_out
from civic.policy import Action, enforce, public, requires
from civic.rounds.models import Round
from civic.rounds.queries import get_any_round
from civic.tasks import Task
from civic.unit_of_work import writes
from voting import result_queries, results_page, round_queries
from voting.paper import policy, printing, publication, queries, rules, service
from voting.paper.forms import BatchForm, PrintForm, SampleForm, UrnForm
from voting.paper.models import PaperBatch
from voting.plan import FrozenRound

blueprint = Blueprint("staff_paper", __name__, url_prefix="/staff/rounds/<int:round_id>/paper")

#: The way in for those who key sheets and manage no round.
home_blueprint = Blueprint("paper_home", __name__, url_prefix="/staff/paper")

#: The minutes of the paper ballots, for everybody, once results are public.
public_blueprint = Blueprint("public_paper", __name__)


def no_store(body: str, status: int = 200) -> Response:
    """A page that no shared computer keeps."""
    response = make_response(body, status)
    response.headers["Cache-Control"] = "no-store"
    return response


def to_batch(batch: PaperBatch) -> Any:
    """The way to a batch."""
    return redirect(url_for("staff_paper.batch", round_id=batch.round_id, batch_id=batch.id), code=303)


def get_frozen(round_: Round) -> FrozenRound:
    """The frozen plan, or NotFound."""
    plan = round_queries.plan_of(round_)
    if plan is None:
        raise NotFound
    return plan


@home_blueprint.get("")
@requires(Action.VIEW_PAPER)
def home() -> str:
    """The votes that have paper ballots, or can."""
    rounds = [one for one in round_queries.list_city_rounds() if one.frozen_at is not None]
    return render_template("voting/paper/home.html", rounds=rounds)


@public_blueprint.get("/rounds/<slug>/results/paper")
@public
def minutes(slug: str) -> str:
    """Batches, rejected lines and samples as they are published."""
    round_ = round_queries.get_public_round(slug)
    plan, _result = results_page.published(round_)
    copied = next((step for step in result_queries.list_steps(round_.id) if step.step == "copied"), None)
    data = publication.paper_data(
        round_.id, plan, copied.details.get("paper") if copied is not None else None
    )
    if data is None:
        raise NotFound
    return render_template("voting/paper/public.html", round=round_, paper=data, reasons=rules.REASONS)


# --- sheets and batches -----------------------------------------------------------------------------------


def _index(
    round_: Round, print_form: PrintForm | None, batch_form: BatchForm | None, status: int
) -> Response:
    plan = round_queries.plan_of(round_)
    decision = policy.can_prepare(g.actor, round_, plan)
    kinds = printing.list_kinds(plan) if plan is not None and decision else []
    print_form = print_form or PrintForm(None, language="ro", kind=kinds[0].key if len(kinds) == 1 else None)
    print_form.kind.choices = [(kind.key, kind.label) for kind in kinds]
    print_form.language.choices = list(printing.LANGUAGES)
    batches, runs = queries.list_batches(round_.id), queries.list_runs(round_.id)
    body = render_template(
        "voting/paper/index.html",
        round=round_,
        decision=decision,
        kinds={kind.key: len(kind.codes) for kind in kinds},
        print_form=print_form,
        batch_form=batch_form or BatchForm(None),
        runs=runs,
        batches=batches,
        progress=queries.progress_of([batch.id for batch in batches]),
        names=names_of({run.made_by_id for run in runs}),
        run_languages=dict(printing.LANGUAGES),
    )
    return no_store(body, status)


@blueprint.get("")
@requires(Action.VIEW_PAPER)
def index(round_id: int) -> Response:
    """The sheets printed and the batches, with what each waits for."""
    return _index(get_any_round(round_id), None, None, 200)


@blueprint.post("/sheets")
@requires(Action.MANAGE_PAPER)
@writes
def print_sheets(round_id: int) -> Any:
    """Order a run of sheets: the worker prints them."""
    round_, form = get_any_round(round_id), PrintForm(request.form)
    plan = round_queries.plan_of(round_)
    kinds = printing.list_kinds(plan) if plan is not None else []
    form.kind.choices = [(kind.key, kind.label) for kind in kinds]
    form.language.choices = list(printing.LANGUAGES)
    if form.validate() and plan is not None:
        kind = next(one for one in kinds if one.key == form.kind.data)
        try:
            run = printing.order_run(
                g.actor, round_, plan, kind, form.count.data or 0, form.language.data, clock.now()
            )
        except DomainError as refusal:
            form.count.errors = [str(refusal.message)]
        else:
            flash(
                _(
                    "The sheets %(first)s to %(last)s are being made: the file appears here in a minute.",
                    first=run.first_serial,
                    last=run.last_serial,
                ),
                "success",
            )
            return redirect(url_for("staff_paper.index", round_id=round_id), code=303)
    return _index(round_, form, None, 422)


@blueprint.get("/sheets/<int:run_id>.zip")
@requires(Action.MANAGE_PAPER)
def sheets(round_id: int, run_id: int) -> Response:
    """The files of a run."""
    run = queries.get_run(round_id, run_id)
    if run.key is None:
        raise NotFound
    name = f"{get_any_round(round_id).slug}-{run.first_serial}-{run.last_serial}.zip"
    return hand_out(run.key, "application/zip", run.size or 0, name)


def sheets_link(task: Task) -> tuple[object, str] | None:
    """Where a finished run is."""
    found = task.result.get("round")
    return (_("See the sheets"), url_for("staff_paper.index", round_id=found)) if found else None


@blueprint.post("/batches")
@requires(Action.MANAGE_PAPER)
@writes
def open_batch(round_id: int) -> Any:
    """Begin a batch: its desk may hand out sheets."""
    round_, form = get_any_round(round_id), BatchForm(request.form)
    if form.validate():
        try:
            batch = service.open_batch(
                g.actor,
                round_,
                round_queries.plan_of(round_),
                form.label.data or "",
                form.place.data or "",
                clock.now(),
            )
        except DomainError as refusal:
            form.label.errors = [str(refusal.message)]
        else:
            flash(_("The batch is open: the desk can hand out its sheets."), "success")
            return to_batch(batch)
    return _index(round_, None, form, 422)


# --- one batch --------------------------------------------------------------------------------------------


def _batch_page(
    round_: Round, batch: PaperBatch, urn: UrnForm | None = None, sample: SampleForm | None = None
) -> Response:
    facts = queries.batch_facts(batch)
    people = {batch.opened_by_id, batch.shut_by_id, batch.accepted_by_id}
    samples, once = queries.list_samples(batch.id), queries.list_keyed_once(batch.id)
    people |= {one.compared_by_id for one in samples} | {one.first_by_id for one in once}
    plan = get_frozen(round_)
    body = render_template(
        "voting/paper/batch.html",
        round=round_,
        batch=batch,
        decision=policy.can_change(g.actor, round_, batch),
        judging=policy.can_judge(g.actor, round_, batch, queries.has_read(batch.id, g.actor.id)),
        key_decision=policy.can_key(g.actor, round_, batch),
        facts=facts,
        problems=rules.batch_problems(facts) if batch.returned is not None else [],
        keying=rules.keying_problems(facts),
        progress=queries.progress_of([batch.id])[batch.id],
        once=once,
        urn=urn or UrnForm(None, obj=batch),
        sample_form=sample or SampleForm(None, size=99),
        samples=samples,
        waiting=next((one for one in samples if one.compared_at is None), None),
        rejected=queries.list_rejected(batch.id) if batch.accepted_at is not None else [],
        reasons=rules.REASONS,
        parts={group.id: group.name for group in plan.groups.values()},
        names=names_of({one for one in people if one}),
    )
    return no_store(body, 422 if urn or sample else 200)


@blueprint.get("/batches/<int:batch_id>")
@requires(Action.VIEW_PAPER)
def batch(round_id: int, batch_id: int) -> Response:
    """Where a batch stands and what comes next. Sheets are counted here, choices nowhere."""
    return _batch_page(get_any_round(round_id), queries.get_batch(round_id, batch_id))


@blueprint.post("/batches/<int:batch_id>/shut")
@requires(Action.MANAGE_PAPER)
@writes
def shut(round_id: int, batch_id: int) -> Any:
    """End the handing out."""
    found = queries.get_batch(round_id, batch_id)
    service.shut_batch(g.actor, get_any_round(round_id), found, clock.now())
    flash(_("The batch is shut: none of its sheets is handed out or taken back any more."), "success")
    return to_batch(found)


@blueprint.post("/batches/<int:batch_id>/urn")
@requires(Action.MANAGE_PAPER)
@writes
def urn(round_id: int, batch_id: int) -> Any:
    """Write down what was found in the urn."""
    round_, found, form = (
        get_any_round(round_id),
        queries.get_batch(round_id, batch_id),
        UrnForm(request.form),
    )
    if form.validate():
        counts = (form.returned.data or 0, form.spoilt.data or 0, form.not_returned.data or 0)
        try:
            service.count_urn(g.actor, round_, found, counts, form.minutes.data or "", clock.now())
        except DomainError as refusal:
            form.form_errors.append(str(refusal.message))
        else:
            flash(_("Saved."), "success")
            return to_batch(found)
    return _batch_page(round_, found, urn=form)


@blueprint.post("/batches/<int:batch_id>/sheets/<int:serial>/remove")
@requires(Action.MANAGE_PAPER)
@writes
def remove(round_id: int, batch_id: int, serial: int) -> Any:
    """Take out a number that is in no urn."""
    found = queries.get_batch(round_id, batch_id)
    service.remove_sheet(g.actor, get_any_round(round_id), found, serial, clock.now())
    flash(_("The sheet %(serial)s is taken out.", serial=serial), "success")
    return to_batch(found)


@blueprint.post("/batches/<int:batch_id>/draw")
@requires(Action.MANAGE_PAPER)
@writes
def draw(round_id: int, batch_id: int) -> Any:
    """Choose by dice the sheets to compare."""
    round_, found, form = (
        get_any_round(round_id),
        queries.get_batch(round_id, batch_id),
        SampleForm(request.form),
    )
    if form.validate():
        try:
            service.draw_sample(
                g.actor, round_, found, form.dice.data or "", form.size.data or 0, clock.now()
            )
        except DomainError as refusal:
            form.dice.errors = [str(refusal.message)]
        else:
            return redirect(url_for("staff_paper.compare", round_id=round_id, batch_id=batch_id), code=303)
    return _batch_page(round_, found, sample=form)


@blueprint.route("/batches/<int:batch_id>/sample", methods=["GET", "POST"])
@requires(Action.MANAGE_PAPER)
@writes
def compare(round_id: int, batch_id: int) -> Any:
    """The sheets drawn with what was keyed from each: a tick says that the sheet says the same."""
    round_, found = get_any_round(round_id), queries.get_batch(round_id, batch_id)
    sample = queries.find_waiting_sample(batch_id)
    if sample is None:
        return to_batch(found)
    enforce(policy.can_judge(g.actor, round_, found, queries.has_read(batch_id, g.actor.id)))
    if request.method == "POST":
        agreeing = numbers.sent_numbers("same", most=rules.SAMPLE_SIZES[-1])
        done = service.compare_sample(g.actor, round_, found, agreeing, clock.now())
        if done.different:
            flash(
                _("Noted. Key the sheets that differ again, by two people, then draw another sample."),
                "warning",
            )
        else:
            flash(_("Noted: every sheet of the sample says what was keyed."), "success")
        return to_batch(found)
    box, chosen = service.entry_box(round_id), set(sample.serials)
    read = [
        (sheet.serial, box.open(sheet.final))
        for sheet in queries.list_settled(batch_id)
        if sheet.serial in chosen and sheet.final is not None
    ]
    return no_store(
        render_template(
            "voting/paper/sample.html", round=round_, batch=found, sample=sample,
            sheets=[(serial, words(entry)) for serial, entry in read],
        )
    )  # fmt: skip


def words(entry: rules.Entry) -> str:
    """An entry as it was typed, for people."""
    if entry.unreadable:
        return _("unreadable")
    if not entry.marks:
        return _("nothing marked")
    return ", ".join(
        str(number) if value == 1 else f"{number} × {value}" for number, value in sorted(entry.marks.items())
    )


@blueprint.post("/batches/<int:batch_id>/accept")
@requires(Action.MANAGE_PAPER)
@writes
def accept(round_id: int, batch_id: int) -> Any:
    """Put the ballots of a batch that adds up into the box."""
    round_, found = get_any_round(round_id), queries.get_batch(round_id, batch_id)
    service.accept(g.actor, round_, get_frozen(round_), found, clock.now())
    flash(_("The batch is accepted: its ballots are in the box, sealed with all the others."), "success")
    return to_batch(found)

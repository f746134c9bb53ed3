"""Staff: the close of a vote on screen, stage by stage, by two people."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from flask import Blueprint, current_app, flash, g, make_response, redirect, render_template, request, url_for
from flask_babel import gettext as _
from markupsafe import Markup

from civic import clock, tasks
from civic.accounts import queries as accounts
from civic.accounts import signing_in
from civic.errors import DomainError
from civic.extensions import db
from civic.network import client_network
from civic.policy import Action, Decision, requires
from civic.rounds.models import Round
from civic.rounds.queries import get_any_round
from civic.unit_of_work import unit_of_work, writes, writes_itself
from voting import round_queries
from voting.ceremony import hooks, minutes, policy, queries, rules, service, words
from voting.ceremony.forms import BackupsForm, SecondForm
from voting.ceremony.models import StageWord
from voting.ceremony.rules import BACKUPS, Stage, State
from voting.ceremony.service import Brought

blueprint = Blueprint("ceremony", __name__, url_prefix="/staff/rounds/<int:round_id>/vote/ceremony")


@dataclass(frozen=True)
class Section:
    """A stage as the page shows it."""

    stage: Stage
    words: words.StageWords
    state: State
    tag: tuple[object, str]
    lines: list[minutes.Line]
    names: list[str]
    word: StageWord | None
    until: datetime | None
    can_do: Decision
    done_steps: int
    stop: object
    panels: list[Markup]
    #: the day of the backup that the second person is asked to confirm
    backup_day: date | None

    @property
    def is_open(self) -> bool:
        """Whether it is its turn."""
        return self.state not in (State.DONE, State.WAITING)


def _sections(round_: Round, now: datetime) -> list[Section]:
    recorded = queries.steps_by_name(round_.id)
    found = queries.list_words(round_.id)
    ids = {one.proposed_by_id for one in found.values()} | {
        one.confirmed_by_id for one in found.values() if one.confirmed_by_id
    }
    names = accounts.names_of(ids)
    return [
        _section(round_, stage, recorded, found.get(stage.name), names, now)
        for stage in rules.STAGES
        if not rules.skipped(stage, recorded) or rules.is_done(stage, recorded)
    ]


def _section(
    round_: Round,
    stage: Stage,
    recorded: dict[str, Any],
    word: StageWord | None,
    names: dict[int, str],
    now: datetime,
) -> Section:
    state = rules.state_of(stage, recorded, service.attempt_of(word), now)
    chapter = minutes.chapter(stage, recorded, round_.asks)
    called = chapter.names or list(word.names if word else ())
    if word is not None and not called and state is State.PROPOSED:
        called = [names.get(word.proposed_by_id, "")]
    moment = hooks.CONFIRM if state is State.PROPOSED else hooks.PROPOSE
    turn = state in (State.READY, State.PROPOSED, State.RUNNING)
    asked = hooks.stage_panels(current_app, stage.name) if turn else []
    given = [one.render(round_, moment, g.actor, now) for one in asked]
    return Section(
        stage,
        words.STAGES[stage.name],
        state,
        words.STATES[state],
        chapter.lines,
        called,
        word,
        word.proposed_at + rules.PROPOSAL_LASTS if word else None,
        policy.can_do(round_, round_queries.plan_of(round_), stage, recorded, now),
        sum(step in recorded for step in stage.steps),
        words.stop_sentence(word.stopped_by) if word and word.stopped_by else "",
        [panel.html for panel in given if panel is not None],
        date.fromisoformat(word.given["taken_on"]) if word and "taken_on" in word.given else None,
    )


def _page(
    round_id: int,
    backups: BackupsForm | None = None,
    second: SecondForm | None = None,
    problem: object = None,
) -> Any:
    """The whole ceremony; 422 when what was sent is shown again."""
    round_, now = get_any_round(round_id), clock.now()
    plan = round_queries.plan_of(round_)
    sections = _sections(round_, now)
    body = render_template(
        "voting/ceremony/show.html",
        round=round_,
        plan=plan,
        sections=sections,
        current=next((one for one in sections if one.is_open), None),
        states=State,
        taking_part=policy.can_take_part(g.actor),
        backups=backups or BackupsForm(formdata=None),
        second=second or SecondForm(formdata=None),
        form=backups or second or BackupsForm(formdata=None),
        problem=problem,
        now=now,
    )
    response = make_response(body, 422 if request.method == "POST" else 200)
    response.headers["Cache-Control"] = "no-store"
    return response


def _back(round_id: int, stage: Stage) -> Any:
    return redirect(url_for("ceremony.show", round_id=round_id, _anchor=f"stage-{stage.number}"), code=303)


def _refused(round_id: int, error: DomainError, **forms: Any) -> Any:
    """The page again with the reason; what was half written is forgotten first."""
    db.session.rollback()
    return _page(round_id, problem=error.message, **forms)


def _done(round_id: int, stage: Stage, command: Callable[[], object], said: str) -> Any:
    """Do what one button asks, and say so or why not."""
    try:
        command()
    except DomainError as error:
        return _refused(round_id, error)
    flash(said, "success")
    return _back(round_id, stage)


@blueprint.get("")
@requires(Action.VIEW_STAFF_AREA)
def show(round_id: int) -> Any:
    """Where the close stands and what comes next."""
    return _page(round_id)


@blueprint.post("/<stage>/begin")
@requires(Action.CLOSE_ROUNDS)
@writes
def begin(round_id: int, stage: str) -> Any:
    """The first of two words."""
    one, form = service.get_stage(stage), BackupsForm()
    if one.name == BACKUPS and not form.validate():
        return _page(round_id, backups=form)
    brought = Brought(
        request.form, request.files, form.note.data or "", form.taken_on.data, bool(form.copies.data)
    )
    try:
        service.propose(g.actor, round_id, one, brought, clock.now())
    except DomainError as error:
        return _refused(round_id, error, backups=form if one.name == BACKUPS else None)
    flash(_("Begun. Now a second person confirms, within half an hour."), "success")
    return _back(round_id, one)


@blueprint.post("/<stage>/confirm")
@requires(Action.CLOSE_ROUNDS)
@writes
def confirm(round_id: int, stage: str) -> Any:
    """The second word, by somebody signed in on a device of their own."""
    one = service.get_stage(stage)

    def said() -> None:
        brought = Brought(request.form, request.files)
        service.confirm(g.actor, round_id, one, brought, clock.now(), seen=_word_read())

    return _done(round_id, one, said, _confirmed(one))


def _word_read() -> int:
    """Which word stood on the page that this was sent from; 0 for none."""
    return request.form.get("word", 0, type=int)


def _confirmed(stage: Stage) -> str:
    if stage.name == BACKUPS:
        return _("Confirmed and written into the minutes.")
    return _("Confirmed by two people: the work begins now.")


@blueprint.post("/<stage>/confirm-here")
@requires(Action.CLOSE_ROUNDS)
@writes_itself
def confirm_here(round_id: int, stage: str) -> Any:
    """The second word on the first person's screen: address and password, counted like a sign-in. Whoever is
    signed in stays signed in."""
    one, form, now = service.get_stage(stage), SecondForm(), clock.now()
    if not form.validate():
        return _page(round_id, second=form)
    outcome = signing_in.sign_in(form.email.normalised, form.password.data, client_network(), None, now)
    if outcome.account is None:
        form.form_errors.append(outcome.message)
        return _page(round_id, second=form)
    brought, actor = Brought(request.form, request.files), outcome.account.as_actor()
    try:
        with unit_of_work():
            service.confirm(actor, round_id, one, brought, now, seen=_word_read(), same_screen=True)
    except DomainError as error:
        return _refused(round_id, error, second=form)
    flash(_confirmed(one), "success")
    return _back(round_id, one)


@blueprint.post("/<stage>/withdraw")
@requires(Action.CLOSE_ROUNDS)
@writes
def withdraw(round_id: int, stage: str) -> Any:
    """Take back what was begun and not confirmed."""
    one = service.get_stage(stage)
    return _done(
        round_id,
        one,
        lambda: service.withdraw(g.actor, round_id, one, clock.now()),
        _("Withdrawn: nothing was done."),
    )


@blueprint.post("/<stage>/again")
@requires(Action.CLOSE_ROUNDS)
@writes
def again(round_id: int, stage: str) -> Any:
    """Go on after what stopped a stage was mended."""
    one = service.get_stage(stage)
    return _done(
        round_id,
        one,
        lambda: service.try_again(g.actor, round_id, one, clock.now()),
        _("The work begins again with the first step that is not done."),
    )


def task_link(task: tasks.Task) -> tuple[object, str]:
    """Where the work of a task is followed."""
    return _("See the close"), url_for("ceremony.show", round_id=task.params["round"])

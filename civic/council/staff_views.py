"""Where staff keep the council's records."""

from collections.abc import Callable, Mapping
from typing import Any

from flask import Blueprint, flash, g, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from civic import clock, numbers
from civic.council import labels, presenters, queries, rules, service
from civic.council.forms import AttendanceForm, MemberForm, PointForm, QuestionForm, RollForm, SittingForm
from civic.council.models import CouncilMember, CouncilSitting, CouncilVote
from civic.page_forms import take
from civic.policy import Action, requires
from civic.unit_of_work import writes

blueprint = Blueprint("council_staff", __name__, url_prefix="/staff/council")


def _done(words: str, endpoint: str, **values: Any) -> Response:
    flash(words, "success")
    return redirect(url_for(f"council_staff.{endpoint}", **values), code=303)


def _chosen(members: Any, most: tuple[str, ...]) -> dict[int, str]:
    """What the form says of each member: a field `m-<number>` each; what is no choice is left out."""
    sent = {one.id: request.form.get(f"m-{one.id}", "") for one in members}
    return {number: choice for number, choice in sent.items() if choice in most}


@blueprint.get("")
@requires(Action.MANAGE_COUNCIL)
def index() -> str:
    """Members and meetings."""
    return render_template(
        "council/staff_index.html", members=queries.list_in_office(clock.city_date(clock.now())),
        **presenters.meetings_context(),
    )  # fmt: skip


def _mandate(form: Any) -> service.Mandate:
    return service.Mandate(
        form.name.data, form.starts_on.data, form.ends_on.data, form.party.data or "",
        bool(form.independent.data), form.commission.data or "",
    )  # fmt: skip


def _member_page(one: CouncilMember | None, form: Any, question: Any, status: int) -> tuple[str, int]:
    return render_template(
        "council/staff_member.html", member=one, form=form, question_form=question,
        questions=queries.list_questions(one.id) if one else [], question_kinds=labels.QUESTION_KINDS,
        editing=question.editing if question else None,
    ), status  # fmt: skip


@blueprint.route("/members/new", methods=["GET", "POST"])
@requires(Action.MANAGE_COUNCIL)
@writes
def add_member() -> Any:
    """Enter an elected member."""
    form = MemberForm()
    if not form.is_submitted():
        return _member_page(None, form, None, 200)
    made: list[CouncilMember] = []
    wrong = take(
        form, "name", lambda: made.append(service.save_member(g.actor, None, _mandate(form), clock.now())),
        lambda status: _member_page(None, form, None, status),
    )  # fmt: skip
    return wrong or _done(_("Saved."), "member", member_id=made[0].id)


def _question_form(member_id: int, *, bound: bool) -> Any:
    """The form of a new question, or of the one that the address names."""
    number = numbers.whole_number(request.args.get("question"))
    found = queries.get_question(member_id, number) if number else None
    form: Any = QuestionForm(prefix="q-") if bound else QuestionForm(None, obj=found, prefix="q-")
    form.editing = found
    return form


@blueprint.route("/members/<int:member_id>", methods=["GET", "POST"])
@requires(Action.MANAGE_COUNCIL)
@writes
def member(member_id: int) -> Any:
    """Correct what is written about a member."""
    form = MemberForm(obj=queries.get_member(member_id))

    def page(status: int) -> Any:
        return _member_page(
            queries.get_member(member_id), form, _question_form(member_id, bound=False), status
        )

    if not form.is_submitted():
        return page(200)
    wrong = take(
        form, "name", lambda: service.save_member(g.actor, member_id, _mandate(form), clock.now()), page
    )
    return wrong or _done(_("Saved."), "member", member_id=member_id)


@blueprint.post("/members/<int:member_id>/questions")
@requires(Action.MANAGE_COUNCIL)
@writes
def question(member_id: int) -> Any:
    """A question of the member, or its answer."""
    form = _question_form(member_id, bound=True)
    number = form.editing.id if form.editing else None

    def page(status: int) -> Any:
        one = queries.get_member(member_id)
        return _member_page(one, MemberForm(None, obj=one), form, status)

    def command() -> object:
        asked = service.Asked(
            form.kind.data, form.asked_on.data, form.asked.data, form.answered_on.data, form.answer.data or ""
        )
        return service.save_question(g.actor, member_id, number, asked, clock.now())

    wrong = take(form, "asked", command, page)
    return wrong or _done(_("Saved."), "member", member_id=member_id)


# --- meetings --------------------------------------------------------------------------------------------


def _held(form: Any) -> service.Held:
    return service.Held(
        form.kind.data, form.held_on.data, form.place.data or "", form.convening.data or "", form.in_office.data,
        form.minutes_address.data or "", form.recording.data or "", form.reason.data or "",
    )  # fmt: skip


@blueprint.route("/meetings/new", methods=["GET", "POST"])
@requires(Action.MANAGE_COUNCIL)
@writes
def add_meeting() -> Any:
    """Begin the records of a meeting."""
    form = SittingForm()

    def page(status: int) -> Any:
        return render_template("council/staff_meeting_new.html", form=form), status

    if not form.is_submitted():
        return page(200)
    made: list[CouncilSitting] = []
    wrong = take(
        form,
        "held_on",
        lambda: made.append(service.save_sitting(g.actor, None, _held(form), clock.now())),
        page,
    )
    return wrong or _done(_("Saved."), "meeting", sitting_id=made[0].id)


def _meeting_page(
    sitting_id: int, status: int, form: Any = None, point: Any = None, there: Any = None
) -> tuple[str, int]:
    one = queries.get_sitting(sitting_id)
    known = {member.id: presence for member, presence in queries.list_attendance(one.id)}
    members = queries.list_in_office(one.held_on)
    typed = _chosen(members, rules.PRESENCES) if there else {}
    context = presenters.meeting_context(one)
    context |= {
        "form": form or SittingForm(None, obj=one),
        "point_form": point or _point_form(one, None, bound=False),
        "attendance_form": there or AttendanceForm(None, prefix="a-"),
        "members": [(each, typed.get(each.id) or known.get(each.id, "present")) for each in members],
        "presences": labels.PRESENCES,
        "wrong": form or point or there,
    }
    return render_template("council/staff_meeting.html", **context), status


@blueprint.route("/meetings/<int:sitting_id>", methods=["GET", "POST"])
@requires(Action.MANAGE_COUNCIL)
@writes
def meeting(sitting_id: int) -> Any:
    """The records of a meeting: its facts, who was there, its agenda."""
    queries.get_sitting(sitting_id)
    if request.method == "GET":
        return _meeting_page(sitting_id, 200)
    form = SittingForm()
    wrong = take(
        form, "held_on", lambda: service.save_sitting(g.actor, sitting_id, _held(form), clock.now()),
        lambda status: _meeting_page(sitting_id, status, form=form),
    )  # fmt: skip
    return wrong or _done(_("Saved."), "meeting", sitting_id=sitting_id)


@blueprint.post("/meetings/<int:sitting_id>/attendance")
@requires(Action.MANAGE_COUNCIL)
@writes
def attendance(sitting_id: int) -> Any:
    """Who was there."""
    form = AttendanceForm(prefix="a-")
    members = queries.list_in_office(queries.get_sitting(sitting_id).held_on)
    sent = _chosen(members, rules.PRESENCES)
    wrong = take(
        form, "reason",
        lambda: service.record_attendance(g.actor, sitting_id, sent, clock.now(), form.reason.data or ""),
        lambda status: _meeting_page(sitting_id, status, there=form),
    )  # fmt: skip
    return wrong or _done(_("Saved."), "meeting", sitting_id=sitting_id)


# --- points of the agenda and their votes ----------------------------------------------------------------


def _point_form(sitting: CouncilSitting, one: CouncilVote | None, *, bound: bool) -> Any:
    form: Any = PointForm(prefix="p-") if bound else PointForm(None, obj=one, prefix="p-")
    form.signers.choices = [(each.id, each.name) for each in queries.list_in_office(sitting.held_on)]
    if one is not None and not bound:
        form.dimension.data = one.dimension or ""
        form.signers.data = [each.id for each in queries.list_signers(one.id)]
        if one.decision is not None:
            form.decision_number.data, form.decision_year.data = one.decision.number, one.decision.year
    return form


def _point(form: Any, sitting: CouncilSitting) -> service.Point:
    number = (form.decision_number.data or "").strip()
    return service.Point(
        form.title.data, form.position.data, form.reports.data or "",
        (number, form.decision_year.data or sitting.held_on.year) if number else None,
        form.dimension.data or "", bool(form.secret.data), form.majority.data, tuple(form.signers.data or ()),
        form.reason.data or "",
    )  # fmt: skip


@blueprint.post("/meetings/<int:sitting_id>/points")
@requires(Action.MANAGE_COUNCIL)
@writes
def add_point(sitting_id: int) -> Any:
    """Put a point on the agenda."""
    sitting = queries.get_sitting(sitting_id)
    form = _point_form(sitting, None, bound=True)
    made: list[CouncilVote] = []
    wrong = take(
        form, "title",
        lambda: made.append(
            service.save_point(g.actor, sitting_id, None, _point(form, sitting), clock.now())
        ),
        lambda status: _meeting_page(sitting_id, status, point=form),
    )  # fmt: skip
    return wrong or _done(_("Saved. Now write down how each one voted."), "vote", vote_id=made[0].id)


def _vote_page(vote_id: int, status: int, point: Any = None, roll: Any = None) -> tuple[str, int]:
    one = queries.get_vote(vote_id)
    sitting = queries.get_sitting(one.sitting_id or 0)
    known = {member.id: choice for member, choice in queries.list_casts(one.id)}
    there = {member.id: presence for member, presence in queries.list_attendance(sitting.id)}
    typed = _chosen(queries.list_in_office(sitting.held_on), rules.CHOICES) if roll else {}

    def first(number: int) -> str:
        away = there.get(number, "present") != "present"
        return typed.get(number) or known.get(number) or ("absent" if away else "for")

    context = presenters.vote_context(one)
    context |= {
        "point_form": point or _point_form(sitting, one, bound=False),
        "roll_form": roll or RollForm(None, obj=one, prefix="r-"),
        "members": [(each, first(each.id)) for each in queries.list_in_office(sitting.held_on)],
        "choices": labels.CHOICES,
        "wrong": point or roll,
    }
    return render_template("council/staff_vote.html", **context), status


@blueprint.route("/votes/<int:vote_id>", methods=["GET", "POST"])
@requires(Action.MANAGE_COUNCIL)
@writes
def vote(vote_id: int) -> Any:
    """A point of the agenda: its facts."""
    one = queries.get_vote(vote_id)
    sitting = queries.get_sitting(one.sitting_id or 0)
    if request.method == "GET":
        return _vote_page(vote_id, 200)
    form = _point_form(sitting, one, bound=True)
    wrong = take(
        form, "title",
        lambda: service.save_point(g.actor, sitting.id, vote_id, _point(form, sitting), clock.now()),
        lambda status: _vote_page(vote_id, status, point=form),
    )  # fmt: skip
    return wrong or _done(_("Saved."), "vote", vote_id=vote_id)


@blueprint.post("/votes/<int:vote_id>/roll")
@requires(Action.MANAGE_COUNCIL)
@writes
def roll(vote_id: int) -> Any:
    """How each one voted."""
    one = queries.get_vote(vote_id)
    form: Any = RollForm(prefix="r-")
    members = queries.list_in_office(queries.get_sitting(one.sitting_id or 0).held_on)
    sent: Mapping[int, str] = {} if one.secret else _chosen(members, rules.CHOICES)
    command: Callable[[], object] = lambda: service.record_votes(  # noqa: E731
        g.actor, vote_id,
        service.Roll(
            sent, {name: form[f"stated_{name}"].data for name in rules.STATED}, form.reason.data or ""
        ),
        clock.now(),
    )  # fmt: skip
    wrong = take(form, "reason", command, lambda status: _vote_page(vote_id, status, roll=form))
    return wrong or _done(_("The vote is written down."), "vote", vote_id=vote_id)

"""What authors find about decisions on their texts: the list, each with its reason and rule, and the appeal."""

from typing import Any

from flask import Blueprint, Response, flash, g, make_response, redirect, render_template, url_for
from flask_babel import gettext as _

from civic import clock, numbers
from civic.deadlines.labels import within_key
from civic.extensions import limiter
from civic.moderation import labels as moderation_labels
from civic.moderation import subjects
from civic.moderation.appeals import labels, policy, presenters, queries, service
from civic.moderation.appeals.forms import AppealForm
from civic.moderation.suspensions import queries as suspension_queries
from civic.moderation.suspensions import service as suspensions
from civic.page_forms import take
from civic.policy import Action, requires
from civic.unit_of_work import writes

#: Appeals from one network; a library stays well below it.
PER_NETWORK = "60 per hour"

blueprint = Blueprint("moderation_appeals", __name__, url_prefix="/account")


@blueprint.get("/decisions")
@requires(Action.USE_ACCOUNT)
def index() -> str:
    """Every decision about one's own texts, the latest first."""
    page, now = min(numbers.page_number(), 1000), clock.now()
    rows, total = queries.list_statements(g.actor.id, page)
    found = subjects.load_all((one.case.subject_kind, one.case.subject_id) for one in rows)
    return render_template(
        "appeals/index.html",
        rows=[
            (
                one,
                found.get((one.case.subject_kind, one.case.subject_id)),
                policy.contest_of_statement(one, one.appeal),
            )
            for one in rows
        ],
        total=total,
        page=page,
        pages=-(-total // queries.PER_PAGE),
        can_file=lambda contest: policy.can_file(g.actor, contest, now),
        labels=labels,
        moderation_labels=moderation_labels,
        kinds=subjects.kinds(),
        now=now,
    )


def _page(statement_id: int, form: AppealForm | None = None, status: int = 200) -> Response:
    statement = queries.get_statement(statement_id, g.actor.id)
    action = url_for("moderation_appeals.appeal", statement_id=statement.id)
    context = presenters.statement_context(g.actor, statement, form, clock.now())
    return make_response(render_template("appeals/show.html", **context, action=action), status)


@blueprint.get("/decisions/<int:statement_id>")
@requires(Action.USE_ACCOUNT)
def show(statement_id: int) -> Response:
    """One decision: the text, why, by which rule, and what its author can do."""
    return _page(statement_id)


@blueprint.post("/decisions/<int:statement_id>")
@requires(Action.USE_ACCOUNT)
@limiter.limit(PER_NETWORK)
@writes
def appeal(statement_id: int) -> Any:
    """Contest it."""
    form = AppealForm()
    refused = take(
        form,
        "text",
        lambda: service.appeal_against_text(g.actor, statement_id, form.text.data or "", clock.now()),
        lambda status: _page(statement_id, form, status),
    )
    if refused is not None:
        return refused
    thank()
    return redirect(url_for("moderation_appeals.show", statement_id=statement_id), code=303)


def thank() -> None:
    """Say that the appeal was received, and by when it is decided."""
    said = _("Sent. Another person decides %(within)s.", within=within_key("moderation.appeal.decide"))
    flash(said, "success")


@blueprint.post("/decisions/<int:statement_id>/withdraw")
@requires(Action.USE_ACCOUNT)
@writes
def withdraw(statement_id: int) -> Response:
    """Take one's own appeal back."""
    statement = queries.get_statement(statement_id, g.actor.id)
    if statement.appeal is not None:
        service.withdraw(g.actor, statement.appeal.id, clock.now())
        flash(_("Your appeal is taken back. The decision stands."), "success")
    return redirect(url_for("moderation_appeals.show", statement_id=statement_id), code=303)  # type: ignore[return-value]


def _suspension_page(suspension_id: int, form: AppealForm | None = None, status: int = 200) -> Response:
    one = suspensions.get_own(g.actor, suspension_id)
    contest = policy.contest_of_suspension(one, suspension_queries.find_appeal(one.id))
    body = render_template(
        "appeals/suspension.html",
        one=one,
        decision=policy.can_file(g.actor, contest, clock.now()),
        form=form or AppealForm(None),
    )
    return make_response(body, status)


@blueprint.get("/suspensions/<int:suspension_id>/appeal")
@requires(Action.USE_ACCOUNT)
def suspension(suspension_id: int) -> Response:
    """The form that contests one's own suspension."""
    return _suspension_page(suspension_id)


@blueprint.post("/suspensions/<int:suspension_id>/appeal")
@requires(Action.USE_ACCOUNT)
@limiter.limit(PER_NETWORK)
@writes
def appeal_suspension(suspension_id: int) -> Any:
    """Contest one's own suspension."""
    form = AppealForm()
    refused = take(
        form,
        "text",
        lambda: service.appeal_against_suspension(g.actor, suspension_id, form.text.data or "", clock.now()),
        lambda status: _suspension_page(suspension_id, form, status),
    )
    if refused is not None:
        return refused
    thank()
    return redirect(url_for("suspensions.show", suspension_id=suspension_id), code=303)

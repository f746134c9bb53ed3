"""Statements one at a time, adding one, and the page of what everyone shares and what divides."""

from typing import Any

from flask import Blueprint, flash, g, redirect, render_template, request, url_for
from flask_babel import gettext as _

from civic import clock
from civic.errors import Invalid, NotAllowed, NotFound
from civic.extensions import db, limiter
from civic.moderation.gate import presenters as gate
from civic.policy import Action, open_to_suspended, public, requires
from civic.security import is_fragment
from civic.unit_of_work import writes
from consultations.agora import restoring
from consultations.agora.models import AgoraDebate
from consultations.agora.statements import moderated, presenters, queries, rules, service, straight_vote
from consultations.agora.statements.forms import StatementForm
from consultations.agora.statements.models import AgoraStatement
from consultations.agora.views import readable

#: Statements from one network; a school or a library stays well below it.
ADDED_PER_NETWORK = "120 per hour"

blueprint = Blueprint("statements", __name__, url_prefix="/agora")


def _with_statements(debate_id: int) -> AgoraDebate:
    one = readable(debate_id, clock.now())
    if not one.with_statements:
        raise NotFound
    return one


def _page(one: AgoraDebate, form: StatementForm) -> str:
    return render_template("agora/statements.html", **presenters.page_context(one, clock.now()), form=form)


@blueprint.get("/<int:debate_id>/statements")
@public
def index(debate_id: int) -> str:
    """The statement to vote on now, and what came of the votes."""
    return _page(_with_statements(debate_id), StatementForm(None))


@blueprint.post("/<int:debate_id>/statements")
@requires(Action.CONTRIBUTE)
@limiter.limit(ADDED_PER_NETWORK)
@writes
def add(debate_id: int) -> Any:
    """Add a statement; what is refused comes back as it was typed."""
    one, form, status = _with_statements(debate_id), StatementForm(), 422
    if form.validate():
        try:
            made = service.add(g.actor, one.id, form.text.data, clock.now())
        except (Invalid, NotAllowed) as error:
            db.session.rollback()
            form.text.errors = [*form.text.errors, str(error.message)]
            status, one = error.status, _with_statements(debate_id)
        else:
            held = made.state == "held"
            flash(
                gate.sent(rules.KIND, made.id) if held else _("Added."),
                "success",
            )
            return redirect(url_for("statements.index", debate_id=debate_id), code=303)
    return _page(one, form), status


@blueprint.post("/statements/<int:statement_id>/vote")
@requires(Action.CONTRIBUTE)
@open_to_suspended
@limiter.limit(straight_vote.VOTED_PER_NETWORK)
@writes
def vote(statement_id: int) -> Any:
    """Agree, disagree or skip; then comes the next one."""
    statement, _one = _readable(statement_id)
    if statement.state != "visible":
        raise NotFound
    debate_id = statement.debate_id
    named = {str(value): value for value in rules.VOTES}
    pressed = named.get(request.form.get("value", ""))
    if pressed is None:
        raise Invalid(_("Choose one of the options."))
    service.vote(g.actor, statement_id, pressed, clock.now())
    if is_fragment():
        context = presenters.vote_context(_with_statements(debate_id), clock.now())
        straight_vote.remember(request.environ, pressed, context)
        return render_template(straight_vote.TEMPLATE, **context)
    return redirect(f"{url_for('statements.index', debate_id=debate_id)}#vote", code=303)


def _readable(statement_id: int) -> tuple[AgoraStatement, AgoraDebate]:
    statement = queries.get_statement(statement_id)
    return statement, _with_statements(statement.debate_id)


restoring.add_pages(blueprint, "/statements/<int:statement_id>/restore", moderated.SORT)

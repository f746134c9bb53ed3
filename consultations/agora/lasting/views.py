"""How a debate goes, for moderators and staff, and the invitations to areas and ages whose voices are missing."""

from collections.abc import Callable
from typing import Any

from flask import Blueprint, flash, g, redirect, render_template, request, url_for
from flask_babel import gettext as _

from civic import clock, numbers
from civic.errors import Conflict, Invalid, NotFound
from civic.extensions import db
from civic.policy import Action, requires
from civic.unit_of_work import writes
from consultations.agora import queries as debates
from consultations.agora.lasting import presenters, service
from consultations.agora.models import AgoraDebate

blueprint = Blueprint("agora_health", __name__, url_prefix="/staff/agora")


def _opened(debate_id: int) -> AgoraDebate:
    one = debates.get_debate(debate_id)
    if one.opened_at is None:
        raise NotFound
    return one


@blueprint.get("/<int:debate_id>/health")
@requires(Action.VIEW_MODERATION)
def show(debate_id: int) -> str:
    """Who takes part in a debate, who is missing, how heated it is."""
    return render_template("agora/health.html", **presenters.health_context(_opened(debate_id), clock.now()))


def _invited(debate_id: int, command: Callable[[], object], words: str) -> Any:
    """Invite somebody with one button; what is wrong is said on the page itself."""
    try:
        command()
    except (Invalid, Conflict) as error:
        db.session.rollback()
        flash(str(error.message), "error")
    else:
        flash(words, "success")
    return redirect(url_for("agora_health.show", debate_id=debate_id), code=303)


@blueprint.post("/<int:debate_id>/invite/<int:area_id>")
@requires(Action.MANAGE_CONSULTATIONS)
@writes
def invite(debate_id: int, area_id: int) -> Any:
    """Invite those who follow an area."""
    one = _opened(debate_id)
    return _invited(
        one.id,
        lambda: service.invite(g.actor, one.id, area_id, clock.now()),
        _("Sent to those who follow this area and take no part yet, once."),
    )


@blueprint.post("/<int:debate_id>/invite-age")
@requires(Action.MANAGE_CONSULTATIONS)
@writes
def invite_age(debate_id: int) -> Any:
    """Invite those of an age, in an area or in the whole city."""
    one = _opened(debate_id)
    band, area = request.form.get("age_band", ""), request.form.get("neighbourhood_id", "")
    return _invited(
        one.id,
        lambda: service.invite_age(g.actor, one.id, band, numbers.whole_number(area), clock.now()),
        _("Sent to those who said they are of this age, follow a neighbourhood and take no part yet, once."),
    )

"""What moderators do on a proposal's own page."""

from flask import Response, flash, g, redirect, request, url_for
from flask_babel import gettext as _

from civic import clock
from civic.policy import Action, requires
from civic.unit_of_work import writes
from proposals import service
from proposals.views_public import blueprint, get_visible


@blueprint.post("/<int:proposal_id>/restore")
@requires(Action.MODERATE)
@writes
def restore(proposal_id: int) -> Response:
    """Make a hidden proposal public again, with the reason for everyone."""
    proposal = get_visible(proposal_id)
    service.restore_proposal(g.actor, proposal.id, request.form.get("reason", ""), clock.now())
    flash(_("The proposal was made public again"), "success")
    return redirect(url_for("proposals.show", proposal_id=proposal_id), code=303)  # type: ignore[return-value]

"""The clerks' work with letters: print a batch, put it in the post, say so."""

from flask import Blueprint, Response, flash, g, redirect, render_template, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response as AnyResponse

from civic import clock
from civic.accounts.queries import names_of
from civic.accounts.verifying import letters
from civic.policy import Action, requires
from civic.unit_of_work import writes

blueprint = Blueprint("letters", __name__, url_prefix="/staff/letters")


@blueprint.get("")
@requires(Action.VERIFY_RESIDENTS)
def index() -> str:
    """How many wait, and the batches with what is left to do."""
    batches = letters.list_batches()
    people = {one.made_by_id for one in batches} | {one.sent_by_id for one in batches if one.sent_by_id}
    return render_template(
        "verifying/letters.html",
        due=letters.count_due(),
        batches=batches,
        names=names_of(people),
        most=letters.MOST,
    )


@blueprint.post("/make")
@requires(Action.VERIFY_RESIDENTS)
@writes
def make() -> AnyResponse:
    """Give the waiting requests their codes."""
    batch = letters.make_batch(g.actor, clock.now())
    flash(_("Batch %(number)s is ready: print it, then mark it as sent.", number=batch.id), "success")
    return redirect(url_for("letters.index"), code=303)


@blueprint.post("/<int:batch_id>/pdf")
@requires(Action.VERIFY_RESIDENTS)
@writes
def pdf(batch_id: int) -> AnyResponse:
    """The letters to print. A POST, because it is recorded who opened them."""
    batch = letters.get_batch(batch_id)
    content = letters.pdf_of(g.actor, batch, clock.now())
    response = Response(content, mimetype="application/pdf")
    response.headers["Content-Disposition"] = f'attachment; filename="scrisori-{batch.id}.pdf"'
    response.headers["Cache-Control"] = "no-store"
    return response


@blueprint.post("/<int:batch_id>/sent")
@requires(Action.VERIFY_RESIDENTS)
@writes
def sent(batch_id: int) -> AnyResponse:
    """They are in the post."""
    letters.mark_sent(g.actor, letters.get_batch(batch_id), clock.now())
    flash(_("The letters are marked as sent. Their codes work for 30 days."), "success")
    return redirect(url_for("letters.index"), code=303)

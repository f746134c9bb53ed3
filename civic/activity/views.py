"""The stream of everything public that happened: the page, the feed and the button that follows it."""

from flask import Blueprint, Response, flash, g, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response as Answer

from civic import clock
from civic.activity import presenters, service
from civic.notifications import policy
from civic.page_cache import shared_by_strangers
from civic.policy import Action, public, requires
from civic.unit_of_work import writes

blueprint = Blueprint("activity", __name__, url_prefix="/activity")


@blueprint.get("")
@public
@shared_by_strangers
def index() -> str:
    """What happened, the newest day first, narrowed as the address says."""
    context = presenters.page_context(clock.now())
    return render_template("activity/index.html", **context, decision=policy.can_follow(g.actor))


@blueprint.get("/events.atom")
@public
def feed() -> Response:
    """The same for feed readers."""
    body = render_template("activity/events.atom.xml", **presenters.feed_context(clock.now()))
    response = Response(body, content_type="application/atom+xml; charset=utf-8")
    response.vary.add("Cookie")  # the language
    response.headers["Cache-Control"] = "public, max-age=300"
    response.add_etag()
    response.make_conditional(request)
    return response


@blueprint.post("/follow")
@requires(Action.FOLLOW)
@writes
def follow() -> Answer:
    """Follow what the address was narrowed to."""
    choice = presenters.asked()
    service.follow(g.actor, choice, clock.now())
    flash(_("You follow this. In the morning we write to you about what is new."), "success")
    return redirect(url_for("activity.index", **presenters.address_values(choice)), code=303)

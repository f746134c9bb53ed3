"""What everyone reads of meetings: the list, the page of one, the files calendars take over."""

from datetime import timedelta

from flask import Blueprint, Response, current_app, g, render_template

from civic import clock
from civic.errors import NotFound
from civic.icalendar import MEDIA_TYPE
from civic.navigation import render_panels
from civic.page_cache import shared_by_strangers
from civic.policy import public
from consultations.meetings import policy, presenters, queries
from consultations.meetings.models import Meeting

#: How far back a subscribed calendar reaches.
KEPT = timedelta(days=90)

blueprint = Blueprint("meetings", __name__, url_prefix="/meetings")


def readable(meeting_id: int) -> Meeting:
    """The meeting if the actor may read it; a plan is nothing to anybody else."""
    one = queries.get_meeting(meeting_id)
    if not policy.can_read(g.actor, one):
        raise NotFound
    return one


@blueprint.get("")
@public
@shared_by_strangers
def index() -> str:
    """The meetings to come, or those that were held."""
    return render_template("meetings/index.html", **presenters.list_context(clock.now(), drafts=False))


@blueprint.get("/<int:meeting_id>")
@public
@shared_by_strangers
def show(meeting_id: int) -> str:
    """One meeting: when and where, the agenda, the documents, the minutes."""
    context = presenters.detail_context(readable(meeting_id), clock.now())
    panels = render_panels(current_app, "meeting", {"meeting": context["meeting"]})
    return render_template("meetings/show.html", **context, panels=panels)


def _file(text: str, name: str) -> Response:
    response = Response(text, content_type=MEDIA_TYPE)
    response.headers["Content-Disposition"] = f'attachment; filename="{name}.ics"'
    return response


@blueprint.get("/<int:meeting_id>.ics")
@public
def event(meeting_id: int) -> Response:
    """One meeting as a file for one's calendar."""
    one = readable(meeting_id)
    if one.announced_at is None:
        raise NotFound
    return _file(presenters.calendar_of([one]), f"meeting-{one.id}")


@blueprint.get("/calendar.ics")
@public
def feed() -> Response:
    """The meetings as a calendar to subscribe to, with the filters of the list."""
    rows = queries.list_for_calendar(presenters.read_filters(), clock.now() - KEPT)
    return _file(presenters.calendar_of(rows), "meetings")

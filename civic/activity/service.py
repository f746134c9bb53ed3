"""Commands: following a part of the stream, and telling its followers what happened."""

from dataclasses import asdict
from datetime import datetime, timedelta

from flask_babel import gettext as _
from sqlalchemy.dialects.postgresql import insert

from civic import clock
from civic.activity import presenters, queries
from civic.activity.models import ActivityStream
from civic.activity.queries import STREAM, Choice
from civic.actor import Actor
from civic.errors import NotAllowed
from civic.extensions import db
from civic.notifications import compose, policy
from civic.notifications import service as following

#: How many events a message names; the page has the others.
IN_A_MESSAGE = 15
#: Requests that began before this may still be writing.
SETTLED = timedelta(minutes=2)


def follow(actor: Actor, choice: Choice, now: datetime) -> None:
    """Follow a part of the stream. Raises NotAllowed with a sentence for the person."""
    decision = policy.can_follow(actor)
    if not decision:
        raise NotAllowed(decision.reason)
    statement = insert(ActivityStream).values(**asdict(choice), told_until=now)
    # Two people may begin to follow the same part at once; the constraint settles it.
    db.session.execute(statement.on_conflict_do_nothing(constraint="uq_activity_stream_choice"))
    stream = queries.find_stream(choice)
    if stream is not None:
        following.follow(actor, STREAM, stream.id, now)


def tell(stream: ActivityStream, now: datetime) -> int:
    """Tell the followers of a part what happened since they were told last; returns how much the message names."""
    since, stream.told_until = stream.told_until, now
    if not queries.has_followers(stream.id):
        return 0
    choice = queries.choice_of(stream)
    events = queries.list_newest(choice, now, IN_A_MESSAGE + 1, since=since)
    if not events:
        return 0
    day = clock.city_date(now)
    with compose.addresses():
        following.notify_followers(
            STREAM,
            stream.id,
            lambda: _("What happened: %(what)s", what=presenters.name_of(choice)),
            lambda: presenters.letter(events[:IN_A_MESSAGE], more=len(events) > IN_A_MESSAGE),
            now,
            f"activity:{stream.id}:{day.isoformat()}",
        )
    return len(events[:IN_A_MESSAGE])

"""The stream of the demo city tells of every kind of thing that has a history."""

from sqlalchemy import select

from civic.activity.registry import all_told
from civic.extensions import db
from civic.timeline import TimelineEvent


def test_every_kind_that_has_events_is_told_of_and_placed(city):
    kinds = set(db.session.scalars(select(TimelineEvent.subject_kind).distinct()))
    assert len(kinds) >= 10
    assert kinds <= {one.kind for one in all_told()}
    assert not db.session.scalars(select(TimelineEvent.id).where(~TimelineEvent.placed).limit(1)).all()
    for one in all_told():
        for column, name in one.facets.items():
            copied, own = getattr(TimelineEvent, column), one.column(name)
            stale = select(TimelineEvent.id).join(one.model, one.column("id") == TimelineEvent.subject_id)
            stale = stale.where(TimelineEvent.subject_kind == one.kind, copied.is_distinct_from(own))
            assert not db.session.scalars(stale.limit(1)).all(), (one.kind, column)

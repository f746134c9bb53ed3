"""Telling followers of the stream every morning, and placing the events from before there was one."""

from datetime import datetime

from civic.activity import placing, queries, service
from civic.unit_of_work import unit_of_work


def tell_due(now: datetime) -> int:
    """Tell the followers of every part what is new in it, each part in a transaction of its own."""
    until = now - service.SETTLED
    told = 0
    for stream_id in queries.list_due(until):
        with unit_of_work():
            stream = queries.lock_stream(stream_id, until)
            told += service.tell(stream, until) if stream is not None else 0
    return told


def place_due(_now: datetime) -> int:
    """Place the events that are not yet, a thousand a transaction; killed anywhere, it goes on from there."""
    placed = last = 0
    while True:
        with unit_of_work():
            batch = placing.place_batch(last)
        if not batch:
            return placed
        placed, last = placed + len(batch), batch[-1]

"""From which device and network something was sent, as marks that nobody can turn back and that change every day.

A mark is the keyed hash of a day of the city with the network, or with the network and what the browser says of
itself. Of yesterday's marks the present request makes its own again, so that 24 hours can be counted over midnight;
marks of different days cannot be joined by anybody without the key.
"""

from datetime import date, datetime, timedelta

from flask import request

from civic import sealing
from civic.actor import Trace
from civic.clock import city_date
from civic.network import client_network

_SAID_BY_BROWSERS = ("User-Agent", "Accept-Language")


def _mark(what: str, day: date, value: str) -> bytes:
    return sealing.mark(f"gate {what}", f"{day.isoformat()}|{value}")


def trace_of(network: str, browser: str, now: datetime) -> Trace:
    """The marks of a network and a browser, of today and of yesterday."""
    days = (city_date(now), city_date(now) - timedelta(days=1))
    return Trace(
        devices=tuple(_mark("device", day, f"{network}|{browser}") for day in days),
        networks=tuple(_mark("network", day, network) for day in days),
    )


def current_trace(now: datetime) -> Trace:
    """The marks of the present request."""
    browser = "|".join(request.headers.get(name, "")[:300] for name in _SAID_BY_BROWSERS)
    return trace_of(client_network(), browser, now)

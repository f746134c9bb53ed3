"""What others do when a delivery is done: a feature that wants to know says so here, and deliveries know no feature."""

from collections.abc import Callable
from datetime import datetime

from flask import Flask, current_app

from civic.tracker.models import Delivery

#: Called in the same transaction each time a delivery comes to be received or completed.
Closing = Callable[[Delivery, datetime], None]


def register_closing(app: Flask, closing: Closing) -> None:
    """Have something done whenever a delivery is done."""
    app.extensions.setdefault("civic_delivery_closings", []).append(closing)


def closed(delivery: Delivery, now: datetime) -> None:
    """Tell whoever wanted to know."""
    for closing in current_app.extensions.get("civic_delivery_closings", ()):
        closing(delivery, now)

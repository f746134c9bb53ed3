"""What residents say of deliveries, as open data: without names and photos."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from flask_babel import lazy_gettext as _l
from sqlalchemy import select

from civic.opendata.fields import NUMBER
from civic.opendata.resources import Field, Resource, day, equal_to, moment, register_resource
from civic.tracker.checks.models import DeliveryCheck
from civic.tracker.checks.rules import OUTCOMES


def register() -> None:
    """Publish who said what of which delivery: how many, never who."""
    register_resource(
        Resource(
            "delivery-checks",
            _l("What residents say of finished works"),
            _l(
                "Whether verified residents confirm that a delivery is done, and what the department answers."
            ),
            (
                NUMBER,
                Field("delivery_id", "number", _l("The delivery it is of")),
                Field("done", "yes_no", _l("Whether the resident confirms that it is done")),
                Field("text", "text", _l("What the resident wrote")),
                Field("said_at", "moment", _l("When the resident said it")),
                Field("due_at", "moment", _l("Until when the department answers"), optional=True),
                Field("answer", "text", _l("What the department answered"), optional=True, codes=OUTCOMES),
                Field("answer_text", "text", _l("The answer's words"), optional=True),
                Field("answered_at", "moment", _l("When it was answered"), optional=True),
                Field("new_end", "day", _l("The new date, when work begins again"), optional=True),
            ),
            lambda: select(DeliveryCheck).where(DeliveryCheck.state == "visible"),
            DeliveryCheck.id,
            _show,
            (equal_to("delivery_id", DeliveryCheck.delivery_id, _l("Only those of this delivery")),),
        )
    )


def _show(rows: Sequence[Any], now: datetime) -> list[dict[str, Any]]:
    return [
        {
            **{name: getattr(one, name) for name in ("id", "delivery_id", "done", "text")},
            "said_at": moment(one.said_at),
            "due_at": moment(one.due_at),
            "answer": one.answer.outcome if one.answer else None,
            "answer_text": one.answer.text if one.answer else None,
            "answered_at": moment(one.answer.answered_at) if one.answer else None,
            "new_end": day(one.answer.new_end) if one.answer else None,
        }
        for (one,) in rows
    ]

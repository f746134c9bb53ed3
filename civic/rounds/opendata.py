"""Published rounds, their phases and their money as open data."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from flask_babel import lazy_gettext as _l
from sqlalchemy import Row, Select, select
from sqlalchemy.orm import lazyload

from civic.notifications.compose import address_of
from civic.opendata.fields import NUMBER, PAGE_ADDRESS
from civic.opendata.resources import (
    Field,
    Resource,
    day,
    equal_to,
    moment,
    money,
    register_resource,
)
from civic.rounds.facts import PHASES
from civic.rounds.models import Phase, Pot, Round

OF_ROUND = Field("round_id", "number", _l("The round it belongs to"))


def register() -> None:
    """Publish the rounds."""
    register_resource(
        Resource(
            "rounds",
            _l("Rounds"),
            _l("Every edition of participatory budgeting, advisory ballot and recorded election that is public."),
            (
                NUMBER,
                PAGE_ADDRESS,
                Field("slug", "text", _l("Its name in addresses")),
                Field("name", "text", _l("Its name")),
                Field("summary", "text", _l("What it is about, Markdown")),
                Field("kind", "text", _l("Held here, or recorded from a file"), codes=("city", "recorded")),
                Field("content", "text", _l("What residents vote on"), codes=("projects", "questions")),
                Field("currency", "text", _l("Currency of the amounts, ISO 4217")),
                Field("min_age", "number", _l("The least age on the last voting day"), optional=True),
                Field("max_age", "number", _l("The greatest age on the last voting day"), optional=True),
                Field("regulation_decision", "text", _l("The council decision that adopted its rules")),
                Field("regulation_date", "day", _l("The day of that decision"), optional=True),
                Field("published_at", "moment", _l("When it became public")),
                Field("results_at", "moment", _l("When its results were published"), optional=True),
                Field("adopted_at", "moment", _l("When the council adopted the list"), optional=True),
                Field("adopted_by", "text", _l("The decision that adopted it")),
                Field("fingerprint", "text", _l("Fingerprint of the plan frozen when voting opened"), optional=True),
            ),
            _public,
            Round.id,
            _rounds,
        )
    )  # fmt: skip
    register_resource(
        Resource(
            "phases",
            _l("Phases of rounds"),
            _l("When each step of a round runs: from its beginning until just before its end."),
            (
                NUMBER,
                OF_ROUND,
                Field("kind", "text", _l("Which step"), codes=PHASES),
                Field("starts_at", "moment", _l("From when")),
                Field("ends_at", "moment", _l("Until when")),
            ),
            _of_public(Phase),
            Phase.id,
            _phases,
            (equal_to("round_id", Phase.round_id, _l("Only those of this round")),),
        )
    )
    register_resource(
        Resource(
            "pots",
            _l("Money of rounds"),
            _l("Money set aside in a round: for the whole city, a neighbourhood or a programme."),
            (
                NUMBER,
                OF_ROUND,
                Field("name", "text", _l("Its name")),
                Field("amount", "money", _l("How much, in the currency of the round")),
                Field("neighbourhood_id", "number", _l("The neighbourhood it is for"), optional=True),
            ),
            _of_public(Pot),
            Pot.id,
            _pots,
            (equal_to("round_id", Pot.round_id, _l("Only those of this round")),),
        )
    )


def _public() -> Select[Any]:
    return select(Round).where(Round.published_at.is_not(None)).options(lazyload("*"))


def _of_public(model: Any) -> Any:
    def statement() -> Select[Any]:
        published = select(Round.id).where(Round.published_at.is_not(None))
        return select(model).where(model.round_id.in_(published)).options(lazyload("*"))

    return statement


def _rounds(rows: Sequence[Row[Any]], now: datetime) -> list[dict[str, Any]]:
    same = (
        "id", "slug", "name", "summary", "kind", "content", "currency", "min_age", "max_age",
        "regulation_decision", "adopted_by", "fingerprint",
    )  # fmt: skip
    return [
        {
            **{name: getattr(one, name) for name in same},
            "url": address_of("rounds.show", slug=one.slug),
            "regulation_date": day(one.regulation_date),
            **{name: moment(getattr(one, name)) for name in ("published_at", "results_at", "adopted_at")},
        }
        for (one,) in rows
    ]


def _phases(rows: Sequence[Row[Any]], now: datetime) -> list[dict[str, Any]]:
    return [
        {
            "id": one.id,
            "round_id": one.round_id,
            "kind": one.kind,
            "starts_at": moment(one.starts_at),
            "ends_at": moment(one.ends_at),
        }
        for (one,) in rows
    ]


def _pots(rows: Sequence[Row[Any]], now: datetime) -> list[dict[str, Any]]:
    return [
        {
            "id": one.id,
            "round_id": one.round_id,
            "name": one.name,
            "amount": money(one.amount),
            "neighbourhood_id": one.neighbourhood_id,
        }
        for (one,) in rows
    ]

"""The register of contributions as open data: what was asked and what the city hall answered, never by whom."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from flask_babel import lazy_gettext as _l
from sqlalchemy import Select, select

from civic.notifications.compose import address_of
from civic.opendata.fields import NUMBER, PAGE_ADDRESS
from civic.opendata.resources import Field, Narrowing, Resource, equal_to, moment, register_resource
from consultations.contributions import listing, queries
from consultations.contributions.models import Contribution
from consultations.contributions.rules import CHANNELS, HIDDEN_FOR, Outcome
from consultations.models import Consultation

#: What became of one: an outcome, nothing yet, or a late one that is not considered.
OUTCOMES = ("", *(str(one) for one in Outcome), "not_considered")


def register() -> None:
    """Publish the register."""
    register_resource(
        Resource(
            "contributions",
            _l("Contributions and answers"),
            _l("Every contribution to a consultation as the public register shows it, with the city hall's answer. Authors are not named; an organisation that proved who speaks for it is."),
            (
                NUMBER,
                PAGE_ADDRESS,
                Field("consultation_id", "number", _l("The consultation it belongs to")),
                Field("number", "number", _l("Its number in the register of the consultation")),
                Field("reference", "text", _l("Its reference")),
                Field("received_at", "moment", _l("When it arrived")),
                Field("channel", "text", _l("In which way it came"), codes=CHANNELS),
                Field("by_organisation", "yes_no", _l("Whether it speaks for an organisation")),
                Field("organisation_id", "number", _l("The verified organisation it speaks for"), optional=True),
                Field("late", "yes_no", _l("Whether it came after the term")),
                Field("title", "text", _l("Its title")),
                Field("text", "text", _l("What was asked, as everybody may read it")),
                Field("hidden_for", "text", _l("Why the text is not shown, or not whole"), codes=("", *HIDDEN_FOR)),
                Field("theme", "text", _l("The theme it is answered with")),
                Field("outcome", "text", _l("What the city hall does with it; empty until it answers"), codes=OUTCOMES),
                Field("reason", "text", _l("The answer, or why it is not considered")),
                Field("changed_what", "text", _l("What it changed in the documents")),
                Field("changed_address", "text", _l("The address of what it changed")),
                Field("answered_by", "text", _l("The function of who answered")),
                Field("answered_at", "moment", _l("When it was answered"), optional=True),
            ),
            _public,
            Contribution.id,
            _show,
            (
                equal_to("consultation_id", Contribution.consultation_id, _l("Only those of this consultation")),
                equal_to("channel", Contribution.channel, _l("Only those that came in this way"), "text", CHANNELS),
                Narrowing("outcome", "text", _l("Only those that were answered so"), _answered, tuple(str(one) for one in Outcome)),
            ),
        )
    )  # fmt: skip


def _public() -> Select[Any]:
    """A draft has no register."""
    announced = select(Consultation.id).where(Consultation.announced_at.is_not(None))
    return select(Contribution).where(Contribution.consultation_id.in_(announced))


def _answered(statement: Select[Any], outcome: str, now: datetime) -> Select[Any]:
    return statement.where(listing.with_outcome(outcome))


def _show(rows: Sequence[Any], now: datetime) -> list[dict[str, Any]]:
    entries = [one for (one,) in rows]
    answers = queries.answers_for(entries)
    themes = listing.titles_of({one.theme_id for one in entries if one.theme_id is not None})
    return [_item(one, queries.pick(one, answers), themes) for one in entries]


def _item(one: Contribution, answer: Any, themes: dict[int, str]) -> dict[str, Any]:
    same = ("id", "consultation_id", "number", "reference", "channel", "by_organisation", "organisation_id", "late", "title", "hidden_for")  # fmt: skip
    not_considered = one.considered is False
    return {
        **{name: getattr(one, name) for name in same},
        "url": address_of("contributions.show", consultation_id=one.consultation_id, number=one.number),
        "received_at": moment(one.received_at),
        "text": one.body,
        "theme": themes.get(one.theme_id or 0, ""),
        "outcome": answer.outcome if answer else "not_considered" if not_considered else "",
        "reason": answer.reason if answer else one.considered_reason if not_considered else "",
        "changed_what": answer.place if answer else "",
        "changed_address": answer.link if answer else "",
        "answered_by": answer.author_function if answer else "",
        "answered_at": moment(answer.published_at) if answer else None,
    }

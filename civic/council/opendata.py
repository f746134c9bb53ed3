"""The council's records as open data."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from flask_babel import lazy_gettext as _l
from sqlalchemy import func, select

from civic.council import queries, rules
from civic.council.corrections import BY_TABLE
from civic.council.models import (
    CouncilCorrection,
    CouncilMember,
    CouncilQuestion,
    CouncilSitting,
    CouncilVote,
)
from civic.decisions.queries import list_by_ids
from civic.dimensions import DIMENSIONS
from civic.notifications.compose import address_of
from civic.opendata.fields import CHANGED_AT, NOTE, NUMBER, PAGE_ADDRESS, SOURCE_REFERENCE
from civic.opendata.resources import Field, Resource, day, equal_to, moment, register_resource, since

_SOURCE = (SOURCE_REFERENCE, NOTE, CHANGED_AT)


def register() -> None:
    """Publish members, meetings, votes, questions, and what was corrected in them."""
    register_resource(_members())
    register_resource(_meetings())
    register_resource(_votes())
    register_resource(_corrections())
    register_resource(_questions())


def _members() -> Resource:
    return Resource(
        "council-members",
        _l("Elected members"),
        _l("Everybody elected to the council, a mandate each, past ones too."),
        (
            NUMBER,
            PAGE_ADDRESS,
            Field("name", "text", _l("The name of the member")),
            Field("party", "text", _l("The party, empty when there is none or nobody says")),
            Field("independent", "yes_no", _l("Whether the member is an independent")),
            Field("commission", "text", _l("The commission of the council")),
            Field("starts_on", "day", _l("The day the mandate begins")),
            Field("ends_on", "day", _l("The day the mandate ended"), optional=True),
            *_SOURCE,
        ),
        lambda: select(CouncilMember),
        CouncilMember.id,
        _show_members,
        (since(CouncilMember.changed_at, _l("Only what changed at this moment or after it")),),
    )


def _meetings() -> Resource:
    return Resource(
        "council-meetings",
        _l("Meetings of the council"),
        _l("The meetings of the council as their records tell them."),
        (
            NUMBER,
            PAGE_ADDRESS,
            Field("kind", "text", _l("How it was convened"), codes=rules.KINDS),
            Field("held_on", "day", _l("The day of the meeting")),
            Field("place", "text", _l("Where it was held")),
            Field("convening", "text", _l("The order that convened it")),
            Field("in_office", "number", _l("How many councillors were in office, when the records state it"), optional=True),
            Field("minutes_address", "text", _l("The address of the minutes, when they are elsewhere")),
            Field("recording", "text", _l("The address of the recording")),
            Field("members_present", "numbers", _l("The members who were present, as the records name them")),
            Field("members_absent", "numbers", _l("The members who were absent")),
            Field("members_excused", "numbers", _l("The members who were absent with an excuse")),
            *_SOURCE,
        ),
        lambda: select(CouncilSitting),
        CouncilSitting.id,
        _show_meetings,
        (since(CouncilSitting.changed_at, _l("Only what changed at this moment or after it")),),
    )  # fmt: skip


def _votes() -> Resource:
    counts = tuple(
        Field(f"{kind}_{name}", "number", words, optional=True)
        for kind, name, words in (
            ("stated", "for", _l("Votes for, as the minutes state")),
            ("stated", "against", _l("Votes against, as the minutes state")),
            ("stated", "abstained", _l("Abstentions, as the minutes state")),
            ("stated", "not_voting", _l("Present without voting, as the minutes state")),
            ("named", "for", _l("How many names are under “voted for”")),
            ("named", "against", _l("How many names are under “voted against”")),
            ("named", "abstained", _l("How many names are under “abstained”")),
            ("named", "not_voting", _l("How many names are under “present, did not vote”")),
            ("named", "absent", _l("How many names are under “absent”")),
        )
    )
    return Resource(
        "council-votes",
        _l("Votes of the council"),
        _l("Each point of an agenda with its vote: totals as stated and as the names add up. A secret vote has no names."),
        (
            NUMBER,
            PAGE_ADDRESS,
            Field("meeting_id", "number", _l("The meeting it was on the agenda of")),
            Field("position", "number", _l("Its place on the agenda")),
            Field("title", "text", _l("What was voted on")),
            Field("decision_id", "number", _l("The decision it led to"), optional=True),
            Field("dimension", "text", _l("The dimension of local governance"), optional=True, codes=DIMENSIONS),
            Field("secret", "yes_no", _l("Whether the vote was secret")),
            Field("majority", "text", _l("The majority it needed"), codes=rules.MAJORITIES),
            *counts,
            Field("members_for", "numbers", _l("The members who voted for")),
            Field("members_against", "numbers", _l("The members who voted against")),
            Field("members_abstained", "numbers", _l("The members who abstained")),
            Field("members_not_voting", "numbers", _l("The members who were present and did not vote")),
            Field("members_absent", "numbers", _l("The members who were absent")),
            Field("signed_by", "numbers", _l("The members who signed the draft")),
            *_SOURCE,
        ),
        lambda: select(CouncilVote).where(CouncilVote.sitting_id.is_not(None)),
        CouncilVote.id,
        _show_votes,
        (
            equal_to("meeting", CouncilVote.sitting_id, _l("Only those of this meeting")),
            equal_to("decision", CouncilVote.decision_id, _l("Only those on this decision")),
            since(CouncilVote.changed_at, _l("Only what changed at this moment or after it")),
        ),
    )  # fmt: skip


def _corrections() -> Resource:
    one: Any = CouncilCorrection
    meeting = func.coalesce(one.sitting_id, CouncilVote.sitting_id)
    return Resource(
        "council-corrections",
        _l("Corrections of the council's records"),
        _l("What the records of meetings, votes and mandates said before they were corrected: a row for each thing."),
        (
            NUMBER,
            PAGE_ADDRESS,
            Field("at", "moment", _l("When it was corrected")),
            Field("meeting_id", "number", _l("The meeting it belongs to"), optional=True),
            Field("vote_id", "number", _l("The vote it belongs to"), optional=True),
            Field("member_id", "number", _l("The member it is about"), optional=True),
            Field("what", "text", _l("What was corrected"), codes=rules.RECORDED),
            Field("former", "text", _l("As it was, empty where nothing was written")),
            Field("present", "text", _l("As it became, empty where nothing is written any more")),
            Field("reason", "text", _l("Why, in the words of whoever corrected it")),
            Field("by_table", "yes_no", _l("Whether a table that was brought in said otherwise")),
        ),
        lambda: select(one, meeting).outerjoin(CouncilVote, CouncilVote.id == one.vote_id),
        one.id,
        _show_corrections,
        (
            equal_to("meeting", meeting, _l("Only those of this meeting")),
            equal_to("vote", one.vote_id, _l("Only those of this vote")),
            equal_to("member", one.member_id, _l("Only those about this member")),
            since(one.at, _l("Only what was corrected at this moment or after it")),
        ),
    )  # fmt: skip


def _page_of(one: CouncilCorrection) -> str:
    if one.vote_id is not None:
        return address_of("council.vote", vote_id=one.vote_id)
    if one.sitting_id is not None:
        return address_of("council.meeting", sitting_id=one.sitting_id)
    return address_of("council.member", member_id=one.member_id)


def _show_corrections(rows: Sequence[Any], now: datetime) -> list[dict[str, Any]]:
    names = ("id", "vote_id", "member_id", "what", "former", "present", "reason")
    return [
        {
            **{name: getattr(one, name) for name in names},
            "url": _page_of(one),
            "at": moment(one.at),
            "meeting_id": meeting,
            "by_table": one.role == BY_TABLE,
        }
        for one, meeting in rows
    ]


def _questions() -> Resource:
    return Resource(
        "council-questions",
        _l("Questions of elected members"),
        _l("What elected members asked the city hall, and what it answered."),
        (
            NUMBER,
            Field("url", "address", _l("The page of the member")),
            Field("member_id", "number", _l("The member who asked")),
            Field("kind", "text", _l("A question or an interpellation"), codes=rules.QUESTION_KINDS),
            Field("asked_on", "day", _l("The day it was asked")),
            Field("asked", "text", _l("What was asked")),
            Field("answered_on", "day", _l("The day it was answered"), optional=True),
            Field("answer", "text", _l("The answer; empty until there is one")),
        ),
        lambda: select(CouncilQuestion),
        CouncilQuestion.id,
        _show_questions,
        (equal_to("member_id", CouncilQuestion.member_id, _l("Only those of this member")),),
    )


def _shown(one: Any, names: tuple[str, ...]) -> dict[str, Any]:
    same = {name: getattr(one, name) for name in (*names, "source_reference", "note")}
    return {**same, "changed_at": moment(one.changed_at)}


def _show_members(rows: Sequence[Any], now: datetime) -> list[dict[str, Any]]:
    return [
        {
            **_shown(one, ("id", "name", "party", "independent", "commission")),
            "url": address_of("council.member", member_id=one.id),
            "starts_on": day(one.starts_on),
            "ends_on": day(one.ends_on),
        }
        for (one,) in rows
    ]


def _show_meetings(rows: Sequence[Any], now: datetime) -> list[dict[str, Any]]:
    names = ("id", "kind", "place", "convening", "in_office", "minutes_address", "recording")
    there = queries.members_by_presence([one.id for (one,) in rows])
    return [
        {
            **_shown(one, names),
            "url": address_of("council.meeting", sitting_id=one.id),
            "held_on": day(one.held_on),
            **{f"members_{name}": there.get((one.id, name), []) for name in rules.PRESENCES},
        }
        for (one,) in rows
    ]


def _show_votes(rows: Sequence[Any], now: datetime) -> list[dict[str, Any]]:
    votes = [row[0] for row in rows]
    ids = [one.id for one in votes]
    counted, voted, signed = (
        queries.count_choices(ids),
        queries.members_by_choice(ids),
        queries.signers_of(ids),
    )
    public = {one.id for one in list_by_ids({one.decision_id for one in votes if one.decision_id})}
    names = ("id", "position", "title", "dimension", "secret", "majority")
    stated = tuple(f"stated_{name}" for name in rules.STATED)
    return [
        {
            **_shown(one, (*names, *stated)),
            "url": address_of("council.vote", vote_id=one.id),
            "meeting_id": one.sitting_id,
            "decision_id": one.decision_id if one.decision_id in public else None,
            **{
                f"named_{name}": counted[one.id].get(name, 0) if one.id in counted else None
                for name in rules.CHOICES
            },
            **{f"members_{name}": voted.get((one.id, name), []) for name in rules.CHOICES},
            "signed_by": signed.get(one.id, []),
        }
        for one in votes
    ]


def _show_questions(rows: Sequence[Any], now: datetime) -> list[dict[str, Any]]:
    return [
        {
            **{name: getattr(one, name) for name in ("id", "member_id", "kind", "asked", "answer")},
            "url": address_of("council.member", member_id=one.member_id),
            "asked_on": day(one.asked_on),
            "answered_on": day(one.answered_on),
        }
        for (one,) in rows
    ]

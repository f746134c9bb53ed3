"""What pages show about the council's records."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import Any

from flask import request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from civic import clock, links, numbers, timeline
from civic.council import correction_presenters, labels, queries, rules, service
from civic.council.models import CouncilMember, CouncilSitting, CouncilVote
from civic.decisions.presenters import name_of
from civic.dimensions import DIMENSIONS, LABELS
from civic.format import day as write_day
from civic.imports.queries import source_names
from civic.navigation import Panel


def party_of(one: CouncilMember) -> str:
    """The party, or that there is none, or that nobody says."""
    if one.independent:
        return _("Independent")
    return one.party or _("not stated")


def mandate_of(one: CouncilMember) -> str:
    """From when until when."""
    begins = write_day(one.starts_on)
    if one.ends_on is None:
        return _("from %(day)s", day=begins)
    return _("from %(day)s until %(end)s", day=begins, end=write_day(one.ends_on))


def sitting_name(one: CouncilSitting) -> str:
    """What a meeting is called in a line of text."""
    return _("%(kind)s of %(day)s", kind=labels.KINDS[one.kind], day=write_day(one.held_on))


def _source(one: Any) -> str:
    name = source_names([one.source_id]).get(one.source_id or 0, "") if one.source_id else ""
    return ", ".join(part for part in (name, one.source_reference) if part)


def resolve_members(ids: Iterable[int]) -> dict[int, links.Link]:
    """Members as other features meet them."""
    return {
        one.id: links.Link(
            service.MEMBER, one.id, one.name, url_for("council.member", member_id=one.id),
            _l("Elected member"),
        )
        for one in queries.list_members(ids)
    }  # fmt: skip


def resolve_sittings(ids: Iterable[int]) -> dict[int, links.Link]:
    """Meetings as other features meet them."""
    return {
        one.id: links.Link(
            service.SITTING, one.id, sitting_name(one), url_for("council.meeting", sitting_id=one.id),
            _l("Council meeting"),
        )
        for one in queries.list_sittings(ids)
    }  # fmt: skip


def _moves(endpoint: str, window: Any, **kept: Any) -> dict[str, str | None]:
    """The addresses of the neighbouring pages of a list."""
    return {
        "earlier": url_for(endpoint, **kept, before=window.before) if window.before else None,
        "further": url_for(endpoint, **kept, after=window.after) if window.after else None,
    }


def members_context(now: datetime) -> dict[str, Any]:
    """Those in office, or everybody ever elected."""
    everybody = request.args.get("who") == "all"
    window = queries.page_members(None if everybody else clock.city_date(now))
    kept = {"who": "all"} if everybody else {}
    return {
        "rows": [(one, party_of(one), mandate_of(one)) for _key, one in window.rows],
        "everybody": everybody,
        **_moves("council.members", window, **kept),
    }


def _counted(found: Mapping[str, int], words: Mapping[str, Any]) -> list[tuple[Any, int]]:
    return [(label, found[code]) for code, label in words.items() if found.get(code)]


def member_context(one: CouncilMember) -> dict[str, Any]:
    """Everything the records say of one member, and which records those are."""
    votes = queries.page_votes(queries.Filters(member_id=one.id))
    shown = [row[1] for row in votes.rows]
    how = queries.choices_of(one.id, [vote.id for vote in shown])
    first, last = queries.span_of_records(one.id)
    return {
        "member": one,
        "party": party_of(one),
        "mandate": mandate_of(one),
        "others": [(other, mandate_of(other)) for other in queries.list_other_mandates(one)],
        "vote_counts": _counted(queries.count_member_votes(one.id), labels.CHOICES),
        "presence_counts": _counted(queries.count_member_presence(one.id), labels.PRESENCES),
        "first": first,
        "last": last,
        "votes": [
            (vote, sitting_name(vote.sitting), labels.CHOICES[how[vote.id]], labels.TONES[how[vote.id]])
            for vote in shown
        ],
        "signed": queries.list_signed(one.id, 50),
        "questions": queries.list_questions(one.id),
        "question_kinds": labels.QUESTION_KINDS,
        "source": _source(one),
        "events": _events(service.MEMBER, one.id),
        "corrections": correction_presenters.told(queries.corrections_of_member(one.id)),
        **_moves("council.member", votes, member_id=one.id),
    }


def _events(kind: str, number: int) -> list[dict[str, Any]]:
    return [
        {"at": event.at, "sentence": event.sentence, "role": event.role, "reason": event.reason}
        for event in timeline.list_events(kind, number)
    ]


def meetings_context() -> dict[str, Any]:
    """The meetings of a year, or all of them."""
    year = numbers.whole_number(request.args.get("year"), 9999)
    window = queries.page_sittings(year)
    return {
        "rows": [(one, sitting_name(one)) for _key, one in window.rows],
        "year": year,
        "years": _years(),
        **_moves("council.meetings", window, **({"year": year} if year else {})),
    }


def _years() -> list[tuple[Any, str]]:
    return [("", _("All years")), *((year, str(year)) for year in queries.list_years())]


def tally(one: CouncilVote, counted: Mapping[str, int], in_office: int) -> dict[str, Any]:
    """A vote in figures: its totals, the majority it needed, whether it was reached, what contradicts what."""
    totals = rules.totals_of(counted, one.stated)
    result = rules.outcome(one.majority, totals, in_office)
    return {
        "vote": one,
        "totals": [
            (labels.COUNTED[name], totals[name], labels.TONES[name])
            for name in rules.CHOICES
            if totals.get(name)
        ],
        "outcome": result,
        "sentence": _outcome_words(one, result, bool(totals)),
        "tone": "grey" if result.reached is None else ("green" if result.reached else "rose"),
        "contradictions": [
            (labels.COUNTED[name], said, found)
            for name, said, found in rules.contradictions(counted, one.stated)
        ],
        "decision_name": name_of(one.decision) if one.decision and one.decision.state != "draft" else None,
        "dimension": LABELS.get(one.dimension or (one.decision.dimension if one.decision else "") or ""),
    }


def _outcome_words(one: CouncilVote, result: rules.Outcome, told: bool) -> str:
    if not told:
        return _("The vote is not written down")
    if result.reached is None:
        return _("It is not known how many councillors were in office")
    if not result.quorum:
        return _("Too few were present")
    return _("The majority was reached") if result.reached else _("The majority was not reached")


def _tallies(votes: Sequence[CouncilVote]) -> list[dict[str, Any]]:
    counted, in_office = queries.totals(votes)
    return [
        tally(one, counted.get(one.id, {}), _office(one.sitting, in_office)) | {"sitting": one.sitting}
        for one in votes
    ]


def _office(sitting: CouncilSitting | None, known: Mapping[date, int]) -> int:
    if sitting is None:
        return 0
    return sitting.in_office or known.get(sitting.held_on, 0)


def meeting_context(one: CouncilSitting) -> dict[str, Any]:
    """A meeting: its agenda with the votes, who was there, where its minutes are."""
    in_office = queries.count_in_office([one.held_on])
    origin = links.find_link(one.origin_kind, one.origin_id) if one.origin_kind and one.origin_id else None
    attendance = queries.list_attendance(one.id)
    return {
        "sitting": one,
        "name": sitting_name(one),
        "kind": labels.KINDS[one.kind],
        "origin": origin,
        "in_office": _office(one, in_office),
        "in_office_stated": one.in_office is not None,
        "agenda": _tallies(queries.list_votes_of(one.id)),
        "attendance": [(member, labels.PRESENCES[presence]) for member, presence in attendance],
        "presence_counts": _counted(_count(presence for _member, presence in attendance), labels.PRESENT),
        "source": _source(one),
        "events": _events(service.SITTING, one.id),
        "corrections": correction_presenters.told(queries.corrections_of_meeting(one.id)),
    }


def _count(words: Iterable[str]) -> dict[str, int]:
    found: dict[str, int] = {}
    for word in words:
        found[word] = found.get(word, 0) + 1
    return found


def votes_context() -> dict[str, Any]:
    """The votes with the filters of the address."""
    dimension, choice = request.args.get("dimension", ""), request.args.get("choice", "")
    filters = queries.Filters(
        numbers.whole_number(request.args.get("year"), 9999),
        dimension if dimension in DIMENSIONS else "",
        numbers.whole_number(request.args.get("member")),
        choice if choice in rules.CHOICES else "",
    )
    window = queries.page_votes(filters)
    names = ("year", "dimension", "member", "choice")
    kept: dict[str, Any] = {name: request.args[name] for name in names if request.args.get(name)}
    return {
        "filters": filters,
        "rows": [(each, sitting_name(each["sitting"])) for each in _tallies([row[1] for row in window.rows])],
        "total": queries.count_votes(filters),
        "years": _years(),
        "dimension_choices": [("", _("All dimensions")), *LABELS.items()],
        "members": [("", _("All members")), *((one.id, one.name) for one in queries.list_all_members())],
        "choices": [("", _("However they voted")), *labels.CHOICES.items()],
        **_moves("council.votes", window, **kept),
    }


def _groups(one: CouncilVote) -> list[tuple[Any, list[CouncilMember]]]:
    """(how, the members who voted so) of a vote by name."""
    casts = queries.list_casts(one.id)
    grouped = [
        (label, [member for member, choice in casts if choice == code])
        for code, label in labels.COUNTED.items()
    ]
    return [(label, members) for label, members in grouped if members]


def vote_context(one: CouncilVote) -> dict[str, Any]:
    """One vote: by name where it was open, in totals alone where it was secret; and what it said before."""
    made = _tallies([one])[0]
    return {
        **made,
        "sitting_name": sitting_name(one.sitting) if one.sitting else "",
        "groups": _groups(one),
        "signers": queries.list_signers(one.id),
        "majority": labels.MAJORITIES[one.majority],
        "law": labels.LAW[one.majority],
        "source": _source(one),
        "corrections": correction_presenters.told(queries.corrections_of_vote(one.id)),
    }


def decision_panel(context: dict[str, Any]) -> Panel | None:
    """A decision's page: how the councillors voted on it."""
    votes = queries.list_votes_on(context["decision"].id)
    if not votes:
        return None
    made = [
        {**each, "name": sitting_name(each["sitting"]), "groups": _groups(each["vote"])}
        for each in _tallies(votes)
    ]
    return Panel("council/_panel_decision.html", {"votes": made}, position=10)


def meeting_panel(context: dict[str, Any]) -> Panel | None:
    """The page of a meeting announced here: its votes and who was there."""
    found = queries.find_by_origin("meeting", context["meeting"].id)
    if found is None:
        return None
    return Panel("council/_panel_meeting.html", meeting_context(found), position=10)

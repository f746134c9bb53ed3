"""The council's records brought in from tables: members, meetings, votes."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date
from typing import Any

from flask_babel import lazy_gettext as _l
from sqlalchemy import delete, insert, select, update

from civic.council import corrections, queries, rules
from civic.council.models import (
    Attendance,
    CouncilMember,
    CouncilSitting,
    CouncilVote,
    Signing,
    VoteCast,
)
from civic.decisions.queries import ids_of
from civic.dimensions import DIMENSIONS
from civic.extensions import db
from civic.imports.datasets import Context, Dataset, Field, Landed
from civic.imports.models import ImportSource
from civic.imports.rules import Unreadable
from civic.text import fold, romanian_sort_key

KINDS = {
    "ordinara": "ordinary", "ordinary": "ordinary", "extraordinara": "extraordinary",
    "extraordinary": "extraordinary", "de indata": "urgent", "urgent": "urgent",
}  # fmt: skip
MAJORITIES = {
    "simpla": "simple", "simple": "simple", "absoluta": "absolute", "absolute": "absolute",
    "calificata": "two_thirds", "doua treimi": "two_thirds", "2/3": "two_thirds", "two_thirds": "two_thirds",
}  # fmt: skip
_DIMENSIONS = {fold(one): one for one in DIMENSIONS} | {
    "bugetare": "budgeting", "contractare": "contracting", "proces decizional": "decision_making",
    "elaborarea politicilor": "policy", "servicii publice": "services",
}  # fmt: skip


#: Rows whose names are tied at once.
TOGETHER = 500


def _changed(
    _after: Mapping[str, Any], _before: Mapping[str, Any] | None, context: Context
) -> dict[str, Any]:
    return {"changed_at": context.now}


def _named(values: Mapping[str, Any], prefix: str, choices: Iterable[str]) -> str:
    """Lists of names as one text, a line a choice: `for: Ana Pop; Ion Rus`."""
    lines = [
        f"{choice}: {'; '.join(rules.names_in(values[prefix + choice]))}"
        for choice in choices
        if values[prefix + choice]
    ]
    return "\n".join(lines)


def _read_named(words: str) -> list[tuple[str, str]]:
    """(choice, name) of such a text."""
    found = []
    for line in words.splitlines():
        choice, _colon, names = line.partition(": ")
        found += [(choice, name) for name in rules.names_in(names)]
    return found


def _keep(owner: str, names: Iterable[str]) -> Callable[[Sequence[Landed], Context], None]:
    """Keeps what rows that were known said before; `owner` is what their number is called beside a correction."""

    def landed(rows: Sequence[Landed], context: Context) -> None:
        for row in rows:
            if row.before is None:
                continue
            before = {name: row.before[name] for name in names}
            after = {name: row.after.get(name, row.before[name]) for name in names}
            whose: dict[str, Any] = {owner: row.id}
            corrections.keep(rules.reworded(before, after), context.now, role=corrections.BY_TABLE, **whose)

    return landed


#: Of a point of an agenda a table says everything but its decision, which is found by number and year.
_OF_VOTE = (*(name for name in rules.OF_VOTE if name != "decision"), *rules.TOTALS)


# --- members ---------------------------------------------------------------------------------------------


def make_member(values: dict[str, Any], _context: Context) -> dict[str, Any]:
    """A row as a member in a mandate."""
    if values["ends_on"] is not None and values["ends_on"] < values["starts_on"]:
        raise Unreadable("order", "ends_on", f"{values['starts_on']} – {values['ends_on']}")
    party = values["party"] or ""
    independent = fold(party).startswith("independent")
    return {
        "name": values["name"],
        "sort_key": romanian_sort_key(values["name"]),
        "party": "" if independent else party,
        "independent": independent,
        "commission": values["commission"] or "",
        "starts_on": values["starts_on"],
        "ends_on": values["ends_on"],
    }


# --- meetings --------------------------------------------------------------------------------------------


def _address(values: Mapping[str, Any], name: str) -> str:
    typed = values[name] or ""
    if typed and not typed.lower().startswith(("http://", "https://")):
        raise Unreadable("choice", name, typed)
    return typed


def make_sitting(values: dict[str, Any], _context: Context) -> dict[str, Any]:
    """A row as a meeting, with the names of who was there as its source writes them."""
    return {
        "kind": values["kind"] or "ordinary",
        "held_on": values["held_on"],
        "place": values["place"] or "",
        "convening": values["convening"] or "",
        "in_office": values["in_office"] or None,
        "minutes_address": _address(values, "minutes_address"),
        "recording": _address(values, "recording"),
        "named": _named(values, "", rules.PRESENCES),
    }


def finish_sittings(context: Context) -> None:
    """Tie the names of who was there to members with a mandate on that day."""
    find = queries.matcher(rules.name_key)
    rows = db.session.execute(
        select(CouncilSitting.id, CouncilSitting.held_on, CouncilSitting.named).where(
            CouncilSitting.source_id == context.source_id, CouncilSitting.named != ""
        )
    ).all()
    _tie(rows, find, CouncilSitting, Attendance, ("sitting_id", "presence"), context)


def _tie(
    rows: Sequence[Any], find: Callable[[str, date], CouncilMember | None], model: Any, table: Any,
    columns: tuple[str, str], context: Context,
) -> None:  # fmt: skip
    """Write down the matched names of (id, day, names) rows anew, and keep on each row the names that match nobody.

    Whoever was marked otherwise before is kept as a correction.
    """
    for first in range(0, len(rows), TOGETHER):
        some = rows[first : first + TOGETHER]
        marked = _marked(table, *columns, [row[0] for row in some])
        for number, day, named in some:
            found = [(choice, name, find(name, day)) for choice, name in _read_named(named)]
            matched = {member.id: choice for choice, _name, member in found if member is not None}
            missed = "; ".join(name for _choice, name, member in found if member is None)
            _mark(number, matched, marked.get(number, {}), table, columns, context)
            db.session.execute(update(model).where(model.id == number).values(unmatched=missed))


def _mark(
    number: int, matched: Mapping[int, str], known: Mapping[int, str], table: Any, columns: tuple[str, str],
    context: Context,
) -> None:  # fmt: skip
    owner, kind = columns
    if matched == known:
        return
    if known:
        whose: dict[str, Any] = {owner: number}
        corrections.keep(
            rules.remarked(kind, known, matched), context.now, role=corrections.BY_TABLE, **whose
        )
    db.session.execute(delete(table).where(getattr(table, owner) == number))
    if matched:
        db.session.execute(
            insert(table),
            [{owner: number, "member_id": one, kind: choice} for one, choice in sorted(matched.items())],
        )


def _marked(table: Any, owner: str, kind: str, numbers: Iterable[int]) -> dict[int, dict[int, str]]:
    """row -> member -> how they are marked now."""
    found: dict[int, dict[int, str]] = {}
    known = getattr(table, owner)
    asked = select(known, table.member_id, getattr(table, kind)).where(known.in_(numbers))
    for number, member, mark in db.session.execute(asked):
        found.setdefault(number, {})[member] = mark
    return found


# --- votes -----------------------------------------------------------------------------------------------


def make_vote(values: dict[str, Any], _context: Context) -> dict[str, Any]:
    """A row as a point of the agenda with its vote. Names beside a secret vote are refused, not kept."""
    named = _named(values, "by_", rules.CHOICES)
    if values["secret"] and named:
        raise Unreadable("choice", "secret", named[:100])
    return {
        "sitting_key": values["sitting_key"],
        "position": values["position"] or 1,
        "title": values["title"],
        "reports": values["reports"] or "",
        "dimension": values["dimension"],
        "secret": bool(values["secret"]),
        "majority": values["majority"] or "simple",
        **{f"stated_{name}": values[f"stated_{name}"] for name in rules.STATED},
        "named": named,
        "signed": "; ".join(rules.names_in(values["signed"] or "")),
        "decision_key": values["decision_key"] or "",
    }


def finish_votes(context: Context) -> None:
    """Tie votes to their meetings, decisions and members, once every row is there."""
    own = db.session.get_one(ImportSource, context.source_id)
    same = (
        select(CouncilSitting.id)
        .join(ImportSource, ImportSource.id == CouncilSitting.source_id)
        .where(ImportSource.name == own.name, CouncilSitting.import_key == CouncilVote.sitting_key)
        .limit(1)
        .scalar_subquery()
    )
    mine = CouncilVote.source_id == context.source_id
    db.session.execute(
        update(CouncilVote).where(mine).values(sitting_id=same).execution_options(synchronize_session=False)
    )
    _tie_decisions(mine)
    rows = db.session.execute(
        select(CouncilVote.id, CouncilSitting.held_on, CouncilVote.named, CouncilVote.signed)
        .join(CouncilSitting, CouncilSitting.id == CouncilVote.sitting_id)
        .where(mine)
    ).all()
    find = queries.matcher(rules.name_key)
    named = [row[:3] for row in rows if row[2]]
    _tie(named, find, CouncilVote, VoteCast, ("vote_id", "choice"), context)
    for number, day, _names, signed in rows:
        signers = {member.id for name in rules.names_in(signed) if (member := find(name, day)) is not None}
        db.session.execute(delete(Signing).where(Signing.vote_id == number))
        if signers:
            db.session.execute(
                insert(Signing), [{"vote_id": number, "member_id": one} for one in sorted(signers)]
            )


def _tie_decisions(mine: Any) -> None:
    """The decision a source writes as `12/2026`, where just one carries that number."""
    named: dict[tuple[str, int], list[int]] = {}
    for number, key in db.session.execute(
        select(CouncilVote.id, CouncilVote.decision_key).where(mine, CouncilVote.decision_key != "")
    ):
        for written in rules.acts_in(key)[:1]:
            named.setdefault(written, []).append(number)
    for act, found in ids_of(set(named)).items():
        if len(found) == 1:
            db.session.execute(
                update(CouncilVote).where(CouncilVote.id.in_(named[act])).values(decision_id=found[0])
            )


MEMBERS = Dataset(
    key="council_members",
    label=_l("Elected members of the council"),
    model=CouncilMember,
    fields=(
        Field("name", _l("Name of the member"), needed=True, guesses=("nume", "nume si prenume", "consilier", "name")),
        Field("starts_on", _l("Mandate from"), "day", needed=True, guesses=("de la", "inceput mandat", "from", "mandat de la")),
        Field("ends_on", _l("Mandate until"), "day", guesses=("pana la", "sfarsit mandat", "until", "mandat pana la")),
        Field("party", _l("Party, or independent"), guesses=("partid", "formatiune", "grup", "party")),
        Field("commission", _l("Commission of the council"), guesses=("comisie", "comisia", "commission")),
    ),
    make=make_member,
    home="council.members",
    stamp=_changed,
    landed=_keep("member_id", rules.OF_MANDATE),
)  # fmt: skip

SITTINGS = Dataset(
    key="council_meetings",
    label=_l("Meetings of the council"),
    model=CouncilSitting,
    fields=(
        Field("held_on", _l("Day of the meeting"), "day", needed=True, guesses=("data", "data sedintei", "date")),
        Field("kind", _l("Kind of meeting"), "choice", guesses=("fel", "tip", "kind"), choices=KINDS),
        Field("place", _l("Place"), guesses=("loc", "locul", "place")),
        Field("convening", _l("Convened by"), guesses=("dispozitie", "convocare", "convening")),
        Field("in_office", _l("Councillors in office"), "whole", guesses=("in functie", "consilieri in functie", "in_office")),
        Field("minutes_address", _l("Address of the minutes"), guesses=("proces-verbal", "proces verbal", "minutes")),
        Field("recording", _l("Link to the recording"), guesses=("inregistrare", "recording")),
        Field("present", _l("Names of those present"), "text", guesses=("prezenti", "present")),
        Field("absent", _l("Names of those absent"), "text", guesses=("absenti", "absent")),
        Field("excused", _l("Names of those absent with a reason"), "text", guesses=("absenti motivat", "excused")),
    ),
    make=make_sitting,
    home="council.meetings",
    stamp=_changed,
    landed=_keep("sitting_id", rules.OF_MEETING),
    finish=finish_sittings,
)  # fmt: skip

VOTES = Dataset(
    key="council_votes",
    label=_l("Votes of the council"),
    model=CouncilVote,
    fields=(
        Field("sitting_key", _l("Number of the meeting in its source"), needed=True, guesses=("sedinta", "meeting")),
        Field("position", _l("Point of the agenda"), "whole", guesses=("punct", "pozitie", "position")),
        Field("title", _l("What was voted on"), "text", needed=True, guesses=("titlu", "proiect", "title")),
        Field("reports", _l("Reports and opinions on it"), "text", guesses=("rapoarte", "avize", "reports")),
        Field("decision_key", _l("Decision it led to"), guesses=("hotarare", "hcl", "decision")),
        Field("dimension", _l("Dimension of local governance"), "choice", guesses=("dimensiune", "dimension"), choices=_DIMENSIONS),
        Field("secret", _l("Secret vote"), "yes", guesses=("vot secret", "secret")),
        Field("majority", _l("Majority needed"), "choice", guesses=("majoritate", "majority"), choices=MAJORITIES),
        Field("stated_for", _l("Votes for, as stated"), "whole", guesses=("total pentru", "voturi pentru")),
        Field("stated_against", _l("Votes against, as stated"), "whole", guesses=("total impotriva", "voturi impotriva")),
        Field("stated_abstained", _l("Abstentions, as stated"), "whole", guesses=("total abtineri",)),
        Field("stated_not_voting", _l("Present without voting, as stated"), "whole", guesses=("total nu au votat",)),
        Field("by_for", _l("Names of those who voted for"), "text", guesses=("pentru", "for")),
        Field("by_against", _l("Names of those who voted against"), "text", guesses=("impotriva", "against")),
        Field("by_abstained", _l("Names of those who abstained"), "text", guesses=("abtineri", "abtinere", "abstained")),
        Field("by_not_voting", _l("Names of those present who did not vote"), "text", guesses=("nu au votat", "not_voting")),
        Field("by_absent", _l("Names of those absent from the vote"), "text", guesses=("absenti", "absent")),
        Field("signed", _l("Who signed the draft"), "text", guesses=("initiatori", "initiator", "signed")),
    ),
    make=make_vote,
    home="council.votes",
    stamp=_changed,
    landed=_keep("vote_id", _OF_VOTE),
    finish=finish_votes,
)  # fmt: skip

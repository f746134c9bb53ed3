"""Every question asked about the council's records."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Select, String, cast, exists, extract, func, literal, or_, select

from civic import cursors
from civic.council.models import (
    Attendance,
    CouncilCorrection,
    CouncilMember,
    CouncilQuestion,
    CouncilSitting,
    CouncilVote,
    Signing,
    VoteCast,
)
from civic.decisions.models import CouncilDecision
from civic.errors import NotFound
from civic.extensions import db
from civic.matching import has_words
from civic.text import without_controls

PAGE_SIZE = 30
_LAST = date(9999, 12, 31)


@dataclass(frozen=True)
class Filters:
    """What a list of votes is narrowed to."""

    year: int | None = None
    dimension: str = ""
    member_id: int | None = None
    choice: str = ""

    @property
    def active(self) -> bool:
        """Whether anything is chosen."""
        return self != Filters()


def members_having_words(words: str) -> Select:
    """Ids of elected members whose name has the words, the latest mandate first."""
    found = select(CouncilMember.id).where(has_words(CouncilMember.name, words))
    return found.order_by(CouncilMember.starts_on.desc(), CouncilMember.id.desc())


def sittings_having_words(words: str) -> Select:
    """Ids of meetings with the words in the title of something put to the vote, the newest first."""
    voted = exists().where(CouncilVote.sitting_id == CouncilSitting.id, has_words(CouncilVote.title, words))
    return select(CouncilSitting.id).where(voted).order_by(CouncilSitting.held_on.desc())


def _get(model: Any, number: int, *, lock: bool = False) -> Any:
    found = db.session.get(
        model, number, with_for_update={"of": model} if lock else None, populate_existing=lock
    )
    if found is None:
        raise NotFound
    return found


def get_member(member_id: int, *, lock: bool = False) -> CouncilMember:
    """The member, or NotFound."""
    found: CouncilMember = _get(CouncilMember, member_id, lock=lock)
    return found


def get_sitting(sitting_id: int, *, lock: bool = False) -> CouncilSitting:
    """The meeting, or NotFound."""
    found: CouncilSitting = _get(CouncilSitting, sitting_id, lock=lock)
    return found


def get_vote(vote_id: int, *, lock: bool = False) -> CouncilVote:
    """The point of the agenda with its vote, or NotFound."""
    found: CouncilVote = _get(CouncilVote, vote_id, lock=lock)
    return found


def get_question(member_id: int, question_id: int) -> CouncilQuestion:
    """A question of this member, or NotFound."""
    found = db.session.get(CouncilQuestion, question_id)
    if found is None or found.member_id != member_id:
        raise NotFound
    return found


def find_by_origin(kind: str, origin_id: int) -> CouncilSitting | None:
    """The records of a meeting announced elsewhere."""
    return db.session.scalar(select(CouncilSitting).filter_by(origin_kind=kind, origin_id=origin_id))


def _newest(day: Any, number: Any) -> Any:
    """A key in whose order the newest stands first, unique by the number."""
    days = func.lpad(cast(literal(_LAST) - day, String), 8, "0", type_=String)
    return days + "-" + func.lpad(cast(2_147_483_647 - number, String), 10, "0", type_=String)


def _page(narrow: Select[Any], key: Any) -> cursors.Window[Any]:
    return cursors.window(narrow, key, cursors.asked(), PAGE_SIZE, read=without_controls)


def _in_office(day: Any) -> Any:
    return (CouncilMember.starts_on <= day) & or_(
        CouncilMember.ends_on.is_(None), CouncilMember.ends_on >= day
    )


def page_members(now_in_office: date | None) -> cursors.Window[Any]:
    """Members by name, (key, member) a row: those in office on a day, or everybody."""
    key = CouncilMember.sort_key + " " + func.lpad(cast(CouncilMember.id, String), 10, "0", type_=String)
    narrow: Any = select(key, CouncilMember)
    if now_in_office:
        narrow = narrow.where(_in_office(now_in_office))
    return _page(narrow, key)


def list_in_office(day: date) -> Sequence[CouncilMember]:
    """Those who had a mandate on a day, by name."""
    return db.session.scalars(
        select(CouncilMember).where(_in_office(day)).order_by(CouncilMember.sort_key, CouncilMember.id)
    ).all()


def list_all_members() -> Sequence[CouncilMember]:
    """Everybody ever elected, by name."""
    return db.session.scalars(select(CouncilMember).order_by(CouncilMember.sort_key, CouncilMember.id)).all()


def list_members(ids: Iterable[int]) -> Sequence[CouncilMember]:
    """Members by id, in no order."""
    return db.session.scalars(select(CouncilMember).where(CouncilMember.id.in_(set(ids)))).all()


def list_sittings(ids: Iterable[int]) -> Sequence[CouncilSitting]:
    """Meetings by id, in no order."""
    return db.session.scalars(select(CouncilSitting).where(CouncilSitting.id.in_(set(ids)))).all()


def list_other_mandates(one: CouncilMember) -> Sequence[CouncilMember]:
    """Other mandates under the same name."""
    return db.session.scalars(
        select(CouncilMember)
        .where(CouncilMember.sort_key == one.sort_key, CouncilMember.id != one.id)
        .order_by(CouncilMember.starts_on)
    ).all()


def page_sittings(year: int | None) -> cursors.Window[Any]:
    """Meetings, the newest first, (key, meeting) a row."""
    key = _newest(CouncilSitting.held_on, CouncilSitting.id)
    narrow = select(key, CouncilSitting)
    if year is not None:
        narrow = narrow.where(extract("year", CouncilSitting.held_on) == year)
    return _page(narrow, key)


def list_years() -> list[int]:
    """The years in which the council met, the newest first."""
    year = extract("year", CouncilSitting.held_on)
    return [int(one) for one in db.session.scalars(select(year).distinct().order_by(year.desc()))]


def _narrowed(statement: Select[Any], filters: Filters) -> Select[Any]:
    statement = statement.join(CouncilSitting, CouncilSitting.id == CouncilVote.sitting_id)
    if filters.year is not None:
        statement = statement.where(extract("year", CouncilSitting.held_on) == filters.year)
    if filters.dimension:
        statement = statement.where(
            func.coalesce(
                CouncilVote.dimension,
                select(CouncilDecision.dimension)
                .where(CouncilDecision.id == CouncilVote.decision_id)
                .scalar_subquery(),
            )
            == filters.dimension
        )
    if filters.member_id is not None or filters.choice:
        how = exists().where(VoteCast.vote_id == CouncilVote.id)
        if filters.member_id is not None:
            how = how.where(VoteCast.member_id == filters.member_id)
        if filters.choice:
            how = how.where(VoteCast.choice == filters.choice)
        statement = statement.where(how)
    return statement


def page_votes(filters: Filters) -> cursors.Window[Any]:
    """Votes, the newest first, (key, vote) a row."""
    key = _newest(CouncilSitting.held_on, CouncilVote.id)
    return _page(_narrowed(select(key, CouncilVote), filters), key)


def count_votes(filters: Filters) -> int:
    """How many pass the filters."""
    return db.session.scalar(_narrowed(select(func.count(CouncilVote.id)), filters)) or 0


def list_votes_of(sitting_id: int) -> Sequence[CouncilVote]:
    """The agenda of a meeting, in order."""
    return db.session.scalars(
        select(CouncilVote)
        .where(CouncilVote.sitting_id == sitting_id)
        .order_by(CouncilVote.position, CouncilVote.id)
    ).all()


def list_votes_on(decision_id: int) -> Sequence[CouncilVote]:
    """The votes that led to a decision, in time."""
    return db.session.scalars(
        select(CouncilVote)
        .join(CouncilSitting, CouncilSitting.id == CouncilVote.sitting_id)
        .where(CouncilVote.decision_id == decision_id)
        .order_by(CouncilSitting.held_on, CouncilVote.id)
    ).all()


def count_choices(vote_ids: Iterable[int]) -> dict[int, dict[str, int]]:
    """vote -> choice -> how many members."""
    found: dict[int, dict[str, int]] = {}
    rows = db.session.execute(
        select(VoteCast.vote_id, VoteCast.choice, func.count())
        .where(VoteCast.vote_id.in_(set(vote_ids)))
        .group_by(VoteCast.vote_id, VoteCast.choice)
    )
    for vote_id, choice, count in rows:
        found.setdefault(vote_id, {})[choice] = count
    return found


def _members_by(model: Any, subject: Any, *keys: Any) -> dict[Any, list[int]]:
    """Key -> ids of the members whom rows of a model tie to it, in one question."""
    found: dict[Any, list[int]] = {}
    for *key, member_id in db.session.execute(
        select(*keys, model.member_id).where(subject).order_by(model.member_id)
    ):
        found.setdefault(tuple(key) if len(key) > 1 else key[0], []).append(member_id)
    return found


def members_by_choice(vote_ids: Iterable[int]) -> dict[tuple[int, str], list[int]]:
    """(vote, choice) -> ids of the members who voted so."""
    wanted = VoteCast.vote_id.in_(set(vote_ids))
    return _members_by(VoteCast, wanted, VoteCast.vote_id, VoteCast.choice)


def members_by_presence(sitting_ids: Iterable[int]) -> dict[tuple[int, str], list[int]]:
    """(meeting, presence) -> ids of the members the records say it of."""
    wanted = Attendance.sitting_id.in_(set(sitting_ids))
    return _members_by(Attendance, wanted, Attendance.sitting_id, Attendance.presence)


def signers_of(vote_ids: Iterable[int]) -> dict[int, list[int]]:
    """vote -> ids of the members who signed its draft."""
    return _members_by(Signing, Signing.vote_id.in_(set(vote_ids)), Signing.vote_id)


def count_in_office(days: Iterable[date]) -> dict[date, int]:
    """day -> how many had a mandate, in one query."""
    wanted = sorted(set(days))
    if not wanted:
        return {}
    asked = select(func.unnest(wanted).label("day")).subquery()
    rows = db.session.execute(
        select(asked.c.day, func.count(CouncilMember.id))
        .outerjoin(CouncilMember, _in_office(asked.c.day))
        .group_by(asked.c.day)
    )
    return {row[0]: row[1] for row in rows}


def was_by_name(vote_id: int) -> bool:
    """Whether names stand, or stood before a correction, beside a vote."""
    stood = select(CouncilCorrection.id).where(
        CouncilCorrection.vote_id == vote_id, CouncilCorrection.what == "choice"
    )
    return bool(count_choices([vote_id])) or db.session.scalar(stood.limit(1)) is not None


def list_casts(vote_id: int) -> list[tuple[CouncilMember, str]]:
    """(member, choice) of a vote, by name."""
    rows = db.session.execute(
        select(CouncilMember, VoteCast.choice)
        .join(VoteCast, VoteCast.member_id == CouncilMember.id)
        .where(VoteCast.vote_id == vote_id)
        .order_by(CouncilMember.sort_key, CouncilMember.id)
    )
    return [(row[0], row[1]) for row in rows]


def choices_of(member_id: int, vote_ids: Iterable[int]) -> dict[int, str]:
    """vote -> how one member voted."""
    rows = db.session.execute(
        select(VoteCast.vote_id, VoteCast.choice).where(
            VoteCast.member_id == member_id, VoteCast.vote_id.in_(set(vote_ids))
        )
    )
    return {row[0]: row[1] for row in rows}


def list_signers(vote_id: int) -> Sequence[CouncilMember]:
    """Who signed the draft, by name."""
    return db.session.scalars(
        select(CouncilMember)
        .join(Signing, Signing.member_id == CouncilMember.id)
        .where(Signing.vote_id == vote_id)
        .order_by(CouncilMember.sort_key, CouncilMember.id)
    ).all()


def list_attendance(sitting_id: int) -> list[tuple[CouncilMember, str]]:
    """(member, presence) of a meeting, by name."""
    rows = db.session.execute(
        select(CouncilMember, Attendance.presence)
        .join(Attendance, Attendance.member_id == CouncilMember.id)
        .where(Attendance.sitting_id == sitting_id)
        .order_by(CouncilMember.sort_key, CouncilMember.id)
    )
    return [(row[0], row[1]) for row in rows]


def count_member_votes(member_id: int) -> dict[str, int]:
    """choice -> how often, over every vote with names."""
    rows = db.session.execute(
        select(VoteCast.choice, func.count()).where(VoteCast.member_id == member_id).group_by(VoteCast.choice)
    )
    return {row[0]: row[1] for row in rows}


def count_member_presence(member_id: int) -> dict[str, int]:
    """presence -> at how many meetings."""
    rows = db.session.execute(
        select(Attendance.presence, func.count())
        .where(Attendance.member_id == member_id)
        .group_by(Attendance.presence)
    )
    return {row[0]: row[1] for row in rows}


def span_of_records(member_id: int) -> tuple[date | None, date | None]:
    """The days of the first and of the last meeting whose records name the member."""
    days = (
        select(CouncilSitting.held_on)
        .join(Attendance, Attendance.sitting_id == CouncilSitting.id)
        .where(Attendance.member_id == member_id)
        .union_all(
            select(CouncilSitting.held_on)
            .join(CouncilVote, CouncilVote.sitting_id == CouncilSitting.id)
            .join(VoteCast, VoteCast.vote_id == CouncilVote.id)
            .where(VoteCast.member_id == member_id)
        )
        .subquery()
    )
    row = db.session.execute(select(func.min(days.c.held_on), func.max(days.c.held_on))).one()
    return row[0], row[1]


def list_signed(member_id: int, size: int) -> Sequence[CouncilVote]:
    """The drafts a member signed, the newest first."""
    return db.session.scalars(
        select(CouncilVote)
        .join(Signing, Signing.vote_id == CouncilVote.id)
        .join(CouncilSitting, CouncilSitting.id == CouncilVote.sitting_id)
        .where(Signing.member_id == member_id)
        .order_by(CouncilSitting.held_on.desc(), CouncilVote.id.desc())
        .limit(size)
    ).all()


def list_questions(member_id: int) -> Sequence[CouncilQuestion]:
    """A member's questions and interpellations, the newest first."""
    return db.session.scalars(
        select(CouncilQuestion)
        .where(CouncilQuestion.member_id == member_id)
        .order_by(CouncilQuestion.asked_on.desc(), CouncilQuestion.id.desc())
        .limit(200)
    ).all()


def matcher(
    name_key: Callable[[str], str],
) -> Callable[[str, date], CouncilMember | None]:
    """A function that finds the one member of a name with a mandate on a day; everybody is read once."""
    known: dict[str, list[CouncilMember]] = {}
    for one in list_all_members():
        known.setdefault(name_key(one.name), []).append(one)

    def find(name: str, day: date) -> CouncilMember | None:
        fitting = [
            one
            for one in known.get(name_key(name), [])
            if one.starts_on <= day and (one.ends_on is None or one.ends_on >= day)
        ]
        return fitting[0] if len(fitting) == 1 else None

    return find


def totals(votes: Sequence[CouncilVote]) -> tuple[Mapping[int, dict[str, int]], Mapping[date, int]]:
    """(vote -> choice -> members, day -> in office) of a page of votes, in two queries."""
    days = [one.sitting.held_on for one in votes if one.sitting is not None]
    return count_choices([one.id for one in votes]), count_in_office(days)


# --- what was corrected ------------------------------------------------------------------------------------

#: How many corrected things a page tells at most, the last ones.
MOST_CORRECTIONS = 300


def _corrections(wanted: Any) -> list[CouncilCorrection]:
    last = CouncilCorrection.at.desc(), CouncilCorrection.id
    return list(
        db.session.scalars(select(CouncilCorrection).where(wanted).order_by(*last).limit(MOST_CORRECTIONS))
    )


def corrections_of_vote(vote_id: int) -> list[CouncilCorrection]:
    """What was written otherwise about a vote, the last correction first."""
    return _corrections(CouncilCorrection.vote_id == vote_id)


def corrections_of_meeting(sitting_id: int) -> list[CouncilCorrection]:
    """What was written otherwise about a meeting and about its votes."""
    votes = select(CouncilVote.id).where(CouncilVote.sitting_id == sitting_id)
    return _corrections(or_(CouncilCorrection.sitting_id == sitting_id, CouncilCorrection.vote_id.in_(votes)))


def corrections_of_member(member_id: int) -> list[CouncilCorrection]:
    """What was written otherwise about a member: mandate, votes, attendance."""
    return _corrections(CouncilCorrection.member_id == member_id)


def votes_by_id(ids: Iterable[int]) -> dict[int, CouncilVote]:
    """Votes by their numbers."""
    return {
        one.id: one for one in db.session.scalars(select(CouncilVote).where(CouncilVote.id.in_(set(ids))))
    }

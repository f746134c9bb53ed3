"""The order in which the demo city is loaded, and how an interrupted loading goes on.

Two marks in the audit say that loading began and that it is complete (`marks`); between them every step finds what
it did before by its natural key (an address, a short name, a ballot's form) and does only the rest.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Any

from flask import current_app
from sqlalchemy import delete, event, func, select

from civic import audit
from civic.accounts.models import Account, Person
from civic.actor import SYSTEM
from civic.demo import (
    agora,
    ballots,
    city,
    consultations,
    content,
    contested,
    contributions,
    council,
    debates,
    drafts,
    indicators,
    initiatives,
    meetings,
    moderation,
    money,
    organisations,
    outcome,
    people,
    periodic,
    proposals,
    questionnaires,
    questions,
    reports,
    rounds,
    survey_texts,
    tending,
    use,
    waiting,
    works,
    workshops,
)
from civic.demo.marks import LOADED, STARTED, find_mark
from civic.demo.world import Days, World, items
from civic.errors import DomainError
from civic.extensions import db
from civic.outbox import OutboxMessage
from civic.places.models import Neighbourhood
from civic.rounds.models import Round
from civic.tracker.models import Delivery
from civic.unit_of_work import unit_of_work
from consultations.contributions.models import Contribution
from consultations.models import Consultation
from proposals.comments.models import Comment
from proposals.models import Proposal


class NotEmpty(DomainError):
    """The database holds a city of its own; the demo would be mixed with it."""

    def __init__(self) -> None:
        super().__init__("This database is not empty: the demo city is loaded only into an empty one.")


def has_data() -> bool:
    """Whether the database already holds people, places or rounds."""
    return any(
        db.session.scalar(select(model.id).limit(1)) is not None for model in (Account, Neighbourhood, Round)
    )


def begin(now: datetime) -> World | None:
    """The world to load: begun now, or the one an earlier loading began. None when it is complete.

    Raises NotEmpty for a database with data of its own.
    """
    if find_mark(LOADED) is not None:
        return None
    started = find_mark(STARTED)
    if started is None:
        if has_data():
            raise NotEmpty
        with unit_of_work():
            audit.record(SYSTEM, STARTED, "demo", 0, now)
        started = now
    return World(Days(started))


def load(world: World, now: datetime, tell: Callable[[str], None] = lambda _step: None) -> dict[str, int]:
    """Load everything that is not loaded yet, tell each step, and count what there is."""
    address = current_app.config["SETTINGS"].base_url
    # Services write addresses of pages into what they record: those of this installation.
    with current_app.test_request_context(base_url=address), fast_commits():
        for name, step in steps(world):
            tell(name)
            with unit_of_work():
                step(world)
        with unit_of_work():
            forget_messages()
            audit.record(SYSTEM, LOADED, "demo", 0, now)
    return count()


def steps(world: World) -> Iterator[tuple[str, Callable[[World], None]]]:
    """The steps in order; each is committed, or commits its parts itself."""
    yield "places", city.load_places
    yield "accounts", people.load_accounts
    yield "voters", people.load_voters
    yield "organisations", organisations.load_organisations
    yield "programmes", city.load_programmes
    for item in items("rounds"):
        yield f"round {item['key']}", lambda world, item=item: rounds.load_round(world, item)  # type: ignore[misc]
    yield "works of the city", money.load_works
    yield "tables of the report", money.load_tables
    yield "reasons for rejection", proposals.load_reasons
    yield "proposals", proposals.load_proposals
    yield "vote of 2025", lambda world: ballots.load_vote(world, "2025")
    yield "result of 2025", outcome.load_outcome
    yield "works on the spot", works.load_works
    yield "vote of 2026", lambda world: ballots.load_vote(world, "2026")
    yield "vote that waits for its close", waiting.load_waiting
    yield "ballots of questions", questions.load_ballots
    yield "consultations", consultations.load_consultations
    yield "questionnaires", questionnaires.load_questionnaires
    yield "contributions", contributions.load_contributions
    yield "texts of questionnaires", survey_texts.load_texts
    yield "texts of drafts", drafts.load_drafts
    yield "debates", debates.load_debates
    yield "summaries", reports.load_summaries
    yield "agora", agora.load_agora
    yield "tending", tending.load_tending
    yield "reports and decisions", consultations.load_endings
    yield "citizens' drafts", initiatives.load_initiatives
    yield "yearly reports", reports.load_yearly
    yield "meetings", meetings.load_meetings
    yield "workshops", workshops.load_workshops
    yield "council", council.load_council
    yield "moderation queue", moderation.load_queue
    yield "moderation decisions", contested.load_decisions
    yield "pages", content.load_pages
    yield "news", content.load_news
    yield "satisfaction", use.load_satisfaction
    yield "visits", use.load_visits
    yield "indicators", indicators.load_indicators
    yield "periodic reports", periodic.load_periodic


@contextmanager
def fast_commits() -> Iterator[None]:
    """Commits that do not wait for the disk: what a power cut would take is loaded again."""

    def hurry(connection: Any, _record: Any) -> None:
        with connection.cursor() as cursor:
            cursor.execute("SET synchronous_commit = off")
        connection.commit()

    engine = db.engine
    db.session.remove()
    engine.dispose()
    event.listen(engine, "connect", hurry)
    try:
        yield
    finally:
        db.session.remove()
        event.remove(engine, "connect", hurry)
        engine.dispose()


def forget_messages() -> None:
    """Nobody is written to about what happened before the city was loaded."""
    db.session.execute(delete(OutboxMessage))


def count() -> dict[str, int]:
    """How much there is, by what it is."""
    counted = {
        "neighbourhoods": Neighbourhood,
        "accounts": Account,
        "verified people": Person,
        "rounds": Round,
        "proposals": Proposal,
        "comments": Comment,
        "deliveries": Delivery,
        "consultations": Consultation,
        "contributions": Contribution,
    }
    return {
        name: db.session.scalar(select(func.count()).select_from(model)) or 0
        for name, model in counted.items()
    }


def sentence(counts: dict[str, int]) -> str:
    """The counts in one line."""
    return ", ".join(f"{number} {name}" for name, number in counts.items())

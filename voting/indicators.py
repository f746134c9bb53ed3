"""What votes add to the city's indicators: who voted, how, and which projects were chosen for funding."""

from typing import Any

from flask_babel import lazy_gettext as _l
from sqlalchemy import ColumnElement, Select, and_, exists, func, or_, select

from civic.extensions import db
from civic.indicators.own import within
from civic.indicators.periods import Span
from civic.indicators.registry import (
    Activity,
    Computed,
    Figure,
    count,
    people_part,
    register_activity,
    register_indicator,
    register_interactions,
)
from civic.places.models import Neighbourhood
from civic.rounds.models import Pot, Programme, Round
from proposals.indicators import SOCIAL, by_minor, by_woman
from proposals.models import Proposal
from voting.models import Participation, Project, ProjectOutcome


def _ended(span: Span) -> ColumnElement[bool]:
    """Whether a vote held here was closed in the span. Who voted is known from the close on, never the day."""
    return (Round.kind == "city") & within(Round.closed_at, span)


def voters(span: Span) -> Select[Any]:
    """The persons who voted in a vote closed in the span."""
    return select(Participation.voter_id).join(Round, Round.id == Participation.round_id).where(_ended(span))


def ballots_online(span: Span) -> tuple[int, int]:
    """Ballots of the votes closed in the span that came online, and all."""
    row = db.session.execute(
        select(func.count().filter(Participation.channel == "online"), func.count())
        .select_from(Participation)
        .join(Round, Round.id == Participation.round_id)
        .where(_ended(span))
    ).one()
    return row[0], row[1]


def _won(span: Span) -> ColumnElement[bool]:
    """Whether a project won a vote held here whose results were published in the span."""
    return and_(ProjectOutcome.standing == "winner", Round.kind == "city", within(Round.results_at, span))


def funded(span: Span, *where: ColumnElement[bool]) -> int:
    """Projects chosen for funding by the votes whose results were published in the span."""
    found = (
        select(func.count())
        .select_from(ProjectOutcome)
        .join(Project, Project.id == ProjectOutcome.project_id)
        .join(Round, Round.id == ProjectOutcome.round_id)
        .where(_won(span), *where)
    )  # fmt: skip
    return db.session.scalar(found) or 0


def _in_vulnerable() -> ColumnElement[bool]:
    return exists().where(Neighbourhood.id == Project.neighbourhood_id, Neighbourhood.vulnerable)


def _of_social() -> ColumnElement[bool]:
    """Whether its money or its round is of the programme for social entrepreneurship."""
    return exists().where(
        Pot.id == Project.pot_id,
        or_(Programme.id == Pot.programme_id, Programme.id == Round.programme_id),
        Programme.slug.in_(SOCIAL),
    )


def _funded_of(span: Span, who: ColumnElement[bool]) -> Figure:
    """Projects chosen whose proposals some authors handed in, told where these are enough people."""
    chosen = (
        select(Project.proposal_id)
        .join(ProjectOutcome, ProjectOutcome.project_id == Project.id)
        .join(Round, Round.id == ProjectOutcome.round_id)
        .where(_won(span))
    )
    authors = select(func.count(Proposal.author_id.distinct())).where(Proposal.id.in_(chosen), who)
    part = funded(span, exists().where(Proposal.id == Project.proposal_id, who))
    return people_part(part, funded(span), db.session.scalar(authors) or 0)


def register() -> None:
    """Offer them."""
    register_activity(Activity("voted", voters))
    register_interactions("ballots", ballots_online)
    register_indicator(
        Computed(
            "B7-funded", "B7", _l("Projects chosen for funding"),
            _l("Winners of the votes whose results were published in the period."),
            "number", lambda span: count(funded(span)), position=210,
        ),
        Computed(
            "B7-funded-vulnerable", "B7", _l("Projects chosen for funding in vulnerable neighbourhoods"),
            _l("Of the winners of the votes whose results were published in the period, those in a neighbourhood the city hall marks as vulnerable."),
            "number", lambda span: count(funded(span, _in_vulnerable())), position=211,
        ),
        Computed(
            "B7-funded-social", "B7", _l("Projects of social entrepreneurship chosen for funding"),
            _l("Of the winners of the votes whose results were published in the period, those paid from the programme of social entrepreneurship."),
            "number", lambda span: count(funded(span, _of_social())), position=212,
        ),
        Computed(
            "B7-funded-minors", "B7", _l("Projects of minors chosen for funding"),
            _l("Of the winners of the votes whose results were published in the year, those whose verified author was under 18 when handing in. Told where they are of ten people at least, so that nobody can be recognised."),
            "number", lambda span: _funded_of(span, by_minor()), kinds=("year",), position=213, version=2,
        ),
        Computed(
            "B7-funded-women", "B7", _l("Projects of women chosen for funding"),
            _l("Of the winners of the votes whose results were published in the year, those whose author chose to say on her account page that she is a woman. Who said nothing is not counted. Told where they are of ten people at least, so that nobody can be recognised."),
            "number", lambda span: _funded_of(span, by_woman()), kinds=("year",), position=214, version=2,
        ),
    )  # fmt: skip

"""What proposals add to the city's indicators: how many were submitted, by whom, and how long an answer takes."""

from flask_babel import lazy_gettext as _l
from sqlalchemy import ColumnElement, Date, and_, cast, exists, func, select

from civic.accounts.describing.models import SelfDescription
from civic.accounts.models import Account, Person
from civic.clock import CITY_ZONE
from civic.extensions import db
from civic.indicators.own import days_between, of_accounts, within
from civic.indicators.periods import Span
from civic.indicators.registry import (
    Activity,
    Computed,
    Figure,
    count,
    people_part,
    register_activity,
    register_indicator,
)
from civic.places.models import Neighbourhood
from civic.reports.registry import Feedback, register_feedback
from civic.rounds.models import Programme, Round
from proposals.comments.models import Comment
from proposals.evaluation.models import Appeal, Evaluation
from proposals.models import Proposal
from proposals.rules import State

#: Short names of the programme for social entrepreneurship.
SOCIAL = ("antreprenoriat-social", "social-entrepreneurship")


def submitted(span: Span, *where: ColumnElement[bool]) -> int:
    """Proposals handed in within the span, whatever became of them."""
    found = select(func.count()).where(
        Proposal.state != State.DRAFT,
        within(Proposal.submitted_at, span),
        *where,
    )
    return db.session.scalar(found) or 0


def submitted_by(span: Span, who: ColumnElement[bool]) -> Figure:
    """Those of some authors, told where these are enough people."""
    authors = select(func.count(Proposal.author_id.distinct())).where(
        Proposal.state != State.DRAFT, within(Proposal.submitted_at, span), who
    )
    return people_part(submitted(span, who), submitted(span), db.session.scalar(authors) or 0)


def in_vulnerable() -> ColumnElement[bool]:
    """Whether a proposal is for a neighbourhood marked vulnerable."""
    return exists().where(Neighbourhood.id == Proposal.neighbourhood_id, Neighbourhood.vulnerable)


def of_social_round() -> ColumnElement[bool]:
    """Whether it was handed in for the programme of social entrepreneurship."""
    return exists().where(
        Round.id == Proposal.round_id, Programme.id == Round.programme_id, Programme.slug.in_(SOCIAL)
    )


def by_minor() -> ColumnElement[bool]:
    """Whether its verified author was under 18 on the day it was handed in."""
    handed_in = cast(func.timezone(CITY_ZONE.key, Proposal.submitted_at), Date)
    return exists().where(
        Account.id == Proposal.author_id,
        Person.id == Account.person_id,
        func.date_part("year", func.age(handed_in, Person.birth_date)) < 18,
    )


def by_woman() -> ColumnElement[bool]:
    """Whether its author chose to say that she is a woman. Who says nothing is never guessed."""
    return exists().where(SelfDescription.account_id == Proposal.author_id, SelfDescription.gender == "woman")


def _analysis(span: Span) -> Figure:
    return days_between(Evaluation.assigned_at, Evaluation.answered_at, within(Evaluation.answered_at, span))


def _appeals(span: Span) -> Figure:
    return days_between(Appeal.filed_at, Appeal.decided_at, within(Appeal.decided_at, span))


def _comments(span: Span) -> Figure:
    """Comments that everyone reads."""
    wanted = select(func.count(Comment.id)).where(
        Comment.state == "visible", within(Comment.created_at, span)
    )
    return count(db.session.scalar(wanted))


def register() -> None:
    """Offer them."""
    register_feedback(
        Feedback("proposals", _l("Proposals handed in"), lambda span: count(submitted(span)), 40),
        Feedback("comments", _l("Comments on proposals"), _comments, 50),
        Feedback("appeals", _l("Appeals of authors against a rejection"), lambda span: count(
            db.session.scalar(select(func.count(Appeal.id)).where(within(Appeal.filed_at, span)))), 55),
    )  # fmt: skip
    register_activity(
        Activity("proposed", lambda span: of_accounts(
            Proposal.author_id, and_(Proposal.state != State.DRAFT, within(Proposal.submitted_at, span)))),
        Activity("commented", lambda span: of_accounts(Comment.author_id, within(Comment.created_at, span))),
    )  # fmt: skip
    register_indicator(
        Computed(
            "K7-analysis", "K7", _l("Mean time of a department's analysis of a proposal"),
            _l("Days from the moment a proposal is given to a department to its answer, for the answers given in the period; nights, weekends and holidays included."),
            "days", _analysis, better="down", position=72,
        ),
        Computed(
            "K7-appeals", "K7", _l("Mean time to decide an author's appeal"),
            _l("Days from the appeal against a rejection to the board's decision, for the decisions taken in the period; nights, weekends and holidays included."),
            "days", _appeals, better="down", position=73,
        ),
        Computed(
            "B7-submitted", "B7", _l("Projects submitted"),
            _l("Proposals handed in within the period, whatever became of them later. Drafts are not counted."),
            "number", lambda span: count(submitted(span)), position=200,
        ),
        Computed(
            "B7-submitted-vulnerable", "B7", _l("Projects submitted in vulnerable neighbourhoods"),
            _l("Of the proposals handed in within the period, those for a neighbourhood the city hall marks as vulnerable."),
            "number", lambda span: count(submitted(span, in_vulnerable())), position=201,
        ),
        Computed(
            "B7-submitted-social", "B7", _l("Projects of social entrepreneurship submitted"),
            _l("Of the proposals handed in within the period, those for the programme of social entrepreneurship."),
            "number", lambda span: count(submitted(span, of_social_round())), position=202,
        ),
        Computed(
            "B7-submitted-minors", "B7", _l("Projects submitted by minors"),
            _l("Of the proposals handed in within the year, those whose verified author was under 18 on that day. Told where they are of ten people at least, so that nobody can be recognised."),
            "number", lambda span: submitted_by(span, by_minor()), kinds=("year",), position=203, version=2,
        ),
        Computed(
            "B7-submitted-women", "B7", _l("Projects submitted by women"),
            _l("Of the proposals handed in within the year, those whose author chose to say on her account page that she is a woman. Who said nothing is not counted. Told where they are of ten people at least, so that nobody can be recognised."),
            "number", lambda span: submitted_by(span, by_woman()), kinds=("year",), position=204, version=2,
        ),
    )  # fmt: skip

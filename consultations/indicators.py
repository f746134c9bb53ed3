"""What consultations and debates add to the city's indicators."""

from flask_babel import lazy_gettext as _l
from sqlalchemy import and_, func, or_, select

from civic.decisions.models import CouncilDecision
from civic.decisions.queries import PUBLIC
from civic.extensions import db
from civic.indicators.own import days_between, of_accounts, within
from civic.indicators.periods import Span
from civic.indicators.registry import (
    Activity,
    Computed,
    Figure,
    count,
    register_activity,
    register_indicator,
    register_interactions,
)
from civic.links import SubjectLink
from civic.places.models import Neighbourhood
from civic.reports.registry import Feedback, register_feedback
from consultations.agora.arguing.models import AgoraParticipant
from consultations.agora.models import AgoraDebate, AgoraSecond
from consultations.contributions.models import Answer, Contribution
from consultations.contributions.queries import answers_of
from consultations.contributions.rules import AnswerState
from consultations.debates.models import Debate
from consultations.initiatives.models import Initiative
from consultations.models import Consultation
from consultations.yearly.queries import minority_acts, society_between

#: Ways of contributing that need no paper and no counter.
ONLINE = ("form", "mail", "annotation", "survey")


def received(span: Span) -> tuple[int, int]:
    """Contributions received in the span: online, and by any way."""
    row = db.session.execute(
        select(func.count().filter(Contribution.channel.in_(ONLINE)), func.count()).where(
            within(Contribution.received_at, span)
        )
    ).one()
    return row[0], row[1]


# --- debates ------------------------------------------------------------------------------------------------


def _held(span: Span) -> tuple[int, int]:
    """Online debates that ended in the span, and those of them about a vulnerable neighbourhood."""
    agora = and_(within(AgoraDebate.closes_at, span), AgoraDebate.hidden_at.is_(None))
    hearing = and_(within(Debate.ended_at, span), Debate.link != "")
    in_agora = db.session.execute(
        select(func.count(), func.count().filter(or_(Neighbourhood.vulnerable, AgoraDebate.about_vulnerable)))
        .select_from(AgoraDebate)
        .outerjoin(Neighbourhood, Neighbourhood.id == AgoraDebate.neighbourhood_id)
        .where(agora)
    ).one()
    heard = db.session.execute(
        select(
            func.count(),
            func.count().filter(or_(Neighbourhood.vulnerable, Consultation.about_vulnerable)),
        )
        .select_from(Debate)
        .join(Consultation, Consultation.id == Debate.consultation_id)
        .outerjoin(Neighbourhood, Neighbourhood.id == Consultation.neighbourhood_id)
        .where(hearing)
    ).one()
    return in_agora[0] + heard[0], in_agora[1] + heard[1]


def _decisions(span: Span) -> Figure:
    """Acts adopted in the span after a consultation."""
    adopted = and_(Consultation.outcome == "adopted", within(Consultation.outcome_at, span))
    return count(db.session.scalar(select(func.count()).select_from(Consultation).where(adopted)))


# --- civil society and minorities ---------------------------------------------------------------------------


def _society(key: str, span: Span) -> Figure:
    return count(society_between(span.since, span.until)[f"society.{key}"])


def _minority_decisions(span: Span) -> Figure:
    """Acts adopted after consultations that represent minorities, and the decisions marked so that are not of these."""
    counted = select(SubjectLink.to_id).where(
        SubjectLink.from_kind == "consultation",
        SubjectLink.to_kind == "decision",
        SubjectLink.from_id.in_(minority_acts(span.since, span.until)),
    )
    marked = select(func.count(CouncilDecision.id)).where(
        PUBLIC,
        CouncilDecision.about_minority,
        CouncilDecision.adopted_on >= span.period.first,
        CouncilDecision.adopted_on <= span.through,
        CouncilDecision.id.not_in(counted),
    )
    after = society_between(span.since, span.until)["society.minority_decisions"]
    return count(after + (db.session.scalar(marked) or 0))


# --- time to answer -----------------------------------------------------------------------------------------


def _answers(span: Span) -> Figure:
    """From the day a contribution was received to its first published answer, for those first answered in the span."""
    first = (
        select(Contribution.received_at.label("received"), func.min(Answer.published_at).label("answered"))
        .select_from(Contribution)
        .join(Answer, and_(answers_of(), Answer.state == AnswerState.PUBLISHED))
        .where(Answer.consultation_id == Contribution.consultation_id)
        .group_by(Contribution.id)
        .having(within(func.min(Answer.published_at), span))
        .subquery()
    )
    return days_between(first.c.received, first.c.answered)


def _debates(span: Span) -> Figure:
    """From the day enough people asked for an answer to the answer, for the answers of the span."""
    return days_between(
        AgoraDebate.obliged_at, AgoraDebate.answered_at,
        AgoraDebate.obliged_at.is_not(None), within(AgoraDebate.answered_at, span),
    )  # fmt: skip


# --- what residents said ------------------------------------------------------------------------------------


def _petitions(span: Span) -> Figure:
    """Drafts of citizens that began to gather signatures."""
    return count(
        db.session.scalar(select(func.count(Initiative.id)).where(within(Initiative.published_at, span)))
    )


def _asked(span: Span) -> Figure:
    """Debates of residents that won so much support that the city hall has to answer."""
    wanted = and_(within(AgoraDebate.obliged_at, span), AgoraDebate.hidden_at.is_(None))
    return count(db.session.scalar(select(func.count(AgoraDebate.id)).where(wanted)))


def register() -> None:
    """Offer them."""
    register_feedback(
        Feedback("contributions", _l("Contributions to consultations"), lambda span: count(received(span)[1]), 10),
        Feedback("obliged_debates", _l("Debates of residents that the city hall has to answer"), _asked, 20),
        Feedback("petitions", _l("Drafts of citizens opened for signatures"), _petitions, 30),
    )  # fmt: skip
    register_activity(
        Activity("contributed", lambda span: of_accounts(Contribution.account_id, within(Contribution.received_at, span))),
        Activity("debated", lambda span: of_accounts(AgoraParticipant.account_id, within(AgoraParticipant.joined_at, span))),
        Activity("seconded", lambda span: select(AgoraSecond.person_id).where(within(AgoraSecond.at, span))),
    )  # fmt: skip
    register_interactions("contributions", received)
    register_indicator(
        Computed(
            "K4", "K4", _l("Online public debates held"),
            _l("Debates of residents that ended in the period, and public debates on draft decisions that could be followed online and ended in it. Hidden debates are not counted."),
            "number", lambda span: count(_held(span)[0]), position=40,
        ),
        Computed(
            "K4-disadvantaged", "K4", _l("Online debates on topics from disadvantaged areas"),
            _l("Of the debates held in the period, those about a neighbourhood the city hall marks as vulnerable, and those marked, themselves or with their consultation, as concerning a disadvantaged area."),
            "number", lambda span: count(_held(span)[1]), position=41, version=2,
        ),
        Computed(
            "K4-decisions", "K4", _l("Decisions taken after a consultation"),
            _l("Acts adopted in the period that had been put up for consultation here."),
            "number", _decisions, position=42,
        ),
        Computed(
            "K5", "K5", _l("Consultations with civil society"),
            _l("Consultations announced in the period to which a verified organisation contributed, asked for a debate or signed up to speak."),
            "number", lambda span: _society("consultations", span), position=50,
        ),
        Computed(
            "K5-taken-up", "K5", _l("Successful interventions of civil society"),
            _l("Of the contributions that verified organisations sent in the period, those whose published answer takes them up, whole or in part."),
            "number", lambda span: _society("interventions_taken_up", span), position=51,
        ),
        Computed(
            "K5-minorities", "K5", _l("Consultations with minorities"),
            _l("Consultations announced in the period that are marked as being about a national minority, or to which an organisation of one took part."),
            "number", lambda span: _society("minority_consultations", span), position=52,
        ),
        Computed(
            "K5-decisions", "K5", _l("Decisions that represent the interests of minorities"),
            _l("Acts adopted in the period after a consultation marked as being about a national minority, or in which a contribution of an organisation of one was taken up, and published decisions adopted in the period that are marked as concerning one. A decision that came from such a consultation counts once."),
            "number", _minority_decisions, position=53, version=2,
        ),
        Computed(
            "K7-contributions", "K7", _l("Mean time to answer a contribution"),
            _l("Days from the day a contribution was received to its first published answer, for those first answered in the period; nights, weekends and holidays included. The consultation's own window is part of it."),
            "days", _answers, better="down", position=70,
        ),
        Computed(
            "K7-debates", "K7", _l("Mean time to answer a debate"),
            _l("Days from the moment enough residents asked for an answer to the city hall's answer, for the answers given in the period; nights, weekends and holidays included."),
            "days", _debates, better="down", position=71,
        ),
    )  # fmt: skip

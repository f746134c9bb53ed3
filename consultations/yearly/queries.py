"""Every figure of a year, each counted by the database; and the yearly reports."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, exists, func, not_, or_, select, union

from civic.clock import city_date
from civic.errors import NotFound
from civic.extensions import db
from civic.organisations.models import Organisation
from civic.organisations.rules import State as Standing
from consultations.contributions.models import Contribution
from consultations.contributions.queries import is_answered, is_taken_up
from consultations.debates.models import Debate, DebateRequest, DebateSpeaker
from consultations.debates.rules import WITHDRAWN
from consultations.models import Announcement, Consultation
from consultations.reporting.models import ReportFile
from consultations.rules import KINDS
from consultations.yearly.clocks import bounds
from consultations.yearly.models import YearlyReport

#: Kinds of consultations that end in an act: those with a text.
ACTS = tuple(kind.name for kind in KINDS.values() if kind.documents)

_CHANNELS = {
    "site": "drafts.on_site",
    "premises": "drafts.on_premises",
    "media": "drafts.in_media",
    "on_request": "drafts.on_request",
    "official_gazette": "drafts.in_gazette",
}


def _within(column: ColumnElement[datetime], year: int) -> ColumnElement[bool]:
    return _between(column, *bounds(year))


def _between(column: ColumnElement[datetime], since: datetime, until: datetime) -> ColumnElement[bool]:
    return and_(column >= since, column < until)


def draft_figures(year: int) -> dict[str, int]:
    """Drafts of acts announced in the year, in which ways, under urgency; and how others ended in it."""
    announced = and_(Consultation.kind.in_(ACTS), _within(Consultation.announced_at, year))  # type: ignore[arg-type]
    ended = and_(Consultation.kind.in_(ACTS), _within(Consultation.outcome_at, year))  # type: ignore[arg-type]
    row = db.session.execute(
        select(
            func.count().filter(announced),
            func.count().filter(announced, Consultation.urgent_reason != ""),
            *(func.count().filter(ended, Consultation.outcome == one) for one in ("adopted", "rejected", "withdrawn")),
        ).select_from(Consultation)
    ).one()  # fmt: skip
    names = ("announced", "urgent", "adopted", "rejected", "withdrawn")
    figures = {f"drafts.{name}": number for name, number in zip(names, row, strict=True)}
    ways = db.session.execute(
        select(Announcement.channel, func.count(Announcement.consultation_id.distinct()))
        .join(Consultation, Consultation.id == Announcement.consultation_id)
        .where(announced)
        .group_by(Announcement.channel)
    )
    counted = dict(ways.all())
    return figures | {key: counted.get(channel, 0) for channel, key in _CHANNELS.items()}


def recommendation_figures(year: int) -> dict[str, int]:
    """Contributions to drafts of acts received in the year, and what became of them."""
    of_one = Contribution.by_organisation
    taken = is_taken_up()
    row = db.session.execute(
        select(
            func.count(Contribution.id),
            func.count(Contribution.id).filter(taken),
            func.count(Contribution.id).filter(of_one),
            func.count(Contribution.id).filter(of_one, taken),
            func.count(Contribution.id).filter(not_(is_answered())),
        )
        .join(Consultation, Consultation.id == Contribution.consultation_id)
        .where(Consultation.kind.in_(ACTS), _within(Contribution.received_at, year))  # type: ignore[arg-type]
    ).one()
    names = ("received", "taken_up", "of_organisations", "of_organisations_taken_up", "unanswered")
    return {f"recommendations.{name}": number for name, number in zip(names, row, strict=True)}


def debate_figures(year: int) -> dict[str, int]:
    """Requests made in the year; debates that ended in it, those asked for before, and how many came."""
    requested = db.session.scalar(
        select(func.count(DebateRequest.id)).where(_within(DebateRequest.requested_at, year))  # type: ignore[arg-type]
    )
    asked = exists().where(
        DebateRequest.consultation_id == Debate.consultation_id, DebateRequest.requested_at < Debate.starts_at
    )
    held, on_request, came = db.session.execute(
        select(
            func.count(Debate.id),
            func.count(Debate.id).filter(asked),
            func.coalesce(func.sum(Debate.attendance), 0),
        ).where(_within(Debate.ended_at, year))  # type: ignore[arg-type]
    ).one()
    return {
        "debates.requested": requested or 0, "debates.held": held, "debates.held_on_request": on_request,
        "debates.participants": int(came or 0),
    }  # fmt: skip


# --- civil society and minorities -------------------------------------------------------------------------


def _took_part(of_minority: bool) -> ColumnElement[bool]:
    """Whether a registered organisation contributed to a consultation, asked for a debate or signed up to speak."""
    parts = union(
        select(Contribution.consultation_id, Contribution.organisation_id),
        select(DebateRequest.consultation_id, DebateRequest.organisation_id),
        select(Debate.consultation_id, DebateSpeaker.organisation_id)
        .join(DebateSpeaker, DebateSpeaker.debate_id == Debate.id)
        .where(DebateSpeaker.state != WITHDRAWN),
    ).subquery()
    met = select(parts.c.consultation_id).join(Organisation, Organisation.id == parts.c.organisation_id)
    if of_minority:
        met = met.where(Organisation.minority.is_not(None))
    return Consultation.id.in_(met)


def _taken_up_of_minority() -> ColumnElement[bool]:
    return Consultation.id.in_(
        select(Contribution.consultation_id)
        .join(Organisation, Organisation.id == Contribution.organisation_id)
        .where(Organisation.minority.is_not(None), is_taken_up())
    )


def _represents() -> ColumnElement[bool]:
    """Whether what a consultation led to represents a minority: it was about one, or one of theirs was heard."""
    return or_(Consultation.about_minority, _taken_up_of_minority())


def minority_acts(since: datetime, until: datetime) -> Select[Any]:
    """Ids of the consultations after which an act that represents a minority was adopted."""
    adopted = and_(Consultation.outcome == "adopted", _between(Consultation.outcome_at, since, until))  # type: ignore[arg-type]
    return select(Consultation.id).where(adopted, _represents())


def society_figures(year: int) -> dict[str, int]:
    """What a year's report says of civil society and minorities."""
    return society_between(*bounds(year))


def society_between(since: datetime, until: datetime) -> dict[str, int]:
    """Consultations with civil society and with minorities, interventions and those taken up (indicator K5)."""
    announced = _between(Consultation.announced_at, since, until)  # type: ignore[arg-type]
    adopted = and_(Consultation.outcome == "adopted", _between(Consultation.outcome_at, since, until))  # type: ignore[arg-type]
    minority = or_(Consultation.about_minority, _took_part(of_minority=True))
    met, with_minorities, decisions = db.session.execute(
        select(
            func.count().filter(announced, _took_part(of_minority=False)),
            func.count().filter(announced, minority),
            func.count().filter(adopted, _represents()),
        ).select_from(Consultation)
    ).one()
    taken, tagged = is_taken_up(), Organisation.minority.is_not(None)
    row = db.session.execute(
        select(
            func.count(Contribution.id),
            func.count(Contribution.id).filter(taken),
            func.count(Contribution.id).filter(tagged),
            func.count(Contribution.id).filter(tagged, taken),
        )
        .join(Organisation, Organisation.id == Contribution.organisation_id)
        .where(_between(Contribution.received_at, since, until))  # type: ignore[arg-type]
    ).one()
    names = (
        "interventions",
        "interventions_taken_up",
        "minority_interventions",
        "minority_interventions_taken_up",
    )
    verified = db.session.scalar(
        select(func.count(Organisation.id)).where(
            Organisation.state == Standing.VERIFIED, Organisation.verified_at < until
        )
    )
    return {
        "society.organisations": verified or 0, "society.consultations": met,
        "society.minority_consultations": with_minorities, "society.minority_decisions": decisions,
        **{f"society.{name}": number for name, number in zip(names, row, strict=True)},
    }  # fmt: skip


def computed(year: int) -> dict[str, int]:
    """Every computed figure of a year, by the key of its item."""
    return {
        **draft_figures(year), **recommendation_figures(year), **debate_figures(year), **society_figures(year)
    }  # fmt: skip


# --- the reports -----------------------------------------------------------------------------------------


def find_report(year: int, *, lock: bool = False) -> YearlyReport | None:
    """The report of a year, in preparation or published."""
    wanted = select(YearlyReport).where(YearlyReport.year == year)
    if lock:
        wanted = wanted.with_for_update().execution_options(populate_existing=True)
    return db.session.scalar(wanted)


def get_published(year: int) -> YearlyReport:
    """A published report. Raises NotFound."""
    found = find_report(year)
    if found is None or found.published_at is None:
        raise NotFound
    return found


def list_reports(*, published: bool) -> Sequence[YearlyReport]:
    """Reports, the newest year first."""
    wanted = select(YearlyReport).order_by(YearlyReport.year.desc())
    if published:
        wanted = wanted.where(YearlyReport.published_at.is_not(None))
    return db.session.scalars(wanted).all()


def list_unmade(wanted: int) -> Sequence[int]:
    """Published years with fewer files than wanted that are as new as what was published."""
    files = (
        select(func.count(ReportFile.id))
        .where(ReportFile.year == YearlyReport.year, ReportFile.made_at >= YearlyReport.published_at)
        .scalar_subquery()
    )
    return db.session.scalars(
        select(YearlyReport.year).where(YearlyReport.published_at.is_not(None), files < wanted)
    ).all()


def list_years(now: datetime) -> list[int]:
    """Every year from that of the first announced consultation or the first report to this one, the newest first."""
    first = db.session.scalar(select(func.min(Consultation.announced_at)))
    reported = db.session.scalar(select(func.min(YearlyReport.year)))
    this = city_date(now).year
    begins = min([this, *([city_date(first).year] if first else []), *([reported] if reported else [])])
    return list(range(this, begins - 1, -1))

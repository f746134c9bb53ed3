"""The indicators whose data belongs to the platform itself: who uses it, how the city reaches its people, works."""

from datetime import timedelta
from decimal import Decimal
from typing import Any

from flask_babel import lazy_gettext as _l
from sqlalchemy import ColumnElement, Select, and_, func, or_, select, union

from civic.accounts.models import Account, Person
from civic.extensions import db
from civic.indicators.periods import Span
from civic.indicators.registry import (
    NO_DATA,
    Activity,
    Computed,
    Figure,
    activities,
    interactions,
    mean,
    people,
    people_share,
    register_activity,
    register_indicator,
    share,
)
from civic.notifications.models import Follow
from civic.places.models import Neighbourhood
from civic.population.queries import population_of
from civic.suppression import LEAST_CELL
from civic.tracker.models import Delivery
from civic.tracker.rules import SUCCEEDED

#: What somebody who follows it watches the city hall do.
WATCHED = ("delivery", "decision", "purchase", "budget_line", "budget_chapter")
#: Stages in which a work is there.
_BUILT = tuple(sorted(SUCCEEDED))
_DAY_SECONDS = 86_400


def within(column: Any, span: Span) -> ColumnElement[bool]:
    """Whether a moment is in the span."""
    return and_(column >= span.since, column < span.until)


def of_accounts(accounts: Any, *where: ColumnElement[bool]) -> Select[Any]:
    """The persons behind the accounts of a column, as an activity selects them."""
    return (
        select(Account.person_id)
        .join_from(accounts.table, Account, Account.id == accounts)
        .where(Account.person_id.is_not(None), *where)
    )


def days_between(since: Any, until: Any, *where: ColumnElement[bool]) -> Figure:
    """The mean of the days between two moments, and of how many."""
    total, number = db.session.execute(
        select(func.sum(func.extract("epoch", until - since)) / _DAY_SECONDS, func.count()).where(*where)
    ).one()
    return mean(total, number)


def inhabitants(year: int) -> int | None:
    """How many live in the city: by the newest figures brought in that are not of a later year, else by those there
    are, else when every neighbourhood's number is known."""
    figures = population_of(None, year) or population_of(None)
    if figures is not None:
        return figures.count
    row = db.session.execute(
        select(func.count(Neighbourhood.population), func.count(), func.sum(Neighbourhood.population))
    ).one()
    known, of, total = row
    return int(total) if total is not None and known == of else None


def count_active(span: Span, *, participating: bool = False) -> int:
    """How many verified people did anything, or took part in anything, in the span; each once."""
    parts = [one.people(span) for one in activities(participating=participating)]
    if not parts:
        return 0
    found = union(*parts).subquery()
    return (
        db.session.scalar(
            select(func.count(found.c[0].distinct()))
            .join(Person, Person.id == found.c[0])
            .where(Person.method != "recorded")
        )
        or 0
    )


def users_share(span: Span) -> Figure:
    """K1: people who use the platform, of all inhabitants."""
    return people_share(count_active(span), inhabitants(span.period.first.year))


def users(span: Span) -> Figure:
    """K1: the same as a number."""
    return people(count_active(span))


def users_growth(span: Span) -> Figure:
    """How many more use it than in the same days one year earlier, in per cent of then."""
    before = span.period.year_before
    length = span.through - span.period.first
    earlier = Span(before, min(before.last, before.first + length))
    then, now = count_active(earlier), count_active(span)
    if then < LEAST_CELL or people(now).missing:
        return NO_DATA
    return Figure((Decimal(now - then) * 100 / then).quantize(Decimal("0.01")), now, then)


def participants(span: Span) -> Figure:
    """K8: people who took part in what the city decides."""
    return people(count_active(span, participating=True))


def participation(span: Span) -> Figure:
    """K8: the same of all inhabitants."""
    return people_share(count_active(span, participating=True), inhabitants(span.period.first.year))


def count_watching(span: Span) -> int:
    """Verified people who follow a work, a decision, a purchase or the budget at the end of the span."""
    return (
        db.session.scalar(
            select(func.count(Account.person_id.distinct()))
            .join(Follow, Follow.account_id == Account.id)
            .where(Follow.subject_kind.in_(WATCHED), Follow.since < span.until)
        )
        or 0
    )


def watching(span: Span) -> Figure:
    """K2: people who use the monitoring, of all inhabitants."""
    return people_share(count_watching(span), inhabitants(span.period.first.year))


def online(span: Span) -> Figure:
    """K3: of what people send the city hall through the platform's registers, the part that comes online."""
    counted = [one(span) for one in interactions()]
    return share(sum(by_net for by_net, _all in counted), sum(whole for _by_net, whole in counted))


def _due(span: Span) -> Select[Any]:
    """Works whose planned end is in the span, each once: not listed twice, not given up, and of those that ended the
    ones of which somebody says on which day."""
    return select(func.count()).where(
        Delivery.planned_end >= span.period.first,
        Delivery.planned_end <= span.through,
        Delivery.same_as_id.is_(None),
        Delivery.status != "cancelled",
        or_(Delivery.status.not_in(_BUILT), Delivery.done_on.is_not(None)),
    )


def implemented(span: Span) -> Figure:
    """K9: of the works due in the span, those finished by the day planned."""
    in_time = _due(span).where(Delivery.status.in_(_BUILT), Delivery.done_on <= Delivery.planned_end)
    return share(db.session.scalar(in_time) or 0, db.session.scalar(_due(span)) or 0)


def within_budget(span: Span) -> Figure:
    """K9: of the works finished in the span whose two amounts are stated, those that cost no more than planned."""
    finished = select(func.count()).where(
        Delivery.done_on >= span.period.first,
        Delivery.done_on < span.through + timedelta(days=1),
        Delivery.status.in_(_BUILT),
        Delivery.same_as_id.is_(None),
        Delivery.budget.is_not(None),
        Delivery.spent.is_not(None),
    )
    kept = finished.where(Delivery.spent <= Delivery.budget)
    return share(db.session.scalar(kept) or 0, db.session.scalar(finished) or 0)


def register() -> None:
    """Offer them, and say what people do with the platform itself."""
    register_activity(
        Activity(
            "verified",
            lambda span: select(Person.id).where(within(Person.verified_at, span)),
            participates=False,
        ),
        Activity(
            "followed",
            lambda span: of_accounts(Follow.account_id, within(Follow.since, span)),
            participates=False,
        ),
    )
    register_indicator(
        Computed(
            "K1", "K1", _l("Residents who use the platform"),
            _l("Verified people who did something here in the period (were verified, followed, wrote, signed a call, voted), each counted once, of all inhabitants by the newest figures of that year or an earlier one."),
            "percent", users_share, version=2, target=Decimal(35), position=10,
        ),
        Computed(
            "K1-people", "K1", _l("Residents who use the platform, as a number"),
            _l("Verified people who did something here in the period (were verified, followed, wrote, signed a call, voted), each counted once."),
            "people", users, position=11,
        ),
        Computed(
            "K1-growth", "K1", _l("Growth of the number of users over one year"),
            _l("Users in the period, compared with the same days one year earlier. Without at least ten users then there is nothing to compare with."),
            "percent", users_growth, position=12,
        ),
        Computed(
            "K2", "K2", _l("Residents who use the monitoring"),
            _l("Verified people who follow a work, a decision, a purchase or the budget at the end of the period, of all inhabitants by the newest figures of that year or an earlier one. Whoever stopped following is not counted, not even for earlier periods."),
            "percent", watching, version=2, target=Decimal(25), position=20,
        ),
        Computed(
            "K3", "K3", _l("Interactions with the city hall that take place online"),
            _l("Of the contributions registered and the ballots cast in votes that ended in the period, the part that came online. Counters, telephone and post outside these registers are not counted."),
            "percent", online, target=Decimal(60), position=30,
        ),
        Computed(
            "K8", "K8", _l("Participation rate"),
            _l("Verified people who proposed, commented, contributed, debated or voted in the period, each counted once, of all inhabitants by the newest figures of that year or an earlier one. Signatures under citizens' drafts name nobody, so they are not counted."),
            "percent", participation, version=2, position=80,
        ),
        Computed(
            "K8-people", "K8", _l("Residents who took part, as a number"),
            _l("Verified people who proposed, commented, contributed, debated or voted in the period, each counted once."),
            "people", participants, position=81,
        ),
        Computed(
            "K9", "K9", _l("Works finished by the day planned"),
            _l("Of the works whose planned end is in the period, those that were received or completed by then. Works given up are left out, and so are finished ones of which nobody says on which day; a work listed twice counts once."),
            "percent", implemented, position=90, version=2,
        ),
        Computed(
            "K9-cost", "K9", _l("Works that cost no more than planned"),
            _l("Of the works finished in the period for which both the planned and the paid amount are stated, those whose paid amount is not above the planned one."),
            "percent", within_budget, position=91,
        ),
        Computed(
            "K10", "K10", _l("People trained"),
            _l("Courses are not held on the platform: the number is entered by the department that holds them, with its document."),
            "people", None, position=100,
        ),
    )  # fmt: skip

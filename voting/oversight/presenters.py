"""What the page of oversight shows of a round, put together from what its parts answer."""

from datetime import datetime
from typing import Any

from civic.accounts import queries as accounts
from civic.extensions import db
from civic.rounds.models import Round
from voting import result_queries, roll_queries, round_queries
from voting.ceremony import minutes
from voting.ceremony import queries as ceremony
from voting.complaints import queries as complaints
from voting.custody.state import state_of
from voting.nightly import queries as nights
from voting.oversight import queries, rules
from voting.oversight.rules import Stand
from voting.sampling import service as sampling


def everything(round_: Round, now: datetime, with_records: bool) -> dict[str, Any]:
    """The whole page. `with_records`: for those who read the audit record."""
    plan = round_queries.plan_of(round_)
    custody, steps = state_of(round_), ceremony.steps_by_name(round_.id)
    nights_done = nights.list_nights(round_.id)
    latest = queries.latest_records(round_.id) if with_records else ()
    result = result_queries.find_result(round_.id) if round_.results_at is not None else None
    chapters = minutes.chapters(steps, round_.asks)
    voting = (plan.opens_at, plan.closes_at) if plan else None
    return {
        "round": round_,
        "plan": plan,
        "stand": rules.stand(voting, round_.closed_at is not None, round_.results_at is not None, now),
        "stands": Stand,
        "frozen": queries.frozen(round_),
        "custody": custody,
        "missing": custody.problems() if plan is None else [],
        "key_exists": queries.box_key_exists(round_, custody),
        "turnout": queries.turnout(round_, nights_done, result),
        "sample": sampling.find_figures(round_.id) if round_.remote_verification else None,
        "nights": nights_done,
        "witnesses": nights.list_witnesses(round_.id),
        "urns": queries.urns(round_.id),
        "complaints": complaints.figures_on(db.session.connection(), round_.id),
        "strikes": roll_queries.count_strikes(round_.id),
        "chapters": chapters,
        "by_people": all(len(one.names) == 2 for one in chapters),
        "second": queries.second_count(steps),
        "counted_twice": any(one.stage.name == "count" and one.proved for one in chapters),
        "contested": queries.contested(round_.id),
        "published": queries.published(round_, plan, result),
        "records": latest,
        "names": accounts.names_of_staff({one.account_id for one in latest if one.account_id is not None}),
    }

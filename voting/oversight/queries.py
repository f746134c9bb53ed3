"""Everything the page of oversight shows of a round, read through the questions its parts already have.

Numbers, names that are public anyway, and records: no person on the roll, no choice, nothing of the open box.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import chain
from typing import Any

from civic.accounts.queries import names_of
from civic.audit import AuditRecord
from civic.rounds.models import Round
from civic.staff import queries as records
from voting import archives, contests, results_page, roll_queries
from voting.ceremony import minutes
from voting.custody.state import State
from voting.models import CeremonyStep, PublicationArchive, RoundResult
from voting.nightly.models import VoteNight
from voting.nightly.turnout_page import turnout_so_far
from voting.oversight import rules
from voting.paper import queries as paper
from voting.paper.models import PaperBatch
from voting.plan import FrozenRound
from voting.questions.results import is_withheld
from voting.recounts import queries as recounts

#: Records of the audit shown on the page itself; the rest is one click away.
LATEST = 10


@dataclass(frozen=True)
class Urn:
    """A batch of paper ballots with what it adds up to."""

    batch: PaperBatch
    counted: rules.Urn
    sampled: rules.Sampled | None


@dataclass(frozen=True)
class Contested:
    """Contests of the results in numbers, and what counting again came to for those that were counted again."""

    filed: int
    waiting: int
    upheld: int
    #: `same`, `differs`, `failed`, or `running`
    recounts: Mapping[str, int]


@dataclass(frozen=True)
class Frozen:
    """Who froze the plan (None: the platform, by itself) and when."""

    at: datetime
    by: str | None


@dataclass(frozen=True)
class Turnout:
    """As much as is public: the roll, and either what the last night published or what the close counted."""

    roll: int
    night: Mapping[str, Any] | None
    voted: int | None


@dataclass(frozen=True)
class Published:
    """The set that anybody verifies: the .zip when it is packed; `withheld` where so few answered that there is none."""

    archive: PublicationArchive | None
    withheld: bool


def frozen(round_: Round) -> Frozen | None:
    """By whom the plan was frozen, as the audit record says."""
    if round_.frozen_at is None:
        return None
    found = records.list_audit("vote.prepared", None, ("round", round_.id), None).records
    account = found[0].account_id if found else None
    return Frozen(round_.frozen_at, names_of([account]).get(account) if account is not None else None)


def turnout(round_: Round, nights_done: Sequence[VoteNight], result: RoundResult | None) -> Turnout | None:
    """What may be known now: what the nights published while the vote runs, all of it once results are public."""
    if round_.frozen_at is None:
        return None
    figures = turnout_so_far(nights_done[-1].figures) if nights_done else None
    if result is None:
        return Turnout(roll_queries.count_roll(round_.id), figures, None)
    cells = results_page.turnout_cells(round_.id, result)
    return Turnout(cells.roll, figures, cells.voted)


def urns(round_id: int) -> list[Urn]:
    """The batches of a round with their figures."""
    samples = paper.samples_by_batch(round_id)
    return [
        Urn(
            batch,
            rules.Urn(batch.marks, batch.returned, batch.spoilt, batch.not_returned),
            rules.sampled(
                [
                    (len(one.serials), one.population, None if one.different is None else len(one.different))
                    for one in samples.get(batch.id, ())
                ]
            ),
        )
        for batch in paper.list_batches(round_id)
    ]


def contested(round_id: int) -> Contested:
    """The contests of the results and their recounts: what once differed is told, whatever came later."""
    found = contests.list_contests(round_id)
    answers = recounts.answers_by_contest(round_id).values() if found else ()
    latest = recounts.latest_by_contest(round_id).values() if found else ()
    unanswered = [one for one in latest if one.outcome not in ("same", "differs")]
    return Contested(
        len(found),
        sum(one.decided_at is None for one in found),
        sum(one.outcome == "upheld" for one in found),
        Counter(one.outcome or "running" for one in chain(unanswered, *answers)),
    )


def published(round_: Round, plan: FrozenRound | None, result: RoundResult | None) -> Published | None:
    """What the public downloads; None while results are not public."""
    if result is None or plan is None:
        return None
    return Published(archives.find_archive(round_.id), is_withheld(plan, result))


def second_count(steps: Mapping[str, CeremonyStep]) -> str | None:
    """What the second program came to; None while nothing is counted."""
    counted = steps.get("counted")
    return None if counted is None else minutes.said_of_second_count(counted.details.get("second"))


def latest_records(round_id: int) -> Sequence[AuditRecord]:
    """The newest lines of the audit record about a round."""
    return records.list_audit("", None, ("round", round_id), None).records[:LATEST]


def box_key_exists(round_: Round, custody: State) -> bool:
    """Whether a key that opens the box is still stored, wrapped."""
    return round_.box_secret_wrapped is not None or custody.wrapped

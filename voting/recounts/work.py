"""The worker's part: count the stored ballots again, from nothing but them and the frozen plan, and compare.

Twice: with the counting engine, anew, against result, minutes and leaves; and with `verify.py`, which shares no code
with it, over the whole publication as anybody downloads it.
"""

import hashlib
import json
import tempfile
import time
from collections.abc import Callable, Sequence
from decimal import Decimal
from pathlib import Path
from typing import Any

from flask import current_app
from sqlalchemy import select, update

from civic import audit, clock
from civic.actor import SYSTEM
from civic.errors import NotFound
from civic.extensions import db
from civic.rounds.models import Round
from civic.unit_of_work import unit_of_work
from voting import publication_set, result_queries, round_queries, verify
from voting.ballot_text import leaf_of, merkle_root
from voting.models import CeremonyStep, ResultContest, RoundResult, closed_leaf, opened_ballot
from voting.plan import FrozenRound, canonical
from voting.recounts.models import ContestRecount
from voting.recounts.rules import UNWRITTEN, Facts, What, differences, outcome_of

KIND = "vote.recount"

#: What the program of the publication says about itself rather than about what is wrong.
NOTED = ("unsigned", "rule", "by_root")


def recount(params: dict[str, Any], progress: Callable[[int, int], None]) -> dict[str, Any]:
    """The handler. Killed halfway it is called again and begins anew; what is finished stays as it is."""
    wanted = db.session.get(ContestRecount, params["recount"])
    if wanted is None or wanted.finished_at is not None:
        return {}
    contest = db.session.get_one(ResultContest, wanted.contest_id)
    round_id, begun = contest.round_id, time.monotonic()
    try:
        outcome, data, version = _count_again(round_id, progress)
    except Exception as error:
        db.session.rollback()
        _finish(round_id, params["recount"], "failed", {"error": type(error).__name__}, "", begun)
        raise
    _finish(round_id, params["recount"], outcome, data, version, begun)
    return {"outcome": outcome}


def _finish(
    round_id: int, recount_id: int, outcome: str, data: dict[str, Any], version: str, begun: float
) -> None:
    """Keep the answer, and its outcome in the record that nobody can change: unless another worker was first."""
    seconds, now = Decimal(str(round(time.monotonic() - begun, 3))), clock.now()
    with unit_of_work():
        contest_id = db.session.scalar(
            update(ContestRecount)
            .where(ContestRecount.id == recount_id, ContestRecount.finished_at.is_(None))
            .values(outcome=outcome, data=data, code_version=version, seconds=seconds, finished_at=now)
            .returning(ContestRecount.contest_id)
        )
        if contest_id is not None:
            details = {"contest": contest_id, "recount": recount_id, "outcome": outcome}
            audit.record(SYSTEM, "result.recounted", "round", round_id, now, details)


def _count_again(round_id: int, progress: Callable[[int, int], None]) -> tuple[str, dict[str, Any], str]:
    # Arrays are loaded where something is counted, not in every web process.
    from voting.tallying import code_version

    round_ = db.session.get_one(Round, round_id)
    plan, result = round_queries.plan_of(round_), result_queries.find_result(round_id)
    if plan is None or result is None or round_.results_at is None:
        raise NotFound
    progress(0, 2)
    published = published_facts(round_, plan, result, result_queries.list_steps(round_id))
    found = counted_facts(round_, plan, published)
    apart = differences(published, found)
    progress(1, 2)
    second = _second(round_, lambda: progress(1, 2))
    progress(2, 2)
    data = {
        "compared": len(published),
        # What was withheld from publication is not published by a recount either.
        "differences": [one.as_row(figures=second is not None) for one in apart],
        "second": second,
    }
    return outcome_of(apart, second["wrong"] if second else None), data, code_version()


def _sha256(details: Any) -> str:
    text = json.dumps(details, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def _figures(votes: int, score: Decimal, standing: str) -> str:
    return f"{votes} · {score.normalize():f} · {standing}"


def published_facts(
    round_: Round, plan: FrozenRound, result: RoundResult, steps: Sequence[CeremonyStep]
) -> Facts:
    """What result, minutes and leaves say."""
    told = {one.step: one.details for one in steps}
    counted = told.get("counted", {})
    facts: dict[tuple[What, str], str] = {
        (What.PLAN, ""): str(round_.fingerprint),
        (What.LEAVES, ""): str(told.get("copied", {}).get("root", "")),
        (What.TEXTS, ""): "0",
        (What.OPENED, ""): str(told.get("opened", {}).get("opened", "")),
        (What.INPUT, "result"): result.input_hash,
        (What.INPUT, "minutes"): str(counted.get("input", "")),
    }
    for step in steps:
        facts[What.MINUTES, step.step] = step.hash
    for number, outcome in result.outcome["pots"].items():
        name = plan.counted_pots[int(number)].name
        facts[What.WINNERS, name] = ", ".join(outcome["selected"])
        facts[What.SPENT, name] = str(outcome["spent"])
        facts[What.BALLOTS, name] = str(result.outcome["voters"][number])
        # Minutes of older versions do not tell every hash.
        for what, kept in ((What.VOTES, "votes"), (What.RECORD, "outcomes")):
            if number in counted.get(kept, {}):
                facts[what, name] = str(counted[kept][number])
    for one, project in result_queries.list_outcomes(round_.id):
        facts[What.PROJECT, project.code] = _figures(one.votes, one.score, one.standing)
    return facts


def counted_facts(round_: Round, plan: FrozenRound, published: Facts) -> Facts:
    """The same, made anew from the opened ballots, the leaves, the frozen plan and the steps' own words."""
    from voting import tallying
    from voting.counting.count import count
    from voting.counting.explanation import explain
    from voting.counting.rules import Rule
    from voting.instance import count_inputs
    from voting.publication import votes_sha256

    rows = db.session.execute(
        select(opened_ballot.c.leaf, opened_ballot.c.text)
        .where(opened_ballot.c.round_id == round_.id)
        .order_by(opened_ballot.c.leaf)
    ).all()
    leaves = db.session.scalars(
        select(closed_leaf.c.leaf)
        .where(closed_leaf.c.round_id == round_.id)
        .order_by(closed_leaf.c.batch, closed_leaf.c.leaf)
    ).all()
    # A text that is not the one of its leaf is no ballot: it is told apart and not counted.
    texts = [words for leaf, words in rows if leaf_of(words) == bytes(leaf)]
    rule, outcomes = Rule.from_json(plan.rule), {}
    facts: dict[tuple[What, str], str] = {
        (What.PLAN, ""): hashlib.sha256(canonical(round_.frozen or {}).encode()).hexdigest(),
        (What.LEAVES, ""): merkle_root([bytes(leaf) for leaf in leaves]).hex(),
        (What.TEXTS, ""): str(len(rows) - len(texts)),
        (What.OPENED, ""): str(len(rows)),
    }
    for step in result_queries.list_steps(round_.id):
        facts[What.MINUTES, step.step] = _sha256(step.details)
    for one in count_inputs(plan, texts):
        name, outcome = plan.counted_pots[one.pot].name, count(one.instance, one.profile, rule)
        outcomes[one.pot] = outcome
        facts[What.WINNERS, name] = ", ".join(outcome.selected)
        facts[What.SPENT, name] = str(outcome.spent)
        facts[What.BALLOTS, name] = str(one.profile.voters)
        for what, hashed in (
            (What.VOTES, votes_sha256(plan, one.pot, texts)),
            (What.RECORD, outcome.fingerprint),
        ):
            if (what, name) in published:
                facts[what, name] = hashed
        for code, told in explain(one.instance, one.profile, outcome).items():
            facts[What.PROJECT, code] = _figures(
                told.votes, Decimal(told.score), tallying.standing_of(told, rule.max_winners != 0)
            )
    for place in ("result", "minutes"):
        facts[What.INPUT, place] = tallying.input_hash(outcomes)
    return facts


class _Listener(verify.Report):
    """Keeps what the program of the publication says, in no language, and reports that work goes on."""

    def __init__(self, alive: Callable[[], None]) -> None:
        super().__init__("en")
        self.said: list[tuple[str, tuple[str, ...], bool]] = []
        self._alive = alive

    def say(self, name: str, *values: object, mark: str = "    ") -> None:
        """Note one line."""
        self.said.append((name, tuple(map(str, values)), mark.startswith("!!")))
        self._alive()


def _second(round_: Round, alive: Callable[[], None]) -> dict[str, Any] | None:
    """What `verify.py` says of the publication as it is written now; None while nothing signed is published."""
    settings = current_app.config["SETTINGS"]
    try:
        found = publication_set.find_set(round_, settings.city)
    except publication_set.NotYetPublished:
        return None
    with tempfile.TemporaryDirectory(dir=settings.data_dir) as folder:
        try:
            publication_set.write_folder(found, Path(folder))
        except (ArithmeticError, LookupError, ValueError):
            # What is stored is no ballots any more; the first count says which.
            return {"wrong": 1, "said": [[UNWRITTEN, []]]}
        finally:
            db.session.rollback()
        listener = _Listener(alive)
        verify.Publication(Path(folder), listener).verify(None, None)
    told = [[name, list(values)] for name, values, wrong in listener.said if wrong or name in NOTED]
    return {"wrong": int(listener.wrong), "said": told}

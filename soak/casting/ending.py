"""Ballots that arrive while their round is being closed: every one counted or refused, none of them both."""

import threading
import time
from collections import Counter
from datetime import datetime, timedelta

from civic import clock, database
from civic.extensions import db
from civic.rounds.models import Round
from soak.casting.audit import Tally, judge
from soak.casting.faults import Run
from soak.casting.town import Site, Town
from soak.casting.voting import Browser, Crowd
from voting import closing
from voting.models import closed_leaf, opened_ballot

VOTERS = 24
#: How long the voting phase of a round that ends by the clock lasts from its opening.
PHASE = timedelta(seconds=2.5)
#: What a voter is answered after the end: not any more, with the reason.
REFUSED = (403, 409)


def close_under_load(site: Site, rounds: int, seed: int, clients: int = 6) -> Run:
    """Rounds closed while people vote in them: half of them the moment their voting phase is over, half of them
    with the phase still running, so that the close's own lock is what ends them."""
    run = Run(more=Counter(wrong_codes=0, answered_after_the_end=0))
    site.town(VOTERS)
    engine = database.owner_engine(site.app.config["SETTINGS"])
    try:
        for number in range(rounds):
            by_clock = number % 2 == 0
            phase = {"closes_in": PHASE} if by_clock else {}
            town = site.town(VOTERS, **phase)
            crowd = Crowd(town, site.web.port, seed * 100_000 + number, clients, over=REFUSED)
            with crowd.voting():
                if by_clock:
                    time.sleep(max(0.0, (town.plan.closes_at - clock.now()).total_seconds()))
                else:
                    crowd.wait_for(clients)
                ended = _close(
                    site, town, engine, clock.now() if by_clock else clock.now() + timedelta(days=2)
                )
            run.faults += 1
            run.broken += crowd.statuses[0]
            run.unconfirmed += crowd.statuses[503]
            run.more["wrong_codes"] += crowd.wrong_codes
            run.more["answered_after_the_end"] += _still_taken(site, town)
            run.tally.add(audit_closed(site, town, ended))
            run.felt["refused"] = run.felt.get("refused", 0) + sum(crowd.statuses[one] for one in REFUSED)
    finally:
        engine.dispose()
    return run


def _close(site: Site, town: Town, engine: object, now: datetime) -> float:
    """Close the round in a thread beside the vote; when no further ballot may count (time.time)."""
    raised: list[BaseException] = []

    def close() -> None:
        try:
            with site.app.app_context():
                closing.close_round(town.round_id, now, engine=engine)  # type: ignore[arg-type]
        except BaseException as error:
            raised.append(error)

    closer = threading.Thread(target=close)
    closer.start()
    closer.join()
    if raised:
        raise raised[0]
    return min(time.time(), town.plan.closes_at.timestamp())


def _still_taken(site: Site, town: Town) -> int:
    """The last form of every voter once more, and a new one: how many were not refused."""
    browser = Browser(site.web.port)
    wanted = []
    for voter in town.voters[:3]:
        _leaf, request = town.form(voter, {next(iter(town.plan.projects)): 1})  # type: ignore[dict-item]
        wanted.append(request)
    try:
        return sum(browser.send(request)[0] not in REFUSED for request in wanted)
    finally:
        browser.close()


def audit_closed(site: Site, town: Town, ended: float) -> Tally:
    """What the closed round published, opened and counted against every form that was sent."""
    with site.app.app_context(), db.engine.connect() as connection:
        leaves = connection.execute(closed_leaf.select().where(closed_leaf.c.round_id == town.round_id)).all()
        opened = {
            bytes(row.leaf)
            for row in connection.execute(
                opened_ballot.select().where(opened_ballot.c.round_id == town.round_id)
            )
        }
        round_ = connection.execute(db.select(Round.results_at).where(Round.id == town.round_id)).one()
    ballots = Counter(bytes(row.leaf) for row in leaves if row.kind != "void")
    voids = Counter(bytes(row.target) for row in leaves if row.kind == "void")
    live = {bytes(row.leaf) for row in leaves if row.kind == "ballot"}
    owner = {sent.leaf: voter.nym for voter in town.voters for sent in voter.sent}
    tally = judge(town, ballots, voids, {owner.get(leaf, leaf): leaf for leaf in live})
    tally.mismatched += live != opened or round_.results_at is None
    tally.late += sum(
        bool(ballots[sent.leaf]) and sent.began > ended for voter in town.voters for sent in voter.sent
    )
    return tally

"""Box and log against what was promised to voters: the same questions after every campaign."""

from collections import Counter
from dataclasses import dataclass

import psycopg

from soak.casting.town import Town
from voting.ballot_text import void_leaf


@dataclass
class Tally:
    """What a campaign found. Everything but `sent` and `acknowledged` must be 0."""

    sent: int = 0
    acknowledged: int = 0
    #: receipts whose ballot is neither in the box nor replaced by a later one of the same voter
    lost: int = 0
    #: live ballots beyond one a voter
    double: int = 0
    #: leaves nobody sent, rows of the box of nobody
    foreign: int = 0
    #: ballots less voids that are not the box, voids that are not of their target, revisions that miscount
    mismatched: int = 0
    #: ballots taken after the end
    late: int = 0

    @property
    def wrong(self) -> dict[str, int]:
        """Everything that must not be, by name."""
        return {name: count for name, count in vars(self).items() if name not in ("sent", "acknowledged")}

    @property
    def failures(self) -> int:
        """How much must not be."""
        return sum(self.wrong.values())

    def add(self, other: "Tally") -> None:
        """Both together."""
        for name in vars(self):
            setattr(self, name, getattr(self, name) + getattr(other, name))


def audit(connection: psycopg.Connection, town: Town) -> Tally:
    """Compare the round's box and log, before its close, with every form that was sent."""
    box = {
        bytes(nym): (bytes(leaf), revision)
        for nym, leaf, revision in connection.execute(
            "SELECT nym, leaf, revision FROM ballot_box WHERE round_id = %s", [town.round_id]
        )
    }
    log = connection.execute(
        "SELECT leaf, kind, target FROM cast_log WHERE round_id = %s", [town.round_id]
    ).fetchall()
    ballots = Counter(bytes(leaf) for leaf, kind, _target in log if kind == "ballot")
    voids = Counter(bytes(target) for _leaf, kind, target in log if kind == "void")
    tally = judge(town, ballots, voids, {nym: leaf for nym, (leaf, _revision) in box.items()})
    tally.mismatched += sum(
        bytes(leaf) != void_leaf(town.plan.fingerprint, bytes(target))
        for leaf, kind, target in log
        if kind == "void"
    )
    for voter in town.voters:
        kept = sum(ballots[sent.leaf] for sent in voter.sent)
        tally.mismatched += kept != box.get(voter.nym, (b"", 0))[1]
    return tally


def judge(town: Town, ballots: Counter[bytes], voids: Counter[bytes], box: dict[bytes, bytes]) -> Tally:
    """The questions, of leaves however they are stored: `box` is the live leaf by voter's pseudonym."""
    tally = Tally()
    known = {sent.leaf for voter in town.voters for sent in voter.sent}
    nyms = {voter.nym for voter in town.voters}
    tally.foreign += len(ballots.keys() - known) + len(box.keys() - nyms)
    tally.mismatched += (
        (ballots - voids) != Counter(box.values())
        or bool(voids.keys() - ballots.keys())
        or max([*ballots.values(), *voids.values()], default=1) > 1
    )
    for voter in town.voters:
        tally.sent += len(voter.sent)
        places = {sent.leaf: at for at, sent in enumerate(voter.sent)}
        live = places.get(box.get(voter.nym, b""), -1)
        tally.double += max(0, sum(ballots[leaf] > 0 and not voids[leaf] for leaf in places) - 1)
        for at, sent in enumerate(voter.sent):
            tally.acknowledged += sent.acknowledged
            tally.lost += sent.acknowledged and (not ballots[sent.leaf] or live < at)
    return tally

"""Every rule with every parameter, counted slowly from its description: fractions, one voter at a time.

Nothing is shared with the counted code but the value objects. `count` gives the funded ids in order and what the
budget pays.
"""

import hashlib
from fractions import Fraction

from tests.unit.voting.counting import slow_shares
from voting.counting.ballots import BallotType


class Votes:
    """One entry a voter: a Ballot; with what every rule asks of it."""

    def __init__(self, instance, ballot_type, ballots, max_length, tie_break):
        self.costs = {p.id: Fraction(p.cost) for p in instance.projects}
        self.budget = Fraction(instance.budget_limit)
        self.withdrawn = {p.id for p in instance.projects if p.withdrawn}
        self.groups = {p.id: p.group for p in instance.projects}
        self.ballots = [b for b in ballots if b.projects]
        self.points = [self._points(ballot_type, b, max_length) for b in self.ballots]
        self.score = {p: sum(points.get(p, 0) for points in self.points) for p in self.costs}
        self.votes = {p: sum(p in b.projects for b in self.ballots) for p in self.costs}
        self.rivals = {p: set() for p in self.costs}
        for ids in instance.exclusive_sets:
            for p in ids:
                self.rivals[p] |= set(ids) - {p}
        by_tie = sorted(self.costs, key=lambda p: (self.costs[p], -self.votes[p], self._last(tie_break)(p)))
        self.rank = {p: place for place, p in enumerate(by_tie)}
        self.by_score = sorted(self.costs, key=lambda p: (-self.score[p], self.rank[p]))

    @staticmethod
    def _points(ballot_type, ballot, max_length):
        if ballot_type is BallotType.ORDINAL:
            most = max_length or len(ballot.projects)
            return {p: Fraction(max(0, most - place)) for place, p in enumerate(ballot.projects)}
        if ballot_type.has_points:
            return dict(zip(ballot.projects, ballot.points, strict=True))
        return dict.fromkeys(ballot.projects, Fraction(1))

    @staticmethod
    def _last(tie_break):
        kind, _, rest = tie_break.partition(":")
        if kind == "seed":
            return lambda p: (hashlib.sha256(f"{rest}|{p}".encode()).hexdigest(), p)
        if kind == "order":
            return rest.split(",").index
        return lambda p: p

    def takes_part(self, p, min_score):
        return p not in self.withdrawn and self.score[p] > 0 and self.score[p] >= (min_score or 0)


def greedy(votes, rule, already=(), left=None):
    """The funded after `already`, and what is left; a topped-up one takes all that is left."""
    left = votes.budget if left is None else left
    share = None if rule.top_up_share is None else Fraction(rule.top_up_share)
    stops = rule.name in ("greedy-no-skip", "greedy-custom")
    order = [p for p in votes.by_score if votes.takes_part(p, rule.min_score) and p not in already]
    if rule.group_winners_first:
        leaders = []
        for p in order:
            if votes.groups[p] is not None and votes.groups[p] not in [votes.groups[q] for q in leaders]:
                leaders.append(p)
        order = leaders + [p for p in order if p not in leaders]
    funded = []
    for p in order:
        won = {*already, *funded}
        if votes.rivals[p] & won:
            continue
        if rule.max_winners is not None and len(won) >= rule.max_winners:
            break
        if votes.costs[p] <= left:
            funded.append(p)
            left -= votes.costs[p]
        elif share is not None and 0 < share * votes.costs[p] <= left:
            return [*funded, p], Fraction(0)
        elif stops:
            break
    return funded, left


class Shares:
    """Equal shares under one rule."""

    def __init__(self, votes, rule):
        self.votes, self.rule = votes, rule
        self.scale = {p: votes.costs[p] if rule.satisfaction == "cost" else Fraction(1) for p in votes.costs}
        by_points = rule.satisfaction == "points"
        self.ballots = [
            (dict(points) if by_points else dict.fromkeys(points, Fraction(1)), 1) for points in votes.points
        ]
        self.candidates = {
            p
            for p in votes.costs
            if p not in votes.withdrawn
            and votes.score[p] >= (rule.min_score or 0)
            and any(worth.get(p) for worth, _ in self.ballots)
        }

    def run(self, start):
        return slow_shares.run(
            self.votes.costs, self.ballots, start, self.votes.rank, self.scale, self.candidates,
            self.rule.max_winners, self.votes.rivals,
        )  # fmt: skip

    def spent(self, won):
        return sum(self.votes.costs[p] for p in won)

    def at_end(self, won):
        """Whether nobody else may win or fits."""
        full = self.rule.max_winners is not None and len(won) >= self.rule.max_winners
        open_ = [] if full else [p for p in self.candidates - set(won) if not self.votes.rivals[p] & set(won)]
        left = self.votes.budget - self.spent(won)
        return all(self.votes.costs[p] > left for p in open_)

    def enough_for_all(self):
        """Money with which no voter runs short though all candidates are bought: more buys the same."""
        bills = [Fraction(0)] * len(self.ballots)
        for p in self.candidates:
            units = sum(worth.get(p, 0) for worth, _ in self.ballots)
            for at, (worth, _) in enumerate(self.ballots):
                bills[at] += self.votes.costs[p] * worth.get(p, 0) / units
        return max(bills)

    def first(self):
        if not self.ballots:
            return self.run(Fraction(0))
        start = self.votes.budget / len(self.ballots)
        if self.rule.start == "floor":
            start = Fraction(start // 1)
        self.start = start
        return self.run(start)

    def add1(self):
        kept = self.first()
        if not self.ballots:
            return kept
        start = self.start
        while True:
            exhaustive = self.at_end(kept.winners)
            if set(kept.winners) == self.candidates or start >= self.enough_for_all():
                return kept
            if self.rule.stop_when_exhaustive and exhaustive:
                return kept
            start += Fraction(self.rule.increment)
            raised = self.run(start)
            if self.spent(raised.winners) > self.votes.budget:
                return kept
            kept = raised


def equal_shares(votes, rule):
    """The funded, in order, and what is left."""
    shares = Shares(votes, rule)
    raised = rule.completion in ("add1", "add1u", "comparison")
    won = (shares.add1() if raised else shares.first()).winners
    left = votes.budget - shares.spent(won)
    if rule.completion in ("greedy", "add1u"):
        more, left = greedy(votes, rule, won, left)
        return won + more, left
    if rule.completion in ("comparison", "plain-comparison"):
        other, other_left = greedy(votes, rule)
        named = [
            (sum(p in b.projects for p in won), sum(p in b.projects for p in other)) for b in votes.ballots
        ]
        if sum(g > s for s, g in named) > sum(s > g for s, g in named):
            return other, other_left
    return won, left


def phragmen(votes, rule):
    """The funded, in order, and what is left."""
    left, funded = votes.budget, []
    loads = [Fraction(0)] * len(votes.ballots)
    waiting = {p for p in votes.costs if votes.takes_part(p, rule.min_score) and votes.costs[p] <= left}
    while waiting and (rule.max_winners is None or len(funded) < rule.max_winners):
        load = {
            p: (votes.costs[p] + sum(x for x, b in zip(loads, votes.ballots, strict=True) if p in b.projects))
            / votes.votes[p]
            for p in waiting
        }
        level = sorted((p for p in waiting if load[p] == min(load.values())), key=votes.rank.__getitem__)
        if any(votes.costs[p] > left for p in level):
            break
        funded.append(level[0])
        left -= votes.costs[level[0]]
        loads = [
            load[level[0]] if level[0] in b.projects else x for x, b in zip(loads, votes.ballots, strict=True)
        ]
        waiting -= {level[0]} | votes.rivals[level[0]]
    return funded, left


def count(instance, ballot_type, ballots, max_length, rule):
    """The funded ids in order and what the budget pays."""
    votes = Votes(instance, ballot_type, ballots, max_length, rule.tie_break)
    if rule.name == "equal-shares":
        funded, left = equal_shares(votes, rule)
    elif rule.name == "phragmen":
        funded, left = phragmen(votes, rule)
    else:
        funded, left = greedy(votes, rule)
    return funded, votes.budget - left

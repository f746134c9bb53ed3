"""Slow and obvious counts to compare with: one voter at a time, plain fractions, nothing clever."""

from fractions import Fraction


def by_ties(projects, costs, votes):
    return sorted(projects, key=lambda p: (costs[p], -votes[p], p))


def votes_of(costs, ballots):
    return {p: sum(p in ballot for ballot in ballots) for p in costs}


def greedy(costs, budget, ballots, left_out=(), min_score=0):
    """`ballots` map project to points. Returns the funded projects in order."""
    votes = votes_of(costs, ballots)
    score = {p: sum(ballot.get(p, 0) for ballot in ballots) for p in costs}
    ranked = sorted(by_ties(costs, costs, votes), key=lambda p: -score[p])
    funded = []
    for p in ranked:
        if p not in left_out and score[p] > 0 and score[p] >= min_score and costs[p] <= budget:
            funded.append(p)
            budget -= costs[p]
    return funded


def greedy_with_top_up(costs, budget, ballots, skip, share=None, limit=None):
    """Funded projects in order and what the last of them needs from elsewhere: a near miss ends the count."""
    votes = votes_of(costs, ballots)
    funded = []
    for p in sorted(by_ties(costs, costs, votes), key=lambda p: -votes[p]):
        if votes[p] == 0:
            continue
        lacking = costs[p] - budget
        if lacking <= 0:
            funded.append(p)
            budget -= costs[p]
            continue
        near = [share is None or budget >= share * costs[p], limit is None or lacking <= limit]
        if budget > 0 and all(near) and (share, limit) != (None, None):
            return [*funded, p], lacking
        if not skip:
            break
    return funded, 0


def price(cost, purses):
    """The least rho with sum(min(money, rho * worth)) = cost over (money, worth); None when they cannot."""
    if sum(money for money, _ in purses) < cost:
        return None
    paid, worth_left = Fraction(0), sum(worth for _, worth in purses)
    for money, worth in sorted(purses, key=lambda purse: Fraction(purse[0]) / purse[1]):
        rho = Fraction(cost - paid) / worth_left
        if rho * worth <= money:
            return rho
        paid += money
        worth_left -= worth
    return None


def equal_shares(costs, budget, ballots, start=None, satisfaction="cost"):
    if not ballots:
        return []
    votes = votes_of(costs, ballots)
    money = [Fraction(budget) / len(ballots) if start is None else start] * len(ballots)

    def worth(voter, p):
        if satisfaction == "points":
            return ballots[voter].get(p, 0)
        if p not in ballots[voter]:
            return 0
        return costs[p] if satisfaction == "cost" else 1

    bought = []
    while True:
        best = None
        for p in by_ties(set(costs) - set(bought), costs, votes):
            rho = price(costs[p], [(money[v], worth(v, p)) for v in range(len(ballots)) if worth(v, p) > 0])
            if rho is not None and (best is None or rho < best[0]):
                best = (rho, p)
        if best is None:
            return bought
        rho, p = best
        bought.append(p)
        money = [m - min(m, rho * worth(v, p)) for v, m in enumerate(money)]


def add1(costs, budget, ballots, satisfaction="cost", stop_when_exhaustive=False, increment=1):
    if not ballots:
        return []
    supported = {p for p in costs if any(ballot.get(p) for ballot in ballots)}
    start = Fraction(budget) / len(ballots)
    kept = equal_shares(costs, budget, ballots, start, satisfaction)
    while set(kept) != supported:
        left = budget - sum(costs[p] for p in kept)
        if stop_when_exhaustive and all(costs[p] > left for p in supported - set(kept)):
            break
        start += increment
        bought = equal_shares(costs, budget, ballots, start, satisfaction)
        if sum(costs[p] for p in bought) > budget:
            break
        kept = bought
    return kept


def complete(costs, budget, ballots, bought):
    return bought + greedy(costs, budget - sum(costs[p] for p in bought), ballots, left_out=bought)


def comparison(costs, budget, ballots, satisfaction="cost"):
    shares, by_score = add1(costs, budget, ballots, satisfaction), greedy(costs, budget, ballots)
    wins = [(sum(p in b for p in shares), sum(p in b for p in by_score)) for b in ballots]
    return by_score if sum(g > s for s, g in wins) > sum(s > g for s, g in wins) else shares


def phragmen(costs, budget, ballots):
    votes = votes_of(costs, ballots)
    waiting = {p for p in costs if votes[p] and costs[p] <= budget}
    loads, funded = [Fraction(0)] * len(ballots), []
    while waiting:
        new = {
            p: (costs[p] + sum(loads[v] for v, b in enumerate(ballots) if p in b)) / Fraction(votes[p])
            for p in waiting
        }
        level = [p for p in by_ties(waiting, costs, votes) if new[p] == min(new.values())]
        if any(costs[p] > budget for p in level):
            break
        funded.append(level[0])
        budget -= costs[level[0]]
        loads = [new[level[0]] if level[0] in b else loads[v] for v, b in enumerate(ballots)]
        waiting.remove(level[0])
    return funded

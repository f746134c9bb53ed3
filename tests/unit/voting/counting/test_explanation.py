"""Every project gets an explanation, and voters a summary."""

from voting.counting.explanation import explain, summarise


def test_every_project_is_explained(instance, approvals, counted):
    pot, profile = instance(180, a=60, b="80.5", c=5, d=5), approvals("a", "a", "a", "ab", "b", "b")
    outcome = counted(pot, profile, "equal-shares")
    explanations = explain(pot, profile, outcome)
    assert set(explanations) == {"a", "b", "c", "d"}
    assert explanations["a"].as_json() == {
        "id": "a",
        "name": "",
        "cost": "60",
        "votes": 4,
        "score": "4",
        "rank": 1,
        "funded": True,
        "step": 1,
        "phase": "equal_shares",
        "remaining": "120",
        "paid_at_most": "15",
        "effective_votes": "4",
        "supporters": 4,
        "gave_all": 0,
        "had_nothing": 0,
        "start": "30",
        "share": "50",
    }
    lost = explanations["b"].as_json()
    assert (lost["rank"], lost["reason"], lost["supporters_money"]) == (
        2,
        "supporters_ran_out_of_money",
        "75",
    )


def test_a_winner_tells_who_paid_with_the_last_they_had(instance, approvals, counted):
    # Everybody starts with 10: a takes 8 from four, b wants 8 from one of them and two others.
    pot, profile = instance(60, a=32, b=22, c=50), approvals("a", "a", "a", "ab", "b", "b")
    paid = {p: e.data for p, e in explain(pot, profile, counted(pot, profile, "equal-shares")).items()}
    assert (paid["a"]["supporters"], paid["a"]["gave_all"], paid["a"]["had_nothing"]) == (4, 0, 0)
    assert (paid["b"]["supporters"], paid["b"]["gave_all"], paid["b"]["had_nothing"]) == (3, 3, 0)
    assert (paid["b"]["start"], paid["b"]["share"]) == ("10", "100")


def test_equal_scores_share_the_better_rank(instance, approvals, counted):
    pot, profile = instance(10, a=1, b=1, c=1), approvals("ab", "abc")
    explanations = explain(pot, profile, counted(pot, profile))
    assert [explanations[p].rank for p in "abc"] == [1, 1, 3]


def test_the_summary_counts_voters_by_their_winners(instance, approvals, counted):
    pot, profile = instance(10, a=5, b=5, c=5), approvals("ab", "a", "b", "c", ab=2)
    summary = summarise(profile, counted(pot, profile))
    assert summary.as_json() == {
        "voters": 6,
        "voters_with_winner": 5,
        "voters_by_winners": {"0": 1, "1": 2, "2": 3},
    }

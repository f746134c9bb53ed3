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
    }
    lost = explanations["b"].as_json()
    assert (lost["rank"], lost["reason"], lost["supporters_money"]) == (
        2,
        "supporters_ran_out_of_money",
        "75",
    )


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

"""What voters got adds up to what was spent, and stands in bands with round bounds."""

from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from voting.voter_figures import MILLION, VoterFigures, round_amount


def test_lei_are_the_winners_costs_divided_among_those_who_chose_them() -> None:
    figures = VoterFigures({"a": Decimal(90), "b": Decimal(10)}, {"a": 3, "b": 1, "c": 2})
    for ballot in (["a", "b"], ["a", "c"], ["a"], ["c"], []):
        figures.add(ballot)
    assert (figures.ballots, figures.named) == (5, 4)
    assert figures.as_json()["by_winners"] == {"0": 1, "1": 2, "2": 1}
    # An equal share is 25 lei; half of it is nearest to 10.
    assert [(band["over"], band["to"], band["voters"]) for band in figures.bands()] == [
        (None, "0", 1),
        ("0", "10", 0),
        ("10", "20", 0),
        ("20", "40", 3),
        ("40", None, 0),
    ]


def test_nothing_won_has_no_bands() -> None:
    figures = VoterFigures({}, {"a": 1})
    figures.add(["a"])
    assert figures.bands() == []
    assert figures.as_json()["by_winners"] == {"0": 1}


@given(
    st.dictionaries(st.sampled_from("abcd"), st.integers(1, 10**9), min_size=1),
    st.lists(st.sets(st.sampled_from("abcdef")), max_size=30),
)
def test_the_parts_add_up_to_what_was_spent(prices, ballots) -> None:
    chosen = {code: sum(code in ballot for ballot in ballots) for code in "abcdef"}
    figures = VoterFigures({code: Decimal(price) for code, price in prices.items()}, chosen)
    for ballot in ballots:
        figures.add(ballot)
    spent = sum(price for code, price in prices.items() if chosen[code])
    given_out = sum(amount * voters for amount, voters in figures.money.items())
    # Each part is rounded down to a millionth.
    assert 0 <= spent * MILLION - given_out <= len(prices) * len(ballots)
    assert sum(band["voters"] for band in figures.bands()) in (0, figures.named)


def test_round_amounts() -> None:
    found = [str(round_amount(Decimal(one))) for one in ("0", "0.3", "7", "12.5", "147", "8000")]
    assert found == ["0.01", "0.20", "5", "10", "100", "10000"]

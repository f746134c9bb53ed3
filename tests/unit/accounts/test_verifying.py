"""Ways of being verified, telephone numbers and codes."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from civic.accounts.verifying import methods, rules
from civic.rounds.facts import PersonFacts, PhaseWindow, PlanFacts, PotFacts
from civic.rounds.rules import may_vote

NOON = datetime(2026, 5, 12, 9, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("typed", "number"),
    [
        ("0722123456", "+40722123456"),
        ("0722 123 456", "+40722123456"),
        ("+40 722-123.456", "+40722123456"),
        ("0040722123456", "+40722123456"),
        ("(0722) 123/456", "+40722123456"),
        ("\uff10\uff17\uff12\uff12123456", "+40722123456"),
        ("0212345678", None),
        ("722123456", None),
        ("07221234567", None),
        ("+393331234567", None),
        ("٠٧٢٢١٢٣٤٥٦", None),
        ("", None),
        ("0722123456; 0733", None),
    ],
)
def test_a_number_is_read_in_one_form(typed, number):
    assert rules.read_phone(typed) == number


def test_a_code_is_read_however_it_was_set_apart():
    assert rules.read_code(" 123-456\n") == "123456"
    assert len(rules.read_code("1" * 1000)) == 40


def test_the_desk_is_always_enough_and_nothing_else_is():
    for proof in methods.STRENGTH:
        assert methods.is_accepted(proof, ()) is (proof in ("desk", "roeid"))


@pytest.mark.parametrize("way", methods.REMOTE)
def test_a_round_takes_the_ways_it_names(way):
    assert [one for one in methods.REMOTE if methods.is_accepted(one, (way,))] == [way]
    assert not methods.is_accepted("recorded", methods.REMOTE)


def test_every_way_has_a_name_and_a_strength():
    assert set(methods.NAMES) == set(methods.PUBLISHED) == set(methods.STRENGTH) - {"recorded"}
    assert methods.in_order(["letter", "castle", "declaration_email"]) == ["declaration_email", "letter"]
    order = sorted(methods.REMOTE, key=lambda one: methods.STRENGTH[one])
    assert order == list(methods.REMOTE), "the easier, the weaker"


@pytest.mark.parametrize(("proof", "allowed"), [("desk", True), ("letter", True), ("declaration_sms", False)])
def test_the_roll_asks_for_the_proof_the_round_accepts(proof, allowed):
    zone = ZoneInfo("Europe/Bucharest")
    window = PhaseWindow("voting", NOON, NOON + timedelta(days=7))
    plan = PlanFacts(zone, windows=(window,), pots=(PotFacts("Oraș", 1),), remote_verification=("letter",))  # type: ignore[arg-type]
    refusal = may_vote(PersonFacts(date(1980, 1, 1), "domicile", None, proof), plan)
    assert (refusal is None) is allowed
    if not allowed:
        assert "stronger check" in str(refusal)

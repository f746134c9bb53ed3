"""One total order for a whole count, the same on every machine."""

import hashlib

import pytest

from voting.counting.ties import TieBreak, lot


def test_ids_are_compared_as_text():
    assert TieBreak.parse("file").places(["10", "9", "2"]) == {"10": 0, "2": 1, "9": 2}


def test_the_lot_is_the_published_hash():
    assert lot("barbut 2027", "7") == hashlib.sha256(b"barbut 2027|7").hexdigest()
    places = TieBreak.parse("seed:barbut 2027").places("abc")
    assert sorted("abc", key=places.__getitem__) == sorted("abc", key=lambda p: lot("barbut 2027", p))


def test_another_seed_gives_another_order():
    ids = [str(number) for number in range(30)]
    assert TieBreak.parse("seed:x").places(ids) != TieBreak.parse("seed:y").places(ids)


def test_a_drawn_order_is_kept():
    assert TieBreak.parse("order:c,a,b").places(["a", "c"]) == {"c": 0, "a": 1}


def test_a_drawn_order_must_know_every_project():
    with pytest.raises(ValueError, match="leaves out b"):
        TieBreak.parse("order:c,a").places("abc")


@pytest.mark.parametrize(
    "text", ["", "seed", "seed:", "order", "order:", "order:a,a", "lot", "FILE", "file:x"]
)
def test_what_is_no_tie_break_is_refused(text):
    with pytest.raises(ValueError):
        TieBreak.parse(text)


@pytest.mark.parametrize("text", ["file", "seed:a:b", "order:b,a"])
def test_a_tie_break_is_written_as_it_is_read(text):
    assert str(TieBreak.parse(text)) == text


def test_the_seed_decides_who_wins(instance, approvals, counted):
    pot, profile = instance(10, a=10, b=10), approvals(a=1, b=1)
    winners = {counted(pot, profile, tie_break=f"seed:{seed}").selected for seed in "12345678"}
    assert winners == {("a",), ("b",)}
    outcome = counted(pot, profile, tie_break="order:b,a")
    assert outcome.selected == ("b",)
    assert outcome.ties[0].as_json() == {"projects": ["b", "a"], "level": "1", "by": ["order"]}

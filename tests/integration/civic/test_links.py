"""The chain from an idea to what was built, each end one click from the other."""

from collections.abc import Iterable

import pytest
from flask import Flask

from civic import links
from civic.links import Link


@pytest.fixture(autouse=True)
def kinds(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    def resolver(kind: str) -> links.Resolver:
        def resolve(ids: Iterable[int]) -> dict[int, Link]:
            return {i: Link(kind, i, f"{kind} {i}", f"/{kind}/{i}", kind) for i in ids if i != 99}

        return resolve

    monkeypatch.setattr(links, "_RESOLVERS", {kind: resolver(kind) for kind in ("idea", "project", "work")})


def titles(kind: str, subject_id: int) -> list[str]:
    return [link.title for link in links.chain(kind, subject_id)]


def test_every_end_sees_the_whole_chain(app: Flask) -> None:
    links.connect("idea", 1, "project", 7)
    links.connect("project", 7, "work", 3)
    links.connect("idea", 2, "project", 8)
    expected = ["idea 1", "project 7", "work 3"]
    assert titles("idea", 1) == titles("project", 7) == titles("work", 3) == expected


def test_same_ids_of_other_kinds_are_not_mixed_in(app: Flask) -> None:
    links.connect("idea", 1, "project", 1)
    links.connect("work", 1, "project", 5)
    assert titles("idea", 1) == ["idea 1", "project 1"]


def test_hidden_subjects_are_left_out_and_connecting_twice_is_once(app: Flask) -> None:
    for _ in range(2):
        links.connect("idea", 1, "project", 99)
        links.connect("project", 99, "work", 3)
    assert titles("idea", 1) == ["idea 1", "work 3"]


def test_a_subject_alone_has_no_chain(app: Flask) -> None:
    assert titles("idea", 5) == []
    assert links.find_link("nonsense", 1) is None

"""Addresses are written as the library writes them, and how is compiled only for those that somebody writes."""

import pytest
from werkzeug.routing import Map, Rule

from civic.app import Address

WRITTEN = [
    ("/", {}),
    ("/proposals/<int:number>", {"number": 3}),
    ("/proposals/<int:number>", {"number": 3, "sort": "new", "page": ["1", "2"]}),
    ("/files/<path:name>.<ending>", {"name": "a b/ț", "ending": "pdf"}),
    ("/<any(releases, records):kind>.json", {"kind": "records", "q": "è"}),
]


@pytest.mark.parametrize(("rule", "values"), WRITTEN)
def test_an_address_is_written_as_the_library_writes_it(rule: str, values: dict[str, object]) -> None:
    ours, theirs = (Map([kind(rule, endpoint="one")]).bind("city.example") for kind in (Address, Rule))
    for _time in range(2):
        assert ours.build("one", values) == theirs.build("one", values)


def test_only_an_address_that_is_written_is_compiled(monkeypatch: pytest.MonkeyPatch) -> None:
    compiled = []
    whole = Rule._compile_builder

    def noted(self: Rule, append_unknown: bool = True) -> object:
        compiled.append(self.rule)
        return whole(self, append_unknown)

    monkeypatch.setattr(Rule, "_compile_builder", noted)
    written = Map([Address("/one", endpoint="one"), Address("/two", endpoint="two")]).bind("city.example")
    assert compiled == []
    assert [written.build("two"), written.build("two")] == ["/two", "/two"]
    assert compiled == ["/two"]

"""The way back after signing in stays on this site."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from civic.network import network_of
from civic.security import content_security_policy, safe_next


@pytest.mark.parametrize(
    "target",
    ["//evil.example", "https://evil.example", "/\\evil.example", "\\/evil", "/\t/evil.example", "javascript:alert(1)", "", None,
     " /x", "/x\n", "evil"],
)  # fmt: skip
def test_foreign_targets_are_refused(target: str | None) -> None:
    assert safe_next(target, "/home") == "/home"


@pytest.mark.parametrize("target", ["/", "/proposals?q=a&page=2", "/rounds/2026/vote#cart"])
def test_own_paths_are_kept(target: str) -> None:
    assert safe_next(target, "/home") == target


@given(st.text())
def test_a_target_is_a_path_of_ours_or_the_default(target: str) -> None:
    result = safe_next(target, "/home")
    assert result.startswith("/")
    assert not result.startswith("//")


def test_the_policy_allows_nothing_inline_and_nobody_else() -> None:
    policy = content_security_policy(None)
    assert "unsafe" not in policy
    assert "http" not in policy


def test_a_household_is_one_network() -> None:
    assert network_of("2001:db8:1:2:3:4:5:6") == network_of("2001:db8:1:2::9")
    assert network_of("192.0.2.1") == "192.0.2.1"
    assert network_of("::ffff:192.0.2.1") == "192.0.2.1"
    assert network_of("nonsense") == "unknown"

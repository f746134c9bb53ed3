"""Whom the gate trusts, how much a new account may write, and what waits."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from civic.moderation.gate import rules
from civic.moderation.gate.rules import Mode, Pace, Signs, Standing, Trust, Why

NOON = datetime(2026, 5, 12, 9, tzinfo=UTC)
SECOND = timedelta(seconds=1)


@pytest.mark.parametrize(
    ("standing", "trust"),
    [
        (Standing(NOON - timedelta(hours=24) + SECOND), Trust.NEW),
        (Standing(NOON - timedelta(hours=24)), Trust.SETTLED),
        (Standing(NOON, approved=2), Trust.NEW),
        (Standing(NOON, approved=3), Trust.PROVEN),
        (Standing(NOON, verified=True), Trust.PROVEN),
        (Standing(NOON, entrusted=True), Trust.ENTRUSTED),
        (Standing(None), Trust.NEW),
    ],
)
def test_trust_is_earned_by_a_day_three_texts_or_the_city(standing: Standing, trust: Trust) -> None:
    assert rules.trust_of(standing, NOON) == trust


def test_a_new_account_writes_five_texts_a_day() -> None:
    times = [NOON - timedelta(hours=hour) for hour in (2, 4, 6, 8)]
    assert rules.not_before(Trust.NEW, Pace(own=times), NOON) is None
    times.append(NOON - timedelta(hours=23))
    assert rules.not_before(Trust.NEW, Pace(own=times), NOON) == (Why.ACCOUNT, NOON + timedelta(hours=1))
    assert rules.not_before(Trust.SETTLED, Pace(own=times), NOON) is None


def test_a_new_account_waits_a_minute_between_texts() -> None:
    just_now = Pace(own=[NOON - timedelta(seconds=59)])
    assert rules.not_before(Trust.NEW, just_now, NOON) == (Why.GAP, NOON + SECOND)
    assert rules.not_before(Trust.SETTLED, just_now, NOON) is None
    assert rules.not_before(Trust.NEW, Pace(own=[NOON - rules.GAP]), NOON) is None


def test_new_accounts_share_the_limit_of_their_device_and_network() -> None:
    many = [NOON - timedelta(hours=1)] * rules.NETWORK_A_DAY
    assert rules.not_before(Trust.NEW, Pace(device=many[: rules.DEVICE_A_DAY]), NOON) == (
        Why.DEVICE,
        NOON + timedelta(hours=23),
    )
    assert rules.not_before(Trust.NEW, Pace(network=many[:-1]), NOON) is None
    assert rules.not_before(Trust.NEW, Pace(network=many), NOON) == (Why.NETWORK, NOON + timedelta(hours=23))
    assert rules.not_before(Trust.PROVEN, Pace(device=many, network=many), NOON) is None


moments = st.lists(st.integers(0, 3 * 86_400).map(lambda back: NOON - timedelta(seconds=back)), max_size=120)


@given(st.sampled_from([Trust.NEW, Trust.SETTLED, Trust.PROVEN]), moments, moments, moments)
def test_who_comes_back_when_told_is_let_in(
    trust: Trust, own: list[datetime], device: list[datetime], network: list[datetime]
) -> None:
    pace = Pace(own, device, network)
    early = rules.not_before(trust, pace, NOON)
    if early is not None:
        assert early[1] > NOON
        assert rules.not_before(trust, pace, early[1]) is None


@pytest.mark.parametrize(
    ("trust", "signs", "why"),
    [
        (Trust.NEW, Signs(), None),
        (Trust.NEW, Signs(links=True), Why.LINK),
        (Trust.SETTLED, Signs(links=True), None),
        (Trust.SETTLED, Signs(links=True, others_linked=1), None),
        (Trust.SETTLED, Signs(links=True, others_linked=2), Why.LINK),
        (Trust.SETTLED, Signs(links=True, own_linked=2), Why.LINK),
        (Trust.PROVEN, Signs(links=True, others_linked=9), None),
        (Trust.PROVEN, Signs(disguised=True), Why.DISGUISE),
        (Trust.NEW, Signs(others_near=1), None),
        (Trust.NEW, Signs(others_near=2), Why.COPY),
        (Trust.NEW, Signs(others_near=1, new_near=1), Why.COPY),
        (Trust.SETTLED, Signs(others_near=1, new_near=1), None),
        (Trust.PROVEN, Signs(others_same=True), Why.COPY),
        (Trust.PROVEN, Signs(own_likeness=0.8), Why.COPY),
        (Trust.PROVEN, Signs(own_likeness=0.79, own_near=1), None),
        (Trust.NEW, Signs(device_hour=rules.DEVICE_BURST), Why.BURST),
        (Trust.NEW, Signs(network_hour=rules.NETWORK_BURST), Why.BURST),
        (Trust.SETTLED, Signs(device_hour=99, network_hour=99), None),
    ],
)
def test_what_looks_like_spam_waits_where_all_else_is_published(
    trust: Trust, signs: Signs, why: Why | None
) -> None:
    assert rules.held_for(trust, Mode.AFTER, signs) == why


def test_the_mode_of_a_space_decides_about_the_rest() -> None:
    assert rules.held_for(Trust.PROVEN, Mode.BEFORE, Signs()) == Why.SPACE
    assert rules.held_for(Trust.PROVEN, Mode.NEWCOMERS, Signs()) is None
    assert rules.held_for(Trust.SETTLED, Mode.NEWCOMERS, Signs()) == Why.NEWCOMER
    assert rules.held_for(Trust.NEW, Mode.AFTER, Signs()) is None


worst = Signs(True, True, 1.0, 9, 9, 9, True, 9, 9, 99, 99)


@pytest.mark.parametrize("mode", list(Mode))
def test_the_city_halls_own_texts_never_wait(mode: Mode) -> None:
    assert rules.held_for(Trust.ENTRUSTED, mode, worst) is None
    assert rules.not_before(Trust.ENTRUSTED, Pace([NOON] * 500, [NOON] * 500, [NOON] * 500), NOON) is None


def test_votes_count_from_the_moment_an_account_is_a_day_old() -> None:
    assert rules.counts_from(Standing(NOON - timedelta(hours=3)), NOON) == NOON + timedelta(hours=21)
    assert rules.counts_from(Standing(NOON - timedelta(hours=24)), NOON) is None
    assert rules.counts_from(Standing(NOON, verified=True), NOON) is None
    assert rules.counts_from(Standing(NOON, approved=3), NOON) is None

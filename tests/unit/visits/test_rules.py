"""What counts as a visit, and as whose."""

from datetime import date

import pytest

from civic.visits import rules


@pytest.mark.parametrize(
    ("agent", "expected"),
    [
        ("Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 Chrome/120.0 Mobile Safari/537.36", False),
        ("Mozilla/5.0 (Macintosh; Intel Mac OS X 10.15; rv:120.0) Gecko/20100101 Firefox/120.0", False),
        ("Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)", True),
        ("curl/8.5.0", True),
        ("python-requests/2.31", True),
        ("Mozilla/5.0 (X11) HeadlessChrome/120", True),
        ("", True),
    ],
)
def test_programs_that_say_so_are_told_apart(agent: str, expected: bool) -> None:
    assert rules.is_robot(agent) is expected


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("/council/votes/3", "transparency"),
        ("/reports/2026", "transparency"),
        ("/activity", "transparency"),
        ("/satisfaction", "transparency"),
        ("/embed/delivery/3", None),
        ("/staff/deliveries", None),
        ("/nothing-of-ours", "other"),
    ],
)
def test_a_page_is_counted_with_its_service(path: str, expected: str | None) -> None:
    assert rules.service_of(path) == expected


@pytest.mark.parametrize(
    ("referer", "expected"),
    [
        ("", True),
        ("https://search.example/", True),
        ("https://search.example/agora", True),
        ("https://oras.ro/proposals/12", True),
        ("https://oras.ro", True),
        ("https://oras.ro/agora/5?page=2", False),
    ],
)
def test_a_visit_begins_outside_its_service(referer: str, expected: bool) -> None:
    assert rules.comes_from_elsewhere(referer, "oras.ro", "agora") is expected


@pytest.mark.parametrize(
    ("environ", "expected"),
    [
        ({"REQUEST_METHOD": "GET"}, True),
        ({"REQUEST_METHOD": "POST"}, False),
        ({"REQUEST_METHOD": "HEAD"}, False),
        ({"REQUEST_METHOD": "GET", "HTTP_HX_REQUEST": "true"}, False),
        ({"REQUEST_METHOD": "GET", "HTTP_HX_REQUEST": "true", "HTTP_HX_BOOSTED": "true"}, True),
        ({"REQUEST_METHOD": "GET", "HTTP_SEC_PURPOSE": "prefetch;prerender"}, False),
    ],
)
def test_parts_of_pages_and_pages_fetched_early_are_no_visits(
    environ: dict[str, str], expected: bool
) -> None:
    assert rules.is_page_asked(environ) is expected


def test_days_are_kept_for_two_years() -> None:
    assert rules.fold_before(date(2026, 11, 23)) == date(2024, 11, 1)


def test_every_service_keeps_a_number_of_its_own() -> None:
    assert set(rules.NUMBERS) == set(rules.ORDER)
    assert len(set(rules.NUMBERS.values())) == len(rules.NUMBERS)

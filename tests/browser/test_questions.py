"""A ballot of questions in a real browser: staff write it, a resident answers and casts, everybody reads the counts."""

from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest
from flask import Flask
from playwright.sync_api import expect

from civic import clock
from tests.browser.conftest import DESK, PHONE, Visitor
from tests.browser.road import send
from tests.factories import TEST_PASSWORD, make_account
from tests.integration.voting.questionskit import HOURS, STREET, WISHES, cast_answers, closed, make_ballot
from tests.integration.voting.votingkit import make_voters, opened, voter_account


@pytest.fixture
def town(real_app: Flask) -> Iterator[Flask]:
    """The application; the clock is put right afterwards."""
    yield real_app
    clock.travel(timedelta(0))


def signed_in(one: Visitor, email: str) -> Visitor:
    """Through the form, as anybody."""
    page = one.open("/sign-in")
    page.fill("#email", email)
    page.fill("#password", TEST_PASSWORD)
    send(page)
    return one


@pytest.mark.parametrize(
    ("size", "javascript"), [(PHONE, False), (DESK, True)], ids=["phone-without-script", "desk"]
)
def test_questions_are_answered_and_cast(
    town: Flask, visitor: Callable[..., Visitor], size: dict[str, int], javascript: bool
) -> None:
    with town.app_context():
        round_ = make_ballot(STREET, HOURS, WISHES)
        slug = round_.slug
        (voter,) = make_voters(1)
        email = voter_account(voter).email
        opened(round_)
    one = signed_in(visitor(size, javascript=javascript), email)
    page = one.open(f"/rounds/{slug}")
    page = one.open(f"/rounds/{slug}/vote")
    one.look("questions")
    page.locator("legend", has_text=STREET.text)
    page.get_by_role("radio", name="Da", exact=True).check()
    for name in WISHES.options:
        page.get_by_role("checkbox", name=name).check()
    send(page, "#check")
    one.look("questions-too-many")
    expect(page.locator("main")).to_contain_text("alege cel mult 2 răspunsuri")
    assert page.get_by_role("radio", name="Da", exact=True).is_checked(), "what was answered is still there"
    page.get_by_role("checkbox", name=WISHES.options[0]).uncheck()
    send(page, "#check")
    one.look("questions-review")
    expect(page.locator("main")).to_contain_text("buletinul tău lasă întrebarea goală")
    send(page, "#cast")
    one.look("questions-receipt")
    expect(page.locator(".tracking-code")).to_be_visible()
    printing = page.locator("[data-print]")
    expect(printing).to_be_visible(visible=javascript)
    if javascript:
        page.evaluate("window.print = () => { window.printed = true }")
        printing.click()
        assert page.evaluate("window.printed")


def test_staff_write_a_question_without_a_script(town: Flask, visitor: Callable[..., Visitor]) -> None:
    with town.app_context():
        round_id = make_ballot(STREET, published=False).id
        email = make_account("staff").email
    one = signed_in(visitor(PHONE, javascript=False), email)
    page = one.open("/staff/rounds")
    navigation = page.locator(".staff__nav")
    folded = navigation.bounding_box()
    assert folded is not None
    assert folded["height"] < 60, "the page itself is on the first screen of a telephone"
    navigation.locator("summary").click()
    expect(navigation.get_by_role("link", name="Ediții")).to_be_visible()
    one.look("staff-navigation")
    page = one.open(f"/staff/rounds/{round_id}/questions/new")
    page.get_by_role("radio", name="mai multe variante, până la un număr").check()
    page.fill("#text", "Ce punem în parc?")
    page.fill("#options-0-text", "Bănci")
    send(page, "main button[name=save]")
    one.look("question-refused")
    expect(page.locator(".govuk-error-summary")).to_contain_text("între 2 și 12 variante")
    page.fill("#options-1-text", "Leagăne")
    page.fill("#max_choices", "2")
    send(page, "main button[name=add]")
    one.look("question-more-rows")
    send(page, "main button[name=save]")
    one.look("question-list")
    expect(page.locator("main")).to_contain_text("Ce punem în parc?")
    page.get_by_role("button", name="Mută mai sus: Ce punem în parc?").click()
    expect(page.locator("main .panel h2").first).to_contain_text("1. Ce punem în parc?")


@pytest.mark.parametrize("javascript", [False, True])
def test_the_counts_are_read_on_a_phone(
    town: Flask, visitor: Callable[..., Visitor], javascript: bool
) -> None:
    with town.app_context():
        many, few = make_ballot(STREET, WISHES), make_ballot(STREET, name="Puțini")
        cast_answers(town, many, *[["Q1-DA", "Q2-A", "Q2-B"]] * 6, *[["Q1-NU"]] * 6)
        cast_answers(town, few, *[["Q1-DA"]] * 3)
        slugs = [closed(one).slug for one in (many, few)]
    one = visitor(PHONE, javascript=javascript)
    page = one.open(f"/rounds/{slugs[0]}/results")
    one.look("questions-results")
    expect(page.locator("main")).to_contain_text("Egalitate: „Da”, „Nu” au primit câte 6 răspunsuri.")
    page = one.open(f"/rounds/{slugs[1]}/results")
    one.look("questions-withheld")
    expect(page.locator("main")).to_contain_text("mai puțin de 10 buletine")

"""What the script promises: focus is never lost, swaps are announced, refusals are heard, text is never lost."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Visitor
from tests.browser.front.conftest import posted


def focused(page: Page) -> str:
    """The element that has the focus, shortly."""
    return page.evaluate(
        "(() => { const one = document.activeElement; return one.tagName + (one.id ? '#' + one.id : '') + "
        "(one.className ? '.' + [...one.classList].join('.') : '') })()"
    )


def send(page: Page, text: str = "Bănci pe alee") -> None:
    """Fill in the wish and send it."""
    page.fill("#text", text)
    page.get_by_role("button", name="Trimite").click()


def test_a_refused_form_comes_back_with_its_text_and_the_focus_on_what_is_wrong(
    visitor: Callable[..., Visitor],
) -> None:
    one = visitor()
    page = one.open("/probe/wish/invalid")
    send(page)
    expect(page.locator(".govuk-error-summary")).to_be_focused()
    assert page.input_value("#text") == "Bănci pe alee"
    one.look()


@pytest.mark.parametrize(
    ("answer", "sentence"),
    [("refused", "Votul începe pe 1 martie 2027, ora 10:00."), ("broken", "Ceva nu a mers")],
)
def test_an_error_page_is_reduced_to_its_sentence(
    visitor: Callable[..., Visitor], answer: str, sentence: str
) -> None:
    one = visitor()
    page = one.open(f"/probe/wish/{answer}")
    send(page)
    notice = page.locator("#messages [data-failure]")
    expect(notice).to_contain_text(sentence)
    expect(notice).to_be_focused()
    assert page.input_value("#text") == "Bănci pe alee"
    assert page.locator("h1").count() == 1
    expect(page.locator("#announcer")).to_contain_text(sentence)


def test_a_refusal_in_a_fragment_takes_the_place_of_the_answer(visitor: Callable[..., Visitor]) -> None:
    page = visitor().open("/probe/wish/conflict")
    send(page)
    expect(page.locator("#wish")).to_have_text("Între timp s-a schimbat.")


def test_a_lost_connection_leaves_the_text(visitor: Callable[..., Visitor]) -> None:
    one = visitor()
    page = one.open("/probe/wish/invalid")
    page.route("**/probe/invalid", lambda route: route.abort())
    send(page)
    expect(page.locator("#messages")).to_contain_text("Nu am putut ajunge la server")
    assert page.input_value("#text") == "Bănci pe alee"


def test_the_focus_stays_on_the_button_that_was_swapped_and_the_change_is_said(
    visitor: Callable[..., Visitor],
) -> None:
    one = visitor()
    page = one.open("/probe/follow")
    button = page.get_by_role("button", name="Urmărește")
    button.focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("button", name="Nu mai urmări")).to_be_focused()
    expect(page.locator("#announcer")).to_have_text("Urmărești propunerea.")
    one.look()


def test_what_cannot_be_undone_asks_first(visitor: Callable[..., Visitor]) -> None:
    one = visitor()
    page = one.open("/probe/grave")
    page.get_by_role("button", name="Retrage").click()
    dialog = page.get_by_role("dialog", name="Retragi propunerea?")
    expect(dialog.get_by_role("button", name="Nu, înapoi")).to_be_focused()
    one.look("confirm")
    page.keyboard.press("Escape")
    expect(dialog).to_have_count(0)
    assert not posted
    assert "Retrage" in page.evaluate("document.activeElement.textContent")
    page.get_by_role("button", name="Retrage").click()
    page.get_by_role("button", name="Da, continuă").click()
    page.wait_for_url("**/probe/follow")
    assert posted == {"/probe/grave": 1}


def test_what_lacks_something_comes_back_before_anything_is_asked(visitor: Callable[..., Visitor]) -> None:
    one = visitor()
    page = one.open("/probe/needed")
    decide = page.get_by_role("button", name="Hotărăște")
    for fill in (lambda: None, lambda: page.get_by_label("Da", exact=True).check()):
        fill()
        with page.expect_navigation():
            decide.click()
        expect(page.locator(".govuk-error-summary")).to_contain_text("Scrie motivarea.")
    page.get_by_label("Motivarea").fill("Așa este.")
    decide.click()
    page.get_by_role("button", name="Da, continuă").click()
    page.wait_for_url("**/probe/follow")
    assert posted == {"/probe/needed": 3}


def test_a_second_press_sends_nothing(visitor: Callable[..., Visitor]) -> None:
    page = visitor().open("/probe/guarded")
    page.evaluate(
        "(() => { const form = document.querySelector('main form'); form.requestSubmit(); form.requestSubmit() })()"
    )
    page.wait_for_url("**/probe/follow")
    assert posted == {"/probe/grave": 1}


def test_leaving_with_unsent_text_is_asked_about_and_sending_it_is_not(
    visitor: Callable[..., Visitor],
) -> None:
    page = visitor().open("/probe/guarded")
    asked: list[str] = []
    page.on("dialog", lambda dialog: (asked.append(dialog.type), dialog.dismiss()))
    page.locator("#text").press_sequentially("abc")
    page.get_by_role("link", name="Mai departe").click()
    page.wait_for_timeout(300)
    assert asked == ["beforeunload"]
    assert page.url.endswith("/probe/guarded")
    page.get_by_role("button", name="Trimite").click()
    page.wait_for_url("**/probe/follow")
    assert asked == ["beforeunload"]


def test_a_list_narrows_as_one_types_and_the_address_keeps_it(visitor: Callable[..., Visitor]) -> None:
    one = visitor()
    page = one.open("/probe/list")
    page.get_by_label("Caută").press_sequentially("te")
    expect(page.locator("#list li")).to_have_text(["Tei"])
    expect(page.locator("#announcer")).to_have_text("1 rezultat")
    expect(page).to_have_url(f"{one.site}/probe/list?q=te")
    assert focused(page).startswith("INPUT#filter-q")
    page.go_back()
    expect(page.locator("#list li")).to_have_count(3)
    one.look()


def test_without_javascript_the_list_narrows_by_its_button(visitor: Callable[..., Visitor]) -> None:
    page = visitor(javascript=False).open("/probe/list")
    page.get_by_label("Caută").fill("obor")
    page.get_by_role("button", name="Arată").click()
    assert page.locator("#list li").all_inner_texts() == ["Obor"]


def test_choosing_all_chooses_all_and_says_how_many(visitor: Callable[..., Visitor]) -> None:
    one = visitor()
    page = one.open("/probe/queue")
    page.get_by_label("Alege tot ce este pe pagină").check()
    assert page.locator("[data-queue-row]:checked").count() == 3
    expect(page.locator("[data-queue-count]")).to_have_text("Alese: 3")
    page.get_by_label("Alege: Rândul 2").uncheck()
    assert page.evaluate("document.querySelector('[data-queue-all]').indeterminate")
    expect(page.locator("[data-queue-count]")).to_have_text("Alese: 2")
    one.look()


def test_a_refused_button_can_be_reached_and_does_nothing(visitor: Callable[..., Visitor]) -> None:
    page = visitor().open("/design")
    button = page.get_by_role("button", name="Votează", exact=True)
    button.focus()
    expect(button).to_be_focused()
    expect(button).to_have_accessible_description("Votul începe pe 1 martie 2027, ora 10:00.")
    page.keyboard.press("Enter")
    assert page.url.endswith("/design")

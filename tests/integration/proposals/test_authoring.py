"""From an empty page to a published proposal, and everything that may go wrong on the way."""

import io
import re
from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from PIL import Image
from sqlalchemy import func, select

from civic.accounts.models import Account
from civic.audit import AuditRecord
from civic.extensions import db
from civic.moderation.models import ModerationCase
from civic.outbox import OutboxMessage
from proposals.models import Proposal
from proposals.rules import MAX_TITLE, State
from tests.factories import make_account, make_category, make_neighbourhood, make_resident
from tests.integration.proposals.makers import COMPLETE, make_proposal
from tests.pageclient import PageClient


def count_proposals() -> int:
    return db.session.scalar(select(func.count(Proposal.id))) or 0


def begin(client: PageClient, account: Account) -> int:
    """Sign in, press the button; the new draft's id."""
    client.sign_in(account)
    answer = client.post("proposals.start")
    found = re.search(r"/proposals/(\d+)/edit", answer.headers["Location"])
    assert found
    return int(found.group(1))


@pytest.fixture
def complete(app: Flask) -> dict[str, Any]:
    """Everything the form needs."""
    return {
        **COMPLETE,
        "neighbourhood": str(make_neighbourhood("Colentina").id),
        "category": str(make_category("Spații verzi").id),
    }


def picture() -> tuple[io.BytesIO, str]:
    data = io.BytesIO()
    Image.new("RGB", (40, 30), "green").save(data, "PNG")
    data.seek(0)
    return data, "parc.png"


# --- refusals ----------------------------------------------------------------------------------------------


def test_a_visitor_is_invited_to_sign_in_and_comes_back(client: PageClient) -> None:
    page = client.get("proposals.new")
    assert "Intră în cont" in page.main_text
    assert client.post("proposals.start").headers["Location"].startswith("/")
    assert count_proposals() == 0


def test_an_unconfirmed_address_is_refused_with_the_reason(client: PageClient) -> None:
    client.sign_in(make_account(confirmed=False))
    assert "Confirmă mai întâi adresa de e-mail" in client.get("proposals.new").main_text
    page = client.post("proposals.start", expect=403)
    assert "Confirmă mai întâi adresa de e-mail" in page.main_text
    assert count_proposals() == 0


@pytest.mark.parametrize("endpoint", ["proposals.edit", "proposals.show"])
def test_a_draft_is_its_authors_alone(client: PageClient, endpoint: str) -> None:
    draft = make_proposal(State.DRAFT)
    for role in ("moderator", "staff", "auditor", "administrator"):
        client.sign_in(make_account(role))
        client.get(endpoint, proposal_id=draft.id, expect=404)
    client.sign_out()
    client.get("proposals.show", proposal_id=draft.id, expect=404)


@pytest.mark.parametrize("endpoint", ["save", "autosave", "discard", "withdraw", "join"])
def test_nobody_changes_anothers_draft(client: PageClient, complete: dict[str, Any], endpoint: str) -> None:
    draft = make_proposal(State.DRAFT, title="Neatins")
    client.sign_in(make_account())
    client.post(f"proposals.{endpoint}", {**complete, "action": "submit"}, proposal_id=draft.id, expect=404)
    assert db.session.get(Proposal, draft.id).title == "Neatins"


def test_an_incomplete_proposal_comes_back_with_its_text_and_files(client: PageClient) -> None:
    draft = begin(client, make_resident())
    page = client.post(
        "proposals.save",
        {"title": "", "idea": "O idee scrisă", "cost": "mult", "images": picture(), "action": "submit"},
        proposal_id=draft,
        expect=422,
    )
    assert "Dă-i propunerii un titlu." in page.main_text
    assert "Alege cartierul." in page.main_text
    assert "Nu am putut citi suma" in page.main_text
    assert "O idee scrisă" in page.html
    assert "parc.jpg" in page.main_text
    again = client.get("proposals.edit", proposal_id=draft)
    assert "O idee scrisă" in again.html
    assert "parc.jpg" in again.main_text
    assert 'value="mult"' in again.html


def test_what_is_too_long_is_said_and_kept(client: PageClient, complete: dict[str, Any]) -> None:
    draft = begin(client, make_resident())
    long = "a" * (MAX_TITLE + 1)
    page = client.post(
        "proposals.save", {**complete, "title": long, "action": "submit"}, proposal_id=draft, expect=422
    )
    assert "Titlul poate avea cel mult 120 de caractere." in page.main_text
    assert long in page.html
    assert db.session.get(Proposal, draft).state == State.DRAFT


def test_a_megabyte_of_text_is_refused_with_the_text_given_back(client: PageClient) -> None:
    draft = begin(client, make_resident())
    page = client.post(
        "proposals.save", {"title": "Lung", "idea": "ab " * 350_000}, proposal_id=draft, expect=422
    )
    assert "prea lung ca să fie salvat" in page.main_text
    assert page.html.count("ab ab ab") > 1000


def test_a_file_that_is_no_picture_is_refused_and_the_text_stays(
    client: PageClient, complete: dict[str, Any]
) -> None:
    draft = begin(client, make_resident())
    fake = (io.BytesIO(b"<script>alert(1)</script>"), "poza.png")
    page = client.post(
        "proposals.save", {**complete, "images": fake, "action": "submit"}, proposal_id=draft, expect=422
    )
    assert "poza.png" in page.main_text
    kept = db.session.get(Proposal, draft)
    assert kept.title == COMPLETE["title"]
    assert kept.state == State.DRAFT


def test_a_sixth_picture_is_refused(client: PageClient) -> None:
    draft = begin(client, make_resident())
    page = client.post(
        "proposals.save",
        {"title": "Poze", "images": [picture() for _ in range(6)]},
        proposal_id=draft,
        expect=422,
    )
    assert "cel mult 5 imagini" in page.main_text
    assert len(db.session.get(Proposal, draft).files) == 5


def test_a_new_account_has_a_daily_limit_and_keeps_its_draft(
    client: PageClient, complete: dict[str, Any]
) -> None:
    author = make_account()
    for _ in range(2):
        draft = begin(client, author)
        client.post("proposals.save", {**complete, "action": "submit"}, proposal_id=draft)
    draft = begin(client, author)
    page = client.post("proposals.save", {**complete, "action": "submit"}, proposal_id=draft, expect=403)
    assert "Ai depus 2 propuneri astăzi" in page.main_text
    kept = db.session.get(Proposal, draft)
    assert (kept.state, kept.title) == (State.DRAFT, COMPLETE["title"])


def test_a_submitted_text_no_longer_changes(client: PageClient, complete: dict[str, Any]) -> None:
    author = make_account()
    sent = make_proposal(State.SUBMITTED, author, title="Trimisă")
    client.sign_in(author)
    client.post("proposals.save", {**complete, "action": "save"}, proposal_id=sent.id)
    client.post("proposals.discard", proposal_id=sent.id, expect=409)
    assert db.session.get(Proposal, sent.id).title == "Trimisă"


# --- lost updates and double presses ---------------------------------------------------------------------


def test_another_windows_save_is_not_overwritten_unseen(client: PageClient) -> None:
    draft = begin(client, make_resident())
    first = client.get("proposals.edit", proposal_id=draft).form("/edit")
    second = client.get("proposals.edit", proposal_id=draft).form("/edit")
    client.post("proposals.save", {**first, "title": "Din prima fereastră"}, proposal_id=draft)
    page = client.post("proposals.save", {**second, "title": "Din a doua"}, proposal_id=draft, expect=409)
    assert "modificată și în altă fereastră" in page.main_text
    assert "Din prima fereastră" in page.main_text
    assert page.form("/edit")["title"] == "Din a doua"
    assert db.session.get(Proposal, draft).title == "Din prima fereastră"
    client.post("proposals.save", page.form("/edit"), proposal_id=draft)
    assert db.session.get(Proposal, draft).title == "Din a doua"


def test_autosave_and_the_buttons_of_one_window_never_conflict(client: PageClient) -> None:
    draft = begin(client, make_resident())
    form = client.get("proposals.edit", proposal_id=draft).form("/edit")
    for title in ("U", "Un", "Un titlu"):
        line = client.post(
            "proposals.autosave", {**form, "title": title}, proposal_id=draft, hx=True, expect=200
        )
        assert "Ciornă salvată la" in line.text_of("#draft-status")
    client.post("proposals.save", {**form, "title": "Un titlu întreg"}, proposal_id=draft)
    assert db.session.get(Proposal, draft).title == "Un titlu întreg"


def test_autosave_says_when_it_could_not_save(client: PageClient) -> None:
    draft = begin(client, make_resident())
    line = client.post(
        "proposals.autosave", {"title": "x", "idea": "a" * 60_000}, proposal_id=draft, hx=True, expect=200
    )
    assert "prea lung" in line.text_of("#draft-status")
    assert db.session.get(Proposal, draft).title == ""


def test_sending_twice_makes_one_proposal(client: PageClient, complete: dict[str, Any]) -> None:
    draft = begin(client, make_resident())
    for _ in range(2):
        client.post("proposals.save", {**complete, "action": "submit"}, proposal_id=draft)
    assert count_proposals() == 1
    sent = db.session.scalars(select(AuditRecord).where(AuditRecord.event == "proposal.submitted")).all()
    assert len(sent) == 1


def test_pressing_begin_twice_makes_one_draft(client: PageClient) -> None:
    author = make_resident()
    assert begin(client, author) == begin(client, author)
    assert count_proposals() == 1


# --- the road ----------------------------------------------------------------------------------------------


def test_what_the_citys_staff_enter_is_published_at_once(
    client: PageClient, complete: dict[str, Any]
) -> None:
    draft = begin(client, make_account("staff"))
    answer = client.post(
        "proposals.save", {**complete, "images": picture(), "action": "submit"}, proposal_id=draft
    )
    page = client.follow(answer)
    assert page.text_of("h1") == COMPLETE["title"]
    assert "Trimisă și publicată" in page.main_text
    assert "12.500" in page.main_text
    proposal = db.session.get(Proposal, draft)
    assert (proposal.state, str(proposal.estimated_cost)) == (State.PUBLISHED, "12500.00")
    assert proposal.files[0].file.public
    client.sign_out()
    assert "Zece bănci cu spătar" in client.get("proposals.show", proposal_id=draft).main_text


@pytest.mark.parametrize("make_author", [make_account, make_resident])
def test_a_residents_proposal_waits_for_a_moderator_and_says_so(
    client: PageClient, complete: dict[str, Any], make_author: Callable[[], Account]
) -> None:
    draft = begin(client, make_author())
    page = client.follow(
        client.post(
            "proposals.save", {**complete, "images": picture(), "action": "submit"}, proposal_id=draft
        )
    )
    assert "Un moderator o citește" in page.main_text
    proposal = db.session.get(Proposal, draft)
    assert proposal.state == State.SUBMITTED
    assert not proposal.files[0].file.public
    assert db.session.scalar(select(ModerationCase.why)) == "new"
    client.sign_out()
    client.get("proposals.show", proposal_id=draft, expect=404)


def test_a_copied_text_waits_even_from_a_verified_resident(
    client: PageClient, complete: dict[str, Any]
) -> None:
    for account in (make_resident(), make_resident()):
        draft = begin(client, account)
        client.post("proposals.save", {**complete, "action": "submit"}, proposal_id=draft)
    assert db.session.get(Proposal, draft).state == State.SUBMITTED


def test_strange_characters_are_cleaned_and_markup_is_text(
    client: PageClient, complete: dict[str, Any]
) -> None:
    draft = begin(client, make_resident())
    strange = {
        **complete,
        "title": "<script>alert(1)</script>\u202eevil\x00 Şcoala",
        "idea": "<img src=x onerror=alert(1)>\n\nhttps://exemplu.ro",
        "action": "submit",
    }
    page = client.follow(client.post("proposals.save", strange, proposal_id=draft))
    assert page.text_of("h1") == "<script>alert(1)</script>evil Școala"
    assert "<img src=x" not in page.html
    assert 'rel="nofollow ugc noopener"' in page.html


def test_a_file_can_be_taken_off_without_script(client: PageClient) -> None:
    draft = begin(client, make_resident())
    client.post("proposals.save", {"title": "Cu poză", "images": picture()}, proposal_id=draft)
    file_id = db.session.get(Proposal, draft).files[0].file_id
    client.post("proposals.save", {"title": "Cu poză", "remove": str(file_id)}, proposal_id=draft)
    assert db.session.get(Proposal, draft).files == []


def test_a_draft_is_deleted_for_good(client: PageClient) -> None:
    draft = begin(client, make_resident())
    page = client.get("proposals.edit", proposal_id=draft)
    assert [link.get("href") for link in page.all("a") if link.get("href", "").endswith("/discard")]
    page = client.get("proposals.ask_discard", proposal_id=draft)
    assert "nu mai poate fi adusă înapoi" in page.main_text
    assert count_proposals() == 1, "the page only asks"
    client.submit(page, "/discard")
    assert count_proposals() == 0


@pytest.mark.parametrize("language", ["ro", "en"])
def test_the_page_that_asks_names_the_draft_to_its_author_alone(client: PageClient, language: str) -> None:
    author = make_resident()
    draft, sent = make_proposal(State.DRAFT, author=author, title="Banca"), make_proposal(author=author)
    client.sign_in(author)
    client.speak(language)
    assert "Banca" in client.get("proposals.ask_discard", proposal_id=draft.id).main_text
    client.get("proposals.ask_discard", proposal_id=sent.id, expect=409)
    client.sign_in(make_resident())
    client.get("proposals.ask_discard", proposal_id=draft.id, expect=404)


def test_withdrawing_says_so_on_the_page_and_leaves_the_list(client: PageClient) -> None:
    author = make_resident()
    proposal = make_proposal(author=author, title="Retrasă de mine")
    client.sign_in(author)
    client.post("proposals.withdraw", proposal_id=proposal.id)
    client.sign_out()
    assert "Autorul a retras propunerea" in client.get("proposals.show", proposal_id=proposal.id).main_text
    assert "Retrasă de mine" not in client.get("proposals.index").main_text
    assert db.session.scalar(select(func.count(OutboxMessage.id))) == 0


@pytest.mark.parametrize("language", ["ro", "en"])
def test_every_page_of_an_author_speaks_one_language(client: PageClient, language: str) -> None:
    author = make_resident()
    draft = begin(client, author)
    client.speak(language)
    client.get("proposals.new")
    client.get("proposals.edit", proposal_id=draft)
    client.get("proposals.mine")
    client.post("proposals.save", {"action": "submit"}, proposal_id=draft, expect=422)
    client.get("proposals.show", proposal_id=make_proposal(author=author).id)

"""The conversation under a proposal."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import func, insert, select
from sqlalchemy.exc import IntegrityError

from civic import clock
from civic.accounts.models import Account
from civic.extensions import db
from proposals.comments.models import Comment
from proposals.models import Proposal
from proposals.rules import State
from tests.factories import NOON, make_account, make_resident, save
from tests.integration.proposals.makers import make_proposal
from tests.pageclient import PageClient


def make_comment(proposal: Proposal, author: Account | None = None, **values: Any) -> Comment:
    parent = values.pop("parent", None)
    defaults = {
        "proposal_id": proposal.id,
        "author_id": (author or make_account()).id,
        "body": "Bună idee.",
        "state": "visible",
        "created_at": NOON,
        "parent_id": parent.id if parent else None,
        "depth": 1 if parent else 0,
        "parent_depth": 0 if parent else None,
    }
    return save(Comment(**{**defaults, **values}))


def make_reply(proposal: Proposal, parent_id: int) -> None:
    with db.session.begin_nested():
        db.session.execute(
            insert(Comment).values(
                proposal_id=proposal.id,
                parent_id=parent_id,
                depth=1,
                parent_depth=0,
                body="x",
                state="visible",
                created_at=NOON,
            )
        )


def count_comments() -> int:
    return db.session.scalar(select(func.count(Comment.id))) or 0


def send(client: PageClient, proposal: Proposal, body: str, expect: int = 303, **fields: str) -> Any:
    return client.post("comments.add", {"body": body, **fields}, proposal_id=proposal.id, expect=expect)


def test_a_visitor_is_asked_to_sign_in(client: PageClient) -> None:
    proposal = make_proposal()
    assert "Intră în cont ca să comentezi." in client.get("proposals.show", proposal_id=proposal.id).main_text
    send(client, proposal, "Salut")
    assert count_comments() == 0


def test_an_unconfirmed_address_is_refused_with_the_reason(client: PageClient) -> None:
    client.sign_in(make_account(confirmed=False))
    page = send(client, make_proposal(), "Salut", 403)
    assert "Confirmă mai întâi adresa de e-mail" in page.main_text


@pytest.mark.parametrize("state", [State.SUBMITTED, State.HIDDEN, State.DRAFT])
def test_what_cannot_be_seen_cannot_be_commented(client: PageClient, state: State) -> None:
    client.sign_in(make_resident())
    send(client, make_proposal(state), "Salut", 404)


def test_a_withdrawn_proposal_takes_no_comments(client: PageClient) -> None:
    client.sign_in(make_resident())
    send(client, make_proposal(State.WITHDRAWN), "Salut", 403)


@pytest.mark.parametrize(
    ("body", "sentence"), [(" \x00 ", "Scrie mai întâi ceva."), ("a" * 3001, "cel mult 3.000")]
)
def test_a_refused_comment_comes_back_with_its_text(client: PageClient, body: str, sentence: str) -> None:
    client.sign_in(make_resident())
    page = send(client, make_proposal(), body, 422)
    assert sentence in page.main_text
    assert body.strip("\x00 ") in page.html
    assert count_comments() == 0


def test_a_reply_to_another_proposals_comment_is_refused(client: PageClient) -> None:
    elsewhere = make_comment(make_proposal())
    client.sign_in(make_resident())
    send(client, make_proposal(), "Salut", 404, parent=str(elsewhere.id))
    client.get("comments.reply", proposal_id=make_proposal().id, comment_id=elsewhere.id, expect=404)


def test_the_database_refuses_a_reply_to_a_reply(client: PageClient) -> None:
    proposal = make_proposal()
    reply = make_comment(proposal, parent=make_comment(proposal))
    elsewhere = make_proposal()
    with pytest.raises(IntegrityError):
        make_reply(proposal, reply.id)
    with pytest.raises(IntegrityError):
        make_reply(elsewhere, reply.parent_id)


def test_a_new_accounts_comment_waits_and_its_author_sees_that(client: PageClient) -> None:
    proposal = make_proposal()
    client.sign_in(make_account())
    answer = send(client, proposal, "Cumpărați de la mine!")
    page = client.get("proposals.show", proposal_id=proposal.id)
    assert answer.status == 303
    assert "Cumpărați de la mine!" in page.main_text
    assert "Așteaptă un moderator; îl vezi numai tu" in page.main_text
    client.sign_out()
    other = client.get("proposals.show", proposal_id=proposal.id)
    assert "Cumpărați de la mine!" not in other.html
    assert "0 comentarii" in other.main_text


def test_a_repeated_text_waits_whoever_sends_it(client: PageClient) -> None:
    text = "Același mesaj lung, trimis peste tot, despre un produs minunat."
    for _ in range(2):
        client.sign_in(make_resident())
        send(client, make_proposal(), text)
    assert sorted(db.session.scalars(select(Comment.state))) == ["held", "visible"]


def test_a_form_sent_twice_makes_one_comment(client: PageClient) -> None:
    proposal = make_proposal()
    client.sign_in(make_resident())
    form = client.get("proposals.show", proposal_id=proposal.id).form("/comments")
    for _ in range(2):
        client.post("comments.add", {**form, "body": "O dată"}, proposal_id=proposal.id)
    assert count_comments() == 1


def test_a_new_account_cannot_flood_and_keeps_what_it_typed(client: PageClient) -> None:
    proposal = make_proposal()
    client.sign_in(make_account(created_at=clock.now()))
    for number in range(5):
        clock.travel(timedelta(minutes=2 * number))
        send(client, proposal, f"Comentariul {number}")
    clock.travel(timedelta(minutes=10))
    page = send(client, proposal, "Încă unul", 429)
    assert "Poți să îl trimiți începând cu" in page.main_text
    assert page.text_of("#comment-body") == "Încă unul"
    assert count_comments() == 5


def test_answering_needs_no_script_and_joins_the_same_conversation(client: PageClient) -> None:
    proposal = make_proposal()
    first = make_comment(proposal)
    reply = make_comment(proposal, parent=first, body="Un răspuns")
    client.sign_in(make_resident())
    page = client.get("comments.reply", proposal_id=proposal.id, comment_id=reply.id)
    client.submit(page, "/comments", {"body": "Răspuns la răspuns"})
    answer = db.session.scalar(select(Comment).where(Comment.body == "Răspuns la răspuns"))
    assert (answer.parent_id, answer.depth) == (first.id, 1)


def test_a_hidden_comment_keeps_its_place_without_its_text(client: PageClient) -> None:
    proposal = make_proposal()
    make_comment(proposal, state="hidden", body="Ceva urât")
    page = client.get("proposals.show", proposal_id=proposal.id)
    assert "Ceva urât" not in page.html
    assert "Ascuns de un moderator" in page.main_text


def test_markup_in_a_comment_is_text(client: PageClient) -> None:
    proposal = make_proposal()
    make_comment(proposal, body='<b onclick="x()">gros</b>')
    assert "<b onclick" not in client.get("proposals.show", proposal_id=proposal.id).html


def test_three_hundred_comments_cost_no_more_than_three(client: PageClient, statements: list[str]) -> None:
    few, many, author = make_proposal(), make_proposal(), make_account()
    for proposal, count in ((few, 3), (many, 60)):
        for number in range(count):
            top = make_comment(proposal, author, created_at=NOON + timedelta(minutes=number))
            for _ in range(4 if proposal is many else 0):
                make_comment(proposal, author, parent=top)
    costs = []
    for proposal in (few, many):
        client.get("proposals.show", proposal_id=proposal.id)
        statements.clear()
        page = client.get("proposals.show", proposal_id=proposal.id)
        costs.append(len(statements))
    assert costs[0] == costs[1] <= 15, "\n".join(statements)
    assert page.html.count('id="comment-') - page.html.count('id="comment-body') >= 100
    assert "300 de comentarii" in page.main_text
    assert client.get("proposals.show", proposal_id=many.id, page=3).html.count('class="comment"') > 0


def test_a_new_comment_is_shown_on_its_page(client: PageClient) -> None:
    proposal = make_proposal()
    client.sign_in(make_resident())
    answer = send(client, proposal, "Aici sunt")
    assert "#comment-" in answer.headers["Location"]
    assert "Aici sunt" in client.get("proposals.show", proposal_id=proposal.id).main_text

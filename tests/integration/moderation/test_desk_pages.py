"""The pages of the moderators' desk in both languages, with what may go wrong on them."""

import pytest
from sqlalchemy import select

from civic.extensions import db
from civic.moderation.models import ModerationCase
from civic.moderation.rules import Why
from proposals.rules import State
from tests.factories import make_account
from tests.integration.moderation.test_moderation import decide, open_case, waiting_proposal
from tests.integration.proposals.makers import make_proposal
from tests.integration.proposals.test_comments import make_comment
from tests.pageclient import PageClient

LONG = ("Bănci " * 16).strip()


@pytest.mark.parametrize("language", ["ro", "en"])
def test_the_desk_speaks_one_language(client: PageClient, language: str) -> None:
    author = make_account(locale=language)
    client.speak(language)
    client.sign_in(make_account("moderator"))
    for _ in range(2):
        comment = make_comment(make_proposal(), author, state="held", body="Cumpără de la noi!")
        open_case("comment", comment.id)
    first, second = db.session.scalars(select(ModerationCase).order_by(ModerationCase.id)).all()
    client.post("moderation.claim", case_id=first.id)
    client.get("moderation.queue")
    client.get("moderation.queue", same=first.id)
    client.get("moderation.case", case_id=first.id)
    client.get("moderation.redact", case_id=first.id)
    client.post("moderation.send_redaction", {"part_body": "Nu la fel"}, case_id=first.id, expect=422)
    answer = client.post(
        "moderation.decide_many", {"ids": [str(first.id), str(second.id)], "bulk_action": "spam"}
    )
    page = client.follow(answer)
    batch = answer.headers["Location"].rsplit("/", 1)[1]
    client.post("moderation.undo_batch", {"reason": " "}, batch=batch, expect=422)
    client.post("moderation.undo", {"reason": " "}, case_id=first.id, expect=422)
    client.submit(page, "/together/", {"reason": "Nu."})
    client.get("moderation.batch", batch=batch)
    client.get("moderation.case", case_id=first.id)
    client.get("moderation.queue", state="decided")


def test_another_moderator_sees_who_holds_it_and_what_follows(client: PageClient) -> None:
    _proposal, case = waiting_proposal(title=LONG)
    client.sign_in(make_account("moderator", display_name="Mara"))
    client.post("moderation.claim", case_id=case.id)
    client.sign_in(make_account("moderator"))
    page = client.get("moderation.case", case_id=case.id)
    assert not page.all("textarea")
    assert "Ia următorul" in page.main_text
    assert "Mara are acest caz" in client.get("moderation.redact", case_id=case.id).main_text
    client.post("moderation.release", case_id=case.id, expect=409)


def test_who_oversees_reads_what_was_decided_together_and_finds_no_button(client: PageClient) -> None:
    _proposal, case = waiting_proposal()
    client.sign_in(make_account("moderator"))
    answer = client.post("moderation.decide_many", {"ids": [str(case.id)], "bulk_action": "spam"})
    batch = answer.headers["Location"].rsplit("/", 1)[1]
    for role in ("auditor", "staff"):
        client.sign_in(make_account(role))
        assert not client.get("moderation.batch", batch=batch).all("textarea")
        assert not client.get("moderation.case", case_id=case.id).all("textarea")
        client.get("moderation.redact", case_id=case.id, expect=403)
    client.get("moderation.batch", batch="nimic", expect=404)


def test_a_decided_case_has_no_page_to_take_data_out(client: PageClient) -> None:
    _proposal, case = waiting_proposal()
    client.sign_in(make_account("moderator"))
    decide(client, case, "publish")
    client.get("moderation.redact", case_id=case.id, expect=404)


def test_a_mark_that_makes_the_text_too_long_is_told(client: PageClient) -> None:
    comment = make_comment(make_proposal(), body="Ana " + "x" * 2995)
    case = open_case("comment", comment.id, Why.REPORTED)
    client.sign_in(make_account("moderator"))
    words = "[date personale eliminate]" + comment.body[3:]
    page = client.post("moderation.send_redaction", {"part_body": words}, case_id=case.id, expect=422)
    assert "mai lung decât are voie" in page.main_text
    assert page.form("/redact")["part_body"] == words


def test_a_case_costs_the_same_whatever_its_author_did(client: PageClient, statements: list[str]) -> None:
    author = make_account()
    client.sign_in(make_account("moderator"))
    counted = []
    for _ in range(2):
        for _each in range(4):
            _one, case = waiting_proposal(author)
            decide(client, case, "hide", reason="spam")
        _proposal, case = waiting_proposal(author)
        client.get("moderation.case", case_id=case.id)
        statements.clear()
        client.get("moderation.case", case_id=case.id)
        counted.append(len(statements))
    assert counted[0] == counted[1] <= 20, "\n".join(statements)


def test_a_published_proposal_sent_back_and_undone_is_public_again(client: PageClient) -> None:
    proposal = make_proposal(State.PUBLISHED)
    case = open_case("proposal", proposal.id, Why.REPORTED)
    client.sign_in(make_account("moderator"))
    decide(client, case, "request_changes", reason="unclear")
    client.post("moderation.undo", {"reason": "Era clară."}, case_id=case.id)
    client.sign_out()
    assert "Era clară." in client.get("proposals.show", proposal_id=proposal.id).main_text

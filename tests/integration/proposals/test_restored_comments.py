"""A hidden comment made public again: by whom, why, and where that is written."""

import pytest
from sqlalchemy import select

from civic import clock, timeline
from civic.audit import AuditRecord
from civic.extensions import db
from civic.moderation import service as moderation
from civic.moderation.rules import Why
from civic.outbox import OutboxMessage
from proposals.comments.models import Comment
from tests.factories import make_account, make_resident
from tests.integration.proposals.makers import make_proposal
from tests.integration.proposals.test_comments import make_comment
from tests.pageclient import PageClient

WHERE = "comments.restore_now"


def state_of(comment: Comment) -> str:
    return db.session.get(Comment, comment.id).state


@pytest.mark.parametrize("roles", [(), ("staff",), ("auditor",), ("clerk",), ("administrator",)])
def test_only_moderators_restore(client: PageClient, roles: tuple[str, ...]) -> None:
    proposal = make_proposal()
    hidden = make_comment(proposal, state="hidden", body="Ceva ascuns")
    client.sign_in(make_account(*roles) if roles else make_resident())
    client.get("comments.restore", proposal_id=proposal.id, comment_id=hidden.id, expect=403)
    client.post(WHERE, {"reason": "Vreau"}, proposal_id=proposal.id, comment_id=hidden.id, expect=403)
    page = client.get("proposals.show", proposal_id=proposal.id)
    assert "/restore" not in page.html
    assert state_of(hidden) == "hidden"


def test_nobody_restores_their_own_comment(client: PageClient) -> None:
    moderator, proposal = make_account("moderator"), make_proposal()
    hidden = make_comment(proposal, moderator, state="hidden")
    client.sign_in(moderator)
    page = client.get("comments.restore", proposal_id=proposal.id, comment_id=hidden.id)
    assert "decide alt moderator" in page.main_text
    assert not [form for form in page.all("form") if "/restore" in form.get("action", "")]
    client.post(WHERE, {"reason": "E bun"}, proposal_id=proposal.id, comment_id=hidden.id, expect=403)
    assert state_of(hidden) == "hidden"


@pytest.mark.parametrize("state", ["visible", "held"])
def test_only_a_hidden_comment_of_this_proposal_is_restored(client: PageClient, state: str) -> None:
    proposal, elsewhere = make_proposal(), make_proposal()
    other = make_comment(proposal, state=state)
    hidden = make_comment(elsewhere, state="hidden")
    client.sign_in(make_account("moderator"))
    for comment in (other, hidden):
        client.get("comments.restore", proposal_id=proposal.id, comment_id=comment.id, expect=404)
        client.post(WHERE, {"reason": "x"}, proposal_id=proposal.id, comment_id=comment.id, expect=404)
    assert (state_of(other), state_of(hidden)) == (state, "hidden")


@pytest.mark.parametrize("reason", ["", " \x00 "])
def test_restoring_needs_a_reason(client: PageClient, reason: str) -> None:
    proposal = make_proposal()
    hidden = make_comment(proposal, state="hidden", body="Ceva ascuns")
    client.sign_in(make_account("moderator"))
    page = client.post(WHERE, {"reason": reason}, proposal_id=proposal.id, comment_id=hidden.id, expect=422)
    assert "Scrie motivarea" in page.main_text
    assert "Ceva ascuns" in page.main_text
    assert state_of(hidden) == "hidden"


@pytest.mark.parametrize("language", ["ro", "en"])
def test_a_restored_comment_is_public_with_the_reason_in_the_history(
    client: PageClient, language: str
) -> None:
    author, proposal, moderator = make_account(), make_proposal(), make_account("moderator")
    comment = make_comment(proposal, author, body="O critică aspră")
    case = moderation.open_case("comment", comment.id, Why.REPORTED, clock.now())
    db.session.commit()
    client.speak(language)
    client.sign_in(moderator)
    hiding = {"decision": "hide", "reason": "personal_attack", "text": "Prea aspră."}
    client.post("moderation.decide", hiding, case_id=case.id)
    # Both ways lead there: the decided case, and the comment in its place.
    address = f"/proposals/{proposal.id}/comments/{comment.id}/restore"
    assert address in client.get("moderation.case", case_id=case.id).html
    assert address in client.get("proposals.show", proposal_id=proposal.id).html
    page = client.get(address)
    assert "O critică aspră" in page.main_text
    answer = client.submit(page, "/restore", {"reason": "Critica e permisă."})
    assert answer.headers["Location"].endswith(f"#comment-{comment.id}")
    client.sign_out()
    seen = client.get("proposals.show", proposal_id=proposal.id).main_text
    assert "O critică aspră" in seen
    assert "Critica e permisă." in seen
    last = timeline.list_events("proposal", proposal.id)[-1]
    assert (last.event, last.role, last.reason) == ("comment.restored", "moderator", "Critica e permisă.")
    row = db.session.scalar(select(AuditRecord).where(AuditRecord.event == "comment.restored"))
    assert (row.account_id, row.subject_id) == (moderator.id, comment.id)
    letter = db.session.scalars(select(OutboxMessage).order_by(OutboxMessage.id)).all()[-1]
    assert letter.subject == "Un text al tău este din nou public"
    assert "Critica e permisă." in letter.body
    client.sign_in(moderator)
    client.post(WHERE, {"reason": "Încă o dată"}, proposal_id=proposal.id, comment_id=comment.id, expect=404)

"""What stands where a hidden text was: its page says why and since when, and lists that led to it still do."""

from flask import Flask

from civic import clock, links
from civic.extensions import db
from civic.notifications import service as notifications
from proposals.rules import State
from tests.factories import make_account
from tests.integration.moderation.casekit import WHY, decide_about
from tests.integration.proposals.makers import make_proposal
from tests.pageclient import PageClient

SECRET = "Vecinul de la parter e un nătărău"


def test_a_hidden_proposal_says_why_and_since_when_and_comes_back_whole(
    app: Flask, client: PageClient
) -> None:
    moderator, now = make_account("moderator"), clock.now()
    proposal = make_proposal(title=SECRET)
    statement = decide_about("proposal", proposal.id, moderator, now=now)
    page = client.get("proposals.show", proposal_id=proposal.id, expect=410)
    assert "Un moderator a ascuns acest text" in page.main_text
    assert WHY in page.main_text
    assert "regula 4" in page.main_text
    assert "#rule-4" in page.html
    assert "Ascuns pe" in page.main_text
    assert "decide alt moderator" in page.main_text
    assert SECRET not in page.html
    client.sign_in(moderator)
    client.post("moderation.undo", {"reason": "Am greșit."}, case_id=statement.case_id, expect=303)
    client.sign_out()
    assert SECRET in client.get("proposals.show", proposal_id=proposal.id).main_text


def test_lists_that_led_to_a_hidden_proposal_lead_to_the_reason(app: Flask, client: PageClient) -> None:
    reader, now = make_account(), clock.now()
    first, then = make_proposal(title=SECRET), make_proposal(title="Bănci noi")
    links.connect("proposal", first.id, "proposal", then.id)
    with app.test_request_context():
        notifications.follow(reader.as_actor(), "proposal", first.id, now)
        db.session.commit()
    decide_about("proposal", first.id, make_account("moderator"), now=now)
    address = f"/proposals/{first.id}"
    chain = client.get("proposals.show", proposal_id=then.id)
    assert chain.html.count(f'href="{address}"') == 1
    assert "Ascunsă de un moderator" in chain.main_text
    client.sign_in(reader)
    followed = client.get("notifications.index")
    assert f'href="{address}"' in followed.html
    assert SECRET not in chain.html + followed.html


def test_what_is_hidden_is_offered_by_no_search_of_subjects(app: Flask) -> None:
    hidden = make_proposal(State.HIDDEN)
    with app.test_request_context():
        assert links.find_link("proposal", hidden.id) is None
        assert links.find_by_address(f"/proposals/{hidden.id}") is None

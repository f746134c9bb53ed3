"""The moderators' queue: who sees it, what may be decided, what the author is told."""

from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from civic import clock, timeline
from civic.accounts.models import Account
from civic.audit import AuditRecord
from civic.extensions import db
from civic.moderation import labels, service
from civic.moderation.models import ContentReport, ModerationCase, Redirection
from civic.moderation.rules import REPORTS_A_DAY, Why
from civic.outbox import OutboxMessage
from proposals.comments.models import Comment
from proposals.models import Proposal
from proposals.rules import State
from tests.factories import make_account, make_department, make_resident
from tests.integration.proposals.makers import make_proposal
from tests.integration.proposals.test_comments import make_comment
from tests.pageclient import PageClient


def open_case(kind: str, subject_id: int, why: Why = Why.NEW) -> ModerationCase:
    case = service.open_case(kind, subject_id, why, clock.now())
    db.session.commit()
    return case


def waiting_proposal(author: Account | None = None, **values: Any) -> tuple[Proposal, ModerationCase]:
    proposal = make_proposal(State.SUBMITTED, author, **values)
    return proposal, open_case("proposal", proposal.id)


def state_of(proposal: Proposal) -> str:
    return db.session.get(Proposal, proposal.id).state


def decide(client: PageClient, case: ModerationCase, decision: str, expect: int = 303, **fields: str) -> Any:
    return client.post(
        "moderation.decide",
        {"decision": decision, "reason": "other", **fields},
        case_id=case.id,
        expect=expect,
    )


# --- refusals ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("roles", [(), ("clerk",), ("staff",), ("auditor",), ("administrator",)])
def test_only_moderators_decide(client: PageClient, roles: tuple[str, ...]) -> None:
    proposal, case = waiting_proposal()
    client.sign_in(make_account(*roles))
    decide(client, case, "publish", 403)
    client.post("moderation.decide_many", {"ids": str(case.id)}, expect=403)
    assert state_of(proposal) == State.SUBMITTED


@pytest.mark.parametrize("role", ["auditor", "staff", "administrator"])
def test_who_oversees_reads_and_finds_no_button(client: PageClient, role: str) -> None:
    _proposal, case = waiting_proposal()
    client.sign_in(make_account(role))
    assert "Bănci în parc" in client.get("moderation.queue").main_text
    page = client.get("moderation.case", case_id=case.id)
    assert "Aici decid doar moderatorii" in page.main_text
    assert not [form for form in page.all("form") if "/staff/moderation" in form.get("action", "")]


def test_residents_do_not_see_the_queue(client: PageClient) -> None:
    client.get("moderation.queue", expect=303)
    client.sign_in(make_resident())
    client.get("moderation.queue", expect=403)


def test_nobody_decides_about_their_own_text(client: PageClient) -> None:
    moderator = make_account("moderator")
    proposal, case = waiting_proposal(moderator)
    client.sign_in(moderator)
    assert "decide alt moderator" in client.get("moderation.case", case_id=case.id).main_text
    assert "decide alt moderator" in decide(client, case, "publish", 403).main_text
    page = client.follow(client.post("moderation.decide_many", {"ids": str(case.id)}))
    assert "decide alt moderator" in page.main_text
    assert state_of(proposal) == State.SUBMITTED


@pytest.mark.parametrize("decision", ["hide", "request_changes", "redirect"])
def test_a_refusal_without_reason_is_refused(client: PageClient, decision: str) -> None:
    proposal, case = waiting_proposal()
    client.sign_in(make_account("moderator"))
    page = decide(client, case, decision, 422)
    assert "Scrie motivarea" in page.main_text
    assert state_of(proposal) == State.SUBMITTED


def test_redirecting_needs_a_department_and_a_number(client: PageClient) -> None:
    proposal, case = waiting_proposal()
    client.sign_in(make_account("moderator"))
    text = "O groapă se repară, nu se votează."
    assert "Alege direcția" in decide(client, case, "redirect", 422, text=text).main_text
    page = decide(client, case, "redirect", 422, text=text, department=str(make_department().id))
    assert "Scrie numărul de înregistrare" in page.main_text
    assert text in page.html
    assert state_of(proposal) == State.SUBMITTED


def test_a_case_is_decided_once(client: PageClient) -> None:
    proposal, case = waiting_proposal()
    client.sign_in(make_account("moderator"))
    decide(client, case, "publish")
    page = decide(client, case, "hide", 409, text="Prea târziu")
    assert "Alt moderator a decis deja" in page.main_text
    assert state_of(proposal) == State.PUBLISHED


def test_a_comment_is_neither_redirected_nor_returned(client: PageClient) -> None:
    comment = make_comment(make_proposal(), state="held")
    case = open_case("comment", comment.id)
    client.sign_in(make_account("moderator"))
    decide(client, case, "redirect", 422, text="x")
    decide(client, case, "dismiss", 422, text="x")
    assert db.session.get(Comment, comment.id).state == "held"


# --- decisions -----------------------------------------------------------------------------------------------


def test_publishing_makes_it_public_and_tells_the_author(client: PageClient) -> None:
    proposal, case = waiting_proposal()
    client.sign_in(make_account("moderator"))
    decide(client, case, "publish")
    client.sign_out()
    page = client.get("proposals.show", proposal_id=proposal.id)
    assert "Propunerea a fost publicată" in page.main_text
    letter = db.session.scalar(select(OutboxMessage))
    assert "Propunerea a fost publicată" in letter.subject
    assert f"/proposals/{proposal.id}" in letter.body


def test_asking_for_changes_sends_it_back_with_the_reason(client: PageClient) -> None:
    author = make_account()
    proposal, case = waiting_proposal(author)
    client.sign_in(make_account("moderator"))
    decide(client, case, "request_changes", reason="personal_data", text="Scoate numărul de telefon.")
    reason = (
        "Textul arată datele personale ale cuiva (regula 2 din Regulile casei). Scoate numărul de telefon."
    )
    assert reason in db.session.scalar(select(OutboxMessage.body))
    client.sign_in(author)
    page = client.get("proposals.show", proposal_id=proposal.id)
    assert reason in page.main_text
    form = client.get("proposals.edit", proposal_id=proposal.id).form("/edit")
    client.post("proposals.save", {**form, "idea": "Corectat", "action": "submit"}, proposal_id=proposal.id)
    assert state_of(proposal) == State.SUBMITTED
    again = db.session.scalar(select(ModerationCase).where(ModerationCase.decided_at.is_(None)))
    assert again.id != case.id


def test_redirecting_tells_where_and_under_which_number(client: PageClient) -> None:
    author, department = make_account(), make_department("Direcția Drumuri")
    proposal, case = waiting_proposal(author)
    client.sign_in(make_account("moderator"))
    decide(
        client,
        case,
        "redirect",
        text="Se repară fără vot.",
        department=str(department.id),
        registration_number="DR-1234",
    )
    letter = db.session.scalar(select(OutboxMessage.body))
    assert "Trimis la Direcția Drumuri cu numărul DR-1234. Se repară fără vot." in letter
    assert db.session.scalar(select(Redirection.registration_number)) == "DR-1234"
    client.sign_in(author)
    page = client.get("proposals.show", proposal_id=proposal.id)
    assert "Trimisă la Direcția Drumuri, număr de înregistrare DR-1234." in page.main_text


def test_a_hidden_proposal_is_known_to_its_author_with_the_reason(client: PageClient) -> None:
    author = make_account()
    proposal, case = waiting_proposal(author)
    client.sign_in(make_account("moderator"))
    decide(client, case, "hide", reason="personal_attack", text="Insulte la adresa vecinilor.")
    client.sign_out()
    client.get("proposals.show", proposal_id=proposal.id, expect=404)
    client.sign_in(author)
    page = client.get("proposals.show", proposal_id=proposal.id)
    assert "(regula 4 din Regulile casei). Insulte la adresa vecinilor." in page.main_text
    assert "dacă nu ești de acord" in page.main_text


def test_a_mistake_is_undone_with_a_reason_by_somebody_else(client: PageClient) -> None:
    author = make_account("moderator")
    hidden = make_proposal(State.HIDDEN, author)
    client.sign_in(author)
    page = client.post("proposals.restore", {"reason": "E bună"}, proposal_id=hidden.id, expect=403)
    assert "decide alt moderator" in page.main_text
    client.sign_in(make_account("moderator"))
    page = client.get("proposals.show", proposal_id=hidden.id)
    assert "Scrie motivarea" in client.submit(page, "/restore", {"reason": " "}, expect=422).main_text
    client.submit(page, "/restore", {"reason": "Am greșit persoana."})
    client.sign_out()
    assert "Am greșit persoana." in client.get("proposals.show", proposal_id=hidden.id).main_text


def test_a_held_comment_is_published_or_hidden_with_a_letter(client: PageClient) -> None:
    proposal = make_proposal()
    good, bad = (make_comment(proposal, state="held", body=body) for body in ("Bun", "Rău"))
    client.sign_in(make_account("moderator"))
    decide(client, open_case("comment", good.id), "publish")
    decide(client, open_case("comment", bad.id), "hide", reason="spam", text="Reclamă.")
    assert [db.session.get(Comment, one.id).state for one in (good, bad)] == ["visible", "hidden"]
    letter = db.session.scalar(select(OutboxMessage))
    assert letter.subject == "Un text al tău a fost ascuns"
    assert "(regula 8 din Regulile casei). Reclamă." in letter.body
    assert "/rules-of-conduct#rule-8" in letter.body


def test_several_are_published_at_once_and_the_refused_are_told(client: PageClient) -> None:
    moderator = make_account("moderator")
    own, own_case = waiting_proposal(moderator)
    others = [waiting_proposal() for _ in range(2)]
    client.sign_in(moderator)
    page = client.follow(
        client.post(
            "moderation.decide_many",
            {"ids": [str(own_case.id), *(str(case.id) for _, case in others)], "bulk_action": "publish"},
        )
    )
    assert "2 texte au fost publicate." in page.main_text
    assert "decide alt moderator" in page.main_text
    assert [state_of(one) for one, _ in others] == [State.PUBLISHED] * 2
    assert state_of(own) == State.SUBMITTED


def test_withdrawing_empties_the_queue(client: PageClient) -> None:
    author = make_account()
    proposal, case = waiting_proposal(author)
    client.sign_in(author)
    client.post("proposals.withdraw", proposal_id=proposal.id)
    assert db.session.get(ModerationCase, case.id).decision == "withdrawn"


def test_the_decision_is_in_the_record_and_on_the_timeline(client: PageClient) -> None:
    proposal, case = waiting_proposal()
    moderator = make_account("moderator")
    client.sign_in(moderator)
    decide(client, case, "hide", reason="spam", text="Reclamă.")
    row = db.session.scalar(select(AuditRecord).where(AuditRecord.event == "moderation.decided"))
    assert (row.account_id, row.subject_id, row.details["decision"]) == (moderator.id, proposal.id, "hide")
    last = timeline.list_events("proposal", proposal.id)[-1]
    assert (last.event, last.role) == ("proposal.hidden", "moderator")


# --- reports -------------------------------------------------------------------------------------------------


def test_what_is_not_public_cannot_be_reported(client: PageClient) -> None:
    client.sign_in(make_resident())
    hidden = make_proposal(State.SUBMITTED)
    client.get("moderation.report", kind="proposal", subject_id=hidden.id, expect=404)
    held = make_comment(make_proposal(), state="held")
    client.post("moderation.send_report", {"reason": "spam"}, kind="comment", subject_id=held.id, expect=404)
    client.get("moderation.report", kind="ghost", subject_id=1, expect=404)


def test_ones_own_text_is_not_reported(client: PageClient) -> None:
    author = make_resident()
    proposal = make_proposal(author=author)
    client.sign_in(author)
    page = client.post(
        "moderation.send_report", {"reason": "spam"}, kind="proposal", subject_id=proposal.id, expect=403
    )
    assert "Îl poți retrage" in page.main_text


def test_a_report_without_its_reason_comes_back(client: PageClient) -> None:
    client.sign_in(make_resident())
    proposal = make_proposal()
    page = client.post(
        "moderation.send_report", {"text": "ceva"}, kind="proposal", subject_id=proposal.id, expect=422
    )
    assert "Alege ce este în neregulă cu textul." in page.main_text


def test_reporting_twice_counts_once_and_leaves_the_text_public(client: PageClient) -> None:
    client.sign_in(make_resident())
    proposal = make_proposal()
    for _ in range(2):
        client.post("moderation.send_report", {"reason": "spam"}, kind="proposal", subject_id=proposal.id)
    assert len(db.session.scalars(select(ContentReport.id)).all()) == 1
    assert state_of(proposal) == State.PUBLISHED


def test_reports_of_several_people_make_one_case(client: PageClient) -> None:
    proposal = make_proposal()
    for reason in ("spam", "personal_attack"):
        client.sign_in(make_resident())
        client.post("moderation.send_report", {"reason": reason}, kind="proposal", subject_id=proposal.id)
    case = db.session.scalar(select(ModerationCase))
    client.sign_in(make_account("moderator"))
    page = client.get("moderation.case", case_id=case.id)
    assert "2 sesizări" in page.main_text
    decide(client, case, "dismiss")
    assert state_of(proposal) == State.PUBLISHED


def test_one_account_cannot_flood_with_reports(client: PageClient) -> None:
    client.sign_in(make_resident())
    for _ in range(REPORTS_A_DAY):
        subject = make_proposal()
        client.post("moderation.send_report", {"reason": "spam"}, kind="proposal", subject_id=subject.id)
    page = client.post(
        "moderation.send_report",
        {"reason": "spam"},
        kind="proposal",
        subject_id=make_proposal().id,
        expect=403,
    )
    assert "Ai făcut multe sesizări astăzi" in page.main_text


# --- the queue -------------------------------------------------------------------------------------------------


def test_the_queue_shows_clocks_and_keeps_its_filters(client: PageClient) -> None:
    waiting_proposal(title="Proaspătă")
    comment = make_comment(make_proposal(title="Comentată"), state="held")
    late = open_case("comment", comment.id)
    late.due_at = clock.now() - timedelta(hours=1)
    db.session.commit()
    client.sign_in(make_account("moderator"))
    page = client.get("moderation.queue")
    assert "2 așteaptă" in page.main_text
    assert "Întârziat" in page.main_text
    assert "Proaspătă" not in client.get("moderation.queue", kind="comment").main_text
    assert "Proaspătă" not in client.get("moderation.queue", state="late").main_text
    assert "Comentată" in client.get("moderation.queue", state="late", why="new").main_text
    answer = client.post("moderation.decide_many", {}, state="late")
    assert "state=late" in answer.headers["Location"]


@pytest.mark.parametrize("count", [3, 25])
def test_the_queue_costs_the_same_however_long(client: PageClient, statements: list[str], count: int) -> None:
    author = make_account()
    for _ in range(count):
        waiting_proposal(author)
        open_case("comment", make_comment(make_proposal(author=author), author, state="held").id)
    client.sign_in(make_account("moderator"))
    client.get("moderation.queue")
    statements.clear()
    client.get("moderation.queue")
    assert len(statements) <= 10, "\n".join(statements)


@pytest.mark.parametrize("language", ["ro", "en"])
def test_moderators_pages_speak_one_language(client: PageClient, language: str) -> None:
    _proposal, case = waiting_proposal()
    reported = make_proposal()
    client.speak(language)
    client.sign_in(make_resident())
    client.get("moderation.report", kind="proposal", subject_id=reported.id)
    client.post("moderation.send_report", {"reason": "spam"}, kind="proposal", subject_id=reported.id)
    client.sign_in(make_account("moderator"))
    client.get("moderation.queue")
    client.get("moderation.case", case_id=case.id)
    decide(client, case, "hide", 422)
    decide(client, case, "publish")
    client.get("moderation.case", case_id=case.id)
    client.get("moderation.queue", state="decided")


def test_the_reason_reads_as_one_sentence(app: Flask) -> None:
    with app.test_request_context():
        whole = "Textul arată datele personale ale cuiva (regula 2 din Regulile casei). E un nume."
        assert labels.reason_sentence("personal_data", "E un nume") == whole
        assert labels.reason_sentence("other", "Pentru că.") == "Pentru că."


# --- the catalogue of reasons ------------------------------------------------------------------------------------


def test_the_rule_is_enough_of_a_reason_and_reads_in_the_authors_language(client: PageClient) -> None:
    author = make_account(locale="en")
    proposal, case = waiting_proposal(author)
    client.sign_in(make_account("moderator"))
    decide(client, case, "hide", reason="threat")
    letter = db.session.scalar(select(OutboxMessage.body))
    assert "The text threatens somebody or calls for violence (house rule 1)." in letter
    assert "/rules-of-conduct#rule-1" in letter
    assert state_of(proposal) == State.HIDDEN


def test_a_reason_outside_the_catalogue_is_refused(client: PageClient) -> None:
    proposal, case = waiting_proposal()
    client.sign_in(make_account("moderator"))
    decide(client, case, "hide", 422, reason="offensive", text="Nu-mi place.")
    assert state_of(proposal) == State.SUBMITTED


@pytest.mark.parametrize("language", ["ro", "en"])
def test_anyone_reads_the_house_rules_one_for_each_reason(client: PageClient, language: str) -> None:
    client.speak(language)
    page = client.get("moderation.conduct")
    anchors = [one.get("id", "") for one in page.all("h2")]
    assert [one for one in anchors if one.startswith("rule-")] == [f"rule-{n}" for n in range(1, 12)]

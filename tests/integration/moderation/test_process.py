"""How a case is worked: its clock, who holds it, what undoing puts back, what is decided at one stroke."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from civic import clock
from civic.audit import AuditRecord
from civic.errors import Conflict
from civic.extensions import db
from civic.moderation import bulk, claims, jobs, queries, service, undoing
from civic.moderation.models import ContentReport, ModerationCase
from civic.moderation.rules import CLAIM, KEPT_TO_UNDO, Clock, Decision, Why
from civic.outbox import OutboxMessage
from consultations.contributions.models import Contribution
from proposals.comments.models import Comment
from proposals.models import Proposal
from proposals.rules import State
from tests.consultations_support import make_consultation
from tests.factories import make_account, make_resident
from tests.integration.consultations.registerkit import make_entry
from tests.integration.moderation.test_moderation import decide, open_case, state_of, waiting_proposal
from tests.integration.organisations import orgkit
from tests.integration.proposals.makers import make_proposal
from tests.integration.proposals.test_comments import make_comment
from tests.pageclient import PageClient


@pytest.fixture
def moderator(client: PageClient):
    account = make_account("moderator", display_name="Mara")
    client.sign_in(account)
    return account


def case_of(kind: str, subject_id: int) -> ModerationCase:
    return db.session.scalars(
        select(ModerationCase)
        .where(ModerationCase.subject_kind == kind, ModerationCase.subject_id == subject_id)
        .order_by(ModerationCase.id.desc())
    ).first()


def report(client: PageClient, kind: str, subject_id: int, reason: str) -> None:
    client.sign_in(make_resident())
    client.post("moderation.send_report", {"reason": reason}, kind=kind, subject_id=subject_id)


def events(name: str) -> list[AuditRecord]:
    return list(db.session.scalars(select(AuditRecord).where(AuditRecord.event == name)))


# --- clocks ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("reason", "hours"), [("threat", 4), ("personal_data", 4), ("spam", 48), ("accusation", 48)]
)
def test_a_report_is_due_by_what_it_says(client: PageClient, reason: str, hours: int) -> None:
    proposal = make_proposal()
    report(client, "proposal", proposal.id, reason)
    case = case_of("proposal", proposal.id)
    assert case.due_at - case.opened_at == timedelta(hours=hours)


def test_a_graver_report_shortens_the_clock_and_no_report_lengthens_it(client: PageClient) -> None:
    proposal = make_proposal()
    report(client, "proposal", proposal.id, "off_topic")
    first = case_of("proposal", proposal.id).due_at
    report(client, "proposal", proposal.id, "threat")
    shorter = case_of("proposal", proposal.id).due_at
    assert shorter < first - timedelta(hours=40)
    report(client, "proposal", proposal.id, "spam")
    assert case_of("proposal", proposal.id).due_at == shorter


def test_what_is_held_for_its_links_waits_a_day(client: PageClient) -> None:
    now = clock.now()
    comment = make_comment(make_proposal(), state="held")
    case = service.open_case("comment", comment.id, Why.NEW, now, deadline=Clock.LINKS)
    assert case.due_at == now + timedelta(hours=24)


def test_a_late_case_is_told_once_and_stands_first(client: PageClient, moderator) -> None:
    staff = make_account("staff")
    _fresh, _ = waiting_proposal(title="Proaspătă")
    _late, case = waiting_proposal(title="Uitată")
    case.due_at = clock.now() - timedelta(hours=1)
    db.session.commit()
    assert jobs.escalate(clock.now()) == 1
    assert jobs.escalate(clock.now()) == 0
    letters = db.session.scalars(select(OutboxMessage)).all()
    assert {one.address for one in letters} == {moderator.email, staff.email}
    assert "1 text așteaptă un moderator" in letters[0].body
    words = client.get("moderation.queue").main_text
    assert words.index("Uitată") < words.index("Proaspătă")
    assert "au fost anunțați" in client.get("moderation.case", case_id=case.id).main_text


# --- who holds it --------------------------------------------------------------------------------------------------


def test_a_case_held_by_one_is_not_decided_by_another_until_it_runs_out(client: PageClient) -> None:
    proposal, case = waiting_proposal()
    client.sign_in(make_account("moderator", display_name="Mara"))
    client.post("moderation.claim", case_id=case.id)
    client.sign_in(make_account("moderator"))
    assert "La Mara" in client.get("moderation.queue").main_text
    assert "Mara are acest caz până la" in client.get("moderation.case", case_id=case.id).main_text
    assert "Mara are acest caz" in decide(client, case, "publish", 409).main_text
    client.post("moderation.claim", case_id=case.id, expect=409)
    clock.travel(CLAIM + timedelta(minutes=1))
    decide(client, case, "publish")
    assert state_of(proposal) == State.PUBLISHED


def test_the_next_case_is_the_most_pressing_that_nobody_holds(client: PageClient, moderator) -> None:
    own, _own_case = waiting_proposal(moderator)
    _held, held_case = waiting_proposal()
    _second, second = waiting_proposal()
    claims.claim(make_account("moderator").as_actor(), held_case.id, clock.now())
    db.session.commit()
    answer = client.post("moderation.next_case")
    assert f"/staff/moderation/{second.id}" in answer.headers["Location"]
    decide(client, second, "publish", then="next")
    assert "Nu te mai așteaptă nimic" in client.get("moderation.queue").main_text
    assert state_of(own) == State.SUBMITTED


def test_deciding_leads_to_the_next_and_what_is_put_aside_is_given_back(
    client: PageClient, moderator
) -> None:
    cases = [waiting_proposal()[1] for _ in range(3)]
    client.post("moderation.next_case")
    answer = client.post("moderation.next_case", {"release": str(cases[0].id), "aside": str(cases[0].id)})
    assert f"/staff/moderation/{cases[1].id}?aside={cases[0].id}" in answer.headers["Location"]
    assert db.session.get(ModerationCase, cases[0].id).claimed_by_id is None
    answer = decide(client, cases[1], "publish", then="next", aside=str(cases[0].id))
    assert f"/staff/moderation/{cases[2].id}" in answer.headers["Location"]
    assert f"last={cases[1].id}" in answer.headers["Location"]


def test_every_decision_and_reason_has_its_own_key_in_the_legend(client: PageClient, moderator) -> None:
    _proposal, case = waiting_proposal()
    page = client.get("moderation.case", case_id=case.id)
    keys = [one.get("data-key-chooses") for one in page.all("div") if one.get("data-key-chooses") is not None]
    assert sorted(keys) == sorted("pchd1234567890uo")


# --- undoing -------------------------------------------------------------------------------------------------------


def undo(client: PageClient, case: ModerationCase, expect: int = 303):
    return client.post("moderation.undo", {"reason": "Am greșit tasta."}, case_id=case.id, expect=expect)


@pytest.mark.parametrize("state", [State.PUBLISHED, State.IN_ANALYSIS, State.REJECTED])
def test_undoing_puts_a_hidden_proposal_back_where_it_was(client: PageClient, state: State) -> None:
    author = make_account()
    proposal = make_proposal(state, author)
    seen, hidden = make_comment(proposal), make_comment(proposal, state="hidden")
    report(client, "proposal", proposal.id, "spam")
    case = case_of("proposal", proposal.id)
    client.sign_in(make_account("moderator"))
    decide(client, case, "hide", reason="spam")
    assert state_of(proposal) == State.HIDDEN
    undo(client, case)
    assert state_of(proposal) == state
    # What another act had hidden stays hidden; what this one took from view is there again.
    assert [db.session.get(Comment, one.id).state for one in (seen, hidden)] == ["visible", "hidden"]
    again = case_of("proposal", proposal.id)
    assert (again.again_of_id, again.decided_at) == (case.id, None)
    assert db.session.scalars(select(ContentReport.case_id)).all() == [again.id]
    assert (
        "Am greșit tasta."
        in db.session.scalars(
            select(OutboxMessage.body).where(OutboxMessage.address == author.email).order_by(OutboxMessage.id)
        ).all()[-1]
    )
    assert events("moderation.undone")[0].details == {"case": case.id, "decision": "hide"}


def test_a_rejected_proposal_made_public_again_is_rejected_as_before(client: PageClient) -> None:
    proposal = make_proposal(State.REJECTED)
    report(client, "proposal", proposal.id, "spam")
    client.sign_in(make_account("moderator"))
    decide(client, case_of("proposal", proposal.id), "hide", reason="spam")
    client.post("proposals.restore", {"reason": "Nu era reclamă."}, proposal_id=proposal.id)
    assert state_of(proposal) == State.REJECTED


def test_a_reason_leads_to_its_rule_wherever_it_is_read(client: PageClient) -> None:
    author = make_account()
    proposal, case = waiting_proposal(author)
    client.sign_in(make_account("moderator"))
    decide(client, case, "hide", reason="personal_data", text="<b>Scoate numărul.</b>")
    client.sign_in(author)
    page = client.get("proposals.show", proposal_id=proposal.id)
    assert '<a href="/rules-of-conduct#rule-2">regula 2</a> din Regulile casei' in page.html
    assert "<b>Scoate" not in page.html


@pytest.mark.parametrize(
    ("decision", "fields"), [("publish", {}), ("request_changes", {"reason": "unclear"})]
)
def test_undoing_returns_a_waiting_proposal_to_the_queue(
    client: PageClient, moderator, decision: str, fields: dict[str, str]
) -> None:
    proposal, case = waiting_proposal()
    decide(client, case, decision, **fields)
    undo(client, case)
    kept = db.session.get(Proposal, proposal.id)
    assert (kept.state, kept.published_at) == (State.SUBMITTED, None)
    decide(client, case_of("proposal", proposal.id), "publish")
    assert state_of(proposal) == State.PUBLISHED


def test_a_held_comment_hidden_and_undone_is_held_again(client: PageClient, moderator) -> None:
    comment = make_comment(make_proposal(), state="held")
    case = open_case("comment", comment.id)
    decide(client, case, "hide", reason="spam")
    undo(client, case)
    assert db.session.get(Comment, comment.id).state == "held"


def test_an_organisation_gets_back_the_words_it_lost(client: PageClient, moderator) -> None:
    one = orgkit.verified(make_account())
    words = (one.description, one.website)
    case = open_case("organisation", one.id, Why.REPORTED)
    decide(client, case, "hide", reason="spam")
    assert (one.description, one.website) == ("", "")
    undo(client, case)
    db.session.refresh(one)
    assert (one.description, one.website) == words


def test_a_contribution_is_shown_again_as_it_was(client: PageClient, moderator) -> None:
    entry = make_entry(make_consultation())
    before = (entry.title, entry.body, entry.hidden_at, entry.original)
    case = open_case("contribution", entry.id, Why.REPORTED)
    decide(client, case, "hide", reason="hate")
    assert db.session.get(Contribution, entry.id).body == ""
    undo(client, case)
    kept = db.session.get(Contribution, entry.id)
    assert (kept.title, kept.body, kept.hidden_at, kept.original) == before


def test_what_was_changed_since_is_not_overwritten(client: PageClient, moderator) -> None:
    proposal, case = waiting_proposal()
    decide(client, case, "publish")
    db.session.get(Proposal, proposal.id).state = State.IN_ANALYSIS
    db.session.commit()
    assert "S-a schimbat între timp" in undo(client, case, 409).main_text
    assert state_of(proposal) == State.IN_ANALYSIS


def test_undoing_needs_a_reason_and_somebody_else_than_the_author(client: PageClient) -> None:
    author = make_account("moderator")
    proposal, case = waiting_proposal(author)
    client.sign_in(make_account("moderator"))
    decide(client, case, "hide", reason="spam")
    page = client.post("moderation.undo", {"reason": " "}, case_id=case.id, expect=422)
    assert "Scrie motivarea" in page.main_text
    client.sign_in(author)
    undo(client, case, 403)
    client.sign_in(make_account("staff"))
    undo(client, case, 403)
    assert state_of(proposal) == State.HIDDEN


def test_undone_once(client: PageClient, moderator) -> None:
    _proposal, case = waiting_proposal()
    decide(client, case, "hide", reason="spam")
    undo(client, case)
    assert "deja desfăcută" in undo(client, case, 409).main_text
    assert "Desfăcută la" in client.get("moderation.case", case_id=case.id).main_text


def test_what_changed_is_forgotten_when_nobody_contests_it_any_more(client: PageClient, moderator) -> None:
    _proposal, case = waiting_proposal()
    decide(client, case, "hide", reason="spam")
    assert jobs.forget_changes(clock.now()) == 0
    assert jobs.forget_changes(clock.now() + KEPT_TO_UNDO + timedelta(days=1)) == 1
    assert "prea veche" in undo(client, case, 409).main_text


def test_a_decision_overturned_for_good_leaves_the_text_public(client: PageClient, moderator) -> None:
    comment = make_comment(make_proposal(), state="held")
    case = open_case("comment", comment.id)
    decide(client, case, "hide", reason="spam")
    with client.app.test_request_context():
        undoing.overturn(make_account("staff").as_actor(), case.id, "Contestația este admisă.", clock.now())
        db.session.commit()
    assert db.session.get(Comment, comment.id).state == "visible"
    assert queries.find_open_case("comment", comment.id) is None


# --- personal data ---------------------------------------------------------------------------------------------------


MARK = "[date personale eliminate]"


def test_personal_data_are_taken_out_and_the_rest_stays(client: PageClient, moderator) -> None:
    author = make_account()
    proposal = make_proposal(State.PUBLISHED, author, idea="Sună-l pe Ion la 0722 000 111, știe el.")
    case = open_case("proposal", proposal.id, Why.REPORTED)
    page = client.get("moderation.redact", case_id=case.id)
    assert "0722 000 111" in page.html
    form = page.form("/redact")
    changed = {**form, "part_idea": f"Sună-l pe Ion la {MARK}, știe el."}
    client.post("moderation.send_redaction", changed, case_id=case.id)
    kept = db.session.get(Proposal, proposal.id)
    assert (kept.state, kept.idea) == (State.PUBLISHED, f"Sună-l pe Ion la {MARK}, știe el.")
    assert "0722" not in kept.search_text
    sent = select(OutboxMessage.body).where(OutboxMessage.address == author.email).order_by(OutboxMessage.id)
    letters = db.session.scalars(sent).all()
    assert "regula 2" in letters[0]
    assert not [body for body in letters if "0722" in body]
    assert "0722" not in str([one.details for one in events("proposal.redacted")])
    undo(client, case)
    assert "0722 000 111" in db.session.get(Proposal, proposal.id).idea


@pytest.mark.parametrize(
    ("idea", "said"),
    [
        ("Sună la 0722 000 111 azi", "Nu ai scos încă nimic"),
        (f"Nu suna la {MARK} azi", "Înlocuiește numai cuvinte"),
        (f"Sună la {MARK} mâine", "Înlocuiește numai cuvinte"),
        ("Sună la azi", "Înlocuiește numai cuvinte"),
    ],
)
def test_nothing_but_taking_out_is_possible(client: PageClient, moderator, idea: str, said: str) -> None:
    proposal = make_proposal(idea="Sună la 0722 000 111 azi")
    case = open_case("proposal", proposal.id, Why.REPORTED)
    page = client.post("moderation.send_redaction", {"part_idea": idea}, case_id=case.id, expect=422)
    assert said in page.main_text
    assert page.form("/redact")["part_idea"] == idea
    assert db.session.get(Proposal, proposal.id).idea == "Sună la 0722 000 111 azi"


def test_every_kind_with_words_can_lose_personal_data(client: PageClient, moderator) -> None:
    comment = make_comment(make_proposal(), body="Scrie-mi la ana@exemplu.ro")
    entry = make_entry(make_consultation())
    one = orgkit.verified(make_account())
    for kind, number, field in (
        ("comment", comment.id, "part_body"),
        ("contribution", entry.id, "part_body"),
        ("organisation", one.id, "part_description"),
    ):
        case = open_case(kind, number, Why.REPORTED)
        client.post("moderation.send_redaction", {field: MARK}, case_id=case.id)
    assert db.session.get(Comment, comment.id).body == MARK
    kept = db.session.get(Contribution, entry.id)
    assert (kept.body, kept.hidden_for) == (MARK, "personal_data")
    db.session.refresh(one)
    assert one.description == MARK


# --- many at one stroke ------------------------------------------------------------------------------------------------


def test_a_wave_of_spam_is_hidden_and_brought_back_at_one_stroke(client: PageClient, moderator) -> None:
    spammer = make_account()
    wave = [make_comment(make_proposal(), spammer, state="held", body="Cumpără acum!") for _ in range(3)]
    cases = [open_case("comment", one.id) for one in wave]
    own, own_case = waiting_proposal(moderator, title="A mea")
    page = client.get("moderation.case", case_id=cases[0].id)
    assert "Aceleași cuvinte așteaptă în încă 2 texte" in page.main_text
    assert "A mea" not in client.get("moderation.queue", same=cases[0].id).main_text
    assert "A mea" not in client.get("moderation.queue", author=cases[0].id).main_text
    answer = client.post(
        "moderation.decide_many", {"ids": [str(one.id) for one in (*cases, own_case)], "bulk_action": "spam"}
    )
    page = client.follow(answer)
    assert "3 texte au fost ascunse ca spam." in page.main_text
    assert "„A mea”: Ai scris chiar tu textul" in page.main_text or "decide alt moderator" in page.main_text
    assert [db.session.get(Comment, one.id).state for one in wave] == ["hidden"] * 3
    assert state_of(own) == State.SUBMITTED
    client.submit(page, "/together/", {"reason": "Era o campanie a școlii."})
    assert [db.session.get(Comment, one.id).state for one in wave] == ["held"] * 3
    assert queries.queue_counts(clock.now())["open"] == 4


def test_a_batch_undone_leaves_alone_what_was_changed_since(client: PageClient, moderator) -> None:
    comments = [make_comment(make_proposal(), state="held") for _ in range(2)]
    cases = [open_case("comment", one.id) for one in comments]
    with client.app.test_request_context():
        stroke = bulk.hide_many(moderator.as_actor(), [one.id for one in cases], "spam", "", clock.now())
        db.session.commit()
    db.session.get(Comment, comments[0].id).state = "visible"
    db.session.commit()
    page = client.follow(client.post("moderation.undo_batch", {"reason": "Greșit."}, batch=stroke.batch))
    assert "1 decizie a fost desfăcută." in page.main_text
    assert "S-a schimbat între timp" in page.main_text


# --- what a moderator knows ----------------------------------------------------------------------------------------------


def test_a_case_shows_the_authors_history_and_similar_texts(client: PageClient, moderator) -> None:
    author = make_account()
    _old, old_case = waiting_proposal(author, title="Parc de câini în Obor")
    decide(client, old_case, "publish")
    _gone, gone_case = waiting_proposal(author, title="Altceva cu totul")
    decide(client, gone_case, "hide", reason="hate")
    _new, case = waiting_proposal(author, title="Un parc pentru câini lângă Obor")
    words = client.get("moderation.case", case_id=case.id).main_text
    assert "Publicată: 1" in words or "Publicat: 1" in words
    assert "Ură sau discriminare" in words
    assert "Parc de câini în Obor" in words
    assert "Altceva cu totul" not in words


def test_deciding_held_by_another_says_who(client: PageClient) -> None:
    _proposal, case = waiting_proposal()
    holder = make_account("moderator", display_name="Mara").as_actor()
    claims.claim(holder, case.id, clock.now())
    with pytest.raises(Conflict, match="Mara"), client.app.test_request_context():
        service.decide(make_account("moderator").as_actor(), case.id, Decision.PUBLISH, clock.now())

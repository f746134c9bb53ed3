"""The gate before what residents publish: what waits, what its author reads, what is never taken down in secret."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import func, select

from civic import clock
from civic.accounts.models import Account
from civic.actor import Actor
from civic.audit import AuditRecord
from civic.errors import Conflict, Invalid, NotAllowed
from civic.extensions import db
from civic.format import moment
from civic.moderation import service as moderation
from civic.moderation.gate import jobs, queries, rules, service
from civic.moderation.gate.models import GateSetting, GateText
from civic.moderation.gate.rules import Mode, Trust
from civic.moderation.gate.spaces import spaces
from civic.moderation.gate.traces import trace_of
from civic.moderation.models import ModerationCase
from civic.moderation.rules import Decision
from civic.outbox import OutboxMessage
from proposals import service as proposals
from proposals.comments import service as comments
from proposals.comments.models import Comment
from proposals.models import Proposal
from tests.factories import make_account, make_category, make_neighbourhood, make_resident
from tests.integration.proposals.makers import COMPLETE, make_proposal
from tests.integration.proposals.test_authoring import begin
from tests.pageclient import PageClient

SPAM = "Câștigă bani ușor de acasă, fără experiență, scrie-mi pe privat chiar acum!"
MINUTE = timedelta(minutes=1)


def newcomer(**values: Any) -> Account:
    """An account made a moment ago."""
    return make_account(created_at=clock.now(), **values)


def set_mode(mode: Mode, space: str = "comments") -> GateSetting:
    """Choose when a space is moderated."""
    current = queries.find_current(space)
    made = service.change_mode(
        make_account("staff").as_actor(),
        space,
        current.number if current else 0,
        mode,
        "Încercăm.",
        clock.now(),
    )
    db.session.commit()
    return made


@pytest.fixture
def open_space(client: PageClient) -> None:
    """Comments are published at once: only what looks like spam waits."""
    set_mode(Mode.AFTER)


def write(
    client: PageClient, account: Account, text: str, expect: int = 303, proposal: Proposal | None = None
) -> Any:
    client.sign_in(account)
    return client.post(
        "comments.add", {"body": text}, proposal_id=(proposal or make_proposal()).id, expect=expect
    )


def states() -> dict[str, str]:
    return dict(db.session.execute(select(Comment.body, Comment.state)).all())


def say(
    account: Account,
    text: str,
    *,
    at: timedelta = timedelta(0),
    network: str = "",
    proposal: Proposal | None = None,
) -> Comment:
    """A comment through the service, from a network of its own."""
    now = clock.now() + at
    actor = Actor(id=account.id, display_name=account.display_name, email_confirmed=True, person_id=account.person_id,
                  trace=trace_of(network or f"10.0.0.{account.id}", "browser", now))  # fmt: skip
    return comments.add_comment(actor, proposal or make_proposal(), text, now)


def decide(client: PageClient, kind: str, subject_id: int, decision: Decision) -> None:
    case = db.session.scalar(
        select(ModerationCase).where(
            ModerationCase.subject_kind == kind, ModerationCase.subject_id == subject_id,
            ModerationCase.decided_at.is_(None),
        )
    )  # fmt: skip
    assert case is not None
    moderator = make_account("moderator").as_actor()
    with client.app.test_request_context():
        moderation.decide(moderator, case.id, decision, clock.now(), reason_code="spam", text="Reclamă.")
    db.session.commit()


# --- what is not taken yet -------------------------------------------------------------------------------


@pytest.mark.usefixtures("open_space")
def test_a_second_text_within_a_minute_comes_back_with_the_moment_and_the_words(client: PageClient) -> None:
    account, proposal = newcomer(), make_proposal()
    write(client, account, "Mai multe bănci, vă rog.", proposal=proposal)
    page = write(client, account, "Și mai multă umbră.", 429, proposal)
    assert "Conturile noi așteaptă un minut între două texte." in page.main_text
    assert "Și mai multă umbră." in page.html
    assert len(states()) == 1


@pytest.mark.usefixtures("open_space")
def test_new_accounts_of_one_device_share_its_limit(client: PageClient) -> None:
    for number in range(rules.DEVICE_A_DAY):
        say(newcomer(), f"Textul {number}", network="203.0.113.9")
    with pytest.raises(service.TooSoon) as refused:
        say(newcomer(), "Încă unul", network="203.0.113.9")
    assert refused.value.status == 429
    say(newcomer(), "Din altă parte", network="203.0.113.10")
    say(make_account(), "Un cont vechi, tot de aici", network="203.0.113.9")


def test_a_draft_refused_for_today_stays_a_draft(client: PageClient) -> None:
    account = newcomer()
    for number in range(5):
        say(account, f"Textul {number}", at=MINUTE * number)
    db.session.commit()
    client.sign_in(account)
    draft = begin(client, account)
    places = {"neighbourhood": str(make_neighbourhood().id), "category": str(make_category().id)}
    filled = {**COMPLETE, **places, "version": "1", "action": "submit"}
    clock.travel(10 * MINUTE)
    answer = client.post("proposals.save", filled, proposal_id=draft, expect=429)
    assert "Poți să îl trimiți începând cu" in answer.main_text
    assert COMPLETE["idea"] in answer.html
    assert db.session.get_one(Proposal, draft).state == "draft"


# --- what waits ------------------------------------------------------------------------------------------


@pytest.mark.usefixtures("open_space")
@pytest.mark.parametrize("text", ["Vedeți https://exemplu.ro/oferta", "exemplu punct ro", "ехеmрlu . ro"])
def test_a_link_of_a_new_account_waits_and_its_author_reads_why_and_until_when(
    client: PageClient, text: str
) -> None:
    account, proposal = newcomer(), make_proposal()
    write(client, account, text, proposal=proposal)
    case = db.session.scalar(select(ModerationCase))
    assert case is not None
    page = client.get("proposals.show", proposal_id=proposal.id)
    assert text in page.main_text
    with client.app.test_request_context():
        assert f"Un moderator îl citește până la {moment(case.due_at)}." in page.main_text
    client.sign_in(make_account())
    assert text not in client.get("proposals.show", proposal_id=proposal.id).main_text


@pytest.mark.usefixtures("open_space")
def test_a_link_of_who_is_known_is_published(client: PageClient) -> None:
    for account in (make_account(), make_resident(), make_account("moderator")):
        write(client, account, f"Vedeți https://exemplu{account.id}.ro/articol")
    assert set(states().values()) == {"visible"}


@pytest.mark.usefixtures("open_space")
def test_a_name_that_is_a_link_makes_the_text_wait(client: PageClient) -> None:
    write(client, newcomer(display_name="pariuri-acum.ro"), "Ce frumos e aici!")
    assert states() == {"Ce frumos e aici!": "held"}


@pytest.mark.usefixtures("open_space")
def test_a_copy_of_anothers_text_waits_also_in_other_letters(client: PageClient) -> None:
    say(make_account(), SPAM)
    copy = SPAM.replace("a", "\u0430")
    say(make_account(), copy.replace("\u0430", "a").upper())
    say(make_resident(), copy)
    assert sorted(states().values()) == ["held", "held", "visible"]


@pytest.mark.usefixtures("open_space")
def test_a_campaign_takes_back_what_of_it_was_public_and_tells_its_authors(client: PageClient) -> None:
    accounts = [newcomer() for _ in range(4)]
    for number, account in enumerate(accounts):
        say(account, f"Salut {'abcdefgh' * (number + 1)} {SPAM}")
    db.session.commit()
    assert set(states().values()) == {"held"}
    told = db.session.scalars(select(OutboxMessage.body)).all()
    assert any("au venit altele la fel" in body for body in told)
    taken = db.session.scalars(select(AuditRecord).where(AuditRecord.event == "gate.taken_back")).all()
    assert len(taken) == 1


@pytest.mark.usefixtures("open_space")
def test_copying_somebodys_text_takes_nothing_of_theirs_down(client: PageClient) -> None:
    known = make_account()
    decide(client, "comment", say(known, "Un text cu litere ca\u0441ă.").id, Decision.PUBLISH)
    original = say(known, SPAM)
    verified = say(make_resident(), "Vrem copaci pe Șoseaua Iancului, de la un capăt la altul al ei.")
    once = say(
        make_account(), "Locul de joacă din spatele pieței nu are nici umbră, nici o bancă pentru bunici."
    )
    say(newcomer(), "Locul de joacă din spatele pieței nu are nici umbră, nici o bancă pentru bunici!")
    for _ in range(3):
        say(newcomer(), SPAM + " azi")
        say(newcomer(), "Vrem copaci pe Șoseaua Iancului, de la un capăt la altul al ei, azi.")
    assert {original.state, verified.state, once.state} == {"visible"}


@pytest.mark.usefixtures("open_space")
def test_what_a_moderator_published_is_not_taken_back(client: PageClient) -> None:
    comment = say(newcomer(), f"{SPAM} exemplu.ro")
    decide(client, "comment", comment.id, Decision.PUBLISH)
    for _ in range(3):
        say(newcomer(), SPAM)
    assert db.session.get_one(Comment, comment.id).state == "visible"


@pytest.mark.usefixtures("open_space")
def test_a_burst_from_one_device_waits_whole(client: PageClient) -> None:
    words = ["bănci", "copaci", "lumini", "gropi", "câini", "piste", "umbră", "tobogane"]
    for word in words:
        say(newcomer(), f"Vreau {word}", network="203.0.113.9")
    assert set(states().values()) == {"held"}


def test_three_published_texts_end_the_waiting(client: PageClient) -> None:
    account = make_account()
    for number in range(3):
        comment = say(account, f"Textul numărul {number}")
        assert comment.state == "held"
        db.session.commit()
        decide(client, "comment", comment.id, Decision.PUBLISH)
    assert say(account, "Al patrulea").state == "visible"


@pytest.mark.usefixtures("open_space")
def test_texts_nobody_has_read_yet_earn_no_trust(client: PageClient) -> None:
    account = newcomer()
    for number in range(3):
        assert say(account, f"Textul numărul {number}", at=MINUTE * number).state == "visible"
    later = clock.now() + 5 * MINUTE
    assert rules.trust_of(queries.find_standing(account.as_actor(), later), later) == Trust.NEW


def test_where_everything_is_read_first_a_verified_resident_waits_too(client: PageClient) -> None:
    set_mode(Mode.BEFORE)
    assert say(make_resident(), "Bună idee").state == "held"
    write(client, make_account("staff"), "Răspunsul primăriei")
    assert states()["Răspunsul primăriei"] == "visible"


def test_proposals_of_proven_authors_may_be_published_at_once_when_staff_say_so(client: PageClient) -> None:
    known, unknown = make_resident(), make_account()
    first = make_proposal("draft", known)
    assert proposals.submit_proposal(known.as_actor(), first.id, clock.now()).state == "submitted"
    set_mode(Mode.NEWCOMERS, "proposals")
    sent = make_proposal("draft", known, title="Altceva", problem="Alt necaz", idea="Altă idee")
    assert proposals.submit_proposal(known.as_actor(), sent.id, clock.now()).state == "published"
    other = make_proposal("draft", unknown, title="Al treilea", problem="Un necaz", idea="O idee")
    assert proposals.submit_proposal(unknown.as_actor(), other.id, clock.now()).state == "submitted"


# --- who decides -----------------------------------------------------------------------------------------


def test_the_page_of_settings_keeps_its_history(client: PageClient) -> None:
    staff = make_account("staff", display_name="Ana Pop")
    client.sign_in(staff)
    page = client.get("gate.show", key="comments")
    assert "Textele celor noi se citesc înainte" in page.text_of(".lead")
    client.post(
        "gate.change",
        {"seen": "0", "mode": "after", "reason": "Prea multe așteaptă."},
        key="comments",
        expect=303,
    )
    page = client.get("gate.show", key="comments")
    assert "Texte publicate" in page.main_text or "Textele se publică imediat" in page.text_of(".lead")
    assert "Prea multe așteaptă." in page.main_text
    assert "Ana Pop" in page.main_text
    assert db.session.scalar(select(func.count()).where(AuditRecord.event == "gate.mode_changed")) == 1
    assert "Textele se publică imediat" in client.get("gate.index").main_text


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"reason": ""}, "Scrie de ce se schimbă"),
        ({"mode": "newcomers"}, "nu s-ar schimba nimic"),
        ({"mode": "never"}, ""),
        ({"reason": "a" * 1001}, "cel mult 1.000"),
    ],
)
def test_a_refused_change_comes_back_as_it_was_typed(
    client: PageClient, change: dict[str, str], said: str
) -> None:
    client.sign_in(make_account("staff"))
    sent = {"seen": "0", "mode": "after", "reason": "Fiindcă.", **change}
    page = client.post("gate.change", sent, key="comments", expect=422)
    assert said in page.main_text
    assert sent["reason"] in page.html
    assert db.session.scalar(select(func.count(GateSetting.id))) == 0


def test_who_saw_an_older_setting_overwrites_nothing(client: PageClient) -> None:
    set_mode(Mode.AFTER)
    client.sign_in(make_account("staff"))
    client.post("gate.change", {"seen": "0", "mode": "before", "reason": "x"}, key="comments", expect=409)


def test_moderators_read_and_do_not_change(client: PageClient) -> None:
    moderator = make_account("moderator")
    client.sign_in(moderator)
    page = client.get("gate.show", key="comments")
    assert "Aceasta o schimbă doar personalul primăriei și administratorii" in page.main_text
    client.post("gate.change", {"seen": "0", "mode": "after", "reason": "x"}, key="comments", expect=403)
    with pytest.raises(NotAllowed):
        service.change_mode(moderator.as_actor(), "comments", 0, Mode.AFTER, "x", clock.now())
    client.get("gate.show", key="nowhere", expect=404)


def test_the_page_speaks_english_too(client: PageClient) -> None:
    client.speak("en")
    client.sign_in(make_account("staff"))
    assert "at most 5 texts" in client.get("gate.index").main_text


# --- what is kept, and forgotten -------------------------------------------------------------------------


def test_no_words_are_kept_and_marks_end_after_two_days(client: PageClient) -> None:
    say(make_account(), "Un text cu link: exemplu.ro", network="203.0.113.9")
    row = db.session.scalar(select(GateText))
    assert row is not None
    assert row.device
    assert b"203.0.113.9" not in row.network
    now = clock.now()
    jobs.forget(now + timedelta(days=2) - MINUTE)
    assert db.session.scalar(select(GateText.network)) is not None
    jobs.forget(now + timedelta(days=2))
    assert db.session.scalar(select(GateText.network)) is None
    assert db.session.scalar(select(GateText.device)) is None
    jobs.forget(now + timedelta(days=30))
    assert db.session.scalar(select(func.count(GateText.id))) == 0


def test_marks_of_one_network_differ_from_day_to_day(client: PageClient) -> None:
    now = clock.now()
    today, tomorrow = trace_of("203.0.113.9", "b", now), trace_of("203.0.113.9", "b", now + timedelta(days=1))
    assert today.networks[0] != tomorrow.networks[0]
    assert today.networks[0] == tomorrow.networks[1]
    assert len({*today.networks, *today.devices}) == 4


def test_reading_leaves_no_mark_and_sending_does(client: PageClient) -> None:
    write(client, newcomer(), "Bună ziua")
    assert db.session.scalar(select(GateText.device)) is not None


def test_every_space_says_what_moderators_call_it(client: PageClient) -> None:
    from civic.moderation.subjects import kinds

    assert {space.kind for space in spaces().values()} <= set(kinds())
    assert all(space.modes for space in spaces().values())


def test_a_change_without_sense_is_refused_by_the_service(client: PageClient) -> None:
    staff = make_account("staff").as_actor()
    with pytest.raises(Invalid):
        service.change_mode(staff, "comments", 0, "nimic", "x", clock.now())
    with pytest.raises(Conflict):
        service.change_mode(staff, "comments", 3, Mode.AFTER, "x", clock.now())


def test_moderators_read_why_a_text_is_held(client: PageClient) -> None:
    write(client, newcomer(), "Vedeți www.exemplu-reclama.ro, merită.")
    case = db.session.scalars(select(ModerationCase)).one()
    client.sign_in(make_account("moderator"))
    page = client.get("moderation.case", case_id=case.id)
    assert "De ce așteaptă link" in page.main_text
    assert "Noulink" in client.get("moderation.queue").main_text

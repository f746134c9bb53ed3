"""Anyone opens a debate, enough residents oblige the city hall to answer, and the clock of that answer is in sight."""

from datetime import timedelta
from decimal import Decimal
from threading import Thread
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select, text
from sqlalchemy.exc import IntegrityError

from civic import clock, links
from civic.actor import SYSTEM, Actor
from civic.clock import to_city
from civic.extensions import db
from civic.moderation.models import ModerationCase
from civic.notifications.models import Notice
from civic.outbox import OutboxMessage
from civic.tracker import service as tracker
from civic.unit_of_work import unit_of_work
from consultations.agora import jobs, service
from consultations.agora.models import AgoraDebate, AgoraSecond
from tests.consultations_support import make_consultation
from tests.factories import make_account, make_department, make_neighbourhood, make_resident
from tests.integration.consultations.agorakit import QUESTION, make_debate, make_seconds, oblige
from tests.integration.organisations import orgkit
from tests.pageclient import PageClient

TYPED = {"question": QUESTION, "why": "Copiii nu au unde merge.", "dimension": "services", "neighbourhood_id": "",
         "stances_first": "y", "about": ""}  # fmt: skip


def only() -> AgoraDebate:
    db.session.expire_all()
    return db.session.scalars(select(AgoraDebate)).one()


def fresh(debate: AgoraDebate) -> AgoraDebate:
    db.session.expire_all()
    return db.session.get_one(AgoraDebate, debate.id)


def decide(client: PageClient, decision: str) -> None:
    client.sign_in(make_account("moderator"))
    case = db.session.scalars(select(ModerationCase).where(ModerationCase.decided_at.is_(None))).one()
    form = {
        "decision": decision,
        "reason_code": "unclear",
        "text": "Scrie mai clar despre ce stradă este vorba.",
    }
    client.post("moderation.decide", form, case_id=case.id)


# --- opening ---------------------------------------------------------------------------------------------


def test_a_resident_opens_a_debate_once_a_moderator_has_read_it(client: PageClient, app: Flask) -> None:
    author = make_resident()
    client.sign_in(author)
    shown = client.follow(client.post("agora.create", {**TYPED, "send": "1"}))
    assert "O citește un moderator" in shown.main_text
    debate = only()
    assert debate.opened_at is None
    client.sign_out()
    client.get("agora.show", debate_id=debate.id, expect=404)
    assert QUESTION not in client.get("agora.index").main_text
    decide(client, "publish")
    client.sign_out()
    page = client.get("agora.show", debate_id=debate.id)
    assert "0 locuitori verificați din 50 necesari cer răspunsul primăriei" in page.main_text
    assert QUESTION in client.get("agora.index").main_text
    opened = only()
    assert opened.closes_at is not None
    assert opened.seconds_until is not None
    assert opened.closes_at >= opened.seconds_until > clock.now() + timedelta(days=29)


def test_a_draft_is_its_authors_alone_and_is_sent_later(client: PageClient) -> None:
    author = make_account()
    client.sign_in(author)
    client.post("agora.create", TYPED)
    debate = only()
    assert "Dezbaterile tale pe care le vezi numai tu" in client.get("agora.index").main_text
    client.sign_in(make_account("moderator", "staff"))
    client.get("agora.show", debate_id=debate.id, expect=404)
    client.get("staff_agora.show", debate_id=debate.id, expect=404)
    client.get("agora.edit", debate_id=debate.id, expect=404)
    client.sign_in(author)
    page = client.get("agora.edit", debate_id=debate.id)
    client.submit(page, "/edit", {"question": "Altă întrebare?", "send": "1"})
    assert only().question == "Altă întrebare?"
    assert only().submitted_at is not None
    refused = client.get("agora.edit", debate_id=debate.id, expect=403)
    assert "Un moderator o citește" in refused.main_text


@pytest.mark.parametrize(
    "wrong", [{"question": " "}, {"why": ""}, {"question": "x" * 201}, {"dimension": "other"}]
)
def test_what_is_refused_comes_back_as_it_was_typed(client: PageClient, wrong: dict[str, str]) -> None:
    client.sign_in(make_account())
    page = client.post("agora.create", {**TYPED, **wrong, "send": "1"}, expect=422)
    typed = {**TYPED, **wrong}
    assert page.form("/agora/new")["why"] == typed["why"]
    assert page.form("/agora/new")["question"].strip() == typed["question"].strip()
    assert db.session.scalar(select(func.count(AgoraDebate.id))) == 0


def test_who_has_no_confirmed_address_is_told_why(client: PageClient) -> None:
    client.sign_in(make_account(confirmed=False))
    assert "Confirmă mai întâi adresa de e-mail" in client.get("agora.new").main_text
    client.post("agora.create", {**TYPED, "send": "1"}, expect=403)


def test_the_fourth_debate_of_a_day_waits_until_tomorrow(client: PageClient) -> None:
    client.sign_in(make_account())
    for _each in range(3):
        client.post("agora.create", {**TYPED, "send": "1"})
    page = client.post("agora.create", {**TYPED, "send": "1"}, expect=403)
    assert "mai multe dezbateri azi" in page.main_text
    assert page.form("/agora/new")["question"] == QUESTION


def test_the_city_halls_own_debate_opens_at_once(client: PageClient) -> None:
    client.sign_in(make_account("staff"))
    shown = client.follow(client.post("agora.create", {**TYPED, "in_name": "city", "send": "1"}))
    assert "Deschisă de Primăria" in shown.main_text
    client.sign_in(make_account())
    client.post("agora.create", {**TYPED, "in_name": "city", "send": "1"})
    assert (
        db.session.scalars(select(AgoraDebate.origin).order_by(AgoraDebate.id.desc())).first() == "resident"
    )


def test_an_organisation_opens_one_by_who_speaks_for_it(client: PageClient) -> None:
    author = make_account()
    ours, theirs = (
        orgkit.verified(author, name="Asociația Verde"),
        orgkit.verified(make_account(), name="Alta"),
    )
    client.sign_in(author)
    client.post("agora.create", {**TYPED, "in_name": str(theirs.id), "send": "1"}, expect=422)
    client.post("agora.create", {**TYPED, "in_name": str(ours.id), "send": "1"})
    decide(client, "publish")
    client.sign_out()
    assert "Asociația Verde" in client.get("agora.show", debate_id=only().id).main_text


def test_a_debate_stands_on_the_page_of_what_it_is_about(client: PageClient) -> None:
    one = make_consultation("open", clock.now())
    client.sign_in(make_account("staff"))
    page = client.get("agora.new", about=f"consultation:{one.id}")
    assert one.title in page.main_text
    client.submit(
        page, "/agora/new", {**TYPED, "about": f"consultation:{one.id}", "in_name": "city", "send": "1"}
    )
    assert QUESTION in client.get("consultations.show", consultation_id=one.id).main_text
    assert one.title in client.get("agora.show", debate_id=only().id).main_text
    draft = make_consultation("draft", clock.now())
    client.post("agora.create", {**TYPED, "about": f"consultation:{draft.id}"}, expect=422)


def test_a_debate_about_a_delivery_stands_among_what_it_led_to(client: PageClient) -> None:
    made = tracker.create_delivery("Aleea", Decimal(1), "RON", None, None, None, SYSTEM, clock.now())
    db.session.commit()
    page = client.get("tracker.show", delivery_id=made.id)
    assert "Deschide o dezbatere despre acest subiect" in page.main_text
    client.sign_in(make_account("staff"))
    form = {**TYPED, "about": f"delivery:{made.id}", "in_name": "city", "send": "1"}
    client.post("agora.create", form)
    assert QUESTION in client.get("tracker.show", delivery_id=made.id).main_text
    assert "Aleea" in client.get("agora.show", debate_id=only().id).main_text


# --- the list --------------------------------------------------------------------------------------------


def test_the_list_is_narrowed_by_stage_area_dimension_and_words(client: PageClient) -> None:
    area = make_neighbourhood("Pantelimon")
    make_debate(
        "open", question="Parcul?", neighbourhood_id=area.id, dimension="policy", search_text="parcul?"
    )
    make_debate("closing", question="Piața?", search_text="piata?")
    for narrowed, seen in (
        ({"state": "open"}, "Parcul?"), ({"area": area.slug}, "Parcul?"), ({"dimension": "policy"}, "Parcul?"),
        ({"q": "piață"}, "Piața?"), ({"state": "closing"}, "Piața?"),
    ):  # fmt: skip
        words = client.get("agora.index", **narrowed).main_text
        assert seen in words
        assert ({"Parcul?", "Piața?"} - {seen}).pop() not in words


def test_the_list_says_what_came_of_the_debates(client: PageClient) -> None:
    assert "Ce a ieșit din dezbateri" not in client.get("agora.index").main_text
    poor = make_neighbourhood(vulnerable=True)
    answered = make_debate("answered", neighbourhood_id=poor.id)
    make_debate("closing", question="Alta?")
    make_debate("open", question="A treia?")
    make_debate("hidden", question="A patra?")
    links.connect("agora", answered.id, "consultation", make_consultation("open", clock.now()).id)
    db.session.commit()
    words = client.get("agora.index").text_of(".stats")
    assert words == (
        "2 dezbateri duse până la capăt 1 dintre ele în cartiere defavorizate 1 cu răspuns oficial"
        " 1 au devenit o implementare sau o consultare"
    )


def test_the_list_costs_the_same_whatever_its_length(client: PageClient, statements: list[str]) -> None:
    client.sign_in(make_account())
    make_debate("open")
    client.get("agora.index")
    statements.clear()
    client.get("agora.index")
    few = len(statements)
    for _each in range(9):
        make_debate("open", neighbourhood_id=make_neighbourhood().id)
    statements.clear()
    client.get("agora.index")
    assert len(statements) == few


# --- asking for the answer -------------------------------------------------------------------------------


def test_enough_residents_oblige_the_city_hall_and_the_clock_is_in_sight(client: PageClient) -> None:
    debate = make_debate("open", seconds_needed=2)
    make_seconds(debate, 1)
    client.sign_in(make_resident())
    page = client.get("agora.show", debate_id=debate.id)
    assert "1 locuitor verificat din 2 necesari cere răspunsul primăriei" in page.main_text
    shown = client.follow(client.submit(page, "/second"))
    assert "Ceri răspunsul primăriei." in shown.main_text
    assert "Primăria răspunde până" in shown.main_text
    due = fresh(debate).answer_due_at
    assert due is not None
    assert timedelta(days=58) < due - clock.now() < timedelta(days=61)
    assert db.session.scalar(select(func.count(Notice.id))) == 1
    client.post("agora.second", debate_id=debate.id)
    assert db.session.scalar(select(func.count()).select_from(AgoraSecond)) == 2


def test_the_button_is_swapped_by_itself(client: PageClient) -> None:
    debate = make_debate("open")
    client.sign_in(make_resident())
    part = client.post("agora.second", debate_id=debate.id, hx=True, expect=200)
    assert part.find("#seconding") is not None
    assert "<html" not in part.html


@pytest.mark.parametrize("who", ["unverified", "late"])
def test_who_cannot_oblige_is_told_why(client: PageClient, who: str) -> None:
    debate = make_debate("open")
    if who == "late":
        now = clock.now()
        debate.opened_at = debate.submitted_at = now - timedelta(days=40)
        debate.seconds_until, debate.closes_at = now - timedelta(days=1), now + timedelta(days=5)
        db.session.commit()
    client.sign_in(make_resident() if who == "late" else make_account())
    page = client.post("agora.second", debate_id=debate.id, expect=403)
    assert ("se putea cere" if who == "late" else "locuitorii verificați") in page.main_text
    assert db.session.scalar(select(func.count()).select_from(AgoraSecond)) == 0


def test_two_last_residents_at_once_start_one_clock(real_app: Flask) -> None:
    with real_app.app_context():
        debate_id = make_debate("open", seconds_needed=2).id
        people = [make_resident() for _each in range(2)]
        actors = [Actor(id=one.id, person_id=one.person_id, email_confirmed=True) for one in people]

    def ask(actor: Actor) -> None:
        with real_app.test_request_context(), unit_of_work():
            service.second(actor, debate_id, clock.now())

    threads = [Thread(target=ask, args=[actor]) for actor in actors]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with real_app.app_context():
        assert db.session.get_one(AgoraDebate, debate_id).obliged_at is not None
        assert db.session.scalar(select(func.count(Notice.id))) == 1


# --- the city hall ---------------------------------------------------------------------------------------


def test_the_answer_says_what_by_whom_and_by_when(client: PageClient) -> None:
    debate, department = make_debate("summarised"), make_department("Direcția de drumuri")
    became = make_consultation("open", clock.now(), title="Regulamentul străzilor deschise")
    client.sign_in(make_account("staff"))
    page = client.get("staff_agora.show", debate_id=debate.id)
    day = to_city(clock.now() + timedelta(days=40))
    form = {
        "answer_form-what": "Închidem strada din iunie.", "answer_form-department_id": str(department.id),
        "answer_form-by": f"{day:%d.%m.%Y}",
    }  # fmt: skip
    wrong = client.submit(page, "/answer", {**form, "answer_form-by": "12.03.2020"}, expect=422)
    assert "nu poate fi în trecut" in wrong.main_text
    assert wrong.form("/answer")["answer_form-what"] == "Închidem strada din iunie."
    elsewhere = f"https://alt.example/consultations/{became.id}"
    for address in ("/consultations/999999", elsewhere, "http://[", f"/agora/{make_debate('open').id}"):
        nowhere = client.submit(page, "/answer", {**form, "answer_form-leads_to": address}, expect=422)
        assert "nu este nicio implementare sau consultare" in nowhere.main_text
    address = f"http://localhost/consultations/{became.id}"
    client.submit(page, "/answer", {**form, "answer_form-leads_to": address})
    client.sign_out()
    shown = client.get("agora.show", debate_id=debate.id).main_text
    assert "Închidem strada din iunie." in shown
    assert "Direcția de drumuri" in shown
    assert "Primăria a răspuns" in shown
    assert "Regulamentul străzilor deschise" in shown
    assert debate.question in client.get("consultations.show", consultation_id=became.id).main_text


@pytest.mark.parametrize(
    ("state", "why"),
    [
        ("open", "Răspunsul vine după argumente"), ("closing", "Publică mai întâi rezumatul"),
        ("contested", "apoi vine răspunsul"),
    ],
)  # fmt: skip
def test_an_answer_is_to_a_summary_that_everybody_could_contest(
    client: PageClient, state: str, why: str
) -> None:
    debate = make_debate(state)
    client.sign_in(make_account("staff"))
    assert why in client.get("staff_agora.show", debate_id=debate.id).main_text
    form = {"answer_form-what": "Nu.", "answer_form-department_id": str(make_department().id)}
    client.post("staff_agora.answer", form, debate_id=debate.id, expect=409)
    assert fresh(debate).answered_at is None


def test_a_late_answer_is_said_to_be_late(client: PageClient) -> None:
    debate = oblige(make_debate("closing"), clock.now() - timedelta(hours=30))
    assert "întârzie de 2 zile" in client.get("agora.show", debate_id=debate.id).main_text
    client.sign_in(make_account("staff"))
    assert "întârzie de 2 zile" in client.get("staff.home").main_text


def test_an_end_is_moved_with_a_reason_and_never_into_the_days_of_seconding(client: PageClient) -> None:
    debate = make_debate("open")
    client.sign_in(make_account("staff"))
    page = client.get("staff_agora.show", debate_id=debate.id)

    def on(days: int) -> str:
        return f"{to_city(clock.now() + timedelta(days=days)):%d.%m.%Y} 18:00"

    early = {"end_form-closes_at": on(5), "end_form-reason": "Vacanță."}
    assert "cel mai devreme" in client.submit(page, "/end", early, expect=422).main_text
    client.submit(page, "/end", {"end_form-closes_at": on(45), "end_form-reason": "Vacanță."})
    assert "Vacanță." in client.get("agora.show", debate_id=debate.id).main_text
    page = client.get("staff_agora.show", debate_id=debate.id)
    client.submit(page, "/end", {"end_form-closes_at": on(45), "end_form-reason": "La fel."}, expect=422)
    client.submit(page, "/end", {"end_form-closes_at": on(40), "end_form-reason": "S-a terminat lucrarea."})
    told = [one.texts["ro"] for one in db.session.scalars(select(Notice).order_by(Notice.id))]
    assert [one["subject"].partition(":")[0] for one in told] == [
        "O dezbatere se încheie mai târziu",
        "O dezbatere se încheie mai devreme",
    ]
    assert "S-a terminat lucrarea." in told[1]["body"]
    with pytest.raises(IntegrityError), db.session.begin_nested():
        db.session.execute(text("UPDATE agora_debate SET closes_at = now()"))


# --- moderation ------------------------------------------------------------------------------------------


def test_a_debate_sent_back_is_changed_and_sent_again(client: PageClient) -> None:
    author = make_account()
    client.sign_in(author)
    client.post("agora.create", {**TYPED, "send": "1"})
    decide(client, "request_changes")
    assert only().submitted_at is None
    body = db.session.scalars(select(OutboxMessage.body).where(OutboxMessage.address == author.email)).all()[
        -1
    ]
    assert "Scrie mai clar" in body
    client.sign_in(author)
    page = client.get("agora.edit", debate_id=only().id)
    client.submit(page, "/edit", {"send": "1"})
    assert only().submitted_at is not None


def test_a_hidden_debate_says_why_to_its_author_and_comes_back_with_a_reason(client: PageClient) -> None:
    author = make_account()
    debate = make_debate("hidden", author)
    gone = client.get("agora.show", debate_id=debate.id, expect=410)
    assert "Un moderator a ascuns acest text Motivare: Jignitoare." in gone.main_text
    assert QUESTION not in gone.html
    client.sign_in(author)
    assert "Jignitoare." in client.get("agora.show", debate_id=debate.id).main_text
    client.sign_in(make_account("moderator"))
    page = client.get("agora.restore", debate_id=debate.id)
    assert "Scrie motivarea" in client.submit(page, "/restore", {"reason": ""}, expect=422).main_text
    client.submit(page, "/restore", {"reason": "Am greșit."})
    client.sign_out()
    assert "Am greșit." in client.get("agora.show", debate_id=debate.id).main_text


# --- the archive -----------------------------------------------------------------------------------------


def test_what_is_over_is_archived_after_its_days_and_what_is_owed_never(app: Any) -> None:
    now = clock.now()
    answered, silent, owed = make_debate("answered"), make_debate("closing"), oblige(make_debate("closing"))
    assert jobs.archive_due(now + timedelta(days=80)) == 0
    assert jobs.archive_due(now + timedelta(days=95)) == 2
    assert jobs.archive_due(now + timedelta(days=900)) == 0
    assert fresh(answered).archived_at is not None
    assert fresh(silent).archived_at is not None
    assert fresh(owed).archived_at is None


def test_the_pages_are_whole_in_english(client: PageClient) -> None:
    debate = oblige(make_debate("open"))
    client.speak("en")
    assert "verified residents of the 2 needed" in client.get("agora.show", debate_id=debate.id).main_text
    client.sign_in(make_account("staff"))
    for endpoint in ("agora.new", "staff_agora.index"):
        client.get(endpoint)
    client.get("staff_agora.show", debate_id=debate.id)

"""A meeting is announced in time with its agenda, told when it moves, put into calendars, and has its minutes."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import func, select, text
from sqlalchemy.exc import IntegrityError

from civic import clock
from civic.accounts.models import Account
from civic.clock import to_city
from civic.extensions import db
from civic.notifications.models import Notice
from consultations import queries as consultations
from consultations.meetings.models import AgendaItem, Meeting, MeetingDocument
from tests.consultations_support import make_consultation
from tests.factories import make_account, make_neighbourhood
from tests.integration.consultations.meetingkit import make_meeting
from tests.pageclient import PageClient
from tests.uploads import pdf_upload


@pytest.fixture
def staff(client: PageClient) -> Account:
    account = make_account("staff")
    client.sign_in(account)
    return account


def typed(moment: datetime) -> str:
    return f"{to_city(moment):%d.%m.%Y %H:%M}"


def plan(starts: datetime, **changes: str) -> dict[str, str]:
    return {
        "kind": "council", "title": "Ședința ordinară din mai", "starts_at": typed(starts),
        "ends_at": typed(starts + timedelta(hours=3)), "place": "Sala de consiliu", "link": "", "summary": "",
        "urgent_reason": "", "neighbourhood_id": "", "consultation_id": "", **changes,
    }  # fmt: skip


def prefixed(form: str, **values: Any) -> dict[str, Any]:
    return {f"{form}-{name}": value for name, value in values.items()}


def fresh(one: Meeting) -> Meeting:
    db.session.expire_all()
    return db.session.get_one(Meeting, one.id)


def notices() -> list[tuple[str, str]]:
    rows = db.session.scalars(select(Notice).order_by(Notice.id))
    return [(row.subject_kind, row.dedup_key) for row in rows]


# --- planning and the announcement -----------------------------------------------------------------------


def test_a_meeting_is_planned_filled_and_announced(client: PageClient, staff: Account) -> None:
    about = make_consultation("open", clock.now(), title="Tarifele de colectare")
    starts = clock.now() + timedelta(days=8)
    made = client.follow(client.post("staff_meetings.create", plan(starts, consultation_id=str(about.id))))
    one = db.session.scalars(select(Meeting)).one()
    assert "Pune cel puțin un punct pe ordinea de zi." in made.main_text
    here = {"meeting_id": one.id}
    client.post(
        "staff_meetings.add_item", prefixed("item_form", title="", consultation_id=""), expect=422, **here
    )
    client.post(
        "staff_meetings.add_item",
        prefixed("item_form", title="Proiect privind tarifele", consultation_id=str(about.id)),
        **here,
    )
    upload = {**prefixed("document_form", title="Raportul"), "document_form-file": pdf_upload()}
    client.post("staff_meetings.add_document", upload, **here)
    document = db.session.scalars(select(MeetingDocument)).one()
    client.sign_out()
    client.get("meetings.show", expect=404, **here)
    assert one.title not in client.get("meetings.index").main_text
    client.get("files.show", file_id=document.file_id, name=document.file.name, expect=403)
    client.sign_in(staff)
    client.post(
        "staff_meetings.add_document", {**upload, "document_form-file": pdf_upload()}, expect=422, **here
    )
    client.post("staff_meetings.announce", **here)
    assert fresh(one).announced_at is not None
    client.sign_out()
    shown = client.get("meetings.show", **here).main_text
    assert "Proiect privind tarifele" in shown
    assert "Raportul" in shown
    client.get("files.show", file_id=document.file_id, name=document.file.name)
    assert one.title in client.get("consultations.show", consultation_id=about.id).main_text
    assert {kind for kind, _key in notices()} == {"meeting", "consultation"}


@pytest.mark.parametrize(("kind", "days", "rule"), [("council", 3, "5 zile"), ("workshop", 2, "3 zile")])
def test_what_is_announced_too_late_is_refused_with_the_earliest_day(
    client: PageClient, staff: Account, kind: str, days: int, rule: str
) -> None:
    one = make_meeting("draft", kind=kind, starts_at=clock.now() + timedelta(days=days))
    told = client.follow(client.post("staff_meetings.announce", meeting_id=one.id)).html
    assert rule in told
    assert "Cea mai apropiată zi" in told
    assert fresh(one).announced_at is None


def test_the_council_is_convened_at_once_only_with_a_reason(client: PageClient, staff: Account) -> None:
    starts = clock.now() + timedelta(hours=5)
    wrong = client.post("staff_meetings.create", plan(starts, kind="council_urgent"), expect=422)
    assert "Scrie de ce este convocat consiliul de îndată" in wrong.main_text
    assert wrong.form("/staff/meetings/new")["place"] == "Sala de consiliu"
    client.post(
        "staff_meetings.create", plan(starts, kind="council_urgent", urgent_reason="Inundații în Colentina.")
    )
    one = db.session.scalars(select(Meeting)).one()
    client.post(
        "staff_meetings.add_item",
        prefixed("item_form", title="Ajutoare", consultation_id=""),
        meeting_id=one.id,
    )
    client.post("staff_meetings.announce", meeting_id=one.id)
    client.sign_out()
    assert "Inundații în Colentina." in client.get("meetings.show", meeting_id=one.id).main_text


@pytest.mark.parametrize(
    "changes", [{"ends_at": "01.01.2026 10:00"}, {"link": "javascript:alert(1)"}, {"consultation_id": "777"}]
)
def test_a_plan_that_cannot_be_is_refused_and_kept(
    client: PageClient, staff: Account, changes: dict[str, str]
) -> None:
    sent = plan(clock.now() + timedelta(days=9), summary="Oricine poate veni.", **changes)
    page = client.post("staff_meetings.create", sent, expect=422)
    assert page.form("/staff/meetings/new")["summary"] == "Oricine poate veni."
    assert db.session.scalars(select(Meeting)).all() == []


def test_a_plan_somebody_else_changed_is_not_overwritten(client: PageClient, staff: Account) -> None:
    one = make_meeting("draft")
    page = client.get("staff_meetings.edit", meeting_id=one.id)
    client.submit(page, "/edit", {"title": "Alt titlu"})
    client.submit(page, "/edit", {"title": "Al treilea"}, expect=409)
    assert fresh(one).title == "Alt titlu"
    announced = make_meeting()
    client.get("staff_meetings.edit", meeting_id=announced.id, expect=303)
    client.post("staff_meetings.discard", meeting_id=one.id)
    client.post("staff_meetings.discard", meeting_id=announced.id, expect=409)


# --- moved, cancelled ------------------------------------------------------------------------------------


def test_a_move_and_a_cancellation_are_told_with_their_reason(client: PageClient, staff: Account) -> None:
    one, to = make_meeting(), clock.now() + timedelta(days=12)
    moved = prefixed(
        "move_form", starts_at=typed(to), ends_at=typed(to + timedelta(hours=1)), place="Școala 7", link="",
        reason="Sala este în lucru.",
    )  # fmt: skip
    soon = {**moved, "move_form-starts_at": typed(clock.now() + timedelta(days=1))}
    page = client.post("staff_meetings.move", soon, meeting_id=one.id, expect=422)
    assert page.form("/move")["move_form-reason"] == "Sala este în lucru."
    client.post("staff_meetings.move", moved, meeting_id=one.id)
    shown = client.get("meetings.show", meeting_id=one.id).main_text
    assert "Școala 7" in shown
    assert "Sala este în lucru." in shown
    client.post("staff_meetings.cancel", prefixed("cancel_form", reason=""), meeting_id=one.id, expect=422)
    client.post("staff_meetings.cancel", prefixed("cancel_form", reason="Nu este cvorum."), meeting_id=one.id)
    client.post("staff_meetings.move", moved, meeting_id=one.id, expect=409)
    client.sign_out()
    assert "Nu este cvorum." in client.get("meetings.show", meeting_id=one.id).main_text
    assert len(notices()) == 2
    assert "STATUS:CANCELLED" in client.get("meetings.event", meeting_id=one.id).html


def test_a_cancelled_meeting_has_a_reason_whoever_writes_the_row(app: Any) -> None:
    one = make_meeting()
    with pytest.raises(IntegrityError, match="ck_meeting_cancelled_reasoned"):
        db.session.execute(text("UPDATE meeting SET cancelled_at = now() WHERE id = :id"), {"id": one.id})
    db.session.rollback()


def test_a_search_reaches_every_consultation_and_keeps_what_was_typed(
    client: PageClient, staff: Account
) -> None:
    now = clock.now()
    far = make_consultation(
        "open",
        now - timedelta(days=3),
        title="Regulamentul parcărilor din Pantelimon",
        search_text="regulamentul parcarilor din pantelimon",
    )
    for number in range(consultations.PAGE_SIZE):
        make_consultation("open", now, title=f"Alt regulament {number}")
    client.sign_in(staff)
    page = client.get("staff_meetings.create")
    assert far.title not in page.main_text
    assert "caută celelalte" in page.main_text.lower()
    filled = {
        **plan(now + timedelta(days=20)),
        "title": "Dezbatere la Pantelimon",
        "look_for": "pantelimon",
        "find": "1",
    }
    found = client.post("staff_meetings.create", filled, expect=200)
    assert far.title in found.main_text
    assert 'value="Dezbatere la Pantelimon"' in found.html
    assert "1 consultare găsită" in found.main_text
    assert db.session.scalar(select(func.count()).select_from(Meeting)) == 0, "nothing is saved by a search"
    made = {**filled, "find": "", "look_for": "", "consultation_id": str(far.id)}
    client.post("staff_meetings.create", made, expect=303)
    one = db.session.scalars(select(Meeting)).one()
    assert one.consultation_id == far.id
    assert far.title in client.get("staff_meetings.edit", meeting_id=one.id).main_text
    asked = {"item_form-look_for": "pantelimon", "item_form-find": "1", "item_form-title": "Parcări"}
    page = client.post("staff_meetings.add_item", asked, expect=200, meeting_id=one.id)
    assert far.title in page.main_text
    assert 'value="Parcări"' in page.html
    none = client.post("staff_meetings.create", {**filled, "look_for": "zzzz"}, expect=200)
    assert "0 consultări găsite" in none.main_text


def test_enter_saves_a_meeting_and_searches_only_after_words_that_were_not_searched_for(
    client: PageClient, staff: Account
) -> None:
    now = clock.now()
    for number in range(consultations.PAGE_SIZE + 1):
        make_consultation("open", now, title=f"Alt regulament {number}", search_text="alt regulament")
    client.sign_in(staff)
    page = client.get("staff_meetings.create")
    first = (
        page.html.partition('<form class="form"')[2].partition('type="submit"')[2].partition("</button>")[0]
    )
    assert 'name="find" value="enter"' in first, "Enter presses the first button of a form"
    assert "Salvează" in first
    pressed = {**plan(now + timedelta(days=20)), "find": "enter", "look_for": "regulament", "searched": ""}
    assert "21 de consultări găsite" in client.post("staff_meetings.create", pressed, expect=200).main_text
    client.post("staff_meetings.create", {**pressed, "searched": "regulament"}, expect=303)
    client.post("staff_meetings.create", {**pressed, "look_for": ""}, expect=303)
    assert db.session.scalar(select(func.count()).select_from(Meeting)) == 2


def test_what_was_announced_stays_on_the_agenda(client: PageClient, staff: Account) -> None:
    one = make_meeting()
    item = db.session.scalars(select(AgendaItem)).one()
    told = client.follow(client.post("staff_meetings.remove_item", meeting_id=one.id, item_id=item.id))
    assert "A fost anunțată" in told.html
    client.post(
        "staff_meetings.add_item",
        prefixed("item_form", title="Diverse", consultation_id=""),
        meeting_id=one.id,
    )
    assert "Adăugat pe ordinea de zi: Diverse" in client.get("meetings.show", meeting_id=one.id).main_text
    held = make_meeting("held")
    client.post(
        "staff_meetings.add_item",
        prefixed("item_form", title="x", consultation_id=""),
        meeting_id=held.id,
        expect=409,
    )


# --- the minutes -----------------------------------------------------------------------------------------


def test_minutes_and_recording_are_published_once_each(client: PageClient, staff: Account) -> None:
    one = make_meeting("held")
    assert "Procesul-verbal se publică până" in client.get("staff_meetings.show", meeting_id=one.id).main_text
    client.post("staff_meetings.minutes", prefixed("minutes_form", text=""), meeting_id=one.id, expect=422)
    wrong = prefixed("minutes_form", text="S-a votat bugetul.", recording="ftp://x")
    page = client.post("staff_meetings.minutes", wrong, meeting_id=one.id, expect=422)
    assert page.form("/minutes")["minutes_form-text"] == "S-a votat bugetul."
    sent = {**prefixed("minutes_form", text="S-a votat bugetul."), "minutes_form-file": pdf_upload("pv.pdf")}
    client.post("staff_meetings.minutes", sent, meeting_id=one.id)
    client.post(
        "staff_meetings.minutes", prefixed("minutes_form", text="Altele"), meeting_id=one.id, expect=409
    )
    client.post(
        "staff_meetings.minutes",
        prefixed("minutes_form", recording="https://video.example/1"),
        meeting_id=one.id,
    )
    client.sign_out()
    page = client.get("meetings.show", meeting_id=one.id)
    assert "S-a votat bugetul." in page.main_text
    assert "https://video.example/1" in page.html
    stored = fresh(one).minutes_file
    assert stored is not None
    client.get("files.show", file_id=stored.id, name=stored.name)


def test_minutes_wait_for_the_meeting_and_lateness_is_said(client: PageClient, staff: Account) -> None:
    one = make_meeting()
    early = client.post(
        "staff_meetings.minutes", prefixed("minutes_form", text="x"), meeting_id=one.id, expect=409
    )
    assert "Începe" in early.main_text
    now = clock.now()
    late = make_meeting("held", title="Atelier despre parc", minutes_due_at=now - timedelta(days=3))
    assert "Întârzie" in client.get("meetings.show", meeting_id=late.id).main_text
    assert "Atelier despre parc" in client.get("/staff").main_text


# --- reading ---------------------------------------------------------------------------------------------


def test_upcoming_and_past_by_area_and_kind(client: PageClient) -> None:
    here, there = make_neighbourhood("Colentina"), make_neighbourhood("Obor")
    make_meeting(title="Consiliul")
    make_meeting(title="Atelier Colentina", kind="workshop", neighbourhood_id=here.id)
    make_meeting(title="Atelier Obor", kind="workshop", neighbourhood_id=there.id)
    make_meeting("held", title="Trecută")
    make_meeting("draft", title="Taină")
    upcoming = client.get("meetings.index").main_text
    assert "Trecută" not in upcoming
    assert "Taină" not in upcoming
    assert "Trecută" in client.get("meetings.index", when="past").main_text
    area = client.get("meetings.index", area=here.slug).main_text
    assert "Atelier Colentina" in area
    assert "Consiliul" in area
    assert "Atelier Obor" not in area
    assert "Consiliul" not in client.get("meetings.index", kind="workshop").main_text
    assert "Nimic nu se potrivește" in client.get("meetings.index", kind="assembly").main_text
    assert "Atelier Colentina" in client.get("places.neighbourhood", slug=here.slug).main_text
    feed = client.get("meetings.feed", area=there.slug).html
    assert "SUMMARY:Atelier Obor" in feed
    assert "Atelier Colentina" not in feed
    assert "Taină" not in feed


def test_an_empty_list_says_what_comes_and_both_languages_speak(client: PageClient) -> None:
    assert "Nu este anunțată nicio întâlnire" in client.get("meetings.index").main_text
    one = make_meeting(title="Un titlu lung " + "foarte " * 38)
    for language, words in (("ro", "Ședință ordinară a consiliului"), ("en", "Ordinary council meeting")):
        client.speak(language)
        assert words in client.get("meetings.index").main_text
        assert words in client.get("meetings.show", meeting_id=one.id).main_text


def test_the_file_for_a_calendar_is_one(client: PageClient) -> None:
    one = make_meeting()
    answer = client.get("meetings.event", meeting_id=one.id)
    assert answer.headers["Content-Type"].startswith("text/calendar")
    assert answer.html.startswith("BEGIN:VCALENDAR\r\n")
    assert f"UID:meeting-{one.id}@localhost" in answer.html
    assert f"URL:http://localhost/meetings/{one.id}" in answer.html.replace("\r\n ", "")
    client.get("meetings.event", meeting_id=make_meeting("draft").id, expect=404)


def test_residents_lead_no_meetings(client: PageClient) -> None:
    one = make_meeting()
    client.sign_in(make_account())
    client.get("staff_meetings.show", meeting_id=one.id, expect=403)
    client.sign_in(make_account("auditor"))
    client.get("staff_meetings.show", meeting_id=one.id)
    client.post("staff_meetings.cancel", prefixed("cancel_form", reason="x"), meeting_id=one.id, expect=403)


def test_a_list_costs_the_same_however_long(client: PageClient, statements: list[str]) -> None:
    make_meeting()
    client.get("meetings.index")
    statements.clear()
    client.get("meetings.index", page=1)
    few = len(statements)
    for _each in range(4):
        make_meeting(neighbourhood_id=make_neighbourhood().id)
    statements.clear()
    client.get("meetings.index", kind="")
    assert len(statements) <= few

"""What is said at a workshop stands in its debate as said there, by no account, and counts nobody twice."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError

from civic import clock
from civic.accounts.models import Account
from civic.extensions import db
from civic.notifications.models import Notice
from consultations.agora.arguing.models import AgoraParticipant, AgoraPost
from consultations.agora.arguing.presenters import stances_of
from consultations.agora.models import AgoraDebate
from consultations.agora.workshops.models import AgoraWorkshop
from consultations.meetings.models import Meeting
from tests.factories import make_account, make_resident, save
from tests.integration.consultations.agorakit import make_debate, make_post
from tests.integration.consultations.meetingkit import make_meeting
from tests.pageclient import Page, PageClient

SAID = "Cei în vârstă vin la parc cu taxiul."


@pytest.fixture
def debate(app: Any) -> AgoraDebate:
    return make_debate("open")


@pytest.fixture
def staff(client: PageClient) -> Account:
    account = make_account("staff")
    client.sign_in(account)
    return account


def workshop(state: str = "held", **values: Any) -> Meeting:
    return make_meeting(state, **{"kind": "workshop", "title": "Atelier în parc", **values})


def tie(client: PageClient, debate: AgoraDebate, meeting: Meeting, expect: int = 303) -> Page:
    form = {"meeting_id": str(meeting.id)}
    return client.post("agora_workshops.tie", form, debate_id=debate.id, expect=expect)


def enter(
    client: PageClient, debate: AgoraDebate, meeting: Meeting, expect: int = 303, **changes: str
) -> Page:
    form = {"side": "consider", "position_id": "", "body": SAID, "source": "", "form_key": "k", **changes}
    return client.post(
        "agora_workshops.notes", form, debate_id=debate.id, meeting_id=meeting.id, expect=expect
    )


def test_what_was_said_at_a_workshop_stands_in_the_debate_as_said_there(
    client: PageClient, staff: Account, debate: AgoraDebate
) -> None:
    meeting = workshop()
    tie(client, debate, meeting)
    refused = enter(client, debate, meeting, 422, body="")
    assert refused.form("/workshops/")["side"] == "consider"
    for _twice in range(2):
        enter(client, debate, meeting)
    client.sign_in(make_resident())
    page = client.get("agora.show", debate_id=debate.id)
    post = db.session.scalars(select(AgoraPost)).one()
    shown = page.text_of(f"#post-{post.id}")
    assert "La atelierul din" in shown
    assert SAID in shown
    assert staff.display_name not in page.main_text
    assert "un argument de acolo" in page.main_text
    named = page.find(f"#post-{post.id} b a")
    assert named is not None
    assert named.get("href") == f"/meetings/{meeting.id}"
    assert debate.question in client.get("meetings.show", meeting_id=meeting.id).main_text


def test_a_workshop_is_nobodys_voice(client: PageClient, staff: Account, debate: AgoraDebate) -> None:
    meeting = workshop()
    tie(client, debate, meeting)
    enter(client, debate, meeting)
    assert stances_of(debate, clock.now()) == {}, "it is counted among no participants"
    post = db.session.scalars(select(AgoraPost)).one()
    resident = make_resident()
    client.sign_in(resident)
    client.post("arguing.judge", {"value": "1"}, post_id=post.id)
    client.post("arguing.reply", {"body": "Și eu.", "form_key": "r"}, post_id=post.id)
    assert stances_of(debate, clock.now()) == {None: 1}
    voice = db.session.scalars(
        select(AgoraParticipant).where(AgoraParticipant.meeting_id == meeting.id)
    ).one()
    voice.stance = 1
    with pytest.raises(IntegrityError):
        db.session.flush()


def test_followers_are_told_of_a_workshop_to_come_once(
    client: PageClient, staff: Account, debate: AgoraDebate
) -> None:
    coming = workshop("announced")
    tie(client, debate, coming)
    tie(client, debate, coming, 422)
    tie(client, debate, workshop("held", title="Alt atelier"))
    assert db.session.scalar(select(func.count(Notice.id))) == 1
    assert "Are un atelier, pe" in client.get("agora.show", debate_id=debate.id).main_text
    page = client.get("agora_workshops.notes", debate_id=debate.id, meeting_id=coming.id)
    assert "după ce a început" in page.main_text
    enter(client, debate, coming, 403)


def test_only_announced_workshops_are_tied_and_only_while_people_argue(
    client: PageClient, staff: Account, debate: AgoraDebate
) -> None:
    for wrong in (workshop("draft"), workshop("cancelled"), make_meeting("held")):
        tie(client, debate, wrong, 422)
    tie(client, make_debate("summarised"), workshop(), 403)
    client.sign_in(make_account("moderator"))
    tie(client, debate, workshop(), 403)
    assert db.session.scalar(select(func.count()).select_from(AgoraWorkshop)) == 0


def test_a_workshop_is_untied_until_something_said_there_is_entered(
    client: PageClient, staff: Account, debate: AgoraDebate
) -> None:
    meeting = workshop()
    tie(client, debate, meeting)
    page = client.get("agora_workshops.index", debate_id=debate.id)
    client.submit(page, "/untie")
    assert db.session.scalar(select(func.count()).select_from(AgoraWorkshop)) == 0
    tie(client, debate, meeting)
    enter(client, debate, meeting)
    client.post("agora_workshops.untie", {}, debate_id=debate.id, meeting_id=meeting.id)
    assert db.session.scalar(select(func.count()).select_from(AgoraWorkshop)) == 1


def test_the_pages_are_whole_in_english(client: PageClient, staff: Account, debate: AgoraDebate) -> None:
    client.speak("en")
    empty = client.get("agora_workshops.index", debate_id=debate.id)
    assert "There is no announced workshop" in empty.main_text
    meeting = workshop()
    make_post(debate, "position", body="Only in summer")
    tie(client, debate, meeting)
    client.get("agora_workshops.index", debate_id=debate.id)
    enter(client, debate, meeting)
    assert (
        "without the name"
        in client.get("agora_workshops.notes", debate_id=debate.id, meeting_id=meeting.id).main_text
    )
    assert "At the workshop of" in client.get("agora.show", debate_id=debate.id).main_text


def test_the_page_costs_the_same_whatever_the_workshops(
    client: PageClient, debate: AgoraDebate, statements: list[str]
) -> None:
    author = make_account("staff")

    def hold(number: int) -> None:
        meeting = workshop(
            title=f"Atelierul {number}", starts_at=clock.now() - timedelta(days=2, hours=number)
        )
        save(AgoraWorkshop(debate_id=debate.id, meeting_id=meeting.id, account_id=author.id, at=clock.now()))
        voice = save(AgoraParticipant(debate_id=debate.id, meeting_id=meeting.id, joined_at=clock.now()))
        make_post(debate, participant=voice, body=f"Spus acolo {number}")

    def cost() -> int:
        client.get("agora.show", debate_id=debate.id)
        statements.clear()
        client.get("agora.show", debate_id=debate.id)
        return len(statements)

    hold(1)
    few = cost()
    for number in range(2, 6):
        hold(number)
    assert cost() == few

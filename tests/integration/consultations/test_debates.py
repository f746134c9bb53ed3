"""Who can oblige to a debate, how early it is announced, that everyone speaks before it ends, and its minutes."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import func, select, text
from sqlalchemy.exc import IntegrityError

from civic import clock
from civic.accounts.models import Account
from civic.clock import to_city
from civic.extensions import db
from civic.format import day as write_day
from civic.notifications.models import Notice
from civic.outbox import OutboxMessage
from consultations import gates
from consultations.contributions.models import Contribution
from consultations.debates import service
from consultations.debates.models import Debate, DebateMove, DebateRequest, DebateSpeaker
from consultations.models import Consultation
from tests.consultations_support import make_consultation
from tests.factories import make_account
from tests.integration.consultations.debatekit import make_debate, make_request, make_speaker
from tests.integration.organisations import orgkit
from tests.pageclient import PageClient
from tests.uploads import pdf_upload

ASKED = "Cerem o dezbatere publică despre tarifele de colectare."


@pytest.fixture
def now() -> datetime:
    return clock.now()


@pytest.fixture
def one(app: Any, now: datetime) -> Consultation:
    return make_consultation("open", now)


@pytest.fixture
def staff(client: PageClient) -> Account:
    account = make_account("staff")
    client.sign_in(account)
    return account


def typed(moment: datetime) -> str:
    return f"{to_city(moment):%d.%m.%Y %H:%M}"


def plan(starts: datetime, prefix: str = "", **changes: str) -> dict[str, str]:
    values = {
        "starts_at": typed(starts), "place": "Sala de consiliu", "link": "", "minutes_each": "5",
        "sign_up_until": typed(starts - timedelta(hours=3)), **changes,
    }  # fmt: skip
    return {prefix + key: value for key, value in values.items()}


def here(debate: Debate) -> dict[str, int]:
    return {"consultation_id": debate.consultation_id, "debate_id": debate.id}


def fresh(debate: Debate) -> Debate:
    db.session.expire_all()
    return db.session.get_one(Debate, debate.id)


# --- the request -----------------------------------------------------------------------------------------


def test_a_constituted_association_asks_and_the_clock_runs(client: PageClient, one: Consultation) -> None:
    author = make_account()
    organisation = orgkit.verified(author, name="Asociația Verde")
    client.sign_in(author)
    page = client.get("debates.ask", consultation_id=one.id)
    assert "Asociația Verde" in page.main_text
    assert "5 zile lucrătoare" in page.main_text
    form = {"organisation_id": str(organisation.id), "text": ASKED}
    shown = client.follow(client.post("debates.ask", form, consultation_id=one.id)).main_text
    assert ASKED in shown
    assert "Asociația Verde a cerut în scris o dezbatere publică" in shown
    assert "Dezbaterea se anunță până" in shown
    row = db.session.scalars(select(DebateRequest)).one()
    assert row.announce_by > row.requested_at
    again = client.post("debates.ask", form, consultation_id=one.id, expect=409)
    assert "o dată este de ajuns" in again.main_text
    assert db.session.scalar(select(func.count(DebateRequest.id))) == 1


@pytest.mark.parametrize("speaks_for", ["nobody", "initiative group", "waiting association"])
def test_who_cannot_oblige_is_told_who_can(client: PageClient, one: Consultation, speaks_for: str) -> None:
    author = make_account()
    if speaks_for == "initiative group":
        orgkit.verified(author, legal_form="initiative_group", registration_number="")
    elif speaks_for == "waiting association":
        orgkit.waiting(author)
    client.sign_in(author)
    assert "Doar o asociație legal constituită" in client.get("debates.ask", consultation_id=one.id).main_text
    page = client.post("debates.ask", {"text": ASKED}, consultation_id=one.id, expect=403)
    assert ASKED in page.main_text
    assert db.session.scalar(select(func.count(DebateRequest.id))) == 0


def test_a_group_named_by_hand_does_not_oblige(client: PageClient, one: Consultation) -> None:
    author = make_account()
    orgkit.verified(author, name="Asociația Verde")
    group = orgkit.verified(author, name="Grupul", legal_form="initiative_group", registration_number="")
    strange = orgkit.verified(make_account(), name="Asociația Altora")
    client.sign_in(author)
    for wrong in (group, strange):
        form = {"organisation_id": str(wrong.id), "text": ASKED}
        page = client.post("debates.ask", form, consultation_id=one.id, expect=422)
        assert page.form("debate-request")["text"] == ASKED
    assert db.session.scalar(select(func.count(DebateRequest.id))) == 0


def test_a_stranger_is_asked_to_sign_in(client: PageClient, one: Consultation) -> None:
    assert "Intră în cont" in client.get("debates.ask", consultation_id=one.id).main_text
    client.speak("en")
    assert "Sign in as somebody" in client.get("debates.ask", consultation_id=one.id).main_text


@pytest.mark.parametrize(("kind", "state"), [("survey", "open"), ("draft_decision", "answering")])
def test_only_while_contributions_are_received_and_a_debate_can_be_asked_for(
    client: PageClient, now: datetime, kind: str, state: str
) -> None:
    author = make_account()
    organisation = orgkit.verified(author)
    found = make_consultation(state, now, kind=kind)
    client.sign_in(author)
    form = {"organisation_id": str(organisation.id), "text": ASKED}
    client.post("debates.ask", form, consultation_id=found.id, expect=403)
    shown = client.get("consultations.show", consultation_id=found.id).main_text
    assert "Cere o dezbatere publică" not in shown


def test_an_announcement_that_is_late_is_said_to_be_late(
    client: PageClient, one: Consultation, now: datetime
) -> None:
    due = now - timedelta(days=2)
    make_request(one, orgkit.verified(), requested_at=now - timedelta(days=9), announce_by=due)
    assert "Întârzie cu 2 zile." in client.get("consultations.show", consultation_id=one.id).main_text
    make_debate(one, announced_at=now)
    assert (
        "A fost anunțată cu 2 zile întârziere."
        in client.get("consultations.show", consultation_id=one.id).main_text
    )


# --- the announcement ------------------------------------------------------------------------------------


def test_a_debate_is_announced_and_those_who_asked_are_told(
    client: PageClient, staff: Account, one: Consultation, now: datetime
) -> None:
    author = make_account()
    make_request(one, orgkit.verified(author))
    form = plan(service.earliest_start(now) + timedelta(hours=17), link="https://video.civic.example/d")
    done = client.post("staff_debates.announce", form, consultation_id=one.id)
    assert "Anunțată" in client.follow(done).main_text
    public = client.get("consultations.show", consultation_id=one.id).main_text
    assert "Dezbatere publică anunțată pentru" in public
    assert "Sala de consiliu" in public
    kinds = select(func.count(Notice.id)).where(Notice.subject_kind == "consultation")
    assert db.session.scalar(kinds) == 1
    told = db.session.scalars(select(OutboxMessage).where(OutboxMessage.address == author.email)).all()
    assert [row.subject for row in told][1:] == [f"Dezbatere publică: {one.title}"]
    again = client.post("staff_debates.announce", form, consultation_id=one.id, expect=409)
    assert "este deja anunțată" in again.main_text


def test_too_early_a_day_is_refused_with_the_first_possible_one(
    client: PageClient, staff: Account, one: Consultation, now: datetime
) -> None:
    earliest = service.earliest_start(now)
    form = plan(earliest - timedelta(hours=4))
    page = client.post("staff_debates.announce", form, consultation_id=one.id, expect=422)
    assert f"Cea mai apropiată zi este {write_day(earliest)}" in page.main_text
    assert page.form("debates/new")["place"] == "Sala de consiliu"
    assert db.session.scalar(select(func.count(Debate.id))) == 0


@pytest.mark.parametrize(
    "changes",
    [{"place": ""}, {"link": "javascript:alert(1)"}, {"minutes_each": "0"}, {"minutes_each": "61"},
     {"sign_up_until": "01.01.2020 10:00"}, {"sign_up_until": "01.01.2099 10:00"}, {"starts_at": "mâine"}],
)  # fmt: skip
def test_a_plan_that_cannot_be_kept_is_refused(
    client: PageClient, staff: Account, one: Consultation, now: datetime, changes: dict[str, str]
) -> None:
    form = plan(service.earliest_start(now) + timedelta(days=3), **changes)
    client.post("staff_debates.announce", form, consultation_id=one.id, expect=422)
    assert db.session.scalar(select(func.count(Debate.id))) == 0


def test_moving_needs_a_reason_and_the_same_notice(client: PageClient, staff: Account, now: datetime) -> None:
    debate = make_debate()
    later = service.earliest_start(now) + timedelta(days=20)
    client.post("staff_debates.move", plan(later, "move_form-"), **here(debate), expect=422)
    soon = {**plan(now + timedelta(hours=5), "move_form-"), "move_form-reason": "Sala."}
    page = client.post("staff_debates.move", soon, **here(debate), expect=422)
    assert "Cea mai apropiată zi este" in page.main_text
    speaker = make_account()
    make_speaker(debate, 1, speaker)
    form = {**plan(later, "move_form-", place="Casa de cultură"), "move_form-reason": "Sala e în reparații."}
    client.post("staff_debates.move", form, **here(debate))
    assert db.session.scalars(select(DebateMove.old_place)).one() == "Sala de consiliu"
    public = client.get("debates.show", **here(debate)).main_text
    assert "Casa de cultură" in public
    assert "Sala e în reparații." in public
    mail = db.session.scalars(select(OutboxMessage).where(OutboxMessage.address == speaker.email)).one()
    assert "Sala e în reparații." in mail.body


def test_cancelling_needs_a_reason_that_everyone_reads(client: PageClient, staff: Account) -> None:
    debate = make_debate()
    client.post("staff_debates.cancel", {"cancel_form-reason": " "}, **here(debate), expect=422)
    client.post("staff_debates.cancel", {"cancel_form-reason": "Proiectul s-a retras."}, **here(debate))
    client.sign_out()
    assert "Proiectul s-a retras." in client.get("debates.show", **here(debate)).main_text
    assert fresh(debate).cancelled_at is not None
    client.sign_in(staff)
    client.post("staff_debates.cancel", {"cancel_form-reason": "Iar."}, **here(debate), expect=409)


# --- speakers --------------------------------------------------------------------------------------------


def test_people_sign_up_and_withdraw(client: PageClient, now: datetime) -> None:
    debate, author = make_debate(), make_account(display_name="Ana Pop")
    client.sign_in(author)
    page = client.get("debates.show", **here(debate))
    assert page.form("sign-up")["name"] == "Ana Pop"
    client.post("debates.sign_up", {"name": " "}, **here(debate), expect=422)
    shown = client.follow(client.post("debates.sign_up", {"name": "Ana Pop"}, **here(debate)))
    assert "Ești pe lista vorbitorilor" in shown.main_text
    client.post("debates.sign_up", {"name": "Ana Pop"}, **here(debate), expect=409)
    client.post("debates.withdraw", **here(debate))
    client.post("debates.withdraw", **here(debate), expect=409)
    client.post("debates.sign_up", {"name": "Ana Pop"}, **here(debate))
    states = db.session.scalars(select(DebateSpeaker.state).order_by(DebateSpeaker.position)).all()
    assert states == ["withdrawn", "waiting"]


def test_one_signs_up_for_ones_own_organisation_alone(client: PageClient) -> None:
    debate, author = make_debate(), make_account()
    ours = orgkit.verified(author, name="Asociația Verde")
    strange = orgkit.verified(make_account(), name="Asociația Altora")
    client.sign_in(author)
    form = {"name": "Ana Pop", "organisation_id": str(strange.id)}
    client.post("debates.sign_up", form, **here(debate), expect=422)
    client.post("debates.sign_up", {**form, "organisation_id": str(ours.id)}, **here(debate))
    assert "Asociația Verde" in client.get("debates.show", **here(debate)).main_text


def test_after_the_last_day_nobody_signs_up_but_staff_may_enter(
    client: PageClient, staff: Account, now: datetime
) -> None:
    debate = make_debate(sign_up_until=now - timedelta(minutes=1))
    page = client.post("debates.sign_up", {"name": "Ana"}, **here(debate), expect=409)
    assert "te puteai înscrie la cuvânt până" in page.main_text.lower()
    client.post("staff_debates.enter", {"speaker_form-name": "Dan Ene"}, **here(debate))
    assert "Dan Ene" in client.get("debates.show", **here(debate)).main_text
    printed = client.get("staff_debates.printed", **here(debate)).main_text
    assert "Dan Ene" in printed
    client.post("staff_debates.enter", {"speaker_form-name": ""}, **here(debate), expect=422)


def test_staff_change_the_order_with_plain_buttons(client: PageClient, staff: Account) -> None:
    debate = make_debate()
    first, second, third = (make_speaker(debate, place) for place in (1, 2, 3))
    client.post("staff_debates.reorder", {"to": "up"}, **here(debate), speaker_id=third.id)
    client.post("staff_debates.reorder", {"to": "up"}, **here(debate), speaker_id=first.id)
    client.post("staff_debates.reorder", {"to": "down"}, **here(debate), speaker_id=first.id)
    db.session.expire_all()
    order = db.session.scalars(select(DebateSpeaker.id).order_by(DebateSpeaker.position)).all()
    assert order == [third.id, first.id, second.id]
    client.post("staff_debates.withdraw", **here(debate), speaker_id=third.id)
    assert "Vorbitor 3" not in client.get("debates.show", **here(debate)).main_text


# --- holding it ------------------------------------------------------------------------------------------


def test_the_debate_ends_only_when_everyone_has_spoken(client: PageClient, staff: Account) -> None:
    debate = make_debate(state="going")
    first, second = make_speaker(debate, 1), make_speaker(debate, 2)
    over = {"end_form-attendance": "23"}
    page = client.post("staff_debates.end", over, **here(debate), expect=422)
    assert "2 vorbitori înscriși nu au luat cuvântul" in page.main_text
    said = {"state": "spoken", "note": "Tarifele să scadă pentru blocurile mici."}
    client.post("staff_debates.mark", said, **here(debate), speaker_id=first.id)
    client.post("staff_debates.end", over, **here(debate), expect=422)
    absent = {"state": "absent", "note": "A spus ceva."}
    client.post("staff_debates.mark", absent, **here(debate), speaker_id=second.id, expect=422)
    client.post("staff_debates.mark", {"state": "absent"}, **here(debate), speaker_id=second.id)
    shown = client.follow(client.post("staff_debates.end", over, **here(debate))).main_text
    assert "23" in shown
    assert "10 zile" in shown
    ended = fresh(debate)
    assert ended.minutes_due_at is not None
    client.post("staff_debates.mark", said, **here(debate), speaker_id=first.id, expect=409)


def test_nothing_is_noted_before_it_begins(client: PageClient, staff: Account) -> None:
    debate = make_debate()
    speaker = make_speaker(debate)
    assert "Începe pe" in client.get("staff_debates.mark", **here(debate), speaker_id=speaker.id).main_text
    said = {"state": "spoken", "note": "Ceva."}
    client.post("staff_debates.mark", said, **here(debate), speaker_id=speaker.id, expect=409)
    client.post("staff_debates.end", {"end_form-attendance": "1"}, **here(debate), expect=409)


def test_what_was_said_becomes_a_contribution_with_a_number_never_late(
    client: PageClient, staff: Account, now: datetime
) -> None:
    found = make_consultation("answering", now)
    debate, author = make_debate(found, "going"), make_account()
    speaker = make_speaker(debate, 1, author, name="Ana Pop", state="spoken", note="Mai multe pubele.")
    empty = make_speaker(debate, 2, state="spoken")
    client.post("staff_debates.register_note", **here(debate), speaker_id=speaker.id)
    entry = db.session.scalars(select(Contribution)).one()
    assert (entry.channel, entry.author_name, entry.account_id) == ("debate", "Ana Pop", author.id)
    assert (entry.body, entry.late, entry.registered_by_id) == ("Mai multe pubele.", False, staff.id)
    client.post("staff_debates.register_note", **here(debate), speaker_id=speaker.id, expect=409)
    client.post("staff_debates.register_note", **here(debate), speaker_id=empty.id, expect=409)
    client.post("staff_debates.mark", {"state": "absent"}, **here(debate), speaker_id=speaker.id, expect=409)
    assert entry.reference in client.get("debates.show", **here(debate)).main_text


# --- the minutes and the report --------------------------------------------------------------------------


def test_minutes_are_published_as_text_and_file_and_stay(client: PageClient, staff: Account) -> None:
    debate = make_debate(state="held")
    client.post("staff_debates.minutes", {"minutes_form-text": ""}, **here(debate), expect=422)
    wrong = {"minutes_form-text": "Minuta.", "minutes_form-recording": "ftp://x"}
    page = client.post("staff_debates.minutes", wrong, **here(debate), expect=422)
    assert page.form("/minutes")["minutes_form-text"] == "Minuta."
    upload = pdf_upload()
    form = {"minutes_form-text": "S-a discutat.", "minutes_form-file": (upload.stream, "minuta.pdf")}
    client.post("staff_debates.minutes", form, **here(debate))
    more = {"minutes_form-recording": "https://video.civic.example/7"}
    client.post("staff_debates.minutes", more, **here(debate))
    client.post("staff_debates.minutes", {"minutes_form-text": "Alta."}, **here(debate), expect=409)
    client.sign_out()
    page = client.get("debates.show", **here(debate))
    assert "S-a discutat." in page.main_text
    assert "https://video.civic.example/7" in page.html
    file = client.get("consultations.show", consultation_id=debate.consultation_id).main_text
    assert "Minuta dezbaterii publice din" in file


def test_minutes_that_are_late_are_said_to_be_late(client: PageClient, now: datetime) -> None:
    debate = make_debate(state="held", minutes_due_at=now - timedelta(days=3))
    assert "Întârzie cu 3 zile." in client.get("debates.show", **here(debate)).main_text


def test_no_minutes_before_the_end(client: PageClient, staff: Account) -> None:
    debate = make_debate(state="going")
    client.post("staff_debates.minutes", {"minutes_form-text": "Minuta."}, **here(debate), expect=409)


def test_the_report_waits_for_the_debate_and_for_its_minutes(app: Any, now: datetime) -> None:
    found = make_consultation("answering", now)
    make_request(found, orgkit.verified(name="Asociația Verde"), requested_at=now - timedelta(days=35))
    with app.test_request_context():
        assert any("Asociația Verde" in one for one in gates.reasons(found, now))
        cancelled = make_debate(found, cancelled_at=now, cancelled_reason="Sala.")
        assert any("Asociația Verde" in one for one in gates.reasons(found, now)), cancelled.id
        held = make_debate(found, "held")
        assert ["nu are minută" in one for one in gates.reasons(found, now)] == [True]
        held.minutes_text, held.minutes_at = "Minuta.", now
        db.session.flush()
        assert gates.reasons(found, now) == []
        make_debate(found)
        assert ["nu s-a încheiat" in one for one in gates.reasons(found, now)] == [True]


def test_the_database_keeps_one_planned_debate_and_reasons(app: Any, one: Consultation) -> None:
    debate = make_debate(one)
    with pytest.raises(IntegrityError, match="uq_debate_consultation_id"), db.session.begin_nested():
        make_debate(one)
    change = text("UPDATE debate SET cancelled_at = now() WHERE id = :id").bindparams(id=debate.id)
    with pytest.raises(IntegrityError, match="cancelled_reasoned"), db.session.begin_nested():
        db.session.execute(change)


def test_residents_lead_no_debate(client: PageClient) -> None:
    debate = make_debate()
    client.sign_in(make_account())
    client.get("staff_debates.show", **here(debate), expect=403)
    client.post("staff_debates.cancel", {"cancel_form-reason": "x"}, **here(debate), expect=403)


def test_the_page_takes_as_many_questions_for_ten_speakers_as_for_two(
    client: PageClient, statements: Any
) -> None:
    few, many = make_debate(), make_debate()
    for debate, number in ((few, 2), (many, 10)):
        for place in range(1, number + 1):
            make_speaker(debate, place)
    counts = []
    for debate in (few, many):
        client.get("debates.show", **here(debate))
        statements.clear()
        client.get("debates.show", **here(debate))
        counts.append(len(statements))
    assert counts[0] == counts[1]

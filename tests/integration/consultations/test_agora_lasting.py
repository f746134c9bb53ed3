"""Who comes back reads what changed; who is missing is seen without naming anybody, and invited once."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select

from civic import clock
from civic.accounts import leaving
from civic.accounts.describing.models import SelfDescription
from civic.extensions import db
from civic.moderation import service as moderation
from civic.moderation.rules import Decision, Why
from civic.notifications.models import Follow, MailChoice
from civic.outbox import OutboxMessage
from civic.population.models import PopulationFigure
from civic.unit_of_work import unit_of_work
from consultations.agora import jobs as agora_jobs
from consultations.agora.arguing.models import AgoraPost
from consultations.agora.lasting import jobs, queries, service
from consultations.agora.lasting.models import AgoraInvitation, AgoraVisit
from consultations.agora.models import AgoraDebate
from consultations.agora.statements.models import AgoraStatement
from tests.factories import make_account, make_department, make_neighbourhood, make_resident, save
from tests.integration.consultations.agorakit import make_debate, make_participant, make_post, make_statement
from tests.pageclient import PageClient


@pytest.fixture
def debate(app: Any) -> AgoraDebate:
    return make_debate("open", with_statements=True)


def visits() -> int:
    return db.session.scalar(select(func.count()).select_from(AgoraVisit)) or 0


def been(account: Any, hours: int) -> None:
    """Let a visit have been so many hours ago."""
    visit = db.session.scalars(select(AgoraVisit).where(AgoraVisit.account_id == account.id)).one()
    visit.at -= timedelta(hours=hours)
    visit.since = min(visit.since, visit.at)
    db.session.commit()


def digest(client: PageClient, debate: AgoraDebate) -> str:
    page = client.get("agora.show", debate_id=debate.id)
    return page.text_of("#digest") if "digest-title" in page.html else ""


# --- what changed ----------------------------------------------------------------------------------------


def test_who_comes_back_reads_what_changed(client: PageClient, debate: AgoraDebate) -> None:
    reader = make_resident()
    me = make_participant(debate, reader)
    mine = make_post(debate, participant=me, created_at=clock.now() - timedelta(hours=20))
    client.sign_in(reader)
    assert digest(client, debate) == "", "on a first visit everything is new, so nothing is"
    been(reader, 10)
    make_post(debate, body="Nou", created_at=clock.now() - timedelta(hours=2))
    make_post(debate, participant=me, body="Tot al meu")
    make_post(debate, "reply", parent_id=mine.id, parent_kind="argument", body="Nu cred.")
    make_post(debate, body="Vechi", created_at=clock.now() - timedelta(hours=12))
    make_post(debate, body="Ascuns", state="hidden")
    make_statement(debate, "Numai vara.")
    for _twice in range(2):
        shown = digest(client, debate)
        assert "Un argument nou" in shown
        assert "Un răspuns la argumentele tale" in shown
        assert "O afirmație nouă" in shown
        assert "către ceilalți" not in shown, "a page opened again is of the same visit"
    for one in (*db.session.scalars(select(AgoraPost)), *db.session.scalars(select(AgoraStatement))):
        one.created_at -= timedelta(hours=5)
    been(reader, 1)
    assert digest(client, debate) == "", "what was read on the last visit is no news"


def test_what_a_moderator_let_through_since_is_new_however_old_it_is(
    client: PageClient, debate: AgoraDebate
) -> None:
    reader, old = make_resident(), clock.now() - timedelta(hours=20)
    make_participant(debate, reader)
    client.sign_in(reader)
    post = make_post(debate, body="Scris demult", state="held", created_at=old)
    case = moderation.open_case("agora_post", post.id, Why.NEW, old)
    client.get("agora.show", debate_id=debate.id)
    been(reader, 2)
    assert digest(client, debate) == ""
    been(reader, 2)
    moderation.decide(make_account("moderator").as_actor(), case.id, Decision.PUBLISH, clock.now())
    db.session.commit()
    assert "Un argument nou" in digest(client, debate)


def test_whoever_only_reads_leaves_no_trace(client: PageClient, debate: AgoraDebate) -> None:
    client.get("agora.show", debate_id=debate.id)
    reader = make_resident()
    client.sign_in(reader)
    client.get("agora.show", debate_id=debate.id)
    assert visits() == 0
    save(Follow(account_id=reader.id, subject_kind="agora", subject_id=debate.id, since=clock.now()))
    client.get("agora.show", debate_id=debate.id)
    assert visits() == 1


def test_visits_are_forgotten_with_the_debate_and_with_the_account(app: Flask, client: PageClient) -> None:
    debate, other = make_debate("answered"), make_debate("open")
    reader = make_resident()
    client.sign_in(reader)
    for each in (debate, other):
        make_participant(each, reader)
        client.get("agora.show", debate_id=each.id)
    assert visits() == 2
    assert agora_jobs.archive_due(clock.now() + timedelta(days=400)) >= 1
    client.get("agora.show", debate_id=debate.id)
    assert debate.id not in set(db.session.scalars(select(AgoraVisit.debate_id)))
    leaving.forget(reader, clock.now())
    assert visits() == 0


def test_the_digest_costs_the_same_whatever_is_new(
    client: PageClient, debate: AgoraDebate, statements: list[str]
) -> None:
    reader = make_resident()
    make_participant(debate, reader)
    client.sign_in(reader)
    client.get("agora.show", debate_id=debate.id)
    been(reader, 5)
    author = make_participant(debate)

    def cost() -> int:
        statements.clear()
        assert "Ce s-a schimbat" in client.get("agora.show", debate_id=debate.id).main_text
        return len(statements)

    make_post(debate, participant=author)
    cost()
    few = cost()
    for number in range(5):
        make_post(debate, participant=author, body=f"Alt argument {number}")
        make_statement(debate, f"Afirmația {number}", participant=author)
    assert cost() == few


# --- health ----------------------------------------------------------------------------------------------


def fill(debate: AgoraDebate, area: Any, number: int) -> None:
    """So many people of an area who have taken part since before yesterday."""
    since = clock.now() - timedelta(days=2)
    for _each in range(number):
        one = make_participant(debate, make_account(neighbourhood_id=area.id if area else None))
        one.joined_at = since
    db.session.commit()


def rows(client: PageClient, debate: AgoraDebate) -> dict[str, list[str]]:
    page = client.get("agora_health.show", debate_id=debate.id)
    found = {}
    for row in page.all("tr")[1:]:
        cells = [" ".join("".join(cell.itertext()).split()) for cell in row]
        found[cells[0].removesuffix(" Lipsește")] = [*cells[1:], "quiet" if "Lipsește" in cells[0] else ""]
    return found


def test_no_figure_is_of_a_handful(client: PageClient, debate: AgoraDebate) -> None:
    names = {"Obor": 60, "Tei": 6, "Vatra": 2, "Iancului": 3}
    for name, people in names.items():
        fill(debate, make_neighbourhood(name, population=1000), people)
    department = make_department()
    official = make_participant(
        debate, make_account("staff"), function="Inginer", department_id=department.id
    )
    official.joined_at = clock.now() - timedelta(days=2)
    db.session.commit()
    client.sign_in(make_account("moderator"))
    shown = rows(client, debate)
    assert (shown["Obor"][0], shown["Tei"][0]) == ("60", "6")
    assert {shown[name][0] for name in ("Vatra", "Iancului", "Cartier necunoscut")} == {
        "sub 5 sau nu se arată"
    }
    assert shown["Tei"][-1] == "quiet", "six of sixty-six where a quarter lives"
    assert shown["Vatra"][-1] == "", "of what is not shown nobody says that it is missing"


def test_todays_steps_are_not_in_todays_figures(client: PageClient, debate: AgoraDebate) -> None:
    area = make_neighbourhood("Obor", population=1000)
    fill(debate, area, 6)
    fill(debate, None, 7)
    client.sign_in(make_account("staff"))
    before = rows(client, debate)["Obor"][0]
    make_participant(debate, make_account(neighbourhood_id=area.id))
    assert rows(client, debate)["Obor"][0] == before == "6"


def test_the_ages_people_said_are_counted_from_ten_on(client: PageClient, debate: AgoraDebate) -> None:
    client.sign_in(make_account("staff"))
    joined = clock.now() - timedelta(days=2)

    def take_part(band: str, many: int) -> None:
        for _each in range(many):
            account = make_account()
            make_participant(debate, account).joined_at = joined
            save(SelfDescription(account_id=account.id, age_band=band, given_at=joined))

    take_part("16-24", 3)
    page = client.get("agora_health.show", debate_id=debate.id).main_text
    assert "nu se poate arăta nicio cifră" in page
    take_part("65+", 12)
    take_part("35-44", 11)
    shown = rows(client, debate)
    assert shown["65 de ani sau mai mult"][0] == "12"
    assert shown["16–24 de ani"][0] == shown["Nu au spus"][0] == "sub 10 sau nu se arată"


def test_the_health_of_a_debate_is_for_moderators_and_staff(client: PageClient, debate: AgoraDebate) -> None:
    argued = make_post(debate)
    make_post(
        debate, "reply", parent_id=argued.id, parent_kind="argument", body="Verificăm.", function="Inginer",
        department_id=make_department().id,
    )  # fmt: skip
    client.sign_in(make_resident())
    client.get("agora_health.show", debate_id=debate.id, expect=403)
    client.sign_in(make_account("moderator"))
    page = client.get("agora_health.show", debate_id=debate.id)
    assert "100 % (1 din 1)" in page.main_text.replace("\xa0", " ")
    assert "Calmă" in page.main_text
    assert "Numai angajații primăriei invită" in page.main_text
    client.speak("en")
    client.get("agora_health.show", debate_id=debate.id)
    client.get("agora_health.show", debate_id=make_debate("waiting").id, expect=404)


# --- invitations -----------------------------------------------------------------------------------------


def follow_area(area: Any, **values: Any) -> Any:
    account = make_account(**values)
    save(Follow(
        account_id=account.id, subject_kind="neighbourhood", subject_id=area.id, since=clock.now() - timedelta(days=1)
    ))  # fmt: skip
    return account


def invite(client: PageClient, debate: AgoraDebate, area: Any, expect: int = 303) -> None:
    client.post("agora_health.invite", {}, debate_id=debate.id, area_id=area.id, expect=expect)


def letters() -> list[str]:
    wanted = select(OutboxMessage.address).where(OutboxMessage.dedup_key.like("agora-invite:%"))
    return sorted(db.session.scalars(wanted))


def test_a_quiet_area_is_invited_once(client: PageClient, debate: AgoraDebate) -> None:
    quiet, other, loud = (make_neighbourhood(name, population=1000) for name in ("Vatra", "Tei", "Obor"))
    for area, people in ((loud, 20), (quiet, 3), (other, 2)):
        fill(debate, area, people)
    told = follow_area(quiet)
    takes_part, silent = follow_area(quiet), follow_area(quiet)
    make_participant(debate, takes_part)
    save(MailChoice(account_id=silent.id, wants_mail=False, changed_at=clock.now()))
    save(
        Follow(
            account_id=told.id,
            subject_kind="neighbourhood",
            subject_id=other.id,
            since=clock.now() - timedelta(days=1),
        )
    )
    follow_area(loud)
    client.sign_in(make_account("staff"))
    for area in (quiet, other, quiet, loud):
        invite(client, debate, area)
    assert db.session.scalar(select(func.count(AgoraInvitation.id))) == 2
    for _twice in range(2):
        jobs.tell_invited(clock.now())
    assert letters() == [told.email], (
        "not twice to who follows two areas, not to who takes part or wants no mail"
    )
    assert "Trimisă pe" in rows(client, debate)["Vatra"][3]
    message = db.session.scalars(select(OutboxMessage).where(OutboxMessage.address == told.email)).one()
    assert f"/agora/{debate.id}" in message.body
    assert message.stop_url is not None


def of_age(account: Any, band: str) -> Any:
    save(SelfDescription(account_id=account.id, age_band=band, given_at=clock.now()))
    return account


def test_an_age_that_is_missing_is_invited_by_segments_of_ten_or_more(
    client: PageClient, debate: AgoraDebate
) -> None:
    tei, obor = make_neighbourhood("Tei", population=1000), make_neighbourhood("Obor", population=1000)
    for year, (first, last, people) in enumerate(((16, 24, 4000), (25, 64, 4000), (65, None, 2000))):
        save(PopulationFigure(
            import_key=str(year), year=2025, age_from=first, age_to=last, inhabitants=people, changed_at=clock.now()
        ))  # fmt: skip
    since = clock.now() - timedelta(days=2)
    for band, many in (("16-24", 12), ("25-34", 10), ("35-44", 30), ("65+", 40)):
        for _each in range(many):
            make_participant(debate, of_age(make_account(), band)).joined_at = since
    young = [of_age(follow_area(tei), "16-24") for _each in range(10)]
    of_age(follow_area(obor), "16-24")
    of_age(follow_area(tei), "65+")
    follow_area(tei)
    client.sign_in(make_account("staff"))
    shown = rows(client, debate)
    assert shown["16–24 de ani"][:3] == ["12", "15 %", "40 %"]
    assert shown["16–24 de ani"][-1] == "quiet"
    assert shown["65 de ani sau mai mult"][-1] == ""

    def ask(band: str, area: Any = None) -> str:
        data = {"age_band": band, "neighbourhood_id": str(area.id) if area else ""}
        return client.follow(client.post("agora_health.invite_age", data, debate_id=debate.id)).main_text

    assert "participă deja" in ask("65+")
    assert "ar putea fi recunoscuți" in ask("16-24", obor)
    assert "Alege una dintre variante" in ask("nouăzeci")
    assert "Trimisă celor care" in ask("16-24", tei)
    assert "au mai fost invitați" in ask("16-24", tei)
    jobs.tell_invited(clock.now())
    assert letters() == sorted(one.email for one in young)
    assert "Trimisă celor care" in ask("16-24")
    jobs.tell_invited(clock.now())
    assert len(letters()) == 11, "who was written to once is not written to again"
    message = db.session.scalars(select(OutboxMessage).where(OutboxMessage.address == young[0].email)).one()
    assert "16–24 de ani" in message.body
    assert "Tot sectorul" in client.get("agora_health.show", debate_id=debate.id).main_text
    client.sign_in(make_account("moderator"))
    client.post("agora_health.invite_age", {"age_band": "16-24"}, debate_id=debate.id, expect=403)


def test_only_staff_invite_and_only_to_an_open_debate(client: PageClient, debate: AgoraDebate) -> None:
    area = make_neighbourhood("Vatra")
    follow_area(area)
    client.sign_in(make_account("moderator"))
    invite(client, debate, area, 403)
    client.sign_in(make_account("staff"))
    invite(client, make_debate("closing"), area, 403)
    invite(client, debate, area)
    debate.hidden_at, debate.hidden_reason = clock.now(), "Ceva."
    db.session.commit()
    jobs.tell_invited(clock.now())
    assert letters() == []
    assert queries.list_unfinished() == []


@pytest.fixture
def context(real_app: Flask) -> Iterator[Flask]:
    with real_app.app_context():
        yield real_app


def test_a_worker_killed_between_batches_loses_nobody_and_tells_nobody_twice(
    context: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    debate, area = make_debate("open"), make_neighbourhood("Vatra")
    expected = sorted(follow_area(area).email for _each in range(5))
    with unit_of_work():
        service.invite(make_account("staff").as_actor(), debate.id, area.id, clock.now())
    monkeypatch.setattr(service, "BATCH", 2)
    told, calls = service.tell_next_batch, []

    def killed(*given: Any) -> int:
        calls.append(1)
        done = told(*given)
        if len(calls) == 2:
            raise KeyboardInterrupt
        return done

    monkeypatch.setattr(service, "tell_next_batch", killed)
    with pytest.raises(KeyboardInterrupt):
        jobs.tell_invited(clock.now())
    db.session.rollback()
    assert len(letters()) == 2
    jobs.tell_invited(clock.now())
    jobs.tell_invited(clock.now())
    assert letters() == expected


def test_a_neighbourhood_can_be_followed(client: PageClient) -> None:
    area, resident = make_neighbourhood("Vatra"), make_resident()
    client.sign_in(resident)
    page = client.get("places.neighbourhood", slug=area.slug)
    client.submit(page, f"/follows/neighbourhood/{area.id}")
    assert "Vatra" in client.get("notifications.index").main_text

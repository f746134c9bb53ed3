"""The council's records: who voted how, which majority it took, what contradicts what; a secret vote has no names."""

from datetime import date
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import insert, select, text
from sqlalchemy.exc import IntegrityError, ProgrammingError

from civic import clock, timeline
from civic.council import queries, service
from civic.council.models import CouncilMember, CouncilSitting, CouncilVote, VoteCast
from civic.errors import Invalid
from civic.extensions import db
from tests import factories
from tests.integration.imports.importkit import counts, decision, loaded, table
from tests.pageclient import PageClient

HELD = date(2026, 3, 12)
NAMES = ("Ana Pop", "Ion Rus", "Vlad Mureșan", "Elena Șerban", "Dan Ardelean")


@pytest.fixture
def staff(app: Flask, client: PageClient) -> Any:
    account = factories.make_account("staff")
    client.sign_in(account)
    return account.as_actor()


@pytest.fixture
def members(staff: Any) -> list[CouncilMember]:
    made = [
        service.save_member(staff, None, service.Mandate(name, date(2024, 10, 28)), clock.now())
        for name in NAMES
    ]
    past = service.Mandate("Maria Veche", date(2020, 10, 28), date(2024, 10, 27), "Partidul Vechi")
    service.save_member(staff, None, past, clock.now())
    db.session.commit()
    return made


@pytest.fixture
def sitting(staff: Any, members: list[CouncilMember]) -> CouncilSitting:
    one = service.save_sitting(staff, None, service.Held("ordinary", HELD, "Sala mare"), clock.now())
    db.session.commit()
    return one


def put(staff: Any, sitting: CouncilSitting, title: str = "Parcul nou", **more: Any) -> CouncilVote:
    one = service.save_point(staff, sitting.id, None, service.Point(title, **more), clock.now())
    db.session.commit()
    return one


def roll(members: list[CouncilMember], *others: str) -> dict[int, str]:
    """Everybody for, but the first ones as told."""
    told = dict(zip((one.id for one in members), others, strict=False))
    return {one.id: told.get(one.id, "for") for one in members}


def test_a_vote_is_written_down_by_form_with_everybody_for_at_first(
    client: PageClient, staff: Any, sitting: CouncilSitting, members: list[CouncilMember]
) -> None:
    service.record_attendance(staff, sitting.id, {members[4].id: "absent"}, clock.now())
    vote = put(staff, sitting)
    page = client.get("council_staff.vote", vote_id=vote.id)
    chosen = [one.get("value") for one in page.all("option") if one.get("selected") is not None]
    assert chosen[:5].count("for") == 4
    assert "absent" in chosen
    assert "Toți cei prezenți sunt trecuți" in page.main_text
    sent = {f"m-{number}": choice for number, choice in roll(members, "against", "abstained").items()}
    client.post("council_staff.roll", vote_id=vote.id, data=sent, expect=303)
    assert "Toți cei prezenți sunt trecuți" not in client.get("council_staff.vote", vote_id=vote.id).main_text
    page = client.get("council.vote", vote_id=vote.id)
    assert "Majoritatea a fost întrunită" in page.main_text
    assert "Voturi pentru: 3. Erau necesare cel puțin 3, din 5." in page.main_text
    assert (
        "Voturi împotrivă (1): Dan Ardelean" in page.main_text or "împotrivă (1): Ana Pop" in page.main_text
    )
    assert "Voturi pentru: 3 · Voturi împotrivă: 1 · " in client.get("council.votes").main_text
    page = client.post("council_staff.roll", vote_id=vote.id, data=sent, expect=422)
    assert "Scrie de ce o corectezi" in page.main_text


def test_what_the_minutes_state_against_the_names_is_shown(
    client: PageClient, staff: Any, sitting: CouncilSitting, members: list[CouncilMember]
) -> None:
    vote = put(staff, sitting, majority="two_thirds")
    service.record_votes(staff, vote.id, service.Roll(roll(members, "against"), {"for": 5}), clock.now())
    page = client.get("council.vote", vote_id=vote.id)
    assert "Voturi pentru: procesul-verbal spune 5, numele însumează 4." in page.main_text
    assert "Erau necesare cel puțin 4, din 5." in page.main_text
    assert "art. 139 alin. (2)" in page.main_text
    service.record_votes(
        staff, vote.id, service.Roll(roll(members, "against", "against"), {}, "Numărat greșit"), clock.now()
    )
    assert "Majoritatea nu a fost întrunită" in client.get("council.vote", vote_id=vote.id).main_text
    told = [event.reason for event in timeline.list_events(service.SITTING, sitting.id) if event.reason]
    assert told == ["Numărat greșit"]


def test_a_secret_vote_keeps_no_name(
    client: PageClient, staff: Any, sitting: CouncilSitting, members: list[CouncilMember]
) -> None:
    vote = put(staff, sitting, secret=True)
    with pytest.raises(Invalid):
        service.record_votes(staff, vote.id, service.Roll(roll(members), {"for": 4}), clock.now())
    service.record_votes(staff, vote.id, service.Roll({}, {"for": 3, "against": 2}), clock.now())
    page = client.get("council.vote", vote_id=vote.id)
    assert "Votul a fost secret: există totaluri, nu și nume." in page.main_text
    with pytest.raises(IntegrityError), db.session.begin_nested():
        db.session.execute(
            insert(VoteCast).values(vote_id=vote.id, member_id=members[0].id, choice="for", secret=False)
        )


def test_only_those_with_a_mandate_that_day_vote(
    staff: Any, sitting: CouncilSitting, members: list[CouncilMember]
) -> None:
    past = db.session.scalars(select(CouncilMember).where(CouncilMember.name == "Maria Veche")).one()
    vote = put(staff, sitting)
    with pytest.raises(Invalid):
        service.record_votes(staff, vote.id, service.Roll({past.id: "for"}), clock.now())


def test_a_member_page_says_what_it_rests_on(
    client: PageClient, staff: Any, sitting: CouncilSitting, members: list[CouncilMember]
) -> None:
    one = members[0]
    assert "Încă nicio evidență" in client.get("council.member", member_id=one.id).main_text
    vote = put(staff, sitting, signers=(one.id,))
    service.record_votes(staff, vote.id, service.Roll(roll(members, "against")), clock.now())
    service.record_attendance(staff, sitting.id, {one.id: "present"}, clock.now())
    db.session.commit()
    form = {"q-kind": "interpellation", "q-asked_on-day": "", "q-asked": "De ce întârzie parcul?"}
    client.post("council_staff.question", member_id=one.id, data=form, expect=422)
    service.save_question(
        staff, one.id, None, service.Asked("interpellation", HELD, "De ce întârzie parcul?"), clock.now()
    )
    db.session.commit()
    page = client.get("council.member", member_id=one.id)
    assert "din 12 martie 2026 până în 12 martie 2026" in page.main_text
    assert "A votat împotrivă: 1" in page.main_text
    assert "De ce întârzie parcul?" in page.main_text
    assert "Proiecte semnate Parcul nou" in page.main_text
    assert "Maria Veche" not in client.get("council.members").main_text
    assert "Maria Veche" in client.get("council.members", who="all").main_text


def test_votes_are_narrowed_and_cost_the_same(
    client: PageClient,
    staff: Any,
    sitting: CouncilSitting,
    members: list[CouncilMember],
    statements: list[str],
) -> None:
    first = put(staff, sitting, "Primul", dimension="services")
    service.record_votes(staff, first.id, service.Roll(roll(members, "against")), clock.now())
    db.session.commit()
    client.get("council.votes")
    statements.clear()
    client.get("council.votes")
    alone = len(statements)
    for number in range(4):
        vote = put(staff, sitting, f"Altul {number}")
        service.record_votes(staff, vote.id, service.Roll(roll(members)), clock.now())
    db.session.commit()
    statements.clear()
    page = client.get("council.votes")
    assert len(statements) == alone
    assert "5 rezultate" in page.main_text
    page = client.get("council.votes", member=members[0].id, choice="against")
    assert ("Primul" in page.main_text, "Altul" in page.main_text) == (True, False)
    assert "Altul" not in client.get("council.votes", dimension="services", year=2026).main_text
    assert "Nimic nu se potrivește" in client.get("council.votes", year=2020).main_text
    client.get("council.votes", after="a\x00b", member="9" * 30)
    client.get("council.members", before="\x00")
    client.get("council_staff.member", member_id=members[0].id, question="9" * 12)


MEMBERS = "id,nume,de la,pana la,partid,comisie"
SITTINGS = "id,data,fel,prezenti,absenti,in functie"
VOTES = "id,sedinta,titlu,hotarare,majoritate,vot secret,total pentru,pentru,impotriva,initiatori"


def test_the_three_tables_come_in_and_point_at_each_other(client: PageClient, staff: Any) -> None:
    loaded(staff, table(decision(47)))
    rows = [f"{n},{name},2024-10-28,,Partidul Nou,Urbanism" for n, name in enumerate(NAMES, 1)]
    assert counts(loaded(staff, table(*rows, head=MEMBERS), dataset="council_members")) == (5, 0, 0, 0)
    met = ["S1,2026-03-12,ordinară,Pop Ana; Rus Ion; Necunoscut Om,Dan Ardelean,5"]
    loaded(staff, table(*met, head=SITTINGS), dataset="council_meetings")
    voted = [
        "V1,S1,Bugetul,47/2024,absolută,nu,3,Ana Pop; Ion Rus,Vlad Mureșan,Ana Pop",
        "V2,S1,Un numit,,simplă,da,4,,,",
        "V3,S1,Nume la secret,,simplă,da,4,Ana Pop,,",
    ]
    content = table(*voted, head=VOTES)
    assert counts(loaded(staff, content, without_refused=True, dataset="council_votes")) == (2, 0, 0, 1)
    assert counts(loaded(staff, content, without_refused=True, dataset="council_votes")) == (0, 0, 2, 1)
    vote = db.session.scalars(select(CouncilVote).where(CouncilVote.import_key == "V1")).one()
    assert vote.sitting is not None
    assert vote.sitting.unmatched == "Necunoscut Om"
    assert [presence for _member, presence in queries.list_attendance(vote.sitting.id)] == [
        "present",
        "absent",
        "present",
    ]
    assert queries.count_choices([vote.id]) == {vote.id: {"for": 2, "against": 1}}
    assert [one.name for one in queries.list_signers(vote.id)] == ["Ana Pop"]
    assert vote.decision_id is not None
    page = client.get("decisions.show", decision_id=vote.decision_id)
    assert "Cum au votat consilierii" in page.main_text
    assert "procesul-verbal spune 3, numele însumează 2" in page.main_text


def test_the_records_are_open_data(
    app: Flask, staff: Any, sitting: CouncilSitting, members: list[CouncilMember]
) -> None:
    vote, secret = put(staff, sitting), put(staff, sitting, "Viceprimarul", secret=True)
    service.record_votes(staff, vote.id, service.Roll(roll(members, "against")), clock.now())
    service.record_votes(staff, secret.id, service.Roll({}, {"for": 4, "against": 1}), clock.now())
    first, second, *others = [one.id for one in members]
    there = {first: "excused", second: "absent", **dict.fromkeys(others, "present")}
    service.record_attendance(staff, sitting.id, there, clock.now())
    service.save_question(
        staff, first, None, service.Asked("question", HELD, "Când se repară parcul?"), clock.now()
    )
    db.session.commit()
    got = {
        name: app.test_client().get(f"/api/v1/council-{name}").get_json()["data"]
        for name in ("members", "meetings", "votes", "questions")
    }
    named, nameless = got["votes"]
    assert (named["members_against"], named["members_for"]) == ([first], [second, *others])
    assert nameless["stated_for"] == 4
    assert [nameless[name] for name in nameless if name.startswith("members_")] == [[]] * 5
    (met,) = got["meetings"]
    assert (met["members_present"], met["members_absent"], met["members_excused"]) == (
        others,
        [second],
        [first],
    )
    assert [(one["member_id"], one["answered_on"]) for one in got["questions"]] == [(first, None)]
    assert (len(got["members"]), len(got["meetings"])) == (6, 1)
    assert (got["votes"][0]["named_for"], got["votes"][0]["named_against"]) == (4, 1)
    assert got["votes"][0]["stated_for"] is None


def test_residents_keep_no_records(client: PageClient) -> None:
    client.sign_in(factories.make_account())
    client.get("council_staff.index", expect=403)


def test_members_and_meetings_are_entered_by_form(client: PageClient, staff: Any) -> None:
    bad = {"name": "Ana Pop", "starts_on": ["31", "2", "2024"]}
    client.post("council_staff.add_member", data=bad, expect=422)
    good = {"name": "Ana Pop", "starts_on": ["28", "10", "2024"], "party": "Partidul Nou", "independent": "y"}
    page = client.post("council_staff.add_member", data=good, expect=422)
    assert "Un independent nu are partid" in page.main_text
    client.post("council_staff.add_member", data={**good, "party": ""}, expect=303)
    client.post(
        "council_staff.add_meeting", data={"kind": "ordinary", "held_on": ["12", "3", "2026"]}, expect=303
    )
    one = db.session.scalars(select(CouncilSitting)).one()
    point = {"p-title": "Parcul nou", "p-majority": "simple", "p-dimension": ""}
    client.post("council_staff.add_point", sitting_id=one.id, data=point, expect=303)
    client.get("council_staff.index")
    assert "Parcul nou" in client.get("council.meeting", sitting_id=one.id).main_text
    client.get("council_staff.meeting", sitting_id=one.id)


def test_what_a_correction_replaced_stays_readable(
    client: PageClient, staff: Any, sitting: CouncilSitting, members: list[CouncilMember]
) -> None:
    vote = put(staff, sitting)
    service.record_votes(staff, vote.id, service.Roll(roll(members, "against"), {"for": 4}), clock.now())
    service.record_attendance(staff, sitting.id, {one.id: "present" for one in members}, clock.now())
    db.session.commit()
    assert not queries.corrections_of_meeting(sitting.id)
    sent = {f"m-{number}": choice for number, choice in roll(members).items()}
    again = {**sent, "m-" + str(members[0].id): "against", "r-stated_for": "4", "r-reason": "La fel"}
    page = client.post("council_staff.roll", vote_id=vote.id, data=again, expect=422)
    assert "Nimic nu diferă" in page.main_text
    corrected = {**sent, "r-stated_for": "5", "r-reason": "Ana Pop a votat pentru."}
    client.post("council_staff.roll", vote_id=vote.id, data=corrected, expect=303)
    there = {f"m-{one.id}": "present" for one in members} | {f"m-{members[1].id}": "excused"}
    page = client.post("council_staff.attendance", sitting_id=sitting.id, data=there, expect=422)
    assert "Scrie de ce" in page.main_text
    client.post(
        "council_staff.attendance",
        sitting_id=sitting.id,
        data={**there, "a-reason": "Era plecat."},
        expect=303,
    )
    held = {
        "kind": "ordinary", "held_on": ["13", "3", "2026"], "place": "Sala mare",
        "recording": "https://arhiva.example/1",
    }  # fmt: skip
    client.post("council_staff.meeting", sitting_id=sitting.id, data=held, expect=422)
    held["reason"] = "A fost în 13."
    client.post("council_staff.meeting", sitting_id=sitting.id, data=held, expect=303)
    point = {
        "p-title": "Parcul cel nou",
        "p-majority": "simple",
        "p-dimension": "",
        "p-reason": "Titlul din ordinea de zi.",
    }
    client.post("council_staff.vote", vote_id=vote.id, data=point, expect=303)
    service.save_member(staff, members[0].id, service.Mandate("Ana Popa", date(2024, 10, 28)), clock.now())
    db.session.commit()

    page = client.get("council.vote", vote_id=vote.id)
    for told in (
        "Ana Popa VotA votat împotrivăA votat pentru", "Ana Pop a votat pentru.",
        "Voturi pentru, după procesul-verbal45", "Parcul nouParcul cel nou",
    ):  # fmt: skip
        assert told in page.main_text
    page = client.get("council.meeting", sitting_id=sitting.id)
    for told in (
        "Ion Rus PrezențaPrezentAbsent motivat",
        "12 martie 202613 martie 2026",
        "Era plecat.",
        "împotrivă",
    ):
        assert told in page.main_text
    assert "Ana PopAna Popa" in client.get("council.member", member_id=members[0].id).main_text
    answer: Any = client.browser.get(f"/api/v1/council-corrections?meeting={sitting.id}").json
    assert {(one["what"], one["former"], one["present"]) for one in answer["data"]} == {
        ("choice", "against", "for"), ("stated_for", "4", "5"), ("presence", "present", "excused"),
        ("held_on", "2026-03-12", "2026-03-13"), ("title", "Parcul nou", "Parcul cel nou"),
    }  # fmt: skip
    with pytest.raises(Invalid):
        service.save_point(staff, sitting.id, vote.id, service.Point("Parcul", secret=True), clock.now())
    with pytest.raises(ProgrammingError, match="permission denied"), db.session.begin_nested():
        db.session.execute(text("UPDATE council_correction SET former = ''"))


def test_a_table_that_says_otherwise_keeps_what_it_said_before(client: PageClient, staff: Any) -> None:
    rows = [f"{n},{name},2024-10-28,,Partidul Nou,Urbanism" for n, name in enumerate(NAMES, 1)]
    loaded(staff, table(*rows, head=MEMBERS), dataset="council_members")
    for absent, place in (("Dan Ardelean", "5"), ("Ion Rus", "6")):
        there = f"S1,2026-03-12,ordinară,Pop Ana,{absent},{place}"
        loaded(staff, table(there, head=SITTINGS), dataset="council_meetings")
    for against, stated in (("Vlad Mureșan", "2"), ("Ion Rus", "1")):
        voted = f"V1,S1,Bugetul,,simplă,nu,{stated},Ana Pop,{against},"
        loaded(staff, table(voted, head=VOTES), dataset="council_votes")
    answer: Any = client.browser.get("/api/v1/council-corrections").json
    data = answer["data"]
    names = {one.id: one.name for one in queries.list_all_members()}
    assert {(one["what"], names.get(one["member_id"]), one["former"], one["present"]) for one in data} == {
        ("in_office", None, "5", "6"), ("stated_for", None, "2", "1"),
        ("presence", "Dan Ardelean", "absent", ""), ("presence", "Ion Rus", "", "absent"),
        ("choice", "Vlad Mureșan", "against", ""), ("choice", "Ion Rus", "", "against"),
    }  # fmt: skip
    assert all(one["by_table"] for one in data)
    vote = db.session.scalars(select(CouncilVote)).one()
    assert "Un tabel adus aici spune altfel." in client.get("council.vote", vote_id=vote.id).main_text

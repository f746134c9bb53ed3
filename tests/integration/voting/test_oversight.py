"""The page of whoever watches a vote: it says what there is in every state, to those it is for, and nothing more."""

import hashlib
import io
import subprocess
import sys
import zipfile
from datetime import timedelta
from pathlib import Path

import pytest
from flask import Flask, g
from sqlalchemy import text

from civic import clock
from civic.accounts.models import Account
from civic.actor import Role
from civic.extensions import db
from civic.rounds.models import Round
from tests.factories import make_account
from tests.integration.voting.ceremonykit import do_all, do_stage, two_people, waiting_round
from tests.integration.voting.complaintskit import file, running
from tests.integration.voting.custodykit import KEPT, named, ready
from tests.integration.voting.nightkit import ENOUGH, cast_all, night, one_night, voting_round
from tests.integration.voting.paper.paperkit import DICE, PaperTeam
from tests.integration.voting.questionskit import STREET, make_ballot
from tests.integration.voting.votingkit import approve, closed, make_round, make_voters, opened, vote
from tests.pageclient import Page, PageClient
from voting import archives, closing, round_queries, strikes
from voting.complaints.models import IdentityComplaint
from voting.models import ResultContest
from voting.nightly.models import Witness
from voting.oversight import rules
from voting.oversight.rules import Stand
from voting.paper import queries as paper
from voting.paper.models import PaperBatch, PaperSample
from voting.recounts.models import ContestRecount

SECTIONS = {
    "frozen", "key", "turnout", "nights", "paper", "complaints", "close", "recounts", "publication", "record",
}  # fmt: skip


def page_of(app: Flask, round_id: int, account: Account | None = None, expect: int = 200) -> Page:
    """The page as an auditor, or somebody else, opens it."""
    g.pop("_login_user", None)
    browser = PageClient(app)
    browser.sign_in(account or make_account("auditor"))
    return browser.get("oversight.show", round_id=round_id, expect=expect)


def said(page: Page, section: str) -> str:
    """The text of one part."""
    for part in page.all("section"):
        if part.get("aria-labelledby") == section:
            return " ".join(" ".join(part.itertext()).split())
    raise AssertionError(f"no part {section}")


def links(page: Page) -> set[str]:
    return {link.get("href", "") for link in page.all("a")}


# --- who may -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("role", ["moderator", "clerk", "administrator", None])
def test_it_is_closed_to_who_has_no_business_there_and_says_why(client: PageClient, role: str | None) -> None:
    round_ = make_round()
    client.sign_in(make_account(*[role] if role else []))
    page = client.get("oversight.show", round_id=round_.id, expect=403)
    assert "Contul tău nu are rolul de care are nevoie pagina" in page.main_text


def test_a_stranger_is_asked_to_sign_in_and_a_past_election_has_no_such_page(client: PageClient) -> None:
    round_, past = make_round(), make_round(kind="recorded")
    client.get("oversight.show", round_id=round_.id, expect=303)
    client.sign_in(make_account("auditor"))
    client.get("oversight.show", round_id=past.id, expect=404)


def test_staff_read_it_without_the_audit_record(client: PageClient) -> None:
    round_ = make_round()
    client.sign_in(make_account("staff"))
    page = client.get("oversight.show", round_id=round_.id)
    assert page.find("#record") is None
    assert page.find("#publication") is not None
    assert not any("/staff/audit" in link for link in links(page))


def test_an_auditor_is_led_to_it(client: PageClient) -> None:
    round_ = make_round()
    client.sign_in(make_account("auditor"))
    address = f"/staff/rounds/{round_.id}/vote/oversight"
    assert address in links(client.get("staff.home"))
    assert address in links(client.get("staff_voting.show", round_id=round_.id))
    assert "/staff/votes" in links(client.get("staff.home"))
    client.sign_out()
    client.sign_in(make_account("moderator"))
    home = links(client.get("staff.home"))
    assert address not in home
    assert "/staff/votes" not in home


def test_every_link_opens_for_the_auditor(context: Flask) -> None:
    round_id = waiting_round(context, 2).id
    do_all(round_id, two_people())
    archives.pack_round(round_id, clock.now())
    g.pop("_login_user", None)
    browser = PageClient(context)
    browser.sign_in(make_account("auditor"))
    page = browser.get("oversight.show", round_id=round_id)
    main = page.find("main")
    assert main is not None
    found = {e.get("href", "") for e in main.iter() if (e.get("href") or "").startswith("/")}
    assert len(found) > 12
    for link in found:
        assert browser.browser.get(link).status_code == 200, link


# --- every state -------------------------------------------------------------------------------------------


def test_where_a_vote_stands() -> None:
    now = clock.now()
    hour = timedelta(hours=1)
    voting = (now, now + hour)
    assert rules.stand(None, False, False, now) is Stand.PLANNED
    assert rules.stand(voting, False, False, now - hour) is Stand.PREPARED
    assert rules.stand(voting, False, False, now) is Stand.OPEN
    assert rules.stand(voting, False, False, now + hour) is Stand.ENDED
    assert rules.stand(voting, True, False, now + hour) is Stand.CLOSING
    assert rules.stand(voting, True, True, now + hour) is Stand.PUBLISHED


@pytest.mark.parametrize("language", ["ro", "en"])
def test_before_the_vote_every_part_says_that_there_is_nothing(client: PageClient, language: str) -> None:
    round_ = make_round()
    client.sign_in(make_account("auditor", locale=language))
    page = client.get("oversight.show", round_id=round_.id)
    assert {part.get("aria-labelledby") for part in page.all("section")} >= SECTIONS
    assert len([one for one in page.all("dl") if one.get("class") == "oversight__claims"]) == len(SECTIONS)
    if language == "ro":
        for words in (
            "Încă nu s-a înghețat nimic", "Serverul păstrează cheia", "Nimeni nu votează înainte", "Nicio noapte",
            "nu se votează pe hârtie", "Nimeni n-a reclamat", "Nimeni n-a fost suspendat", "Închiderea n-a început",
            "Încă nu sunt rezultate de contestat", "Pachetul se publică odată cu rezultatele",
        ):  # fmt: skip
            assert words in page.main_text


def test_prepared_and_open_show_what_was_frozen_and_by_whom(context: Flask) -> None:
    ana = make_account("staff", display_name="Ana Ionescu")
    round_ = make_round(opened_ago=-timedelta(hours=1), closes_in=timedelta(hours=2))
    make_voters(2)
    browser = PageClient(context)
    browser.sign_in(ana)
    browser.post("staff_voting.prepare", {}, round_id=round_.id)
    round_ = db.session.get_one(Round, round_.id, populate_existing=True)
    page = page_of(context, round_.id)
    assert "Votul începe pe" in page.main_text
    assert "Înghețat de Ana Ionescu" in said(page, "frozen")
    assert round_.fingerprint in said(page, "frozen")
    assert round_.roll_fingerprint in said(page, "frozen")
    assert f"/rounds/{round_.slug}/plan.json" in links(page)
    clock.travel(timedelta(minutes=70))
    assert "Se votează până" in page_of(context, round_.id).main_text
    clock.travel(timedelta(hours=3))
    assert "votul nu este închis încă" in page_of(context, round_.id).main_text


def test_an_open_vote_tells_of_the_turnout_what_the_night_published_and_no_more(context: Flask) -> None:
    round_, people = voting_round(ENOUGH + 20)
    db.session.add(
        Witness(round_id=round_.id, name="Ziarul Orașului", address="z@presa.example", added_at=clock.now())
    )
    db.session.commit()
    cast_all(context, round_, people[:ENOUGH])
    before = page_of(context, round_.id)
    assert "Câți au votat nu este public încă" in said(before, "turnout")
    assert one_night(context, round_, night()) is not None
    after = page_of(context, round_.id)
    assert "Au votat, până în noaptea de" in said(after, "turnout")
    assert f": {ENOUGH}." in said(after, "turnout")
    assert "Pe internet" in said(after, "turnout")
    cast_all(context, round_, people[ENOUGH : ENOUGH + 12], form=2)
    # Twelve more ballots change no letter but the fingerprints of the forms.
    assert said(page_of(context, round_.id), "turnout") == said(after, "turnout")
    assert "Ziarul Orașului" in said(after, "nights")
    assert "z@presa.example" not in after.html
    rows = [row for row in after.all("tr") if "25" in "".join(row.itertext())]
    assert rows, "the batch of the night is listed"


def test_holders_are_named_with_their_function_and_what_is_missing(context: Flask) -> None:
    round_ = make_round(opened_ago=-timedelta(hours=1), closes_in=timedelta(hours=2))
    trio = named(round_)
    key = said(page_of(context, trio.round_id), "key")
    assert "funcția 1" in key
    assert "Deținătoarea 3" in key
    assert "Repetiția nu este trecută încă" in key
    assert "nu este încă în seif" in key
    assert "Ce lipsește până la deschiderea votului" in key
    assert trio.accounts[1].email not in key
    other = make_round(opened_ago=-timedelta(hours=1), closes_in=timedelta(hours=2))
    key = said(page_of(context, ready(other).round_id), "key")
    assert "Repetiția este trecută" in key
    assert KEPT in key


def test_paper_that_does_not_add_up_is_told(context: Flask) -> None:
    team = PaperTeam(context)
    batch = team.batch
    assert "deschis" in said(page_of(context, team.round_id), "paper")
    batch.shut_at, batch.shut_by_id, batch.marks = clock.now(), team.staff.id, 7
    db.session.commit()
    assert "urnă nenumărată încă" in said(page_of(context, team.round_id), "paper")
    batch = paper.get_batch(team.round_id, team.batch_id)
    batch.returned, batch.spoilt, batch.not_returned = 5, 0, 1
    db.session.add(
        PaperSample(
            batch_id=batch.id, dice=DICE, population=5, serials=[1, 2, 3, 4, 5], drawn_by_id=team.staff.id,
            drawn_at=clock.now(), compared_by_id=team.staff.id, compared_at=clock.now(), different=[3],
        )
    )  # fmt: skip
    db.session.commit()
    told = said(page_of(context, team.round_id), "paper")
    assert "nu se potrivește: -1" in told
    assert "5 din 5 foi" in told
    assert "diferențe 1" in told
    paper.get_batch(team.round_id, team.batch_id).spoilt = 1
    db.session.commit()
    assert "se potrivește" in said(page_of(context, team.round_id), "paper").replace("nu se potrivește", "")


def test_complaints_and_strikes_are_numbers_without_a_person(context: Flask) -> None:
    round_, people = running(4)
    deadline = db.session.scalar(text("SELECT id FROM deadline_version WHERE key = 'complaint.answer'"))
    decider = make_account("staff", display_name="Dan Pop")
    for outcome in (None, None, "vote_again", "dismissed"):
        db.session.add(
            IdentityComplaint(
                round_id=round_.id, kind="other", account_id=make_account(display_name="Mira Reclamanta").id,
                text="Textul plângerii.", filed_at=clock.now(), due_at=clock.now(), deadline_id=deadline,
                outcome=outcome, reason="Așa." if outcome else "", decided_by_id=decider.id if outcome else None,
                decided_at=clock.now() if outcome else None,
            )
        )  # fmt: skip
    staff, plan = decider.as_actor(), round_queries.plan_of(round_)
    for person in people[:2]:
        strikes.strike(staff, round_, plan, person, "Motivul suspendării.", clock.now())
    strikes.lift(staff, round_, plan, people[0], "Greșeală.", clock.now())
    db.session.commit()
    page = page_of(context, round_.id)
    told = said(page, "complaints")
    assert "Așteaptă o hotărâre 2" in told
    assert "Admise 1" in told
    assert "Respinse 1" in told
    assert "Depuse în total 4" in told
    assert "Suspendați în total 2" in told
    assert "votează din nou 1" in told
    for private in ("Mira Reclamanta", "Textul plângerii", "Motivul suspendării"):
        assert private not in page.html


def test_residents_are_not_named_beside_what_they_filed(context: Flask) -> None:
    round_, people = running(1)
    resident = make_account(display_name="Mira Reclamanta", person_id=people[0])
    browser = PageClient(context)
    browser.sign_in(resident)
    file(browser, round_.slug)
    page = page_of(context, round_.id)
    assert "complaint.filed un locuitor" in said(page, "record")
    assert "Mira Reclamanta" not in page.html


def test_voids_count_one_word_apart_from_two(context: Flask) -> None:
    round_, people = running(2)
    first, second = (make_account("staff").as_actor() for _ in range(2))
    plan = round_queries.plan_of(round_)
    for person in people:
        strikes.strike(first, round_, plan, person, "Motiv.", clock.now())
    db.session.commit()
    later = clock.now() + timedelta(hours=2)
    strikes.decide_void(first, round_, plan, people[0], later)
    strikes.decide_void(second, round_, plan, people[0], later)
    strikes.decide_void(first, round_, plan, people[1], later)
    db.session.commit()
    told = said(page_of(context, round_.id), "complaints")
    assert "cerut de un om 1" in told
    assert "hotărât de doi oameni 1" in told


def test_the_close_names_its_two_people_step_by_step(context: Flask) -> None:
    round_id, pair = waiting_round(context, 2).id, two_people()
    do_all(round_id, pair, "unlink")
    half = page_of(context, round_id)
    assert "Închiderea este în curs" in half.main_text
    assert "Ana Ionescu" in said(half, "close")
    assert "Dan Pop" in said(half, "close")
    assert "A doua numărătoare se face la închidere" in said(half, "close")
    assert "Rezultatele" not in said(half, "turnout")
    assert "Pachetul se publică" in said(half, "publication")
    for name in ("backups", "count", "publish"):
        do_stage(round_id, name, pair)
    whole = page_of(context, round_id)
    assert "A doua numărătoare: aceleași voturi și același rezultat" in said(whole, "close")
    assert "două programe au ajuns la același rezultat" in said(whole, "close")
    assert "Pachetul se pregătește" in said(whole, "publication")
    assert "Au votat, după numărătoarea de la închidere: 2" in said(whole, "turnout")


def test_a_vote_that_a_program_closed_is_not_said_to_have_had_two_people(context: Flask) -> None:
    round_ = closed(context, make_round(), approve("P1"), approve("P2"))
    told = said(page_of(context, round_.id), "close")
    assert "Un program a făcut singur fiecare etapă" in told
    assert "un program a făcut singur fiecare pas" in told
    assert "Doi oameni numiți au răspuns" not in told


def test_contests_and_what_recounts_came_to(context: Flask) -> None:
    round_ = closed(context, make_round(), approve("P1"), approve("P2"))
    staff = make_account("staff")
    for outcomes in (["differs", "same"], ["differs"], []):
        contest = ResultContest(
            round_id=round_.id, filed_by_id=make_account().id, text="Nu cred.", filed_at=clock.now()
        )
        db.session.add(contest)
        db.session.flush()
        for outcome in outcomes:
            db.session.add(
                ContestRecount(
                    contest_id=contest.id, asked_by_id=staff.id, asked_at=clock.now(), outcome=outcome,
                    code_version="civic 1", finished_at=clock.now(), seconds=1,
                )
            )  # fmt: skip
            db.session.flush()
    db.session.commit()
    told = said(page_of(context, round_.id), "recounts")
    assert "3 contestații" in told
    assert "1 renumărare a dat același rezultat" in told
    assert "2 renumărări diferă" in told, "what once differed is not counted away"


def test_the_command_on_the_page_verifies_the_download(context: Flask, tmp_path: Path) -> None:
    round_id = waiting_round(context, 12).id
    do_all(round_id, two_people())
    archives.pack_round(round_id, clock.now())
    round_ = db.session.get_one(Round, round_id, populate_existing=True)
    page = page_of(context, round_id)
    command = page.text_of("#publication-command").split()
    assert command[0] == "python3"
    assert command[1] == "verify.py"
    g.pop("_login_user", None)
    answer = PageClient(context).browser.get(f"/rounds/{round_.slug}/results/publication.zip")
    body = answer.get_data()
    assert hashlib.sha256(body).hexdigest() in said(page, "publication")
    sets = PageClient(context).browser.get("/open-data/catalogue.jsonld").get_json()["dcat:dataset"]
    files = next(one for one in sets if one["dct:identifier"] == "projects")["dcat:distribution"]
    packed = next(one for one in files if one["dcat:mediaType"] == "application/zip")
    assert packed["dcat:downloadURL"]["@id"].endswith(f"/rounds/{round_.slug}/results/publication.zip")
    assert packed["spdx:checksum"]["spdx:checksumValue"] == hashlib.sha256(body).hexdigest()
    assert "Buletinele și rezultatul (Pabulib)" in PageClient(context).get("/open-data").main_text
    zipfile.ZipFile(io.BytesIO(body)).extractall(tmp_path)  # noqa: S202 - our own archive
    program = Path(closing.__file__).with_name("verify.py")
    (tmp_path / "verify.py").write_bytes(program.read_bytes())
    done = subprocess.run(  # noqa: S603 - our own program
        [sys.executable, *command[1:]], cwd=tmp_path, capture_output=True, text=True, timeout=120, check=False
    )
    assert done.returncode == 0, done.stdout


def test_answers_of_very_few_have_no_set(context: Flask) -> None:
    make_voters(3)
    round_ = opened(make_ballot(STREET))
    vote(context, round_, make_voter_on(round_), approve("Q1-DA"))
    clock.travel(timedelta(hours=71))
    closing.close_round(round_.id, clock.now())
    told = said(page_of(context, round_.id), "publication")
    assert "Au răspuns mai puțin de zece oameni" in told
    assert "verify.py" not in told


def make_voter_on(round_: Round) -> int:
    """Somebody on the roll."""
    return int(
        db.session.scalar(
            text("SELECT min(voter_id) FROM roll_entry WHERE round_id = :id"), {"id": round_.id}
        )
    )


# --- what it costs -----------------------------------------------------------------------------------------


def test_it_asks_a_constant_number_of_questions(client: PageClient, statements: list[str]) -> None:
    round_, people = running(12)
    auditor, staff = make_account("auditor"), make_account("staff").as_actor()
    plan = round_queries.plan_of(round_)
    deadline = db.session.scalar(text("SELECT id FROM deadline_version WHERE key = 'complaint.answer'"))
    now = clock.now()

    def add(count: int) -> None:
        for at in range(count):
            contest = ResultContest(
                round_id=round_.id, filed_by_id=make_account().id, text="Nu.", filed_at=now
            )
            batch = PaperBatch(
                round_id=round_.id, label=f"Lot {len(people)}-{count}-{at}", place="", opened_by_id=auditor.id,
                opened_at=now, shut_at=now, shut_by_id=auditor.id, marks=0,
            )  # fmt: skip
            db.session.add_all(
                [
                    contest,
                    batch,
                    Witness(round_id=round_.id, name=f"M {count} {at}", address="a@b.example", added_at=now),
                ]
            )
            db.session.flush()
            db.session.add(
                PaperSample(
                    batch_id=batch.id,
                    dice=DICE,
                    population=1,
                    serials=[1],
                    drawn_by_id=auditor.id,
                    drawn_at=now,
                )
            )
            db.session.add(
                IdentityComplaint(
                    round_id=round_.id, kind="other", account_id=make_account().id, text="Altceva.", filed_at=now,
                    due_at=now, deadline_id=deadline,
                )
            )  # fmt: skip
            strikes.strike(staff, round_, plan, people.pop(), "Motiv.", now)
        db.session.commit()

    assert Role.AUDITOR in auditor.as_actor().roles
    client.sign_in(auditor)
    costs = []
    for count in (1, 8):
        add(count)
        statements.clear()
        client.get("oversight.show", round_id=round_.id)
        costs.append(len(statements))
    assert costs[0] == costs[1] < 40

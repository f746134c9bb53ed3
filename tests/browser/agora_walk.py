"""The people of a debate's road and what each of them does on the screen, by label and button."""

import csv
import dataclasses
from datetime import timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

from flask import Flask
from playwright.sync_api import Page, expect
from sqlalchemy import insert, select

from civic import clock, jobs, tasks
from civic.accounts.models import Account
from civic.actor import SYSTEM
from civic.extensions import db
from civic.tracker import service as tracker
from consultations.agora.arguing.models import AgoraParticipant
from consultations.agora.statements.models import AgoraStatement, AgoraVote
from consultations.agora.statements.rules import MAX_STATEMENT, VOTES_BEFORE_OTHERS
from tests.browser.conftest import Visitor
from tests.browser.consultation_road import follow, press, says
from tests.browser.road import send, sign_in, tick
from tests.factories import make_account, make_department, make_neighbourhood, make_resident
from tests.polis import read_conversation

AUTHOR, NEIGHBOUR = "ana@civic.example", "dan@civic.example"
MODERATOR, STAFF = "moderator@civic.example", "staff@civic.example"
DEPARTMENT = "Direcția de drumuri"
QUESTION = "Închidem duminica strada Paleologu pentru mașini?"
STATEMENT = "O duminică pe lună ar fi un început."
FOR, AGAINST = "Copiii nu au unde merge cu bicicleta.", "Magazinele pierd clienții care vin cu mașina."
SENTENCE = "Strada este a copiilor sau a clienților."
OBJECTION = "Lipsesc cei în vârstă, care vin la piață."
ANSWER = "Închidem strada în prima duminică a lunii."
DELIVERY = "Strada Paleologu deschisă duminica"


@dataclasses.dataclass
class Town:
    """A city in which two verified residents oblige the city hall to answer."""

    app: Flask

    def build(self) -> None:
        """Make its people."""
        self.app.config["SETTINGS"] = dataclasses.replace(self.app.config["SETTINGS"], agora_seconds=2)
        with self.app.app_context():
            area = make_neighbourhood("Obor")
            for address, name in ((AUTHOR, "Ana din Obor"), (NEIGHBOUR, "Dan Ionescu")):
                account = make_resident(area)
                account.email, account.display_name = address, name
            make_account("moderator", email=MODERATOR)
            make_account("staff", email=STAFF)
            make_department(DEPARTMENT)
            db.session.commit()
            db.session.remove()

    def count_opinions(self) -> None:
        """What the worker does by the clock: ask for the opinions of the debates, and compute them."""
        with self.app.app_context():
            jobs.registry(self.app)["agora.opinions"].run(clock.now())
            tasks.run_waiting(clock.now())
            db.session.remove()

    def replay(self, shared_data: Path, name: str, debate_id: int) -> int:
        """Let the people of a real conversation vote in a debate now, as they did; how many there are."""
        table = read_conversation(shared_data, name)
        with (shared_data / "polis" / name / "comments.csv").open(newline="") as file:
            texts = {int(row["comment-id"]): row["comment-body"] for row in csv.DictReader(file)}
        with self.app.app_context():
            now = clock.now()
            secret = db.session.scalars(select(Account.password_hash).limit(1)).one()
            accounts = _insert(Account, [
                {"email": f"{number}@polis.example", "password_hash": secret, "display_name": f"Polis {number}",
                 "created_at": now - timedelta(days=30), "email_confirmed_at": now}
                for number in table.people
            ])  # fmt: skip
            people = _insert(AgoraParticipant, [
                {"debate_id": debate_id, "account_id": account, "joined_at": now} for account in accounts
            ])  # fmt: skip
            statements = _insert(AgoraStatement, [
                {"debate_id": debate_id, "participant_id": people[0], "folded": f"polis {number}", "created_at": now,
                 "text": " ".join(texts[int(number)].split())[:MAX_STATEMENT]}
                for number in table.statements
            ])  # fmt: skip
            db.session.execute(insert(AgoraVote), [
                {"debate_id": debate_id, "participant_id": people[row], "statement_id": statements[column],
                 "value": int(table.values[row, column]), "at": now}
                for row, column in zip(*table.voted.nonzero(), strict=True)
            ])  # fmt: skip
            db.session.commit()
            db.session.remove()
        return len(people)

    def begin_delivery(self) -> str:
        """The city begins what it will answer with; its address."""
        with self.app.app_context():
            made = tracker.create_delivery(
                DELIVERY, Decimal(1000), "RON", None, None, None, SYSTEM, clock.now()
            )
            db.session.commit()
            place = f"/deliveries/{made.id}"
            db.session.remove()
        return place


def _insert(model: Any, rows: list[dict[str, Any]]) -> list[int]:
    """Store rows at once; their numbers, in the order of the rows."""
    return list(db.session.scalars(insert(model).returning(model.id, sort_by_parameter_order=True), rows))


def number_of(place: str) -> int:
    """The number of the debate at an address."""
    return int(place.rpartition("/")[2])


def choose(visitor: Visitor, button: str) -> None:
    """Press a button whose answer comes into the page with a script, and as a new page without one."""
    found = visitor.page.locator(button)
    if visitor.javascript:
        found.click()
    else:
        with visitor.page.expect_navigation():
            found.click()


def ask(author: Visitor) -> str:
    """A resident opens a debate with statements; its address."""
    sign_in(author, AUTHOR)
    page = author.open("/agora/new")
    page.get_by_label("Întrebarea").fill(QUESTION)
    page.get_by_label("De ce acum").fill("Copiii nu au un loc sigur, iar vara se apropie.")
    page.locator("main label[for=with_statements]").click()
    press(page, "Trimite dezbaterea")
    author.look("debate-waiting")
    says(page, "O citește un moderator")
    return str(page.url).removeprefix(author.site)


def let_through(moderator: Visitor) -> None:
    """A moderator reads the debate and makes it public."""
    sign_in(moderator, MODERATOR)
    page = moderator.open("/staff/moderation")
    with page.expect_navigation():
        page.locator("#moderation-queue a[href*='/staff/moderation/']").first.click()
    moderator.look("debate-case")
    says(page, QUESTION)
    tick(page, "Public")
    send(page, "#decide button[value=queue]")


def second(resident: Visitor, place: str) -> None:
    """A resident asks for the city hall's answer."""
    page = resident.open(place)
    choose(resident, "#seconding form button")
    expect(page.locator("#seconding")).to_contain_text("Ceri răspunsul primăriei.")


def argue(resident: Visitor, place: str, side: str, stance: int, body: str) -> None:
    """A resident says where they stand and brings an argument."""
    page = resident.open(place)
    send(page, f"#stance button[value='{stance}']")
    expect(page.locator("#stance button[aria-pressed=true]")).to_have_attribute("value", str(stance))
    with page.expect_navigation():
        page.locator(f"main a[href*='side={side}']").first.click()
    page.get_by_label("Argumentul", exact=True).fill(body)
    resident.look("debate-argue")
    press(page, "Publică argumentul")
    says(page, body)


def judge(resident: Visitor, place: str) -> None:
    """A resident finds the argument of another convincing."""
    page = resident.open(place)
    choose(resident, "#arguments form[action*='/judge'] button[value='1']")
    pressed = page.locator("#arguments form[action*='/judge'] button[aria-pressed=true]")
    expect(pressed).to_have_attribute("value", "1")
    resident.look("debate-judged")


def add_statement(resident: Visitor, place: str) -> None:
    """A resident adds a statement."""
    page = resident.open(place + "/statements")
    page.get_by_label("Afirmația").fill(STATEMENT)
    press(page, "Adaugă")
    expect(page.locator("#vote")).to_contain_text(STATEMENT)


def agree(resident: Visitor, place: str) -> None:
    """A resident agrees with the only statement there is."""
    page = resident.open(place + "/statements")
    choose(resident, "#vote button[value='1']")
    expect(page.locator("#vote")).to_contain_text("Ai votat toate afirmațiile.")
    resident.look("debate-voted")


def vote_enough(resident: Visitor, place: str) -> Page:
    """Who voted on one statement alone votes on as many as let them see how the others voted; the page that says it."""
    page = resident.open(place + "/statements")
    says(page, f"Votează mai întâi tu cel puțin {VOTES_BEFORE_OTHERS} afirmații")
    for voted in range(2, VOTES_BEFORE_OTHERS + 1):
        choose(resident, "#vote button[value='0']")
        expect(page.locator("#vote")).to_contain_text(f"Ai votat {voted} din ")
    return resident.open(place + "/statements")


def sum_up(staff: Visitor, place: str) -> None:
    """Staff write a sentence that cites both arguments and publish the summary."""
    page = staff.open("/staff" + place)
    follow(page, "Scrie rezumatul")
    staff.look("staff-debate-summary")
    page.locator("main input[name=section][value=divisive]").locator("xpath=following-sibling::label").click()
    page.get_by_label("Propoziția").fill(SENTENCE)
    cited = page.locator("main input[name=cited]")
    expect(cited).to_have_count(2)
    for one in cited.all():
        one.check()
    press(page, "Adaugă la rezumat")
    says(page, SENTENCE)
    press(page, "Publică rezumatul")
    staff.look("staff-debate-summarised")
    says(page, SENTENCE)


def object_to(resident: Visitor, place: str) -> None:
    """A resident objects to the summary."""
    page = resident.open(place)
    says(page, SENTENCE)
    expect(page.locator("#digest")).to_contain_text("afirmații noi")
    expect(page.locator("#digest")).not_to_contain_text("de votat")
    follow(page, "Fă o obiecție la rezumat")
    resident.look("debate-objecting")
    page.get_by_label("Ce este greșit").fill(OBJECTION)
    press(page, "Trimite obiecția")
    resident.look("debate-objected")
    says(page, OBJECTION)


def answer(staff: Visitor, place: str, delivery: str) -> None:
    """Staff answer with what will be delivered."""
    page = staff.open("/staff" + place)
    page.locator("main textarea[name$=what]").fill(ANSWER)
    page.locator("main select[name$=department_id]").select_option(label=DEPARTMENT)
    page.locator("main input[name$=leads_to]").fill(delivery)
    press(page, "Publică răspunsul")
    staff.look("staff-debate-answered")
    says(page, ANSWER)


def led_to(stranger: Visitor, place: str) -> Page:
    """Whoever reads the debate finds its answer and goes on to the delivery; its page."""
    page = stranger.open(place)
    for words in (SENTENCE, OBJECTION, DEPARTMENT, ANSWER):
        says(page, words)
    follow(page, DELIVERY)
    stranger.look("delivery-of-a-debate")
    return page

"""The people of the whole road and what each of them does on the screen, by label and button as a person would."""

import email
import email.policy
import re
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from decimal import Decimal
from pathlib import Path

from flask import Flask
from playwright.sync_api import Page, expect

from civic import clock, jobs, outbox
from civic.extensions import db
from civic.rounds.models import BallotGroup, Phase, Pot, Round
from tests.browser import closing
from tests.browser.conftest import Visitor
from tests.factories import TEST_PASSWORD, make_account, make_category, make_department, make_neighbourhood

RESIDENT = "maria@civic.example"
#: Of council staff too: confirms what the first began when the vote is closed.
SECOND_STAFF = "second.staff@civic.example"
RESIDENT_PASSWORD = "trei copaci verzi 7"
#: Days after the start at which each phase begins and ends.
PHASES = {
    "submission": (-1, 1), "analysis": (1, 5), "appeals": (5, 8), "voting": (10, 12), "validation": (12, 13),
    "results": (13, 60),
}  # fmt: skip


@dataclass
class Town:
    """What stands before the road begins: a city, its staff and a published edition."""

    app: Flask
    start: datetime = field(default_factory=clock.now)

    def build(self) -> None:
        """Make it."""
        # Letters are told apart by their time, and another road may have travelled past this one's.
        for letter in self.app.config["SETTINGS"].mail_folder.glob("*.eml"):
            letter.unlink()
        with self.app.app_context():
            self.area = make_neighbourhood("Obor").name
            self.category = make_category("Spații verzi").name_ro
            department = make_department("Direcția Spații Verzi")
            self.department = department.name
            make_account("moderator", email="moderator@civic.example")
            make_account("evaluator", department=department, email="evaluator@civic.example")
            make_account("staff", email="staff@civic.example")
            make_account("staff", email=SECOND_STAFF)
            make_account("clerk", email="clerk@civic.example")
            round_ = Round(
                slug="editia", name="Ediția de probă", kind="city", currency="RON", summary="Un an, un oraș.",
                regulation="Se votează o dată.", regulation_decision="HCL 1/2026", regulation_date=self.start.date(),
                area_basis="any", late_registration=True, counting_rule={}, publication_mode="inclusion_only",
                created_at=self.start, published_at=self.start, adopted_by="",
            )  # fmt: skip
            round_.phases = [
                Phase(
                    kind=kind,
                    starts_at=self.start + timedelta(days=begins),
                    ends_at=self.start + timedelta(days=ends),
                )
                for kind, (begins, ends) in PHASES.items()
            ]
            round_.pots = [Pot(name="Tot orașul", amount=Decimal(300_000), position=0)]
            round_.groups = [
                BallotGroup(name="Toate", ballot_kind="approval", min_choices=0, max_choices=2, position=0)
            ]
            db.session.add(round_)
            db.session.commit()
            self.round_id = round_.id
            db.session.remove()

    def run_job(self, name: str) -> None:
        """What the worker would do now. Fails when the job fails."""
        with self.app.app_context():
            jobs.registry(self.app)[name].run(clock.now())
            db.session.remove()

    def letter_to(self, address: str) -> str:
        """The newest mail to an address, after delivering what waits."""
        with self.app.app_context():
            outbox.deliver_due(clock.now())
            db.session.remove()
        folder: Path = self.app.config["SETTINGS"].mail_folder
        for path in sorted(folder.glob("*.eml"), reverse=True):
            message = email.message_from_bytes(path.read_bytes(), policy=email.policy.default)
            if message["To"] == address:
                return str(message.get_content())
        raise AssertionError(f"no mail to {address}")


def link_in(letter: str) -> str:
    """The path of the first link of a letter."""
    found = re.search(r"https?://[^/\s]+(/\S+)", letter)
    assert found, letter
    return found.group(1)


def send(page: Page, button: str = "main form[method=post] button[type=submit]") -> None:
    """Press a form's button (the last one the selector finds) and wait for the next page."""
    with page.expect_navigation():
        pressed = page.locator(button).last
        asks = pressed.get_attribute("data-confirm")
        pressed.click()
        if asks and page.locator("dialog[open]").count():
            page.locator("dialog[open] button", has_text="Da, continuă").click()


def tick(page: Page, name: str) -> None:
    """Choose a radio or checkbox by its label's text."""
    page.locator("main label", has_text=name).first.click()


def sign_in(visitor: Visitor, address: str, password: str = TEST_PASSWORD) -> Page:
    """Come in through the form."""
    page = visitor.open("/sign-in")
    page.get_by_label("Adresa de e-mail").fill(address)
    page.get_by_label("Parola", exact=True).fill(password)
    send(page, "main form button[type=submit]")
    expect(page.get_by_role("button", name=re.compile("Ieși"))).to_be_visible()
    return page


def register(visitor: Visitor, town: Town) -> None:
    """A newcomer makes an account and confirms the address."""
    page = visitor.open("/register")
    page.get_by_label("Numele afișat").fill("Maria din Obor")
    page.get_by_label("Adresa de e-mail").fill(RESIDENT)
    page.get_by_label("Parola", exact=True).fill(RESIDENT_PASSWORD)
    send(page)
    visitor.look()
    page = visitor.open(link_in(town.letter_to(RESIDENT)))
    page.get_by_label("Parola", exact=True).fill(RESIDENT_PASSWORD)
    send(page)
    visitor.look("account-confirmed")
    expect(page.get_by_role("button", name=re.compile("Ieși"))).to_be_visible()


def verify_at_desk(visitor: Visitor, town: Town) -> None:
    """A clerk checks the resident's identity card."""
    sign_in(visitor, "clerk@civic.example")
    page = visitor.open("/staff/desk")
    page.locator("main input[name=email]").fill(RESIDENT)
    send(page)
    visitor.look("staff-desk-person")
    page.locator("#cnp").fill("1800101123450")
    birth = page.locator("main input[name=birth_date]")
    for part, value in zip(birth.all(), ("1", "1", "1980"), strict=True):
        part.fill(value)
    page.locator("main select[name=neighbourhood]").select_option(label=town.area)
    page.locator("main label[for=seen]").click()
    send(page)
    visitor.look("staff-desk-verified")
    expect(page.locator("main")).to_contain_text("Locuitorul este verificat")


def propose(visitor: Visitor, town: Town) -> str:
    """The resident writes and sends a proposal; its path."""
    page = visitor.open("/proposals/new")
    send(page)
    page.get_by_label("Titlu").fill("Umbră la Piața Obor")
    page.locator("main textarea[name=problem]").fill("Vara nu se poate sta la coadă de căldură.")
    page.locator("main textarea[name=idea]").fill("Douăzeci de arbori și șase bănci în jurul pieței.")
    page.locator("main select[name=neighbourhood]").select_option(label=town.area)
    page.locator("main select[name=category]").select_option(label=town.category)
    page.locator("main input[name=cost]").fill("120.000")
    visitor.look("proposals-edit")
    send(page, "main button[name=action][value=submit]")
    assert re.search(r"/proposals/\d+$", page.url), page.locator("main").inner_text()
    visitor.look("proposals-submitted")
    return str(page.url).removeprefix(visitor.site)


def publish(visitor: Visitor) -> None:
    """A moderator reads and publishes it."""
    sign_in(visitor, "moderator@civic.example")
    page = visitor.open("/staff/moderation")
    with page.expect_navigation():
        page.get_by_role("link", name="Umbră la Piața Obor").click()
    visitor.look("staff-moderation-case")
    tick(page, "Public")
    send(page, "#decide button[value=queue]")
    visitor.look("staff-moderation-decided")


def join_round(visitor: Visitor, proposal: str) -> None:
    """The author enters it in the edition."""
    page = visitor.open(proposal)
    with page.expect_navigation():
        page.get_by_role("button", name=re.compile("Ediția de probă")).click()
    visitor.look("proposals-joined")


def hand_to_department(visitor: Visitor, town: Town) -> None:
    """Council staff take it into analysis."""
    sign_in(visitor, "staff@civic.example")
    page = visitor.open("/staff/proposals/take")
    if visitor.javascript:
        # The choice is sent by itself; what is ticked before the answer is there would be swapped away.
        page.locator("main select[name=round]").select_option(label="Ediția de probă")
        page.wait_for_url(re.compile(r"[?&]round="))
        expect(page.locator(".htmx-request, .htmx-swapping, .htmx-settling")).to_have_count(0)
    else:
        page.locator("main select[name=round]").select_option(label="Ediția de probă")
        send(page, "main form[method=get] button")
    expect(page.locator("main label", has_text="Umbră la Piața Obor")).to_be_visible()
    tick(page, town.department)
    tick(page, "Umbră la Piața Obor")
    send(page)
    visitor.look("staff-taken")


def evaluate(visitor: Visitor) -> None:
    """The department finds it eligible."""
    sign_in(visitor, "evaluator@civic.example")
    page = visitor.open("/staff/evaluations")
    with page.expect_navigation():
        page.get_by_role("link", name="Umbră la Piața Obor").click()
    visitor.look("staff-evaluation")
    for aspect in ("legal", "technical", "cost", "land", "running_cost"):
        page.locator(f"main input[name={aspect}_verdict][value=ok]").locator(
            "xpath=following-sibling::label"
        ).click()
    page.locator("main input[name=estimate]").fill("130.000")
    page.locator("main input[name=result][value=eligible]").locator("xpath=following-sibling::label").click()
    send(page)
    visitor.look("staff-evaluated")


def put_on_the_ballot(visitor: Visitor, town: Town) -> None:
    """Council staff admit the eligible proposal as a project, beside another one."""
    page = visitor.open(f"/staff/rounds/{town.round_id}/vote")
    with page.expect_navigation():
        page.get_by_role("link", name=re.compile("Umbră la Piața Obor")).click()
    visitor.look("staff-admit")
    send(page)
    visitor.look("staff-on-the-ballot")
    expect(page.locator("main")).to_contain_text("130.000")


def vote(visitor: Visitor) -> str:
    """The resident chooses, looks over the ballot and casts it; the tracking code."""
    page = visitor.open("/rounds/editia/vote")
    add = page.locator("main button[name=add]").first
    if visitor.javascript:
        add.click()
        expect(page.locator("main button[name=remove]").first).to_be_visible()
    else:
        with page.expect_navigation():
            add.click()
    visitor.look("vote-chosen")
    visitor.open("/proposals")
    expect(page.locator(".ballot-bar")).to_contain_text("Ediția de probă")
    with page.expect_navigation():
        page.locator(".ballot-bar a").first.click()
    visitor.look("vote-review")
    send(page, "#cast")
    visitor.look("vote-receipt")
    return page.locator(".tracking-code").inner_text().strip()


def close(first: Visitor, second: Visitor, town: Town) -> None:
    """Two of council staff close the vote stage by stage and publish the results."""
    sign_in(second, SECOND_STAFF)
    closing.close_by_two(town.app, town.round_id, first, second, SECOND_STAFF, closing.backup_day_now())


def adopt(visitor: Visitor, town: Town) -> None:
    """Council staff cite the decision that adopts the results."""
    page = visitor.open(f"/staff/rounds/{town.round_id}")
    page.locator("main input[name=decision]").fill("HCL 77/2027")
    page.locator("main input[name=decision_date]").fill(f"{clock.city_date(clock.now()):%d.%m.%Y}")
    send(page, "main form[action$='/adopt'] button[type=submit]")
    visitor.look("staff-adopted")


def build(visitor: Visitor) -> None:
    """Council staff say that the work has begun."""
    page = visitor.open("/staff/deliveries")
    with page.expect_navigation():
        page.locator("main").get_by_role("link", name="Umbră la Piața Obor").first.click()
    page.locator("main form[action$='/status'] select").select_option(label="În execuție")
    send(page, "main form[action$='/status'] button[type=submit]")
    visitor.look("staff-delivery")

"""The people of a consultation's road and what each of them does on the screen, by label and button."""

import dataclasses
import re
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from email.message import EmailMessage

from playwright.sync_api import Page, expect

from civic import clock, tasks
from civic.config import Settings
from civic.extensions import db
from consultations.contributions.mailbox import Envelope
from tests.browser import road
from tests.browser.conftest import Visitor
from tests.browser.road import RESIDENT, send, sign_in, tick
from tests.factories import make_account

MAILBOX = "consultari@primarie.example"
#: Writes a letter instead of opening the site, and the one who contributes by the form without an account.
WRITER, NEIGHBOUR = "dan@civic.example", "elena@civic.example"
TITLE = "Regulamentul parcurilor din oraș"
ACT = "HCL 412/2027"
TEXT = """# Regulamentul parcurilor

## Capitolul I. Program

Art. 1. Parcurile sunt deschise între orele 6 și 22.

Art. 2. Câinii se plimbă în lesă, cu excepția locurilor împrejmuite.
"""
PDF = b"%PDF-1.4\n1 0 obj\nendobj\ntrailer\n%%EOF\n"
MONTHS = (
    "ianuarie", "februarie", "martie", "aprilie", "mai", "iunie", "iulie", "august", "septembrie", "octombrie",
    "noiembrie", "decembrie",
)  # fmt: skip


class Town(road.Town):
    """The city of the long road, with a mailbox for contributions and a resident who has an account."""

    def build(self) -> None:
        """Make it."""
        super().build()
        settings = self.app.config["SETTINGS"]
        self.app.config["SETTINGS"] = dataclasses.replace(
            settings, mailbox_url="imaps://u:p@mail.example", mailbox_address=MAILBOX
        )
        with self.app.app_context():
            make_account(email=RESIDENT, display_name="Maria din Obor")
            db.session.commit()
            db.session.remove()

    def work(self) -> None:
        """What the worker does with the tasks that wait."""
        with self.app.app_context():
            tasks.run_waiting(clock.now())
            db.session.remove()

    def receive(self, letter: EmailMessage) -> None:
        """A letter reaches the mailbox, and the work by the clock takes it."""
        box = Box([bytes(letter)], clock.now())

        @contextmanager
        def opened(_settings: Settings) -> Iterator[Box]:
            yield box

        self.app.extensions["civic_mailbox"] = opened
        self.run_job("contributions.mailbox")
        assert not box.letters


@dataclass
class Box:
    """A mailbox in memory."""

    letters: list[bytes]
    arrived_at: datetime
    taken: list[str] = field(default_factory=list)

    def waiting(self, besides: Collection[str] = ()) -> list[Envelope]:
        """Letters not taken yet."""
        return [Envelope(str(at), len(raw), self.arrived_at) for at, raw in enumerate(self.letters)]

    def read(self, key: str, head: bool = False) -> bytes:
        """A letter's bytes."""
        return self.letters[int(key)]

    def done(self, key: str) -> None:
        """It waits no longer."""
        del self.letters[int(key)]


def press(page: Page, words: str) -> None:
    """Press the button with exactly these words and wait for the next page."""
    send(page, f'main button:text-is("{words}")')


def follow(page: Page, words: str) -> None:
    """Follow a link of the page by its words."""
    with page.expect_navigation():
        page.locator("main").get_by_role("link", name=words).first.click()


def says(page: Page, words: str) -> None:
    """The page holds these words."""
    expect(page.locator("main")).to_contain_text(words)


def prepare(staff: Visitor, town: Town) -> str:
    """Staff write a draft decision whose last day is too near, with its two documents; its staff page."""
    sign_in(staff, "staff@civic.example")
    page = staff.open("/staff/consultations/new")
    tick(page, "Proiect de hotărâre")
    page.get_by_label("Titlu").fill(TITLE)
    page.locator("main textarea[name=summary]").fill(
        "Parcurile ar fi deschise până la ora 22, iar câinii în lesă."
    )
    near = clock.city_date(clock.now()) + timedelta(days=3)
    page.locator("main input[name=closes_on]").fill(f"{near:%d.%m.%Y}")
    page.locator("main select[name=department_id]").select_option(label=town.department)
    page.locator("main select[name=dimension]").select_option("decision_making")
    page.locator("main input[name=responsible]").fill("Ana Pop, referent relația cu societatea civilă")
    page.locator("main textarea[name=send_to]").fill("Registratura primăriei, str. Chiristigiilor 11-13")
    press(page, "Salvează")
    staff.look("staff-draft")
    for kind, title in (("Textul proiectului", "Proiectul"), ("Referat de aprobare", "Referatul")):
        form = page.locator("main form[action$='/documents']")
        form.locator("select").select_option(label=kind)
        form.locator("input[type=text]").fill(title)
        form.locator("input[type=file]").set_input_files(
            {"name": "act.pdf", "mimeType": "application/pdf", "buffer": PDF}
        )
        press(page, "Adaugă documentul")
    staff.look("staff-draft-with-file")
    return str(page.url).removeprefix(staff.site)


def announce(staff: Visitor) -> None:
    """Refused with the earliest day, which is then chosen: announced."""
    page = staff.page
    press(page, "Anunță")
    staff.look("staff-announce-refused")
    refusal = page.locator(".govuk-error-summary").inner_text()
    found = re.search(r"Ultima zi poate fi cel mai devreme (\d+) (\w+) (\d{4})", refusal)
    assert found, refusal
    follow(page, "Schimbă ce e scris")
    day, month, year = int(found[1]), MONTHS.index(found[2]) + 1, int(found[3])
    page.locator("main input[name=closes_on]").fill(f"{day:02}.{month:02}.{year}")
    press(page, "Salvează")
    press(page, "Anunță")
    staff.look("staff-announced")
    says(page, "Anunțată")


def bring_in_text(staff: Visitor, place: str) -> None:
    """Staff paste the text in Markdown, look it over and publish it."""
    page = staff.open(place)
    page.locator("main a[href$='/text']").first.click()
    page.wait_for_url("**/text")
    staff.look("staff-text")
    tick(page, "Text lipit, în Markdown")
    page.locator("main textarea[name=text]").fill(TEXT)
    press(page, "Citește textul")
    staff.look("staff-text-read")
    press(page, "Publică această formă")
    staff.look("staff-text-published")


def ask(staff: Visitor, place: str) -> None:
    """Staff begin a questionnaire from the one for draft decisions and publish it."""
    page = staff.open(place)
    follow(page, "Scrie un chestionar")
    staff.look("staff-questionnaire-new")
    page.locator("main select[name=start]").select_option("draft")
    page.get_by_label("Titlu", exact=True).fill("Ce părere ai despre program?")
    page.locator("main input[name=access][value=email]").locator("xpath=following-sibling::label").click()
    press(page, "Salvează")
    staff.look("staff-questionnaire")
    press(page, "Publică chestionarul")
    staff.look("staff-questionnaire-published")


def remark(resident: Visitor, place: str) -> None:
    """A resident comments on one paragraph and suggests other words for another."""
    sign_in(resident, RESIDENT)
    page = resident.open(place)
    page.locator("main a[href$='/text']").first.click()
    page.wait_for_url("**/text")
    resident.look("text")
    page.locator("main .draft__row--article a.draft__beside").first.click()
    page.wait_for_url("**/text/*")
    resident.look("text-paragraph")
    tick(page, "Un comentariu")
    page.get_by_label("Comentariul tău").fill("Vara e plăcut după ora 22. De ce nu până la 23?")
    press(page, "Trimite")
    resident.look("text-commented")
    says(page, "De ce nu până la 23?")
    page.goto(resident.site + place + "/text")
    page.locator("main .draft__row--article a.draft__beside").last.click()
    page.wait_for_url("**/text/*")
    page.get_by_label("Cuvintele la care te referi").fill("în lesă")
    tick(page, "O altă formulare")
    page.locator("main textarea[name=replacement]").fill("în lesă de cel mult doi metri")
    press(page, "Trimite")
    resident.look("text-suggested")
    says(page, "cel mult doi metri")


def moderate(moderator: Visitor) -> None:
    """A moderator reads both remarks and makes them public."""
    sign_in(moderator, "moderator@civic.example")
    for _each in range(2):
        page = moderator.open("/staff/moderation")
        page.locator("#moderation-queue a[href*='/staff/moderation/']").first.click()
        page.wait_for_url("**/staff/moderation/*")
        moderator.look("staff-remark-case")
        tick(page, "Public")
        send(page, "#decide button[value=queue]")
    moderator.look("staff-remark-public")


def answer_questions(resident: Visitor, place: str) -> None:
    """The resident answers the questionnaire, looks the answers over and sends them."""
    page = resident.open(place)
    follow(page, "Răspunde la chestionar")
    resident.look("questionnaire")
    press(page, "Începe")
    resident.look("questionnaire-first-page")
    tick(page, "Mai degrabă nu")
    press(page, "Continuă")
    resident.look("questionnaire-further-question")
    page.locator("main textarea").first.fill("Aș deschide parcurile mai devreme.")
    press(page, "Continuă")
    resident.look("questionnaire-second-page")
    tick(page, "Locuitor")
    press(page, "Continuă")
    resident.look("questionnaire-review")
    says(page, "Mai degrabă nu")
    press(page, "Trimite răspunsurile mele")
    resident.look("questionnaire-sent")


def contribute(neighbour: Visitor, town: Town, place: str) -> str:
    """Somebody without an account writes by the form and opens the link of the mail; the receipt."""
    page = neighbour.open(place)
    neighbour.look("consultation-open")
    follow(page, "Trimite o contribuție")
    neighbour.look("contribute")
    page.locator("main input[name=name]").fill("Elena Marin")
    page.locator("main input[name=email]").fill(NEIGHBOUR)
    page.locator("main textarea[name=body]").fill(
        "Propun să existe un țarc pentru câini în fiecare parc mare."
    )
    press(page, "Trimite")
    neighbour.look("contribute-sent")
    page = neighbour.open(road.link_in(town.letter_to(NEIGHBOUR)))
    send(page)
    neighbour.look("receipt")
    says(page, "Elena Marin")
    return str(page.url).removeprefix(neighbour.site)


def letter(consultation_id: int) -> EmailMessage:
    """A recommendation by mail, to the address that the page of the consultation names."""
    message = EmailMessage()
    message["From"] = f"Dan Ionescu <{WRITER}>"
    message["To"] = MAILBOX.replace("@", f"+c{consultation_id}@")
    message["Subject"] = "Țarc pentru câini"
    message["Message-ID"] = "<unu@civic.example>"
    message.set_content("Bună ziua, cer un țarc pentru câini și în parcul de lângă piață.")
    return message


def refuse_report(staff: Visitor, place: str) -> None:
    """The report waits for the answers."""
    page = staff.open(place)
    staff.look("staff-answering")
    press(page, "Publică raportul")
    staff.look("staff-report-refused")
    expect(page.locator(".govuk-error-summary")).to_be_visible()


def group(staff: Visitor, place: str) -> None:
    """The form and the letter ask for the same: one theme."""
    page = staff.open(place + "/contributions")
    for words in ("țarc pentru câini în fiecare", "țarc pentru câini și în"):
        page.locator("main tr", has_text=words).locator("input[name=ids]").check()
    page.locator("#bulk-new").fill("Țarcuri pentru câini")
    press(page, "Pune la temă")
    staff.look("staff-grouped")


def group_texts(staff: Visitor, town: Town, place: str) -> None:
    """What was written in the questionnaire stands under a theme too."""
    for job in ("questionnaires", "texts"):
        town.run_job(job)
    page = staff.open(place + "/texts")
    staff.look("staff-texts")
    page.locator("main tr", has_text="deschide parcurile").locator("input[name=keys]").check()
    page.locator("#put-new").fill("Programul parcurilor")
    press(page, "Pune acolo cele alese")
    staff.look("staff-texts-grouped")


def write_answers(evaluator: Visitor, place: str) -> None:
    """The department answers the theme and each remark."""
    sign_in(evaluator, "evaluator@civic.example")
    page = evaluator.open(place + "/contributions")
    follow(page, "Teme")
    evaluator.look("staff-themes")
    follow(page, "Țarcuri pentru câini")
    _answer(page, "not_adopted", "Țarcurile se fac prin programul de investiții, nu prin acest regulament.")
    evaluator.look("staff-theme-submitted")
    page = evaluator.open(place + "/texts")
    follow(page, "Programul parcurilor")
    _answer(page, "adopted", "Parcurile se deschid de la ora 6, articolul 1.")
    for words, outcome, reason in (
        ("De ce nu până la 23?", "not_adopted", "Liniștea de noapte începe la ora 22 în tot orașul."),
        ("cel mult doi metri", "adopted", "Articolul 2 se completează."),
    ):
        page = evaluator.open(place + "/contributions")
        page.locator("main tr", has_text=words).locator("th a").click()
        page.wait_for_url("**/contributions/*")
        evaluator.look("staff-entry")
        _answer(page, outcome, reason)
    evaluator.look("staff-entry-submitted")


def _answer(page: Page, outcome: str, reason: str) -> None:
    page.locator(f"main input[name=outcome][value={outcome}]").locator(
        "xpath=following-sibling::label"
    ).click()
    page.locator("main textarea[name=reason]").fill(reason)
    page.locator("main input[name=author_function]").fill("Șef serviciu, Direcția Spații Verzi")
    press(page, "Trimite la semnat")


def sign_answers(signer: Visitor, place: str) -> None:
    """A person of council staff who wrote none of them signs each."""
    sign_in(signer, road.SECOND_STAFF)
    page = signer.open(place + "/texts")
    follow(page, "Programul parcurilor")
    press(page, "Semnează și publică")
    for _each in range(3):
        page = signer.open(place + "/contributions?state=submitted")
        page.locator("main tr th a").first.click()
        page.wait_for_url("**/contributions/*")
        theme = page.locator("main a[href*='/themes/']")
        if theme.count():
            with page.expect_navigation():
                theme.first.click()
        signer.look("staff-to-sign")
        press(page, "Semnează și publică")
    signer.look("staff-signed")


def publish_report(staff: Visitor, place: str) -> None:
    """Everything is answered: the report is public."""
    page = staff.open(place)
    says(page, "Fiecare contribuție are răspuns.")
    press(page, "Publică raportul")
    staff.look("staff-reported")


def adopt(staff: Visitor, place: str) -> None:
    """Council staff enter the act."""
    page = staff.open(place)
    tick(page, "Adoptat")
    page.locator("main input[name$=act_number]").fill(ACT)
    press(page, "Înregistrează rezultatul")

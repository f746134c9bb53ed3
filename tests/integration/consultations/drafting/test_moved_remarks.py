"""No remark moves in silence: readers see what changed under it, its author is written, and who knows says if it is right."""

from sqlalchemy import select

from civic.accounts.models import Account
from civic.audit import AuditRecord
from civic.extensions import db
from civic.outbox import OutboxMessage
from consultations.drafting import queries
from consultations.drafting.models import Annotation
from consultations.models import Consultation
from tests.factories import make_account, make_resident
from tests.integration.consultations.drafting.draftkit import (
    TEXT,
    open_consultation,
    publish,
    remark,
    run_tasks,
)
from tests.pageclient import Page, PageClient

#: The fine is another one: what was said of it stands beside words that changed.
DEARER = TEXT.replace("sub sancțiunea amenzii de 500 de lei", "sub sancțiunea amenzii de până la 500 de lei")
ABOUT = "strânge în urma câinelui, sub sancțiunea amenzii de 500 de lei"


def moved_remark(author: Account, note: str = "Altă amendă.") -> tuple[Consultation, Annotation]:
    one = open_consultation()
    publish(one)
    made = remark(one, quote=ABOUT, author=author)
    stays = remark(one, "Art. 2", quote="la registratură")
    publish(one, DEARER, note)
    run_tasks()
    db.session.refresh(made)
    db.session.refresh(stays)
    assert (made.how, stays.how) == ("changed", "exact")
    return one, made


def beside(client: PageClient, made: Annotation) -> Page:
    return client.get("drafting.section", consultation_id=made.consultation_id, key=made.key)


def letters(author: Account) -> list[str]:
    wanted = select(OutboxMessage.body).where(OutboxMessage.address == author.email)
    return list(db.session.scalars(wanted.order_by(OutboxMessage.id)))


def judge(client: PageClient, page: Page, made: Annotation, value: str, expect: int = 303) -> Page:
    return client.submit(page, f"/annotations/{made.id}/place", {"place": value}, expect=expect)


def test_readers_see_what_it_was_written_about_and_only_its_author_and_staff_judge(
    client: PageClient,
) -> None:
    author = make_resident()
    one, made = moved_remark(author)
    page = beside(client, made)
    assert "Textul s-a schimbat ușor" in page.main_text
    assert f"Observația a fost scrisă pe: „{ABOUT}”" in page.main_text
    assert "până la" in page.text_of(".draft__moved .diff ins")
    assert "Nu e locul potrivit" not in page.main_text
    assert any("1 observație a ta stă lângă cuvinte schimbate" in text for text in letters(author))
    listed = client.get("drafting.moved", consultation_id=one.id)
    assert "Textul s-a schimbat ușor" in listed.main_text
    assert (
        "1 observație mutată odată cu textul" in client.get("drafting.text", consultation_id=one.id).main_text
    )
    client.sign_in(make_resident())
    data = {"place": "wrong", "edition": made.edition_id}
    client.post("drafting.judge_place", data, annotation_id=made.id, expect=403)
    client.sign_in(author)
    judge(client, beside(client, made), made, "right")
    db.session.refresh(made)
    assert made.how == "confirmed"
    assert not queries.count_marked(one.id)
    page = beside(client, made)
    assert "a confirmat că acesta este locul" in page.main_text
    assert "Nu e locul potrivit" not in page.main_text
    publish(one, DEARER.replace("coșurile", "toate coșurile"), "Toate coșurile.")
    run_tasks()
    db.session.refresh(made)
    assert made.how == "confirmed"
    assert f"Observația a fost scrisă pe: „{ABOUT}”" in beside(client, made).main_text


def test_a_wrong_place_is_taken_back_and_not_given_again(client: PageClient) -> None:
    author = make_resident()
    one, made = moved_remark(author)
    staff = make_account("staff")
    client.sign_in(staff)
    desk = client.get("staff_drafting.text", consultation_id=one.id)
    assert "1 observație mutată odată cu textul" in desk.main_text
    page = client.get("drafting.moved", consultation_id=one.id)
    judge(client, page, made, "wrong")
    db.session.refresh(made)
    assert made.is_lost
    assert made.how == "refused"
    assert "spus că locul găsit" in client.get("drafting.lost", consultation_id=one.id).main_text
    assert "stătea lângă alte cuvinte" in letters(author)[-1]
    record = db.session.scalars(
        select(AuditRecord).where(
            AuditRecord.event == "annotation.place_refused", AuditRecord.account_id == staff.id
        )
    ).one()
    assert record.subject_id == made.id
    judge(client, page, made, "right", expect=409)
    publish(one, DEARER.replace("coșurile", "toate coșurile"), "Toate coșurile.")
    run_tasks()
    db.session.refresh(made)
    assert made.is_lost, "likeness does not bring back what people refused"
    publish(one, TEXT, "Ca la început.")
    run_tasks()
    db.session.refresh(made)
    assert (made.is_lost, made.how) == (False, "exact"), "its very words do"


def test_a_whole_paragraph_that_grew_is_marked(client: PageClient) -> None:
    one = open_consultation()
    publish(one)
    made = remark(one)
    publish(
        one, TEXT.replace("500 de lei.", "500 de lei. Amenda se dublează la a doua abatere."), "Se dublează."
    )
    run_tasks()
    db.session.refresh(made)
    assert made.is_marked
    assert "se dublează" in beside(client, made).text_of(".draft__moved .diff ins")

"""Remarks on a draft: with and without a passage, refused with what was typed, counted, moderated."""

from typing import Any

import pytest
from sqlalchemy import func, select

from civic import clock
from civic.extensions import db
from civic.moderation.rules import Decision
from consultations.contributions import keeping
from consultations.contributions.models import Contribution
from consultations.drafting import queries
from consultations.drafting.models import Annotation, Edition, Section, Stance
from consultations.models import Consultation
from tests.consultations_support import make_consultation
from tests.factories import make_account, make_resident, save
from tests.integration.consultations.drafting.draftkit import (
    decide,
    key_of,
    open_consultation,
    publish,
    remark,
)
from tests.pageclient import PageClient


def at(one: Consultation, beginning: str = "(2)") -> dict[str, int]:
    edition = queries.current_edition(one.id)
    assert edition is not None
    return {"consultation_id": one.id, "key": key_of(edition, beginning)}


def send(client: PageClient, one: Consultation, expect: int = 303, **fields: Any) -> Any:
    data = {"kind": "comment", "body": "Amenda e prea mare.", **fields}
    return client.post("drafting.annotate", data, **at(one), expect=expect)


def count() -> int:
    return db.session.scalar(select(func.count(Annotation.id))) or 0


def test_a_paragraph_leads_to_its_form_and_the_remark_is_in_the_register(client: PageClient) -> None:
    one = open_consultation()
    publish(one)
    client.sign_in(make_resident())
    page = client.get("drafting.text", consultation_id=one.id)
    assert "Comentează acest paragraf" in page.main_text
    send(client, one, quote="amenzii de 500 de lei")
    made = db.session.scalars(select(Annotation)).one()
    entry = db.session.get_one(Contribution, made.contribution_id)
    assert (made.quote, made.state, entry.number, entry.channel) == (
        "amenzii de 500 de lei", "visible", 1, "annotation",
    )  # fmt: skip
    assert "Amenda e prea mare." in entry.body
    assert "amenzii de 500 de lei" in entry.body
    shown = client.get("drafting.section", **at(one)).main_text
    assert "Amenda e prea mare." in shown
    assert entry.reference in shown
    assert "1 observație" in client.get("drafting.text", consultation_id=one.id).main_text


def test_another_wording_is_shown_as_a_difference(client: PageClient) -> None:
    one = open_consultation()
    publish(one)
    remark(one, kind="replacement", quote="500 de lei", replacement="200 de lei", body="")
    page = client.get("drafting.section", **at(one))
    assert page.find(".diff del") is not None
    assert page.find(".diff ins") is not None
    assert "Formulare propusă" in page.main_text


def test_words_typed_without_marks_are_found(app) -> None:
    one = open_consultation()
    publish(one)
    made = remark(one, quote="STAPANUL strange in urma cainelui")
    assert made.quote == "Stăpânul strânge în urma câinelui"


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"quote": "cuvinte care nu sunt"}, "Aceste cuvinte nu sunt în paragraf"),
        ({"quote": "de", "body": "Ce vreau să spun"}, "mai multe ori"),
        ({"body": ""}, "Scrie mai întâi ceva"),
        ({"kind": "altceva"}, "invalidă"),
        ({"kind": "replacement", "replacement": "500 de lei", "quote": "500 de lei"}, "formularea de acum"),
    ],
)
def test_what_is_refused_comes_back_as_typed(
    client: PageClient, fields: dict[str, str], sentence: str
) -> None:
    one = open_consultation()
    publish(one)
    client.sign_in(make_resident())
    page = send(client, one, 422, **fields)
    assert sentence in page.main_text
    for typed in (fields.get("quote", ""), fields.get("body", "")):
        assert typed in page.html
    assert count() == 0


def test_chosen_words_that_stand_twice_are_told_apart_by_where_they_begin(app) -> None:
    one = open_consultation()
    edition = publish(one)
    text = next(row.text for row in queries.list_keyed(edition.id) if row.text.startswith("(2)"))
    second = text.index("de", text.index("500"))
    made = remark(one, quote="de", start=second)
    assert (made.start, made.end) == (second, second + 2)


def test_a_visitor_reads_and_is_asked_to_sign_in_to_write(client: PageClient) -> None:
    one = open_consultation()
    publish(one)
    assert "Intră în cont" in client.get("drafting.section", **at(one)).main_text
    send(client, one, 303)
    assert count() == 0
    client.sign_in(make_account(confirmed=False))
    assert "adresa de e-mail" in send(client, one, 403).main_text


@pytest.mark.parametrize("state", ["answering", "reported", "adopted"])
def test_after_the_end_nobody_writes_and_everyone_reads(client: PageClient, state: str) -> None:
    one = make_consultation(state, clock.now())
    edition = save(
        Edition(
            consultation_id=one.id,
            number=1,
            source="text",
            remarks={},
            note="",
            created_at=clock.now(),
            ready_at=clock.now(),
            published_at=clock.now(),
        )  # fmt: skip
    )
    save(Section(edition_id=edition.id, key=1, position=0, kind="article", text="(2) Text."))
    client.sign_in(make_resident())
    assert "(2) Text." in client.get("drafting.text", consultation_id=one.id).main_text
    send(client, one, 403)


def test_a_new_accounts_remark_waits_here_and_in_the_register(client: PageClient) -> None:
    one = open_consultation()
    publish(one)
    author = make_account()
    client.sign_in(author)
    send(client, one, body="Cumpărați de la mine!")
    mine = client.get("drafting.section", **at(one)).main_text
    assert "Cumpărați de la mine!" in mine
    assert "Așteaptă un moderator" in mine
    client.sign_out()
    assert "Cumpărați de la mine!" not in client.get("drafting.section", **at(one)).html
    made = db.session.scalars(select(Annotation)).one()
    entry = db.session.get_one(Contribution, made.contribution_id)
    assert entry.number == 1
    assert entry.hidden_at is not None
    assert "Cumpărați" not in entry.body
    decide(made, Decision.PUBLISH)
    assert "Cumpărați de la mine!" in client.get("drafting.section", **at(one)).main_text
    assert "Cumpărați" in entry.body
    assert entry.hidden_at is None


def test_a_hidden_remark_is_hidden_in_the_register_too_and_comes_back_with_a_reason(
    client: PageClient,
) -> None:
    one = open_consultation()
    publish(one)
    made = remark(one, body="Sunteți niște hoți.")
    moderator = decide(made, Decision.HIDE, "insult", "Jignire.")
    page = client.get("drafting.section", **at(one))
    assert "niște hoți" not in page.html
    assert "Ascuns de un moderator. Motivul: Jignire." in page.main_text
    entry = db.session.get_one(Contribution, made.contribution_id)
    assert entry.hidden_reason == "Jignire."
    assert "hoți" not in entry.body
    client.sign_in(moderator)
    assert "hoți" in client.get("drafting.restore", annotation_id=made.id).main_text
    client.post("drafting.restore_now", {"reason": " "}, annotation_id=made.id, expect=422)
    client.post("drafting.restore_now", {"reason": "Citat din ziar."}, annotation_id=made.id)
    assert "niște hoți" in client.get("drafting.section", **at(one)).main_text
    assert "hoți" in entry.body


def test_what_staff_take_off_the_register_says_so_by_function_and_with_the_reason(client: PageClient) -> None:
    one = open_consultation()
    publish(one)
    made = remark(one, body="Vecinul meu, Ion Popescu, are un câine.")
    staff = make_account("staff").as_actor()
    keeping.hide(staff, made.contribution_id, "personal_data", "Numele unui vecin.", "", clock.now())
    page = client.get("drafting.section", **at(one))
    assert "Ion Popescu" not in page.html
    assert "Scoasă de personalul primăriei care ține registrul. Motivul: Numele unui vecin." in page.main_text
    assert "moderator" not in page.main_text


def test_a_form_sent_twice_makes_one_remark(client: PageClient) -> None:
    one = open_consultation()
    publish(one)
    client.sign_in(make_resident())
    for _n in range(2):
        send(client, one, form_key="abc")
    assert count() == 1
    assert db.session.scalar(select(func.count(Contribution.id))) == 1


def test_one_account_has_one_opinion_and_may_change_it(client: PageClient) -> None:
    one = open_consultation()
    publish(one)
    author = make_resident()
    made = remark(one, author=author)
    client.sign_in(make_resident())
    for value, agree, disagree in (("1", 1, 0), ("1", 1, 0), ("-1", 0, 1), ("0", 0, 0), ("1", 1, 0)):
        client.post("drafting.take_side", {"value": value}, annotation_id=made.id)
        db.session.refresh(made)
        assert (made.agree, made.disagree) == (agree, disagree)
    assert db.session.scalar(select(func.count()).select_from(Stance)) == 1
    assert 'aria-pressed="true"' in client.get("drafting.section", **at(one)).html
    client.sign_in(author)
    client.post("drafting.take_side", {"value": "1"}, annotation_id=made.id, expect=403)


def test_the_text_of_a_consultation_not_announced_is_staffs_own(client: PageClient) -> None:
    one = make_consultation("draft", clock.now())
    publish(one)
    for address in ("drafting.text", "drafting.lost"):
        client.get(address, consultation_id=one.id, expect=404)
    client.get("drafting.section", **at(one), expect=404)
    client.sign_in(make_account("staff"))
    client.get("drafting.text", consultation_id=one.id)


def test_pages_ask_as_many_questions_whatever_is_written(client: PageClient, statements: list[str]) -> None:
    one = open_consultation()
    publish(one)

    def asked(endpoint: str, **values: int) -> int:
        client.get(endpoint, **values)
        statements.clear()
        client.get(endpoint, **values)
        return len(statements)

    remark(one, body="Prima.")
    few = [asked("drafting.text", consultation_id=one.id), asked("drafting.section", **at(one))]
    for n in range(12):
        remark(one, body=f"Observația {n}.")
    many = [asked("drafting.text", consultation_id=one.id), asked("drafting.section", **at(one))]
    assert few == many
    assert max(many) <= 12


def test_pages_in_english_have_no_romanian(client: PageClient) -> None:
    one = open_consultation()
    publish(one)
    remark(one, quote="500 de lei")
    client.speak("en")
    client.sign_in(make_resident())
    assert "1 remark" in client.get("drafting.text", consultation_id=one.id).main_text
    client.get("drafting.section", **at(one))

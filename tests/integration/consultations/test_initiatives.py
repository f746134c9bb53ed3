"""A citizens' draft is checked, signed once by each elector of its area, verified, and becomes a consultation."""

from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import func, select, text
from sqlalchemy.exc import IntegrityError

from civic import audit, clock, links
from civic.accounts import leaving
from civic.accounts.models import Account
from civic.errors import Conflict, DomainError
from civic.extensions import db
from civic.outbox import OutboxMessage
from consultations import service as consultations
from consultations.initiatives import jobs, queries, service, signing
from consultations.initiatives.models import Initiative, PaperSheet, Signature
from consultations.models import Consultation
from tests.factories import make_account, make_department, make_neighbourhood, make_person, make_resident
from tests.integration.consultations.initiativekit import (
    LINE,
    make_electors,
    make_initiative,
    make_signature,
)
from tests.pageclient import PageClient
from tests.uploads import pdf_upload

WORDS = {
    "title": "Parcurile să fie deschise până la ora 24", "text": "Art. 1. Parcurile se închid la ora 24.",
    "reasons": "Vara se închid prea devreme.", "initiators": "Ana Pop\nDan Radu", "own_line": "Ana Pop",
    "neighbourhood_id": "",
}  # fmt: skip
SIGNED = {**LINE, "agrees": "y"}


@pytest.fixture
def resident(client: PageClient) -> Account:
    account = make_resident()
    client.sign_in(account)
    return account


@pytest.fixture
def staff(client: PageClient) -> Account:
    account = make_account("staff")
    client.sign_in(account)
    return account


def fresh(one: Initiative) -> Initiative:
    db.session.expire_all()
    return db.session.get_one(Initiative, one.id)


def signatures() -> int:
    return db.session.scalar(select(func.count(Signature.id))) or 0


def events() -> list[str]:
    return list(db.session.scalars(select(audit.AuditRecord.event).order_by(audit.AuditRecord.id)))


# --- writing and the check of the form -------------------------------------------------------------------


def test_a_draft_is_written_sent_returned_mended_and_published(client: PageClient, resident: Account) -> None:
    made = client.follow(client.post("initiatives.create", {**WORDS, "text": ""}))
    one = db.session.scalars(select(Initiative)).one()
    assert "Îl vezi doar tu" in made.main_text
    refused = client.follow(client.submit(made, "/submit"))
    assert "Scrie textul proiectului de hotărâre." in refused.html
    page = client.get("initiatives.edit", initiative_id=one.id)
    client.submit(page, "/edit", {"text": WORDS["text"]})
    client.follow(client.submit(client.get("initiatives.show", initiative_id=one.id), "/submit"))
    sent = fresh(one)
    assert sent.submitted_at is not None
    assert sent.form_due_at is not None
    assert sent.form_due_at > sent.submitted_at + timedelta(days=13)
    client.post("initiatives.edit", {**WORDS, "seen": str(sent.version)}, initiative_id=one.id, expect=403)
    client.sign_in(make_account("staff"))
    assert WORDS["title"] in client.get("staff_initiatives.index").main_text
    client.post("staff_initiatives.send_back", {"return_form-reason": ""}, initiative_id=one.id, expect=422)
    client.post(
        "staff_initiatives.send_back", {"return_form-reason": "Lipsește art. 2."}, initiative_id=one.id
    )
    client.sign_in(resident)
    assert "Lipsește art. 2." in client.get("initiatives.show", initiative_id=one.id).main_text
    client.post("initiatives.submit", initiative_id=one.id)
    client.sign_in(make_account("staff"))
    asked = client.follow(client.post("staff_initiatives.publish", initiative_id=one.id))
    assert "Introdu mai întâi numărul de alegători" in asked.html
    make_electors(1001)
    shown = client.follow(client.post("staff_initiatives.publish", initiative_id=one.id)).main_text
    assert "0 din 51 de semnături necesare" in shown
    assert "Registrul electoral" in shown
    letters = list(db.session.scalars(select(OutboxMessage.subject).order_by(OutboxMessage.id)))
    assert [one.split(":")[0] for one in letters] == [
        "Proiectul tău de hotărâre a fost restituit", "Proiectul tău de hotărâre este publicat",
    ]  # fmt: skip


def test_words_that_cannot_be_kept_come_back(client: PageClient, resident: Account) -> None:
    page = client.post("initiatives.create", {**WORDS, "title": ""}, expect=422)
    assert page.form("/initiatives/new")["text"] == WORDS["text"]
    made = service.create(_actor(resident), service.Words("Titlu"), clock.now())
    db.session.commit()
    old = client.post("initiatives.edit", {**WORDS, "seen": "77"}, initiative_id=made.id, expect=409)
    assert old.form("/edit")["reasons"] == WORDS["reasons"]


def _actor(account: Account) -> Any:
    return db.session.get_one(Account, account.id).as_actor()


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"birth_date": date(2015, 1, 1)}, "de la 18 ani"),
        ({"area_basis": "work"}, "domiciliul aici"),
        (None, "Primăria trebuie să verifice"),
    ],
)
def test_only_electors_put_a_draft_forward_and_are_told_why_not(
    client: PageClient, changes: dict[str, Any] | None, sentence: str
) -> None:
    account = make_account() if changes is None else make_resident(**changes)
    client.sign_in(account)
    assert sentence in client.get("initiatives.create").main_text
    page = client.post("initiatives.create", WORDS, expect=403)
    assert WORDS["text"] in page.main_text
    one = make_initiative()
    assert sentence in client.get("initiatives.sign", initiative_id=one.id).main_text
    client.post("initiatives.sign", SIGNED, initiative_id=one.id, expect=403)
    assert signatures() == 0


def test_nobody_floods_the_secretariat(client: PageClient, resident: Account) -> None:
    for _each in range(3):
        make_initiative("draft", resident)
    assert "Ai deja 3 proiecte nepublicate" in client.get("initiatives.create").main_text
    client.post("initiatives.create", WORDS, expect=403)
    drafts = queries.list_of_author(resident.id)
    client.post("initiatives.discard", initiative_id=drafts[0].id)
    client.post("initiatives.create", WORDS)


# --- signing ---------------------------------------------------------------------------------------------


def test_an_elector_signs_once_and_takes_it_back(client: PageClient, resident: Account) -> None:
    one = make_initiative()
    wrong = client.post("initiatives.sign", {**LINE, "document": ""}, initiative_id=one.id, expect=422)
    assert wrong.form(f"{one.id}/sign")["name"] == LINE["name"]
    shown = client.follow(client.post("initiatives.sign", SIGNED, initiative_id=one.id)).main_text
    assert "1 din 3 semnături necesare" in shown
    assert "L-ai semnat la" in shown
    again = client.post("initiatives.sign", SIGNED, initiative_id=one.id, expect=403)
    assert "fiecare semnează o singură dată" in again.main_text
    client.post("initiatives.take_back", initiative_id=one.id)
    assert signatures() == 0
    client.post("initiatives.sign", SIGNED, initiative_id=one.id)
    assert signatures() == 1


def test_a_second_signature_of_a_person_is_refused_by_a_named_constraint(app: Any) -> None:
    one, signer = make_initiative(), make_resident()
    make_signature(one, signer)
    with pytest.raises(IntegrityError, match="uq_initiative_signature_initiative_id_signer_mark"):
        make_signature(one, signer)
    db.session.rollback()


def test_two_taps_at_once_leave_one_signature(app: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    one, signer = make_initiative(), make_resident()
    make_signature(one, signer)
    monkeypatch.setattr(signing, "find_own", lambda *_values: None)
    with pytest.raises(Conflict, match="o singură dată"):
        signing.sign(_actor(signer), one.id, signing.Line(**LINE), clock.now())
    assert signatures() == 1


def test_somebody_of_another_area_is_told_so(client: PageClient) -> None:
    here = make_neighbourhood("Colentina")
    one = make_initiative(neighbourhood_id=here.id)
    client.sign_in(make_resident(make_neighbourhood("Obor")))
    page = client.post("initiatives.sign", SIGNED, initiative_id=one.id, expect=403)
    assert "doar cine are domiciliul în Colentina" in page.main_text
    client.sign_in(make_resident(here))
    client.post("initiatives.sign", SIGNED, initiative_id=one.id)


@pytest.mark.parametrize(
    ("state", "sentence"),
    [
        ("ended", "Semnăturile s-au strâns până la"),
        ("deposited", "Semnăturile au fost depuse la"),
        ("withdrawn", "A fost retras"),
    ],
)
def test_what_is_not_collected_any_more_is_refused_with_its_reason(
    client: PageClient, resident: Account, state: str, sentence: str
) -> None:
    one = make_initiative(state)
    page = client.post("initiatives.sign", SIGNED, initiative_id=one.id, expect=403)
    assert sentence in page.main_text
    assert sentence in client.get("initiatives.show", initiative_id=one.id).main_text


def test_after_the_deposit_no_signature_is_taken_back(client: PageClient, resident: Account) -> None:
    one = make_initiative("deposited")
    make_signature(one, resident)
    told = client.follow(client.post("initiatives.take_back", initiative_id=one.id))
    assert "până la depunerea listelor" in told.html
    assert signatures() == 1


def test_signers_are_named_nowhere_but_on_the_secretarys_list(client: PageClient, resident: Account) -> None:
    one = make_initiative()
    client.post("initiatives.sign", SIGNED, initiative_id=one.id)
    public = client.get("initiatives.show", initiative_id=one.id).html
    assert LINE["name"] not in public
    assert LINE["document"] not in public
    stored = db.session.scalars(select(Signature)).one()
    assert LINE["name"].encode() not in bytes(stored.sealed or b"")
    assert not [one for one in events() if "sign" in one], "the record of acts names who signed"
    client.get("staff_initiatives.signers", initiative_id=one.id, expect=403)
    client.sign_in(make_account("auditor"))
    client.get("staff_initiatives.signers", initiative_id=one.id, expect=403)
    client.sign_in(make_account("staff"))
    page = client.get("staff_initiatives.signers", initiative_id=one.id).main_text
    assert LINE["name"] in page
    assert LINE["document"] in page
    table = client.post("staff_initiatives.table", initiative_id=one.id, expect=200)
    assert LINE["address"] in table.html
    assert events()[-2:] == ["initiative.signers_opened", "initiative.signers_exported"]


def test_a_name_is_no_formula_in_the_table(app: Any) -> None:
    one = make_initiative()
    make_signature(one, name="=HYPERLINK(1)")
    assert "\n=HYPERLINK" not in "".join(signing.table_of(one))
    assert ",=" not in "".join(signing.table_of(one))


def test_who_deletes_the_account_takes_the_open_signatures_along(app: Any) -> None:
    open_one, deposited, signer = make_initiative(), make_initiative("deposited"), make_resident()
    make_signature(open_one, signer)
    make_signature(deposited, signer)
    leaving.forget(db.session.get_one(Account, signer.id), clock.now())
    assert [row.initiative_id for row in db.session.scalars(select(Signature))] == [deposited.id]


# --- paper, deposit, verification ------------------------------------------------------------------------


def sheet(**changes: Any) -> dict[str, Any]:
    values = {"number": "1", "valid": "2", "struck": "1", "struck_reason": "Unul fără domiciliu.", **changes}
    sent: dict[str, Any] = {f"sheet_form-{name}": value for name, value in values.items()}
    return {"sheet_form-scan": pdf_upload(), **sent}


def test_paper_sheets_count_and_their_scan_is_the_secretariats(client: PageClient, staff: Account) -> None:
    one = make_initiative()
    make_signature(one)
    page = client.post(
        "staff_initiatives.enter_sheet", sheet(struck_reason=""), initiative_id=one.id, expect=422
    )
    assert page.form("/sheets")["sheet_form-valid"] == "2"
    shown = client.follow(client.post("staff_initiatives.enter_sheet", sheet(), initiative_id=one.id))
    assert "3 din 3 semnături necesare" in shown.main_text
    client.post("staff_initiatives.enter_sheet", sheet(), initiative_id=one.id, expect=409)
    row = db.session.scalars(select(PaperSheet)).one()
    assert row.file is not None
    client.post("staff_initiatives.scan", initiative_id=one.id, sheet_id=row.id, expect=200)
    assert events()[-1] == "initiative.scan_opened"
    client.sign_in(make_account("staff"))
    client.get("files.show", file_id=row.file.id, name=row.file.name, expect=403)
    client.post("staff_initiatives.remove_sheet", initiative_id=one.id, sheet_id=row.id)
    assert queries.tally(one.id).valid == 1


def test_lists_are_deposited_once_there_are_enough(client: PageClient, resident: Account) -> None:
    one = make_initiative(author=resident)
    for _each in range(2):
        make_signature(one)
    refused = client.follow(client.post("initiatives.deposit", initiative_id=one.id))
    assert "Semnături care mai lipsesc: 1." in refused.html
    make_signature(one)
    client.post("initiatives.deposit", initiative_id=one.id)
    assert fresh(one).verify_due_at is not None
    client.post("initiatives.withdraw", {"reason": "x"}, initiative_id=one.id, expect=403)


def test_enough_valid_signatures_make_a_consultation_of_the_draft(client: PageClient, staff: Account) -> None:
    one, department = make_initiative("deposited"), make_department("Direcția parcuri")
    rows = [make_signature(one) for _each in range(4)]
    sample = client.get("staff_initiatives.sample", initiative_id=one.id).main_text
    assert sample.count(LINE["document"]) == 4
    here = {"initiative_id": one.id, "signature_id": rows[0].id}
    client.get("staff_initiatives.strike", **here)
    client.post("staff_initiatives.strike", {"reason": ""}, expect=422, **here)
    client.post("staff_initiatives.strike", {"reason": "Domiciliul este în alt oraș."}, **here)
    client.post("staff_initiatives.let_in", **here)
    client.post("staff_initiatives.strike", {"reason": "Domiciliul este în alt oraș."}, **here)
    verdict = {
        "verdict_form-reason": "Verificate toate în Registrul electoral.",
        "verdict_form-department_id": str(department.id),
    }
    shown = client.follow(client.post("staff_initiatives.verify", verdict, initiative_id=one.id)).main_text
    assert "3 semnături sunt valabile, se cereau 3." in shown
    done = fresh(one)
    made = db.session.get_one(Consultation, done.consultation_id)
    assert (done.outcome, done.valid_total, made.kind) == ("accepted", 3, "citizens_draft")
    page = client.get("staff_consultations.show", consultation_id=made.id).main_text
    assert "Propus de cetățeni" in page
    assert "Proiect de hotărâre inițiat de cetățeni" in page
    assert "Aruncă ciorna" not in page
    with pytest.raises(DomainError, match="nu poate fi aruncată"):
        consultations.discard(_actor(staff), made.id, clock.now())
    client.get("staff_consultations.edit", consultation_id=made.id)
    db.session.execute(
        text(
            "UPDATE consultation SET announced_at = now(), opens_at = now(), closes_on = '2099-01-01', closes_at ="
            " '2099-01-01', earliest_close_at = '2099-01-01' WHERE id = :id"
        ),
        {"id": made.id},
    )
    db.session.commit()
    with client.app.test_request_context():
        chain = links.chain("consultation", made.id)
    assert [link.kind for link in chain] == ["initiative", "consultation"]
    shown = client.get("consultations.show", consultation_id=made.id).main_text
    assert "3 semnături valabile susțin acest proiect" in shown
    assert f'href="/consultations/{made.id}"' in client.get("initiatives.show", initiative_id=one.id).html


def test_too_few_valid_signatures_end_it_with_the_reason(client: PageClient, staff: Account) -> None:
    one = make_initiative("deposited")
    make_signature(one)
    make_department()
    page = client.get("staff_initiatives.show", initiative_id=one.id)
    assert "Nu sunt suficiente" in page.main_text
    client.submit(page, "/verify", {"verdict_form-reason": "Două au fost retrase de instanță."})
    done = fresh(one)
    assert (done.outcome, done.consultation_id) == ("refused", None)
    client.sign_out()
    shown = client.get("initiatives.show", initiative_id=one.id).main_text
    assert "Semnăturile nu sunt suficiente" in shown
    assert "retrase de instanță" in shown


def test_nothing_is_accepted_with_fewer_signatures_whoever_writes_the_row(app: Any) -> None:
    one = make_initiative("accepted")
    with pytest.raises(IntegrityError, match="ck_initiative_accepted_with_enough"):
        db.session.execute(text("UPDATE initiative SET valid_total = 2 WHERE id = :id"), {"id": one.id})
    db.session.rollback()


def test_names_are_erased_after_the_end_and_the_numbers_stay(app: Any) -> None:
    now = clock.now()
    done, running = make_initiative("refused"), make_initiative("deposited")
    make_signature(done)
    make_signature(running)
    assert jobs.erase_signers(now) == 0
    assert jobs.erase_signers(now + timedelta(days=31)) == 1
    assert jobs.erase_signers(now + timedelta(days=31)) == 0
    kept = {row.initiative_id: row.sealed is None for row in db.session.scalars(select(Signature))}
    assert kept == {done.id: True, running.id: False}
    assert queries.tally(done.id).online == 1


# --- electors and share ----------------------------------------------------------------------------------


def test_electors_and_share_are_data_with_a_source(client: PageClient, staff: Account) -> None:
    entry = {"electors-neighbourhood_id": "", "electors-electors": "2000", "electors-as_of": "01.02.2026"}
    page = client.post("staff_initiatives.enter_electors", {**entry, "electors-source": ""}, expect=422)
    assert page.form("/basis/electors")["electors-electors"] == "2000"
    client.post("staff_initiatives.enter_electors", {**entry, "electors-source": "AEP, adresa 12"})
    running = make_initiative()
    page = client.get("staff_initiatives.basis")
    assert "AEP, adresa 12" in page.main_text
    changed = {"share-percent": "2,5", "share-reason": "Legea s-a schimbat."}
    client.submit(page, "/basis/share", changed)
    stale = client.submit(page, "/basis/share", changed, expect=409)
    assert "Altcineva" in stale.main_text
    assert fresh(running).required == 3
    waiting = make_initiative("submitted")
    make_electors(2000)
    service.publish(_actor(staff), waiting.id, clock.now())
    assert waiting.required == 50


# --- who reads what --------------------------------------------------------------------------------------


def test_a_draft_is_its_authors_alone_and_the_list_shows_what_is_public(client: PageClient) -> None:
    draft, sent = make_initiative("draft", title="Taină"), make_initiative("submitted", title="Trimis")
    make_initiative(title="Se semnează")
    make_initiative("refused", title="Respins")
    listed = client.get("initiatives.index").main_text
    assert "Taină" not in listed
    assert "Trimis" not in listed
    assert listed.index("Se semnează") < listed.index("Respins")
    assert "Respins" not in client.get("initiatives.index", state="collecting").main_text
    assert "Nimic nu se potrivește" in client.get("initiatives.index", state="lapsed").main_text
    for account in (make_resident(), make_account("staff")):
        client.sign_in(account)
        client.get("initiatives.show", initiative_id=draft.id, expect=404)
    assert "Trimis" in client.get("staff_initiatives.index").main_text
    client.get("staff_initiatives.show", initiative_id=sent.id)
    client.get("staff_initiatives.show", initiative_id=draft.id, expect=404)


def test_everybody_reads_what_can_be_signed_in_both_languages(client: PageClient) -> None:
    one = make_initiative(title="Un titlu lung " + "foarte " * 35)
    for language, words in (("ro", "Se strâng semnături"), ("en", "Signatures are collected")):
        client.speak(language)
        assert words in client.get("initiatives.index").main_text
        assert words in client.get("initiatives.show", initiative_id=one.id).main_text
        assert one.title[:40] in client.get("/").main_text


def test_an_empty_list_says_what_to_do(client: PageClient) -> None:
    assert "Încă nu este publicat niciun proiect" in client.get("initiatives.index").main_text
    client.sign_in(make_account("staff"))
    assert "Încă nu a fost trimis niciun proiect" in client.get("staff_initiatives.index").main_text


def test_withdrawing_says_why_to_everyone(client: PageClient, resident: Account) -> None:
    one = make_initiative(author=resident)
    client.post("initiatives.withdraw", {"reason": " "}, initiative_id=one.id, expect=422)
    client.post("initiatives.withdraw", {"reason": "Consiliul a decis deja."}, initiative_id=one.id)
    client.sign_out()
    assert "Consiliul a decis deja." in client.get("initiatives.show", initiative_id=one.id).main_text


def test_a_list_costs_the_same_however_long(client: PageClient, statements: list[str]) -> None:
    make_initiative()
    client.get("initiatives.index")
    statements.clear()
    client.get("initiatives.index", page=1)
    few = len(statements)
    for _each in range(5):
        make_signature(make_initiative(neighbourhood_id=make_neighbourhood().id))
    statements.clear()
    client.get("initiatives.index", area="")
    assert len(statements) <= few


def test_a_verified_person_without_identity_cannot_sign(client: PageClient) -> None:
    person = make_person(method="recorded", identity_hash=None)
    client.sign_in(make_account(person_id=person.id))
    one = make_initiative()
    assert "Primăria trebuie să verifice" in client.get("initiatives.sign", initiative_id=one.id).main_text

"""Registering an organisation, its verification by the city hall, changes, suspension: with reasons, told and shown."""

from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import insert, select, update
from sqlalchemy.exc import IntegrityError

from civic import clock, timeline
from civic.audit import AuditRecord
from civic.errors import Conflict, Invalid, NotAllowed
from civic.extensions import db
from civic.organisations import queries, rules, service
from civic.organisations.models import Organisation, OrganisationCheck
from civic.organisations.rules import Contact, State
from civic.outbox import OutboxMessage
from tests.factories import make_account, make_department, make_neighbourhood
from tests.integration.organisations.orgkit import (
    EMAIL,
    TAX_CODE,
    decide,
    join,
    make_values,
    refused,
    suspended,
    verified,
    waiting,
)
from tests.pageclient import PageClient

FIELDS = {
    "name": "Asociația Cartierul Verde",
    "legal_form": "association",
    "registration_number": "123/A/2019",
    "contact_email": EMAIL,
    "minority": "",
    "represents": "y",
}


def fresh(organisation: Organisation) -> Organisation:
    db.session.expire_all()
    return queries.get_organisation(organisation.id)


def mails(address: str) -> list[OutboxMessage]:
    return list(
        db.session.scalars(
            select(OutboxMessage).where(OutboxMessage.address == address).order_by(OutboxMessage.id)
        )
    )


def story(organisation: Organisation) -> list[str]:
    return [event.event.partition(".")[2] for event in timeline.list_events("organisation", organisation.id)]


def recorded(organisation: Organisation) -> list[str]:
    return list(
        db.session.scalars(
            select(AuditRecord.event)
            .where(AuditRecord.subject_kind == "organisation", AuditRecord.subject_id == organisation.id)
            .order_by(AuditRecord.id)
        )
    )


# --- registering ----------------------------------------------------------------------------------------


def test_a_stranger_reads_what_it_takes_and_is_asked_to_sign_in(app: Flask, client: PageClient) -> None:
    page = client.get("organisations.new")
    assert "Intră mai întâi în cont" in page.main_text
    answer = client.post("organisations.register", FIELDS)
    assert "/sign-in" in answer.headers["Location"]


def test_an_unconfirmed_address_is_told_why(app: Flask, client: PageClient) -> None:
    client.sign_in(make_account(confirmed=False))
    assert "Confirmă mai întâi adresa de e-mail" in client.get("organisations.new").main_text
    page = client.post("organisations.register", FIELDS, expect=403)
    assert "Confirmă mai întâi adresa de e-mail" in page.main_text
    assert db.session.query(Organisation).count() == 0


def test_a_resident_registers_an_organisation_and_waits(app: Flask, client: PageClient) -> None:
    area, owner = make_neighbourhood("Tei"), make_account()
    client.sign_in(owner)
    page = client.get("organisations.new")
    answer = client.submit(page, "/organisations/new", {
        **FIELDS, "tax_code": "RO 4267117", "website": "verde.example", "areas": str(area.id), "minority": "roma",
        "contact_phone": "021 209 60 00", "phone_public": "y", "description": "Copaci.",
    })  # fmt: skip
    made = db.session.query(Organisation).one()
    assert answer.headers["Location"].endswith(f"/organisations/{made.id}")
    assert (made.state, made.tax_code, made.website) == (State.WAITING, TAX_CODE, "https://verde.example")
    assert (made.public_phone, made.public_email, made.keeper_id) == ("021 209 60 00", "", owner.id)
    page = client.follow(answer)
    assert "Primăria verifică această organizație" in page.main_text
    assert "Răspunsul primăriei" in page.main_text
    assert recorded(made) == ["organisation.registered"]
    assert (
        "Asociația Cartierul Verde, administrator Așteaptă verificarea"
        in client.get("accounts.show").main_text
    )


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"name": ""}, "Scrie denumirea organizației."),
        ({"name": "x" * 201}, "cel mult 200 de caractere"),
        ({"legal_form": ""}, "Alege forma juridică."),
        ({"registration_number": ""}, "Scrie numărul sub care e înregistrată organizația."),
        ({"legal_form": "authority"}, "O autoritate publică are cod fiscal (CIF): scrie-l."),
        ({"tax_code": "4267118"}, "Acesta nu este un cod fiscal"),
        ({"website": "javascript:alert(1)"}, "Scrie o adresă de internet"),
        ({"contact_email": "nimic"}, "e-mail"),
        ({"contact_phone": "sunați"}, "Scrie un număr de telefon"),
        ({"represents": ""}, "Numai cine are dreptul"),
        ({"description": "x" * 2001}, "cel mult 2.000 de caractere"),
    ],
)
def test_what_cannot_be_is_said_beside_its_field_and_nothing_typed_is_lost(
    app: Flask, client: PageClient, changes: dict[str, str], sentence: str
) -> None:
    client.sign_in(make_account())
    typed = {**FIELDS, "description": "Un text lung scris cu grijă.", "website": "verde.example", **changes}
    page = client.post("organisations.register", typed, expect=422)
    assert sentence in page.main_text
    kept = page.form("/organisations/new")
    for name, value in typed.items():
        if name != "represents" and not (name == "legal_form" and not value):
            assert kept.get(name) == value, name
    assert db.session.query(Organisation).count() == 0


def test_an_initiative_group_has_no_number(app: Flask, client: PageClient) -> None:
    client.sign_in(make_account())
    client.post("organisations.register", {**FIELDS, "legal_form": "initiative_group", "tax_code": TAX_CODE})
    made = db.session.query(Organisation).one()
    assert (made.registration_number, made.tax_code) == ("", "")
    for name, value in (("registration_number", "1/A"), ("tax_code", TAX_CODE)):
        statement = update(Organisation).where(Organisation.id == made.id).values(**{name: value})
        with pytest.raises(IntegrityError, match="numbers_fit_form"), db.session.begin_nested():
            db.session.execute(statement)


def test_nobody_registers_hundreds(app: Flask, client: PageClient) -> None:
    owner = make_account()
    for number in range(rules.REGISTRATIONS_A_DAY):
        waiting(owner, name=f"A {number}")
    client.sign_in(owner)
    assert "Revino mâine" in client.get("organisations.new").main_text
    client.post("organisations.register", FIELDS, expect=403)


@pytest.mark.parametrize("changes", [{"legal_form": "x"}, {"minority": "x"}, {"areas": (10**6,)}, {"contact": Contact()},
                                     {"tax_code": "1"}, {"website": "ftp://x.ro"}, {"name": " \u200e "}])  # fmt: skip
def test_the_service_refuses_what_the_form_would(app: Flask, changes: dict[str, Any]) -> None:
    with app.test_request_context(), pytest.raises(Invalid):
        service.register_organisation(make_account().as_actor(), make_values(**changes), clock.now())


# --- the city hall --------------------------------------------------------------------------------------


def test_staff_verify_and_the_administrators_are_told(app: Flask, client: PageClient) -> None:
    owner = make_account(email="ana@civic.example")
    made = waiting(owner)
    client.sign_in(make_account("staff"))
    assert "Organizații 1 așteaptă" in client.get("staff.home").main_text
    queue = client.get("organisations_staff.index")
    assert made.name in queue.main_text
    page = client.get("organisations_staff.show", organisation_id=made.id)
    assert EMAIL in page.main_text
    client.submit(page, "/decide", {"decision": "verify"})
    assert fresh(made).state == State.VERIFIED
    letter = mails("ana@civic.example")[-1]
    assert letter.subject == "Verificată de primărie: Asociația Cartierul Verde"
    assert f"/organisations/{made.id}" in letter.body
    assert story(made) == ["registered", "verified"]
    assert recorded(made) == ["organisation.registered", "organisation.verified"]
    client.sign_out()
    client.get("organisations.show", organisation_id=made.id)


def test_a_refusal_has_a_reason_that_is_told_and_shown(app: Flask, client: PageClient) -> None:
    owner = make_account(email="ana@civic.example", locale="en")
    made = waiting(owner)
    client.sign_in(make_account("staff"))
    page = client.get("organisations_staff.show", organisation_id=made.id)
    page = client.submit(page, "/decide", {"decision": "refuse", "reason": ""}, expect=422)
    assert "Scrie motivarea: organizația o va citi." in page.main_text
    client.submit(page, "/decide", {"decision": "refuse", "reason": "Numărul nu există."})
    assert fresh(made).state == State.REFUSED
    letter = mails("ana@civic.example")[-1]
    assert "Reasons: Numărul nu există." in letter.body
    assert "Correct what is written there" in letter.body
    client.sign_in(owner)
    client.speak("en")
    page = client.get("organisations.show", organisation_id=made.id)
    assert "Numărul nu există." in page.main_text
    assert "Correct what is written here" in page.main_text


def test_a_refused_one_is_corrected_and_sent_again(app: Flask, client: PageClient) -> None:
    owner = make_account()
    made = refused(owner)
    client.sign_in(owner)
    page = client.get("organisations.edit", organisation_id=made.id)
    assert "De ce nu a verificat-o primăria" in page.main_text
    client.submit(page, "/edit", {"registration_number": "124/A/2019"})
    again = fresh(made)
    assert (again.state, again.state_reason, again.registration_number) == (State.WAITING, "", "124/A/2019")
    check = queries.find_open_check(made.id)
    assert check is not None
    assert check.registration_number == "124/A/2019"
    assert story(made) == ["registered", "refused", "sent_again"]


@pytest.mark.parametrize(
    "roles", [(), ("clerk",), ("moderator",), ("evaluator",), ("auditor",), ("administrator",)]
)
def test_only_staff_decide(app: Flask, client: PageClient, roles: tuple[str, ...]) -> None:
    made = waiting()
    client.sign_in(make_account(*roles, department=make_department()))
    check = queries.find_open_check(made.id)
    assert check is not None
    data = {"decision": "verify", "check": str(check.id)}
    client.post("organisations_staff.decide", data, organisation_id=made.id, expect=403)
    client.post("organisations_staff.suspend", {"turn-reason": "x"}, organisation_id=made.id, expect=403)
    assert fresh(made).state == State.WAITING
    reads = roles and roles[0] in ("auditor", "administrator")
    page = client.get("organisations_staff.show", organisation_id=made.id, expect=200 if reads else 403)
    if reads:
        assert "Aici decid numai funcționarii primăriei" in page.main_text


def test_nobody_verifies_their_own(app: Flask, client: PageClient) -> None:
    owner = make_account("staff")
    made = waiting(owner)
    client.sign_in(owner)
    page = client.get("organisations_staff.show", organisation_id=made.id)
    assert "trebuie să decidă un coleg" in page.main_text
    check = queries.find_open_check(made.id)
    assert check is not None
    data = {"decision": "verify", "check": str(check.id)}
    client.post("organisations_staff.decide", data, organisation_id=made.id, expect=403)


def test_what_changed_while_staff_read_is_not_verified(app: Flask, client: PageClient) -> None:
    owner, staff = make_account(), make_account("staff")
    made = waiting(owner)
    client.sign_in(staff)
    page = client.get("organisations_staff.show", organisation_id=made.id)
    with app.test_request_context():
        changed = make_values(name="Alt nume")
        service.change_organisation(owner.as_actor(), made.id, made.version, changed, clock.now())
        db.session.commit()
    page = client.submit(page, "/decide", {"decision": "verify"}, expect=409)
    assert "Între timp" in page.main_text
    assert fresh(made).state == State.WAITING


def test_two_claim_one_tax_code_and_one_is_verified(app: Flask, client: PageClient) -> None:
    first, second = waiting(tax_code=TAX_CODE), waiting(name="Impostorii", tax_code=TAX_CODE)
    client.sign_in(make_account("staff"))
    page = client.get("organisations_staff.show", organisation_id=first.id)
    assert "Impostorii" in page.main_text
    client.submit(page, "/decide", {"decision": "verify"})
    page = client.get("organisations_staff.show", organisation_id=second.id)
    page = client.submit(page, "/decide", {"decision": "verify"}, expect=409)
    assert "O altă organizație verificată are acest cod fiscal." in page.main_text
    assert (fresh(first).state, fresh(second).state) == (State.VERIFIED, State.WAITING)


def test_the_queue_has_counts_and_a_clock(app: Flask, client: PageClient) -> None:
    late, fine = waiting(name="Târzie"), waiting(name="La timp")
    done = verified(name="Gata")
    check = queries.find_open_check(late.id)
    assert check is not None
    check.due_at = clock.now() - timedelta(days=1)
    db.session.commit()
    client.sign_in(make_account("staff"))
    page = client.get("organisations_staff.index")
    assert page.main_text.index("Târzie") < page.main_text.index("La timp")
    assert "2 așteaptă: 1 întârziat" in page.main_text.lower()
    assert done.name not in page.main_text
    page = client.get("organisations_staff.index", view="late")
    assert fine.name not in page.main_text
    assert done.name in client.get("organisations_staff.index", view="verified").main_text
    assert done.name in client.get("organisations_staff.index", view="all", q="gata").main_text
    assert "Nimic nu așteaptă aici" in client.get("organisations_staff.index", view="refused").main_text
    for view in ("deserted", "suspended", "altceva"):
        client.get("organisations_staff.index", view=view, hx=True)


# --- changes of a verified one --------------------------------------------------------------------------


def test_a_new_name_is_verified_before_others_read_it(app: Flask, client: PageClient) -> None:
    owner = make_account()
    made = verified(owner)
    client.sign_in(owner)
    page = client.get("organisations.edit", organisation_id=made.id)
    client.submit(page, "/edit", {"name": "Nume Nou", "description": "Alt text."})
    assert "Nume Nou" in client.get("organisations.show", organisation_id=made.id).main_text
    assert client.get("organisations.edit", organisation_id=made.id).form("/edit")["name"] == "Nume Nou"
    client.sign_out()
    page = client.get("organisations.show", organisation_id=made.id)
    assert "Nume Nou" not in page.main_text
    assert "Alt text." in page.main_text
    assert fresh(made).state == State.VERIFIED
    client.sign_in(make_account("staff"))
    page = client.get("organisations_staff.show", organisation_id=made.id)
    assert "O schimbare de verificat" in page.main_text
    client.submit(page, "/decide", {"decision": "verify"})
    client.sign_out()
    assert "Nume Nou" in client.get("organisations.show", organisation_id=made.id).main_text
    assert client.get("organisations.index", q="nume nou").find(".card") is not None
    assert story(made) == ["registered", "verified", "change_filed", "change_verified"]


def test_a_refused_change_leaves_what_was_verified(app: Flask, client: PageClient) -> None:
    owner = make_account(email="ana@civic.example")
    made = verified(owner)
    with app.test_request_context():
        changed = make_values(legal_form="foundation")
        service.change_organisation(owner.as_actor(), made.id, made.version, changed, clock.now())
        db.session.commit()
    decide(fresh(made), False, "Certificatul spune asociație.")
    again = fresh(made)
    assert (again.state, again.legal_form, again.state_reason) == (State.VERIFIED, "association", "")
    assert "Certificatul spune asociație." in mails("ana@civic.example")[-1].body
    client.sign_in(owner)
    assert (
        "Schimbarea nu a fost verificată"
        in client.get("organisations.show", organisation_id=made.id).main_text
    )


def test_a_change_taken_back_waits_no_longer(app: Flask) -> None:
    owner = make_account().as_actor()
    with app.test_request_context():
        made = service.register_organisation(owner, make_values(), clock.now())
        db.session.commit()
        decide(made, True)
        for name in ("Nume Nou", "Alt Nume", make_values().name):
            made = fresh(made)
            service.change_organisation(owner, made.id, made.version, make_values(name=name), clock.now())
            db.session.commit()
    assert queries.find_open_check(made.id) is None
    assert [one.outcome for one in queries.list_checks(made.id)] == ["withdrawn", "withdrawn", "verified"]
    assert story(made) == ["registered", "verified", "change_filed", "change_withdrawn"]


def test_everything_else_changes_at_once_and_the_minority_can_go(app: Flask, client: PageClient) -> None:
    owner, area = make_account(), make_neighbourhood("Tei")
    made = verified(owner, minority="roma", areas=(area.id,))
    client.sign_in(owner)
    page = client.get("organisations.edit", organisation_id=made.id)
    assert page.form("/edit")["areas"] == str(area.id)
    client.submit(page, "/edit", {"minority": "", "areas": [], "website": ""})
    again = fresh(made)
    assert (again.minority, list(again.areas), again.website) == (None, [], "")
    assert queries.find_open_check(made.id) is None
    everything = db.session.scalars(select(AuditRecord).where(AuditRecord.subject_id == made.id)).all()
    assert "roma" not in str([one.details for one in everything])


def test_two_editors_do_not_overwrite_each_other(app: Flask, client: PageClient) -> None:
    owner = make_account()
    made = verified(owner)
    client.sign_in(owner)
    page = client.get("organisations.edit", organisation_id=made.id)
    client.submit(page, "/edit", {"description": "Prima."})
    page = client.submit(page, "/edit", {"description": "A doua."}, expect=422)
    assert "Cineva a schimbat datele organizației" in page.main_text
    assert page.form("/edit")["description"] == "A doua."
    assert fresh(made).description == "Prima."


def test_only_administrators_edit(app: Flask, client: PageClient) -> None:
    made = verified()
    for account in (join(made), make_account(), make_account("staff")):
        client.sign_in(account)
        client.get("organisations.edit", organisation_id=made.id, expect=403)
        with app.test_request_context(), pytest.raises(NotAllowed):
            service.change_organisation(account.as_actor(), made.id, 1, make_values(), clock.now())


# --- suspension -----------------------------------------------------------------------------------------


def test_suspension_and_restoring_need_a_public_reason(app: Flask, client: PageClient) -> None:
    owner = make_account(email="ana@civic.example")
    made = verified(owner)
    client.sign_in(make_account("staff"))
    page = client.get("organisations_staff.show", organisation_id=made.id)
    page = client.submit(page, "/suspend", {"turn-reason": " "}, expect=422)
    assert "Scrie motivarea: o poate citi oricine." in page.main_text
    client.submit(page, "/suspend", {"turn-reason": "Radiată din registru."})
    assert "Radiată din registru." in client.get("organisations.show", organisation_id=made.id).main_text
    assert "Radiată din registru." in mails("ana@civic.example")[-1].body
    page = client.get("organisations_staff.show", organisation_id=made.id)
    client.submit(page, "/restore", {"turn-reason": "Registrul a fost corectat."})
    again = fresh(made)
    assert (again.state, again.state_reason) == (State.VERIFIED, "")
    assert story(made)[-2:] == ["suspended", "restored"]
    assert "Registrul a fost corectat." in client.get("organisations.show", organisation_id=made.id).main_text


def test_only_what_stands_can_be_turned(app: Flask) -> None:
    staff = make_account("staff").as_actor()
    for made, command in ((waiting(), service.suspend), (suspended(name="B"), service.suspend),
                          (verified(name="C"), service.restore)):  # fmt: skip
        with app.test_request_context(), pytest.raises(Conflict):
            command(staff, made.id, "Motiv.", clock.now())


def test_the_database_keeps_one_open_check_and_its_reasons(app: Flask) -> None:
    made = waiting()
    check = queries.find_open_check(made.id)
    assert check is not None
    own = OrganisationCheck.id == check.id
    again = {
        "organisation_id": made.id,
        "filed_at": clock.now(),
        "due_at": check.due_at,
        "deadline_id": check.deadline_id,
        "reason": "",
        **service.identity_of(check),
    }
    statements = {
        "uq_organisation_check_open": insert(OrganisationCheck).values(**again),
        "refusal_has_reason": update(OrganisationCheck)
        .where(own)
        .values(outcome="refused", decided_at=clock.now()),
        "decision_whole": update(OrganisationCheck).where(own).values(outcome="verified"),
        "reason_given": update(Organisation).where(Organisation.id == made.id).values(state="refused"),
        "verified_when": update(Organisation).where(Organisation.id == made.id).values(state="verified"),
        "website_http": update(Organisation).where(Organisation.id == made.id).values(website="javascript:x"),
    }
    for constraint, statement in statements.items():
        with pytest.raises(IntegrityError, match=constraint), db.session.begin_nested():
            db.session.execute(statement)


def test_why_something_was_not_verified_is_the_organisations_own(app: Flask, client: PageClient) -> None:
    owner = make_account()
    made = refused(owner)
    service.change_organisation(
        owner.as_actor(), made.id, made.version, make_values(registration_number="9/A/2020"), clock.now()
    )
    decide(made, True)
    page = client.get("organisations.show", organisation_id=made.id)
    assert "Numărul nu există în registru." not in page.html

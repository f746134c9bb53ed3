"""The desk: who may verify whom, one person one record, and a number that is nowhere afterwards."""

from datetime import date

import pytest
from sqlalchemy import select

from civic import clock
from civic.accounts import verification
from civic.accounts.identity import cnp_check_digit, read_cnp
from civic.accounts.models import Account, Person
from civic.audit import AuditRecord
from civic.errors import Conflict
from civic.extensions import db
from civic.outbox import OutboxMessage
from civic.places.models import Neighbourhood
from tests.factories import TEST_PASSWORD, make_account, make_neighbourhood
from tests.integration.accounts.test_own_account import everything
from tests.pageclient import Page, PageClient

CNP = "1800101123450"


@pytest.fixture
def place(app: object) -> Neighbourhood:
    return make_neighbourhood("Obor")


@pytest.fixture
def clerk(client: PageClient, place: Neighbourhood) -> Account:
    account = make_account("clerk")
    client.sign_in(account)
    return account


def identity(place: Neighbourhood, **changes: object) -> dict[str, object]:
    return {
        "kind": "cnp",
        "cnp": CNP,
        "country": "",
        "country_code": "",
        "document": "",
        "birth_date": ["1", "1", "1980"],
        "neighbourhood": str(place.id),
        "area_basis": "domicile",
        "seen": "y",
        **changes,
    }


def verify(client: PageClient, account: Account, data: dict[str, object], expect: int = 303) -> Page:
    return client.post("desk.verify", data, account_id=account.id, expect=expect)


# -- refusals ------------------------------------------------------------------------------------
@pytest.mark.parametrize("role", ["staff", "moderator", "auditor", "administrator"])
def test_only_clerks_verify(client: PageClient, place: Neighbourhood, role: str) -> None:
    client.sign_in(make_account(role))
    client.get("desk.find", expect=403)
    verify(client, make_account(), identity(place), expect=403)


def test_nobody_verifies_themselves(client: PageClient, clerk: Account, place: Neighbourhood) -> None:
    assert "Nimeni nu se verifică pe sine" in client.get("desk.show", account_id=clerk.id).main_text
    verify(client, clerk, identity(place), expect=422)
    assert clerk.person_id is None


@pytest.mark.parametrize(
    ("values", "sentence"),
    [
        ({"confirmed": False}, "să confirme mai întâi adresa"),
        ({"disabled_at": clock.now()}, "Acest cont este blocat"),
    ],
)
def test_an_account_that_is_not_ready_is_refused(
    client: PageClient, clerk: Account, place: Neighbourhood, values: dict, sentence: str
) -> None:
    account = make_account(**values)
    assert sentence in client.get("desk.show", account_id=account.id).main_text
    assert sentence in verify(client, account, identity(place), expect=422).main_text


def test_an_unknown_address_is_explained(client: PageClient, clerk: Account) -> None:
    page = client.post("desk.find", {"email": "nimeni@exemplu.ro"}, expect=422)
    assert "Niciun cont nu are această adresă" in page.main_text
    assert "nimeni@exemplu.ro" not in page.headers.get("Location", "")


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"cnp": "1800101123451"}, "Cifra de control"),
        ({"cnp": "180010112345"}, "13 cifre"),
        ({"cnp": ""}, "13 cifre"),
        ({"birth_date": ["2", "1", "1980"]}, "Data nașterii nu se potrivește"),
        ({"birth_date": ["31", "2", "1980"]}, "cu zi, lună și an"),
        ({"birth_date": ["", "", ""]}, "cu zi, lună și an"),
        ({"birth_date": ["1", "1", "2180"]}, "nu este posibilă"),
        ({"neighbourhood": ""}, "Alege cartierul"),
        ({"area_basis": "castle"}, "Selecție invalid"),
        ({"seen": ""}, "ai comparat documentul"),
        ({"kind": "document"}, "Alege țara"),
        ({"kind": "document", "country": "MD", "document": "A1"}, "între 5 și 20"),
        (
            {"kind": "document", "country": "OTHER", "country_code": "ro", "document": "XY123456"},
            "codul numeric",
        ),
    ],
)
def test_a_mistake_keeps_everything_but_the_number(
    client: PageClient, clerk: Account, place: Neighbourhood, changes: dict, sentence: str
) -> None:
    account = make_account()
    data = identity(place, **changes)
    page = verify(client, account, data, expect=422)
    assert sentence in page.main_text
    for secret in (data["cnp"], data["document"]):
        assert len(str(secret)) < 5 or str(secret) not in page.html
    kept = page.form("verify")
    assert kept["kind"] == data["kind"]
    assert kept["document" if data["kind"] == "document" else "cnp"] == ""
    assert kept["birth_date"] == [str(part) for part in data["birth_date"]]
    assert "nu apare din nou" in page.main_text
    assert account.person_id is None


def test_a_person_has_one_account(client: PageClient, clerk: Account, place: Neighbourhood) -> None:
    first, second = make_account(display_name="Prima Persoană"), make_account()
    verify(client, first, identity(place))
    page = verify(client, second, identity(place), expect=422)
    assert "deja verificată cu alt cont" in page.main_text
    assert "Prima Persoană" not in page.html
    assert first.email not in page.html
    assert second.person_id is None
    assert db.session.query(Person).count() == 1


def test_an_account_is_verified_once(client: PageClient, clerk: Account, place: Neighbourhood) -> None:
    account = make_account()
    verify(client, account, identity(place))
    twelve = "180010240012"
    other = identity(place, cnp=twelve + str(cnp_check_digit(twelve)), birth_date=["2", "1", "1980"])
    assert "deja verificat" in verify(client, account, other, expect=422).main_text


# -- the road ------------------------------------------------------------------------------------
@pytest.mark.parametrize("language", ["ro", "en"])
def test_from_the_address_to_a_verified_resident(
    client: PageClient, clerk: Account, place: Neighbourhood, language: str
) -> None:
    account = make_account()
    client.speak(language)
    page = client.get("desk.find")
    found = client.submit(page, "desk", {"email": account.email.upper()})
    assert account.email not in found.headers["Location"]
    page = client.follow(found)
    done = client.submit(page, "verify", identity(place))
    page = client.follow(done)
    person = db.session.get(Person, account.person_id)
    assert person is not None
    assert (person.birth_date, person.neighbourhood_id, person.area_basis) == (
        date(1980, 1, 1),
        place.id,
        "domicile",
    )
    assert (person.method, person.verified_by_id) == ("desk", clerk.id)
    assert len(person.identity_hash or b"") == 32
    if language == "ro":
        assert "Locuitorul este verificat" in page.html
    elsewhere = make_neighbourhood()
    client.submit(page, "area", {"neighbourhood": str(elsewhere.id), "area_basis": "work"})
    assert (person.neighbourhood_id, person.area_basis) == (elsewhere.id, "work")


def test_a_foreign_document_and_an_unusual_county(
    client: PageClient, clerk: Account, place: Neighbourhood
) -> None:
    foreigner, native = make_account(), make_account()
    page = client.get("desk.show", account_id=foreigner.id, document="foreign")
    client.submit(
        page,
        "verify",
        {
            "country": "OTHER",
            "country_code": "br",
            "document": "fx 123-456",
            "birth_date": ["1", "1", "1980"],
            "neighbourhood": str(place.id),
            "seen": "y",
        },
    )
    twelve = "180010199012"
    done = verify(client, native, identity(place, cnp=twelve + str(cnp_check_digit(twelve))))
    assert "codul de județ" in client.follow(done).html.lower()
    assert foreigner.person_id is not None
    assert native.person_id is not None


def test_leaving_and_coming_back_is_the_same_person(
    client: PageClient, clerk: Account, place: Neighbourhood
) -> None:
    """So that there is no second vote."""
    first, second = make_account(), make_account()
    verify(client, first, identity(place))
    person_id = first.person_id
    client.sign_in(first)
    client.post("accounts.delete", {"password": TEST_PASSWORD, "understood": "y"})
    client.sign_in(clerk)
    verify(client, second, identity(place))
    assert second.person_id == person_id
    person = db.session.get(Person, person_id)
    assert person is not None
    assert person.released_at is None


def test_the_race_of_two_desks_is_settled_by_the_database(
    client: PageClient, clerk: Account, place: Neighbourhood, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, second = make_account(), make_account()
    verify(client, first, identity(place))
    # the second desk looked before the first had finished
    monkeypatch.setattr(verification.queries, "find_person_by_hash", lambda _hash: None)
    checked = verification.Checked(read_cnp(CNP, date(1980, 1, 1)), date(1980, 1, 1), place.id, "domicile")
    with pytest.raises(Conflict):
        verification.verify_at_desk(clerk.as_actor(), second, checked, clock.now())


def test_the_number_is_nowhere(
    client: PageClient,
    clerk: Account,
    place: Neighbourhood,
    caplog: pytest.LogCaptureFixture,
    capfd: pytest.CaptureFixture,
) -> None:
    account, other = make_account(), make_account()
    caplog.set_level("DEBUG")
    answers = [
        verify(client, account, identity(place, seen=""), expect=422),
        verify(client, account, identity(place)),
        verify(client, other, identity(place), expect=422),
    ]
    answers.append(client.get("desk.show", account_id=account.id))
    with client.browser.session_transaction() as session:
        kept = str(dict(session))
    out, err = capfd.readouterr()
    haystacks = [
        everything(),
        caplog.text,
        out,
        err,
        kept,
        *(page.html + str(page.headers) for page in answers),
    ]
    assert not [hay for hay in haystacks if CNP in hay]
    record = db.session.scalars(select(AuditRecord).where(AuditRecord.event == "person.verified")).one()
    assert record.account_id == clerk.id
    assert record.details == {"account_id": account.id, "neighbourhood_id": place.id}
    told = db.session.scalars(select(OutboxMessage).where(OutboxMessage.address == account.email)).one()
    assert "Primăria te-a verificat" in told.subject


def test_the_form_on_the_page_is_all_a_romanian_identity_card_needs(
    client: PageClient, clerk: Account, place: Neighbourhood
) -> None:
    account = make_account()
    client.sign_in(clerk)
    page = client.get("desk.show", account_id=account.id)
    typed = {
        "cnp": "1800101123450", "birth_date": ["1", "1", "1980"], "neighbourhood": str(place.id), "seen": "y",
    }  # fmt: skip
    client.submit(page, "/verify", typed)
    assert account.person_id is not None

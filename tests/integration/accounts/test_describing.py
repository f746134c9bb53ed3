"""What people say of themselves: never asked for, kept only with consent, counted from ten on."""

import pytest
from sqlalchemy import func, select

from civic.accounts.describing import queries, service
from civic.accounts.describing.models import SelfDescription
from civic.accounts.models import Account
from civic.actor import Actor
from civic.audit import AuditRecord
from civic.extensions import db
from tests.factories import NOON, TEST_PASSWORD, make_account, save
from tests.pageclient import PageClient


def events(account: Account) -> list[str]:
    kinds = select(AuditRecord.event).where(
        AuditRecord.subject_id == account.id, AuditRecord.event.startswith("self_description.")
    )
    return list(db.session.scalars(kinds.order_by(AuditRecord.id)))


def test_strangers_are_asked_nothing(client: PageClient) -> None:
    assert client.get("describing.edit", expect=303).headers["Location"].startswith("/sign-in")


@pytest.mark.parametrize("language", ["ro", "en"])
def test_saying_nothing_is_what_stands_there(client: PageClient, language: str) -> None:
    account = make_account(locale=language)
    client.sign_in(account)
    client.speak(language)
    chosen = [one for one in client.get("describing.edit").all("input") if "checked" in one.attrib]
    assert [one.get("value") for one in chosen] == ["", ""]
    client.post("describing.edit", {"age_band": "", "gender": ""}, expect=303)
    assert queries.find_description(account.id) is None
    assert events(account) == []


def test_what_is_said_stands_in_the_account_until_it_is_taken_back(client: PageClient) -> None:
    account = make_account()
    client.sign_in(account)
    client.post("describing.edit", {"age_band": "65+", "gender": ""}, expect=303)
    client.post("describing.edit", {"age_band": "65+", "gender": "woman"}, expect=303)
    assert "65 de ani sau mai mult" in client.get("accounts.show").main_text
    assert "Ți-ai dat acordul pe" in client.get("describing.edit").main_text
    client.post("describing.forget", {}, expect=303)
    assert "65 de ani" not in client.get("accounts.show").main_text
    assert events(account) == ["self_description.given"] * 2 + ["self_description.withdrawn"]


def test_an_unknown_band_is_refused(client: PageClient) -> None:
    client.sign_in(make_account())
    client.post("describing.edit", {"age_band": "12-15", "gender": ""}, expect=422)


def test_it_goes_with_the_account(client: PageClient) -> None:
    account = make_account()
    save(SelfDescription(account_id=account.id, age_band="16-24", gender=None, given_at=NOON))
    client.sign_in(account)
    client.post("accounts.delete", {"password": TEST_PASSWORD, "understood": "y"}, expect=303)
    assert db.session.scalar(select(func.count()).select_from(SelfDescription)) == 0


def test_groups_of_fewer_than_ten_are_not_counted_for_anybody(client: PageClient) -> None:
    people = [make_account() for _ in range(35)]
    for at, one in enumerate(people[:24]):
        service.describe(Actor(id=one.id), "65+" if at < 12 else "16-24", "man", NOON)
    ids = [one.id for one in people]
    counts = {one.group: one.count for one in queries.count_by_age(ids)}
    assert (counts["65+"], counts["16-24"], counts[None]) == (12, 12, None)
    assert all(one.count is None for one in queries.count_by_age(ids[:9]))
    # The rest are too few: their number could be computed from the total.
    assert all(
        one.count is None
        for one in queries.count_by_gender(select(Account.id).where(Account.id.in_(ids[:28])))
    )
    assert [one.count for one in queries.count_by_gender(ids)] == [None, 24, None, None]
    assert queries.count_by_gender([])[0].count is None

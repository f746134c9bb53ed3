"""At night voters are told that a ballot stands in their name, and the turnout is published; what that must not tell."""

import re
from datetime import date, timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import text

from civic import clock, outbox
from civic.accounts.models import Account, Person
from civic.extensions import Base, db
from civic.outbox import OutboxMessage
from civic.rounds.models import Round
from tests.factories import make_account, make_neighbourhood
from tests.integration.voting.nightkit import ENOUGH, cast_all, night, one_night, voting_round
from tests.integration.voting.votingkit import approve, make_voters, rows, vote
from tests.pageclient import PageClient
from voting import closing
from voting.nightly import jobs
from voting.nightly.models import VoteNight, leaf_batch
from voting.nightly.rules import LEAST_BATCH


def with_accounts(people: list[int]) -> dict[int, str]:
    """An account of each; their addresses."""
    made = {person: make_account(person_id=person) for person in people}
    db.session.commit()
    return {person: account.email for person, account in made.items()}


def notices() -> list[OutboxMessage]:
    found = db.session.scalars(
        db.select(OutboxMessage).where(OutboxMessage.leaves_no_trace).order_by(OutboxMessage.id)
    )
    return list(found)


def deliver() -> None:
    while outbox.deliver_due(night(40)):
        pass


def test_whose_ballot_goes_into_the_batch_is_told_and_nobody_else(context: Flask) -> None:
    round_, people = voting_round(ENOUGH + 10)
    addresses = with_accounts(people)
    cast_all(context, round_, people[:ENOUGH])
    assert jobs.work_due(night()) == 1
    told = notices()
    assert len(told) == LEAST_BATCH
    assert {one.address for one in told} < {addresses[person] for person in people[:ENOUGH]}
    assert len({one.address for one in told}) == LEAST_BATCH
    first = told[0]
    assert first.subject == "Un buletin a fost înregistrat pe numele tău"
    assert round_.name in first.body
    assert f"/rounds/{round_.slug}/my-name" in first.body
    assert "Poți și vota chiar tu" in first.body
    # Everybody of a night gets the same words, and nobody is greeted by a name they chose themselves.
    assert len({one.body for one in told}) == 1
    assert first.body.startswith("Bună ziua,\n")
    for secret in ("ora 04", "online", "P1", "Proiectul"):
        assert secret not in re.sub("până la .*", "", first.body)
    # Those who waited are told with the batch they go into; after the vote, everybody has been told once.
    clock.travel(timedelta(days=10, hours=1))
    assert jobs.work_due(clock.now()) == 1
    everybody = notices()
    assert sorted(one.address for one in everybody) == sorted(addresses[p] for p in people[:ENOUGH])
    assert "Poți și vota chiar tu" not in everybody[-1].body


def test_whoever_is_replaced_later_is_told_again(context: Flask) -> None:
    round_, people = voting_round(ENOUGH)
    addresses = with_accounts(people)
    cast_all(context, round_, people)
    assert jobs.work_due(night()) == 1
    deliver()
    told = {row.leaf for row in rows(leaf_batch)}
    victim = next(
        person for at, person in enumerate(people)
        if vote(context, round_, person, approve("P1"), at.to_bytes(16, "big")).leaf in told
    )  # fmt: skip
    vote(context, round_, victim, approve("P2"), b"somebody else..")
    clock.travel(timedelta(days=10, hours=1))
    jobs.work_due(clock.now())
    assert addresses[victim] in {one.address for one in notices()}
    assert len(notices()) == LEAST_BATCH + 1


def test_the_order_of_notices_is_not_that_of_leaves_or_people(context: Flask) -> None:
    round_, people = voting_round(2 * ENOUGH)
    addresses = with_accounts(people)
    cast_all(context, round_, people)
    one_night(context, round_, night())
    order = [one.address for one in notices()]
    by_person = [addresses[person] for person in people if addresses[person] in order]
    assert sorted(order) == sorted(by_person)
    assert order not in (by_person, by_person[::-1], sorted(order))
    places = [by_person.index(address) for address in order]
    rising = sum(one < two for one, two in zip(places, places[1:], strict=False))
    assert 0.25 < rising / (len(places) - 1) < 0.75


def test_who_has_no_confirmed_account_or_a_closed_one_gets_no_mail(context: Flask) -> None:
    round_, people = voting_round(ENOUGH)
    with_accounts(people[2:])
    closed = make_account(person_id=people[0])
    closed.disabled_at = clock.now()
    unconfirmed = make_account(person_id=people[1])
    unconfirmed.email_confirmed_at = None
    db.session.commit()
    cast_all(context, round_, people)
    clock.travel(timedelta(days=10, hours=1))
    jobs.work_due(clock.now())
    assert len(notices()) == ENOUGH - 2


def test_each_is_written_to_in_their_language(context: Flask) -> None:
    round_, people = voting_round(2)
    with_accounts(people)
    db.session.execute(db.update(Account).where(Account.person_id == people[0]).values(locale="en"))
    db.session.commit()
    cast_all(context, round_, people)
    clock.travel(timedelta(days=10, hours=1))
    jobs.work_due(clock.now())
    assert sorted(one.subject for one in notices()) == [
        "A ballot was recorded in your name",
        "Un buletin a fost înregistrat pe numele tău",
    ]


def test_a_vote_closed_at_once_tells_those_who_are_left(context: Flask) -> None:
    round_, people = voting_round(3, validation=None)
    round_id = round_.id
    addresses = with_accounts(people)
    cast_all(context, round_, people)
    clock.travel(timedelta(days=10, hours=1))
    closing.close_round(round_id, clock.now())
    assert sorted(one.address for one in notices()) == sorted(addresses.values())
    (last,) = rows(VoteNight.__table__)
    assert (last.last, last.batch) == (True, None)


# --- what stays behind ----------------------------------------------------------------------------------------------


def test_after_delivery_no_row_says_who_was_told(context: Flask) -> None:
    round_, people = voting_round(ENOUGH)
    addresses = with_accounts(people)
    cast_all(context, round_, people)
    before = everything()
    jobs.work_due(night())
    deliver()
    assert notices() == []
    after = everything()
    changed = {name for name in after if after[name] != before[name]}
    assert changed == {"leaf_batch", "checkpoint", "vote_night"}
    for name in changed:
        held = " ".join(map(repr, after[name]))
        assert not [one for one in addresses.values() if one in held]
    # What a night keeps beside leaves has no time, only the date of the night.
    columns = {
        f"{table.name}.{column.name}"
        for table in (leaf_batch, VoteNight.__table__)
        for column in table.columns
        if "TIMESTAMP" in str(column.type).upper() or "DATETIME" in str(column.type).upper()
    }
    assert columns == set()


def test_a_notice_that_cannot_be_delivered_goes_too(context: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    from civic import mail

    round_, people = voting_round(1)
    with_accounts(people)
    cast_all(context, round_, people)
    clock.travel(timedelta(days=10, hours=1))
    jobs.work_due(clock.now())

    def refuse(*_a: Any, **_k: Any) -> None:
        raise mail.DeliveryError("down")

    monkeypatch.setattr(mail, "send", refuse)
    for hours in range(12):
        outbox.deliver_due(clock.now() + timedelta(hours=10 * hours))
    assert notices() == []


def everything() -> dict[str, list[str]]:
    """Every table's rows."""
    with db.engine.connect() as connection:
        return {
            table.name: sorted(map(repr, connection.execute(table.select())))
            for table in Base.metadata.sorted_tables
        }


def test_rows_of_a_batch_share_one_transaction_and_the_order_of_hashes(context: Flask) -> None:
    round_, people = voting_round(ENOUGH)
    cast_all(context, round_, people)
    jobs.work_due(night())
    with db.engine.connect() as connection:
        found = connection.execute(text("SELECT xmin::text, ctid, leaf FROM leaf_batch ORDER BY ctid")).all()
    assert len({row[0] for row in found}) == 1
    assert [bytes(row[2]) for row in found] == sorted(bytes(row[2]) for row in found)


# --- the turnout ----------------------------------------------------------------------------------------------------


def declared(people: list[int]) -> list[int]:
    """People whose identity nobody checked."""
    db.session.execute(
        db.update(Person).where(Person.id.in_(people)).values(method="declaration", confirmed_by="email")
    )
    db.session.commit()
    return people


def panel(html: str) -> str:
    return html[html.index("round-nights") : html.index("</section>", html.index("round-nights"))]


def test_the_turnout_is_published_at_night_and_changes_with_no_ballot(context: Flask) -> None:
    tei, obor = make_neighbourhood("Tei").id, make_neighbourhood("Obor").id
    people = make_voters(60, neighbourhood_id=tei) + make_voters(8, neighbourhood_id=obor)
    people += declared(make_voters(40, neighbourhood_id=obor, birth_date=date(1929, 5, 5)))
    round_, _more = voting_round(30, remote_verification=["declaration_email"])
    slug = round_.slug
    browser = PageClient(context)
    empty = browser.get("rounds.show", slug=slug).main_text
    cast_all(context, round_, people[:44])
    assert browser.get("rounds.show", slug=slug).main_text == empty
    jobs.work_due(night())
    assert rows(VoteNight.__table__)[0].batch is None
    page = browser.get("rounds.show", slug=slug).html
    assert "Au votat 44 de oameni din 138" in page
    assert "Actualizat în noaptea de" in page
    assert re.search(r"Tei</th>\s*<td[^>]*>44<", page)
    # Five more of another neighbourhood, then twenty: told only when there are enough.
    cast_all(context, round_, people[60:65], "P1", 2)
    jobs.work_due(night(2))
    assert panel(browser.get("rounds.show", slug=slug).html) == panel(page)
    cast_all(context, round_, people[44:56] + people[68:-3], "P1", 3)
    jobs.work_due(night(3))
    page = browser.get("rounds.show", slug=slug).html
    assert "Au votat 98 de oameni din 138" in page
    assert re.search(r"prin declarație, cu un cod prin e-mail</th>\s*<td[^>]*>37<", page)
    assert re.search(r"la ghișeu, [^<]*</th>\s*<td[^>]*>61<", page)
    found = rows(VoteNight.__table__)[-1].figures
    assert found["tables"]["areas"] == {str(tei): 56, str(obor): 42}
    assert found["tables"]["proofs"] == {"desk": 61, "declaration_email": 37}
    assert found["tables"]["channels"] == {"online": 98}
    (day,) = found["days"]
    assert sum(people for *_band, people in day["ages"]) == 98 - LEAST_BATCH
    assert "55 de ani și peste" in page


def test_a_ballot_of_nobody_is_reported_long_before_the_close(
    context: Flask, caplog: pytest.LogCaptureFixture
) -> None:
    round_, people = voting_round(1)
    cast_all(context, round_, people)
    with db.engine.begin() as connection:
        connection.execute(
            text("INSERT INTO ballot_box VALUES (:r, :nym, :leaf, 'online', 1)"),
            {"r": round_.id, "nym": b"n" * 32, "leaf": b"l" * 32},
        )
    jobs.work_due(night())
    assert "1 ballots of nobody" in caplog.text


def test_after_the_results_the_round_shows_the_final_turnout_alone(context: Flask) -> None:
    round_, people = voting_round(ENOUGH)
    slug, round_id = round_.slug, round_.id
    cast_all(context, round_, people[:-1])
    jobs.work_due(night())
    browser = PageClient(context)
    assert "Au votat 49 de oameni" in browser.get("rounds.show", slug=slug).main_text
    clock.travel(timedelta(days=12))
    closing.close_round(round_id, clock.now())
    assert db.session.get_one(Round, round_id, populate_existing=True).results_at is not None
    assert "Au votat 49 de oameni" not in browser.get("rounds.show", slug=slug).main_text

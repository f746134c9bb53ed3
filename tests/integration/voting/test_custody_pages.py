"""The pages of the holders and of staff: each step and each refusal, without JavaScript; a key is shown to nobody."""

import io
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask

from civic import audit, clock, outbox
from civic.accounts.models import Account
from civic.extensions import db
from civic.unit_of_work import unit_of_work
from tests.factories import TEST_PASSWORD, make_account
from tests.integration.voting.custodykit import (
    KEPT,
    Trio,
    keyed,
    named,
    presents,
    ready,
    rehearsed,
    stopped_before_opening,
    traces_of,
    voted,
)
from tests.integration.voting.votingkit import approve, make_round, make_voters, opened, vote
from tests.pageclient import Page, PageClient
from voting import closing
from voting.custody import holders, keyfile, queries
from voting.custody.wrapping import HOLDERS, RECOVERY


def upload(text: str) -> dict[str, Any]:
    return {"upload": (io.BytesIO(text.encode()), "cheia.txt")}


def downloaded(page: Page) -> str:
    """The file a page gave: once, for nobody's cache."""
    assert page.headers["Content-Type"] == "text/plain; charset=utf-8"
    assert page.headers["Content-Disposition"].startswith("attachment; filename=")
    assert page.headers["Cache-Control"] == "no-store"
    return page.html


def session_of(browser: PageClient) -> str:
    with browser.browser.session_transaction() as session:
        return repr(dict(session))


def test_from_the_choice_to_the_rehearsal_by_the_pages_alone(context: Flask) -> None:
    round_ = make_round()
    round_id, slug = round_.id, round_.slug
    manager, people = make_account("staff"), {place: make_account() for place in HOLDERS}
    emails = {place: people[place].email for place in HOLDERS}
    staff = PageClient(context)
    staff.sign_in(manager)
    assert "Serverul" in staff.get("staff_custody.show", round_id=round_id).main_text
    staff.get("staff_custody.name", round_id=round_id, expect=302)
    staff.get("staff_custody.recovery", round_id=round_id, expect=302)
    staff.post("staff_custody.choose", {"kind": "nobody"}, round_id=round_id, expect=422)
    staff.post("staff_custody.choose", {}, round_id=round_id, expect=422)
    staff.post("staff_custody.choose", {"kind": "holders"}, round_id=round_id)
    page = staff.get("staff_custody.show", round_id=round_id)
    assert "nu sunt numiți încă" in page.main_text
    form = staff.get("staff_custody.name", round_id=round_id)
    fields = {
        f"{part}_{place}": value
        for place in HOLDERS
        for part, value in (
            ("email", emails[place]),
            ("name", f"Nume {place}"),
            ("title", f"Funcția {place}"),
        )
    }
    twice = staff.submit(form, "/holders", {**fields, "email_2": emails[1].upper()}, expect=422)
    assert "persoane diferite" in twice.main_text
    stranger = staff.submit(form, "/holders", {**fields, "email_3": "nimeni@civic.example"}, expect=422)
    assert "Nu există un cont activ" in stranger.main_text
    assert "Nume 3" in stranger.html, "what was typed stays"
    staff.submit(form, "/holders", {**fields, "name_1": " "}, expect=422)
    staff.submit(form, "/holders", fields)
    told = db.session.scalars(db.select(outbox.OutboxMessage.address)).all()
    assert set(emails.values()) <= set(told)
    files: dict[int, str] = {}
    for place in HOLDERS:
        holder = PageClient(context)
        holder.sign_in(people[place])
        assert round_.name in holder.get("accounts.show").main_text
        page = holder.get("custody.show", round_id=round_id)
        early = holder.post("custody.confirm", {"pasted": "civic-key"}, round_id=round_id, expect=409)
        assert "Fă-ți întâi cheia" in early.main_text
        files[place] = downloaded(holder.submit(page, "/key", expect=200))
        assert f"Nume {place}, Funcția {place}" in files[place]
        assert round_.name in files[place]
        page = holder.get("custody.show", round_id=round_id)
        holder.submit(page, "/confirm", upload(files[place]))
        secret = keyfile.read(files[place]).private
        assert traces_of(secret, session_of(holder)) == []
        assert traces_of(secret, holder.get("custody.show", round_id=round_id).html) == []
    page = staff.get("staff_custody.recovery", round_id=round_id)
    files[RECOVERY] = downloaded(staff.submit(page, "/recovery/key", expect=200))
    assert "COPIE DE RECUPERARE" in files[RECOVERY]
    page = staff.get("staff_custody.recovery", round_id=round_id)
    refused = staff.submit(page, "/recovery/confirm", {**upload(files[1]), "kept": KEPT}, expect=422)
    assert "cheia altui deținător" in refused.main_text
    staff.submit(page, "/recovery/confirm", {"pasted": files[RECOVERY], "kept": ""}, expect=422)
    staff.submit(page, "/recovery/confirm", {"pasted": files[RECOVERY], "kept": KEPT})
    for place in HOLDERS:
        holder = PageClient(context)
        holder.sign_in(people[place])
        page = holder.get("custody.show", round_id=round_id)
        holder.submit(page, "/rehearse", {"pasted": files[place]})
        after = holder.get("custody.show", round_id=round_id)
    assert "Totul este pregătit" in after.main_text
    page = staff.get("staff_custody.show", round_id=round_id)
    assert "Votul se poate deschide" in page.main_text
    assert page.main_text.count("reușit") == 3
    staff.post("staff_voting.prepare", round_id=round_id)
    plan = staff.get(f"/rounds/{slug}/plan.json")
    assert "Funcția 2" in plan.html
    said = [
        (row.event, row.details)
        for row in db.session.scalars(db.select(audit.AuditRecord))
        if row.event.startswith("custody.")
    ]
    assert [event for event, _details in said].count("custody.pair_rehearsed") == 3
    for secret in [keyfile.read(one).private for one in files.values()]:
        assert traces_of(secret, repr(said)) == []


def test_a_broken_download_is_made_good_by_another_key(context: Flask) -> None:
    trio = named(make_round())
    browser = trio.browser(context, 1)
    page = browser.get("custody.show", round_id=trio.round_id)
    first = downloaded(browser.submit(page, "/key", expect=200))
    page = browser.get("custody.show", round_id=trio.round_id)
    assert "Descărcarea nu a mers" in page.main_text
    second = downloaded(browser.submit(page, "/key", expect=200))
    old = browser.submit(page, "/confirm", {"pasted": first}, expect=422)
    assert "cheie mai veche" in old.main_text
    assert traces_of(keyfile.read(first).private, old.html) == [], "a page shown again carries no key"
    browser.submit(page, "/confirm", {"pasted": second})
    unsure = browser.post("custody.make", round_id=trio.round_id, expect=422)
    assert "nu va mai deschide nimic" in unsure.main_text
    third = downloaded(browser.post("custody.make", {"again-sure": "y"}, round_id=trio.round_id, expect=200))
    assert len({first, second, third}) == 3
    events = db.session.scalars(
        db.select(audit.AuditRecord.event).where(audit.AuditRecord.event.like("custody.key_%"))
    ).all()
    assert sorted(events) == [
        "custody.key_confirmed", "custody.key_made", "custody.key_replaced", "custody.key_replaced",
    ]  # fmt: skip
    letters = db.session.scalars(
        db.select(outbox.OutboxMessage).where(outbox.OutboxMessage.address == trio.accounts[1].email)
    ).all()
    assert sum("a fost făcută" in one.subject for one in letters) == 3
    for letter in letters:
        for made in (first, second, third):
            assert traces_of(keyfile.read(made).private, letter.body + letter.subject) == []


def test_every_wrong_file_gets_its_own_sentence(context: Flask) -> None:
    other = keyed(named(make_round()))
    trio = keyed(named(make_round()))
    browser = trio.browser(context, 1)
    own = trio.files[1]
    wrong = {
        "Alege fișierul cheii sau lipește": "",
        "nu este nicio cheie": "Dragă primărie,",
        "este deteriorat": own.replace("check", "chec"),
        "cheia altui vot": other.files[1],
        "cheia altui deținător": trio.files[2],
        "copia de recuperare, nu cheia ta": trio.files[RECOVERY],
    }
    for path in ("confirm", "rehearse"):
        for sentence, text in wrong.items():
            page = browser.post(f"custody.{path}", {"pasted": text}, round_id=trio.round_id, expect=422)
            assert sentence in page.main_text
            page = browser.post(f"custody.{path}", upload(text), round_id=trio.round_id, expect=422)
            assert sentence in page.main_text
    browser.post("custody.confirm", upload("x" * 70_000), round_id=trio.round_id, expect=413)
    browser.post("custody.confirm", {"pasted": "x" * 70_000}, round_id=trio.round_id, expect=413)


def test_only_the_holders_reach_the_holders_pages(context: Flask) -> None:
    trio = keyed(named(make_round()))
    stranger, nobody = PageClient(context), PageClient(context)
    for account in (make_account(), make_account("staff"), make_account("administrator")):
        stranger.sign_in(account)
        refused = stranger.get("custody.show", round_id=trio.round_id, expect=403)
        assert "Doar cei trei deținători" in refused.main_text
        for path in ("make", "confirm", "rehearse", "present"):
            stranger.post(f"custody.{path}", {"pasted": trio.files[1]}, round_id=trio.round_id, expect=403)
        assert "Cheia urnei" not in stranger.get("accounts.show").main_text
    nobody.get("custody.show", round_id=trio.round_id, expect=303)
    assert "ce ai de făcut" in nobody.get("custody.guide").main_text
    holder = trio.browser(context, 1)
    holder.get("custody.show", round_id=10_000, expect=404)
    for endpoint in ("show", "name", "recovery"):
        holder.get(f"staff_custody.{endpoint}", round_id=trio.round_id, expect=403)
    auditor = PageClient(context)
    auditor.sign_in(make_account("auditor"))
    assert "Deținătoarea 2" in auditor.get("staff_custody.show", round_id=trio.round_id).main_text
    auditor.post("staff_custody.choose", {"kind": "server"}, round_id=trio.round_id, expect=403)
    auditor.get("staff_custody.recovery", round_id=trio.round_id, expect=403)
    for place in HOLDERS:
        assert queries.list_keys(trio.round_id)[place].public_key


def test_a_replaced_holder_loses_key_and_rehearsal_and_is_told(context: Flask) -> None:
    trio = rehearsed(keyed(named(make_round())))
    browser, successor = trio.staff_browser(context), make_account("staff")
    email, former = successor.email, trio.accounts[2].email
    form = browser.get("staff_custody.name", round_id=trio.round_id)
    browser.submit(form, "/holders", {"email_2": email, "name_2": "Urmașa"})
    keys = queries.list_keys(trio.round_id)
    assert keys[2].public_key is None
    assert keys[1].confirmed_at is not None, "who stays keeps the key"
    page = browser.get("staff_custody.show", round_id=trio.round_id).main_text
    assert "Urmașa nu și-a făcut încă cheia urnei" in page
    trio.browser(context, 2).get("custody.show", round_id=trio.round_id, expect=403)
    subjects = {
        (one.address, one.subject.split(":")[0])
        for one in db.session.scalars(db.select(outbox.OutboxMessage))
    }
    assert (former, "Nu mai ai o cheie a urnei") in subjects
    assert (email, "Ai o cheie a urnei") in subjects
    # A second manager among the holders: a recommendation, not a rule.
    form = browser.get("staff_custody.name", round_id=trio.round_id)
    browser.submit(form, "/holders", {"email_3": make_account("staff").email})
    assert "Recomandăm ca măcar doi" in browser.get("staff_custody.show", round_id=trio.round_id).main_text


def test_a_holder_never_handles_the_recovery_copy(context: Flask) -> None:
    trio = keyed(named(make_round()))
    browser = trio.staff_browser(context)
    form = browser.get("staff_custody.name", round_id=trio.round_id)
    browser.submit(form, "/holders", {"email_1": browser_email(trio)})
    assert RECOVERY not in queries.list_keys(trio.round_id), (
        "the maker became a holder: the copy is made again"
    )
    assert "Roagă un coleg" in browser.get("staff_custody.recovery", round_id=trio.round_id).main_text
    refused = browser.post("staff_custody.make_recovery", round_id=trio.round_id, expect=403)
    assert "Roagă un coleg" in refused.main_text


def browser_email(trio: Trio) -> str:
    from civic.accounts.models import Account

    return str(db.session.get_one(Account, trio.staff.id).email)


def test_a_copy_made_while_the_one_before_is_read_back_is_not_the_one_in_the_safe(context: Flask) -> None:
    """Two of the staff at once: the envelope would hold a page that opens nothing."""
    trio = keyed(named(make_round()))
    with unit_of_work():
        holders.make_recovery(trio.staff, trio.round_, clock.now())
    before = queries.list_keys(trio.round_id)[RECOVERY]
    assert before.confirmed_at is None
    with db.engine.begin() as elsewhere:
        elsewhere.execute(
            db.text(
                "UPDATE custody_key SET confirmed_at = now(), kept = 'Seif' WHERE round_id = :id AND place = 4"
            ),
            {"id": trio.round_id},
        )
    with unit_of_work():
        holders.make_recovery(trio.staff, trio.round_, clock.now())
    db.session.expire_all()
    assert (before.confirmed_at, before.kept) == (None, "")


def test_a_holder_does_not_leave_while_their_key_is_needed(context: Flask) -> None:
    trio = keyed(named(make_round()))
    browser = trio.browser(context, 1)
    typed = {"password": TEST_PASSWORD, "understood": "y"}

    def refused(reason: str) -> None:
        page = browser.get("accounts.delete")
        assert reason in page.main_text
        assert not any("/account/delete" in form.get("action", "") for form in page.all("form"))
        browser.post("accounts.delete", typed, expect=403)
        assert db.session.get_one(Account, trio.accounts[1].id, populate_existing=True).deleted_at is None

    refused("Cere întâi primăriei să numească pe altcineva")
    voted(context, rehearsed(trio))
    refused("după ce se deschid buletinele")
    stopped_before_opening(trio)
    refused("după ce se deschid buletinele")
    for place in (2, 3):
        presents(trio, place)
    closing.close_round(trio.round_id, clock.now())
    browser.post("accounts.delete", typed)
    assert db.session.get_one(Account, trio.accounts[1].id, populate_existing=True).deleted_at is not None


@pytest.mark.parametrize("made", [True, False])
def test_whoever_made_no_key_or_of_a_vote_that_never_opened_may_leave(context: Flask, made: bool) -> None:
    trio = named(make_round(closes_in=timedelta(hours=1)))
    if made:
        keyed(trio)
        clock.travel(timedelta(hours=2))
    trio.browser(context, 1).post("accounts.delete", {"password": TEST_PASSWORD, "understood": "y"})
    assert db.session.get_one(Account, trio.accounts[1].id, populate_existing=True).deleted_at is not None


def test_going_back_to_the_server_releases_the_holders(context: Flask) -> None:
    trio = rehearsed(keyed(named(make_round())))
    browser = trio.staff_browser(context)
    browser.post("staff_custody.choose", {"kind": "server"}, round_id=trio.round_id)
    assert queries.list_keys(trio.round_id) == {}
    assert queries.list_wraps(trio.round_id, "rehearsal") == {}
    frozen = opened(trio.round_)
    assert frozen.frozen["box"]["custody"] == "server"
    assert frozen.box_secret_wrapped is not None


def test_presenting_by_the_pages_after_the_vote(context: Flask) -> None:
    trio = ready(make_round())
    first, second = (trio.browser(context, place) for place in (3, 1))
    early = first.post("custody.present", {"pasted": trio.files[3]}, round_id=trio.round_id, expect=409)
    assert "prea devreme" in early.main_text
    (person,) = make_voters(1)
    vote(context, opened(trio.round_), person, approve("P2"))
    assert "nimeni nu are voie" in first.get("custody.show", round_id=trio.round_id).main_text
    assert "doar după vot" in trio.staff_browser(context).get(
        "staff_custody.recovery", round_id=trio.round_id
    ).main_text  # fmt: skip
    clock.travel(timedelta(hours=2))
    staff = trio.staff_browser(context)
    stopped_before_opening(trio)
    for endpoint in ("staff_voting.show", "staff_custody.show"):
        page = staff.get(endpoint, round_id=trio.round_id)
        assert "așteaptă doi dintre cei trei" in page.main_text
        assert KEPT in page.main_text
    page = first.get("custody.show", round_id=trio.round_id)
    assert trio.files[3] not in first.submit(page, "/present", {"pasted": trio.files[1]}, expect=422).html
    first.submit(page, "/present", upload(trio.files[3]))
    assert "Mai este nevoie de una" in first.get("custody.show", round_id=trio.round_id).main_text
    assert "O cheie a fost prezentată" in staff.get("staff_custody.show", round_id=trio.round_id).main_text
    again = first.post("custody.present", {"pasted": trio.files[3]}, round_id=trio.round_id, expect=409)
    assert "deja prezentată" in again.main_text
    second.submit(second.get("custody.show", round_id=trio.round_id), "/present", {"pasted": trio.files[1]})
    assert "Două chei au fost prezentate" in second.get("custody.show", round_id=trio.round_id).main_text
    unneeded = trio.browser(context, 2)
    unneeded.post("custody.present", {"pasted": trio.files[2]}, round_id=trio.round_id, expect=409)
    closing.close_round(trio.round_id, clock.now())
    assert trio.round_.results_at is not None
    assert "Buletinele sunt deschise" in second.get("custody.show", round_id=trio.round_id).main_text


def test_two_missing_the_copy_from_the_safe_takes_the_place_of_one(context: Flask) -> None:
    trio = ready(make_round())
    (person,) = make_voters(1)
    vote(context, opened(trio.round_), person, approve("P2"))
    clock.travel(timedelta(hours=2))
    stopped_before_opening(trio)
    staff = trio.staff_browser(context)
    page = staff.get("staff_custody.recovery", round_id=trio.round_id)
    staff.submit(page, "/recovery/present", {"pasted": trio.files[RECOVERY], "reason": ""}, expect=422)
    wrong = staff.submit(page, "/recovery/present", {"pasted": trio.files[1], "reason": "PV 7"}, expect=422)
    assert "PV 7" in wrong.html
    assert traces_of(keyfile.read(trio.files[1]).private, wrong.html) == []
    staff.submit(
        page, "/recovery/present", {"pasted": trio.files[RECOVERY], "reason": "PV 7: doi sunt plecați"}
    )
    assert "Copia de recuperare a fost prezentată" in staff.get(
        "staff_custody.recovery", round_id=trio.round_id
    ).main_text  # fmt: skip
    stopped_before_opening(trio)
    holder = trio.browser(context, 2)
    page = holder.get("custody.show", round_id=trio.round_id)
    holder.submit(page, "/present", upload(trio.files[2]))
    closing.close_round(trio.round_id, clock.now())
    public = PageClient(context)
    assert "PV 7: doi sunt plecați" in public.get("rounds.show", slug=trio.round_.slug).main_text


@pytest.mark.parametrize("language", ["ro", "en"])
def test_every_step_reads_in_both_languages(context: Flask, language: str) -> None:
    trio = named(make_round())
    browser, staff = trio.browser(context, 1), trio.staff_browser(context)
    for client in (browser, staff):
        client.speak(language)
    seen = set()

    def read() -> None:
        seen.add(browser.get("custody.show", round_id=trio.round_id).main_text)
        staff.get("staff_custody.show", round_id=trio.round_id)
        staff.get("staff_custody.recovery", round_id=trio.round_id)
        staff.get("staff_custody.name", round_id=trio.round_id)

    browser.get("custody.guide")
    read()
    with unit_of_work():
        holders.make_key(trio.actor(1), trio.round_, clock.now())
    read()
    keyed(trio)
    read()
    rehearsed(trio)
    read()
    opened(trio.round_)
    read()
    assert len(seen) == 5

"""A periodic report from its first word to its correction, and the measures it opens."""

import csv
import hashlib
import io
import json
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from flask import Flask
from flask_babel import force_locale
from sqlalchemy import text
from sqlalchemy.exc import ProgrammingError

from civic import clock
from civic.accounts.models import Account
from civic.accounts.queries import list_mail_to
from civic.clock import city_date, city_moment
from civic.errors import Conflict, Invalid, NotAllowed
from civic.extensions import db
from civic.files.storage import get_storage
from civic.indicators import service as indicators
from civic.indicators.periods import month_of, year_of
from civic.indicators.registry import people
from civic.outbox import OutboxMessage
from civic.places.models import Department
from civic.printing import document
from civic.reports import checking, composing, letters, printed, queries, registry, service, signing
from civic.reports.models import EditionFile, PeriodicReport
from civic.timeline import list_events
from tests.factories import make_account, make_department
from tests.pageclient import PageClient

NOW = clock.now()
TODAY = city_date(NOW)
YEAR = TODAY.year - 1
CODE = str(YEAR)
SOON = TODAY + timedelta(days=60)
WORDS = service.Words("De aceea.", "Mai mult.", "Șefa serviciului")
PROMISE = service.Words(
    "De aceea.", "Mai mult.", "Șefa serviciului", "Anunțuri în cartier.", "Serviciul X", SOON
)


def stated(code: str, year: int, value: int, target: int | None = None) -> None:
    """A value entered by hand, and a target."""
    actor = make_account("staff").as_actor()
    if target is not None:
        indicators.aim(actor, code, Decimal(target), "HCL 1", NOW)
    indicators.enter(actor, code, year_of(year), indicators.Entry(Decimal(value), "registru"), NOW)


def entry_of(code: str, report: str = CODE) -> Any:
    found = queries.list_entries(queries.get_report(report).id)
    return next(one for one in found if one.indicator.code == code)


def written(writer: Account, year: int = YEAR, words: service.Words = PROMISE) -> PeriodicReport:
    """A whole report of K10, not handed in yet."""
    actor = writer.as_actor()
    report = service.begin(actor, year_of(year), NOW)
    service.choose(actor, report.code, ["K10"], NOW)
    service.write_entry(actor, report.code, entry_of("K10", report.code).id, words, None, 1, NOW)
    return service.write(actor, report.code, "Un an.", "Au cerut bănci.", "Le-am pus.", 1, NOW)


def signed(writer: Account, signer: Account, report: PeriodicReport) -> None:
    signing.submit(writer.as_actor(), report.code, NOW)
    seen = composing.compose(report, NOW).sha256.hex()
    signing.sign(signer.as_actor(), report.code, "secretar general", seen, NOW)


@pytest.fixture
def two(app: Flask) -> tuple[Account, Account]:
    """Who writes, and who signs."""
    return make_account("staff"), make_account("staff")


def test_from_the_first_word_to_the_public_page(client: PageClient, two: tuple[Account, Account]) -> None:
    writer, signer = two
    stated("K10", YEAR - 1, 12)
    stated("K10", YEAR, 20, target=50)
    db.session.commit()
    client.sign_in(writer)
    client.post("reports_staff.begin", {"period": CODE}, expect=303)
    client.post("reports_staff.choose", {"codes": ["K10", "K3"]}, code=CODE, expect=303)
    client.post("reports_staff.choose", {"codes": ["K10"]}, code=CODE, expect=303)
    page = client.get("reports_staff.show", code=CODE)
    assert "măsura, fiindcă ținta nu este atinsă" in page.main_text
    assert "cel puțin un indicator" not in page.main_text
    assert "Încă lipsește ceva" in client.post("reports_signing.submit", {}, code=CODE, expect=422).main_text
    entry = entry_of("K10")
    typed = {
        "version": "1", "department_id": "", "responsible": "Șefa", "analysis": "De aceea.\n\n<b>x</b>",
        "recommendation": "Mai mult.", "measure": "Anunțuri.", "owner": "",
        "due_on": [str(SOON.day), str(SOON.month), str(SOON.year)],
    }  # fmt: skip
    client.post("reports_staff.entry", typed, code=CODE, entry_id=entry.id, expect=303)
    assert "cine duce măsura la capăt" in client.get("reports_staff.show", code=CODE).main_text
    client.post(
        "reports_staff.entry",
        {**typed, "owner": "Serviciul X", "version": "2"},
        code=CODE,
        entry_id=entry.id,
        expect=303,
    )
    texts = {"version": "1", "introduction": "Un an.", "feedback": "Au cerut bănci.", "taken": "Le-am pus."}
    client.post("reports_staff.texts", texts, code=CODE, expect=303)
    client.get("reports.show", code=CODE, expect=404)
    assert "Nu s-a publicat" in client.get("reports.index").main_text
    client.post("reports_signing.submit", {}, code=CODE, expect=303)
    client.post("reports_staff.texts", {**texts, "version": "2"}, code=CODE, expect=403)
    assert "semnează altcineva" in client.get("reports_signing.sign", code=CODE, expect=403).main_text

    client.sign_in(signer)
    page = client.get("reports_signing.sign", code=CODE)
    assert "Anunțuri." in page.main_text
    form = page.form(f"{CODE}/sign")
    changed = client.post(
        "reports_signing.sign", {**form, "office": "Secretar", "seen": "0" * 64}, code=CODE, expect=409
    )
    assert "Citește din nou" in changed.main_text
    client.post("reports_signing.sign", {**form, "office": "Secretar general"}, code=CODE, expect=303)

    client.sign_out()
    page = client.get("reports.show", code=CODE)
    for told in (
        "Raport periodic",
        "20",
        "12",
        "țintă neatinsă",
        "Au cerut bănci.",
        "Secretar general",
        "Serviciul X",
    ):
        assert told in page.main_text
    assert "<b>x</b>" not in page.html
    assert CODE in client.get("reports.index").main_text
    assert "De făcut" in client.get("reports.measures").main_text
    client.speak("en")
    assert f"Periodic report, {CODE}" in client.get("reports.show", code=CODE).main_text
    assert [one.event for one in list_events(service.KIND, queries.get_report(CODE).id)] == [
        "report.published"
    ]


def test_two_who_write_at_once_lose_no_word(client: PageClient, two: tuple[Account, Account]) -> None:
    writer, other = two
    report = written(writer)
    entry = entry_of("K10")
    words = service.Words("Ce a scris celălalt.", "", "")
    service.write_entry(other.as_actor(), report.code, entry.id, words, None, 2, NOW)
    db.session.commit()
    client.sign_in(writer)
    mine = {"version": "2", "department_id": "", "analysis": "Ce am scris eu."}
    page = client.post("reports_staff.entry", mine, code=CODE, entry_id=entry.id, expect=409)
    assert "Ce a scris celălalt." in page.main_text
    form = page.form("/entries/")
    assert (form["analysis"], form["version"]) == ("Ce am scris eu.", "3")
    client.post("reports_staff.entry", form, code=CODE, entry_id=entry.id, expect=303)
    page = client.post(
        "reports_staff.texts", {"version": "1", "introduction": "Al meu."}, code=CODE, expect=409
    )
    assert "Au cerut bănci." in page.main_text
    assert page.form("/texts")["introduction"] == "Al meu."


def test_a_department_writes_about_its_own_indicator_alone(
    client: PageClient, two: tuple[Account, Account]
) -> None:
    office = make_department()
    colleague = make_account("evaluator", department=office)
    report, actor = written(two[0]), two[0].as_actor()
    entry = entry_of("K10")
    db.session.commit()
    client.sign_in(colleague)
    page = client.get("reports_staff.entry", code=CODE, entry_id=entry.id, expect=403)
    assert "altă direcție" in page.main_text
    service.write_entry(actor, report.code, entry.id, PROMISE, office.id, entry.version, NOW)
    db.session.commit()
    sent = {"version": "3", "analysis": "Noi știm.", "department_id": ""}
    client.post("reports_staff.entry", sent, code=CODE, entry_id=entry.id, expect=303)
    assert (entry_of("K10").analysis, entry_of("K10").department_id) == ("Noi știm.", office.id)
    client.post("reports_staff.texts", {}, code=CODE, expect=403)
    client.sign_in(make_account("auditor"))
    assert "Noi știm." in client.get("reports_staff.preview", code=CODE).main_text


def test_a_signed_report_stays_as_it_was_and_a_correction_is_another_edition(
    client: PageClient, two: tuple[Account, Account]
) -> None:
    writer, signer = two
    stated("K10", YEAR, 20, target=50)
    report = written(writer)
    signed(writer, signer, report)
    stated("K10", YEAR, 33)
    db.session.commit()
    assert "20" in client.get("reports.show", code=CODE).text_of(".stats")
    with pytest.raises(NotAllowed):
        service.write(writer.as_actor(), CODE, "x", "x", "x", 2, NOW)
    client.sign_in(writer)
    client.post("reports_signing.reopen", {"reason": " "}, code=CODE, expect=422)
    client.post(
        "reports_signing.reopen", {"reason": "Valoarea a fost numărată greșit."}, code=CODE, expect=303
    )
    with pytest.raises(Invalid, match="măsură"):
        service.choose(writer.as_actor(), CODE, ["K3"], NOW)
    client.sign_out()
    assert "20" in client.get("reports.show", code=CODE).text_of(".stats")
    signed(writer, signer, queries.get_report(CODE))
    db.session.commit()
    page = client.get("reports.show", code=CODE)
    assert "33" in page.text_of(".stats")
    assert "Valoarea a fost numărată greșit." in page.main_text
    assert page.text_of("#changes-title") == "Ce a schimbat corectura"
    assert "Persoane instruite: Valoare" in page.main_text
    assert "Persoane instruite: Analiză" not in page.main_text
    former = client.get("reports.edition", code=CODE, number=1)
    assert "Ce a schimbat corectura" not in former.main_text
    assert "20" in former.text_of(".stats")
    assert "a fost corectată" in former.main_text
    assert len(queries.list_promises()) == 1
    client.get("reports.edition", code=CODE, number=3, expect=404)


def test_the_next_report_accounts_for_every_measure(client: PageClient, two: tuple[Account, Account]) -> None:
    writer, signer = two
    stated("K10", YEAR - 1, 20, target=50)
    stated("K10", YEAR, 60)
    signed(writer, signer, written(writer, YEAR - 1))
    taken_over = service.begin(writer.as_actor(), year_of(TODAY.year), NOW)
    assert [one.responsible for one in queries.list_entries(taken_over.id)] == ["Șefa serviciului"]
    report = written(writer, words=WORDS)
    with pytest.raises(Invalid):
        signing.submit(writer.as_actor(), CODE, NOW)
    (promise,) = queries.list_promises()
    db.session.commit()
    client.sign_in(writer)
    address: dict[str, Any] = {"code": CODE, "measure_id": promise.measure.id}
    assert "ce s-a ales de ea" in client.get("reports_staff.show", code=CODE).main_text
    client.post(
        "reports_staff.account",
        {"version": "0", "outcome": "continued", "words": "Încă."},
        **address,
        expect=422,
    )
    day = TODAY + timedelta(days=90)
    sent = {
        "version": "0", "outcome": "continued", "words": "Încă.", "due_on": [str(day.day), str(day.month), str(day.year)]
    }  # fmt: skip
    client.post("reports_staff.account", sent, **address, expect=303)
    page = client.post("reports_staff.account", {**sent, "words": "Altfel."}, **address, expect=409)
    assert "Încă." in page.main_text
    assert queries.list_promises()[0].standing(SOON + timedelta(days=1)).late, "a draft accounts for nothing"
    signed(writer, signer, report)
    standing = queries.list_promises()[0].standing(SOON + timedelta(days=1))
    assert (standing.late, standing.due_on) == (False, day)
    db.session.commit()
    client.sign_out()
    assert "Se continuă" in client.get("reports.show", code=CODE).main_text
    assert "Încă." in client.get("reports.measures").main_text


def test_a_measure_whose_day_is_over_is_shown_as_late(
    client: PageClient, two: tuple[Account, Account]
) -> None:
    stated("K10", YEAR, 20, target=50)
    signed(*two, written(two[0]))
    (letter,) = list_mail_to(two[0].email)
    assert "Spune-i celui care o duce la capăt." in letter.body
    (promise,) = queries.list_promises()
    promise.measure.due_on = TODAY - timedelta(days=3)
    db.session.commit()
    assert "Întârziat 3 zile" in client.get("reports.measures").main_text
    client.sign_in(two[0])
    assert "1 măsură promisă este întârziată" in client.get("staff.home").main_text


def test_the_same_report_as_data_and_as_a_tagged_pdf(
    client: PageClient, two: tuple[Account, Account]
) -> None:
    stated("K10", YEAR, 20, target=50)
    signed(*two, written(two[0]))
    db.session.commit()
    base = f"/reports/{CODE}/editions/1"
    row = next(csv.DictReader(io.StringIO(client.browser.get(f"{base}.csv").data.decode("utf-8-sig"))))
    assert (row["code"], row["value"], row["target"], row["standing"]) == ("K10", "20", "50", "below")
    whole = json.loads(client.browser.get(f"{base}.json").data)
    about = whole.pop("edition")
    canonical = json.dumps(whole, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    assert hashlib.sha256(canonical.encode()).hexdigest() == about["sha256"]
    for name, field, value in (
        ("periodic-reports", "sha256", about["sha256"]),
        ("report-indicators", "value", "20"),
        ("report-measures", "state", "open"),
    ):
        (item,) = client.browser.get(f"/api/v1/{name}").json["data"]
        assert item[field] == value
    for locale, others in (("ro", set()), ("en", {"ro"})):
        with force_locale(locale), document.site_addresses():
            made = printed.document_of(queries.get_edition(CODE))
        assert all(name for one in made.blocks if one["type"] == "table" for name in one["head"])
        assert {one["lang"] for one in (*made.opening, *made.blocks) if one.get("lang")} == others
    assert printed.make_due(NOW) == 2
    assert printed.make_due(NOW) == 0
    kept = db.session.query(EditionFile).count()
    printed.make(queries.get_edition(CODE).id, "ro", NOW)
    assert db.session.query(EditionFile).count() == kept
    assert client.browser.get(f"{base}-ro.pdf").data.startswith(b"%PDF-")
    for table in ("report_edition", "report_line", "report_edition_file"):
        for rewriting in (f"UPDATE {table} SET id = id", f"DELETE FROM {table}"):
            with pytest.raises(ProgrammingError, match="permission denied"), db.session.begin_nested():
                db.session.execute(text(rewriting))
    strays = len(list(get_storage().keys_before(NOW + timedelta(days=1))))
    assert printed.forget_strays(NOW + timedelta(days=3)) == 1
    assert len(list(get_storage().keys_before(NOW + timedelta(days=1)))) == strays - 1
    assert client.get("reports.show", code=CODE).html.count("-ro.pdf") == 1


def test_a_published_report_is_found_and_a_draft_is_not(app: Flask, two: tuple[Account, Account]) -> None:
    report = written(two[0])
    assert db.session.execute(queries.having_words("banci")).all() == []
    signed(*two, report)
    assert [row[0] for row in db.session.execute(queries.having_words("banci"))] == [report.id]


def test_what_a_few_people_said_is_not_counted_aloud(app: Flask, two: tuple[Account, Account]) -> None:
    registry.register_feedback(
        registry.Feedback("few", "Câțiva", lambda span: people(3 if span.period.first.year == YEAR else 12))
    )
    try:
        (found,) = [one for one in composing.heard(year_of(YEAR), NOW) if one["key"] == "few"]
    finally:
        registry._KNOWN.pop("few")
    assert (found["value"], found["missing"]) == (None, "too_few")


def test_what_nobody_could_say_a_year_before_is_not_known(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    march = month_of(date(YEAR, 3, 1))
    for began, known in (((YEAR, 1), False), ((YEAR - 1, 3), True), ((YEAR - 1, 4), False)):
        moment = city_moment(date(*began, 1))
        monkeypatch.setattr(composing.indicators, "first_day", lambda moment=moment: moment)
        told = {one["before_missing"] for one in composing.heard(march, NOW) if one["key"] == "proposals"}
        assert told == ({""} if known else {"no_data"})


def test_nothing_is_signed_before_its_period_is_over_or_twice(
    app: Flask, two: tuple[Account, Account]
) -> None:
    writer, signer = two
    report = written(writer, TODAY.year, WORDS)
    with pytest.raises(NotAllowed):
        signing.submit(writer.as_actor(), report.code, NOW)
    with pytest.raises(Conflict):
        service.begin(writer.as_actor(), year_of(TODAY.year), NOW)
    with pytest.raises(Invalid):
        service.begin(writer.as_actor(), year_of(TODAY.year + 1), NOW)
    earlier = written(writer, YEAR, WORDS)
    signed(writer, signer, earlier)
    with pytest.raises(Conflict):
        signing.sign(signer.as_actor(), CODE, "x", "", NOW)
    with pytest.raises(NotAllowed):
        service.discard(writer.as_actor(), CODE, NOW)
    service.discard(writer.as_actor(), str(TODAY.year), NOW)
    assert queries.find_report(year_of(TODAY.year)) is None


def test_what_is_sent_back_says_why_and_is_written_again(
    client: PageClient, two: tuple[Account, Account]
) -> None:
    writer, signer = two
    report = written(writer, words=WORDS)
    signing.submit(writer.as_actor(), report.code, NOW)
    db.session.commit()
    client.sign_in(signer)
    client.post("reports_signing.send_back", {"reason": "Prea pe scurt."}, code=CODE, expect=303)
    client.sign_in(writer)
    assert "Prea pe scurt." in client.get("reports_staff.show", code=CODE).main_text
    with pytest.raises(Invalid, match="K10"):
        service.choose(writer.as_actor(), CODE, [], NOW)


def test_the_check_of_a_report_asks_as_much_for_many_indicators_as_for_few(
    app: Flask, two: tuple[Account, Account], statements: list[str]
) -> None:
    actor = two[0].as_actor()
    report = service.begin(actor, year_of(YEAR), NOW)
    counted = []
    for codes in (["K10", "K3"], ["K10", "K3", "K1", "K2", "K4", "K5", "K6"]):
        service.choose(actor, CODE, codes, NOW)
        db.session.expire_all()
        report = queries.get_report(CODE)
        statements.clear()
        checking.check(report, TODAY)
        composing.compose(report, NOW)
        counted.append(len(statements))
    assert counted[0] == counted[1]


def test_whoever_carries_a_measure_out_is_told_once_of_each_thing(
    client: PageClient, two: tuple[Account, Account], monkeypatch: pytest.MonkeyPatch
) -> None:
    with_mailbox, without = make_department(email="strategie@civic.example"), make_department()
    evaluator = make_account("evaluator", department=without, locale="en")
    stated("K10", YEAR, 20, target=50)
    db.session.commit()
    boxes = ("strategie@civic.example", evaluator.email)

    def letters_sent() -> list[int]:
        return [len(list_mail_to(box)) for box in boxes]

    def latest() -> OutboxMessage:
        return max(list_mail_to(boxes[0]), key=lambda one: one.id)

    def fails(*_args: object) -> None:
        raise RuntimeError("killed")

    def written_to(department: Department) -> service.Words:
        return replace(PROMISE, told_department_id=department.id)

    report = written(two[0], words=written_to(with_mailbox))
    client.sign_in(two[0])
    page = client.get("reports_staff.entry", code=CODE, entry_id=entry_of("K10").id)
    assert f"{with_mailbox.name} (strategie@civic.example)" in page.main_text
    signed(*two, report)
    db.session.commit()
    (letter,) = list_mail_to(boxes[0])
    for told in (
        "Raportul „Raport periodic",
        "Anunțuri în cartier.",
        "Serviciul X",
        "/reports/measures#measure-",
    ):
        assert told in letter.body
    measure = queries.list_promises()[0].measure

    assert letters.remind(NOW + timedelta(days=52)) == 0
    monkeypatch.setattr(letters, "_send", fails)
    assert letters.remind(NOW + timedelta(days=53)) == 0
    monkeypatch.undo()
    for _twice in range(2):
        letters.remind(NOW + timedelta(days=53))
        letters.remind(NOW + timedelta(days=60))
        assert letters_sent() == [2, 0]
    assert "Mai sunt 7 zile" in latest().body
    for _twice in range(2):
        letters.remind(NOW + timedelta(days=61))
        letters.remind(NOW + timedelta(days=90))
    assert letters_sent() == [3, 0]
    assert "întârziată cu 1 zi:" in latest().body

    signing.reopen(two[0].as_actor(), CODE, "Altă direcție.", NOW)
    entry = entry_of("K10")
    service.write_entry(two[0].as_actor(), CODE, entry.id, written_to(without), None, entry.version, NOW)
    signed(*two, report)
    assert letters_sent() == [3, 1]
    assert "A corrected edition of" in list_mail_to(boxes[1])[0].body
    measure.due_on = TODAY - timedelta(days=3)
    db.session.commit()
    for account, counted in ((evaluator, True), (make_account("evaluator", department=with_mailbox), False)):
        client.sign_in(account)
        assert ("1 măsură promisă este întârziată" in client.get("staff.home").main_text) is counted

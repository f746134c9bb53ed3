"""The register's pages: sending, the receipt, the public list, the matrix; refusals keep what was typed."""

import io
import re
from datetime import timedelta

import pytest
from sqlalchemy import func, select

from civic import clock
from civic.extensions import db
from civic.outbox import OutboxMessage
from consultations.contributions import answering, keeping, queries, reviewing, themes
from consultations.contributions.models import Contribution, PendingContribution
from consultations.contributions.service import Author
from tests.consultations_support import make_consultation
from tests.factories import make_account, make_department
from tests.integration.consultations.registerkit import TEXT, YES, drafted, make_entry, published, staff

FORM = {"name": "Ana Popescu", "shown_as": "full", "title": "Trotuar", "body": TEXT, "form_key": "k"}
ANSWER = {
    "outcome": "not_adopted", "reason": "Trotuarul ține de programul de străzi al anului viitor.", "place": "", "link": "",
    "author_function": "Șef serviciu", "version": "0", "step": "submit",
}  # fmt: skip


@pytest.fixture
def now():
    return clock.now()


@pytest.fixture
def one(app, now):
    return make_consultation("open", now)


def last_mail() -> OutboxMessage:
    return db.session.scalars(select(OutboxMessage).order_by(OutboxMessage.id.desc())).first()


def test_somebody_with_an_account_gets_a_number_and_a_receipt(client, one):
    client.sign_in(make_account(display_name="Ana Popescu"))
    form = client.get("contributions.contribute", consultation_id=one.id)
    assert form.form("contribute")["name"] == "Ana Popescu"
    sent = client.post("contributions.contribute", FORM, consultation_id=one.id)
    receipt = client.follow(sent)
    assert f"1/C{one.id}-" in receipt.main_text
    assert "Primești un răspuns motivat" in receipt.main_text
    client.post("contributions.contribute", FORM, consultation_id=one.id)
    assert db.session.scalar(select(func.count(Contribution.id))) == 1
    assert "Trotuar" in client.get("contributions.mine").main_text
    assert f"1/C{one.id}-" in client.get("accounts.show").main_text


def test_somebody_without_an_account_confirms_by_a_link(client, one):
    to_confirm = client.post(
        "contributions.contribute", {**FORM, "email": "Ana@Civic.example"}, consultation_id=one.id
    )
    assert "Deschide legătura" in client.follow(to_confirm).main_text
    assert db.session.scalar(select(func.count(Contribution.id))) == 0
    pending = db.session.scalars(select(PendingContribution)).one()
    assert b"Popescu" not in pending.sealed
    link = re.search(r"/contributions/confirm/\S+", last_mail().body)[0]
    page = client.get(link)
    receipt = client.follow(client.submit(page, "/confirm/"))
    assert f"1/C{one.id}-" in receipt.main_text
    entry = db.session.scalars(select(Contribution)).one()
    assert (entry.received_at, last_mail().address) == (pending.sent_at, "ana@civic.example")
    assert db.session.scalars(select(PendingContribution.sealed)).one() is None
    client.get(link, expect=303)
    assert db.session.scalar(select(func.count(Contribution.id))) == 1


def test_an_unknown_link_is_a_missing_page(client, one):
    client.get("contributions.confirm", token="nimic", expect=404)
    client.get("contributions.receipt", token="nimic", expect=404)


def test_a_wrong_form_keeps_what_was_typed(client, one):
    page = client.post(
        "contributions.contribute", {**FORM, "email": "nu", "name": ""}, consultation_id=one.id, expect=422
    )
    assert page.form("contribute")["body"] == TEXT
    assert "Scrie o adresă de e-mail" in page.main_text


def test_before_the_opening_and_after_the_report_the_page_says_why(client, now):
    for state, words in (("announced", "se primesc începând cu"), ("reported", "până la raportul")):
        found = make_consultation(state, now)
        assert words in client.get("contributions.contribute", consultation_id=found.id).main_text
        client.post(
            "contributions.contribute", {**FORM, "email": "a@b.example"}, consultation_id=found.id, expect=403
        )
    draft = make_consultation("draft", now)
    client.get("contributions.contribute", consultation_id=draft.id, expect=404)
    client.get("contributions.index", consultation_id=draft.id, expect=404)


def test_after_the_end_the_form_says_that_it_is_late(client, now):
    found = make_consultation("answering", now)
    page = client.get("contributions.contribute", consultation_id=found.id)
    assert "ca târzie" in page.main_text
    client.sign_in(make_account())
    client.post("contributions.contribute", FORM, consultation_id=found.id)
    assert db.session.scalars(select(Contribution.late)).one() is True


def test_files_are_kept_private_and_what_is_too_large_is_named(client, one):
    client.sign_in(make_account())
    files = [(io.BytesIO(b"%PDF-1.4\n1 0 obj\nendobj\ntrailer\n%%EOF\n"), "plan.pdf"), (io.BytesIO(b"x" * 10_000_001), "mare.pdf"),
             (io.BytesIO(b"MZ"), "virus.exe")]  # fmt: skip
    receipt = client.follow(
        client.post("contributions.contribute", {**FORM, "files": files}, consultation_id=one.id)
    )
    assert "mare.pdf nepăstrat: are peste 10 MB" in receipt.main_text
    assert "virus.exe nepăstrat" in receipt.main_text
    client.sign_out()
    public = client.get("contributions.show", consultation_id=one.id, number=1)
    assert "plan.pdf nu este public" in public.main_text


def test_the_register_shows_filters_and_finds(client, one, now):
    make_entry(one, now)
    second = make_entry(
        one,
        now,
        body="Mai multă umbră la locul de joacă.",
        author=Author("Asociația Verde", organisation=True),
    )
    published(second, YES, now)
    page = client.get("contributions.index", consultation_id=one.id)
    assert "2 rezultate" in page.main_text
    assert "Ana Popescu" in page.main_text
    assert "ana@civic.example" not in page.html
    for narrowed, count in (
        ({"q": "umbra"}, 1), ({"answer": "adopted"}, 1), ({"answer": "waiting"}, 1), ({"late": "1"}, 0),
        ({"channel": "form"}, 2), ({"channel": "post"}, 0), ({"answer": "not_adopted"}, 0), ({"theme": "9"}, 0),
    ):  # fmt: skip
        words = client.get("contributions.index", consultation_id=one.id, **narrowed).main_text
        assert (f"{count} rezultat" in words) is True, narrowed
    client.get("contributions.index", consultation_id=one.id, hx=True)
    client.speak("en")
    assert "Register of contributions" in client.get("contributions.index", consultation_id=one.id).main_text


def test_an_empty_register_says_what_to_do(client, one):
    assert "A ta poate fi prima" in client.get("contributions.index", consultation_id=one.id).main_text


def test_the_register_costs_the_same_however_long_it_is(client, one, now, statements):
    counts = []
    for _ in range(2):
        for n in range(4):
            published(make_entry(one, now, body=f"{TEXT} {len(counts)} {n}"), now=now)
        client.get("contributions.index", consultation_id=one.id)
        statements.clear()
        client.get("contributions.index", consultation_id=one.id)
        counts.append(len(statements))
    assert counts[0] == counts[1]


def test_the_table_holds_what_is_public_and_no_formula(client, one, now):
    make_entry(one, now, body="=HYPERLINK(1)")
    make_entry(one, now, body="Sunați la 0722 123 456.")
    published(make_entry(one, now, body="Altceva."), YES, now)
    page = client.get("contributions.download", consultation_id=one.id)
    assert page.headers["Content-Type"].startswith("text/csv")
    assert "'=HYPERLINK(1)" in page.html
    assert "0722 123" not in page.html
    assert "ana@" not in page.html
    assert page.html.count("Preluată") == 1
    assert (
        "Preluată" not in client.get("contributions.download", consultation_id=one.id, answer="waiting").html
    )


def test_a_contribution_shows_its_withdrawn_answer_struck_through(client, one, now):
    entry = make_entry(one, now)
    answer = published(entry, now=now)
    answering.withdraw(staff().as_actor(), answer.id, answer.version, "Articolul era altul.", now)
    page = client.get("contributions.show", consultation_id=one.id, number=entry.number)
    assert "Articolul era altul." in page.main_text
    assert "Trotuarul nu ține" in page.text_of("del")


def test_a_hidden_text_leaves_its_number_and_the_reason(client, one, now):
    entry = make_entry(one, now)
    keeping.hide(staff().as_actor(), entry.id, "offence", "Jignește un vecin.", "", now)
    page = client.get("contributions.show", consultation_id=one.id, number=entry.number)
    assert "Jignește un vecin." in page.main_text
    assert "carosabil" not in page.html
    assert "carosabil" in client.get("contributions.receipt", token=entry.token).main_text


def test_the_author_says_once_that_the_answer_misses_the_point(client, one, now):
    entry = make_entry(one, now)
    assert "Nu este ce ai întrebat?" not in client.get("contributions.receipt", token=entry.token).main_text
    published(entry, now=now)
    page = client.get("contributions.receipt", token=entry.token)
    client.submit(page, "/receipt/", {"text": ""}, expect=422)
    client.submit(page, "/receipt/", {"text": "Am întrebat altceva."})
    again = client.get("contributions.receipt", token=entry.token)
    assert "Altă persoană din primărie verifică răspunsul" in again.main_text
    refused = client.post("contributions.ask_review", {"text": "Iar."}, token=entry.token, expect=409)
    assert "Ai cerut deja" in refused.main_text


def test_the_consultation_s_page_leads_to_the_form_and_the_register(client, one, now):
    make_entry(one, now)
    page = client.get("consultations.show", consultation_id=one.id)
    assert "1 contribuție înregistrată" in page.main_text
    client.sign_in(staff())
    assert (
        "Contribuții și răspunsuri"
        in client.get("staff_consultations.show", consultation_id=one.id).main_text
    )


# --- staff -----------------------------------------------------------------------------------------------


def test_a_clerk_enters_a_letter_with_its_day(client, one, now):
    client.sign_in(make_account("clerk"))
    day = clock.city_date(now)
    data = {
        "channel": "post", "received_on": [str(day.day), str(day.month), str(day.year)], "name": "Ion Ionescu",
        "shown_as": "initials", "contact": "Str. Baicului 5", "body": TEXT, "title": "", "form_key": "c1",
    }  # fmt: skip
    page = client.follow(client.post("staff_contributions.enter", data, consultation_id=one.id))
    assert f"1/C{one.id}-" in page.html
    entry = db.session.scalars(select(Contribution)).one()
    assert (entry.author_name, entry.late, entry.channel) == ("I. I.", False, "post")
    shown = client.get("staff_contributions.show", consultation_id=one.id, contribution_id=entry.id)
    assert "Str. Baicului 5" in shown.main_text
    tomorrow = day + timedelta(days=1)
    wrong = {**data, "received_on": [str(tomorrow.day), str(tomorrow.month), str(tomorrow.year)]}
    again = client.post("staff_contributions.enter", wrong, consultation_id=one.id, expect=422)
    assert again.form("/new")["body"] == TEXT


def test_an_evaluator_writes_and_staff_sign(client, now):
    department = make_department()
    found = make_consultation("open", now, department_id=department.id)
    entry = make_entry(found, now)
    where = {"consultation_id": found.id, "contribution_id": entry.id}
    client.sign_in(make_account("evaluator", department=department))
    client.post("staff_contributions.answer_entry", ANSWER, **where)
    answer = queries.find_living(queries.get_contribution(entry.id))
    client.post(
        "staff_contributions.sign",
        {"version": answer.version},
        consultation_id=found.id,
        answer_id=answer.id,
        expect=403,
    )
    client.sign_in(staff())
    page = client.get("staff_contributions.show", **where)
    client.submit(page, f"answers/{answer.id}/sign")
    assert "Nepreluată" in client.get("contributions.show", consultation_id=found.id, number=1).main_text


def test_who_wrote_it_sees_why_they_cannot_sign(client, one, now):
    author = staff()
    entry = make_entry(one, now)
    drafted(entry, author, now=now)
    client.sign_in(author)
    page = client.get("staff_contributions.show", consultation_id=one.id, contribution_id=entry.id)
    assert "Tu ai scris acest răspuns" in page.main_text
    assert not [
        form
        for form in page.all("form")
        if "answers" in form.get("action", "") and form.get("action", "").endswith("/sign")
    ]


def test_two_officials_at_once_and_neither_loses_a_word(client, one, now):
    entry = make_entry(one, now)
    where = {"consultation_id": one.id, "contribution_id": entry.id}
    client.sign_in(staff())
    mine = client.get("staff_contributions.show", **where)
    answering.save(staff().as_actor(), entry, YES, 0, now)
    db.session.commit()
    page = client.submit(mine, "/answer", {**ANSWER, "step": "save"}, expect=409)
    assert page.form("/answer")["reason"] == ANSWER["reason"]
    assert "Ce este salvat acum" in page.main_text
    assert "art. 4 alin. (2)" in page.main_text
    client.submit(page, "/answer")
    assert queries.find_living(queries.get_contribution(entry.id)).reason == ANSWER["reason"]


def test_an_answer_without_a_reason_comes_back_whole(client, one, now):
    entry = make_entry(one, now)
    client.sign_in(staff())
    page = client.post(
        "staff_contributions.answer_entry", {**ANSWER, "reason": "Nu."}, consultation_id=one.id,
        contribution_id=entry.id, expect=422,
    )  # fmt: skip
    assert "Scrie motivul" in page.main_text
    assert page.form("/answer")["author_function"] == "Șef serviciu"
    assert queries.find_living(queries.get_contribution(entry.id)) is None


def test_the_matrix_counts_filters_and_groups(client, one, now):
    entries = [make_entry(one, now, body=f"{TEXT} {n}") for n in range(3)]
    published(entries[0], now=now)
    client.sign_in(me := staff())
    page = client.get("staff_contributions.index", consultation_id=one.id, state="unanswered")
    assert "2 rezultate" in page.main_text
    ids = [str(entry.id) for entry in entries[1:]]
    where = {"consultation_id": one.id, "state": "unanswered"}
    refused = client.post(
        "staff_contributions.bulk", {"bulk_action": "theme", "ids": ids}, expect=422, **where
    )
    assert "Alege o temă" in refused.main_text
    assert refused.html.count(" checked") == 2
    named = {"bulk_action": "theme", "new_theme": "Trotuare largi"}
    refused = client.post("staff_contributions.bulk", named, expect=422, **where)
    assert "Alege cel puțin" in refused.main_text
    assert 'value="Trotuare largi"' in refused.html, "what was typed stays"
    client.post(
        "staff_contributions.bulk", {"bulk_action": "theme", "new_theme": "Trotuare", "ids": ids}, **where
    )
    client.post(
        "staff_contributions.bulk", {"bulk_action": "assign", "account": str(me.id), "ids": ids}, **where
    )
    theme = queries.find_theme(one.id, "Trotuare")
    mine = client.get("staff_contributions.index", consultation_id=one.id, who=me.id, theme_id=theme.id)
    assert "2 rezultate" in mine.main_text
    assert me.display_name in mine.main_text
    page = client.get("staff_contributions.theme", consultation_id=one.id, theme_id=theme.id)
    assert "2 contribuții la această temă" in page.main_text
    client.submit(page, "/answer", ANSWER)
    assert (
        "Așteaptă semnătura" in client.get("staff_contributions.theme_list", consultation_id=one.id).main_text
    )


def test_alike_texts_are_proposed_as_a_theme(client, one, now):
    for n in range(3):
        make_entry(one, now, body=f"{TEXT} {n}")
    client.sign_in(staff())
    page = client.get("staff_contributions.theme_list", consultation_id=one.id)
    assert "3 texte" in page.main_text
    form = next(
        form
        for form in page.all("form")
        if "ids" in [f.get("name") for f in form.iter("{http://www.w3.org/1999/xhtml}input")]
    )
    data = {f.get("name"): f.get("value") for f in form.iter("{http://www.w3.org/1999/xhtml}input")}
    client.post("staff_contributions.create_theme", {**data, "title": "Trotuare"}, consultation_id=one.id)
    assert queries.find_theme(one.id, "Trotuare") is not None


def test_staff_send_back_withdraw_hide_and_decide_with_reasons(client, one, now):
    entry = make_entry(one, now)
    answer = drafted(entry, staff(), now=now)
    here = {"consultation_id": one.id, "answer_id": answer.id}
    client.sign_in(staff())
    client.post(
        "staff_contributions.send_back", {"version": answer.version, "return-reason": ""}, **here, expect=422
    )
    client.post(
        "staff_contributions.send_back", {"version": answer.version, "return-reason": "Mai clar."}, **here
    )
    shown = {"consultation_id": one.id, "contribution_id": entry.id}
    assert "Mai clar." in client.get("staff_contributions.show", **shown).main_text
    client.post(
        "staff_contributions.hide",
        {"hide-why": "offence", "hide-reason": "", "hide-rest": "x"},
        **shown,
        expect=422,
    )
    client.post(
        "staff_contributions.hide",
        {"hide-why": "offence", "hide-reason": "Jignește.", "hide-rest": ""},
        **shown,
    )
    client.post("staff_contributions.show_whole", **shown)
    late = make_entry(one, now, body="Altceva.")
    late.late = True
    db.session.commit()
    decided = {"consider-considered": "no", "consider-reason": "Comisia s-a întrunit."}
    client.post("staff_contributions.consider", decided, consultation_id=one.id, contribution_id=late.id)
    assert (
        "Comisia s-a întrunit."
        in client.get("contributions.show", consultation_id=one.id, number=late.number).main_text
    )


def test_a_third_person_decides_the_review(client, one, now):
    author, signer, entry = staff(), staff(), make_entry(one, now)
    published(entry, now=now, by=author, signer=signer)
    reviewing.ask(entry.id, "Nu e la subiect.", None, now)
    db.session.commit()
    where = {"consultation_id": one.id, "contribution_id": entry.id}
    data = {"review-outcome": "kept", "review-reason": "Răspunsul spune de ce."}
    client.sign_in(signer)
    assert "îl verifică altă persoană" in client.get("staff_contributions.show", **where).main_text
    client.post("staff_contributions.review", data, **where, expect=403)
    client.sign_in(staff())
    client.post("staff_contributions.review", data, **where)
    assert (
        "Răspunsul spune de ce."
        in client.get("contributions.show", consultation_id=one.id, number=1).main_text
    )


def test_a_theme_of_another_consultation_is_a_missing_page(client, one, now):
    other = make_consultation("open", now)
    theme = themes.create(staff().as_actor(), other.id, "Altă temă", now)
    entry = make_entry(other, now)
    db.session.commit()
    client.sign_in(staff())
    client.get("staff_contributions.theme", consultation_id=one.id, theme_id=theme.id, expect=404)
    client.get("staff_contributions.show", consultation_id=one.id, contribution_id=entry.id, expect=404)

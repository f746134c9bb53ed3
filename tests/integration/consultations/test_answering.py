"""Answers: two people for each, nothing typed is lost, the report waits, who was answered is told once."""

from datetime import timedelta

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import IntegrityError

from civic import tasks
from civic.errors import Conflict, Invalid, NotAllowed
from civic.extensions import db
from civic.outbox import OutboxMessage
from consultations import gates
from consultations.contributions import answering, jobs, keeping, listing, queries, reviewing, themes
from consultations.contributions.answering import Words
from consultations.contributions.service import Author, contact_of
from tests.consultations_support import OPENED, make_consultation
from tests.factories import make_account, make_department
from tests.integration.consultations.registerkit import (
    REFUSAL,
    TEXT,
    YES,
    drafted,
    make_entry,
    published,
    staff,
)


def letters(key: str) -> list[str]:
    """Addresses written to under keys with this part."""
    return list(
        db.session.scalars(
            select(OutboxMessage.address)
            .where(OutboxMessage.dedup_key.like(f"%{key}%"))
            .order_by(OutboxMessage.id)
        )
    )


def test_who_wrote_an_answer_does_not_sign_it(app):
    author, entry = staff(), make_entry()
    answer = drafted(entry, author)
    with pytest.raises(NotAllowed, match="Tu ai scris"):
        answering.sign(author.as_actor(), answer.id, answer.version, OPENED)
    answering.sign(staff().as_actor(), answer.id, answer.version, OPENED)
    assert queries.unanswered(entry.consultation_id) == 0


def test_who_changed_the_words_last_is_their_author(app):
    first, second = staff(), staff()
    answer = drafted(entry := make_entry(), first)
    answer = answering.save(second.as_actor(), entry, YES, answer.version, OPENED)
    answer = answering.submit(first.as_actor(), answer.id, answer.version, OPENED)
    with pytest.raises(NotAllowed):
        answering.sign(second.as_actor(), answer.id, answer.version, OPENED)


def test_the_database_itself_wants_two_people(app):
    answer = published(make_entry())
    with pytest.raises(IntegrityError, match="four_eyes"), db.session.begin_nested():
        db.session.execute(
            text("UPDATE contribution_answer SET signed_by_id = drafted_by_id WHERE id = :id"),
            {"id": answer.id},
        )


def test_the_second_of_two_officials_is_told_and_overwrites_nothing(app):
    one, other, entry = staff(), staff(), make_entry()
    answering.save(one.as_actor(), entry, REFUSAL, 0, OPENED)
    with pytest.raises(answering.Overtaken):
        answering.save(other.as_actor(), entry, YES, 0, OPENED)
    assert queries.find_living(entry).outcome == "not_adopted"


@pytest.mark.parametrize("outcome", ["partly", "not_adopted", "out_of_scope", "already_covered"])
def test_everything_but_taking_up_needs_a_real_reason(app, outcome):
    author, entry = staff(), make_entry()
    words = Words(outcome, "Nu se poate.", author_function="Referent")
    answer = answering.save(author.as_actor(), entry, words, 0, OPENED)
    with pytest.raises(Invalid):
        answering.submit(author.as_actor(), answer.id, answer.version, OPENED)


def test_what_is_taken_up_may_be_answered_shortly(app):
    assert published(make_entry(), Words("adopted", "", author_function="Referent")).state == "published"


def test_only_the_department_in_charge_and_staff_answer(app):
    mine, theirs = make_department(), make_department()
    entry = make_entry(make_consultation(department_id=mine.id))
    with pytest.raises(NotAllowed):
        drafted(entry, make_account("evaluator", department=theirs))
    answer = drafted(entry, evaluator := make_account("evaluator", department=mine))
    with pytest.raises(NotAllowed):
        answering.sign(evaluator.as_actor(), answer.id, answer.version, OPENED)


def test_the_report_waits_for_every_answer(app):
    one = make_consultation("answering")
    entry = make_entry(one, one.opens_at + timedelta(days=1))
    assert gates.reasons(one, OPENED) == ["1 contribuție înregistrată nu are răspuns publicat."]
    answer = drafted(entry, staff())
    assert gates.reasons(one, OPENED) != []
    answering.sign(staff().as_actor(), answer.id, answer.version, OPENED)
    assert gates.reasons(one, OPENED) == []
    answering.withdraw(staff().as_actor(), answer.id, answer.version, "Era greșit articolul.", OPENED)
    assert len(gates.reasons(one, OPENED)) == 1


def test_one_answer_serves_identical_letters_and_each_author_is_told_once(app):
    one = make_consultation()
    first = make_entry(one)
    make_entry(one, author=Author("Ion", contact="ion@civic.example"))
    make_entry(one, author=Author("Maria"), channel="post")
    published(first)
    assert queries.unanswered(one.id) == 0
    for _ in range(2):
        tasks.run_waiting(OPENED)
        answer = queries.find_answer(first)
        jobs.tell_concerned({"answer": answer.id, "state": "published"}, lambda _done, _total: None)
    assert letters(":answer:") == ["ana@civic.example", "ion@civic.example"]


def test_a_theme_answers_what_is_under_it_and_what_comes_later(app):
    one, who = make_consultation(), staff().as_actor()
    entries = [
        make_entry(one, body=f"{TEXT} {n}", author=Author(f"Om {n}", contact=f"o{n}@civic.example"))
        for n in range(3)
    ]
    theme = themes.create(who, one.id, "Trotuare", OPENED)
    assert themes.group(who, one.id, theme.id, [entry.id for entry in entries[:2]], OPENED) == 2
    published(theme)
    tasks.run_waiting(OPENED)
    assert (queries.unanswered(one.id), letters(":answer:")) == (1, ["o0@civic.example", "o1@civic.example"])
    themes.group(who, one.id, theme.id, [entries[2].id], OPENED)
    tasks.run_waiting(OPENED)
    assert letters(":answer:") == ["o0@civic.example", "o1@civic.example", "o2@civic.example"]
    with pytest.raises(Conflict):
        themes.group(who, one.id, None, [entries[0].id], OPENED)


def test_its_own_answer_goes_before_the_theme_s(app):
    one, who = make_consultation(), staff().as_actor()
    entry = make_entry(one)
    theme = themes.create(who, one.id, "Trotuare", OPENED)
    themes.group(who, one.id, theme.id, [entry.id], OPENED)
    published(theme)
    own = published(entry, YES)
    assert queries.find_answer(entry).id == own.id


def test_texts_that_say_the_same_are_proposed_and_nothing_changes(app):
    one = make_consultation()
    alike = [make_entry(one, body=f"{words} lărgiți trotuarul din dreptul școlii 85 pe strada Baicului")
             for words in ("Vă rugăm", "Vreau să", "Doresc ca")]  # fmt: skip
    make_entry(one, body="Nu sunt de acord cu taxa pe terase în luna august.")
    groups = themes.propose(listing.list_to_group(one.id, 200))
    assert [sorted(entry.id for entry in group) for group in groups] == [[entry.id for entry in alike]]
    assert all(entry.theme_id is None for entry in alike)


def test_an_answer_that_missed_the_point_is_looked_at_once_by_a_third_person(app):
    author, signer, entry = staff(), staff(), make_entry()
    published(entry, by=author, signer=signer)
    review = reviewing.ask(entry.id, "Am întrebat de trotuar, nu de stradă.", None, OPENED)
    with pytest.raises(Conflict):
        reviewing.ask(entry.id, "Încă o dată.", None, OPENED)
    for same in (author, signer):
        with pytest.raises(NotAllowed):
            reviewing.decide(same.as_actor(), review.id, "kept", "Este clar.", OPENED)
    third = staff()
    with pytest.raises(Invalid):
        reviewing.decide(third.as_actor(), review.id, "again", " ", OPENED)
    reviewing.decide(third.as_actor(), review.id, "again", "Are dreptate.", OPENED)
    assert queries.unanswered(entry.consultation_id) == 1
    assert letters(":review") == ["ana@civic.example"]


def test_a_common_answer_that_missed_one_stays_for_the_others(app):
    one = make_consultation()
    first, twin = make_entry(one), make_entry(one, author=Author("Ion", contact="i@civic.example"))
    published(first)
    review = reviewing.ask(twin.id, "La mine este altă stradă.", None, OPENED)
    reviewing.decide(staff().as_actor(), review.id, "again", "Strada lui este alta.", OPENED)
    assert queries.find_answer(first) is not None
    assert queries.find_answer(queries.get_contribution(twin.id)) is None


def test_a_review_is_asked_within_thirty_days(app):
    entry = make_entry()
    published(entry)
    with pytest.raises(Conflict):
        reviewing.ask(entry.id, "Târziu.", None, OPENED + timedelta(days=30))
    assert reviewing.ask(entry.id, "La timp.", None, OPENED + timedelta(days=30) - timedelta(seconds=1))


def test_a_late_one_not_considered_is_answered_by_its_reason(app):
    one = make_consultation()
    entry = make_entry(one, one.closes_at)
    with pytest.raises(Invalid):
        keeping.consider(staff().as_actor(), entry.id, False, "", one.closes_at)
    assert queries.unanswered(one.id) == 1
    keeping.consider(staff().as_actor(), entry.id, False, "Comisia s-a întrunit deja.", one.closes_at)
    assert queries.unanswered(one.id) == 0
    with pytest.raises(Conflict):
        keeping.consider(staff().as_actor(), make_entry(one, body="Altceva.").id, True, "La timp.", OPENED)


def test_a_hidden_text_leaves_its_hash_and_can_be_shown_again(app):
    entry = make_entry(title="Trotuar")
    before = entry.body_sha256
    keeping.hide(staff().as_actor(), entry.id, "personal_data", "Are o adresă.", "Vă rog […]", OPENED)
    assert (entry.body, entry.title, entry.body_sha256) == ("Vă rog […]", "", before)
    assert keeping.whole_text(entry) == TEXT
    assert "trotuar" not in entry.search_text
    assert letters("statement:") == ["ana@civic.example"]
    keeping.show_whole(staff().as_actor(), entry.id, OPENED)
    assert (entry.body, entry.title, entry.original) == (TEXT, "Trotuar", None)


@pytest.mark.parametrize(
    "secret", ["1800101123450", "0722 123 456", "ana.pop@mail.example", "RO49AAAA1B31007593840000"]
)
def test_a_text_that_seems_personal_waits_for_a_person(app, secret):
    entry = make_entry(body=f"Răspundeți-mi la {secret}, vă rog.", title="Despre parc")
    assert (entry.body, entry.hidden_for) == ("", "personal_data")
    assert secret in keeping.whole_text(entry)
    assert secret.split()[0].lower() not in entry.search_text


def test_contacts_are_erased_half_a_year_after_the_last_word(app):
    one = make_consultation("reported")
    entry = make_entry(
        one,
        one.opens_at + timedelta(days=1),
        author=Author("Ana Pop", contact="a@civic.example", shown_as="initials"),
    )
    published(entry, now=OPENED)
    half_a_year = timedelta(days=180)
    jobs.forget(OPENED + half_a_year)
    assert contact_of(queries.get_contribution(entry.id)) == ("Ana Pop", "a@civic.example")
    jobs.forget(OPENED + half_a_year + timedelta(seconds=1))
    entry = queries.get_contribution(entry.id)
    assert (entry.contact, contact_of(entry)) == (None, ("A. P.", ""))


def test_the_contact_of_somebody_not_answered_is_kept(app):
    one = make_consultation("reported")
    entry = make_entry(one, one.opens_at + timedelta(days=1))
    jobs.forget(OPENED + timedelta(days=900))
    assert queries.get_contribution(entry.id).contact is not None


def test_figures_count_organisations_and_what_was_taken_up(app):
    one = make_consultation()
    club = make_entry(one, author=Author("Asociația Parcul", organisation=True))
    make_entry(one, body="Altceva cu totul.")
    published(club, YES)
    found = queries.figures(OPENED - timedelta(days=1), OPENED + timedelta(days=1), one.id)
    assert found == {
        "received": 2, "answered": 1, "taken_up": 1, "of_organisations": 1, "of_organisations_taken_up": 1,
        "late": 0,
    }  # fmt: skip


def test_who_shared_an_answer_that_is_written_again_is_told(app):
    one = make_consultation("answering", OPENED)
    first = make_entry(one)
    twin = make_entry(one, author=Author("Ion Ionescu", contact="ion@civic.example"))
    published(first)
    review = reviewing.ask(first.id, "Nu am întrebat asta.", None, OPENED)
    reviewing.decide(staff().as_actor(), review.id, "again", "Are dreptate.", OPENED)
    db.session.commit()
    tasks.run_waiting(OPENED)
    told = select(OutboxMessage.dedup_key).where(OutboxMessage.address == "ion@civic.example")
    assert any(f"{twin.id}:withdrawn" in key for key in db.session.scalars(told))

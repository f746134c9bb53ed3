"""Rules of the register: references, lateness, initials, whose an answer is, groups, personal data, letters."""

from datetime import UTC, datetime, timedelta

import pytest

from consultations.contributions import parsing, rules
from consultations.contributions.rules import Asked, Hands, Reply
from consultations.contributions.themes import alike

END = datetime(2026, 5, 22, 21, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("at", "late"), [(END - timedelta(microseconds=1), False), (END, True), (END + timedelta(days=3), True)]
)
def test_the_end_belongs_to_no_contribution(at, late):
    assert rules.is_late(at, END) is late


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("Ana Popescu", "A. P."),
        ("ion", "I."),
        ("Ana-Maria  Pop", "A.-M. P."),
        ("", ""),
        ("-", ""),
        ("ștefan țepeș", "Ș. Ț."),
    ],
)
def test_initials(name, shown):
    assert rules.initials(name) == shown


def test_its_own_answer_goes_before_its_twin_s_and_that_before_its_theme_s():
    asked = Asked(5, same_as_id=2, theme_id=9, apart=False)
    own, twin, theme = (
        Reply(1, "published", 5, None),
        Reply(2, "published", 2, None),
        Reply(3, "published", None, 9),
    )
    assert rules.answer_of(asked, [theme, twin, own]) is own
    assert rules.answer_of(asked, [theme, twin]) is twin
    assert rules.answer_of(asked, [theme]) is theme


@pytest.mark.parametrize("state", ["draft", "submitted", "withdrawn"])
def test_only_a_published_answer_answers(state):
    assert rules.answer_of(Asked(5, None, None, False), [Reply(1, state, 5, None)]) is None


def test_one_set_apart_has_only_its_own():
    apart = Asked(5, same_as_id=2, theme_id=9, apart=True)
    assert rules.answer_of(apart, [Reply(2, "published", 2, None), Reply(3, "published", None, 9)]) is None
    assert rules.answer_of(apart, [Reply(1, "published", 5, None)]) is not None


def test_a_theme_of_nobody_answers_nobody():
    assert (
        rules.answer_of(
            Asked(5, None, None, False), [Reply(3, "published", None, 9), Reply(4, "published", 6, None)]
        )
        is None
    )


@pytest.mark.parametrize(
    ("account", "signs", "reviews"),
    [(1, False, False), (2, True, False), (3, True, True), (None, False, False)],
)
def test_two_people_for_an_answer_and_a_third_for_its_review(account, signs, reviews):
    assert rules.may_sign(Hands(1), account) is signs
    assert rules.may_review(Hands(1, 2), account) is reviews


@pytest.mark.parametrize(("outcome", "reason", "short"), [
    ("adopted", "", False), ("partly", "Nu.", True), ("not_adopted", "x" * 19, True), ("not_adopted", "x" * 20, False),
])  # fmt: skip
def test_a_refusal_has_a_reason(outcome, reason, short):
    assert rules.reason_too_short(outcome, reason) is short


@pytest.mark.parametrize(
    ("text", "personal"),
    [
        ("CNP 1800101123450", True), ("tel. 0722.123.456", True), ("+40 722 123 456", True), ("021 209 6000", True),
        ("ana@mail.example", True), ("RO49 AAAA 1B31 0075 9384 0000", True), ("bugetul 2026 de 1.060.000 lei", False),
        ("HCL 123/2026, art. 4 (2)", False), ("strada 0, nr. 85", False), ("18001011234501", False),
    ],
)  # fmt: skip
def test_what_seems_personal(text, personal):
    assert rules.looks_personal(text) is personal


def test_groups_are_made_of_two_or_more_the_largest_first():
    texts = {1: "a", 2: "b", 3: "b", 4: "a", 5: "c", 6: "b"}
    assert rules.groups(texts, 50, lambda one, two: 100.0 if one == two else 0.0) == [[2, 3, 6], [1, 4]]


def test_a_text_many_times_longer_says_more_than_the_short_one():
    assert alike("trotuar la scoala", "trotuar la scoala") == 100
    assert alike("trotuar", "trotuar " + "si multe altele " * 5) == 0


def test_the_tag_of_our_own_address_names_the_consultation():
    mail = parsing.read(b"To: x+c5@altul.example, Consultari+C7@primarie.example\nFrom: a@b.example\n\nx", ())
    assert mail.consultation_of("consultari@primarie.example") == 7
    assert mail.consultation_of("altceva@primarie.example") is None


@pytest.mark.parametrize(
    "raw", [b"", b"\x00\xff", b"From:\n\n", b"Content-Type: multipart/mixed; boundary=x\n\n--x", b"\n\n\n"]
)
def test_no_bytes_break_the_reading(raw):
    mail = parsing.read(raw, ())
    assert mail.machine == "bounce"
    assert mail.address == ""

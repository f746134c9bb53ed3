"""The mailbox: a letter is taken once, machines are not answered, nothing is lost to wrong bytes or large files."""

import dataclasses
from contextlib import contextmanager
from datetime import timedelta
from email.message import EmailMessage

import pytest
from sqlalchemy import func, select

from civic.errors import Conflict, Invalid
from civic.extensions import db
from civic.outbox import OutboxMessage
from consultations.contributions import jobs, letter_failures, letters, parsing, queries
from consultations.contributions.letter_queries import list_waiting
from consultations.contributions.mailbox import AT_ONCE, MOST_BYTES, Envelope
from consultations.contributions.models import Attachment, Contribution, Letter, LetterAttempt
from consultations.contributions.rules import ATTEMPT_KEPT, LETTER_REST, LETTER_TRIES
from consultations.contributions.sending import Message
from tests.consultations_support import OPENED, make_consultation
from tests.factories import make_account
from tests.integration.consultations.registerkit import TEXT

BOX = "consultari@primarie.example"


def mail(one=None, **headers: str) -> EmailMessage:
    """A letter to the mailbox, to a consultation's own address when one is given."""
    body = headers.pop("body", TEXT)
    message = EmailMessage()
    message["From"] = headers.pop("From", "Ana Popescu <ana@civic.example>")
    message["To"] = headers.pop("To", BOX.replace("@", f"+c{one.id}@") if one else BOX)
    message["Subject"] = headers.pop("Subject", "Despre trotuare")
    message["Message-ID"] = headers.pop("id", "<1@civic.example>")
    for name, value in headers.items():
        message[name.replace("_", "-")] = value
    message.set_content(body)
    return message


class FakeBox:
    """A mailbox in memory; `fails_at` breaks the line before that letter is marked as taken."""

    def __init__(self, *messages: EmailMessage | bytes, fails_at: int | None = None) -> None:
        self.letters = {str(n): bytes(one) for n, one in enumerate(messages)}
        self.seen: set[str] = set()
        self.fails_at = fails_at
        self.sizes: dict[str, int] = {}
        self.heads: list[str] = []

    def envelope(self, key: str) -> Envelope:
        return Envelope(key, self.sizes.get(key, len(self.letters[key])), OPENED - timedelta(hours=1))

    def waiting(self, besides=()) -> list[Envelope]:
        left = [key for key in self.letters if key not in self.seen and key not in besides]
        return [self.envelope(key) for key in left[:AT_ONCE]]

    def again(self, key: str, message_id: str) -> Envelope | None:
        return self.envelope(key) if key in self.letters else None

    def read(self, key: str, head: bool = False) -> bytes:
        if head:
            self.heads.append(key)
        raw = self.letters[key]
        return raw.partition(b"\n\n")[0] + b"\n\n" if head else raw

    def done(self, key: str) -> None:
        if self.fails_at == int(key):
            self.fails_at = None
            raise OSError("the line broke")
        self.seen.add(key)


@pytest.fixture
def read(app):
    """Reads the letters of a box as the job does."""
    before = app.config["SETTINGS"]
    app.config["SETTINGS"] = dataclasses.replace(
        before, mailbox_url="imaps://u:p@mail.example", mailbox_address=BOX
    )

    def run(box: FakeBox, now=OPENED) -> int:
        @contextmanager
        def opened(_settings):
            yield box

        app.extensions["civic_mailbox"] = opened
        return jobs.read_mailbox(now)

    yield run
    app.config["SETTINGS"] = before
    app.extensions.pop("civic_mailbox", None)


def entries() -> list[Contribution]:
    return list(db.session.scalars(select(Contribution).order_by(Contribution.number)))


def posted() -> list[OutboxMessage]:
    return list(db.session.scalars(select(OutboxMessage).order_by(OutboxMessage.id)))


def test_a_letter_to_a_consultation_s_address_is_registered_as_of_its_arrival(read):
    one = make_consultation()
    assert read(FakeBox(mail(one))) == 1
    (entry,) = entries()
    assert (entry.channel, entry.title, entry.body, entry.author_name) == (
        "mail",
        "Despre trotuare",
        TEXT,
        "A. P.",
    )
    assert (entry.received_at, entry.late) == (OPENED - timedelta(hours=1), False)
    assert [(one_.address, entry.reference in one_.body) for one_ in posted()] == [
        ("ana@civic.example", True)
    ]
    assert db.session.scalars(select(Letter.sealed)).one() is None


def test_the_subject_may_name_the_consultation(read):
    one = make_consultation()
    read(
        FakeBox(
            mail(Subject=f"C{one.id}-2026: trotuare"), mail(Subject=f"C{one.id}-2025: trotuare", id="<2@x>")
        )
    )
    assert len(entries()) == 1
    assert list_waiting(1)[1] == 1


def test_a_line_that_breaks_before_the_mark_registers_nothing_twice(read):
    one = make_consultation()
    box = FakeBox(mail(one), mail(one, id="<2@x>", body="Altceva."), fails_at=0)
    assert read(box) == 0
    assert len(entries()) == 1
    assert read(box) == 2
    assert [entry.body for entry in entries()] == [TEXT, "Altceva."]
    assert len(posted()) == 2


def test_a_letter_without_a_message_id_is_known_by_its_bytes(read):
    one = make_consultation()
    raw = bytes(mail(one)).replace(b"Message-ID: <1@civic.example>\n", b"")
    read(FakeBox(raw, raw))
    assert len(entries()) == 1


@pytest.mark.parametrize(
    "headers",
    [
        {"Auto_Submitted": "auto-replied"}, {"Precedence": "bulk"}, {"List_Id": "<stiri.example>"},
        {"Return_Path": "<>"}, {"X_Autoreply": "yes"}, {"From": "MAILER-DAEMON@mail.example"},
        {"From": f"Consultari <{BOX}>"}, {"From": "consultari+c9@primarie.example"},
    ],
)  # fmt: skip
def test_machines_and_our_own_mail_are_neither_registered_nor_answered(read, headers):
    one = make_consultation()
    assert read(FakeBox(mail(one, **headers))) == 1
    assert (entries(), posted()) == ([], [])
    assert db.session.scalars(select(Letter.state)).one() == "refused"


def test_two_machines_that_write_to_each_other_stop(read):
    one = make_consultation()
    many = [mail(one, id=f"<{n}@x>", body=f"{TEXT} {n}") for n in range(12)]
    read(FakeBox(*many))
    assert (len(entries()), len(posted())) == (12, letters.ANSWERS_A_DAY)
    read(FakeBox(mail(one, id="<99@x>", body="A doua zi.")), OPENED + timedelta(days=1, seconds=1))
    assert len(posted()) == letters.ANSWERS_A_DAY + 1


def test_a_letter_nobody_can_place_waits_for_a_clerk_who_places_it(read):
    one, clerk = make_consultation(), make_account("clerk").as_actor()
    read(FakeBox(mail(Subject="Bună ziua")))
    (letter,), total = list_waiting(1)
    assert (total, letters.read(letter)["body"]) == (1, TEXT)
    assert b"Popescu" not in letter.sealed
    assert "Un funcționar o citește" in posted()[0].body
    entry = letters.place(clerk, letter.id, one.id, Message("Ana Popescu", TEXT), OPENED)
    assert (entry.received_at, entry.registered_by_id) == (OPENED - timedelta(hours=1), clerk.id)
    with pytest.raises(Conflict):
        letters.place(clerk, letter.id, one.id, Message("Ana", TEXT), OPENED)


def test_a_letter_set_aside_is_erased_after_a_month(read):
    clerk = make_account("clerk").as_actor()
    read(FakeBox(mail()))
    (letter,), _total = list_waiting(1)
    with pytest.raises(Invalid):
        letters.set_aside(clerk, letter.id, " ", OPENED)
    letters.set_aside(clerk, letter.id, "Este o reclamă.", OPENED)
    jobs.forget(OPENED + timedelta(days=30))
    assert letter.sealed is not None
    jobs.forget(OPENED + timedelta(days=30, seconds=1))
    assert letter.sealed is None


def test_an_answer_to_our_own_letter_goes_to_a_clerk(read):
    one = make_consultation()
    read(FakeBox(mail(one, Subject=f"Re: Înregistrată: 1/C{one.id}-2026")))
    assert (entries(), list_waiting(1)[1]) == ([], 1)


@pytest.mark.parametrize("state", ["announced", "reported"])
def test_outside_its_time_a_letter_waits_for_a_clerk(read, state):
    read(FakeBox(mail(make_consultation(state))))
    assert (entries(), list_waiting(1)[1]) == ([], 1)


def test_a_letter_of_thirty_megabytes_keeps_its_text_and_says_what_was_not_kept(read):
    one = make_consultation()
    large = mail(one)
    large.add_attachment(b"x" * 30_000_000, maintype="application", subtype="pdf", filename="plan mare.pdf")
    large.add_attachment(
        b"%PDF-1.4\n1 0 obj\nendobj\ntrailer\n%%EOF\n",
        maintype="application",
        subtype="pdf",
        filename="mic.pdf",
    )
    large.add_attachment(b"MZ", maintype="application", subtype="octet-stream", filename="a.exe")
    read(FakeBox(large))
    (entry,) = entries()
    kept = [
        (one_.name, one_.not_kept, one_.file_id is not None)
        for one_ in queries.list_attachments([entry.id])[entry.id]
    ]
    assert kept == [
        ("plan mare.pdf", "too_large", False),
        ("mic.pdf", "", True),
        ("a.exe", "not_allowed", False),
    ]
    assert "plan mare.pdf: nepăstrat: are peste 10 MB" in posted()[0].body
    assert (
        db.session.scalars(select(Attachment).where(Attachment.file_id.is_not(None))).one().file.public
        is False
    )


def test_of_a_huge_letter_only_the_head_is_read(read):
    box = FakeBox(mail(make_consultation()))
    box.sizes["0"] = MOST_BYTES + 1
    read(box)
    assert (box.heads, entries(), list_waiting(1)[1]) == (["0"], [], 1)


def test_more_than_ten_files_are_named(read):
    one = make_consultation()
    letter = mail(one)
    for n in range(12):
        letter.add_attachment(b"MZ", maintype="application", subtype="octet-stream", filename=f"{n}.exe")
    read(FakeBox(letter))
    reasons = db.session.scalars(select(Attachment.not_kept).order_by(Attachment.id)).all()
    assert list(reasons) == ["not_allowed"] * 10 + ["too_many"] * 2


@pytest.mark.parametrize(
    ("charset", "data", "words"),
    [
        ("iso-8859-2", "Vreau umbră și bănci".replace("ș", "ş").encode("iso-8859-2"), "Vreau umbră și bănci"),
        ("us-ascii", "Vreau umbră".encode(), "Vreau umbră"),
        ("x-nimic", "Vreau umbră".encode(), "Vreau umbră"),
        ("utf-8", b"Vreau umbr\xe3 acum", "Vreau umbr\ufffd acum"),
        ("utf-8", b"Vreau\x00 umbra", "Vreau umbra"),
    ],
)
def test_a_wrong_charset_loses_no_letter(read, charset, data, words):
    one = make_consultation()
    head = bytes(mail(one)).partition(b"\n\n")[0].replace(b'charset="utf-8"', f'charset="{charset}"'.encode())
    head = head.replace(b"Content-Transfer-Encoding: 7bit", b"Content-Transfer-Encoding: 8bit")
    read(FakeBox(head + b"\n\n" + data))
    assert [entry.body for entry in entries()] == [words]


def test_a_letter_in_html_alone_is_read_as_text(read):
    one = make_consultation()
    letter = mail(one)
    letter.set_content(
        "<html><style>p{}</style><p>Vreau <b>umbră</b>.</p><script>x()</script><p>Mulțumesc</p>",
        subtype="html",
    )
    read(FakeBox(letter))
    assert entries()[0].body == "Vreau umbră.\n\nMulțumesc"


def test_nobody_is_written_to_while_there_is_no_mailbox(app):
    assert jobs.read_mailbox(OPENED) == 0
    assert db.session.scalar(select(func.count(Letter.id))) == 0


def test_broken_headers_are_read_as_far_as_they_go(read):
    raw = b"From: =?utf-8?q?Ana?= <ana@civic.example\nTo: <<>>,\nSubject: =?x?b?@@?=\nContent-Type: multipart/mixed\n\nceva"
    read(FakeBox(raw))
    assert db.session.scalars(select(Letter.state)).one() in ("unassigned", "refused")


def test_the_reference_in_a_subject_is_exact():
    found = parsing.read(b"Subject: AC7-2026 C12-2026 3/C4-2026 C5\n\n", ())
    assert found.references == ((None, 12, 2026), (3, 4, 2026))


def test_the_clerk_s_pages(client, read):
    from civic import clock

    now = clock.now()
    one = make_consultation("open", now)
    read(FakeBox(mail(Subject="Bună ziua")), now)
    (letter,), _total = list_waiting(1)
    letter.received_at = now
    db.session.commit()
    client.sign_in(make_account("clerk"))
    assert "1 scrisoare așteaptă" in client.get("staff.home").main_text
    assert "Bună ziua" in client.get("contribution_letters.index").main_text
    page = client.get("contribution_letters.show", letter_id=letter.id)
    client.submit(page, "/aside", {"aside-reason": ""}, expect=422)
    action = f"/staff/contributions/letters/{letter.id}"
    client.submit(page, action, {"consultation_id": ""}, expect=422)
    client.submit(page, action, {"consultation_id": str(one.id)})
    assert "S-a rezolvat" in client.get("contribution_letters.show", letter_id=letter.id).main_text
    assert len(entries()) == 1


def test_a_letter_that_breaks_the_work_lets_the_next_one_through(read, monkeypatch):
    one = make_consultation()
    take = letters.take

    def breaks_on_the_first(letter, *rest):
        if letter.message_id == "<rea@civic.example>":
            raise RuntimeError("nobody thought of this")
        return take(letter, *rest)

    monkeypatch.setattr(letters, "take", breaks_on_the_first)
    box = FakeBox(mail(one, id="<rea@civic.example>"), mail(one, id="<buna@civic.example>"))
    assert read(box) == 1
    assert box.seen == {"1"}


class Breaking:
    """Breaks on some letters, by a word of their text, until it is mended."""

    def __init__(self, monkeypatch, error: type[BaseException] = RuntimeError) -> None:
        self.error, self.mended, take = error, False, letters.take

        def breaks(mail, *rest):
            if "strică" in mail.body and not self.mended:
                raise self.error(mail.address)
            return take(mail, *rest)

        monkeypatch.setattr(letters, "take", breaks)
        settle = letters._settle

        def breaks_again(letter, mail, now):
            if "strică" in mail.body and not self.mended:
                raise self.error(mail.address)
            return settle(letter, mail, now)

        monkeypatch.setattr(letters, "_settle", breaks_again)


def rounds(read, box, times: int) -> None:
    """So many rounds of the mailbox, with the rest between them."""
    for n in range(times):
        read(box, OPENED + n * (LETTER_REST + timedelta(seconds=1)))


def failed() -> list[Letter]:
    return list(db.session.scalars(select(Letter).where(Letter.state == "failed").order_by(Letter.id)))


def test_fifty_letters_that_break_the_work_do_not_keep_the_next_one_waiting(read, monkeypatch, caplog):
    one = make_consultation()
    Breaking(monkeypatch)
    bad = [mail(one, id=f"<{n}@rea.example>", body=f"Asta strică {n}.") for n in range(AT_ONCE)]
    box = FakeBox(*bad, mail(one, id="<buna@civic.example>"))
    assert read(box) == 0
    assert read(box, OPENED + timedelta(minutes=2)) == 1
    assert [entry.body for entry in entries()] == [TEXT]
    rounds(read, box, LETTER_TRIES)
    assert (len(failed()), len(box.seen)) == (AT_ONCE, AT_ONCE + 1)
    assert failed()[0].reason == "broke:RuntimeError"
    assert letters.read(failed()[0])["body"] == "Asta strică 0."
    assert "ana@civic.example" not in caplog.text


def test_what_breaks_once_is_taken_after_a_rest(read, monkeypatch):
    breaking = Breaking(monkeypatch)
    box = FakeBox(mail(make_consultation(), body="Asta strică."))
    assert read(box) == 0
    breaking.mended = True
    assert read(box, OPENED + timedelta(minutes=1)) == 0
    assert read(box, OPENED + LETTER_REST) == 1
    assert (len(entries()), failed()) == (1, [])


def test_a_letter_set_aside_is_taken_when_staff_ask_for_it(read, monkeypatch):
    clerk, breaking = make_account("clerk").as_actor(), Breaking(monkeypatch)
    box = FakeBox(mail(make_consultation(), body="Asta strică."))
    rounds(read, box, LETTER_TRIES)
    (letter,) = failed()
    assert (letter.sealed is not None, "Un funcționar o citește" in posted()[0].body) == (True, True)
    letter_failures.ask_again(clerk, letter.id, OPENED)
    assert (read(box), failed()[0].reason) == (0, "broke:RuntimeError")
    breaking.mended = True
    letter_failures.ask_again(clerk, letter.id, OPENED)
    assert letter_failures.ask_again(clerk, letter.id, OPENED).state == "again"
    db.session.commit()
    assert (read(box), read(box)) == (1, 0)
    assert [entry.received_at for entry in entries()] == [OPENED - timedelta(hours=1)]
    assert (letter.state, letter.sealed) == ("registered", None)
    with pytest.raises(Conflict):
        letter_failures.ask_again(clerk, letter.id, OPENED)


def test_a_letter_that_left_the_mailbox_says_so(read, monkeypatch):
    Breaking(monkeypatch)
    box = FakeBox(mail(make_consultation(), body="Asta strică."))
    rounds(read, box, LETTER_TRIES)
    letter_failures.ask_again(make_account("clerk").as_actor(), failed()[0].id, OPENED)
    box.letters.clear()
    assert read(box) == 0
    assert failed()[0].reason == "lost"


def test_killed_halfway_and_run_twice_a_letter_is_taken_once(read, monkeypatch):
    breaking = Breaking(monkeypatch, SystemExit)
    box = FakeBox(mail(make_consultation(), body="Asta strică."))
    with pytest.raises(SystemExit):
        read(box)
    assert (entries(), box.seen) == ([], set())
    breaking.mended = True
    assert (read(box, OPENED + LETTER_REST), read(box, OPENED + LETTER_REST)) == (1, 0)
    assert len(entries()) == len(posted()) == 1


def test_a_letter_that_kills_the_worker_each_time_is_set_aside_by_its_head(read, monkeypatch):
    Breaking(monkeypatch, SystemExit)
    one = make_consultation()
    box = FakeBox(mail(one, body="Asta strică."), mail(one, id="<2@x>"))
    for n in range(LETTER_TRIES):
        with pytest.raises(SystemExit):
            read(box, OPENED + n * LETTER_REST)
    assert read(box, OPENED + LETTER_TRIES * LETTER_REST) == 1
    (letter,) = failed()
    assert (letter.reason, letters.read(letter)["subject"], box.heads) == (
        "interrupted",
        "Despre trotuare",
        ["0"],
    )
    assert box.seen == {"0", "1"}


def test_a_letter_nobody_can_read_is_still_somewhere(read, monkeypatch):
    def breaks(*_given):
        raise RecursionError

    monkeypatch.setattr(parsing, "read", breaks)
    box = FakeBox(mail())
    rounds(read, box, LETTER_TRIES)
    (letter,) = failed()
    assert letters.read(letter) == {"key": "0"}
    assert posted() == []


def test_the_clerk_sees_what_broke_and_tries_again(client, read, monkeypatch):
    Breaking(monkeypatch)
    rounds(read, FakeBox(mail(make_consultation(), body="Asta strică.")), LETTER_TRIES)
    (letter,) = failed()
    db.session.commit()
    client.sign_in(make_account("clerk"))
    assert "1 scrisoare așteaptă" in client.get("staff.home").main_text
    assert "Nu a putut fi preluată" in client.get("contribution_letters.index").main_text
    page = client.get("contribution_letters.show", letter_id=letter.id)
    assert "RuntimeError" in page.main_text
    client.submit(page, "/again", {})
    assert "Se preia din nou în câteva minute" in client.get("contribution_letters.index").main_text
    page = client.get("contribution_letters.show", letter_id=letter.id)
    assert "Încearcă din nou" not in page.main_text


def test_a_letter_that_broke_can_be_registered_by_hand_or_set_aside(read, monkeypatch):
    one, clerk = make_consultation(), make_account("clerk").as_actor()
    Breaking(monkeypatch)
    rounds(
        read,
        FakeBox(mail(one, body="Asta strică."), mail(one, id="<2@x>", body="Și asta strică.")),
        LETTER_TRIES,
    )
    first, second = failed()
    assert letters.place(clerk, first.id, one.id, Message("Ana Popescu", "Asta strică."), OPENED).number == 1
    letters.set_aside(clerk, second.id, "Înregistrată pe hârtie.", OPENED)
    assert list_waiting(1)[1] == 0


def test_what_was_begun_long_ago_is_forgotten(read, monkeypatch):
    Breaking(monkeypatch)
    read(FakeBox(mail(make_consultation(), body="Asta strică.")))
    jobs.forget(OPENED + ATTEMPT_KEPT + timedelta(seconds=1))
    assert db.session.scalar(select(func.count()).select_from(LetterAttempt)) == 0

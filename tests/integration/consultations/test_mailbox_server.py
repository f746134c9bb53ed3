"""The mailbox against a server that speaks IMAP over TLS: what is asked of it, and what it may do to us."""

import dataclasses
import imaplib
import logging
import ssl
import tracemalloc
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage

import pytest
from sqlalchemy import select

from civic.extensions import db
from consultations.contributions import jobs, letter_failures, mailbox, queries
from consultations.contributions.mailbox import PART_BYTES, open_mailbox
from consultations.contributions.models import Contribution, Letter
from consultations.contributions.rules import LETTER_REST, LETTER_TRIES
from tests.consultations_support import OPENED, make_consultation
from tests.factories import make_account
from tests.imapserver import Folder, ImapServer

BOX = "consultari@primarie.example"
ARRIVED = OPENED - timedelta(hours=1)


@pytest.fixture
def imap(tmp_path, monkeypatch):
    """A mail server whose certificate this machine trusts."""
    one = ImapServer(tmp_path, user="cutie poștală", password='pa"ro\\lă')
    monkeypatch.setenv("SSL_CERT_FILE", str(one.certificate))
    monkeypatch.setattr(mailbox, "TIMEOUT_SECONDS", 5)
    yield one
    one.close()


def url(
    imap: ImapServer, secret: str = "pa%22ro%5Cl%C4%83", folder: str = "INBOX", host: str = "localhost"
) -> str:
    return f"imaps://cutie%20po%C8%99tal%C4%83:{secret}@{host}:{imap.port}/{folder}"


@pytest.fixture
def settings(app, imap):
    """Settings that name the server's mailbox."""
    before = app.config["SETTINGS"]
    made = dataclasses.replace(before, mailbox_url=url(imap), mailbox_address=BOX)
    app.config["SETTINGS"] = made
    yield made
    app.config["SETTINGS"] = before


def letter(one, number: int = 1, body: str = "Vreau umbră.", **headers: str) -> EmailMessage:
    message = EmailMessage()
    message["From"] = headers.pop("sender", "Ștefan Brândușă <stefan@civic.example>")
    message["To"] = BOX.replace("@", f"+c{one.id}@")
    message["Subject"] = headers.pop("subject", "Bănci și umbră în Piața Unirii")
    message["Message-ID"] = f"<{number}@civic.example>"
    message.set_content(body)
    return message


def entries() -> list[Contribution]:
    return list(db.session.scalars(select(Contribution).order_by(Contribution.number)))


def seen(imap: ImapServer) -> list[int]:
    return [one.uid for one in imap.inbox.letters if "\\Seen" in one.flags]


def test_letters_are_read_as_the_server_has_them_and_marked_as_seen(settings, imap):
    one = make_consultation()
    imap.inbox.add(bytes(letter(one, 1)), ARRIVED, {"\\Seen"})
    imap.inbox.add(bytes(letter(one, 2)), ARRIVED)
    imap.inbox.add(bytes(letter(one, 3, "Și apă.")), ARRIVED - timedelta(minutes=5))
    assert jobs.read_mailbox(OPENED) == 2
    assert [(entry.title, entry.body, entry.received_at) for entry in entries()] == [
        ("Bănci și umbră în Piața Unirii", "Vreau umbră.", ARRIVED),
        ("Bănci și umbră în Piața Unirii", "Și apă.", ARRIVED - timedelta(minutes=5)),
    ]
    assert (entries()[0].author_name, seen(imap)) == ("Ș. B.", [1, 2, 3])
    assert jobs.read_mailbox(OPENED) == 0


def test_a_server_that_knows_login_alone_is_spoken_to_with_quotes(app, imap, settings):
    imap.user, imap.password, imap.manners.capabilities = "cutie mea", 'pa"ro\\la', "IMAP4rev1"
    address = f"imaps://cutie%20mea:pa%22ro%5Cla@localhost:{imap.port}"
    with open_mailbox(dataclasses.replace(settings, mailbox_url=address)) as box:
        assert box.waiting() == []


def test_a_password_login_cannot_carry_is_no_riddle(settings, imap, caplog):
    imap.manners.capabilities = "IMAP4rev1"
    assert jobs.read_mailbox(OPENED) == 0
    assert "beyond ASCII" in caplog.text


def test_a_wrong_password_is_said_without_the_password(app, settings, imap, caplog):
    app.config["SETTINGS"] = dataclasses.replace(settings, mailbox_url=url(imap, "gre%C8%99it%C4%83"))
    with caplog.at_level(logging.DEBUG):
        assert jobs.read_mailbox(OPENED) == 0
    assert "it refused the name or the password" in caplog.text
    assert not any(word in caplog.text for word in ("greșită", "gre%C8%99it", "poștală"))
    assert "greșită" not in repr(app.config["SETTINGS"])


@pytest.mark.parametrize("host", ["localhost", "127.0.0.1"])
def test_a_certificate_nobody_vouches_for_is_refused(app, settings, imap, monkeypatch, caplog, host):
    monkeypatch.delenv("SSL_CERT_FILE")
    app.config["SETTINGS"] = dataclasses.replace(settings, mailbox_url=url(imap, host=host))
    assert jobs.read_mailbox(OPENED) == 0
    assert "its certificate does not prove whose it is" in caplog.text
    assert imap.said == []


def test_a_certificate_of_another_name_is_refused(app, settings, imap, monkeypatch, caplog):
    monkeypatch.setattr(mailbox.imaplib.socket, "create_connection", _always_to(imap))
    app.config["SETTINGS"] = dataclasses.replace(
        settings, mailbox_url=url(imap, host="mail.primarie.example")
    )
    assert jobs.read_mailbox(OPENED) == 0
    assert (imap.said, "its certificate" in caplog.text) == ([], True)


def _always_to(imap: ImapServer):
    import socket

    real = socket.create_connection
    return lambda _address, timeout=None, **_more: real(("127.0.0.1", imap.port), timeout)


def test_a_folder_is_called_by_its_name(app, settings, imap, caplog):
    imap.folders["Consult&AQM-ri 2026"] = Folder()
    imap.folders["Consult&AQM-ri 2026"].add(bytes(letter(make_consultation())), ARRIVED)
    app.config["SETTINGS"] = dataclasses.replace(
        settings, mailbox_url=url(imap, folder="Consult%C4%83ri%202026")
    )
    assert jobs.read_mailbox(OPENED) == 1
    app.config["SETTINGS"] = dataclasses.replace(settings, mailbox_url=url(imap, folder="Altul"))
    assert jobs.read_mailbox(OPENED) == 0
    assert "it has no such folder" in caplog.text


def test_a_line_that_breaks_in_the_middle_of_a_letter_loses_nothing(settings, imap):
    one = make_consultation()
    for n in (1, 2, 3):
        imap.inbox.add(bytes(letter(one, n, f"Cererea {n}.")), ARRIVED)
    imap.manners.breaks, imap.manners.break_after = 1, 200
    assert (jobs.read_mailbox(OPENED), entries()) == (0, [])
    # The letter rests; those behind it do not wait for it.
    assert jobs.read_mailbox(OPENED + timedelta(minutes=2)) == 2
    assert jobs.read_mailbox(OPENED + LETTER_REST) == 1
    assert [entry.body for entry in entries()] == ["Cererea 2.", "Cererea 3.", "Cererea 1."]


def test_a_letter_the_server_never_hands_over_is_set_aside_and_later_taken(settings, imap):
    one = make_consultation()
    imap.inbox.add(bytes(letter(one, 1, "Prima.")), ARRIVED)
    imap.inbox.add(bytes(letter(one, 2, "A doua.")), ARRIVED)
    imap.manners.breaks_at = {1}
    for n in range(LETTER_TRIES + 1):
        jobs.read_mailbox(OPENED + n * LETTER_REST)
        jobs.read_mailbox(OPENED + n * LETTER_REST + timedelta(minutes=2))
    aside = db.session.scalars(select(Letter).where(Letter.state == "failed")).one()
    assert (aside.reason, seen(imap), [entry.body for entry in entries()]) == (
        "interrupted",
        [1, 2],
        ["A doua."],
    )
    imap.manners.breaks_at = set()
    imap.inbox.make_anew()
    letter_failures.ask_again(make_account("clerk").as_actor(), aside.id, OPENED)
    assert jobs.read_mailbox(OPENED) == 1
    assert [entry.body for entry in entries()] == ["A doua.", "Prima."]


def test_a_server_that_stops_answering_is_not_waited_for(settings, imap, monkeypatch, caplog):
    imap.inbox.add(bytes(letter(make_consultation())), ARRIVED)
    imap.manners.silent = {"UID SEARCH"}
    monkeypatch.setattr(mailbox, "TIMEOUT_SECONDS", 0.3)
    assert jobs.read_mailbox(OPENED) == 0
    assert "it did not answer in time" in caplog.text


def test_an_answer_that_drips_is_cut_off(settings, imap, monkeypatch, caplog):
    monkeypatch.setattr(mailbox, "COMMAND_SECONDS", -1)
    assert jobs.read_mailbox(OPENED) == 0
    assert "it did not answer in time" in caplog.text


def test_a_folder_made_anew_between_two_rounds_gives_nothing_twice(settings, imap):
    one = make_consultation()
    imap.inbox.add(bytes(letter(one)), ARRIVED)
    imap.manners.refused = {"UID STORE"}
    assert jobs.read_mailbox(OPENED) == 0
    imap.manners.refused = set()
    imap.inbox.make_anew()
    assert jobs.read_mailbox(OPENED) == 1
    assert (len(entries()), seen(imap)) == (1, [1000])
    with open_mailbox(settings) as box:
        assert box.read("1-1000") == b""


def test_a_letter_that_leaves_while_it_is_read_is_nobody_s(settings, imap):
    imap.inbox.add(bytes(letter(make_consultation())), ARRIVED)
    imap.folders["Alta"] = Folder()

    def moved(command: str) -> None:
        """Somebody moves it to another folder between its envelope and its text."""
        if command == "UID FETCH" and any("INTERNALDATE" in line for line in imap.said[:-1]):
            imap.inbox.letters.clear()

    imap.manners.before = moved
    assert jobs.read_mailbox(OPENED) == 0
    assert (entries(), db.session.scalars(select(Letter)).all()) == ([], [])


def test_another_program_may_use_the_mailbox(settings, imap):
    """A clerk's mail program moves, copies and deletes through the same imap."""
    one = make_consultation()
    for n in (1, 2, 3):
        imap.inbox.add(bytes(letter(one, n)), ARRIVED)
    imap.folders["Arhiva"] = Folder()
    context = ssl.create_default_context(cafile=str(imap.certificate))
    imap.user, imap.password = "cutie", "parola"
    with imaplib.IMAP4_SSL("localhost", imap.port, ssl_context=context) as other:
        other.login("cutie", "parola")
        other.select("INBOX")
        assert other.uid("MOVE", "1", "Arhiva")[0] == "OK"
        assert other.uid("COPY", "2", "Arhiva")[0] == "OK"
        other.uid("STORE", "2", "+FLAGS", "(\\Deleted)")
        assert other.expunge()[0] == "OK"
    imap.user, imap.password = "cutie poștală", 'pa"ro\\lă'
    assert jobs.read_mailbox(OPENED) == 1
    assert (len(imap.folders["Arhiva"].letters), seen(imap)) == (2, [3])


@pytest.mark.parametrize("manner", ["talkative", "quotes"])
def test_servers_have_manners_of_their_own(settings, imap, manner):
    one = make_consultation()
    setattr(imap.manners, manner, True)
    imap.inbox.add(bytes(letter(one, 1, "Prima.")), ARRIVED)
    imap.inbox.add(b"From: x", ARRIVED)
    imap.inbox.add(bytes(letter(one, 2, "A doua.")), ARRIVED)
    assert jobs.read_mailbox(OPENED) == 3
    assert [entry.body for entry in entries()] == ["Prima.", "A doua."]


def test_a_server_that_promises_a_huge_text_is_left(settings, imap, caplog):
    imap.inbox.add(bytes(letter(make_consultation())), ARRIVED)
    imap.manners.boasts = 90_000_000_000
    assert jobs.read_mailbox(OPENED) == 0
    assert "the line broke" in caplog.text


def test_thirty_megabytes_are_read_in_parts_and_held_a_few_times_at_most(settings, imap):
    one = make_consultation()
    large = letter(one)
    large.add_attachment(b"x" * 30_000_000, maintype="application", subtype="pdf", filename="planșă.pdf")
    raw = bytes(large)
    imap.inbox.add(raw, ARRIVED)
    del large
    tracemalloc.start()
    try:
        assert jobs.read_mailbox(OPENED) == 1
        most = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    (entry,) = entries()
    (kept,) = queries.list_attachments([entry.id])[entry.id]
    assert (kept.name, kept.not_kept) == ("planșă.pdf", "too_large")
    assert most < 4.5 * len(raw), f"{most / len(raw):.1f} times its size"
    parts = [line for line in imap.said if "BODY.PEEK[]" in line]
    assert len(parts) > len(raw) // PART_BYTES


def test_fifty_at_once_the_oldest_first(settings, imap):
    one = make_consultation()
    for n in range(mailbox.AT_ONCE + 1):
        imap.inbox.add(bytes(letter(one, n, f"Cererea {n}.")), datetime(2026, 1, 1, tzinfo=UTC))
    with open_mailbox(settings) as box:
        keys = [envelope.key for envelope in box.waiting()]
        assert (keys[0], keys[-1], len(keys)) == ("1-1", "1-50", 50)
        assert [envelope.key for envelope in box.waiting(keys)] == ["1-51"]

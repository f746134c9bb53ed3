"""Letters made to stop the mailbox: each is read, and none for long."""

import time

import pytest

from consultations.contributions import parsing

HEAD = b"From: Ana <ana@civic.example>\nSubject: C7-2026\nMessage-ID: <1@x>\n"


def nested(depth: int) -> bytes:
    parts = b"".join(
        b"Content-Type: multipart/mixed; boundary=b%d\n\n--b%d\n" % (at, at) for at in range(depth)
    )
    return HEAD + parts + b"Content-Type: text/plain\n\nbuna\n"


@pytest.mark.parametrize(
    "raw",
    [
        nested(3000),
        HEAD + b"Content-Type: text/plain; charset=punycode\n\nx\\y\n",
        HEAD + b"Content-Type: text/plain; charset=undefined\n\nx\n",
        HEAD + b'Content-Type: text/plain; charset="a\x00b"\n\nx\n',
    ],
    ids=["nested", "punycode", "undefined", "null"],
)
def test_a_letter_no_library_reads_still_has_its_sender(raw: bytes) -> None:
    mail = parsing.read(raw, ())
    assert (mail.address, mail.message_id) == ("ana@civic.example", "<1@x>")


@pytest.mark.parametrize("filling", [b"<!", b"<a ", b"<a b='", b"&"])
def test_html_that_never_ends_is_read_in_no_time(filling: bytes) -> None:
    begun = time.monotonic()
    parsing.read(HEAD + b"Content-Type: text/html\n\n<p>Buna</p>" + filling * 200_000, ())
    assert time.monotonic() - begun < 3


def test_html_written_by_mail_programs_is_read_as_before() -> None:
    html = "<html><head><title>T</title></head><body><div>Unu<br>doi</div><ul><li>a<li>b</ul>R&amp;D &lt;x&gt;</body></html>"
    assert parsing.words_of_html(html).replace("\n\n", "\n") == "Unu\ndoi\na\nb\nR&D <x>"

"""Drafts with a text, and remarks on it, as tests need them."""

import io
from typing import Any

import docx
from werkzeug.datastructures import FileStorage

from civic import clock, tasks
from civic.accounts.models import Account
from civic.extensions import db
from civic.moderation.rules import Decision
from civic.moderation.subjects import Verdict
from consultations.drafting import importing, queries, service
from consultations.drafting.models import Annotation, Edition
from consultations.drafting.service import Said
from consultations.models import Consultation
from tests.consultations_support import make_consultation
from tests.factories import make_account, make_resident

TEXT = """CAPITOLUL I Dispoziții generale

Art. 1. Prezentul regulament se aplică în toate parcurile din sectorul 2.

(1) Câinii pot umbla liberi între orele 6 și 8 dimineața.

(2) Stăpânul strânge în urma câinelui, sub sancțiunea amenzii de 500 de lei.

a) punga se aruncă în coșurile marcate;

Art. 2. Cererile se depun la registratură în termen de 30 de zile."""


def open_consultation(**values: Any) -> Consultation:
    """A consultation that is open now."""
    return make_consultation("open", clock.now(), **values)


def publish(one: Consultation, text: str = TEXT, note: str = "Prima formă.", **values: Any) -> Edition:
    """An edition of pasted text, published now."""
    staff = values.get("staff") or make_account("staff")
    importing.bring_in(staff.as_actor(), one.id, "text", clock.now(), text=text)
    edition = importing.publish(staff.as_actor(), one.id, note, clock.now())
    db.session.commit()
    return edition


def key_of(edition: Edition, beginning: str) -> int:
    """The number of the section that begins so."""
    return next(row.key for row in queries.list_keyed(edition.id) if row.text.startswith(beginning))


def remark(
    one: Consultation, beginning: str = "(2)", author: Account | None = None, **said: Any
) -> Annotation:
    """A remark on the section that begins so."""
    edition = queries.current_edition(one.id)
    assert edition is not None
    words = Said(**{"kind": "comment", "body": "Amenda e prea mare.", **said})
    actor = (author or make_resident()).as_actor()
    made = service.annotate(actor, one.id, key_of(edition, beginning), words, clock.now())
    db.session.commit()
    return made


def decide(annotation: Annotation, decision: Decision, code: str = "", reason: str = "") -> Account:
    """A moderator's verdict on a remark; returns the moderator."""
    moderator = make_account("moderator")
    verdict = Verdict(decision, code, reason)
    service.carry_out(moderator.as_actor(), annotation.id, verdict, clock.now())
    db.session.commit()
    return moderator


def word_bytes(*paragraphs: str) -> bytes:
    """A Word file of plain paragraphs."""
    document = docx.Document()
    for words in paragraphs:
        document.add_paragraph(words)
    target = io.BytesIO()
    document.save(target)
    return target.getvalue()


def upload(data: bytes, name: str = "proiect.docx") -> FileStorage:
    """A file as a form sends it."""
    return FileStorage(io.BytesIO(data), filename=name)


def run_tasks() -> int:
    """What the worker does."""
    return tasks.run_waiting(clock.now())

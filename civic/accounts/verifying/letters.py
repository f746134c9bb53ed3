"""Letters with codes: collected into batches, set as one PDF, and marked as sent. Commands flush, never commit.

A code exists in the clear on paper alone. Between printing and sending it is kept sealed, so that a jammed printer
does not cost a batch; once the letters are sent only its keyed hash is left.
"""

import json
import secrets
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from flask import current_app
from flask_babel import force_locale
from flask_babel import gettext as _
from sqlalchemy import func, select

from civic import audit, sealing
from civic.accounts.verifying import rules, service
from civic.accounts.verifying.models import Declaration, LetterBatch
from civic.actor import Actor
from civic.errors import Conflict, NotFound
from civic.extensions import db
from civic.format import day
from civic.places.queries import neighbourhood_names

PURPOSE = "letter code"
#: Letters of one PDF: set in a second or two.
MOST = 100

#: What people wrote arrives as data and is never read as markup.
PAGE = b"""
#let all = json(bytes(sys.inputs.data))
#set document(title: all.title)
#set page(paper: "a4", margin: (x: 25mm, y: 25mm))
#set text(lang: all.lang, size: 12pt)
#for (index, one) in all.letters.enumerate() {
  if index > 0 { pagebreak() }
  text(size: 10pt)[#all.sender]
  v(22mm)
  for line in one.address { text(line); linebreak() }
  v(22mm)
  heading(level: 1, all.title)
  v(4mm)
  par(one.hello)
  par(all.about)
  v(4mm)
  align(center, text(size: 22pt, weight: "bold", font: "DejaVu Sans Mono", one.code))
  v(4mm)
  par(all.how)
  par(all.unasked)
}
"""


def _due() -> Any:
    return (
        Declaration.method == "letter",
        Declaration.confirmed_at.is_(None),
        Declaration.batch_id.is_(None),
        Declaration.sealed.is_not(None),
    )


def count_due() -> int:
    """How many letters wait to be printed."""
    return db.session.scalar(select(func.count()).select_from(Declaration).where(*_due())) or 0


def list_batches() -> Sequence[LetterBatch]:
    """The newest batches first; those of a year and more ago are of no use here."""
    return db.session.scalars(select(LetterBatch).order_by(LetterBatch.id.desc()).limit(50)).all()


def get_batch(batch_id: int) -> LetterBatch:
    """The batch, locked, or NotFound."""
    batch = db.session.get(LetterBatch, batch_id, with_for_update=True)
    if batch is None:
        raise NotFound
    return batch


def make_batch(actor: Actor, now: datetime) -> LetterBatch:
    """Give the oldest requests their codes. Raises Conflict when nobody waits for a letter."""
    waiting = db.session.scalars(
        select(Declaration)
        .where(*_due())
        .order_by(Declaration.id)
        .limit(MOST)
        .with_for_update(skip_locked=True)
    ).all()
    if not waiting:
        raise Conflict(_("No letter waits to be printed."))
    assert actor.id is not None
    batch = LetterBatch(letters=len(waiting), made_at=now, made_by_id=actor.id)
    db.session.add(batch)
    db.session.flush()
    for one in waiting:
        code = "".join(secrets.choice(rules.LETTER_ALPHABET) for _ in range(rules.LETTER_CODE_LENGTH))
        one.batch_id, one.code_tries = batch.id, 0
        one.code_hash, one.code_until = service.code_mark(one, code), now + rules.LETTER_LIFE
        one.sealed_code = sealing.seal(PURPOSE, {"code": code})
    db.session.flush()
    audit.record(actor, "letters.made", "letter_batch", batch.id, now, {"letters": batch.letters})
    return batch


def mark_sent(actor: Actor, batch: LetterBatch, now: datetime) -> None:
    """The letters are in the post: the codes begin to count, and are no longer readable here."""
    if batch.sent_at is not None:
        raise Conflict(_("These letters were already marked as sent."))
    batch.sent_at, batch.sent_by_id = now, actor.id
    for one in _of(batch):
        one.sealed_code = None
        one.code_sent_at, one.code_until = now, now + rules.LETTER_LIFE
    audit.record(actor, "letters.sent", "letter_batch", batch.id, now, {"letters": batch.letters})
    db.session.flush()


def _of(batch: LetterBatch) -> Sequence[Declaration]:
    return db.session.scalars(
        select(Declaration)
        .where(Declaration.batch_id == batch.id, Declaration.confirmed_at.is_(None))
        .order_by(Declaration.id)
    ).all()


def pdf_of(actor: Actor, batch: LetterBatch, now: datetime) -> bytes:
    """One page a letter, in the city's language. Raises Conflict once the letters were sent."""
    if batch.sent_at is not None:
        raise Conflict(_("These letters were sent: their codes can no longer be read."))
    places, city = neighbourhood_names(), current_app.config["SETTINGS"].city
    with force_locale(city.languages[0]):
        letters = [_letter(one, places, city.name) for one in _of(batch) if one.sealed_code]
        data = {
            "lang": city.languages[0],
            "sender": f"{city.authority}, {city.address}",
            "title": _("Your code for voting"),
            "letters": letters,
            "about": _(
                "You asked %(city)s for a letter that confirms your address. This is your code:",
                city=city.platform_name,
            ),
            "how": _(
                "Sign in on %(url)s, open your account, press “Enter the code of the letter” and type it. It works for "
                "30 days, until about %(until)s.",
                url=current_app.config["SETTINGS"].base_url,
                until=day(now + rules.LETTER_LIFE),
            ),
            "unasked": _(
                "If you did not ask for this letter, somebody has written your name on a form: write to %(email)s, and "
                "give the code to nobody.",
                email=city.contact_email,
            ),
        }
    if not letters:
        raise Conflict(_("Nobody of this batch waits for a letter any more."))
    audit.record(actor, "letters.printed", "letter_batch", batch.id, now, {"letters": len(letters)})
    inputs = {"data": json.dumps(data, ensure_ascii=False)}
    import typst

    pdf: bytes = typst.compile(PAGE, format="pdf", pdf_standards=["ua-1"], sys_inputs=inputs)
    return pdf


def _letter(one: Declaration, places: dict[int, str], city: str) -> dict[str, Any]:
    contact = service.contact_of(one)
    assert contact is not None
    code = sealing.unseal(PURPOSE, one.sealed_code or b"")["code"]
    lines = [
        contact.name,
        ", ".join(part for part in (f"{contact.street} {contact.number}", contact.more) if part),
        places.get(one.neighbourhood_id, ""),
        f"{contact.postcode} {city}".strip(),
    ]
    return {
        "address": [line for line in lines if line],
        "hello": _("Hello, %(name)s,", name=contact.name),
        "code": f"{code[:4]}-{code[4:]}",
    }

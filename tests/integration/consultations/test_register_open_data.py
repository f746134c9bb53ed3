"""The register as open data: what everybody may read of it, and the answer that counts."""

from typing import Any

from flask import Flask

from civic.extensions import db
from consultations.contributions.models import Theme
from consultations.contributions.service import Author
from tests.consultations_support import OPENED, make_consultation
from tests.factories import save
from tests.integration.consultations.registerkit import REFUSAL, YES, drafted, make_entry, published, staff

NAMED = Author("Elisabeta Numeroasă", contact="elisabeta@civic.example")


def asked(app: Flask, question: str = "") -> list[dict[str, Any]]:
    """What the open data answer."""
    return list(app.test_client().get(f"/api/v1/contributions{question}").get_json()["data"])


def test_an_entry_is_told_with_its_answer_and_without_its_author(app: Flask, statements: list[str]) -> None:
    one = make_consultation()
    first, common, waiting = (
        make_entry(one, author=NAMED, body=f"Cer {word}.") for word in ("unu", "doi", "trei")
    )
    theme = save(Theme(consultation_id=one.id, title="Umbră", created_at=OPENED))
    common.theme_id = theme.id
    published(first, YES)
    published(theme, REFUSAL)
    drafted(waiting, staff())
    db.session.commit()
    question = f"?consultation_id={one.id}"
    statements.clear()
    told = asked(app, question)
    assert len(statements) == 3
    assert [(item["number"], item["text"], item["theme"], item["outcome"]) for item in told] == [
        (1, "Cer unu.", "", "adopted"), (2, "Cer doi.", "Umbră", "not_adopted"), (3, "Cer trei.", "", ""),
    ]  # fmt: skip
    assert (told[0]["changed_what"], told[0]["answered_by"]) == ("art. 4 alin. (2)", "Șef serviciu")
    assert told[2]["reason"] == "", "what is being written is not public"
    assert [item["number"] for item in asked(app, "?outcome=not_adopted")] == [2]
    text = app.test_client().get("/api/v1/contributions").get_data(as_text=True)
    assert "Numeroasă" not in text
    assert "elisabeta@" not in text


def test_what_is_not_for_everybody_is_not_there(app: Flask) -> None:
    draft, one = make_consultation("draft"), make_consultation()
    personal = make_entry(one, body="Sunați-mă la 0722 123 456, CNP 1800101221144.")
    unannounced = make_entry(make_consultation())
    unannounced.consultation_id = draft.id
    db.session.commit()
    (told,) = asked(app)
    assert (told["id"], told["hidden_for"]) == (personal.id, "personal_data")
    assert "0722" not in str(told)
    assert "1800101221144" not in str(told)

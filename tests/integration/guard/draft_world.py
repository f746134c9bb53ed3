"""Drafts with something private: a text not announced, a remark that waits, and one that was hidden."""

from civic import clock
from civic.extensions import db
from consultations.contributions import service as register
from consultations.contributions.service import Author
from consultations.drafting.models import Annotation, Edition, Section
from consultations.models import Consultation
from tests.factories import save


def make_edition(consultation_id: int, text: str) -> Edition:
    """A published edition of one section, whose number is 1."""
    now = clock.now()
    edition = save(
        Edition(
            consultation_id=consultation_id,
            number=1,
            source="text",
            remarks={},
            note="",
            created_at=now,
            ready_at=now,
            published_at=now,
        )  # fmt: skip
    )
    save(Section(edition_id=edition.id, key=1, position=0, kind="article", text=text))
    return edition


def make_remark(edition: Edition, author_id: int, state: str, text: str) -> int:
    """A remark on the edition's one section; its id."""
    one = db.session.get_one(Consultation, edition.consultation_id)
    entry = register.register(one, "annotation", text, Author("Om", account_id=author_id), clock.now())
    made = Annotation(
        consultation_id=one.id, contribution_id=entry.id, author_id=author_id, kind="comment", body=text,
        state=state, quote="Art", made_id=edition.id, edition_id=edition.id, key=1, start=0, end=3,
        checked_id=edition.id, created_at=clock.now(),
    )  # fmt: skip
    number: int = save(made).id
    return number


def drafts(draft_id: int, open_id: int, owner_id: int, secret: str) -> dict[str, int]:
    """The ids of all of them, by the names they have in the world."""
    make_edition(draft_id, f"Art. 1. {secret}")
    edition = make_edition(open_id, "Art. 1. Text.")
    return {
        "draft_key": 1,
        "annotation_held": make_remark(edition, owner_id, "held", secret),
        "annotation_hidden": make_remark(edition, owner_id, "hidden", secret),
    }

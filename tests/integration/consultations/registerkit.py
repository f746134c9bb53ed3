"""Contributions and answers as tests need them."""

from datetime import datetime
from typing import Any

from civic.accounts.models import Account
from consultations.contributions import answering, service
from consultations.contributions.answering import Words
from consultations.contributions.models import Answer, Contribution, Theme
from consultations.contributions.service import Author
from consultations.models import Consultation
from tests.consultations_support import OPENED, make_consultation
from tests.factories import make_account, save

TEXT = "Vă rog să lărgiți trotuarul din dreptul școlii, copiii merg pe carosabil."
REFUSAL = Words(
    "not_adopted", "Trotuarul nu ține de acest proiect, ci de programul de străzi.",
    author_function="Șef serviciu, Direcția de mobilitate",
)  # fmt: skip
YES = Words(
    "adopted", "Da.", place="art. 4 alin. (2)", link="https://civic.example/p", author_function="Șef serviciu"
)


def make_entry(one: Consultation | None = None, now: datetime = OPENED, **values: Any) -> Contribution:
    """A contribution of somebody without an account, by the form."""
    author = values.pop("author", Author("Ana Popescu", contact="ana@civic.example"))
    body, channel = values.pop("body", TEXT), values.pop("channel", "form")
    return save(service.register(one or make_consultation(), channel, body, author, now, **values))


def staff() -> Account:
    """Somebody of the council staff."""
    return make_account("staff")


def drafted(
    target: Contribution | Theme, by: Account, words: Words = REFUSAL, now: datetime = OPENED
) -> Answer:
    """An answer sent to the signature."""
    answer = answering.save(by.as_actor(), target, words, 0, now)
    return save(answering.submit(by.as_actor(), answer.id, answer.version, now))


def published(
    target: Contribution | Theme, words: Words = REFUSAL, now: datetime = OPENED, by: Account | None = None,
    signer: Account | None = None,
) -> Answer:  # fmt: skip
    """An answer one person wrote and another signed."""
    answer = drafted(target, by or staff(), words, now)
    return save(answering.sign((signer or staff()).as_actor(), answer.id, answer.version, now))

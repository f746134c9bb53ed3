"""Questionnaires as tests need them: written, published, answered by many, let through and counted."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from civic.accounts.models import Account
from civic.actor import Actor, Role
from civic.extensions import db
from consultations.models import Consultation
from consultations.questionnaires import answering, drafts, jobs, service
from consultations.questionnaires.definition import Condition, Definition, Item, Option, Page, Words
from consultations.questionnaires.models import Questionnaire
from consultations.questionnaires.service import Settings
from tests.consultations_support import make_consultation
from tests.factories import make_resident

STAFF = Actor(id=1, display_name="Simona", roles=frozenset({Role.STAFF}))
SECRET = "Doar eu am scris asta"


def options(*texts: str, letter: str = "o") -> tuple[Option, ...]:
    """Options o1, o2 …"""
    return tuple(Option(f"{letter}{at}", Words(text)) for at, text in enumerate(texts, 1))


def every_kind(files: bool = True) -> Definition:
    """Two pages with every kind of item, a branch on the first and one to the third page."""
    kinds: list[Item] = [
        Item("i1", "information", Words("Citește **întâi** asta.")),
        Item(
            "i2",
            "single",
            Words("Ești de acord cu parcul?"),
            required=True,
            options=options("Da", "Nu"),
            other=True,
        ),
        Item("i3", "long_text", Words("De ce nu?"), condition=Condition("i2", ("o2",))),
        Item(
            "i4",
            "multiple",
            Words("Ce folosești?"),
            options=options("Metrou", "Tramvai", "Bicicletă"),
            most=2,
        ),
    ]
    second: list[Item] = [
        Item("i5", "matrix", Words("Cât de bine e?"), options=options("Parcul", "Strada"),
             scale=options("Rău", "Bine", letter="s")),
        Item("i6", "ranking", Words("Ce contează?"), options=options("Umbră", "Bănci", "Lumină")),
        Item("i7", "split", Words("Cum împarți?"), options=options("Umbră", "Bănci"), total=100),
        Item("i8", "number", Words("Câți sunteți în casă?"), least=1, most=20, unit=Words("persoane")),
        Item("i9", "short_text", Words("Ce stradă?")),
        Item("i10", "date", Words("De când locuiești aici?")),
        Item("i11", "place", Words("Unde lipsește ceva?")),
    ]  # fmt: skip
    if files:
        second.append(Item("i12", "file", Words("O poză?")))
    last = Item("i13", "long_text", Words("Ce ai schimba?"))
    return Definition(
        (
            Page("p1", Words("Părerea ta"), tuple(kinds)),
            Page("p2", Words("Mai multe"), tuple(second)),
            Page("p3", Words("Doar pentru cine vrea altceva"), (last,), Condition("i2", ("other",))),
        )
    )


def make_questionnaire(
    now: datetime, *, definition: Definition | None = None, published: bool = True,
    consultation: Consultation | None = None, **settings: Any,
) -> Questionnaire:  # fmt: skip
    """A questionnaire of an open consultation; published unless told."""
    consultation = consultation or make_consultation("open", now)
    values = {"title": "Parcul Plumbuita", "access": "verified", **settings}
    made = service.create(
        STAFF, consultation, Settings(**values), definition or every_kind(values["access"] != "anyone"), now
    )
    if published:
        service.publish(STAFF, made, now)
    db.session.commit()
    return made


def raw_of(choice: str = "o1", **more: Sequence[str]) -> dict[str, list[str]]:
    """What somebody types who chooses an option of the first question."""
    return {"i2": [choice], **{name.replace("_", "-"): list(value) for name, value in more.items()}}


def answer(one: Questionnaire, account: Account, raw: dict[str, list[str]], now: datetime) -> None:
    """The answers of somebody with an account, sent."""
    actor = account.as_actor()
    sitting = drafts.sitting_of(one, actor, None)
    assert sitting is not None
    checked = answering.send(actor, one, sitting, raw, one.version, now)
    assert not checked.problems, checked.problems
    db.session.commit()


def crowd(
    one: Questionnaire, number: int, now: datetime, choices: Sequence[str] = ("o1", "o2")
) -> list[Account]:
    """So many residents who answer in turn."""
    people = [make_resident() for _number in range(number)]
    for at, account in enumerate(people):
        answer(one, account, raw_of(choices[at % len(choices)]), now)
    return people


def work(now: datetime) -> int:
    """What the job does: let through, count."""
    done = jobs.work(now)
    db.session.expire_all()
    return done

"""A city of the size the figures are stated for: 5,000 proposals, one with 300 comments, 100,000 on the roll."""

import random
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from flask import Flask
from sqlalchemy import insert

from civic import clock
from civic.accounts.models import Account, Person
from civic.actor import SYSTEM
from civic.extensions import db
from civic.places.models import Category, Neighbourhood
from civic.rounds.models import BallotGroup, Phase, Pot, Round
from civic.text import fold, romanian_sort_key
from civic.unit_of_work import unit_of_work
from proposals.comments.models import Comment
from proposals.models import Proposal
from voting import opening
from voting.models import Project

PROPOSALS, COMMENTS, VOTERS, PROJECTS = 5_000, 300, 100_000, 80
#: Of those on the roll.
VOTING_ACCOUNTS = 4_000
CHOICES = 5
WORDS = [
    "umbră",
    "bănci",
    "școală",
    "parc",
    "stradă",
    "trotuar",
    "copii",
    "biciclete",
    "iluminat",
    "grădină",
    "arbori",
    "piață",
    "stație",
    "locuri",
    "joacă",
    "treceri",
    "pietoni",
    "curte",
    "bloc",
    "alee",
    "lac",
    "sport",
    "apă",
    "zi",
    "noapte",
    "vecini",
]


@dataclass(frozen=True)
class City:
    """What the measurements need to know of the city."""

    proposal_id: int
    round_id: int
    slug: str
    account_ids: list[int]
    codes: list[str]


def _sentence(rng: random.Random, words: int) -> str:
    return " ".join(rng.choices(WORDS, k=words)).capitalize()


def build(app: Flask, seed: int) -> City:
    """Fill an empty database; the same seed gives the same city."""
    rng = random.Random(seed)
    now = clock.now()
    with app.app_context():
        with unit_of_work():
            areas, categories = make_places(rng)
            author = make_accounts(1, "autor", [None])[0]
            proposal_id = _proposals(rng, areas, categories, author)
        with unit_of_work():
            people = make_people(areas, VOTERS)
            accounts = make_accounts(VOTING_ACCOUNTS, "votant", people[:VOTING_ACCOUNTS])
            round_ = _round(rng, areas, categories)
            round_id, slug = round_.id, round_.slug
        with unit_of_work():
            opening.open_round(SYSTEM, round_id, now)
        db.session.execute(db.text("ANALYZE"))
        db.session.commit()
        return City(
            proposal_id, round_id, slug, accounts, [f"P{number}" for number in range(1, PROJECTS + 1)]
        )


def make_places(rng: random.Random) -> tuple[list[int], list[int]]:
    """Neighbourhoods and categories; their ids."""
    ring = [[26.1, 44.4], [26.2, 44.4], [26.2, 44.5], [26.1, 44.5]]
    areas = [
        Neighbourhood(
            slug=f"n{i}", name=f"Cartierul {i}", sort_key=romanian_sort_key(f"Cartierul {i}"), vulnerable=False,
            latitude=44.45 + rng.random() / 50, longitude=26.12 + rng.random() / 50, shape=[ring],
        )
        for i in range(20)
    ]  # fmt: skip
    categories = [
        Category(
            slug=f"c{i}",
            name_ro=f"Domeniul {i}",
            name_en=f"Domain {i}",
            icon="tree",
            tint="green",
            position=i,
        )
        for i in range(8)
    ]
    db.session.add_all([*areas, *categories])
    db.session.flush()
    return [area.id for area in areas], [category.id for category in categories]


def make_people(areas: list[int], count: int) -> list[int | None]:
    """So many verified people; their ids."""
    rows = [
        {
            "identity_hash": number.to_bytes(32, "big"), "birth_date": date(1980, 1, 1), "method": "desk",
            "neighbourhood_id": areas[number % len(areas)], "area_basis": "domicile", "verified_at": clock.now(),
        }
        for number in range(1, count + 1)
    ]  # fmt: skip
    return list(db.session.scalars(insert(Person).returning(Person.id), rows))


def make_accounts(count: int, name: str, people: list[int | None]) -> list[int]:
    """Accounts in bulk, of these people; their ids."""
    rows = [
        {
            "email": f"{name}{number}@civic.example", "password_hash": "-", "display_name": f"{name} {number}",
            "locale": "ro", "created_at": clock.now(), "email_confirmed_at": clock.now(), "session_epoch": 0,
            "person_id": people[number],
        }
        for number in range(count)
    ]  # fmt: skip
    return list(db.session.scalars(insert(Account).returning(Account.id), rows))


def _proposals(rng: random.Random, areas: list[int], categories: list[int], author: int) -> int:
    now = clock.now()
    rows = []
    for number in range(PROPOSALS):
        title = _sentence(rng, 6)
        at = now - timedelta(minutes=number)
        rows.append(
            {
                "author_id": author, "title": title, "problem": _sentence(rng, 40), "idea": _sentence(rng, 60),
                "neighbourhood_id": rng.choice(areas), "category_id": rng.choice(categories),
                "estimated_cost": Decimal(rng.randrange(50_000, 500_000)), "cost_text": "", "place": "", "state": "published",
                "author_label": "", "state_since": at, "created_at": at, "updated_at": at, "submitted_at": at,
                "published_at": at, "version": 1, "editor": "", "search_text": fold(title),
            }
        )  # fmt: skip
    ids = list(db.session.scalars(insert(Proposal).returning(Proposal.id), rows))
    db.session.execute(
        insert(Comment),
        [
            {"proposal_id": ids[0], "author_id": author, "body": _sentence(rng, 30), "state": "visible",
             "created_at": now - timedelta(minutes=COMMENTS - number)}
            for number in range(COMMENTS)
        ],
    )  # fmt: skip
    return ids[0]


def _round(rng: random.Random, areas: list[int], categories: list[int]) -> Round:
    now = clock.now()
    round_ = Round(
        slug="bench", name="Ediția de probă", kind="city", currency="RON", summary="", regulation="",
        regulation_decision="", area_basis="any", late_registration=True, counting_rule={},
        publication_mode="inclusion_only", created_at=now, published_at=now, adopted_by="",
    )  # fmt: skip
    round_.phases = [
        Phase(kind="voting", starts_at=now - timedelta(hours=1), ends_at=now + timedelta(days=3))
    ]
    round_.pots = [Pot(name="Oraș", amount=Decimal(3_000_000), position=0)]
    round_.groups = [
        BallotGroup(name="Toate", ballot_kind="approval", min_choices=0, max_choices=10, position=0)
    ]
    db.session.add(round_)
    db.session.flush()
    for number in range(1, PROJECTS + 1):
        db.session.add(
            Project(
                round_id=round_.id, pot_id=round_.pots[0].id, group_id=round_.groups[0].id, code=f"P{number}",
                title=_sentence(rng, 6), summary=_sentence(rng, 25), cost=Decimal(rng.randrange(50_000, 500_000)),
                withdrawn=False, neighbourhood_id=rng.choice(areas), category_id=rng.choice(categories),
            )
        )  # fmt: skip
    db.session.flush()
    return round_

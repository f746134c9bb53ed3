"""What was seen on the spot of works that are done, and how the money of one went: photos drawn here, words made up."""

import io
from datetime import datetime
from decimal import Decimal

from PIL import Image, ImageDraw
from sqlalchemy import select
from werkzeug.datastructures import FileStorage

from civic.actor import Actor
from civic.demo.world import STAFF, World
from civic.extensions import db
from civic.files.service import store_upload
from civic.tracker import service as tracker
from civic.tracker.checks import service as checks
from civic.tracker.checks.models import DeliveryCheck
from civic.tracker.funds import service as funds
from civic.tracker.models import Delivery

FINISHED = "Microparc pe un colț uitat din Strada Olari"
DISPUTED = "Șase stații cu umbră pe Șoseaua Colentina"
PAID = "Loc de joacă pentru toate vârstele în Parcul Morarilor"
SKY, EARTH, GRASS, WOOD, LEAF, STONE = "#cfe6f2", "#b79b78", "#8fb573", "#8a5a33", "#4f8a4c", "#9a9a94"


def _find(title: str) -> Delivery | None:
    """The work of that title; none in a small city whose voters chose otherwise."""
    return db.session.scalars(select(Delivery).where(Delivery.title == title)).first()


def drawing(done: bool) -> FileStorage:
    """A corner of a street as a picture: bare earth and rubble before, a bench under a tree after."""
    picture = Image.new("RGB", (960, 640), SKY)
    pen = ImageDraw.Draw(picture)
    pen.rectangle((0, 400, 960, 640), fill=GRASS if done else EARTH)
    pen.rectangle((560, 120, 960, 400), fill="#e4d5c3")
    for at in (620, 740, 860):
        pen.rectangle((at, 180, at + 50, 260), fill="#7d8fa0")
    if done:
        pen.rectangle((170, 240, 195, 440), fill=WOOD)
        pen.ellipse((70, 90, 300, 300), fill=LEAF)
        pen.rectangle((330, 470, 640, 490), fill=WOOD)
        pen.rectangle((330, 410, 640, 430), fill=WOOD)
        for at in (350, 600):
            pen.rectangle((at, 400, at + 16, 550), fill=STONE)
    else:
        for at, size in ((140, 60), (260, 40), (420, 80), (560, 50), (700, 70)):
            pen.ellipse((at, 500 - size // 2, at + size, 500 + size // 2), fill=STONE)
    out = io.BytesIO()
    picture.save(out, "JPEG", quality=85)
    return FileStorage(io.BytesIO(out.getvalue()), "desen.jpg")


def load_works(world: World) -> None:
    """Photos before and after, confirmations, one dispute answered and one that waits, and money step by step; once."""
    if db.session.scalar(select(DeliveryCheck.id).limit(1)) is not None:
        return
    staff = world.person(STAFF)
    seen = [person for person in world.people.values() if person.is_verified and not person.roles][:4]
    finished, disputed, paid = (_find(title) for title in (FINISHED, DISPUTED, PAID))
    if finished is not None:
        _photos(staff, finished, world.days.moment(-130, 12))
        _answered(world, staff, finished, seen)
    if disputed is not None:
        words = "La două stații umbra a fost smulsă de vânt."
        checks.say(seen[3], disputed.id, False, words, None, world.days.moment(-6, 9))
    if paid is not None:
        _money(world, staff, paid)


def _answered(world: World, staff: Actor, work: Delivery, seen: list[Actor]) -> None:
    """Two who confirm, one who disputes, and what the department answered."""
    said = world.days.moment(-60, 18)
    for person in seen[:2]:
        checks.say(person, work.id, True, "Am stat pe bancă. E bine făcut.", None, said)
    checks.say(seen[2], work.id, False, "Coșul de gunoi din proiect lipsește.", None, said)
    answered = world.days.moment(-50, 11)
    words = "Coșul vine odată cu cele din cartier, în luna următoare; restul e gata."
    checks.answer(staff, work.id, "explained", words, None, answered)


def _photos(staff: Actor, work: Delivery, now: datetime) -> None:
    for stage, alt, words in (
        ("before", "Desen: un colț de stradă cu pământ gol și pietre", "Așa era locul înainte."),
        (
            "after",
            "Desen: același colț, cu iarbă, un copac și o bancă",
            "Așa arată acum: bancă, copac și iarbă.",
        ),
    ):
        stored = store_upload(drawing(stage == "after"), "image", staff, now, alt=alt)
        tracker.add_update(staff, work.id, words, [stored.id], now, stage)


def _money(world: World, staff: Actor, work: Delivery) -> None:
    """A budget revised once, a contract, two payments, and some money that came back."""
    days = world.days
    now = days.moment(-140, 13)
    amount = (work.budget or Decimal(0)) + Decimal(25_000)
    reason = "Licitația a dus la un preț mai mare pentru pardoseala moale."
    funds.revise_budget(staff, work.id, days.date(-140), amount, None, "HCL 58 (demonstrativă)", reason, now)
    funds.record_contracted(staff, work.id, Decimal("441000.00"), now)
    for day, sum_, recovered, why in (
        (-120, "120000.00", False, "Prima tranșă: terasamente și fundații"),
        (-60, "80000.00", False, "A doua tranșă: echipamente"),
        (-30, "1700.00", True, "Lucrare plătită de două ori, găsită la control"),
    ):
        funds.add_payment(staff, work.id, days.date(day), Decimal(sum_), recovered, "OP demonstrativ", why,
                          days.moment(day, 14))  # fmt: skip

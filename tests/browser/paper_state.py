"""A demo city's paper ballots in every state a page shows: a batch open, one being keyed, one with a sample to compare."""

from datetime import datetime

from sqlalchemy import select

from civic.accounts.models import Account
from civic.extensions import db
from civic.rounds.models import Round
from tests.factories import make_account
from voting import round_queries
from voting.paper import printing, rules, service
from voting.paper.models import PaperBallot, PaperBatch, PaperSample

DICE = "16253416253416253416"


def stage(now: datetime) -> None:
    """Print sheets for the edition that is voted on, and bring three batches to where their pages have most to show."""
    round_ = db.session.scalars(select(Round).where(Round.slug == "2026")).one()
    staff = (
        db.session.scalars(select(Account).where(Account.email == "simona@civic.example")).one().as_actor()
    )
    first, second = (make_account("clerk", email=f"tastator{at}@civic.example").as_actor() for at in (1, 2))
    plan = round_queries.plan_of(round_)
    assert plan is not None
    kind = printing.list_kinds(plan)[0]
    run = printing.order_run(staff, round_, plan, kind, 40, "ro", now)
    service.open_batch(staff, round_, plan, "Primărie, ghișeul 2", "Str. Chiristigiilor 11-13, hol", now)
    number = rules.numbers_of(plan)[kind.codes[0]]
    for label, at in (("Școala 5, ziua întâi", 0), ("Biblioteca din cartier", 20)):
        batch = service.open_batch(staff, round_, plan, label, "", now)
        service.shut_batch(staff, round_, batch, now)
        count = 3 if at == 0 else 2
        service.count_urn(staff, round_, batch, (count, 0, 0), "", now)
        for serial in range(run.first_serial + at, run.first_serial + at + count):
            service.key_sheet(first, round_, batch, serial, rules.Entry({number: 1}))
            if at and serial:
                service.key_sheet(second, round_, batch, serial, rules.Entry({number: 1}))
        if at == 0:
            service.key_sheet(second, round_, batch, run.first_serial, rules.Entry())
        else:
            service.draw_sample(staff, round_, batch, DICE, 99, now)
    _of_the_past(staff.id or 0, second.id or 0, now)


def _of_the_past(first: int, second: int, now: datetime) -> None:
    """What the edition that is over publishes of its paper."""
    round_ = db.session.scalars(select(Round).where(Round.slug == "2025")).one()
    batch = PaperBatch(
        round_id=round_.id, label="Primărie, ghișeul 2", place="Str. Chiristigiilor 11-13, hol", opened_by_id=first,
        opened_at=now, shut_by_id=first, shut_at=now, marks=42, returned=40, spoilt=1, not_returned=1,
        minutes="O foaie a fost dată înapoi ruptă, una nu s-a întors.", accepted_by_id=second, accepted_at=now,
        counted=38, blank=1, rejected=1,
    )  # fmt: skip
    db.session.add(batch)
    db.session.flush()
    group = round_.groups[0].id
    for serial, verdict, lines in (
        (7, "rejected", [{"group": None, "reason": "unreadable"}]),
        (19, "counted", [{"group": group, "reason": "too_many"}]),
    ):
        db.session.add(
            PaperBallot(
                round_id=round_.id,
                serial=serial,
                batch_id=batch.id,
                first_by_id=first,
                second_by_id=second,
                verdict=verdict,
                lines=lines,
            )  # fmt: skip
        )
    for dice, different in ((DICE, [23]), (DICE[::-1], [])):
        db.session.add(
            PaperSample(
                batch_id=batch.id,
                dice=dice,
                population=40,
                serials=list(range(1, 41)),
                drawn_by_id=first,
                drawn_at=now,
                compared_by_id=second,
                compared_at=now,
                different=different,
            )  # fmt: skip
        )
    db.session.flush()

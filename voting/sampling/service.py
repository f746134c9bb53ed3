"""Commands and questions of samples. Commands flush, never commit. Nothing here knows who voted."""

import secrets
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from flask_babel import gettext as _
from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError

from civic import audit
from civic.accounts.models import Account, Person
from civic.accounts.verifying import service as verifying
from civic.accounts.verifying.models import Declaration
from civic.actor import Actor
from civic.errors import Conflict, Invalid, NotFound
from civic.extensions import db
from civic.rounds.models import Round
from civic.text import clean_line
from voting.models import RollEntry
from voting.sampling import rules
from voting.sampling.models import DeclarationSample, SampleCase

MOST = 1000
PER_PAGE = 25


@dataclass(frozen=True)
class Figures:
    """What a sample has shown so far. `at_most`: the share of wrong declarations, with 95 % confidence."""

    sample: DeclarationSample
    confirmed: int
    not_found: int
    false: int

    @property
    def checked(self) -> int:
        """Cases with an outcome."""
        return self.confirmed + self.not_found + self.false

    @property
    def at_most(self) -> float:
        """Whoever was not found counts as wrong here: the cautious reading."""
        return rules.share_at_most(self.checked, self.not_found + self.false)


def list_declared(round_id: int) -> Sequence[int]:
    """The people on the roll who were verified by declaration, by id."""
    return db.session.scalars(
        select(RollEntry.voter_id)
        .join(Person, Person.id == RollEntry.voter_id)
        .where(RollEntry.round_id == round_id, Person.method == "declaration")
        .order_by(RollEntry.voter_id)
    ).all()


def find_sample(round_id: int) -> DeclarationSample | None:
    """The round's sample, once it was drawn."""
    return db.session.scalar(select(DeclarationSample).where(DeclarationSample.round_id == round_id))


def draw(actor: Actor, round_: Round, size: int, seed: str, now: datetime) -> DeclarationSample:
    """Draw the sample, once. Without a seed from a public draw one is made by chance; it is recorded either way.

    Raises Invalid for a size that cannot be, Conflict when the sample is drawn or the round is closed.
    """
    if round_.frozen_at is None:
        raise Conflict(_("There is no list of participants yet: prepare the vote first."))
    if round_.closed_at is not None:
        raise Conflict(_("The vote is closed: nobody can be struck from its list any more."))
    people = list_declared(round_.id)
    if not 1 <= size <= min(len(people), MOST):
        raise Invalid(_("Choose a number from 1 to %(most)s.", most=min(len(people), MOST)))
    sample = DeclarationSample(
        round_id=round_.id,
        seed=clean_line(seed)[:200] or secrets.token_hex(16),
        size=size,
        population=len(people),
        drawn_at=now,
        drawn_by_id=actor.id,
    )
    try:
        with db.session.begin_nested():
            db.session.add(sample)
    except IntegrityError as error:
        raise Conflict(_("The sample is already drawn.")) from error
    for position, voter_id in enumerate(rules.drawn(sample.seed, people, size), start=1):
        db.session.add(SampleCase(sample_id=sample.id, voter_id=voter_id, position=position))
    db.session.flush()
    details = {"seed": sample.seed, "size": size, "population": len(people)}
    audit.record(actor, "sample.drawn", "round", round_.id, now, details)
    return sample


def figures_of(sample: DeclarationSample) -> Figures:
    """How many were checked and what was found."""
    found = Counter(db.session.scalars(select(SampleCase.outcome).where(SampleCase.sample_id == sample.id)))
    return Figures(sample, found["confirmed"], found["not_found"], found["false"])


def find_figures(round_id: int) -> Figures | None:
    """For the result page: what the sample showed, if one was drawn."""
    sample = find_sample(round_id)
    return figures_of(sample) if sample else None


def list_false(sample: DeclarationSample) -> Sequence[int]:
    """The people whose declaration was found to be false."""
    return db.session.scalars(
        select(SampleCase.voter_id)
        .where(SampleCase.sample_id == sample.id, SampleCase.outcome == "false")
        .order_by(SampleCase.position)
    ).all()


@dataclass(frozen=True)
class Work:
    """A case as the clerk works on it: of which vote, who declared what, as long as it is kept."""

    round: Round
    case: SampleCase
    account: Account | None
    contact: verifying.Contact | None


def list_work(page: int) -> tuple[list[Work], int]:
    """A page of the cases of votes that are not closed, those without an outcome first in the order of the draw; and
    how many there are."""
    open_cases = (
        select(Round, SampleCase, Account)
        .join(DeclarationSample, DeclarationSample.round_id == Round.id)
        .join(SampleCase, SampleCase.sample_id == DeclarationSample.id)
        .outerjoin(Account, Account.person_id == SampleCase.voter_id)
        .where(Round.closed_at.is_(None))
    )
    total = db.session.scalar(select(func.count()).select_from(open_cases.subquery())) or 0
    rows = db.session.execute(
        open_cases.order_by(SampleCase.outcome.is_not(None), SampleCase.sample_id, SampleCase.position)
        .limit(PER_PAGE)
        .offset((page - 1) * PER_PAGE)
    ).all()
    waiting = [row[1].voter_id for row in rows if row[1].outcome is None]
    declared = {
        one.person_id: one
        for one in db.session.scalars(
            select(Declaration)
            .where(Declaration.person_id.in_(waiting), Declaration.sealed.is_not(None))
            .order_by(Declaration.id)
        )
    }
    return [
        Work(
            row[0],
            row[1],
            row[2],
            verifying.contact_of(declared[row[1].voter_id]) if row[1].voter_id in declared else None,
        )
        for row in rows
    ], total


def decide(actor: Actor, sample_id: int, voter_id: int, outcome: str, now: datetime) -> None:
    """Note what the clerk found; a mistake is corrected by saying it again, until the vote is closed."""
    if outcome not in rules.OUTCOMES:
        raise Invalid(_("Choose what you found."))
    case = db.session.get(SampleCase, (sample_id, voter_id), with_for_update=True)
    if case is None:
        raise NotFound
    sample = db.session.get_one(DeclarationSample, sample_id)
    if db.session.get_one(Round, sample.round_id).closed_at is not None:
        raise Conflict(_("The vote is closed: nobody can be struck from its list any more."))
    if actor.person_id == voter_id:
        raise Conflict(_("A colleague has to check your own declaration."))
    case.outcome, case.decided_at, case.decided_by_id = outcome, now, actor.id
    details = {"person": voter_id, "outcome": outcome}
    audit.record(actor, "sample.decided", "round", sample.round_id, now, details)
    db.session.flush()

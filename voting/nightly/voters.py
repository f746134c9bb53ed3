"""Who of the roll has a row in the box, while the key that tells exists: in memory, for one night's work alone."""

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import date
from typing import NamedTuple

from sqlalchemy import Connection, text

from civic.accounts.verifying.methods import proof_of
from voting import keys
from voting.nightly.batches import Night, Row
from voting.nightly.figures import NOWHERE, Cell, Counts


class Voter(NamedTuple):
    """Somebody on the roll: what turnout is told by, where they are written to, and their row of the box."""

    area: int | None
    born: date | None
    proof: str
    email: str | None
    locale: str | None
    channel: str | None
    leaf: bytes | None


def read_voters(connection: Connection, night: Night, rows: Sequence[Row]) -> list[Voter]:
    """The roll, with the row of the box of those who have one. Raises KeysMissing where the round's keys are not."""
    round_keys = keys.load_round_keys(night.settings, night.round_id)
    box = {row.nym: row for row in rows if row.nym is not None}
    people = connection.execute(
        text(
            "SELECT e.voter_id, e.area_id, p.birth_date, p.method, p.confirmed_by, a.email, a.locale"
            " FROM roll_entry e JOIN person p ON p.id = e.voter_id LEFT JOIN account a ON a.person_id = p.id"
            " AND a.email_confirmed_at IS NOT NULL AND a.disabled_at IS NULL WHERE e.round_id = :id"
        ),
        {"id": night.round_id},
    )
    voters = []
    for voter_id, area, born, method, confirmed_by, email, locale in people:
        row = box.get(round_keys.nym(night.round_id, voter_id))
        channel, leaf = (row.channel, row.leaf) if row is not None else (None, None)
        proof = proof_of(method, confirmed_by)
        voters.append(Voter(area, born, proof, email, locale, channel, leaf))
    return voters


def count(voters: Iterable[Voter]) -> Counts:
    """The turnout by neighbourhood, by way of voting, and by way of being verified."""
    rolls: Counter[tuple[str, str]] = Counter()
    voted: Counter[tuple[str, str]] = Counter()
    for voter in voters:
        cells = [
            ("all", ""),
            ("areas", NOWHERE if voter.area is None else str(voter.area)),
            ("proofs", voter.proof),
        ]
        rolls.update(cells)
        if voter.channel is not None:
            voted.update([*cells, ("channels", voter.channel)])
    everybody = rolls["all", ""]
    tables = {
        name: {cell: Cell(rolls[table, cell], voted[table, cell]) for table, cell in rolls if table == name}
        for name in ("areas", "proofs")
    }
    channels = {
        cell: Cell(everybody, number) for (table, cell), number in voted.items() if table == "channels"
    }
    return Counts(Cell(everybody, voted["all", ""]), {**tables, "channels": channels})


def births(voters: Iterable[Voter], chosen: Iterable[Voter]) -> list[tuple[date, int, int]]:
    """(birth date, how many on the roll, how many of the chosen)."""
    roll = Counter(voter.born for voter in voters)
    among = Counter(voter.born for voter in chosen)
    return [(born, number, among[born]) for born, number in roll.items() if born is not None]

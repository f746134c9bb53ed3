"""What a night tells the world: its checkpoint to the witnesses, by mail, in the transaction that signed it."""

from collections.abc import Sequence
from typing import Any

from flask_babel import force_locale
from flask_babel import gettext as _
from sqlalchemy import Connection, select
from sqlalchemy.dialects.postgresql import insert

from civic.notifications import compose
from civic.outbox import OutboxMessage
from civic.rounds.models import Round
from voting.nightly.batches import Batch, Night, Row
from voting.nightly.models import Witness


def publish(connection: Connection, night: Night, rows: Sequence[Row], batch: Batch | None) -> dict[str, Any]:
    """Queue the night's messages. Returns the figures that are kept with the night."""
    if batch is not None:
        _tell_witnesses(connection, night, batch)
    return {}


def _tell_witnesses(connection: Connection, night: Night, batch: Batch) -> None:
    slug, name = connection.execute(select(Round.slug, Round.name).where(Round.id == night.round_id)).one()
    page = compose.address_of("nightly.checkpoints", slug=slug)
    language = night.settings.city.languages[0]
    witnesses = connection.execute(
        select(Witness.id, Witness.name, Witness.address).where(Witness.round_id == night.round_id)
    ).all()
    letters = []
    for witness, called, address in witnesses:
        with force_locale(language):
            body = compose.letter(
                called,
                _("This is a checkpoint of the vote %(round)s: how many ballots and voids its log holds, and their "
                  "fingerprint, signed with the city's key. Keep it exactly as it is.", round=name),
                batch.note.rstrip("\n"),
                _("Nobody can later drop or change a ballot of this log without this fingerprint becoming another. "
                  "Compare it with the one everybody is shown:\n%(page)s", page=page),
            )  # fmt: skip
            subject = _("Checkpoint %(size)s of the vote %(round)s", size=batch.size, round=name)
        letters.append((address, subject, body, f"checkpoint:{night.round_id}:{batch.size}:{witness}"))
    if letters:
        connection.execute(
            insert(OutboxMessage.__table__).on_conflict_do_nothing(constraint="uq_outbox_message_dedup_key"),  # type: ignore[arg-type]
            [
                {
                    "address": address,
                    "subject": subject,
                    "body": body,
                    "created_at": night.now,
                    "due_at": night.now,
                    "attempts": 0,
                    "dedup_key": key,
                }
                for address, subject, body, key in letters
            ],
        )

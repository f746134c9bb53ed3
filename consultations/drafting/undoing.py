"""What moderators' decisions change of an annotation and of its entry in the register: read, put back, redacted."""

from datetime import datetime
from typing import Any

from civic import audit
from civic.actor import Actor
from civic.extensions import db
from civic.moderation import service as moderation
from civic.moderation import snapshots
from civic.moderation.subjects import Verdict
from consultations.contributions import keeping
from consultations.contributions import queries as contributions
from consultations.drafting import queries
from consultations.drafting.service import KIND, path_of

#: Values of the entry in the register stand beside the annotation's own under this.
ENTRY = "entry."
OWN = ("state", "body", "replacement")


def snapshot(annotation_id: int) -> dict[str, Any]:
    """All that a decision may change, both rows locked."""
    one = queries.get_annotation(annotation_id, lock=True)
    entry = contributions.get_contribution(one.contribution_id, lock=True)
    own = snapshots.read(one, OWN)
    return {**own, **{f"{ENTRY}{name}": value for name, value in keeping.kept_values(entry).items()}}


def put_back(actor: Actor, annotation_id: int, values: dict[str, Any], reason: str, now: datetime) -> None:
    """Set what a decision changed as it was before."""
    one = queries.get_annotation(annotation_id, lock=True)
    snapshots.write(one, values, OWN)
    of_entry = {name.removeprefix(ENTRY): value for name, value in values.items() if name.startswith(ENTRY)}
    if of_entry:
        keeping.set_values(contributions.get_contribution(one.contribution_id, lock=True), of_entry)
    db.session.flush()
    audit.record(actor, "annotation.decision_undone", KIND, one.id, now, {"to": one.state})


def waits(annotation_id: int) -> bool:
    """Whether it is public only once a moderator has read it."""
    return queries.get_annotation(annotation_id).state == "held"


def redact(actor: Actor, annotation_id: int, texts: dict[str, str], verdict: Verdict, now: datetime) -> None:
    """Replace the words by those without personal data, beside the draft and in the register."""
    one = queries.get_annotation(annotation_id, lock=True)
    entry = contributions.get_contribution(one.contribution_id, lock=True)
    for name, text in texts.items():
        keeping.replace_words(entry, getattr(one, name), text)
        setattr(one, name, text)
    db.session.flush()
    audit.record(actor, "annotation.redacted", KIND, one.id, now, {"texts": sorted(texts)})
    moderation.tell_about_redacted(
        one.author_id, verdict.reason, path_of(one), now, reason_code=verdict.reason_code
    )

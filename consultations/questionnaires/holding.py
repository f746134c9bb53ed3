"""Words of answers that are read before they are shown: by what the words show, never by who wrote them.

Whose account sent them, from which device and when is not asked, so that nothing joins answers and people: an answer held
because its author is new would say that its author is. What waits is sealed as hidden words are, under the time at which
the questionnaire was made, which says nothing. Moderators get one case for all that waits in a questionnaire; what comes
while it is open waits for the next, so that nobody decides about words nobody has read.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import insert, update

from civic import sealing
from civic.extensions import db
from civic.moderation import service as moderation
from civic.moderation.gate import service as gate
from civic.moderation.gate.rules import Why
from civic.moderation.queries import find_open_case
from civic.moderation.rules import Clock
from civic.moderation.rules import Why as CaseWhy
from consultations.questionnaires import policy
from consultations.questionnaires.definition import Item
from consultations.questionnaires.models import Hidden, Questionnaire

#: What the gate and the moderators call the answers in words of one questionnaire.
KIND = SPACE = "survey_texts"
SEAL = "questionnaire hidden text"
#: What stands with words that wait: in the open case, or for the next one.
HELD, QUEUED = "held", "queued"
WAITING = (HELD, QUEUED)
#: In the place of a reason, which there is none of yet.
NOT_READ = "-"


def words_of(answer: Mapping[str, Any]) -> tuple[str, str] | None:
    """The field and the words of an answer in words; None for the others."""
    name = next((part for part in ("text", "other") if answer.get(part)), None)
    return (name, str(answer[name])) if name else None


def why_waits(one: Questionnaire, answers: Mapping[str, Mapping[str, Any]]) -> dict[str, Why]:
    """Which answers in words wait for a moderator, and why; none where the words are never public."""
    if not one.texts_public:
        return {}
    written = {key: found[1] for key, answer in answers.items() if (found := words_of(answer))}
    weighed = gate.weigh_words(SPACE, list(written.values()))
    return {key: why for key, why in zip(written, weighed, strict=True) if why is not None}


def hold_back(one: Questionnaire, rows: list[dict[str, Any]]) -> None:
    """Seal, in sets of answers that are let through, what waits for a moderator."""
    sealed = []
    for row in rows:
        for item in why_waits(one, row["answers"]):
            found = words_of(row["answers"][item])
            assert found is not None
            name, words = found
            row["answers"][item] = {**row["answers"][item], name: "", "hidden": HELD}
            sealed.append(
                {
                    "questionnaire_id": one.id, "response": row["id"], "item": item, "why": QUEUED,
                    "sealed": sealing.seal(SEAL, {"words": words}), "reason": NOT_READ,
                    "hidden_at": one.created_at, "account_id": None,
                }
            )  # fmt: skip
    if sealed:
        sealed.sort(key=lambda one: (one["response"], one["item"]))
        db.session.execute(insert(Hidden), sealed)


def open_case(one: Questionnaire, now: datetime) -> bool:
    """Put what waits before the moderators, once the answers may be read at all and no earlier case is open."""
    readable = one.consultation.closes_at is not None and (
        one.results == "open" or now >= one.consultation.closes_at
    )
    if not readable or not policy.enough(one.counted) or find_open_case(KIND, one.id) is not None:
        return False
    db.session.execute(
        update(Hidden).where(Hidden.questionnaire_id == one.id, Hidden.why == QUEUED).values(why=HELD)
    )
    moderation.open_case(KIND, one.id, CaseWhy.NEW, now, deadline=Clock.LINKS)
    return True


def labels_of(one: Questionnaire, waits: Mapping[str, Why]) -> list[tuple[Item, Why]]:
    """The questions whose answers wait, with why."""
    found = ((one.asked.find(key), why) for key, why in waits.items())
    return [(item, why) for item, why in found if item is not None]

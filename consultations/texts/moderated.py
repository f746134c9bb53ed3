"""What moderators need to know of answers in words that wait, and what their verdicts do. Nobody's author is known."""

from collections.abc import Iterable
from datetime import datetime
from functools import partial
from typing import Any

from flask import url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from civic import audit
from civic.actor import Actor
from civic.extensions import db
from civic.moderation import snapshots
from civic.moderation.gate.rules import Mode
from civic.moderation.gate.spaces import Space, register_space
from civic.moderation.rules import Decision
from civic.moderation.subjects import Subject, SubjectKind, Verdict, register_kind
from consultations.questionnaires import queries
from consultations.questionnaires.holding import HELD, KIND, SPACE
from consultations.questionnaires.models import Questionnaire
from consultations.texts import hiding

#: What of hidden words a decision may change.
VALUES = ("sealed", "why", "reason", "hidden_at", "account_id")


def load(ids: Iterable[int], for_public: bool) -> dict[int, Subject]:
    """All that waits in a questionnaire, as one text; nobody reports it."""
    if for_public:
        return {}
    return {one.id: _subject(one) for one in queries.list_by_ids(ids)}


def _subject(one: Questionnaire) -> Subject:
    held = queries.list_hidden(one.id, HELD)
    words = [f"{place}. {hiding.original_of(row)}" for place, row in enumerate(held, 1)]
    return Subject(
        kind=KIND,
        id=one.id,
        title=_("Answers in words: %(title)s", title=one.title),
        text="\n\n".join(words) or _("None of them waits any more."),
        url=url_for(
            "questionnaire_results.show", consultation_id=one.consultation_id, questionnaire_id=one.id
        ),
        author_id=None,
        author_name="",
        created_at=one.created_at,
    )


def carry_out(actor: Actor, questionnaire_id: int, verdict: Verdict, now: datetime) -> None:
    """Show all that waits in the case, or put the reason in its place."""
    one = hiding.lock(questionnaire_id)
    held = queries.list_hidden(one.id, HELD)
    for row in held:
        if verdict.decision == Decision.HIDE:
            hiding.keep_hidden(row, verdict.reason_code, verdict.reason, actor, now)
        else:
            hiding.reveal(row)
    db.session.flush()
    details = {"decision": str(verdict.decision), "texts": len(held)}
    audit.record(actor, "questionnaire.texts_read", "questionnaire", one.id, now, details)


def snapshot(questionnaire_id: int) -> dict[str, Any]:
    """Every text of a questionnaire that is not shown, by its number and question, the questionnaire locked."""
    one = hiding.lock(questionnaire_id)
    return {
        f"{row.response.hex()}-{row.item}": snapshots.read(row, VALUES) for row in queries.list_hidden(one.id)
    }


def put_back(
    actor: Actor, questionnaire_id: int, values: dict[str, Any], _reason: str, now: datetime
) -> None:
    """Hide again what a decision showed, or let wait again what it hid."""
    one = hiding.lock(questionnaire_id)
    for key, kept in values.items():
        hiding.hide_again(one, key, partial(snapshots.write, values=kept, names=VALUES))
    db.session.flush()
    audit.record(actor, "questionnaire.decision_undone", "questionnaire", one.id, now, {})


def register_kinds() -> None:
    """Put answers in words under moderation."""
    register_space(
        Space(
            SPACE,
            _l("Answers in words of questionnaires"),
            KIND,
            modes=(Mode.AFTER, Mode.BEFORE),
            # Each person answers once, and all that is sent is received.
            limited=False,
        )
    )
    register_kind(
        KIND,
        SubjectKind(
            _l("Answers in words"),
            frozenset({Decision.HIDE}),
            load,
            carry_out,
            snapshot=snapshot,
            put_back=put_back,
        ),
    )

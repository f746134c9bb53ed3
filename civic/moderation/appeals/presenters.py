"""What the page of a decision shows, whether its author has an account or came by the link of the letter."""

from datetime import datetime
from typing import Any

from civic.actor import Actor
from civic.moderation import labels as moderation_labels
from civic.moderation import subjects
from civic.moderation.appeals import labels, policy
from civic.moderation.appeals.forms import AppealForm
from civic.moderation.appeals.models import Statement
from civic.text import render_plain


def statement_context(
    actor: Actor, statement: Statement, form: AppealForm | None, now: datetime
) -> dict[str, Any]:
    """The decision, the text it was about, and what the actor can do; without the address the form is sent to."""
    case, contest = statement.case, policy.contest_of_statement(statement, statement.appeal)
    found = subjects.load_all([(case.subject_kind, case.subject_id)])
    subject = found.get((case.subject_kind, case.subject_id))
    return {
        "statement": statement,
        "case": case,
        "appeal": statement.appeal,
        "subject": subject,
        "text": render_plain(subject.text) if subject else "",
        "kind": subjects.kinds().get(case.subject_kind),
        "decision": policy.can_file(actor, contest, now),
        # There is no way to take an appeal back by the link of a letter.
        "withdraw": actor.id is not None and policy.can_withdraw(actor, contest),
        "form": form or AppealForm(None),
        "labels": labels,
        "moderation_labels": moderation_labels,
    }

"""Grouping contributions that ask for the same. The system proposes, people decide. Commands flush."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime

from flask_babel import gettext as _

from civic import audit, tasks
from civic.actor import Actor
from civic.errors import Conflict, Invalid
from civic.extensions import db
from civic.policy import enforce
from civic.text import clean_line, fold
from consultations.contributions import answering, policy, queries, rules
from consultations.contributions.models import Contribution, Theme

#: From this likeness on (0 to 100) two texts are proposed for one theme.
LIKENESS = 78.0
#: Texts compared at once, and how much of each; more would keep the page waiting.
MOST_COMPARED, COMPARED_LENGTH = 200, 800


def create(actor: Actor, consultation_id: int, title: str, now: datetime) -> Theme:
    """A theme, or the one that has this title already."""
    one, name = queries.lock_consultation(consultation_id), clean_line(title)[:200]
    enforce(policy.can_answer(actor, one))
    if not name:
        raise Invalid(_("Write the title of the theme."))
    theme = queries.find_theme(consultation_id, name)
    if theme is None:
        theme = Theme(consultation_id=consultation_id, title=name, created_at=now, account_id=actor.id)
        db.session.add(theme)
        db.session.flush()
        audit.record(actor, "contribution.theme_created", "contribution_theme", theme.id, now, {})
    return theme


def group(
    actor: Actor, consultation_id: int, theme_id: int | None, ids: Collection[int], now: datetime
) -> int:
    """Put contributions, with the letters identical to them, under a theme, or under none. How many moved.

    One that was answered with its theme stays there. Those who come to a theme already answered are told.
    """
    one = queries.lock_consultation(consultation_id)
    enforce(policy.can_answer(actor, one))
    theme = queries.get_theme(consultation_id, theme_id) if theme_id is not None else None
    entries = queries.list_with_twins(consultation_id, ids)
    answers = queries.answers_for(entries)
    moved = [entry for entry in entries if entry.theme_id != theme_id]
    for entry in moved:
        answer = queries.pick(entry, answers)
        if answer is not None and answer.theme_id is not None:
            raise Conflict(
                _("%(reference)s was answered with its theme and stays there.", reference=entry.reference)
            )
    for entry in moved:
        entry.theme_id = theme_id
    db.session.flush()
    if moved:
        details = {"theme": theme_id, "contributions": [entry.id for entry in moved]}
        audit.record(actor, "contribution.grouped", "consultation", consultation_id, now, details)
    if theme is not None and moved:
        answer = queries.find_living(theme)
        if answer is not None and answer.state == rules.AnswerState.PUBLISHED:
            tasks.enqueue(actor, answering.TELL, {"answer": answer.id, "state": answer.state}, now)
    return len(moved)


def assign(
    actor: Actor, consultation_id: int, account_id: int | None, ids: Collection[int], now: datetime
) -> int:
    """Say who prepares the answers; None for nobody. How many changed."""
    one = queries.lock_consultation(consultation_id)
    enforce(policy.can_answer(actor, one))
    if account_id is not None and account_id not in {person.id for person in queries.list_answerers(one)}:
        raise Invalid(_("This person does not answer here."))
    entries = [
        entry
        for entry in queries.list_by_ids(ids).values()
        if entry.consultation_id == consultation_id and entry.assigned_to_id != account_id
    ]
    for entry in entries:
        entry.assigned_to_id = account_id
    db.session.flush()
    if entries:
        details = {"account": account_id, "contributions": [entry.id for entry in entries]}
        audit.record(actor, "contribution.assigned", "consultation", consultation_id, now, details)
    return len(entries)


def propose(entries: Collection[Contribution]) -> list[list[Contribution]]:
    """Groups of contributions without a theme that say much the same; nothing is changed."""
    chosen = {entry.id: entry for entry in list(entries)[:MOST_COMPARED]}
    texts = {key: _compared(entry.body) for key, entry in chosen.items() if entry.body}
    return [[chosen[key] for key in group] for group in rules.groups(texts, LIKENESS, alike)]


class Known:
    """The themes of a consultation, as proposed groups are compared with them."""

    def __init__(self, titles: Mapping[int, str], *samples: Mapping[int, Sequence[str]]) -> None:
        self.titles = dict(titles)
        self._themes = {
            key: (fold(title), [_compared(text) for some in samples for text in some.get(key, ())])
            for key, title in titles.items()
        }

    def suggest(self, text: str) -> int | None:
        """The theme that asks for much the same as a text; None for none. Nothing is decided."""
        return rules.suggested(_compared(text), self._themes, LIKENESS, alike)


def _compared(text: str) -> str:
    return fold(text)[:COMPARED_LENGTH]


def alike(first: str, second: str) -> float:
    """How much two folded texts share, 0 to 100. One four times longer than another says more than it."""
    if max(len(first), len(second)) > 4 * min(len(first), len(second)):
        return 0.0
    from rapidfuzz import fuzz

    return fuzz.token_set_ratio(first, second)

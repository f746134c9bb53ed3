"""Commands that change what a questionnaire asks. They flush and never commit.

Every change locks the questionnaire's row and raises its version; the first answer freezes it. Both are the
database's: an answer to another version, or a change of a frozen questionnaire, is refused there.
"""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from flask_babel import lazy_gettext as _
from sqlalchemy import delete

from civic import audit
from civic.actor import Actor
from civic.errors import Conflict, DomainError, NotFound
from civic.extensions import db
from civic.policy import enforce
from civic.text import clean_line, clean_text
from consultations.models import Consultation
from consultations.questionnaires import policy, queries, rules
from consultations.questionnaires.definition import Definition, Item, Option, Page, Words, to_json
from consultations.questionnaires.models import Draft, Questionnaire
from consultations.questionnaires.rules import Problem


class Refused(DomainError):
    """A change with problems, each at its place."""

    def __init__(self, problems: list[Problem]) -> None:
        super().__init__(problems[0].sentence)
        self.problems = problems


@dataclass(frozen=True)
class Settings:
    """What a questionnaire is besides its items."""

    title: str
    title_en: str = ""
    intro: str = ""
    intro_en: str = ""
    english: bool = False
    access: str = "verified"
    keeps_groups: bool = False
    answer_first: bool = False
    results: str = "closed"
    texts_public: bool = False

    def cleaned(self) -> "Settings":
        """As it is stored."""
        return replace(
            self,
            title=clean_line(self.title),
            title_en=clean_line(self.title_en),
            intro=clean_text(self.intro),
            intro_en=clean_text(self.intro_en),
            keeps_groups=self.keeps_groups and self.access == "verified",
        )


def cleaned_words(words: Words, long: bool = False) -> Words:
    """A text as it is stored."""
    clean = clean_text if long else clean_line
    return Words(clean(words.ro), clean(words.en))


def keyed_options(
    lines: str, english: str, before: tuple[Option, ...], letter: str = "o"
) -> tuple[Option, ...]:
    """Options from lines of text, one on a line. A line that was there keeps its key, whatever its place.

    A line that changed keeps the key of its place when the number of lines is the same: it was corrected.
    """
    texts = [line for line in map(clean_line, lines.split("\n")) if line]
    others = [line for line in map(clean_line, english.split("\n")) if line]
    known = {one.words.ro: one.key for one in before}
    taken = {known[line] for line in texts if line in known}
    free = [one.key for one in before if one.key not in taken] if len(texts) == len(before) else []
    highest = max((int(one.key[1:]) for one in before), default=0)
    options = []
    for at, line in enumerate(texts):
        key = known.pop(line, None) or (free.pop(0) if free else None)
        if key is None:
            highest += 1
            key = f"{letter}{highest}"
        options.append(Option(key, Words(line, others[at] if at < len(others) else "")))
    return tuple(options)


def create(
    actor: Actor, consultation: Consultation, settings: Settings, definition: Definition, now: datetime
) -> Questionnaire:
    """A questionnaire in preparation: empty, from a pattern, or a copy."""
    made = Questionnaire(consultation_id=consultation.id, created_at=now, definition=to_json(definition))
    made.consultation = consultation
    _fill(made, settings.cleaned())
    db.session.add(made)
    db.session.flush()
    audit.record(actor, "questionnaire.created", "questionnaire", made.id, now)
    return made


def _fill(one: Questionnaire, settings: Settings) -> None:
    for name in settings.__dataclass_fields__:
        setattr(one, name, getattr(settings, name))


def _locked(actor: Actor, one: Questionnaire, seen: int | None = None) -> Questionnaire:
    locked = queries.lock_questionnaire(one.id)
    decision = policy.can_edit(actor, locked)
    if not decision and locked.frozen:
        raise Conflict(decision.reason)
    enforce(decision)
    if seen is not None and seen != locked.version:
        raise Conflict(_("Somebody else has changed this questionnaire meanwhile. Look at it again."))
    return locked


def _changed(actor: Actor, one: Questionnaire, event: str, now: datetime) -> None:
    one.version += 1
    db.session.flush()
    audit.record(actor, event, "questionnaire", one.id, now, {"version": one.version})


def change_settings(actor: Actor, one: Questionnaire, settings: Settings, now: datetime) -> None:
    """Change who may answer and what is public. Once frozen only whether answers in words are public may change."""
    locked = queries.lock_questionnaire(one.id)
    if locked.frozen:
        if locked.texts_public != settings.texts_public:
            locked.texts_public = settings.texts_public
            event = (
                "questionnaire.texts_published" if settings.texts_public else "questionnaire.texts_withheld"
            )
            audit.record(actor, event, "questionnaire", one.id, now)
        return
    _fill(locked, settings.cleaned())
    if locked.published:
        _demand(locked)
    _changed(actor, locked, "questionnaire.changed", now)


def _demand(one: Questionnaire) -> None:
    found = rules.problems(one.asked, english=one.english, access=one.access)
    if found:
        raise Refused(found)


def _store(actor: Actor, one: Questionnaire, definition: Definition, event: str, now: datetime) -> None:
    """A definition in the place of the one before, when no branch hangs loose and a published one stays whole."""
    before = {problem.key for problem in rules.branches(one.asked)}
    loose = [problem for problem in rules.branches(definition) if problem.key not in before]
    if loose:
        raise Refused(loose)
    one.definition = to_json(definition)
    if one.published:
        _demand(one)
    _changed(actor, one, event, now)


def save_page(
    actor: Actor, one: Questionnaire, page: Page | None, title: Words, condition: Any, now: datetime
) -> Page:
    """Add a page at the end, or change one's title and branch. Raises Refused or Conflict."""
    locked = _locked(actor, one)
    asked = locked.asked
    if page is None:
        page = Page(asked.next_key("p"))
    elif asked.page_at(page.key) is None:
        raise NotFound
    else:
        page = asked.pages[asked.page_at(page.key) or 0]
    page = replace(page, title=cleaned_words(title), condition=condition)
    _store(actor, locked, asked.with_page(page), "questionnaire.changed", now)
    return page


def save_item(actor: Actor, one: Questionnaire, page_key: str, item: Item, now: datetime) -> Item:
    """Add an item (with an empty key) at the end of a page, or change one. Raises Refused, Conflict or NotFound."""
    locked = _locked(actor, one)
    asked = locked.asked
    at = asked.page_at(page_key)
    if at is None or (item.key and asked.find(item.key) is None):
        raise NotFound
    item = item if item.key else replace(item, key=asked.next_key("i"))
    said = rules.item_problem(item, locked.english)
    if said:
        raise Refused([Problem(item.key, said)])
    _store(actor, locked, asked.with_item(page_key, item), "questionnaire.changed", now)
    return item


def move(actor: Actor, one: Questionnaire, key: str, up: bool, now: datetime) -> None:
    """Put an item or a page one place earlier or later. Raises Refused when a branch would look ahead."""
    locked = _locked(actor, one)
    asked = locked.asked
    if asked.page_at(key) is not None:
        moved = asked.moved_page(key, up)
    elif asked.find(key) is not None:
        moved = asked.moved_item(key, up)
    else:
        raise NotFound
    if moved != asked:
        _store(actor, locked, moved, "questionnaire.changed", now)


def remove(actor: Actor, one: Questionnaire, key: str, now: datetime) -> None:
    """Take an item, or a page with its items, off. Raises Refused when something branches on it."""
    locked = _locked(actor, one)
    asked = locked.asked
    without = asked.without_page(key) if asked.page_at(key) is not None else asked.without_item(key)
    if without == asked:
        raise NotFound
    _store(actor, locked, without, "questionnaire.changed", now)


def publish(actor: Actor, one: Questionnaire, now: datetime) -> None:
    """Offer it on the page of its consultation. Raises Refused with everything that is missing."""
    locked = _locked(actor, one)
    _demand(locked)
    if not locked.published:
        locked.published = True
        audit.record(actor, "questionnaire.published", "questionnaire", one.id, now)
        db.session.flush()


def withdraw(actor: Actor, one: Questionnaire, now: datetime) -> None:
    """Take it off the page again, as long as nobody answered."""
    locked = _locked(actor, one)
    if locked.published:
        locked.published = False
        audit.record(actor, "questionnaire.withdrawn", "questionnaire", one.id, now)
        db.session.flush()


def delete_questionnaire(actor: Actor, one: Questionnaire, now: datetime) -> None:
    """Remove a questionnaire that nobody answered, with the drafts of it."""
    locked = _locked(actor, one)
    audit.record(actor, "questionnaire.removed", "questionnaire", one.id, now)
    db.session.execute(delete(Draft).where(Draft.questionnaire_id == locked.id))
    db.session.delete(locked)
    db.session.flush()

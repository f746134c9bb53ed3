"""What the law and the house say about contributions: lateness, references, outcomes, who may sign. Plain values.

Law 52/2003, art. 7(4): recommendations are kept in a register with the date of receipt, the name and the contact of
who sent them. Art. 12(3): one that is not taken up gets a written reason.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from fractions import Fraction

#: Where a contribution came from.
CHANNELS = ("form", "mail", "post", "desk", "annotation", "survey", "debate")
#: Entered by a clerk, with the day on which the paper or the letter arrived.
ENTERED = ("post", "desk", "mail")
#: People who wrote on their own are told at once under which number; a note on a text or an answer is not a letter.
RECEIPTED = ("form", "mail", "post", "desk")

#: How an author's name stands in the register.
SHOWN_AS = ("full", "initials")
#: and how it stands once its author deleted the account and did not want to keep it
STORED_AS = (*SHOWN_AS, "deleted")

#: Why a text is not shown any more.
HIDDEN_FOR = ("personal_data", "offence")
#: The reason stored when nobody has looked yet: a text that seems to hold personal data waits for a person.
SEEN_BY_NOBODY = "-"

MAX_BODY = 50_000
MAX_TITLE = 200
MAX_NAME = 120
MAX_REASON = 8_000
#: Where to write the answer is forgotten this long after the last word on the contribution.
CONTACT_KEPT = timedelta(days=180)
#: An address that was never confirmed is forgotten with what was written.
PENDING_KEPT = timedelta(days=7)
#: "This is not what I asked" can be said this long after the answer.
REVIEW_WITHIN = timedelta(days=30)
#: A letter on which the program broke, or whose reading was cut off, this often is set aside for a clerk.
LETTER_TRIES = 3
#: Until then it is tried again after this; the letters behind it are taken meanwhile.
LETTER_REST = timedelta(minutes=10)
#: What is remembered of letters that left the mailbox half taken is forgotten after this.
ATTEMPT_KEPT = timedelta(days=30)
#: Letters that wait for a person: nobody could place them, or the program broke on them.
LETTERS_WAIT = ("unassigned", "failed", "again")
#: A letter nobody could place is erased after its clerk set it aside.
LETTER_KEPT = timedelta(days=30)


class Outcome(StrEnum):
    """What the city does with a contribution."""

    ADOPTED = "adopted"
    PARTLY = "partly"
    NOT_ADOPTED = "not_adopted"
    OUT_OF_SCOPE = "out_of_scope"
    ALREADY_COVERED = "already_covered"


#: Those counted as "taken up" in the yearly report (Law 52/2003, art. 13).
TAKEN_UP = (Outcome.ADOPTED, Outcome.PARTLY)
#: A short answer does for what was taken up as it was asked.
LEAST_REASON = {Outcome.ADOPTED: 0}
LEAST_REASON_ELSE = 20


class AnswerState(StrEnum):
    """Where an answer stands."""

    DRAFT = "draft"
    SUBMITTED = "submitted"
    PUBLISHED = "published"
    WITHDRAWN = "withdrawn"


def reference(number: int, consultation_id: int, year: int) -> str:
    """What people call a contribution by.

    >>> reference(12, 7, 2026)
    '12/C7-2026'
    """
    return f"{number}/C{consultation_id}-{year}"


def is_late(received_at: datetime, closes_at: datetime) -> bool:
    """The end belongs to no contribution: what comes at that moment is late."""
    return received_at >= closes_at


def initials(name: str) -> str:
    """A name as somebody who prefers it is shown.

    >>> initials("Ana-Maria Popescu")
    'A.-M. P.'
    """
    return " ".join(
        "-".join(f"{part[0].upper()}." for part in word.split("-") if part) for word in name.split()
    ).strip()


def reason_too_short(outcome: str, reason: str) -> bool:
    """Whether an outcome asks for more words than were given: a refusal is explained."""
    return len(reason) < LEAST_REASON.get(Outcome(outcome), LEAST_REASON_ELSE)


@dataclass(frozen=True)
class Hands:
    """Who has had an answer in hand."""

    drafted_by: int | None
    signed_by: int | None = None


def may_sign(hands: Hands, account_id: int | None) -> bool:
    """Four eyes: who wrote the words does not sign them."""
    return account_id is not None and account_id != hands.drafted_by


def may_review(hands: Hands, account_id: int | None) -> bool:
    """An answer that missed the point is looked at by somebody who neither wrote nor signed it."""
    return account_id is not None and account_id not in (hands.drafted_by, hands.signed_by)


#: What a text should not carry into a public register: an identity number, a telephone, an address, an account.
_PERSONAL = re.compile(
    r"(?<!\d)[1-9]\d{12}(?!\d)"
    r"|(?<!\d)(?:\+?4)?0[ .]?(?:7\d\d|[23]\d{1,2})[ .]?\d{3}[ .]?\d{3,4}(?!\d)"
    r"|[\w.+-]+@[\w-]+\.[a-z]{2,}"
    r"|\bRO\d\d ?[A-Z]{4}(?: ?[A-Z0-9]{4}){4}\b",
    re.IGNORECASE,
)


def looks_personal(text: str) -> bool:
    """Whether a text seems to hold somebody's identity number, telephone, e-mail address or bank account.

    >>> looks_personal("Sunați-mă la 0722 123 456"), looks_personal("Legea 52/2003, art. 7 alin. (4)")
    (True, False)
    """
    return _PERSONAL.search(text) is not None


@dataclass(frozen=True)
class Reply:
    """As much of an answer as is needed to say whose it is."""

    id: int
    state: str
    contribution_id: int | None
    theme_id: int | None


@dataclass(frozen=True)
class Asked:
    """As much of a contribution as is needed to find its answer."""

    id: int
    same_as_id: int | None
    theme_id: int | None
    apart: bool


def concerns(asked: Asked, reply: Reply) -> bool:
    """Whether an answer is about this contribution: its own, its twin's or its theme's."""
    if reply.contribution_id == asked.id:
        return True
    if asked.apart:
        return False
    if reply.contribution_id is not None:
        return reply.contribution_id == asked.same_as_id
    return reply.theme_id == asked.theme_id


def answer_of(asked: Asked, replies: Sequence[Reply]) -> Reply | None:
    """The published answer people read: its own before its twin's, that before its theme's."""
    found = [one for one in replies if one.state == AnswerState.PUBLISHED and concerns(asked, one)]
    return min(
        found, key=lambda one: (one.contribution_id != asked.id, one.contribution_id is None), default=None
    )


def groups(texts: Mapping[int, str], likeness: float, alike: Callable[[str, str], float]) -> list[list[int]]:
    """Ids of texts that say much the same, each near the first of its group; the largest groups first.

    `alike` says from 0 to 100 how much two texts share. A text without a companion is in no group.
    """
    found: list[list[int]] = []
    for one, text in texts.items():
        home = next((group for group in found if alike(texts[group[0]], text) >= likeness), None)
        if home is None:
            found.append([one])
        else:
            home.append(one)
    return sorted((group for group in found if len(group) > 1), key=lambda group: (-len(group), group[0]))


#: A title whose words stand in a text to this share names what the text is about; shorter words say little, and of
#: longer ones the beginning does.
SHARE_OF_TITLE, SHORTEST_WORD, STEM = Fraction(2, 3), 4, 6


def suggested(
    text: str,
    themes: Mapping[int, tuple[str, Sequence[str]]],
    likeness: float,
    alike: Callable[[str, str], float],
) -> int | None:
    """The theme, among titles with some texts under each, that asks for much the same as a text; None for none.

    Everything is folded. A text under the theme that says much the same counts for more than the words of a title.
    """
    words, best, found = stems_of(text), (0, 0.0), None
    for theme, (title, samples) in themes.items():
        nearest = max((alike(sample, text) for sample in samples), default=0.0)
        stems = stems_of(title)
        shared = Fraction(len(stems & words), len(stems)) if stems else Fraction(0)
        score = (1, nearest) if nearest >= likeness else (0, float(shared))
        if (score[0] or shared >= SHARE_OF_TITLE) and score > best:
            best, found = score, theme
    return found


def stems_of(text: str) -> set[str]:
    """The beginnings of the words of a folded text that say something."""
    return {word[:STEM] for word in re.findall(r"\w+", text) if len(word) >= SHORTEST_WORD}

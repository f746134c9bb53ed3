"""What is stored about questionnaires. Who answered and what was answered stand apart, and nothing joins them.

An answer arrives sealed (`Arrival`) beside the mark of who sent it; a job opens at least ten at a time and writes
the marks, sorted, to one table and the answers, under random numbers, to another. Neither has a time, a serial
number or a key of the other. docs/questionnaires.md says what that does not protect against.
"""

from datetime import date, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import CheckConstraint, Date, DateTime, ForeignKey, Index, Numeric
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column, relationship

from civic.extensions import Base
from consultations.models import Consultation
from consultations.questionnaires.definition import Definition, parse
from consultations.questionnaires.rules import ACCESS, CHANNELS, RESULTS


def _names(values: tuple[str, ...]) -> str:
    return ", ".join(f"'{value}'" for value in values)


class Questionnaire(Base):
    """A questionnaire of a consultation. Frozen by the first answer: a trigger refuses later changes."""

    __tablename__ = "questionnaire"
    __table_args__ = (
        CheckConstraint("title <> ''", name="title_given"),
        CheckConstraint(f"access IN ({_names(ACCESS)})", name="access_known"),
        CheckConstraint(f"results IN ({_names(RESULTS)})", name="results_known"),
        CheckConstraint("access = 'verified' OR NOT keeps_groups", name="groups_of_verified"),
        CheckConstraint("NOT english OR title_en <> ''", name="english_title"),
        CheckConstraint("published OR NOT frozen", name="frozen_is_published"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    consultation_id: Mapped[int] = mapped_column(
        ForeignKey("consultation.id", ondelete="CASCADE"), index=True
    )
    title: Mapped[str]
    title_en: Mapped[str] = mapped_column(default="")
    #: what it is for, in Markdown
    intro: Mapped[str] = mapped_column(default="")
    intro_en: Mapped[str] = mapped_column(default="")
    #: offered in English too
    english: Mapped[bool] = mapped_column(default=False)
    access: Mapped[str] = mapped_column(default="verified")
    #: whether neighbourhood and age group stand beside each answer, for tables by area and age
    keeps_groups: Mapped[bool] = mapped_column(default=False)
    #: whether results are shown only to those who answered, while answers are received
    answer_first: Mapped[bool] = mapped_column(default=False)
    results: Mapped[str] = mapped_column(default="closed")
    #: whether everybody reads the answers in words, or the city hall alone
    texts_public: Mapped[bool] = mapped_column(default=False)
    definition: Mapped[dict[str, Any]] = mapped_column(JSONB)
    #: raised with every change of what is asked
    version: Mapped[int] = mapped_column(default=1)
    published: Mapped[bool] = mapped_column(default=False)
    frozen: Mapped[bool] = mapped_column(default=False)
    #: after the end: everything arrived was let through and both tables written anew, sorted
    settled: Mapped[bool] = mapped_column(default=False)
    #: answers in the counts, and when they were counted
    counted: Mapped[int] = mapped_column(default=0)
    counted_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    #: sheets of paper that were not entered, because their authors had answered before
    paper_twice: Mapped[int] = mapped_column(default=0)
    #: sets of answers from which the texts to be answered were taken: fewer than `counted` until all are
    texts_of: Mapped[int] = mapped_column(default=0)
    created_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))

    consultation: Mapped[Consultation] = relationship()

    @property
    def asked(self) -> Definition:
        """What it asks."""
        return parse(self.definition)

    def told(self, name: str, language: str) -> str:
        """`title` or `intro` in a language."""
        english = getattr(self, f"{name}_en") if self.english and language == "en" else ""
        return english or getattr(self, name)


class Arrival(Base):
    """Answers sent and not yet let through: the mark of who sent them, and what they sent, sealed.

    No foreign key: it would leave the transaction's number on the questionnaire's row. A trigger checks the version,
    freezes the questionnaire and refuses a second answer of the same person.
    """

    __tablename__ = "questionnaire_arrival"
    __table_args__ = (CheckConstraint("octet_length(who) = 32", name="who_is_a_mark"),)

    questionnaire_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    who: Mapped[bytes] = mapped_column(primary_key=True)
    #: of the questionnaire that was answered
    version: Mapped[int]
    sealed: Mapped[bytes]


class QuestionnaireParticipation(Base):
    """That somebody answered: a mark only this installation's key can make again."""

    __tablename__ = "questionnaire_participation"

    questionnaire_id: Mapped[int] = mapped_column(
        ForeignKey("questionnaire.id", ondelete="CASCADE"), primary_key=True
    )
    who: Mapped[bytes] = mapped_column(primary_key=True)


class Response(Base):
    """One set of answers, of nobody. `id` is random."""

    __tablename__ = "questionnaire_response"
    __table_args__ = (
        CheckConstraint(f"channel IN ({_names(CHANNELS)})", name="channel_known"),
        CheckConstraint("octet_length(id) = 16", name="id_is_random"),
    )

    questionnaire_id: Mapped[int] = mapped_column(
        ForeignKey("questionnaire.id", ondelete="CASCADE"), primary_key=True
    )
    id: Mapped[bytes] = mapped_column(primary_key=True)
    channel: Mapped[str]
    #: neighbourhood and age group, only where the questionnaire keeps them
    area: Mapped[int | None]
    age: Mapped[str] = mapped_column(default="")
    answers: Mapped[dict[str, Any]] = mapped_column(JSONB)


class Follower(Base):
    """Whom somebody's texts are answered to, because they asked for it when they sent them: sealed.

    Nobody else's answers can be traced to an account. No page and no file reads it; it is forgotten with the contacts
    of the register.
    """

    __tablename__ = "questionnaire_follower"

    questionnaire_id: Mapped[int] = mapped_column(
        ForeignKey("questionnaire.id", ondelete="CASCADE"), primary_key=True
    )
    #: the random number of the set of answers
    response: Mapped[bytes] = mapped_column(primary_key=True)
    sealed: Mapped[bytes]


class Hidden(Base):
    """Words of one answer that are not shown: sealed, with the reason everybody reads in their place.

    In the set of answers itself stands an empty text and `hidden`, so that nothing that reads answers reads them.
    """

    __tablename__ = "questionnaire_hidden"
    __table_args__ = (CheckConstraint("reason <> ''", name="reason_given"),)

    questionnaire_id: Mapped[int] = mapped_column(
        ForeignKey("questionnaire.id", ondelete="CASCADE"), primary_key=True
    )
    response: Mapped[bytes] = mapped_column(primary_key=True)
    item: Mapped[str] = mapped_column(primary_key=True)
    sealed: Mapped[bytes]
    #: of the catalogue of moderation
    why: Mapped[str]
    reason: Mapped[str]
    hidden_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    account_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))


class Draft(Base):
    """Answers not sent yet, sealed, under the mark of an account or of a code to go on with."""

    __tablename__ = "questionnaire_draft"
    __table_args__ = (Index("ix_questionnaire_draft_questionnaire_id", "questionnaire_id"),)

    key: Mapped[bytes] = mapped_column(primary_key=True)
    questionnaire_id: Mapped[int] = mapped_column(ForeignKey("questionnaire.id", ondelete="CASCADE"))
    sealed: Mapped[bytes]
    #: the day it was last changed: it is forgotten when nobody comes back
    day: Mapped[date] = mapped_column(Date)


class Begun(Base):
    """How often answers were begun on one day from one device and network, where anybody may answer.

    The mark is keyed and of that day alone; it is forgotten the next night. It is written when answers are begun, and
    stands beside no answer.
    """

    __tablename__ = "questionnaire_begun"
    __table_args__ = (CheckConstraint("octet_length(mark) = 32", name="mark_is_one"),)

    mark: Mapped[bytes] = mapped_column(primary_key=True)
    day: Mapped[date] = mapped_column(Date, index=True)
    times: Mapped[int]


class AnswerFile(Base):
    """That a stored file belongs to a questionnaire, sent or in a draft; to whose answers, the answers say."""

    __tablename__ = "questionnaire_file"

    file_id: Mapped[int] = mapped_column(ForeignKey("stored_file.id"), primary_key=True)
    questionnaire_id: Mapped[int] = mapped_column(
        ForeignKey("questionnaire.id", ondelete="CASCADE"), index=True
    )
    sent: Mapped[bool] = mapped_column(default=False)


class Count(Base):
    """One figure of the results: so many answers of an item in a cell, of everybody or of one group."""

    __tablename__ = "questionnaire_count"
    __table_args__ = (CheckConstraint("grouping IN ('', 'area', 'age')", name="grouping_known"),)

    questionnaire_id: Mapped[int] = mapped_column(
        ForeignKey("questionnaire.id", ondelete="CASCADE"), primary_key=True
    )
    #: empty for figures of the whole: `responses`, `paper`
    item: Mapped[str] = mapped_column(primary_key=True)
    cell: Mapped[str] = mapped_column(primary_key=True)
    grouping: Mapped[str] = mapped_column(primary_key=True)
    member: Mapped[str] = mapped_column(primary_key=True)
    value: Mapped[Decimal] = mapped_column(Numeric(20, 4))

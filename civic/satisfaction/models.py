"""What is stored about satisfaction: counts, words without a name, and who was asked when.

No row of an answer exists. What is asked and who is asked stand in two tables that share nothing; nothing at all is
written about who is asked after a cast.
"""

from datetime import date

from sqlalchemy import CheckConstraint, Date, ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from civic.extensions import Base
from civic.satisfaction.rules import KINDS, WORDS_MOST

_KNOWN = f"kind IN ({', '.join(repr(kind) for kind in KINDS)})"


class SatisfactionCount(Base):
    """How many chose a step in a month."""

    __tablename__ = "satisfaction_count"
    __table_args__ = (
        CheckConstraint(_KNOWN, name="kind_known"),
        CheckConstraint("step BETWEEN 1 AND 5", name="step_known"),
        CheckConstraint("EXTRACT(day FROM month) = 1", name="month_begins"),
        CheckConstraint("answers > 0", name="answers_counted"),
    )

    kind: Mapped[str] = mapped_column(primary_key=True)
    month: Mapped[date] = mapped_column(Date, primary_key=True)
    step: Mapped[int] = mapped_column(primary_key=True)
    answers: Mapped[int]


class SatisfactionWords(Base):
    """What somebody added, for the staff alone. Never after a cast."""

    __tablename__ = "satisfaction_words"
    __table_args__ = (
        CheckConstraint(f"{_KNOWN} AND kind <> 'cast'", name="kind_known"),
        CheckConstraint("step BETWEEN 1 AND 5", name="step_known"),
        CheckConstraint("EXTRACT(day FROM month) = 1", name="month_begins"),
        CheckConstraint(f"words <> '' AND length(words) <= {WORDS_MOST}", name="words_said"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str]
    month: Mapped[date] = mapped_column(Date)
    step: Mapped[int]
    words: Mapped[str]


class SatisfactionTurn(Base):
    """When an account was last asked, so that it is not asked again soon. Not about what, and not what it said."""

    __tablename__ = "satisfaction_turn"

    account_id: Mapped[int] = mapped_column(ForeignKey("account.id", ondelete="CASCADE"), primary_key=True)
    asked_on: Mapped[date] = mapped_column(Date)


class SatisfactionQuestion(Base):
    """A question that waits for its one answer, known by the secret in its link alone. Goes with the answer."""

    __tablename__ = "satisfaction_question"
    __table_args__ = (CheckConstraint(f"{_KNOWN} AND kind <> 'cast'", name="kind_known"),)

    #: hash of what the link carries
    mark: Mapped[bytes] = mapped_column(primary_key=True)
    kind: Mapped[str]
    asked_on: Mapped[date] = mapped_column(Date)

"""What is stored about a question while it is planned; once voting opened the frozen plan alone is read."""

from sqlalchemy import CheckConstraint, ForeignKey, String
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Mapped, mapped_column

from civic.extensions import Base


class Question(Base):
    """One question of a ballot. The trigger `question_stays_frozen` refuses changes once voting opened.

    `options` are the texts to choose from; a yes-or-no question has none of its own. Pots, parts of the ballot and
    projects of the round are made from these rows after every change.
    """

    __tablename__ = "question"
    __table_args__ = (
        CheckConstraint("text <> ''", name="text_given"),
        CheckConstraint("kind IN ('yes_no', 'one', 'several')", name="kind_known"),
        CheckConstraint(
            "cardinality(options) = 0 AND kind = 'yes_no' OR cardinality(options) BETWEEN 2 AND 12 AND kind <> 'yes_no'",
            name="options_fit_kind",
        ),
        CheckConstraint(
            "(kind = 'several') = (max_choices IS NOT NULL)"
            " AND coalesce(max_choices, 2) BETWEEN 2 AND greatest(cardinality(options), 2)",
            name="max_choices_range",
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    round_id: Mapped[int] = mapped_column(ForeignKey("round.id", ondelete="CASCADE"), index=True)
    position: Mapped[int]
    text: Mapped[str]
    #: Markdown
    explanation: Mapped[str] = mapped_column(default="")
    arguments_for: Mapped[str] = mapped_column(default="")
    arguments_against: Mapped[str] = mapped_column(default="")
    kind: Mapped[str]
    options: Mapped[list[str]] = mapped_column(ARRAY(String), default=list)
    max_choices: Mapped[int | None]
    may_abstain: Mapped[bool] = mapped_column(default=False)

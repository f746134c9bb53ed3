"""What is stored about the long texts of questionnaires once they wait for their answer."""

from sqlalchemy import ForeignKey, ForeignKeyConstraint, Index
from sqlalchemy.orm import Mapped, mapped_column

from civic.extensions import Base


class SurveyText(Base):
    """A long text of a settled questionnaire, answered with its theme. Of nobody, in the order of random numbers.

    The words themselves stand with the answers they came with; here is where they are answered, and what they are
    found and compared by.
    """

    __tablename__ = "questionnaire_text"
    __table_args__ = (
        # A theme is of the same consultation.
        ForeignKeyConstraint(
            ["theme_id", "consultation_id"],
            ["contribution_theme.id", "contribution_theme.consultation_id"],
            name="fk_questionnaire_text_theme",
        ),
        Index("ix_questionnaire_text_list", "consultation_id", "key"),
        Index("ix_questionnaire_text_theme", "consultation_id", "theme_id"),
        Index("ix_questionnaire_text_same", "consultation_id", "folded_sha256"),
        Index("ix_questionnaire_text_response", "response"),
    )

    #: the random number of the set of answers and the item: `rules.key_of`
    key: Mapped[str] = mapped_column(primary_key=True)
    consultation_id: Mapped[int] = mapped_column(ForeignKey("consultation.id", ondelete="CASCADE"))
    questionnaire_id: Mapped[int] = mapped_column(
        ForeignKey("questionnaire.id", ondelete="CASCADE"), index=True
    )
    item: Mapped[str]
    #: the random number of the set of answers
    response: Mapped[bytes]
    #: of the words alone, without diacritics, cases and signs: identical texts meet here
    folded_sha256: Mapped[bytes]
    search_text: Mapped[str]
    theme_id: Mapped[int | None]
    #: the proposed group of texts that say much the same
    likeness: Mapped[int | None]

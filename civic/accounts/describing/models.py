"""What is stored of what people say about themselves."""

from datetime import datetime

from sqlalchemy import CheckConstraint, DateTime, ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from civic.accounts.describing.rules import AGE_BANDS, GENDERS
from civic.extensions import Base


def _one_of(column: str, words: tuple[str, ...]) -> str:
    return f"{column} IN ({', '.join(repr(word) for word in words)})"


class SelfDescription(Base):
    """One account's own words about itself; no row means "prefer not to say". Deleted when consent is withdrawn."""

    __tablename__ = "self_description"
    __table_args__ = (
        CheckConstraint(_one_of("age_band", AGE_BANDS), name="age_band_known"),
        CheckConstraint(_one_of("gender", GENDERS), name="gender_known"),
        CheckConstraint("age_band IS NOT NULL OR gender IS NOT NULL", name="says_something"),
    )

    account_id: Mapped[int] = mapped_column(ForeignKey("account.id", ondelete="CASCADE"), primary_key=True)
    age_band: Mapped[str | None]
    gender: Mapped[str | None]
    #: when its owner agreed to this use, with these words
    given_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))

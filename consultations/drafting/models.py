"""What is stored about a draft's text: its editions, their sections, and what people wrote beside them."""

from datetime import datetime
from typing import Any

from sqlalchemy import (
    CheckConstraint,
    DateTime,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    UniqueConstraint,
)
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column, relationship

from civic.accounts.models import Account
from civic.extensions import Base
from consultations.contributions.models import Contribution
from consultations.drafting.rules import (
    ANNOTATION_KINDS,
    HOWS,
    KINDS,
    MARKED,
    MAX_BODY,
    MAX_REPLACEMENT,
    MAX_SECTION,
    SOURCES,
)


def _names(values: tuple[str, ...]) -> str:
    return ", ".join(f"'{value}'" for value in values)


class Edition(Base):
    """A draft's text as it was from one day on. Until it is published it is being prepared, one at a time."""

    __tablename__ = "draft_edition"
    __table_args__ = (
        UniqueConstraint("consultation_id", "number"),
        UniqueConstraint("id", "consultation_id"),
        CheckConstraint("number >= 1", name="number_from_one"),
        CheckConstraint(f"source IN ({_names(SOURCES)})", name="source_known"),
        CheckConstraint("(number IS NULL) = (published_at IS NULL)", name="numbered_when_published"),
        CheckConstraint("published_at IS NULL OR number = 1 OR note <> ''", name="change_told"),
        CheckConstraint("published_at IS NULL OR ready_at IS NOT NULL", name="read_before_published"),
        Index(
            "uq_draft_edition_prepared",
            "consultation_id",
            unique=True,
            postgresql_where="published_at IS NULL",
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    consultation_id: Mapped[int] = mapped_column(ForeignKey("consultation.id", ondelete="CASCADE"))
    number: Mapped[int | None]
    source: Mapped[str]
    #: the file it was read from; None for pasted text
    file_id: Mapped[int | None] = mapped_column(ForeignKey("stored_file.id"))
    #: the work that reads the file
    task_id: Mapped[int | None]
    #: what was accepted and left out while reading, by `rules.Remarks`
    remarks: Mapped[dict[str, Any]] = mapped_column(JSONB, default=dict)
    #: what is different from the edition before, for everyone
    note: Mapped[str] = mapped_column(default="")
    created_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    #: when its sections were there
    ready_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    published_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    account_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))


class Section(Base):
    """A heading, an article, a paragraph, a point or a row. `key` is its number in every edition it stands in."""

    __tablename__ = "draft_section"
    __table_args__ = (
        UniqueConstraint("edition_id", "position"),
        CheckConstraint(f"kind IN ({_names(KINDS)})", name="kind_known"),
        CheckConstraint(f"char_length(text) BETWEEN 1 AND {MAX_SECTION}", name="text_length"),
    )

    edition_id: Mapped[int] = mapped_column(
        ForeignKey("draft_edition.id", ondelete="CASCADE"), primary_key=True
    )
    key: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    position: Mapped[int]
    kind: Mapped[str]
    text: Mapped[str]


class Annotation(Base):
    """What somebody wrote beside a passage. It is a contribution too, with a number and an answer.

    `edition_id`, `key` and the offsets are the last place where the passage was found for sure; `checked_id` is the
    edition it was last looked for in. Where the two differ, the text has changed and the passage is not in it.
    """

    __tablename__ = "draft_annotation"
    __table_args__ = (
        UniqueConstraint("contribution_id"),
        UniqueConstraint("author_id", "form_key"),
        ForeignKeyConstraint(
            ["edition_id", "key"],
            ["draft_section.edition_id", "draft_section.key"],
            name="fk_draft_annotation_section",
        ),
        # Both editions are of the same consultation.
        ForeignKeyConstraint(
            ["checked_id", "consultation_id"],
            ["draft_edition.id", "draft_edition.consultation_id"],
            name="fk_draft_annotation_checked",
        ),
        CheckConstraint(f"kind IN ({_names(ANNOTATION_KINDS)})", name="kind_known"),
        CheckConstraint("state IN ('visible', 'held', 'hidden')", name="state_known"),
        CheckConstraint('"end" > start AND start >= 0', name="passage_not_empty"),
        CheckConstraint(f"char_length(body) <= {MAX_BODY}", name="body_length"),
        CheckConstraint(f"char_length(replacement) <= {MAX_REPLACEMENT}", name="replacement_length"),
        CheckConstraint("kind = 'replacement' OR (body <> '' AND replacement = '')", name="says_something"),
        CheckConstraint("quote <> ''", name="quote_given"),
        CheckConstraint(f"how IN ({_names(HOWS)})", name="how_known"),
        Index("ix_draft_annotation_section", "consultation_id", "key", "state", "id"),
        Index(
            "ix_draft_annotation_beside",
            "consultation_id",
            "key",
            postgresql_where="state = 'visible' AND edition_id = checked_id",
        ),
        Index("ix_draft_annotation_unchecked", "consultation_id", "checked_id", "id"),
        Index("ix_draft_annotation_author_id", "author_id", "created_at"),
        Index("ix_draft_annotation_edition_id", "edition_id", "key"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    consultation_id: Mapped[int] = mapped_column(ForeignKey("consultation.id", ondelete="CASCADE"))
    contribution_id: Mapped[int] = mapped_column(ForeignKey("contribution.id"))
    author_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    form_key: Mapped[str | None]
    kind: Mapped[str]
    body: Mapped[str] = mapped_column(default="")
    #: the wording asked for instead of the passage; empty asks to leave it out
    replacement: Mapped[str] = mapped_column(default="")
    state: Mapped[str] = mapped_column(default="visible")
    #: the passage as its author saw it, with what stood before and after
    quote: Mapped[str]
    prefix: Mapped[str] = mapped_column(default="")
    suffix: Mapped[str] = mapped_column(default="")
    #: whether it is about the whole section
    whole: Mapped[bool] = mapped_column(default=False)
    #: the edition it was written beside
    made_id: Mapped[int] = mapped_column(ForeignKey("draft_edition.id"))
    edition_id: Mapped[int]
    key: Mapped[int]
    start: Mapped[int]
    end: Mapped[int]
    checked_id: Mapped[int]
    #: how it was found in the edition it is in, of `rules.HOWS`
    how: Mapped[str] = mapped_column(default="written")
    agree: Mapped[int] = mapped_column(default=0)
    disagree: Mapped[int] = mapped_column(default=0)
    created_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))

    author: Mapped[Account | None] = relationship(lazy="raise_on_sql")
    contribution: Mapped[Contribution] = relationship(lazy="raise_on_sql")

    @property
    def is_lost(self) -> bool:
        """Whether the text has changed so that the passage is not in it any more."""
        return self.edition_id != self.checked_id

    @property
    def is_marked(self) -> bool:
        """Whether it stands where it was found by likeness or with doubt, and nobody said yet that this is right."""
        return self.how in MARKED and not self.is_lost


class Stance(Base):
    """Whether an account agrees with an annotation. One each, and it may change."""

    __tablename__ = "draft_stance"
    __table_args__ = (
        CheckConstraint("value IN (1, -1)", name="value_known"),
        Index("ix_draft_stance_account_id", "account_id"),
    )

    annotation_id: Mapped[int] = mapped_column(
        ForeignKey("draft_annotation.id", ondelete="CASCADE"), primary_key=True
    )
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"), primary_key=True)
    value: Mapped[int]
    at: Mapped[datetime] = mapped_column(DateTime(timezone=True))

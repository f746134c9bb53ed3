"""What is stored about a comment. A reply answers a comment of the same proposal, never another reply."""

from datetime import datetime

from sqlalchemy import CheckConstraint, DateTime, ForeignKey, ForeignKeyConstraint, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from civic.accounts.models import Account
from civic.extensions import Base


class Comment(Base):
    """One comment or reply.

    `depth` and `parent_depth` exist for the foreign key: a reply's parent must be a comment of depth 0
    on the same proposal, and the database says so, whoever writes.
    """

    __tablename__ = "proposal_comment"
    __table_args__ = (
        UniqueConstraint("id", "proposal_id", "depth"),
        ForeignKeyConstraint(
            ["parent_id", "proposal_id", "parent_depth"],
            ["proposal_comment.id", "proposal_comment.proposal_id", "proposal_comment.depth"],
            name="fk_proposal_comment_parent",
            ondelete="CASCADE",
        ),
        CheckConstraint("state IN ('visible', 'held', 'hidden')", name="state_known"),
        CheckConstraint(
            "(parent_id IS NULL AND depth = 0 AND parent_depth IS NULL)"
            " OR (parent_id IS NOT NULL AND depth = 1 AND parent_depth = 0)",
            name="one_level_of_replies",
        ),
        CheckConstraint("char_length(body) BETWEEN 1 AND 3000", name="body_length"),
        Index("ix_proposal_comment_thread", "proposal_id", "parent_id", "created_at", "id"),
        Index("ix_proposal_comment_author_id", "author_id", "created_at"),
        UniqueConstraint("author_id", "form_key"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    proposal_id: Mapped[int] = mapped_column(ForeignKey("proposal.id", ondelete="CASCADE"))
    parent_id: Mapped[int | None]
    depth: Mapped[int] = mapped_column(default=0)
    parent_depth: Mapped[int | None]
    author_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    #: the form the comment was sent with: a form sent twice makes one comment
    form_key: Mapped[str | None]
    body: Mapped[str]
    state: Mapped[str] = mapped_column(default="visible")
    created_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))

    author: Mapped[Account | None] = relationship(lazy="raise_on_sql")

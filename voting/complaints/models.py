"""What is stored about identity complaints: who says what, until when it is answered, what was decided by whom.

Never whether there is a ballot in the complainant's name: no column, text or outcome says so.
"""

from datetime import datetime

from sqlalchemy import CheckConstraint, DateTime, ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from civic.extensions import Base
from voting.complaints.rules import Kind, Outcome

_KINDS = ", ".join(f"'{kind}'" for kind in Kind)
_OUTCOMES = ", ".join(f"'{outcome}'" for outcome in Outcome)
_OPEN = "decided_at IS NULL"


class IdentityComplaint(Base):
    """Somebody says that another person votes, or is known to the city, in their name.

    Filed by an account, or by a clerk for a person at the desk: then `contact` tells how they are answered when
    they have no account. `person_id` is the human being it is about: the complainant's own record, or the one that
    the document shown at the desk belongs to.
    """

    __tablename__ = "identity_complaint"
    __table_args__ = (
        Index(
            "uq_identity_complaint_open_account",
            "round_id",
            "account_id",
            unique=True,
            postgresql_where=text(_OPEN),
        ),
        # An account has one person and a person one account; people without an account are told apart here.
        Index(
            "uq_identity_complaint_open_person",
            "round_id",
            "person_id",
            unique=True,
            postgresql_where=text(f"{_OPEN} AND account_id IS NULL"),
        ),
        CheckConstraint(f"kind IN ({_KINDS})", name="kind_known"),
        CheckConstraint("text <> ''", name="text_given"),
        CheckConstraint(
            "account_id IS NOT NULL OR (clerk_id IS NOT NULL AND (contact <> '' OR decided_at IS NOT NULL))",
            name="filer_known",
        ),
        CheckConstraint("kind <> 'ballot_not_mine' OR person_id IS NOT NULL", name="ballot_has_person"),
        CheckConstraint("(document_at IS NULL) = (document_by_id IS NULL)", name="document_whole"),
        CheckConstraint(f"outcome IN ({_OUTCOMES})", name="outcome_known"),
        CheckConstraint("(outcome IS NULL) = (decided_at IS NULL)", name="decided_with_outcome"),
        CheckConstraint("(outcome IS NULL) = (decided_by_id IS NULL)", name="decided_by_somebody"),
        CheckConstraint("outcome IS NULL OR reason <> ''", name="decided_with_reason"),
        CheckConstraint(
            "decided_by_id IS NULL OR (decided_by_id IS DISTINCT FROM account_id"
            " AND decided_by_id IS DISTINCT FROM clerk_id AND decided_by_id IS DISTINCT FROM document_by_id)",
            name="decided_by_another",
        ),
        Index("ix_identity_complaint_round_id", "round_id", "id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    round_id: Mapped[int] = mapped_column(ForeignKey("round.id"))
    kind: Mapped[str]
    account_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"), index=True)
    clerk_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    #: name and address or telephone of somebody without an account, until nobody can contest the results any more
    contact: Mapped[str] = mapped_column(default="", server_default="")
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"), index=True)
    text: Mapped[str]
    filed_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    due_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    deadline_id: Mapped[int] = mapped_column(ForeignKey("deadline_version.id"))
    #: when a clerk compared the identity document with the person and looked up whose record it is
    document_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    document_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    #: who asked that the ballot, if there is one, does not count; another person confirms
    void_asked_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    outcome: Mapped[str | None]
    reason: Mapped[str] = mapped_column(default="", server_default="")
    decided_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    decided_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))

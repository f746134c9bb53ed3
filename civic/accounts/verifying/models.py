"""What is stored about a declaration on its way to becoming a verified person."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, Date, DateTime, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from civic.extensions import Base


class LetterBatch(Base):
    """Letters with codes that are printed together, and who sent them when."""

    __tablename__ = "letter_batch"
    __table_args__ = (
        CheckConstraint("letters > 0", name="letters_positive"),
        CheckConstraint("(sent_at IS NULL) = (sent_by_id IS NULL)", name="sent_by_somebody"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    letters: Mapped[int]
    made_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    made_by_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    sent_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    sent_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))


class Declaration(Base):
    """What somebody declared about themselves, and the code that is to confirm it.

    Until then the keyed hash of the identity waits here, and no person exists. Afterwards the person has it, and
    this row keeps when the declaration was made and, sealed, what a clerk needs to check it by a sample. Name,
    address and telephone number are erased when no sample can be drawn any more.
    """

    __tablename__ = "declaration"
    __table_args__ = (
        CheckConstraint("method IN ('declaration', 'letter')", name="method_known"),
        CheckConstraint(
            "(method = 'declaration') = (channel IS NOT NULL) AND channel IN ('sms', 'email')",
            name="channel_of_declarations",
        ),
        CheckConstraint("(confirmed_at IS NULL) = (identity_hash IS NOT NULL)", name="hash_until_confirmed"),
        CheckConstraint("(confirmed_at IS NULL) = (birth_date IS NOT NULL)", name="birth_until_confirmed"),
        CheckConstraint("(confirmed_at IS NULL) = (person_id IS NULL)", name="person_when_confirmed"),
        CheckConstraint("code_hash IS NULL OR confirmed_at IS NULL", name="code_used_once"),
        CheckConstraint("(code_hash IS NULL) = (code_until IS NULL)", name="code_ends"),
        # One of a kind waits for each account; whoever begins again replaces it.
        Index(
            "uq_declaration_waiting",
            "account_id",
            "method",
            unique=True,
            postgresql_where="confirmed_at IS NULL",
        ),
        Index("ix_declaration_phone_mark", "phone_mark"),
        Index("ix_declaration_person_id", "person_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    #: the edition somebody was on the way to, to lead them back to its ballot
    round_id: Mapped[int | None] = mapped_column(ForeignKey("round.id", ondelete="SET NULL"))
    method: Mapped[str]
    #: what carries the code of a declaration
    channel: Mapped[str | None]
    made_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    #: the wording that was agreed to
    consent_version: Mapped[int]
    identity_hash: Mapped[bytes | None]
    birth_date: Mapped[date | None] = mapped_column(Date)
    neighbourhood_id: Mapped[int] = mapped_column(ForeignKey("neighbourhood.id"))
    area_basis: Mapped[str]
    #: name, address and telephone number, sealed under the master key
    sealed: Mapped[bytes | None]
    #: keyed hash of the telephone number: how many people it serves
    phone_mark: Mapped[bytes | None]
    sms_id: Mapped[int | None] = mapped_column(ForeignKey("sms_message.id", ondelete="SET NULL"))
    code_hash: Mapped[bytes | None]
    code_sent_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    code_until: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    code_tries: Mapped[int] = mapped_column(default=0)
    #: the printed letters this one is among, and its code until they are sent
    batch_id: Mapped[int | None] = mapped_column(ForeignKey("letter_batch.id"), index=True)
    sealed_code: Mapped[bytes | None]
    confirmed_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))

    @property
    def proof(self) -> str:
        """The way in one word of `methods`."""
        return f"declaration_{self.channel}" if self.method == "declaration" else self.method

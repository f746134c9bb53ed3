"""What is stored about contributions: the register, its themes, the answers, and letters on their way in."""

from base64 import urlsafe_b64encode
from datetime import datetime

from sqlalchemy import (
    CheckConstraint,
    Computed,
    DateTime,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    UniqueConstraint,
)
from sqlalchemy.dialects.postgresql import TSVECTOR
from sqlalchemy.orm import Mapped, mapped_column, relationship

from civic import sealing
from civic.extensions import Base
from civic.files.models import StoredFile
from consultations.contributions.rules import CHANNELS, HIDDEN_FOR, STORED_AS, AnswerState, Outcome
from consultations.models import Consultation

_OF_CONSULTATION = "consultation.id"
_OF_ACCOUNT = "account.id"


def _names(values: object) -> str:
    return ", ".join(f"'{value}'" for value in values)  # type: ignore[attr-defined]


class Theme(Base):
    """Contributions of one consultation that ask for the same, answered together."""

    __tablename__ = "contribution_theme"
    __table_args__ = (
        UniqueConstraint("consultation_id", "title"),
        UniqueConstraint("id", "consultation_id"),
        CheckConstraint("title <> ''", name="title_given"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    consultation_id: Mapped[int] = mapped_column(ForeignKey(_OF_CONSULTATION), index=True)
    title: Mapped[str]
    created_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    account_id: Mapped[int | None] = mapped_column(ForeignKey(_OF_ACCOUNT))


class Contribution(Base):
    """One entry of the register: numbered within its consultation without a gap, never removed.

    `author_name` is what everyone reads; who it was in full and where the answer goes is in `contact`, sealed. Of a
    text with personal data or an offence everyone reads what staff left of it, or nothing, and why; its whole text
    is sealed for those who answer, its hash proves what it was.
    """

    __tablename__ = "contribution"
    __table_args__ = (
        UniqueConstraint("consultation_id", "number"),
        UniqueConstraint("reference"),
        UniqueConstraint("old_token_sha256"),
        UniqueConstraint("form_key"),
        # A theme and a twin are of the same consultation.
        UniqueConstraint("id", "consultation_id"),
        ForeignKeyConstraint(
            ["theme_id", "consultation_id"], ["contribution_theme.id", "contribution_theme.consultation_id"]
        ),
        ForeignKeyConstraint(
            ["same_as_id", "consultation_id"], ["contribution.id", "contribution.consultation_id"]
        ),
        CheckConstraint("number >= 1", name="number_from_one"),
        CheckConstraint(f"channel IN ({_names(CHANNELS)})", name="channel_known"),
        CheckConstraint(f"shown_as IN ({_names(STORED_AS)})", name="shown_as_known"),
        # What people answer in a questionnaire may carry no name.
        CheckConstraint("author_name <> '' OR channel = 'survey'", name="author_given"),
        CheckConstraint("octet_length(body_sha256) = 32 AND octet_length(folded_sha256) = 32", name="hashed"),
        CheckConstraint("body <> '' OR hidden_at IS NOT NULL", name="body_unless_hidden"),
        CheckConstraint(f"hidden_for IN ('', {_names(HIDDEN_FOR)})", name="hidden_for_known"),
        CheckConstraint(
            "(hidden_at IS NULL) = (hidden_for = '') AND (hidden_at IS NULL) = (hidden_reason = '')",
            name="hidden_whole",
        ),
        CheckConstraint(
            "considered IS NULL OR (late AND considered_reason <> '')", name="considered_if_late"
        ),
        CheckConstraint("same_as_id <> id", name="same_as_another"),
        CheckConstraint("organisation_id IS NULL OR by_organisation", name="organisation_told"),
        CheckConstraint("registered_at >= received_at", name="received_before_registered"),
        Index("ix_contribution_list", "consultation_id", "number"),
        Index("ix_contribution_same", "consultation_id", "folded_sha256"),
        Index("ix_contribution_account_id", "account_id", "id"),
        Index("ix_contribution_search", "search_vector", postgresql_using="gin"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    consultation_id: Mapped[int] = mapped_column(ForeignKey(_OF_CONSULTATION))
    number: Mapped[int]
    reference: Mapped[str]
    channel: Mapped[str]
    account_id: Mapped[int | None] = mapped_column(ForeignKey(_OF_ACCOUNT))
    author_name: Mapped[str]
    shown_as: Mapped[str] = mapped_column(default="full")
    #: whether it speaks for an organisation, whose full name is the author's
    by_organisation: Mapped[bool] = mapped_column(default=False)
    #: the organisation in whose name its author proved to speak
    organisation_id: Mapped[int | None] = mapped_column(ForeignKey("organisation.id"), index=True)
    #: {"name", "contact"} sealed; None once erased, or when the account says it all
    contact: Mapped[bytes | None]
    #: the language its author is written to in
    locale: Mapped[str] = mapped_column(default="ro")
    title: Mapped[str] = mapped_column(default="")
    body: Mapped[str]
    body_sha256: Mapped[bytes]
    #: of the text without diacritics, cases and spaces: identical letters meet here
    folded_sha256: Mapped[bytes]
    received_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    registered_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    registered_by_id: Mapped[int | None] = mapped_column(ForeignKey(_OF_ACCOUNT))
    late: Mapped[bool] = mapped_column(default=False)
    #: whether a late one is considered; None until staff decide
    considered: Mapped[bool | None]
    considered_reason: Mapped[str] = mapped_column(default="")
    hidden_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    hidden_for: Mapped[str] = mapped_column(default="")
    hidden_reason: Mapped[str] = mapped_column(default="")
    #: {"body"} as it came, sealed, when what is shown is less
    original: Mapped[bytes | None]
    theme_id: Mapped[int | None] = mapped_column(index=True)
    #: the first letter with the same text: answered once, everyone told
    same_as_id: Mapped[int | None] = mapped_column(index=True)
    #: a review found that the common answer misses it: it gets one of its own
    apart: Mapped[bool] = mapped_column(default=False)
    #: who in the city hall prepares its answer
    assigned_to_id: Mapped[int | None] = mapped_column(ForeignKey(_OF_ACCOUNT), index=True)
    #: of the random link its receipt had when links were stored; those sent since are made from `token`
    old_token_sha256: Mapped[bytes | None]
    #: the form it was sent with: sent twice it is registered once
    form_key: Mapped[str | None]
    search_text: Mapped[str] = mapped_column(default="")
    search_vector: Mapped[str] = mapped_column(
        TSVECTOR, Computed("to_tsvector('simple'::regconfig, search_text)", persisted=True), deferred=True
    )

    @property
    def token(self) -> str:
        """What opens its receipt for whoever has the link: made from the installation's key, stored nowhere."""
        return f"{self.id}.{urlsafe_b64encode(sealing.mark('contribution receipt', self.reference)[:24]).decode()}"

    consultation: Mapped[Consultation] = relationship(lazy="raise_on_sql")
    attachments: Mapped[list["Attachment"]] = relationship(
        order_by="Attachment.id", lazy="raise_on_sql", back_populates="contribution"
    )


class PendingContribution(Base):
    """Sent by somebody without an account, until the link in the mail is opened. Everything of it is sealed."""

    __tablename__ = "contribution_pending"
    __table_args__ = (
        UniqueConstraint("token_mark"),
        UniqueConstraint("contribution_id"),
        CheckConstraint("(confirmed_at IS NULL) = (contribution_id IS NULL)", name="confirmed_whole"),
        CheckConstraint("confirmed_at IS NULL OR sealed IS NULL", name="forgotten_when_confirmed"),
        Index("ix_contribution_pending_address", "address_mark", "sent_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    consultation_id: Mapped[int] = mapped_column(ForeignKey(_OF_CONSULTATION), index=True)
    #: name, address, how it is shown, title, text
    sealed: Mapped[bytes | None]
    token_mark: Mapped[bytes]
    address_mark: Mapped[bytes]
    sent_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    confirmed_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    contribution_id: Mapped[int | None] = mapped_column(ForeignKey("contribution.id"))


LETTER_STATES = ("unassigned", "registered", "refused", "set_aside", "failed", "again")


class Letter(Base):
    """An e-mail taken from the mailbox, once for its Message-ID, whatever became of it.

    "failed" is one the program broke on: its original stays in the mailbox until staff say "again", or place it.
    """

    __tablename__ = "contribution_letter"
    __table_args__ = (
        UniqueConstraint("message_mark"),
        UniqueConstraint("contribution_id"),
        CheckConstraint(f"state IN ({_names(LETTER_STATES)})", name="state_known"),
        CheckConstraint("(state = 'registered') = (contribution_id IS NOT NULL)", name="registered_whole"),
        CheckConstraint(
            "state NOT IN ('refused', 'set_aside', 'failed') OR reason <> ''", name="reason_given"
        ),
        Index(
            "ix_contribution_letter_waiting",
            "id",
            postgresql_where="state IN ('unassigned', 'failed', 'again')",
        ),
        Index("ix_contribution_letter_sender", "sender_mark", "answered_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    #: keyed hash of the Message-ID
    message_mark: Mapped[bytes]
    sender_mark: Mapped[bytes]
    #: {"name", "address", "subject", "body"}, of a failed one also {"key", "message_id"}: where its original is;
    #: None once it is registered, refused or forgotten
    sealed: Mapped[bytes | None]
    received_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    taken_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    state: Mapped[str]
    #: why it was refused or set aside, or what broke
    reason: Mapped[str] = mapped_column(default="")
    #: when the sender was last written to because of it
    answered_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    contribution_id: Mapped[int | None] = mapped_column(ForeignKey("contribution.id"))
    decided_by_id: Mapped[int | None] = mapped_column(ForeignKey(_OF_ACCOUNT))
    decided_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))


class LetterAttempt(Base):
    """A letter somebody began to take. The row goes when it is done: one that stays says that the work was cut off."""

    __tablename__ = "contribution_letter_attempt"
    __table_args__ = (CheckConstraint("tries >= 1", name="tried"),)

    #: what the mailbox calls it
    key: Mapped[str] = mapped_column(primary_key=True)
    tries: Mapped[int] = mapped_column(default=1)
    begun_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))


class Attachment(Base):
    """A file that came with a contribution, or only its name when it could not be kept."""

    __tablename__ = "contribution_attachment"
    __table_args__ = (
        CheckConstraint("num_nonnulls(contribution_id, letter_id) >= 1", name="belongs"),
        CheckConstraint("not_kept IN ('', 'too_large', 'not_allowed', 'too_many')", name="not_kept_known"),
        CheckConstraint("(file_id IS NULL) = (not_kept <> '')", name="kept_or_not"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    contribution_id: Mapped[int | None] = mapped_column(ForeignKey("contribution.id"), index=True)
    letter_id: Mapped[int | None] = mapped_column(ForeignKey("contribution_letter.id"), index=True)
    name: Mapped[str]
    file_id: Mapped[int | None] = mapped_column(ForeignKey("stored_file.id"))
    not_kept: Mapped[str] = mapped_column(default="")

    file: Mapped[StoredFile | None] = relationship(lazy="joined")
    contribution: Mapped[Contribution | None] = relationship(back_populates="attachments")


class Answer(Base):
    """What the city says to a contribution or to a theme. Published by a second person, never changed after."""

    __tablename__ = "contribution_answer"
    __table_args__ = (
        CheckConstraint("num_nonnulls(contribution_id, theme_id) = 1", name="to_one"),
        CheckConstraint(f"outcome IN ({_names(Outcome)})", name="outcome_known"),
        CheckConstraint(f"state IN ({_names(AnswerState)})", name="state_known"),
        CheckConstraint("outcome = 'adopted' OR reason <> '' OR state = 'draft'", name="reasoned"),
        CheckConstraint(
            "(state IN ('published', 'withdrawn')) = (published_at IS NOT NULL)"
            " AND (published_at IS NULL) = (signed_by_id IS NULL)",
            name="published_whole",
        ),
        # Four eyes, whoever writes the row.
        CheckConstraint("signed_by_id <> drafted_by_id", name="four_eyes"),
        CheckConstraint(
            "(state = 'withdrawn') = (withdrawn_at IS NOT NULL)"
            " AND (withdrawn_at IS NULL) = (withdrawn_reason = '')",
            name="withdrawn_whole",
        ),
        CheckConstraint("link = '' OR link ~* '^https?://'", name="link_http"),
        # One living answer each; those withdrawn stay.
        Index(
            "uq_contribution_answer_contribution_id",
            "contribution_id",
            unique=True,
            postgresql_where="state <> 'withdrawn'",
        ),
        Index(
            "uq_contribution_answer_theme_id",
            "theme_id",
            unique=True,
            postgresql_where="state <> 'withdrawn'",
        ),
        Index("ix_contribution_answer_consultation_id", "consultation_id", "state"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    consultation_id: Mapped[int] = mapped_column(ForeignKey(_OF_CONSULTATION))
    contribution_id: Mapped[int | None] = mapped_column(ForeignKey("contribution.id"), index=True)
    theme_id: Mapped[int | None] = mapped_column(ForeignKey("contribution_theme.id"), index=True)
    outcome: Mapped[str]
    reason: Mapped[str] = mapped_column(default="")
    #: where in the documents it changed something: "art. 4 (2) of the draft"
    place: Mapped[str] = mapped_column(default="")
    link: Mapped[str] = mapped_column(default="")
    #: the function of who answers, as people read it
    author_function: Mapped[str]
    state: Mapped[str] = mapped_column(default=AnswerState.DRAFT.value)
    #: who wrote the words as they stand
    drafted_by_id: Mapped[int] = mapped_column(ForeignKey(_OF_ACCOUNT))
    changed_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    signed_by_id: Mapped[int | None] = mapped_column(ForeignKey(_OF_ACCOUNT))
    published_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    withdrawn_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    withdrawn_reason: Mapped[str] = mapped_column(default="")
    #: what the person who did not sign asked to be changed
    returned_note: Mapped[str] = mapped_column(default="")
    #: raised with every change: the words of somebody who saw an older one are not saved over
    version: Mapped[int] = mapped_column(default=1)


class Review(Base):
    """ "This is not what I asked": one a contribution, decided by somebody who neither wrote nor signed."""

    __tablename__ = "contribution_review"
    __table_args__ = (
        UniqueConstraint("contribution_id"),
        CheckConstraint("outcome IN ('', 'kept', 'again')", name="outcome_known"),
        CheckConstraint(
            "(outcome = '') = (decided_at IS NULL) AND (decided_at IS NULL) = (decided_by_id IS NULL)"
            " AND (decided_at IS NULL) = (reason = '')",
            name="decided_whole",
        ),
        CheckConstraint(
            "decided_by_id <> drafted_by_id AND decided_by_id <> signed_by_id", name="by_another_person"
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    contribution_id: Mapped[int] = mapped_column(ForeignKey("contribution.id"))
    answer_id: Mapped[int] = mapped_column(ForeignKey("contribution_answer.id"))
    text: Mapped[str]
    requested_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    drafted_by_id: Mapped[int] = mapped_column(ForeignKey(_OF_ACCOUNT))
    signed_by_id: Mapped[int] = mapped_column(ForeignKey(_OF_ACCOUNT))
    outcome: Mapped[str] = mapped_column(default="")
    reason: Mapped[str] = mapped_column(default="")
    decided_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    decided_by_id: Mapped[int | None] = mapped_column(ForeignKey(_OF_ACCOUNT))

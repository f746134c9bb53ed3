"""What is stored about citizens' draft decisions: the draft, the electors and the share, the signatures, the paper."""

from datetime import date, datetime
from decimal import Decimal

from flask_babel import get_locale
from sqlalchemy import (
    CheckConstraint,
    Date,
    DateTime,
    ForeignKey,
    Index,
    LargeBinary,
    Numeric,
    UniqueConstraint,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship

from civic.accounts.models import Account
from civic.extensions import Base
from civic.files.models import StoredFile
from civic.places.models import Neighbourhood
from consultations.initiatives.rules import MOST_ELECTORS, OUTCOMES
from consultations.models import Consultation

_OF_ACCOUNT = "account.id"
_OF_INITIATIVE = "initiative.id"
_OF_VERSION = "deadline_version.id"
_OUTCOMES = ", ".join(f"'{one}'" for one in OUTCOMES)


class ElectorCount(Base):
    """How many electors an area had on a day, as somebody official counted them. The latest entry is in force."""

    __tablename__ = "initiative_electors"
    __table_args__ = (
        CheckConstraint(f"electors BETWEEN 1 AND {MOST_ELECTORS}", name="electors_plausible"),
        CheckConstraint("source <> ''", name="source_given"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    #: None for the whole city
    neighbourhood_id: Mapped[int | None] = mapped_column(ForeignKey("neighbourhood.id"), index=True)
    electors: Mapped[int]
    #: where the number was published: the electoral authority's page, a letter with its number
    source: Mapped[str]
    as_of: Mapped[date] = mapped_column(Date)
    entered_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    account_id: Mapped[int | None] = mapped_column(ForeignKey(_OF_ACCOUNT))

    neighbourhood: Mapped[Neighbourhood | None] = relationship(lazy="joined")


class SignatureShare(Base):
    """The share of electors whose signatures are asked for, as it is from one moment on. Never changed."""

    __tablename__ = "initiative_share"
    __table_args__ = (
        UniqueConstraint("number"),
        CheckConstraint("percent > 0 AND percent <= 100", name="percent_plausible"),
        CheckConstraint("source_ro <> '' AND source_en <> ''", name="source_given"),
        CheckConstraint("number = 1 OR reason <> ''", name="change_reasoned"),
        CheckConstraint("(verified_on IS NULL) = (verified_by = '')", name="mark_whole"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    number: Mapped[int]
    percent: Mapped[Decimal] = mapped_column(Numeric(5, 2))
    #: as it follows "under" or "potrivit"
    source_ro: Mapped[str]
    source_en: Mapped[str]
    since: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    reason: Mapped[str] = mapped_column(default="")
    account_id: Mapped[int | None] = mapped_column(ForeignKey(_OF_ACCOUNT))
    #: the jurist who checked it, and on which day
    verified_by: Mapped[str] = mapped_column(default="")
    verified_on: Mapped[date | None] = mapped_column(Date)

    @property
    def source(self) -> str:
        """Where the share comes from, in the reader's language."""
        return self.source_en if str(get_locale() or "ro") == "en" else self.source_ro


class Initiative(Base):
    """A draft decision that citizens put forward. Where it stands is computed (`rules.state_of`)."""

    __tablename__ = "initiative"
    __table_args__ = (
        CheckConstraint("title <> ''", name="title_given"),
        CheckConstraint(
            "(submitted_at IS NULL AND published_at IS NULL)"
            " OR (text <> '' AND reasons <> '' AND initiators <> '')",
            name="submitted_whole",
        ),
        CheckConstraint("(submitted_at IS NULL) = (form_due_at IS NULL)", name="form_clock_runs"),
        CheckConstraint("(returned_at IS NULL) = (returned_reason = '')", name="returned_reasoned"),
        CheckConstraint("returned_at IS NULL OR submitted_at IS NULL", name="returned_or_submitted"),
        CheckConstraint(
            "(published_at IS NULL) = (closes_at IS NULL) AND (published_at IS NULL) = (deposit_until IS NULL)"
            " AND (published_at IS NULL) = (electors_id IS NULL) AND (published_at IS NULL) = (share_id IS NULL)"
            " AND (published_at IS NULL) = (required IS NULL)",
            name="published_whole",
        ),
        CheckConstraint("published_at IS NULL OR submitted_at IS NOT NULL", name="published_after_check"),
        CheckConstraint("closes_at > published_at AND deposit_until > closes_at", name="moments_in_order"),
        CheckConstraint("required >= 1", name="required_counted"),
        CheckConstraint(
            "(deposited_at IS NULL) = (verify_due_at IS NULL) AND (deposited_at IS NULL) = (sample_seed = '')",
            name="deposited_whole",
        ),
        CheckConstraint("deposited_at IS NULL OR published_at IS NOT NULL", name="deposited_of_published"),
        CheckConstraint(f"outcome IN ('', {_OUTCOMES})", name="outcome_known"),
        CheckConstraint(
            "(outcome = '') = (decided_at IS NULL) AND (outcome = '') = (valid_total IS NULL)"
            " AND (outcome = '') = (outcome_reason = '')",
            name="outcome_whole",
        ),
        CheckConstraint("outcome = '' OR deposited_at IS NOT NULL", name="outcome_of_deposited"),
        # The promise of the law: nothing goes on with fewer signatures than its share, whoever writes the row.
        CheckConstraint(
            "outcome <> 'accepted' OR (valid_total >= required AND consultation_id IS NOT NULL)",
            name="accepted_with_enough",
        ),
        CheckConstraint("(withdrawn_at IS NULL) = (withdrawn_reason = '')", name="withdrawn_reasoned"),
        CheckConstraint("withdrawn_at IS NULL OR deposited_at IS NULL", name="withdrawn_before_deposit"),
        UniqueConstraint("consultation_id"),
        Index("ix_initiative_closes_at", "closes_at", "id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    title: Mapped[str]
    #: the text of the draft decision
    text: Mapped[str] = mapped_column(default="")
    #: why it is needed (expunere de motive)
    reasons: Mapped[str] = mapped_column(default="")
    #: the names of those who put it forward, one a line, as everyone reads them
    initiators: Mapped[str] = mapped_column(default="")
    #: which of these lines is the author's, in their words; empty when their account is deleted
    own_line: Mapped[str] = mapped_column(default="", server_default="")
    neighbourhood_id: Mapped[int | None] = mapped_column(ForeignKey("neighbourhood.id"), index=True)
    author_id: Mapped[int] = mapped_column(ForeignKey(_OF_ACCOUNT), index=True)
    organisation_id: Mapped[int | None] = mapped_column(ForeignKey("organisation.id"), index=True)
    created_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    changed_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    version: Mapped[int] = mapped_column(default=1)

    submitted_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    form_due_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    returned_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    returned_reason: Mapped[str] = mapped_column(default="")

    published_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    closes_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    deposit_until: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    collect_version_id: Mapped[int | None] = mapped_column(ForeignKey(_OF_VERSION))
    electors_id: Mapped[int | None] = mapped_column(ForeignKey("initiative_electors.id"))
    share_id: Mapped[int | None] = mapped_column(ForeignKey("initiative_share.id"))
    #: how many signatures it needs, computed at the publication and never again
    required: Mapped[int | None]

    deposited_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    verify_due_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    #: orders the signatures drawn for the secretary's check
    sample_seed: Mapped[str] = mapped_column(default="")
    outcome: Mapped[str] = mapped_column(default="")
    outcome_reason: Mapped[str] = mapped_column(default="")
    decided_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    valid_total: Mapped[int | None]
    withdrawn_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    withdrawn_reason: Mapped[str] = mapped_column(default="")
    consultation_id: Mapped[int | None] = mapped_column(ForeignKey("consultation.id"))
    #: when names and addresses of the signers were erased
    erased_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    #: the initiator whose account was deleted, sealed for the city hall; None for nobody, or once erased
    initiator_left: Mapped[bytes | None] = mapped_column(LargeBinary)

    author: Mapped[Account] = relationship()
    neighbourhood: Mapped[Neighbourhood | None] = relationship(lazy="joined")
    electors: Mapped[ElectorCount | None] = relationship()
    share: Mapped[SignatureShare | None] = relationship()
    consultation: Mapped[Consultation | None] = relationship()


class Signature(Base):
    """One citizen's signature given on this site.

    Nothing here names its signer: `signer_mark` is a keyed hash of the verified identity, other for every initiative,
    and what the law asks on the list is sealed for the secretary and erased after the verification.
    """

    __tablename__ = "initiative_signature"
    __table_args__ = (
        # One signature of a person: two quick taps, two accounts one after the other, a new verification alike.
        UniqueConstraint(
            "initiative_id", "signer_mark", name="uq_initiative_signature_initiative_id_signer_mark"
        ),
        CheckConstraint("octet_length(signer_mark) = 32", name="mark_hashed"),
        CheckConstraint("(struck_at IS NULL) = (struck_reason = '')", name="struck_reasoned"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    initiative_id: Mapped[int] = mapped_column(ForeignKey(_OF_INITIATIVE, ondelete="CASCADE"))
    signer_mark: Mapped[bytes] = mapped_column(LargeBinary)
    #: name, domicile and identity document; None once erased
    sealed: Mapped[bytes | None] = mapped_column(LargeBinary)
    signed_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    struck_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    struck_reason: Mapped[str] = mapped_column(default="")
    struck_by_id: Mapped[int | None] = mapped_column(ForeignKey(_OF_ACCOUNT))


class PaperSheet(Base):
    """One counted sheet of a paper list: how many lines count, how many were struck and why, and its scan."""

    __tablename__ = "initiative_sheet"
    __table_args__ = (
        UniqueConstraint("initiative_id", "number"),
        CheckConstraint("number >= 1", name="number_from_one"),
        CheckConstraint("valid >= 0 AND struck >= 0 AND valid + struck >= 1", name="lines_counted"),
        CheckConstraint("(struck = 0) = (struck_reason = '')", name="struck_reasoned"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    initiative_id: Mapped[int] = mapped_column(ForeignKey(_OF_INITIATIVE))
    number: Mapped[int]
    valid: Mapped[int]
    struck: Mapped[int]
    struck_reason: Mapped[str] = mapped_column(default="")
    #: the scan; None once erased
    file_id: Mapped[int | None] = mapped_column(ForeignKey("stored_file.id"))
    entered_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    account_id: Mapped[int | None] = mapped_column(ForeignKey(_OF_ACCOUNT))

    file: Mapped[StoredFile | None] = relationship(lazy="joined")


class PaperLine(Base):
    """A line of a sheet as it was typed, to be compared with the signatures given here; perhaps counted elsewhere."""

    __tablename__ = "initiative_paper_line"
    __table_args__ = (
        UniqueConstraint("sheet_id", "place"),
        CheckConstraint("place >= 1", name="place_from_one"),
        CheckConstraint("num_nonnulls(same_signature_id, same_line_id) <= 1", name="matched_once"),
        CheckConstraint("same_line_id <> id", name="not_itself"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    sheet_id: Mapped[int] = mapped_column(ForeignKey("initiative_sheet.id", ondelete="CASCADE"))
    place: Mapped[int]
    #: name, domicile and identity document; None once erased
    sealed: Mapped[bytes | None] = mapped_column(LargeBinary)
    #: the signature given here, or the other line, by which the person is counted instead
    same_signature_id: Mapped[int | None] = mapped_column(
        ForeignKey("initiative_signature.id", ondelete="SET NULL"), index=True
    )
    same_line_id: Mapped[int | None] = mapped_column(
        ForeignKey("initiative_paper_line.id", ondelete="SET NULL"), index=True
    )

    @property
    def matched(self) -> bool:
        """Whether its person is counted elsewhere."""
        return self.same_signature_id is not None or self.same_line_id is not None

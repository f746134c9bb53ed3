"""What is stored about a round: its plan, its money, its ballots' rules and what was frozen at opening."""

from datetime import date, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import (
    CheckConstraint,
    Column,
    Date,
    DateTime,
    ForeignKey,
    Integer,
    LargeBinary,
    Numeric,
    PrimaryKeyConstraint,
    String,
    Table,
    UniqueConstraint,
)
from sqlalchemy.dialects.postgresql import ARRAY, JSONB
from sqlalchemy.orm import Mapped, mapped_column, relationship

from civic.extensions import Base
from civic.files.models import StoredFile
from civic.places.models import Category, Neighbourhood

PHASES = ("information", "submission", "analysis", "appeals", "voting", "validation", "results")
_PHASE_NAMES = ", ".join(f"'{phase}'" for phase in PHASES)

Money = Numeric(14, 2)


class Programme(Base):
    """A themed line of rounds or pots with eligibility of its own: young people, art, social entrepreneurship.

    The ages bind whoever proposes or votes in it, on top of the round's. `audience` says in words whom it
    is for, where no rule of ours can check it (an artist, a social enterprise): evaluators do.
    """

    __tablename__ = "programme"
    __table_args__ = (
        UniqueConstraint("slug"),
        CheckConstraint("min_age IS NULL OR min_age BETWEEN 0 AND 120", name="min_age_plausible"),
        CheckConstraint("max_age IS NULL OR max_age >= coalesce(min_age, 0)", name="age_range"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    slug: Mapped[str]
    name: Mapped[str]
    description: Mapped[str] = mapped_column(default="")
    audience: Mapped[str] = mapped_column(default="", server_default="")
    min_age: Mapped[int | None]
    max_age: Mapped[int | None]


round_area = Table(
    "round_area",
    Base.metadata,
    Column("round_id", Integer, ForeignKey("round.id", ondelete="CASCADE"), nullable=False),
    Column("neighbourhood_id", Integer, ForeignKey("neighbourhood.id"), nullable=False, index=True),
    PrimaryKeyConstraint("round_id", "neighbourhood_id", name="pk_round_area"),
    comment="The neighbourhoods whose residents alone are asked; a round without any is for the whole city.",
)


class Round(Base):
    """An edition of participatory budgeting, an advisory ballot of questions, or a recorded election imported
    from a file.

    `content` says what residents vote on. It is chosen when the round is created and never changes: the
    trigger `round_content_stays` refuses it.

    What is nullable until opening (`frozen`, `fingerprint`, `tie_seed`, `box_public_key`) is set once,
    when voting opens, and never changes after.
    """

    __tablename__ = "round"
    __table_args__ = (
        UniqueConstraint("slug"),
        CheckConstraint("kind IN ('city', 'recorded')", name="kind_known"),
        CheckConstraint("content IN ('projects', 'questions')", name="content_known"),
        CheckConstraint("char_length(currency) = 3", name="currency_iso"),
        CheckConstraint("min_age IS NULL OR min_age BETWEEN 0 AND 120", name="min_age_plausible"),
        CheckConstraint("max_age IS NULL OR max_age >= coalesce(min_age, 0)", name="age_range"),
        CheckConstraint(
            "area_basis IN ('domicile', 'residence', 'work', 'study', 'any', 'free')", name="area_basis_known"
        ),
        CheckConstraint(
            "remote_verification <@ ARRAY['letter', 'declaration_sms', 'declaration_email']::varchar[]",
            name="remote_verification_known",
        ),
        CheckConstraint("publication_mode IN ('inclusion_only', 'open')", name="publication_mode_known"),
        CheckConstraint("pot_counting IN ('separate', 'combined')", name="pot_counting_known"),
        CheckConstraint("tie_order IN ('lot', 'submission', 'draw')", name="tie_order_known"),
        CheckConstraint("(frozen_at IS NULL) = (fingerprint IS NULL)", name="frozen_with_fingerprint"),
        CheckConstraint("closed_at IS NULL OR frozen_at IS NOT NULL", name="closed_after_frozen"),
        CheckConstraint("results_at IS NULL OR closed_at IS NOT NULL", name="results_after_closed"),
        CheckConstraint("adopted_at IS NULL OR results_at IS NOT NULL", name="adopted_after_results"),
        CheckConstraint("(adopted_at IS NULL) = (adopted_by = '')", name="adopted_cites_decision"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    slug: Mapped[str]
    name: Mapped[str]
    kind: Mapped[str] = mapped_column(default="city")
    content: Mapped[str] = mapped_column(default="projects", server_default="projects")
    programme_id: Mapped[int | None] = mapped_column(ForeignKey("programme.id"))
    summary: Mapped[str] = mapped_column(default="")
    currency: Mapped[str] = mapped_column(default="RON")
    #: the rules adopted for this round, Markdown, and the council decision that adopted them
    regulation: Mapped[str] = mapped_column(default="")
    regulation_decision: Mapped[str] = mapped_column(default="")
    regulation_date: Mapped[date | None] = mapped_column(Date)
    # eligibility; ages count on the last voting day
    min_age: Mapped[int | None]
    max_age: Mapped[int | None]
    area_basis: Mapped[str] = mapped_column(default="any")
    late_registration: Mapped[bool] = mapped_column(default=True)
    #: how residents may be verified besides the desk, which every round accepts: `verifying.methods.REMOTE`
    remote_verification: Mapped[list[str]] = mapped_column(ARRAY(String), default=list, server_default="{}")
    min_cost: Mapped[Decimal | None] = mapped_column(Money)
    max_cost: Mapped[Decimal | None] = mapped_column(Money)
    #: the counting rule and its parameters, as `voting.counting.rules` serialises them
    counting_rule: Mapped[dict[str, Any]] = mapped_column(JSONB, default=dict)
    #: whether winners are found pot by pot, or over the money of all pots as one
    pot_counting: Mapped[str] = mapped_column(default="separate", server_default="separate")
    #: what decides between projects level in cost and votes: a seeded lot, earlier submission, a public draw
    tie_order: Mapped[str] = mapped_column(default="lot", server_default="lot")
    publication_mode: Mapped[str] = mapped_column(default="inclusion_only")
    created_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    #: when staff made the round public
    published_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    # set when voting opens
    frozen_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    #: large; read once for each fingerprint by `voting.round_queries.plan_of`
    frozen: Mapped[dict[str, Any] | None] = mapped_column(JSONB, deferred=True)
    fingerprint: Mapped[str | None]
    roll_fingerprint: Mapped[str | None]
    tie_seed: Mapped[str | None]
    box_public_key: Mapped[bytes | None] = mapped_column(LargeBinary)
    box_secret_wrapped: Mapped[bytes | None] = mapped_column(LargeBinary)
    # set at close, at publication and when the council adopts the list
    closed_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    results_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    adopted_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    adopted_by: Mapped[str] = mapped_column(default="")
    #: what was decided, in words, and where the decision can be read
    adopted_text: Mapped[str] = mapped_column(default="", server_default="")
    adopted_url: Mapped[str] = mapped_column(default="", server_default="")

    areas: Mapped[list[Neighbourhood]] = relationship(secondary=round_area, order_by=Neighbourhood.sort_key)
    phases: Mapped[list["Phase"]] = relationship(
        order_by="Phase.starts_at", cascade="all, delete-orphan", lazy="selectin"
    )
    pots: Mapped[list["Pot"]] = relationship(
        order_by="Pot.position", cascade="all, delete-orphan", lazy="selectin"
    )
    groups: Mapped[list["BallotGroup"]] = relationship(
        order_by="BallotGroup.position", cascade="all, delete-orphan", lazy="selectin"
    )
    documents: Mapped[list["RoundDocument"]] = relationship(
        order_by="RoundDocument.id", cascade="all, delete-orphan"
    )
    programme: Mapped[Programme | None] = relationship()

    @property
    def asks(self) -> bool:
        """Whether residents answer questions here instead of choosing projects."""
        return self.content == "questions"


class Phase(Base):
    """When one step of a round runs: from `starts_at` until just before `ends_at`."""

    __tablename__ = "phase"
    __table_args__ = (
        UniqueConstraint("round_id", "kind"),
        CheckConstraint(f"kind IN ({_PHASE_NAMES})", name="kind_known"),
        CheckConstraint("ends_at > starts_at", name="ends_after_start"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    round_id: Mapped[int] = mapped_column(ForeignKey("round.id", ondelete="CASCADE"))
    kind: Mapped[str]
    starts_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    ends_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))


class Pot(Base):
    """Money set aside: citywide, for one neighbourhood or one programme. Its winners are counted together."""

    __tablename__ = "pot"
    __table_args__ = (
        UniqueConstraint("round_id", "name"),
        CheckConstraint("amount > 0", name="amount_positive"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    round_id: Mapped[int] = mapped_column(ForeignKey("round.id", ondelete="CASCADE"))
    name: Mapped[str]
    neighbourhood_id: Mapped[int | None] = mapped_column(ForeignKey("neighbourhood.id"))
    programme_id: Mapped[int | None] = mapped_column(ForeignKey("programme.id"))
    amount: Mapped[Decimal] = mapped_column(Money)
    position: Mapped[int] = mapped_column(default=0)

    programme: Mapped[Programme | None] = relationship(lazy="joined")
    neighbourhood: Mapped[Neighbourhood | None] = relationship(lazy="joined")


class BallotGroup(Base):
    """What one part of the ballot looks like: its projects, by domain or area, and how they are chosen.

    Independent of pots: the usual Romanian ballot is one vote per domain over one shared budget.
    `ballot_kind`: approval (up to `max_choices`), knapsack (approval within `max_cost`), points
    (`points_total` to share, at most `points_each` a project), choose_one, ordinal (recorded rounds).
    """

    __tablename__ = "ballot_group"
    __table_args__ = (
        UniqueConstraint("round_id", "name"),
        CheckConstraint(
            "ballot_kind IN ('approval', 'knapsack', 'points', 'choose_one', 'ordinal')",
            name="ballot_kind_known",
        ),
        CheckConstraint("min_choices >= 0", name="min_choices_not_negative"),
        CheckConstraint(
            "max_choices IS NULL OR max_choices >= greatest(min_choices, 1)", name="choices_range"
        ),
        CheckConstraint("ballot_kind <> 'choose_one' OR max_choices = 1", name="choose_one_is_one"),
        CheckConstraint("(ballot_kind = 'knapsack') = (max_cost IS NOT NULL)", name="knapsack_has_cost"),
        CheckConstraint("max_cost IS NULL OR max_cost > 0", name="max_cost_positive"),
        CheckConstraint("(ballot_kind = 'points') = (points_total IS NOT NULL)", name="points_have_total"),
        CheckConstraint(
            "points_each IS NULL OR points_each BETWEEN 1 AND points_total", name="points_each_range"
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    round_id: Mapped[int] = mapped_column(ForeignKey("round.id", ondelete="CASCADE"))
    name: Mapped[str]
    category_id: Mapped[int | None] = mapped_column(ForeignKey("category.id"))
    neighbourhood_id: Mapped[int | None] = mapped_column(ForeignKey("neighbourhood.id"))
    ballot_kind: Mapped[str] = mapped_column(default="approval")
    min_choices: Mapped[int] = mapped_column(default=0)
    max_choices: Mapped[int | None]
    max_cost: Mapped[Decimal | None] = mapped_column(Money)
    points_total: Mapped[int | None]
    points_each: Mapped[int | None]
    position: Mapped[int] = mapped_column(default=0)

    category: Mapped[Category | None] = relationship(lazy="joined")
    neighbourhood: Mapped[Neighbourhood | None] = relationship(lazy="joined")


class RoundDocument(Base):
    """A document attached to a round: impact study, improvement list, priority domains, minutes."""

    __tablename__ = "round_document"
    __table_args__ = (
        CheckConstraint(
            "kind IN ('regulation', 'impact_study', 'improvement_list', 'priority_domains', 'minutes', 'other')",
            name="kind_known",
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    round_id: Mapped[int] = mapped_column(ForeignKey("round.id", ondelete="CASCADE"), index=True)
    kind: Mapped[str]
    title: Mapped[str]
    file_id: Mapped[int] = mapped_column(ForeignKey("stored_file.id"))
    added_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))

    file: Mapped[StoredFile] = relationship(lazy="joined")


class PhaseNotice(Base):
    """How far the job that tells people about a phase has come; one row a phase and occasion.

    `after_account_id` is the last account told, so that a killed run goes on where it stopped.
    """

    __tablename__ = "phase_notice"
    __table_args__ = (
        UniqueConstraint("round_id", "phase_kind", "occasion"),
        CheckConstraint("occasion IN ('starts', 'ends_soon')", name="occasion_known"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    round_id: Mapped[int] = mapped_column(ForeignKey("round.id", ondelete="CASCADE"))
    phase_kind: Mapped[str]
    occasion: Mapped[str]
    after_account_id: Mapped[int] = mapped_column(default=0)
    told: Mapped[int] = mapped_column(default=0)
    finished_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))

"""What is stored about imports: where data come from, each file that was brought in, and what became of its rows."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import CheckConstraint, Date, DateTime, ForeignKey, Index, UniqueConstraint
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column, relationship

from civic.extensions import Base
from civic.imports.rules import OUTCOMES, STATES, UNITS

_STATE_NAMES = ", ".join(f"'{state}'" for state in STATES)
_UNIT_NUMBERS = ", ".join(map(str, UNITS))
_OUTCOME_NAMES = ", ".join(f"'{outcome}'" for outcome in OUTCOMES)

#: What a file brought in is called among other subjects.
KIND = "data_import"


class ImportSource(Base):
    """A document or a system that rows of one data set come from, with the columns as they were last matched."""

    __tablename__ = "import_source"
    __table_args__ = (UniqueConstraint("dataset", "name"), CheckConstraint("name <> ''", name="name_given"))

    id: Mapped[int] = mapped_column(primary_key=True)
    dataset: Mapped[str]
    name: Mapped[str]
    #: field -> heading of the column that holds it
    mapping: Mapped[dict[str, str]] = mapped_column(JSONB, default=dict)
    created_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))


class Imported:
    """The columns of a table whose rows can be brought in: from which source, under which number, with what doubt.

    Rows entered by hand have neither source nor number. A table with them has a unique constraint over both.
    """

    source_id: Mapped[int | None] = mapped_column(ForeignKey("import_source.id"))
    #: the row's number in its source
    import_key: Mapped[str | None]
    #: where in the source it stands
    source_reference: Mapped[str] = mapped_column(default="", server_default="")
    #: what is doubtful about it: shown beside the figure
    note: Mapped[str] = mapped_column(default="", server_default="")


class DataImport(Base):
    """One file brought in. `read` counts the rows that the stage it is in has gone through."""

    __tablename__ = "data_import"
    __table_args__ = (
        UniqueConstraint("file_key"),
        CheckConstraint(f"state IN ({_STATE_NAMES})", name="state_known"),
        CheckConstraint("format IN ('csv', 'xlsx')", name="format_known"),
        CheckConstraint(f"unit IN ({_UNIT_NUMBERS})", name="unit_known"),
        CheckConstraint("(state = 'loaded') = (loaded_at IS NOT NULL)", name="loaded_dated"),
        Index("ix_data_import_created_at", "created_at", "id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    dataset: Mapped[str]
    source_id: Mapped[int] = mapped_column(ForeignKey("import_source.id"), index=True)
    #: the day whose state of things the file tells
    as_of: Mapped[date] = mapped_column(Date)
    file_key: Mapped[str]
    file_name: Mapped[str]
    format: Mapped[str]
    sha256: Mapped[bytes]
    #: of a workbook, the sheet that is read and every sheet that anybody sees
    sheet: Mapped[str] = mapped_column(default="", server_default="")
    sheets: Mapped[list[str]] = mapped_column(JSONB, default=list, server_default="[]")
    #: what one in a column of amounts is: one, a thousand or a million of the currency
    unit: Mapped[int] = mapped_column(default=1, server_default="1")
    columns: Mapped[list[str]] = mapped_column(JSONB)
    #: the first rows, for whoever matches the columns
    sample: Mapped[list[list[str]]] = mapped_column(JSONB)
    mapping: Mapped[dict[str, str]] = mapped_column(JSONB, default=dict)
    state: Mapped[str] = mapped_column(default="matching")
    read: Mapped[int] = mapped_column(default=0)
    total: Mapped[int] = mapped_column(default=0)
    fresh: Mapped[int] = mapped_column(default=0)
    changed: Mapped[int] = mapped_column(default=0)
    same: Mapped[int] = mapped_column(default=0)
    refused: Mapped[int] = mapped_column(default=0)
    #: rows brought in from the source before that the file does not name: they stay
    absent: Mapped[int] = mapped_column(default=0, server_default="0")
    #: whoever loads it has chosen to load the other rows without the refused ones
    without_refused: Mapped[bool] = mapped_column(default=False)
    #: why it stopped, as a code of `labels.STOPPED`, with the row after a colon
    stopped: Mapped[str] = mapped_column(default="")
    task_id: Mapped[int | None]
    account_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    created_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    loaded_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))

    source: Mapped[ImportSource] = relationship(lazy="joined", innerjoin=True)


class ImportRow(Base):
    """What becomes, or became, of one row of a file. `number` is the row's in a spreadsheet: the heading is 1."""

    __tablename__ = "data_import_row"
    __table_args__ = (
        CheckConstraint(f"outcome IN ({_OUTCOME_NAMES})", name="outcome_known"),
        CheckConstraint("(outcome = 'refused') = (reasons <> '[]'::jsonb)", name="refused_reasoned"),
        Index("ix_data_import_row_outcome", "import_id", "outcome", "number"),
        Index("ix_data_import_row_key", "import_id", "key"),
    )

    import_id: Mapped[int] = mapped_column(
        ForeignKey("data_import.id", ondelete="CASCADE"), primary_key=True, autoincrement=False
    )
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    outcome: Mapped[str]
    key: Mapped[str]
    #: [{"code", "field", "value"}], why it is refused
    reasons: Mapped[list[dict[str, str]]] = mapped_column(JSONB, default=list)
    #: the same shape: what was left out of a row that is taken
    remarks: Mapped[list[dict[str, str]]] = mapped_column(JSONB, default=list)
    #: field -> [before, after]
    changes: Mapped[dict[str, Any]] = mapped_column(JSONB, default=dict)

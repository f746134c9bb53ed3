"""What is stored about inhabitants."""

from datetime import datetime

from sqlalchemy import CheckConstraint, DateTime, ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from civic.extensions import Base
from civic.imports.models import Imported


class PopulationFigure(Imported, Base):
    """How many people of some ages lived somewhere in a year. Without a neighbourhood: in the whole city."""

    __tablename__ = "population_figure"
    __table_args__ = (
        UniqueConstraint("source_id", "import_key"),
        CheckConstraint("inhabitants >= 0", name="inhabitants_not_negative"),
        CheckConstraint("age_from >= 0 AND (age_to IS NULL OR age_to >= age_from)", name="ages_in_order"),
        Index("ix_population_figure_year", "year", "neighbourhood_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    neighbourhood_id: Mapped[int | None] = mapped_column(ForeignKey("neighbourhood.id"))
    year: Mapped[int]
    age_from: Mapped[int]
    #: the oldest age that belongs to it; None when there is no end
    age_to: Mapped[int | None]
    inhabitants: Mapped[int]
    changed_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))

"""The city's reference data: neighbourhoods, departments, categories."""

from typing import Any

from flask_babel import get_locale
from sqlalchemy import CheckConstraint, UniqueConstraint
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from civic.extensions import Base


class Neighbourhood(Base):
    """A part of the city with a point and a shape. `sort_key` orders as Romanian does."""

    __tablename__ = "neighbourhood"
    __table_args__ = (
        UniqueConstraint("slug"),
        CheckConstraint(
            "latitude BETWEEN -90 AND 90 AND longitude BETWEEN -180 AND 180", name="point_on_earth"
        ),
        CheckConstraint("population IS NULL OR population >= 0", name="population_not_negative"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    slug: Mapped[str]
    name: Mapped[str]
    sort_key: Mapped[str]
    latitude: Mapped[float]
    longitude: Mapped[float]
    #: rings of [longitude, latitude] pairs as in a GeoJSON Polygon; approximate
    shape: Mapped[list[Any]] = mapped_column(JSONB, default=list)
    vulnerable: Mapped[bool] = mapped_column(default=False)
    population: Mapped[int | None]


class Department(Base):
    """A part of the city hall that analyses and builds."""

    __tablename__ = "department"
    __table_args__ = (UniqueConstraint("slug"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    slug: Mapped[str]
    name: Mapped[str]
    sort_key: Mapped[str]
    email: Mapped[str] = mapped_column(default="")


class Category(Base):
    """A domain of proposals and projects (domeniu): green space, mobility, safety …"""

    __tablename__ = "category"
    __table_args__ = (UniqueConstraint("slug"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    slug: Mapped[str]
    name_ro: Mapped[str]
    name_en: Mapped[str]
    icon: Mapped[str] = mapped_column(default="idea")
    tint: Mapped[str] = mapped_column(default="green")
    position: Mapped[int] = mapped_column(default=0)

    @property
    def name(self) -> str:
        """The name in the reader's language."""
        return self.name_en if str(get_locale() or "ro") == "en" else self.name_ro

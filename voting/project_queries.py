"""Which projects stand on the ballot of a round."""

from collections.abc import Sequence

from sqlalchemy import Select, func, select

from civic.errors import NotFound
from civic.extensions import db
from civic.files.models import StoredFile
from civic.matching import has_words
from civic.rounds.models import Round
from voting.models import (
    Project,
)


def list_projects(round_id: int) -> Sequence[Project]:
    """The round's projects by code."""
    return db.session.scalars(
        select(Project).where(Project.round_id == round_id).order_by(Project.code)
    ).all()


def get_project(round_id: int, code: str) -> Project:
    """A project of a round by its code, or NotFound."""
    found = db.session.scalar(select(Project).where(Project.round_id == round_id, Project.code == code))
    if found is None:
        raise NotFound
    return found


def get_project_by_id(project_id: int) -> Project:
    """A project, or NotFound."""
    found = db.session.get(Project, project_id)
    if found is None:
        raise NotFound
    return found


def find_image(project: Project) -> StoredFile | None:
    """The picture of a project."""
    return db.session.get(StoredFile, project.image_id) if project.image_id is not None else None


def list_public_projects(ids: Sequence[int]) -> Sequence[tuple[Project, str, bool]]:
    """Projects of published rounds with their round's slug, and whether its results are public."""
    rows = db.session.execute(
        select(Project, Round.slug, Round.results_at.is_not(None))
        .join(Round, Round.id == Project.round_id)
        .where(Project.id.in_(ids), Round.published_at.is_not(None))
    ).all()
    return [(row[0], row[1], row[2]) for row in rows]


def having_words(words: str) -> Select:
    """Ids of what is public and has the words, the newest first, with what it is ranked by."""
    public = select(Project.id).join(Round, Round.id == Project.round_id)
    public = public.where(Round.published_at.is_not(None), has_words(Project.title, words))
    return public.order_by(Project.id.desc())


def count_projects(round_id: int) -> int:
    """How many projects a round has."""
    return (
        db.session.scalar(select(func.count()).select_from(Project).where(Project.round_id == round_id)) or 0
    )

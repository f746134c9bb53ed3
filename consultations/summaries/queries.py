"""Every question asked about summaries."""

from collections.abc import Iterable, Sequence

from sqlalchemy import select

from civic.extensions import db
from consultations.contributions.models import Contribution, Theme
from consultations.summaries.models import Summary, SummarySentence


def find_summary(consultation_id: int, *, lock: bool = False) -> Summary | None:
    """The summary of a consultation, published or being written."""
    wanted = select(Summary).where(Summary.consultation_id == consultation_id)
    if lock:
        wanted = wanted.with_for_update().execution_options(populate_existing=True)
    return db.session.scalar(wanted)


def list_sentences(consultation_id: int) -> Sequence[SummarySentence]:
    """What everyone reads, in its order."""
    return db.session.scalars(
        select(SummarySentence)
        .where(SummarySentence.consultation_id == consultation_id)
        .order_by(SummarySentence.position)
    ).all()


def known_numbers(consultation_id: int, numbers: Iterable[int]) -> dict[int, str]:
    """Which numbers its register has, with the reference of each."""
    rows = db.session.execute(
        select(Contribution.number, Contribution.reference).where(
            Contribution.consultation_id == consultation_id, Contribution.number.in_(set(numbers))
        )
    )
    return dict(rows.all())


def themes_by_id(consultation_id: int) -> dict[int, str]:
    """The titles of its themes."""
    rows = db.session.execute(
        select(Theme.id, Theme.title).where(Theme.consultation_id == consultation_id).order_by(Theme.title)
    )
    return dict(rows.all())

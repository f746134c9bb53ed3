"""Questionnaires for the pages that axe reads: one being written, one half answered, one with results."""

from datetime import datetime

from sqlalchemy import select

from civic.accounts.models import Account
from civic.extensions import db
from consultations.questionnaires import drafts, jobs
from tests.consultations_support import make_consultation
from tests.integration.consultations.questionnairekit import answer, crowd, make_questionnaire, raw_of


def stage(now: datetime) -> None:
    """A consultation with three questionnaires, the second begun by a resident, the third answered by many."""
    consultation = make_consultation("open", now)
    make_questionnaire(now, title="În lucru", published=False, consultation=consultation)
    begun = make_questionnaire(now, title="Început", consultation=consultation)
    done = make_questionnaire(
        now, title="Încheiat", results="open", keeps_groups=True, texts_public=True, consultation=consultation
    )
    voter = db.session.scalars(select(Account).where(Account.email == "ioana@civic.example")).one()
    sitting = drafts.sitting_of(begun, voter.as_actor(), None)
    assert sitting is not None
    drafts.keep(begun, sitting, drafts.Kept(raw_of("o2", i3=["Prea scump."], i8=["3"])), now)
    full = raw_of("other", i2_other=["nu știu"], i4=["o1"], i5_o1=["s1"], i6_o1=["1"], i7_o1=["100"], i8=["2"],
                  i10_day=["1"], i10_month=["2"], i10_year=["2020"], i13=["Mai multă umbră."])  # fmt: skip
    answer(done, voter, full, now)
    crowd(done, 39, now, ("o1", "o2", "o1"))
    jobs.work(now)

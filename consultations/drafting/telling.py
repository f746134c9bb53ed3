"""What authors are written when a new edition moved their remarks, or has no place for them any more."""

from datetime import datetime
from functools import partial

from flask_babel import gettext as _

from civic.format import ngettext
from civic.notifications import compose
from civic.notifications.service import tell_account
from civic.unit_of_work import unit_of_work
from consultations import queries as consultations
from consultations.drafting import queries
from consultations.drafting.models import Annotation, Edition

#: Authors written to in one transaction.
_BATCH = 200


def tell_authors(edition: Edition, now: datetime) -> int:
    """One message to each author whose remarks stand beside other words in an edition, or beside none; once, ever."""
    rows = queries.count_by_author(edition)
    title = consultations.get_consultation(edition.consultation_id).title
    consultation_id, edition_id, number = edition.consultation_id, edition.id, edition.number or 0
    for first in range(0, len(rows), _BATCH):
        with unit_of_work():
            for author_id, marked, lost in rows[first : first + _BATCH]:
                tell_account(
                    author_id,
                    lambda: _("Your remarks and the new text of “%(title)s”", title=title),
                    partial(_about, consultation_id, number, title, marked, lost),
                    now,
                    f"draft:{edition_id}:{author_id}",
                )
    return len(rows)


def _about(consultation_id: int, number: int, title: str, marked: int, lost: int) -> str:
    parts = [_("Edition %(number)s of the text of “%(title)s” was published.", number=number, title=title)]
    if marked:
        parts += [
            ngettext(
                "%(num)s remark of yours stands beside words that changed a little or moved. Look whether this is the place:",
                "%(num)s remarks of yours stand beside words that changed a little or moved. Look whether these are the places:",
                marked,
            ),
            compose.address_of("drafting.moved", consultation_id=consultation_id),
        ]
    if lost:
        parts += [
            ngettext(
                "%(num)s remark of yours is about words that are not in the text any more. It stays in the register and gets an answer:",
                "%(num)s remarks of yours are about words that are not in the text any more. They stay in the register and get an answer:",
                lost,
            ),
            compose.address_of("drafting.lost", consultation_id=consultation_id),
        ]
    return "\n\n".join(parts)


def tell_refused(annotation: Annotation, title: str, now: datetime) -> None:
    """To the author: staff said that the place found for a remark is not right."""
    if annotation.author_id is None:
        return
    quote, consultation_id = annotation.quote, annotation.consultation_id

    def body() -> str:
        return "\n\n".join(
            (
                _("The council staff said that your remark stood beside the wrong words in the new text of “%(title)s”.", title=title),
                _("It was about: “%(words)s”", words=quote),
                _("It is listed now with those about text that has changed, and gets an answer like the others:"),
                compose.address_of("drafting.lost", consultation_id=consultation_id),
            )
        )  # fmt: skip

    subject = lambda: _("Your remark on “%(title)s” stands elsewhere", title=title)  # noqa: E731
    tell_account(
        annotation.author_id, subject, body, now, f"draft-refused:{annotation.id}:{annotation.checked_id}"
    )

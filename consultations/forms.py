"""The shape of what staff type about a consultation."""

from collections.abc import Collection

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from flask_wtf.file import FileField, FileRequired
from wtforms import BooleanField, HiddenField, StringField, TextAreaField
from wtforms.validators import InputRequired, Optional

from civic import numbers
from civic.dimensions import LABELS as DIMENSIONS
from civic.lengths import AtMost
from civic.rounds.forms import DayField, RadioField, SelectField
from consultations import rules
from consultations.labels import CHANNELS, DOCUMENTS, KINDS

DRAFT_FIELDS = (
    "kind", "title", "summary", "dimension", "department_id", "neighbourhood_id", "responsible", "send_to",
    "about_minority", "about_vulnerable", "urgent_reason", "closes_on",
)  # fmt: skip


def _most(length: int) -> AtMost:
    return AtMost(length, _l("Write at most %(max)s characters."))


class DraftForm(FlaskForm):
    """A consultation before its announcement."""

    #: the version the person was looking at
    seen = HiddenField()
    kind = RadioField(
        _l("Kind of consultation"),
        choices=[(key, words) for key, words in KINDS.items() if not rules.KINDS[key].by_citizens],
    )
    title = StringField(_l("Title"), [InputRequired(_l("Write a title.")), _most(300)])
    summary = TextAreaField(
        _l("What it is about and what changes"),
        [Optional(), _most(5000)],
        description=_l("For someone who is no lawyer: what is now, what would be, whom it concerns."),
    )
    closes_on = DayField(
        _l("Last day of contributions"),
        description=_l("People can write until midnight of this day. For example: 31.03.2027."),
    )
    department_id = SelectField(_l("Department in charge"), coerce=numbers.chosen_number)
    dimension = SelectField(_l("Dimension of local governance"), choices=list(DIMENSIONS.items()))
    neighbourhood_id = SelectField(_l("Neighbourhood"), coerce=numbers.chosen_number)
    responsible = StringField(
        _l("Responsible for the relation with civil society"),
        [Optional(), _most(200)],
        description=_l("Name and function, as everyone reads them."),
    )
    send_to = TextAreaField(
        _l("Where contributions are received besides this page"),
        [Optional(), _most(1000)],
        description=_l("Postal address, e-mail address, counter and its hours."),
    )
    about_minority = BooleanField(_l("Concerns a national minority"))
    about_vulnerable = BooleanField(_l("Concerns a disadvantaged area"))
    urgent_reason = TextAreaField(
        _l("Why it is urgent"),
        [Optional(), _most(2000)],
        description=_l(
            "Only for a draft decision that cannot wait for the working days of the law. Everyone reads the reason;"
            " the time for contributions is not shortened by it."
        ),
    )


class AnnounceForm(FlaskForm):
    """From when contributions are received."""

    seen = HiddenField()
    opens_on = DayField(
        _l("First day of contributions"),
        description=_l("Leave empty to receive them from the announcement on."),
    )


class DocumentForm(FlaskForm):
    """A document for the file."""

    kind = SelectField(_l("What it is"), choices=list(DOCUMENTS.items()))
    title = StringField(_l("Title of the document"), [InputRequired(_l("Write a title.")), _most(200)])
    file = FileField(
        _l("File"),
        [FileRequired(_l("Choose a file."))],
        description=_l("PDF, ODT, ODS, DOCX or XLSX, at most 10 MB."),
    )


class VersionForm(FlaskForm):
    """A new version of a document."""

    file = FileField(_l("File"), [FileRequired(_l("Choose a file."))])
    note = TextAreaField(
        _l("What is different"),
        [InputRequired(_l("Write what is different from the version before.")), _most(1000)],
    )


class AnnouncementForm(FlaskForm):
    """Where else it was announced."""

    channel = SelectField(
        _l("How it was announced"), choices=[(key, words) for key, words in CHANNELS.items() if key != "site"]
    )
    place = StringField(
        _l("Where exactly"),
        [
            InputRequired(_l("Write where exactly: the newspaper, the notice board, who was told.")),
            _most(300),
        ],
    )
    on = DayField(_l("Day of the announcement"), [InputRequired(_l("Enter the day."))])
    proof = FileField(
        _l("Proof"),
        [FileRequired(_l("Choose a file."))],
        description=_l("A scan or a photo: PDF, JPEG, PNG or WebP, at most 10 MB. Everyone can open it."),
    )


class ExtendForm(FlaskForm):
    """A later end."""

    until = DayField(_l("New last day"), [InputRequired(_l("Enter the day."))])
    reason = TextAreaField(_l("Why"), [InputRequired(_l("Write why: everyone reads it.")), _most(2000)])


class ReportForm(FlaskForm):
    """Publication of the report, early with a reason."""

    early_reason = TextAreaField(
        _l("Why the report is published before everything is answered"),
        [Optional(), _most(2000)],
        description=_l("Everyone reads it on the page of the consultation and in the report."),
    )


class EndingForm(FlaskForm):
    """How it ended."""

    outcome = RadioField(
        _l("How it ended"),
        choices=[
            ("adopted", _l("Adopted")),
            ("rejected", _l("Not adopted")),
            ("withdrawn", _l("Withdrawn by the initiator")),
        ],
    )
    act_number = StringField(
        _l("Number of the adopted act"),
        [Optional(), _most(100)],
        description=_l("For example: HCL 123/2027."),
    )
    reason = TextAreaField(
        _l("Reason"),
        [Optional(), _most(3000)],
        description=_l("Needed when it was not adopted or was withdrawn."),
    )

    def offer(self, outcomes: Collection[str]) -> None:
        """Show only these outcomes. What was sent meanwhile is still judged by the command, with its sentence."""
        self.outcome.choices = [choice for choice in self.outcome.choices if choice.value in outcomes]

"""The shape of what staff write about a decision."""

from typing import Any

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from flask_wtf.file import FileField, FileRequired
from wtforms import HiddenField, StringField, TextAreaField
from wtforms.validators import DataRequired, InputRequired, Optional

from civic.choices import SelectField
from civic.dateboxes import DATE, PlainDateField
from civic.decisions import labels, rules
from civic.dimensions import LABELS as DIMENSIONS
from civic.lengths import up_to
from civic.textboxes import WholeField

_TITLED = _l("Write a title.")
_REASON = _l("Write why: everyone reads it.")


def _line(label: Any, description: Any = "", most: int = rules.MAX_LINE) -> StringField:
    return StringField(label, [Optional(), up_to(most)], description=description)


class FactsForm(FlaskForm):
    """A decision: what it is, what it says, where it stands published."""

    version = HiddenField()
    kind = SelectField(_l("Kind of decision"), choices=list(labels.KINDS.items()))
    number = StringField(
        _l("Number of the decision"), [DataRequired(_l("Write the number of the decision.")), up_to(40)]
    )
    adopted_on = PlainDateField(_l("Day of adoption"), [Optional()], format=DATE)
    year = WholeField(_l("Year"), description=_l("Only when you do not know the day."))
    issuer = _line(_l("Who decided"), _l("For example: the local council."))
    title = StringField(
        _l("What it is about"),
        [DataRequired(_l("Write what the decision is about.")), up_to(rules.MAX_TITLE)],
    )
    dimension = SelectField(
        _l("Dimension of local governance"), choices=[("", _l("not stated")), *DIMENSIONS.items()]
    )
    body = TextAreaField(
        _l("Text of the decision"), [Optional(), up_to(rules.MAX_BODY)],
        description=_l("Leave an empty line between articles. Two asterisks around words make them bold."),
    )  # fmt: skip
    register = SelectField(
        _l("Part of Monitorul Oficial Local"),
        choices=[("", _l("not published there yet")), *labels.REGISTERS.items()],
    )
    published_on = PlainDateField(_l("Published there on"), [Optional()], format=DATE)
    gazette_address = _line(_l("Address at which it stands there"), _l("It begins with https://"), 500)
    came_from = _line(
        _l("What it came from"),
        _l("The address on this site of the consultation or of the round, such as /consultations/12."), 500,
    )  # fmt: skip
    note = TextAreaField(
        _l("Note or doubt about it"),
        [Optional(), up_to(rules.MAX_REASON)],
        description=_l("Everyone reads it."),
    )
    reason = TextAreaField(
        _l("Why you correct it"), [Optional(), up_to(rules.MAX_REASON)],
        description=_l("Everyone reads it in the history of the decision."),
    )  # fmt: skip


class StateForm(FlaskForm):
    """Where it stands now, and why."""

    state = SelectField(_l("It is now"))
    reason = TextAreaField(_l("Why"), [DataRequired(_REASON), up_to(rules.MAX_REASON)])


class FileForm(FlaskForm):
    """A file of a decision."""

    title = StringField(_l("Title of the file"), [DataRequired(_TITLED), up_to(rules.MAX_LINE)])
    file = FileField(
        _l("File"), [FileRequired(_l("Choose a file."))],
        description=_l("PDF, ODT, ODS, DOCX or XLSX, at most 10 MB."),
    )  # fmt: skip


class RelationForm(FlaskForm):
    """What this decision does to another one."""

    kind = SelectField(_l("This decision"), choices=list(labels.RELATION_CHOICES.items()))
    number = StringField(
        _l("Number of the other decision"),
        [InputRequired(_l("Write the number of the decision.")), up_to(40)],
    )
    year = WholeField(_l("Its year"), [InputRequired(_l("Write the year."))])
    other_kind = SelectField(_l("Kind of the other decision"), choices=list(labels.KINDS.items()))

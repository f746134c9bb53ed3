"""The shape of what staff write about the council."""

from typing import Any

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import BooleanField, StringField, TextAreaField
from wtforms.validators import DataRequired, InputRequired, Optional

from civic.choices import SelectField, SelectMultipleField
from civic.council import labels, rules
from civic.dateboxes import DATE, PlainDateField
from civic.dimensions import LABELS as DIMENSIONS
from civic.lengths import up_to
from civic.numbers import chosen_number
from civic.textboxes import WholeField

_DAY = _l("Write a date: day, month and year.")


def _line(label: Any, description: Any = "") -> StringField:
    return StringField(label, [Optional(), up_to(rules.MAX_LINE)], description=description)


def _reason(description: Any) -> TextAreaField:
    return TextAreaField(_l("Why you correct it"), [Optional(), up_to(3_000)], description=description)


class MemberForm(FlaskForm):
    """An elected member."""

    name = StringField(_l("Name of the member"), [DataRequired(_l("Write the name.")), up_to(rules.MAX_LINE)])
    starts_on = PlainDateField(_l("Mandate from"), [InputRequired(_DAY)], format=DATE)
    ends_on = PlainDateField(
        _l("Mandate until"), [Optional()], format=DATE, description=_l("Empty while it lasts.")
    )
    party = _line(_l("Party"))
    independent = BooleanField(_l("Independent"))
    commission = _line(_l("Commission of the council"))


class SittingForm(FlaskForm):
    """A meeting."""

    kind = SelectField(_l("Kind of meeting"), choices=list(labels.KINDS.items()))
    held_on = PlainDateField(_l("Day of the meeting"), [InputRequired(_DAY)], format=DATE)
    place = _line(_l("Place"))
    convening = _line(_l("Convened by"), _l("For example: the mayor's order 123/2026."))
    in_office = WholeField(
        _l("Councillors in office"),
        description=_l("As the minutes state. Empty: those with a mandate on that day are counted."),
    )
    minutes_address = _line(
        _l("Address of the minutes"), _l("Only when they are not published on this site.")
    )
    recording = _line(_l("Link to the recording"))
    reason = _reason(_l("Only when you change what was written before. Everyone reads it."))


class PointForm(FlaskForm):
    """A point of the agenda."""

    title = StringField(
        _l("What the point is about"),
        [DataRequired(_l("Write what the point is about.")), up_to(rules.MAX_TITLE)],
    )
    position = WholeField(_l("Point of the agenda"))
    reports = TextAreaField(_l("Reports and opinions on it"), [Optional(), up_to(rules.MAX_TEXT)])
    decision_number = _line(_l("Number of the decision it led to"))
    decision_year = WholeField(_l("Its year"))
    dimension = SelectField(
        _l("Dimension of local governance"), choices=[("", _l("as the decision has it")), *DIMENSIONS.items()]
    )
    majority = SelectField(_l("Majority needed"), choices=list(labels.MAJORITIES.items()))
    secret = BooleanField(_l("The vote was secret"))
    signers = SelectMultipleField(_l("Who signed the draft"), coerce=chosen_number)
    reason = _reason(_l("Only when the vote was written down before. Everyone reads it."))


class RollForm(FlaskForm):
    """The totals the minutes state, and why an older record is corrected. The names are one choice each, beside it."""

    stated_for = WholeField(_l("Votes for, as the minutes state"))
    stated_against = WholeField(_l("Votes against, as the minutes state"))
    stated_abstained = WholeField(_l("Abstentions, as the minutes state"))
    stated_not_voting = WholeField(_l("Present without voting, as the minutes state"))
    reason = _reason(_l("Only when the vote was written down before. Everyone reads it."))


class QuestionForm(FlaskForm):
    """A question or an interpellation."""

    kind = SelectField(_l("What it is"), choices=list(labels.QUESTION_KINDS.items()))
    asked_on = PlainDateField(_l("Asked on"), [InputRequired(_DAY)], format=DATE)
    asked = TextAreaField(
        _l("What was asked"), [DataRequired(_l("Write what was asked.")), up_to(rules.MAX_TEXT)]
    )
    answered_on = PlainDateField(_l("Answered on"), [Optional()], format=DATE)
    answer = TextAreaField(_l("The answer"), [Optional(), up_to(rules.MAX_TEXT)])


class AttendanceForm(FlaskForm):
    """Why it is corrected who was there. The names are one choice each, beside it."""

    reason = _reason(_l("Only when you change what was written before. Everyone reads it."))

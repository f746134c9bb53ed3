"""The shape of a report and of a moderator's decision."""

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import StringField, TextAreaField
from wtforms.validators import InputRequired, Optional

from civic.choices import RadioField, SelectField
from civic.lengths import AtMost
from civic.moderation import reasons
from civic.moderation.rules import MAX_REASON
from civic.text import clean_line, clean_text


def _text(value: str | None) -> str:
    return clean_text(value or "")


def _line(value: str | None) -> str:
    return clean_line(value or "")


class ReportForm(FlaskForm):
    """What is wrong with a text."""

    reason = RadioField(
        _l("What is wrong?"),
        choices=reasons.report_choices(),
        validators=[InputRequired(_l("Choose what is wrong with the text."))],
    )
    text = TextAreaField(
        _l("Anything the moderators should know"),
        filters=[_text],
        validators=[
            Optional(),
            AtMost(MAX_REASON, _l("This text may have at most %(max)s characters.")),
        ],
    )


class DecisionForm(FlaskForm):
    """A decision about a case; which fields matter depends on it."""

    decision = RadioField(
        _l("Decision"), choices=[], validators=[InputRequired(_l("Choose a decision."))], validate_choice=True
    )
    reason = SelectField(_l("Kind of reason"), choices=reasons.choices(), default="other")
    text = TextAreaField(
        _l("Reasons, for the author"),
        filters=[_text],
        description=_l(
            "Public where the text stands, after the sentence of the rule. Needed when there is no rule for it."
        ),
        validators=[
            Optional(),
            AtMost(MAX_REASON, _l("This text may have at most %(max)s characters.")),
        ],
    )
    department = SelectField(
        _l("Department"), choices=[], description=_l("Only when redirecting."), validate_choice=False
    )
    registration_number = StringField(
        _l("Registration number"),
        filters=[_line],
        description=_l("Only when redirecting: the number under which the department has it."),
        validators=[
            Optional(),
            AtMost(60, _l("The number may have at most %(max)s characters.")),
        ],
    )

"""The shape of what is said about a suspension."""

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import TextAreaField
from wtforms.validators import DataRequired, InputRequired

from civic.choices import RadioField
from civic.lengths import AtMost
from civic.moderation.suspensions.rules import MAX_REASON
from civic.text import clean_text

_TOO_LONG = _l("This text may have at most %(max)s characters.")


def _text(value: str | None) -> str:
    return clean_text(value or "")


class ProposeForm(FlaskForm):
    """Why, and how long."""

    days = RadioField(_l("How long"), choices=[], validators=[InputRequired(_l("Choose how long it lasts."))])
    reason = TextAreaField(
        _l("Reasons, for the person"),
        filters=[_text],
        validators=[
            DataRequired(_l("Write the reason: the person reads it.")),
            AtMost(MAX_REASON, _TOO_LONG),
        ],
    )


class ReasonForm(FlaskForm):
    """Why it is declined or lifted."""

    reason = TextAreaField(
        _l("Reasons"),
        filters=[_text],
        validators=[DataRequired(_l("Write the reason.")), AtMost(MAX_REASON, _TOO_LONG)],
    )

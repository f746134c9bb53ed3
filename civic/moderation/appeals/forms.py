"""The shape of an appeal and of the decision about it."""

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import TextAreaField
from wtforms.validators import DataRequired, InputRequired

from civic.choices import RadioField
from civic.lengths import AtMost
from civic.moderation.appeals.rules import MAX_REASON, MAX_TEXT
from civic.text import clean_text

_TOO_LONG = _l("This text may have at most %(max)s characters.")


def _text(value: str | None) -> str:
    return clean_text(value or "")


class AppealForm(FlaskForm):
    """Why a decision is wrong."""

    text = TextAreaField(
        _l("Why you think the decision is wrong"),
        filters=[_text],
        validators=[
            DataRequired(_l("Write why you think the decision is wrong.")),
            AtMost(MAX_TEXT, _TOO_LONG),
        ],
    )


class DecideForm(FlaskForm):
    """A second person's decision."""

    outcome = RadioField(
        _l("Decision"),
        choices=[
            ("uphold", _l("Uphold the appeal: the decision is taken back")),
            ("reject", _l("Dismiss the appeal: the decision stands")),
        ],
        validators=[InputRequired(_l("Choose a decision."))],
    )
    reason = TextAreaField(
        _l("Reasons, for the author"),
        filters=[_text],
        validators=[
            DataRequired(_l("Write the reasons: the author reads them.")),
            AtMost(MAX_REASON, _TOO_LONG),
        ],
    )

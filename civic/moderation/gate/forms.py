"""The shape of a change of when a space is moderated."""

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import HiddenField, TextAreaField
from wtforms.validators import DataRequired, InputRequired

from civic.choices import RadioField
from civic.lengths import AtMost
from civic.moderation.gate.rules import MAX_REASON


class ModeForm(FlaskForm):
    """When, and why it changes."""

    #: the number of the setting the person was looking at
    seen = HiddenField()
    mode = RadioField(
        _l("When a moderator reads what is written here"),
        choices=[],
        validators=[InputRequired(_l("Choose one of the options."))],
    )
    reason = TextAreaField(
        _l("Why it changes"),
        validators=[
            DataRequired(_l("Write why it changes: it stays in the history.")),
            AtMost(MAX_REASON, _l("Write at most %(max)s characters.")),
        ],
    )

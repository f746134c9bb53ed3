"""The shape of a summary being written."""

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import HiddenField, TextAreaField
from wtforms.validators import Optional

from civic.lengths import AtMost
from civic.numbers import whole_number
from consultations.summaries.rules import MAX_TEXT


class SummaryForm(FlaskForm):
    """Sentences with their sources in brackets."""

    version = HiddenField(default="0")
    text = TextAreaField(
        _l("The summary"),
        [Optional(), AtMost(MAX_TEXT, _l("Write at most %(max)s characters."))],
        description=_l(
            "Behind every sentence write in square brackets the numbers of the register it rests on, or a theme: [3, 8, T2]. "
            "An empty line begins a paragraph."
        ),
    )

    def seen_version(self) -> int:
        """The version the form was made of."""
        return whole_number(self.version.data) or 0

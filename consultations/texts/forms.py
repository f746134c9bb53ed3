"""The shape of what is decided about one text."""

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import TextAreaField
from wtforms.validators import DataRequired, InputRequired

from civic.choices import RadioField
from civic.lengths import AtMost
from civic.moderation import reasons
from consultations.texts.hiding import MAX_REASON


class HideForm(FlaskForm):
    """Why a text is not shown."""

    why = RadioField(_l("Why"), [InputRequired(_l("Choose one of the options."))], choices=reasons.choices())
    reason = TextAreaField(
        _l("Reason"),
        [
            DataRequired(_l("Write why: everyone reads it.")),
            AtMost(MAX_REASON, _l("Write at most %(max)s characters.")),
        ],
        description=_l("Stands in the place of the text. Do not repeat in it what must not be shown."),
    )

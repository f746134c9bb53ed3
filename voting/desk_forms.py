"""What a clerk is asked when a resident votes on their device."""

from flask_babel import lazy_gettext as _
from flask_wtf import FlaskForm
from wtforms import BooleanField
from wtforms.validators import DataRequired, InputRequired

from civic.choices import RadioField
from civic.numbers import chosen_number


class OpenForm(FlaskForm):
    """In which round, and that the document was looked at again."""

    round_id = RadioField(
        _("The vote"), [DataRequired(_("Choose the vote."))], coerce=chosen_number, validate_choice=True
    )
    seen = BooleanField(
        _("I looked at the identity document again: the person in front of me is the holder of this account"),
        [InputRequired(_("Look at the document again, then tick the box."))],
    )

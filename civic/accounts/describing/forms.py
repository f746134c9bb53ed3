"""The two questions somebody may answer about themselves."""

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm

from civic.accounts.describing.words import AGE_BAND_NAMES, GENDER_NAMES, UNSAID
from civic.choices import RadioField


class DescriptionForm(FlaskForm):
    """An age band and a gender, each "prefer not to say" unless something else is chosen."""

    age_band = RadioField(_l("How old are you?"), choices=[("", UNSAID), *AGE_BAND_NAMES.items()], default="")
    gender = RadioField(_l("Your gender"), choices=[("", UNSAID), *GENDER_NAMES.items()], default="")

"""What staff say about the decisions behind a budget."""

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm

from civic import numbers
from civic.budget.labels import ROLES
from civic.choices import SelectField
from civic.textboxes import MoneyField


class TieForm(FlaskForm):
    """A decision that approved or revised something."""

    subject = SelectField(_l("What it is about"))
    role = SelectField(_l("What it did"), choices=list(ROLES.items()))
    decision_id = SelectField(_l("Decision by number"), coerce=numbers.chosen_number)
    amount = MoneyField(_l("Amount after it"), description=_l("Leave empty when it is not known."))

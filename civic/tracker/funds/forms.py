"""The shape of what staff enter about the money of a delivery."""

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import BooleanField, StringField, TextAreaField
from wtforms.validators import InputRequired, Optional

from civic import numbers
from civic.choices import SelectField
from civic.dateboxes import DATE, PlainDateField
from civic.lengths import up_to
from civic.textboxes import MoneyField

_NO_DAY = _l("Write a date: day, month and year.")
_NO_AMOUNT = _l("Write the amount.")


class StatedForm(FlaskForm):
    """The totals that documents state."""

    contracted = MoneyField(_l("Contracted, all contracts together"))
    spent = MoneyField(_l("Paid so far, from the beginning"))


class RevisionForm(FlaskForm):
    """A new approved budget."""

    amount = MoneyField(_l("Budget after the revision"), [InputRequired(_NO_AMOUNT)])
    revised_on = PlainDateField(_l("Day of the revision"), [InputRequired(_NO_DAY)], format=DATE)
    decision_id = SelectField(_l("Decision that revised it"), coerce=numbers.chosen_number)
    decision_text = StringField(
        _l("The decision in words, if it is not in the list"), [Optional(), up_to(200)]
    )
    reason = TextAreaField(_l("Why the budget changes"), [Optional(), up_to(2000)])


class PaymentForm(FlaskForm):
    """A payment, or money that came back."""

    amount = MoneyField(_l("Amount"), [InputRequired(_NO_AMOUNT)])
    paid_on = PlainDateField(_l("Day of the payment"), [InputRequired(_NO_DAY)], format=DATE)
    recovered = BooleanField(_l("The money came back: it was recovered"))
    document = StringField(_l("Invoice or payment order"), [Optional(), up_to(200)])
    reason = TextAreaField(_l("What it was for, or why it came back"), [Optional(), up_to(1000)])

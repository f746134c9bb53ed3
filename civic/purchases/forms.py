"""What staff enter about purchases."""

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import HiddenField, StringField, TextAreaField
from wtforms.validators import InputRequired, Optional

from civic import numbers
from civic.choices import SelectField, SelectMultipleField
from civic.dateboxes import DATE, NOT_A_DATE, PlainDateField
from civic.lengths import up_to
from civic.purchases.labels import CATEGORIES, PROCEDURES
from civic.textboxes import MoneyField, WholeField

_UNKNOWN = _l("Leave empty when it is not known.")


class PurchaseForm(FlaskForm):
    """The facts about a purchase."""

    version = HiddenField()
    title = StringField(_l("What is bought"), [InputRequired(_l("Write a title.")), up_to(500)])
    procedure = SelectField(_l("Procedure"), choices=list(PROCEDURES.items()))
    categories = SelectMultipleField(_l("Goods, services or works"), choices=list(CATEGORIES.items()))
    amount_net = MoneyField(_l("Amount without VAT"), description=_UNKNOWN)
    amount_gross = MoneyField(_l("Amount with VAT"), description=_UNKNOWN)
    amount = MoneyField(
        _l("Amount, VAT not stated"),
        description=_l("Only when the document does not say whether VAT is included."),
    )
    currency = SelectField(_l("Currency"), choices=[("RON", "lei"), ("EUR", "EUR")])
    year = WholeField(_l("Year"))
    signed_on = PlainDateField(_l("Contract signed on"), [Optional()], format=DATE)
    supplier = StringField(_l("Supplier"), [Optional(), up_to(300)])
    supplier_code = StringField(_l("Registration code of the supplier"), [Optional(), up_to(40)])
    contract_number = StringField(_l("Contract number"), [Optional(), up_to(100)])
    buyer = StringField(_l("Who buys"), [Optional(), up_to(300)])
    department_id = SelectField(_l("Department in charge"), coerce=numbers.chosen_number)
    project = StringField(_l("What it is bought for"), [Optional(), up_to(500)])
    delivery = WholeField(
        _l("Number of the delivery it serves"),
        description=_l("The number in the address of the delivery's page."),
    )
    note = TextAreaField(_l("Note or doubt about it"), [Optional(), up_to(3000)])
    source_reference = StringField(_l("Source"), [Optional(), up_to(300)])


class AmendmentForm(FlaskForm):
    """A change of the contract."""

    signed_on = PlainDateField(_l("Signed on"), [InputRequired(NOT_A_DATE)], format=DATE)
    amount_after = MoneyField(_l("Amount after it"), description=_UNKNOWN)
    reason = TextAreaField(
        _l("Why the contract was changed"),
        [InputRequired(_l("Say why the contract was changed.")), up_to(2000)],
    )


class ThresholdForm(FlaskForm):
    """From which amount purchases are published."""

    amount = MoneyField(
        _l("Publish purchases from this amount on (lei)"),
        [InputRequired(_l("Write an amount such as 1.500.000 or 99,50."))],
    )
    since = PlainDateField(_l("For contracts from this day on"), [InputRequired(NOT_A_DATE)], format=DATE)
    basis = StringField(
        _l("On what it rests"),
        [InputRequired(_l("Write on what decision or law the threshold rests.")), up_to(300)],
    )

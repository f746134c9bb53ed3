"""What staff enter about indicators."""

import re
from decimal import Decimal
from typing import Any

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import StringField, TextAreaField
from wtforms.validators import InputRequired, Optional

from civic import numbers
from civic.choices import SelectField
from civic.dateboxes import DATE, PlainDateField
from civic.indicators.labels import BETTER
from civic.indicators.periods import Period, read_period
from civic.lengths import up_to
from civic.textboxes import ValueBox


class NumberField(ValueBox):
    """A number that may have decimals and may be below zero."""

    inputmode = "decimal"
    refusal = _l("Write a number such as 35 or 12,5.")
    data: Decimal | None

    def read(self, text: str) -> Decimal:
        """Digits with a comma or a point before at most four decimals."""
        plain = re.sub(r"[\s\u00a0]", "", text).replace("\u2212", "-").replace(",", ".")
        if not re.fullmatch(r"-?\d{1,12}(\.\d{1,4})?", plain, re.ASCII):
            raise ValueError(text)
        return Decimal(plain)

    def write(self, value: Decimal | None) -> str:
        """As people write it."""
        return "" if value is None else f"{value.normalize():f}".replace(".", ",")


class EntryForm(FlaskForm):
    """The value of a period and where it comes from."""

    period = SelectField(_l("Month or year"))
    value = NumberField(
        _l("Value"),
        [InputRequired(_l("Write a number such as 35 or 12,5."))],
        description=_l("For a yes-or-no indicator write 1 for yes and 0 for no."),
    )
    note = TextAreaField(
        _l("How you know it"),
        [InputRequired(_l("Say in a sentence where the value comes from.")), up_to(2000)],
    )
    document = StringField(
        _l("Document"), [Optional(), up_to(300)], description=_l("Its name and number, or its address.")
    )
    document_on = PlainDateField(_l("Date of the document"), [Optional()], format=DATE)

    @property
    def chosen(self) -> Period:
        """The period; only of a valid form."""
        found = read_period(str(self.period.data))
        assert found is not None
        return found


class TargetForm(FlaskForm):
    """What is to be reached."""

    target = NumberField(_l("Target"), [Optional()], description=_l("Leave empty when there is none."))
    basis = TextAreaField(
        _l("On what it rests"),
        [InputRequired(_l("Write on what decision or strategy the target rests.")), up_to(1000)],
    )


class ArrangeForm(FlaskForm):
    """Who answers for it, and what computes it."""

    computation = SelectField(_l("Computed as"))
    department_id = SelectField(_l("Department that answers for it"), coerce=numbers.chosen_number)
    responsible = StringField(
        _l("Function"), [Optional(), up_to(200)], description=_l("For example: head of the strategy service.")
    )
    better: Any = SelectField(_l("Which way is good"), choices=list(BETTER.items()))

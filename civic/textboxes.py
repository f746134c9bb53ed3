"""Text boxes whose text stands for a value; what was typed comes back when it stands for none."""

from decimal import Decimal
from typing import Any

from flask_babel import lazy_gettext as _
from wtforms import StringField
from wtforms.validators import ValidationError

from civic.money import read_money, write_money


class ValueBox(StringField):
    """A text box whose text stands for a value. What `read` cannot read is refused with `refusal`."""

    refusal: Any = ""
    #: The keyboard a phone shows.
    inputmode = "text"

    def read(self, text: str) -> Any:
        """The value of a text that is not empty. Raises ValueError, or ValidationError with its own sentence."""
        raise NotImplementedError

    def write(self, value: Any) -> str:
        """The text of a value."""
        return "" if value is None else str(value)

    def process_formdata(self, valuelist: list[str]) -> None:
        """Read what was sent."""
        self.typed = valuelist[0] if valuelist else ""
        self.data = None
        if self.typed.strip():
            try:
                self.data = self.read(self.typed)
            except ValidationError:
                raise
            except (ValueError, ArithmeticError) as error:
                raise ValidationError(self.refusal) from error

    def _value(self) -> str:
        return getattr(self, "typed", None) or self.write(self.data)


class MoneyField(ValueBox):
    """An amount of money."""

    inputmode = "decimal"
    refusal = _("Write an amount such as 1.500.000 or 99,50.")
    data: Decimal | None

    def read(self, text: str) -> Decimal:
        """See `read_money`."""
        return read_money(text)

    def write(self, value: Decimal | None) -> str:
        """See `write_money`."""
        return write_money(value)


class WholeField(ValueBox):
    """A whole number that may be left out."""

    inputmode = "numeric"
    refusal = _("Write a whole number, or leave it empty.")
    data: int | None

    def read(self, text: str) -> int:
        """Digits alone."""
        digits = text.strip()
        if not digits.isascii() or not digits.isdigit() or len(digits) > 9:
            raise ValueError(text)
        return int(digits)

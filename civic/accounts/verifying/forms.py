"""The shape of what somebody declares about themselves, and of the code that confirms it."""

from typing import Any

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import BooleanField, Form, HiddenField, StringField
from wtforms.validators import (
    AnyOf,
    DataRequired,
    InputRequired,
    Optional,
    StopValidation,
    ValidationError,
)

from civic import numbers
from civic.accounts.forms import COUNTRIES, BirthDateField, UnshownField
from civic.accounts.verifying.rules import read_phone
from civic.choices import RadioField, SelectField
from civic.lengths import AtMost
from civic.text import clean_line

BASES: tuple[tuple[str, Any], ...] = (
    ("domicile", _l("I live there, and my identity card says so")),
    ("residence", _l("I live there, by a residence visa or certificate")),
    ("work", _l("I work there")),
    ("study", _l("I study there")),
)

ENTER_BIRTH = _l("Enter the birth date with day, month and year, as in 27 3 1985.")


def _line(label: Any, most: int, *validators: Any, **keywords: Any) -> StringField:
    return StringField(
        label,
        [*validators, AtMost(most, _l("Write at most %(max)s characters."))],
        filters=[lambda value: clean_line(value) if value else value],
        **keywords,
    )


class PhoneField(StringField):
    """A Romanian mobile number; its data is the international form, its shown value what was typed."""

    number = ""

    def pre_validate(self, form: Form) -> None:
        """Say what a number looks like when this is none."""
        found = read_phone(self.data or "")
        if found is None:
            raise StopValidation(str(_l("Enter a Romanian mobile number, as in 0722 123 456.")))
        self.number = found


class DeclarationForm(FlaskForm):
    """Who somebody is, where they belong, and that they answer for it. Numbers are never written back."""

    kind = HiddenField(validators=[AnyOf(("cnp", "document"))], default="cnp")
    full_name = _line(
        _l("First name and surname"),
        120,
        DataRequired(_l("Enter your name as it stands in the identity document.")),
        description=_l("As in the identity document."),
        render_kw={"autocomplete": "name"},
    )
    cnp = UnshownField(
        _l("Personal number (CNP)"),
        description=_l("The 13 digits on the identity card. It is not kept: only a code made from it is."),
        render_kw={"autocomplete": "off", "inputmode": "numeric", "spellcheck": "false"},
    )
    country = SelectField(_l("Country of the document"), choices=[("", _l("Choose")), *COUNTRIES], default="")
    country_code = StringField(
        _l("Code of the other country"),
        description=_l(
            "The two letters in the passport's machine-readable lines, only for a country not listed."
        ),
        render_kw={"autocomplete": "off", "spellcheck": "false"},
    )
    document = UnshownField(
        _l("Document number"),
        description=_l("It is not kept: only a code made from it is."),
        render_kw={"autocomplete": "off", "spellcheck": "false"},
    )
    birth_date = BirthDateField(
        _l("Birth date"),
        [InputRequired(ENTER_BIRTH)],
        format=["%d %m %Y", "%Y-%m-%d"],
        render_kw={"autocomplete": "off"},
    )
    area_basis = RadioField(
        _l("What links you to the city?"),
        [InputRequired(_l("Choose what links you to the city."))],
        choices=list(BASES),
    )
    neighbourhood = SelectField(
        _l("Neighbourhood"),
        [DataRequired(_l("Choose the neighbourhood."))],
        coerce=numbers.chosen_number,
        choices=[],
        validate_choice=True,
        description=_l("Of the address above."),
    )
    street = _line(
        _l("Street"), 120, DataRequired(_l("Enter the street.")), render_kw={"autocomplete": "address-line1"}
    )
    number = _line(
        _l("Number"),
        20,
        DataRequired(_l("Enter the number of the house.")),
        render_kw={"autocomplete": "off"},
    )
    more = _line(_l("Block, entrance, flat"), 60, Optional(), render_kw={"autocomplete": "address-line2"})
    postcode = _line(
        _l("Postal code"), 10, Optional(), render_kw={"autocomplete": "postal-code", "inputmode": "numeric"}
    )
    phone = PhoneField(
        _l("Mobile number"),
        [InputRequired(_l("Enter a Romanian mobile number, as in 0722 123 456."))],
        description=_l(
            "We send the code there, and may call it to check the declaration. Nobody else sees it."
        ),
        render_kw={"autocomplete": "tel", "inputmode": "tel"},
    )
    consent = BooleanField(
        _l(
            "I declare on my own responsibility that all this is true, that I am the person named above and that I have one "
            "account only. I know that a false declaration is punished by article 326 of the Criminal Code with prison "
            "from 3 months to 2 years or with a fine."
        ),
        [InputRequired(_l("Tick the box: without the declaration you cannot be verified in this way."))],
    )

    def validate_cnp(self, field: StringField) -> None:
        """A number that was forgotten is told together with everything else that was."""
        if self.kind.data == "cnp" and not (field.data or "").strip():
            raise ValidationError(str(_l("A personal number has 13 digits.")))

    def validate_document(self, field: StringField) -> None:
        """As above, for those without a personal number."""
        if self.kind.data == "document" and not (field.data or "").strip():
            raise ValidationError(str(_l("A document number has 5 to 20 letters and digits.")))

    def validate_country(self, field: SelectField) -> None:
        """As above, for the country of the document."""
        if self.kind.data == "document" and not field.data:
            raise ValidationError(str(_l("Choose the country that issued the document.")))


class CodeForm(FlaskForm):
    """The code that came by SMS or e-mail."""

    code = StringField(
        _l("Code"),
        [InputRequired(_l("Enter the code of six digits."))],
        render_kw={
            "autocomplete": "one-time-code",
            "inputmode": "numeric",
            "spellcheck": "false",
            "autocapitalize": "none",
        },
    )

"""The shape of what people and clerks type about accounts."""

from collections.abc import Sequence
from typing import Any

from email_validator import EmailNotValidError, validate_email
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import BooleanField, DateField, Form, HiddenField, PasswordField, StringField
from wtforms.validators import AnyOf, DataRequired, InputRequired, Length, Optional, StopValidation

from civic import numbers
from civic.accounts.rules import NAME_MOST, PASSWORD_LEAST
from civic.choices import RadioField, SelectField
from civic.policy import ROLE_NAMES
from civic.text import clean_line

ENTER_EMAIL = _l("Enter an e-mail address, as in ana@exemplu.ro.")
ENTER_PASSWORD = _l("Enter the password.")

#: Countries whose documents are common at a Romanian desk come first; then the rest of the European Union.
COUNTRIES: tuple[tuple[str, Any], ...] = (
    ("MD", _l("Moldova")), ("UA", _l("Ukraine")), ("TR", _l("Türkiye")), ("CN", _l("China")), ("NP", _l("Nepal")),
    ("LK", _l("Sri Lanka")), ("IN", _l("India")), ("BD", _l("Bangladesh")), ("VN", _l("Vietnam")),
    ("SY", _l("Syria")), ("RS", _l("Serbia")), ("GB", _l("United Kingdom")), ("US", _l("United States")),
    ("AT", _l("Austria")), ("BE", _l("Belgium")), ("BG", _l("Bulgaria")), ("CY", _l("Cyprus")),
    ("CZ", _l("Czechia")), ("DE", _l("Germany")), ("DK", _l("Denmark")), ("EE", _l("Estonia")), ("ES", _l("Spain")),
    ("FI", _l("Finland")), ("FR", _l("France")), ("GR", _l("Greece")), ("HR", _l("Croatia")), ("HU", _l("Hungary")),
    ("IE", _l("Ireland")), ("IT", _l("Italy")), ("LT", _l("Lithuania")), ("LU", _l("Luxembourg")),
    ("LV", _l("Latvia")), ("MT", _l("Malta")), ("NL", _l("Netherlands")), ("PL", _l("Poland")),
    ("PT", _l("Portugal")), ("SE", _l("Sweden")), ("SI", _l("Slovenia")), ("SK", _l("Slovakia")),
    ("OTHER", _l("Another country")),
)  # fmt: skip

AREA_BASES: tuple[tuple[str, Any], ...] = (
    ("domicile", _l("lives there, by the identity card")),
    ("residence", _l("lives there, by a residence visa or certificate")),
    ("work", _l("works there")),
    ("study", _l("studies there")),
)

#: The same, said to the person.
OWN_BASES: dict[str, Any] = {
    "domicile": _l("you live there, by the identity card"),
    "residence": _l("you live there, by a residence visa or certificate"),
    "work": _l("you work there"),
    "study": _l("you study there"),
}


def normalise_email(raw: str) -> str:
    """The address as it is stored: checked for shape, lower case. Raises ValueError."""
    try:
        checked = validate_email(raw.strip(), check_deliverability=False, allow_smtputf8=False)
    except EmailNotValidError as error:
        raise ValueError("email") from error
    return checked.normalized.lower()


class EmailField(StringField):
    """An address; its data is the normalised form, its shown value what was typed."""

    def pre_validate(self, form: Form) -> None:
        """Say what an address looks like when this is none."""
        try:
            self.normalised = normalise_email(self.data or "")
        except ValueError as error:
            raise StopValidation(str(ENTER_EMAIL)) from error

    normalised = ""


class BirthDateField(DateField):
    """A date in three inputs, with our own sentence for one that does not exist."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        # What the form components know as a date in three inputs.
        self.type = "DateField"

    def process_formdata(self, valuelist: list[str]) -> None:
        """Read day, month and year; say how to write them when they are no date."""
        try:
            super().process_formdata([" ".join(part.strip() for part in valuelist)])
        except ValueError as error:
            raise ValueError(
                str(_l("Enter the birth date with day, month and year, as in 27 3 1985."))
            ) from error


class UnshownField(StringField):
    """A text that is read and never written back into a page: an identity number."""

    def _value(self) -> str:
        return ""


def _email(label: Any, **keywords: Any) -> EmailField:
    attributes = {
        "autocomplete": "email",
        "inputmode": "email",
        "spellcheck": "false",
        "autocapitalize": "none",
    }
    return EmailField(
        label,
        [InputRequired(ENTER_EMAIL), Length(max=254, message=ENTER_EMAIL)],
        render_kw=attributes,
        **keywords,
    )


def _new_password(label: Any) -> PasswordField:
    hint = _l(
        "At least %(count)s characters; three or four words are easy to remember.", count=PASSWORD_LEAST
    )
    return PasswordField(
        label,
        [InputRequired(_l("Choose a password."))],
        description=hint,
        render_kw={"autocomplete": "new-password"},
    )


def _current_password(label: Any) -> PasswordField:
    return PasswordField(
        label, [InputRequired(ENTER_PASSWORD)], render_kw={"autocomplete": "current-password"}
    )


def _name() -> StringField:
    too_long = _l("Use at most %(count)s characters.", count=NAME_MOST)
    return StringField(
        _l("Name shown"),
        [DataRequired(_l("Enter the name that others see beside what you write.")), Length(max=NAME_MOST, message=too_long)],
        description=_l("Others see it beside what you write. It need not be your full name."),
        filters=[lambda value: clean_line(value) if value else value],
        render_kw={"autocomplete": "nickname"},
    )  # fmt: skip


def _neighbourhood(label: Any, hint: Any, *, optional: bool) -> SelectField:
    validators = [Optional()] if optional else [DataRequired(_l("Choose the neighbourhood."))]
    return SelectField(
        label,
        validators,
        coerce=numbers.chosen_number,
        choices=[],
        description=hint,
        validate_choice=True,
    )


def offer(field: Any, choices: Sequence[tuple[Any, Any]], empty: Any) -> None:
    """Fill a select with choices, the first one empty with a text of its own."""
    field.choices = [("", empty), *choices]


class SignInForm(FlaskForm):
    """Address and password."""

    email = _email(_l("E-mail address"))
    password = _current_password(_l("Password"))
    stay = BooleanField(_l("Keep me signed in on this device for two weeks"))


class RegisterForm(FlaskForm):
    """A new account."""

    display_name = _name()
    email = _email(
        _l("E-mail address"), description=_l("We send a link there to confirm it. Nobody sees it.")
    )
    password = _new_password(_l("Password"))
    neighbourhood = _neighbourhood(
        _l("Neighbourhood"), _l("To show you first what happens near you. You can change it."), optional=True
    )


class EmailForm(FlaskForm):
    """Only an address."""

    email = _email(_l("E-mail address"))


class ConsentForm(FlaskForm):
    """Only the button."""


class PasswordForm(FlaskForm):
    """Only the current password, to be sure."""

    password = _current_password(_l("Password"))


class NewPasswordForm(FlaskForm):
    """Only a new password."""

    password = _new_password(_l("New password"))


class ChangePasswordForm(FlaskForm):
    """The current and the new password."""

    current = _current_password(_l("Current password"))
    password = _new_password(_l("New password"))


class ChangeEmailForm(FlaskForm):
    """A new address, and the password to be sure."""

    email = _email(_l("New e-mail address"))
    password = _current_password(_l("Current password"))


class ProfileForm(FlaskForm):
    """What the account says about its owner."""

    display_name = _name()
    neighbourhood = _neighbourhood(
        _l("Neighbourhood"),
        _l("To show you first what happens near you. It gives no right to vote."),
        optional=True,
    )
    locale = RadioField(_l("Language of the site and of our messages"), validate_choice=True)


class DeleteForm(FlaskForm):
    """The last question before an account is gone."""

    understood = BooleanField(
        _l("I have read what is deleted and what remains"),
        [InputRequired(_l("Tick the box to show that you have read what is deleted."))],
    )
    password = _current_password(_l("Current password"))


class FindResidentForm(FlaskForm):
    """The clerk's look-up, by the address the resident tells."""

    email = _email(_l("The resident's e-mail address"))


class DocumentForm(FlaskForm):
    """What the clerk reads from a document. The numbers are never written back into the page."""

    kind = HiddenField(validators=[AnyOf(("cnp", "document"))], default="cnp")
    cnp = UnshownField(
        _l("Personal number (CNP)"),
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
    document = UnshownField(_l("Document number"), render_kw={"autocomplete": "off", "spellcheck": "false"})
    birth_date = BirthDateField(
        _l("Birth date"),
        [InputRequired(_l("Enter the birth date with day, month and year, as in 27 3 1985."))],
        format=["%d %m %Y", "%Y-%m-%d"],
    )
    seen = BooleanField(
        _l("I have seen the original document and the person in front of me is its holder"),
        [InputRequired(_l("Tick the box once you have compared the document with the person."))],
    )  # fmt: skip


class IdentityForm(DocumentForm):
    """A document, and where its holder belongs: what verifies a resident."""

    neighbourhood = _neighbourhood(
        _l("Neighbourhood"), _l("By the address in the document or the proof shown."), optional=False
    )
    area_basis = RadioField(
        _l("What links the person to the neighbourhood?"),
        [InputRequired(_l("Choose what links the person to the neighbourhood."))],
        choices=list(AREA_BASES),
        default="domicile",
    )


class AreaForm(FlaskForm):
    """Where a verified person now belongs."""

    neighbourhood = _neighbourhood(_l("Neighbourhood"), None, optional=False)
    area_basis = RadioField(_l("What links the person to the neighbourhood?"), choices=list(AREA_BASES))


class GrantForm(FlaskForm):
    """A role to give."""

    role = SelectField(_l("Role"), choices=[(str(role), name) for role, name in ROLE_NAMES.items()])
    department = SelectField(
        _l("Department"), coerce=numbers.chosen_number, choices=[], validators=[Optional()]
    )

"""The shape of what people enter about an organisation, its members and its verification."""

from typing import Any

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import BooleanField, Form, HiddenField, StringField, TextAreaField
from wtforms.validators import DataRequired, InputRequired, Length, Optional, StopValidation

from civic import numbers
from civic.accounts.forms import ENTER_EMAIL, EmailField
from civic.choices import RadioField, SelectField, SelectMultipleField
from civic.lengths import AtMost
from civic.organisations import rules
from civic.organisations.labels import LEGAL_FORMS, MINORITIES, ROLES
from civic.organisations.rules import Contact, LegalForm, Values
from civic.text import clean_line, clean_text

_TOO_LONG = _l("This is too long: at most %(max)s characters.")


def _line(value: str | None) -> str:
    return clean_line(value or "")


def _text(value: str | None) -> str:
    return clean_text(value or "")


class _ReadField(StringField):
    """A text that stands for a value; what was typed comes back when it stands for none."""

    refusal: Any = ""

    def read(self, text: str) -> str | None:
        """The value as it is stored, or None."""
        raise NotImplementedError

    def pre_validate(self, form: Form) -> None:
        """Say what is expected when this is none."""
        if self.data and self.read(self.data) is None:
            raise StopValidation(str(self.refusal))


class TaxCodeField(_ReadField):
    """A tax code with its check digit."""

    refusal = _l("This is not a tax code: its last digit does not fit the others. Look at the certificate.")

    def read(self, text: str) -> str | None:
        """See `rules.read_tax_code`."""
        return rules.read_tax_code(text)


class WebsiteField(_ReadField):
    """An address of the web."""

    refusal = _l("Enter an address of the web, as in https://exemplu.ro.")

    def read(self, text: str) -> str | None:
        """See `rules.read_website`."""
        return rules.read_website(text)


class PhoneField(_ReadField):
    """A telephone number of any country."""

    refusal = _l("Enter a telephone number, as in 021 209 60 00.")

    def read(self, text: str) -> str | None:
        """See `rules.read_phone`."""
        return rules.read_phone(text)


_MAIL = {"autocomplete": "email", "inputmode": "email", "spellcheck": "false", "autocapitalize": "none"}


class OrganisationForm(FlaskForm):
    """Everything an organisation says of itself."""

    version = HiddenField()
    name = StringField(
        _l("Name of the organisation"),
        [DataRequired(_l("Enter the name of the organisation.")), AtMost(rules.NAME_MOST, _TOO_LONG)],
        filters=[_line],
        description=_l("In full, as in its papers."),
        render_kw={"autocomplete": "organization"},
    )
    legal_form = RadioField(
        _l("Legal form"),
        [InputRequired(_l("Choose the legal form."))],
        choices=list(LEGAL_FORMS.items()),
    )
    registration_number = StringField(
        _l("Registration number"),
        [Optional(), AtMost(rules.NUMBER_MOST, _TOO_LONG)],
        filters=[_line],
        description=_l(
            "From the register of associations and foundations or from that of unions, as in 123/A/2019. Initiative groups "
            "have none."
        ),
    )
    tax_code = TaxCodeField(
        _l("Tax code (CUI or CIF)"),
        [Optional(), Length(max=20)],
        filters=[_line],
        description=_l("Needed for public authorities; the others may give it."),
        render_kw={"inputmode": "text", "spellcheck": "false", "autocomplete": "off"},
    )
    description = TextAreaField(
        _l("What it does"),
        [Optional(), AtMost(rules.DESCRIPTION_MOST, _TOO_LONG)],
        filters=[_text],
        description=_l("A few sentences, for residents."),
    )
    website = WebsiteField(
        _l("Website"), [Optional()], filters=[_line], render_kw={"inputmode": "url", "spellcheck": "false"}
    )
    areas = SelectMultipleField(
        _l("Where it works"),
        coerce=numbers.chosen_number,
        choices=[],
        description=_l("Tick the neighbourhoods. If it works in the whole city, tick none."),
    )
    minority = SelectField(
        _l("National minority"),
        choices=[("", _l("None, or we do not wish to say")), *MINORITIES.items()],
        description=_l(
            "Only if you choose to say it: it helps people find you and the city to count whom it has consulted. It "
            "is public, and you can change or remove it at any time."
        ),
    )
    contact_email = EmailField(
        _l("Contact e-mail"),
        [InputRequired(ENTER_EMAIL), Length(max=254, message=ENTER_EMAIL)],
        description=_l(
            "For the city hall. It is kept sealed and nobody else reads it unless you tick below."
        ),
        render_kw=_MAIL,
    )
    email_public = BooleanField(_l("Show this e-mail on the public page"))
    contact_phone = PhoneField(
        _l("Contact telephone"),
        [Optional()],
        filters=[_line],
        render_kw={"autocomplete": "tel", "inputmode": "tel"},
    )
    phone_public = BooleanField(_l("Show this telephone on the public page"))

    def validate(self, extra_validators: Any = None) -> bool:
        """Besides each field: the number that the chosen legal form cannot be without."""
        valid = super().validate(extra_validators)
        sentences = {
            "tax_code": _l("A public authority has a tax code (CIF): enter it."),
            "registration_number": _l("Enter the number under which the organisation is registered."),
        }
        if self.legal_form.data in list(LegalForm):
            missing = rules.missing_number(
                self.legal_form.data, self.registration_number.data or "", self.tax_code.data or ""
            )
            if missing and not self[missing].errors:
                self[missing].errors = [*self[missing].errors, str(sentences[missing])]
                valid = False
        return bool(valid)

    def values(self) -> Values:
        """What was entered, for the service."""
        return Values(
            name=self.name.data or "",
            legal_form=self.legal_form.data or "",
            registration_number=self.registration_number.data or "",
            tax_code=self.tax_code.data or "",
            description=self.description.data or "",
            website=self.website.data or "",
            contact=Contact(
                self.contact_email.normalised,
                self.contact_phone.data or "",
                bool(self.email_public.data),
                bool(self.phone_public.data and self.contact_phone.data),
            ),
            minority=self.minority.data or None,
            areas=tuple(one for one in self.areas.data or () if one is not None),
        )


class NewOrganisationForm(OrganisationForm):
    """The same, with the word of whoever registers it."""

    represents = BooleanField(
        _l("I declare that I am entitled to represent this organisation"),
        [InputRequired(_l("Only somebody entitled to represent the organisation can register it."))],
    )


def fill(values: Values, version: int) -> dict[str, Any]:
    """An organisation's values as the data of its form."""
    return {
        "version": str(version),
        "name": values.name,
        "legal_form": values.legal_form,
        "registration_number": values.registration_number,
        "tax_code": values.tax_code,
        "description": values.description,
        "website": values.website,
        "areas": list(values.areas),
        "minority": values.minority or "",
        "contact_email": values.contact.email,
        "email_public": values.contact.email_public,
        "contact_phone": values.contact.phone,
        "phone_public": values.contact.phone_public,
    }


class FirstInviteForm(FlaskForm):
    """Whom to invite when nobody is left: an administrator."""

    address = EmailField(
        _l("E-mail address"),
        [InputRequired(ENTER_EMAIL), Length(max=254, message=ENTER_EMAIL)],
        description=_l("We send a link there. We do not say whether the address has an account."),
        render_kw={**_MAIL, "autocomplete": "off"},
    )


class InviteForm(FirstInviteForm):
    """Whom to invite, for what."""

    role = RadioField(
        _l("What the person does"),
        [InputRequired(_l("Choose what the person does."))],
        choices=list(ROLES.items()),
        default="spokesperson",
    )


class AcceptForm(FlaskForm):
    """Joining, with or without one's name on the public page."""

    shown = BooleanField(_l("Show my name and role on the public page of the organisation"))


class CheckForm(FlaskForm):
    """The city hall's word about values that wait."""

    check = HiddenField()
    decision = RadioField(
        _l("Decision"),
        [InputRequired(_l("Choose a decision."))],
        choices=[("verify", _l("Verify")), ("refuse", _l("Do not verify, with a reason"))],
    )
    reason = TextAreaField(
        _l("Reasons"),
        [Optional(), AtMost(rules.REASON_MOST, _TOO_LONG)],
        filters=[_text],
        description=_l(
            "The organisation reads it, by mail and on its page. Needed only when you do not verify."
        ),
    )


class ReasonForm(FlaskForm):
    """Why an organisation is suspended or restored."""

    reason = TextAreaField(
        _l("Reasons"),
        [DataRequired(_l("Write the reason: anyone can read it.")), AtMost(rules.REASON_MOST, _TOO_LONG)],
        filters=[_text],
        description=_l(
            "Anyone can read it on the page of the organisation; its administrators are told by mail."
        ),
    )

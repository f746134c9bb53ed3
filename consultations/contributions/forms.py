"""The shape of a contribution, of what a clerk enters, of an answer and of what is decided about either."""

from typing import Any

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from flask_wtf.file import MultipleFileField
from wtforms import BooleanField, HiddenField, StringField, TextAreaField
from wtforms.validators import DataRequired, InputRequired, Optional

from civic.accounts.forms import ENTER_EMAIL, EmailField
from civic.choices import RadioField, SelectField
from civic.dateboxes import DATE, PlainDateField
from civic.lengths import AtMost
from civic.numbers import chosen_number
from consultations.contributions import rules
from consultations.contributions.labels import CHANNELS, HIDING, OUTCOMES, REVIEWS, SHOWN_AS

_TOO_LONG = _l("Write at most %(max)s characters.")
_CHOOSE = _l("Choose one of the options.")
_WHY = _l("Write why: everyone reads it.")


def _name() -> StringField:
    return StringField(
        _l("Your name, or the organisation's"),
        [DataRequired(_l("Write the name of who sends it: the register keeps it.")), AtMost(rules.MAX_NAME, _TOO_LONG)],
        render_kw={"autocomplete": "name"},
    )  # fmt: skip


def _shown() -> RadioField:
    return RadioField(
        _l("How your name is shown"),
        [InputRequired(_CHOOSE)],
        choices=list(SHOWN_AS.items()),
        default="full",
        description=_l("An organisation is always shown with its full name."),
    )


def _body(label: Any, missing: Any) -> TextAreaField:
    return TextAreaField(label, [DataRequired(missing), AtMost(rules.MAX_BODY, _TOO_LONG)])


def _title() -> StringField:
    return StringField(_l("In a few words"), [Optional(), AtMost(rules.MAX_TITLE, _TOO_LONG)])


class ContributeForm(FlaskForm):
    """What somebody proposes, objects to or asks. `email` is for those without an account, `files` for the others."""

    organisation_id = SelectField(_l("In whose name?"), [Optional()], coerce=chosen_number)
    name = _name()
    email = EmailField(
        _l("Your e-mail address"),
        [InputRequired(ENTER_EMAIL)],
        description=_l("Not shown to anyone. We send the receipt and the answer here."),
        render_kw={"autocomplete": "email", "inputmode": "email", "spellcheck": "false", "autocapitalize": "none"},
    )  # fmt: skip
    shown_as = _shown()
    organisation = BooleanField(_l("I write for an organisation"))
    title = _title()
    body = _body(_l("What you propose, and why"), _l("Write what you propose or ask for."))
    files = MultipleFileField(
        _l("Files"),
        description=_l("At most 10: PDF, ODT, ODS, DOCX, XLSX or pictures, each of at most 10 MB."),
    )
    form_key = HiddenField()


class EnterForm(FlaskForm):
    """A letter or paper that a clerk enters."""

    channel = RadioField(
        _l("How it came"), [InputRequired(_CHOOSE)],
        choices=[(name, CHANNELS[name]) for name in ("post", "desk", "mail")],
    )  # fmt: skip
    received_on = PlainDateField(
        _l("The day on which it arrived"),
        [InputRequired(_l("Enter the day on which it arrived."))],
        format=DATE,
        description=_l("Whether it is late depends on this day, not on today."),
    )
    name = StringField(
        _l("Full name of the author"),
        [DataRequired(_l("Write the name of who sends it: the register keeps it.")), AtMost(rules.MAX_NAME, _TOO_LONG)],
    )  # fmt: skip
    shown_as = RadioField(
        _l("How the name is shown"), [InputRequired(_CHOOSE)],
        choices=[("full", _l("In full")), ("initials", _l("As initials"))], default="initials",
        description=_l("In full only when the author asked for it. An organisation always is."),
    )  # fmt: skip
    organisation = BooleanField(_l("The author is an organisation"))
    contact = StringField(
        _l("E-mail or postal address for the answer"),
        [Optional(), AtMost(500, _TOO_LONG)],
        description=_l("Kept sealed, shown to no one but those who answer, erased after the answer."),
    )
    title = _title()
    body = _body(_l("The text"), _l("Write what the letter or the paper says."))
    files = MultipleFileField(
        _l("Scans and files"), description=_l("Private until staff have looked at them.")
    )
    form_key = HiddenField()


class LetterForm(FlaskForm):
    """Where a letter belongs and how its author is shown."""

    consultation_id = SelectField(
        _l("The consultation"), [DataRequired(_l("Choose the consultation."))], coerce=chosen_number
    )
    name = StringField(
        _l("Full name of the author"),
        [DataRequired(_l("Write the name of who sends it: the register keeps it.")), AtMost(rules.MAX_NAME, _TOO_LONG)],
    )  # fmt: skip
    shown_as = RadioField(
        _l("How the name is shown"), [InputRequired(_CHOOSE)],
        choices=[("full", _l("In full")), ("initials", _l("As initials"))], default="initials",
    )  # fmt: skip
    organisation = BooleanField(_l("The author is an organisation"))
    title = _title()
    body = _body(_l("The text"), _l("Write what the letter or the paper says."))


class ReasonForm(FlaskForm):
    """One reason."""

    reason = TextAreaField(_l("Reason"), [DataRequired(_WHY), AtMost(rules.MAX_REASON, _TOO_LONG)])


class AsideForm(FlaskForm):
    """Why a letter is no contribution: for the desk alone."""

    reason = TextAreaField(
        _l("Reason"),
        [DataRequired(_l("Write why it is not registered.")), AtMost(rules.MAX_REASON, _TOO_LONG)],
    )


class AnswerForm(FlaskForm):
    """What the city does with it, and why."""

    outcome = RadioField(
        _l("The answer"),
        [InputRequired(_l("Choose the answer."))],
        choices=[(str(one), words) for one, words in OUTCOMES.items()],
    )
    reason = TextAreaField(
        _l("Reason"),
        [Optional(), AtMost(rules.MAX_REASON, _TOO_LONG)],
        description=_l(
            "For the author and for everyone, in plain words. Only what is taken up as asked needs none."
        ),
    )
    place = StringField(
        _l("Where it changed something"),
        [Optional(), AtMost(300, _TOO_LONG)],
        description=_l("The document and the place in it: draft decision, art. 4 (2)."),
    )
    link = StringField(_l("Link"), [Optional(), AtMost(500, _TOO_LONG)], render_kw={"inputmode": "url"})
    author_function = StringField(
        _l("Function of who answers"),
        [DataRequired(_l("Write the function of who answers: people read it.")), AtMost(200, _TOO_LONG)],
        description=_l("For example: head of the mobility department."),
    )
    version = HiddenField()


class HideForm(FlaskForm):
    """What of a text is not shown."""

    why = RadioField(_l("Why"), [InputRequired(_CHOOSE)], choices=list(HIDING.items()))
    reason = TextAreaField(_l("Reason"), [DataRequired(_WHY), AtMost(rules.MAX_REASON, _TOO_LONG)])
    rest = TextAreaField(
        _l("What of the text stays shown"),
        [Optional(), AtMost(rules.MAX_BODY, _TOO_LONG)],
        description=_l("Take out only what must not be public. Leave empty to show nothing of it."),
    )


class ConsiderForm(FlaskForm):
    """What is decided about a late one."""

    considered = RadioField(
        _l("Is it considered?"), [InputRequired(_CHOOSE)], choices=[("yes", _l("Yes")), ("no", _l("No"))]
    )
    reason = TextAreaField(_l("Reason"), [DataRequired(_WHY), AtMost(rules.MAX_REASON, _TOO_LONG)])


class ReviewForm(FlaskForm):
    """What the author says was left without an answer."""

    text = TextAreaField(
        _l("What was left without an answer?"),
        [DataRequired(_l("Say what was left without an answer.")), AtMost(rules.MAX_REASON, _TOO_LONG)],
    )


class ReviewDecisionForm(FlaskForm):
    """What a third person found."""

    outcome = RadioField(_l("What you found"), [InputRequired(_CHOOSE)], choices=list(REVIEWS.items()))
    reason = TextAreaField(_l("Reason"), [DataRequired(_WHY), AtMost(rules.MAX_REASON, _TOO_LONG)])


class ThemeForm(FlaskForm):
    """The name of a theme."""

    title = StringField(
        _l("Title of the theme"),
        [DataRequired(_l("Write the title of the theme.")), AtMost(200, _TOO_LONG)],
    )

"""The shape of a complaint, of one that a clerk writes down, of a document shown, of a decision."""

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import StringField, TextAreaField
from wtforms.validators import DataRequired, InputRequired, Length, Optional

from civic.accounts.forms import DocumentForm
from civic.choices import RadioField, SelectField
from civic.lengths import AtMost
from civic.numbers import chosen_number
from voting.complaints.letters import KINDS, OUTCOMES

_TOO_LONG = _l("Write at most %(max)s characters.")


def _kind() -> RadioField:
    return RadioField(
        _l("What is it about?"),
        [InputRequired(_l("Choose what it is about."))],
        choices=[(str(kind), words) for kind, words in KINDS.items()],
    )


def _text(label: object, hint: object) -> TextAreaField:
    return TextAreaField(
        label,
        [DataRequired(_l("Say what happened.")), AtMost(5000, _TOO_LONG)],
        description=hint,
    )


class ComplaintForm(FlaskForm):
    """What a resident complains of."""

    kind = _kind()
    text = _text(
        _l("What happened?"),
        _l(
            "How you found out, and what you did yourself: whether you signed in, voted or were at the desk. Only those "
            "who decide read it. Do not write what you voted."
        ),
    )


class DeskComplaintForm(DocumentForm):
    """What a clerk writes down for the person in front of them."""

    round_id = SelectField(_l("The vote"), [DataRequired(_l("Choose the vote."))], coerce=chosen_number)
    complaint = _kind()
    text = _text(
        _l("What happened, in the person's words"), _l("Do not ask what they voted, nor write it down.")
    )
    email = StringField(
        _l("E-mail address of the person's own account, if they have one"),
        [Optional(), Length(max=254, message=_l("That is too long."))],
        render_kw={"autocomplete": "off", "spellcheck": "false", "inputmode": "email"},
    )
    contact = StringField(
        _l("Without an account: the person's name, and the address or telephone for the answer"),
        [Optional(), Length(max=300, message=_l("That is too long."))],
        render_kw={"autocomplete": "off"},
    )


class ShownDocumentForm(DocumentForm):
    """The document that somebody who complained shows at the desk."""


class DecisionForm(FlaskForm):
    """What a complaint leads to, and why."""

    outcome = RadioField(
        _l("Outcome"),
        [InputRequired(_l("Choose the outcome."))],
        choices=[(str(outcome), words) for outcome, words in OUTCOMES.items()],
        validate_choice=False,
    )
    reason = TextAreaField(
        _l("Reasons, for the person who complained"),
        [DataRequired(_l("Write the reasons: the author reads them.")), AtMost(5000, _TOO_LONG)],
    )

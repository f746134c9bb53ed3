"""The shape of what is typed about witnesses and checkpoints."""

from flask_babel import lazy_gettext as _
from flask_wtf import FlaskForm
from wtforms import EmailField, StringField, TextAreaField
from wtforms.validators import DataRequired, Email, Length


class AddressForm(FlaskForm):
    """Where a witness's checkpoints are sent."""

    address = EmailField(
        _("E-mail address"),
        [
            DataRequired(_("Enter an e-mail address, as in ana@exemplu.ro.")),
            Email(_("Enter an e-mail address, as in ana@exemplu.ro.")),
            Length(max=254, message=_("That is too long.")),
        ],
        description=_("Not public: checkpoints are sent to it."),
        render_kw={"autocomplete": "off", "spellcheck": "false"},
    )


class WitnessForm(AddressForm):
    """A witness: who, and where checkpoints are sent."""

    name = StringField(
        _("Name of the witness"),
        [DataRequired(_("Write who the witness is.")), Length(max=200, message=_("That is too long."))],
        description=_("Public. A person or an organisation, such as a newspaper or an association."),
    )


class HeldNoteForm(FlaskForm):
    """A checkpoint that somebody holds."""

    note = TextAreaField(
        _("The checkpoint you hold"),
        [
            DataRequired(_("Paste the checkpoint, from its first line to the end of its signature.")),
            Length(max=5_000, message=_("That is too long.")),
        ],
        description=_("You may paste the whole message it came in."),
        render_kw={"spellcheck": "false", "autocomplete": "off"},
    )

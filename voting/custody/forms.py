"""The shape of what holders and staff send: a key's file or its text, three names."""

from flask_babel import lazy_gettext as _
from flask_wtf import FlaskForm
from flask_wtf.file import FileField
from wtforms import BooleanField, StringField, TextAreaField
from wtforms.validators import DataRequired, InputRequired, Length, Optional

from civic.choices import RadioField
from civic.lengths import AtMost
from voting.custody import keyfile
from voting.custody.holders import LONGEST_LINE
from voting.custody.presenting import LONGEST_REASON


class KeyForm(FlaskForm):
    """A key presented: the file, or what is written in it. What was pasted is never shown again."""

    upload = FileField(_("The file of the key"), [Optional()], description=_("The text file you downloaded."))
    pasted = TextAreaField(
        _("Or paste what is written in it"),
        [Optional()],
        description=_("All of it, or from “civic-key” to the end. It is not shown again and not kept."),
        render_kw={"autocomplete": "off", "spellcheck": "false", "autocapitalize": "off"},
    )

    def key_text(self) -> str:
        """What was sent, and the form forgets it: a page shown again must not carry a key."""
        pasted = self.pasted.data or ""
        self.pasted.data = self.pasted.raw_data = None
        sent = getattr(self.upload.data, "read", None)
        if sent is not None:
            raw = sent(2 * keyfile.LONGEST)
            if raw:
                return keyfile.decode(raw)
        return pasted


class RecoveryForm(KeyForm):
    """The recovery copy read back, and where it goes."""

    kept = StringField(
        _("Where the sealed envelope is kept"),
        [
            DataRequired(_("Say where the sealed envelope is kept.")),
            Length(max=LONGEST_LINE, message=_("That is too long.")),
        ],
        description=_("Public, in the plan of the vote. For example: the cashier's safe, envelope 12."),
    )


class RecoveryReasonForm(KeyForm):
    """The recovery copy taken out of the safe, and why."""

    reason = TextAreaField(
        _("Why the recovery copy is needed"),
        [
            DataRequired(_("Write why the recovery copy is needed: everybody will read it.")),
            AtMost(LONGEST_REASON, _("Write at most %(max)s characters.")),
        ],
        description=_("Public. Say which minutes record the opening of the envelope."),
    )


class AnotherKeyForm(FlaskForm):
    """Another key in the place of one that was made."""

    sure = BooleanField(
        _("I understand that the file I have opens nothing any more"),
        [InputRequired(_("Tick the box: the file you have opens nothing any more."))],
    )


class ChoiceForm(FlaskForm):
    """Who keeps the key."""

    kind = RadioField(
        _("Who keeps the key of the ballot box?"),
        [InputRequired(_("Choose who keeps the key."))],
        choices=[("server", _("The server")), ("holders", _("Three holders, any two of whom open the box"))],
        validate_choice=False,
    )


def _email(place: int) -> StringField:
    return StringField(
        _("E-mail address of the account of holder %(place)s", place=place),
        [DataRequired(_("Write the address."))],
        render_kw={"autocomplete": "off", "spellcheck": "false"},
    )


def _name(place: int) -> StringField:
    return StringField(
        _("Name of holder %(place)s, as it will be published", place=place),
        [DataRequired(_("Write the name.")), Length(max=LONGEST_LINE, message=_("That is too long."))],
    )


def _title(place: int) -> StringField:
    return StringField(
        _("Function of holder %(place)s", place=place),
        [DataRequired(_("Write the function.")), Length(max=LONGEST_LINE, message=_("That is too long."))],
        description=_("For example: secretary general of the city; head of the pupils' council."),
    )


class HoldersForm(FlaskForm):
    """The three holders."""

    email_1, name_1, title_1 = _email(1), _name(1), _title(1)
    email_2, name_2, title_2 = _email(2), _name(2), _title(2)
    email_3, name_3, title_3 = _email(3), _name(3), _title(3)

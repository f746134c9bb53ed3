"""What the two people type: what becomes of backups, and the second person's address and password."""

from flask_babel import lazy_gettext as _
from flask_wtf import FlaskForm
from wtforms import BooleanField, PasswordField, TextAreaField
from wtforms.validators import DataRequired, InputRequired, Length

from civic.accounts.forms import ENTER_EMAIL, ENTER_PASSWORD, EmailField
from civic.rounds.forms import DayField


class BackupsForm(FlaskForm):
    """The note on backups and archives, as it is published."""

    note = TextAreaField(
        _("Backups and archives to be destroyed"),
        [
            DataRequired(_("Write which backups and archives there are, or that there are none.")),
            Length(max=4000, message=_("That is too long.")),
        ],
        description=_("Where they are, who destroys them and by when. If there are none, write: none."),
        render_kw={"rows": 5},
    )
    taken_on = DayField(
        _("Day of the fresh backup"),
        [InputRequired(_("Write the day of the fresh backup."))],
        description=_("For example: 02.11.2026."),
    )
    copies = BooleanField(
        _("Every copy of the key of this vote is destroyed"),
        [InputRequired(_("Destroy every copy of the key of this vote first, then tick the box."))],
        description=_(
            "The one in the safe, those of officers and other machines, and what backups of the data directory hold. "
            "With a copy, whoever has an old backup could tell whose ballot is whose."
        ),
    )


class SecondForm(FlaskForm):
    """The second person on the first one's screen. Nobody is signed in or out by it."""

    # Nothing of the second person is to stay in the first one's browser.
    email = EmailField(
        _("E-mail address of the second person"),
        [InputRequired(ENTER_EMAIL)],
        render_kw={
            "autocomplete": "off",
            "inputmode": "email",
            "spellcheck": "false",
            "autocapitalize": "none",
        },
    )
    password = PasswordField(
        _("Password of the second person"),
        [InputRequired(ENTER_PASSWORD)],
        render_kw={"autocomplete": "off"},
    )

"""The shape of what the paper team types."""

from flask_babel import lazy_gettext as _
from flask_wtf import FlaskForm
from wtforms import BooleanField, StringField, TextAreaField
from wtforms.validators import DataRequired, InputRequired, Length, Optional

from civic.choices import RadioField, SelectField
from civic.lengths import AtMost
from civic.numbers import chosen_number
from civic.textboxes import WholeField


class PrintForm(FlaskForm):
    """Which sheets, and how many."""

    kind = RadioField(_("Which sheets"), [InputRequired(_("Choose which sheets."))], validate_choice=True)
    count = WholeField(
        _("How many"), [InputRequired(_("Write how many sheets."))], description=_("At most 5,000 at a time.")
    )
    language = RadioField(_("Language of the instructions"), [InputRequired(_("Choose the language."))])


class BatchForm(FlaskForm):
    """A batch: one urn at one place."""

    label = StringField(
        _("Name of the batch"),
        [DataRequired(_("Give the batch a name.")), Length(max=80, message=_("That is too long."))],
        description=_("For example: Town hall, 3 March."),
    )
    place = StringField(
        _("Place"), [Optional(), Length(max=200, message=_("That is too long."))],
        description=_("Where the urn stands."),
    )  # fmt: skip


class UrnForm(FlaskForm):
    """What was found when the urn was opened."""

    returned = WholeField(
        _("Sheets in the urn"), [InputRequired(_("Write the number; 0 when there is none."))]
    )
    spoilt = WholeField(
        _("Sheets given back spoilt and not exchanged"),
        [InputRequired(_("Write the number; 0 when there is none."))],
        description=_(
            "A sheet exchanged for another is not counted here: its holder has one mark and one sheet."
        ),
    )
    not_returned = WholeField(
        _("Sheets not returned"), [InputRequired(_("Write the number; 0 when there is none."))]
    )
    minutes = TextAreaField(
        _("Minutes of the urn"),
        [Optional(), AtMost(4000, _("Write at most %(max)s characters."))],
        description=_("What became of the sheets that are not in the urn. It is published; name nobody."),
    )


class KeyForm(FlaskForm):
    """One sheet."""

    serial = StringField(
        _("Sheet no."),
        render_kw={
            "autocomplete": "off",
            "inputmode": "numeric",
            "spellcheck": "false",
            "data-enter-next": "marks",
        },
    )
    marks = StringField(
        _("Numbers marked"), render_kw={"autocomplete": "off", "inputmode": "text", "spellcheck": "false"}
    )
    replace = BooleanField(_("I looked at the sheet again: this is right, what I keyed before is not"))


class SettleForm(FlaskForm):
    """What a third person reads."""

    reading = RadioField(
        _("What the sheet says"), [InputRequired(_("Choose what the sheet says."))], validate_choice=True
    )
    marks = StringField(
        _("Numbers marked"), [Optional()], render_kw={"autocomplete": "off", "spellcheck": "false"}
    )


class SampleForm(FlaskForm):
    """Dice, and how many sheets they choose."""

    dice = StringField(
        _("Throws of the dice"),
        [DataRequired(_("Type at least 20 throws of a die, digits from 1 to 6."))],
        description=_("At least 20 digits from 1 to 6, in the order thrown."),
        render_kw={"autocomplete": "off", "inputmode": "numeric", "spellcheck": "false"},
    )
    size = RadioField(
        _("How many sheets"),
        [InputRequired(_("Choose how many sheets are compared."))],
        choices=[
            (99, _("99 sheets: an error in 3 % of the sheets is found with 95 % confidence")),
            (299, _("299 sheets: an error in 1 % of the sheets is found with 95 % confidence")),
        ],
        coerce=chosen_number,
    )


class HandOutForm(FlaskForm):
    """At the desk: in which round, of which batch, and that the document was looked at."""

    batch_id = SelectField(
        _("The batch this desk hands out"), [DataRequired(_("Choose the batch."))], coerce=chosen_number
    )
    seen = BooleanField(
        _("I looked at the identity document again: the person in front of me is the holder of this account"),
        [InputRequired(_("Look at the document again, then tick the box."))],
    )

"""The shape of what people write in a debate."""

from typing import Any

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import HiddenField, StringField, TextAreaField
from wtforms.validators import DataRequired, InputRequired, Optional

from civic import numbers
from civic.lengths import AtMost
from civic.rounds.forms import RadioField, SelectField
from consultations.agora.arguing import rules
from consultations.agora.arguing.labels import SIDES

_TOO_LONG = _l("Write at most %(max)s characters.")


class SpeakerForm(FlaskForm):
    """As whom one writes. Fields that do not concern the writer are taken out of it."""

    form_key = HiddenField()
    #: that similar arguments were shown, and this one is to be published all the same
    confirmed = HiddenField()
    in_name = SelectField(_l("In whose name?"), [Optional()], coerce=numbers.chosen_number)
    pseudonym = StringField(
        _l("Pseudonym"),
        [Optional(), AtMost(rules.MAX_PSEUDONYM, _TOO_LONG)],
        description=_l(
            "Leave it empty to write by the name of your account. A pseudonym holds in this debate alone and cannot be"
            " changed once you have written; when the debate is archived, nobody can tell any more whose it was."
        ),
        render_kw={"autocomplete": "off"},
    )
    function = StringField(
        _l("Your function"),
        [InputRequired(_l("Write your function: everyone reads it.")), AtMost(rules.MAX_FUNCTION, _TOO_LONG)],
    )
    department_id = SelectField(
        _l("Your department"), [InputRequired(_l("Choose one of the options."))], coerce=numbers.chosen_number
    )


def _body(label: Any, most: int, hint: Any) -> TextAreaField:
    return TextAreaField(
        label, [DataRequired(_l("Write something first.")), AtMost(most, _TOO_LONG)], description=hint
    )


class PositionForm(SpeakerForm):
    """A possible answer to the question."""

    body = _body(
        _l("The position"),
        rules.MAX_POSITION,
        _l("One possible answer to the question, in a sentence. Arguments for and against it follow."),
    )


class ArgumentForm(SpeakerForm):
    """An argument."""

    side = RadioField(_l("What your argument does"), [InputRequired(_l("Choose one of the options."))])
    position_id = SelectField(_l("What it is about"), [Optional()], coerce=numbers.chosen_number)
    body = _body(
        _l("The argument"), rules.MAX_BODY, _l("One point. Write a second one as a second argument.")
    )
    source = StringField(
        _l("Where it can be read up"),
        [Optional(), AtMost(rules.MAX_SOURCE, _TOO_LONG)],
        description=_l("The address of a page, for example https://…"),
        render_kw={"inputmode": "url"},
    )

    def offer(self, official: bool) -> None:
        """Offer the sides; a fact is stated by officials alone."""
        names = (*rules.SIDES, rules.NOTE) if official else rules.SIDES
        self.side.choices = [(name, SIDES[name]) for name in names]


class ReplyForm(SpeakerForm):
    """A reply to an argument."""

    body = _body(_l("Your answer"), rules.MAX_BODY, _l("Speak about the argument, not about who wrote it."))

"""The shape of a summary's sentences and of objections to it."""

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import StringField, TextAreaField
from wtforms.validators import DataRequired, InputRequired, Optional

from civic import numbers
from civic.lengths import AtMost
from civic.rounds.forms import RadioField, SelectField, SelectMultipleField
from consultations.agora.summary import rules
from consultations.agora.summary.labels import SECTIONS

_TOO_LONG = _l("Write at most %(max)s characters.")


class SentenceForm(FlaskForm):
    """A sentence and the arguments it sums up."""

    section = RadioField(
        _l("In which part of the summary"),
        [InputRequired(_l("Choose one of the options."))],
        choices=list(SECTIONS.items()),
    )
    text = TextAreaField(
        _l("The sentence"),
        [DataRequired(_l("Write something first.")), AtMost(rules.MAX_SENTENCE, _TOO_LONG)],
    )
    cited = SelectMultipleField(_l("The arguments it sums up"), [Optional()])
    more = StringField(
        _l("Other arguments, by their numbers"),
        [Optional(), AtMost(300, _TOO_LONG)],
        description=_l("The number stands in the address of an argument's page. For example: 12, 48."),
    )

    def numbers(self) -> list[int] | None:
        """Every argument named; None when something typed is no number."""
        typed = [word for word in (self.more.data or "").replace(",", " ").split() if word]
        found = [numbers.whole_number(word) for word in [*(self.cited.data or []), *typed]]
        return None if None in found else [number for number in found if number is not None]


class ObjectionForm(FlaskForm):
    """What is wrong with a summary."""

    sentence_id = SelectField(_l("Which sentence?"), [Optional()], coerce=numbers.chosen_number)
    text = TextAreaField(
        _l("What is wrong"),
        [DataRequired(_l("Write something first.")), AtMost(rules.MAX_OBJECTION, _TOO_LONG)],
        description=_l(
            "Say what was argued and is not there, or is there otherwise. It stays with the summary."
        ),
    )

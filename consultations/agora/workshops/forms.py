"""The shape of what staff type about workshops."""

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


class TieForm(FlaskForm):
    """Which meeting is a workshop of the debate."""

    meeting_id = SelectField(
        _l("Workshop or assembly"),
        [InputRequired(_l("Choose one of the options."))],
        coerce=numbers.chosen_number,
    )


class NoteForm(FlaskForm):
    """One argument brought at a workshop."""

    form_key = HiddenField()
    side = RadioField(_l("What the argument does"), [InputRequired(_l("Choose one of the options."))])
    position_id = SelectField(_l("What it is about"), [Optional()], coerce=numbers.chosen_number)
    body = TextAreaField(
        _l("What was said"), [DataRequired(_l("Write something first.")), AtMost(rules.MAX_BODY, _TOO_LONG)],
        description=_l("One point, as it was said, without the name of who said it. What several said is entered once."),
    )  # fmt: skip
    source = StringField(
        _l("Where it can be read up"), [Optional(), AtMost(rules.MAX_SOURCE, _TOO_LONG)],
        description=_l("The address of a page, for example https://…"), render_kw={"inputmode": "url"},
    )  # fmt: skip

    def offer(self, positions: list[tuple[str, Any]]) -> None:
        """Offer the sides and the positions."""
        self.side.choices = [(name, SIDES[name]) for name in rules.SIDES]
        self.position_id.choices = [("", _l("The question itself")), *positions]

"""The shape of what moderators type when they put a debate in order."""

from typing import Any

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import TextAreaField
from wtforms.validators import DataRequired, InputRequired, Optional

from civic import numbers
from civic.lengths import AtMost
from civic.rounds.forms import RadioField, SelectField
from consultations.agora.arguing import rules as judging
from consultations.agora.arguing.labels import SIDES
from consultations.agora.tending import rules
from consultations.agora.tending.presenters import gap_words

_TOO_LONG = _l("Write at most %(max)s characters.")
_CHOOSE = _l("Choose one of the options.")


class ActForm(FlaskForm):
    """What every act asks for: why."""

    reason = TextAreaField(
        _l("Why"),
        [DataRequired(_l("Write why: everyone reads it.")), AtMost(rules.MAX_REASON, _TOO_LONG)],
        description=_l("Everyone reads it."),
    )


def _sides() -> list[tuple[str, Any]]:
    return [(name, SIDES[name]) for name in judging.SIDES]


class MergeForm(ActForm):
    """Into which argument one is merged."""

    into_id = SelectField(
        _l("Which argument is kept"), [InputRequired(_CHOOSE)], coerce=numbers.chosen_number,
        description=_l("Those that say nearly the same stand first."),
    )  # fmt: skip


class MoveForm(ActForm):
    """Where an argument belongs."""

    side = RadioField(_l("What the argument does"), [InputRequired(_CHOOSE)])
    position_id = SelectField(_l("What it is about"), [Optional()], coerce=numbers.chosen_number)


class SplitForm(ActForm):
    """Two parts of an argument, in its author's words."""

    first = TextAreaField(
        _l("The first point"), [DataRequired(_l("Write something first.")), AtMost(judging.MAX_BODY, _TOO_LONG)],
        description=_l("Take out what belongs to the second point. What was judged stays with this one."),
    )  # fmt: skip
    second = TextAreaField(
        _l("The second point"), [DataRequired(_l("Write something first.")), AtMost(judging.MAX_BODY, _TOO_LONG)],
        description=_l("The rest of the text, in the author's own words: nothing is added and nothing left out."),
    )  # fmt: skip
    side = RadioField(_l("What the second point does"), [InputRequired(_CHOOSE)])


class FoldForm(ActForm):
    """Why a text is beside the question."""


class LockForm(ActForm):
    """Why no new texts are taken."""


class SlowForm(ActForm):
    """How long somebody waits between two texts."""

    minutes = SelectField(
        _l("How long somebody waits between two texts"),
        [InputRequired(_CHOOSE)],
        coerce=numbers.chosen_number,
    )


class UndoForm(ActForm):
    """Why an act is undone."""


def choose_gap(form: SlowForm) -> SlowForm:
    """Offer the gaps."""
    form.minutes.choices = [(str(minutes), gap_words(minutes)) for minutes in rules.GAPS]
    return form


def choose_sides(form: Any) -> Any:
    """Offer what an argument can do."""
    form.side.choices = _sides()
    return form

"""The shape of what a resident says about a delivery, and of the department's answer."""

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from flask_wtf.file import FileField
from wtforms import StringField, TextAreaField
from wtforms.validators import InputRequired, Optional

from civic.dateboxes import DATE, PlainDateField
from civic.lengths import up_to
from civic.rounds.forms import RadioField
from civic.tracker.checks.rules import MAX_TEXT

OUTCOMES = {
    "kept": _l("It is done: we show how we know"),
    "reopened": _l("You are right: work begins again, until a new date"),
    "explained": _l("We explain what was done and what was not"),
}


class CheckForm(FlaskForm):
    """Done or not, what was seen, and a photo."""

    done = RadioField(
        _l("What did you see?"),
        [InputRequired(_l("Choose what you saw."))],
        choices=[("yes", _l("It is done")), ("no", _l("It is not done, or not done well"))],
    )
    text = TextAreaField(
        _l("What you saw"),
        [Optional(), up_to(MAX_TEXT)],
        description=_l("Needed when it is not done. Do not write names, telephone numbers or car plates."),
    )
    photo = FileField(
        _l("Photo"),
        [Optional()],
        description=_l(
            "JPEG, PNG or WebP, at most 10 MB. If it is not done, please show it. We take out where and when it was made."
        ),
    )
    alt = StringField(
        _l("What the photo shows"),
        [Optional(), up_to(300)],
        description=_l("For those who cannot see it."),
    )


class AnswerForm(FlaskForm):
    """The department's answer to those who dispute."""

    outcome = RadioField(
        _l("Answer"), [InputRequired(_l("Choose an answer from the list."))], choices=list(OUTCOMES.items())
    )
    text = TextAreaField(
        _l("The answer"),
        [InputRequired(_l("Write the answer: everybody will read it.")), up_to(3000)],
        description=_l("Everybody reads it, under what the residents wrote."),
    )
    new_end = PlainDateField(_l("Until when, if work begins again"), [Optional()], format=DATE)

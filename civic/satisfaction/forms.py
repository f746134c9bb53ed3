"""The one question."""

from typing import Any

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import TextAreaField
from wtforms.validators import InputRequired, Length

from civic.choices import RadioField
from civic.satisfaction.labels import STEP_NAMES
from civic.satisfaction.rules import WORDS_MOST


def _step() -> Any:
    return RadioField(
        _l("Your answer"),
        [InputRequired(_l("Choose one of the five answers."))],
        choices=[(str(step), name) for step, name in STEP_NAMES.items()],
    )


class StepForm(FlaskForm):
    """Five steps."""

    step = _step()


class AnswerForm(StepForm):
    """Five steps, and a few words for the staff."""

    words = TextAreaField(
        _l("Why? (if you want to say)"),
        [Length(max=WORDS_MOST, message=_l("Use at most %(count)s characters.", count=WORDS_MOST))],
        description=_l("Only the city hall's staff read it. Do not write your name, address or telephone number."),
    )  # fmt: skip

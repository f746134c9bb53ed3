"""The shape of a request for a debate, of its announcement, of a speaker, and of what comes of it."""

from typing import Any

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from flask_wtf.file import FileField
from wtforms import StringField, TextAreaField
from wtforms.validators import DataRequired, InputRequired, Optional

from civic.lengths import AtMost
from civic.numbers import chosen_number
from civic.rounds.forms import MomentField, RadioField, SelectField
from civic.textboxes import WholeField
from consultations.contributions.rules import MAX_NAME
from consultations.debates import rules
from consultations.debates.labels import SPEAKERS

_TOO_LONG = _l("Write at most %(max)s characters.")
_WHEN = _l("Write the day and the hour such as 12.03.2027 09:00. For the end of a day write 24:00.")


def _reason() -> TextAreaField:
    return TextAreaField(
        _l("Why"), [DataRequired(_l("Write why: everyone reads it.")), AtMost(2000, _TOO_LONG)]
    )


def _link(label: Any) -> StringField:
    return StringField(label, [Optional(), AtMost(500, _TOO_LONG)], render_kw={"inputmode": "url"})


class AskForm(FlaskForm):
    """An organisation's written request."""

    organisation_id = SelectField(
        _l("The organisation that asks"), [InputRequired(_l("Choose one of the options."))], coerce=chosen_number
    )  # fmt: skip
    text = TextAreaField(
        _l("What the organisation asks for, and why"),
        [DataRequired(_l("Write what you ask for: everyone reads it.")), AtMost(rules.MAX_TEXT, _TOO_LONG)],
    )


class PlanForm(FlaskForm):
    """When and where, and how one speaks."""

    starts_at = MomentField(
        _l("When it begins"), [InputRequired(_WHEN)], description=_l("For example: 12.03.2027 17:00.")
    )
    place = StringField(
        _l("Place"), [Optional(), AtMost(300, _TOO_LONG)],
        description=_l("The building, the room, and how one gets in with a wheelchair."),
    )  # fmt: skip
    link = _link(_l("Address at which it is held online"))
    minutes_each = WholeField(
        _l("How long one speaker may speak"),
        [InputRequired(_l("One speaks between 1 and 60 minutes."))],
        description=_l("In minutes."),
        default=5,
    )
    sign_up_until = MomentField(
        _l("Until when one signs up to speak"), [InputRequired(_WHEN)],
        description=_l("At the latest when it begins. For example: 11.03.2027 12:00."),
    )  # fmt: skip


class MoveForm(PlanForm):
    """Another day or place."""

    reason = _reason()


class CancelForm(FlaskForm):
    """Why it is not held."""

    reason = _reason()


class SignUpForm(FlaskForm):
    """Somebody who wants to speak."""

    organisation_id = SelectField(_l("In whose name?"), [Optional()], coerce=chosen_number)
    name = StringField(
        _l("Your name"),
        [DataRequired(_l("Write the name of who speaks: everyone reads it.")), AtMost(MAX_NAME, _TOO_LONG)],
        description=_l("It stands in the list of speakers, which everyone can read."),
        render_kw={"autocomplete": "name"},
    )


class SpeakerForm(FlaskForm):
    """Somebody whom staff put on the list."""

    organisation_id = SelectField(
        _l("In whose name they speak"), [Optional()], coerce=chosen_number,
        description=_l("The organisations the city hall has verified. Of another one, write the name beside the speaker's."),
    )  # fmt: skip
    name = StringField(
        _l("Name of the speaker"),
        [DataRequired(_l("Write the name of who speaks: everyone reads it.")), AtMost(MAX_NAME, _TOO_LONG)],
    )


class MarkForm(FlaskForm):
    """What came of a speaker's turn."""

    state = RadioField(
        _l("What happened"),
        [InputRequired(_l("Choose one of the options."))],
        choices=[(one, SPEAKERS[one]) for one in rules.HEARD],
    )
    note = TextAreaField(
        _l("What was said"),
        [Optional(), AtMost(rules.MAX_NOTE, _TOO_LONG)],
        description=_l(
            "In short, without telephone numbers or addresses: once registered, everyone reads it."
        ),
    )


class EndForm(FlaskForm):
    """The end of a debate."""

    attendance = WholeField(
        _l("How many people were there"), [InputRequired(_l("Write how many people were there."))]
    )


class MinutesForm(FlaskForm):
    """The minutes, written here or as a file."""

    text = TextAreaField(_l("Minutes"), [Optional(), AtMost(rules.MAX_MINUTES, _TOO_LONG)])
    file = FileField(_l("The signed minutes"), description=_l("PDF, ODT, ODS, DOCX or XLSX, at most 10 MB."))
    recording = _link(_l("Link to the recording"))

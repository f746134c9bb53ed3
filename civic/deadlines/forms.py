"""The shape of a changed deadline and of a jurist's mark."""

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import HiddenField, StringField, TextAreaField
from wtforms.validators import DataRequired, InputRequired, Length, NumberRange

from civic.deadlines.labels import BASES, UNITS
from civic.deadlines.rules import MOST_DAYS
from civic.lengths import AtMost
from civic.rounds.forms import DayField, RadioField, WholeField

SOURCE_MOST = 200
_DAYS = _l("Enter a whole number of days, from 1 to %(most)s.", most=MOST_DAYS)
_TOO_LONG = _l("Use at most %(count)s characters.", count=SOURCE_MOST)


class _Seen(FlaskForm):
    #: the version the person was looking at
    seen = HiddenField()


class ChangeForm(_Seen):
    """A deadline, and why it changes."""

    days = WholeField(
        _l("How many days"),
        [InputRequired(_DAYS), NumberRange(1, MOST_DAYS, _DAYS)],
        render_kw={"inputmode": "numeric"},
    )
    unit = RadioField(_l("What is counted"), choices=list(UNITS.items()))
    basis = RadioField(_l("Where it comes from"), choices=list(BASES.items()))
    source_ro = StringField(
        _l("Source in Romanian"),
        [DataRequired(_l("Write the source.")), Length(max=SOURCE_MOST, message=_TOO_LONG)],
        description=_l(
            "As it continues “în cel mult 5 zile, potrivit …”, for example: Legii nr. 544/2001, art. 7."
        ),
    )
    source_en = StringField(
        _l("Source in English"),
        [DataRequired(_l("Write the source.")), Length(max=SOURCE_MOST, message=_TOO_LONG)],
        description=_l("As it continues “within 5 days, under …”, for example: Law 544/2001, art. 7."),
    )
    reason = TextAreaField(
        _l("Why it changes"),
        [
            DataRequired(_l("Write why it changes: it stays in the history.")),
            AtMost(1000, _l("Write at most %(max)s characters.")),
        ],
    )


class MarkForm(_Seen):
    """Who checked a deadline, and when."""

    jurist = StringField(
        _l("The jurist's name"),
        [DataRequired(_l("Write the jurist's name.")), Length(max=SOURCE_MOST, message=_TOO_LONG)],
    )
    on = DayField(_l("Day of the check"), [InputRequired(_l("Enter the day of the check."))])


class DayOffForm(FlaskForm):
    """A day off besides the public holidays."""

    day = DayField(
        _l("Day off"), [InputRequired(_l("Enter the day."))], description=_l("For example: 30.11.2027.")
    )
    reason = StringField(
        _l("By which decision"),
        [
            DataRequired(_l("Write by which decision it is a day off.")),
            Length(max=SOURCE_MOST, message=_TOO_LONG),
        ],
    )

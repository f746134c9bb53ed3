"""The shape of what staff type into a yearly report: a field for each item the data do not hold."""

from typing import Any

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import HiddenField, TextAreaField
from wtforms.validators import NumberRange, Optional

from civic.lengths import AtMost
from civic.numbers import whole_number
from civic.textboxes import WholeField
from consultations.yearly import rules
from consultations.yearly.labels import ITEMS

_TOO_LONG = _l("Write at most %(max)s characters.")


def name_of(key: str) -> str:
    """The name of an item's field.

    >>> name_of("court.sued")
    'court_sued'
    """
    return key.replace(".", "_")


class _YearForm(FlaskForm):
    """What every year's form has besides its items."""

    version = HiddenField(default="0")
    correction = TextAreaField(
        _l("What is corrected"), [Optional(), AtMost(2000, _TOO_LONG)],
        description=_l("Only when the report was published before: everyone reads why it changed."),
    )  # fmt: skip

    def typed(self) -> dict[str, Any]:
        """What was typed, by the keys of the items."""
        return {item.key: self[name_of(item.key)].data for item in (*rules.TYPED, *rules.WORDS)}

    def seen_version(self) -> int:
        """The version the form was made of."""
        return whole_number(self.version.data) or 0


def _number(key: str) -> WholeField:
    wrong = _l("Write a whole number from 0 on.")
    return WholeField(ITEMS[key], [Optional(), NumberRange(0, rules.MOST_NUMBER, wrong)])


YearForm = type(
    "YearForm",
    (_YearForm,),
    {
        **{name_of(item.key): _number(item.key) for item in rules.TYPED},
        **{
            name_of(item.key): TextAreaField(
                ITEMS[item.key], [Optional(), AtMost(rules.MAX_WORDS, _TOO_LONG)]
            )
            for item in rules.WORDS
        },
    },
)

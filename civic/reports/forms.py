"""The shape of what is written in a periodic report."""

from typing import Any

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import HiddenField, StringField, TextAreaField
from wtforms.validators import InputRequired, Optional

from civic import numbers
from civic.choices import RadioField, SelectField, SelectMultipleField
from civic.dateboxes import DATE, PlainDateField
from civic.indicators.periods import Period, read_period
from civic.lengths import up_to
from civic.reports.labels import OUTCOMES
from civic.reports.rules import MAX_LINE, MAX_WORDS


class BeginForm(FlaskForm):
    """The period of a new report."""

    period = SelectField(_l("Month or year"))

    @property
    def chosen(self) -> Period:
        """The period; only of a valid form."""
        found = read_period(str(self.period.data))
        assert found is not None
        return found


class IndicatorsForm(FlaskForm):
    """Which indicators a report is about."""

    codes = SelectMultipleField(_l("Indicators"))


class _Versioned(FlaskForm):
    """Texts that several people write: the form says which version it was made of."""

    version = HiddenField(default="0")

    def seen_version(self) -> int:
        """The version the form was made of."""
        return numbers.whole_number(self.version.data) or 0


class TextsForm(_Versioned):
    """What a report has in common."""

    introduction = TextAreaField(
        _l("Introduction"), [Optional(), up_to(MAX_WORDS)],
        description=_l("What this period was about, in a few sentences for a reader who reads nothing else."),
    )  # fmt: skip
    feedback = TextAreaField(
        _l("What residents told us"), [Optional(), up_to(MAX_WORDS)],
        description=_l("A summary of what came in; the counts stand beside it by themselves."),
    )  # fmt: skip
    taken = TextAreaField(
        _l("What was done about it"), [Optional(), up_to(MAX_WORDS)],
        description=_l("What changed because of it, and what did not and why."),
    )  # fmt: skip


class EntryForm(_Versioned):
    """What is written about one indicator."""

    department_id = SelectField(_l("Department that answers for it"), coerce=numbers.chosen_number)
    responsible = StringField(
        _l("Person or function that answers for it"), [Optional(), up_to(MAX_LINE)],
        description=_l("For example: head of the strategy service."),
    )  # fmt: skip
    analysis = TextAreaField(
        _l("Analysis"), [Optional(), up_to(MAX_WORDS)],
        description=_l("Why the value is what it is, and what moved it since the year before."),
    )  # fmt: skip
    recommendation = TextAreaField(
        _l("Recommendation"), [Optional(), up_to(MAX_WORDS)],
        description=_l("What should be done next."),
    )  # fmt: skip
    measure = TextAreaField(_l("What will be done"), [Optional(), up_to(MAX_WORDS)])
    owner = StringField(
        _l("Who carries it out"),
        [Optional(), up_to(MAX_LINE)],
        description=_l("A department and a function."),
    )
    told_department_id = SelectField(
        _l("Who is written to about the measure"),
        coerce=numbers.chosen_number,
        description=_l(
            "A letter once the report is signed, one a week before the day, and one when it has passed undone."
        ),
    )
    due_on = PlainDateField(_l("Until when"), [Optional()], format=DATE)


class AccountForm(_Versioned):
    """What became of a measure of an earlier report."""

    outcome: Any = RadioField(
        _l("What became of the measure"),
        [InputRequired(_l("Choose what became of it."))],
        choices=list(OUTCOMES.items()),
    )
    words = TextAreaField(
        _l("In words"), [InputRequired(_l("Say it in a sentence or two: everyone reads it.")), up_to(MAX_WORDS)],
        description=_l("What was done; of one that goes on or is given up, why."),
    )  # fmt: skip
    due_on = PlainDateField(
        _l("The new day"), [Optional()], format=DATE, description=_l("Only of a measure that goes on.")
    )


class ReasonForm(FlaskForm):
    """Why a report is sent back, or written again."""

    reason = TextAreaField(_l("Why"), [InputRequired(_l("Write why.")), up_to(MAX_WORDS)])


class SignForm(FlaskForm):
    """A signature: the office, and the fingerprint of what was read."""

    office = StringField(
        _l("The office in which you sign"),
        [InputRequired(_l("Write in which office you sign.")), up_to(MAX_LINE)],
        description=_l("It stands under the report, for example: secretary general of the city."),
    )
    seen = HiddenField()

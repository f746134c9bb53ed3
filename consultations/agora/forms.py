"""The shape of what people type about a debate."""

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import BooleanField, HiddenField, StringField, TextAreaField
from wtforms.validators import DataRequired, InputRequired, Optional

from civic import numbers
from civic.dimensions import LABELS as DIMENSIONS
from civic.lengths import AtMost
from civic.rounds.forms import DayField, EndField, SelectField
from consultations.agora import rules

_TOO_LONG = _l("Write at most %(max)s characters.")


class DebateForm(FlaskForm):
    """A debate before it is opened."""

    about = HiddenField()
    question = StringField(
        _l("The question"),
        [DataRequired(_l("Write the question.")), AtMost(rules.MAX_QUESTION, _TOO_LONG)],
        description=_l("One question, to which people can answer with arguments for and against."),
    )
    why = TextAreaField(
        _l("Why now"),
        [DataRequired(_l("Write why it should be debated now.")), AtMost(rules.MAX_WHY, _TOO_LONG)],
        description=_l("What happens, whom it concerns, and what would change."),
    )
    dimension = SelectField(_l("Dimension of local governance"), choices=list(DIMENSIONS.items()))
    neighbourhood_id = SelectField(_l("Neighbourhood"), [Optional()], coerce=numbers.chosen_number)
    in_name = SelectField(_l("In whose name?"), [Optional()])
    stances_first = BooleanField(
        _l("People say where they stand before they see where the others do"),
        description=_l("It keeps the first opinions from pulling the others along."),
        default=True,
    )
    with_statements = BooleanField(
        _l("People may also add short statements and say whether they agree"),
        description=_l(
            "From the votes this page shows what everyone can live with and, if there are any, the groups."
        ),
    )


class EndForm(FlaskForm):
    """Another end of the arguments."""

    closes_at = EndField(
        _l("Until when one can argue"),
        [
            InputRequired(
                _l("Write the day and the hour such as 12.03.2027 09:00. For the end of a day write 24:00.")
            )
        ],
        description=_l("For example: 31.03.2027 24:00."),
    )
    reason = TextAreaField(
        _l("Why"), [DataRequired(_l("Write why: everyone reads it.")), AtMost(2000, _TOO_LONG)]
    )


class AnswerForm(FlaskForm):
    """The official answer."""

    what = TextAreaField(
        _l("What will be done"),
        [
            DataRequired(_l("Write what will be done, or why nothing will be.")),
            AtMost(rules.MAX_ANSWER, _TOO_LONG),
        ],
        description=_l("Answer the arguments. If nothing will be done, say why. It cannot be changed later."),
    )
    department_id = SelectField(
        _l("By whom"),
        [InputRequired(_l("Choose the department that does it."))],
        coerce=numbers.chosen_number,
    )
    by = DayField(_l("By when"), [Optional()], description=_l("Leave it empty if nothing will be done."))
    leads_to = StringField(
        _l("What it becomes"),
        [Optional(), AtMost(500, _TOO_LONG)],
        description=_l("The address of the delivery or consultation on this site, if there is one already."),
        render_kw={"inputmode": "url"},
    )


class ReasonForm(FlaskForm):
    """Why a moderator makes something public again."""

    reason = TextAreaField(
        _l("Why"), [DataRequired(_l("Write the reason: the author will read it.")), AtMost(1000, _TOO_LONG)]
    )

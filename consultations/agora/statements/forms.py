"""The shape of a statement."""

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import StringField
from wtforms.validators import DataRequired

from civic.lengths import AtMost
from consultations.agora.statements.rules import MAX_STATEMENT


class StatementForm(FlaskForm):
    """Something to agree or disagree with."""

    text = StringField(
        _l("The statement"),
        [
            DataRequired(_l("Write something first.")),
            AtMost(MAX_STATEMENT, _l("Write at most %(max)s characters.")),
        ],
        description=_l("One short sentence with which people can agree or disagree. It shows no name."),
    )

"""The shape of what staff types about projects."""

from flask_babel import lazy_gettext as _
from flask_wtf import FlaskForm
from wtforms import SelectField, StringField, TextAreaField
from wtforms.validators import DataRequired, Length, Optional

from civic.rounds.forms import MoneyField


class ProjectForm(FlaskForm):
    """What the ballot says of a project."""

    title = StringField(
        _("Title on the ballot"),
        [DataRequired(_("Write the title.")), Length(max=200, message=_("The title is too long."))],
    )
    summary = TextAreaField(
        _("Summary"), [Optional(), Length(max=2000, message=_("The summary is too long."))]
    )
    cost = MoneyField(_("Cost"), [DataRequired(_("Write the cost as a number."))])
    pot_id = SelectField(_("Budget"), coerce=int)
    group_id = SelectField(_("Part of the ballot"), coerce=int)

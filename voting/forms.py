"""The shape of what staff types about projects and the people on a roll."""

from flask_babel import lazy_gettext as _
from flask_wtf import FlaskForm
from wtforms import StringField, TextAreaField
from wtforms.validators import DataRequired, InputRequired, Length, Optional, ValidationError

from civic.choices import RadioField, SelectField, SelectMultipleField
from civic.lengths import AtMost
from civic.numbers import chosen_number
from civic.rounds.forms import DayField
from civic.textboxes import MoneyField, WholeField
from voting.counting.amounts import LARGEST_AMOUNT

#: More votes than any city has voters say nothing.
MOST_VOTES = 1_000_000


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
    pot_id = SelectField(_("Budget"), coerce=chosen_number)
    group_id = SelectField(_("Part of the ballot"), coerce=chosen_number)


class _PublicReason(FlaskForm):
    """A change of what is public carries a reason."""

    reason = TextAreaField(
        _("Reason of the change"),
        [Optional(), Length(max=2000, message=_("That is too long."))],
        description=_("The plan is public: residents will read the reason in its history."),
    )


class RemovalForm(_PublicReason):
    """Taking away a set."""


class ExclusiveSetForm(_PublicReason):
    """Projects of which only one can win."""

    name = StringField(
        _("Name of the set"),
        [DataRequired(_("Write the name of the set.")), Length(max=120, message=_("That is too long."))],
        description=_("What they have in common, for example: the old market square."),
    )
    projects = SelectMultipleField(
        _("Projects of which only one can win"), coerce=chosen_number, validate_choice=False
    )


class DrawForm(_PublicReason):
    """A public draw: when, recorded where, and in which order the projects came."""

    held_on = DayField(_("Date of the draw"), [Optional()], description=_("For example: 02.11.2026."))
    minutes = StringField(
        _("Minutes that record the draw"),
        [
            DataRequired(_("Say which minutes record the draw.")),
            Length(max=300, message=_("That is too long.")),
        ],
        description=_("Number and date, as residents can ask for them. For example: PV 12345 / 02.11.2026."),
    )
    order = TextAreaField(
        _("Codes of the projects, in the order drawn"),
        [
            DataRequired(_("Write the codes in the order drawn.")),
            Length(max=20_000, message=_("That is too long.")),
        ],
        description=_("One a line, the first drawn on top. Every project of the ballot, once."),
        render_kw={"spellcheck": "false"},
    )


class FindOnRollForm(FlaskForm):
    """Whom to look for on a roll."""

    who = StringField(
        _("E-mail address of the account, or the person's number"),
        [DataRequired(_("Write an address or a number.")), Length(max=254, message=_("That is too long."))],
        render_kw={"autocomplete": "off", "spellcheck": "false"},
    )


class ReasonForm(FlaskForm):
    """Why a person is struck from a roll, or why no longer."""

    reason = TextAreaField(
        _("Reason"),
        [
            DataRequired(_("Write the reason: the person reads it.")),
            AtMost(1000, _("The reason is too long: at most %(max)s characters.")),
        ],
    )


class ContestForm(FlaskForm):
    """What is wrong with the results."""

    text = TextAreaField(
        _("What is wrong, and what should be done?"),
        [
            DataRequired(_("Say what is wrong with the results.")),
            AtMost(5000, _("Write at most %(max)s characters.")),
        ],
        description=_("Only those who decide read it. Do not write what you voted."),
    )


class ContestDecisionForm(FlaskForm):
    """The answer to a contest."""

    outcome = RadioField(
        _("Outcome"),
        [InputRequired(_("Choose the outcome."))],
        choices=[("upheld", _("Contest upheld")), ("dismissed", _("Contest dismissed"))],
        validate_choice=False,
    )
    reason = TextAreaField(
        _("Reasons, for the author and the public"),
        [
            DataRequired(_("Write the reasons: the author and the public read them.")),
            AtMost(5000, _("Write at most %(max)s characters.")),
        ],
        description=_("Say also what follows. Do not name the author."),
    )


class WhatIfForm(FlaskForm):
    """A change to the count of one budget, for staff who ask what it would give."""

    budget = MoneyField(_("Budget"), [InputRequired(_("Write the budget as a number."))])
    project = SelectField(_("More votes for"))
    votes = WholeField(
        _("How many more votes"), [Optional()], description=_("Voters who choose this project alone.")
    )
    without = SelectMultipleField(_("Leave out"))

    def validate_budget(self, field: MoneyField) -> None:
        """An amount the counting can hold."""
        if field.data is not None and not 0 <= field.data < LARGEST_AMOUNT:
            raise ValidationError(_("Write an amount below a thousand billion."))

    def validate_votes(self, field: WholeField) -> None:
        """A number of votes and a project belong together."""
        if field.data and field.data > MOST_VOTES:
            raise ValidationError(_("At most a million votes."))
        if field.data and not self.project.data:
            raise ValidationError(_("Choose the project that gets the votes."))

    def validate_project(self, field: SelectField) -> None:
        """A project without votes asks nothing."""
        if field.data and not self.votes.data:
            raise ValidationError(_("Write how many more votes it gets."))

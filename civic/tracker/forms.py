"""The shape of what staff enter about a delivery."""

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from flask_wtf.file import FileField, MultipleFileField
from wtforms import HiddenField, StringField, TextAreaField
from wtforms.validators import InputRequired, Optional

from civic import numbers
from civic.choices import SelectField
from civic.dateboxes import DATE, NOT_A_DATE, PlainDateField
from civic.lengths import up_to
from civic.textboxes import MoneyField
from civic.tracker.labels import PHOTO_STAGES, STATUS_LABELS


class DetailsForm(FlaskForm):
    """The facts about a delivery."""

    version = HiddenField()
    title = StringField(_l("Title"), [InputRequired(_l("Write a title.")), up_to(300)])
    objective = TextAreaField(_l("What it is for"), [Optional(), up_to(5000)])
    indicator = TextAreaField(_l("How we will know it worked"), [Optional(), up_to(2000)])
    budget = MoneyField(_l("Approved budget"), description=_l("Leave empty when no document states it."))
    currency = SelectField(_l("Currency"), choices=[("RON", "lei"), ("EUR", "EUR")])
    budget_basis = StringField(
        _l("What the amount is"),
        [Optional(), up_to(200)],
        description=_l("For example: with VAT, estimated."),
    )
    funding_source = StringField(_l("Funding source"), [Optional(), up_to(300)])
    council_decision = StringField(_l("Council decision"), [Optional(), up_to(200)])
    place = StringField(_l("Place"), [Optional(), up_to(300)])
    neighbourhood_id = SelectField(_l("Neighbourhood"), coerce=numbers.chosen_number)
    category_id = SelectField(_l("Domain"), coerce=numbers.chosen_number)
    department_id = SelectField(_l("Department in charge"), coerce=numbers.chosen_number)
    responsible = StringField(
        _l("Who answers for it there"),
        [Optional(), up_to(200)],
        description=_l("The function, not the person: for example, head of the investments service."),
    )
    started_on = PlainDateField(_l("Started on"), [Optional()], format=DATE)
    planned_end = PlainDateField(_l("Planned end"), [Optional()], format=DATE)


class StatusForm(FlaskForm):
    """Another stage, and why."""

    status = SelectField(_l("Stage"), choices=list(STATUS_LABELS.items()))
    reason = TextAreaField(
        _l("Reason for this stage"), [Optional(), up_to(3000)],
        description=_l("Residents read it. Halted, cancelled and other need one, and so does reopening what ended."),
    )  # fmt: skip


class UpdateForm(FlaskForm):
    """News between two stages."""

    text = TextAreaField(_l("What happened"), [InputRequired(_l("Write what happened.")), up_to(5000)])
    photos = MultipleFileField(
        _l("Photos"), [Optional()], description=_l("JPEG, PNG or WebP, at most 10 MB each, six at a time.")
    )
    stage = SelectField(
        _l("The place in the photos"), choices=list(PHOTO_STAGES.items()), validate_choice=False
    )
    alt = StringField(
        _l("What the photos show"), [Optional(), up_to(300)], description=_l("For those who cannot see them.")
    )


class DocumentForm(FlaskForm):
    """A document of the work."""

    title = StringField(_l("What the document is"), [InputRequired(_l("Write a title.")), up_to(200)])
    file = FileField(
        _l("Document"), [Optional()], description=_l("PDF or an office document, at most 20 MB.")
    )


class MilestoneForm(FlaskForm):
    """A step and its dates."""

    title = StringField(_l("Step"), [InputRequired(_l("Write a title.")), up_to(200)])
    planned_on = PlainDateField(_l("Planned for"), [InputRequired(NOT_A_DATE)], format=DATE)
    replanned_on = PlainDateField(_l("New date"), [Optional()], format=DATE)
    replan_reason = TextAreaField(_l("Why the date has changed"), [Optional(), up_to(2000)])
    done_on = PlainDateField(_l("Reached on"), [Optional()], format=DATE)

"""The shape of what staff type when they plan a round. What it means is judged by the plan's rules."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from flask_babel import lazy_gettext as _
from flask_wtf import FlaskForm
from flask_wtf.file import FileField
from wtforms import (
    BooleanField,
    FieldList,
    Form,
    FormField,
    HiddenField,
    StringField,
    TextAreaField,
)
from wtforms.validators import Optional, ValidationError

from civic import choices, numbers
from civic.accounts.verifying.methods import NAMES, REMOTE
from civic.clock import CITY_ZONE
from civic.lengths import AtMost
from civic.rounds import reading
from civic.rounds.facts import PHASES, Problem
from civic.textboxes import MoneyField, ValueBox, WholeField

MOST_ROWS = 60

PUBLICATION_CHOICES = (
    ("inclusion_only", _("Choices shuffled, codes in a separate list (recommended)")),
    ("open", _("Each choice beside its code")),
)


def _most(length: int) -> AtMost:
    return AtMost(length, _("Write at most %(max)s characters."))


class SelectField(choices.SelectField):
    """A select that refuses an unknown choice in the page's language."""

    def pre_validate(self, form: Any) -> None:
        """Only what was offered may be chosen."""
        if not any(selected for _value, _label, selected, *_rest in self.iter_choices()):
            raise ValidationError(_("Choose one of the options."))


class RadioField(choices.RadioField):
    """Radios that refuse an unknown choice in the page's language."""

    def pre_validate(self, form: Any) -> None:
        """Only what was offered may be chosen."""
        if not any(selected for _value, _label, selected, *_rest in self.iter_choices()):
            raise ValidationError(_("Choose one of the options."))


class SelectMultipleField(choices.SelectMultipleField):
    """Ticks of which only what was offered may be sent."""

    def pre_validate(self, form: Any) -> None:
        """Only what was offered may be chosen."""
        offered = {value for value, _label, _selected, *_rest in self.iter_choices()}
        if any(value not in offered for value in self.data or ()):
            raise ValidationError(_("Choose one of the options."))


class MomentField(ValueBox):
    """A moment on the city's clock."""

    refusal = _("Write the day and the hour such as 12.03.2027 09:00. For the end of a day write 24:00.")
    data: datetime | None
    is_end = False

    def read(self, text: str) -> datetime:
        """See `reading.read_moment`."""
        try:
            return reading.read_moment(text, CITY_ZONE)
        except reading.NoSuchTime as error:
            raise ValidationError(
                _("The clocks jump over this time on that day. Choose an hour earlier or later.")
            ) from error

    def write(self, value: datetime | None) -> str:
        """See `reading.write_moment`."""
        return reading.write_moment(value, CITY_ZONE, self.is_end)


class EndField(MomentField):
    """A moment at which something ends."""

    is_end = True


class DayField(ValueBox):
    """A calendar day."""

    refusal = _("Write the day such as 12.03.2027.")
    data: date | None

    def read(self, text: str) -> date:
        """See `reading.read_day`."""
        return reading.read_day(text)

    def write(self, value: date | None) -> str:
        """Day, month, year."""
        return f"{value:%d.%m.%Y}" if value else ""


def choice_or_none(raw: Any) -> int | None:
    """The id chosen in a select, None for the empty choice and for what is no id."""
    return numbers.whole_number(str(raw or ""))


class PlanForm(FlaskForm):
    """A step of the plan. A public round's changes carry a reason."""

    reason = TextAreaField(
        _("Reason of the change"),
        [Optional(), _most(2000)],
        description=_("The plan is public: residents will read the reason in its history."),
    )

    def show_problems(self, problems: Sequence[Problem], rows: dict[str, list[int]] | None = None) -> None:
        """Put each refusal at its field; those about no field of this form at the top.

        `rows` maps the plan's row numbers to those of the form, which may have empty rows in between.
        """
        for problem in problems:
            field = self._field_of(problem.field.split("-"), rows or {})
            if field is None:
                self.form_errors.append(problem.sentence)
            else:
                field.errors = [*field.errors, problem.sentence]

    def _field_of(self, path: list[str], rows: dict[str, list[int]]) -> Any | None:
        if len(path) == 3 and path[0] in rows and path[1].isdigit():
            place = rows[path[0]][int(path[1])]
            return getattr(self[path[0]].entries[place].form, path[2], None)
        if len(path) == 3 and path[0] == "phases":
            return getattr(self, f"{path[1]}_{path[2]}", None)
        return self[path[0]] if len(path) == 1 and path[0] in self else None


class NewRoundForm(FlaskForm):
    """The beginning of a round."""

    content = RadioField(
        _("What residents vote on"),
        choices=[
            ("projects", _("projects: an edition of participatory budgeting")),
            ("questions", _("questions: an advisory ballot of the residents of an area")),
        ],
        default="projects",
        description=_("This cannot be changed later."),
    )
    name = StringField(
        _("Name"),
        [_most(200)],
        description=_("For example: Edition 2027. For questions: Traffic on Oak Street."),
    )
    copy_from = SelectField(
        _("Begin from"),
        description=_(
            "An earlier edition gives its money, ballot, eligibility and counting rule; not its dates."
        ),
    )


class BasicsForm(PlanForm):
    """What the round is called and which rules the council adopted."""

    name = StringField(_("Name"), [_most(200)])
    summary = TextAreaField(
        _("In a few words"),
        [Optional(), _most(1000)],
        description=_("Two or three sentences for the first page."),
    )
    regulation = TextAreaField(
        _("The rules adopted by the council"),
        [Optional(), _most(200_000)],
        description=_("The whole text. Headings, lists and tables in Markdown."),
        render_kw={"rows": 16},
    )
    regulation_decision = StringField(
        _("Number of the decision"), [Optional(), _most(80)], description=_("For example: HCL 41/2026.")
    )
    regulation_date = DayField(
        _("Date of the decision"), [Optional()], description=_("For example: 02.11.2026.")
    )


class QuestionBasicsForm(BasicsForm):
    """What a ballot of questions is called, and the decision that called it, where there is one."""

    name = StringField(_("Name of the ballot"), [_most(200)])
    summary = TextAreaField(
        _("In a few words"),
        [Optional(), _most(1000)],
        description=_("What is decided with these answers, in two or three sentences."),
    )
    regulation = TextAreaField(
        _("The rules of the ballot"),
        [Optional(), _most(200_000)],
        description=_("If the council or the mayor adopted any. Headings, lists and tables in Markdown."),
        render_kw={"rows": 8},
    )


class PotForm(Form):
    """One budget."""

    id = HiddenField()
    name = StringField(_("Name"), [_most(200)])
    amount = MoneyField(_("Amount"))
    neighbourhood_id = SelectField(_("For whom"))
    programme_id = SelectField(_("Programme"))


class MoneyForm(PlanForm):
    """The budgets and what a project may cost."""

    pots = FieldList(FormField(PotForm), max_entries=MOST_ROWS)
    min_cost = MoneyField(_("Least cost of a project"), [Optional()])
    max_cost = MoneyField(_("Most a project may cost"), [Optional()])


class GroupForm(Form):
    """One part of the ballot."""

    id = HiddenField()
    name = StringField(_("Name"), [_most(200)])
    category_id = SelectField(_("Domain"))
    neighbourhood_id = SelectField(_("Neighbourhood"))
    ballot_kind = SelectField(
        _("How it is filled in"),
        choices=[
            ("choose_one", _("one project")),
            ("approval", _("several projects, up to a number")),
            ("knapsack", _("projects within a budget")),
            ("points", _("points shared among projects")),
            ("ordinal", _("projects put in order")),
        ],
    )
    min_choices = WholeField(_("At least"))
    max_choices = WholeField(_("At most"))
    max_cost = MoneyField(_("Budget of a voter"))
    points_total = WholeField(_("Points"))
    points_each = WholeField(_("Points for one project, at most"))


class BallotForm(PlanForm):
    """The parts of the ballot."""

    groups = FieldList(FormField(GroupForm), max_entries=MOST_ROWS)


class PeopleForm(PlanForm):
    """Who takes part."""

    programme_id = SelectField(_("Programme"))
    min_age = WholeField(_("Youngest age"), [Optional()], description=_("Ages count on the last voting day."))
    max_age = WholeField(_("Oldest age"), [Optional()])
    area_basis = RadioField(
        _("Who belongs to the city"),
        choices=[
            ("domicile", _("who has their domicile here")),
            ("residence", _("who lives here, with domicile or residence")),
            ("work", _("who lives or works here")),
            ("study", _("who lives or studies here")),
            ("any", _("who lives, works or studies here")),
            ("free", _("anybody the city has identified")),
        ],
    )
    remote_verification = SelectMultipleField(
        _("How may residents be verified, besides the desk?"),
        choices=[(one, NAMES[one]) for one in REMOTE],
        description=_(
            "The desk is always accepted. What is easier for residents is also weaker against somebody who votes in "
            "another's name; each way is counted apart and shown in the turnout."
        ),
    )
    late_registration = BooleanField(_("Residents identified while voting is open may vote"))


class QuestionPeopleForm(PeopleForm):
    """Whom a ballot of questions asks."""

    programme_id = None  # type: ignore[assignment]
    areas = SelectMultipleField(
        _("Whose residents are asked"),
        description=_("Tick the neighbourhoods. Tick none to ask the whole city."),
        coerce=int,
    )


class PublicationForm(PlanForm):
    """What is published about ballots, where nothing but answers is counted."""

    publication_mode = RadioField(_("What is published about ballots"), choices=list(PUBLICATION_CHOICES))


class DatesForm(PlanForm):
    """When each phase runs."""

    first_day = DayField(
        _("First day"), [Optional()], description=_("Only to fill in usual lengths from that day on.")
    )


for _kind in PHASES:
    setattr(DatesForm, f"{_kind}_starts_at", MomentField(_("Begins"), [Optional()]))
    setattr(DatesForm, f"{_kind}_ends_at", EndField(_("Ends"), [Optional()]))


class DocumentForm(FlaskForm):
    """A document to attach."""

    kind = SelectField(_("Kind of document"))
    title = StringField(_("Title"), [_most(300)])
    upload = FileField(_("File"), description=_("PDF, ODT, ODS, DOCX or XLSX, at most 10 MB."))

    show_problems = PlanForm.show_problems
    _field_of = PlanForm._field_of


class ExtendForm(FlaskForm):
    """A phase that is to run longer."""

    kind = SelectField(_("Phase"))
    ends_at = EndField(_("New end"), description=_("For example: 12.03.2027 24:00."))
    reason = TextAreaField(
        _("Reason of the extension"), [_most(2000)], description=_("Residents will read it.")
    )

    show_problems = PlanForm.show_problems
    _field_of = PlanForm._field_of


class AdoptForm(FlaskForm):
    """The council's decision on the results."""

    decision = StringField(
        _("Number of the decision"), [_most(80)], description=_("For example: HCL 77/2027.")
    )
    decision_date = DayField(_("Date of the decision"), description=_("For example: 30.03.2027."))
    what = TextAreaField(
        _("What was decided"), [Optional(), _most(2000)], description=_("In words that residents understand.")
    )
    url = StringField(
        _("Where the decision can be read"), [Optional(), _most(500)], description=_("A web address.")
    )

    show_problems = PlanForm.show_problems
    _field_of = PlanForm._field_of


class ProgrammeForm(FlaskForm):
    """A themed line of rounds or budgets."""

    name = StringField(_("Name"), [_most(200)])
    description = TextAreaField(_("What it is for"), [Optional(), _most(1000)])
    audience = StringField(
        _("Whom it is for"),
        [Optional(), _most(300)],
        description=_(
            "In words, what no computer can check: artists, social enterprises, high-school pupils."
        ),
    )
    min_age = WholeField(_("Youngest age"), [Optional()])
    max_age = WholeField(_("Oldest age"), [Optional()])

    show_problems = PlanForm.show_problems
    _field_of = PlanForm._field_of


def counting_form(rules: Sequence[Any]) -> type[PlanForm]:
    """The form of the counting rule, with the settings of every registered rule."""

    class CountingForm(PlanForm):
        rule = RadioField(_("How the winners are found"), choices=[(rule.name, rule.label) for rule in rules])
        pot_counting = RadioField(
            _("How several budgets are counted"),
            choices=[
                ("separate", _("each by itself (usual)")),
                ("combined", _("all together, as one sum of money")),
            ],
            description=_("With a single budget this changes nothing."),
        )
        tie_order = RadioField(
            _("What decides a tie"),
            choices=[
                ("lot", _("a lot with a seed published before voting opens (recommended)")),
                ("submission", _("the earlier submission")),
                ("draw", _("a public draw, with minutes")),
            ],
            description=_(
                "Of projects with as many votes the cheaper comes first, then the one with more voters. "
                "This decides only what is still level."
            ),
        )
        publication_mode = RadioField(_("What is published about ballots"), choices=list(PUBLICATION_CHOICES))

    for rule in rules:
        for parameter in rule.parameters:
            setattr(CountingForm, parameter_field(rule.name, parameter.name), _parameter_box(parameter))
    return CountingForm


def parameter_field(rule: str, parameter: str) -> str:
    """The name of the box for a setting of a rule."""
    return f"{rule.replace('-', '_')}__{parameter}"


def _parameter_box(parameter: Any) -> Any:
    if parameter.kind == "flag":
        return BooleanField(parameter.label, description=parameter.hint)
    if parameter.kind == "choice":
        first = parameter.choices[0][0]
        return SelectField(
            parameter.label, choices=parameter.choices, default=first, description=parameter.hint
        )
    longest = 600 if parameter.kind == "places" else 20
    return StringField(parameter.label, [Optional(), _most(longest)], description=parameter.hint)

"""The shape of a proposal's form."""

from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from flask_wtf.file import MultipleFileField
from wtforms import Field, HiddenField, StringField, TextAreaField, ValidationError
from wtforms.validators import DataRequired, Optional

from civic.choices import SelectField
from civic.lengths import AtMost
from civic.money import read_optional
from proposals.form_parts import cleaned_line, cleaned_text, short_text
from proposals.rules import MAX_COST, MAX_PLACE, MAX_TITLE, Draft


def _coordinate(typed: str | None, limit: float) -> float | None:
    try:
        value = float((typed or "").replace(",", "."))
    except ValueError:
        return None
    return value if -limit <= value <= limit else None


def check_cost(field: Field) -> None:
    """An amount as people type it, above zero and within reason."""
    try:
        cost = read_optional(field.data)
    except ValueError:
        raise ValidationError(
            _("We could not read the amount. Write it in lei, like 12.500 or 12500,50.")
        ) from None
    if cost is not None and not 0 < cost <= MAX_COST:
        raise ValidationError(_("The amount must be above zero and below one billion lei."))


class ProposalForm(FlaskForm):
    """Everything a resident says about an idea. Only a complete one can be submitted; any can be saved."""

    title = StringField(
        _l("Title"),
        filters=[cleaned_line],
        description=_l("What and where, in a few words. For example: Shade and benches at the playground."),
        validators=[
            DataRequired(_l("Give the proposal a title.")),
            AtMost(MAX_TITLE, _l("The title may have at most %(max)s characters.")),
        ],
    )
    problem = TextAreaField(
        _l("What is the problem?"),
        filters=[cleaned_text],
        description=_l("Who meets it, where and when. Plain words are best."),
        validators=[
            DataRequired(_l("Say what the problem is.")),
            short_text(),
        ],
    )
    idea = TextAreaField(
        _l("What do you propose?"),
        filters=[cleaned_text],
        description=_l("You need no project and no technical terms. The departments help with those."),
        validators=[
            DataRequired(_l("Say what you propose.")),
            short_text(),
        ],
    )
    neighbourhood = SelectField(
        _l("Neighbourhood"), validators=[DataRequired(_l("Choose the neighbourhood."))], validate_choice=False
    )
    category = SelectField(
        _l("Domain"), validators=[DataRequired(_l("Choose the domain."))], validate_choice=False
    )
    place = StringField(
        _l("Place"),
        filters=[cleaned_line],
        description=_l("A street, a park, a bus stop. Leave empty if the idea has no fixed place."),
        validators=[
            Optional(),
            AtMost(MAX_PLACE, _l("The place may have at most %(max)s characters.")),
        ],
    )
    cost = StringField(
        _l("Estimated cost"),
        filters=[cleaned_line],
        description=_l("Only if you have an idea of it. The departments make their own estimate."),
        validators=[Optional()],
        render_kw={"inputmode": "decimal"},
    )
    images = MultipleFileField(
        _l("Pictures"), description=_l("At most 5, as JPEG, PNG or WebP, each of at most 10 MB.")
    )
    documents = MultipleFileField(
        _l("Documents"), description=_l("At most 3, as PDF, ODT, ODS, DOCX or XLSX, each of at most 10 MB.")
    )
    latitude = StringField(_l("Latitude"), filters=[cleaned_line], validators=[Optional()])
    longitude = StringField(_l("Longitude"), filters=[cleaned_line], validators=[Optional()])
    version = HiddenField()
    editor = HiddenField()

    def offer(self, neighbourhoods: Any, categories: Any) -> None:
        """Fill the lists to choose from."""
        self.neighbourhood.choices = [
            ("", _("Choose a neighbourhood")),
            *((str(one.id), one.name) for one in neighbourhoods),
        ]
        self.category.choices = [
            ("", _("Choose a domain")),
            *((str(one.id), one.name) for one in categories),
        ]

    def _chosen(self, field: SelectField) -> int | None:
        offered = {one.value for one in field.choices or []}
        return int(field.data) if field.data in offered and field.data else None

    def to_draft(self) -> Draft:
        """What was typed, for saving, valid or not."""
        latitude = _coordinate(self.latitude.data, 90)
        longitude = _coordinate(self.longitude.data, 180)
        whole = latitude is not None and longitude is not None
        return Draft(
            title=self.title.data or "",
            problem=self.problem.data or "",
            idea=self.idea.data or "",
            neighbourhood_id=self._chosen(self.neighbourhood),
            category_id=self._chosen(self.category),
            cost_text=self.cost.data or "",
            place=self.place.data or "",
            latitude=latitude if whole else None,
            longitude=longitude if whole else None,
        )

    def validate_latitude(self, field: StringField) -> None:
        """Both coordinates, and on Earth; or neither."""
        draft = self.to_draft()
        if (field.data or self.longitude.data) and draft.latitude is None:
            raise ValidationError(_("We could not read the point. Mark it on the map, or leave both empty."))

    def validate_neighbourhood(self, field: SelectField) -> None:
        """Only one of the city's."""
        if field.data and self._chosen(field) is None:
            raise ValidationError(_("Choose the neighbourhood."))

    def validate_category(self, field: SelectField) -> None:
        """Only one of the list."""
        if field.data and self._chosen(field) is None:
            raise ValidationError(_("Choose the domain."))

    def validate_cost(self, field: StringField) -> None:
        """An amount as people type it."""
        check_cost(field)

"""The shape of what staff type for a questionnaire. What it means is judged by the rules."""

import re
from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from flask_babel import gettext
from flask_babel import lazy_gettext as _
from flask_wtf import FlaskForm
from wtforms import BooleanField, Form, StringField, TextAreaField
from wtforms.validators import InputRequired, Optional

from civic.accounts.forms import ENTER_EMAIL, DocumentForm, EmailField
from civic.lengths import AtMost
from civic.rounds.forms import RadioField, SelectField
from civic.textboxes import ValueBox, WholeField
from consultations.questionnaires import words
from consultations.questionnaires.definition import (
    DECIDING,
    MOST_DECIMALS,
    MOST_EXPLANATION,
    MOST_TITLE,
    MOST_UNIT,
    MOST_WORDS,
    WITH_OPTIONS,
    Condition,
    Definition,
    Item,
    Option,
    Page,
    Words,
)
from consultations.questionnaires.models import Questionnaire
from consultations.questionnaires.service import Settings, cleaned_words, keyed_options


def _most(length: int) -> AtMost:
    return AtMost(length, _("Write at most %(max)s characters."))


class SettingsForm(Form):
    """What a questionnaire is besides its items."""

    title = StringField(_("Title"), [InputRequired(_("Write a title.")), _most(MOST_TITLE)])
    title_en = StringField(_("Title in English"), [Optional(), _most(MOST_TITLE)])
    intro = TextAreaField(
        _("What it is for"),
        [Optional(), _most(MOST_EXPLANATION)],
        description=_("What the answers change, in plain words. Headings and lists in Markdown."),
    )
    intro_en = TextAreaField(_("What it is for, in English"), [Optional(), _most(MOST_EXPLANATION)])
    english = BooleanField(
        _("Offer it in English too"),
        description=_("Then every question and option needs its English text before it is published."),
    )
    access = RadioField(_("Who may answer"), choices=list(words.ACCESS.items()), default="verified")
    keeps_groups = BooleanField(
        _("Keep the neighbourhood and the age group beside the answers"),
        description=_(
            "Only for verified residents. Results can then be read by neighbourhood and age; cells under ten are hidden."
        ),
    )
    results = RadioField(
        _("When the results are public"), choices=list(words.RESULTS.items()), default="closed"
    )
    answer_first = BooleanField(
        _("Until the end, show the results only to those who have answered"),
        description=_("So that nobody answers as the others did."),
    )
    texts_public = BooleanField(
        _("Everybody may read the answers in words"),
        description=_(
            "Never shown with a name. People may write names in them: read them first. This can be changed later."
        ),
    )

    def typed(self) -> Settings:
        """What was typed."""
        values: dict[str, Any] = {
            name: self[name].data if self[name].data is not None else ""
            for name in Settings.__dataclass_fields__
        }
        return Settings(**values)

    def validate(self, extra_validators: Any = None) -> bool:
        """English is offered with an English title."""
        valid: bool = super().validate(extra_validators)
        if valid and self.english.data and not (self.title_en.data or "").strip():
            self.title_en.errors = [gettext("Write the title in English too.")]
            return False
        return valid


class NewForm(SettingsForm):
    """A new questionnaire, and what it begins from."""

    start = SelectField(_("Begin from"))


class TitleForm(Form):
    """A page's title and branch."""

    title = StringField(_("Title of the page"), [Optional(), _most(MOST_TITLE)])
    title_en = StringField(_("Title of the page in English"), [Optional(), _most(MOST_TITLE)])
    condition = SelectField(
        _("Who sees this page"), description=_("A branch looks back only: at questions on earlier pages.")
    )


class BoundField(ValueBox):
    """A number that may be below 0 and have two decimals, or be left out."""

    inputmode = "text"  # telephones' keyboards for figures have no minus
    refusal = _("Write a number such as −20 or 2,5, or leave it empty.")
    data: Decimal | None

    def read(self, text: str) -> Decimal:
        """A sign, figures, and a comma before at most two decimals."""
        typed = text.strip().replace("\u2212", "-").replace("\u00a0", "").replace(" ", "").replace(",", ".")
        if not re.fullmatch(r"-?[0-9]{1,11}(?:\.[0-9]{1,2})?", typed, re.ASCII):
            raise ValueError(text)
        return Decimal(typed)

    def write(self, value: Any) -> str:
        """With a comma."""
        return "" if value is None else str(value).replace(".", ",")


class ItemForm(Form):
    """One item, of whatever kind; the page shows the fields its kind has."""

    text = TextAreaField(_("The question"), [InputRequired(_("Write the text.")), _most(MOST_WORDS)])
    text_en = TextAreaField(_("The question in English"), [Optional(), _most(MOST_WORDS)])
    explanation = TextAreaField(_("Explanation"), [Optional(), _most(MOST_EXPLANATION)])
    explanation_en = TextAreaField(_("Explanation in English"), [Optional(), _most(MOST_EXPLANATION)])
    required = BooleanField(_("An answer is needed"))
    options = TextAreaField(
        _("The options"), [_most(6000)], description=_("One on a line, in the order shown.")
    )
    options_en = TextAreaField(
        _("The options in English"),
        [Optional(), _most(6000)],
        description=_("The same lines, in the same order."),
    )
    scale = TextAreaField(
        _("The steps of the scale"), [_most(2000)], description=_("One on a line, from one end to the other.")
    )
    scale_en = TextAreaField(_("The steps of the scale in English"), [Optional(), _most(2000)])
    other = BooleanField(_("Add the option “Other”, with words of one's own"))
    least = WholeField(_("At least"), [Optional()])
    most = WholeField(_("At most"), [Optional()])
    low = BoundField(_("The least that can be written"), [Optional()], description=_("May be below 0: −20."))
    high = BoundField(_("The most that can be written"), [Optional()])
    decimals = SelectField(
        _("Decimals"),
        choices=[("0", _("none: whole numbers")), ("1", _("one: 2,5")), ("2", _("two: 2,50"))],
        default="0",
    )
    total = WholeField(_("What the parts add up to"), [Optional()])
    unit = StringField(
        _("Unit"), [Optional(), _most(MOST_UNIT)], description=_("For example: lei, points, years.")
    )
    unit_en = StringField(_("Unit in English"), [Optional(), _most(MOST_UNIT)])
    condition = SelectField(
        _("Who sees it"), description=_("A branch looks back only: at questions asked before this one.")
    )


class OwnerForm(DocumentForm):
    """Whose sheet of paper it is, where every verified resident answers once. Never written back, never stored."""

    seen = None  # the sheet was signed, nobody stands in front of the clerk


class AddressForm(FlaskForm):
    """Whose sheet of paper it is, where every e-mail address answers once."""

    email = EmailField(_("E-mail address on the sheet"), [InputRequired(ENTER_EMAIL)])


#: Which fields an item has, by kind, besides its words, its explanation and its branch.
FIELDS: dict[str, tuple[str, ...]] = {
    "information": (),
    "single": ("options", "other", "required"),
    "multiple": ("options", "other", "least", "most", "required"),
    "matrix": ("options", "scale", "required"),
    "ranking": ("options", "least", "most", "required"),
    "split": ("options", "total", "unit", "required"),
    "number": ("low", "high", "decimals", "unit", "required"),
    "short_text": ("required",),
    "long_text": ("required",),
    "date": ("required",),
    "place": ("required",),
    "area": ("required",),
    "file": ("required",),
}


def settings_data(one: Questionnaire) -> dict[str, Any]:
    """A stored questionnaire as its form shows it."""
    return {name: getattr(one, name) for name in Settings.__dataclass_fields__}


def condition_choices(
    definition: Definition, before: str | None, page: str | None = None
) -> list[tuple[str, str]]:
    """What a branch may stand on: every option of the questions asked before an item (or before a page)."""
    choices = [("", gettext("everybody"))]
    for one in definition.pages:
        if page is not None and one.key == page and before is None:
            break
        for item in one.items:
            if item.key == before:
                return choices
            if item.kind in DECIDING:
                choices += [
                    (
                        f"{item.key}:{key}",
                        f"{words.told(item.words)[:60]} → {words.option_words(item, key)[:60]}",
                    )
                    for key in item.choices
                ]
        if page is not None and one.key == page:
            break
    return choices


def page_choices(definition: Definition, page: str | None) -> list[tuple[str, str]]:
    """What a page's branch may stand on: the questions of earlier pages; all of them for a new page."""
    return condition_choices(definition, None, page)


def item_choices(definition: Definition, page: str, key: str | None) -> list[tuple[str, str]]:
    """What an item's branch may stand on: for a new one everything up to the end of its page."""
    if key:
        return condition_choices(definition, key, page)
    return condition_choices(definition, "", page)


def with_current(choices: list[tuple[str, str]], condition: Condition | None) -> list[tuple[str, str]]:
    """The choices with a branch on several options, which the form keeps and does not make."""
    value = condition_value(condition)
    if value and value not in dict(choices):
        return [*choices, (value, gettext("the branch it has now"))]
    return choices


def condition_value(condition: Condition | None) -> str:
    """A branch as the form sends it."""
    return f"{condition.item}:{'|'.join(condition.values)}" if condition else ""


def read_condition(value: str | None) -> Condition | None:
    """A branch from what the form sent, which offered it."""
    if not value or ":" not in value:
        return None
    item, values = value.split(":", 1)
    return Condition(item, tuple(values.split("|")))


def _lines(options: Sequence[Option], language: str) -> str:
    return "\n".join(getattr(one.words, language) for one in options)


def item_data(item: Item) -> dict[str, Any]:
    """A stored item as its form shows it."""
    return {
        "text": item.words.ro,
        "text_en": item.words.en,
        "explanation": item.explanation.ro,
        "explanation_en": item.explanation.en,
        "required": item.required,
        "options": _lines(item.options, "ro"),
        "options_en": _lines(item.options, "en"),
        "scale": _lines(item.scale, "ro"),
        "scale_en": _lines(item.scale, "en"),
        "other": item.other,
        "least": item.least,
        "most": item.most,
        "low": item.least,
        "high": item.most,
        "decimals": str(item.decimals),
        "total": item.total,
        "unit": item.unit.ro,
        "unit_en": item.unit.en,
        "condition": condition_value(item.condition),
    }


def page_data(page: Page) -> dict[str, Any]:
    """A stored page as its form shows it."""
    return {"title": page.title.ro, "title_en": page.title.en, "condition": condition_value(page.condition)}


def typed_item(form: ItemForm, kind: str, before: Item | None) -> Item:
    """The item a form describes; keys of options go on from those it had."""
    has = FIELDS[kind]
    old = before or Item("", kind, Words())

    def wanted(name: str) -> Any:
        return form[name].data if name in has else None

    return Item(
        key=old.key,
        kind=kind,
        words=cleaned_words(Words(form.text.data or "", form.text_en.data or ""), kind == "information"),
        explanation=cleaned_words(Words(form.explanation.data or "", form.explanation_en.data or ""), True),
        required=bool(wanted("required")),
        options=keyed_options(form.options.data or "", form.options_en.data or "", old.options)
        if kind in WITH_OPTIONS
        else (),
        scale=keyed_options(form.scale.data or "", form.scale_en.data or "", old.scale, "s")
        if "scale" in has
        else (),
        other=bool(wanted("other")),
        least=wanted("low") if kind == "number" else wanted("least"),
        most=wanted("high") if kind == "number" else wanted("most"),
        decimals=int(form.decimals.data) if kind == "number" else MOST_DECIMALS,
        total=wanted("total"),
        unit=cleaned_words(Words(form.unit.data or "", form.unit_en.data or ""))
        if "unit" in has
        else Words(),
        condition=read_condition(form.condition.data),
    )

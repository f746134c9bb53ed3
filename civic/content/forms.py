"""The shape of what staff write, in each of the city's languages."""

from collections.abc import Mapping, Sequence
from typing import Any

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from flask_wtf.file import FileField
from wtforms import HiddenField, StringField, TextAreaField
from wtforms.validators import InputRequired, Optional

from civic.choices import SelectField
from civic.dateboxes import PlainMomentField
from civic.i18n import NAMES
from civic.lengths import up_to


class _TextsForm(FlaskForm):
    """Fields for each language are added by `texts_form`."""

    seen = HiddenField(default="0")
    languages: Sequence[str] = ()

    def texts(self) -> dict[str, dict[str, str]]:
        """What was written, by language."""
        return {
            language: {name: self[f"{name}_{language}"].data or "" for name in ("title", "summary", "body")}
            for language in self.languages
        }


class _NewsForm(_TextsForm):
    image = FileField(_l("Image"), [Optional()], description=_l("JPEG, PNG or WebP, at most 10 MB."))
    alt = StringField(
        _l("What the image shows"), [Optional(), up_to(300)], description=_l("For those who cannot see it.")
    )


class _NewPageForm(_TextsForm):
    slug = StringField(
        _l("Address of the page"),
        [InputRequired(_l("Write the address.")), up_to(80)],
        description=_l("Small letters, digits and hyphens: buget-2027."),
    )


def _fields(languages: Sequence[str]) -> dict[str, Any]:
    fields: dict[str, Any] = {"languages": tuple(languages)}
    for place, language in enumerate(languages):
        name = NAMES[language]
        needed = [InputRequired(_l("Write a title."))] if place == 0 else [Optional()]
        fields[f"title_{language}"] = StringField(
            _l("Title (%(language)s)", language=name), [*needed, up_to(300)]
        )
        fields[f"summary_{language}"] = StringField(
            _l("Summary (%(language)s)", language=name), [Optional(), up_to(600)]
        )
        needed = [InputRequired(_l("Write the text."))] if place == 0 else [Optional()]
        fields[f"body_{language}"] = TextAreaField(
            _l("Text (%(language)s)", language=name),
            [*needed, up_to(100_000)],
            description=_l("Markdown: ## for a heading, - for a list, **bold**, [words](address)."),
        )
    return fields


def texts_form(
    kind: str, languages: Sequence[str], texts: Mapping[str, Any] | None = None, seen: int = 0
) -> Any:
    """A form for a "page", a "new_page" or "news", filled from stored texts when it was not sent."""
    base = {"page": _TextsForm, "new_page": _NewPageForm, "news": _NewsForm}[kind]
    form_class = type("TextsForm", (base,), _fields(languages))
    data: dict[str, Any] = {"seen": str(seen)}
    for language, words in (texts or {}).items():
        data |= {f"{name}_{language}": value for name, value in words.items()}
    return form_class(data=data)


class _NoticeForm(FlaskForm):
    """A sentence on every page."""

    level = SelectField(
        _l("How urgent"),
        choices=[("info", _l("For information")), ("warning", _l("Warning")), ("urgent", _l("Urgent"))],
    )
    starts_at = PlainMomentField(_l("From"), [Optional()], description=_l("Empty: from now."))
    ends_at = PlainMomentField(_l("Until"), [Optional()], description=_l("Empty: until you take it down."))


def notice_form(languages: Sequence[str]) -> Any:
    """A notice with a sentence in each language."""
    fields: dict[str, Any] = {}
    for place, language in enumerate(languages):
        needed = [InputRequired(_l("Write the notice."))] if place == 0 else [Optional()]
        fields[f"text_{language}"] = StringField(
            _l("Notice (%(language)s)", language=NAMES[language]), [*needed, up_to(300)]
        )
    return type("NoticeForm", (_NoticeForm,), fields)()


class PublishForm(FlaskForm):
    """From when a piece of news may be read."""

    at = PlainMomentField(_l("Publish at"), [Optional()], description=_l("Empty: right now."))

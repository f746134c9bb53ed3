"""Turns a WTForms field into the parameters of a GOV.UK component, every text translated.

Used by the macro ``field`` of ``templates/components/forms.html``, which documents the options.
"""

from collections import Counter
from collections.abc import Callable, Mapping
from typing import Any

from flask_babel import gettext as _
from markupsafe import Markup, escape
from wtforms import DateField, DecimalField, Field, FloatField, IntegerField

from civic.format import ngettext, number
from civic.textboxes import ValueBox

#: A date in three inputs, the way people write it; WTForms joins them with spaces before parsing.
SPLIT_DATE = "%d %m %Y"

#: render_kw entries that are parameters of the components rather than HTML attributes.
_OWN_PARAMETERS = ("autocomplete", "inputmode", "spellcheck", "disabled", "rows")

#: render_kw entries that must not reach the control: validation speaks from the server, in the page's language.
_DROPPED = ("class", "required", "maxlength", "minlength", "multiple")


def _plural_forms(sentence: Callable[[int], str]) -> dict[str, str]:
    """The forms a script needs: one, few and other, by the plural rules of the page's language."""
    return {"one": sentence(1), "few": sentence(2), "other": sentence(20)}


def is_split_date(field: Field) -> bool:
    """Whether the field is shown as three inputs: day, month, year."""
    return isinstance(field, DateField) and SPLIT_DATE in field.format


def first_control_id(field: Field) -> str:
    """Id of the control that the error summary leads to."""
    return f"{field.id}-day" if is_split_date(field) else field.id


def error_items(form: Any) -> list[dict[str, str]]:
    """The errors of a form and of the forms inside it, one a field, in the order of the page.

    An entry without ``href`` concerns the form as a whole. Where several fields have the same error, each entry names
    its field.
    """
    items = _errors_of(form)
    said = Counter(str(item["text"]) for item in items)
    return [
        {"href": item["href"], "text": f"{item['label']}: {item['text']}"}
        if item.get("label") and said[str(item["text"])] > 1
        else {key: value for key, value in item.items() if key != "label"}
        for item in items
    ]


def _errors_of(form: Any) -> list[dict[str, str]]:
    """The errors of a form and of the forms inside it, each with the label of its field."""
    items = [{"text": error} for error in getattr(form, "form_errors", None) or []]
    for field in form:
        if field.type == "FormField":
            items += _errors_of(field.form)
        elif field.type == "FieldList":
            nested = [item for entry in field for item in _entry_errors(entry)]
            own = [] if nested else [{"text": error, "href": f"#{field.id}"} for error in field.errors[:1]]
            items += own + nested
        else:
            items += _entry_errors(field)
    return items


def _entry_errors(field: Field) -> list[dict[str, str]]:
    if field.type == "FormField":
        return _errors_of(field.form)
    return [
        {"text": str(error), "href": f"#{first_control_id(field)}", "label": str(field.label.text)}
        for error in field.errors[:1]
    ]


def field_component(
    field: Field,
    *,
    label: Any = None,
    hint: Any = None,
    optional: bool | None = None,
    width: int | None = None,
    prefix: Any = None,
    suffix: Any = None,
    rows: int = 5,
    heading: bool = False,
    hints: Mapping[Any, Any] | None = None,
    conditional: Mapping[Any, Any] | None = None,
    inline: bool = False,
    attributes: Mapping[str, Any] | None = None,
) -> tuple[str, dict[str, Any]]:
    """Which GOV.UK component shows the field, and its parameters."""
    given = dict(field.render_kw or {})
    words = escape(label or field.label.text)
    if field.flags.optional if optional is None else optional:
        words += Markup(' <span class="optional">({})</span>').format(_("optional"))
    classes = [given.get("class", "")] + ([f"govuk-input--width-{width}"] if width else [])
    params: dict[str, Any] = {
        "id": field.id,
        "name": field.name,
        "classes": " ".join(filter(None, classes)),
        "label": {"html": words, "isPageHeading": heading, "classes": "govuk-label--l" if heading else ""},
        "attributes": {
            name: {"value": value, "optional": True}
            for name, value in {**given, **(attributes or {})}.items()
            if name not in (*_OWN_PARAMETERS, *_DROPPED)
        },
        **{name: given[name] for name in _OWN_PARAMETERS if name in given},
    }
    if field.flags.required:
        params["attributes"]["data-needed"] = "1"
    description = hint or field.description
    if description:
        params["hint"] = {"html": escape(description)}
    if field.errors:
        params["errorMessage"] = {"text": field.errors[0], "visuallyHiddenText": _("Error")}
    legend = {
        "legend": {
            "html": words,
            "isPageHeading": heading,
            "classes": "govuk-fieldset__legend--l" if heading else "",
        }
    }
    kind = getattr(field.widget, "input_type", None) or type(field.widget).__name__
    if field.type == "BooleanField":
        item = {
            "value": "y",
            "html": words,
            "checked": bool(field.data),
            "attributes": params.pop("attributes"),
        }
        return "checkboxes", {**params, "idPrefix": field.id, "items": [item]}
    if field.type in ("RadioField", "SelectMultipleField") or kind == "ListWidget":
        params |= {
            "idPrefix": field.id,
            "fieldset": legend,
            "items": _options(field, hints or {}, conditional or {}),
            "attributes": {},
        }
        if field.type == "RadioField":
            return "radios", {**params, "classes": "govuk-radios--inline" if inline else ""}
        return "checkboxes", params
    if kind == "Select":
        return "select", {**params, **_choices(field)}
    if kind == "TextArea":
        return _text_area(field, {"rows": rows, **params})
    if kind == "file":
        return "file-upload", {**params, **_file_texts(bool(field.widget.multiple))}
    if kind == "password":
        return "password-input", {**params, **_password_texts()}
    if is_split_date(field):
        return "date-input", {**params, "classes": "", "fieldset": legend, "items": _date_items(field)}
    if isinstance(field, ValueBox):
        params.setdefault("inputmode", field.inputmode)
    if isinstance(field, DecimalField | IntegerField | FloatField):
        # Number inputs lose what they cannot parse and scroll their value away; a text input keeps it.
        params.setdefault("inputmode", "numeric" if isinstance(field, IntegerField) else "decimal")
        kind = "text"
    if field.flags.maxlength:
        params["attributes"]["maxlength"] = field.flags.maxlength
    for name, text in (("prefix", prefix), ("suffix", suffix)):
        if text:
            params[name] = {"text": text}
    return "input", {**params, "value": field._value(), "type": kind}


def _options(field: Field, hints: Mapping[Any, Any], conditional: Mapping[Any, Any]) -> list[dict[str, Any]]:
    """Radios or checkboxes of a field that has choices."""
    items = []
    for option in field:
        value = option._value()
        item = {"value": value, "text": option.label.text, "checked": bool(option.checked)}
        if field.flags.required:
            item["attributes"] = {"data-needed": "1"}
        if value in hints:
            item["hint"] = {"text": hints[value]}
        if value in conditional:
            item["conditional"] = {"html": conditional[value]}
        items.append(item)
    return items


def _choices(field: Field) -> dict[str, Any]:
    """Options of a select; grouped ones come under ``groups``, which our own macro draws."""

    def options(choices: Any) -> list[dict[str, Any]]:
        return [
            {"value": value, "text": text, "selected": bool(selected)}
            for value, text, selected, *_ in choices
        ]

    if field.has_groups():
        return {"groups": [(name, options(choices)) for name, choices in field.iter_groups()]}
    return {"items": options(field.iter_choices())}


def _text_area(field: Field, params: dict[str, Any]) -> tuple[str, dict[str, Any]]:
    """A text area; one with a limit counts down instead of cutting off."""
    params["value"] = field._value()
    limit = field.flags.maxlength
    if not limit:
        return "textarea", params
    blank = "%{count}"
    return "character-count", {
        **params,
        "maxlength": limit,
        "textareaDescriptionText": ngettext(
            "You can write %(count)s character",
            "You can write up to %(count)s characters",
            limit,
            count=number(limit),
        ),
        "charactersUnderLimitText": _plural_forms(
            lambda n: ngettext(
                "You have %(count)s character left", "You have %(count)s characters left", n, count=blank
            )
        ),
        "charactersAtLimitText": _("You have no characters left"),
        "charactersOverLimitText": _plural_forms(
            lambda n: ngettext(
                "You have %(count)s character too many",
                "You have %(count)s characters too many",
                n,
                count=blank,
            )
        ),
    }


def _file_texts(multiple: bool) -> dict[str, Any]:
    return {
        "multiple": multiple,
        "javascript": True,
        "chooseFilesButtonText": _("Choose files") if multiple else _("Choose file"),
        "noFileChosenText": _("No file chosen"),
        "multipleFilesChosenText": _plural_forms(
            lambda n: ngettext("%(count)s file chosen", "%(count)s files chosen", n, count="%{count}")
        ),
        "dropInstructionText": _("or drop them here") if multiple else _("or drop it here"),
        "enteredDropZoneText": _("You are over the drop area"),
        "leftDropZoneText": _("You left the drop area"),
    }


def _password_texts() -> dict[str, str]:
    return {
        "showPasswordText": _("Show"),
        "hidePasswordText": _("Hide"),
        "showPasswordAriaLabelText": _("Show the password"),
        "hidePasswordAriaLabelText": _("Hide the password"),
        "passwordShownAnnouncementText": _("Your password is visible"),
        "passwordHiddenAnnouncementText": _("Your password is hidden"),
    }


def _date_items(field: Field) -> list[dict[str, Any]]:
    """Day, month and year, with what was typed even when it was no date."""
    if field.raw_data:
        values = " ".join(field.raw_data).split(" ")
    else:
        values = field.data.strftime(SPLIT_DATE).split(" ") if field.data else []
    values = [*values, "", "", ""][:3]
    error = " govuk-input--error" if field.errors else ""
    parts = (("day", _("Day"), 2), ("month", _("Month"), 2), ("year", _("Year"), 4))
    return [
        {
            "id": f"{field.id}-{part}",
            "name": field.name,
            "label": label,
            "classes": f"govuk-input--width-{width}{error}",
            "value": value,
        }
        for (part, label, width), value in zip(parts, values, strict=True)
    ]

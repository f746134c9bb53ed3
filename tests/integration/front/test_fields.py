"""WTForms fields become GOV.UK markup, with nothing lost and every word translated."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from flask import Flask
from html5lib import parseFragment
from werkzeug.datastructures import MultiDict
from wtforms import (
    BooleanField,
    DateField,
    DecimalField,
    FieldList,
    FileField,
    Form,
    FormField,
    PasswordField,
    RadioField,
    SelectChoice,
    SelectField,
    StringField,
    TextAreaField,
)
from wtforms.validators import InputRequired, Length, Optional

from civic.fields import error_items, field_component
from civic.lengths import up_to


class Place(Form):
    """Inside another form."""

    street = StringField("Strada", [InputRequired("Scrie strada.")])


class Wish(Form):
    """A field of each kind."""

    title = StringField(
        "Titlu", [InputRequired("Scrie un titlu."), Length(max=80)], description="Scurt <b>și</b> clar"
    )
    text = TextAreaField("Text", [Optional(), Length(max=200)])
    kind = SelectField("Fel", choices=[SelectChoice("a", "Unu"), SelectChoice("b", "Doi")])
    grouped = SelectField(
        "Grup",
        choices=[SelectChoice("1", "Tei", optgroup="Nord"), SelectChoice("2", "Vatra", optgroup="Sud")],
    )
    side = RadioField("Parte", choices=[SelectChoice("for", "Pro"), SelectChoice("against", "Contra")])
    day = DateField("Ziua", [Optional()], format="%d %m %Y")
    cost = DecimalField("Cost", [Optional()])
    secret = PasswordField("Parola")
    photo = FileField("Poză")
    agreed = BooleanField("De acord", [InputRequired("Bifează.")])
    place = FormField(Place)
    links = FieldList(StringField("Legătură", [Length(max=5, message="Prea lungă.")]), min_entries=1)


@pytest.fixture
def draw(app: Flask) -> Iterator[Callable[..., str]]:
    """Render a field in a Romanian request; fails on markup that HTML does not allow."""
    with app.test_request_context("/"):

        def render(source: str, **context: Any) -> str:
            html = app.jinja_env.from_string(source).render(**context)
            parseFragment(html)
            return " ".join(html.split())

        yield render


def filled(**values: str) -> Wish:
    form = Wish(MultiDict(values))
    form.validate()
    return form


def test_what_was_typed_comes_back_with_the_reason(draw: Callable[..., str]) -> None:
    html = draw("{{ field(form.title) }}", form=filled(title=""))
    assert '<span class="govuk-visually-hidden">Eroare:</span> Scrie un titlu.' in html
    assert 'aria-describedby="title-hint title-error"' in html
    assert "required" not in html, "the browser's own bubbles speak another language"
    assert 'value="&lt;i&gt;"' in draw("{{ field(form.title) }}", form=filled(title="<i>"))


def test_descriptions_are_text(draw: Callable[..., str]) -> None:
    assert "Scurt &lt;b&gt;și&lt;/b&gt; clar" in draw("{{ field(form.title) }}", form=Wish())


def test_a_limit_counts_down_in_romanian(draw: Callable[..., str]) -> None:
    html = draw("{{ field(form.text) }}", form=filled(text="abc"))
    assert 'data-maxlength="200"' in html
    assert " maxlength=" not in html, "a limit that cuts off loses text"
    assert "Poți scrie cel mult 200 de caractere" in html
    assert 'data-i18n.characters-under-limit.few="Mai ai %{count} caractere"' in html
    assert 'data-i18n.characters-under-limit.other="Mai ai %{count} de caractere"' in html
    assert "(opțional)" in html


def test_a_wrong_date_comes_back_as_it_was_typed(draw: Callable[..., str]) -> None:
    form = Wish(MultiDict([("day", "31"), ("day", "2"), ("day", "2027")]))
    form.validate()
    html = draw("{{ field(form.day) }}", form=form)
    assert 'id="day-day"' in html
    assert all(f'value="{part}"' in html for part in ("31", "2", "2027"))
    assert {"text": form.day.errors[0], "href": "#day-day"} in error_items(form)


def test_a_right_date_is_split_into_its_parts(app: Flask) -> None:
    form = Wish(MultiDict([("day", "1"), ("day", "3"), ("day", "2027")]))
    assert form.day.data is not None
    with app.test_request_context("/"):
        component, params = field_component(Wish(data={"day": form.day.data}).day)
    assert component == "date-input"
    assert [item["value"] for item in params["items"]] == ["01", "03", "2027"]


@pytest.mark.parametrize(
    ("name", "needle"),
    [
        ("kind", '<option value="b" selected>Doi</option>'),
        ("grouped", '<optgroup label="Sud"> <option value="2" selected>Vatra</option>'),
        ("side", 'id="side-2" name="side" type="radio" value="against" checked'),
        ("cost", 'inputmode="decimal"'),
        ("secret", 'data-i18n.show-password="Arată"'),
        ("photo", 'data-i18n.choose-files-button="Alege fișierul"'),
        ("agreed", 'type="checkbox" value="y" checked'),
    ],
)
def test_each_kind_keeps_its_choice(draw: Callable[..., str], name: str, needle: str) -> None:
    form = filled(kind="b", grouped="2", side="against", cost="12,5", agreed="y")
    assert needle in draw("{{ field(form[name]) }}", form=form, name=name)


def test_a_number_that_is_none_is_given_back(draw: Callable[..., str]) -> None:
    assert 'value="vreo mie"' in draw("{{ field(form.cost) }}", form=filled(cost="vreo mie"))


def test_the_summary_leads_to_every_wrong_field_and_into_inner_forms(draw: Callable[..., str]) -> None:
    form = filled(**{"links-0": "prea lungă legătura"})
    items = error_items(form)
    assert {"text": "Scrie strada.", "href": "#place-street"} in items
    assert {"text": "Prea lungă.", "href": "#links-0"} in items
    assert [item["href"] for item in items].index("#title") < [item["href"] for item in items].index(
        "#agreed"
    )
    html = draw("{{ error_summary(form) }}", form=form)
    assert "Ceva trebuie corectat" in html
    page = draw("{{ field(form.place) }}{% for one in form.links %}{{ field(one) }}{% endfor %}", form=form)
    assert 'id="place-street"' in page
    assert 'id="links-0"' in page


def test_the_summary_names_the_fields_that_have_the_same_error() -> None:
    class Work(Form):
        begun = DateField("Început la", [InputRequired("Scrie o dată.")], format="%d %m %Y")
        due = DateField("Termen", [InputRequired("Scrie o dată.")], format="%d %m %Y")
        title = StringField("Titlu", [InputRequired("Scrie un titlu.")])

    form = Work(MultiDict())
    assert not form.validate()
    assert error_items(form) == [
        {"href": "#begun-day", "text": "Început la: Scrie o dată."},
        {"href": "#due-day", "text": "Termen: Scrie o dată."},
        {"href": "#title", "text": "Scrie un titlu."},
    ]


def test_a_limit_is_told_in_good_romanian(app: Flask) -> None:
    class Long(Form):
        text = StringField("Text", [up_to(300)])

    form = Long(MultiDict({"text": "x" * 301}))
    with app.test_request_context():
        assert not form.validate()
        assert error_items(form)[0]["text"] == "Textul e prea lung: cel mult 300 de caractere."


def test_a_valid_form_has_no_summary(draw: Callable[..., str]) -> None:
    assert draw("{{ error_summary(form) }}", form=Place(MultiDict({"street": "Teiul Doamnei"}))) == ""


def test_a_refused_button_says_why_and_sends_nothing(draw: Callable[..., str]) -> None:
    html = draw(
        "{{ button('Votează', disabled=True, why='Votul începe pe 1 martie.', name='go', kind='main') }}"
    )
    assert 'type="button"' in html
    assert 'aria-disabled="true"' in html
    assert " disabled" not in html.replace("aria-disabled", "")
    assert "name=" not in html
    identifier = html.split('aria-describedby="')[1].split('"')[0]
    assert f'id="{identifier}">Votul începe pe 1 martie.' in html
    assert draw("{{ button('A', disabled=True, why='B') }}") != draw(
        "{{ button('A', disabled=True, why='B') }}"
    ), "two refused buttons on a page have ids of their own"

"""Sample data for the page that shows every component.

Everything in it is invented. It is Romanian whatever the reader's language, like the content of the site.
"""

from datetime import UTC, datetime
from decimal import Decimal
from types import SimpleNamespace as Sample
from typing import Any

from wtforms import (
    BooleanField,
    DateField,
    DecimalField,
    EmailField,
    FileField,
    Form,
    PasswordField,
    RadioField,
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
)
from wtforms.validators import InputRequired, Length, Optional


class SampleForm(Form):
    """One field of every kind."""

    title = StringField(
        "Titlul propunerii",
        [InputRequired("Scrie un titlu, ca vecinii să înțeleagă despre ce e vorba."), Length(max=120)],
    )
    summary = TextAreaField(
        "Ce vrei să se facă?",
        [InputRequired("Descrie pe scurt ce vrei să se facă."), Length(max=1500)],
        description="Locul, problema și ce s-ar schimba. Cel mult 1.500 de caractere.",
    )
    category = SelectField(
        "Domeniu",
        choices=[
            ("", "Alege domeniul"),
            ("green", "Spații verzi"),
            ("move", "Mobilitate"),
            ("safe", "Siguranță"),
        ],
    )
    cost = DecimalField("Cost estimat", [Optional()], description="Dacă nu știi, îl estimăm noi la analiză.")
    scope = RadioField(
        "Pentru cine este?",
        choices=[("area", "Pentru cartierul meu"), ("city", "Pentru tot sectorul")],
        default="area",
    )
    groups = SelectMultipleField(
        "Cui îi folosește?",
        [Optional()],
        choices=[("child", "Copii"), ("old", "Vârstnici"), ("disabled", "Persoane cu dizabilități")],
    )
    born_on = DateField("Data nașterii", [Optional()], format="%d %m %Y", description="De exemplu, 27 3 1984")
    email = EmailField("Adresa de e-mail", render_kw={"autocomplete": "email"})
    password = PasswordField(
        "Parola", render_kw={"autocomplete": "new-password"}, description="Cel puțin 10 caractere."
    )
    photo = FileField("Fotografie", [Optional()], description="JPEG sau PNG, cel mult 5 MB.")
    rules = BooleanField("Am citit regulamentul ediției 2027")


def _at(day: int, month: int, hour: int = 12, minute: int = 0, year: int = 2027) -> datetime:
    return datetime(year, month, day, hour, minute, tzinfo=UTC)


def _projects() -> list[Sample]:
    rows = [
        (
            "Grădină urbană pe acoperișul Școlii nr. 85",
            "Colentina · Spații verzi",
            "180000",
            "tree",
            "green",
            False,
        ),
        ("Pistă de biciclete Plumbuita – Tei", "Tei · Mobilitate", "640000", "bicycle", "blue", True),
        ("Iluminat pietonal pe Aleea Baicului", "Baicului · Siguranță", "95000", "lamp", "sand", False),
        (
            "Loc de joacă accesibil în Parcul Național",
            "Vatra Luminoasă · Copii și tineri",
            "420000",
            "swing",
            "rose",
            True,
        ),
    ]
    return [
        Sample(
            title=title, meta=meta, price=Decimal(price), icon=icon, tone=tone, chosen=chosen, url="#cards"
        )
        for title, meta, price, icon, tone, chosen in rows
    ]


def _phases() -> list[Sample]:
    return [
        Sample(name="Propuneri", state="done", text="312 depuse", url=None),
        Sample(name="Analiză tehnică", state="done", text="148 eligibile", url=None),
        Sample(name="Contestații", state="done", text="9 admise", url=None),
        Sample(name="Vot", state="now", text="până vineri, 12 martie 2027, ora 23:59", url="#phases"),
        Sample(name="Validare", state="next", text="până pe 19 martie 2027", url=None),
        Sample(name="Rezultate", state="next", text="24 martie 2027", url=None),
    ]


def _timeline() -> dict[str, Any]:
    return {
        "events": [
            {"at": _at(14, 1, 9, 20), "sentence": "Propunerea a fost depusă", "role": ""},
            {
                "at": _at(2, 2, 15, 5),
                "sentence": "Declarată eligibilă",
                "role": "evaluator",
                "reason": "Terenul este în administrarea sectorului, iar costul estimat se încadrează în valoarea maximă.",
                "url": "#timeline",
                "url_label": "Fișa de analiză",
                "tone": "good",
            },
            {"at": _at(1, 3, 8), "sentence": "Votul a început", "role": "system"},
        ],
        "next_step": {
            "sentence": "Se încheie votul",
            "deadline": _at(12, 3, 21, 59),
            "after": "Până pe 19 martie 2027 comisia validează buletinele depuse la ghișeu, apoi publicăm numărătoarea.",
        },
    }


def sample_forms() -> dict[str, SampleForm]:
    """The same form before it was filled in, and after it came back with errors."""
    refused = SampleForm(data={"scope": "city", "email": "ana@exemplu"}, prefix="again-")
    refused.title.errors = ["Scrie un titlu, ca vecinii să înțeleagă despre ce e vorba."]
    refused.category.errors = ["Alege un domeniu."]
    refused.born_on.errors = ["Anul nașterii trebuie să aibă patru cifre, de exemplu 1984."]
    refused.rules.errors = ["Ca să trimiți propunerea, bifează că ai citit regulamentul."]
    return {"form": SampleForm(), "refused_form": refused}


def design_context() -> dict[str, Any]:
    """What ``templates/design.html`` is rendered with."""
    projects = _projects()
    chosen = [project for project in projects if project.chosen]
    return {
        "projects": projects,
        "cart": chosen,
        "spent": sum((project.price for project in chosen), Decimal(0)),
        "budget": Decimal(3_000_000),
        "phases": _phases(),
        "timeline": _timeline(),
        "now": _at(6, 3),
        **sample_forms(),
    }

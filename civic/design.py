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
    SelectChoice,
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
)
from wtforms.validators import InputRequired, Length, Optional


def _choices(*pairs: tuple[str, str]) -> list[SelectChoice]:
    return [SelectChoice(value, label) for value, label in pairs]


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
        choices=_choices(
            ("", "Alege domeniul"),
            ("green", "Spații verzi"),
            ("move", "Mobilitate"),
            ("safe", "Siguranță"),
        ),
    )
    cost = DecimalField("Cost estimat", [Optional()], description="Dacă nu știi, îl estimăm noi la analiză.")
    scope = RadioField(
        "Pentru cine este?",
        choices=_choices(("area", "Pentru cartierul meu"), ("city", "Pentru tot sectorul")),
        default="area",
    )
    groups = SelectMultipleField(
        "Cui îi folosește?",
        [Optional()],
        choices=_choices(("child", "Copii"), ("old", "Vârstnici"), ("disabled", "Persoane cu dizabilități")),
    )
    born_on = DateField("Data nașterii", [Optional()], format="%d %m %Y", description="De exemplu, 27 3 1984")
    email = EmailField("Adresa de e-mail", render_kw={"autocomplete": "email"})
    password = PasswordField(
        "Parola", render_kw={"autocomplete": "new-password"}, description="Cel puțin 10 caractere."
    )
    photo = FileField("Fotografie", [Optional()], description="JPEG sau PNG, cel mult 5 MB.")
    rules = BooleanField("Am citit regulamentul ediției 2027")


class PlaceForm(Form):
    """A place on the map."""

    lat = DecimalField("Latitudine", [Optional()], places=6)
    lon = DecimalField("Longitudine", [Optional()], places=6)


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


def _places() -> list[Sample]:
    rows = [
        ("Grădină urbană pe acoperișul Școlii nr. 85", "Colentina · 180.000 lei", 44.4690, 26.1305, "green"),
        ("Pistă de biciclete Plumbuita – Tei", "Tei · 640.000 lei", 44.4632, 26.1210, "blue"),
        ("Iluminat pietonal pe Aleea Baicului", "Baicului · 95.000 lei", 44.4515, 26.1340, "sand"),
        (
            "Loc de joacă accesibil în Parcul Național",
            "Vatra Luminoasă · 420.000 lei",
            44.4395,
            26.1520,
            "rose",
        ),
    ]
    return [
        Sample(title=title, meta=meta, lat=lat, lon=lon, tone=tone, url="#map")
        for title, meta, lat, lon, tone in rows
    ]


def _areas() -> dict[str, Any]:
    """Three made-up neighbourhoods as GeoJSON: longitude first."""
    corners = {
        "Colentina": [(26.11, 44.466), (26.128, 44.476), (26.15, 44.47), (26.146, 44.458), (26.124, 44.457)],
        "Tei": [
            (26.106, 44.45),
            (26.11, 44.466),
            (26.124, 44.457),
            (26.146, 44.458),
            (26.143, 44.444),
            (26.12, 44.442),
        ],
        "Vatra Luminoasă": [
            (26.12, 44.442),
            (26.143, 44.444),
            (26.165, 44.448),
            (26.168, 44.432),
            (26.13, 44.43),
        ],
    }
    return {
        "type": "FeatureCollection",
        "features": [
            {
                "type": "Feature",
                "properties": {
                    "name": name,
                    "text": "Vezi proiectele cartierului",
                    "url": "#map",
                    "hot": name == "Tei",
                },
                "geometry": {"type": "Polygon", "coordinates": [[*points, points[0]]]},
            }
            for name, points in corners.items()
        ],
    }


def _comments() -> list[dict[str, Any]]:
    return [
        {
            "id": 1,
            "author": "Ana Marinescu",
            "side": "for",
            "at": _at(2, 3, 8, 15),
            "body": "Pe Aleea Baicului nu se vede nimic după ora 18. Copiii vin de la școală cu lanterna.",
            "replies": [
                {
                    "id": 2,
                    "author": "Direcția Iluminat Public",
                    "role": "Răspuns oficial",
                    "at": _at(4, 3, 10, 40),
                    "body": "Am măsurat: sunt 7 stâlpi fără lampă. Costul din fișă îi cuprinde pe toți.",
                    "replies": [],
                }
            ],
        },
        {
            "id": 3,
            "author": "Mihai P.",
            "side": "against",
            "at": _at(3, 3, 17, 5),
            "edited_at": _at(3, 3, 17, 30),
            "body": "Lumina prea puternică ne intră în case. Aș vrea lămpi îndreptate în jos.",
        },
        {
            "id": 4,
            "author": "Cont șters",
            "at": _at(5, 3, 9),
            "hidden_reason": "Conținea numărul de telefon al altei persoane.",
        },
    ]


def _chart_data() -> dict[str, Any]:
    turnout = [310, 842, 655, 590, 701, 1204, 980, 720, 688, 1010, 1402, 2380]
    return {
        "bars": [
            {"label": "Colentina", "value": 3120, "url": "#charts"},
            {"label": "Tei", "value": 2745},
            {"label": "Vatra Luminoasă", "value": 1980},
            {"label": "Baicului", "value": 640, "tone": "sand", "note": "sub prag"},
        ],
        "stacked": [
            {"label": "2024", "values": [14, 3, 0, 1]},
            {"label": "2025", "values": [11, 6, 2, 0]},
            {"label": "2026", "values": [9, 7, 4, 1]},
        ],
        "line_labels": [f"{day} martie" for day in range(1, 13)],
        "line_series": [
            {"name": "Online", "values": turnout},
            {"name": "La ghișeu", "values": [12, 40, 35, 31, 44, None, None, 52, 61, 58, 90, 131]},
        ],
        "pots": [
            {
                "name": "Tot sectorul",
                "amount": 1_500_000,
                "projects": [
                    {
                        "name": "Stații cu umbră pe Șoseaua Colentina",
                        "amount": 640_000,
                        "paid": 598_400,
                        "url": "#charts",
                    },
                    {"name": "Pistă de alergare în Parcul Național", "amount": 560_000, "paid": 30_000},
                ],
            },
            {
                "name": "Colentina",
                "amount": 800_000,
                "projects": [{"name": "Scuar pe strada Teiul Doamnei", "amount": 480_000, "paid": 212_000}],
            },
            {
                "name": "Pantelimon",
                "amount": 700_000,
                "projects": [
                    {"name": "Arbori pe Șoseaua Pantelimon", "amount": 290_000, "paid": 0},
                    {"name": "Treceri de pietoni luminate", "amount": 150_000, "paid": 150_000},
                ],
            },
        ],
    }


_OLD_TEXT = """Propunem 12 lămpi pe Aleea Baicului, între strada Doamna Ghica și linia de tramvai.
Lămpile rămân aprinse de la apus până la ora 23:00.
Costul estimat este de 80.000 lei."""

_NEW_TEXT = """Propunem 14 lămpi pe Aleea Baicului, între strada Doamna Ghica și linia de tramvai.
Lămpile rămân aprinse de la apus până la răsărit, cu lumina redusă după ora 23:00.
Costul estimat este de 95.000 lei.
Lămpile sunt îndreptate în jos, ca lumina să nu intre în case."""


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
        "deadline": _at(12, 3, 21, 59),
        "facts": [
            {"term": "Inițiator", "description": "Asociația Prietenii Lacului Tei"},
            {"term": "Domeniu", "description": "Spații verzi", "url": "#facts", "about": "domeniul"},
            {
                "term": "Cost estimat",
                "description": "180.000 lei",
                "url": "#facts",
                "about": "costul estimat",
            },
        ],
        "queue_rows": [
            {
                "id": 311,
                "label": "Umbrare la Piața Obor",
                "cells": ["Umbrare la Piața Obor", "Obor", "2 februarie 2027", "întârziat 2 zile"],
                "tone": "rose",
            },
            {
                "id": 312,
                "label": "Bănci pe Aleea Teișani",
                "cells": ["Bănci pe Aleea Teișani", "Tei", "4 februarie 2027", "azi"],
            },
            {
                "id": 318,
                "label": "Cișmea în Parcul Morarilor",
                "cells": ["Cișmea în Parcul Morarilor", "Pantelimon", "9 februarie 2027", "mai sunt 3 zile"],
            },
        ],
        "places": _places(),
        "areas": _areas(),
        "comments": _comments(),
        "old_text": _OLD_TEXT,
        "new_text": _NEW_TEXT,
        "place_form": PlaceForm(),
        **_chart_data(),
        **sample_forms(),
    }

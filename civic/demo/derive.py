"""Makes ``neighbourhoods.json`` and ``deliveries.json`` from tables of public figures.

Run ``python -m civic.demo.derive FOLDER`` where FOLDER holds ``neighbourhoods.csv`` and
``investment_projects.csv`` (UTF-8, header row). The two files are kept with the code, so this is needed only
when the tables change. The same tables give the same bytes.
"""

import csv
import json
import re
import sys
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from civic.places.shapes import neighbourhood_cells
from civic.text import fold

DATA = Path(__file__).with_name("data")

#: Metres: how far a neighbourhood reaches where no other stops it, and how inward corners are rounded.
REACH, ROUNDING = 1100, 500

NEIGHBOURHOODS_ABOUT = (
    "Cartierele și zonele Sectorului 2, după numele folosite în raportul de activitate pe 2024. Coordonatele "
    "sunt aproximative, iar contururile (shape) sunt desenate de program în jurul lor: nu sunt limite oficiale "
    "și nu au valoare juridică. Populația pe cartiere nu este publicată, de aceea lipsește. „vulnerable” "
    "marchează zonele pe care raportul le numește marginalizate."
)

DELIVERIES_ABOUT = (
    "Proiecte și lucrări din raportul de activitate al Sectorului 2 pe anul 2024, document public; titlurile și "
    "„status_text” păstrează exprimarea din raport. Nimic nu este inventat. „source” = documentul și rândurile "
    "(000 = raportul). Valorile cu „value_basis” diferit nu se adună între ele și nici proiectul-umbrelă cu "
    "părțile lui („parent”); „same_as” leagă un proiect care apare de două ori. „neighbourhood” este completat "
    "numai când locul numește limpede un singur cartier."
)

#: What in the text of a place names a neighbourhood beyond doubt. Institutions that merely carry the name
#: of a neighbourhood (a school, a hospital) and the river Colentina are left out on purpose.
PLACE_NAMES = {
    "tei-toboc": r"Tei[- ]Toboc",
    "tei": r"Cartierul Tei\b(?![- ]Toboc)|Parc Tei\b|Lăptari Tei\b",
    "doamna-ghica-plumbuita": r"Doamna Ghica|Parc Plumbuita|lacului Plumbuita",
    "dobroesti": r"Șos\. Dobroești",
    "baicului": r"Strada Baicului",
    "basarabia": r"[Bb]asarabia",
    "pantelimon": r"Aleea Pantelimon",
    "petricani": r"Șos\. Petricani",
    "obor": r"Gării Obor|Piața Obor",
    "mosilor": r"Calea Moșilor",
    "delfinului": r"Delfinului",
    "colentina": r"[Pp]iața Colentina",
}

DEPARTMENTS = {
    "Administrația Domeniului Public Sector 2": "adp",
    "Direcția de Utilități Publice și Mediu": "utilitati-mediu",
    "Direcția Generală de Asistență Socială și Protecția Copilului Sector 2": "dgaspc",
    "Direcția Generală pentru Administrarea Patrimoniului Imobiliar Sector 2": "dgapi",
    "Direcția Generală Venituri Buget Local Sector 2": "venituri",
    "Direcția Urbanism, Cadastru și Gestionare Teritoriu": "urbanism",
    "Serviciul Management Strategic": "management-strategic",
    "Serviciul Proiecte Europene": "proiecte-europene",
}


def slug(name: str) -> str:
    """A name as it appears in an address: ``Ștefan cel Mare`` → ``stefan-cel-mare``."""
    return re.sub(r"[^a-z0-9]+", "-", fold(name)).strip("-")


def neighbourhood_of(place: str) -> str | None:
    """The neighbourhood a place names, or None when it names none or more than one."""
    named = [key for key, pattern in PLACE_NAMES.items() if re.search(pattern, place)]
    return named[0] if len(named) == 1 else None


def make_neighbourhoods(rows: Iterable[Mapping[str, str]]) -> list[dict[str, Any]]:
    """Neighbourhoods with their drawn shapes, in the order of the table."""
    listed = list(rows)
    points = {slug(row["name"]): (float(row["lon"]), float(row["lat"])) for row in listed}
    shapes = neighbourhood_cells(points, REACH, ROUNDING)
    return [
        {
            "slug": key,
            "name": row["name"],
            "aliases": [alias.strip() for alias in row["aliases"].split(";") if alias.strip()],
            "kind": row["kind"],
            "lat": points[key][1],
            "lon": points[key][0],
            "vulnerable": row["vulnerable"] == "y",
            "population": None,
            "shape_approximate": True,
            "shape": shapes[key],
        }
        for row, key in zip(listed, points, strict=True)
    ]


def make_deliveries(rows: Iterable[Mapping[str, str]]) -> list[dict[str, Any]]:
    """Works and projects of the city, one for each row of the table; blanks become null."""
    return [
        {
            "id": row["id"],
            "title": row["title"],
            "place": row["place"] or None,
            "neighbourhood": neighbourhood_of(row["place"]),
            "funding_source": row["funding_source"] or None,
            "value": row["value"] or None,
            "currency": row["currency"] or None,
            "value_basis": row["value_basis"] or None,
            "value_sector2": row["value_sector2"] or None,
            "status": row["status"],
            "status_text": row["status_text"] or None,
            "department": DEPARTMENTS[row["department"]],
            "parent": row["parent_id"] or None,
            "same_as": row["same_as"] or None,
            "note": row["note"] or None,
            "source": row["source"],
        }
        for row in rows
    ]


def write_items(path: Path, about: str, items: Iterable[Mapping[str, Any]]) -> None:
    """Write a data file with one item on each line, so that a change shows as the lines it touches."""
    lines = ",\n".join(json.dumps(item, ensure_ascii=False) for item in items)
    text = f'{{"_about": {json.dumps(about, ensure_ascii=False)},\n"items": [\n{lines}\n]}}\n'
    path.write_text(text, encoding="utf-8")


def read_table(path: Path) -> list[dict[str, str]]:
    """The rows of a CSV file as dictionaries."""
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def main(folder: str) -> None:
    """Read both tables from a folder and write both files."""
    tables = Path(folder)
    neighbourhoods = make_neighbourhoods(read_table(tables / "neighbourhoods.csv"))
    write_items(DATA / "neighbourhoods.json", NEIGHBOURHOODS_ABOUT, neighbourhoods)
    deliveries = make_deliveries(read_table(tables / "investment_projects.csv"))
    write_items(DATA / "deliveries.json", DELIVERIES_ABOUT, deliveries)


if __name__ == "__main__":
    main(sys.argv[1])

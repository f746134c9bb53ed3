"""Where in the city's public report its works, its money and its decisions stand."""

#: The report tells how the works stood at the end of its year.
REPORTED = (2024, 12, 31)

#: What the numbers before the colon stand for in a row's source.
DOCUMENTS = {
    "000": "Raportul de activitate al Sectorului 2 pe anul 2024",
    "001": "Strategia Sectorului 1, domeniul strategic 12",
    "003": "Strategia de dezvoltare digitală a Sectorului 5",
}


def source_words(code: str) -> str:
    """Where in which document a row stands, for readers: `000:12;000:40-42` names the document once a place.

    >>> source_words("000:12;000:40-42")
    'Raportul de activitate al Sectorului 2 pe anul 2024, rândurile 12 și 40–42'
    """
    lines: dict[str, list[str]] = {}
    for part in code.split(";"):
        document, _colon, place = part.partition(":")
        lines.setdefault(document, []).append(place.replace("-", "–"))
    told = []
    for document, places in lines.items():
        many = len(places) > 1 or "–" in places[0]
        joined = ", ".join(places[:-1]) + (" și " if len(places) > 1 else "") + places[-1]
        told.append(f"{DOCUMENTS[document]}, {'rândurile' if many else 'rândul'} {joined}")
    return "; ".join(told)

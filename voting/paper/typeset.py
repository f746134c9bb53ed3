"""The sheets as a PDF: their template, set in a process of its own."""

from pathlib import Path

from civic.printing import typeset

TEMPLATE = Path(__file__).with_name("sheet.typ")


def pdf_apart(data: str) -> bytes:
    """A tagged PDF of the sheets that `data`, JSON, describes. Raises RuntimeError when the typesetter refuses."""
    return typeset.pdf_apart(TEMPLATE, data)

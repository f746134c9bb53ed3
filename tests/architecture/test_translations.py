"""Every sentence in the code has its Romanian, with three plural forms, and none is left over."""

import re
from pathlib import Path

import pytest
from babel.messages.extract import extract_from_dir

from civic.catalogues import merge_catalogues

ROOT = Path(__file__).resolve().parents[2]
KEYWORDS = {"_": None, "gettext": None, "lazy_gettext": None, "_l": None, "ngettext": (1, 2), "lazy_ngettext": (1, 2),
            "pgettext": ((1, "c"), 2), "npgettext": ((1, "c"), 2, 3)}  # fmt: skip
METHODS = [(f"{top}/**.py", "python") for top in ("civic", "proposals", "voting", "consultations")]
METHODS += [("templates/**.html", "jinja2"), ("templates/**.txt", "jinja2")]
OPTIONS = {"templates/**.html": {"extensions": "jinja2.ext.do", "trimmed": "true", "silent": "false"}}


@pytest.fixture(scope="module")
def used() -> dict[object, str]:
    """Every message in the code, with where it is first used."""
    messages: dict[object, str] = {}
    found = extract_from_dir(ROOT, METHODS, OPTIONS, keywords=KEYWORDS, directory_filter=_worth_reading)
    for filename, line, message, _comments, _context in found:
        messages.setdefault(message, f"{filename}:{line}")
    return messages


def _worth_reading(folder: str) -> bool:
    return not re.search(r"node_modules|\.venv|/dist|/var|/\.", str(folder))


def test_romanian_is_complete(used: dict[object, str]) -> None:
    catalogue = merge_catalogues("ro")
    missing = []
    for message, where in used.items():
        key = message[0] if isinstance(message, tuple) else message
        entry = catalogue.get(key)
        strings = (
            ()
            if entry is None
            else entry.string
            if isinstance(entry.string, tuple | list)
            else (entry.string,)
        )
        if entry is None or entry.fuzzy or not all(strings):
            missing.append(f"{where}: {message!r}")
        elif isinstance(message, tuple):
            assert len(strings) == 3, f"{where}: {message!r} has {len(strings)} plural forms, Romanian has 3"
    assert not missing, "\n" + "\n".join(missing)


def test_no_sentence_is_left_over(used: dict[object, str]) -> None:
    known = {message[0] if isinstance(message, tuple) else message for message in used}
    ids = [
        entry.id[0] if isinstance(entry.id, tuple | list) else entry.id for entry in merge_catalogues("ro")
    ]
    assert sorted({one for one in ids if one} - known) == []


def test_blanks_agree() -> None:
    """%(name)s in a message is %(name)s in its translation."""
    blanks = re.compile(r"%\((\w+)\)[sd]")
    for entry in merge_catalogues("ro"):
        if not entry.id:
            continue
        ids = entry.id if isinstance(entry.id, tuple | list) else (entry.id,)
        strings = entry.string if isinstance(entry.string, tuple | list) else (entry.string,)
        allowed = {name for one in ids for name in blanks.findall(one)}
        for one in strings:
            assert set(blanks.findall(one)) <= allowed, f"{entry.id!r}: {one!r}"


def test_no_cedillas() -> None:
    for entry in merge_catalogues("ro"):
        assert not set("şţŞŢ") & set(str(entry.string)), entry.id

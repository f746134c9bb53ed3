"""Counts and shares are written by `civic.format`, so that thousands are told apart in every language."""

import ast
import re
from pathlib import Path

from tests.support import for_each, git_files

ROOT = Path(__file__).resolve().parents[2]
TOPS = {"civic", "proposals", "voting", "consultations"}
MODULES = [path for path in git_files("*.py") if path.relative_to(ROOT).parts[0] in TOPS]
TEMPLATES = [path for path in git_files("*.html") if path.relative_to(ROOT).parts[0] == "templates"]
PLURALS = {"ngettext", "lazy_ngettext"}
#: Blanks that hold a number beside the one the plural form goes by.
COUNTED = {"count", "total"}
#: What writes a number for readers.
WRITERS = {"count", "money", "number", "written_count"}
_PLURAL_CALL = re.compile(r"ngettext\((?:[^()]|\([^()]*\))*\)")
_RAW_BLANK = re.compile(r"\b(?:count|total)=(?!\"%\{)(?![^,)]*\|\s*(?:number|money))")


def _called(node: ast.expr) -> str:
    return node.attr if isinstance(node, ast.Attribute) else node.id if isinstance(node, ast.Name) else ""


def _written(value: ast.expr) -> bool:
    """Whether the value of a blank went through a writer, now or when it is read."""
    if isinstance(value, ast.Call):
        return _called(value.func) in WRITERS or any(_called(one) in WRITERS for one in value.args[:1])
    return isinstance(value, ast.Constant | ast.Name) and not (
        isinstance(value, ast.Name) and value.id in COUNTED
    )


@for_each(MODULES)
def test_plural_sentences_come_from_the_module_that_writes_their_count(path: Path) -> None:
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.ImportFrom) and node.module == "flask_babel":
            taken = PLURALS & {alias.name for alias in node.names}
            assert not taken, f"line {node.lineno}: take {taken} from civic.format"
        if isinstance(node, ast.Call) and _called(node.func) in PLURALS:
            raw = [word.arg for word in node.keywords if word.arg in COUNTED and not _written(word.value)]
            assert not raw, f"line {node.lineno}: write {raw} with civic.format.count"


@for_each(TEMPLATES)
def test_templates_write_the_counts_beside_the_plural(path: Path) -> None:
    for call in _PLURAL_CALL.findall(path.read_text()):
        assert not _RAW_BLANK.search(call), f"{call}: give the blank | number"


@for_each([*MODULES, *TEMPLATES])
def test_shares_are_written_as_the_language_writes_them(path: Path) -> None:
    """No sign is put after a number by hand: English writes 99%, Romanian 99 %."""
    text = path.read_text()
    by_hand = re.compile(
        r"\}(?:\u00a0|\{NO_BREAK\}|&nbsp;|\\u00a0|\\N\{NO-BREAK SPACE\}| )%(?![}({a-z])|\)[sd] ?%%"
    )
    assert not by_hand.search(text), by_hand.search(text)


@for_each([*MODULES, *TEMPLATES])
def test_no_sentence_has_a_blank_for_bare_digits(path: Path) -> None:
    found = re.search(r"%\(\w+\)d", path.read_text())
    assert not found, f"{found}: write the number with civic.format and put it into %(name)s"


def test_the_check_sees_what_it_is_for() -> None:
    def raw(call: str) -> bool:
        node = ast.parse(call, mode="eval").body
        assert isinstance(node, ast.Call)
        return not _written(node.keywords[0].value)

    assert raw('ngettext("a", "b", n, count=len(x))')
    assert raw('ngettext("a", "b", n, count=count)')
    assert not raw('ngettext("a", "b", n, count=number(n))')
    assert not raw('ngettext("a", "b", n, count=LazyString(written_count, n))')
    assert _RAW_BLANK.search('ngettext("a", "b", n, count=item.population)')
    assert not _RAW_BLANK.search('ngettext("a", "b", n, count=item.population | number)')

"""The index of the components and what they need."""

from pathlib import Path

import pytest

from civic.components import UNPREFIXED, macro_index
from civic.paths import project_file

FOLDER = project_file("templates", "components")


def test_every_component_is_documented() -> None:
    documented = project_file("docs", "components.md").read_text()
    undocumented = [name for name in macro_index(FOLDER) if f"{name}(" not in documented]
    assert not undocumented


def test_every_file_says_how_it_is_called() -> None:
    for path in FOLDER.glob("*.html"):
        assert path.read_text().startswith("{#"), path.name


def test_the_unprefixed_ones_exist() -> None:
    assert set(UNPREFIXED) <= set(macro_index(FOLDER))


def test_two_files_cannot_define_one_name(tmp_path: Path) -> None:
    for name in ("one.html", "two.html"):
        (tmp_path / name).write_text("{% macro card(title) %}{% endmacro %}")
    with pytest.raises(ValueError, match=r"one\.html.*two\.html"):
        macro_index(tmp_path)

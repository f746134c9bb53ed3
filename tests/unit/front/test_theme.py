"""A city may set its colours; nobody may set ones that cannot be read."""

from pathlib import Path

import pytest

from civic.config import ConfigError, load_city
from civic.theme import SETTABLE, contrast, find_problem, theme_css

CITY = Path(__file__).resolve().parents[3] / "civic" / "city.toml"


@pytest.mark.parametrize(
    ("one", "other", "ratio"),
    [
        ("#000000", "#ffffff", 21.0),
        ("#ffffff", "#ffffff", 1.0),
        ("#777777", "#ffffff", 4.48),
        ("#0000ff", "#ffffff", 8.59),
    ],
)
def test_contrast_is_what_wcag_says(one: str, other: str, ratio: float) -> None:
    assert contrast(one, other) == pytest.approx(ratio, abs=0.05)
    assert contrast(other, one) == contrast(one, other)


@pytest.mark.parametrize(
    ("colours", "part"),
    [
        ({"brand": "#ffc93c"}, "cannot be read"),
        ({"accent": "#0b4f55"}, "cannot be read"),
        ({"brand": "teal"}, "#rrggbb"),
        ({"brand": "#0b4f55;}body{display:none"}, "#rrggbb"),
        ({"brand": 12}, "#rrggbb"),
        ({"shadow": "#000000"}, "not one that can be set"),
    ],
)
def test_what_cannot_be_used_is_told_why(colours: dict[str, str], part: str) -> None:
    assert part in (find_problem(colours) or "")


def test_the_colours_become_properties_of_the_stylesheet() -> None:
    assert theme_css({}) == ""
    assert theme_css({"accent": "#ffd84d", "link": "#123a6b"}) == (
        ":root{--govuk-link-colour:#123a6b;--govuk-focus-colour:#ffd84d}"
    )


def test_the_default_colours_pass_their_own_check() -> None:
    defaults = {"brand": "#0b4f55", "link": "#0b5d66", "link_hover": "#073b40", "accent": "#ffc93c"}
    assert set(defaults) == set(SETTABLE)
    assert find_problem(defaults) is None
    source = (CITY.parents[1] / "static" / "scss" / "_govuk.scss").read_text()
    assert all(colour in source for colour in defaults.values())


def city_file(folder: Path, more: str) -> Path:
    """The demonstration city with more lines."""
    path = folder / "city.toml"
    path.write_text(f"{CITY.read_text()}\n{more}\n")
    return path


def test_a_city_without_colours_keeps_the_default(tmp_path: Path) -> None:
    city = load_city(city_file(tmp_path, ""))
    assert city.colours == {}
    assert city.logo is None


def test_an_unreadable_colour_stops_the_start(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="cannot be read"):
        load_city(city_file(tmp_path, '[colours]\nlink = "#ffff00"'))


@pytest.mark.parametrize("name", ["missing.svg", "logo.exe"])
def test_a_logo_must_be_a_picture_that_is_there(tmp_path: Path, name: str) -> None:
    (tmp_path / "logo.exe").write_text("x")
    with pytest.raises(ConfigError, match="logo"):
        load_city(city_file(tmp_path, f'logo = "{name}"'))


def test_a_logo_is_found_beside_the_file(tmp_path: Path) -> None:
    (tmp_path / "stema.svg").write_text("<svg/>")
    assert load_city(city_file(tmp_path, 'logo = "stema.svg"')).logo == tmp_path / "stema.svg"

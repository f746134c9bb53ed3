"""A city's own colours: which may be set, whether they can be read, and the stylesheet they become.

The stylesheet is built once, in the demonstration city's colours; a city's file overrides the custom properties they
are written in, so changing a colour needs no build.
"""

import re
from collections.abc import Mapping

PAPER, SURFACE, INK, WHITE = "#fffdf8", "#f3efe6", "#16211f", "#ffffff"

#: Contrast that text needs by WCAG 2.2, success criterion 1.4.3.
LEAST_CONTRAST = 4.5

#: Colour of the city's file -> the custom properties it sets, and the colours it must be readable against.
SETTABLE: dict[str, tuple[tuple[str, ...], tuple[str, ...]]] = {
    "brand": (("--govuk-brand-colour", "--hero-end"), (WHITE, PAPER, SURFACE)),
    "link": (("--govuk-link-colour",), (PAPER, SURFACE)),
    "link_hover": (("--govuk-link-hover-colour",), (PAPER, SURFACE)),
    "accent": (("--govuk-focus-colour",), (INK,)),
}

_HEX = re.compile(r"#[0-9a-fA-F]{6}")


def luminance(colour: str) -> float:
    """Relative luminance of a colour written as #rrggbb, from 0 (black) to 1 (white), as WCAG defines it."""
    channels = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    """Contrast ratio of two colours, from 1 to 21.

    >>> round(contrast("#000000", "#ffffff"))
    21
    """
    lighter, darker = sorted((luminance(one), luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def find_problem(colours: Mapping[str, str]) -> str | None:
    """The first reason why a city's colours cannot be used, as a sentence; None when they can."""
    for name, colour in colours.items():
        if name not in SETTABLE:
            return f"The colour {name!r} is not one that can be set; those are {', '.join(SETTABLE)}."
        if not isinstance(colour, str) or not _HEX.fullmatch(colour):
            return f"The colour {name} must be written as #rrggbb, not {colour!r}."
        for ground in SETTABLE[name][1]:
            if contrast(colour, ground) < LEAST_CONTRAST:
                return (
                    f"The colour {name} ({colour}) cannot be read against {ground}: "
                    f"the contrast is {contrast(colour, ground):.1f}, at least {LEAST_CONTRAST} is needed."
                )
    return None


def theme_css(colours: Mapping[str, str]) -> str:
    """The stylesheet that puts a city's colours over the built ones. The colours must have been checked."""
    rules = [
        f"{variable}:{colours[name]}"
        for name in SETTABLE
        if name in colours
        for variable in SETTABLE[name][0]
    ]
    return f":root{{{';'.join(rules)}}}" if rules else ""

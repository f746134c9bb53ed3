"""Where the files that are not Python live: templates, built assets, migrations.

In a checkout they sit beside the package; in an installation the wheel carries them inside it, under
``civic/_shipped``.
"""

from functools import cache
from pathlib import Path

PACKAGE = Path(__file__).resolve().parent


@cache
def project_root() -> Path:
    """The folder that holds ``templates/``, ``static/`` and ``migrations/``.

    A checkout wins: it is recognised by the pyproject.toml beside the package.
    """
    if (PACKAGE.parent / "pyproject.toml").is_file():
        return PACKAGE.parent
    return PACKAGE / "_shipped"


def in_checkout() -> bool:
    """Whether the application runs from a checkout rather than from an installation."""
    return project_root() == PACKAGE.parent


def project_file(*parts: str) -> Path:
    """Path of a file or folder such as ``project_file("static", "dist")``; it need not exist."""
    return project_root().joinpath(*parts)

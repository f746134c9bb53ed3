"""The repository speaks of the product alone, and names no registry or machine."""

import re

from tests.support import git_files

TEXT = (
    "*.py",
    "*.html",
    "*.js",
    "*.scss",
    "*.md",
    "*.toml",
    "*.lock",
    "*.json",
    "*.txt",
    "Makefile",
    ".ci/run",
    "*.po",
    "*.cfg",
    ".npmrc",
)


def test_no_registry_host_and_no_machine_path() -> None:
    hosts = re.compile(
        r"pypi\.org|pythonhosted\.org|registry\.npmjs|deb\.debian|(?<![\w.])/(?:work|farm|root)/|/tmp/w/"
    )
    found = [
        f"{path.name}: {match.group()}"
        for path in git_files(*TEXT)
        if path.name != "test_repository.py"
        for match in hosts.finditer(path.read_text(errors="replace"))
    ]
    assert not found

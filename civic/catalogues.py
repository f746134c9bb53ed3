"""The translations' sources: merging every feature's into one catalogue, and compiling it.

Needs Babel alone: the build of the wheel loads this file by its path. A language's sources are
`translations/<language>/LC_MESSAGES/<feature>.po`; message ids are English.
"""

import os
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

TRANSLATIONS = Path(__file__).with_name("translations")


class CatalogueConflict(Exception):
    """Two features translate one message differently."""


def source_catalogues(language: str) -> list[Path]:
    """The features' catalogues of a language."""
    return sorted((TRANSLATIONS / language / "LC_MESSAGES").glob("*.po"))


def merge_catalogues(language: str) -> Catalog:
    """One catalogue of all the features' messages. Raises CatalogueConflict naming the message."""
    merged = Catalog(locale=language, fuzzy=False)
    for path in source_catalogues(language):
        with path.open("rb") as handle:
            catalogue = read_po(handle, locale=language)
        for message in catalogue:
            if not message.id:
                continue
            known = merged.get(message.id, context=message.context)
            if known is not None and known.string != message.string:
                raise CatalogueConflict(
                    f"{language}/{path.name}: {message.id!r} is translated differently elsewhere"
                )
            merged.add(message.id, message.string, context=message.context)
    return merged


def compile_catalogues() -> None:
    """Write `messages.mo` for every language whose sources are newer."""
    for folder in sorted(TRANSLATIONS.glob("*/LC_MESSAGES")):
        target = folder / "messages.mo"
        sources = source_catalogues(folder.parent.name)
        newest = max((path.stat().st_mtime for path in [*sources, folder]), default=0)
        if target.exists() and target.stat().st_mtime >= newest:
            continue
        catalogue = merge_catalogues(folder.parent.name)
        # A name of this process: several may start at once.
        temporary = target.with_suffix(f".{os.getpid()}.mo")
        with temporary.open("wb") as handle:
            write_mo(handle, catalogue)
        temporary.replace(target)
        # The move changed the folder; the file has to be newer, or it would be written at every start.
        target.touch()

"""Languages: choosing one for a request, and compiling the catalogues.

Message ids are English. Each feature keeps a source catalogue of its own,
`translations/<language>/LC_MESSAGES/<feature>.po`; they are merged into one `messages.mo`.
"""

from pathlib import Path

from babel import Locale
from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from flask import Flask, current_app, g, has_request_context, request
from flask_babel import Babel

from civic.format import FILTERS

TRANSLATIONS = Path(__file__).with_name("translations")
COOKIE = "language"
#: What each language calls itself.
NAMES = {"ro": "Română", "en": "English", "hu": "Magyar"}


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
        temporary = target.with_suffix(".tmp")
        with temporary.open("wb") as handle:
            write_mo(handle, catalogue)
        temporary.replace(target)


def choose_language() -> str:
    """The reader's choice if they made one, else the city's first language."""
    languages = current_app.config["SETTINGS"].city.languages
    if not has_request_context():
        return g.get("language", languages[0])
    chosen = g.get("language") or request.cookies.get(COOKIE)
    return chosen if chosen in languages else languages[0]


def init_app(app: Flask, babel: Babel) -> None:
    """Bind Babel and give templates the languages, the filters and the current locale."""
    if not app.config["SETTINGS"].production:
        compile_catalogues()
    app.config["BABEL_TRANSLATION_DIRECTORIES"] = str(TRANSLATIONS)
    babel.init_app(
        app,
        default_locale="ro",
        default_timezone="Europe/Bucharest",
        locale_selector=choose_language,
    )
    app.jinja_env.filters.update(FILTERS)
    app.jinja_env.globals["locale"] = choose_language

    @app.context_processor
    def languages() -> dict[str, object]:
        return {
            "locale": choose_language(),
            "languages": [
                (code, NAMES[code], code.upper()) for code in app.config["SETTINGS"].city.languages
            ],
            "text_direction": Locale.parse(choose_language()).text_direction,
        }

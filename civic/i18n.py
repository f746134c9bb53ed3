"""Languages: choosing one for a request and telling the templates. The catalogues are in `civic.catalogues`."""

from babel import Locale
from flask import Flask, current_app, g, has_request_context, request, url_for
from flask_babel import Babel

from civic.catalogues import TRANSLATIONS, compile_catalogues
from civic.format import FILTERS

COOKIE = "language"
#: What each language calls itself.
NAMES = {"ro": "Română", "en": "English", "hu": "Magyar"}


def choose_language() -> str:
    """The reader's choice if they made one, else the city's first language."""
    languages = current_app.config["SETTINGS"].city.languages
    if not has_request_context():
        return str(g.get("language", languages[0]))
    chosen = g.get("language") or request.cookies.get(COOKIE)
    return str(chosen) if chosen in languages else languages[0]


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
        back = request.full_path.rstrip("?") if has_request_context() and request.method == "GET" else None
        return {
            "locale": choose_language(),
            "languages": [
                (code, NAMES[code], url_for("accounts.language", code=code, next=back))
                for code in app.config["SETTINGS"].city.languages
            ],
            "text_direction": Locale.parse(choose_language()).text_direction,
        }

"""Languages: choosing one for a request and telling the templates. The catalogues are in `civic.catalogues`."""

from typing import Any

from babel import Locale
from babel.support import NullTranslations
from flask import Flask, current_app, g, has_request_context, request, url_for
from flask_babel import Babel, Domain, get_locale
from jinja2 import Environment, pass_eval_context
from jinja2.nodes import EvalContext
from markupsafe import Markup

from civic.catalogues import TRANSLATIONS, compile_catalogues
from civic.format import FILTERS, count
from civic.fragments import address

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


class Texts(Domain):
    """The catalogues, found by the locale itself: a page asks for dozens of sentences."""

    def __init__(self) -> None:
        super().__init__(domain="messages")
        self._found: dict[tuple[str, str | None, str | None], NullTranslations] = {}

    def get_translations(self) -> NullTranslations:
        """The current locale's sentences."""
        locale = get_locale()
        if locale is None:
            return super().get_translations()
        name = (locale.language, locale.territory, locale.script)  # a locale itself is slow to compare
        found = self._found.get(name)
        if found is None:
            found = self._found[name] = super().get_translations()
        return found


def _teach(environment: Environment, texts: Texts) -> None:
    """Give templates `_` and `ngettext` that ask the catalogue without detours."""

    def shown(context: EvalContext, sentence: str, variables: dict[str, Any]) -> str:
        safe = Markup(sentence) if context.autoescape else sentence  # noqa: S704 - ours; variables are escaped
        return safe % variables if "%" in sentence else safe

    @pass_eval_context
    def gettext(context: EvalContext, message: str, /, **variables: Any) -> str:
        return shown(context, texts.get_translations().ugettext(message), variables)

    @pass_eval_context
    def ngettext(context: EvalContext, singular: str, plural: str, number: int, /, **variables: Any) -> str:
        variables.setdefault("num", count(number))
        return shown(context, texts.get_translations().ungettext(singular, plural, number), variables)

    environment.globals.update({"_": gettext, "gettext": gettext, "ngettext": ngettext})


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
    texts = babel.domain_instance = Texts()
    _teach(app.jinja_env, texts)
    app.jinja_env.filters.update(FILTERS)
    app.jinja_env.globals["locale"] = choose_language

    @app.context_processor
    def languages() -> dict[str, object]:
        back = request.full_path.rstrip("?") if has_request_context() and request.method == "GET" else None
        return {
            "locale": choose_language(),
            "languages": [
                (
                    code,
                    NAMES[code],
                    url_for("accounts.language", code=code, next=back)
                    if back
                    else address("accounts.language", code=code),
                )
                for code in app.config["SETTINGS"].city.languages
            ],
            "text_direction": (get_locale() or Locale.parse(choose_language())).text_direction,
        }

"""The frames, and the text with which another site shows one."""

from flask import Blueprint, Response, current_app, make_response, render_template, request
from flask_babel import force_locale
from markupsafe import escape

from civic import clock
from civic.embeds import find_maker
from civic.errors import NotFound
from civic.notifications.compose import address_of
from civic.policy import public

blueprint = Blueprint("embeds", __name__, url_prefix="/embed")

#: How long others may keep a frame, seconds.
KEPT = 300
#: Nothing runs and nothing is sent; any site may show it.
POLICY = (
    "default-src 'none'; style-src 'self'; font-src 'self'; img-src 'self'; base-uri 'none'; form-action 'none'; "
    "frame-ancestors *"
)


@blueprint.get("/<kind>/<key>")
@public
def show(kind: str, key: str) -> Response:
    """One thing in a frame, the same for everybody: who asks is not looked at. `lang` chooses the language."""
    maker, languages = find_maker(kind), current_app.config["SETTINGS"].city.languages
    if maker is None:
        raise NotFound
    asked = request.args.get("lang", "")
    language = asked if asked in languages else languages[0]
    with force_locale(language):
        page = render_template("embeds/show.html", widget=maker(key, clock.now()), language=language)
    response = make_response(page)
    response.headers["Content-Security-Policy"] = POLICY
    response.headers["Cache-Control"] = f"public, max-age={KEPT}"
    response.headers["Cross-Origin-Resource-Policy"] = "cross-origin"
    return response


def embed_code(kind: str, key: object, title: str, language: str) -> str:
    """The text that another site copies; with no frame its reader finds the link."""
    address = address_of("embeds.show", kind=kind, key=str(key), lang=language)
    return (
        f'<iframe src="{escape(address)}" title="{escape(title)}" width="100%" height="320" loading="lazy" '
        f'sandbox="allow-popups allow-popups-to-escape-sandbox"></iframe>'
    )

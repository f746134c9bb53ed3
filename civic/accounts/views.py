"""Coming in and going out: registering, confirming the address, signing in, choosing a new password, language."""

import hashlib

from flask import (
    Blueprint,
    Response,
    current_app,
    flash,
    g,
    make_response,
    redirect,
    render_template,
    request,
    url_for,
)
from flask_babel import gettext as _
from werkzeug.wrappers import Response as AnyResponse

from civic import clock, i18n
from civic.accounts import queries, service, sessions, signing_in, tokens
from civic.accounts.forms import (
    EmailForm,
    NewPasswordForm,
    PasswordForm,
    RegisterForm,
    SignInForm,
    normalise_email,
    offer,
)
from civic.accounts.models import Account
from civic.errors import DomainError, Invalid, NotFound
from civic.extensions import limiter
from civic.network import client_network
from civic.places.queries import list_neighbourhoods
from civic.policy import public
from civic.security import safe_next
from civic.unit_of_work import unit_of_work, writes, writes_itself

blueprint = Blueprint("accounts", __name__)

LANGUAGE_COOKIE_SECONDS = 365 * 24 * 3600

#: Pages that send mail: so many an hour from one network, and so many to one address.
PER_NETWORK = "30 per hour"
PER_ADDRESS = "4 per hour"


def _address() -> str | None:
    """The address a form sends mail to; None for what is no address."""
    try:
        return normalise_email(request.form.get("email", ""))
    except ValueError:
        return None


def no_address() -> bool:
    """Whether no mail can follow, so that a person's typing mistakes count against their network alone."""
    return _address() is None


def address_key() -> str:
    """What mail to one address is limited by: a hash, so that no address sits in the limiter's storage."""
    email = _address() or client_network()
    return hashlib.sha256(f"{current_app.config['SETTINGS'].secret_key}|{email}".encode()).hexdigest()[:32]


def page(template: str, form: object, **context: object) -> Response:
    """A form's page: 200 when it is opened, 422 when what was sent is shown again."""
    body = render_template(template, form=form, **context)
    response = make_response(body, 422 if request.method == "POST" else 200)
    # Addresses, and links that work once, are not for a shared computer's cache.
    response.headers["Cache-Control"] = "no-store"
    return response


def complain(form: object, field: str | None, error: DomainError | str) -> None:
    """Show a refusal as the error of a field, or of the form as a whole."""
    message = error if isinstance(error, str) else str(error.message)
    if field is None:
        form.form_errors = [message]  # type: ignore[attr-defined]
    else:
        form[field].errors = [message]  # type: ignore[index]


def _next() -> str:
    return safe_next(request.values.get("next"), "")


def _come_in(account: Account, next_url: str, *, stay: bool) -> AnyResponse:
    sessions.start_session(account, stay=stay)
    response = redirect(next_url or url_for("home.index"), code=303)
    sessions.remember_browser(response, account)  # type: ignore[arg-type]
    if i18n.COOKIE not in request.cookies:
        set_language(response, account.locale)  # type: ignore[arg-type]
    return response


def set_language(response: Response, code: str) -> None:
    """Remember the language in this browser for a year."""
    response.set_cookie(
        i18n.COOKIE,
        code,
        max_age=LANGUAGE_COOKIE_SECONDS,
        path="/",
        secure=current_app.config["SETTINGS"].production,
        httponly=True,
        samesite="Lax",
    )


@blueprint.get("/language/<code>")
@public
def language(code: str) -> AnyResponse:
    """Switch the language of this browser; changes nothing else."""
    if code not in current_app.config["SETTINGS"].city.languages:
        raise NotFound
    response = redirect(safe_next(request.args.get("next"), "/"), code=303)
    set_language(response, code)  # type: ignore[arg-type]
    return response


@blueprint.route("/register", methods=["GET", "POST"])
@public
@limiter.limit(PER_NETWORK, methods=["POST"])
@limiter.limit(PER_ADDRESS, methods=["POST"], key_func=address_key, exempt_when=no_address)
@writes
def register() -> AnyResponse:
    """A new account. The answer is the same whether or not the address has one."""
    if g.actor.is_authenticated:
        return redirect(_next() or url_for("accounts.show"), code=303)
    form = RegisterForm()
    offer(
        form.neighbourhood,
        [(place.id, place.name) for place in list_neighbourhoods()],
        _("I would rather not say"),
    )
    if form.validate_on_submit():
        try:
            service.register(
                form.email.normalised,
                form.password.data,
                form.display_name.data,
                clock.now(),
                locale=i18n.choose_language(),
                neighbourhood_id=form.neighbourhood.data,
                next_url=_next(),
            )
            return redirect(url_for("accounts.registered"), code=303)
        except Invalid as error:
            complain(form, "password", error)
    return page("accounts/register.html", form, next_url=_next())


@blueprint.get("/register/sent")
@public
def registered() -> str:
    """What to do next: look into the mail box."""
    return render_template("accounts/registered.html")


@blueprint.route("/confirm/<token>", methods=["GET", "POST"])
@public
@writes_itself
def confirm(token: str) -> AnyResponse:
    """Confirm the address: the link proves the mail box, the password that it is the same person.

    Only the POST confirms, so that a mail scanner that opens links confirms nothing.
    """
    account, read = service.account_of_token(tokens.CONFIRM, token)
    next_url = safe_next(read.extra, "")
    if account.email_confirmed_at is not None:
        flash(_("Your address is confirmed. Sign in."), "success")
        return redirect(url_for("accounts.sign_in", next=next_url or None), code=303)
    form, here = PasswordForm(), g.actor.id == account.id
    if here:
        del form.password
    if form.validate_on_submit():
        now = clock.now()
        password = "" if here else form.password.data
        outcome = (
            signing_in.Outcome(account)
            if here
            else signing_in.sign_in(
                account.email, password, client_network(), sessions.known_browser(account.id), now
            )
        )
        if outcome.account is not None:
            with unit_of_work():
                service.confirm_email(outcome.account, now)
            flash(_("Your address is confirmed. Welcome!"), "success")
            return _come_in(outcome.account, next_url, stay=False)
        complain(form, "password", outcome.message)
    return page("accounts/confirm.html", form, here=here, token=token, email=account.email)


@blueprint.route("/sign-in", methods=["GET", "POST"])
@public
@writes_itself
def sign_in() -> AnyResponse:
    """Address and password; where one came from is where one goes."""
    if g.actor.is_authenticated and request.method == "GET":
        return redirect(_next() or url_for("home.index"), code=303)
    form = SignInForm()
    if form.validate_on_submit():
        email = form.email.normalised
        browser = sessions.known_browser(signing_in.find_known(email))
        outcome = signing_in.sign_in(email, form.password.data, client_network(), browser, clock.now())
        if outcome.account is not None:
            return _come_in(outcome.account, _next(), stay=form.stay.data)
        complain(form, None, outcome.message)
    return page("accounts/sign_in.html", form, next_url=_next())


@blueprint.post("/sign-out")
@public
@writes_itself
def sign_out() -> AnyResponse:
    """End this session. Doing it twice is no error."""
    sessions.end_session()
    flash(_("You are signed out."), "success")
    return redirect(url_for("home.index"), code=303)


@blueprint.route("/reset-password", methods=["GET", "POST"])
@public
@limiter.limit(PER_NETWORK, methods=["POST"])
@limiter.limit(PER_ADDRESS, methods=["POST"], key_func=address_key, exempt_when=no_address)
@writes
def request_reset() -> AnyResponse:
    """Ask for a link to choose a new password. The answer is the same for every address."""
    form = EmailForm()
    if form.validate_on_submit():
        service.request_reset(form.email.normalised, clock.now(), i18n.choose_language())
        return redirect(url_for("accounts.reset_sent"), code=303)
    return page("accounts/request_reset.html", form)


@blueprint.get("/reset-password/sent")
@public
def reset_sent() -> str:
    """What to do next: look into the mail box."""
    return render_template("accounts/reset_sent.html")


@blueprint.route("/reset-password/<token>", methods=["GET", "POST"])
@public
@writes
def reset(token: str) -> AnyResponse:
    """Choose a new password by the link; every session ends and one signs in with it."""
    account, _read = service.account_of_token(tokens.RESET, token)
    form = NewPasswordForm()
    if form.validate_on_submit():
        try:
            service.reset_password(token, form.password.data, clock.now())
        except service.LinkSpent:
            raise
        except Invalid as error:
            complain(form, "password", error)
        else:
            sessions.end_session()
            flash(_("The password is changed. Sign in with the new one."), "success")
            return redirect(url_for("accounts.sign_in"), code=303)
    return page("accounts/reset.html", form, token=token, email=account.email)


def own_account() -> Account:
    """The account of the one who is signed in."""
    return queries.get_account(g.actor.id)

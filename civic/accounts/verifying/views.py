"""From "I want to vote" to a verified person: the ways, the declaration, the code, and back to the ballot.

The identity number arrives in one POST and ends in one hash. It is in no address, session, log or page.
"""

from datetime import datetime
from typing import Any

from flask import Blueprint, current_app, flash, g, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response as AnyResponse

from civic import clock, sms
from civic.accounts import identity, queries, throttle, verification
from civic.accounts.forms import offer
from civic.accounts.models import Account, Person
from civic.accounts.verifying import methods, policy, rules, service, ways
from civic.accounts.verifying import queries as declared
from civic.accounts.verifying.forms import CodeForm, DeclarationForm
from civic.accounts.verifying.models import Declaration
from civic.accounts.views import complain, page
from civic.errors import Conflict, DomainError, NotFound
from civic.extensions import db
from civic.navigation import panels
from civic.network import client_network
from civic.places.queries import list_neighbourhoods
from civic.policy import Action, enforce, requires
from civic.rounds import contributions
from civic.rounds.models import Round
from civic.unit_of_work import unit_of_work, writes_itself

blueprint = Blueprint("verifying", __name__, url_prefix="/account/verification")

#: The last part of an address, and the proof it leads to.
WAYS = {"email": "declaration_email", "sms": "declaration_sms", "letter": "letter"}


# --- who, and for which round ---------------------------------------------------------------------------


def _own() -> tuple[Account, Person | None]:
    account = queries.get_account(g.actor.id)
    return account, queries.get_person(account.person_id) if account.person_id else None


def _rounds(now: datetime) -> tuple[Round | None, list[Round]]:
    """The round the address names, when its vote is not over; and the rounds one may be verified for."""
    ahead = list(declared.list_rounds_ahead(now))
    named = next((one for one in ahead if one.slug == request.args.get("round")), None)
    return named, [named] if named else ahead


def _onwards(round_: Round | None, now: datetime) -> str:
    """Back to the ballot somebody came from, or to their account."""
    if round_ is None:
        return url_for("accounts.show")
    action = contributions.find_action("voting", round_, g.actor, now)
    return action.url if action else url_for("rounds.show", slug=round_.slug)


def _wait_sentence(later: datetime) -> str:
    return _("There were too many attempts. Try again after %(time)s.", time=f"{clock.to_city(later):%H:%M}")


# --- the ways -------------------------------------------------------------------------------------------


@blueprint.get("")
@requires(Action.USE_ACCOUNT)
def index() -> AnyResponse:
    """The ways in which one can be verified, in plain words, the easiest first."""
    (account, person), now = _own(), clock.now()
    round_, rounds = _rounds(now)
    enough = person is not None and (
        not methods.is_weak(person.proof)
        or (round_ is not None and methods.is_accepted(person.proof, round_.remote_verification))
    )
    return page(
        "verifying/index.html",
        None,
        account=account,
        person=person,
        person_way=methods.NAMES.get(person.proof) if person else None,
        round=round_,
        enough=enough,
        onwards=_onwards(round_, now),
        ways=ways.list_ways(rounds, person, round_.slug if round_ else None),
        decision=policy.can_begin(account),
        waiting={way: declared.find_waiting(account.id, way) for way in ("declaration", "letter")},
    )


# --- the declaration ------------------------------------------------------------------------------------


@blueprint.route("/by/<way>", methods=["GET", "POST"])
@requires(Action.USE_ACCOUNT)
@writes_itself
def declare(way: str) -> AnyResponse:
    """The form. Whoever it names, the answer is the same: a code is on its way."""
    if way not in WAYS:
        raise NotFound
    (account, person), now, proof = _own(), clock.now(), WAYS[way]
    round_, rounds = _rounds(now)
    enforce(policy.can_use(account, person, proof, rounds))
    foreign = request.args.get("document") == "foreign"
    form = DeclarationForm(
        formdata=request.form if request.method == "POST" else None,
        data={"kind": "document" if foreign else "cnp", "neighbourhood": account.neighbourhood_id},
    )
    offer(form.neighbourhood, [(place.id, place.name) for place in list_neighbourhoods()], _("Choose"))
    if way != "sms":
        del form.phone
    if request.method == "POST" and form.validate():
        try:
            made = _read(form, now)
        except identity.IdentityError as error:
            complain(form, _field_of(error.code, form.kind.data), verification.sentence_for(error))
        else:
            try:
                _keep(account, made, proof, round_, now)
            except DomainError as error:
                complain(form, None, error)
            else:
                if proof == "letter":
                    flash(
                        _("Your request is kept. The letter will come to the address you wrote."), "success"
                    )
                    return redirect(url_for("verifying.index", round=request.args.get("round")), code=303)
                return redirect(url_for("verifying.code"), code=303)
    slug = round_.slug if round_ else None
    return page("verifying/declare.html", form, way=way, round=round_, slug=slug, account=account)


def _read(form: Any, now: datetime) -> service.Declared:
    """What was declared, as far as it can be true. Raises IdentityError."""
    identity.check_birth_date(form.birth_date.data, clock.city_date(now))
    if form.kind.data == "cnp":
        read = identity.read_cnp(form.cnp.data or "", form.birth_date.data)
    else:
        country = form.country_code.data if form.country.data == "OTHER" else form.country.data
        read = identity.read_document(country or "", form.document.data or "")
    contact = service.Contact(
        form.full_name.data,
        form.street.data,
        form.number.data,
        form.more.data or "",
        form.postcode.data or "",
        form.phone.number if form.phone else "",
    )
    return service.Declared(
        read, form.birth_date.data, form.neighbourhood.data, form.area_basis.data, contact
    )


def _field_of(code: str, kind: str) -> str:
    if code in ("birth_date", "birth_date_range"):
        return "birth_date"
    if code in ("country", "use_cnp"):
        return "country"
    return "cnp" if kind == "cnp" else "document"


def _keep(account: Account, made: service.Declared, proof: str, round_: Round | None, now: datetime) -> None:
    """Count, keep, and send the code. Raises Conflict with the time from which it may be tried again."""
    counters = [
        throttle.counter("declaration", str(account.id), rules.ACCOUNT_THROTTLE),
        throttle.counter("declaration from", client_network(), rules.NETWORK_THROTTLE),
    ]
    _count([*counters, *_code_counters(account, proof, made.contact.phone)], now)
    with unit_of_work():
        declaration = service.declare(account, made, proof, round_, now)
        if proof != "letter":
            service.send_code(account, declaration, now)


def _code_counters(account: Account, proof: str, phone: str) -> list[throttle.Counter]:
    if proof == "letter":
        return []
    counters = [throttle.counter("code for", str(account.id), rules.CODE_THROTTLE)]
    if phone:
        counters.append(throttle.counter("code to phone", phone, rules.PHONE_THROTTLE))
    return counters


def _count(counters: list[throttle.Counter], now: datetime) -> None:
    """Count an attempt, or refuse it. Committed by itself: a refused page rolls everything else back."""
    with unit_of_work():
        later = throttle.reserve(counters, now)
    if later is not None:
        raise Conflict(_wait_sentence(later))


# --- the code -------------------------------------------------------------------------------------------


@blueprint.route("/code", methods=["GET", "POST"])
@requires(Action.USE_ACCOUNT)
@writes_itself
def code() -> AnyResponse:
    """Type the code; when it is right, on to the ballot."""
    account, _person = _own()
    waiting = declared.find_waiting(account.id, "declaration")
    if waiting is None:
        return redirect(url_for("verifying.index"), code=303)
    form, now = CodeForm(), clock.now()
    if form.validate_on_submit():
        with unit_of_work():
            attempt = service.count_try(account.id, "declaration", rules.read_code(form.code.data), now)
        if attempt.declaration is not None:
            return _confirmed(account, attempt.declaration, now)
        complain(form, "code", attempt.message)
    return _code_page(form, account, waiting, now)


def _code_page(form: Any, account: Account, waiting: Declaration, now: datetime) -> AnyResponse:
    phone = service.phone_of(waiting)
    message = db.session.get(sms.SmsMessage, waiting.sms_id) if waiting.sms_id else None
    round_ = declared.find_round(waiting.round_id)
    return page(
        "verifying/code.html",
        form,
        channel=waiting.channel,
        to=rules.masked_phone(phone) if phone else account.email,
        until=f"{clock.to_city(waiting.code_until):%H:%M}" if waiting.code_until else "",
        over=waiting.code_until is None
        or now >= waiting.code_until
        or waiting.code_tries >= rules.CODE_TRIES,
        sms_state=message.state if message else None,
        slug=round_.slug if round_ else None,
        development=not current_app.config["SETTINGS"].production,
    )


def _confirmed(account: Account, declaration_id: int, now: datetime) -> AnyResponse:
    """The code was right: verified, and on to the ballot; or why it cannot be."""
    waiting = db.session.get(Declaration, declaration_id)
    if waiting is None or waiting.confirmed_at is not None:
        # Pressed twice: the other press has done it, or whoever typed has begun again.
        return redirect(url_for("verifying.index"), code=303)
    round_ = declared.find_round(waiting.round_id)
    try:
        with unit_of_work():
            service.confirm(account, declaration_id, now)
    except DomainError as error:
        with unit_of_work():
            service.drop(account.id, declaration_id)
        response = render_template(
            "verifying/refused.html",
            reason=error.message,
            slug=round_.slug if round_ else None,
            panels=panels(current_app, "verification.refused", {"round": round_}),
        )
        return current_app.make_response((response, 409, {"Cache-Control": "no-store"}))
    verified = _("You are verified.")
    if round_ is None:
        # Nobody came from a ballot, so the account is no way on to one.
        verified += " " + _("To vote, press “Vote now” at the top of the page.")
    flash(verified, "success")
    return redirect(_onwards(round_, now), code=303)


@blueprint.route("/letter", methods=["GET", "POST"])
@requires(Action.USE_ACCOUNT)
@writes_itself
def letter_code() -> AnyResponse:
    """Type the code of the letter."""
    account, _person = _own()
    waiting = declared.find_waiting(account.id, "letter")
    if waiting is None or waiting.code_sent_at is None:
        return redirect(url_for("verifying.index"), code=303)
    form, now = CodeForm(), clock.now()
    if form.validate_on_submit():
        with unit_of_work():
            typed = rules.read_letter_code(form.code.data)
            attempt = service.count_try(account.id, "letter", typed, now)
        if attempt.declaration is not None:
            return _confirmed(account, attempt.declaration, now)
        complain(form, "code", attempt.message)
    assert waiting.code_until is not None
    over = now >= waiting.code_until or waiting.code_tries >= rules.CODE_TRIES
    return page("verifying/letter_code.html", form, until=waiting.code_until, over=over)


@blueprint.post("/code/again")
@requires(Action.USE_ACCOUNT)
@writes_itself
def again() -> AnyResponse:
    """Send another code; the one before stops working."""
    account, _person = _own()
    waiting, now = declared.find_waiting(account.id, "declaration"), clock.now()
    if waiting is None:
        return redirect(url_for("verifying.index"), code=303)
    phone = service.phone_of(waiting)
    try:
        refusal = service.resend_refusal(waiting, now)
        if refusal is not None:
            flash(refusal, "warning")
        else:
            _count(_code_counters(account, waiting.proof, phone), now)
            with unit_of_work():
                fresh = declared.lock_waiting(account.id, "declaration")
                if fresh is not None:
                    service.send_code(account, fresh, now)
            flash(_("We sent another code. The one before no longer works."), "success")
    except DomainError as error:
        flash(str(error.message), "warning")
    return redirect(url_for("verifying.code"), code=303)

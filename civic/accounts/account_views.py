"""One's own account: what is stored, changing it, leaving."""

from flask import current_app, flash, g, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response as AnyResponse

from civic import clock, i18n
from civic.accounts import leaving, policy, queries, service, sessions, signing_in, tokens
from civic.accounts.describing.queries import find_description
from civic.accounts.describing.words import AGE_BAND_NAMES, GENDER_NAMES
from civic.accounts.forms import (
    OWN_BASES,
    ChangeEmailForm,
    ChangePasswordForm,
    ConsentForm,
    DeleteForm,
    ProfileForm,
    offer,
)
from civic.accounts.verifying import methods
from civic.accounts.views import (
    PER_ADDRESS,
    PER_NETWORK,
    address_key,
    blueprint,
    complain,
    no_address,
    own_account,
    page,
    set_language,
)
from civic.actor import Role
from civic.errors import Invalid
from civic.extensions import limiter
from civic.navigation import panels
from civic.places.queries import find_neighbourhood, list_departments, list_neighbourhoods
from civic.policy import ROLE_NAMES, Action, public, requires
from civic.unit_of_work import writes


def account_key() -> str:
    """Limits by the account that asks."""
    return f"account-{g.actor.id}"


@blueprint.get("/account")
@requires(Action.USE_ACCOUNT)
def show() -> str:
    """Everything the account holds about its owner, and what the features add."""
    account = own_account()
    person = queries.get_person(account.person_id) if account.person_id else None
    departments: dict[int | None, str] = (
        {department.id: department.name for department in list_departments()} if account.grants else {}
    )
    said = find_description(account.id)
    return render_template(
        "accounts/show.html",
        account=account,
        person=person,
        person_way=methods.NAMES.get(person.proof) if person else None,
        weak=person is not None and methods.is_weak(person.proof),
        neighbourhood=find_neighbourhood(account.neighbourhood_id),
        person_neighbourhood=find_neighbourhood(person.neighbourhood_id) if person else None,
        area_bases=OWN_BASES,
        age_band=AGE_BAND_NAMES.get(said.age_band or "") if said else None,
        gender=GENDER_NAMES.get(said.gender or "") if said else None,
        language_name=i18n.NAMES.get(account.locale, account.locale),
        roles=[(ROLE_NAMES[Role(grant.role)], departments.get(grant.department_id)) for grant in account.grants],
        panels=panels(current_app, "account", {"account": account, "actor": g.actor}),
    )  # fmt: skip


@blueprint.post("/account/confirm-email")
@requires(Action.USE_ACCOUNT)
@limiter.limit(PER_ADDRESS, key_func=account_key)
@writes
def resend_confirmation() -> AnyResponse:
    """Send the link that confirms the address again."""
    service.send_confirmation(own_account(), clock.now())
    flash(
        _("We sent the link again. Look into your mail box, and among the unwanted messages too."), "success"
    )
    return redirect(url_for("accounts.show"), code=303)


@blueprint.route("/account/profile", methods=["GET", "POST"])
@requires(Action.USE_ACCOUNT)
@writes
def profile() -> AnyResponse:
    """The name shown, the neighbourhood, the language."""
    account = own_account()
    form = ProfileForm(
        data={
            "display_name": account.display_name,
            "neighbourhood": account.neighbourhood_id,
            "locale": account.locale,
        }
    )
    offer(
        form.neighbourhood,
        [(place.id, place.name) for place in list_neighbourhoods()],
        _("I would rather not say"),
    )
    languages = current_app.config["SETTINGS"].city.languages
    form.locale.choices = [(code, i18n.NAMES[code]) for code in languages]
    if form.validate_on_submit():
        service.update_profile(
            account, form.display_name.data, form.neighbourhood.data, form.locale.data, clock.now()
        )
        flash(_("Your details are saved."), "success")
        response = redirect(url_for("accounts.show"), code=303)
        set_language(response, form.locale.data)  # type: ignore[arg-type]
        return response
    return page("accounts/profile.html", form)


@blueprint.route("/account/email", methods=["GET", "POST"])
@requires(Action.USE_ACCOUNT)
@limiter.limit(PER_NETWORK, methods=["POST"])
@limiter.limit(PER_ADDRESS, methods=["POST"], key_func=address_key, exempt_when=no_address)
@writes
def request_email_change() -> AnyResponse:
    """Ask for another address; the answer is the same whether or not it is free."""
    account, form, now = own_account(), ChangeEmailForm(), clock.now()
    if form.validate_on_submit():
        problem = signing_in.check_again(account, form.password.data, now)
        if problem is not None:
            complain(form, "password", problem)
        else:
            try:
                service.request_email_change(account, form.email.normalised, now)
            except Invalid as error:
                complain(form, "email", error)
            else:
                flash(_("We sent a link to the new address. Until you open it, nothing changes."), "success")
                return redirect(url_for("accounts.show"), code=303)
    return page("accounts/change_email.html", form, account=account)


@blueprint.route("/account/email/<token>", methods=["GET", "POST"])
@public
@writes
def change_email(token: str) -> AnyResponse:
    """Use the new address, by the link sent to it. Only the POST changes anything."""
    account, read = service.account_of_token(tokens.CHANGE_EMAIL, token)
    form = ConsentForm()
    if form.validate_on_submit():
        service.change_email(token, clock.now())
        flash(_("Your account now uses the new address."), "success")
        return redirect(url_for("accounts.show"), code=303)
    return page("accounts/confirm_email_change.html", form, token=token, account=account, email=read.extra)


@blueprint.route("/account/password", methods=["GET", "POST"])
@requires(Action.USE_ACCOUNT)
@writes
def change_password() -> AnyResponse:
    """A new password; every other session ends."""
    account, form, now = own_account(), ChangePasswordForm(), clock.now()
    if form.validate_on_submit():
        problem = signing_in.check_again(account, form.current.data, now)
        if problem is not None:
            complain(form, "current", problem)
        else:
            try:
                service.change_password(account, form.password.data, now)
            except Invalid as error:
                complain(form, "password", error)
            else:
                sessions.renew_session(account)
                flash(_("The password is changed. On every other device you are signed out."), "success")
                return redirect(url_for("accounts.show"), code=303)
    return page("accounts/change_password.html", form)


@blueprint.post("/account/sign-out-everywhere")
@requires(Action.USE_ACCOUNT)
@writes
def sign_out_everywhere() -> AnyResponse:
    """End every session, this one too."""
    service.sign_out_everywhere(own_account(), clock.now())
    sessions.end_session()
    flash(_("You are signed out on every device."), "success")
    return redirect(url_for("accounts.sign_in"), code=303)


@blueprint.route("/account/delete", methods=["GET", "POST"])
@requires(Action.USE_ACCOUNT)
@writes
def delete() -> AnyResponse:
    """What is deleted and what remains; then, with the password, the end of the account."""
    account, form, now = own_account(), DeleteForm(), clock.now()
    choices, kept = leaving.choices(account.id), request.form.getlist("keep")
    administrators = queries.list_accounts_with_role(Role.ADMINISTRATOR) if account.grants else ()
    obstacle = leaving.obstacle(account.id, now)
    decision = policy.can_delete(account, {holder.id for holder in administrators}, obstacle)
    if form.validate_on_submit():
        problem = signing_in.check_again(account, form.password.data, now)
        if problem is None:
            service.delete_account(account, now, kept)
            sessions.end_session()
            flash(_("Your account is deleted. Thank you for having been here."), "success")
            return redirect(url_for("home.index"), code=303)
        complain(form, "password", problem)
    return page(
        "accounts/delete.html", form, account=account, decision=decision, choices=choices, staying=kept
    )

"""The desk: a clerk finds a resident's account and links it to the human being in front of them.

The identity number arrives in one POST and ends in one hash. It is in no address, session, log or page.
"""

from typing import Any

from flask import Blueprint, current_app, flash, g, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response as AnyResponse

from civic import clock
from civic.accounts import identity, policy, queries, verification
from civic.accounts.forms import AREA_BASES, AreaForm, DocumentForm, FindResidentForm, IdentityForm, offer
from civic.accounts.models import Account
from civic.accounts.verifying import methods
from civic.accounts.views import complain, page
from civic.errors import DomainError
from civic.navigation import panels
from civic.places.queries import find_neighbourhood, list_neighbourhoods
from civic.policy import Action, requires
from civic.unit_of_work import writes, writes_itself

blueprint = Blueprint("desk", __name__, url_prefix="/staff/desk")


def _offer_places(form: Any) -> None:
    offer(form.neighbourhood, [(place.id, place.name) for place in list_neighbourhoods()], _("Choose"))


def _context(account: Account) -> dict[str, Any]:
    """What the resident's page needs beside the form."""
    person = queries.get_person(account.person_id) if account.person_id else None
    return {
        "account": account,
        "person": person,
        "person_way": methods.NAMES.get(person.proof) if person else None,
        "weak": person is not None and methods.is_weak(person.proof),
        "place": find_neighbourhood(person.neighbourhood_id) if person else None,
        "area_bases": dict(AREA_BASES),
        "decision": policy.can_verify(g.actor, account),
        "panels": panels(current_app, "desk" if person else "desk.unverified", {"account": account}),
    }


@blueprint.route("", methods=["GET", "POST"])
@requires(Action.VERIFY_RESIDENTS)
@writes_itself
def find() -> AnyResponse:
    """Find the account by the address the resident tells. A POST, so that no address stays in the history."""
    form = FindResidentForm()
    if form.validate_on_submit():
        account = queries.find_account_by_email(form.email.normalised)
        if account is not None:
            return redirect(url_for("desk.show", account_id=account.id), code=303)
        complain(
            form,
            "email",
            _(
                "No account has this address. Ask the resident to register, here or at home, and to confirm it."
            ),
        )
    return page("accounts/desk_find.html", form)


@blueprint.get("/<int:account_id>")
@requires(Action.VERIFY_RESIDENTS)
def show(account_id: int) -> str:
    """The resident's state, and the form that is due: the identity, or a move."""
    account = queries.get_account(account_id)
    context = _context(account)
    person = context["person"]
    if person is None or context["weak"]:
        kind = "document" if request.args.get("document") == "foreign" else "cnp"
        form: Any = IdentityForm(
            formdata=None,
            data={
                "kind": kind,
                "neighbourhood": person.neighbourhood_id if person else account.neighbourhood_id,
                "area_basis": person.area_basis if person else "domicile",
            },
        )
    else:
        form = AreaForm(
            formdata=None, data={"neighbourhood": person.neighbourhood_id, "area_basis": person.area_basis}
        )
    _offer_places(form)
    return render_template("accounts/desk_show.html", form=form, **context)


@blueprint.post("/<int:account_id>/verify")
@requires(Action.VERIFY_RESIDENTS)
@writes
def verify(account_id: int) -> AnyResponse:
    """Check the identity and link it. After a mistake every field is kept but the number."""
    account, form, now = queries.get_account(account_id), IdentityForm(), clock.now()
    _offer_places(form)
    if form.validate_on_submit():
        try:
            identity.check_birth_date(form.birth_date.data, clock.city_date(now))
            read = read_identity(form)
            checked = verification.Checked(
                read, form.birth_date.data, form.neighbourhood.data, form.area_basis.data
            )
            verification.verify_at_desk(g.actor, account, checked, now)
        except identity.IdentityError as error:
            complain(form, field_of(error.code, form.kind.data), verification.sentence_for(error))
        except DomainError as error:
            complain(form, None, error)
        else:
            flash(_("The resident is verified. Give the document back."), "success")
            if "county" in read.warnings:
                flash(
                    _("The county code in the number is unusual. Look at the document once more."), "warning"
                )
            return redirect(url_for("desk.show", account_id=account_id), code=303)
    return page("accounts/desk_show.html", form, **_context(account))


def read_identity(form: DocumentForm) -> identity.Identity:
    """The identity the clerk typed. Raises IdentityError."""
    if form.kind.data == "cnp":
        return identity.read_cnp(form.cnp.data or "", form.birth_date.data)
    country = form.country_code.data if form.country.data == "OTHER" else form.country.data
    return identity.read_document(country or "", form.document.data or "")


def field_of(code: str, kind: str) -> str:
    """The field of the form that a problem with the document belongs to."""
    if code in ("birth_date", "birth_date_range"):
        return "birth_date"
    if code in ("country", "use_cnp"):
        return "country"
    return "cnp" if kind == "cnp" else "document"


@blueprint.post("/<int:account_id>/area")
@requires(Action.VERIFY_RESIDENTS)
@writes
def area(account_id: int) -> AnyResponse:
    """After a move: the neighbourhood and what links the person to it."""
    account, form = queries.get_account(account_id), AreaForm()
    _offer_places(form)
    if request.method == "POST" and form.validate():
        try:
            verification.change_area(
                g.actor, account, form.neighbourhood.data, form.area_basis.data, clock.now()
            )
        except DomainError as error:
            complain(form, None, error)
        else:
            flash(
                _("The neighbourhood is saved. Lists already drawn up for a vote keep the old one."),
                "success",
            )
            return redirect(url_for("desk.show", account_id=account_id), code=303)
    return page("accounts/desk_show.html", form, **_context(account))

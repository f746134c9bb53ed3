"""At the desk: a complaint written down for the person in front of the clerk, and the document of one who filed.

As in verification, the number arrives in one POST, ends in one hash and is in no address, session, log or page.
"""

from typing import Any

from flask import Blueprint, flash, g, redirect, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response as AnyResponse

from civic import clock, numbers
from civic.accounts import identity, verification
from civic.accounts import queries as accounts
from civic.accounts.desk_views import field_of, read_identity
from civic.accounts.forms import DocumentForm
from civic.accounts.models import Account
from civic.accounts.views import complain, page
from civic.errors import DomainError
from civic.navigation import Panel
from civic.policy import Action, requires
from civic.rounds.models import Round
from civic.unit_of_work import writes
from voting import round_queries
from voting.complaints import letters, policy, queries, service
from voting.complaints.forms import DeskComplaintForm, ShownDocumentForm
from voting.complaints.rules import Kind

blueprint = Blueprint("desk_complaints", __name__, url_prefix="/staff/desk/complaints")


def _rounds() -> list[Round]:
    """The votes that take complaints now."""
    now = clock.now()
    return [
        one
        for one in queries.list_rounds_in_vote(now)
        if policy.can_file(one, round_queries.plan_of(one), now)
    ]


def _read(form: DocumentForm, now: Any) -> identity.Identity | None:
    """The identity typed, or None with the error beside its field."""
    try:
        identity.check_birth_date(form.birth_date.data, clock.city_date(now))
        return read_identity(form)
    except identity.IdentityError as error:
        complain(form, field_of(error.code, form.kind.data), verification.sentence_for(error))
        return None


def _foreign() -> bool:
    return request.args.get("document") == "foreign"


def _filled() -> dict[str, Any]:
    """What the form begins with: the only vote, and the address of the account the clerk comes from."""
    account = accounts.find_account(numbers.whole_number(request.args.get("account")) or 0)
    return {
        "kind": "document" if _foreign() else "cnp",
        "complaint": Kind.IDENTITY_USED,
        "email": account.email if account is not None and account.deleted_at is None else "",
    }


@blueprint.route("/new", methods=["GET", "POST"])
@requires(Action.VERIFY_RESIDENTS)
@writes
def new() -> AnyResponse:
    """Write down a complaint for somebody who is there with their document."""
    rounds, now = _rounds(), clock.now()
    form = (
        DeskComplaintForm() if request.method == "POST" else DeskComplaintForm(formdata=None, data=_filled())
    )
    form.round_id.choices = [(one.id, one.name) for one in rounds]
    if rounds and form.validate_on_submit():
        read = _read(form, now)
        account, known = _account(form)
        if read is not None and known:
            round_ = next(one for one in rounds if one.id == form.round_id.data)
            try:
                made = service.file_at_desk(
                    g.actor, round_, round_queries.plan_of(round_), form.complaint.data, form.text.data, read, now,
                    account=account, contact=form.contact.data or "",
                )  # fmt: skip
            except DomainError as refusal:
                complain(form, None, refusal)
            else:
                flash(
                    _(
                        "Complaint no. %(number)s is registered. Write the number down for the person and give the "
                        "document back.",
                        number=made.id,
                    ),
                    "success",
                )
                return redirect(url_for("desk.find"), code=303)
    return page("voting/complaints/desk_new.html", form, rounds=rounds)


def _account(form: DeskComplaintForm) -> tuple[Account | None, bool]:
    """The account whose address was typed, and whether what was typed is in order."""
    typed = (form.email.data or "").strip().lower()
    if not typed:
        if not (form.contact.data or "").strip():
            complain(form, "contact", _("Write the person's name and how they want to be answered."))
            return None, False
        return None, True
    account = accounts.find_account_by_email(typed)
    if account is None:
        complain(form, "email", _("No account has this address. Leave it empty if the person has none."))
    return account, account is not None


@blueprint.route("/<int:complaint_id>/document", methods=["GET", "POST"])
@requires(Action.VERIFY_RESIDENTS)
@writes
def document(complaint_id: int) -> AnyResponse:
    """Compare the document of somebody who complained from their account, and find whose record it is."""
    one, now = queries.get_complaint(complaint_id), clock.now()
    data = {"kind": "document" if _foreign() else "cnp"}
    form = ShownDocumentForm() if request.method == "POST" else ShownDocumentForm(formdata=None, data=data)
    if form.validate_on_submit() and (read := _read(form, now)) is not None:
        try:
            found = service.check_document(g.actor, complaint_id, read, now)
        except DomainError as refusal:
            complain(form, None, refusal)
        else:
            _say(found, one.account_id)
            return redirect(url_for("desk_complaints.document", complaint_id=complaint_id), code=303)
    return page(
        "voting/complaints/desk_document.html", form, one=one,
        account=accounts.find_account(one.account_id) if one.account_id else None,
        decision=policy.can_check_document(g.actor, one), kinds=letters.KINDS,
    )  # fmt: skip


def _say(found: bool, account_id: int | None) -> None:
    if found:
        flash(_("The document is checked. Council staff decide now; give the document back."), "success")
    else:
        flash(
            _(
                "Nobody was ever verified with this document. Verify the resident as usual; council staff answer the "
                "complaint."
            ),
            "warning",
        )


def desk_panel(context: dict[str, Any]) -> Panel | None:
    """On the page of a resident who is not verified: what to do when their document is already somebody's."""
    account: Account = context["account"]
    waiting = queries.list_open_of(account.id)
    if not waiting and not _rounds():
        return None
    return Panel("voting/complaints/_desk_panel.html", {"account": account, "waiting": waiting})

"""What the people of an organisation do: register it, change it, invite, accept, leave."""

from typing import Any

from flask import Response, flash, g, make_response, redirect, render_template, url_for
from flask_babel import gettext as _

from civic import clock, i18n, numbers
from civic.errors import Conflict, DomainError, Invalid
from civic.extensions import db, limiter
from civic.organisations import labels, members, policy, queries, service
from civic.organisations.forms import AcceptForm, InviteForm, NewOrganisationForm, OrganisationForm, fill
from civic.organisations.labels import ROLES
from civic.organisations.models import Organisation, OrganisationMember
from civic.organisations.rules import Role, State
from civic.organisations.views import blueprint, get_visible
from civic.places.queries import list_neighbourhoods
from civic.policy import Action, enforce, public, publishes, requires
from civic.unit_of_work import writes

#: Registrations and invitations from one network.
PER_NETWORK = "30 per hour"
#: What the service refuses beside the field it is about; anything else stands above the form.
LIMIT = limiter.limit(PER_NETWORK, methods=["POST"])


def _offer(form: OrganisationForm) -> Any:
    form.areas.choices = [(one.id, one.name) for one in list_neighbourhoods()]
    return form


def _to(endpoint: str, organisation_id: int) -> Response:
    return redirect(url_for(endpoint, organisation_id=organisation_id), code=303)  # type: ignore[return-value]


def _form_page(template: str, form: Any, **context: Any) -> Response:
    body = render_template(template, form=form, labels=labels, **context)
    return make_response(body, 422 if form.is_submitted() else 200)


@blueprint.get("/new")
@public
def new() -> Response:
    """What registering takes, and the form for whoever may."""
    asked = 0 if g.actor.id is None else queries.registered_last_day(g.actor.id, clock.now())
    return _form_page(
        "organisations/new.html",
        _offer(NewOrganisationForm(None)),
        decision=policy.can_register(g.actor, asked),
    )


@blueprint.post("/new")
@requires(Action.USE_ACCOUNT)
@LIMIT
@writes
def register() -> Response:
    """Register an organisation; the city hall verifies it."""
    form = _offer(NewOrganisationForm())
    asked = queries.registered_last_day(g.actor.id, clock.now())
    enforce(policy.can_register(g.actor, asked))
    if form.validate():
        try:
            made = service.register_organisation(g.actor, form.values(), clock.now())
        except Invalid as error:
            form.form_errors.append(str(error.message))
        else:
            flash(_("Sent. The city hall verifies the organisation and writes to you."), "success")
            return _to("organisations.show", made.id)
    return _form_page("organisations/new.html", form, decision=policy.can_register(g.actor, asked))


def _administered(organisation_id: int) -> tuple[Organisation, OrganisationMember]:
    """An organisation whose administrator the actor is. Raises NotFound, NotAllowed."""
    organisation, member = get_visible(organisation_id)
    enforce(policy.can_administer(member))
    assert member is not None
    return organisation, member


@blueprint.route("/<int:organisation_id>/edit", methods=["GET", "POST"])
@requires(Action.USE_ACCOUNT)
@publishes
@LIMIT
@writes
def edit(organisation_id: int) -> Response:
    """Change what the organisation says of itself."""
    organisation, _member = _administered(organisation_id)
    check = queries.find_open_check(organisation.id)
    typed = fill(service.values_of(organisation, check), organisation.version)
    form = _offer(OrganisationForm(data=typed))
    if form.validate_on_submit():
        try:
            seen = numbers.whole_number(form.version.data) or 0
            service.change_organisation(g.actor, organisation_id, seen, form.values(), clock.now())
        except (Invalid, Conflict) as error:
            form.form_errors.append(str(error.message))
            db.session.rollback()
            organisation, check = (
                queries.get_organisation(organisation_id),
                queries.find_open_check(organisation_id),
            )
        else:
            flash(_("Saved."), "success")
            return _to("organisations.show", organisation_id)
    return _form_page("organisations/edit.html", form, organisation=organisation, check=check, State=State)


# --- members --------------------------------------------------------------------------------------------


def _members_page(
    organisation: Organisation, member: OrganisationMember, form: InviteForm | None
) -> Response:
    now = clock.now()
    rows = queries.list_members(organisation.id)
    administrators = sum(row.role == Role.ADMINISTRATOR for row, _account in rows)
    administers = bool(policy.can_administer(member))
    body = render_template(
        "organisations/members.html",
        organisation=organisation,
        member=member,
        rows=[
            (row, account.public_name, policy.can_stop_being_administrator(row, administrators))
            for row, account in rows
        ],
        administers=administers,
        invitations=[(one, members.address_of(one)) for one in queries.list_invitations(organisation.id, now)]
        if administers
        else [],
        can_invite=policy.can_invite(organisation, member, queries.invited_last_day(organisation.id, now)),
        may_leave=policy.can_stop_being_administrator(member, administrators),
        form=form or InviteForm(None),
        labels=labels,
        Role=Role,
    )
    return make_response(body, 422 if form is not None else 200)


def _own(organisation_id: int) -> tuple[Organisation, OrganisationMember]:
    """An organisation whose member the actor is. Raises NotFound, NotAllowed."""
    organisation, member = get_visible(organisation_id)
    if member is None:
        enforce(policy.can_administer(member))
    assert member is not None
    return organisation, member


@blueprint.get("/<int:organisation_id>/members", endpoint="members")
@requires(Action.USE_ACCOUNT)
def show_members(organisation_id: int) -> Response:
    """Who speaks for the organisation, who is invited, and one's own part in it."""
    return _members_page(*_own(organisation_id), None)


@blueprint.post("/<int:organisation_id>/members/invite")
@requires(Action.USE_ACCOUNT)
@LIMIT
@writes
def invite(organisation_id: int) -> Response:
    """Send a link to an address. The answer is the same for every address."""
    organisation, member = _administered(organisation_id)
    form = InviteForm()
    if not form.validate():
        return _members_page(organisation, member, form)
    members.invite(
        g.actor, organisation_id, form.address.normalised, form.role.data, i18n.choose_language(), clock.now()
    )
    flash(_("The invitation is on its way. The link works for 14 days."), "success")
    return _to("organisations.members", organisation_id)


@blueprint.post("/<int:organisation_id>/invitations/<int:invitation_id>/withdraw")
@requires(Action.USE_ACCOUNT)
@writes
def withdraw_invitation(organisation_id: int, invitation_id: int) -> Response:
    """Take an invitation back."""
    _administered(organisation_id)
    members.withdraw_invitation(g.actor, organisation_id, invitation_id, clock.now())
    flash(_("The invitation no longer works."), "success")
    return _to("organisations.members", organisation_id)


@blueprint.post("/<int:organisation_id>/members/<int:account_id>/role")
@requires(Action.USE_ACCOUNT)
@writes
def change_role(organisation_id: int, account_id: int) -> Response:
    """Make a member administrator, or spokesperson again."""
    _administered(organisation_id)
    member = queries.find_member(organisation_id, account_id)
    other = Role.SPOKESPERSON if member and member.role == Role.ADMINISTRATOR else Role.ADMINISTRATOR
    members.change_role(g.actor, organisation_id, account_id, other, clock.now())
    flash(_("Saved: the member is now %(role)s.", role=str(ROLES[other]).lower()), "success")
    return _to("organisations.members", organisation_id)


@blueprint.post("/<int:organisation_id>/members/<int:account_id>/remove")
@requires(Action.USE_ACCOUNT)
@writes
def remove(organisation_id: int, account_id: int) -> Response:
    """Take somebody off the members."""
    _administered(organisation_id)
    members.remove(g.actor, organisation_id, account_id, clock.now())
    flash(_("The member was removed and told by mail."), "success")
    return _to("organisations.members", organisation_id)


@blueprint.post("/<int:organisation_id>/members/shown")
@requires(Action.USE_ACCOUNT)
@writes
def show_name(organisation_id: int) -> Response:
    """Put one's own name on the public page, or take it off."""
    _organisation, member = _own(organisation_id)
    members.show_name(g.actor, organisation_id, not member.shown, clock.now())
    flash(_("Saved."), "success")
    return _to("organisations.members", organisation_id)


@blueprint.post("/<int:organisation_id>/members/leave")
@requires(Action.USE_ACCOUNT)
@writes
def leave(organisation_id: int) -> Response:
    """Stop speaking for the organisation."""
    _own(organisation_id)
    members.leave(g.actor, organisation_id, clock.now())
    flash(_("You no longer speak for this organisation."), "success")
    return redirect(url_for("accounts.show"), code=303)  # type: ignore[return-value]


@blueprint.route("/invitations/<token>", methods=["GET", "POST"])
@public
@writes
def invitation(token: str) -> Response:
    """The link of an invitation: what it is for, and joining."""
    now, form = clock.now(), AcceptForm()
    found = members.get_invitation(token, now)
    organisation = queries.get_organisation(found.organisation_id)
    if form.validate_on_submit():
        try:
            members.accept(g.actor, token, form.shown.data, now)
        except DomainError as error:
            if isinstance(error, members.InvitationOver):
                raise
            db.session.rollback()
            form.form_errors.append(str(error.message))
        else:
            flash(_("Welcome. You can now speak for this organisation."), "success")
            return _to("organisations.show", organisation.id)
    found = members.get_invitation(token, now)
    organisation = queries.get_organisation(found.organisation_id)
    return _form_page(
        "organisations/invitation.html",
        form,
        organisation=organisation,
        role=ROLES[Role(found.role)],
        token=token,
    )

"""The city hall's queue of organisations: verify, refuse, suspend, restore."""

from typing import Any

from flask import Blueprint, Response, flash, g, make_response, redirect, render_template, request, url_for
from flask_babel import gettext as _

from civic import clock, i18n, numbers, timeline
from civic.accounts.queries import names_of
from civic.errors import Conflict, Invalid
from civic.extensions import db
from civic.organisations import labels, members, policy, queries, rules, service
from civic.organisations.forms import CheckForm, FirstInviteForm, ReasonForm
from civic.organisations.queries import KIND
from civic.organisations.rules import LegalForm, State
from civic.policy import Action, requires
from civic.security import is_fragment
from civic.text import clean_line, romanian_sort_key
from civic.unit_of_work import writes

blueprint = Blueprint("organisations_staff", __name__, url_prefix="/staff/organisations")

VIEWS = ("waiting", "late", "deserted", *State)


@blueprint.get("")
@requires(Action.VIEW_ORGANISATIONS)
def index() -> str:
    """What waits, the most pressing first; and every other organisation."""
    now = clock.now()
    view = request.args.get("view", "waiting")
    view = view if view in ("all", *VIEWS) else "waiting"
    text = clean_line(request.args.get("q", ""))[:200]
    page = min(numbers.page_number(), 1000)
    rows, total = queries.list_queue("" if view == "all" else view, text, page, now)
    template = "organisations/_queue.html" if is_fragment() else "organisations/staff_index.html"
    return render_template(
        template,
        rows=rows,
        total=total,
        page=page,
        pages=max(1, -(-total // queries.QUEUE_SIZE)),
        counts=queries.queue_counts(now),
        view=view,
        text=text,
        now=now,
        labels=labels,
    )


def _shown(name: str, value: str) -> str:
    """A verified field as readers see it."""
    return str(labels.LEGAL_FORMS[LegalForm(value)]) if name == "legal_form" else value


def _page(organisation_id: int, status: int = 200, **bound: Any) -> Response:
    """One organisation with everything that can be decided; `bound` is the form that could not be taken."""
    organisation = queries.get_organisation(organisation_id)
    check = queries.find_open_check(organisation.id)
    checks = queries.list_checks(organisation.id)
    people = queries.list_members(organisation.id)
    now_values = service.identity_of(organisation)
    asked = service.identity_of(check) if check else {}
    forms = {
        "form": bound.get("form") or CheckForm(None, check=check.id if check else ""),
        "reason_form": bound.get("reason_form") or ReasonForm(None, prefix="turn-"),
        "invite_form": bound.get("invite_form") or FirstInviteForm(None),
    }
    body = render_template(
        "organisations/staff_show.html",
        organisation=organisation,
        check=check,
        facts=[
            (label, _shown(name, now_values[name]), _shown(name, asked[name]) if asked else "")
            for name, label in labels.FIELDS.items()
        ],
        checks=checks,
        names=names_of(one.decided_by_id for one in checks if one.decided_by_id is not None),
        alike=queries.list_alike(check, romanian_sort_key(check.name)) if check else [],
        people=[(row, account.public_name) for row, account in people],
        contact=service.contact_of(organisation),
        events=timeline.list_events(KIND, organisation.id),
        decision=policy.can_decide(g.actor, queries.find_member(organisation.id, g.actor.id)),
        wrong=next(iter(bound.values()), None),
        now=clock.now(),
        labels=labels,
        rules=rules,
        **forms,
    )
    return make_response(body, status)


def _done(organisation_id: int, words: str) -> Response:
    flash(words, "success")
    return redirect(url_for("organisations_staff.show", organisation_id=organisation_id), code=303)  # type: ignore[return-value]


@blueprint.get("/<int:organisation_id>")
@requires(Action.VIEW_ORGANISATIONS)
def show(organisation_id: int) -> Response:
    """One organisation as the city hall sees it, with its contact."""
    return _page(organisation_id)


@blueprint.post("/<int:organisation_id>/decide")
@requires(Action.MANAGE_ORGANISATIONS)
@writes
def decide(organisation_id: int) -> Response:
    """Verify the values that wait, or refuse them."""
    form = CheckForm()
    if not form.validate():
        return _page(organisation_id, 422, form=form)
    accept = form.decision.data == "verify"
    check_id = numbers.whole_number(form.check.data) or 0
    try:
        service.decide(g.actor, organisation_id, check_id, accept, form.reason.data or "", clock.now())
    except (Invalid, Conflict) as error:
        db.session.rollback()
        form.reason.errors = [str(error.message)]
        return _page(organisation_id, error.status, form=form)
    return _done(organisation_id, _("Decided. The administrators of the organisation are told."))


def _turn(organisation_id: int, command: Any) -> Response:
    form = ReasonForm(prefix="turn-")
    if not form.validate():
        return _page(organisation_id, 422, reason_form=form)
    command(g.actor, organisation_id, form.reason.data, clock.now())
    return _done(organisation_id, _("Decided. The administrators of the organisation are told."))


@blueprint.post("/<int:organisation_id>/suspend")
@requires(Action.MANAGE_ORGANISATIONS)
@writes
def suspend(organisation_id: int) -> Response:
    """Stop it from speaking, with a public reason."""
    return _turn(organisation_id, service.suspend)


@blueprint.post("/<int:organisation_id>/restore")
@requires(Action.MANAGE_ORGANISATIONS)
@writes
def restore(organisation_id: int) -> Response:
    """Let it speak again, with a public reason."""
    return _turn(organisation_id, service.restore)


@blueprint.post("/<int:organisation_id>/invite")
@requires(Action.MANAGE_ORGANISATIONS)
@writes
def invite(organisation_id: int) -> Response:
    """Invite an administrator of an organisation that has no member left."""
    form = FirstInviteForm()
    if not form.validate():
        return _page(organisation_id, 422, invite_form=form)
    if queries.get_organisation(organisation_id).deserted_at is None:
        raise Conflict(_("This organisation has members, who invite others themselves."))
    members.invite(
        g.actor,
        organisation_id,
        form.address.normalised,
        "administrator",
        i18n.choose_language(),
        clock.now(),
    )
    return _done(organisation_id, _("The invitation is on its way. The link works for 14 days."))

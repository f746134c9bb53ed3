"""What organisations write to people: their administrators, those invited, those who follow."""

from datetime import datetime
from functools import partial

from flask import current_app
from flask_babel import force_locale
from flask_babel import gettext as _

from civic import audit, outbox, timeline
from civic.actor import Actor
from civic.extensions import db
from civic.moderation import letters
from civic.notifications import compose
from civic.notifications import service as notifications
from civic.organisations import queries
from civic.organisations.labels import ROLES, SENTENCES
from civic.organisations.models import Organisation
from civic.organisations.rules import PUBLIC, Role


def note(
    actor: Actor,
    organisation: Organisation,
    event: str,
    reason: str,
    now: datetime,
    details: dict[str, int],
    *,
    quiet: bool = False,
) -> None:
    """Record a decision, show it and tell it; `quiet` is one about words that were not public: only its people are told."""
    db.session.flush()
    # Why something was not verified is told to the organisation, not to everyone.
    shown = "" if event in ("organisation.refused", "organisation.change_refused") else reason
    if not quiet:
        timeline.add(queries.KIND, organisation.id, event, now, role=timeline.role_of(actor), reason=shown)
    audit.record(actor, event, queries.KIND, organisation.id, now, details)
    tell_administrators(organisation, event, reason, now)
    if event != "organisation.change_refused" and not quiet:
        tell_followers(organisation, event, reason, now)


def tell_administrators(organisation: Organisation, event: str, reason: str, now: datetime) -> None:
    """Write to the administrators what the city hall decided, why, and what can be done about it."""
    name, address = (
        organisation.name,
        compose.address_of("organisations.show", organisation_id=organisation.id),
    )
    contact = current_app.config["SETTINGS"].city.contact_email

    def body() -> str:
        lines = [_("The organisation “%(name)s”, which you administer:", name=name), f"{SENTENCES[event]}."]
        if reason:
            lines.append(_("Reasons: %(reason)s", reason=reason))
        if event in ("organisation.refused", "organisation.change_refused"):
            lines.append(
                _("Correct what is written there and send it again, or, if you think this is wrong, write to %(address)s.",
                  address=contact)
            )  # fmt: skip
        elif event == "organisation.suspended":
            lines.append(_("If you think this is wrong, write to %(address)s.", address=contact))
        return "\n\n".join([*lines, address])

    def subject() -> str:
        return f"{SENTENCES[event]}: {name}"[:200]

    for account_id in queries.list_administrators(organisation.id):
        # Of a moderator's decision its author is told in one letter, with how to contest it.
        send = partial(notifications.tell_account, account_id, subject, body, now)
        letters.write(letters.Letter(account_id, subject, body, send))


def tell_followers(organisation: Organisation, event: str, reason: str, now: datetime) -> None:
    """Write to those who follow a public organisation what happened, and why."""
    if organisation.state not in PUBLIC:
        return
    name = organisation.name

    def body() -> str:
        lines = [_("The organisation “%(name)s”, which you follow:", name=name), f"{SENTENCES[event]}."]
        return "\n\n".join([*lines, _("Reasons: %(reason)s", reason=reason)] if reason else lines)

    key = f"{event}:{organisation.id}:{now.isoformat()}"
    notifications.notify_followers(
        queries.KIND, organisation.id, lambda: f"{SENTENCES[event]}: {name}"[:200], body, now, key
    )


def tell_joined(organisation: Organisation, newcomer: str, role: str, but: int, now: datetime) -> None:
    """Write to the administrators that somebody accepted an invitation, so that a link in wrong hands is noticed."""
    name = organisation.name

    def body() -> str:
        return "\n\n".join(
            [
                _("%(person)s has accepted an invitation and is now a member of “%(name)s”, as: %(role)s.",
                  person=newcomer, name=name, role=ROLES[Role(role)]),
                _("If you do not know this person, remove them on the page of the members:"),
                compose.address_of("organisations.members", organisation_id=organisation.id),
            ]
        )  # fmt: skip

    for account_id in queries.list_administrators(organisation.id):
        if account_id != but:
            notifications.tell_account(
                account_id, lambda: _("A new member of %(name)s", name=name)[:200], body, now
            )


def tell_removed(organisation: Organisation, account_id: int, now: datetime) -> None:
    """Write to somebody that they are no longer a member."""
    name = organisation.name
    notifications.tell_account(
        account_id,
        lambda: _("You no longer speak for %(name)s", name=name)[:200],
        lambda: _("An administrator of “%(name)s” has removed you from its members.", name=name),
        now,
    )


def invite(
    organisation: Organisation,
    inviter: str,
    role: str,
    address: str,
    token: str,
    language: str,
    now: datetime,
) -> None:
    """Send the link. The same words whether or not the address has an account: nothing is looked up."""
    city = current_app.config["SETTINGS"].city
    link = compose.address_of("organisations.invitation", token=token)
    with force_locale(language):
        subject = _("An invitation from %(name)s", name=organisation.name)[:200]
        body = "\n\n".join(
            [
                _("Hello,"),
                _("%(person)s invites you to speak for “%(name)s” on %(city)s, as: %(role)s.",
                  person=inviter, name=organisation.name, city=city.platform_name, role=ROLES[Role(role)]),
                _("To accept, open this link and sign in, or make an account:"),
                link,
                _("The link works for 14 days, once. If you do not want to accept, you need not do anything: your address is "
                  "then forgotten."),
                f"{city.platform_name}\n{city.authority}\n{city.contact_email}",
            ]
        )  # fmt: skip
    outbox.post(address, subject, body, now)

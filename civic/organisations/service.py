"""Commands on an organisation: register, change, verify, refuse, suspend, restore. They flush, never commit."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy.exc import IntegrityError

from civic import audit, links, sealing, timeline
from civic.actor import Actor
from civic.deadlines.service import give
from civic.errors import Conflict, Invalid
from civic.extensions import db
from civic.organisations import policy, queries, rules, telling, words
from civic.organisations.models import Organisation, OrganisationCheck, OrganisationMember
from civic.organisations.queries import KIND
from civic.organisations.rules import Contact, LegalForm, Outcome, Role, State, Values
from civic.places.queries import list_neighbourhoods
from civic.policy import enforce
from civic.text import clean_line, clean_text, romanian_sort_key

#: What the sealed contact is sealed for.
PURPOSE = "organisation contact"
DEADLINE = "organisation.verify"


def _checked(values: Values) -> Values:
    """The values as they are stored. Raises Invalid with the sentence for the first that cannot be."""
    form = values.legal_form
    if form not in list(LegalForm):
        raise Invalid(_("Choose the legal form."))
    name, number = clean_line(values.name), clean_line(values.registration_number)
    code, website, phone = values.tax_code, values.website, values.contact.phone
    if form == LegalForm.INITIATIVE_GROUP:
        number, code = "", ""
    read_code = rules.read_tax_code(code) if code else ""
    read_site = rules.read_website(website) if website else ""
    read_phone = rules.read_phone(phone) if phone else ""
    if not name or len(name) > rules.NAME_MOST:
        raise Invalid(_("Enter the name of the organisation."))
    if read_code is None:
        raise Invalid(
            _("This is not a tax code: its last digit does not fit the others. Look at the certificate.")
        )
    if read_site is None:
        raise Invalid(_("Enter an address of the web, as in https://exemplu.ro."))
    if read_phone is None:
        raise Invalid(_("Enter a telephone number, as in 021 209 60 00."))
    if not values.contact.email:
        raise Invalid(_("Enter the e-mail address at which the city hall can reach the organisation."))
    missing = rules.missing_number(form, number, read_code)
    if missing == "tax_code":
        raise Invalid(_("A public authority has a tax code (CIF): enter it."))
    if missing:
        raise Invalid(_("Enter the number under which the organisation is registered."))
    if values.minority is not None and values.minority not in rules.MINORITIES:
        raise Invalid(_("Choose the minority from the list, or none."))
    return replace(
        values,
        name=name,
        registration_number=number[: rules.NUMBER_MOST],
        tax_code=read_code,
        website=read_site,
        description=clean_text(values.description)[: rules.DESCRIPTION_MOST],
        contact=replace(values.contact, phone=read_phone),
    )


def register_organisation(actor: Actor, values: Values, now: datetime) -> Organisation:
    """A new organisation, whose first administrator is the actor; it waits for the city hall.

    Raises NotAllowed and Invalid with a sentence.
    """
    assert actor.id is not None
    enforce(policy.can_register(actor, queries.registered_last_day(actor.id, now)))
    values = _checked(values)
    ruling = words.weigh(actor, None, values, now)
    organisation = Organisation(
        **_identity(values),
        sort_key=romanian_sort_key(values.name),
        state=State.WAITING,
        state_since=now,
        registered_at=now,
        registered_by_id=actor.id,
        changed_at=now,
        deserted_at=now,  # for a moment: the row of its first member needs its number
    )
    _put_profile(organisation, values)
    db.session.add(organisation)
    db.session.flush()
    member = OrganisationMember(
        organisation_id=organisation.id, account_id=actor.id, role=Role.ADMINISTRATOR, joined_at=now
    )
    db.session.add(member)
    db.session.flush()
    organisation.keeper_id, organisation.deserted_at = actor.id, None
    words.put(actor, organisation, values, ruling, now)
    _file(actor, organisation, values, now)
    timeline.add(KIND, organisation.id, "organisation.registered", now)
    audit.record(
        actor, "organisation.registered", KIND, organisation.id, now, {"legal_form": values.legal_form}
    )
    return organisation


def _identity(values: Values) -> dict[str, str]:
    return {name: str(getattr(values, name)) for name in rules.VERIFIED_FIELDS}


def identity_of(row: Organisation | OrganisationCheck) -> dict[str, str]:
    """The values that the city hall verifies, by their names."""
    return {name: getattr(row, name) for name in rules.VERIFIED_FIELDS}


def _put_profile(organisation: Organisation, values: Values) -> list[str]:
    """Write what needs no verification and is no text; the names of what is different now."""
    contact = values.contact
    places = {place.id: place for place in list_neighbourhoods()}
    if not set(values.areas) <= set(places):
        raise Invalid(_("Choose the neighbourhoods from the list."))
    before = (
        organisation.minority,
        {place.id for place in organisation.areas} if organisation.id else None,
        contact_of(organisation) if organisation.id else None,
    )  # fmt: skip
    organisation.minority = values.minority
    organisation.areas = [places[one] for one in sorted(set(values.areas))]
    if before[2] != contact:
        organisation.contact = sealing.seal(PURPOSE, {"email": contact.email, "phone": contact.phone})
        organisation.public_email = contact.email if contact.email_public else ""
        organisation.public_phone = contact.phone if contact.phone_public else ""
    organisation.search_text = words.search_text(organisation)
    after = (values.minority, set(values.areas), contact)
    names = ("minority", "areas", "contact")
    return [name for name, old, new in zip(names, before, after, strict=True) if old != new]


def contact_of(organisation: Organisation) -> Contact:
    """The contact for the city hall, opened; empty once it was erased."""
    if organisation.contact is None:
        return Contact()
    kept = sealing.unseal(PURPOSE, organisation.contact)
    return Contact(
        kept["email"], kept["phone"], bool(organisation.public_email), bool(organisation.public_phone)
    )


def values_of(organisation: Organisation, check: OrganisationCheck | None) -> Values:
    """An organisation as its form shows it: what waits for verification in the place of what is verified."""
    description, website = words.written(organisation)
    return Values(
        **identity_of(check or organisation),
        description=description,
        website=website,
        contact=contact_of(organisation),
        minority=organisation.minority,
        areas=tuple(place.id for place in organisation.areas),
    )


def change_organisation(
    actor: Actor, organisation_id: int, seen: int, values: Values, now: datetime
) -> Organisation:
    """Change what its administrators wrote. A new name, form or number is verified before it is public.

    `seen` is the version its editor was looking at: Conflict when it has changed since. Saving a refused
    organisation sends it to the city hall again. Raises NotAllowed and Invalid with a sentence.
    """
    organisation = queries.lock_organisation(organisation_id)
    enforce(policy.can_administer(queries.find_member(organisation.id, actor.id)))
    if organisation.version != seen:
        raise Conflict(
            _("Somebody changed this organisation while you were writing. Reload the page and look.")
        )
    values = _checked(values)
    wanted, check = _identity(values), queries.find_open_check(organisation.id)
    ruling = words.weigh(actor, organisation, values, now)
    changed = _put_profile(organisation, values) + words.put(actor, organisation, values, ruling, now)
    if organisation.verified_at is None:
        changed += _change_unverified(actor, organisation, check, values, now)
    elif wanted != identity_of(check or organisation):
        changed.append("check")
        _replace_check(actor, organisation, check, values, now)
    if changed:
        organisation.version += 1
        organisation.changed_at = now
        audit.record(actor, "organisation.changed", KIND, organisation.id, now, {"fields": sorted(changed)})
    db.session.flush()
    return organisation


def _change_unverified(
    actor: Actor, organisation: Organisation, check: OrganisationCheck | None, values: Values, now: datetime
) -> list[str]:
    """Nobody has verified anything yet: the values are put in place, and the city hall looks at the latest."""
    wanted = _identity(values)
    changed = [name for name, value in wanted.items() if getattr(organisation, name) != value]
    again = organisation.state == State.REFUSED
    if not changed and not again:
        return []
    for name, value in wanted.items():
        setattr(organisation, name, value)
    organisation.sort_key = romanian_sort_key(organisation.name)
    organisation.search_text = words.search_text(organisation)
    _withdraw(check, now)
    _file(actor, organisation, values, now)
    if again:
        organisation.state, organisation.state_reason, organisation.state_since = State.WAITING, "", now
        timeline.add(KIND, organisation.id, "organisation.sent_again", now)
        changed.append("state")
    return changed


def _replace_check(
    actor: Actor, organisation: Organisation, check: OrganisationCheck | None, values: Values, now: datetime
) -> None:
    """Put other values before the city hall, or none when they are the verified ones again."""
    _withdraw(check, now)
    if _identity(values) == identity_of(organisation):
        timeline.add(KIND, organisation.id, "organisation.change_withdrawn", now)
        return
    _file(actor, organisation, values, now)
    if check is None:
        timeline.add(KIND, organisation.id, "organisation.change_filed", now)


def _withdraw(check: OrganisationCheck | None, now: datetime) -> None:
    if check is not None:
        check.outcome, check.decided_at = Outcome.WITHDRAWN, now
        db.session.flush()


def _file(actor: Actor, organisation: Organisation, values: Values, now: datetime) -> OrganisationCheck:
    deadline = give(DEADLINE, now)
    check = OrganisationCheck(
        organisation_id=organisation.id,
        **_identity(values),
        filed_at=now,
        filed_by_id=actor.id,
        due_at=deadline.due_at,
        deadline_id=deadline.version.id,
    )
    db.session.add(check)
    db.session.flush()
    return check


# --- the city hall --------------------------------------------------------------------------------------


def decide(
    actor: Actor, organisation_id: int, check_id: int, accept: bool, reason: str, now: datetime
) -> Organisation:
    """Verify the values that wait, or refuse them with a reason that the administrators read.

    `check_id` is what the decider was looking at. Raises NotAllowed, Invalid without a reason, Conflict when it
    was decided or replaced meanwhile, or when a verified organisation has the same tax code.
    """
    organisation = queries.lock_organisation(organisation_id)
    enforce(policy.can_decide(actor, queries.find_member(organisation.id, actor.id)))
    check = queries.find_open_check(organisation.id)
    if check is None or check.id != check_id:
        raise Conflict(_("This has been decided or changed meanwhile. Reload the page and look."))
    reason = clean_text(reason)[: rules.REASON_MOST]
    if not accept and not reason:
        raise Invalid(_("Write the reason: the organisation will read it."))
    first = organisation.verified_at is None
    check.decided_at, check.decided_by_id = now, actor.id
    if accept:
        check.outcome, reason = Outcome.VERIFIED, ""
        _accept(organisation, check, now)
        event = "organisation.verified" if first else "organisation.change_verified"
    else:
        check.outcome, check.reason = Outcome.REFUSED, reason
        if first:
            organisation.state, organisation.state_reason, organisation.state_since = (
                State.REFUSED,
                reason,
                now,
            )
        event = "organisation.refused" if first else "organisation.change_refused"
    telling.note(actor, organisation, event, reason, now, {"check": check.id})
    return organisation


def _accept(organisation: Organisation, check: OrganisationCheck, now: datetime) -> None:
    try:
        # Two that claim one tax code race past any look-up; the partial unique index keeps one.
        with db.session.begin_nested():
            for name, value in identity_of(check).items():
                setattr(organisation, name, value)
            organisation.sort_key = romanian_sort_key(organisation.name)
            organisation.search_text = words.search_text(organisation)
            organisation.changed_at = now
            organisation.version += 1
            if organisation.verified_at is None:
                organisation.verified_at = now
                organisation.state, organisation.state_reason, organisation.state_since = (
                    State.VERIFIED,
                    "",
                    now,
                )
            db.session.flush()
    except IntegrityError as error:
        if "uq_organisation_tax_code" not in str(error.orig):
            raise
        raise Conflict(_("Another verified organisation has this tax code.")) from error


def suspend(actor: Actor, organisation_id: int, reason: str, now: datetime) -> Organisation:
    """Stop a verified organisation from speaking, with a reason anyone may read."""
    return _turn(actor, organisation_id, State.VERIFIED, State.SUSPENDED, reason, now)


def restore(actor: Actor, organisation_id: int, reason: str, now: datetime) -> Organisation:
    """Let a suspended organisation speak again, with a reason anyone may read."""
    return _turn(actor, organisation_id, State.SUSPENDED, State.VERIFIED, reason, now)


def _turn(
    actor: Actor, organisation_id: int, begun: State, wanted: State, reason: str, now: datetime
) -> Organisation:
    organisation = queries.lock_organisation(organisation_id)
    enforce(policy.can_decide(actor, queries.find_member(organisation.id, actor.id)))
    reason = clean_text(reason)[: rules.REASON_MOST]
    if not reason:
        raise Invalid(_("Write the reason: anyone can read it."))
    if organisation.state != begun:
        raise Conflict(_("This has been decided or changed meanwhile. Reload the page and look."))
    organisation.state, organisation.state_since = wanted, now
    organisation.state_reason = reason if wanted == State.SUSPENDED else ""
    organisation.changed_at = now
    event = "organisation.suspended" if wanted == State.SUSPENDED else "organisation.restored"
    telling.note(actor, organisation, event, reason, now, {})
    return organisation


def resolve(ids: Iterable[int]) -> dict[int, links.Link]:
    """Public organisations as other features meet them."""
    from flask import url_for

    return {
        found.id: links.Link(
            KIND,
            found.id,
            found.name,
            url_for("organisations.show", organisation_id=found.id),
            _l("Organisation"),
        )
        for found in queries.list_by_ids(ids)
        if found.state in rules.PUBLIC
    }

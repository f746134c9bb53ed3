"""What other features ask: under whose name somebody may speak, how it is shown, what its word obliges to.

A feature that lets people speak for an organisation keeps the organisation's id beside the account's, offers
`names_to_choose(actor)` in its form, reads the choice with `chosen_organisation(actor, typed)`, which asks
`can_act_as`, and shows `cards(ids)` with the template `organisations/_card.html` beside what was said.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from flask import url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from civic import numbers
from civic.actor import Actor
from civic.organisations import policy, queries, rules
from civic.organisations.labels import LEGAL_FORMS
from civic.organisations.models import Organisation
from civic.organisations.rules import LegalForm, State, is_authority, is_legally_constituted, obliges_debate
from civic.policy import ALLOWED, Decision, enforce, refused

#: Organisations offered in one field.
MOST_TO_CHOOSE = 500

__all__ = (
    "Card", "acting_as", "can_act_as", "cards", "check_verified", "chosen_organisation", "is_authority", "is_legally_constituted", "names_to_choose",
    "obliges_debate", "verified_to_choose",
)  # fmt: skip


@dataclass(frozen=True)
class Card:
    """An organisation beside what was said in its name."""

    id: int
    name: str
    #: in the reader's language
    legal_form: str
    verified: bool
    suspended: bool
    #: the national minority it says it is of (a key of `labels.MINORITIES`), or empty
    minority: str
    #: its written request obliges to a public debate (Law 52/2003, art. 7(9))
    obliges_debate: bool
    #: its page; empty while it has none that anyone may open
    url: str


def acting_as(actor: Actor) -> Sequence[Organisation]:
    """The organisations the actor may speak for now: a member, verified, not suspended. One query."""
    return queries.list_spoken_for(actor.id) if actor.id is not None else ()


def can_act_as(actor: Actor, organisation_id: int) -> Decision:
    """Whether the actor may speak for this organisation now, with the sentence that says why not.

    Raises NotFound when there is no such organisation.
    """
    organisation = queries.get_organisation(organisation_id)
    return policy.can_speak(organisation, queries.find_member(organisation.id, actor.id))


def names_to_choose(actor: Actor) -> list[tuple[str, str]]:
    """Choices of a form's field "In whose name?": (empty, own name) and (id, name) of each organisation."""
    own = _("In my own name")
    return [("", own), *((str(one.id), one.name) for one in acting_as(actor))]


def verified_to_choose() -> list[tuple[str, str]]:
    """Choices for staff who enter what somebody said: (empty, own name) and (id, name) of verified organisations."""
    own = _("In their own name")
    return [("", own), *((str(row[0]), row[1]) for row in queries.list_verified_names(MOST_TO_CHOOSE))]


def check_verified(organisation_id: int) -> Decision:
    """Whether the city hall may enter somebody as speaking for this organisation. Raises NotFound."""
    if queries.get_organisation(organisation_id).state == State.VERIFIED:
        return ALLOWED
    return refused(_l("Only an organisation that the city hall has verified can be named as the speaker's."))


def chosen_organisation(actor: Actor, typed: object) -> int | None:
    """The organisation that the form's field names, None for one's own name.

    Raises NotAllowed with the sentence of `can_act_as`, NotFound for what is no organisation.
    """
    organisation_id = numbers.chosen_number(typed)
    if organisation_id is not None:
        enforce(can_act_as(actor, organisation_id))
    return organisation_id


def card_of(organisation: Organisation) -> Card:
    """The card of an organisation already loaded."""
    public = organisation.state in rules.PUBLIC
    return Card(
        id=organisation.id,
        name=organisation.name,
        legal_form=str(LEGAL_FORMS[LegalForm(organisation.legal_form)]),
        verified=organisation.state == State.VERIFIED,
        suspended=organisation.state == State.SUSPENDED,
        minority=organisation.minority or "",
        obliges_debate=obliges_debate(organisation),
        url=url_for("organisations.show", organisation_id=organisation.id) if public else "",
    )


def cards(ids: Iterable[int | None]) -> dict[int, Card]:
    """The cards of many organisations by id, in one query; None among the ids is left out."""
    wanted = {one for one in ids if one is not None}
    return {one.id: card_of(one) for one in queries.list_by_ids(wanted)} if wanted else {}

"""Suspensions in words."""

from flask_babel import lazy_gettext as _l

from civic.format import ngettext
from civic.moderation.suspensions.rules import LENGTHS, State, Why

STATES = {
    State.PROPOSED: _l("Proposed"),
    State.CONFIRMED: _l("Confirmed"),
    State.DECLINED: _l("Not confirmed"),
    State.WITHDRAWN: _l("Taken back"),
    State.LAPSED: _l("Lapsed"),
}

REFUSALS = {
    Why.OWN_ACCOUNT: _l("It is about you, so other people decide."),
    Why.OWN_PROPOSAL: _l("You proposed it: a second person has to decide."),
    Why.NOT_PROPOSER: _l("Only who proposed it can take it back."),
    Why.DECIDED: _l("This has been decided already."),
    Why.LAPSED: _l("Nobody confirmed it in time, so it has lapsed."),
    Why.RUNNING: _l("This person is suspended already."),
    Why.WAITING: _l("A suspension of this person waits for a second opinion already."),
    Why.NOT_RUNNING: _l("This suspension does not run any more."),
    Why.NO_GROUND: _l("A suspension rests on a text that was hidden, whose author is known."),
}


def length(days: int) -> str:
    """How long: "7 days"."""
    return ngettext("%(num)s day", "%(num)s days", days)


def length_choices() -> list[tuple[str, str]]:
    """The lengths to choose from."""
    return [(str(days), length(days)) for days in LENGTHS]

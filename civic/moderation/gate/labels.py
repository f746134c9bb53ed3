"""What the gate says: to who writes, to moderators, and on the page of its settings."""

from datetime import datetime
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from civic.format import moment, ngettext
from civic.moderation.gate.rules import A_DAY, APPROVED_ENOUGH, Mode, Trust, Why

MODES = {
    Mode.BEFORE: _l("Everything is read before it is published"),
    Mode.NEWCOMERS: _l("New people's texts are read before, the others' after"),
    Mode.AFTER: _l("Texts are published at once and read after"),
}

#: Why a text waits, as its author reads it.
WAITS = {
    Why.SPACE: _l("Here a moderator reads every text before it is published."),
    Why.NEWCOMER: _l("The first texts of an account are read before they are published."),
    Why.LINK: _l("It has a link, which we check before we publish it."),
    Why.DISGUISE: _l("It has letters of another alphabet inside its words, or signs nobody sees."),
    Why.COPY: _l("It says nearly the same as another text."),
    Why.BURST: _l("Many new accounts write at once from where you are."),
}

#: The same in a word or two, for moderators.
HELD = {
    Why.SPACE: _l("everything is read first here"),
    Why.NEWCOMER: _l("not yet known account"),
    Why.LINK: _l("link"),
    Why.DISGUISE: _l("disguised letters"),
    Why.COPY: _l("copy of another text"),
    Why.BURST: _l("many texts from one place"),
}


def checked_until(due_at: datetime | None, why: str = "") -> str:
    """That a moderator checks a text, until when, and why; for its author."""
    until = (
        _("A moderator checks it until %(moment)s.", moment=moment(due_at))
        if due_at is not None
        else _("A moderator is checking it.")
    )
    return f"{until} {WAITS[Why(why)]}" if why else until


def sent(due_at: datetime | None, why: str = "") -> str:
    """What somebody reads after sending a text that waits: why it waits, until when, and who sees it meanwhile."""
    return " ".join((_("Sent."), checked_until(due_at, why), _("Until it is published only you see it.")))


def not_yet(why: Why, until: datetime) -> str:
    """Why a text is not taken now, and when it will be."""
    again = _(
        "You can send it from %(moment)s on; what you wrote is kept on this page.", moment=moment(until)
    )
    if why == Why.GAP:
        first = _("New accounts wait a minute between texts.")
    elif why == Why.ACCOUNT:
        first = _("You have written as much in 24 hours as your account may.")
    elif why == Why.DEVICE:
        first = _("New accounts have written much today from this device.")
    else:
        first = _("New accounts have written much today from this network.")
    return f"{first} {again}"


def newcomers_note() -> str:
    """What a new account may do, in one sentence."""
    return ngettext(
        "In its first 24 hours an account writes at most %(num)s text.",
        "In its first 24 hours an account writes at most %(num)s texts.",
        A_DAY[Trust.NEW],
    )


def counts_note(until: datetime) -> str:
    """That somebody's votes and judgements are kept, and when they begin to count."""
    return _(
        "Your account is new. What you say is kept, and it is counted from %(moment)s on; sooner if the city verifies"
        " you or moderators publish %(texts)s texts of yours.",
        moment=moment(until),
        texts=APPROVED_ENOUGH,
    )


def held_name(why: str) -> Any:
    """Why a text came to the moderators, in a word or two."""
    return HELD[Why(why)] if why else ""

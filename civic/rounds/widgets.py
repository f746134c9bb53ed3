"""A round in a frame of another site."""

from datetime import datetime

from flask_babel import gettext as _

from civic.embeds import Widget
from civic.notifications.compose import address_of
from civic.rounds import queries, words


def make(key: str, now: datetime) -> Widget:
    """What a frame shows of a published round, by its short name: its phases and until when they run."""
    round_ = queries.get_round(key)
    strip = words.phase_strip(round_, now)
    running = [phase["name"] for phase in strip if phase["state"] == "now"]
    return Widget(
        title=round_.name,
        url=address_of("rounds.show", slug=round_.slug),
        label=_("Edition"),
        facts=tuple((phase["name"], phase["text"]) for phase in strip),
        notes=(_("Now: %(phases)s.", phases=", ".join(running)) if running else "",),
    )

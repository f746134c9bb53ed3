"""The words in a key's file, for whoever finds it years later: whose it is, what it opens, how it is kept."""

from datetime import datetime

from flask_babel import gettext as _

from civic.format import moment
from civic.notifications import compose
from civic.rounds.models import Round
from voting.custody.models import CustodyKey
from voting.custody.wrapping import RECOVERY


def file_name(round_: Round, place: int) -> str:
    """What the downloaded file is called."""
    return (
        f"copia-de-recuperare-{round_.slug}.txt"
        if place == RECOVERY
        else f"cheia-urnei-{round_.slug}-{place}.txt"
    )


def file_words(round_: Round, key: CustodyKey, now: datetime) -> list[str]:
    """The lines above the key, in the language of whoever downloads it."""
    made = [
        _("Vote: %(round)s", round=round_.name),
        _("Made on: %(moment)s", moment=moment(now)),
    ]  # fmt: skip
    if key.place == RECOVERY:
        return [
            _("RECOVERY COPY FOR THE CITY'S SAFE"), "", *made, "",
            _("What it is: it takes the place of one holder of the ballot box's key who cannot come."),
            _("Alone it opens nothing: the key of one of the holders is needed too."), "",
            _("How it is kept:"),
            _("1. Print this page. Fold it so that nothing can be read through the paper."),
            _("2. Read it back on the page where you made it, then delete the file everywhere."),
            _("3. Put it into an envelope; two people seal and sign it; it goes into the safe, with minutes."),
            _("4. It is opened only when two holders cannot come, with minutes that say why."), "",
            _("Do not change the lines below: the program reads them."),
        ]  # fmt: skip
    return [
        _("KEY OF THE BALLOT BOX"), "", *made,
        _("Holder: %(name)s, %(title)s", name=key.name, title=key.title), "",
        _("What it is: after the vote, any two of the three holders open the box. Alone it opens nothing."), "",
        _("How you keep it:"),
        _("1. Keep it in two places, such as a memory stick and a printed page, both under lock."),
        _("2. Send it to nobody, not by mail either, and not to the city hall."),
        _("3. You present it on one page only, signed in: %(page)s",
          page=compose.address_of("custody.show", round_id=round_.id)),
        _("4. Lost or seen by somebody before voting opens? Make another on that page. Later, tell the city hall."),
        _("5. After the results you are told when to delete it."), "",
        _("Do not change the lines below: the program reads them."),
    ]  # fmt: skip

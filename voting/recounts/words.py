"""What a recount came to, in the reader's language."""

from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from civic.format import language
from voting import verify
from voting.recounts.models import ContestRecount
from voting.recounts.rules import UNWRITTEN, What

NAMES = {
    What.WINNERS: _l("Winners"),
    What.SPENT: _l("Money spent"),
    What.BALLOTS: _l("Ballots"),
    What.PROJECT: _l("Votes, score and standing"),
    What.PLAN: _l("Fingerprint of the frozen plan"),
    What.LEAVES: _l("Root of the leaves"),
    What.TEXTS: _l("Ballots whose text does not match their leaf"),
    What.OPENED: _l("Ballots opened"),
    What.VOTES: _l("Fingerprint of the ballots"),
    What.INPUT: _l("Fingerprint of what was counted"),
    What.RECORD: _l("Fingerprint of the outcome"),
    What.MINUTES: _l("Fingerprint of a step of the minutes"),
}


def told(recount: ContestRecount) -> dict[str, Any]:
    """What a page shows of a finished recount: sentences, differences in words, lines of the second program."""
    data, lines = recount.data, verify.Report(language()).words
    second = data.get("second")
    said = [
        lines[name].format(*values) for name, values in (second["said"] if second else []) if name in lines
    ]
    return {
        "recount": recount,
        "differences": [
            (NAMES[What(what)], where, published or "–", found or "–")
            for what, where, published, found in data.get("differences", [])
        ],
        "second": _second(second),
        "said": said,
    }


def _second(second: dict[str, Any] | None) -> str:
    """What the second program came to, in one sentence."""
    if second is None:
        return _("The second program could not be used: there is no signed publication of this vote.")
    if any(name == UNWRITTEN for name, _values in second["said"]):
        return _(
            "The second program has nothing to read: what is stored can no longer be written as a publication."
        )
    if second["wrong"]:
        return _("The second program, which shares no code with the first, finds that something is wrong.")
    if any(name == "rule" for name, _values in second["said"]):
        return _(
            "The second program, which shares no code with the first, found ballots, figures and hashes the same; it "
            "does not count by this rule."
        )
    return _(
        "The second program, which shares no code with the first, verified the whole publication and came to the same "
        "outcome."
    )

"""What open ballots of questions say on the home page."""

from typing import Any

from civic import clock
from civic.navigation import Panel
from civic.rounds import words
from voting import round_queries
from voting.policy import voting_phase


def home_now(context: dict[str, Any]) -> Panel | None:
    """The ballots of questions that are open, whom they ask, until when; without the one the page is about."""
    now, shown = context.get("now") or clock.now(), context.get("round")
    lines = [
        {"round": round_, "phase": voting_phase(round_), "audience": words.audience_phrase(round_)}
        for round_ in round_queries.list_voting_rounds(now)
        if round_.asks and (shown is None or round_.id != shown.id)
    ]
    return Panel("voting/questions/_home_panel.html", {"lines": lines}, position=5) if lines else None

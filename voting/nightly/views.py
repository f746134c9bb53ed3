"""What everybody sees of a vote's nights: its checkpoints, its witnesses, and whether a held checkpoint is the same."""

from typing import Any

from flask import Blueprint, Response, current_app, render_template
from flask_babel import gettext as _

from civic.errors import NotFound
from civic.navigation import Panel
from civic.policy import public
from civic.rounds.models import Round
from civic.unit_of_work import writes_itself
from voting import checkpoints as signing
from voting import round_queries
from voting.nightly import queries
from voting.nightly.forms import HeldNoteForm
from voting.nightly.held_notes import Verdict, compare
from voting.nightly.turnout_page import turnout_so_far

blueprint = Blueprint("nightly", __name__, url_prefix="/rounds/<slug>/checkpoints")


@blueprint.route("", methods=["GET", "POST"])
@public
@writes_itself
def checkpoints(slug: str) -> Any:
    """The checkpoints of a round, who else holds them, and the comparison with one that the reader holds."""
    round_ = round_queries.get_public_round(slug)
    notes = _notes(round_)
    form, verdict, size = HeldNoteForm(), None, None
    valid = form.validate_on_submit()
    if valid:
        settings = current_app.config["SETTINGS"]
        origin = signing.origin_of(settings, round_.slug)
        pem = signing.public_pem(settings)
        verdict, size = compare(
            form.note.data or "", origin, {number: text for number, text, _night in notes}, pem
        )
        if verdict is Verdict.UNREADABLE:
            form.note.errors = [
                _("No checkpoint can be read here: paste it from its first line to the end of its signature.")
            ]
            valid = False
    page = render_template(
        "voting/nightly/checkpoints.html", round=round_, notes=notes, form=form, size=size,
        verdict=verdict.value if verdict and valid else None, witnesses=queries.list_witnesses(round_.id),
    )  # fmt: skip
    return page, 422 if form.is_submitted() and not valid else 200


@blueprint.get("/<int:size>.txt")
@public
def note(slug: str, size: int) -> Response:
    """One checkpoint as it was signed."""
    round_ = round_queries.get_public_round(slug)
    found = next((text for number, text, _night in _notes(round_) if number == size), None)
    if found is None:
        raise NotFound
    return Response(found, content_type="text/plain; charset=utf-8")


def _notes(round_: Round) -> list[tuple[int, str, Any]]:
    """The checkpoints that are public: those of the nights, and with the results that of the close.

    (size, signed note, night or None), the newest first.
    """
    nights = {night.size: night.night for night in queries.list_nights(round_.id) if night.size is not None}
    public_now = round_.results_at is not None
    return [
        (size, text, nights.get(size))
        for size, text in queries.list_notes(round_.id)
        if public_now or size in nights
    ]


def round_panel(context: dict[str, Any]) -> Panel | None:
    """On the round's page: how many have voted up to its last night, while the results are not public, and who watches."""
    round_: Round = context["round"]
    witnesses = queries.list_witnesses(round_.id)
    begun = any(phase.kind == "voting" and phase.starts_at <= context["now"] for phase in round_.phases)
    night = queries.find_last_night(round_.id) if begun else None
    if night is None and not witnesses:
        return None
    figures = night.figures if night is not None and round_.results_at is None else {}
    values = {"round": round_, "witnesses": witnesses, "turnout": turnout_so_far(figures)}
    return Panel("voting/nightly/_round_panel.html", values, position=25)

"""The results: tables with reasons, turnout, files, and the search for one's own code. Nothing before publication."""

import hashlib
import io
import logging
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from flask import Response, current_app, g, render_template, request
from flask_babel import gettext as _

from civic import clock, numbers, timeline
from civic.errors import NotFound
from civic.files.storage import MissingFile, get_storage
from civic.files.views import pour
from civic.policy import public
from civic.rounds import words
from civic.rounds.models import Round
from civic.unit_of_work import writes_itself
from voting import (
    archives,
    checkpoints,
    contests,
    money_road,
    publication,
    result_queries,
    results_page,
    round_figures,
    round_queries,
)
from voting.ballot_text import code_prefix, normalise_code, tracking_code
from voting.ceremony.rules import BOX_KEY
from voting.models import CeremonyStep, RoundResult
from voting.plan import FrozenRound
from voting.policy import Gate, vote_gate
from voting.questions import results as answers
from voting.recounts import queries as recounts
from voting.recounts import words as recount_words
from voting.sampling import service as sampling
from voting.views_ballot import blueprint, strip_of

logger = logging.getLogger(__name__)


@blueprint.get("/rounds/<slug>/results")
@public
def results(slug: str) -> Any:
    """The outcome with a reason for every project; before publication, when it will come and nothing else."""
    round_ = round_queries.get_public_round(slug)
    now = clock.now()
    if round_.results_at is None:
        gate = vote_gate(round_, round_queries.plan_of(round_), now)
        return render_template(
            "voting/no_results.html", round=round_, gate=gate, ended=gate.gate is Gate.ENDED,
            strip=strip_of(round_, now),
        )  # fmt: skip
    plan, result = results_page.published(round_)
    if plan.asks:
        return _answers(round_, plan, result, now)
    every_pot = results_page.pot_results(round_, plan, result)
    areas = results_page.areas_of(every_pot)
    chosen = numbers.whole_number(request.args.get("area"))
    area = next((one for one in areas if one[0] == chosen), None)
    turnout = results_page.turnout(round_.id, result) if round_.kind == "city" else None
    return render_template(
        "voting/results.html",
        **_of_every_vote(round_, plan, result, now),
        tiles=results_page.tiles(round_, plan, result),
        pots=results_page.only_area(every_pot, area[0] if area else None),
        every_pot=every_pot,
        areas=areas,
        area=area,
        own_area=next((one for one in areas if one[0] == g.actor.neighbourhood_id), None),
        turnout=turnout,
        sample=sampling.find_figures(round_.id),
        charts=round_figures.charts_of(result, every_pot, plan.currency, turnout),
        road=None if area else money_road.road_of(every_pot, plan.currency),
        rule=results_page.rule_words(round_, result),
        next_steps=results_page.next_steps(round_),
    )


def _of_every_vote(round_: Round, plan: FrozenRound, result: RoundResult, now: datetime) -> dict[str, Any]:
    """What the results of projects and of questions both show."""
    steps = result_queries.list_steps(round_.id)
    filed = contests.list_contests(round_.id) if round_.kind == "city" else []
    recounted = recounts.answers_by_contest(round_.id) if filed else {}
    return {
        "round": round_,
        "plan": plan,
        "result": result,
        "steps": steps,
        "events": timeline.list_events("round", round_.id),
        "contests": filed,
        "recounted": {
            number: [recount_words.told(one) for one in answers] for number, answers in recounted.items()
        },
        "identity_complaints": next(
            (one.details.get("complaints") for one in steps if one.step == "closed"), None
        ),
        "contest_outcomes": contests.OUTCOMES,
        "may_contest": contests.can_contest(round_, now),
        "voided": _voided(steps),
        "paper": next((step.details.get("paper") for step in steps if step.step == "copied"), None),
        "rejected": _rejected(steps),
        "box_openers": _box_openers(steps),
        "archive": archives.find_archive(round_.id),
        "now": now,
    }


def _answers(round_: Round, plan: FrozenRound, result: RoundResult, now: datetime) -> str:
    """What residents answered, question by question."""
    turnout = results_page.turnout(round_.id, result)
    return render_template(
        "voting/questions/results.html",
        **_of_every_vote(round_, plan, result, now),
        **answers.context(round_, plan, result, turnout["voted"], turnout["roll"]),
        turnout=turnout,
        audience=words.audience_phrase(round_),
        advisory=words.advisory_note(),
        rule=answers.rule_words(),
        next_steps=answers.next_steps(round_),
    )


def _voided(steps: Sequence[CeremonyStep]) -> int:
    """How many ballots two people voided during validation."""
    step = next((one for one in steps if one.step == "participation"), None)
    return int(step.details.get("voided", 0)) if step else 0


def _rejected(steps: Sequence[CeremonyStep]) -> list[dict[str, str]]:
    """Ballots that did not open or did not match their leaf: listed, never dropped."""
    step = next((one for one in steps if one.step == "opened"), None)
    return list(step.details.get("rejected", [])) if step else []


def _box_openers(steps: Sequence[CeremonyStep]) -> list[str]:
    """Whose two keys opened the box; empty where the server kept the key."""
    step = next((one for one in steps if one.step == BOX_KEY), None)
    return [
        _("the recovery copy from the safe") if one.get("recovery") else f"{one['name']} ({one['title']})"
        for one in (step.details["presented"] if step else ())
    ]


@blueprint.route("/rounds/<slug>/results/code", methods=["GET", "POST"])
@public
@writes_itself
def find_code(slug: str) -> Any:
    """Whether a code is in the published list. The code travels in the form, never in an address."""
    round_ = round_queries.get_public_round(slug)
    results_page.published(round_)
    typed = request.form.get("code", "").strip()[:80] if request.method == "POST" else ""
    code = normalise_code(typed) if typed else None
    found: str | None = None
    error = None
    if request.method == "POST" and code is None:
        error = _("A code has 20 letters and digits, five groups of four, as on the receipt.")
    elif code is not None:
        found = next(
            (
                kind
                for leaf, kind in result_queries.leaves_like(round_.id, code_prefix(code))
                if tracking_code(leaf) == code
            ),
            "missing",
        )
    page = render_template(
        "voting/find_code.html", round=round_, typed=typed, code=code, found=found, error=error
    )
    return page, 422 if error else 200


@blueprint.get("/rounds/<slug>/results/codes.txt")
@public
def codes(slug: str) -> Response:
    """The whole list of codes and leaves, sorted, apart from the choices."""
    round_ = round_queries.get_public_round(slug)
    results_page.published(round_)
    body = "".join(publication.code_lines(round_.id))
    return _file(body, "text/plain", f"{slug}-codes.txt")


@blueprint.get("/rounds/<slug>/results/<int:pot_id>.pb")
@public
def pabulib(slug: str, pot_id: int) -> Response:
    """One pot's ballots and outcome in the format of the field."""
    round_ = round_queries.get_public_round(slug)
    plan, result = results_page.published(round_)
    if answers.is_withheld(plan, result):
        raise NotFound
    if pot_id not in plan.counted_pots or not plan.counted_projects(pot_id):
        raise NotFound
    buffer = io.StringIO(newline="")
    publication.write_pot(buffer, round_, plan, pot_id, current_app.config["SETTINGS"].city)
    return _file(buffer.getvalue(), "text/plain", f"{slug}-{pot_id}.pb")


@blueprint.get("/rounds/<slug>/results.csv")
@public
def outcome_csv(slug: str) -> Response:
    """The outcome as a table for a spreadsheet."""
    round_ = round_queries.get_public_round(slug)
    plan, result = results_page.published(round_)
    if answers.is_withheld(plan, result):
        raise NotFound
    if plan.asks:
        counts = answers.counts_csv(answers.question_counts(round_, plan, result))
        return _file("\ufeff" + counts, "text/csv", f"{slug}-results.csv")
    return _file("\ufeff" + publication.outcome_csv(round_, plan), "text/csv", f"{slug}-results.csv")


@blueprint.get("/rounds/<slug>/plan.json")
@public
def frozen_plan(slug: str) -> Response:
    """The frozen plan in its canonical form: its SHA-256 is the fingerprint."""
    from voting.plan import canonical

    round_ = round_queries.get_public_round(slug)
    if round_.frozen is None:
        raise NotFound
    return _file(canonical(round_.frozen), "application/json", f"{slug}-plan.json")


@blueprint.get("/rounds/<slug>/results/publication.zip")
@public
def publication_zip(slug: str) -> Response:
    """The whole publication with the program that verifies it, as the worker packed it."""
    round_ = round_queries.get_public_round(slug)
    results_page.published(round_)
    archive = archives.find_archive(round_.id)
    if archive is None:
        raise NotFound
    if archive.sha256 in request.if_none_match:
        response = Response(status=304)
    else:
        try:
            source = get_storage().open(archive.key)
        except MissingFile as error:
            logger.error("the packed publication of round %d is gone", round_.id)
            raise NotFound from error
        response = Response(pour(source), mimetype="application/zip", direct_passthrough=True)
        response.call_on_close(source.close)
        response.content_length = archive.size
    response.set_etag(archive.sha256)
    response.headers["Content-Disposition"] = f'attachment; filename="{slug}-publication.zip"'
    return response


@blueprint.get("/rounds/<slug>/checkpoint")
@public
def checkpoint(slug: str) -> Response:
    """The signed note of the close: how many leaves there are and the root over them."""
    round_ = round_queries.get_public_round(slug)
    results_page.published(round_)
    note = result_queries.find_checkpoint(round_.id)
    if note is None:
        raise NotFound
    return Response(note, content_type="text/plain; charset=utf-8")


@blueprint.get("/log-key")
@public
def log_key() -> Response:
    """The public key that checkpoints are signed with now, as PEM, and its fingerprint as verify.py prints it."""
    settings = current_app.config["SETTINGS"]
    fingerprint = hashlib.sha256(checkpoints.public_der(settings)).hexdigest()
    return Response(
        f"{checkpoints.public_pem(settings)}SHA-256: {fingerprint}\n",
        content_type="text/plain; charset=utf-8",
    )


def _file(body: str, media_type: str, name: str) -> Response:
    response = Response(body.encode(), content_type=f"{media_type}; charset=utf-8")
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response

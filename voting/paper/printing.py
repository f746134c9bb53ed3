"""Printing sheets: which kinds there are, a run of numbers, and the files the worker makes of it.

Sheets stand in the files in an order drawn for the purpose and kept nowhere, so that a pile in the order of printing
does not say which number the next person is given. Titles are data of the typesetter and never markup.
"""

import json
import secrets
import tempfile
import zipfile
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from io import BytesIO
from typing import Any

import segno
from flask import current_app
from flask_babel import force_locale
from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from civic import audit, tasks
from civic.actor import Actor
from civic.config import Settings
from civic.errors import Conflict, Invalid
from civic.extensions import db
from civic.files.storage import get_storage
from civic.format import money, ngettext
from civic.policy import enforce
from civic.rounds.models import Round
from civic.unit_of_work import unit_of_work
from voting import round_queries, rules
from voting.models import RollEntry
from voting.paper import policy, queries
from voting.paper.models import PaperRun
from voting.paper.rules import MOST_SHEETS, numbers_of
from voting.paper.typeset import pdf_apart
from voting.plan import FrozenRound, PlannedGroup
from voting.rules import VoterLine

TASK = "paper.print"
#: How the keys of stored files begin.
STORED_UNDER = "paper/"
#: Sheets in one file.
PER_FILE = 50


@dataclass(frozen=True)
class SheetKind:
    """Sheets that offer the same projects: those a part of the residents may vote on."""

    label: str
    codes: tuple[str, ...]

    @property
    def key(self) -> str:
        """A name for forms."""
        return sha256("\n".join(self.codes).encode()).hexdigest()[:16]


def codes_for(plan: FrozenRound, voter: VoterLine) -> tuple[str, ...]:
    """The projects on the sheet of such a voter, by code."""
    return tuple(
        code for code in sorted(plan.projects) if rules.may_choose(plan, voter, plan.projects[code]) is None
    )


def list_kinds(plan: FrozenRound) -> list[SheetKind]:
    """The kinds of sheets the people on the roll need, the largest first."""
    rows = db.session.execute(
        select(RollEntry.area_id, RollEntry.pots).where(RollEntry.round_id == plan.round_id).distinct()
    )
    every = {codes_for(plan, VoterLine(area, frozenset(pots))) for area, pots in rows} - {()}
    return [
        SheetKind(_label(plan, codes), codes) for codes in sorted(every, key=lambda one: (-len(one), one))
    ]


def _label(plan: FrozenRound, codes: Iterable[str]) -> str:
    pots = {plan.projects[code].pot for code in codes}
    groups = {plan.projects[code].group for code in codes}
    return " + ".join(
        [pot.name for pot in plan.pots.values() if pot.id in pots]
        if len(plan.pots) > 1
        else [group.name for group in plan.groups.values() if group.id in groups]
    )


def order_run(
    actor: Actor, round_: Round, plan: FrozenRound, kind: SheetKind, count: int, language: str, now: datetime
) -> PaperRun:
    """Take the next numbers and let the worker print them. Flushes.

    Raises NotAllowed, Invalid for a number of sheets that is none, Conflict when somebody took the numbers meanwhile.
    """
    enforce(policy.can_prepare(actor, round_, plan))
    if not 1 <= count <= MOST_SHEETS:
        raise Invalid(_("Print from 1 to %(most)s sheets at a time.", most=MOST_SHEETS))
    assert actor.id is not None
    first = queries.next_serial(round_.id)
    run = PaperRun(
        round_id=round_.id,
        first_serial=first,
        last_serial=first + count - 1,
        language=language,
        label=kind.label,
        codes=list(kind.codes),
        made_by_id=actor.id,
        made_at=now,
    )
    try:
        with db.session.begin_nested():
            db.session.add(run)
    except IntegrityError as error:
        raise Conflict(_("Somebody ordered sheets at the same moment. Press again.")) from error
    audit.record(
        actor, "paper.sheets_ordered", "round", round_.id, now,
        {"run": run.id, "first": run.first_serial, "last": run.last_serial},
    )  # fmt: skip
    tasks.enqueue(actor, TASK, {"run": run.id}, now)
    return run


# --- what stands on a sheet -------------------------------------------------------------------------------


def _how(group: PlannedGroup, currency: str) -> str:
    """How one part is filled in, for somebody with a pen."""
    if group.kind == "points":
        words = ngettext(
            "Share %(num)s point: write in the box how many you give.",
            "Share at most %(num)s points: write in each box how many you give.",
            group.points_total or 0,
        )
        if group.points_each is not None:
            words += " " + ngettext(
                "At most %(num)s point a project.", "At most %(num)s points a project.", group.points_each
            )
        return words
    most = 1 if group.kind == "choose_one" else group.max_choices
    words = (
        _("Mark with an X as many projects as you want.")
        if most is None
        else ngettext("Mark one project with an X.", "Mark with an X at most %(num)s projects.", most)
    )
    if group.max_cost is not None:
        words += " " + _("Together they cost at most %(amount)s.", amount=money(group.max_cost, currency))
    if group.min_choices > 1:
        words += " " + ngettext(
            "Mark at least %(num)s project, or none.",
            "Mark at least %(num)s projects, or none.",
            group.min_choices,
        )
    return words


def sheet_data(plan: FrozenRound, run: PaperRun, title: str, city: str, serials: Sequence[int]) -> str:
    """What the typesetter is given, as JSON, in the run's language."""
    numbers, offered = numbers_of(plan), set(run.codes)
    with force_locale(run.language):
        parts = [
            {
                "name": group.name,
                "how": _how(group, plan.currency),
                "points": group.kind == "points",
                "mark": _("Points") if group.kind == "points" else _("Put an X"),
                "projects": [
                    {
                        "number": numbers[project.code],
                        "title": project.title,
                        "cost": money(project.cost, plan.currency),
                    }
                    for project in sorted(plan.projects_of(group.id), key=lambda one: one.code)
                    if project.code in offered
                ],
            }
            for group in plan.groups.values()
            if any(plan.projects[code].group == group.id for code in offered)
        ]
        data: dict[str, Any] = {
            "language": run.language,
            "city": city,
            "title": _("Ballot: %(round)s", round=title),
            "words": {
                "number": _("No."),
                "project": _("Project"),
                "cost": _("Cost"),
                "sheet": _("Sheet no."),
                "page": _("page of the sheet"),
                "qr": _("QR code with the number of the sheet"),
            },
            "parts": parts,
            "rules": [
                _(
                    "Vote alone. Do not write your name, do not sign: a sheet that says whose it is does not count."
                ),
                _("The number counts the sheets. Nobody notes to whom a sheet was given."),
                _("Put the sheet into the urn where you got it. If you make a mistake, ask for another one."),
                _("With this sheet you cannot vote online, unless you bring it back unused."),
            ],
            "sheets": [{"shown": str(serial), "qr": _qr(serial)} for serial in serials],
        }
    return json.dumps(data)


def _qr(serial: int) -> str:
    made = BytesIO()
    segno.make(str(serial), error="m", micro=False).save(made, kind="svg", xmldecl=False, border=2)
    return made.getvalue().decode()


def print_run(params: dict[str, Any], progress: Callable[[int, int], None]) -> dict[str, Any]:
    """The worker's task: set the sheets file by file and store them as one .zip. Done again, it is done once; once the vote is
    closed, not at all."""
    run = db.session.get_one(PaperRun, params["run"])
    round_ = db.session.get_one(Round, run.round_id)
    if run.key is not None or round_.closed_at is not None:
        return {"round": run.round_id}
    plan, settings = round_queries.plan_of(round_), _settings()
    assert plan is not None
    run_id, round_id, name, slug = run.id, run.round_id, round_.name, round_.slug
    serials = list(range(run.first_serial, run.last_serial + 1))
    secrets.SystemRandom().shuffle(serials)
    db.session.expunge(run)
    db.session.rollback()
    with tempfile.TemporaryFile(dir=settings.data_dir) as handle:
        with zipfile.ZipFile(handle, "w") as archive:
            for at, start in enumerate(range(0, len(serials), PER_FILE), start=1):
                data = sheet_data(plan, run, name, settings.city.name, serials[start : start + PER_FILE])
                archive.writestr(f"{slug}-{run.first_serial}-{run.last_serial}-{at:03}.pdf", pdf_apart(data))
                progress(min(start + PER_FILE, len(serials)), len(serials))
        size = handle.tell()
        handle.seek(0)
        key = f"{STORED_UNDER}{run_id}-{secrets.token_hex(8)}"
        get_storage().put(key, handle)
    with unit_of_work():
        stored = db.session.get_one(PaperRun, run_id)
        stored.key, stored.size = key, size
    return {"round": round_id}


def _settings() -> Settings:
    settings: Settings = current_app.config["SETTINGS"]
    return settings


#: The languages a run can be in, each by its own name.
LANGUAGES = (("ro", "Română"), ("en", "English"))

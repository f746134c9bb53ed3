"""Putting very many texts under a theme: the worker's, some thousand at a time, taken up again where it stopped."""

from collections.abc import Callable
from dataclasses import asdict
from datetime import datetime
from typing import Any

from flask_babel import gettext as _

from civic import audit, clock, tasks
from civic.accounts.queries import find_account
from civic.actor import SYSTEM, Actor
from civic.errors import Conflict
from civic.extensions import db
from civic.policy import enforce
from civic.unit_of_work import unit_of_work
from consultations.contributions import answering, policy
from consultations.contributions import queries as register
from consultations.contributions.rules import AnswerState
from consultations.texts import queries, service
from consultations.texts.models import SurveyText
from consultations.texts.queries import Filters

#: More than so many are put by the worker: whoever asked should not wait for the page.
AT_ONCE = 5_000
#: Texts looked at in one transaction.
BATCH = 5_000


def ask(
    actor: Actor, consultation_id: int, theme_id: int | None, found: Filters, total: int, now: datetime
) -> tasks.Task:
    """Ask the worker to put everything a list found under a theme or under none; the same asked twice is one work.

    Raises Conflict for a proposed group while the groups are made anew.
    """
    one = register.lock_consultation(consultation_id)
    enforce(policy.can_answer(actor, one))
    service.lock_answer(consultation_id, theme_id)
    comparison = queries.find_comparison(consultation_id)
    if found.likeness is not None and comparison is not None and comparison.waits:
        raise Conflict(_("The groups are being made anew. Look at them when this is done."))
    wanted = {"consultation": consultation_id, "theme": theme_id, "found": asdict(found), "account": actor.id}
    last = queries.find_putting(consultation_id)
    if last is not None and {name: last.params.get(name) for name in wanted} == wanted:
        return last
    task = tasks.enqueue(actor, queries.PUT, {**wanted, "total": total}, now)
    # Its handler keeps how far it came in its own row, in the transaction of each step.
    task.params = {**task.params, "task": task.id}
    details = {"theme": theme_id, "texts": total, **service.about(found)}
    audit.record(actor, "questionnaire.texts_grouping", "consultation", consultation_id, now, details)
    return task


def put(params: dict[str, Any], progress: Callable[[int, int], None]) -> dict[str, Any]:
    """The task: move the texts in the order of their keys. Begun again, it goes on after the last step."""
    consultation_id, theme_id = int(params["consultation"]), params["theme"]
    found, total = Filters(**params["found"]), int(params["total"])
    while True:
        with unit_of_work():
            # A worker taken for dead may still be at it: they go one after the other.
            register.lock_consultation(consultation_id)
            task = tasks.get_task(int(params["task"]))
            db.session.refresh(task)
            if task.result.get("finished"):
                return task.result
            before = {"after": "", "seen": 0, "moved": 0, "stayed": 0, **task.result}
            answer = service.lock_answer(consultation_id, theme_id)
            keys = queries.list_keys(consultation_id, found, before["after"], BATCH)
            done = service.move(consultation_id, theme_id, [SurveyText.key.in_(keys)])
            so_far = {
                "after": keys[-1] if keys else before["after"],
                "seen": before["seen"] + len(keys),
                "moved": before["moved"] + done.moved,
                "stayed": before["stayed"] + done.stayed,
                "finished": len(keys) < BATCH,
            }
            task.result = so_far
            if so_far["finished"]:
                _finish(params, so_far["moved"])
                if answer is not None and answer.state == AnswerState.PUBLISHED:
                    answering.tell(_actor(params), answer, clock.now())
        progress(min(so_far["seen"], total), total)
        if so_far["finished"]:
            return so_far


def _actor(params: dict[str, Any]) -> Actor:
    account = find_account(params["account"]) if params["account"] is not None else None
    return account.as_actor() if account is not None else SYSTEM


def _finish(params: dict[str, Any], moved: int) -> None:
    """Written once more at the end, with the number that was really moved."""
    details = {"theme": params["theme"], "texts": moved, **service.about(Filters(**params["found"]))}
    audit.record(
        _actor(params),
        "questionnaire.texts_grouped",
        "consultation",
        int(params["consultation"]),
        clock.now(),
        details,
    )

"""Where the work begins, the progress of long work, and the audit record."""

import re
from typing import Any

from flask import Blueprint, current_app, g, render_template, request, url_for
from flask_babel import gettext as _

from civic import numbers, tasks
from civic.accounts.queries import names_of
from civic.errors import NotAllowed
from civic.navigation import panels
from civic.policy import Action, may, requires
from civic.security import is_fragment
from civic.staff import queries
from civic.tasks import Task

blueprint = Blueprint("staff", __name__, url_prefix="/staff")

_SUBJECT = re.compile(r"([a-z_]{1,40}) ?[#/ ]?([0-9]{1,9})")


@blueprint.get("")
@requires(Action.VIEW_STAFF_AREA)
def home() -> str:
    """The queues and clocks that the features offer to this person's roles."""
    return render_template(
        "staff/home.html", panels=panels(current_app, "staff.home", {"actor": g.actor}), actor=g.actor
    )


def _task_context(task: Task) -> dict[str, Any]:
    title, result = current_app.extensions.get("civic_task_titles", {}).get(task.kind, (None, None))
    link = result(task) if result is not None and task.state == "done" else None
    return {
        "task": task,
        "title": title or _("Work in the background"),
        "url": url_for("staff.task", task_id=task.id),
        "result_label": link[0] if link else None,
        "result_url": link[1] if link else None,
        "message": link[2] if link and len(link) > 2 else task.message,
    }


@blueprint.get("/tasks/<int:task_id>")
@requires(Action.VIEW_STAFF_AREA)
def task(task_id: int) -> str:
    """How far a piece of long work has come: the page, or only the part that htmx asks for again and again."""
    found = tasks.get_task(task_id)
    if found.account_id not in (None, g.actor.id) and not may(g.actor, Action.VIEW_AUDIT):
        raise NotAllowed(_("Only the person who asked for this work sees how far it has come."))
    template = "staff/_task.html" if is_fragment() else "staff/task.html"
    return render_template(template, **_task_context(found))


@blueprint.get("/audit")
@requires(Action.VIEW_AUDIT)
def audit() -> str:
    """Who did what, when: numbers and codes only."""
    event = request.args.get("event", "").strip()[:80]
    account_id = numbers.whole_number(request.args.get("account"))
    raw_subject = request.args.get("subject", "").strip().lower()[:60]
    match = _SUBJECT.fullmatch(raw_subject)
    subject = (match[1], int(match[2])) if match else None
    found = queries.list_audit(event, account_id, subject, numbers.whole_number(request.args.get("before")))
    return render_template(
        "staff/audit.html",
        found=found,
        kinds=queries.list_event_kinds(),
        names=names_of(record.account_id for record in found.records if record.account_id is not None),
        event=event,
        account_id=account_id,
        subject=raw_subject,
        subject_unclear=bool(raw_subject) and match is None,
    )

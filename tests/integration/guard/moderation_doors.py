"""Doors of the moderators' desk."""

from tests.integration.guard.door import CASES, MODERATOR, Door, at, fixed

CASE, WAITING, DECIDED = "/staff/moderation/<int:case_id>", at(case_id="case"), at(case_id="decided_case")
TOGETHER, STROKE = "/staff/moderation/together/<batch>", at(batch="=stroke")

MODERATION = (
    Door("GET", CASE, "a case", WAITING, CASES),
    Door("POST", CASE, "a case", WAITING, MODERATOR, fixed(decision="publish", reason="other")),
    Door("POST", f"{CASE}/claim", "a case", WAITING, MODERATOR),
    Door("POST", f"{CASE}/release", "a case", WAITING, MODERATOR),
    Door("POST", f"{CASE}/undo", "a case", DECIDED, MODERATOR, fixed(reason="Am greșit.")),
    Door("GET", f"{CASE}/redact", "a case", WAITING, MODERATOR),
    Door(
        "POST", f"{CASE}/redact", "a case", WAITING, MODERATOR, fixed(part_title="[date personale eliminate]")
    ),
    Door("GET", TOGETHER, "cases decided together", STROKE, CASES),
    Door("POST", TOGETHER, "cases decided together", STROKE, MODERATOR, fixed(reason="Am greșit.")),
)

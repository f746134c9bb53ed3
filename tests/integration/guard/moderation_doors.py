"""Doors of the moderators' desk."""

from tests.integration.guard.door import CASES, MODERATOR, OTHER, Door, at, both, fixed

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

OWN, HIS = "/account/decisions/<int:statement_id>", at(statement_id="statement")
BANNED, HERS = "/account/suspensions/<int:suspension_id>", at(suspension_id="suspension")
SUSPENSION, PROPOSED = "/staff/suspensions/<int:suspension_id>", at(suspension_id="proposed_suspension")
SUSPENDS, REASON = ("moderator", "staff"), fixed(reason="Am greșit.")
MONTH = "/transparency/moderation/<int:year>/<int:month>"
NO_MONTH = at(year="=2001", month="=1")

DUE_PROCESS = (
    *both(True, OWN, "of the owner's text", HIS, ("owner",), fixed(text="Nu e așa.")),
    Door("POST", f"{OWN}/withdraw", "of the owner's text", HIS, ("owner",), quiet=True),
    *both(True, "/decisions-by-letter/<token>", "a forged link", at(token="=forged"), (), fixed(text="Nu e așa.")),
    Door("GET", BANNED, OTHER, HERS),
    *both(True, f"{BANNED}/appeal", OTHER, HERS, (), fixed(text="Nu e așa.")),
    Door("GET", "/staff/contested/<int:appeal_id>", "an appeal", at(appeal_id="contested_decision"), CASES),
    Door(
        "POST", "/staff/contested/<int:appeal_id>", "an appeal", at(appeal_id="contested_decision"), MODERATOR,
        fixed(outcome="uphold", reason="Nu jignește."),
    ),
    *both(True, f"{CASE}/suspend", "a case", at(case_id="grounded_case"), SUSPENDS, fixed(days="3", reason="De trei ori.")),
    Door("GET", SUSPENSION, "proposed", PROPOSED, CASES),
    Door("POST", f"{SUSPENSION}/confirm", "proposed", PROPOSED, SUSPENDS),
    Door("POST", f"{SUSPENSION}/decline", "proposed", PROPOSED, SUSPENDS, REASON),
    Door("POST", f"{SUSPENSION}/withdraw", "proposed by somebody else", PROPOSED),
    Door("POST", f"{SUSPENSION}/lift", "running", HERS, SUSPENDS, REASON),
    *(Door("GET", MONTH + ending, "not published", NO_MONTH) for ending in ("", ".csv", ".json")),
)  # fmt: skip

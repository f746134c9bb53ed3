"""The doors of meetings: plans are the city hall's, and only council staff lead one."""

from tests.integration.guard.door import EVALUATORS, OTHER, OVERSIGHT, STAFF, Door, at, both, fixed

PAGE = "/meetings/<int:meeting_id>"
WORK = f"/staff{PAGE}"
READERS = (*EVALUATORS, "clerk", *OVERSIGHT)
PLAN, OPEN = at(meeting_id="meeting_plan"), at(meeting_id="meeting")
ITEM, LOST_ITEM = (
    at(meeting_id="meeting_plan", item_id="meeting_item"),
    at(meeting_id="meeting", item_id="meeting_item"),
)
PAPER = at(meeting_id="meeting_plan", document_id="meeting_document")
LOST_PAPER = at(meeting_id="meeting", document_id="meeting_document")
REASON = fixed(**{"cancel_form-reason": "x"})

MEETINGS = [
    Door("GET", PAGE, "a plan", PLAN, READERS),
    Door("GET", f"{PAGE}.ics", "a plan", PLAN),
    Door("GET", "/files/<int:file_id>/<name>", "of a plan", at(file_id="meeting_file", name="meeting_file_name"), STAFF),
    Door("GET", WORK, "a plan", PLAN, READERS),
    *both(True, f"{WORK}/edit", "a plan", PLAN, STAFF, fixed(title="X", seen="1")),
    *(Door("POST", f"{WORK}/{what}", "a plan", PLAN, STAFF) for what in ("announce", "discard")),
    *(Door("POST", f"{WORK}/{what}", "announced", OPEN, STAFF, REASON) for what in ("move", "cancel", "minutes")),
    *(Door("POST", f"{WORK}/{what}", "a plan", PLAN, STAFF) for what in ("items", "documents")),
    Door("POST", f"{WORK}/items/<int:item_id>/remove", "a point", ITEM, STAFF),
    Door("POST", f"{WORK}/documents/<int:document_id>/remove", "a document", PAPER, STAFF),
    # By another meeting's address the point is none; who may lead meetings is told so and nothing is taken out.
    Door("POST", f"{WORK}/items/<int:item_id>/remove", f"{OTHER} meeting", LOST_ITEM, (), quiet=True),
    Door("POST", f"{WORK}/documents/<int:document_id>/remove", f"{OTHER} meeting", LOST_PAPER, (), quiet=True),
]  # fmt: skip

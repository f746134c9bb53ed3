"""The doors of a draft's text: what is not announced, what is hidden, and what only staff may change."""

from tests.integration.guard.door import CASES, MODERATOR, NOTHING, STAFF, STAFF_AREA, Door, at, fixed

READERS = tuple(one for one in STAFF_AREA if one != "moderator")
DRAFT, SECTION = (
    at(consultation_id="consultation_draft"),
    at(consultation_id="consultation_draft", key="draft_key"),
)
WAITING, HIDDEN = at(annotation_id="annotation_held"), at(annotation_id="annotation_hidden")
TEXT, LED = "/consultations/<int:consultation_id>/text", "/staff/consultations/<int:consultation_id>/text"
ANNOTATION = "/consultations/annotations/<int:annotation_id>"

DRAFTS = [
    Door("GET", TEXT, "not announced", DRAFT, READERS),
    Door("GET", f"{TEXT}/changes", "not announced", DRAFT),
    Door("GET", f"{TEXT}/lost", "not announced", DRAFT, READERS),
    Door("GET", f"{TEXT}/moved", "not announced", DRAFT, READERS),
    Door("GET", f"{TEXT}/<int:key>", "not announced", SECTION, READERS),
    Door("POST", f"{TEXT}/<int:key>", "not announced", SECTION, (), fixed(kind="comment", body="x")),
    Door("GET", LED, "not announced", DRAFT, READERS),
    Door("POST", LED, "not announced", DRAFT, STAFF, fixed(source="text", text="Art. 1. Unu.")),
    *(
        Door("POST", f"{LED}/{what}", "not announced", DRAFT, STAFF, NOTHING)
        for what in ("kinds", "publish", "discard")
    ),
    Door("GET", ANNOTATION, "a remark that waits", WAITING, ("owner", *CASES)),
    Door("POST", f"{ANNOTATION}/side", "a remark that waits", WAITING, (), fixed(value="1")),
    Door(
        "POST", f"{ANNOTATION}/place", "a remark that waits", WAITING, (), fixed(place="right", edition="1")
    ),
    Door("GET", f"{ANNOTATION}/restore", "hidden by a moderator", HIDDEN, MODERATOR),
    Door("POST", f"{ANNOTATION}/restore", "hidden by a moderator", HIDDEN, MODERATOR, fixed(reason="x")),
]

"""The doors of a consultation: its draft, its file, what leads it."""

from tests.integration.guard.door import NOTHING, OTHER, STAFF, STAFF_AREA, Door, at, both, fixed

#: Everyone of the city hall but moderators reads drafts.
READERS = tuple(one for one in STAFF_AREA if one != "moderator")
DRAFT = at(consultation_id="consultation_draft")
OWN_DOCUMENT = at(consultation_id="consultation_draft", document_id="consultation_document")
STRAY_DOCUMENT = at(consultation_id="consultation_open", document_id="consultation_document")
ONE, LED = "/consultations/<int:consultation_id>", "/staff/consultations/<int:consultation_id>"
DOCUMENT = f"{LED}/documents/<int:document_id>"

CONSULTATIONS = [
    Door("GET", ONE, "not announced", DRAFT, READERS),
    Door("GET", f"{ONE}/announcement", "not announced", DRAFT),
    Door("GET", f"{ONE}/report", "not announced", DRAFT),
    Door("GET", f"{ONE}/report.csv", "not announced", DRAFT),
    Door(
        "GET",
        f"{ONE}/report-<language>.<ending>",
        "not announced",
        at(consultation_id="consultation_draft", language="=ro", ending="=pdf"),
    ),
    Door("GET", LED, "not announced", DRAFT, READERS),
    *both(True, f"{LED}/edit", "not announced", DRAFT, STAFF, NOTHING),
    *(
        Door("POST", f"{LED}/{what}", "not announced", DRAFT, STAFF, NOTHING)
        for what in ("announce", "concerns", "documents", "announcements", "extend", "report", "conclude")
    ),
    *both(True, DOCUMENT, "a draft's document", OWN_DOCUMENT, STAFF, fixed(note="x")),
    *both(True, DOCUMENT, f"document {OTHER} consultation", STRAY_DOCUMENT, (), fixed(note="x")),
    Door("POST", f"{DOCUMENT}/remove", "a draft's document", OWN_DOCUMENT, STAFF),
    Door("POST", f"{DOCUMENT}/remove", f"document {OTHER} consultation", STRAY_DOCUMENT),
    Door("POST", f"{LED}/discard", "not announced", DRAFT, STAFF),
]

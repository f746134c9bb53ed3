"""The doors of reports and summaries: what is not published, and what only council staff write."""

from civic import clock
from civic.clock import city_date
from tests.integration.guard.door import ANALYSES, NOTHING, OTHER, STAFF, Door, Values, at, both, fixed

YEAR = "/transparency/<int:year>"
SUMMARY = "/staff/consultations/<int:consultation_id>/summary"
NO_REPORT = at(year="=2001")
THIS_YEAR: Values = lambda _world: {"year": city_date(clock.now()).year}  # noqa: E731
TYPED = fixed(text="x", version="0")

PERIODIC, WRITTEN = "/reports/<code>", "/staff/reports/<code>"
REPORT, SECOND = (
    at(code="report"),
    at(code="second_report", entry_id="report_entry", measure_id="report_entry"),
)
ENTRY = at(code="report", entry_id="report_entry")
EDITION = at(code="report", number="=1", language="=ro")
WORDS = fixed(version="1", analysis="x", measure="")

REPORTS = [
    Door("GET", PERIODIC, "being written", REPORT),
    *(
        Door("GET", f"{PERIODIC}/editions/<int:number>{rest}", "being written", EDITION)
        for rest in ("", ".csv", ".json", "-<language>.pdf")
    ),
    Door("GET", WRITTEN, "being written", REPORT, ANALYSES),
    Door("GET", f"{WRITTEN}/preview", "being written", REPORT, ANALYSES),
    *both(True, f"{WRITTEN}/indicators", "being written", REPORT, STAFF, NOTHING),
    *both(True, f"{WRITTEN}/texts", "being written", REPORT, STAFF, NOTHING),
    *both(True, f"{WRITTEN}/entries/<int:entry_id>", "of no department", ENTRY, STAFF, WORDS),
    *both(True, f"{WRITTEN}/entries/<int:entry_id>", f"{OTHER} report", SECOND, (), WORDS),
    *both(True, f"{WRITTEN}/measures/<int:measure_id>", f"{OTHER} report", SECOND, (), WORDS),
    *both(True, f"{WRITTEN}/sign", "not handed in", REPORT, (), NOTHING),
    *(
        Door("POST", f"{WRITTEN}/{step}", "being written", REPORT, STAFF, NOTHING)
        for step in ("submit", "return", "correct", "discard")
    ),
    Door("GET", YEAR, "not published", NO_REPORT),
    Door("GET", f"{YEAR}.csv", "not published", NO_REPORT),
    Door(
        "GET", f"{YEAR}-<language>.<ending>", "not published", at(year="=2001", language="=ro", ending="=pdf")
    ),
    *both(True, f"/staff{YEAR}", "this year", THIS_YEAR, STAFF, fixed(version="0", do="save")),
    *both(True, SUMMARY, "not announced", at(consultation_id="consultation_draft"), (), TYPED),
    *both(True, SUMMARY, "announced", at(consultation_id="consultation"), STAFF, TYPED),
]

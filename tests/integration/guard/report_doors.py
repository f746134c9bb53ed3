"""The doors of yearly reports and summaries: what is not published, and what only council staff write."""

from civic import clock
from civic.clock import city_date
from tests.integration.guard.door import STAFF, Door, Values, at, both, fixed

YEAR = "/transparency/<int:year>"
SUMMARY = "/staff/consultations/<int:consultation_id>/summary"
NO_REPORT = at(year="=2001")
THIS_YEAR: Values = lambda _world: {"year": city_date(clock.now()).year}  # noqa: E731
TYPED = fixed(text="x", version="0")

REPORTS = [
    Door("GET", YEAR, "not published", NO_REPORT),
    Door("GET", f"{YEAR}.csv", "not published", NO_REPORT),
    Door(
        "GET", f"{YEAR}-<language>.<ending>", "not published", at(year="=2001", language="=ro", ending="=pdf")
    ),
    *both(True, f"/staff{YEAR}", "this year", THIS_YEAR, STAFF, fixed(version="0", do="save")),
    *both(True, SUMMARY, "not announced", at(consultation_id="consultation_draft"), (), TYPED),
    *both(True, SUMMARY, "announced", at(consultation_id="consultation"), STAFF, TYPED),
]

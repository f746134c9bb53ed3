"""The doors of imports, the budget and purchases: only council staff bring data in or change them."""

from tests.integration.guard.door import NOTHING, OTHER, STAFF, Door, at, both, fixed

IMPORT = "/staff/imports/<int:import_id>"
FILE = at(import_id="import")
PURCHASE = "/staff/purchases/<int:purchase_id>"
SMALL = at(purchase_id="small_purchase")
CHANGE = f"{PURCHASE}/amendments/<int:amendment_id>/remove"
DECISION = "/staff/decisions/<int:decision_id>"
DRAFT = at(decision_id="draft_decision")
TYPED = fixed(title="Altul", year="2024", procedure="direct", currency="RON", version="99")

MONEY = [
    Door("GET", IMPORT, "a file", FILE, STAFF),
    Door("GET", f"{IMPORT}/report.csv", "a file", FILE, STAFF),
    *(Door("POST", f"{IMPORT}/{what}", "a file", FILE, STAFF, NOTHING) for what in ("check", "load", "go-on", "discard")),
    Door("GET", "/purchases/<int:purchase_id>", "below the threshold", SMALL),
    Door("GET", "/purchases/<int:purchase_id>/ocds.json", "below the threshold", SMALL),
    *both(True, PURCHASE, "below the threshold", SMALL, STAFF, TYPED),
    Door("POST", f"{PURCHASE}/amendments", "below the threshold", SMALL, STAFF, NOTHING),
    Door("POST", CHANGE, "an amendment", at(purchase_id="small_purchase", amendment_id="amendment"), STAFF),
    Door("POST", CHANGE, f"an amendment {OTHER} purchase", at(purchase_id="large_purchase", amendment_id="amendment")),
    *both(True, f"{DECISION}/edit", "a decision being written", DRAFT, STAFF, NOTHING),
    Door("GET", DECISION, "a decision being written", DRAFT, STAFF),
    *(
        Door("POST", f"{DECISION}/{what}", "a decision being written", DRAFT, STAFF, NOTHING)
        for what in ("publish", "discard", "state", "concerns", "files", "relations")
    ),
    Door("POST", f"{DECISION}/files/<int:file_id>/remove", f"a file {OTHER} decision", at(decision_id="draft_decision", file_id="import")),
    Door("POST", f"{DECISION}/relations/<int:relation_id>/remove", f"a tie {OTHER} decision", at(decision_id="draft_decision", relation_id="import")),
    Door("GET", "/decisions/<int:decision_id>", "a decision being written", DRAFT),
    Door("POST", "/staff/budget/decisions/<int:tie_id>/remove", "a tie", at(tie_id="budget_tie"), STAFF),
]  # fmt: skip

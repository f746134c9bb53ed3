"""The doors of imports, the budget and purchases: only council staff bring data in or change them."""

from tests.integration.guard.door import NOTHING, OTHER, STAFF, Door, at, both, fixed

IMPORT = "/staff/imports/<int:import_id>"
FILE = at(import_id="import")
PURCHASE = "/staff/purchases/<int:purchase_id>"
SMALL = at(purchase_id="small_purchase")
CHANGE = f"{PURCHASE}/amendments/<int:amendment_id>/remove"
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
    Door("POST", "/staff/budget/decisions/<int:tie_id>/remove", "a tie", at(tie_id="budget_tie"), STAFF),
]  # fmt: skip

"""The doors of imports, the budget and purchases: only council staff bring data in or change them."""

from tests.integration.guard.door import NOTHING, STAFF, Door, at

IMPORT = "/staff/imports/<int:import_id>"
FILE = at(import_id="import")

MONEY = [
    Door("GET", IMPORT, "a file", FILE, STAFF),
    Door("GET", f"{IMPORT}/report.csv", "a file", FILE, STAFF),
    *(Door("POST", f"{IMPORT}/{what}", "a file", FILE, STAFF, NOTHING) for what in ("check", "load", "go-on", "discard")),
]  # fmt: skip

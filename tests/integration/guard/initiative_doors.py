"""The doors of citizens' drafts: what only its author sees, what only the secretariat does, names of signers."""

from tests.integration.guard.door import EVALUATORS, NOTHING, OTHER, OVERSIGHT, STAFF, Door, at, both, fixed

PAGE = "/initiatives/<int:initiative_id>"
WORK = f"/staff{PAGE}"
READERS = (*EVALUATORS, "clerk", *OVERSIGHT)
DRAFT, SENT = at(initiative_id="initiative_draft"), at(initiative_id="initiative_sent")
RUNNING, LISTED = at(initiative_id="initiative"), at(initiative_id="initiative_deposited")
SIGNED = at(initiative_id="initiative_deposited", signature_id="signature")
LOST = at(initiative_id="initiative", signature_id="signature")
SHEET = at(initiative_id="initiative", sheet_id="sheet")
LOST_SHEET = at(initiative_id="initiative_deposited", sheet_id="sheet")
PAPER_LINE = at(initiative_id="initiative", sheet_id="sheet", line_id="paper_line")
LOST_LINE = at(initiative_id="initiative_deposited", sheet_id="sheet", line_id="paper_line")
LINE = fixed(name="X", address="Y", document="Z", agrees="y")
WORDS = fixed(title="Alt titlu", neighbourhood_id="", seen="1")

INITIATIVES = [
    Door("GET", PAGE, "a draft", DRAFT, ("owner",)),
    Door("GET", PAGE, "being checked", SENT, ("owner", "moderator", *READERS)),
    *both(True, f"{PAGE}/edit", "a draft", DRAFT, ("owner",), WORDS),
    *both(True, f"{PAGE}/edit", f"{OTHER} resident", RUNNING, (), WORDS),
    *both(True, f"{PAGE}/withdraw", "a draft", DRAFT, (), NOTHING)[1:],
    Door("GET", f"{PAGE}/withdraw", "being checked", SENT, ("owner",)),
    *both(True, f"{PAGE}/withdraw", f"{OTHER} resident", RUNNING, (), fixed(reason="x")),
    *(
        Door("POST", f"{PAGE}/{what}", f"{OTHER} resident", RUNNING)
        for what in ("submit", "discard", "deposit")
    ),
    Door("POST", f"{PAGE}/discard", "a draft", DRAFT, ("owner",)),
    Door("GET", f"{PAGE}/sign", "being checked", SENT, ("owner", "moderator", *READERS)),
    Door("POST", f"{PAGE}/sign", "a draft", DRAFT, (), LINE),
    Door("POST", f"{PAGE}/take-back", "a draft", DRAFT, ("owner",), quiet=True),
    Door("GET", WORK, "being checked", SENT, READERS),
    Door("GET", WORK, "a draft", DRAFT),
    *(Door("POST", f"{WORK}/{what}", "a draft", DRAFT) for what in ("publish", "deposit")),
    Door("POST", f"{WORK}/return", "being checked", SENT, STAFF, fixed(**{"return_form-reason": "x"})),
    Door("POST", f"{WORK}/publish", "being checked", SENT, STAFF),
    Door("POST", f"{WORK}/deposit", "being signed", RUNNING, STAFF),
    Door("POST", f"{WORK}/sheets", "being signed", RUNNING, STAFF),
    Door("POST", f"{WORK}/sheets/<int:sheet_id>/scan", f"{OTHER} draft", LOST_SHEET),
    Door("POST", f"{WORK}/sheets/<int:sheet_id>/scan", "a paper list", SHEET, STAFF),
    Door("POST", f"{WORK}/sheets/<int:sheet_id>/remove", f"{OTHER} draft", LOST_SHEET),
    Door("POST", f"{WORK}/sheets/<int:sheet_id>/remove", "a paper list", SHEET, STAFF),
    Door("GET", f"{WORK}/sheets/<int:sheet_id>/lines", f"{OTHER} draft", LOST_SHEET),
    Door("GET", f"{WORK}/sheets/<int:sheet_id>/lines", "names on paper", SHEET, STAFF),
    Door("POST", f"{WORK}/sheets/<int:sheet_id>/lines", f"{OTHER} draft", LOST_SHEET, (), fixed(typed="A; B; C")),
    Door("POST", f"{WORK}/sheets/<int:sheet_id>/lines", "names on paper", SHEET, STAFF, fixed(typed="A; B; C")),
    *(
        Door("POST", f"{WORK}/sheets/<int:sheet_id>/lines/<int:line_id>/{what}", where, place, who, at(kind="=p", other="paper_line"))
        for what in ("once", "apart")
        for where, place, who in (("names on paper", PAPER_LINE, STAFF), (f"{OTHER} draft", LOST_LINE, ()))
    ),
    Door("GET", "/files/<int:file_id>/<name>", "a paper list", at(file_id="sheet_file", name="sheet_name"), STAFF[:0]),
    Door("GET", f"{WORK}/signers", "names of signers", LISTED, STAFF),
    Door("GET", f"{WORK}/sample", "names of signers", LISTED, STAFF),
    Door("POST", f"{WORK}/signers.csv", "names of signers", LISTED, STAFF),
    *both(True, f"{WORK}/signers/<int:signature_id>", f"{OTHER} draft", LOST, (), fixed(reason="x")),
    *both(True, f"{WORK}/signers/<int:signature_id>", "names of signers", SIGNED, STAFF, fixed(reason="x")),
    Door("POST", f"{WORK}/signers/<int:signature_id>/let-in", f"{OTHER} draft", LOST),
    Door("POST", f"{WORK}/signers/<int:signature_id>/let-in", "a signature", SIGNED, STAFF),
    Door("POST", f"{WORK}/verify", "deposited lists", LISTED, STAFF, fixed(**{"verdict_form-reason": "x"})),
]  # fmt: skip

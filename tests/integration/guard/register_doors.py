"""The doors of the register: receipts, answers being written, letters, what is decided about an entry."""

from tests.integration.guard.door import NOTHING, OTHER, STAFF, STAFF_AREA, Door, at, both, fixed

READERS = tuple(one for one in STAFF_AREA if one != "moderator")
ANSWERERS = ("colleague", "staff")
ENTERERS = ("clerk", "staff")
ONE, LED = "/consultations/<int:consultation_id>", "/staff/consultations/<int:consultation_id>"
ENTRY, THEME, ANSWER = (
    f"{LED}/contributions/<int:contribution_id>", f"{LED}/themes/<int:theme_id>", f"{LED}/answers/<int:answer_id>",
)  # fmt: skip
LETTER = "/staff/contributions/letters/<int:letter_id>"
DRAFT, HERE = at(consultation_id="register_draft"), at(consultation_id="register")
OURS, STRAY = (at(consultation_id=where, contribution_id="entry") for where in ("register", "register_other"))
THEMED, STRAY_THEME = (
    at(consultation_id=where, theme_id="theme") for where in ("register", "register_other")
)
ANSWERED, STRAY_ANSWER = (
    at(consultation_id=where, answer_id="entry_answer") for where in ("register", "register_other")
)
WORDS = fixed(outcome="adopted", author_function="Referent", version="0")
REASON = fixed(
    version="1",
    **{f"{form}-reason": "Motiv." for form in ("return", "withdraw", "hide", "consider", "review")},
)
KEPT = at(consultation_id="register", contribution_id="entry", attachment_id="attachment")
ELSEWHERE = at(consultation_id="register_other", contribution_id="entry", attachment_id="attachment")
FORM = fixed(name="Ana", email="ana@civic.example", shown_as="full", body="Un text.", form_key="door")
DECISIONS = ("hide", "show", "consider", "review")
STEPS = ("sign", "return", "withdraw")

REGISTER = [
    *both(True, f"{ONE}/contribute", "not announced", DRAFT, (), FORM),
    Door("GET", f"{ONE}/contribute/sent", "not announced", DRAFT),
    Door("GET", f"{ONE}/contributions", "not announced", DRAFT),
    Door("GET", f"{ONE}/contributions.csv", "not announced", DRAFT),
    Door("GET", f"{ONE}/contributions/<int:number>", "not announced", at(consultation_id="register_draft", number="=1")),
    *both(True, "/contributions/confirm/<token>", "a forged link", at(token="=forged"), (), NOTHING),
    *both(True, "/contributions/receipt/<token>", "a forged link", at(token="=forged"), (), fixed(text="Nu.")),
    Door("GET", f"{LED}/contributions", "the work", HERE, READERS),
    Door("POST", f"{LED}/contributions", "not announced", DRAFT, (), fixed(bulk_action="assign", ids="1")),
    *both(True, f"{LED}/contributions/new", "the register", HERE, ENTERERS, NOTHING),
    Door("GET", f"{LED}/themes", "the themes", HERE, READERS),
    Door("POST", f"{LED}/themes", "the themes", HERE, ANSWERERS, fixed(title="Altă temă")),
    Door("GET", ENTRY, "a text not read yet", OURS, READERS),
    Door("GET", ENTRY, f"an entry {OTHER} consultation", STRAY),
    Door("POST", f"{ENTRY}/answer", "an answer", OURS, ANSWERERS, WORDS),
    Door("POST", f"{ENTRY}/answer", f"an entry {OTHER} consultation", STRAY, (), WORDS),
    *(Door("POST", f"{ENTRY}/{what}", "an entry", OURS, STAFF, REASON) for what in DECISIONS if what != "review"),
    *(Door("POST", f"{ENTRY}/{what}", f"an entry {OTHER} consultation", STRAY, (), REASON) for what in DECISIONS),
    Door("POST", f"{ENTRY}/files/<int:attachment_id>", "a file", KEPT, STAFF, fixed(public="1")),
    Door("POST", f"{ENTRY}/files/<int:attachment_id>", f"an entry {OTHER} consultation", ELSEWHERE, (), fixed(public="1")),
    Door("GET", THEME, "a theme", THEMED, READERS),
    Door("GET", THEME, f"a theme {OTHER} consultation", STRAY_THEME),
    Door("POST", f"{THEME}/answer", "an answer", THEMED, ANSWERERS, WORDS),
    Door("POST", f"{THEME}/answer", f"a theme {OTHER} consultation", STRAY_THEME, (), WORDS),
    *(Door("POST", f"{ANSWER}/{what}", "an answer", ANSWERED, STAFF, REASON) for what in STEPS),
    *(Door("POST", f"{ANSWER}/{what}", f"an answer {OTHER} consultation", STRAY_ANSWER, (), REASON) for what in STEPS),
    Door("GET", LETTER, "a letter", at(letter_id="contribution_letter"), ENTERERS),
    Door("POST", LETTER, "a letter", at(letter_id="contribution_letter"), ENTERERS, NOTHING),
    Door("POST", f"{LETTER}/again", "a letter", at(letter_id="contribution_letter"), ENTERERS, NOTHING),
    Door("POST", f"{LETTER}/aside", "a letter", at(letter_id="contribution_letter"), ENTERERS, fixed(**{"aside-reason": "Da."})),
]  # fmt: skip

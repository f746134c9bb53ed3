"""The doors of debates: asking on what is not announced, a debate by another consultation's address, leading one."""

from tests.integration.guard.door import EVALUATORS, NOTHING, OTHER, OVERSIGHT, STAFF, Door, at, both, fixed

PAGE = "/consultations/<int:consultation_id>"
WORK = f"/staff{PAGE}/debates"
ONE, SPEAKER = f"{WORK}/<int:debate_id>", f"{WORK}/<int:debate_id>/speakers/<int:speaker_id>"
READERS = (*EVALUATORS, "clerk", *OVERSIGHT)
DRAFT = at(consultation_id="consultation_draft")
OURS = at(consultation_id="consultation", debate_id="debate")
STRAY = at(consultation_id="other_consultation", debate_id="debate")
IN_LINE = at(consultation_id="consultation", debate_id="debate", speaker_id="speaker")
HEARD = at(consultation_id="other_consultation", debate_id="going", speaker_id="spoke")
LOST = at(consultation_id="consultation", debate_id="debate", speaker_id="spoke")

DEBATES = [
    *both(True, f"{PAGE}/debate-request", "not announced", DRAFT, (), fixed(text="x")),
    Door("GET", f"{PAGE}/debates/<int:debate_id>", f"{OTHER} consultation", STRAY),
    Door("POST", f"{PAGE}/debates/<int:debate_id>/sign-up", f"{OTHER} consultation", STRAY, (), fixed(name="X")),
    Door("POST", f"{PAGE}/debates/<int:debate_id>/withdraw", f"{OTHER} consultation", STRAY),
    *both(True, f"{WORK}/new", "not announced", DRAFT, (), NOTHING),
    *both(True, f"{WORK}/new", "announced", at(consultation_id="consultation"), STAFF, NOTHING),
    Door("GET", ONE, "a debate", OURS, READERS),
    Door("GET", ONE, f"{OTHER} consultation", STRAY),
    Door("GET", f"{ONE}/list", "a debate", OURS, READERS),
    Door("GET", f"{ONE}/list", f"{OTHER} consultation", STRAY),
    *(
        Door("POST", f"{ONE}/{what}", where, values, passes,
             fixed(**{"cancel_form-reason": "x", "speaker_form-name": "X", "end_form-attendance": "1"}))
        for what in ("move", "cancel", "speakers", "end", "minutes")
        for where, values, passes in (("a debate", OURS, STAFF), (f"{OTHER} consultation", STRAY, ()))
    ),
    *(
        Door("POST", f"{SPEAKER}/{what}", where, values, passes, fixed(to="up"))
        for what in ("order", "withdraw", "register")
        for where, values, passes in (("a speaker", IN_LINE, STAFF), (f"{OTHER} debate", LOST, ()))
    ),
    *both(True, SPEAKER, "a speaker", HEARD, STAFF, fixed(state="spoken", note="x")),
    *both(True, SPEAKER, f"{OTHER} debate", LOST, (), fixed(state="spoken", note="x")),
]  # fmt: skip

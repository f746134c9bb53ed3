"""The doors of a vote: its keys, paper, complaints, questions, recounts, samples and close, and proofs by letter."""

from tests.integration.guard.door import (
    ANALYSES,
    CLERK,
    NEIGHBOUR,
    NOTHING,
    OTHER,
    PLAN,
    PLANNED,
    ROLL,
    ROUND,
    STAFF,
    STAFF_AREA,
    Door,
    at,
    both,
    fixed,
)  # fmt: skip

OPEN = at(round_id="open_round")
HOLDER = ("owner",)
PAPER_READERS, PAPER_KEYERS = ("clerk", *ROLL), ("clerk", "staff")

CUSTODY = f"{ROUND}/custody"
KEYS = [
    Door("GET", "/custody/<int:round_id>", "a holder's page", PLANNED, HOLDER),
    Door("GET", "/custody/<int:round_id>", "a round without holders", OPEN),
    *(
        Door("POST", f"/custody/<int:round_id>/{what}", "a holder's key", PLANNED, HOLDER, fixed(text="x"))
        for what in ("key", "confirm", "rehearse", "present")
    ),
    *(
        Door("POST", f"/custody/<int:round_id>/{what}", "a round without holders", OPEN, (), fixed(text="x"))
        for what in ("key", "confirm", "rehearse", "present")
    ),
    Door("GET", CUSTODY, "round not public", PLANNED, STAFF_AREA),
    Door("POST", f"{CUSTODY}/choose", "who keeps the key", PLANNED, STAFF, fixed(kind="server")),
    *both(True, f"{CUSTODY}/holders", "addresses of holders", PLANNED, STAFF, NOTHING),
    Door("POST", f"{CUSTODY}/holders", "a round without holders", OPEN),
    Door("GET", f"{CUSTODY}/recovery", "the copy for the safe", PLANNED, STAFF),
    Door("POST", f"{CUSTODY}/recovery/key", "the copy for the safe", PLANNED, STAFF),
    Door("POST", f"{CUSTODY}/recovery/key", "a round without holders", OPEN),
    Door("POST", f"{CUSTODY}/recovery/confirm", "the copy for the safe", PLANNED, STAFF, fixed(kept="Seif")),
    Door("POST", f"{CUSTODY}/recovery/present", "the copy for the safe", PLANNED, STAFF, fixed(reason="Așa.")),
]  # fmt: skip

COMPLAINT = f"{ROUND}/complaints/<int:complaint_id>"
DECISION = fixed(outcome="dismissed", reason="Nu e așa.")
COMPLAINTS = [
    *both(True, "/rounds/<slug>/complaint", "round not public", PLAN, (), fixed(kind="other", text="Altceva.")),
    Door("GET", "/rounds/<slug>/my-name", "round not public", PLAN),
    Door("GET", f"{ROUND}/complaints", "complaints", OPEN, ROLL),
    Door("GET", COMPLAINT, "a complaint", at(round_id="open_round", complaint_id="complaint"), ROLL),
    Door("POST", COMPLAINT, "a complaint", at(round_id="open_round", complaint_id="complaint"), STAFF, DECISION),
    *both(True, COMPLAINT, f"a complaint {OTHER} round", at(round_id="plan", complaint_id="complaint"), (), DECISION),
    *both(True, "/staff/desk/complaints/<int:complaint_id>/document", "a complaint", at(complaint_id="complaint"), CLERK,
          NOTHING),
]  # fmt: skip

BATCH = f"{ROUND}/paper/batches/<int:batch_id>"
HERE, ELSEWHERE = at(round_id="open_round", batch_id="batch"), at(round_id="plan", batch_id="batch")
SHEET = at(round_id="open_round", batch_id="batch", serial="=1")
SHEET_ELSEWHERE = at(round_id="plan", batch_id="batch", serial="=1")
URN = fixed(returned="0", spoilt="0", not_returned="0", minutes="Nimic.")
UNPREPARED = "a batch, the vote not prepared"
PAPER = [
    Door("GET", "/rounds/<slug>/results/paper", "round not public", PLAN),
    Door("GET", "/rounds/<slug>/results/paper", "before the results", at(slug="=deschisa")),
    *both(True, "/staff/desk/<int:account_id>/paper/<int:round_id>", "a resident",
          lambda world: {**NEIGHBOUR(world), **OPEN(world)}, CLERK, NOTHING),
    Door("GET", f"{ROUND}/paper", "round not public", PLANNED, PAPER_READERS),
    Door("POST", f"{ROUND}/paper/sheets", "round not public", PLANNED, STAFF, fixed(count="5", language="ro")),
    Door("GET", f"{ROUND}/paper/sheets/<int:run_id>.zip", "sheets", at(round_id="open_round", run_id="run"), STAFF),
    Door("GET", f"{ROUND}/paper/sheets/<int:run_id>.zip", f"sheets {OTHER} round", at(round_id="plan", run_id="run")),
    Door("POST", f"{ROUND}/paper/batches", "round not public", PLANNED, STAFF, fixed(label="B", place="Primărie")),
    # What reads the ballot's plan answers that there is none.
    Door("GET", BATCH, UNPREPARED, HERE),
    *both(True, f"{BATCH}/key", UNPREPARED, HERE, (), fixed(serial="1", marks="1")),
    *both(True, f"{BATCH}/differences/<int:serial>", UNPREPARED, SHEET, (), fixed(reading="a")),
    Door("POST", f"{BATCH}/draw", UNPREPARED, HERE, (), fixed(dice="1" * 20, size="99")),
    Door("POST", f"{BATCH}/accept", UNPREPARED, HERE),
    Door("GET", f"{BATCH}/differences", "a batch", HERE, PAPER_KEYERS),
    Door("POST", f"{BATCH}/shut", "a batch", HERE, STAFF),
    Door("POST", f"{BATCH}/urn", "a batch", HERE, STAFF, URN),
    *both(True, f"{BATCH}/sample", "a batch", HERE, STAFF, NOTHING),
    Door("POST", f"{BATCH}/sheets/<int:serial>/remove", "a sheet keyed once", SHEET, STAFF),
    Door("GET", BATCH, f"a batch {OTHER} round", ELSEWHERE),
    Door("GET", f"{BATCH}/differences", f"a batch {OTHER} round", ELSEWHERE),
    Door("POST", f"{BATCH}/shut", f"a batch {OTHER} round", ELSEWHERE),
    Door("POST", f"{BATCH}/urn", f"a batch {OTHER} round", ELSEWHERE, (), URN),
    *both(True, f"{BATCH}/sample", f"a batch {OTHER} round", ELSEWHERE, (), NOTHING),
    Door("POST", f"{BATCH}/sheets/<int:serial>/remove", f"a sheet {OTHER} round", SHEET_ELSEWHERE),
]  # fmt: skip

ASKED = f"{ROUND}/questions/<int:question_id>"
ASKING, QUESTION = at(round_id="ballot"), at(round_id="ballot", question_id="question")
STRAY = at(round_id="other_ballot", question_id="question")
TYPED = fixed(text="Altă întrebare?", kind="yes_no")
QUESTIONS = [
    Door("POST", "/rounds/<slug>/vote/answers", "round not public", PLAN, (), TYPED),
    Door("POST", "/rounds/<slug>/vote/answers", "questions not public", at(slug="=intrebari"), (), TYPED),
    Door("GET", f"{ROUND}/questions", "round not public", ASKING, ANALYSES),
    Door("GET", f"{ROUND}/questions", "a round of projects", PLANNED),
    *both(True, f"{ROUND}/questions/new", "round not public", ASKING, STAFF, TYPED),
    *both(True, ASKED, "a question", QUESTION, STAFF, TYPED),
    *both(True, ASKED, f"a question {OTHER} round", STRAY, (), TYPED),
    Door("POST", f"{ASKED}/move", "a question", QUESTION, STAFF, fixed(to="up")),
    Door("POST", f"{ASKED}/move", f"a question {OTHER} round", STRAY, (), fixed(to="up")),
    *both(True, f"{ASKED}/remove", "a question", QUESTION, STAFF, fixed(reason="Așa.")),
    *both(True, f"{ASKED}/remove", f"a question {OTHER} round", STRAY, (), fixed(reason="Așa.")),
]  # fmt: skip

CEREMONY = f"{ROUND}/vote/ceremony"
RECOUNT = f"{ROUND}/vote/recounts/<int:contest_id>"
CLOSE, NO_STAGE = at(round_id="plan", stage="=close"), at(round_id="plan", stage="=alta")
CLOSING = [
    Door("GET", "/rounds/<slug>/minutes", "round not public", PLAN),
    Door("GET", "/rounds/<slug>/vote/soon", "round not public", PLAN),
    Door("GET", CEREMONY, "round not public", PLANNED, STAFF_AREA),
    Door("GET", f"{ROUND}/vote/oversight", "round not public", PLANNED, ROLL),
    *(
        Door("POST", f"{CEREMONY}/<stage>/{what}", "round not public", CLOSE, STAFF)
        for what in ("begin", "confirm", "confirm-here", "withdraw", "again")
    ),
    *(
        Door("POST", f"{CEREMONY}/<stage>/{what}", "no such stage", NO_STAGE)
        for what in ("begin", "confirm", "confirm-here", "withdraw", "again")
    ),
    Door("GET", RECOUNT, "a contest", at(round_id="open_round", contest_id="contest"), ANALYSES),
    Door("POST", RECOUNT, "a contest", at(round_id="open_round", contest_id="contest"), STAFF),
    *both(True, RECOUNT, f"a contest {OTHER} round", at(round_id="plan", contest_id="contest"), (), NOTHING),
]  # fmt: skip

CASE = "/staff/sample/<int:sample_id>/<int:voter_id>"
FOUND = fixed(outcome="confirmed")
PROOFS = [
    *both(True, f"{ROUND}/sample", "a sample", OPEN, STAFF, fixed(size="1")),
    Door("POST", CASE, "somebody drawn", at(sample_id="sample", voter_id="voter"), CLERK, FOUND),
    Door("POST", CASE, "somebody not drawn", at(sample_id="sample", voter_id="owner_person"), (), FOUND),
    Door("POST", "/staff/letters/<int:batch_id>/pdf", "letters with codes", at(batch_id="letters"), CLERK),
    Door("POST", "/staff/letters/<int:batch_id>/sent", "letters with codes", at(batch_id="letters"), CLERK),
]  # fmt: skip

VOTES = [*KEYS, *COMPLAINTS, *PAPER, *QUESTIONS, *CLOSING, *PROOFS]

"""The doors of the agora: another's draft, a debate nobody has read yet, a hidden one, and posts that wait."""

from tests.integration.guard.door import (
    CASES,
    EVALUATORS,
    MODERATOR,
    NOTHING,
    OTHER,
    OVERSIGHT,
    STAFF,
    Door,
    at,
    both,
    fixed,
)

PAGE, POST = "/agora/<int:debate_id>", "/agora/posts/<int:post_id>"
STATEMENT = "/agora/statements/<int:statement_id>"
OBJECTION = "/agora/objections/<int:objection_id>"
WORK = f"/staff{PAGE}"
READERS = (*EVALUATORS, "clerk", *OVERSIGHT)
DRAFT, WAITING, HIDDEN = (at(debate_id=f"agora_{state}") for state in ("draft", "waiting", "hidden"))
OPEN, CLOSED = at(debate_id="agora_open"), at(debate_id="agora_closed")
TIED = at(debate_id="agora_open", meeting_id="agora_workshop")
HELD, COVERED = at(post_id="agora_held"), at(post_id="agora_covered")
#: What a moderator's form holds, whichever it is.
DONE = fixed(**{f"{what}-reason": "Așa." for what in ("lock", "slow", "fold")}, **{"slow-minutes": "15"})
TEXT = fixed(question="Alta?", why="Așa.", dimension="services", neighbourhood_id="")
SAID = fixed(side="for", body="Așa.", source="", form_key="k")

AGORA = [
    Door("GET", PAGE, "draft", DRAFT, ("owner",)),
    Door("GET", PAGE, "in moderation", WAITING, ("owner", *CASES)),
    Door("GET", PAGE, "hidden", HIDDEN, ("owner", *CASES)),
    *both(True, f"{PAGE}/edit", "draft", DRAFT, ("owner",), TEXT),
    *both(True, f"{PAGE}/edit", "in moderation", WAITING, (), TEXT),
    *(
        Door("POST", f"{PAGE}/{what}", state, values, (), fixed(value="1"))
        for what in ("second", "stance")
        for state, values in (("draft", DRAFT), ("in moderation", WAITING), ("hidden", HIDDEN))
    ),
    *both(True, f"{PAGE}/restore", "hidden", HIDDEN, MODERATOR, fixed(reason="Era bună.")),
    *both(True, f"{PAGE}/restore", "in moderation", WAITING, (), fixed(reason="Era bună.")),
    Door("GET", f"{PAGE}/argue", "draft", DRAFT, ("owner",)),
    Door("GET", f"{PAGE}/positions/new", "draft", DRAFT, ("owner",)),
    Door("POST", f"{PAGE}/argue", "draft", DRAFT, (), SAID),
    Door("POST", f"{PAGE}/positions/new", "draft", DRAFT, (), SAID),
    Door("GET", POST, "held", HELD, ("owner", *CASES)),
    Door("POST", f"{POST}/judge", "held", HELD, (), fixed(value="1")),
    *both(True, f"{POST}/reply", "held", HELD, (), SAID),
    *both(True, f"{POST}/restore", "hidden", COVERED, MODERATOR, fixed(reason="Era bun.")),
    *both(True, f"{POST}/restore", "held", HELD, (), fixed(reason="Era bun.")),
    Door("GET", f"{PAGE}/moderation", "draft", DRAFT, ("owner",)),
    Door("GET", f"{PAGE}/moderation", "hidden", HIDDEN, ("owner", *CASES)),
    Door("GET", f"{PAGE}/pace", "draft", DRAFT),
    Door("GET", f"{PAGE}/pace", "hidden", HIDDEN, MODERATOR),
    *(
        Door("POST", f"{PAGE}/pace/<what>", f"{what}, {state}", at(debate_id=name, what=f"={what}"), (), DONE)
        for what in ("lock", "slow")
        for state, name in (("draft", "agora_draft"), ("hidden", "agora_hidden"))
    ),
    *(
        Door(method, f"{POST}/tend{end}", state, at(post_id=name, **named), (), DONE)
        for method, end, named in (
            ("GET", "", {}), ("POST", "/<what>", {"what": "=fold"})
        )
        for state, name in (("held", "agora_held"), ("hidden", "agora_covered"))
    ),
    *both(True, "/agora/acts/<int:act_id>/undo", "of a moderator", at(act_id="agora_act"), MODERATOR, fixed(reason="Nu.")),
    Door("GET", f"{PAGE}/statements", "draft", DRAFT, ("owner",)),
    Door("POST", f"{PAGE}/statements", "draft", DRAFT, (), fixed(text="Așa.")),
    Door("GET", f"{PAGE}/statements", "in moderation", WAITING, ("owner", *CASES)),
    Door("POST", f"{STATEMENT}/vote", "held", at(statement_id="agora_said"), (), fixed(value="1")),
    *both(True, f"{STATEMENT}/restore", "hidden", at(statement_id="agora_unsaid"), MODERATOR, fixed(reason="Era bună.")),
    *both(True, f"{STATEMENT}/restore", "held", at(statement_id="agora_said"), (), fixed(reason="Era bună.")),
    *both(True, f"{PAGE}/objections/new", "without a summary", OPEN, (), fixed(text="Așa.")),
    *both(True, f"{PAGE}/objections/new", "hidden", HIDDEN, (), fixed(text="Așa.")),
    *both(True, f"{OBJECTION}/restore", "hidden", at(objection_id="agora_muted"), MODERATOR, fixed(reason="Era bună.")),
    *both(True, f"{OBJECTION}/restore", "held", at(objection_id="agora_asked"), (), fixed(reason="Era bună.")),
    Door("GET", f"{WORK}/summary", "draft", DRAFT),
    Door("GET", f"{WORK}/summary", "being written", CLOSED, STAFF),
    *(
        Door("POST", f"{WORK}/summary{what}", state, values, passes, NOTHING)
        for what in ("", "/publish")
        for state, values, passes in (("being written", CLOSED, STAFF), ("draft", DRAFT, ()))
    ),
    Door("POST", f"{WORK}/summary/<int:sentence_id>/remove", "a sentence", at(
        debate_id="agora_closed", sentence_id="agora_sentence"), STAFF),
    Door("POST", f"{WORK}/summary/<int:sentence_id>/remove", f"{OTHER} debate", at(
        debate_id="agora_open", sentence_id="agora_sentence")),
    Door("GET", f"{WORK}/workshops", "draft", DRAFT),
    Door("GET", f"{WORK}/workshops", "open", OPEN, READERS),
    Door("POST", f"{WORK}/workshops", "draft", DRAFT, (), NOTHING),
    Door("POST", f"{WORK}/workshops", "open", OPEN, STAFF, NOTHING),
    *both(True, f"{WORK}/workshops/<int:meeting_id>", "tied", TIED, STAFF, NOTHING),
    *both(True, f"{WORK}/workshops/<int:meeting_id>", f"{OTHER} debate", at(
        debate_id="agora_closed", meeting_id="agora_workshop"), (), NOTHING),
    Door("POST", f"{WORK}/workshops/<int:meeting_id>/untie", "tied", TIED, STAFF, NOTHING),
    Door("GET", f"{WORK}/health", "draft", DRAFT),
    Door("GET", f"{WORK}/health", "open", OPEN, CASES),
    Door("POST", f"{WORK}/invite-age", "draft", at(debate_id="agora_draft"), (), fixed(age="16-24")),
    Door("POST", f"{WORK}/concerns", "draft", at(debate_id="agora_draft"), (), NOTHING),
    Door("POST", f"{WORK}/invite/<int:area_id>", "draft", at(debate_id="agora_draft", area_id="agora_area"), (), NOTHING),
    Door("POST", f"{WORK}/invite/<int:area_id>", "open", at(debate_id="agora_open", area_id="agora_area"), STAFF, NOTHING),
    Door("GET", WORK, "draft", DRAFT),
    Door("GET", WORK, "in moderation", WAITING, READERS),
    *(
        Door("POST", f"{WORK}/{what}", state, values, passes, NOTHING)
        for what in ("end", "answer")
        for state, values, passes in (("open", OPEN, STAFF), ("draft", DRAFT, ()))
    ),
]  # fmt: skip

"""The doors of questionnaires: one in preparation, one that residents answer, and the city hall's writing of both."""

from tests.integration.guard.door import EVALUATORS, NOTHING, OTHER, OVERSIGHT, STAFF, Door, at, both, fixed

PAGE = "/consultations/<int:consultation_id>/questionnaires/<int:questionnaire_id>"
WORK = "/staff/consultations/<int:consultation_id>/questionnaires"
ONE = f"{WORK}/<int:questionnaire_id>"
READERS = (*EVALUATORS, "clerk", *OVERSIGHT)
ENTERS = ("clerk", "staff")
#: Those the city hall has verified.
RESIDENTS = ("owner", "neighbour")
WRITTEN = at(consultation_id="consultation", questionnaire_id="written")
OFFERED = at(consultation_id="consultation", questionnaire_id="offered")
STRAY = at(consultation_id="other_consultation", questionnaire_id="written")
WORDS = {"title": "Altul", "text": "Alta?", "options": "Da\nNu", "kind": "single", "page": "p1", "start": "empty",
         "access": "verified", "results": "closed"}  # fmt: skip


def part(key: str, questionnaire: str = "written") -> object:
    """A part of a questionnaire by its key."""
    return at(consultation_id="consultation", questionnaire_id=questionnaire, key=f"={key}")


#: Those who answer here: council staff and the department in charge.
ANSWERERS = ("colleague", "staff")
TEXTS = "/staff/consultations/<int:consultation_id>/texts"
#: A text by the random number of its set of answers, and its item.
KEY = f"{'0' * 32}-i2"
HERE = at(consultation_id="consultation")

QUESTIONNAIRES = [
    Door("GET", PAGE, "in preparation", WRITTEN, READERS),
    Door("GET", PAGE, f"{OTHER} consultation", STRAY),
    Door("POST", f"{PAGE}/start", "in preparation", WRITTEN),
    Door("POST", f"{PAGE}/start", "for residents", OFFERED, RESIDENTS),
    Door("POST", f"{PAGE}/resume", "in preparation", WRITTEN, (), fixed(code="AAAA-BBBB-CCCC-DDDD")),
    Door("POST", f"{PAGE}/discard", "in preparation", WRITTEN, quiet=True),
    *(
        Door(method, f"{PAGE}/pages/<int:number>", "in preparation",
             at(consultation_id="consultation", questionnaire_id="written", number="=1"))
        for method in ("GET", "POST")
    ),
    Door("GET", f"{PAGE}/review", "in preparation", WRITTEN),
    Door("POST", f"{PAGE}/send", "in preparation", WRITTEN, quiet=True),
    Door("GET", f"{PAGE}/sent", "in preparation", WRITTEN, READERS),
    Door("GET", f"{PAGE}/results", "in preparation", WRITTEN, READERS),
    Door("GET", f"{PAGE}/results/<key>/by/<grouping>", "before the results",
         at(consultation_id="consultation", questionnaire_id="offered", key="=i1", grouping="=area")),
    Door("GET", f"{PAGE}/results/<key>/texts", "before the results", part("i2", "offered")),
    Door("GET", f"{PAGE}/answers", "in preparation", WRITTEN, READERS),
    Door("GET", f"{ONE}/texts/<key>", "before the results", part(KEY, "offered")),
    *(Door("POST", f"{ONE}/texts/<key>/{what}", "before the results", part(KEY, "offered"), (),
           fixed(why="spam", reason="Da.")) for what in ("hide", "show")),
    Door("GET", TEXTS, "texts nobody else reads", HERE, READERS),
    Door("POST", TEXTS, "texts", HERE, ANSWERERS, fixed(go="all", theme="none")),
    Door("GET", f"{TEXTS}/groups", "proposed groups", HERE, READERS),
    Door("POST", f"{TEXTS}/groups", "a comparison", HERE, ANSWERERS, NOTHING),
    Door("GET", WORK, "a consultation", at(consultation_id="consultation"), READERS),
    *both(True, f"{WORK}/new", "a consultation", at(consultation_id="consultation"), STAFF, fixed(**WORDS)),
    Door("GET", ONE, "in preparation", WRITTEN, READERS),
    Door("GET", ONE, f"{OTHER} consultation", STRAY),
    *both(True, f"{ONE}/settings", "in preparation", WRITTEN, STAFF, fixed(**WORDS)),
    *both(True, f"{ONE}/settings", f"{OTHER} consultation", STRAY, (), fixed(**WORDS)),
    Door("POST", f"{ONE}/publish", "in preparation", WRITTEN, STAFF, fixed(to="publish")),
    *both(True, f"{ONE}/pages/new", "in preparation", WRITTEN, STAFF, fixed(**WORDS)),
    *both(True, f"{ONE}/pages/<key>", "in preparation", part("p1"), STAFF, fixed(**WORDS)),
    *both(True, f"{ONE}/items/new", "in preparation", WRITTEN, STAFF, fixed(**WORDS)),
    *both(True, f"{ONE}/items/<key>", "in preparation", part("i1"), STAFF, fixed(**WORDS)),
    Door("POST", f"{ONE}/parts/<key>/move", "in preparation", part("i1"), STAFF, fixed(to="down")),
    *both(True, f"{ONE}/parts/<key>/remove", "in preparation", part("i2"), STAFF, NOTHING),
    *both(True, f"{ONE}/remove", "in preparation", WRITTEN, STAFF, NOTHING),
    Door("GET", f"{ONE}/preview", "in preparation", WRITTEN, READERS),
    Door("POST", f"{ONE}/preview", "in preparation", WRITTEN, STAFF),
    Door("POST", f"{ONE}/preview", f"{OTHER} consultation", STRAY),
    *both(True, f"{ONE}/paper", "in preparation", WRITTEN, (), NOTHING),
    *both(True, f"{ONE}/paper", "for residents", OFFERED, ENTERS, fixed(i1="o1", version="1")),
    Door("GET", f"{ONE}/export", "the page alone", OFFERED, STAFF),
    Door("POST", f"{ONE}/export", "before the results", OFFERED, (), fixed(format="csv")),
    Door("GET", f"{ONE}/exports/<int:task_id>", "an export",
         at(consultation_id="consultation", questionnaire_id="offered", task_id="task")),
]  # fmt: skip

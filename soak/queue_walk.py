"""The moderation.case.* figures: what one person presses and waits for while they clear a mixed queue.

Sixty cases, of every sort that comes to a queue, are decided as the page says: the key of a decision, where it needs one
the key of a reason, and Enter. Every key pressed is looked for on the page of its case; what is waited for is the answer
to the form and the page of the next case, one after the other as a browser asks for them.
"""

import time
from statistics import quantiles

from flask import Flask
from sqlalchemy import select

from bench.results import Results
from civic import clock
from civic.extensions import db
from civic.moderation import service as moderation
from civic.moderation.models import ModerationCase
from civic.moderation.rules import Why
from proposals.rules import State
from tests.factories import make_account
from tests.integration.consultations.agorakit import make_debate, make_post, make_statement
from tests.integration.proposals.makers import make_proposal
from tests.integration.proposals.test_comments import make_comment
from tests.pageclient import Page, PageClient

CASES = 60
#: What is pressed before Enter: two of five texts are hidden, one as spam, one as an attack on a person.
PRESSED = ("p", "p", "h8", "p", "h4")


def make_queue() -> None:
    """New and reported comments, arguments, statements and proposals, of many authors."""
    proposal, debate, now = make_proposal(), make_debate(with_statements=True), clock.now()
    for number in range(CASES):
        sort = number % 4
        if sort == 0:
            kind, one = "comment", make_comment(proposal, body=f"Băncile {number} sunt rupte.", state="held")
        elif sort == 1:
            kind, one = "agora_post", make_post(debate, body=f"Strada {number} e prea îngustă.", state="held")
        elif sort == 2:
            kind, one = "agora_statement", make_statement(debate, f"Vrem {number} copaci.", state="held")
        else:
            kind, one = "proposal", make_proposal(State.SUBMITTED, title=f"Bănci pe strada {number}")
        moderation.open_case(kind, one.id, Why.NEW, now)
    db.session.commit()


def walk(app: Flask) -> tuple[int, list[float]]:
    """Clear the queue; how many keys were pressed, and the milliseconds waited for at each case."""
    client = PageClient(app)
    client.sign_in(make_account("moderator"))
    answer = client.ask("POST", "/staff/moderation/next", {"csrf_token": client.csrf_token()})
    page, keys, waited = client.ask("GET", answer.location), 1, []
    for number in range(CASES):
        shown = Page(page, app, fragment=False, language="ro")
        pressed = PRESSED[number % len(PRESSED)]
        # What a key chooses is read off the legend of the page, as its script does.
        chooses = {one.get("data-key-chooses"): one for one in shown.all("div")}
        chosen = {chooses[key].get("data-field"): chooses[key].get("data-value") for key in pressed}
        action = next(one.get("action", "") for one in shown.all("form") if one.get("id") == "decide")
        fields = {**shown.form(action), **chosen, "then": "next"}
        begun = time.perf_counter()
        answer = client.ask("POST", action, fields)
        assert answer.status_code == 303, f"{answer.status_code} for {fields}"
        page = client.ask("GET", answer.location)
        waited.append((time.perf_counter() - begun) * 1000)
        keys += len(pressed) + 1
    left = db.session.scalars(select(ModerationCase.id).where(ModerationCase.decided_at.is_(None))).all()
    assert not left, f"{len(left)} cases are left"
    return keys, waited


def measure_walk(results: Results, app: Flask) -> None:
    """Take both figures."""
    with app.app_context(), app.test_request_context():
        make_queue()
        keys, waited = walk(app)
    reference = f"{CASES} mixed cases, two of five hidden with a reason"
    results.add("moderation.case.keys", keys / CASES, "keys", reference, CASES)
    results.add(
        "moderation.case.ms",
        quantiles(waited, n=20)[-1],
        "ms",
        f"p95 a decision and the next case, {reference}",
        CASES,
    )

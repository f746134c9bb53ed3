"""Forms sent several times at once, and forms that must not work: stale, somebody else's, another round's, altered."""

import random
import re
import threading
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from urllib.parse import parse_qs

from bench.load import Request
from bench.voters import session_cookie
from civic.accounts.models import Account
from civic.extensions import db
from soak.casting.audit import audit
from soak.casting.faults import VOTERS, Run
from soak.casting.town import Sent, Site, Town, Voter
from soak.casting.voting import CODE, Browser
from voting.ballot_text import tracking_code

MOST_AT_ONCE = 5
LANES = 2


def double_submit(site: Site, forms: int, seed: int) -> Run:
    """Each form sent two to five times at the same moment: one ballot, and the same code in every answer."""
    run, town = Run(more=Counter(other_answers=0)), site.town(VOTERS)
    lock = threading.Lock()
    errors: list[BaseException] = []

    def lane(at: int) -> None:
        rng = random.Random(seed * 10 + at)
        browsers = [Browser(site.web.port) for _ in range(MOST_AT_ONCE)]
        try:
            with ThreadPoolExecutor(MOST_AT_ONCE) as pool:
                for number in range(at, forms, LANES):
                    voter = town.voters[(number // LANES * LANES + at) % VOTERS]
                    answers = _at_once(pool, browsers[: rng.randint(2, MOST_AT_ONCE)], town, voter, rng)
                    code = tracking_code(voter.sent[-1].leaf)
                    with lock:
                        run.faults += len(answers)
                        run.unconfirmed += sum(status == 503 for status, _code in answers)
                        run.more["other_answers"] += sum(
                            answer not in ((200, code), (503, "")) for answer in answers
                        )
        except BaseException as error:
            errors.append(error)
        finally:
            for browser in browsers:
                browser.close()

    lanes = [threading.Thread(target=lane, args=(at,)) for at in range(LANES)]
    for one in lanes:
        one.start()
    for one in lanes:
        one.join()
    if errors:
        raise errors[0]
    with site.servers[0].admin() as admin:
        run.tally = audit(admin, town)
    run.felt["receipts"] = run.tally.acknowledged
    return run


def _at_once(
    pool: ThreadPoolExecutor, browsers: list[Browser], town: Town, voter: Voter, rng: random.Random
) -> list[tuple[int, str]]:
    leaf, request = town.form(voter, town.choices(rng))
    sent = Sent(leaf, time.time())
    voter.sent.append(sent)
    barrier = threading.Barrier(len(browsers))

    def press(browser: Browser) -> tuple[int, str]:
        barrier.wait()
        status, page = browser.send(request)
        found = CODE.search(page)
        return status, found[1] if found else ""

    answers = list(pool.map(press, browsers))
    sent.acknowledged = any(status == 200 for status, _code in answers)
    return answers


# --- forms that must not work ---------------------------------------------------------------------------


def fields_of(request: Request) -> dict[str, str]:
    """The fields a form sends."""
    return {name: values[0] for name, values in parse_qs((request.body or b"").decode()).items()}


def garbled(rng: random.Random, value: str) -> str:
    """The value with one letter changed, lost or added."""
    at, letter = rng.randrange(len(value)), rng.choice("0123456789abcdefXYZ-_.")
    kind = rng.randrange(3)
    changed = value[:at] + (letter if kind else "") + value[at + (kind != 2) :]
    return changed if changed != value else value + letter


def stale_forms(site: Site, tries: int, seed: int) -> Run:
    """Every way a form can be wrong, one after the other: refused with a sentence, and the box as it was."""
    rng, run = random.Random(seed), Run(more=Counter(not_refused=0, without_a_sentence=0, written=0))
    town, other_town = site.town(VOTERS), site.town(VOTERS, closes_in=timedelta(days=2))
    over = site.town(VOTERS, closes_in=timedelta(seconds=3))
    browser = Browser(site.web.port)
    try:
        time.sleep(max(0.0, over.plan.closes_at.timestamp() - time.time() + 0.1))
        for _ in range(3):  # each process learns the rounds' plans before
            for voter in town.voters[:4]:
                leaf, request = town.form(voter, town.choices(rng))
                voter.sent.append(Sent(leaf, time.time(), browser.send(request)[0] == 200))
        # Else what is refused below is refused for another reason than what is wrong with it.
        run.felt["right_forms_taken"] = all(sent.acknowledged for voter in town.voters for sent in voter.sent)
        before = _kept(site)
        for number in range(tries):
            name, allowed, request = _wrong(site, rng, number, town, other_town, over)
            status, page = browser.send(request)
            run.faults += 1
            if status not in allowed:
                run.more["not_refused"] += 1
                run.told[f"{name} ({status})"] = 1
            run.more["without_a_sentence"] += status != 302 and not _sentence(page)
        run.more["written"] = _kept(site) != before
    finally:
        browser.close()
    with site.servers[0].admin() as admin:
        run.tally = audit(admin, town)
    return run


def _kept(site: Site) -> list[tuple[object, ...]]:
    with site.servers[0].admin() as admin:
        return admin.execute(
            "SELECT leaf, kind FROM cast_log UNION ALL SELECT leaf, nym::text FROM ballot_box ORDER BY 1, 2"
        ).fetchall()


def _sentence(page: str) -> bool:
    """Whether the page says something to a reader: a heading, and no bare error."""
    return bool(re.search(r"<h1[^>]*>[^<]{5,}", page)) and "Traceback" not in page


def _wrong(
    site: Site, rng: random.Random, number: int, town: Town, other_town: Town, over: Town
) -> tuple[str, tuple[int, ...], Request]:
    """One wrong form: what is wrong with it, the statuses that refuse it, and the request."""
    at, beside = rng.sample(range(VOTERS), 2)
    voter, second = town.voters[at], town.voters[beside]
    _leaf, request = town.form(voter, town.choices(rng))
    good = fields_of(request)
    foreign = fields_of(town.form(second, town.choices(rng))[1])
    there = fields_of(other_town.form(other_town.voters[at], other_town.choices(rng))[1])
    ended = over.form(over.voters[at], over.choices(rng))[1]
    session_of = {"Cookie": f"session={_other_session(site, voter)}"}
    cases = [
        ("another voter's form", (409,), town.post(voter, foreign)),
        ("another session's form", (400, 409), Request(request.path, "POST", request.body, request.headers | session_of)),
        ("another round's form", (409,), town.post(voter, there)),
        ("sent to another round", (409,), town.post(voter, good, other_town.slug)),
        ("another form's ballot", (409,), town.post(voter, good | {"ballot": foreign["ballot"]})),
        ("another form's id", (409,), town.post(voter, good | {"form_id": foreign["form_id"]})),
        ("garbled id", (409,), town.post(voter, good | {"form_id": garbled(rng, good["form_id"])})),
        ("garbled ballot", (409,), town.post(voter, good | {"ballot": garbled(rng, good["ballot"])})),
        ("garbled signature", (409,), town.post(voter, good | {"signature": garbled(rng, good["signature"])})),
        ("no signature", (409,), town.post(voter, {k: v for k, v in good.items() if k != "signature"})),
        ("no token", (400,), town.post(voter, {k: v for k, v in good.items() if k != "csrf_token"})),
        ("garbled token", (400,), town.post(voter, good | {"csrf_token": garbled(rng, good["csrf_token"])})),
        ("token alone", (409,), town.post(voter, {"csrf_token": good["csrf_token"]})),
        ("signed out", (302, 303, 400, 401, 403), Request(request.path, "POST", request.body,
                                                     {"Content-Type": "application/x-www-form-urlencoded"})),
        ("after the end", (403, 409), ended),
        ("a round that is not there", (404, 409), town.post(voter, good, "nicaieri")),
    ]  # fmt: skip
    return cases[number % len(cases)]


def _other_session(site: Site, voter: Voter) -> str:
    """The same account signed in somewhere else: the same token would do, the session is another."""
    with site.app.app_context():
        account = db.session.get_one(Account, int(voter.account.split(".")[0]))
        made = session_cookie(site.app, account, id="f" * 32)
        db.session.remove()
    return made

"""The moderation.* figures: a spam script against the real services, and real statements held by mistake.

The script's 500 posts of 20 new accounts come three times (at once, as fast as a new account may, and one a day from
each account), once in spaces as they come and once where everything is published at once; and once by forms over HTTP (`spam_http`).
"""

import csv
import logging
import tempfile
from collections import Counter
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from flask import Flask

from bench.results import Results
from bench.servers import bench_settings
from civic import clock
from civic.accounts.models import Account
from civic.actor import Actor
from civic.app import create_app
from civic.errors import DomainError
from civic.extensions import db
from civic.moderation.gate import likeness
from civic.moderation.gate import service as gate
from civic.moderation.gate.models import GateText
from civic.moderation.gate.queries import find_current
from civic.moderation.gate.rules import Mode, Outcome
from civic.moderation.gate.spaces import spaces
from civic.moderation.gate.traces import trace_of
from civic.unit_of_work import unit_of_work
from consultations.agora.arguing import service as arguing
from consultations.agora.statements import service as statements
from consultations.contributions import sending
from consultations.drafting import service as drafting
from proposals import service as proposals
from proposals.comments import service as comments
from proposals.rules import Draft
from soak import queue_walk, spam_http
from soak.campaign import Post, posts
from soak.spam_place import ACCOUNTS, NETWORKS, PACES, POSTS, Place, count_visible, make_place
from tests.factories import make_account
from tests.polis import CONVERSATIONS
from tests.support import SHARED


def _send(actor: Actor, post: Post, place: Place, now: datetime) -> None:
    if post.place == "comments":
        comments.add_comment(actor, place.proposal, post.text, now)
    elif post.place == "arguments":
        said = arguing.Said("argument", post.text[:500], "for")
        arguing.write(actor, place.debate.id, said, arguing.Speaker(), now)
    elif post.place == "statements":
        statements.add(actor, place.debate.id, post.text[:140], now)
    elif post.place == "contributions":
        sending.send(actor, place.consultation, sending.Message("Ion Pop", post.text), [], "ro", now)
    elif post.place == "remarks":
        drafting.annotate(actor, place.consultation.id, place.key, drafting.Said("comment", post.text), now)
    else:
        draft = proposals.start_draft(actor, now)
        typed = Draft(post.title, post.text, post.text, place.neighbourhood_id, place.category_id)
        proposals.save_draft(actor, draft.id, typed, now, seen_version=draft.version, editor="x")
        proposals.submit_proposal(actor, draft.id, now)


def run_script(pace: str, mode: Mode | None, seed: int, number: int = POSTS) -> Counter[str]:
    """Send the posts at a pace; how many are visible at the end, and what became of the others.

    `mode` is put in force in every space that has it; None leaves them as they come.
    """
    place, begun = make_place(), clock.now()
    staff = make_account("staff").as_actor()
    for key, space in spaces().items():
        if mode is not None and mode in space.modes and mode != space.modes[0]:
            current = find_current(key)
            if current is None:
                gate.change_mode(staff, key, 0, mode, "Măsurăm.", begun)
    accounts = [make_account(created_at=begun) for _ in range(ACCOUNTS)]
    ids, told = [one.id for one in accounts], Counter[str]()
    db.session.commit()
    for at, post in enumerate(posts(seed, number, ACCOUNTS)):
        now = begun + PACES[pace](at)
        trace = trace_of(f"203.0.113.{post.account % NETWORKS}", f"program {post.account}", now)
        actor = Actor(id=ids[post.account], display_name="Ion", email_confirmed=True, trace=trace)
        try:
            with unit_of_work():
                _send(actor, post, place, now)
            told["taken"] += 1
        except DomainError as error:
            told[type(error).__name__] += 1
    told["visible"] = count_visible(ids)
    return told


# --- real statements -------------------------------------------------------------------------------------


def read_statements(folder: Path) -> list[tuple[datetime, str, str]]:
    """When, by whom and what, in the order in which it was written."""
    with (folder / "comments.csv").open(newline="") as file:
        rows = [
            (datetime.fromtimestamp(int(row["timestamp"]) / 1000, UTC), row["author-id"], row["comment-body"])
            for row in csv.DictReader(file)
        ]
    return sorted(rows)


def hold_statements(rows: list[tuple[datetime, str, str]]) -> Counter[str]:
    """Put real statements before the gate, each as the first day of a new account would be judged.

    Everyone's account is made with their first statement; limits of number are left aside, for nothing of theirs is
    a judgement about a text. The space publishes at once, so that only what looks like spam waits.
    """
    if find_current("statements") is None:
        staff = make_account("staff").as_actor()
        gate.change_mode(staff, "statements", 0, Mode.AFTER, "Măsurăm.", clock.now())
    found: Counter[str] = Counter()
    accounts: dict[str, Account] = {}
    for at, who, words in rows:
        if who not in accounts:
            accounts[who] = make_account(created_at=at)
        actor = Actor(id=accounts[who].id, display_name="Om", email_confirmed=True)
        found["all"] += 1
        with unit_of_work():
            ruling = gate.weigh(actor, gate.Piece("statements", words, subject_id=found["all"]), at)
            if ruling.outcome == Outcome.REFUSE:
                ruling = gate.weigh(
                    Actor(id=None), gate.Piece("statements", words, subject_id=found["all"]), at
                )
            found[f"held for {ruling.why}" if ruling.held else "published"] += 1
            found["held"] += ruling.held
            # The gate remembers a text by its number; of these statements nothing else is stored.
            note_text(actor, ruling, found["all"], at)
    return found


def note_text(actor: Actor, ruling: gate.Ruling, number: int, now: datetime) -> None:
    """Remember a text as `gate.keep` does, without a case, for there is nothing to look at."""
    db.session.add(
        GateText(
            space=ruling.space, subject_kind="agora_statement", subject_id=number, account_id=actor.id,
            trust=str(ruling.trust), held_for="", at=now, sketch=list(ruling.sketch),
            keys=list(likeness.keys(ruling.sketch)), links=list(ruling.links),
        )
    )  # fmt: skip


# --- figures ---------------------------------------------------------------------------------------------


def _fresh(app: Flask, run: Callable[[], Any]) -> Any:
    """Run on an empty gate, in a context of its own."""
    with app.app_context(), app.test_request_context():
        db.session.query(GateText).delete()
        db.session.commit()
        return run()


def measure(results: Results, rounds: int | None, only: str) -> None:
    """Take the figures asked for. `rounds` are the posts sent over HTTP, all 500 unless told."""
    names = ("moderation.spam.visible", "moderation.falsehold.share", "moderation.case.")
    if not any(name.startswith(only) or only.startswith(name) for name in names):
        return
    logging.getLogger("alembic").setLevel(logging.WARNING)
    with tempfile.TemporaryDirectory(prefix="civic-spam-") as name:
        folder = Path(name)
        folder.chmod(0o755)
        postgres, settings = bench_settings(folder)
        app = create_app(settings)
        try:
            if "moderation.case.".startswith(only) or only.startswith("moderation.case"):
                queue_walk.measure_walk(results, app)
            if not only.startswith("moderation.case"):
                _measure(results, app, rounds or POSTS)
        finally:
            with app.app_context():
                for engine in db.engines.values():
                    engine.dispose()
            postgres.stop()


def _measure(results: Results, app: Flask, over_http: int) -> None:
    visible = 0
    for mode in (None, Mode.AFTER):
        for pace in PACES:
            told = _fresh(app, lambda pace=pace, mode=mode: run_script(pace, mode, results.seed))
            print(f"  {pace}, {mode or 'spaces as they come'}: {dict(told)}", flush=True)
            visible += told["visible"]
    told = _fresh(app, lambda: spam_http.run_over_http(app, "at once", results.seed, over_http, ACCOUNTS))
    print(f"  at once, over HTTP: {dict(told)}", flush=True)
    visible += told["visible"]
    reference = (
        f"{POSTS} posts of {ACCOUNTS} new accounts, at three paces, before and after moderation;"
        f" {over_http} by forms over HTTP"
    )
    results.add("moderation.spam.visible", visible, "posts", reference, 2 * len(PACES) + 1)
    if not SHARED.is_dir():
        results.add("moderation.falsehold.share", None, "", f"needs the reference data in {SHARED}")
        return
    found: Counter[str] = Counter()
    for name in CONVERSATIONS:
        rows = read_statements(SHARED / "polis" / name)
        found += _fresh(app, lambda rows=rows: hold_statements(rows))
    print(f"  {dict(found)}", flush=True)
    share = found["held"] / found["all"]
    reference = f"{found['all']} statements of {len(CONVERSATIONS)} real conversations, of new accounts"
    results.add("moderation.falsehold.share", share, "", reference, len(CONVERSATIONS))

"""The spam script through the door that everybody uses: people who register, confirm, sign in and send forms.

Each account is a browser of its own. It registers, opens the link of its letter, and sends every post by the form of
the page it stands on, with the token of that form; nothing is stored past the views. What counts at the end is what
somebody who has no account reads.
"""

import re
from collections import Counter
from datetime import timedelta
from html import unescape
from typing import Any

from flask import Flask, url_for
from sqlalchemy import select
from werkzeug.test import TestResponse

from civic import clock
from civic.accounts.models import Account
from civic.extensions import db
from civic.outbox import OutboxMessage
from civic.text import clean_text
from soak.campaign import Post, posts
from soak.spam_place import NETWORKS, PACES, Place, count_visible, make_place
from tests.factories import make_account
from tests.pageclient import Page, PageClient

PASSWORD = "Un-tramvai-galben-la-Obor-7"


class Browser:
    """One person's browser: its cookies, its network, its program."""

    def __init__(self, app: Flask, number: int) -> None:
        self.app = app
        self.address = f"spam{number}@civic.example"
        self.client = PageClient(app)
        self.client.browser.environ_base |= {
            "REMOTE_ADDR": f"203.0.113.{number % NETWORKS}", "HTTP_USER_AGENT": f"program {number}",
        }  # fmt: skip

    def ask(self, method: str, path: str, data: dict[str, Any] | None = None) -> TestResponse:
        """One request, answered by the whole application."""
        return self.client.ask(method, path, data)

    def send(self, path: str, action: str, typed: dict[str, Any]) -> int:
        """Fill in the form of a page and send it as it stands there; the status of the answer."""
        answer = self.ask("GET", path)
        if answer.status_code != 200:
            return answer.status_code
        page = Page(answer, self.app, fragment=False, language="ro")
        found = [
            form for form in page.all("form")
            if action in form.get("action", "") and form.get("method", "").lower() == "post"
        ]  # fmt: skip
        if not found:
            return 0
        fields = {**page.form(action), **typed}
        return self.ask("POST", found[0].get("action", ""), fields).status_code

    def join(self) -> None:
        """Register, open the letter's link, sign in."""
        typed = {"display_name": "Ion", "email": self.address, "password": PASSWORD}
        assert self.send("/register", "/register", typed) == 303
        letter = db.session.scalars(
            select(OutboxMessage.body)
            .where(OutboxMessage.address == self.address)
            .order_by(OutboxMessage.id.desc())
        ).first()
        assert letter is not None
        link = re.search(r"https?://[^/\s]+(/confirm/\S+)", letter)
        assert link is not None
        assert self.send(link[1], "/confirm/", {"password": PASSWORD}) == 303


def _post(one: Browser, post: Post, place: Place) -> int:
    """Send one post where it goes; the status that the form was answered with."""
    consultation, debate = f"/consultations/{place.consultation.id}", f"/agora/{place.debate.id}"
    if post.place == "comments":
        return one.send(f"/proposals/{place.proposal.id}", "/comments", {"body": post.text})
    if post.place == "arguments":
        return one.send(f"{debate}/argue", "/argue", {"body": post.text[:500], "side": "for"})
    if post.place == "statements":
        return one.send(f"{debate}/statements", f"{debate}/statements", {"text": post.text[:140]})
    if post.place == "contributions":
        return one.send(f"{consultation}/contribute", "/contribute", {"name": "Ion Pop", "body": post.text})
    if post.place == "remarks":
        path = f"{consultation}/text/{place.key}"
        return one.send(path, path, {"kind": "comment", "body": post.text})
    started = one.ask("POST", "/proposals/new", {"csrf_token": one.client.csrf_token()})
    if started.status_code != 303:
        return started.status_code
    typed = {
        "title": post.title, "problem": post.text, "idea": post.text, "neighbourhood": str(place.neighbourhood_id),
        "category": str(place.category_id), "action": "submit",
    }  # fmt: skip
    return one.send(started.location, "/edit", typed)


def read_by_anyone(app: Flask, sent: list[Post], place: Place) -> int:
    """How many of the posts stand on a page that somebody without an account, or with another one, opens."""
    with app.test_request_context():
        paths = [
            url_for("proposals.index"), f"/proposals/{place.proposal.id}", f"/agora/{place.debate.id}",
            f"/agora/{place.debate.id}?order=newest", f"/agora/{place.debate.id}/statements",
            f"/consultations/{place.consultation.id}", f"/consultations/{place.consultation.id}/contributions",
            f"/consultations/{place.consultation.id}/text", f"/consultations/{place.consultation.id}/text/{place.key}",
        ]  # fmt: skip
    reader, member = PageClient(app), PageClient(app)
    member.sign_in(make_account())
    shown = " ".join(
        " ".join(unescape(client.ask("GET", path).get_data(as_text=True)).split())
        for client in (reader, member)
        for path in paths
    )
    return sum(" ".join(clean_text(post.text[:140]).split()) in shown for post in sent)


def run_over_http(app: Flask, pace: str, seed: int, number: int, accounts: int) -> Counter[str]:
    """Send the posts at a pace by forms; what was answered, and how many can be read at the end."""
    place = make_place()
    browsers = [Browser(app, at) for at in range(accounts)]
    for one in browsers:
        one.join()
    told: Counter[str] = Counter()
    sent = list(posts(seed, number, accounts))
    try:
        for at, post in enumerate(sent):
            clock.travel(PACES[pace](at))
            told[f"answered {_post(browsers[post.account], post, place)}"] += 1
        told["read by anyone"] = read_by_anyone(app, sent, place)
    finally:
        clock.travel(timedelta(0))
    names = [one.address for one in browsers]
    ids = list(db.session.scalars(select(Account.id).where(Account.email.in_(names))))
    told["visible"] = max(told["read by anyone"], count_visible(ids))
    return told

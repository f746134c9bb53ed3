"""Voters ready to cast: signed in, choices made, review page open; only the cast itself is left to measure."""

import http.client
import random
import re
from dataclasses import replace
from decimal import Decimal
from urllib.parse import urlencode

from flask import Flask
from flask.sessions import SecureCookieSessionInterface

from bench.city import CHOICES, City
from bench.load import Request
from civic.accounts.models import Account
from civic.extensions import db
from civic.rounds.models import Round
from voting import cart as carts
from voting import round_queries

_HIDDEN = re.compile(r'<input[^>]*type="hidden"[^>]*>')
_ATTRIBUTE = re.compile(r'(\w+)="([^"]*)"')


def session_cookie(app: Flask, account: Account, **more: str) -> str:
    """A session signed as the application signs it, with what else it should hold."""
    serializer = SecureCookieSessionInterface().get_signing_serializer(app)
    assert serializer is not None
    return serializer.dumps({"_user_id": account.get_id(), "_fresh": True, "csrf_token": "0" * 40, **more})


def casts(app: Flask, city: City, port: int, count: int, seed: int) -> list[Request]:
    """`count` POSTs, each of another voter, with the form their own review page gave them."""
    rng = random.Random(seed)
    prepared = []
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    with app.app_context():
        round_ = db.session.get_one(Round, city.round_id)
        plan = round_queries.plan_of(round_)
        assert plan is not None
        for account_id in city.account_ids[:count]:
            account = db.session.get_one(Account, account_id)
            choices = {code: Decimal(1) for code in rng.sample(city.codes, CHOICES)}
            cart = carts.Cart.empty(plan, account.person_id or 0, round_.slug, round_.name).holding(
                plan, choices
            )
            with app.test_request_context():
                response = carts.keep(app.config["SETTINGS"], app.make_response(""), replace(cart))
                cart_cookie = response.headers["Set-Cookie"].split(";")[0]
            cookies = f"session={session_cookie(app, account)}; {cart_cookie}"
            connection.request("GET", f"/rounds/{city.slug}/vote/review", headers={"Cookie": cookies})
            answer = connection.getresponse()
            page = answer.read().decode()
            if answer.status != 200:
                raise RuntimeError(f"review page: {answer.status}")
            form = page[page.index("/vote/cast") :]
            fields = [dict(_ATTRIBUTE.findall(tag)) for tag in _HIDDEN.findall(form[: form.index("</form>")])]
            body = urlencode({field["name"]: field["value"] for field in fields}).encode()
            headers = {"Cookie": cookies, "Content-Type": "application/x-www-form-urlencoded"}
            prepared.append(Request(f"/rounds/{city.slug}/vote/cast", "POST", body, headers))
    return prepared

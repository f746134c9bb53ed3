"""Every address that takes a POST, sent what no browser sends: a refusal in the reader's language, never a crash.

Each address meets half of the bodies, and each body half of the addresses: a quarter from somebody who reads
Romanian, a quarter from an English reader.
"""

import re
from typing import Any

import pytest
from flask import Flask, render_template
from werkzeug.test import TestResponse

from civic import errors
from civic.accounts.models import Account
from civic.extensions import db
from civic.policy import Action, access_of, may
from tests.integration.guard.doors import DOORS, Door
from tests.integration.guard.private_world import World
from tests.pageclient import Page, PageClient, _forget_request

ANSWERS = {200, 303, 400, 403, 404, 409, 410, 413, 415, 422, 429}
FORM = "application/x-www-form-urlencoded"
#: name -> content type and body; TOKEN stands for a good token.
BODIES: dict[str, tuple[str, bytes]] = {
    "no field": (FORM, b"csrf_token=TOKEN"),
    "no token": (FORM, b"title=x"),
    "no UTF-8": (FORM, b"csrf_token=TOKEN&title=%ff%fe&%ed%a0%80=%ed%b0%80&text=\xff\xfe"),
    "the token twice": (FORM, b"csrf_token=TOKEN&csrf_token=x&title=x&title=y&action=&action=%00"),
    "a list for a value": (FORM, b"csrf_token=TOKEN&title[]=x&title[a][b]=y&ids=1&ids=1&ids=-1&departments=NaN"),
    "broken pairs": (FORM, b"csrf_token=TOKEN&&=&=x&%&;%zz&a=%"),
    "JSON": ("application/json", b'{"title": [1, {"a": null}], "csrf_token": "TOKEN"}'),
    "broken JSON": ("application/json", b"{"),
    "XML": ("text/xml", b"<?xml version='1.0'?><!DOCTYPE x [<!ENTITY y SYSTEM 'file:///etc/passwd'>]><x>&y;</x>"),
    "plain text": ("text/plain", b"csrf_token=TOKEN"),
    "no kind": ("", b"csrf_token=TOKEN"),
    "parts without a boundary": ("multipart/form-data", b"--x\r\n"),
    "parts cut off": ("multipart/form-data; boundary=x", b'--x\r\nContent-Disposition: form-data; name="title"\r\n\r\nabc'),
    "parts with a strange charset": (
        "multipart/form-data; boundary=x",
        b'--x\r\nContent-Disposition: form-data; name="csrf_token"\r\n\r\nTOKEN\r\n--x\r\nContent-Disposition: form-data; '
        b'name="title"; filename*=utf-9\'\'%ff\r\nContent-Type: text/plain; charset=\xff\r\n\r\n\xff\r\n--x--\r\n',
    ),
    "too many parts": (
        "multipart/form-data; boundary=x",
        b"".join(b'--x\r\nContent-Disposition: form-data; name="f%d"\r\n\r\n1\r\n' % n for n in range(2100)) + b"--x--\r\n",
    ),
}  # fmt: skip
#: Refusals that look the same at every address: one of each is read whole.
SAME_EVERYWHERE = {400, 404, 413, 415}
#: Ends the visit or the account, which the later bodies need.
LEAVE = {"/sign-out", "/account/sign-out-everywhere"}


def doors(app: Flask, world: World) -> dict[str, tuple[Door, str]]:
    """One door for every rule that takes a POST, and somebody who may pass it."""
    found = {}
    for rule in app.url_map.iter_rules():
        if "POST" not in (rule.methods or ()):
            continue
        known = [door for door in DOORS if door.method == "POST" and door.rule == rule.rule]
        door = (
            max(known, key=lambda one: len(one.passes))
            if known
            else Door("POST", rule.rule, "", lambda _w: {})
        )
        access = access_of(app, rule.endpoint)
        visitor = (
            door.passes[0]
            if door.passes
            else next(
                (
                    name
                    for name in ("neighbour", "staff", "moderator", "clerk", "colleague", "administrator")
                    if access != "public"
                    and may(db.session.get(Account, world.numbers[name]).as_actor(), Action(access))
                ),
                "stranger",
            )
        )
        found[rule.rule] = (door, visitor)
    return found


@pytest.mark.parametrize("language", ["ro", "en"])
def test_no_post_crashes_on_what_no_browser_sends(
    app: Flask,
    client: PageClient,
    world: World,
    language: str,
    short_refusals: None,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setitem(app.config, "RAISE_CRASHES", False)
    short = errors.render_template  # type: ignore[attr-defined]

    def short_when_read(template: str, **shown: Any) -> str:
        known = shown["status"] in SAME_EVERYWHERE and ("", shown["status"]) in read
        return (short if known else render_template)(template, **shown)

    monkeypatch.setattr(errors, "render_template", short_when_read)
    wrong: list[Any] = []
    read: set[tuple[str, int]] = set()  # one page of a kind is read: reading is what takes long
    for place, (rule, (door, visitor)) in enumerate(doors(app, world).items()):
        if rule in LEAVE:
            continue
        path = rule
        for name, value in door.values(world).items():
            for mark in (f"<int:{name}>", f"<path:{name}>", f"<{name}>"):
                path = path.replace(mark, str(value))
        path = re.sub(r"<(?:\w+:)?\w+>", "1", path)  # not on the list of doors yet
        if visitor == "stranger":
            client.sign_out()
        else:
            client.sign_in(db.session.get(Account, world.numbers[visitor]))
        token = client.csrf_token().encode()
        for step, (kind, (content_type, body)) in enumerate(BODIES.items()):
            if (place + step) % 4 != (0 if language == "ro" else 2):
                continue
            client.speak(language)  # a saved profile brings its own language
            response = _answer(client, path, body.replace(b"TOKEN", token), content_type)
            seen = ("" if response.status_code in SAME_EVERYWHERE else rule, response.status_code)
            if response.status_code not in ANSWERS:
                wrong.append((rule, visitor, kind, response.status_code))
            elif response.mimetype == "text/html" and response.status_code != 303 and seen not in read:
                read.add(seen)
                page = response.get_data(as_text=True)
                try:
                    Page(response, app, fragment="<html" not in page, language=language)
                except AssertionError as error:
                    wrong.append((rule, kind, str(error)[:200]))
    assert not wrong, "\n".join(str(one) for one in wrong)


def _answer(client: PageClient, path: str, body: bytes, content_type: str) -> TestResponse:
    """What a POST is answered; what it changed is undone, its message to the next page included."""
    db.session.remove()
    point = db.engines[None].begin_nested()  # type: ignore[attr-defined]
    _forget_request()
    response = client.browser.post(path, data=body, content_type=content_type)
    _forget_request()
    db.session.remove()
    point.rollback()
    if response.status_code == 303:
        with client.browser.session_transaction() as session:
            session.pop("_flashes", None)
    return response

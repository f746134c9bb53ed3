"""Every gate of the site, walked: who is let through, and no POST without its token."""

from typing import Any

import pytest
from flask import Flask, Response
from werkzeug.routing import Rule

from civic.actor import ANONYMOUS, Actor, Role
from civic.policy import Action, access_of, may

#: What an auditor may send: what every account holder may, for their own account and voice.
OWN_VOICE = {
    Action.USE_ACCOUNT, Action.FOLLOW, Action.PROPOSE, Action.COMMENT, Action.REPORT_CONTENT, Action.APPEAL,
    Action.VOTE, Action.CONTRIBUTE,
}  # fmt: skip


#: What asks for a count and changes nothing of the city's: auditors may send it too.
ASKS_ONLY = {Action.TRY_COUNTS}


def as_role(*roles: Role) -> Actor:
    return Actor(id=2**31 - 1, display_name="Om", roles=frozenset(roles), departments=frozenset())


def posts(app: Flask) -> list[Rule]:
    return [rule for rule in app.url_map.iter_rules() if "POST" in (rule.methods or set())]


def path_of(app: Flask, rule: Rule) -> str:
    values: dict[str, Any] = dict.fromkeys(rule.arguments, 1)
    return app.url_map.bind("localhost").build(rule.endpoint, values, method="POST")


@pytest.fixture
def guarded(app: Flask, monkeypatch: pytest.MonkeyPatch, short_refusals: None) -> Flask:
    """The application whose gates alone answer: a view behind them only says that it was reached."""
    for endpoint, view in list(app.view_functions.items()):

        def reached(**_values: Any) -> Response:
            return Response("reached", 299)

        reached.civic_access = getattr(view, "civic_access", None)  # type: ignore[attr-defined]
        monkeypatch.setitem(app.view_functions, endpoint, reached)
    monkeypatch.setitem(app.config, "WTF_CSRF_ENABLED", False)
    return app


def send(app: Flask, monkeypatch: pytest.MonkeyPatch, actor: Actor, rule: Rule, method: str) -> int:
    from flask import g

    def become() -> None:
        g.actor = actor

    hooks = app.before_request_funcs[None]
    # The actor is set after the session was read and before the guard asks.
    place = next(at for at, hook in enumerate(hooks) if hook.__name__ == "guard")
    monkeypatch.setitem(app.before_request_funcs, None, [*hooks[:place], become, *hooks[place:]])
    try:
        return (
            app.test_client()
            .open(path_of(app, rule) if method == "POST" else rule.rule, method=method)
            .status_code
        )
    finally:
        monkeypatch.setitem(app.before_request_funcs, None, hooks)


@pytest.mark.parametrize(
    "actor",
    [ANONYMOUS, as_role(), *(as_role(role) for role in Role)],
    ids=lambda actor: "+".join(actor.roles) or str(actor.id),
)
def test_every_post_lets_through_its_roles_and_nobody_else(guarded, monkeypatch, actor):
    for rule in posts(guarded):
        access = access_of(guarded, rule.endpoint)
        status = send(guarded, monkeypatch, actor, rule, "POST")
        if access == "public" or may(actor, Action(access)):
            assert status == 299, (rule.endpoint, status)
        else:
            assert status == (403 if actor.is_authenticated else 303), (rule.endpoint, status)


def test_residents_and_auditors_change_only_what_is_their_own(session_app):
    for rule in posts(session_app):
        access = access_of(session_app, rule.endpoint)
        if rule.rule.startswith("/staff"):
            assert access != "public", rule.endpoint
            assert not may(as_role(), Action(access)), rule.endpoint
            assert access in ASKS_ONLY or not may(as_role(Role.AUDITOR), Action(access)), rule.endpoint
        elif access != "public":
            assert access in OWN_VOICE or not may(as_role(Role.AUDITOR), Action(access)), rule.endpoint


def test_pages_of_the_staff_are_closed_to_residents(session_app):
    for rule in session_app.url_map.iter_rules():
        if rule.rule.startswith("/staff"):
            access = access_of(session_app, rule.endpoint)
            assert access != "public", rule.endpoint
            assert not may(as_role(), Action(access)), rule.endpoint


#: Taken by what is signed in their own address, from mail programs that know no form.
SIGNED_ADDRESS = {"notifications.unsubscribe_now"}


def test_no_post_is_taken_without_its_token(app, short_refusals):
    browser = app.test_client()
    for rule in posts(app):
        if rule.endpoint in SIGNED_ADDRESS:
            assert browser.post(path_of(app, rule), data={"anything": "1"}).status_code == 404, rule.endpoint
            continue
        response = browser.post(path_of(app, rule), data={"anything": "1"})
        assert response.status_code == 400, (rule.endpoint, response.status_code)
        assert "altă sesiune" in response.get_data(as_text=True), rule.endpoint

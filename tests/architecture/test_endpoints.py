"""Every endpoint says who may open it, and a POST that changes something commits in one place."""

from flask import Flask

from civic.policy import Action, access_of


def test_every_endpoint_is_marked(session_app: Flask) -> None:
    unmarked = [
        rule.endpoint
        for rule in session_app.url_map.iter_rules()
        if access_of(session_app, rule.endpoint) is None
    ]
    assert not unmarked


def test_marks_are_known(session_app: Flask) -> None:
    for rule in session_app.url_map.iter_rules():
        access = access_of(session_app, rule.endpoint)
        assert access == "public" or access in set(Action), rule.endpoint


def test_an_endpoint_that_only_reads_takes_no_post(session_app: Flask) -> None:
    """A view for POST either commits through `@writes` or says that it commits itself or writes nothing."""
    for rule in session_app.url_map.iter_rules():
        view = session_app.view_functions[rule.endpoint]
        if "POST" in (rule.methods or set()):
            assert getattr(view, "civic_writes", False) or getattr(view, "civic_writes_nothing", False), (
                rule.endpoint
            )

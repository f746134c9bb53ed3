"""What a request is freed of before any view reads it."""

from flask import Flask, request
from werkzeug.test import EnvironBuilder, run_wsgi_app

from tests.pageclient import PageClient


def answer_to(app: Flask, query: str) -> str:
    """The status of a page asked with a query of raw bytes, as a browser never sends and a server passes on."""
    environ = EnvironBuilder(path="/proposals", base_url="http://localhost").get_environ()
    environ["QUERY_STRING"] = query
    return run_wsgi_app(app, environ)[1]


def test_a_query_that_is_no_utf_8_is_answered(app: Flask) -> None:
    assert answer_to(app, "q=\xff\xfe&page=\xed\xa0\x80") == "200 OK"
    assert answer_to(app, "q=parc\xc3") == "200 OK"


def test_what_was_typed_is_shown_again_without_what_no_page_can_show(client: PageClient) -> None:
    typed = "ioana\x00\x01\x85\uffff@"
    page = client.post("accounts.sign_in", {"email": typed, "password": "\x00"}, expect=422)
    assert page.form("sign-in")["email"] == "ioana@"


def test_fields_and_query_values_are_clean_and_otherwise_untouched(app: Flask) -> None:
    with app.test_request_context(
        "/?q=a%00%08b&q=%EF%BF%BF&next=%2Fx%3Fy%3D1",
        method="POST",
        data={"text": "  ă\r\n\tș\x00 ", "ids": ["1", "2\x1f"], "ord\u202er": "\u202e"},
    ):
        assert request.args.getlist("q") == ["ab", ""]
        assert request.args["next"] == "/x?y=1"
        assert request.form["text"] == "  ă\r\n\tș "
        assert request.form.getlist("ids") == ["1", "2"]
        assert request.values["ord\u202er"] == "\u202e"
        assert request.full_path.startswith("/?q=a%08b")


def test_fields_sent_in_parts_are_clean_too(app: Flask) -> None:
    body = b'--x\r\nContent-Disposition: form-data; name="title"\r\n\r\na\x00b\xff\r\n--x--\r\n'
    kind = "multipart/form-data; boundary=x"
    with app.test_request_context("/", method="POST", data=body, content_type=kind):
        assert request.form["title"] == "ab\ufffd"

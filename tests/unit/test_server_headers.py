"""What the web server adds to every answer by itself."""

from types import SimpleNamespace

from gunicorn.http import wsgi

from civic.server import nameless_headers


def test_no_answer_tells_which_server_it_came_from() -> None:
    request = SimpleNamespace(version=(1, 1), method="GET", should_close=lambda: False)
    response = wsgi.Response(request, None, SimpleNamespace())
    response.status, response.status_code, response.chunked = "200 OK", 200, False
    lines = nameless_headers(response)
    assert lines[0] == "HTTP/1.1 200 OK\r\n"
    assert not [line for line in lines if "gunicorn" in line.lower() or line.startswith("Server")]
    assert [line.split(":")[0] for line in lines[1:]][:2] == ["Date", "Connection"]

"""A line between the application and PostgreSQL that can be cut at any message, in either direction."""

import contextlib
import socket
import threading
from collections.abc import Callable

#: Asked of each message the application sends, by its number since `listen_from_now`: what to do with it.
Verdict = Callable[[int, bytes], str]

PASS, CUT_BEFORE, CUT_AFTER, SWALLOW = "pass", "cut before", "cut after", "swallow the reply"


class Proxy:
    """Forwards between a port of its own and a server's, message by message."""

    def __init__(self, port: int) -> None:
        self.server_port = port
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port = int(self._listener.getsockname()[1])
        self._lock = threading.Lock()
        self._lines: list[socket.socket] = []
        self.refusing = False
        self.verdict: Verdict = lambda _number, _message: PASS
        self.seen = 0
        threading.Thread(target=self._accept, daemon=True).start()

    def close(self) -> None:
        """Stop listening and cut every line."""
        self._listener.close()
        self.cut()

    def cut(self) -> None:
        """Cut every line there is."""
        with self._lock:
            lines, self._lines = self._lines, []
        for line in lines:
            _end(line)

    def listen_from_now(self, verdict: Verdict) -> None:
        """Count messages anew and judge them."""
        self.seen, self.verdict = 0, verdict

    def _accept(self) -> None:
        while True:
            try:
                client, _address = self._listener.accept()
            except OSError:
                return
            if self.refusing:
                _end(client)
                continue
            server = socket.create_connection(("127.0.0.1", self.server_port))
            for line in (client, server):
                line.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            with self._lock:
                self._lines += [client, server]
            deaf = threading.Event()
            threading.Thread(target=self._forward, args=(client, server, deaf), daemon=True).start()
            threading.Thread(target=self._back, args=(server, client, deaf), daemon=True).start()

    def _forward(self, client: socket.socket, server: socket.socket, deaf: threading.Event) -> None:
        try:
            # What opens a connection has no type: its length comes first, and trust asks for nothing more.
            while (opening := _exactly(client, 4)) is not None:
                rest = _exactly(client, int.from_bytes(opening, "big") - 4)
                server.sendall(opening + (rest or b""))
                if rest and int.from_bytes(rest[:4], "big") == 196608:
                    break
            while (head := _exactly(client, 5)) is not None:
                body = _exactly(client, int.from_bytes(head[1:], "big") - 4)
                if body is None:
                    break
                with self._lock:
                    number, self.seen = self.seen, self.seen + 1
                verdict = self.verdict(number, head + body)
                if verdict == CUT_BEFORE:
                    break
                if verdict in (CUT_AFTER, SWALLOW):
                    deaf.set()
                server.sendall(head + body)
                if verdict == CUT_AFTER:
                    break
        except OSError:
            pass
        finally:
            if not deaf.is_set():
                _end(server)
            else:  # the server goes on with what it was given, and its answers go nowhere
                with contextlib.suppress(OSError):
                    server.shutdown(socket.SHUT_WR)
            _end(client)

    def _back(self, server: socket.socket, client: socket.socket, deaf: threading.Event) -> None:
        try:
            while data := server.recv(65536):
                if deaf.is_set():  # done, and nobody is told
                    break
                client.sendall(data)
        except OSError:
            pass
        finally:
            _end(client)
            _end(server)


def _exactly(line: socket.socket, size: int) -> bytes | None:
    data = b""
    while len(data) < size:
        more = line.recv(size - len(data))
        if not more:
            return None
        data += more
    return data


def _end(line: socket.socket) -> None:
    with contextlib.suppress(OSError):
        line.shutdown(socket.SHUT_RDWR)
    with contextlib.suppress(OSError):
        line.close()

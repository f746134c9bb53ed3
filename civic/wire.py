"""libpq itself, for what is asked so often that each layer above it is felt: who is signed in, and a cast.

A statement is prepared once on each connection, its values travel as they stand, several statements travel
together, and whoever waits for the answers does so for a limited time. Everything else goes through SQLAlchemy.
"""

import re
import select
import time
from collections.abc import Mapping
from hashlib import sha256
from types import TracebackType
from typing import Any

import psycopg
from psycopg import pq
from psycopg.adapt import Transformer
from psycopg.errors import InvalidSqlStatementName, error_from_result
from sqlalchemy import PoolProxiedConnection

_VALUE = re.compile(r"%\((\w+)\)s")
#: How long a request to stop may take before the line is simply cut.
STOP_SECONDS = 1.0


class TooLate(psycopg.OperationalError):
    """The server did not answer in the time it was given; what it did is not known."""


class Statement:
    """One statement with `%(name)s` where values go: whole numbers, text, bytes or nothing."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.values: list[str] = []
        self.numbered = _VALUE.sub(self._place, text).encode()
        self.name = b"civic_" + sha256(self.numbered).hexdigest()[:20].encode()

    def _place(self, value: re.Match[str]) -> str:
        if value[1] not in self.values:
            self.values.append(value[1])
        return f"${self.values.index(value[1]) + 1}"


class Memory:
    """What a connection remembers between conversations: what is prepared on it, and how to read its answers."""

    def __init__(self, connection: psycopg.Connection[Any]) -> None:
        self.prepared: set[bytes] = set()
        self.reader = Transformer(connection)


class Wire:
    """A conversation in libpq's pipeline, over a connection that nobody else uses meanwhile.

    The driver drops what is prepared after some rollbacks; then InvalidSqlStatementName is raised, nothing was done,
    and the same may be said again.
    An error in the block rolls the transaction back, or closes a connection of which nobody knows what it does.
    """

    def __init__(self, pooled: PoolProxiedConnection, give_up_at: float | None = None) -> None:
        self._connection: psycopg.Connection[Any] = pooled.driver_connection  # type: ignore[assignment]
        self._give_up_at = give_up_at
        memory = pooled.info.get("civic_wire")  # lives as long as the connection
        if memory is None:
            memory = pooled.info["civic_wire"] = Memory(self._connection)
        self._known, self._reader = memory.prepared, memory.reader
        self._pq = self._connection.pgconn
        self._socket = select.poll()
        #: for each result that is due, the statement it prepares, or None
        self._due: list[bytes | None] = []

    def __enter__(self) -> "Wire":
        self._pq.enter_pipeline_mode()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        try:
            if isinstance(error, TooLate):
                self._connection.cancel_safe(timeout=STOP_SECONDS)
            if self._due:
                self._connection.close()
            elif not self._connection.closed:
                self._pq.exit_pipeline_mode()
                if error is not None:
                    self._connection.rollback()
        except psycopg.Error:
            self._connection.close()
            if error is None:
                raise

    @property
    def in_transaction(self) -> bool:
        """Whether a transaction is open, as far as the answers read tell."""
        return self._pq.transaction_status != pq.TransactionStatus.IDLE

    def put(self, statement: Statement, values: Mapping[str, Any] | None = None) -> None:
        """Say a statement; it is sent when the answers are asked for."""
        if statement.name not in self._known and statement.name not in self._due:
            self._due.append(statement.name)
            self._pq.send_prepare(statement.name, statement.numbered)
        sent: list[bytes | None] = []
        formats = []
        for name in statement.values:
            value = values[name] if values else None
            formats.append(pq.Format.BINARY if isinstance(value, bytes) else pq.Format.TEXT)
            if isinstance(value, int | str):
                value = str(value).encode()
            elif value is not None and not isinstance(value, bytes):
                raise TypeError(f"{type(value).__name__} is not sent without an adapter")
            sent.append(value)
        self._pq.send_query_prepared(statement.name, sent, formats)
        self._due.append(None)

    def answers(self) -> list[pq.abc.PGresult]:
        """What came of every statement said since the last answers; raises the first error among them."""
        self._pq.pipeline_sync()
        self._socket.register(self._pq.socket, select.POLLIN)
        while self._pq.flush():
            self._wait(select.POLLIN | select.POLLOUT)
        found, failure, at = [], None, 0
        while (result := self._next()).status != pq.ExecStatus.PIPELINE_SYNC:
            # The last word of a server that ends the session is one answer more than was asked for.
            prepared, at = self._due[at] if at < len(self._due) else None, at + 1
            if result.status == pq.ExecStatus.FATAL_ERROR:
                failure = failure or result
            elif prepared is None:
                found.append(result)
            elif result.status == pq.ExecStatus.COMMAND_OK:
                self._known.add(prepared)
        self._due.clear()
        if failure is None:
            return found
        error = error_from_result(failure)
        if isinstance(error, InvalidSqlStatementName):
            self._known.clear()
        raise error

    def _next(self) -> pq.abc.PGresult:
        """The next result, once it is there."""
        while True:
            while self._pq.is_busy():
                self._wait(select.POLLIN)
            # Between the results of two statements stands an empty one.
            if (result := self._pq.get_result()) is not None:
                return result
            if self._pq.status == pq.ConnStatus.BAD:
                raise psycopg.OperationalError("the connection was lost")

    def _wait(self, events: int) -> None:
        """Until the socket is ready, but not for ever."""
        left = None if self._give_up_at is None else self._give_up_at - time.monotonic()
        self._socket.modify(self._pq.socket, events)
        if (left is not None and left <= 0) or not self._socket.poll(None if left is None else left * 1000):
            raise TooLate("no answer in time")
        self._pq.consume_input()

    def row(self, result: pq.abc.PGresult) -> tuple[Any, ...] | None:
        """The first row of a result."""
        if not result.ntuples:
            return None
        self._reader.set_pgresult(result)
        return self._reader.load_row(0, tuple)

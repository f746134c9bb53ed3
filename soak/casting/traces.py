"""What a vote leaves behind, as somebody with every right on the database server finds it: files, tables, dumps."""

import math
import re
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import psycopg

from soak.casting.postgres import Cluster

_HEX = re.compile(rb"[0-9a-f]{64}")
#: Fewer finds than this tell nothing about an order.
LEAST = 30

#: The values found at a place, in the order in which they stand there.
Order = list[bytes]


def in_bytes(data: bytes, wanted: Mapping[bytes, Any]) -> Order:
    """Every wanted value of 32 bytes in `data`, raw, by its first place."""
    if len(data) < 32:
        return []
    first = np.zeros(1 << 24, dtype=bool)
    first[[int.from_bytes(one[:3], "little") for one in wanted]] = True
    places: list[int] = []
    for shift in range(4):
        usable = (len(data) - shift) // 4 * 4
        words = np.frombuffer(data, dtype="<u4", count=usable // 4, offset=shift)
        places += (np.flatnonzero(first[words & 0xFFFFFF]) * 4 + shift).tolist()
    found: dict[bytes, None] = {}
    for place in sorted(places):
        value = data[place : place + 32]
        if value in wanted:
            found.setdefault(value)
    return list(found)


def in_text(data: bytes, wanted: Mapping[bytes, Any]) -> Order:
    """Every wanted value in `data`, written in hexadecimal, by its first place."""
    found: dict[bytes, None] = {}
    for match in _HEX.finditer(data):
        value = bytes.fromhex(match[0].decode())
        if value in wanted:
            found.setdefault(value)
    return list(found)


def in_files(folder: Path, wanted: Mapping[bytes, Any], prefix: str = "") -> dict[str, Order]:
    """Of every file under the folder, what is found in it; write-ahead segments are read as one, by their names."""
    found = {}
    segments: list[Path] = []
    for path in sorted(folder.rglob("*")):
        name = f"{prefix}{path.relative_to(folder)}"
        if not path.is_file():
            continue
        if re.fullmatch(r"[0-9A-F]{24}", path.name) and path.parent.name == "pg_wal":
            segments.append(path)
            continue
        data = path.read_bytes()
        found[f"file {name}"] = in_bytes(data, wanted)
        found[f"text of {name}"] = in_text(data, wanted)
    found["write-ahead log"] = in_bytes(b"".join(path.read_bytes() for path in segments), wanted)
    return {name: order for name, order in found.items() if order}


def in_dump(server: Cluster, wanted: Mapping[bytes, Any]) -> Order:
    """In the text of a dump of everything."""
    text = server.tool(
        "pg_dump", "-h", "127.0.0.1", "-p", str(server.port), "-U", "postgres", "civic", timeout=600
    )
    return in_text(text.encode(), wanted)


def list_tables(admin: psycopg.Connection) -> list[str]:
    """Every table that holds rows of its own."""
    return [
        name
        for (name,) in admin.execute(
            "SELECT c.relname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace"
            " WHERE n.nspname = 'public' AND c.relkind = 'r' ORDER BY 1"
        )
    ]


def in_tables(
    admin: psycopg.Connection, wanted: Mapping[Any, Any], kind: str, names: str = "."
) -> dict[str, list[Any]]:
    """Wanted values in columns of a type, by the rows' place and by the transactions that wrote them."""
    found: dict[str, list[Any]] = {}
    columns = admin.execute(
        "SELECT c.relname, a.attname FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid"
        " JOIN pg_namespace n ON n.oid = c.relnamespace WHERE n.nspname = 'public' AND c.relkind = 'r'"
        " AND a.atttypid = %s::regtype AND a.attnum > 0 AND NOT a.attisdropped AND a.attname ~ %s",
        [kind, names],
    ).fetchall()
    for table, column in columns:
        for how, order in (("place", "ctid"), ("transaction", "xmin::text::bigint, ctid DESC")):
            rows = admin.execute(f'SELECT "{column}" FROM "{table}" ORDER BY {order}')  # type: ignore[call-overload]
            values = dict.fromkeys(bytes(v) if isinstance(v, memoryview) else v for (v,) in rows)
            order_ = [value for value in values if value in wanted]
            if order_:
                found[f"{table}.{column} by {how}"] = order_
    return found


def fingerprints(admin: psycopg.Connection) -> dict[str, str | None]:
    """Every table's rows with their places and the transactions that made and locked them; every sequence."""
    found: dict[str, str | None] = {}
    for table in list_tables(admin):
        row = admin.execute(
            f"SELECT md5(string_agg(ctid::text || xmin::text || xmax::text || t::text, ',')) FROM \"{table}\" t"  # type: ignore[call-overload]
        ).fetchone()
        found[table] = row[0] if row else None
    for name, value in admin.execute("SELECT sequencename, last_value::text FROM pg_sequences"):
        found[f"sequence {name}"] = value
    return found


def end_sessions(admin: psycopg.Connection) -> None:
    """End the application's sessions: a session that rests keeps what it counted to itself for up to ten seconds."""
    admin.execute(
        "SELECT pg_terminate_backend(pid, 10000) FROM pg_stat_activity WHERE application_name LIKE 'civic%'"
    )
    admin.execute("SELECT pg_stat_clear_snapshot()")


def written(admin: psycopg.Connection) -> dict[str, int]:
    """Rows written, by table, as the server's statistics count them."""
    return dict(
        admin.execute("SELECT relname, n_tup_ins + n_tup_upd + n_tup_del FROM pg_stat_user_tables").fetchall()
    )


class Match(NamedTuple):
    """How far a guessed order follows the real one (Spearman's rank correlation), how far chance goes (five standard
    deviations), how many stand at just their real place among those found, and how many times as many as by chance
    stand near it: within half a percent, 15 places at least."""

    rho: float
    bound: float
    placed: int
    advantage: float


def compare(guessed: Iterable[Any], real: Mapping[Any, int]) -> Match:
    """A guessed order beside the real one."""
    order = [real[one] for one in guessed if one in real]
    if len(order) < LEAST:
        return Match(0.0, 1.0, 0, 1.0)
    ranks = np.argsort(np.argsort(np.array(order))).astype(float)
    places = np.arange(len(order), dtype=float)
    rho = float(np.corrcoef(ranks, places)[0, 1])
    count, near = len(order), max(LEAST // 2, len(order) // 200)
    by_chance = (count * (2 * near + 1) - near * (near + 1)) / count
    advantage = float((abs(ranks - places) <= near).sum()) / by_chance
    return Match(rho, 5 / math.sqrt(count - 1), int((ranks == places).sum()), advantage)

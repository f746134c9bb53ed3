"""The files of one kind while they are being written: how far they came is kept, so that a killed worker goes on.

The parts lie beside the data of the installation, what stands in them in the database: a part longer than the
database says is cut back to it, one that is shorter or gone is begun anew.
"""

import json
import os
from collections.abc import Iterable, Sequence
from datetime import datetime
from io import BufferedRandom
from pathlib import Path
from typing import Any

from flask import current_app
from sqlalchemy import delete, update
from sqlalchemy.dialects.postgresql import insert

from civic.config import Settings
from civic.extensions import db
from civic.opendata.models import ENDINGS, DataWriting
from civic.tables import BOM, Cell, append_csv
from civic.unit_of_work import unit_of_work

_FEATURES, _END = b'{"type": "FeatureCollection", "features": [', b"\n]}\n"


class Parts:
    """The three unfinished files of a kind; `last` is the key up to which they hold everything, `items` how many."""

    def __init__(self, name: str, heading: Sequence[str]) -> None:
        settings: Settings = current_app.config["SETTINGS"]
        folder = settings.data_dir / "opendata-parts"
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        self.name, self._heading = name, list(heading)
        self._paths: dict[str, Path] = {ending: folder / f"{name}.{ending}" for ending in ENDINGS}
        self.files: dict[str, BufferedRandom] = {}
        self.last = self.items = self._features = 0

    def open(self, since: datetime, now: datetime) -> None:
        """Go on with what was begun since a moment, or begin."""
        known = db.session.get(DataWriting, self.name)
        db.session.rollback()
        if known is not None and known.begun_at >= since and self._fits(known):
            self.last, self.items, self._features = known.last_key, known.items, known.features
            for ending, path in self._paths.items():
                file = self.files[ending] = path.open("r+b")
                file.truncate(known.sizes[ending])
                file.seek(0, os.SEEK_END)
            return
        self.files = {ending: path.open("w+b") for ending, path in self._paths.items()}
        self.files["csv"].write(BOM)
        append_csv([self._heading], self.files["csv"])
        self.files["geojson"].write(_FEATURES)
        values = {**self._state(), "begun_at": now, "failed_at": None}
        with unit_of_work():
            db.session.execute(
                insert(DataWriting)
                .values(name=self.name, **values)
                .on_conflict_do_update(index_elements=["name"], set_=values)
            )

    def _fits(self, known: DataWriting) -> bool:
        """Whether the parts hold what the database says, of the fields there are now."""
        return known.fields == self._heading and all(
            path.exists() and path.stat().st_size >= known.sizes.get(ending, 0)
            for ending, path in self._paths.items()
        )

    def add(
        self, items: Sequence[dict[str, Any]], rows: Iterable[Sequence[Cell]], features: Iterable[Any]
    ) -> None:
        """Write some items, in each format."""
        append_csv(rows, self.files["csv"])
        for item in items:
            self.files["jsonl"].write(json.dumps(item, ensure_ascii=False).encode() + b"\n")
        for feature in features:
            between = b",\n" if self._features else b"\n"
            self.files["geojson"].write(between + json.dumps(feature, ensure_ascii=False).encode())
            self._features += 1
        self.items += len(items)
        if items:
            self.last = items[-1]["id"]

    def keep(self) -> None:
        """Remember how far they came."""
        for file in self.files.values():
            file.flush()
            os.fsync(file.fileno())
        with unit_of_work():
            db.session.execute(
                update(DataWriting).where(DataWriting.name == self.name).values(**self._state())
            )

    def _state(self) -> dict[str, Any]:
        return {
            "last_key": self.last, "items": self.items, "features": self._features, "fields": self._heading,
            "sizes": {ending: file.tell() for ending, file in self.files.items()},
        }  # fmt: skip

    def end(self) -> None:
        """Make them whole."""
        self.files["geojson"].write(_END)

    def close(self) -> None:
        """Let go of them, leaving them where they are."""
        for file in self.files.values():
            file.close()

    def forget(self) -> None:
        """Take them away once their files are stored; part of the caller's transaction."""
        db.session.execute(delete(DataWriting).where(DataWriting.name == self.name))
        for path in self._paths.values():
            path.unlink(missing_ok=True)

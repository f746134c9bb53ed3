"""Pure rules: a test here that touches the database fails."""

import pytest

from civic.extensions import db


@pytest.fixture(autouse=True)
def no_database(monkeypatch: pytest.MonkeyPatch) -> None:
    """A session that raises."""

    def refuse(*_args: object, **_kwargs: object) -> None:
        raise AssertionError("a unit test must not touch the database")

    monkeypatch.setattr(db.session, "execute", refuse)
    monkeypatch.setattr(db.session, "scalar", refuse)
    monkeypatch.setattr(db.session, "scalars", refuse)

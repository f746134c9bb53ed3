"""Values of the public history carry their kind and are said in the reader's language, the old ones too."""

from datetime import UTC, date, datetime

import pytest
from flask import Flask
from flask_babel import force_locale

from civic import timeline
from civic.extensions import db

NOW = datetime(2027, 3, 1, 9, 0, tzinfo=UTC)
MIDNIGHT = datetime(2027, 3, 31, 21, 0, tzinfo=UTC)


@pytest.fixture
def blanks(app: Flask, monkeypatch: pytest.MonkeyPatch) -> Flask:
    """An event whose sentence is its one blank."""
    monkeypatch.setitem(timeline._SENTENCES, "test.happened", "%(what)s")
    for name in ("until", "starts", "fingerprint"):
        monkeypatch.setitem(timeline._SENTENCES, f"test.{name}", f"%({name})s")
    return app


def said(event: str, data: dict[str, object]) -> str:
    timeline.add("round", 7, event, NOW, data=data)
    db.session.flush()
    db.session.expire_all()
    return timeline.list_events("round", 7)[-1].sentence.replace("\xa0", " ")


@pytest.mark.parametrize(
    ("value", "romanian", "english"),
    [
        (timeline.day_of(date(2027, 3, 31)), "31 martie 2027", "31 March 2027"),
        (timeline.until(MIDNIGHT), "miercuri, 31 martie 2027, ora 23:59", "31 March 2027"),
        (timeline.moment_of(NOW), "1 martie 2027, ora 11:00", "1 March 2027"),
        (timeline.fingerprint_of("0123456789abcdef"), "0123456789ab…", "0123456789ab…"),
        ("2027-03-31", "2027-03-31", "2027-03-31"),
        (3, "3", "3"),
    ],
)
def test_a_value_is_said_by_its_kind_whatever_its_name(
    blanks: Flask, value: object, romanian: str, english: str
) -> None:
    with force_locale("ro"):
        assert romanian in said("test.happened", {"what": value})
    with force_locale("en"):
        assert english in said("test.happened", {"what": value})


def test_entries_from_before_kinds_are_read_as_they_were(blanks: Flask) -> None:
    for name, stored, words in (
        ("until", MIDNIGHT.isoformat(), "31 martie 2027"),
        ("starts", NOW.isoformat(), "ora 11:00"),
        ("fingerprint", "0123456789abcdef", "0123456789ab…"),
    ):
        event = timeline.TimelineEvent(event=f"test.{name}", data={name: stored})
        with force_locale("ro"):
            assert words in event.sentence
    assert event.fingerprint == "0123456789abcdef"


def test_plain_words_are_never_taken_for_a_date_because_of_their_name(blanks: Flask) -> None:
    with pytest.raises(ValueError, match="kind"):
        timeline.add("round", 7, "test.until", NOW, data={"until": "sfârșitul lunii"})
    assert said("test.happened", {"what": "sfârșitul lunii"}) == "sfârșitul lunii"

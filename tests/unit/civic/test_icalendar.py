"""A calendar is what RFC 5545 says: lines of 75 octets at most, escaped text, moments in UTC."""

from datetime import UTC, datetime, timedelta, timezone

from hypothesis import given
from hypothesis import strategies as st

from civic.icalendar import MOST_OCTETS, Event, calendar, fold

START = datetime(2026, 5, 12, 17, 30, tzinfo=timezone(timedelta(hours=3)))
EVENT = Event(
    uid="meeting-1@civic.example", starts_at=START, ends_at=START + timedelta(hours=2),
    changed_at=datetime(2026, 5, 1, tzinfo=UTC), summary="Ședința; bugetul, pe scurt", location="Sala \\ mare",
    description="Rândul unu\nRândul doi", url="https://civic.example/meetings/1", sequence=4,
)  # fmt: skip


def unfolded(text: str) -> list[str]:
    return text.replace("\r\n ", "").split("\r\n")


def test_an_event_says_when_in_utc_and_escapes_its_words() -> None:
    lines = unfolded(calendar("Ședințe", [EVENT]))
    assert lines[0] == "BEGIN:VCALENDAR"
    assert lines[-2:] == ["END:VCALENDAR", ""]
    for wanted in (
        "VERSION:2.0", "UID:meeting-1@civic.example", "DTSTART:20260512T143000Z", "DTEND:20260512T163000Z",
        "DTSTAMP:20260501T000000Z", "SEQUENCE:4", "SUMMARY:Ședința\\; bugetul\\, pe scurt", "LOCATION:Sala \\\\ mare",
        "DESCRIPTION:Rândul unu\\nRândul doi", "URL:https://civic.example/meetings/1", "STATUS:CONFIRMED",
    ):  # fmt: skip
        assert wanted in lines


def test_a_cancelled_event_stays_and_says_so() -> None:
    gone = Event(**{**vars(EVENT), "cancelled": True})
    assert "STATUS:CANCELLED" in unfolded(calendar("x", [gone]))


@given(st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=400))
def test_folding_keeps_every_character_and_no_line_is_too_long(text: str) -> None:
    parts = fold(f"SUMMARY:{text}").split("\r\n")
    assert all(len(part.encode()) <= MOST_OCTETS for part in parts)
    assert parts[0] + "".join(part[1:] for part in parts[1:]) == f"SUMMARY:{text}"
    assert all(part.startswith(" ") for part in parts[1:])

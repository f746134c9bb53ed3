"""Real conversations exported from Polis, read from the reference data; see its README for source and licence."""

import csv
from pathlib import Path

from consultations.agora.opinions import VoteTable, read_votes

CONVERSATIONS = (
    "15-per-hour-seattle",
    "canadian-electoral-reform",
    "scoop-hivemind.biodiversity",
    "bg2050-volunteers",
)


def read_conversation(shared_data: Path, name: str) -> VoteTable:
    """The votes of a conversation without the statements its moderators removed."""
    folder = shared_data / "polis" / name
    with (folder / "comments.csv").open(newline="") as file:
        removed = [int(row["comment-id"]) for row in csv.DictReader(file) if row["moderated"] == "-1"]
    with (folder / "votes.csv").open(newline="") as file:
        rows = sorted(csv.DictReader(file), key=lambda row: int(row["timestamp"]))
    triples = ((int(row["voter-id"]), int(row["comment-id"]), int(row["vote"])) for row in rows)
    return read_votes(triples, removed)

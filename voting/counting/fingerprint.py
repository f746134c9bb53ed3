"""SHA-256 over what is counted, in a canonical form anybody can write down again."""

import hashlib
import json

import numpy as np

from voting.counting.amounts import amount_string
from voting.counting.instance import Instance
from voting.counting.profile import Profile

#: How many numbers are written out at a time.
_AT_ONCE = 2**20


def input_fingerprint(instance: Instance, profile: Profile) -> str:
    """SHA-256 over instance and profile: the same for any order of projects and ballots.

    First one JSON line each (UTF-8, no spaces, closed by a line feed): the budget limit and the currency; every
    project by id; the exclusive sets; the type of ballot, `max_length`, the ids that ballots name (sorted) and
    the scale of points. Then, as 64-bit little-endian integers, the columns of the profile: where each ballot
    starts, the places of its projects among those ids, the voters of each ballot, and the points if there are
    any (as one JSON line where they do not fit). Ballots are sorted by length, then projects, then points.
    """
    digest = hashlib.sha256()

    def add(value: object) -> None:
        digest.update(json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode() + b"\n")

    add(["instance", amount_string(instance.budget_limit), instance.currency])
    for project in sorted(instance.projects, key=lambda project: project.id):
        add([project.id, amount_string(project.cost), project.group, project.withdrawn])
    add(sorted(sorted(ids) for ids in instance.exclusive_sets))
    add(["profile", profile.ballot_type.value, profile.max_length, profile.ids, profile.point_scale])
    columns = [profile.starts, profile.members, profile.weights]
    if profile.points is not None:
        largest = int(profile.points.max(initial=0))
        if largest < 2**63:
            columns.append(profile.points)
        else:
            add(profile.points.tolist())
    for column in columns:
        for at in range(0, len(column), _AT_ONCE):
            digest.update(np.ascontiguousarray(column[at : at + _AT_ONCE], dtype="<i8").data)
    return digest.hexdigest()

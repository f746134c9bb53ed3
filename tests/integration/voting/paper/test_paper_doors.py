"""Every door of a prepared batch, from keying to acceptance: whom it refuses, and that it does its work for the others.

`tests/integration/guard` knocks at the same doors of a vote that is not prepared, where all of them are shut.
"""

from typing import Any

from flask import Flask

from civic.accounts.models import Account
from civic.extensions import db
from tests.factories import make_account, make_department, make_resident
from tests.integration.voting.paper.paperkit import DICE, PaperTeam
from tests.pageclient import PageClient, _forget_request
from voting.paper import queries

READERS, KEYERS, STAFF = {"clerk", "staff", "auditor"}, {"clerk", "staff"}, {"staff"}
ROLES = ("moderator", "clerk", "staff", "auditor", "administrator")


class House:
    """A visitor of each role, and the doors of one batch."""

    def __init__(self, app: Flask, team: PaperTeam) -> None:
        self.app, self.team = app, team
        self.base = f"/staff/rounds/{team.round_id}/paper/batches/{team.batch_id}"
        self.clients = {role: self.client(make_account(role)) for role in ROLES}
        evaluator = make_account("evaluator", department=make_department("Drumuri"))
        self.clients |= {
            "evaluator": self.client(evaluator),
            "resident": self.client(make_resident()),
            "stranger": PageClient(app),
        }

    def client(self, account: Account) -> PageClient:
        db.session.commit()
        one = PageClient(self.app)
        one.sign_in(account)
        return one

    def knock(self, one: PageClient, door: str, data: dict[str, Any] | None) -> int:
        """The status; `data` of None looks."""
        token = None if data is None else one.csrf_token()
        _forget_request()
        if data is None:
            response = one.browser.get(self.base + door)
        else:
            response = one.browser.post(self.base + door, data={**data, "csrf_token": token})
        _forget_request()
        db.session.rollback()
        if response.status_code == 303 and "/sign-in" in response.headers["Location"]:
            return 401
        return response.status_code

    def refuses(self, allowed: set[str], door: str, data: dict[str, Any] | None = None) -> None:
        """Everybody else is refused, before the door does anything for anybody."""
        for role, one in self.clients.items():
            if role not in allowed:
                assert self.knock(one, door, data) in (401, 403), (role, door)

    def shows(self, allowed: set[str], door: str) -> None:
        """A page for these roles, and for no others."""
        self.refuses(allowed, door)
        for role in allowed:
            assert self.knock(self.clients[role], door, None) == 200, (role, door)


def test_each_door_does_its_work_for_those_who_may_and_for_nobody_else(context: Flask) -> None:
    team = PaperTeam(context)
    team.hand_out(*team.people[:2])
    team.shut(2)
    house = House(context, team)
    clerks = [house.client(one) for one in team.clerks]

    def readings(serial: int) -> tuple[bool, bool, bool]:
        sheet = queries.find_sheet(team.round_id, serial, lock=True)
        found = sheet and (sheet.first_by_id, sheet.second_by_id, sheet.final)
        db.session.rollback()
        return tuple(one is not None for one in found) if found else (False, False, False)  # type: ignore[return-value]

    house.shows(READERS, "")
    # Keying: clerks and staff.
    house.shows(KEYERS, "/key")
    house.refuses(KEYERS, "/key", {"serial": "1", "marks": "1"})
    assert readings(1) == (False, False, False)
    assert house.knock(clerks[0], "/key", {"serial": "1", "marks": "1"}) == 303
    assert readings(1) == (True, False, False)
    assert house.knock(clerks[1], "/key", {"serial": "1", "marks": "2"}) == 303
    for clerk in clerks[:2]:
        assert house.knock(clerk, "/key", {"serial": "2", "marks": "1"}) == 303
    assert readings(1) == (True, True, False)
    assert readings(2) == (True, True, True)
    # Settling: any of them who did not key the sheet.
    house.shows(KEYERS, "/differences")
    house.shows(KEYERS, "/differences/1")
    house.refuses(KEYERS, "/differences/1", {"reading": "a"})
    for clerk in clerks[:2]:
        assert house.knock(clerk, "/differences/1", {"reading": "a"}) == 422
    assert readings(1) == (True, True, False)
    assert house.knock(clerks[2], "/differences/1", {"reading": "a"}) == 303
    assert readings(1) == (True, True, True)
    # The sample and the acceptance: council staff who read no sheet.
    draw = {"dice": DICE, "size": "99"}
    house.refuses(STAFF, "/draw", draw)
    assert queries.list_samples(team.batch_id) == []
    assert house.knock(house.clients["staff"], "/draw", draw) == 303
    house.shows(STAFF, "/sample")
    house.refuses(STAFF, "/sample", {"same": ["1", "2"]})
    house.refuses(STAFF, "/accept", {})
    assert queries.find_waiting_sample(team.batch_id) is not None
    db.session.rollback()
    assert house.knock(house.clients["staff"], "/sample", {"same": ["1", "2"]}) == 303
    assert house.knock(house.clients["staff"], "/accept", {}) == 303
    db.session.expire_all()
    assert team.batch.counted == 2


def test_the_staff_member_who_keyed_is_refused_where_a_colleague_is_not(context: Flask) -> None:
    team = PaperTeam(context)
    team.hand_out(*team.people[:1])
    team.shut(1)
    house = House(context, team)
    keyer, colleague = house.clients["staff"], house.client(team.staff)
    assert house.knock(keyer, "/key", {"serial": "1", "marks": "1"}) == 303
    team.key(0, 1, "1")
    draw = {"dice": DICE, "size": "99"}
    # The form says why, and keeps what was typed.
    assert house.knock(keyer, "/draw", draw) == 422
    assert house.knock(colleague, "/draw", draw) == 303
    assert house.knock(keyer, "/sample", None) == 403
    assert house.knock(keyer, "/sample", {"same": ["1"]}) == 403
    assert house.knock(colleague, "/sample", {"same": ["1"]}) == 303
    assert house.knock(keyer, "/accept", {}) == 403
    assert house.knock(colleague, "/accept", {}) == 303

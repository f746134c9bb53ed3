"""What many do at once: guessing, registering, and the last administrators leaving together."""

import threading
from collections.abc import Callable

import pytest
from flask import Flask

from civic import clock
from civic.accounts import administration, queries, service, signing_in
from civic.actor import Role
from civic.errors import Conflict, DomainError, NotAllowed
from civic.extensions import db
from civic.unit_of_work import unit_of_work
from tests.factories import make_account

GOOD = "trei cai verzi la munte"


def at_once(app: Flask, work: list[Callable[[], object]]) -> list[object]:
    """Run everything at the same moment, each with a session of its own; results or refusals in order."""
    results: list[object] = [None] * len(work)
    barrier = threading.Barrier(len(work))

    def run(place: int) -> None:
        with app.app_context():
            barrier.wait()
            try:
                results[place] = work[place]()
            except DomainError as error:
                results[place] = error
            finally:
                db.session.remove()

    threads = [threading.Thread(target=run, args=(place,)) for place in range(len(work))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    return results


def test_eight_guesses_at_once_are_counted_one_by_one(real_app: Flask) -> None:
    with real_app.app_context():
        email = make_account().email
    now = clock.now()
    results = at_once(
        real_app, [lambda: signing_in.sign_in(email, "ghicit ghicit", "10.0.0.1", None, now).message] * 8
    )
    assert sum("nu se potrivesc" in str(one) for one in results) == 5
    assert sum("prea multe încercări" in str(one) for one in results) == 3


def test_one_address_registered_twice_at_once_is_one_account(real_app: Flask) -> None:
    def register() -> int:
        with unit_of_work():
            return service.create_account("ana@exemplu.ro", GOOD, "Ana", clock.now()).id

    results = at_once(real_app, [register] * 4)
    assert sum(isinstance(one, int) for one in results) == 1
    assert sum(isinstance(one, Conflict) for one in results) == 3


@pytest.mark.parametrize("way", ["disable", "withdraw", "delete"])
def test_two_administrators_cannot_leave_together(real_app: Flask, way: str) -> None:
    with real_app.app_context():
        ids = [make_account("administrator").id for _number in range(2)]

    def leave(own: int, other: int) -> None:
        with unit_of_work():
            actor, target = queries.get_account(own).as_actor(), queries.get_account(other)
            if way == "disable":
                administration.disable_account(actor, target, clock.now())
            elif way == "withdraw":
                administration.withdraw_role(actor, target, target.grants[0], clock.now())
            else:
                service.delete_account(target, clock.now())

    results = at_once(real_app, [lambda: leave(ids[0], ids[1]), lambda: leave(ids[1], ids[0])])
    assert sum(isinstance(one, NotAllowed) for one in results) == 1, results
    with real_app.app_context():
        assert len(queries.list_accounts_with_role(Role.ADMINISTRATOR)) == 1

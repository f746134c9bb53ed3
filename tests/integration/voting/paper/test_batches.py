"""From the urn to the box: keyed by two, settled by a third, compared, accepted, counted with all the others."""

import contextlib
import threading
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from civic import clock
from civic.errors import Conflict, Invalid, NotAllowed
from civic.extensions import db
from civic.unit_of_work import unit_of_work
from tests.factories import make_account
from tests.integration.voting.paper.paperkit import DICE, PaperTeam, close, rows
from tests.pageclient import PageClient
from voting.ballot_text import parse
from voting.models import opened_ballot
from voting.paper import queries, service
from voting.paper.rules import Mistyped

# --- keying ------------------------------------------------------------------------------------------------


def test_two_different_people_key_each_sheet(context: Flask) -> None:
    team = PaperTeam(context)
    team.hand_out()
    team.shut(6)
    assert team.key(0, 1, "1 2") == "first"
    assert team.key(0, 1, "2 1") == "first", "the same again is the same"
    with pytest.raises(service.KeyedOtherwise):
        team.key(0, 1, "1")
    team.key(0, 1, "1", replace=True)
    assert team.key(1, 1, "1") == "second"
    assert team.key(0, 1, "1") == "first", "a form sent twice changes nothing"
    with pytest.raises(Conflict):
        team.key(0, 1, "2", replace=True)
    with pytest.raises(Conflict):
        team.key(2, 1, "1")
    assert queries.progress_of([team.batch_id])[team.batch_id].settled == 1
    assert rows("SELECT first_by_id, second_by_id FROM paper_ballot") == [
        (team.clerks[0].id, team.clerks[1].id)
    ]


def test_the_database_itself_wants_two_and_a_third(context: Flask) -> None:
    team = PaperTeam(context)
    team.hand_out()
    team.shut(6)
    team.key(0, 1, "1")
    team.key(1, 1, "2")
    for change in ("second_by_id = first_by_id", "third_by_id = first_by_id", "third_by_id = second_by_id"):
        with db.engine.connect() as connection, pytest.raises(IntegrityError):
            connection.execute(text(f"UPDATE paper_ballot SET {change}"))


def test_where_two_differ_a_third_decides(context: Flask) -> None:
    team = PaperTeam(context)
    team.hand_out()
    team.shut(1, not_returned=5, minutes="Cinci foi nu s-au întors.")
    team.key(0, 7, "1 2")
    team.key(1, 7, "1 3")
    assert [one.serial for one in queries.list_differing(team.batch_id)] == [7]
    with pytest.raises(Conflict):
        team.sample()
    for who in (0, 1):
        with pytest.raises(NotAllowed):
            team.settle(who, 7, "1 2")
    team.settle(2, 7, "1 3")
    with pytest.raises(Conflict):
        team.settle(2, 7, "1 2")
    team.sample()
    team.accept()
    close(team)
    (only,) = db.session.execute(opened_ballot.select()).all()
    assert set(parse(only.text).choices()) == {"P1", "P3"}


def test_what_is_keyed_is_nowhere_in_clear(context: Flask) -> None:
    team = PaperTeam(context)
    team.hand_out()
    team.shut(6)
    team.key_twice([(1, "1 2"), (2, "0")])
    stored = rows("SELECT first_entry, second_entry, final FROM paper_ballot")
    lengths = {len(one) for row in stored for one in row}
    assert len(lengths) == 1, "the length says nothing"
    assert not any(b"1=1" in bytes(one) for row in stored for one in row)


def test_sheets_that_are_none(context: Flask) -> None:
    team = PaperTeam(context, sheets=5)
    with pytest.raises(NotAllowed):
        team.key(0, 1, "1")
    team.hand_out()
    team.shut(6)
    for serial, typed in ((6, "1"), (0, "1"), (1, "9"), (1, "")):
        with pytest.raises(Mistyped):
            team.key(0, serial, typed)
    team.key(0, 3, "1")
    with pytest.raises(NotAllowed), unit_of_work():
        service.remove_sheet(team.clerks[0].as_actor(), team.round, team.batch, 3, clock.now())
    with unit_of_work():
        service.remove_sheet(team.actor, team.round, team.batch, 3, clock.now())
    assert rows("SELECT 1 FROM paper_ballot") == []
    with unit_of_work():
        other = service.open_batch(team.actor, team.round, team.plan, "Școala 5", "", clock.now())
        other_id = other.id
    with pytest.raises(Conflict), unit_of_work():
        service.open_batch(team.actor, team.round, team.plan, "Școala 5", "", clock.now())
    team.key(0, 3, "1")
    team.batch_id = other_id
    team.shut(0)
    with pytest.raises(Conflict):
        team.key(1, 3, "1")


def test_the_same_sheet_keyed_by_many_at_once_has_two_readings(context: Flask) -> None:
    team = PaperTeam(context)
    team.hand_out()
    team.shut(6)
    clerks = [make_account("clerk").as_actor() for _ in range(6)]
    failures: list[Exception] = []
    done: list[str] = []
    gate = threading.Barrier(len(clerks))

    def work(actor: Any) -> None:
        with context.app_context():
            gate.wait()
            try:
                with unit_of_work(), contextlib.suppress(Conflict):
                    entry = service.read_typed(team.plan, 4, "1 2")
                    done.append(service.key_sheet(actor, team.round, team.batch, 4, entry))
            except Exception as error:
                failures.append(error)
            finally:
                db.session.remove()

    threads = [threading.Thread(target=work, args=(one,)) for one in clerks]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []
    assert sorted(done) == ["first", "second"]


# --- reconciling, sampling, accepting ----------------------------------------------------------------------


def test_a_batch_is_accepted_only_when_it_adds_up(context: Flask) -> None:
    team = PaperTeam(context)
    team.hand_out(*team.people[:3])
    with pytest.raises(Conflict):
        team.accept()
    team.shut(4)
    team.key_twice([(serial, "1") for serial in (1, 2, 3, 4)])
    team.sample()
    with pytest.raises(Conflict, match="4"):
        team.accept()
    team.count(2, 1, 0)
    with pytest.raises(Conflict):
        team.accept()
    assert rows("SELECT 1 FROM cast_log") == []
    with db.engine.connect() as connection, pytest.raises(IntegrityError):
        connection.execute(
            text("UPDATE paper_batch SET accepted_at = now(), counted = 3, blank = 0, rejected = 0")
        )


def test_the_sample_finds_what_was_keyed_wrong(context: Flask) -> None:
    team = PaperTeam(context)
    team.hand_out()
    team.shut(6)
    team.key_twice([(serial, "1") for serial in range(1, 7)])
    for bad in ("123", "0" * 20, "7" * 25):
        with pytest.raises(Invalid):
            team.sample(dice=bad)
    assert team.sample(different=[2, 5]) == [1, 2, 3, 4, 5, 6]
    with pytest.raises(Conflict):
        team.accept()
    team.key_twice([(2, "1 2"), (5, "3")])
    with pytest.raises(Conflict):
        team.accept()
    with pytest.raises(Conflict):
        team.sample(dice=DICE)  # throws count once
    team.sample(dice=DICE[::-1])
    assert team.accept().counted == 6
    assert rows("SELECT different FROM paper_sample ORDER BY id") == [([2, 5],), ([],)]


def test_a_sheet_keyed_after_the_sample_needs_another(context: Flask) -> None:
    team = PaperTeam(context)
    team.hand_out()
    team.shut(5, not_returned=1, minutes="Una lipsește.")
    team.key_twice([(serial, "1") for serial in range(1, 6)])
    team.sample()
    team.count(6)
    team.key_twice([(6, "2")])
    with pytest.raises(Conflict):
        team.accept()
    team.sample(dice=DICE[::-1])
    assert team.accept().counted == 6


def test_accepted_twice_it_is_in_the_box_once_and_nothing_keyed_is_left(context: Flask) -> None:
    team = PaperTeam(context)
    team.hand_out()
    team.through([(1, "1 2"), (2, "1"), (3, "0"), (4, "-"), (5, "1 2 3"), (6, "2")])
    before = rows("SELECT leaf FROM cast_log")
    team.accept()
    assert rows("SELECT leaf FROM cast_log") == before == sorted(before)
    batch = team.batch
    assert (batch.counted, batch.blank, batch.rejected) == (3, 1, 2)
    assert rows(
        "SELECT serial, verdict, lines FROM paper_ballot WHERE verdict = 'rejected' ORDER BY serial"
    ) == [
        (4, "rejected", [{"group": None, "reason": "unreadable"}]),
        (5, "rejected", [{"group": team.round.groups[0].id, "reason": "too_many"}]),
    ]
    assert (
        rows(
            "SELECT 1 FROM paper_ballot WHERE num_nonnulls(first_entry, second_entry, final) > 0 OR verdict IS NULL"
        )
        == []
    )
    for act in (lambda: team.key(2, 1, "1"), lambda: team.count(5)):
        with pytest.raises((Conflict, NotAllowed)):
            act()


def test_a_crash_while_accepting_leaves_all_or_nothing(
    context: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    team = PaperTeam(context)
    team.hand_out()
    team.shut(6)
    team.key_twice([(serial, "1") for serial in range(1, 7)])
    team.sample()
    real, left = service._ballot, iter(range(3))

    def dying(*args: Any) -> Any:
        if next(left, None) is None:
            raise RuntimeError("power cut")
        return real(*args)

    with monkeypatch.context() as patch:
        patch.setattr(service, "_ballot", dying)
        with pytest.raises(RuntimeError):
            team.accept()
    assert rows("SELECT 1 FROM cast_log") == []
    assert len(rows("SELECT 1 FROM paper_ballot WHERE final IS NOT NULL")) == 6
    assert team.accept().counted == 6
    assert len(rows("SELECT 1 FROM cast_log")) == 6


def test_nothing_leads_from_a_sheet_or_a_person_to_a_leaf(context: Flask) -> None:
    """After the acceptance: no leaf of the log stands in the box or beside a number, and marks stand in no log."""
    team = PaperTeam(context)
    team.hand_out()
    team.through([(serial, "1 2") for serial in range(1, 7)])
    leaves = {bytes(leaf) for (leaf,) in rows("SELECT leaf FROM cast_log")}
    marks_ = {bytes(leaf) for (leaf,) in rows("SELECT leaf FROM ballot_box")}
    assert len(leaves) == len(marks_) == 6
    assert not leaves & marks_
    assert len({leaf[:24] for leaf in marks_}) == 1, (
        "a mark says of which batch it is, and nothing of a sheet"
    )
    for (table,) in rows(
        "SELECT table_name FROM information_schema.tables WHERE table_schema = 'public' AND table_name LIKE 'paper%'"
    ):
        whole = str(rows(f"SELECT t::text FROM {table} t"))
        assert not any(leaf.hex() in whole for leaf in leaves | marks_), table


# --- the pages ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize("language", ["ro", "en"])
def test_the_whole_way_on_the_pages(context: Flask, language: str) -> None:
    team = PaperTeam(context)
    where = {"round_id": team.round_id, "batch_id": team.batch_id}

    def browser(account: Any) -> PageClient:
        one = PageClient(context)
        one.speak(language)
        one.sign_in(account)
        return one

    staff, first, second, third = (browser(one) for one in (team.staff, *team.clerks))
    page = staff.get("paper_home.home")
    page = staff.get("staff_paper.index", round_id=team.round_id)
    staff.submit(page, "/batches", {"label": ""}, expect=422)
    opened = staff.submit(page, "/batches", {"label": "Școala 5", "place": "Str. Lungă"})
    assert "/batches/" in opened.headers["Location"]
    staff.follow(opened)
    team.hand_out(*team.people[:4])
    page = staff.get("staff_paper.batch", **where)
    staff.submit(page, "/shut")
    page = staff.get("staff_paper.batch", **where)
    wrong = staff.submit(page, "/urn", {"returned": "trei"}, expect=422)
    staff.submit(
        wrong, "/urn", {"returned": "3", "spoilt": "1", "not_returned": "0", "minutes": "Una stricată."}
    )
    page = first.get("staff_paper.key", **where)
    for typed, marks_, expect in (("x", "1", 422), ("999", "1", 422), ("1", "", 422), ("1", "99", 422)):
        page = first.submit(page, "/key", {"serial": typed, "marks": marks_}, expect=expect)
        assert page.find(".govuk-error-summary") is not None
    for serial, marks_ in ((1, "1 2"), (2, "3"), (3, "1 2 3")):
        kept = first.follow(first.submit(page, "/key", {"serial": str(serial), "marks": marks_}))
        assert str(serial) in kept.text_of("#key-sheet")
    again = first.submit(page, "/key", {"serial": "2", "marks": "4"}, expect=422)
    first.submit(again, "/key", {"serial": "2", "marks": "3", "replace": "y"})
    swapped = second.post("staff_paper.key", {"serial": "1", "marks": "2 1"}, hx=True, expect=200, **where)
    assert swapped.find("#key-sheet") is not None
    second.post("staff_paper.key", {"serial": "2", "marks": "4"}, **where)
    second.post("staff_paper.key", {"serial": "3", "marks": "1+2+3"}, **where)
    own = second.get("staff_paper.differences", **where)
    assert f"/batches/{team.batch_id}/differences/2" not in own.html, "who keyed it does not decide"
    second.get("staff_paper.settle", serial=2, **where)
    second.post("staff_paper.settle", {"reading": "a"}, serial=2, expect=422, **where)
    page = third.get("staff_paper.settle", serial=2, **where)
    third.submit(page, "/differences/2", {"reading": "other", "marks": "99"}, expect=422)
    third.submit(page, "/differences/2", {"reading": "b"})
    third.get("staff_paper.settle", serial=2, expect=303, **where)
    page = staff.get("staff_paper.batch", **where)
    staff.submit(page, "/draw", {"dice": "12", "size": "99"}, expect=422)
    staff.follow(staff.submit(page, "/draw", {"dice": DICE, "size": "99"}))
    staff.post("staff_paper.compare", {"same": ["1", "2", "3"]}, **where)
    page = staff.get("staff_paper.batch", **where)
    staff.submit(page, "/accept")
    done = staff.get("staff_paper.batch", **where)
    assert ("Sunt marcate mai multe proiecte" in done.main_text) is (language == "ro")
    assert (team.batch.counted, team.batch.blank, team.batch.rejected) == (2, 0, 1)
    auditor = browser(make_account("auditor"))
    auditor.get("staff_paper.batch", **where)
    auditor.get("staff_paper.index", round_id=team.round_id)
    auditor.get("staff_paper.key", expect=403, **where)


def test_no_page_before_the_close_says_how_many_chose_what(context: Flask) -> None:
    """The embargo: after 6 sheets for P1 were keyed and accepted every page of the paper team is free of totals."""
    seen = []
    for marks_ in ("1", "4"):
        team = PaperTeam(context)
        team.hand_out()
        team.shut(6)
        browser = PageClient(context)
        browser.sign_in(team.staff)
        shown = []
        team.key_twice([(serial, marks_) for serial in range(1, 7)])
        for stage in ("keyed", "sampled", "accepted"):
            if stage == "sampled":
                team.sample()
            elif stage == "accepted":
                team.accept()
            for path in ("", f"/batches/{team.batch_id}", f"/batches/{team.batch_id}/differences"):
                page = browser.get(f"/staff/rounds/{team.round_id}/paper{path}")
                assert page.headers["Cache-Control"] == "no-store"
                shown.append(page.main_text.replace(team.batch.label, "").replace(team.round.name, ""))
        seen.append(shown)
    hide = str.maketrans("0123456789", "##########")
    first, second = ([one.translate(hide) for one in shown] for shown in seen)
    for one, other in zip(first, second, strict=True):
        assert "P1" not in one
        assert len(one.split()) == len(other.split())

"""Every row is told about, nothing is loaded unseen, and no interruption loads anything twice or not at all."""

import threading
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select

from civic import clock, tasks
from civic.actor import Actor
from civic.decisions.models import CouncilDecision
from civic.errors import Conflict, Invalid
from civic.extensions import db
from civic.imports import queries, service, work
from civic.imports.models import ImportRow
from tests import factories
from tests.integration.imports.importkit import HEAD, bring, checked, counts, decision, loaded, table
from tests.pageclient import PageClient


@pytest.fixture
def staff(app: Flask) -> Actor:
    return factories.make_account("staff").as_actor()


def stored() -> int:
    return db.session.scalar(select(func.count(CouncilDecision.id))) or 0


def outcomes(one: Any) -> list[tuple[int, str]]:
    return [(row.number, row.outcome) for row in queries.list_rows(one.id, "", 0)]


def test_looking_over_loads_nothing(staff: Actor) -> None:
    one = checked(staff, table(decision(1), decision(2)))
    assert (one.state, counts(one), one.total, stored()) == ("checked", (2, 0, 0, 0), 2, 0)


def test_the_same_file_again_changes_nothing(staff: Actor) -> None:
    content = table(decision(1), decision(2))
    first, second = loaded(staff, content), loaded(staff, content)
    assert (counts(first), counts(second), stored()) == ((2, 0, 0, 0), (0, 0, 2, 0), 2)
    assert second.state == "loaded"


def test_a_corrected_row_says_what_changes_and_is_corrected(staff: Actor) -> None:
    loaded(staff, table(decision(1, "Bugetul"), decision(2)))
    one = checked(staff, table(decision(1, "Bugetul pe 2024"), decision(2)))
    row = queries.list_rows(one.id, "changed", 0)[0]
    assert (row.number, row.changes) == (2, {"title": ["Bugetul", "Bugetul pe 2024"]})
    service.load(staff, one.id, False, clock.now())
    db.session.commit()
    work.go_through(one.id, clock.now())
    assert db.session.scalar(select(CouncilDecision.title).filter_by(number="1")) == "Bugetul pe 2024"


def test_what_was_brought_in_is_told_in_public_once(staff: Actor, client: PageClient) -> None:
    content = table(decision(1), decision(2))
    checked(staff, content)
    assert "Rânduri noi" not in client.get("activity.index", kind="data_import").main_text
    one = loaded(staff, content)
    work.go_through(one.id, clock.now())
    loaded(staff, content)
    page = client.get("activity.index", kind="data_import")
    assert page.main_text.count("Rânduri noi: 2, schimbate: 0.") == 1
    assert "Aduse din „" in page.main_text
    what = next(one for one in page.all("p") if one.get("class") == "activity__what")
    assert [link.get("href") for link in what] == ["/decisions"]


def test_the_same_number_of_another_source_is_another_row(staff: Actor) -> None:
    loaded(staff, table(decision(1, "Una")))
    one = loaded(staff, table(decision(1, "Alta")), source="Monitorul Oficial Local")
    assert (counts(one), stored()) == ((1, 0, 0, 0), 2)


def test_refused_rows_say_why_and_where(staff: Actor) -> None:
    one = checked(
        staff,
        table(
            decision(1),
            "X-2,,,2024,,fără număr,,,",
            "X-3,3,31.02.2024,2024,,zi greșită,,,",
            decision(1, "din nou"),
            ",5,,2024,,fără număr de rând,,,",
            "X-6,6,2023-01-01,2024,,anul nu se potrivește,,,",
        ),
    )
    told = {
        row.number: [(r["field"], r["code"], r["value"]) for r in row.reasons]
        for row in queries.list_rows(one.id, "refused", 0)
    }
    assert told == {
        3: [("number", "missing", "")],
        4: [("adopted_on", "day", "31.02.2024")],
        5: [("import_key", "repeated", "2")],
        6: [("import_key", "missing", "")],
        7: [("adopted_on", "order", "2023-01-01 – 2024")],
    }
    assert counts(one) == (1, 0, 0, 5)


def test_with_refused_rows_the_others_load_only_by_choice(staff: Actor) -> None:
    content = table(decision(1), "X-2,,,2024,,fără număr,,,")
    one = checked(staff, content)
    with pytest.raises(Invalid, match="refuz"):
        service.load(staff, one.id, False, clock.now())
    db.session.rollback()
    assert stored() == 0
    service.load(staff, one.id, True, clock.now())
    db.session.commit()
    work.go_through(one.id, clock.now())
    assert (stored(), counts(queries.get_import(one.id))) == (1, (1, 0, 0, 1))


def test_nothing_to_load_is_not_loaded(staff: Actor) -> None:
    one = checked(staff, table("X-2,,,2024,,fără număr,,,"))
    with pytest.raises(Invalid):
        service.load(staff, one.id, True, clock.now())


def test_what_was_matched_by_hand_is_remembered_for_the_source(staff: Actor) -> None:
    head = "id,Cod,date,year,issuer,about,relation,citation,source"
    one = bring(staff, table(decision(1), head=head))
    assert "number" not in one.mapping
    with pytest.raises(Invalid, match="Numărul hotărârii"):
        service.check(staff, one.id, one.mapping, clock.now())
    service.check(staff, one.id, {**one.mapping, "number": "Cod"}, clock.now())
    db.session.commit()
    assert bring(staff, table(decision(1), head=head)).mapping["number"] == "Cod"
    assert "number" not in bring(staff, table(decision(1), head=head), source="Alt document").mapping


def test_a_column_stands_for_one_field(staff: Actor) -> None:
    one = bring(staff, table(decision(1)))
    with pytest.raises(Invalid, match="de două ori"):
        service.check(staff, one.id, {**one.mapping, "issuer": "about"}, clock.now())


class Killed(Exception):
    pass


@pytest.mark.parametrize("stage", ["checking", "loading"])
def test_killed_halfway_it_goes_on_from_there(
    staff: Actor, monkeypatch: pytest.MonkeyPatch, stage: str
) -> None:
    monkeypatch.setattr(work, "STEP", 2)
    content = table(*(decision(number) for number in range(1, 8)))
    one = bring(staff, content) if stage == "checking" else checked(staff, content)
    if stage == "checking":
        service.check(staff, one.id, one.mapping, clock.now())
    else:
        service.load(staff, one.id, False, clock.now())
    db.session.commit()

    def dies(done: int, _total: int) -> None:
        if done >= 4:
            raise Killed

    with pytest.raises(Killed):
        work.go_through(one.id, clock.now(), dies)
    db.session.rollback()
    halfway = queries.get_import(one.id)
    assert (halfway.state, halfway.read, halfway.fresh) == (stage, 5, 4)
    work.go_through(one.id, clock.now())
    work.go_through(one.id, clock.now())
    done = queries.get_import(one.id)
    assert counts(done) == (7, 0, 0, 0)
    assert outcomes(done) == [(number, "new") for number in range(2, 9)]
    assert stored() == (0 if stage == "checking" else 7)


def test_memory_of_refusals_spans_steps(staff: Actor, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(work, "STEP", 2)
    one = checked(staff, table(decision(1), decision(2), decision(3), decision(1)))
    assert [row.number for row in queries.list_rows(one.id, "refused", 0)] == [5]


def test_relations_are_tied_whichever_row_comes_first(staff: Actor) -> None:
    loaded(staff, table(decision(47, relation="rectificat prin HCL 365/17.12.2024"), decision(365)))
    own = db.session.scalar(select(CouncilDecision).filter_by(number="47"))
    assert own is not None
    from civic.decisions.queries import list_relations

    assert [(row[0], row[1], row[2].number) for row in list_relations(own.id)] == [("revises", False, "365")]


def test_a_file_that_ends_badly_is_stopped_and_may_be_given_up(staff: Actor) -> None:
    rows = [decision(number) for number in range(1, 30)]
    one = bring(staff, table(*rows) + b'HCL-x,"never closed')
    service.check(staff, one.id, one.mapping, clock.now())
    db.session.commit()
    work.go_through(one.id, clock.now())
    stopped = queries.get_import(one.id)
    assert (stopped.state, stopped.stopped, stored()) == ("stopped", "quotes:31", 0)
    service.discard(staff, one.id, clock.now())
    with pytest.raises(Conflict):
        service.check(staff, one.id, one.mapping, clock.now())


def test_what_was_loaded_is_not_given_up(staff: Actor) -> None:
    one = loaded(staff, table(decision(1)))
    with pytest.raises(Conflict):
        service.discard(staff, one.id, clock.now())


@pytest.mark.parametrize(
    ("content", "name"),
    [(b"", "a.csv"), (b"id,number,year\n", "a.csv"), (b"x", "a.pdf"), (b"not a zip", "a.xlsx")],
)
def test_what_is_no_table_is_refused_at_once(staff: Actor, content: bytes, name: str) -> None:
    with pytest.raises(Invalid):
        bring(staff, content, name=name)


def test_the_worker_does_it_as_a_task(staff: Actor) -> None:
    one = bring(staff, table(decision(1)))
    service.check(staff, one.id, one.mapping, clock.now())
    db.session.commit()
    assert tasks.run_waiting(clock.now()) >= 1
    found = queries.get_import(one.id)
    assert found.state == "checked"
    task = tasks.find_task(found.task_id)
    assert task is not None
    assert task.state == "done"


def test_two_imports_at_once_load_every_row_once(real_app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(work, "STEP", 5)
    content = table(*(decision(number) for number in range(1, 41)))
    with real_app.app_context():
        staff = factories.make_account("staff").as_actor()
        numbers = []
        for _time in range(2):
            one = checked(staff, content)
            service.load(staff, one.id, False, clock.now())
            db.session.commit()
            numbers.append(one.id)
    failures: list[BaseException] = []
    start = threading.Barrier(4)

    def run(number: int) -> None:
        with real_app.app_context():
            try:
                start.wait(30)
                work.go_through(number, clock.now())
            except BaseException as error:
                failures.append(error)
            finally:
                db.session.remove()

    # Each of the two files is gone through by two workers, as after a takeover.
    threads = [threading.Thread(target=run, args=(number,)) for number in numbers * 2]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert failures == []
    with real_app.app_context():
        assert stored() == 40
        found = [queries.get_import(number) for number in numbers]
        assert {one.state for one in found} == {"loaded"}
        assert sum(one.fresh for one in found) == 40
        assert sum(one.same for one in found) == 40
        assert db.session.scalar(select(func.count()).select_from(ImportRow)) == 80


def test_a_file_is_loaded_at_once_and_only_once(staff: Actor) -> None:
    now = clock.now()
    for _time in range(2):
        one = service.load_at_once(
            staff, "decisions", "Raport", clock.city_date(now), table(decision(1)), "hotarari.csv", now
        )
        assert one.state == "loaded"
    assert (stored(), queries.count_imports()) == (1, 1)
    with pytest.raises(Invalid):
        service.load_at_once(
            staff, "decisions", "Alt", clock.city_date(now), table("X,,,2024,,,,,"), "x.csv", now
        )


def test_titles_above_the_headings_and_headings_again_are_no_rows(staff: Actor) -> None:
    rows = ["Situația hotărârilor", "", HEAD, decision(1), HEAD, decision(2)]
    one = loaded(staff, "\n".join(rows).encode(), without_refused=True)
    assert outcomes(one) == [(4, "new"), (5, "refused"), (6, "new")]
    assert queries.list_rows(one.id, "refused", 0)[0].reasons[0]["code"] == "headings"


def test_cells_that_slipped_past_the_headings_are_refused_or_said(staff: Actor) -> None:
    slipped = "HCL-9,9,,2024,Consiliul Local,Bugetul, pe anul viitor,,HCL nr. 9/2024,000:1"
    one = checked(staff, table(decision(1), slipped))
    assert outcomes(one) == [(2, "new"), (3, "refused")]
    assert queries.list_rows(one.id, "refused", 0)[0].reasons == [
        {"code": "wide", "field": "", "value": "10 > 9"}
    ]


def test_a_file_that_breaks_late_says_in_which_row(staff: Actor) -> None:
    one = checked(staff, table(*(decision(number) for number in range(20)), "X\0Y,21,,2024,,,,,"))
    assert (one.state, one.stopped) == ("stopped", "signs:22")


def test_capitals_make_no_other_source(staff: Actor) -> None:
    loaded(staff, table(decision(1)), source="Raport de activitate")
    assert counts(checked(staff, table(decision(1)), source="RAPORT de  activitate")) == (0, 0, 1, 0)

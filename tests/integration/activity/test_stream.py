"""The stream: everything public that happened, nothing of what is not, at the same cost wherever one looks."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any
from xml.etree import ElementTree

import pytest
from flask import Flask
from sqlalchemy import select, update

from civic import clock, links, timeline
from civic.activity import jobs, placing, queries
from civic.activity.queries import Choice
from civic.activity.registry import all_told
from civic.council.models import CouncilMember, CouncilSitting
from civic.decisions.models import CouncilDecision
from civic.extensions import db
from civic.imports.models import DataImport, ImportSource
from civic.notifications import jobs as carrying
from civic.organisations.models import OrganisationArea
from civic.outbox import OutboxMessage
from civic.reports.models import PeriodicReport
from civic.timeline import TimelineEvent
from civic.tracker.models import Delivery
from tests import factories
from tests.consultations_support import make_consultation
from tests.integration.consultations.agorakit import make_debate
from tests.integration.consultations.initiativekit import make_initiative
from tests.integration.consultations.meetingkit import make_meeting
from tests.integration.opendata.test_api import make_deliveries
from tests.integration.organisations.orgkit import verified, waiting
from tests.integration.proposals.makers import make_proposal, make_round
from tests.pageclient import Page, PageClient

NOON = datetime(2026, 5, 12, 9, 0, tzinfo=UTC)
ANYTHING = Choice()
STEP = "delivery.budget_revised"


def happen(kind: str, subject_id: int, at: datetime = NOON, **values: Any) -> None:
    """Something happened to it."""
    timeline.add(kind, subject_id, STEP, at, **values)
    db.session.commit()


def make_delivery(**values: Any) -> Delivery:
    """A work."""
    return db.session.get_one(Delivery, make_deliveries(1, **values)[0])


def make_decision(state: str = "published", **values: Any) -> CouncilDecision:
    """A decision in a state."""
    one = CouncilDecision(
        kind="council", number=str(factories.NOON.microsecond + 7), year=2026, issuer="Consiliul Local",
        title="Parcuri", citation="", relation="", search_text="parcuri", state=state, changed_at=NOON, **values,
    )  # fmt: skip
    return factories.save(one)


def make_member() -> CouncilMember:
    """Somebody elected."""
    return factories.save(
        CouncilMember(name="Ana Pop", sort_key="ana pop", starts_on=date(2024, 10, 1), changed_at=NOON)
    )


def make_sitting() -> CouncilSitting:
    """A meeting of the council that was held."""
    return factories.save(CouncilSitting(kind="ordinary", held_on=date(2026, 5, 1), changed_at=NOON))


def make_report(edition: int) -> PeriodicReport:
    """A periodic report that was published so often."""
    state = "published" if edition else "writing"
    first = date(2025, 1 + edition, 1)
    return factories.save(
        PeriodicReport(
            period_kind="month",
            first_day=first,
            state=state,
            edition=edition,
            created_at=NOON,
            changed_at=NOON,
        )
    )


def make_import(state: str) -> DataImport:
    """A table of works."""
    source = factories.save(ImportSource(dataset="deliveries", name=f"Raport {state}", created_at=NOON))
    return factories.save(
        DataImport(
            dataset="deliveries", source_id=source.id, as_of=NOON.date(), file_key=state, file_name="a.csv", format="csv",
            sha256=b"", columns=[], sample=[], state=state, created_at=NOON, loaded_at=NOON if state == "loaded" else None,
        )
    )  # fmt: skip


#: kind -> (makes one that is public, hides it, brings it back)
HIDDEN: dict[str, tuple[Callable[[], Any], dict[str, Any], dict[str, Any]]] = {
    "proposal": (make_proposal, {"state": "hidden"}, {"state": "published"}),
    "round": (make_round, {"published_at": None}, {"published_at": NOON}),
    "agora": (
        make_debate, {"hidden_at": NOON, "hidden_reason": "Jignitoare."}, {"hidden_at": None, "hidden_reason": ""},
    ),
    "decision": (make_decision, {"state": "draft"}, {"state": "published"}),
    "organisation": (verified, {"state": "waiting", "verified_at": None}, {"state": "verified", "verified_at": NOON}),
}  # fmt: skip
#: kind -> (makes one that is public, makes one that is not yet); once announced, they stay
ANNOUNCED: dict[str, tuple[Callable[[], Any], Callable[[], Any]]] = {
    "proposal": (make_proposal, lambda: make_proposal(state="draft")),
    "consultation": (make_consultation, lambda: make_consultation("draft")),
    "meeting": (make_meeting, lambda: make_meeting("draft")),
    "initiative": (make_initiative, lambda: make_initiative("submitted")),
    "agora": (make_debate, lambda: make_debate("waiting")),
    "organisation": (verified, waiting),
    "data_import": (lambda: make_import("loaded"), lambda: make_import("checked")),
    "periodic_report": (lambda: make_report(edition=1), lambda: make_report(edition=0)),
}
#: Whatever is written down of them is public from the first.
OPEN = {"delivery": make_delivery, "council_member": make_member, "council_sitting": make_sitting}


def told(choice: Choice = ANYTHING) -> list[tuple[str, int]]:
    """What the stream tells of, the newest first."""
    events = queries.list_newest(choice, clock.now(), 100)
    return [(one.subject_kind, one.subject_id) for one in events if one.event == STEP]


def items(page: Page) -> list[str]:
    """The titles on a page of the stream."""
    found = [one for one in page.all("p") if one.get("class") == "activity__what"]
    return ["".join(one.itertext()).strip() for one in found]


def test_every_kind_is_one_of_these(app: Flask) -> None:
    assert {one.kind for one in all_told()} == {*HIDDEN, *ANNOUNCED, *OPEN}
    assert {one.kind for one in all_told()} <= links.known_kinds()


@pytest.mark.parametrize("kind", sorted(HIDDEN))
def test_what_is_hidden_takes_its_events_along_and_brings_them_back(client: PageClient, kind: str) -> None:
    make, hidden, shown = HIDDEN[kind]
    subject = make()
    happen(kind, subject.id)
    assert told() == told(Choice(kind=kind)) == [(kind, subject.id)]
    number = db.session.scalars(select(TimelineEvent.id).where(TimelineEvent.event == STEP)).one()
    assert client.ask("GET", f"/api/v1/events/{number}").status_code == 200
    for name, value in hidden.items():
        setattr(subject, name, value)
    db.session.commit()
    assert told() == told(Choice(kind=kind)) == []
    assert not items(client.get("activity.index", kind=kind))
    assert client.ask("GET", f"/api/v1/events/{number}").status_code == 404
    for name, value in shown.items():
        setattr(subject, name, value)
    db.session.commit()
    assert told() == [(kind, subject.id)]
    assert items(client.get("activity.index", kind=kind))


@pytest.mark.parametrize("kind", sorted(ANNOUNCED))
def test_what_is_not_public_yet_has_no_events(client: PageClient, kind: str) -> None:
    public, draft = (make() for make in ANNOUNCED[kind])
    for one in (public, draft):
        happen(kind, one.id)
    assert told() == [(kind, public.id)]
    number = len(queries.list_newest(Choice(kind=kind), clock.now(), 100))
    assert len(items(client.get("activity.index", kind=kind))) == number


@pytest.mark.parametrize("kind", sorted(OPEN))
def test_what_is_public_from_the_first_is_told_of(client: PageClient, kind: str) -> None:
    happen(kind, OPEN[kind]().id)
    assert len(told()) == 1
    assert items(client.get("activity.index", kind=kind))


def test_every_combination_of_choices_finds_what_has_all_of_it(app: Flask) -> None:
    here, there = factories.make_neighbourhood(), factories.make_neighbourhood()
    parks, roads = factories.make_department(), factories.make_department()
    first = make_consultation(neighbourhood_id=here.id, dimension="services", department_id=parks.id)
    second = make_consultation(neighbourhood_id=there.id, dimension="services", department_id=roads.id)
    work = make_delivery(neighbourhood_id=here.id)
    for kind, one in (("consultation", first), ("consultation", second), ("delivery", work)):
        happen(kind, one.id)
    one, two, three = ("consultation", first.id), ("consultation", second.id), ("delivery", work.id)
    assert set(told(Choice(area_id=here.id))) == {one, three}
    assert told(Choice("consultation", here.id)) == [one]
    assert told(Choice(dimension="services")) == [three, two, one]
    assert told(Choice(department_id=roads.id)) == [two]
    assert told(Choice(None, here.id, "services", parks.id)) == [one]
    assert told(Choice("delivery", None, "services")) == [three]
    assert told(Choice("delivery", None, "budgeting")) == []
    assert told(Choice(None, here.id, None, roads.id)) == []

    def asked(question: str) -> set[tuple[str, int]]:
        found = app.test_client().get(f"/api/v1/events?{question}").get_json()["data"]
        return {(item["kind"], item["subject_id"]) for item in found if item["event"] == STEP}

    assert asked(f"neighbourhood_id={here.id}") == {one, three}
    assert asked(f"neighbourhood_id={here.id}&kind=consultation") == {one}
    assert asked(f"dimension=services&department_id={roads.id}") == {two}
    assert asked(f"neighbourhood_id={here.id}&dimension=services&department_id={parks.id}") == {one}
    assert asked(f"neighbourhood_id={here.id}&department_id={roads.id}") == set()
    assert asked(f"neighbourhood_id={here.id}&dimension=services") == {one, three}
    assert asked("kind=delivery&dimension=services") == {three}
    assert (
        asked(f"kind=decision&department_id={roads.id}")
        == asked("kind=delivery&dimension=budgeting")
        == set()
    )


def test_open_data_look_for_events_only_where_they_can_be(app: Flask, statements: list[str]) -> None:
    assert set(queries.kinds_with({"dimension": "budgeting", "department_id": 1})) == {
        "consultation",
        "agora",
    }
    assert not {"proposal", "decision"} & set(queries.kinds_with({"department_id": 1}))
    assert {"proposal", "decision", "round"} <= set(queries.kinds_with({"dimension": "budgeting"}))
    for asked, looked in (
        ("dimension=budgeting&department_id=1", "subject_kind IN ('consultation', 'agora')"),
        ("dimension=services&department_id=1", "subject_kind IN ('consultation', 'agora', 'delivery')"),
        ("kind=decision&department_id=1", "subject_kind IN (NULL) AND (1 != 1)"),
    ):
        statements.clear()
        app.test_client().get(f"/api/v1/events?{asked}")
        assert any(looked in one for one in statements), statements
    statements.clear()
    app.test_client().get("/api/v1/events?kind=consultation&department_id=1")
    assert not any("subject_kind IN" in one for one in statements)


def test_what_concerns_several_neighbourhoods_is_told_in_each(app: Flask) -> None:
    here, there, elsewhere = (factories.make_neighbourhood() for _each in range(3))
    limited, everywhere, working = make_round(), make_round(), verified()
    limited.areas = [here, there]
    for area in (here, there):
        factories.save(OrganisationArea(organisation_id=working.id, neighbourhood_id=area.id))
    for kind, subject in (("round", limited), ("round", everywhere), ("organisation", working)):
        happen(kind, subject.id)
    both = [("organisation", working.id), ("round", limited.id)]
    assert told(Choice(area_id=here.id)) == told(Choice(area_id=there.id)) == both
    assert told(Choice("round", here.id)) == told(Choice(None, here.id, "budgeting")) == both[1:]
    assert told(Choice(area_id=elsewhere.id)) == told(Choice(None, here.id, "services")) == []
    work = make_delivery(neighbourhood_id=elsewhere.id)
    happen("delivery", work.id)
    data = app.test_client().get("/api/v1/events?limit=200").get_json()["data"]
    areas = {
        (one["kind"], one["subject_id"]): one["neighbourhood_ids"] for one in data if one["event"] == STEP
    }
    assert areas == {
        ("round", limited.id): [here.id, there.id],
        ("round", everywhere.id): [],
        ("organisation", working.id): [here.id, there.id],
        ("delivery", work.id): [elsewhere.id],
    }


def test_a_subject_that_moves_takes_its_events_along(app: Flask) -> None:
    here, there = factories.make_neighbourhood(), factories.make_neighbourhood()
    work = make_delivery(neighbourhood_id=here.id)
    happen("delivery", work.id)
    work.neighbourhood_id = there.id
    db.session.commit()
    assert not told(Choice(area_id=here.id))
    assert told(Choice(area_id=there.id)) == [("delivery", work.id)]
    # Brought in again by a table, without its object: the event that says so brings the others along.
    db.session.execute(update(Delivery).values(neighbourhood_id=here.id))
    db.session.expunge_all()
    happen("delivery", work.id)
    assert told(Choice(area_id=here.id, dimension="services")) == [("delivery", work.id)] * 2
    assert not told(Choice(area_id=there.id))


def test_pages_follow_each_other_without_gaps_or_doubles(
    client: PageClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(queries, "PAGE_SIZE", 3)
    titles = [f"Propunerea {at}" for at in range(8)]
    for at, title in enumerate(titles):
        happen("proposal", make_proposal(title=title).id, NOON + timedelta(hours=at // 3))
    page, read = client.get("activity.index"), []
    while True:
        read += items(page)
        further = [link.get("href", "") for link in page.all("a") if "before=" in link.get("href", "")]
        if not further:
            break
        page = client.get(further[0])
    assert read == titles[::-1]
    assert items(client.get("activity.index", before="x", kind="nothing", area="nowhere")) == titles[:4:-1]


def test_a_page_costs_the_same_however_much_it_shows(client: PageClient, statements: list[str]) -> None:
    area = factories.make_neighbourhood()
    counted = []
    for _more in range(2):
        for kind in ("proposal", "agora", "round"):
            happen(kind, HIDDEN[kind][0]().id)
        make_delivery(neighbourhood_id=area.id)
        client.get("activity.index")
        statements.clear()
        client.get("activity.index")
        counted.append(len(statements))
    assert counted[0] == counted[1]
    assert "Tot ce s-a întâmplat în" in client.get("places.neighbourhood", slug=area.slug).main_text


def test_the_feed_has_the_same_choices_and_is_not_sent_twice(app: Flask, client: PageClient) -> None:
    shown, other = make_proposal(title="Bănci <noi> & vechi"), make_delivery()
    happen("proposal", shown.id, reason="De ce: „așa” <b>")
    happen("delivery", other.id)
    answer = app.test_client().get("/activity/events.atom?kind=proposal")
    root = ElementTree.fromstring(answer.data)  # noqa: S314 - our own feed
    atom = "{http://www.w3.org/2005/Atom}"
    (entry,) = root.findall(f"{atom}entry")
    assert (entry.findtext(f"{atom}title") or "").startswith("Bănci <noi> & vechi: ")
    assert entry.findtext(f"{atom}summary") == "De ce: „așa” <b>"
    again = app.test_client().get(
        "/activity/events.atom?kind=proposal", headers={"If-None-Match": answer.headers["ETag"]}
    )
    assert (again.status_code, again.data) == (304, b"")


def test_who_follows_a_part_is_told_once_a_day_and_only_of_what_is_public(client: PageClient) -> None:
    area, account, now = factories.make_neighbourhood("Floreasca"), factories.make_account(), clock.now()
    client.sign_in(account)
    page = client.get("activity.index", area=area.slug)
    client.submit(page, "activity/follow")
    followed = client.get("notifications.index").main_text
    assert "Ce s-a întâmplat: Floreasca" in followed
    client.submit(client.get("activity.index", area=area.slug), "/stop")
    client.submit(client.get("activity.index", area=area.slug), "/follows/stream")

    shown = make_proposal(title="Băncile din parc", neighbourhood=area)
    hidden = make_proposal(state="hidden", title="Ascunsă", neighbourhood=area)
    elsewhere = make_proposal(title="Departe")
    for one in (shown, hidden, elsewhere):
        happen("proposal", one.id, now + timedelta(hours=1))
    morning = now + timedelta(hours=20)
    assert jobs.tell_due(morning) == 1
    assert jobs.tell_due(morning) == 0
    assert jobs.tell_due(morning + timedelta(days=1)) == 0
    carrying.fan_out(morning + timedelta(days=1))
    (message,) = db.session.scalars(select(OutboxMessage).where(OutboxMessage.address == account.email))
    assert message.subject == "Ce s-a întâmplat: Floreasca"
    assert "Băncile din parc" in message.body
    assert f"/proposals/{shown.id}" in message.body
    assert "Ascunsă" not in message.body
    assert "Departe" not in message.body


def test_a_stranger_is_asked_to_sign_in_first(client: PageClient) -> None:
    assert client.post("activity.follow").headers["Location"].startswith("/sign-in")


def test_events_from_before_are_placed_in_batches_that_may_be_killed(app: Flask) -> None:
    area = factories.make_neighbourhood()
    for _each in range(5):
        happen("delivery", make_delivery(neighbourhood_id=area.id).id)
    db.session.execute(update(TimelineEvent).values(placed=False, area_id=None, dimension=None))
    db.session.commit()
    assert not told(Choice(area_id=area.id))
    placing.place_batch(size=3)
    db.session.rollback()  # killed before it committed
    assert not told(Choice(area_id=area.id))
    assert len(placing.place_batch(size=3)) == 3
    db.session.commit()
    assert jobs.place_due(NOON) == 7
    assert jobs.place_due(NOON) == 0
    assert len(told(Choice(area_id=area.id, dimension="services"))) == 5

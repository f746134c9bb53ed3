"""Whom a decision, a debate or a consultation concerns: marked by staff, read, filtered and published in one way."""

from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask

from civic import timeline
from civic.decisions.models import CouncilDecision
from tests import factories
from tests.consultations_support import make_consultation
from tests.integration.consultations.agorakit import make_debate
from tests.pageclient import Page, PageClient


def make_decision() -> CouncilDecision:
    """A decision that everyone may read."""
    return factories.save(
        CouncilDecision(
            number="7", year=2026, title="Școala cu predare în maghiară", citation="", relation="",
            search_text="scoala", changed_at=factories.NOON,
        )
    )  # fmt: skip


#: kind -> (makes one, its staff page, its page, its list, its open data, the name of its number in addresses)
KINDS: dict[str, tuple[Callable[[], Any], str, str, str, str, str]] = {
    "decision": (
        make_decision, "decisions_staff.show", "decisions.show", "decisions.index", "decisions", "decision_id",
    ),
    "agora": (make_debate, "staff_agora.show", "agora.show", "agora.index", "debates", "debate_id"),
    "consultation": (
        make_consultation, "staff_consultations.show", "consultations.show", "consultations.index", "consultations",
        "consultation_id",
    ),
}  # fmt: skip
LABEL, MEANING = "O minoritate națională", "Îi privește mai ales pe oamenii unei minorități naționale"


def events(kind: str, number: int) -> list[str]:
    """The history's last words."""
    return [one.event.partition(".")[2] for one in timeline.list_events(kind, number)]


@pytest.mark.parametrize("kind", sorted(KINDS))
def test_staff_mark_whom_it_concerns_and_everyone_reads_it(app: Flask, client: PageClient, kind: str) -> None:
    make, staff_page, page, listed, data, name = KINDS[kind]
    one = make()
    here = {name: one.id}

    def leads_there(found: Page) -> bool:
        return any(link.get("href", "").endswith(f"/{one.id}") for link in found.all("a"))

    assert LABEL not in client.get(page, **here).main_text
    client.sign_in(factories.make_account("staff"))
    client.submit(client.get(staff_page, **here), "/concerns", {"tags": ["minority", "nonsense"]})
    client.sign_out()
    shown = client.get(page, **here)
    assert LABEL in shown.main_text
    assert MEANING in shown.main_text
    assert events(kind, one.id) == ["about_minority"]
    assert leads_there(client.get(listed, concerns="minority"))
    assert not leads_there(client.get(listed, concerns="vulnerable"))
    assert leads_there(client.get(listed, concerns="anything"))
    (item,) = app.test_client().get(f"/api/v1/{data}?concerns=minority").get_json()["data"]
    assert (item["id"], item["about_minority"], item["about_vulnerable"]) == (one.id, True, False)
    assert not app.test_client().get(f"/api/v1/{data}?concerns=vulnerable").get_json()["data"]

    client.sign_in(factories.make_account("staff"))
    client.submit(client.get(staff_page, **here), "/concerns", {"tags": ["vulnerable"]})
    assert events(kind, one.id) == ["about_minority", "not_about_minority", "about_vulnerable"]
    assert MEANING not in client.get(page, **here).main_text


@pytest.mark.parametrize("kind", sorted(KINDS))
def test_only_staff_mark(client: PageClient, kind: str) -> None:
    make, staff_page, *_rest, name = KINDS[kind]
    one = make()
    client.sign_in(factories.make_resident())
    client.post(staff_page.replace(".show", ".mark"), {"tags": "minority"}, expect=403, **{name: one.id})
    assert not one.about_minority

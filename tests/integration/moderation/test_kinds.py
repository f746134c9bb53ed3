"""Every kind under moderation: hidden and put back exactly, and its words without personal data."""

import threading
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from civic import clock
from civic.extensions import db
from civic.moderation import claims, service, undoing
from civic.moderation.gate.spaces import spaces
from civic.moderation.models import ModerationCase
from civic.moderation.rules import Decision, Why
from civic.moderation.subjects import get_kind, kinds
from civic.unit_of_work import unit_of_work
from consultations.contributions.models import Contribution
from proposals.rules import State
from tests.consultations_support import make_consultation
from tests.factories import make_account
from tests.integration.consultations import agorakit
from tests.integration.consultations.drafting import draftkit
from tests.integration.consultations.initiativekit import make_initiative
from tests.integration.consultations.registerkit import make_entry
from tests.integration.consultations.test_held_survey_texts import LINK, held
from tests.integration.organisations import orgkit
from tests.integration.proposals.makers import make_proposal
from tests.integration.proposals.test_comments import make_comment
from tests.integration.tracker.test_checks import dispute, done
from tests.pageclient import PageClient

MARK = "[date personale eliminate]"


def annotation() -> Any:
    one = draftkit.open_consultation()
    draftkit.publish(one)
    return draftkit.remark(one)


MAKE = {
    "proposal": lambda: make_proposal(State.IN_ANALYSIS),
    "comment": lambda: make_comment(make_proposal()),
    "contribution": lambda: make_entry(make_consultation()),
    "annotation": annotation,
    "organisation": lambda: orgkit.verified(make_account()),
    "agora": lambda: agorakit.make_debate(),
    "agora_post": lambda: agorakit.make_post(agorakit.make_debate()),
    "agora_statement": lambda: agorakit.make_statement(
        agorakit.make_debate(with_statements=True), "Vrem mai mulți copaci pe stradă."
    ),
    "agora_objection": lambda: agorakit.make_objection(agorakit.make_debate("contested")),
    "delivery_check": lambda: dispute(done()),
    "initiative": lambda: make_initiative("submitted"),
    "survey_texts": lambda: held(clock.now(), LINK),
}
#: What has states of its own before it is public.
BEFORE_PUBLIC = {
    "proposal": lambda: make_proposal(State.SUBMITTED),
    "agora": lambda: agorakit.make_debate("waiting"),
    "initiative": MAKE["initiative"],
}
#: Several people's words in one case: they are shown or hidden, each, and not rewritten.
NOT_REWRITTEN = {"survey_texts"}


def test_every_kind_is_tried_here(app: Flask) -> None:
    assert set(kinds()) == set(MAKE)


@pytest.mark.parametrize("name", MAKE)
def test_what_a_decision_hid_is_put_back_exactly(client: PageClient, name: str) -> None:
    one = MAKE[name]()
    kind, moderator = get_kind(name), make_account("moderator").as_actor()
    assert kind.snapshot is not None
    with client.app.test_request_context():
        before = kind.snapshot(one.id)
        case = service.open_case(name, one.id, Why.REPORTED, clock.now())
        against = Decision.HIDE if Decision.HIDE in kind.supports else Decision.REQUEST_CHANGES
        service.decide(moderator, case.id, against, clock.now(), reason_code="hate")
        assert kind.snapshot(one.id) != before
        undoing.undo(moderator, case.id, "Am greșit.", clock.now())
        assert kind.snapshot(one.id) == before


@pytest.mark.parametrize("name", [name for name in MAKE if name not in NOT_REWRITTEN])
def test_every_kind_loses_personal_data_and_gets_them_back(client: PageClient, name: str) -> None:
    one = MAKE[name]()
    kind, moderator = get_kind(name), make_account("moderator").as_actor()
    assert kind.snapshot is not None
    assert kind.parts is not None
    with client.app.test_request_context():
        before = kind.snapshot(one.id)
        part = kind.parts(one.id)[-1]
        words = f"{MARK}{part.text[12:]}"
        case = service.open_case(name, one.id, Why.REPORTED, clock.now())
        service.decide(
            moderator, case.id, Decision.REDACT, clock.now(),
            reason_code="personal_data", parts={part.name: words},
        )  # fmt: skip
        assert {given.name: given.text for given in kind.parts(one.id)}[part.name] == words
        assert part.text[:12] not in kind.load([one.id], False)[one.id].text
        undoing.undo(moderator, case.id, "Nu era nimic personal.", clock.now())
        assert kind.snapshot(one.id) == before


def waiting(name: str) -> Any:
    """A text of a kind that a moderator has to read before it is public."""
    if name in BEFORE_PUBLIC:
        return BEFORE_PUBLIC[name]()
    one = MAKE[name]()
    space = next(space for space in spaces().values() if space.kind == name)
    assert space.hold is not None
    assert space.hold(one.id, clock.now())
    db.session.commit()
    return one


@pytest.mark.parametrize("name", [name for name in MAKE if name not in NOT_REWRITTEN])
def test_what_waits_is_public_once_its_personal_data_are_out(client: PageClient, name: str) -> None:
    """Deciding closes the case: a text that went on waiting would be read by nobody any more."""
    kind, moderator = get_kind(name), make_account("moderator").as_actor()
    assert kind.snapshot is not None
    assert kind.parts is not None
    with client.app.test_request_context():
        one = waiting(name)
        before, subject = kind.snapshot(one.id), kind.load([one.id], False)[one.id]
        part = kind.parts(one.id)[-1]
        case = service.open_case(name, one.id, Why.NEW, clock.now())
        assert kind.waits(one.id)
        service.decide(
            moderator, case.id, Decision.REDACT, clock.now(),
            reason_code="personal_data", parts={part.name: f"{MARK}{part.text[12:]}"},
        )  # fmt: skip
        assert not kind.waits(one.id)
        db.session.commit()
    # Whoever has an account reads statements, to vote on them one at a time; a draft the secretary general publishes.
    client.sign_in(make_account("moderator") if name == "initiative" else make_account())
    answer = client.ask("GET", subject.url)
    shown = (
        answer.get_data(as_text=True) if answer.status_code == 200 else client.get(answer.location).main_text
    )
    assert MARK in shown
    assert part.text[:12] not in shown
    with client.app.test_request_context():
        undoing.undo(moderator, case.id, "Nu era nimic personal.", clock.now())
        assert kind.snapshot(one.id) == before
        assert kind.waits(one.id)


def test_a_held_remark_without_its_personal_data_is_published_without_them(client: PageClient) -> None:
    """The register keeps what was held sealed; published, it shows what was left."""
    one = annotation()
    moderator, key = make_account("moderator").as_actor(), one.id
    with client.app.test_request_context():
        case = service.open_case("annotation", key, Why.REPORTED, clock.now())
        kept = get_kind("annotation").parts(key)[0]
        service.decide(
            moderator, case.id, Decision.REDACT, clock.now(),
            reason_code="personal_data", parts={kept.name: f"{MARK}{kept.text[12:]}"},
        )  # fmt: skip
        again = service.open_case("annotation", key, Why.REPORTED, clock.now())
        service.decide(moderator, again.id, Decision.HIDE, clock.now(), reason_code="spam")
        undoing.undo(moderator, again.id, "Rămâne.", clock.now())
        entry = db.session.get(Contribution, one.contribution_id)
        assert kept.text[:12] not in entry.body
        assert MARK in entry.body


def test_two_who_ask_for_the_next_get_two_cases(real_app: Flask) -> None:
    with real_app.app_context(), real_app.test_request_context():
        actors = [make_account("moderator").as_actor() for _ in range(2)]
        for _ in range(2):
            proposal = make_proposal(State.SUBMITTED)
            service.open_case("proposal", proposal.id, Why.NEW, clock.now())
        db.session.commit()
    start, got = threading.Barrier(2), []

    def ask(actor: Any) -> None:
        with real_app.test_request_context():
            start.wait()
            with unit_of_work():
                found = claims.claim_next(actor, clock.now())
                got.append(found.id if found else None)

    threads = [threading.Thread(target=ask, args=(actor,)) for actor in actors]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with real_app.app_context():
        holders = set(db.session.scalars(select(ModerationCase.claimed_by_id)))
        assert len(set(got)) == 2
        assert holders == {actor.id for actor in actors}
        soon = clock.now() + timedelta(minutes=16)
        assert all(until < soon for until in db.session.scalars(select(ModerationCase.claimed_until)))

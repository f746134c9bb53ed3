"""Numbers of other people's things, typed into the fields of one's own forms: they do nothing."""

from collections.abc import Callable
from typing import Any

import pytest

from civic.accounts.models import Account, Person
from civic.extensions import db
from civic.moderation.models import ModerationCase
from civic.tracker.models import Delivery
from proposals.comments.models import Comment
from proposals.evaluation.models import Evaluation
from proposals.models import Proposal, ProposalFile
from proposals.rules import State
from tests.factories import make_account, make_neighbourhood, make_resident
from tests.integration.guard.private_world import World
from tests.integration.proposals.makers import make_proposal
from tests.integration.proposals.test_comments import make_comment
from tests.pageclient import PageClient

NOWHERE = ["0", "-1", "2147483648", "9223372036854775808", "1e3", "x", "1\x00x", "٣", ""]


@pytest.fixture
def enter(client: PageClient, world: World) -> Callable[[str], PageClient]:
    def come_in(who: str) -> PageClient:
        client.sign_in(db.session.get(Account, world.numbers[who]))
        return client

    return come_in


def get(model: Any, number: int) -> Any:
    db.session.expire_all()
    return db.session.get(model, number)


def own_draft(world: World, who: str = "neighbour") -> int:
    return make_proposal(State.DRAFT, db.session.get(Account, world.numbers[who])).id


def test_a_file_of_another_draft_is_not_taken_off(world: World, enter: Any) -> None:
    client, mine = enter("neighbour"), own_draft(world)
    form = client.get("proposals.edit", proposal_id=mine).form("/edit")
    for number in (str(world["draft_file"]), *NOWHERE):
        client.post("proposals.save", {**form, "editor": form["editor"], "remove": number}, proposal_id=mine)
    kept = db.session.query(ProposalFile).filter_by(file_id=world["draft_file"]).one()
    assert kept.proposal_id == world["draft"]


def test_a_place_or_domain_that_is_none_is_not_stored(world: World, enter: Any) -> None:
    client, mine = enter("neighbour"), own_draft(world)
    form = client.get("proposals.edit", proposal_id=mine).form("/edit")
    for number in NOWHERE:
        changes = {"neighbourhood": number, "category": number, "action": "submit"}
        client.post("proposals.save", {**form, **changes}, proposal_id=mine, expect=422)
        saved = get(Proposal, mine)
        assert (saved.state, saved.neighbourhood_id, saved.category_id) == (State.DRAFT, None, None)


def test_an_edition_that_is_none_is_not_entered(world: World, enter: Any) -> None:
    client = enter("owner")
    for number in NOWHERE:
        client.post("proposals.join", {"round": number}, proposal_id=world["published"], expect=404)
        assert get(Proposal, world["published"]).round_id is None


def test_an_answer_hangs_on_no_other_comment(world: World, enter: Any) -> None:
    client = enter("neighbour")
    foreign = make_comment(db.session.get(Proposal, world["elsewhere"]))
    for number in [*NOWHERE[:-1], str(world["held"]), str(foreign.id)]:
        fields = {"body": "Un răspuns", "parent": number}
        client.post("comments.add", fields, proposal_id=world["published"], expect=404)
        assert db.session.query(Comment).filter_by(body="Un răspuns").count() == 0


def test_moderators_publish_at_once_only_what_waits(world: World, enter: Any) -> None:
    client = enter("moderator")
    client.post("moderation.decide_many", {"ids": [*NOWHERE, str(world["hidden"] + 10_000)]})
    assert get(ModerationCase, world["case"]).decided_at is None
    client.post("moderation.decide_many", {"ids": [*NOWHERE, str(world["case"])]})
    assert get(ModerationCase, world["case"]).decision == "publish"
    assert get(Proposal, world["hidden"]).state == State.HIDDEN


def test_nothing_is_sent_to_a_department_that_is_none(world: World, enter: Any) -> None:
    client = enter("moderator")
    fields = {"decision": "redirect", "reason": "other", "text": "Așa.", "registration_number": "1"}
    for number in NOWHERE:
        client.post("moderation.decide", {**fields, "department": number}, case_id=world["case"], expect=422)
        assert get(Proposal, world["waiting"]).state == State.SUBMITTED


def test_only_published_proposals_are_taken_into_analysis(world: World, enter: Any) -> None:
    client = enter("staff")
    ids = [str(world[name]) for name in ("draft", "waiting", "hidden", "refused")]
    department = str(world["department_id"])
    client.post("evaluation.take", {"ids": [*ids, *NOWHERE], "departments": [department]})
    client.post("evaluation.take", {"ids": [str(world["published"])], "departments": NOWHERE})
    states = [get(Proposal, world[name]).state for name in ("draft", "waiting", "hidden", "published")]
    assert states == [State.DRAFT, State.SUBMITTED, State.HIDDEN, State.PUBLISHED]
    parts = db.session.query(Evaluation).filter(
        Evaluation.proposal_id.in_([world[name] for name in ("draft", "waiting", "hidden", "published")])
    )
    assert parts.count() == 0


def test_no_role_is_given_at_a_department_that_is_none(world: World, enter: Any) -> None:
    client, helper = enter("administrator"), world["helper"]
    for number in NOWHERE:
        client.post(
            "people.grant", {"role": "evaluator", "department": number}, account_id=helper, expect=422
        )
        assert [grant.role for grant in get(Account, helper).grants] == ["clerk"]


def test_a_resident_moves_to_no_place_that_is_none(world: World, enter: Any) -> None:
    """The place decides what a person votes on: a garbled one is refused, not taken for "nowhere"."""
    client, neighbour = enter("clerk"), world.numbers["neighbour"]
    person = db.session.get(Account, neighbour).person_id
    before = get(Person, person).neighbourhood_id
    for number in [*NOWHERE, " ", "999999"]:
        fields = {"neighbourhood": number, "area_basis": "domicile"}
        client.post("desk.area", fields, account_id=neighbour, expect=422)
        assert get(Person, person).neighbourhood_id == before


def test_ones_own_neighbourhood_is_one_of_the_city(client: PageClient, world: World) -> None:
    account = make_account()
    client.sign_in(account)
    for number in [*NOWHERE[:-1], "999999"]:
        fields = {"display_name": "Ana", "neighbourhood": number, "locale": "ro"}
        client.post("accounts.profile", fields, expect=422)
    assert get(Account, account.id).neighbourhood_id is None


def test_fields_that_no_form_has_are_not_taken(client: PageClient, world: World) -> None:
    """Mass assignment: what a form does not show, it does not set."""
    account = make_resident()
    client.sign_in(account)
    planted = {
        "id": "1", "email": "altul@civic.example", "person_id": "1", "session_epoch": "7", "roles": "administrator",
        "email_confirmed_at": "", "password_hash": "x", "author_id": str(world.numbers["owner"]), "state": "published",
        "official_cost": "1", "round_id": str(world["open_round"]), "import_key": "x",
    }  # fmt: skip
    before = (account.email, account.person_id, account.session_epoch, account.password_hash)
    client.post("accounts.profile", {"display_name": "Ana", "neighbourhood": "", "locale": "ro", **planted})
    after = get(Account, account.id)
    assert (after.email, after.person_id, after.session_epoch, after.password_hash) == before
    assert after.grants == []
    mine = make_proposal(State.DRAFT, after).id
    form = client.get("proposals.edit", proposal_id=mine).form("/edit")
    client.post("proposals.save", {**form, **planted}, proposal_id=mine)
    saved = get(Proposal, mine)
    assert (saved.author_id, saved.state, saved.round_id, saved.official_cost) == (
        account.id, State.DRAFT, None, None,
    )  # fmt: skip


def test_a_delivery_keeps_its_place_when_the_choice_is_garbled(world: World, enter: Any) -> None:
    client, area = enter("staff"), make_neighbourhood()
    delivery = get(Delivery, world["delivery"])
    delivery.neighbourhood_id = area.id
    db.session.commit()
    form = client.get("tracker_staff.edit", delivery_id=delivery.id).form("/details")
    for number in [*NOWHERE[:-1], "999999"]:
        changed = {**form, "details-neighbourhood_id": number}
        client.post("tracker_staff.details", changed, delivery_id=world["delivery"], expect=422)
        assert get(Delivery, world["delivery"]).neighbourhood_id == area.id

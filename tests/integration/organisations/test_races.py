"""What happens when two people act on one organisation at the same moment."""

from flask import Flask

from civic import clock
from civic.errors import Conflict, NotAllowed
from civic.extensions import db
from civic.organisations import members, queries, service
from civic.organisations.models import OrganisationMember
from civic.organisations.rules import State
from tests.factories import make_account
from tests.integration.organisations.orgkit import TAX_CODE, join, verified, waiting
from tests.integration.organisations.test_members import link_in, mails
from tests.integration.proposals.test_races import together


def test_two_administrators_who_leave_at_once_do_not_both_leave(real_app: Flask) -> None:
    with real_app.test_request_context():
        owner = make_account()
        made = verified(owner).id
        first, second = owner.as_actor(), join(queries.get_organisation(made), "administrator").as_actor()
    problems = together(
        real_app,
        lambda: members.leave(first, made, clock.now()),
        lambda: members.leave(second, made, clock.now()),
    )
    assert [type(one) for one in problems] == [NotAllowed]
    with real_app.app_context():
        left = queries.list_administrators(made)
        assert len(left) == 1
        assert queries.get_organisation(made).keeper_id == left[0]


def test_a_link_pressed_by_two_makes_one_member(real_app: Flask) -> None:
    with real_app.test_request_context():
        owner = make_account()
        made = verified(owner).id
        members.invite(owner.as_actor(), made, "nou@civic.example", "spokesperson", "ro", clock.now())
        db.session.commit()
        token = link_in(mails("nou@civic.example")[-1]).rsplit("/", 1)[1]
        first, second = make_account().as_actor(), make_account().as_actor()
    problems = together(
        real_app,
        lambda: members.accept(first, token, False, clock.now()),
        lambda: members.accept(second, token, False, clock.now()),
    )
    assert [type(one) for one in problems] == [members.InvitationOver]
    with real_app.app_context():
        assert db.session.query(OrganisationMember).count() == 2


def test_two_clerks_verify_one_of_two_with_the_same_tax_code(real_app: Flask) -> None:
    with real_app.test_request_context():
        made = [waiting(name=name, tax_code=TAX_CODE).id for name in ("Una", "Alta")]
        checks = [queries.find_open_check(one) for one in made]
        pairs = [(one, check.id) for one, check in zip(made, checks, strict=True) if check is not None]
        staff = [make_account("staff").as_actor() for _one in pairs]
    problems = together(
        real_app,
        lambda: service.decide(staff[0], *pairs[0], True, "", clock.now()),
        lambda: service.decide(staff[1], *pairs[1], True, "", clock.now()),
    )
    assert [type(one) for one in problems] == [Conflict]
    with real_app.app_context():
        states = sorted(queries.get_organisation(one).state for one in made)
        assert states == [State.VERIFIED, State.WAITING]

"""Under whose name somebody may speak."""

import pytest
from flask import Flask

from civic.actor import ANONYMOUS
from civic.errors import NotAllowed, NotFound
from civic.organisations import acting
from tests.factories import make_account
from tests.integration.organisations.orgkit import join, refused, suspended, verified, waiting


def test_a_member_speaks_for_verified_organisations_alone(app: Flask) -> None:
    owner = make_account()
    good = verified(owner, name="Bună")
    others = [waiting(owner, name="Așteaptă"), refused(owner, name="Refuzată")]
    stopped = suspended(name="Suspendată")
    join(stopped)
    actor = owner.as_actor()
    assert [one.id for one in acting.acting_as(actor)] == [good.id]
    assert acting.can_act_as(actor, good.id)
    for one in others:
        decision = acting.can_act_as(actor, one.id)
        assert not decision
        assert "not verified" in str(decision.reason) or "nu a verificat" in str(decision.reason)
    with app.test_request_context():
        assert acting.names_to_choose(actor) == [("", "În nume propriu"), (str(good.id), "Bună")]


def test_both_roles_speak_and_nobody_else(app: Flask) -> None:
    made = verified()
    for role in ("administrator", "spokesperson"):
        assert acting.can_act_as(join(made, role).as_actor(), made.id)
    for actor in (make_account().as_actor(), make_account("staff").as_actor(), ANONYMOUS):
        assert not acting.can_act_as(actor, made.id)
        assert list(acting.acting_as(actor)) == []


def test_a_suspended_organisation_is_silent_and_says_why(app: Flask) -> None:
    made = suspended()
    member = join(made)
    with app.test_request_context():
        decision = acting.can_act_as(member.as_actor(), made.id)
        assert not decision
        assert "a suspendat" in str(decision.reason)
    assert list(acting.acting_as(member.as_actor())) == []


def test_the_word_of_a_verified_body_obliges_and_that_of_a_group_does_not(app: Flask) -> None:
    body = verified()
    group = verified(name="Grup", legal_form="initiative_group", registration_number="")
    office = verified(name="Oficiu", legal_form="authority", registration_number="", tax_code="4267117")
    assert acting.is_legally_constituted(body)
    assert not acting.is_authority(body)
    assert acting.is_authority(office)
    assert not acting.is_legally_constituted(office)
    assert not acting.obliges_debate(group)
    assert not acting.obliges_debate(waiting(name="Nouă"))


def test_a_form_takes_only_a_name_the_actor_may_speak_under(app: Flask) -> None:
    owner = make_account()
    good, stopped = verified(owner), suspended(owner, name="Suspendată")
    actor = owner.as_actor()
    with app.test_request_context():
        assert acting.chosen_organisation(actor, "") is None
        assert acting.chosen_organisation(actor, str(good.id)) == good.id
        for somebody, typed in ((actor, str(stopped.id)), (make_account().as_actor(), str(good.id))):
            with pytest.raises(NotAllowed):
                acting.chosen_organisation(somebody, typed)
        for typed in ("999999", "17abc"):
            with pytest.raises(NotFound):
                acting.chosen_organisation(actor, typed)

"""Loading the demo city: once, whole, never over a real city, never in production."""

import dataclasses

import pytest
from click.testing import CliRunner

from civic import audit
from civic.accounts import service as accounts
from civic.accounts.models import Account
from civic.actor import SYSTEM
from civic.app import create_app
from civic.cli import Context
from civic.demo import loading, people
from civic.demo.cli import demo_group
from civic.demo.marks import LOADED, STARTED, find_mark
from civic.demo.world import items
from civic.extensions import db
from tests.demo_city import DEMO_VOTERS
from tests.factories import make_account


def context_for(app, **changes):
    context = Context(create_app)
    context.__dict__["settings"] = dataclasses.replace(app.config["SETTINGS"], **changes)
    context.__dict__["app"] = app
    return context


def run(app, *arguments, **changes):
    return CliRunner().invoke(demo_group, ["load", *arguments], obj=context_for(app, **changes))


def test_production_is_refused(real_app):
    done = run(real_app, env="production")
    assert done.exit_code == 1
    assert "never loaded in production" in done.output
    with real_app.app_context():
        assert not loading.has_data()


def test_a_city_of_its_own_is_left_alone(real_app):
    with real_app.app_context():
        make_account()
    assert run(real_app, "--if-empty").exit_code == 0
    refused = run(real_app)
    assert refused.exit_code == 1
    assert "not empty" in refused.output
    with real_app.app_context():
        assert db.session.query(Account).count() == 1


def test_a_loaded_city_is_not_loaded_again(city, loaded_at):
    before = loading.count()
    assert loading.begin(loaded_at) is None
    assert run(city, "--if-empty").output == ""
    assert "loaded already" in run(city).output
    assert loading.count() == before


def test_an_interrupted_loading_goes_on_with_the_day_it_began(city, loaded_at, monkeypatch):
    """Without its last mark the city counts as half loaded: every step runs again and adds nothing."""
    before = loading.count()
    monkeypatch.setattr(loading, "LOADED", "demo.loaded_again")
    later = loaded_at.replace(year=loaded_at.year + 1)
    world = loading.begin(later)
    assert world is not None
    assert world.days.loaded_at == loaded_at
    world.voters = DEMO_VOTERS
    assert loading.load(world, later) == before


def test_killed_after_any_step_it_is_completed(real_app, loaded_at):
    class Killed(Exception):
        pass

    def dies_at(name):
        def tell(step):
            if step == name:
                raise Killed

        return tell

    with real_app.app_context():
        for name in ("voters", "round 2026"):
            world = loading.begin(loaded_at)
            assert world is not None
            world.voters = 5
            with pytest.raises(Killed):
                loading.load(world, loaded_at, dies_at(name))
        assert find_mark(LOADED) is None
        assert loading.count()["rounds"] == 1


def test_the_marks_are_only_in_the_audit_record(city):
    events = [row.event for row in db.session.query(audit.AuditRecord).filter_by(subject_kind="demo").all()]
    assert STARTED in events
    assert LOADED in events
    assert SYSTEM.id is None


def test_every_account_signs_in_with_the_password_of_the_readme(city):
    for item in items("people"):
        account = accounts.authenticate(item["email"], people.PASSWORD)
        assert (account is not None) == item["login"], item["email"]
        if account is not None:
            assert account.email_confirmed_at is not None
            assert (account.person_id is not None) == (item["verification"] is not None)
            assert {grant.role for grant in account.grants} == {item["role"]} - {"resident"}


def test_nobody_was_written_to(city):
    from civic.outbox import OutboxMessage

    assert db.session.query(OutboxMessage).count() == 0

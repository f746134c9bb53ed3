"""`civic round`: the same close on the command line, with two passwords that are never arguments."""

from datetime import timedelta

import pytest
from click.testing import CliRunner, Result
from flask import Flask

from civic import clock
from civic.accounts.models import Account
from civic.cli import Context
from civic.extensions import db
from civic.rounds.models import Round
from civic.unit_of_work import unit_of_work
from tests.factories import TEST_PASSWORD, make_account
from tests.integration.voting.ceremonykit import NOTE, agree, do_all, recorded, two_people, waiting_round
from tests.integration.voting.votingkit import make_round
from voting import closing
from voting.ceremony import cli, queries, rules, service
from voting.ceremony.rules import BACKUPS, BY_NAME, MINUTED
from voting.custody.service import HoldersAwaited

WORDS = f"{TEST_PASSWORD}\n{TEST_PASSWORD}\n"


#: What is said of backups and of copies of the key.
NONE_LEFT = ("--backups", "none", "--copies-destroyed")


def run(app: Flask, *arguments: str, typed: str = WORDS) -> Result:
    context = Context(lambda _settings: app)
    context.__dict__.update(settings=app.config["SETTINGS"], app=app)
    db.session.rollback()
    result = CliRunner().invoke(cli.round_group, [*arguments], input=typed, obj=context)
    assert TEST_PASSWORD not in result.output
    return result


def named(pair: tuple[Account, Account]) -> list[str]:
    return ["--as", pair[0].email, "--with", pair[1].email]


def test_two_people_close_and_publish(context: Flask) -> None:
    round_, pair = waiting_round(context), two_people()
    round_id, slug, people = round_.id, round_.slug, named(pair)
    half = run(context, "close", slug, *people)
    assert half.exit_code == 2, half.output
    assert "run the same command with --backups" in half.output
    assert recorded(round_id) == set(MINUTED[:6])
    result = run(context, "close", slug, *people, *NONE_LEFT, "--backups-on", "20.05.2026")
    assert result.exit_code == 0, result.output
    assert "Stage 1 was done before." in result.output
    assert "the same votes and the same outcome" in result.output
    assert recorded(round_id) == set(MINUTED) - {"published"}
    assert queries.steps_by_name(round_id)[BACKUPS].details == {
        "note": "none",
        "taken_on": "2026-05-20",
        "key_copies_destroyed": True,
    }
    assert run(context, "close", slug, *people, typed="").exit_code == 0, (
        "done before: nobody is asked anything"
    )
    result = run(context, "publish", str(round_id), *people)
    assert result.exit_code == 0, result.output
    assert f"/rounds/{slug}/results" in result.output
    assert run(context, "publish", slug, *people, typed="").exit_code == 0
    step = queries.steps_by_name(round_id)["published"]
    assert (step.actor_a_id, step.actor_b_id) == (pair[0].id, pair[1].id)


def test_what_is_refused(context: Flask) -> None:
    first, second = two_people()
    resident, waiting = make_account(), waiting_round(context, 2, wait=False)
    slug, round_id = waiting.slug, waiting.id
    people = ["--as", first.email, "--with", second.email]
    for arguments, typed, reason in (
        (["close", "nu-exista", *people], WORDS, "no round 'nu-exista'"),
        (["close", "99999999999999", *people], WORDS, "no round"),
        (["close", slug, *people], WORDS, "People still vote"),
        (["close", make_round().slug, *people], WORDS, "never prepared"),
        (["publish", slug, *people], WORDS, "stages before"),
    ):
        result = run(context, *arguments, typed=typed)
        assert (result.exit_code, reason in result.output) == (2, True), result.output
    clock.travel(timedelta(hours=3))
    for emails, typed, reason in (
        ((first.email, first.email.upper()), WORDS, "two different people"),
        ((first.email, "nimic"), WORDS, "not an e-mail address"),
        ((first.email, second.email), f"{TEST_PASSWORD}\ngreșit\n", "do not match"),
        ((first.email, second.email), "", "do not match"),
        ((first.email, resident.email), WORDS, "Only council staff"),
        ((resident.email, second.email), WORDS, "Only council staff"),
    ):
        result = run(context, "close", slug, "--as", emails[0], "--with", emails[1], typed=typed)
        assert (result.exit_code, reason in result.output) == (2, True), result.output
    result = run(context, "close", slug, *people, *NONE_LEFT, "--backups-on", "mâine")
    assert (result.exit_code, "is no day" in result.output) == (2, True), result.output
    assert recorded(round_id) == set()


def test_opening_prints_both_fingerprints_and_twice_is_once(context: Flask) -> None:
    round_, staff = make_round(), make_account("staff")
    slug, round_id = round_.slug, round_.id
    refused = run(context, "open", slug, "--as", make_account().email, typed=f"{TEST_PASSWORD}\n")
    assert (refused.exit_code, "Only council staff" in refused.output) == (2, True), refused.output
    wrong = run(context, "open", slug, "--as", staff.email, typed="nu\n")
    assert wrong.exit_code == 2
    result = run(context, "open", slug, "--as", staff.email, typed=f"{TEST_PASSWORD}\n")
    assert result.exit_code == 0, result.output
    stored = db.session.get_one(Round, round_id, populate_existing=True)
    assert stored.fingerprint
    assert stored.fingerprint in result.output
    assert stored.roll_fingerprint
    assert stored.roll_fingerprint in result.output
    again = run(context, "open", slug, "--as", staff.email, typed="")
    assert again.exit_code == 0
    assert stored.fingerprint in again.output
    late = make_round(opened_ago=timedelta(hours=3), closes_in=timedelta(hours=-1)).slug
    assert run(context, "open", late, "--as", staff.email, typed=f"{TEST_PASSWORD}\n").exit_code == 2


@pytest.mark.parametrize("step", ["participation", "dropped", "opened", "counted"])
def test_after_a_crash_the_same_command_goes_on(
    context: Flask, monkeypatch: pytest.MonkeyPatch, step: str
) -> None:
    round_, pair = waiting_round(context, 3), two_people()
    round_id, slug = round_.id, round_.slug
    real, tripped = closing._record, []

    def record(connection: object, at: closing.Closing, name: str, details: dict[str, object]) -> None:
        real(connection, at, name, details)
        if name == step and not tripped:
            tripped.append(name)
            raise RuntimeError("power cut")

    monkeypatch.setattr(closing, "_record", record)
    arguments = ["close", slug, *named(pair), *NONE_LEFT]
    assert run(context, *arguments).exit_code == 1
    assert step not in recorded(round_id)
    result = run(context, *arguments)
    assert result.exit_code == 0, result.output
    assert recorded(round_id) == set(MINUTED) - {"published"}


def test_a_stop_ends_with_one_and_says_what_to_do(context: Flask) -> None:
    round_, pair = waiting_round(context, 2), two_people()
    with db.engine.begin() as connection:
        connection.execute(
            db.text("INSERT INTO ballot_box VALUES (:r, :nym, :leaf, 'online', 1)"),
            {"r": round_.id, "nym": b"n" * 32, "leaf": b"l" * 32},
        )
    for _ in range(2):
        result = run(context, "close", round_.slug, *named(pair), *NONE_LEFT)
        assert result.exit_code == 1, result.output
        assert "nothing is lost" in result.output


def test_what_was_begun_on_the_page_is_confirmed_here(context: Flask) -> None:
    round_, pair = waiting_round(context, 2), two_people()
    round_id, slug, third = round_.id, round_.slug, make_account("staff")
    with unit_of_work():
        service.propose(pair[1].as_actor(), round_id, BY_NAME["close"], service.NOTHING, clock.now())
    assert run(context, "close", slug, *named(pair)).exit_code == 2, "the link is cut, the note is missing"
    step = queries.steps_by_name(round_id)["closed"]
    assert (step.actor_a_id, step.actor_b_id) == (pair[1].id, pair[0].id)
    with unit_of_work():
        service.propose(third.as_actor(), round_id, BY_NAME[BACKUPS], NOTE, clock.now())
    assert run(context, "close", slug, *named(pair), *NONE_LEFT).exit_code == 0
    assert queries.steps_by_name(round_id)[BACKUPS].details["note"] == "none"


def test_an_interrupted_stage_keeps_the_two_who_confirmed_it(context: Flask) -> None:
    round_, pair = waiting_round(context, 2), two_people()
    round_id, others = round_.id, (make_account("staff"), make_account("staff"))
    do_all(round_id, pair, "count")
    agree(round_id, "publish", pair)
    result = run(context, "publish", round_.slug, *named(others))
    assert result.exit_code == 0, result.output
    assert queries.steps_by_name(round_id)["published"].actor_a_id == pair[0].id
    assert rules.BACKUPS in recorded(round_id)


def test_holders_who_have_not_presented_their_keys_are_waited_for_elsewhere(
    context: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    round_, pair = waiting_round(context, 2), two_people()
    do_all(round_.id, pair, BACKUPS)

    def awaited(_word: int) -> list[str]:
        raise HoldersAwaited("Two keys are missing.")

    monkeypatch.setattr(cli.work, "run_stage", awaited)
    result = run(context, "close", round_.slug, *named(pair))
    assert result.exit_code == 1
    assert "Two keys are missing. They present their keys on the site" in result.output

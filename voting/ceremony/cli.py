"""`civic round`: a vote opened by one person, closed and published by two, through the service that the pages use.

Passwords are asked on the terminal without echo, or read from the lines of standard input; no argument takes one.
"""

import sys
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from datetime import date
from typing import NoReturn

import click
from flask_babel import force_locale
from sqlalchemy import select
from sqlalchemy.exc import DBAPIError

from civic import clock
from civic.accounts import signing_in
from civic.accounts.forms import normalise_email
from civic.actor import Actor
from civic.cli import Context, pass_context
from civic.errors import Conflict, DomainError
from civic.extensions import db
from civic.policy import Action, may
from civic.rounds import reading
from civic.rounds.models import Round
from civic.unit_of_work import unit_of_work
from voting import opening, round_queries
from voting.ceremony import minutes, policy, queries, rules, service, words, work
from voting.ceremony.rules import BACKUPS, BY_NAME, Stage, State
from voting.ceremony.service import Brought
from voting.custody.service import HoldersAwaited

#: What failed attempts at a password on the command line are counted by, beside the address.
NETWORK = "command line"

#: How often it is asked whether another process has finished.
LOOK_AGAIN_SECONDS = 0.5

PERSON = click.option("--as", "first", required=True, metavar="EMAIL", help="Who does it.")
SECOND = click.option("--with", "second", required=True, metavar="EMAIL", help="The second person.")


@click.group("round")
def round_group() -> None:
    """Opening, closing and publishing a vote."""


def _refuse(message: object, code: int = 2) -> NoReturn:
    click.echo(str(message), err=True)
    raise SystemExit(code)


@contextmanager
def _told(context: Context) -> Iterator[None]:
    """The application in English, and each way of failing with its exit code."""
    with context.app.app_context(), force_locale("en"):
        try:
            yield
        except DomainError as error:
            _refuse(error.message or "That cannot be done.")
        except DBAPIError:
            _refuse("The database went away. Run the same command again: it goes on from here.", 1)


def _find_round(name: str) -> Round:
    found = db.session.scalar(select(Round).where(Round.slug == name))
    if found is None and name.isdigit() and len(name) < 10:
        found = db.session.get(Round, int(name))
    if found is None:
        _refuse(f"There is no round {name!r}: name its address or its number.")
    return found


def _people(*emails: str) -> list[Actor]:
    """Whoever the addresses belong to, each with the right password."""
    addresses = []
    for email in emails:
        try:
            addresses.append(normalise_email(email))
        except ValueError:
            _refuse(f"{email!r} is not an e-mail address.")
    if len(set(addresses)) < len(addresses):
        _refuse("Name two different people: one begins, the other confirms.")
    people = []
    for address in addresses:
        outcome = signing_in.sign_in(address, _password(address), NETWORK, None, clock.now())
        if outcome.account is None:
            _refuse(f"{address}: {outcome.message}")
        people.append(outcome.account.as_actor())
    return people


def _password(address: str) -> str:
    if sys.stdin.isatty():
        return str(click.prompt(f"Password of {address}", hide_input=True, err=True))
    return sys.stdin.readline().rstrip("\r\n")


@round_group.command("open")
@click.argument("name", metavar="ROUND")
@PERSON
@pass_context
def open_command(context: Context, name: str, first: str) -> None:
    """Prepare the vote of ROUND: freeze its rules, projects and list of participants, and print their fingerprints.

    The worker does the same when voting opens. Exits with 0 also when it was done before, with 2 when refused.
    """
    with _told(context):
        round_ = _find_round(name)
        done_before = round_.frozen_at is not None
        if not done_before:
            (actor,) = _people(first)
            if not may(actor, Action.MANAGE_ROUNDS):
                _refuse("Only council staff who run editions prepare a vote.")
            with unit_of_work():
                round_ = opening.open_round(actor, round_.id, clock.now())
        click.echo(f"The vote of {round_.slug} {'was prepared before' if done_before else 'is prepared'}.")
        click.echo(f"Fingerprint of the rules and projects:    {round_.fingerprint}")
        click.echo(f"Fingerprint of the list of participants:  {round_.roll_fingerprint}")


@round_group.command("close")
@click.argument("name", metavar="ROUND")
@PERSON
@SECOND
@click.option("--backups", help="What becomes of backups and archives of the voting period, for the minutes.")
@click.option("--copies-destroyed", is_flag=True, help="Every copy of the key of this vote is destroyed.")
@click.option(
    "--backups-on", metavar="DATE", help="Day of the fresh backup, such as 20.05.2026; today otherwise."
)
@pass_context
def close_command(
    context: Context,
    name: str,
    first: str,
    second: str,
    backups: str | None,
    copies_destroyed: bool,
    backups_on: str | None,
) -> None:
    """Close the vote of ROUND, cut the link between people and ballots, open and count them twice (stages 1 to 3).

    Two people: each gives a password, on the terminal or as a line of standard input. After the link is cut, take a
    fresh backup, destroy every copy of keys/round-N.key, and say with --backups what becomes of the old backups and
    with --copies-destroyed that no copy of the key is left (asked on a terminal; otherwise the command ends with 2
    there, and goes on when it is run with both). Run again, it goes on where it stopped. Exits with 0
    when all is done, with 2 when refused, with 1 when a step failed.
    """
    with _told(context):
        day = _day(backups_on)
        _walk(
            _find_round(name), (first, second), ("close", "unlink", BACKUPS, "count"),
            lambda: _backups(backups, copies_destroyed, day),
        )  # fmt: skip
        click.echo("Opened and counted; nothing is public yet. Next: civic round publish.")


@round_group.command("publish")
@click.argument("name", metavar="ROUND")
@PERSON
@SECOND
@pass_context
def publish_command(context: Context, name: str, first: str, second: str) -> None:
    """Publish the results and the minutes of ROUND (stage 4), after `civic round close`. Two people, as there."""
    with _told(context):
        round_ = _find_round(name)
        slug = round_.slug
        _walk(round_, (first, second), ("publish",), lambda: service.NOTHING)
        click.echo(f"{context.settings.base_url}/rounds/{slug}/results")


def _day(raw: str | None) -> date:
    if raw is None:
        return clock.city_date(clock.now())
    try:
        return reading.read_day(raw)
    except ValueError:
        _refuse(f"{raw!r} is no day: write it such as 20.05.2026.")


def _backups(note: str | None, destroyed: bool, day: date) -> Brought:
    if note is None and sys.stdin.isatty():
        click.echo("Take a fresh backup of the database now.", err=True)
        note = str(click.prompt("Backups and archives to be destroyed, or none", err=True))
    if note is None:
        _refuse("The link is cut. Take a fresh backup, then run the same command with --backups.")
    if not destroyed and sys.stdin.isatty():
        destroyed = click.confirm(
            "Is every copy of the key of this vote destroyed, the one in the safe too?", err=True
        )
    if not destroyed:
        _refuse("Destroy every copy of keys/round-N.key, then run the same command with --copies-destroyed.")
    return Brought(note=note, taken_on=day, copies_destroyed=True)


def _walk(
    round_: Round, emails: tuple[str, str], names: Iterable[str], backups: Callable[[], Brought]
) -> None:
    """Do the stages that are not done, in their order."""
    round_id, stages = round_.id, [BY_NAME[name] for name in names]
    waiting = [stage for stage in stages if _state(round_id, stage) is not State.DONE]
    for stage in stages:
        if stage not in waiting:
            click.echo(f"Stage {stage.number} was done before.")
    if not waiting:
        return
    recorded = queries.steps_by_name(round_id).keys()
    decision = policy.can_do(round_, round_queries.plan_of(round_), waiting[0], recorded, clock.now())
    if not decision:
        _refuse(decision.reason)
    first, second = _people(*emails)
    for stage in waiting:
        brought = backups() if stage.name == BACKUPS else service.NOTHING
        _do(round_id, stage, first, second, brought)


def _state(round_id: int, stage: Stage) -> State:
    recorded, word = queries.steps_by_name(round_id).keys(), queries.find_word(round_id, stage.name)
    return rules.state_of(stage, recorded, service.attempt_of(word), clock.now())


def _do(round_id: int, stage: Stage, first: Actor, second: Actor, brought: Brought) -> None:
    """One stage: both words unless they were given, then its steps."""
    click.echo(f"Stage {stage.number}: {words.STAGES[stage.name].title}")
    with unit_of_work():
        word_id = _word(round_id, stage, first, second, brought)
    _run(word_id)
    stopped = queries.find_word(round_id, stage.name)
    if stopped is not None and stopped.stopped_by is not None:
        click.echo(f"  {stopped.stopped_saying}", err=True)
        _refuse(f"  {words.stop_sentence(stopped.stopped_by)}", 1)
    for line in minutes.chapter(stage, queries.steps_by_name(round_id)).lines:
        click.echo(f"  {line.title}" + "".join(f"; {term}: {value}" for term, value in line.facts))


def _word(round_id: int, stage: Stage, first: Actor, second: Actor, brought: Brought) -> int:
    """The id of the word of two people on a stage: theirs, or the one that was given before a crash."""
    now, state = clock.now(), _state(round_id, stage)
    if state is State.STOPPED:
        return service.try_again(first, round_id, stage, now, enqueue=False).id
    word = queries.find_word(round_id, stage.name)
    if state is State.RUNNING and word is not None:
        return word.id
    if state is State.PROPOSED and word is not None and stage.name != BACKUPS:
        if word.proposed_by_id == first.id:
            return service.confirm(second, round_id, stage, brought, now, enqueue=False).id
        if word.proposed_by_id == second.id:
            return service.confirm(first, round_id, stage, brought, now, enqueue=False).id
    if state is State.PROPOSED:
        service.withdraw(first, round_id, stage, now)
    service.propose(first, round_id, stage, brought, now)
    return service.confirm(second, round_id, stage, brought, now, same_screen=True, enqueue=False).id


def _run(word_id: int) -> None:
    """Do the steps here, or wait for the worker that was first."""
    while True:
        try:
            work.run_stage(word_id)
        except HoldersAwaited as error:
            _refuse(
                f"  {error.message} They present their keys on the site; then run the same command again.", 1
            )
        except Conflict:
            time.sleep(LOOK_AGAIN_SECONDS)
            continue
        return

"""Commands before voting opens: who keeps the key, who the holders are, making a key and showing that it was kept.

Each takes the lock on the round that freezing takes: what is done before the freeze is in the plan, what comes after
is refused. A private key is returned to the caller once and is in no table, session, log or audit record.
"""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask_babel import lazy_gettext as _
from sqlalchemy import delete

from civic import audit, timeline
from civic.actor import Actor
from civic.errors import Conflict, Invalid, NotAllowed
from civic.extensions import db
from civic.rounds.models import Round
from civic.text import clean_line
from voting.custody import keyfile, letters, queries, wrapping
from voting.custody.models import Custody, CustodyKey, CustodyLayer, CustodyPair, CustodyWrap
from voting.custody.wrapping import HOLDERS, RECOVERY

LONGEST_LINE = 160


class HoldersRefused(Invalid):
    """Holders that cannot be; `problems` is (place, field, sentence) for each box of the form."""

    def __init__(self, problems: Sequence[tuple[int, str, Any]]) -> None:
        super().__init__(problems[0][2])
        self.problems = list(problems)


@dataclass(frozen=True)
class Named:
    """A holder as staff type them."""

    email: str
    name: str
    title: str


def lock_before_opening(round_: Round) -> None:
    """Wait for whoever changes this round, then refuse when voting opened meanwhile."""
    db.session.refresh(round_, with_for_update=True)
    if round_.kind != "city":
        raise Conflict(_("An election of the past has no ballot box to keep the key of."))
    if round_.frozen_at is not None:
        raise Conflict(_("The plan was frozen when voting opened; the keys do not change any more."))


def choose(actor: Actor, round_: Round, kind: str, now: datetime) -> None:
    """Let the server or three holders keep the key of this round's box. Raises Conflict once voting opened."""
    lock_before_opening(round_)
    custody = queries.find_custody(round_.id)
    if kind not in ("server", "holders"):
        raise Invalid(_("Choose who keeps the key."))
    if kind == (custody.kind if custody else "server"):
        return
    if kind == "server":
        for place, holder in queries.list_keys(round_.id).items():
            if place != RECOVERY:
                letters.released(round_, holder.account_id, now)
        db.session.execute(delete(CustodyKey).where(CustodyKey.round_id == round_.id))
        reset_rehearsal(round_.id)
    if custody is None:
        db.session.add(Custody(round_id=round_.id, kind=kind))
    else:
        custody.kind = kind
    db.session.flush()
    audit.record(actor, f"custody.{kind}_chosen", "round", round_.id, now)
    if round_.published_at is not None:
        timeline.add(
            "round", round_.id, f"custody.{kind}_chosen", now, role=timeline.role_of(actor)
        )  # fmt: skip


def name_holders(actor: Actor, round_: Round, named: Sequence[Named], now: datetime) -> None:
    """Name the three holders, in their places. Whoever stays in their place keeps the key they made.

    Raises HoldersRefused with what is wrong in which box, Conflict once voting opened.
    """
    lock_before_opening(round_)
    if queries.find_custody(round_.id) is None:
        raise Conflict(_("Choose first that three holders keep the key."))
    accounts = _accounts(named)
    keys, before = queries.list_keys(round_.id), set()
    for place in HOLDERS:
        if place in keys:
            before.add(keys[place].account_id)
            if keys[place].account_id != accounts[place]:
                db.session.delete(keys[place])
    maker = keys.get(RECOVERY)
    if maker is not None and maker.account_id in accounts.values():
        db.session.delete(maker)
    db.session.flush()
    for place, one in zip(HOLDERS, named, strict=True):
        holder = keys.get(place)
        words = {"name": clean_line(one.name), "title": clean_line(one.title)}
        fresh = holder is None or holder.account_id != accounts[place]
        if holder is None or fresh:
            reset_rehearsal(round_.id)
            holder = CustodyKey(round_id=round_.id, place=place, account_id=accounts[place], **words)
            db.session.add(holder)
        holder.name, holder.title = words["name"], words["title"]
        if fresh and accounts[place] not in before:
            letters.named(round_, holder, now)
    for account_id in before - set(accounts.values()):
        letters.released(round_, account_id, now)
    db.session.flush()
    audit.record(
        actor, "custody.holders_named", "round", round_.id, now, {"accounts": [accounts[p] for p in HOLDERS]}
    )


def _accounts(named: Sequence[Named]) -> dict[int, int]:
    """The account of each place; raises HoldersRefused."""
    problems: list[tuple[int, str, Any]] = []
    accounts: dict[int, int] = {}
    people: set[int] = set()
    for place, one in zip(HOLDERS, named, strict=True):
        for field, value in (("name", clean_line(one.name)), ("title", clean_line(one.title))):
            if not value or len(value) > LONGEST_LINE:
                problems.append((place, field, _("Write it in one line; it will be public.")))
        account = queries.find_account(one.email)
        if account is None:
            problems.append(
                (place, "email", _("There is no account with this address that can be signed in to."))
            )
        elif account.id in accounts.values() or account.person_id in people:
            problems.append((place, "email", _("Each of the three holders is another person.")))
        else:
            accounts[place] = account.id
            people |= {account.person_id} if account.person_id is not None else set()
    if problems:
        raise HoldersRefused(problems)
    return accounts


def reset_rehearsal(round_id: int) -> None:
    """Forget the rehearsal: a key changed, so it has to be done again."""
    for model in (CustodyWrap, CustodyLayer):
        db.session.execute(delete(model).where(model.round_id == round_id, model.purpose == "rehearsal"))
    db.session.execute(delete(CustodyPair).where(CustodyPair.round_id == round_id))
    custody = queries.find_custody(round_id)
    if custody is not None:
        custody.rehearsal = custody.rehearsed_at = None


def own_key(actor: Actor, round_id: int) -> CustodyKey:
    """The place of this account among the holders. Raises NotAllowed for anybody else."""
    for place, holder in queries.list_keys(round_id).items():
        if place != RECOVERY and holder.account_id == actor.id:
            return holder
    raise NotAllowed(_("Only the three holders named for this vote have a key of its ballot box."))


def make_key(actor: Actor, round_: Round, now: datetime) -> keyfile.KeyFile:
    """Make this holder's key, or another in its place until voting opens. The private half is only returned."""
    lock_before_opening(round_)
    return _make(actor, round_, own_key(actor, round_.id), now)


def _make(actor: Actor, round_: Round, key: CustodyKey, now: datetime) -> keyfile.KeyFile:
    private, public = wrapping.generate()
    event = "custody.key_made" if key.public_key is None else "custody.key_replaced"
    key.public_key, key.made_at, key.confirmed_at = public, now, None
    if key.place != RECOVERY:
        reset_rehearsal(round_.id)
        letters.key_made(round_, key, now)
    db.session.flush()
    details = {"place": key.place, "public_key": hashlib.sha256(public).hexdigest()[:16]}
    audit.record(actor, event, "round", round_.id, now, details)
    return keyfile.KeyFile(round_.id, key.place, private)


def read_key(round_: Round, key: CustodyKey, text: str) -> bytes:
    """The private key in a presented file, when it is this one. Raises Invalid with the sentence that says why not."""
    try:
        found = keyfile.read(text)
    except keyfile.NotAKeyFile as error:
        raise Invalid(
            _("There is no key in what you sent. Choose the text file that you downloaded here.")
        ) from error
    except keyfile.Damaged as error:
        raise Invalid(
            _("This file is damaged: a part of the key is missing or was changed. Use another copy of it.")
        ) from error
    if found.round_id != round_.id:
        raise Invalid(
            _("This is the key of another vote. Look for the file of %(round)s.", round=round_.name)
        )
    if found.place != key.place:
        raise Invalid(
            _("This is the recovery copy, not your key.")
            if found.place == RECOVERY
            else _("This is the key of another holder. Everybody presents their own.")
        )
    if key.public_key is None or wrapping.public_of(found.private) != key.public_key:
        raise Invalid(_("This is an earlier key, replaced since. Use the file that was downloaded last."))
    return found.private


def confirm_key(actor: Actor, round_: Round, text: str, now: datetime) -> None:
    """The holder shows that they have the file: it is compared with the public key and forgotten."""
    lock_before_opening(round_)
    key = own_key(actor, round_.id)
    if key.public_key is None:
        raise Conflict(_("Make your key first."))
    read_key(round_, key, text)
    if key.confirmed_at is None:
        key.confirmed_at = now
        db.session.flush()
        audit.record(actor, "custody.key_confirmed", "round", round_.id, now, {"place": key.place})


def refuse_holder(actor: Actor, round_id: int) -> None:
    """The recovery copy is in other hands than the three keys: with one of them it would open the box."""
    if any(
        one.account_id == actor.id
        for place, one in queries.list_keys(round_id).items()
        if place != RECOVERY
    ):  # fmt: skip
        raise NotAllowed(
            _(
                "A holder of a key does not handle the recovery copy: together they open the box. Ask a colleague."
            )
        )


def make_recovery(actor: Actor, round_: Round, now: datetime) -> keyfile.KeyFile:
    """Make the recovery copy for the safe, or another in its place until voting opens."""
    lock_before_opening(round_)
    refuse_holder(actor, round_.id)
    if actor.id is None or len(queries.list_keys(round_.id).keys() & set(HOLDERS)) < 3:
        raise Conflict(_("Name the three holders first."))
    key = queries.list_keys(round_.id).get(RECOVERY)
    if key is None:
        key = CustodyKey(round_id=round_.id, place=RECOVERY, account_id=actor.id)
        db.session.add(key)
    key.account_id, key.kept = actor.id, ""
    return _make(actor, round_, key, now)


def confirm_recovery(actor: Actor, round_: Round, text: str, kept: str, now: datetime) -> None:
    """Read the recovery copy back before it goes into the safe, and say where it is kept."""
    lock_before_opening(round_)
    refuse_holder(actor, round_.id)
    key = queries.list_keys(round_.id).get(RECOVERY)
    if key is None or key.public_key is None:
        raise Conflict(_("Make the recovery copy first."))
    read_key(round_, key, text)
    kept = clean_line(kept)
    if not kept or len(kept) > LONGEST_LINE:
        raise Invalid(_("Say where the sealed envelope is kept."))
    key.kept, key.confirmed_at = kept, now
    db.session.flush()
    audit.record(actor, "custody.recovery_confirmed", "round", round_.id, now, {"place": RECOVERY})

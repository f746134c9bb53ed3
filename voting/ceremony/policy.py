"""Who may take part in a close, and whether a stage may be done now; page, command and service ask the same."""

from collections.abc import Collection
from datetime import datetime

from flask import current_app
from flask_babel import LazyString
from flask_babel import lazy_gettext as _

from civic.actor import Actor
from civic.format import deadline
from civic.policy import ALLOWED, Action, Decision, may, refused
from civic.rounds.models import Round
from voting import keys
from voting.ceremony import hooks, rules
from voting.ceremony.rules import Stage
from voting.plan import FrozenRound


def can_take_part(actor: Actor) -> Decision:
    """Whether the actor is of those who close votes."""
    if not may(actor, Action.CLOSE_ROUNDS):
        return refused(_("Only council staff who run votes close them."))
    return ALLOWED


def can_do(
    round_: Round, plan: FrozenRound | None, stage: Stage, recorded: Collection[str], now: datetime
) -> Decision:
    """Whether a stage may be begun or confirmed at `now`; the first reason against it."""
    if round_.kind != "city":
        return refused(_("This is an election of the past: it was closed when it was imported."))
    if plan is None:
        return refused(_("The vote of this round was never prepared."))
    if rules.state_of(stage, recorded, None, now) is rules.State.DONE:
        return refused(_("This stage is done."))
    if rules.state_of(stage, recorded, None, now) is rules.State.WAITING:
        return refused(_("The stages before this one come first."))
    if now < plan.closes_at:
        return refused(
            _(
                "People still vote, until %(until)s. The close begins after validation.",
                until=LazyString(deadline, plan.closes_at),
            )
        )
    if now < plan.validation_ends_at:
        return refused(
            _(
                "Validation runs until %(until)s: closing earlier would leave complaints undecided.",
                until=LazyString(deadline, plan.validation_ends_at),
            )
        )
    return _can_begin(round_, recorded, now) if stage.name == "close" else ALLOWED


def _can_begin(round_: Round, recorded: Collection[str], now: datetime) -> Decision:
    """What only the first stage asks: nothing undecided, and the key that finds a person's ballot at hand."""
    if "closed" not in recorded:
        for reason in hooks.obstacles(current_app, round_.id, now):
            return refused(reason)
    if "participation" not in recorded:
        try:
            keys.load_round_keys(current_app.config["SETTINGS"], round_.id)
        except keys.KeysMissing:
            return refused(missing_key(round_.id))
    return ALLOWED


def missing_key(round_id: int) -> object:
    """What to do when the key file of a round is not where it belongs."""
    return _(
        "The key of this vote, the file keys/round-%(round)s.key of the data directory, is missing or damaged. "
        "Put back the copy that was laid in the safe when voting opened. Nothing is lost meanwhile.",
        round=round_id,
    )

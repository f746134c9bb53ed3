"""Where the custody of a round stands: what pages show and what still stands in the way, in one look."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask_babel import lazy_gettext as _

from civic.rounds.models import Round
from voting.custody import queries
from voting.custody.models import Custody, CustodyKey
from voting.custody.wrapping import HOLDERS, PLACES, RECOVERY

PAIRS = ((1, 2), (1, 3), (2, 3))


@dataclass(frozen=True)
class State:
    """A round's custody at one moment."""

    round_: Round
    custody: Custody | None
    keys: Mapping[int, CustodyKey]
    #: the pairs that opened the dummy ballots, and when
    pairs: Mapping[tuple[int, int], datetime]
    #: who presented in the rehearsal, who at the close
    rehearsed: frozenset[int]
    presented: frozenset[int]
    steps: frozenset[str]
    handed_over: bool
    #: whether two people asked for the ballots to be opened (or a program closes this round alone)
    asked: bool
    #: whether the wrapped copies of the box's key still exist
    wrapped: bool

    @property
    def by_holders(self) -> bool:
        """Whether three holders keep the key."""
        return self.custody is not None and self.custody.kind == "holders"

    @property
    def holders(self) -> list[CustodyKey]:
        """The holders by place."""
        return [self.keys[place] for place in HOLDERS if place in self.keys]

    @property
    def recovery(self) -> CustodyKey | None:
        """The recovery copy, when somebody made it."""
        return self.keys.get(RECOVERY)

    @property
    def keys_ready(self) -> bool:
        """Whether all three holders have their key and showed that they kept it."""
        return len(self.holders) == 3 and all(one.confirmed_at is not None for one in self.holders)

    @property
    def recovery_ready(self) -> bool:
        """Whether the recovery copy was made, read back and put away."""
        return self.recovery is not None and self.recovery.confirmed_at is not None

    @property
    def rehearsal_passed(self) -> bool:
        """Whether every two of the holders opened the dummy ballots."""
        return all(pair in self.pairs for pair in PAIRS)

    def has_to_do(self, place: int) -> bool:
        """Whether this holder has something to do before voting can open."""
        if self.keys[place].confirmed_at is None:
            return True
        return self.keys_ready and not self.rehearsal_passed and place not in self.rehearsed

    @property
    def frozen(self) -> bool:
        """Whether voting opened: from here on nothing about the keys changes."""
        return self.round_.frozen_at is not None

    @property
    def awaits_keys(self) -> bool:
        """Whether the box can be opened as soon as two keys are presented."""
        return self.asked and "keys_destroyed" in self.steps and "opened" not in self.steps

    @property
    def opened(self) -> bool:
        """Whether the ballots are opened."""
        return "opened" in self.steps

    def problems(self) -> list[Any]:
        """What is missing before voting can open, in sentences; empty when nothing is."""
        if not self.by_holders:
            return []
        found: list[Any] = []
        if len(self.holders) < 3:
            return [_("The three holders of the ballot box's key are not named yet.")]
        for one in self.holders:
            if one.made_at is None:
                found.append(_("%(name)s has not made their key of the ballot box yet.", name=one.name))
            elif one.confirmed_at is None:
                found.append(
                    _("%(name)s has not shown yet that they kept the file of their key.", name=one.name)
                )
        if self.recovery is None or self.recovery.made_at is None:
            found.append(_("The recovery copy for the city's safe is not made yet."))
        elif self.recovery.confirmed_at is None:
            found.append(_("The recovery copy was made, but not read back and put into the safe yet."))
        if not found:
            names = {one.place: one.name for one in self.holders}
            found += [
                _(
                    "The rehearsal is not passed yet: %(first)s with %(second)s.",
                    first=names[first],
                    second=names[second],
                )
                for first, second in PAIRS
                if (first, second) not in self.pairs
            ]
        return found

    def waits_for(self) -> Any | None:
        """Why the ballots cannot be opened yet, or None. Asked once two people set their opening going."""
        if not self.awaits_keys or self.handed_over:
            return None
        names = ", ".join(one.name for one in self.holders if one.place not in self.presented)
        if not self.presented:
            return _(
                "The ballots wait for two of the three holders of the key: %(names)s. If two of them cannot come, "
                "the recovery copy in the safe (%(kept)s) opens the box together with the third.",
                names=names,
                kept=self.kept,
            )
        return _(
            "One key was presented; the ballots wait for one more: %(names)s. If none of them can come, the recovery "
            "copy in the safe (%(kept)s) takes its place.",
            names=names or "-",
            kept=self.kept,
        )

    @property
    def kept(self) -> str:
        """Where the recovery copy lies."""
        return self.recovery.kept if self.recovery is not None else ""


def state_of(round_: Round) -> State:
    """Everything about the custody of a round's box."""
    custody = queries.find_custody(round_.id)
    if custody is None or custody.kind != "holders":
        return State(round_, custody, {}, {}, frozenset(), frozenset(), frozenset(), False, False, False)
    layers = queries.list_layers(round_.id, "rehearsal")
    pairs = queries.list_pairs(round_.id)
    keys = queries.list_keys(round_.id)
    return State(
        round_,
        custody,
        {place: keys[place] for place in PLACES if place in keys},
        {(one.first, one.second): one.at for one in pairs},
        frozenset(first for first, _second in layers),
        frozenset(queries.list_presentations(round_.id)),
        queries.steps_done(round_.id),
        queries.find_handover(round_.id) is not None,
        queries.is_asked_for(round_.id),
        bool(queries.list_wraps(round_.id, "box")),
    )

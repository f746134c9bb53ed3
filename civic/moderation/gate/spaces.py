"""Where residents' texts become public. Features register their spaces here, so that the gate need not know them."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from civic.errors import NotFound
from civic.moderation.gate.rules import Mode


@dataclass(frozen=True)
class Space:
    """One place to write in.

    `modes` are those the place can be in, the first of them until staff choose another. `hold` takes a published
    text back to wait for a moderator and says whether it was there to be taken; None where nothing is taken back.
    `approved` counts the texts of an account that are public there.
    """

    key: str
    label: Any
    #: what moderators call what is written there
    kind: str
    modes: tuple[Mode, ...] = (Mode.NEWCOMERS, Mode.BEFORE, Mode.AFTER)
    hold: Callable[[int, datetime], bool] | None = None
    approved: Callable[[int], int] | None = None
    #: whether an account may be asked to wait before it writes again: not where the law says that all is received
    limited: bool = True


_SPACES: dict[str, Space] = {}


def register_space(space: Space) -> None:
    """Declare a space, at registration of its feature."""
    _SPACES[space.key] = space


def spaces() -> dict[str, Space]:
    """Every space by key, in the order of registration."""
    return dict(_SPACES)


def get_space(key: str) -> Space:
    """A space by key. Raises NotFound."""
    if key not in _SPACES:
        raise NotFound
    return _SPACES[key]

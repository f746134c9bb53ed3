"""One letter for one act: what a feature writes to an author is held until whoever adds to it has spoken."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass


@dataclass(frozen=True)
class Letter:
    """What a feature tells an author about a decision; called in the author's language."""

    #: an account, or the address of somebody without one
    to: int | str
    subject: Callable[[], str]
    body: Callable[[], str]
    #: writes it as it is
    send: Callable[[], None]


_HELD: ContextVar[list[Letter] | None] = ContextVar("moderation letters", default=None)


@contextmanager
def held() -> Iterator[list[Letter]]:
    """Hold what is written to authors meanwhile. What nobody took is sent at the end; within another, by that one."""
    outer = _HELD.get()
    if outer is not None:
        yield outer
        return
    letters: list[Letter] = []
    token = _HELD.set(letters)
    try:
        yield letters
    finally:
        _HELD.reset(token)
    for letter in letters:
        letter.send()


def write(letter: Letter) -> None:
    """Send a letter, or hold it while an act is going on."""
    letters = _HELD.get()
    if letters is None:
        letter.send()
    else:
        letters.append(letter)


def take(to: int | str) -> list[Letter]:
    """The letters held for somebody, for whoever writes one that says it all; they are not sent any more."""
    letters = _HELD.get() or []
    taken = [letter for letter in letters if letter.to == to]
    for letter in taken:
        letters.remove(letter)
    return taken

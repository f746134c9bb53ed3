"""Fields in which one chooses, given as (value, words) pairs: the one place that knows how WTForms wants them."""

from collections.abc import Iterable
from typing import Any

from wtforms import RadioField as _RadioField
from wtforms import SelectChoice
from wtforms import SelectField as _SelectField
from wtforms import SelectMultipleField as _SelectMultipleField


def as_choices(given: Iterable[Any] | None) -> list[SelectChoice] | None:
    """Pairs as WTForms' own choices; those that are already, and None, stay as they are."""
    if given is None:
        return None
    return [one if isinstance(one, SelectChoice) else SelectChoice(*one) for one in given]


class _Pairs:
    """Takes pairs wherever a field takes choices."""

    def __init__(self, *args: Any, choices: Iterable[Any] | None = None, **kwargs: Any) -> None:
        super().__init__(*args, choices=as_choices(choices), **kwargs)  # type: ignore[call-arg]

    @property
    def choices(self) -> Any:
        """What is offered."""
        return super().choices  # type: ignore[misc]

    @choices.setter
    def choices(self, given: Iterable[Any] | None) -> None:
        _SelectField.choices.fset(self, as_choices(given))


class SelectField(_Pairs, _SelectField):
    """One of a list."""


class RadioField(_Pairs, _RadioField):
    """One of a few, all in sight."""


class SelectMultipleField(_Pairs, _SelectMultipleField):
    """Any of a list."""

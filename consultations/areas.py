"""Where something concerns people: a neighbourhood, or the whole city. One way of saying it and of choosing it."""

from collections.abc import Callable

from flask_babel import gettext as _

from civic.places import queries as places
from civic.places.models import Neighbourhood


def name_of(area: Neighbourhood | None) -> str:
    """The area in words."""
    return area.name if area is not None else _("The whole city")


def choices(value: Callable[[Neighbourhood], object] = lambda area: area.id) -> list[tuple[str, str]]:
    """What forms and filters offer: nothing chosen is the whole city."""
    return [
        ("", _("The whole city")),
        *((str(value(area)), area.name) for area in places.list_neighbourhoods()),
    ]

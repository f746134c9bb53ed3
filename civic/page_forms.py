"""A page with several forms, of which one is sent: it is carried out, or the page says what is wrong with it."""

from collections.abc import Callable
from typing import Any

from civic.errors import Conflict, Invalid
from civic.extensions import db


def take(form: Any, field: str, command: Callable[[], object], page: Callable[[int], Any]) -> Any:
    """Run a valid form's command and return None; else what `page` makes for the status, with what was typed.

    A command's refusal stands at `field`. `page` is called after the rollback: what it shows it reads again.
    """
    if not form.validate():
        return page(422)
    try:
        command()
    except (Invalid, Conflict) as error:
        db.session.rollback()
        form[field].errors = [*form[field].errors, str(error.message)]
        return page(error.status)
    return None

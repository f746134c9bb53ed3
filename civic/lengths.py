"""How long a text may be, said with the limit as readers write numbers."""

from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import Field, ValidationError
from wtforms.validators import Length

from civic.format import count


class AtMost(Length):
    """No more than so many characters. `%(max)s` in the sentence is the limit: `5.000`, in English `5,000`."""

    def __init__(self, most: int, sentence: Any) -> None:
        super().__init__(max=most, message=sentence)

    def __call__(self, form: Any, field: Field) -> None:
        """Raise ValidationError when the text is longer."""
        if len(field.data or "") > self.max:
            raise ValidationError(str(self.message) % {"max": count(self.max)})


def up_to(most: int) -> AtMost:
    """No longer than this, with the sentence that fits any box."""
    return AtMost(most, _l("This is too long: at most %(max)s characters."))

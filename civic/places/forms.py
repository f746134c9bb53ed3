"""What administrators type about the city."""

from typing import Any

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import BooleanField, IntegerField, StringField
from wtforms.validators import DataRequired, Email, Length, NumberRange, Optional

from civic.choices import SelectField
from civic.text import clean_line

NAME_MOST = 120

ICONS: tuple[tuple[str, Any], ...] = (
    ("tree", _l("tree")), ("bicycle", _l("bicycle")), ("lamp", _l("street lamp")), ("swing", _l("swing")),
    ("bench", _l("bench")), ("bus", _l("bus")), ("health", _l("health")), ("school", _l("school")),
    ("culture", _l("culture")), ("water", _l("water")), ("recycle", _l("recycling")), ("shield", _l("safety")),
    ("people", _l("people")), ("chat", _l("conversation")), ("document", _l("document")), ("idea", _l("tick")),
)  # fmt: skip

TINTS: tuple[tuple[str, Any], ...] = (
    ("green", _l("green")), ("blue", _l("blue")), ("sand", _l("sand")), ("rose", _l("rose")),
    ("violet", _l("violet")), ("grey", _l("grey")),
)  # fmt: skip


def _name(label: Any) -> StringField:
    too_long = _l("Use at most %(count)s characters.", count=NAME_MOST)
    return StringField(
        label,
        [DataRequired(_l("Enter the name.")), Length(max=NAME_MOST, message=too_long)],
        filters=[lambda value: clean_line(value) if value else value],
    )


class _WholeNumberField(IntegerField):
    """A whole number, with our own sentence for what is none."""

    def process_formdata(self, valuelist: list[str]) -> None:
        """Read it as people write it, with dots or spaces between the thousands."""
        if not valuelist or not valuelist[0].strip():
            self.data = None
            return
        plain = valuelist[0].replace(".", "").replace(" ", "").replace("\u00a0", "")
        if not plain.isascii() or not plain.isdigit() or len(plain) > 9:
            self.data = None
            raise ValueError(str(_l("Enter a whole number, as in 12400.")))
        self.data = int(plain)


class NeighbourhoodForm(FlaskForm):
    """A neighbourhood's name and people."""

    name = _name(_l("Name"))
    population = _WholeNumberField(
        _l("Number of residents"),
        [Optional(), NumberRange(min=0, message=_l("Enter a whole number, as in 12400."))],
    )
    vulnerable = BooleanField(_l("Vulnerable area, by the city's own documents"))


class DepartmentForm(FlaskForm):
    """A department's name and address."""

    name = _name(_l("Name"))
    email = StringField(
        _l("E-mail address of the department"),
        [Optional(), Email(_l("Enter an e-mail address, as in ana@exemplu.ro."))],
        render_kw={"inputmode": "email", "spellcheck": "false"},
    )


class CategoryForm(FlaskForm):
    """A domain's names and picture."""

    name_ro = _name(_l("Name in Romanian"))
    name_en = _name(_l("Name in English"))
    icon = SelectField(_l("Picture"), choices=list(ICONS))
    tint = SelectField(_l("Colour"), choices=list(TINTS))
    position = _WholeNumberField(
        _l("Place in the order"), [Optional(), NumberRange(min=0, max=1000, message=_l("Enter a whole number, as in 12400."))]
    )  # fmt: skip

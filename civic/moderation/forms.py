"""The shape of a report and of a moderator's decision."""

from collections.abc import Sequence
from typing import Any, cast

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import StringField, TextAreaField
from wtforms.validators import DataRequired, InputRequired, Optional

from civic.choices import RadioField, SelectField
from civic.lengths import AtMost
from civic.moderation import reasons
from civic.moderation.rules import MAX_REASON
from civic.moderation.subjects import Part
from civic.text import clean_line, clean_text


def _text(value: str | None) -> str:
    return clean_text(value or "")


def _line(value: str | None) -> str:
    return clean_line(value or "")


class ReportForm(FlaskForm):
    """What is wrong with a text."""

    reason = RadioField(
        _l("What is wrong?"),
        choices=reasons.report_choices(),
        validators=[InputRequired(_l("Choose what is wrong with the text."))],
    )
    text = TextAreaField(
        _l("Anything the moderators should know"),
        filters=[_text],
        validators=[
            Optional(),
            AtMost(MAX_REASON, _l("This text may have at most %(max)s characters.")),
        ],
    )


class UndoForm(FlaskForm):
    """Why a decision is undone."""

    reason = TextAreaField(
        _l("Why it is undone"),
        filters=[_text],
        description=_l("The author reads it."),
        validators=[
            DataRequired(_l("Write the reason: the author will read it.")),
            AtMost(MAX_REASON, _l("This text may have at most %(max)s characters.")),
        ],
    )


class RedactionForm(FlaskForm):
    """Texts without somebody's personal data; `redaction_form` gives it a field for each text."""

    names: tuple[str, ...] = ()
    text = TextAreaField(
        _l("Anything the author should know"),
        filters=[_text],
        validators=[
            Optional(),
            AtMost(MAX_REASON, _l("This text may have at most %(max)s characters.")),
        ],
    )

    def texts(self) -> dict[str, str]:
        """What was sent, by the name of the text."""
        sent = {name: self[f"part_{name}"] for name in self.names}
        return {name: one.data or "" for name, one in sent.items() if one.raw_data}


def redaction_form(parts: Sequence[Part], *, filled: bool = False) -> RedactionForm:
    """The form for these texts: as they are now, or as they were sent."""
    fields: dict[str, Any] = {
        f"part_{part.name}": TextAreaField(part.label, filters=[_text]) for part in parts
    }
    own = type("OwnRedactionForm", (RedactionForm,), {**fields, "names": tuple(part.name for part in parts)})
    if not filled:
        return cast(RedactionForm, own())
    return cast(RedactionForm, own(None, data={f"part_{part.name}": part.text for part in parts}))


class DecisionForm(FlaskForm):
    """A decision about a case; which fields matter depends on it."""

    decision = RadioField(
        _l("Decision"), choices=[], validators=[InputRequired(_l("Choose a decision."))], validate_choice=True
    )
    reason = SelectField(_l("Kind of reason"), choices=reasons.choices(), default="other")
    text = TextAreaField(
        _l("Reasons, for the author"),
        filters=[_text],
        description=_l(
            "Public where the text stands, after the sentence of the rule. Needed when there is no rule for it."
        ),
        validators=[
            Optional(),
            AtMost(MAX_REASON, _l("This text may have at most %(max)s characters.")),
        ],
    )
    department = SelectField(
        _l("Department"), choices=[], description=_l("Only when redirecting."), validate_choice=False
    )
    registration_number = StringField(
        _l("Registration number"),
        filters=[_line],
        description=_l("Only when redirecting: the number under which the department has it."),
        validators=[
            Optional(),
            AtMost(60, _l("The number may have at most %(max)s characters.")),
        ],
    )

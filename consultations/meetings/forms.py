"""The shape of what staff type about a meeting."""

from typing import Any

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from flask_wtf.file import FileField, FileRequired
from wtforms import HiddenField, StringField, TextAreaField
from wtforms.validators import DataRequired, InputRequired, Optional

from civic.lengths import AtMost
from civic.numbers import chosen_number
from civic.rounds.forms import MomentField, RadioField, SelectField
from consultations.meetings import rules
from consultations.meetings.labels import KINDS

_TOO_LONG = _l("Write at most %(max)s characters.")
_WHEN = _l("Write the day and the hour such as 12.03.2027 09:00. For the end of a day write 24:00.")


def _link(label: Any) -> StringField:
    return StringField(label, [Optional(), AtMost(rules.MAX_LINK, _TOO_LONG)], render_kw={"inputmode": "url"})


class WhereForm(FlaskForm):
    """When and where."""

    starts_at = MomentField(
        _l("When it begins"), [InputRequired(_WHEN)], description=_l("For example: 12.03.2027 17:00.")
    )
    ends_at = MomentField(
        _l("When it ends, as planned"),
        [InputRequired(_WHEN)],
        description=_l("For example: 12.03.2027 19:00."),
    )
    place = StringField(
        _l("Place"), [Optional(), AtMost(rules.MAX_PLACE, _TOO_LONG)],
        description=_l("The building, the room, and how one gets in with a wheelchair."),
    )  # fmt: skip
    link = _link(_l("Address at which it is held online"))


#: What the form is sent with when Enter was pressed in one of its fields: as its main button, words to search aside.
ENTER = "enter"


class AboutForm(FlaskForm):
    """Which consultation it is about: one of those shown, or of those that a search finds."""

    look_for = StringField(_l("Search the consultations by words of their title or text"), [Optional()])
    #: sent by the button of the search: the form comes back with what was found, and nothing is saved
    find = HiddenField()
    #: the words that the list was searched by when the form was shown
    searched = HiddenField()
    consultation_id = SelectField(_l("About a consultation"), coerce=chosen_number)

    @property
    def searching(self) -> bool:
        """Whether its search was pressed and not its main button, or Enter after words nobody searched for yet."""
        if self.find.data == ENTER:
            words = (self.look_for.data or "").strip()
            return bool(words) and words != self.searched.data
        return bool(self.find.data)


class PlanForm(AboutForm, WhereForm):
    """A meeting before its announcement."""

    #: the version the person was looking at
    seen = HiddenField()
    kind = RadioField(_l("Kind of meeting"), choices=list(KINDS.items()))
    title = StringField(_l("Title"), [DataRequired(_l("Write a title.")), AtMost(rules.MAX_TITLE, _TOO_LONG)])
    summary = TextAreaField(
        _l("What it is for and who may come"), [Optional(), AtMost(rules.MAX_TEXT, _TOO_LONG)]
    )
    urgent_reason = TextAreaField(
        _l("Why it is convened at once"),
        [Optional(), AtMost(rules.MAX_REASON, _TOO_LONG)],
        description=_l("Only for a council meeting convened at once. Everyone reads it."),
    )
    neighbourhood_id = SelectField(_l("Neighbourhood"), coerce=chosen_number)


class MoveForm(WhereForm):
    """Another day or place."""

    reason = TextAreaField(
        _l("Why"), [DataRequired(_l("Write why: everyone reads it.")), AtMost(rules.MAX_REASON, _TOO_LONG)]
    )


class CancelForm(FlaskForm):
    """Why it is not held."""

    reason = TextAreaField(
        _l("Why"), [DataRequired(_l("Write why: everyone reads it.")), AtMost(rules.MAX_REASON, _TOO_LONG)]
    )


class ItemForm(AboutForm):
    """A point of the agenda."""

    title = StringField(
        _l("What the point is about"),
        [DataRequired(_l("Write what the point is about.")), AtMost(rules.MAX_TITLE, _TOO_LONG)],
    )


class DocumentForm(FlaskForm):
    """A document of a meeting."""

    title = StringField(
        _l("Title of the document"),
        [DataRequired(_l("Write a title.")), AtMost(rules.MAX_TITLE, _TOO_LONG)],
    )
    file = FileField(
        _l("File"),
        [FileRequired(_l("Choose a file."))],
        description=_l("PDF, ODT, ODS, DOCX or XLSX, at most 10 MB."),
    )


class MinutesForm(FlaskForm):
    """The minutes, written here or as a file."""

    text = TextAreaField(_l("Minutes of the meeting"), [Optional(), AtMost(rules.MAX_MINUTES, _TOO_LONG)])
    file = FileField(
        _l("The signed file of the minutes"), description=_l("PDF, ODT, ODS, DOCX or XLSX, at most 10 MB.")
    )
    recording = _link(_l("Link to the recording"))

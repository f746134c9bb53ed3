"""The shape of what is typed about a draft's text."""

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from flask_wtf.file import FileField
from wtforms import HiddenField, StringField, TextAreaField
from wtforms.validators import DataRequired, Optional

from civic.choices import RadioField
from civic.lengths import AtMost
from civic.text import clean_line, clean_text
from consultations.drafting.importing import MAX_NOTE
from consultations.drafting.labels import ANNOTATIONS, SOURCES
from consultations.drafting.rules import MAX_BODY, MAX_QUOTE, MAX_REPLACEMENT


def _line(value: str | None) -> str:
    return clean_line(value or "")


def _text(value: str | None) -> str:
    return clean_text(value or "")


class AnnotationForm(FlaskForm):
    """A comment or another wording, beside a section."""

    kind = RadioField(
        _l("What do you want to write?"),
        choices=list(ANNOTATIONS.items()),
        default="comment",
        validators=[DataRequired(_l("Choose one of the options."))],
    )
    quote = StringField(
        _l("The words it is about"),
        [Optional(), AtMost(MAX_QUOTE, _l("This text may have at most %(max)s characters."))],
        filters=[_line],
        description=_l("Copy them from the paragraph. Left empty, it is about the whole paragraph."),
    )
    replacement = TextAreaField(
        _l("How should they read?"),
        [Optional(), AtMost(MAX_REPLACEMENT, _l("This text may have at most %(max)s characters."))],
        filters=[_line],
        description=_l("Left empty, you propose to leave the words out."),
    )
    body = TextAreaField(
        _l("Your comment"),
        [Optional(), AtMost(MAX_BODY, _l("This text may have at most %(max)s characters."))],
        filters=[_text],
        description=_l("Say what is wrong or missing, and why."),
    )
    start = HiddenField()
    form_key = HiddenField()


class ImportForm(FlaskForm):
    """A text on its way in."""

    source = RadioField(_l("Where does the text come from?"), choices=list(SOURCES.items()), default="docx")
    upload = FileField(
        _l("File"), [Optional()], description=_l("A .docx file of at most 10 MB, without macros.")
    )
    text = TextAreaField(_l("Text"), [Optional()], filters=[_text])


class PublishForm(FlaskForm):
    """An edition on its way to everyone."""

    note = TextAreaField(
        _l("What changed"),
        [Optional(), AtMost(MAX_NOTE, _l("This text may have at most %(max)s characters."))],
        filters=[_text],
        description=_l("In plain words, for everyone who wrote beside the edition before."),
    )

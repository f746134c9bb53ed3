"""The shape of what staff type for a question. What it means is judged by the rules of questions."""

from typing import Any

from flask_babel import lazy_gettext as _
from wtforms import BooleanField, FieldList, Form, FormField, HiddenField, StringField, TextAreaField
from wtforms.validators import Optional

from civic.lengths import AtMost
from civic.rounds.forms import PlanForm, RadioField
from civic.textboxes import WholeField
from voting.questions.rules import (
    LEAST_OPTIONS,
    MOST_ARGUMENTS,
    MOST_EXPLANATION,
    MOST_OPTION,
    MOST_OPTIONS,
    MOST_TEXT,
    QuestionText,
)


def _most(length: int) -> AtMost:
    return AtMost(length, _("Write at most %(max)s characters."))


class OptionForm(Form):
    """One option."""

    text = StringField(_("Option"), [Optional(), _most(MOST_OPTION)])


class QuestionForm(PlanForm):
    """A question with its options. `seen` says what the writer began from."""

    seen = HiddenField(default="")
    text = TextAreaField(
        _("The question"),
        [_most(MOST_TEXT)],
        description=_("One thing asked in plain words, without a hint of the answer you would like."),
    )
    explanation = TextAreaField(
        _("Explanation"),
        [Optional(), _most(MOST_EXPLANATION)],
        description=_("What there is now, what would change, what it costs. Headings and lists in Markdown."),
    )
    arguments_for = TextAreaField(
        _("Arguments for"), [Optional(), _most(MOST_ARGUMENTS)], description=_("One on a line.")
    )
    arguments_against = TextAreaField(
        _("Arguments against"), [Optional(), _most(MOST_ARGUMENTS)], description=_("One on a line.")
    )
    kind = RadioField(
        _("How it is answered"),
        choices=[
            ("yes_no", _("yes or no")),
            ("one", _("one of several options")),
            ("several", _("several options, up to a number")),
        ],
        default="yes_no",
    )
    options = FieldList(FormField(OptionForm), max_entries=MOST_OPTIONS)
    max_choices = WholeField(
        _("At most this many options"), [Optional()], description=_("Only where several may be chosen.")
    )
    may_abstain = BooleanField(_("Offer “I abstain” as an answer of its own"))

    def typed(self) -> QuestionText:
        """What was typed, empty boxes included."""
        return QuestionText(
            self.text.data or "",
            self.kind.data or "",
            tuple(entry.form.text.data or "" for entry in self.options.entries),
            self.max_choices.data,
            bool(self.may_abstain.data),
            self.explanation.data or "",
            self.arguments_for.data or "",
            self.arguments_against.data or "",
        )

    def in_words(self, text: QuestionText) -> str:
        """A question as one text, a paragraph for each thing it says, to be compared with another's."""
        kinds = {value: label for value, label, *_rest in self.kind.choices}
        parts = [
            text.text,
            str(kinds.get(text.kind, "")),
            *text.options,
            f"{self.max_choices.label.text}: {text.max_choices}" if text.max_choices else "",
            str(self.may_abstain.label.text) if text.may_abstain else "",
            text.explanation,
            text.arguments_for,
            text.arguments_against,
        ]
        return "\n\n".join(part for part in parts if part)

    @property
    def filled_rows(self) -> list[int]:
        """Which boxes for options are not empty."""
        texts = [entry.form.text.data for entry in self.options.entries]
        return [place for place, text in enumerate(texts) if (text or "").strip()]

    def add_rows(self, least: int = LEAST_OPTIONS + 2) -> None:
        """Empty boxes up to a number of rows, or one more than there are."""
        for _number in range(max(1, least - len(self.options.entries))):
            if len(self.options.entries) < MOST_OPTIONS:
                self.options.append_entry()


def filled_form(text: QuestionText | None, sent: Any) -> QuestionForm:
    """The form with what was sent, or with a stored question, or empty."""
    if sent is not None:
        return QuestionForm(sent)
    if text is None:
        form = QuestionForm(formdata=None)
    else:
        data = {name: getattr(text, name) for name in (
            "text", "explanation", "arguments_for", "arguments_against", "kind", "max_choices", "may_abstain",
        )}  # fmt: skip
        form = QuestionForm(formdata=None, data={**data, "options": [{"text": one} for one in text.options]})
    if len(form.options.entries) < LEAST_OPTIONS + 2:
        form.add_rows()
    return form

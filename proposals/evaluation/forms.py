"""The shape of a department's answer, of an appeal and of its decision."""

import re
from typing import Any

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import StringField, TextAreaField
from wtforms.validators import DataRequired, InputRequired, Optional, Regexp

from civic.choices import RadioField, SelectMultipleField
from civic.money import read_optional
from proposals.evaluation.service import Answer
from proposals.form_parts import cleaned_line, cleaned_text, short_text
from proposals.forms import check_cost

VERDICTS = [
    ("ok", _l("In order")),
    ("problem", _l("Problem")),
    ("not_applicable", _l("Not the case")),
]


def _verdict(label: Any) -> RadioField:
    return RadioField(label, choices=VERDICTS, validators=[InputRequired(_l("Choose a verdict."))])


def _remark(label: Any) -> TextAreaField:
    return TextAreaField(label, filters=[cleaned_text], validators=[Optional(), short_text()])


class AnswerForm(FlaskForm):
    """A department's answer: five aspects, the estimate, the result."""

    legal_verdict = _verdict(_l("Legal"))
    legal_text = _remark(_l("Remarks on the law"))
    technical_verdict = _verdict(_l("Technical"))
    technical_text = _remark(_l("Technical remarks"))
    cost_verdict = _verdict(_l("Cost"))
    cost_text = _remark(_l("Remarks on the cost"))
    land_verdict = _verdict(_l("Land"))
    land_text = _remark(_l("Remarks on the land"))
    running_cost_verdict = _verdict(_l("Running costs"))
    running_cost_text = _remark(_l("Remarks on running costs"))
    estimate = StringField(
        _l("Official estimate"),
        filters=[cleaned_line],
        description=_l("In lei, with VAT. Residents vote on this amount."),
        validators=[Optional()],
    )
    result = RadioField(
        _l("Result"),
        choices=[("eligible", _l("Found eligible")), ("rejected", _l("Rejected, with reasons"))],
        validators=[InputRequired(_l("Choose the result."))],
    )
    reasons = SelectMultipleField(
        _l("Reasons for rejection"), description=_l("Only for a rejection."), choices=[]
    )
    text = TextAreaField(
        _l("Explanation for the author and the public"),
        filters=[cleaned_text],
        validators=[Optional(), short_text()],
    )

    def validate_estimate(self, field: StringField) -> None:
        """A readable amount."""
        check_cost(field)

    def to_answer(self) -> Answer:
        """The answer as the service takes it."""
        aspects = ("legal", "technical", "cost", "land", "running_cost")
        return Answer(
            result=self.result.data,
            text=self.text.data or "",
            estimate=read_optional(self.estimate.data),
            reason_codes=tuple(self.reasons.data or ()),
            verdicts={aspect: self[f"{aspect}_verdict"].data for aspect in aspects},
            remarks={aspect: self[f"{aspect}_text"].data or "" for aspect in aspects},
        )


class AppealForm(FlaskForm):
    """An author's appeal."""

    text = TextAreaField(
        _l("Why is the rejection wrong?"),
        filters=[cleaned_text],
        description=_l("Answer the departments' reasons one by one. The text is public."),
        validators=[DataRequired(_l("Say why you think the rejection is wrong.")), short_text()],
    )


class AppealDecisionForm(FlaskForm):
    """The board's decision on an appeal."""

    outcome = RadioField(
        _l("Outcome"),
        choices=[("upheld", _l("Appeal upheld")), ("dismissed", _l("Appeal dismissed"))],
        validators=[InputRequired(_l("Choose the outcome."))],
    )
    reason = TextAreaField(
        _l("Reasons, for the author and the public"),
        filters=[cleaned_text],
        validators=[
            DataRequired(_l("Write the reasons: the author and the public read them.")),
            short_text(),
        ],
    )
    estimate = StringField(
        _l("Official estimate"),
        filters=[cleaned_line],
        description=_l("Only when upheld, and only if the departments gave none."),
        validators=[Optional()],
    )

    def validate_estimate(self, field: StringField) -> None:
        """A readable amount."""
        check_cost(field)


class ReasonForm(FlaskForm):
    """A new reason for rejection, in both languages."""

    code = StringField(
        _l("Code"),
        filters=[cleaned_line],
        description=_l("A short name in lower-case letters, for exports: over_cap."),
        validators=[
            DataRequired(_l("Write the code.")),
            Regexp(
                re.compile(r"[a-z][a-z0-9_]{1,39}\Z"),
                message=_l("Use lower-case letters, digits and _ only."),
            ),
        ],
    )
    name_ro = StringField(
        _l("Name in Romanian"),
        filters=[cleaned_line],
        validators=[DataRequired(_l("Write the name in both languages."))],
    )
    name_en = StringField(
        _l("Name in English"),
        filters=[cleaned_line],
        validators=[DataRequired(_l("Write the name in both languages."))],
    )
    explanation_ro = TextAreaField(
        _l("Explanation in Romanian"), filters=[cleaned_text], validators=[Optional()]
    )
    explanation_en = TextAreaField(
        _l("Explanation in English"), filters=[cleaned_text], validators=[Optional()]
    )

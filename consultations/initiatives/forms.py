"""The shape of a draft decision, of a signature, and of what the secretariat enters about them."""

from typing import Any

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from flask_wtf.file import FileField, FileRequired
from wtforms import BooleanField, HiddenField, StringField, TextAreaField
from wtforms.validators import DataRequired, InputRequired, Optional

from civic.lengths import AtMost
from civic.numbers import chosen_number
from civic.rounds.forms import DayField, SelectField
from civic.textboxes import MoneyField, WholeField
from consultations.initiatives import rules
from consultations.initiatives.likeness import MOST_LENGTH, MOST_LINES

_TOO_LONG = _l("Write at most %(max)s characters.")


def _why(label: Any, needed: Any, description: Any = "") -> TextAreaField:
    return TextAreaField(
        label, [DataRequired(needed), AtMost(rules.MAX_WHY, _TOO_LONG)], description=description
    )


class WriteForm(FlaskForm):
    """The draft decision as its initiators write it."""

    #: the version its author was looking at
    seen = HiddenField()
    title = StringField(
        _l("Title"),
        [DataRequired(_l("Write a title.")), AtMost(rules.MAX_TITLE, _TOO_LONG)],
        description=_l("For example: Draft decision on the opening hours of the parks."),
    )
    text = TextAreaField(
        _l("Text of the draft decision"),
        [Optional(), AtMost(rules.MAX_TEXT, _TOO_LONG)],
        description=_l("What the council should decide, article by article. You can save it unfinished."),
    )
    reasons = TextAreaField(
        _l("Why it is needed"),
        [Optional(), AtMost(rules.MAX_REASONS, _TOO_LONG)],
        description=_l("What is wrong now, what would change, whom it concerns, what it would cost."),
    )
    initiators = TextAreaField(
        _l("Who puts it forward"),
        [Optional(), AtMost(rules.MAX_INITIATORS, _TOO_LONG)],
        description=_l("The names of all initiators, one a line. Everyone reads them."),
    )
    own_line = StringField(
        _l("Which of the names is yours"),
        [Optional(), AtMost(rules.MAX_INITIATORS, _TOO_LONG)],
        description=_l(
            "Only if you wrote several names and yours differs from the one in your account: write it once more, as above. "
            "If you delete your account, this name is taken out."
        ),
    )
    neighbourhood_id = SelectField(
        _l("Whom it concerns"),
        coerce=chosen_number,
        description=_l("The signatures are counted against the electors of this area."),
    )
    organisation_id = SelectField(_l("In whose name?"), [Optional()], coerce=chosen_number)


class SignForm(FlaskForm):
    """What the law asks on the list of supporters."""

    name = StringField(
        _l("Name and first name, as in your identity document"),
        [DataRequired(_l("Write your name.")), AtMost(rules.MAX_NAME, _TOO_LONG)],
        render_kw={"autocomplete": "name"},
    )
    address = StringField(
        _l("Domicile"),
        [DataRequired(_l("Write the address of your domicile.")), AtMost(rules.MAX_ADDRESS, _TOO_LONG)],
        description=_l("Street, number, block, flat, as in your identity document."),
        render_kw={"autocomplete": "street-address"},
    )
    document = StringField(
        _l("Series and number of your identity document"),
        [
            DataRequired(_l("Write the series and the number of your identity document.")),
            AtMost(rules.MAX_DOCUMENT, _TOO_LONG),
        ],
        description=_l("For example: RK 123456."),
        render_kw={"autocomplete": "off", "spellcheck": "false"},
    )
    agrees = BooleanField(
        _l("I sign this draft decision. I am a citizen with the right to vote and my domicile is here."),
        [InputRequired(_l("Tick that you sign and that you may."))],
    )


class WithdrawForm(FlaskForm):
    """Why an initiative is withdrawn."""

    reason = _why(_l("Why"), _l("Write why: everyone reads it."))


# --- the secretariat -------------------------------------------------------------------------------------


class ReturnForm(FlaskForm):
    """What the form of a draft lacks."""

    reason = _why(
        _l("What has to be mended"), _l("Write what has to be mended: the author reads it."),
        _l("Its author reads it, mends the draft and sends it again."),
    )  # fmt: skip


class SheetForm(FlaskForm):
    """A counted sheet of a paper list."""

    number = WholeField(_l("Number of the sheet"), [InputRequired(_l("Write the number of the sheet."))])
    valid = WholeField(
        _l("Signatures that count"), [InputRequired(_l("Write how many signatures of the sheet count."))]
    )
    struck = WholeField(_l("Signatures that were struck"), [Optional()])
    struck_reason = TextAreaField(
        _l("Why they were struck"),
        [Optional(), AtMost(rules.MAX_WHY, _TOO_LONG)],
        description=_l("Without names: for example two without a domicile here, one unreadable."),
    )
    scan = FileField(
        _l("Scan of the sheet"),
        [FileRequired(_l("Choose a file."))],
        description=_l(
            "PDF, JPEG, PNG or WebP, at most 10 MB. Only the secretariat opens it, and it is noted who did."
        ),
    )


class LinesForm(FlaskForm):
    """What stands on a sheet, one signer a line."""

    typed = TextAreaField(
        _l("Lines of the sheet, one signer a line"),
        [DataRequired(_l("Write at least one line.")), AtMost(MOST_LINES * MOST_LENGTH, _TOO_LONG)],
        description=_l(
            "Name; domicile; identity document. For example: Ana Popescu; Str. Teiului 4; RK 123456"
        ),
    )


class StrikeForm(FlaskForm):
    """Why a signature does not count."""

    reason = StringField(
        _l("Why this signature does not count"),
        [DataRequired(_l("Write why this signature does not count.")), AtMost(300, _TOO_LONG)],
    )


class VerdictForm(FlaskForm):
    """The end of the verification."""

    reason = _why(
        _l("How the signatures were verified"), _l("Write how the signatures were verified: everyone reads it."),
        _l("How many were checked, against what, why some were struck. Without names; everyone reads it."),
    )  # fmt: skip
    department_id = SelectField(_l("Department that prepares the consultation"), coerce=chosen_number)


class ElectorsForm(FlaskForm):
    """How many electors an area has."""

    neighbourhood_id = SelectField(_l("Area"), coerce=chosen_number)
    electors = WholeField(_l("How many electors"), [InputRequired(_l("Write how many electors there are."))])
    as_of = DayField(_l("Counted on"), [InputRequired(_l("Enter the day."))])
    source = StringField(
        _l("Source"),
        [DataRequired(_l("Write where the number comes from: everyone reads it.")), AtMost(500, _TOO_LONG)],
        description=_l(
            "For example: Permanent Electoral Authority, Electoral Register, letter 123 of 03.02.2027."
        ),
    )


class ShareForm(FlaskForm):
    """The share of electors that has to sign."""

    seen = HiddenField()
    percent = MoneyField(_l("Share of electors, in percent"), [InputRequired(_l("Write the share."))])
    source_ro = StringField(
        _l("Source in Romanian, as it follows “potrivit”"),
        [DataRequired(_l("Write the source in Romanian.")), AtMost(300, _TOO_LONG)],
    )
    source_en = StringField(
        _l("Source in English, as it follows “under”"),
        [DataRequired(_l("Write the source in English.")), AtMost(300, _TOO_LONG)],
    )
    reason = _why(_l("Why it changes"), _l("Write why it changes: it stays in the history."))
    verified_by = StringField(_l("Jurist who checked it"), [Optional(), AtMost(200, _TOO_LONG)])
    verified_on = DayField(_l("Checked on"))
